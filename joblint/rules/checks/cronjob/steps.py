"""Steps of a schedule that do not divide their field, or exceed it."""

from __future__ import annotations

from joblint.base.words import count
from joblint.rules.checks.cronjob.fields import FIELDS, masks, spoken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject


def uneven_steps(s: Subject) -> Iterator[Hit]:
    """A step that does not divide its field: the last gap of each cycle has a different length."""
    text = s.cron.get("schedule")
    if not isinstance(text, str) or "/" not in text or s.rhythm is None:
        return
    for n, written, step, values in _steps(s, text):
        name, low, _, around, unit = FIELDS[n]
        if len(values) < 2:
            continue
        last: tuple[int, ...]
        if around:
            last = (around - values[-1] + values[0],)
        else:
            last = tuple(sorted({length - max(v for v in values if v <= length) + low for length in (28, 29, 30, 31)}))
        if last == (step,) or (n == 0 and not _next_to_another(s.rhythm.schedule.hour, 24)):
            continue
        gaps = " or ".join([str(g) for g in last]) if len(last) < 3 else f"{last[0]} to {last[-1]}"
        yield s.hit(
            "spec.schedule",
            written=written,
            name=name,
            values=_at(n, values),
            step=count(step, unit),
            last=f"{gaps} {unit}{'' if gaps == '1' else 's'}",
            first=_at(n, values[:1]),
            advice=_even(n, step, text),
            severity="info" if around and 2 * last[0] > step else "",
            label=f"{step}, then {gaps} {unit}{'' if gaps == '1' else 's'}",
        )


def step_beyond_range(s: Subject) -> Iterator[Hit]:
    """A step larger than its field leaves one value: `*/90` is once an hour."""
    text = s.cron.get("schedule")
    if not isinstance(text, str) or "/" not in text or s.rhythm is None:
        return
    for n, written, step, values in _steps(s, text):
        if len(values) != 1:
            continue
        name, _, high, around, unit = FIELDS[n]
        once = ("once an hour", "once a day", "once a month", "once a year", "once a week")[n]
        exact = step == (around or high)
        rest = text.split()
        advice = f'schedule: "{" ".join([*rest[:n], str(values[0]), *rest[n + 1 :]])}"    the same starts, written explicitly'
        if not exact and n < 2:
            advice += f'\nschedule: "@every {step}{"mh"[n]}"    every {step} {unit}s, counted from the last start'
            if n == 0 and step % 60 == 0:
                advice += f'\nschedule: "0 */{step // 60} {" ".join(rest[2:])}"'
        yield s.hit(
            "spec.schedule",
            written=written,
            name=name,
            once=f"{once}, {_at(n, values)}",
            step=count(step, unit),
            advice=advice,
            severity="info" if exact else "",
            label=once,
        )


def _steps(s: Subject, text: str) -> Iterator[tuple[int, str, int, list[int]]]:
    """Fields of one part with a step above 1 up to the field's end: number, text, step, values."""
    fields = text.split()
    if len(fields) != 5:
        return
    for n, field in enumerate(fields):
        span, slash, step = field.partition("/")
        if not slash or "," in field or not step.isdigit() or len(step) > 9 or int(step) < 2:
            continue
        _, low, high, _, _ = FIELDS[n]
        if "-" in span and span[:1] not in ("*", "?") and span.partition("-")[2] != str(high):
            continue
        mask = masks(s)[n]
        yield n, field, int(step), [v for v in range(low, high + 1) if mask >> v & 1]


def _next_to_another(mask: int, size: int) -> bool:
    mask &= (1 << size) - 1
    return bool(mask & (mask >> 1)) or bool(mask & 1 and mask >> (size - 1) & 1)


def _at(n: int, values: list[int]) -> str:
    """When a field matches: `at :00 and :45`, `on day 1`, `in Jan and Jul`, `on Sunday`."""
    return f"{('at', 'at', 'on day', 'in', 'on')[n]} {spoken(n, values)}"


def _even(n: int, step: int, text: str) -> str:
    around = FIELDS[n][3]
    rest = text.split()
    if n in (0, 1, 3):
        near = [d for d in range(1, around) if around % d == 0]
        below, above = [d for d in near if d < step], [d for d in near if d > step]
        lines = []
        for divisor in below[-1:] + above[:1]:
            fields = [*rest[:n], f"*/{divisor}" if divisor > 1 else "*", *rest[n + 1 :]]
            lines.append(f'schedule: "{" ".join(fields)}"')
        if n < 2:
            lines.append(f'schedule: "@every {step}{"mh"[n]}"    counts from the last start, not by the clock')
        return "\n".join(lines)
    if n == 2 and step % 7 == 0:
        return f'schedule: "{rest[0]} {rest[1]} * * 0"    once a week; or @every {24 * step}h, which counts from the last start'
    return f'schedule: "@every {24 * step}h"    counts from the last start, not by the clock'
