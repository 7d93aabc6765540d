"""Whether a text's aliases expand it further than go-yaml accepts (alias bombs); knows events only.

Source: go.yaml.in/yaml/v2 2.4.3, decode.go (allowedAliasRatio): in a small document 99 % may come from aliases, in a large one
10 %, counted in values decoded.
"""

from __future__ import annotations

from joblint.source.reading.events import ALIAS, DOCUMENT_END, END, MAPPING, SCALAR, SEQUENCE, TAG_PREFIX, YamlError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.source.reading.events import NextEvent

_SMALL, _LARGE = 400_000, 4_000_000


def check(get: NextEvent) -> None:
    """Raise the YamlError if aliases expand too far. The text must be one that `compose` has read."""
    get()
    get()
    decoded, aliased = 1, 0  # the document counts
    sizes: dict[str, int] = {}
    is_key = False
    merging = False
    stack: list[tuple[bool, str | None, int, bool]] = []  # a mapping?, its anchor, decoded before it, whether it counts
    while True:
        event = get()
        kind, anchor = event[0], event[4]
        begins = kind in (MAPPING, SEQUENCE)
        if kind == DOCUMENT_END:
            return
        if is_key and kind == SCALAR and event[1] == "<<" and (event[5] or event[3] == TAG_PREFIX + "merge"):
            merging, is_key = True, False
            continue
        if begins:
            stack.append((kind == MAPPING, anchor, decoded, is_key))
            if not (merging and kind == SEQUENCE):
                decoded += 1
            is_key, merging = kind == MAPPING, False
        elif kind == END:
            mapping, anchor, before, _ = stack.pop()
            if anchor is not None:
                sizes[anchor] = decoded - before
            is_key = bool(stack) and stack[-1][0]
        else:
            decoded += 1
            if kind == ALIAS:
                decoded += sizes.get(anchor, 1)
                aliased += sizes.get(anchor, 1)
            elif anchor is not None:
                sizes[anchor] = 1
            is_key = not is_key and bool(stack) and stack[-1][0]
            merging = False
        if aliased > 100 and decoded > 1000 and aliased > decoded * _allowed(decoded):
            raise YamlError("document contains excessive aliasing", event[6].index)


def _allowed(decoded: int) -> float:
    """The part of the values decoded that may come from aliases."""
    if decoded <= _SMALL:
        return 0.99
    if decoded >= _LARGE:
        return 0.10
    return 0.99 - 0.89 * ((decoded - _SMALL) / (_LARGE - _SMALL))
