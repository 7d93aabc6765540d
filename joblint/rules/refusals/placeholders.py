"""Values that something fills in later (`${NAME}`, `<image>`): unknown, not wrong; knows documents and the API model.

The server's verdict remains that for the text as written. Here each placeholder that the server rejects is filled in with valid
values, in several ways: what is the same in all of them is true whatever the placeholder becomes, and only that is reported.
"""

from __future__ import annotations

from joblint.api.create.request import API_VERSION
from joblint.base.record import Record, replace
from joblint.base.words import for_shell
from joblint.rules.finding import Hit
from joblint.rules.refusals.stand_ins import LEFT_OUT, VARIANTS, candidates, is_within, put_back
from joblint.rules.refusals.token import token

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Mapping
    from typing import Any

    from joblint.api.verdict import ApiError, Verdict
    from joblint.rules.engine import Engine
    from joblint.rules.finding import Finding
    from joblint.source.documents import Document
    from joblint.source.unrendered.known import Known

RULE = "value-filled-in-later"
"""The rule that reports placeholders."""

_ROUNDS = 24
_MOST_TRIED = 24  # values for one of them
_MOST_SHARED = 5000  # scalars of one object, including those that aliases repeat
_MOST = 60  # placeholders of one object that are filled in


def can_become(literal: list[str], name: str) -> bool:
    """Return whether a text with placeholders between these parts can become a name: each represents at least one character.

    The first position where a part fits leaves most of the name to the later parts, so no position is checked twice.
    """
    if len(literal) == 1:
        return literal[0] == name
    first, *middle, last = literal
    if not name.startswith(first) or not name.endswith(last):
        return False
    at = len(first)
    for part in middle:
        at = name.find(part, at + 1) + len(part)
        if at < len(part):
            return False
    return at < len(name) - len(last)


class Filled(Record):
    """An object with its placeholders filled in, its verdict, and which words of it represent placeholders."""

    verdict: Verdict
    object: dict[str, Any]
    tokens: dict[str, str]


class Unknown(Record):
    """The result for the placeholders of an object: `fields` (path, placeholders) are those that the server would reject,
    `ways` the object filled in, once if there are none."""

    fields: tuple[tuple[str, str], ...]
    ways: tuple[Filled, ...]

    @property
    def errors(self) -> tuple[ApiError, ...]:
        """Return the server's errors that no value for the placeholders removes."""
        first, *rest = self.ways
        others = [{(e.type, e.field) for e in way.verdict.errors} for way in rest]
        kept = [e for e in first.verdict.errors if all((e.type, e.field) in found for found in others)]
        return tuple([with_placeholders(e, first.tokens) for e in kept]) if first.tokens else tuple(kept)


class Assumed(Record):
    """What is assumed for a field with placeholders, in words."""

    field: str
    placeholder: str
    words: str


def example(
    document: Document, prefix: str, value: dict[str, Any], verdict: Verdict, version: str
) -> tuple[Filled, tuple[Assumed, ...]]:
    """Return the object with one example for each placeholder that the server rejects, and what was assumed: the field's
    default if it is optional, otherwise a valid value. A text that is only a name stays unknown."""
    found = unknown(document, prefix, value, verdict, version)
    way = found.ways[0]
    assumed = []
    for field, placeholder in found.fields:
        way, words = _taken(way, field, version)
        if words:
            assumed.append(Assumed(field, placeholder, words))
    return way, tuple(assumed)


def _taken(way: Filled, field: str, version: str) -> tuple[Filled, str]:
    from joblint.api.judge import judge
    from joblint.source.places.paths import steps, value_at

    path = steps(field)
    given = value_at(way.object, path)
    text = str(given)
    if isinstance(given, str) and put_back(text, way.tokens) != text:
        return way, ""
    without = _put(way.object, {field: LEFT_OUT})
    verdict = judge(without, version) if not isinstance(path[-1], int) else None  # an item has no default
    if verdict is not None and len(verdict.errors) <= len(way.verdict.errors):
        default = value_at(verdict.defaulted, path)
        shown = f"{_written(default)}, the default" if default is not None else "left out"
        return Filled(verdict, without, way.tokens), shown
    return way, f"{_written(given)}, an example"


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def named(placeholders: str) -> str:
    """Return placeholders (joined by ", ") as a message names them: "the placeholders `${A}`, `${B}`"."""
    shown = ", ".join([f"`{p}`" for p in placeholders.split(", ")])
    return f"the placeholder{'s' if '`, `' in shown else ''} {shown}"


def advice(placeholders: str, file: str) -> str:
    """Return how to check a file with the final values of those placeholders (joined by ", ")."""
    if all(p == "..." or p.startswith("<") and not p.startswith("<%") for p in placeholders.split(", ")):
        return f"Replace {named(placeholders)} with the value."
    if file.startswith("<"):
        return "Fill in the values before joblint check -, or list them as NAME=value in a file: --env-file <file>"
    if any(p[:2] in ("${", "$(") or p[:1] == "$" for p in placeholders.split(", ")) and "${{" not in placeholders:
        return f"joblint check --env-file <file> {for_shell(file)}    <file> contains lines of the form NAME=value"
    return "Check the final manifest: <command> | joblint check -"


def with_placeholders(error: ApiError, tokens: dict[str, str]) -> ApiError:
    """Return the error as it would be reported for the text as written."""
    value = put_back(error.value, tokens) if isinstance(error.value, str) else error.value
    return replace(error, message=put_back(error.message, tokens), detail=put_back(error.detail, tokens), value=value)


def is_script(field: str) -> bool:
    """Return whether a field's text is for a shell or a program, or is expanded by the kubelet: `$HOME` and `$(VAR)` are
    variables there, not placeholders."""
    *_, last = field.rpartition(".")
    if last.endswith("]") and last.partition("[")[0] in ("command", "args"):
        return True
    return field.endswith("].value") and ".env[" in field or last == "subPathExpr" or ".annotations[" in f".{field}"


def _is_reference(field: str, text: str) -> bool:
    """Whether a text in a container is `$(VAR)`: Kubernetes' own syntax for a variable, although not effective everywhere."""
    return "ontainers[" in field and text.startswith("$(") and text.endswith(")") and text[2:-1].isidentifier()


def is_field(value: Any, field: str, version: str) -> bool:
    """Return whether the field exists in the schema, or is in a mapping of arbitrary names."""
    from joblint.api.ours import meant_kind
    from joblint.api.version.fields import names_at
    from joblint.source.places.paths import steps

    path = list(steps(field))
    if not path or not isinstance(value, dict):
        return True
    *above, last = path
    names = names_at(version, meant_kind(value) or "Job", above)
    return not names or not isinstance(last, str) or last in names


def with_known(document: Document, variables: Mapping[str, str]) -> Known:
    """Return the document with the placeholders filled in whose value is known: by a variable, or by their own default."""
    from joblint.source.unrendered.known import fill_known

    return fill_known(document, variables, is_script)


def defaults_told(engine: Engine, known: Known) -> tuple[Finding, ...]:
    """Return a finding for each placeholder of a Job or CronJob that is checked with its default."""
    from joblint.api.ours import is_ours

    rule = engine.rule(RULE)
    if rule is None:
        return ()
    found = []
    for prefix, value in known.document.objects():
        for field, placeholder, default in known.defaults if is_ours(value) else ():
            if field.startswith(prefix):
                values = {"placeholder": named(placeholder), "known": f"checked with its default, {default}"}
                values["advice"] = advice(placeholder, known.document.file)
                found.append(engine.finding(rule, known.document, prefix, Hit(field[len(prefix) :], values)))
    return tuple(found)


def roughly(value: dict[str, Any], found: dict[str, str], version: str, variant: int) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the object with valid values for those placeholders (text by field), and which words of it represent which;
    relations between them are not considered."""
    search = _Search(value, found, version)
    given = search.search(value, found, variant, closer=False)
    return _put(value, given), {token(n, variant): p for p, n in search.numbers.items()}


def unknown(document: Document, prefix: str, value: dict[str, Any], verdict: Verdict, version: str) -> Unknown:
    """Return the result for the placeholders of an object. One that the server accepts as written is left unchanged."""
    nothing = Unknown((), (Filled(verdict, value, {}),))
    if verdict.accepted:
        return nothing
    written = {f[len(prefix) :]: t for f, t in document.placeholders(prefix)}
    found = {f: t for f, t in {**written, **_by_aliases(document, value)}.items() if not is_script(f) and not _is_reference(f, t)}
    if not found:
        return nothing
    found = {f: t for f, t in list(found.items())[:_MOST] if is_field(value, f, version)}
    search = _Search(value, found, version)
    fields = search.blamed(verdict)
    if not fields:
        return nothing
    ways = [search.filled({f: found[f] for f in fields}, variant) for variant in range(VARIANTS)]
    told = [f for f in fields if f in written] or fields  # what an alias repeats is reported where it is written
    shown = [(f, ", ".join([m[0] for m in search.pattern.finditer(found[f])])) for f in told]
    return Unknown(tuple(shown), tuple(ways))


def _by_aliases(document: Document, value: dict[str, Any]) -> dict[str, str]:
    """The placeholders of an object, including those at the places of aliases."""
    if b"*" not in document.source.part.data or b"&" not in document.source.part.data:
        return {}
    from joblint.source.places.located import placeholders, shared_scalars

    return dict(placeholders(shared_scalars(value, _MOST_SHARED)))


class _Search:
    """Finds valid values for an object's placeholders."""

    def __init__(self, value: dict[str, Any], found: dict[str, str], version: str) -> None:
        from joblint.api.ours import meant
        from joblint.source.places.located import scalars
        from joblint.source.unrendered.templates import placeholder_pattern

        self.value = value
        self.base = value  # unchanged, except wrong types that hide other errors
        self.found = found
        self.version = version
        spec = value.get("spec")
        shape = "CronJob" if isinstance(spec, dict) and "jobTemplate" in spec else "Job"
        self.kind = str((meant(value) or {"kind": shape})["kind"])
        self.pattern: re.Pattern[str] = placeholder_pattern()
        # Names that the object uses.
        said = [v for f, v in scalars(value) if isinstance(v, str) and f.lower().endswith("name") and not self.pattern.search(v)]
        self.said = tuple(dict.fromkeys(said))
        self.used: dict[str, list[Any]] = {}
        self.numbers: dict[str, int] = {}
        for text in found.values():
            for match in self.pattern.finditer(text):
                self.numbers.setdefault(match[0], len(self.numbers))

    def blamed(self, verdict: Verdict) -> list[str]:
        """Return the fields whose placeholders the server rejects: it still does with the others filled in."""
        from joblint.api.judge import judge
        from joblint.rules.refusals.nearest_accepted import without_cause

        while True:  # a wrong type that has nothing to do with placeholders hides all other errors
            given = self.search(self.base, self.found, 0)
            filled = judge(_put(self.base, given), self.version)
            error = filled.errors[0] if filled is not None and filled.stage == "decode" else None
            before = self.base
            if error is not None and error.field not in self.found:
                self.base = without_cause(self.base, error)
            if self.base is before:
                break
        left = {(e.type, e.field) for e in filled.errors} if filled is not None else set()
        found = []
        for field in self.found:
            others = {f: v for f, v in given.items() if f != field}
            raw = judge(_put(self.base, others), self.version)
            if raw is not None and any((e.type, e.field) not in left for e in raw.errors):
                found.append(field)
        return found

    def filled(self, fields: dict[str, str], variant: int) -> Filled:
        """Return the object with those fields filled in, in one way."""
        from joblint.api.judge import judge

        given = self.search(self.base, fields, variant)
        for field, found in given.items():
            self.used.setdefault(field, []).append(found)
        trial = _put(self.value, given)
        verdict = judge(trial, self.version)
        assert verdict is not None
        return Filled(verdict, trial, {token(n, variant): p for p, n in self.numbers.items()})

    def search(self, base: dict[str, Any], fields: dict[str, str], variant: int, closer: bool = True) -> dict[str, Any]:
        """Return a value for each field, such that the server reports as few errors as possible."""
        from joblint.api.judge import judge

        left = {f: self._candidates(f, text, variant) for f, text in fields.items()}
        first = {f: values.pop(0) for f, values in left.items()}
        given = dict(first)
        chosen: set[str] = set()
        for _ in range(_ROUNDS):
            verdict = judge(_put(base, given), self.version)
            if verdict is None or not verdict.errors:
                break
            moved = False
            for field in fields:
                about = [e for e in verdict.errors if _concerns(e, field, given[field])]
                choices = next((e.choices for e in about if e.choices), ())
                if choices and field not in chosen:
                    chosen.add(field)
                    at = variant % len(choices)
                    left[field] = [*choices[at:], *choices[:at], *left[field]]
                if about and left[field]:
                    given[field] = left[field].pop(0)
                    moved = True
            if not moved:
                break
        else:
            return given
        if verdict is None or not verdict.errors:
            return given
        if not closer:
            return given
        # A field that no value fits is wrong in any case, and is reported as written.
        hopeless = {f: first[f] for f in fields if any(_concerns(e, f, given[f]) for e in verdict.errors)}
        return self._closer(base, fields, {**given, **hopeless}, left)

    def _closer(
        self, base: dict[str, Any], fields: dict[str, str], given: dict[str, Any], left: dict[str, list[Any]]
    ) -> dict[str, Any]:
        """The same values, except those with which the server reports fewer errors in other fields: two names that must be
        equal, a quantity that must not be above another one."""
        from joblint.api.judge import judge

        def wrong(values: dict[str, Any]) -> tuple[int, int]:
            verdict = judge(_put(base, values), self.version)
            return (2, 0) if verdict is None else (int(verdict.stage == "decode"), len(verdict.errors))

        least = wrong(given)
        for field, text in fields.items():
            if least == (0, 0):
                break
            for value in self._unused(field, [*left[field], *self._names(text)])[:_MOST_TRIED]:
                trial = {**given, field: value}
                if (found := wrong(trial)) < least:
                    given, least = trial, found
        return given

    def _names(self, text: str) -> list[str]:
        """The names in the object that a text with placeholders can become."""
        literal = self.pattern.split(text)
        return [name for name in self.said if can_become(literal, name)]

    def _candidates(self, field: str, text: str, variant: int) -> list[Any]:
        from joblint.api.version.fields import type_at
        from joblint.source.places.paths import steps

        path = steps(field)
        if path == ["kind"] or path == ["apiVersion"]:
            return [self.kind if path == ["kind"] else API_VERSION]
        name = next((s for s in reversed(path) if isinstance(s, str)), "")
        operation = type_at(self.version, self.kind, path)
        return self._unused(field, list(candidates(operation, name, text, self.pattern, self.numbers, variant)))

    def _unused(self, field: str, values: list[Any]) -> list[Any]:
        """The values, those last that an earlier way has used: the ways are to differ from each other."""
        used = self.used.get(field, [])
        return [v for v in values if v not in used] + [v for v in values if v in used]


def _put(value: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """The object with values in the places of fields."""
    from joblint.source.places.paths import changed, steps, without

    for field, new in given.items():
        path = steps(field)
        value = without(value, path) if new is LEFT_OUT else changed(value, path, new)
    return value


def _concerns(error: ApiError, field: str, given: Any) -> bool:
    """Whether an error is about the value that a field was given."""
    if not error.field and error.type == "Decode":
        return field in ("kind", "apiVersion")
    if error.field == field or error.field.startswith((field + ".", field + "[")):
        return True
    if isinstance(given, str) and isinstance(error.value, str) and is_within(given, error.value):
        return True
    if field.endswith("]") and error.field == ".".join(field[:-1].rsplit("[", 1)):  # the decoder writes limits.cpu
        return True
    return bool(error.field) and error.key != "" and field in (f"{error.field}[{error.key}]", f"{error.field}.{error.key}")
