"""A team's own rules: a CEL expression as the check of a rule, true if the manifest follows the rule.

Knows expressions, the subject and the data they read; the functions beyond CEL's own are in cel_functions.py. Needs the extra
`cel` (cel-expr-python), which is imported only if there is such a rule.
"""

from __future__ import annotations

from functools import cache

from joblint.base.record import Record
from joblint.rules.finding import Hit, NoAnswer
from joblint.rules.subject import as_dict, sent_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from joblint.rules.catalogue.rule import Rule
    from joblint.rules.subject import Subject

VARIABLES = ("object", "job", "defaulted", "prediction")
PREDICTION = (
    *("pattern", "on_failure", "at_once", "deadline", "pod_deadline", "ttl", "retry_limit", "tries_allowed", "backoff_needed"),
    "limit",
)
"""What `prediction` contains: properties of `controller.prediction.predict.Prediction`; `limit` is the field that fails the
Job."""

_INT64 = 1 << 63


class MissingExtra(Exception):
    """The package that evaluates CEL is not installed; the text says how to install it."""


class WrongExpression(Exception):
    """An invalid expression, or one that is not boolean. `line` and `column` count from 1 within its text."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class Expression(Record):
    """A compiled expression: whether it is true for data; which of VARIABLES it reads; the fields it reads, as (variable,
    path), in their order."""

    holds: Callable[[dict[str, Any]], bool]
    variables: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]


@cache  # the same text compiles to the same expression, and a rule needs it for each kind and version
def compile_expression(text: str) -> Expression:
    """Compile and type-check an expression. Raises MissingExtra and WrongExpression."""
    try:
        from cel_expr_python import cel
        from cel_expr_python.ext import ext_optional, ext_strings
    except ImportError:
        raise MissingExtra("rules with `check: {cel: …}` require the extra `cel`: pip install 'joblint[cel]'") from None
    from joblint.rules.catalogue.cel_bounds import shape_of, too_much
    from joblint.rules.catalogue.cel_functions import declarations

    dynamic = cel.Type.DYN
    environment = cel.NewEnv(
        variables={**dict.fromkeys(VARIABLES[:3], dynamic), "prediction": cel.Type.Map(cel.Type.STRING, dynamic)},
        functions=declarations(cel),
        extensions=[ext_strings.ExtStrings(), ext_optional.ExtOptional()],
    )
    try:
        compiled = environment.compile(text)
    except RuntimeError as error:
        raise _wrong(str(error)) from None
    kind = compiled.return_type()
    if kind not in (cel.Type.BOOL, dynamic):
        raise WrongExpression(f"the expression has the type {kind.name().lower()}; a check must be true or false")

    shape = shape_of(text)

    def holds(data: dict[str, Any]) -> bool:
        if too_much(shape, data):
            raise NoAnswer("the expression is too expensive for an object as large as this one")
        try:
            answer = compiled.eval(data=data)
            value = answer.value()
        except RuntimeError as error:
            raise NoAnswer(_plain(str(error))) from None
        if answer.type() == cel.Type.ERROR:
            raise NoAnswer(_plain(str(value)))
        if not isinstance(value, bool):
            raise NoAnswer(f"the value is {value!r}, not true or false")
        return value

    fields = _fields(text)
    names = {n for n, _ in fields}
    return Expression(holds, tuple([v for v in VARIABLES if v in names]), fields)


def parts(rule: Rule) -> tuple[str, str]:
    """Return the field that a rule's check points at ("" if it specifies none) and its expression."""
    field, _, text = rule.check.removeprefix("cel:").partition("\n")
    return field, text


def check_of(rule: Rule) -> Callable[[Subject], Iterator[Hit]]:
    """Return the check of a rule with an expression: a hit if it is not true. Raises MissingExtra and WrongExpression.

    The check raises NoAnswer if the expression fails, which is reported as an error in the rule.
    """
    said, text = parts(rule)
    expression = compile_expression(text)

    def check(s: Subject) -> Iterator[Hit]:
        if not expression.holds({v: _DATA[v](s) for v in expression.variables}):
            field = _place(s, said) if said else next((_of(s, v, f) for v, f in expression.fields if _of(s, v, f)), "")
            yield Hit(field, {"name": s.name, "value": sent_value(s.object, field) if field else None})

    return check


def _prediction(s: Subject) -> dict[str, Any]:
    found = s.prediction
    return {n: found.limit() if n == "limit" else getattr(found, n) for n in PREDICTION}


_DATA: dict[str, Callable[[Subject], Any]] = {
    "object": lambda s: _bounded(s.object),
    "job": lambda s: _bounded(s.job),
    "defaulted": lambda s: _bounded(as_dict(s.nearest.defaulted)),
    "prediction": _prediction,
}


def _bounded(value: Any) -> Any:
    """The value, with whole numbers beyond CEL's range as floating-point numbers."""
    if isinstance(value, dict):
        return {k: _bounded(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_bounded(v) for v in value]
    if isinstance(value, int) and not -_INT64 <= value < _INT64:
        return float(value) if abs(value) < 1 << 1000 else float("inf")
    return value


def _place(s: Subject, field: str) -> str:
    """A field of a rule file in this object: fields of a Job also apply to a CronJob's template."""
    if s.kind == "CronJob" and field.startswith("spec."):
        from joblint.api.version.fields import names_at

        first = field.removeprefix("spec.").partition(".")[0].partition("[")[0]
        if first not in names_at(s.version, "CronJob", ["spec"]):
            return "spec.jobTemplate." + field
    return field


def _of(s: Subject, variable: str, field: str) -> str:
    """The path in the object of a field that the expression reads."""
    if variable == "prediction":
        return s.spec_at
    return _place(s, field) if variable == "job" else field


def unknown_fields(text: str, kinds: tuple[str, ...], version: str) -> list[tuple[str, str]]:
    """Return the fields that an expression reads and that none of these kinds has: the field, and its last known part."""
    from joblint.api.version.fields import names_at

    found = []
    for variable, field in compile_expression(text).fields:
        if variable == "prediction":
            if field and field not in PREDICTION:
                found.append((f"prediction.{field}", "prediction"))
            continue
        wrong = [_unknown(field, k, version, names_at) for k in (("Job",) if variable == "job" else kinds)]
        if all(wrong):
            found.append((f"{variable}.{field}", f"{variable}.{wrong[0]}".rstrip(".")))
    return found


def _unknown(field: str, kind: str, version: str, names_at: Callable[..., tuple[str, ...]]) -> str | None:
    """The part of a path up to the struct that lacks the next name, "." for the object itself; None if all names are known."""
    path = field.split(".")
    for i, name in enumerate(path):
        names = names_at(version, kind, path[:i])
        if not names:
            return None
        if name not in names:
            return ".".join(path[:i]) or "."
    return None


def _fields(text: str) -> tuple[tuple[str, str], ...]:
    """The variables that an expression reads, with the path of fields after each; calls and indexes end a path."""
    import re

    bare = re.sub(r"""[rR]?("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|//[^\n]*""", "''", text)
    found = re.finditer(r"(?<![\w.])(object|job|defaulted|prediction)\b((?:\s*\.\s*\??\s*[A-Za-z_]\w*(?!\w*\s*\())*)", bare)
    return tuple([(m[1], "".join(m[2].split()).replace("?", "").removeprefix(".")) for m in found])


def _wrong(message: str) -> WrongExpression:
    import re

    found = re.search(r"ERROR: <input>:(\d+):(\d+): ([^\n]*)", message)
    if found is None:
        return WrongExpression(_plain(message))
    return WrongExpression(found[3].replace(" (in container '')", ""), int(found[1]), int(found[2]))


def _plain(message: str) -> str:
    """The library's message without its codes."""
    head, colon, rest = message.partition(": ")
    text = rest if colon and head.replace("_", "").isupper() else message
    if "budget exceeded" in text:
        return "the expression is too expensive for this object: it takes more than 10,000 steps"
    return text.strip().removesuffix("]").rpartition(" [")[0] if text.rstrip().endswith("]") and " [" in text else text.strip()
