"""Reading long JSON by the scanner of Python's `json`, which is a part in C: twenty times as fast as event by event.

Knows where that scanner is not Go's: it takes NaN and Infinity, keeps half a surrogate pair, and does not tell of keys that are
there twice. Whatever it might read differently, and every error, is left to `joblint.source.reading.json` and `compose`.
"""

from __future__ import annotations

import re
from json import JSONDecoder

from joblint.source.reading.compose import DUPLICATES
from joblint.source.reading.json import encode, skip_space
from joblint.source.reading.load import is_deep
from joblint.source.reading.scalars import resolve, to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    Reader = Callable[[str, int], tuple[Any, int, int] | None]

_SURROGATE = re.compile(f"[{chr(0xD800)}-{chr(0xDFFF)}]|\\\\u[dD][89a-fA-F]")


def reader(text: str) -> Reader | None:
    """What reads the values of a text as `joblint.source.reading.json.read_value` does, or gives None for one that has to be
    read by that; None if no value of the text can be read."""
    if (not text.isascii() or "\\u" in text) and _SURROGATE.search(text) is not None or is_deep(encode(text)):
        return None
    notes = 0

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal notes
        made = dict(pairs)
        if len(made) != len(pairs):
            notes = DUPLICATES
        return made

    scan = JSONDecoder(object_pairs_hook=mapping, parse_int=_number, parse_float=_number, parse_constant=_refused).raw_decode

    def read(text: str, start: int) -> tuple[Any, int, int] | None:
        nonlocal notes
        notes = 0
        if text[start] not in "{[":  # behind a number nothing is checked
            return None
        try:
            value, end = scan(text, start)
        except (ValueError, RecursionError):
            return None
        return value, notes, end

    return read


def extents(text: str, start: int) -> Iterator[tuple[int, int, int]]:
    """Where in a text that is JSON each value of the collection begins and ends whose bracket is at `start`, after where its
    key begins (in a list: itself). Raises RecursionError if one is nested too deeply."""
    scan = JSONDecoder(parse_int=str, parse_float=str).raw_decode
    is_mapping = text[start] == "{"
    at = skip_space(text, start + 1)
    while text[at] not in "]}":
        key = at
        if is_mapping:
            _, at = scan(text, key)
            at = skip_space(text, skip_space(text, at) + 1)
        _, end = scan(text, at)
        yield key, at, end
        at = skip_space(text, end)
        if text[at] == ",":
            at = skip_space(text, at + 1)


def _number(text: str) -> Any:
    if float(text) in (float("inf"), float("-inf")):
        raise ValueError(text)
    value = resolve(text)
    return to_json(value) if isinstance(value, int | float) else value


def _refused(text: str) -> Any:
    raise ValueError(text)
