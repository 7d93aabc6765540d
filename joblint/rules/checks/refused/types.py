"""Values of the wrong type, and invalid quantities."""

from __future__ import annotations

from joblint.base.words import any_of
from joblint.rules.finding import Hit
from joblint.rules.refusals.amounts import first_malformed, in_cores, in_seconds, meant
from joblint.rules.subject import sent_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.api.verdict import ApiError
    from joblint.rules.subject import Subject


_GO_WORDS = {
    "int32": "an integer",
    "int64": "an integer",
    "bool": "true or false",
    "string": "a string",
    "float64": "a number",
}
_JSON_WORDS = {"string": "a string", "number": "a number", "bool": "a boolean", "array": "a list", "object": "an object"}


def wrong_type(s: Subject, error: ApiError) -> Hit:
    """Explains the value and the required type: a string that should be a number, a boolean that YAML read from `yes`."""
    given, wanted, field = error.given, error.wanted, error.field
    value = sent_value(s.object, field)
    want = _wanted(wanted)
    have = _JSON_WORDS.get(given, given)
    raw = s.document.raw(s.prefix + field) if field else None
    hint = f"{field or 'a field'} must be {want}, but {_shown(value, raw)} is {have}."
    advice = "Write " + want + "."
    if want == "a string" and given in ("bool", "number"):
        hint = f"{field} must be a string, but YAML reads the unquoted {raw or value} as {have}."
        advice = _quoted(s, field, raw)
    elif wanted in ("int32", "int64") and isinstance(value, str) and value.strip().lstrip("+-").isdecimal():
        advice = f"{value.strip()}    without quotes"
    elif wanted in ("int32", "int64") and (seconds := in_seconds(field, value)) is not None:
        advice = f"{field.rpartition('.')[2]}: {seconds}    {value} in seconds"
    elif wanted == "bool" and isinstance(value, str) and value.lower() in ("true", "false"):
        advice = f"{value.lower()}    without quotes"
    elif wanted.startswith("[]") and given in ("string", "object"):
        advice = (
            f"Make it a list: start each entry with a dash, or write {_as_list(value, raw)}."
            if given == "string"
            else "Make it a list: start each entry with a dash."
        )
    elif error.message.startswith("parsing time"):
        hint = f"{field or 'a field'} is not a valid time."
        want, advice = "a time", "Write the time as 2026-01-31T08:00:00Z."
    elif wanted in ("int32", "int64") and given == "number":
        hint = f"{field} must be a {wanted[3:]}-bit integer, not {raw or value}."
    return Hit(field, {"hint": f"{hint} The API server reports: {error.message}.", "advice": advice}, label=f"{want} here")


def _quoted(s: Subject, field: str, raw: str | None) -> str:
    """The value in quotes; what the field accepts instead, if the server would reject that text too."""
    from joblint.rules.refusals.remedy_values import refused_as_text
    from joblint.rules.refusals.schedules import advised

    if not raw:
        return "Quote it."
    name = field.rpartition(".")[2]
    if name == "schedule":
        return advised(s, raw)
    error = refused_as_text(s, field, raw)
    if error is None:
        return f'"{raw}"'
    choices = [c for c in error.choices if c]
    return f"Set {name} to {any_of(choices)}." if choices else f'Write another value: "{raw}" is also rejected.'


_SYNTAX = ("&&", "||", "|", ";", ">", "<", "$", "`", "*")


def _as_list(value: object, raw: str | None) -> str:
    """A string as the list that was intended: a command line as its words, or with the shell that it needs."""
    from json import dumps

    text = str(value)
    if len(text.split()) < 2:
        return f"[{raw or value}]"
    if "\n" in text:
        return '[sh, -ec, "…"] with the script as the last word'
    if any(sign in text for sign in _SYNTAX):
        return dumps(["sh", "-ec", text], ensure_ascii=False)
    from shlex import split

    try:
        return dumps(split(text), ensure_ascii=False)
    except ValueError:  # a quote without its end
        return dumps(text.split(), ensure_ascii=False)


def _wanted(go_type: str) -> str:
    if go_type in _GO_WORDS:
        return _GO_WORDS[go_type]
    if go_type.startswith("[]"):
        return "a list"
    if go_type.startswith("map["):
        return "an object"
    name = go_type.rpartition(".")[2]
    words = ("Policy", "Mode", "Type", "Operator", "Action", "Protocol", "Scheme", "Signal", "Effect")
    if name.endswith(words) and name not in ("PodFailurePolicy", "SuccessPolicy"):
        return "a string"
    return "an object"


def _shown(value: object, raw: str | None) -> str:
    if isinstance(value, dict):
        return "this value"
    if isinstance(value, list):
        return "this value"
    if raw is None and (value is None or isinstance(value, bool)):
        return "null" if value is None else str(value).lower()
    text = raw if raw is not None else repr(value)
    return text if len(text) <= 36 else text[:35] + "…"


def quantity_malformed(s: Subject, error: ApiError) -> Hit | None:
    """Finds the quantity that the server could not parse: its error contains no field."""
    field, value = error.field, sent_value(s.object, error.field) if error.field else None
    if not field:
        found = first_malformed(s)
        if found is None:
            return Hit(
                "", {"value": "given here", "hint": error.message, "advice": "Use a number and a suffix, such as 512Mi or 500m."}
            )
        field, value = found
    text = s.document.raw(s.prefix + field) or str(value) if isinstance(value, bool) else str(value)
    hint = "use a number and a suffix, such as 500m or 512Mi."
    if isinstance(value, (dict, list)):
        text = "{…}" if isinstance(value, dict) else "[…]"
        hint = f"it is a {'mapping' if isinstance(value, dict) else 'list'}; {hint}"
    amount = meant(text, cpu=field.endswith(("cpu", "cpu]")))
    if amount is not None:
        hint = f"did you mean {amount}? CPU has no unit." if in_cores(text) else f"did you mean {amount}?"
    name = field.rpartition("[")[2].rstrip("]") if field.endswith("]") else field.rpartition(".")[2]
    sample = amount or ("500m" if name == "cpu" else "512Mi")
    return Hit(field, {"value": text, "hint": hint, "advice": f"{name}: {sample}"}, label=hint.rstrip("."))
