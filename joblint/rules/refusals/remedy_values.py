"""Fixes of single values that the server rejects: types, choices, quantities, file modes; knows the subject and the error."""

from __future__ import annotations

from joblint.rules.fixes import edits
from joblint.rules.fixes.compose import fix, octal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.verdict import ApiError
    from joblint.rules.finding import Fix
    from joblint.rules.subject import Subject


def wrong_type(s: Subject, error: ApiError) -> Fix | None:
    """Remove quotes around what should be a number or a boolean; add them to a string that YAML reads as something else."""
    from joblint.rules.refusals.amounts import in_seconds
    from joblint.rules.subject import sent_value

    given, wanted, field = error.given, error.wanted, error.field
    if not field:
        return None
    at, value = s.prefix + field, sent_value(s.object, field)
    raw = s.document.raw(at)
    if wanted in ("int32", "int64") and isinstance(value, str):
        text = value.strip()
        digits = text.removeprefix("-")
        if (seconds := in_seconds(field, value)) is not None:
            return fix(f"{raw} → {seconds}", edits.replace_raw(s.document, at, str(seconds)))
        if digits.isascii() and digits.isdecimal() and (digits == "0" or digits[0] != "0"):
            return fix(f"{raw} → {text}", edits.replace_raw(s.document, at, text))
    elif wanted == "bool" and isinstance(value, str) and (word := _BOOLEANS.get(value.strip().lower())):
        return fix(f"{raw} → {word}", edits.replace_raw(s.document, at, word))
    elif _is_string(wanted) and given in ("bool", "number") and raw and "\n" not in raw:
        if refused_as_text(s, field, raw) is not None:
            return None
        return fix(f'{raw} → "{raw}"', edits.replace_raw(s.document, at, edits.quoted(raw)))
    elif wanted.startswith("[]") and given == "object" and isinstance(value, dict):
        return _list_wanted(s, field, wanted, value)
    elif wanted == "[]string" and given == "string" and isinstance(value, str) and raw and value and value.split() == [value]:
        inner = raw if raw[0] in "'\"" or edits.is_plain_string(value) else edits.quoted(value)
        return fix(f"{raw} → [{inner}]", edits.replace_raw(s.document, at, f"[{inner}]"))
    return None


def refused_as_text(s: Subject, field: str, text: str) -> ApiError | None:
    """Return the server's error about a field once its value is quoted; None if it accepts that text.

    The API model validates an object with this field alone: other errors in the manifest do not matter.
    """
    from joblint.api.create.request import API_VERSION, KINDS
    from joblint.api.judge import judge
    from joblint.source.places.paths import steps

    alone: Any = text
    path = steps(field)
    for step in reversed(path):
        alone = [alone] if isinstance(step, int) else {step: alone}
    verdict = judge({**alone, "apiVersion": API_VERSION, "kind": s.kind if s.kind in KINDS else "Job"}, s.version)
    there = [0 if isinstance(step, int) else step for step in path]
    errors = [e for e in verdict.errors if e.field and steps(e.field) == there] if verdict is not None else []
    return min(errors, key=lambda e: len(e.choices) or 99, default=None)  # a Job allows less than a Pod


def _list_wanted(s: Subject, field: str, wanted: str, value: dict[str, Any]) -> Fix | None:
    """A mapping where a list of them is required becomes its only item; variables written NAME: value become items."""
    from joblint.api.version.fields import names_at
    from joblint.rules.fixes.moves import as_item, as_named_items
    from joblint.source.places.paths import steps

    known = names_at(s.version, s.kind if s.kind in ("Job", "CronJob") else "Job", steps(field))
    if value and all(key in known for key in value):
        return fix("add a dash before the first key: a list with one item", as_item(s.document, s.prefix + field))
    if wanted.endswith(".EnvVar") and not any(key in known for key in value):
        return fix("a list of variables with name and value", as_named_items(s.document, s.prefix + field))
    return None


_BOOLEANS = {
    **dict.fromkeys(("true", "yes", "on"), "true"),
    **dict.fromkeys(("false", "no", "off"), "false"),
}


def _is_string(wanted: str) -> bool:
    return wanted == "string" or wanted.rpartition(".")[2].endswith(("Policy", "Mode", "Type", "Operator", "Protocol"))


def enum(s: Subject, error: ApiError) -> Fix | None:
    """The value of the list that was meant: safe if only capitals, dashes or spaces differ."""
    from joblint.base.nearest import nearest
    from joblint.rules.subject import sent_value

    value = sent_value(s.object, error.field)
    if not isinstance(value, str) or not error.choices:
        return None
    near = nearest(value.strip(), error.choices)
    if not near:
        return None
    made = edits.replace_value(s.document, s.prefix + error.field, near)
    return fix(f"{value} → {near}", made, safe=_letters(value) == _letters(near))


def _letters(word: str) -> str:
    return "".join([c for c in word.lower() if c.isalnum()])


def quantity(s: Subject, error: ApiError) -> Fix | None:
    """`512MB` is 512M, `1gi` 1Gi, `1 core` 1."""
    from joblint.rules.refusals.amounts import first_malformed, meant
    from joblint.rules.subject import sent_value

    found = (error.field, sent_value(s.object, error.field)) if error.field else first_malformed(s)
    if found is None or not isinstance(found[1], str):
        return None
    field, text = found[0], found[1]
    amount = meant(text, cpu=field.endswith(("cpu", "cpu]")))
    if amount is None:
        return None
    raw, new = s.document.raw(s.prefix + field) or "", amount
    if raw[:1] in ("'", '"'):
        new = raw[0] + new + raw[0]
    elif s.document.source.part.json:
        new = edits.quoted(new)
    return fix(f"{text} → {amount}", edits.replace_raw(s.document, s.prefix + field, new))


def port_number(s: Subject, error: ApiError) -> Fix | None:
    """A quoted port is a port name, which has to contain a letter."""
    from joblint.rules.subject import sent_value

    value = sent_value(s.object, error.field)
    if not error.field.endswith(".port") or not isinstance(value, str) or not (value.isascii() and value.isdecimal()):
        return None
    return fix(f'"{value}" → {int(value)}', edits.replace_raw(s.document, s.prefix + error.field, str(int(value))))


def mode(s: Subject, error: ApiError) -> Fix | None:
    """The usual file modes in everyday notation, 644 or 755: octal numbers, which YAML requires with a leading zero."""
    from joblint.rules.subject import sent_value

    value = str(sent_value(s.object, error.field))
    usual = len(value) == 3 and value[0] in "4567" and not value.strip("04567")
    return octal(s, error.field, "0" + value) if usual and error.field.rpartition(".")[2] in ("mode", "defaultMode") else None
