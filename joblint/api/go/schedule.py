"""Reads a CronJob's schedule as the API server does: text to bit masks or the parser's own error; knows nothing of dates.

Source: github.com/robfig/cron v3.0.1 parser.go (ParseStandard), behind Kubernetes 1.36 pkg/util/parsers, which turns a panic
of that parser into an error.
"""

from __future__ import annotations

from joblint.api.errors import go_quote
from joblint.base.record import Record

STAR = 1 << 63
"""Set in a mask that was written as `*`, `?` or `*/1`: only then must day of month and day of week both match."""

_MONTHS = {n: i for i, n in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}
_DAYS = {n: i for i, n in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))}
_NONE: dict[str, int] = {}
_BOUNDS = ((0, 59, _NONE), (0, 23, _NONE), (1, 31, _NONE), (1, 12, _MONTHS), (0, 6, _DAYS))

_DIGITS = "0123456789"

_DESCRIPTORS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}

# What Go's unicode.IsSpace counts as white space: str.split() without an argument would also split at U+001C to U+001F.
_WHITE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)


class ScheduleError(ValueError):
    """A schedule that the parser rejects; `str()` is its text, to the byte."""


class Schedule(Record):
    """A parsed schedule: one bit mask a field (bit N set: value N matches; STAR: the field was not restricted).

    `every` is the period in seconds of an `@every` schedule (the masks are then 0) and None for all others. `zone` is the
    name after a leading `TZ=` or `CRON_TZ=`, None without one; `@every` has none.
    """

    minute: int
    hour: int
    dom: int
    month: int
    dow: int
    every: int | None = None
    zone: str | None = None


def parse_standard(text: str) -> Schedule:
    """Return the schedule of `text`. Raises ScheduleError with the server's words if it is rejected."""
    if not text:
        raise ScheduleError("empty spec string")
    zone = None
    if text.startswith(("TZ=", "CRON_TZ=")):
        end = text.find(" ")
        if end < 0:
            raise ScheduleError("invalid schedule format: runtime error: slice bounds out of range [:-1]")
        zone = text[text.index("=") + 1 : end]
        from joblint.api.go.zone import location_error

        problem = location_error(zone)
        if problem is not None:
            raise ScheduleError(f"provided bad location {zone}: {problem}")
        text = text[end:].strip(_WHITE)
    if text.startswith("@"):
        return _descriptor(text, zone)
    fields = _fields(text)
    if len(fields) != 5:
        raise ScheduleError(f"expected exactly 5 fields, found {len(fields)}: [{' '.join(fields)}]")
    return _schedule(fields, zone)


def _schedule(fields: list[str], zone: str | None) -> Schedule:
    minute, hour, dom, month, dow = (_field(field, *bounds) for field, bounds in zip(fields, _BOUNDS, strict=True))
    return Schedule(minute, hour, dom, month, dow, None, zone)


def _fields(text: str) -> list[str]:
    """Go's strings.Fields."""
    if text.isascii() and text.isprintable():
        return text.split()
    for ch in _WHITE:
        text = text.replace(ch, " ")
    return [part for part in text.split(" ") if part]


def _descriptor(text: str, zone: str | None) -> Schedule:
    fields = _DESCRIPTORS.get(text)
    if fields is not None:
        return _schedule(fields.split(), zone)
    if text.startswith("@every "):
        try:
            nanoseconds = parse_duration(text[len("@every ") :])
        except ScheduleError as error:
            raise ScheduleError(f"failed to parse duration {text}: {error}") from None
        return Schedule(0, 0, 0, 0, 0, max(nanoseconds // 1_000_000_000, 1))
    raise ScheduleError(f"unrecognized descriptor: {text}")


def _field(field: str, low: int, high: int, names: dict[str, int]) -> int:
    """The mask of one field. One of commas alone has no bit set: it is accepted, and never matches."""
    if field == "*":
        return (2 << high) - (1 << low) | STAR
    mask = 0
    for part in dict.fromkeys(field.split(",")):  # a part that is repeated changes nothing
        if part:
            mask |= _range(part, low, high, names)
    return mask


def _range(text: str, low: int, high: int, names: dict[str, int]) -> int:
    """The mask of `number | number-number | *`, each with `/step` or without."""
    span, *steps = text.split("/")
    ends = span.split("-")
    star = 0
    if ends[0] == "*" or ends[0] == "?":
        start, end, star = low, high, STAR  # whatever follows a hyphen here is never read
    else:
        start = _number_or_name(ends[0], names)
        if len(ends) == 1:
            end = start
        elif len(ends) == 2:
            end = _number_or_name(ends[1], names)
        else:
            raise ScheduleError(f"too many hyphens: {text}")
    step = 1
    if len(steps) == 1:
        step = _number(steps[0])
        if len(ends) == 1:
            end = high  # "5/15" means "5-59/15"
        if step > 1:
            star = 0
    elif steps:
        raise ScheduleError(f"too many slashes: {text}")
    if start < low:
        raise ScheduleError(f"beginning of range ({start}) below minimum ({low}): {text}")
    if end > high:
        raise ScheduleError(f"end of range ({end}) above maximum ({high}): {text}")
    if start > end:
        raise ScheduleError(f"beginning of range ({start}) beyond end of range ({end}): {text}")
    if step == 0:
        raise ScheduleError(f"step of range should be a positive number: {text}")
    mask = star
    for value in range(start, end + 1, step):
        mask |= 1 << value
    return mask


def _number_or_name(text: str, names: dict[str, int]) -> int:
    # Go's ToLower makes a plain i of a capital I with a dot; Python's makes two characters.
    named = names.get(text.replace("\u0130", "i").lower()) if names else None
    return _number(text) if named is None else named


def _number(text: str) -> int:
    """Go's strconv.Atoi on 64 bits, then no negative one."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not digits.isascii() or not digits.isdigit() or len(digits) > 18:
        digits = _checked(text, digits)
    value = int(digits)
    if value and text[0] == "-":
        raise ScheduleError(f"negative number (-{value}) not allowed: {text}")
    return value


def _checked(text: str, digits: str) -> str:
    """The digits without leading zeros; Go reads from the left, so that too many of them come before whatever follows."""
    rest = digits.lstrip(_DIGITS)
    number = digits[: len(digits) - len(rest)].lstrip("0") or "0"
    # The length first: Python does not read thousands of digits.
    value = int(number) if len(number) <= 20 else 1 << 64
    if value >= 1 << 64 or (not rest and value > (1 << 63) - (text[:1] != "-")):
        problem = "value out of range"
    elif rest or not digits:
        problem = "invalid syntax"
    else:
        return number
    raise ScheduleError(f"failed to parse int from {text}: strconv.Atoi: parsing {go_quote(text)}: {problem}")


_UNITS = {"ns": 1, "us": 1000, "\u00b5s": 1000, "\u03bcs": 1000, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}


def parse_duration(text: str) -> int:
    """Go's time.ParseDuration: nanoseconds. Raises ScheduleError with Go's words."""
    invalid = "invalid duration"
    rest = text[1:] if text[:1] in ("+", "-") else text
    if rest == "0":
        return 0
    if not rest:
        raise _duration_error(invalid, text)
    total, at, size = 0, 0, len(rest)
    while at < size:
        point = _behind_digits(rest, at)
        whole = rest[at:point].lstrip("0")
        if len(whole) > 19 or (whole and int(whole) > 1 << 63):
            raise _duration_error(invalid, text)
        fraction, end = "", point
        if rest.startswith(".", point):
            end = _behind_digits(rest, point + 1)
            fraction = rest[point + 1 : end]
        if point == at and not fraction:
            raise _duration_error(invalid, text)
        at = end
        while at < size and rest[at] != "." and rest[at] not in _DIGITS:
            at += 1
        if at == end:
            raise _duration_error("missing unit in duration", text)
        name = rest[end:at]
        unit = _UNITS.get(name)
        if unit is None:
            raise _duration_error(f"unknown unit {_duration_quote(name)} in duration", text)
        value = int(whole or "0")
        if value > (1 << 63) // unit:
            raise _duration_error(invalid, text)
        value = value * unit + _fraction(fraction, unit)
        if value > 1 << 63:
            raise _duration_error(invalid, text)
        total = (total + value) % (1 << 64)  # an unsigned sum that Go lets wrap
        if total > 1 << 63:
            raise _duration_error(invalid, text)
    if text[0] == "-":
        return -total
    if total == 1 << 63:
        raise _duration_error(invalid, text)
    return total


def _behind_digits(text: str, at: int) -> int:
    while at < len(text) and text[at] in _DIGITS:
        at += 1
    return at


def _fraction(digits: str, unit: int) -> int:
    """What follows the point, in nanoseconds: floating point as in Go, and no more digits than fit into 63 bits."""
    value, scale = 0, 1.0
    for ch in digits:
        if value > ((1 << 63) - 1) // 10 or value * 10 + ord(ch) - 48 > 1 << 63:
            break
        value = value * 10 + ord(ch) - 48
        scale *= 10
    return int(float(value) * (float(unit) / scale)) if value else 0


def _duration_error(message: str, text: str) -> ScheduleError:
    return ScheduleError(f"time: {message} {_duration_quote(text)}")


def _duration_quote(text: str) -> str:
    """Package time's own quoting: a backslash before quotes and backslashes, bytes of others as hexadecimal."""
    out = ['"']
    for ch in text:
        if " " <= ch < "\x80":
            out.append("\\" + ch if ch in '"\\' else ch)
        else:
            out.extend(f"\\x{byte:02x}" for byte in ch.encode("utf-8", "replace"))
    out.append('"')
    return "".join(out)
