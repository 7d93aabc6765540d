"""The test of a shell script that is true on certain days of the month; no subjects."""

from __future__ import annotations

_ODD = range(1, 32, 2)
_EVEN = range(2, 31, 2)


def only_on(days: list[int]) -> str:
    """Return a command that ends a script with 0 unless today is one of these days of the month (1 to 31, sorted, not empty).

    It works in every POSIX shell and with every `date`; days are compared with two digits, as `date +%d` prints them.
    """
    first, last = days[0], days[-1]
    if days == list(range(first, last + 1)) and first < last:
        parts = [f'[ "$(date +%d)" -ge {first} ]'] if first > 1 else []
        parts += [f'[ "$(date +%d)" -le {last} ]'] if last < 31 else []
        if len(parts) == 1:
            return f"{parts[0]} || exit 0"
    if days == [first]:
        return f'[ "$(date +%d)" = {first:02} ] || exit 0'
    pattern = "|".join([f"{day:02}" for day in days])
    if days == list(_ODD):
        pattern = "*[13579]"
    elif days == list(_EVEN):
        pattern = "*[02468]"
    return f"case $(date +%d) in {pattern}) ;; *) exit 0 ;; esac"
