"""Time zones by name from the tzdata package, as Go reads them: offsets, their changes, and why a name is rejected.

The standard library's zoneinfo does not tell when a zone changes its offset, which daylight-saving findings need.
Sources: Go 1.26 time/zoneinfo.go and zoneinfo_read.go, RFC 9636 (TZif), POSIX TZ for the rule after the last change.
"""

from __future__ import annotations

from functools import lru_cache

from joblint.api.go.civil import DAY, date_of, day_of, month_length, weekday_of
from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

FAR = 1 << 62
"""Later than any instant in use; -FAR is earlier."""


class Turn(Record):
    """The day and time at which a yearly rule changes the offset, by the local clock before the change.

    `kind` "M": day `day` (0 Sunday) of week `week` (5: the last) of `month`; "J": day 1 to 365 without 29 February;
    "": day 0 to 365. `time` in seconds after midnight, negative or past 24 h too.
    """

    kind: str
    day: int
    week: int
    month: int
    time: int

    def seconds(self, year: int, offset: int) -> int:
        """The instant in that year, where the clock before it is `offset` seconds east of UTC."""
        first = day_of(year, 1, 1)
        if self.kind == "M":
            month = day_of(year, self.month, 1)
            number = month + (self.day - weekday_of(month)) % 7 + 7 * (self.week - 1)
            if number - month >= month_length(year, self.month):
                number -= 7
        elif self.kind == "J":
            number = first + self.day - 1
            if self.day >= 60 and month_length(year, 2) == 29:
                number += 1
        else:
            number = first + self.day
        return number * DAY + self.time - offset


class Rule(Record):
    """Standard and summer offsets in seconds east of UTC, and when each year turns to summer and back (None: never)."""

    standard: int
    summer: int
    start: Turn | None
    end: Turn | None


class Zone(Record):
    """A time zone: `offsets[i]` applies before `changes[i]`, the last one after them all, unless `rule` applies there."""

    name: str
    changes: tuple[int, ...]
    offsets: tuple[int, ...]
    rule: Rule | None

    def period(self, at: int) -> tuple[int, int, int]:
        """First second, last second + 1 and offset (seconds east of UTC) of a stretch around `at` without a change.

        Stretches that a rule gives end with the year at the latest.
        """
        low, high = 0, len(self.changes)
        while low < high:
            middle = (low + high) // 2
            if at < self.changes[middle]:
                high = middle
            else:
                low = middle + 1
        start = self.changes[low - 1] if low else -FAR
        if low < len(self.changes):
            return start, self.changes[low], self.offsets[low]
        rule = self.rule
        if rule is None:
            return start, FAR, self.offsets[low]
        if rule.start is None or rule.end is None:
            return start, FAR, rule.standard
        year = date_of(at // DAY)[0]
        first, next_first = day_of(year, 1, 1) * DAY, day_of(year + 1, 1, 1) * DAY
        begin, end = rule.start.seconds(year, rule.standard), rule.end.seconds(year, rule.summer)
        inside, outside = rule.summer, rule.standard
        if end < begin:
            begin, end, inside, outside = end, begin, outside, inside
        if at < begin:
            return max(start, first), begin, outside
        if at < end:
            return max(start, begin), end, inside
        return max(start, end), next_first, outside

    def offset(self, at: int) -> int:
        """Seconds east of UTC at an instant."""
        return self.period(at)[2]

    def instant(self, clock: int) -> int:
        """Return the instant at which the clock shows `clock` (seconds as if it were UTC); if it is ambiguous, as Go's
        time.Date."""
        offset = self.offset(clock)
        return clock - self.offset(clock - offset) if offset else clock

    def turns(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Each change of the offset after `start` and before `end`: instant, offset before, offset after."""
        _, at, before = self.period(start)
        while at < end:
            _, following, after = self.period(at)
            if after != before:
                yield at, before, after
            at, before = following, after


UTC = Zone("UTC", (), (0,), None)


def location_error(name: str) -> str | None:
    """None for a name that Go's time.LoadLocation finds, else its error text."""
    if name in ("", "UTC", "Local"):
        return None
    if ".." in name or name[0] in "/\\":
        return "time: invalid location name"
    if "\0" in name:
        return "invalid argument"
    names = _names()
    if f"\n{name}\n" in names:
        return None
    parts = name.rstrip("/").split("/")
    # The zone database is a folder of files on the server, and Go opens what the name says there.
    if f"\n{'/'.join(parts)}/" in names:
        return "is a directory"
    if any(f"\n{'/'.join(parts[:n])}\n" in names for n in range(1, len(parts) + 1)):
        return "not a directory"
    if name in ("iso3166.tab", "leapseconds", "tzdata.zi", "zone.tab", "zone1970.tab"):
        return "malformed time zone information"
    return f"unknown time zone {name}"


@lru_cache(maxsize=64)
def load(name: str | None) -> Zone:
    """The zone of that name; UTC for None, "", "UTC" and "Local", for control planes keep their clocks in UTC.

    Raises LookupError where location_error() gives a text.
    """
    if name is None or name in ("", "UTC", "Local"):
        return UTC
    problem = location_error(name)
    if problem is not None:
        raise LookupError(problem)
    with open(f"{_folder()}/zoneinfo/{name}", "rb") as file:
        return _read(name, file.read())


def names() -> tuple[str, ...]:
    """The names of all time zones, sorted."""
    return tuple(sorted(_names().split()))


def _folder() -> str:
    import tzdata  # type: ignore[import-untyped]  # it has no types, only data

    return str(tzdata.__path__[0])


@lru_cache(maxsize=1)
def _names() -> str:
    with open(f"{_folder()}/zones", encoding="ascii") as file:
        return f"\n{file.read()}\n"


def _read(name: str, data: bytes) -> Zone:
    """A TZif file of version 2 or later: the 64-bit block, and the rule in the footer."""
    from struct import unpack_from

    # A first block with 32-bit times comes before, only for older readers: skip it.
    utc, wall, leap, times, kinds, chars = unpack_from(">6l", data, 20)
    at = 44 + times * 5 + kinds * 6 + chars + leap * 8 + wall + utc
    utc, wall, leap, times, kinds, chars = unpack_from(">6l", data, at + 20)
    at += 44
    changes = unpack_from(f">{times}q", data, at)
    index = data[at + times * 8 : at + times * 9]
    at += times * 9
    offsets = [unpack_from(">l", data, at + 6 * kind)[0] for kind in range(kinds)]
    footer = data[at + kinds * 6 + chars + leap * 12 + wall + utc :].decode("ascii").strip("\n")
    return Zone(name, changes, (offsets[0], *(offsets[kind] for kind in index)), _rule(footer) if footer else None)


def _rule(text: str) -> Rule:
    """The rule that a footer such as `EST5EDT,M3.2.0,M11.1.0` states; its offsets count westwards."""
    names, *turns = text.split(",")
    standard, rest = _offset(_skip_name(names))
    if not rest:
        return Rule(standard, standard, None, None)
    rest = _skip_name(rest)
    summer = _offset(rest)[0] if rest else standard + 3600
    return Rule(standard, summer, _turn(turns[0]), _turn(turns[1]))


def _skip_name(text: str) -> str:
    """What follows a zone's abbreviation: letters, or anything in angle brackets."""
    return (
        text[text.index(">") + 1 :]
        if text.startswith("<")
        else text.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    )


def _offset(text: str) -> tuple[int, str]:
    """Seconds east of UTC, and the rest of the text."""
    rest = text.lstrip("+-0123456789:")
    return -_clock(text[: len(text) - len(rest)]), rest


def _clock(text: str) -> int:
    """Seconds of `[+-]h[:m[:s]]`."""
    hours, *smaller = text.lstrip("+-").split(":")
    seconds = int(hours) * 3600 + sum(int(part) * unit for part, unit in zip(smaller, (60, 1), strict=False))
    return -seconds if text.startswith("-") else seconds


def _turn(text: str) -> Turn:
    date, _, time = text.partition("/")
    seconds = _clock(time) if time else 7200
    if date.startswith("M"):
        month, week, day = map(int, date[1:].split("."))
        return Turn("M", day, week, month, seconds)
    return Turn("J", int(date[1:]), 0, 0, seconds) if date.startswith("J") else Turn("", int(date), 0, 0, seconds)
