"""JSON data as Go represents it: copies, comparing, sorting and printing that distinguish 1, true and 1.0; knows nothing about
schemas.
"""

from __future__ import annotations

from joblint.api.apply.strategic.fields import MergeError
from joblint.api.go.number import big_text, go_float

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_INT64 = 1 << 63


def as_read(value: Any) -> Any:
    """A copy of the value as it comes back after Go has written and read it: whole floats are integers."""
    if isinstance(value, dict):
        return {str(key): as_read(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_read(item) for item in value]
    if type(value) is float and value == value // 1 and abs(value) < 1e21:
        number = int(go_float(value))
        return number if -_INT64 <= number < _INT64 else value
    if type(value) is int and not -_INT64 <= value < _INT64:
        return float(value) if value.bit_length() < 1000 else float("inf")
    return value


def same(a: Any, b: Any) -> bool:
    """Whether two values are equal, of equal types all the way down."""
    if type(a) is not type(b):
        return False
    if type(a) is dict:
        return a.keys() == b.keys() and all(same(item, b[key]) for key, item in a.items())
    if type(a) is list:
        return len(a) == len(b) and all(map(same, a, b))
    return bool(a == b)


def show(value: Any) -> str:
    """The value as Go's %v prints it."""
    if value is None:
        return "<nil>"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, float):
        return _shown_float(value)
    if isinstance(value, int):
        return big_text(value)
    if isinstance(value, list):
        return f"[{' '.join(map(show, value))}]"
    if isinstance(value, dict):
        return f"map[{' '.join(f'{key}:{show(value[key])}' for key in sorted(value))}]"
    return str(value)


def _shown_float(value: float) -> str:
    """A float as Go's %v prints it: with an exponent from a million on, and below a ten-thousandth."""
    text = next((t for t in (f"{value:.{places}e}" for places in range(17)) if float(t) == value), repr(value))
    return go_float(value) if value == 0 or -4 <= int(text.partition("e")[2] or 0) < 6 else text


def item_kind(*lists: list[Any]) -> type:
    """Return the common type of all items. Raises MergeError if they differ, if they are lists, or if there is none."""
    kind = None
    for items in lists:
        for item in items:
            if kind is None:
                kind = type(item)
                if kind is list:
                    raise MergeError("lists of lists are not supported")
                if item is None:
                    raise MergeError("a list holds null")  # the server's own code fails on it without words
            elif kind is not type(item):
                raise MergeError(f"list element types are not identical: {show(list(lists))}")
    if kind is None:
        raise MergeError("no elements in any of the given slices")
    return kind


def key_of(item: Any, key: str) -> Any:
    """Return the value that identifies an item of a merged list. Raises MergeError if it has none."""
    if type(item) is not dict:
        raise MergeError(f"expected a map[string]interface {{}}, but received a {type(item).__name__}")
    if key not in item:
        raise MergeError(f"map: {show(item)} does not contain declared merge key: {key}")
    return item[key]


def sorted_by_text(items: list[Any], key: str | None = None) -> list[Any]:
    """The items sorted by what Go prints of them, or of their merge key.

    Equal ones come out in reverse: the comparison says "less" of them, and few are sorted by insertion.
    """
    made = items[::-1]
    made.sort(key=lambda item: show(item if key is None else item[key]))
    return made


def without_duplicates(items: list[Any]) -> list[Any]:
    """Return the items without duplicates; as in Go, the last one replaces each duplicate."""
    items = list(items)
    i = 0
    while i < len(items) - 1:
        j = i + 1
        while j < len(items):
            if same(items[i], items[j]):
                last = items.pop()
                if j < len(items):
                    items[j] = last
            else:
                j += 1
        i += 1
    return items


def place(items: list[Any], wanted: Any, key: str | None) -> int:
    """Where the item with the same merge key (or the same plain value) is in the list, -1 if nowhere."""
    for i, item in enumerate(items):
        if key is None:
            if same(item, wanted):
                return i
        elif same(item.get(key), wanted.get(key)):
            return i
    return -1
