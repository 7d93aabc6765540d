"""Values that may replace a placeholder: of the field's type, several of them, each different from the others.

Knows the types of fields and some valid values; no document. What is the same with all of these values does not depend on what
the placeholder becomes.
"""

from __future__ import annotations

from joblint.api.version.schema import BOOL, INT, INT_OR_STRING, INTS, QUANTITY, QUANTITY_MAP, STRUCT, STRUCTS, TIME
from joblint.base.record import fields
from joblint.controller.job.trace import Event
from joblint.rules.refusals.token import is_stand_in, token

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator
    from typing import Any

VARIANTS = 3
"""The number of ways in which placeholders are filled in."""

LEFT_OUT = object()
"""Represents a field that is not set."""

_NUMBERS = ("1", "1000", "60", "7", "3", "0", "30", "8")
_QUANTITIES = ("1", "64Mi", "500m", "2Gi", "64", "16Gi", "256Gi")
_TIMES = ("2026-01-01T00:00:00Z", "2030-06-01T12:00:00Z", "2020-02-02T02:02:02Z")
_WHOLE = {
    "schedule": ("0 3 * * *", "*/5 * * * *", "30 12 1 * *"),
    "restartPolicy": ("Never", "OnFailure"),
    "timeZone": ("Etc/UTC", "Europe/Berlin", "America/New_York"),
    "sizeLimit": _QUANTITIES,
}
_PARTS = {
    "schedule": ("1", "7", "3", "*", "MON", "0 3 * * *"),
    "timeZone": ("Berlin", "Etc", "UTC"),
}


def is_within(given: str, text: str) -> bool:
    """Return whether the value for a placeholder is part of a text; a word with more digits is a different one."""
    at = text.find(given) if is_stand_in(given) else -1
    return at >= 0 and not text[at + len(given) : at + len(given) + 1].isdigit()


def candidates(
    operation: int, name: str, text: str, pattern: re.Pattern[str], numbers: dict[str, int], variant: int
) -> Iterator[Any]:
    """Return the values to test for a field of that name and type whose text contains placeholders, the likeliest first.

    `numbers` counts the placeholders of the object: one that occurs several times gets the same value everywhere.
    """
    whole = pattern.fullmatch(text) is not None

    def turned(values: tuple[str, ...], by: int = 0) -> tuple[str, ...]:
        at = (variant + by) % len(values) if variant else 0
        return values[at:] + values[:at]

    def filled(parts: tuple[str, ...], turn: bool) -> Iterator[str]:
        for i in range(len(parts)):
            yield pattern.sub(lambda m, i=i: turned(parts, numbers[m[0]] if turn else 0)[i], text)  # type: ignore[misc]

    if operation == BOOL:
        yield from ((True, False), (False, True))[variant % 2]
    elif operation in (INT, INTS, INT_OR_STRING):
        yield from [int(value) for value in filled(_NUMBERS, True) if value.isdecimal() and value.isascii()]
        if operation == INT_OR_STRING:
            yield pattern.sub(lambda m: token(numbers[m[0]], variant), text)
    elif operation in (QUANTITY, QUANTITY_MAP):
        yield from filled(_QUANTITIES if whole else ("64", "2", "500"), True)
    elif operation == TIME:
        yield from turned(_TIMES)
    elif operation in (STRUCT, STRUCTS):
        yield LEFT_OUT
    else:
        if whole:
            yield from turned(_WHOLE.get(name, ()))[:VARIANTS] if name in _WHOLE else ()
        else:
            yield from filled(_PARTS[name], False) if name in _PARTS else ()
        word = pattern.sub(lambda m: token(numbers[m[0]], variant), text)
        yield word
        yield from filled(_NUMBERS[:3], True)
        yield word + ".example.com"
        yield "/" + word
        yield word + ".example.com/" + word
    yield LEFT_OUT


_NUMBERS_ALONE = (int, float, bool)


def put_back_in(item: Any, tokens: dict[str, str]) -> Any:
    """Do the same for all texts of a record, and of the records in it."""
    if item is None or item.__class__ in _NUMBERS_ALONE or (item.__class__ is Event and not item.detail):
        return item  # no text of the manifest: thousands of events of a simulation
    if isinstance(item, str):
        return put_back(item, tokens)
    if isinstance(item, (tuple, list)):
        return type(item)([put_back_in(part, tokens) for part in item])
    if isinstance(item, dict):
        return {key: put_back_in(part, tokens) for key, part in item.items()}
    if type(item).__module__.startswith("joblint.") and hasattr(type(item), "__match_args__"):
        return type(item)(*[put_back_in(getattr(item, name), tokens) for name in fields(item)])
    return item


def put_back(text: str, tokens: dict[str, str]) -> str:
    """Return the text with the placeholders back in the places of the words that represent them."""
    if is_stand_in(text):
        for word in sorted(tokens, key=len, reverse=True):  # one may be the prefix of another
            text = text.replace(word, tokens[word])
    return text
