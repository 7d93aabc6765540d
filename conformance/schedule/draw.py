"""Draws schedules and questions about them: texts right and wrong, starts near changes of the clock, missed starts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from typing import Any

from joblint.api.go.civil import DAY, day_of
from joblint.api.go.zone import Zone, load


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n"))


ODD = ("", " ", "\u00a0", "\x1c", "\t", "\n", "\x00", "\u2028")
PARTS = ODD + _words(
    """* ? / - , 0 1 5 7 15 59 60 61 23 24 31 32 12 13 6 018 1_0 0x1 +5 -3
    99999999999999999999 9223372036854775807 9223372036854775808
    jan FEB mon SUN frİ L W # a é İ K ٣ 😀 " \\
    1-5 */2 */45 5/15 1,,2 MON-FRI fri-mon *-5 ** */0 */1 ?/1 1-1/1 1/2/3 1-2-3"""
)
DURATIONS = ("", " ", "\x01") + _words(
    """1 5 0 1.5 .5 5. . h m s ms us µs μs ns d - + 99999999999 9223372036854775808 2562047 x é " \\ 1e3
    0.000000000000000000000001 0.99999999999999999999 00000000000000000000001"""
)
HEADS = _lines(
    """TZ=
CRON_TZ=
TZ=UTC\x20
tz=UTC\x20
TZ=UTC\t
TZ=\x20
TZ=Local\x20
TZ=utc\x20
TZ=Europe/Berlin\x20
TZ=Europe/Berlin/x\x20
CRON_TZ=America/New_York\x20\x20
TZ=Nowhere\x20
TZ=America\x20
TZ=../x\x20
TZ=/x\x20
TZ=a"b\x20"""
)
DESCRIPTORS = _words("@yearly @annually @monthly @weekly @daily @midnight @hourly @reboot @Daily @every @") + _lines(
    """@every\x20
@every\t5m
@daily\x20
 @daily
@every 5m
@every -1h
@every 1h30m
@every 0"""
)
WHOLE = _lines(
    """
*/5 * * * *
0 0 * * *
0 0 31 2 *
30 2 * * 1-5
0 0 1,15 * 3
0 3 * * 7
0 0 L * *
0 0 ? * MON#2
* * * * * *
0 0 0 0 0
0 24 * * *
60 * * * *"""
)
DUE = _lines(
    """* * * * *
*/5 * * * *
0 * * * *
0 0 * * *
30 6-16/4 * * 1-5
0 9,10 * * 1
15 */5 * * *
*/7 1-5 * * *
0 3 * * 0
0 0 13 * 5
* * 1 * *
0 0 1 * *
0 0 31 * *
0 0 30 4,6 *
0 0 1 1 *
0 0 31 2 *
0 2 29 2 *
@every 90s
@every 1h
@every 25h"""
)
# Newfoundland and Samoa are left out: until 2011 the library found the same start for ever there, or none.
ZONES = _words(
    """UTC America/New_York Europe/Berlin Europe/London Europe/Dublin Europe/Chisinau Australia/Sydney Australia/Lord_Howe
    America/Sao_Paulo America/Santiago America/Asuncion America/Havana America/Nuuk Asia/Kolkata Asia/Kathmandu Asia/Tehran
    Asia/Beirut Asia/Gaza Asia/Amman Asia/Damascus Asia/Tokyo Africa/Casablanca Africa/Cairo Antarctica/Troll
    Atlantic/Azores Pacific/Chatham"""
)
# Years whose clocks are settled: newer data about time zones does not change them.
FROM, TO = day_of(2008, 1, 1) * DAY, day_of(2019, 1, 1) * DAY

_zone = cache(load)


def texts(seed: str, count: int) -> Iterator[dict[str, Any]]:
    """Schedules to be read, most of them wrong."""
    r = random.Random(f"{seed} texts")
    for _ in range(count):
        kind = r.random()
        if kind < 0.15:
            text = "@every " + "".join(r.choice(DURATIONS) for _ in range(r.randint(1, 6)))
        elif kind < 0.2:
            text = r.choice(DESCRIPTORS)
        elif kind < 0.5:
            fields = (
                "".join(r.choice(PARTS) for _ in range(r.choice((1, 1, 1, 2, 3)))) for _ in range(r.choice((5, 5, 5, 4, 6)))
            )
            text = " ".join(fields)
        elif kind < 0.6:
            text = r.choice(HEADS) + r.choice(WHOLE + DESCRIPTORS)
        elif kind < 0.8:
            parts = r.choice(WHOLE).split(" ")
            parts[r.randrange(len(parts))] = _jumble(r)
            text = " ".join(parts)
        elif kind < 0.95:
            text = schedule(r)
        else:
            text = "".join(r.choice(PARTS + WHOLE + HEADS) for _ in range(r.randint(0, 6)))
        yield {"schedule": text}


def _jumble(r: random.Random) -> str:
    return "".join(r.choice(PARTS) for _ in range(r.choice((1, 1, 2, 3))))


def nexts(seed: str, count: int) -> Iterator[dict[str, Any]]:
    """Questions for the next starts, many of them near a change of the clock."""
    r = random.Random(f"{seed} nexts")
    for _ in range(count):
        name = r.choice(ZONES)
        after: float = r.randint(FROM, TO)
        if r.random() < 0.7:
            turns = list(_turns(_zone(name), int(after)))
            if turns:
                after = r.choice(turns) + r.choice((0, -1, 1, r.randint(-7200, 7200), r.randint(-3 * DAY, 3 * DAY)))
                after -= r.choice((0, 0, r.randint(0, 90 * DAY)))
        if r.random() < 0.1:
            after += r.choice((0.25, 0.5, 0.75))
        yield {"schedule": schedule(r), "zone": name, "after": after, "count": r.choice((3, 5, 12))}


def dues(seed: str, count: int) -> Iterator[dict[str, Any]]:
    """Questions for the start that is due, some time after the last one."""
    r = random.Random(f"{seed} dues")
    for _ in range(count):
        now = r.randint(FROM, TO) + r.choice((0, 0.1, 0.1, 0.5, 0.9))
        back = r.choice((0, 1, 30, 60, 61, 3600, 7200, DAY, 90_000, 7 * DAY, 31 * DAY, 450 * DAY))
        last = now // 1 - r.randint(0, back)
        asked = {"schedule": r.choice(DUE), "zone": r.choice(("UTC", "UTC", "Europe/Berlin", "America/New_York"))}
        asked |= {"now": now, "last": last // 60 * 60 if r.random() < 0.6 else last}
        if r.random() < 0.4:
            asked["deadline"] = r.choice((0, 1, 5, 20, 60, 200, 3600, 100_000, 9_223_372_036, 9_223_372_037, 9_999_999_999))
        yield asked


def schedule(r: random.Random) -> str:
    """A schedule that the parser takes, rather one that starts at night."""
    if r.random() < 0.05:
        return r.choice(("@hourly", "@daily", "@weekly", "@monthly", "@yearly", "@every 1h30m", "@every 7s"))
    hours = ("0", "1", "2", "3", "23", "*", "0,12", "1-3", "0-2")
    return " ".join(
        (
            field(r, 0, 59) if r.random() < 0.6 else r.choice(("0", "30", "*/15", "*")),
            field(r, 0, 23) if r.random() < 0.4 else r.choice(hours),
            field(r, 1, 31) if r.random() < 0.4 else "*",
            field(r, 1, 12, ("jan", "MAR", "oct")) if r.random() < 0.4 else "*",
            field(r, 0, 6, ("mon", "SUN")) if r.random() < 0.4 else "*",
        )
    )


def field(r: random.Random, low: int, high: int, names: tuple[str, ...] = ()) -> str:
    """One field in any of its forms."""

    def item() -> str:
        kind, first = r.random(), r.randint(low, high)
        last = r.randint(first, high)
        if names and kind < 0.1:
            return r.choice(names)
        if kind < 0.5:
            return str(first)
        if kind < 0.7:
            return f"{first}-{last}"
        if kind < 0.85:
            return f"*/{r.randint(1, high + 5)}"
        if kind < 0.9:
            return f"{first}/{r.randint(1, high)}"
        return f"{first}-{last}/{r.randint(1, high)}" if kind < 0.95 else "?"

    return "*" if r.random() < 0.3 else ",".join(item() for _ in range(r.choice((1, 1, 1, 2, 3))))


def _turns(zone: Zone, start: int) -> Iterator[int]:
    return (at for at, _, _ in zone.turns(start, start + 400 * DAY))
