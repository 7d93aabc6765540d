"""What a YAML scalar means to kubectl: go-yaml's YAML 1.1, and the JSON that becomes of it; imports nothing.

Source: sigs.k8s.io/yaml 1.6.0 (yaml.go) over go.yaml.in/yaml/v2 2.4.3 (resolve.go, decode.go), Go's strconv and
encoding/json, as kubectl 1.36 uses them.
"""

from __future__ import annotations

from joblint.source.reading.events import TAG_PREFIX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

WORDS: dict[str, Any] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
"""Plain scalars with a meaning of their own; `null` is None."""

HINTS = frozenset(("", *"+-0123456789yYnNtTfFoO~."))
"""What a plain scalar begins with that may be something else than a string."""

NUMERIC = frozenset("+-0123456789.")
"""What a plain scalar begins with that may be a number."""

_DIGITS = {2: frozenset("01"), 8: frozenset("01234567"), 10: frozenset("0123456789"), 16: frozenset("0123456789abcdefABCDEF")}
_PREFIXES = {"0x": 16, "0b": 2, "0o": 8}
_INT64 = 1 << 63


class WrongTag(ValueError):
    """A scalar that its explicit tag does not fit, such as `!!int abc`."""


def resolve(text: str) -> Any:
    """Return the value of a plain, untagged scalar as in go-yaml: None, bool, int, float or str (dates remain strings).
    `to_json` converts a number to what is sent."""
    first = text[:1]
    if first not in HINTS:
        return text
    if text in WORDS:
        return WORDS[text]
    if first == ".":
        number = _float(text)
        return text if number is None else number
    if first in "+-0123456789":
        plain = text.replace("_", "")
        whole = _int(plain)
        if whole is not None:
            return whole
        number = _float(plain)
        if number is not None:
            return number
        if plain[:3] in ("0b+", "0b-"):  # go-yaml reads what follows 0b once more, with a sign of its own
            digits = plain[3:]
            if digits and len(digits) < 64 and _DIGITS[2].issuperset(digits):
                return int(plain[2:], 2)
    return text


def resolve_tagged(tag: str, text: str) -> Any:
    """Return the value of a scalar with an explicit tag. Raises WrongTag if the text does not match it."""
    short = tag[len(TAG_PREFIX) :] if tag.startswith(TAG_PREFIX) else ""
    if short == "str":
        return text
    if short == "binary":
        return _binary(text)
    if short not in ("bool", "int", "float", "null", "timestamp"):
        return text
    value = resolve(text)
    if isinstance(value, str):
        found = "timestamp" if short == "timestamp" and _is_timestamp(text) else "str"
    else:
        found = {type(None): "null", bool: "bool", int: "int", float: "float"}[type(value)]
    if found == short:
        return value
    if found == "int" and short == "float" and value < _INT64:
        return float(value)
    raise WrongTag(short)


def key_text(value: Any) -> str | None:
    """Return the JSON key for a mapping's key: `yes:` is "true", `0x1F:` is "31". None if it cannot be one (null)."""
    if isinstance(value, str):
        return value
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return str(value) if -_INT64 <= value < _INT64 else None
    return None if value is None else _float32(value)


def to_json(number: int | float) -> int | float:
    """Return the number that reaches the server: Go writes a whole float below 1e21 without a point, and numbers beyond int64
    as a float."""
    if isinstance(number, int):
        if -_INT64 <= number < _INT64:
            return number
        number = float(number)
    if abs(number) < 1e21 and number == int(number):  # false for infinity and NaN
        # Go prints the shortest digits that read back as the same float, then noughts; int() would print its exact value.
        digits, _, exponent = repr(number).partition("e")
        whole, _, fraction = digits.partition(".")
        if exponent:
            fraction = fraction.rstrip("0")
            return int(whole + fraction + "0" * (int(exponent) - len(fraction)))
        return int(whole)
    return number


def _int(plain: str) -> int | None:
    """strconv.ParseInt and ParseUint with base 0: signs, 0x 0b 0o and a leading 0, in 64 bits."""
    sign = plain[:1]
    body = plain[1:] if sign in ("+", "-") else plain
    if body[:1] != "0" or len(body) == 1:
        base, digits = 10, body
    elif (base := _PREFIXES.get(body[:2].lower(), 0)) != 0:
        digits = body[2:]
    else:
        base, digits = 8, body[1:]
    if not digits or len(digits) > 70 and digits.lstrip("0")[70:] or not _DIGITS[base].issuperset(digits):
        return None
    number = int(digits.lstrip("0")[:70] or "0", base)
    if sign == "-":
        return -number if number <= _INT64 else None
    return number if number < (_INT64 if sign == "+" else 2 * _INT64) else None


def _float(text: str) -> float | None:
    """strconv.ParseFloat of decimal digits; None if it is not a number, or too large for 64 bits."""
    if not text.isascii() or text[-1:] == "." and len(text.strip("+-")) == 1:
        return None
    body = text[1:] if text[:1] in ("+", "-") else text
    if not body[:1].isdigit() and not (body[:1] == "." and body[1:2].isdigit()):
        return None
    if not text[-1].isdigit() and text[-1] != ".":
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return None if number in (float("inf"), float("-inf")) else number


def _float32(number: float) -> str:
    """strconv.FormatFloat(number, 'g', -1, 32): the shortest digits that read back as the same 32-bit float."""
    if number != number:
        return ".nan"
    from struct import pack, unpack

    try:
        single = unpack("f", pack("f", number))[0]
    except OverflowError:
        single = float("inf") if number > 0 else float("-inf")
    if single in (float("inf"), float("-inf")):
        return ".inf" if single > 0 else "-.inf"
    if single == 0:
        return "-0" if str(number).startswith("-") else "0"
    for precision in range(9):
        shown = f"{single:.{precision}e}"
        if unpack("f", pack("f", float(shown)))[0] == single:
            break
    digits, _, exponent = shown.partition("e")
    power = int(exponent)
    count = len(digits.lstrip("-").replace(".", ""))
    if power < -4 or power >= 6:
        return f"{digits}e{'-' if power < 0 else '+'}{abs(power):02d}"
    return f"{float(digits + 'e' + exponent):.{max(count - 1 - power, 0)}f}"


def _binary(text: str) -> str:
    from base64 import b64decode

    packed = text.replace("\r", "").replace("\n", "")
    try:
        data = b64decode(packed.encode("ascii"), validate=True)
    except (ValueError, UnicodeError):
        raise WrongTag("binary") from None
    # Go's JSON writes U+FFFD for each byte that is not UTF-8.
    text = data.decode("utf-8", "surrogateescape")
    return "".join(["\ufffd" if 0xD800 <= ord(c) <= 0xDFFF else c for c in text])


def _is_timestamp(text: str) -> bool:
    """Whether go-yaml reads the text as a date or time."""
    import re

    match = re.fullmatch(
        r"(\d{4})-(\d{1,2})-(\d{1,2})(?:([Tt ])(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(Z|[+-]\d\d:\d\d)?)?", text, re.ASCII
    )
    if match is None:
        return False
    year, month, day = (int(n) for n in match.group(1, 2, 3))
    days = (31, 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    if not (1 <= month <= 12 and 1 <= day <= days[month - 1]):
        return False
    separator, zone = match.group(4, 8)
    if separator is None:
        return True
    if (separator == " ") == (zone is not None):
        return False
    if zone and zone != "Z" and not (int(zone[1:3]) <= 24 and int(zone[4:6]) < 60):
        return False
    return int(match[5]) < 24 and int(match[6]) < 60 and int(match[7]) < 60
