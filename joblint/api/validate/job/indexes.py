"""Lists of completion indexes such as `1,3-5,7`, as a successPolicy names them; knows strings and numbers only.

Source: Kubernetes 1.36.3 pkg/apis/batch/validation/validation.go (validateIndexesFormat, parseIndexInterval).
"""

from __future__ import annotations

from joblint.api.errors import go_quote

_MAX = (1 << 63) - 1


class IndexesError(ValueError):
    """The text is not a list of indexes; the exception's text is the server's."""


def count_indexes(text: str, completions: int) -> int:
    """Return the number of indexes in the text. Raises IndexesError if it is not a rising list of indexes below
    `completions`."""
    if text == "":
        return 0
    last, total = None, 0
    for interval in text.split(","):
        low, high = _interval(interval, completions)
        if last is not None and last >= low:
            raise IndexesError(f"non-increasing order, previous: {last}, current: {low}")
        total += high - low + 1
        last = high
    return total


def _interval(text: str, completions: int) -> tuple[int, int]:
    parts = text.split("-")
    if len(parts) > 2:
        raise IndexesError(
            f"the fragment {go_quote(text)} violates the requirement that an index interval can have "
            "at most two parts separated by '-'"
        )
    low = _index(parts[0], completions)
    if len(parts) == 1:
        return low, low
    high = _index(parts[1], completions)
    if low >= high:
        raise IndexesError(f"non-increasing order, previous: {low}, current: {high}")
    return low, high


def _index(text: str, completions: int) -> int:
    digits = text.removeprefix("+")
    if not digits.isascii() or not digits.isdigit() or len(digits.lstrip("0")) > 19 or int(digits[-20:]) > _MAX:
        raise IndexesError(f"cannot convert string to integer for index: {go_quote(text)}")
    number = int(digits[-20:])
    if number >= completions:
        raise IndexesError(f"too large index: {go_quote(text)}")
    return number
