"""Values of another type than the field takes, and amounts that are none."""

from __future__ import annotations

from joblint.rules.finding import Hit
from joblint.rules.refusals.amounts import first_malformed, in_cores, meant
from joblint.rules.subject import sent_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.api.verdict import ApiError
    from joblint.rules.subject import Subject


_GO_WORDS = {
    "int32": "a whole number",
    "int64": "a whole number",
    "bool": "true or false",
    "string": "a string",
    "float64": "a number",
}
_JSON_WORDS = {"string": "a string", "number": "a number", "bool": "a boolean", "array": "a list", "object": "a mapping"}


def wrong_type(s: Subject, error: ApiError) -> Hit:
    """Tells what stands there and what is wanted: a string that should be a number, a boolean that YAML made of `yes`."""
    given, wanted, field = error.given, error.wanted, error.field
    value = sent_value(s.object, field)
    want = _wanted(wanted)
    have = _JSON_WORDS.get(given, given)
    raw = s.document.raw(s.prefix + field) if field else None
    hint = f"{field or 'a field'} takes {want}, but {_shown(value, raw)} is {have}."
    advice = "Write " + want + "."
    if wanted == "string" and given == "bool":
        hint = f"{field} takes a string, and YAML reads {raw or value} without quotes as a boolean."
        advice = f'"{raw}"' if raw else "Put it in quotes."
    elif wanted == "string" and given == "number":
        hint = f"{field} takes a string, and YAML reads {raw or value} without quotes as a number."
        advice = f'"{raw}"' if raw else "Put it in quotes."
    elif wanted in ("int32", "int64") and isinstance(value, str) and value.strip().lstrip("+-").isdecimal():
        advice = f"{value.strip()}    without quotes"
    elif wanted == "bool" and isinstance(value, str) and value.lower() in ("true", "false"):
        advice = f"{value.lower()}    without quotes"
    elif wanted.startswith("[]") and given in ("string", "object"):
        advice = (
            f"A list: begin each entry with a dash, or write {_as_list(value, raw)}."
            if given == "string"
            else "A list: a dash before each entry."
        )
    elif wanted in ("int32", "int64") and given == "number":
        hint = f"{field} takes a whole number of {wanted[3:]} bits, and {raw or value} is none."
    return Hit(field, {"hint": hint + " " + f"(The server: {error.message})", "advice": advice}, label=f"{want} here")


_SYNTAX = ("&&", "||", "|", ";", ">", "<", "$", "`", "*")


def _as_list(value: object, raw: str | None) -> str:
    """A string as the list that was meant: a command line as its words, or with the shell that it needs."""
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
        return "a mapping"
    name = go_type.rpartition(".")[2]
    words = ("Policy", "Mode", "Type", "Operator", "Action", "Protocol", "Scheme", "Signal", "Effect")
    if name.endswith(words) and name not in ("PodFailurePolicy", "SuccessPolicy"):
        return "a string"
    return "a mapping with fields"


def _shown(value: object, raw: str | None) -> str:
    if isinstance(value, dict):
        return "what stands there"
    if isinstance(value, list):
        return "what stands there"
    text = raw if raw is not None else repr(value)
    return text if len(text) <= 40 else text[:37] + "…"


def quantity_malformed(s: Subject, error: ApiError) -> Hit | None:
    """Finds the amount that the server could not read: its error names no field."""
    field, value = error.field, sent_value(s.object, error.field) if error.field else None
    if not field:
        found = first_malformed(s)
        if found is None:
            return Hit("", {"value": "an amount", "hint": error.message, "advice": "A number and a unit, such as 512Mi or 500m."})
        field, value = found
    text = str(value)
    hint = "write a number and one of m, k, M, G, T, Ki, Mi, Gi, Ti, without a blank."
    amount = meant(text)
    if amount is not None:
        hint = f"{amount} is meant: CPU has no unit." if in_cores(text) else f"{amount} is meant."
    name = field.rpartition("[")[2].rstrip("]") if field.endswith("]") else field.rpartition(".")[2]
    sample = amount or ("500m" if name == "cpu" else "512Mi")
    return Hit(field, {"value": text, "hint": hint, "advice": f"{name}: {sample}"}, label=hint.rstrip("."))
