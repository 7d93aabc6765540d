"""From events to the plain JSON data that kubectl sends: anchors, aliases, merge keys, tags, keys; knows nothing about positions.

Source: go.yaml.in/yaml/v2 2.4.3 (decode.go) and sigs.k8s.io/yaml 1.6.0 (yaml.go), as kubectl 1.36 uses them. Aliased
collections are shared, not copied: copy the data before changing it.
"""

from __future__ import annotations

from joblint.source.reading.bad_key import BadKey
from joblint.source.reading.events import ALIAS, END, MAPPING, SCALAR, SEQUENCE, STREAM_END, TAG_PREFIX, YamlError
from joblint.source.reading.scalars import HINTS, NUMERIC, WORDS, WrongTag, key_text, resolve, resolve_tagged, to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.source.reading.events import Mark, NextEvent

MAX_DEPTH = 10000
"""As deep as go-yaml's scanner and Go's JSON decoder go."""

DUPLICATES = 1  # a key may be twice in one mapping, or a merge replaces it
REST = 2  # text follows that kubectl does not read
ALIASES = 4  # there are aliases; whether too many is for `aliases.check`

_MERGE_TAG = TAG_PREFIX + "merge"


class _Sign:
    """Used instead of a mapping's next key: none yet, or the merge key `<<`."""


_NO_KEY, _MERGE = _Sign(), _Sign()


def compose(get: NextEvent) -> tuple[Any, int]:
    """Return the JSON data of a text's first document, and its notes (DUPLICATES, REST, ALIASES).

    Raises YamlError if kubectl could not send it, and whatever `get` raises.
    """
    get()  # the stream's start
    if get()[0] == STREAM_END:
        return None, 0
    notes = 0
    suspect = -1  # the position of something that JSON cannot represent
    anchors: dict[str, Any] = {}
    node: Any = []  # the collection being filled; at first a list for the document's one value
    key: Any = None  # None in a list; in a mapping the key whose value comes next, or _NO_KEY
    stack: list[tuple[Any, Any]] = []
    while True:
        kind, value, style, tag, anchor, implicit, start, _ = get()
        if kind == SCALAR:
            if tag is not None:
                value = _tagged(tag, value, start)
            elif style == "" and value[:1] in HINTS:
                if value in WORDS:
                    value = WORDS[value]
                elif value[0] in NUMERIC:
                    value = resolve(value)
            if anchor is not None:
                anchors[anchor] = value
            if key is _NO_KEY:
                if value.__class__ is not str:
                    key = key_text(value)
                    if key is None:
                        key, suspect = BadKey(), start.index
                else:
                    key = value
                    if value == "<<" and (implicit or tag == _MERGE_TAG):
                        key = _MERGE
                        continue
                if key in node:
                    notes |= DUPLICATES
                continue
        elif kind == MAPPING or kind == SEQUENCE:  # noqa: SIM109  (twice as fast)
            if key is _NO_KEY or len(stack) >= MAX_DEPTH:
                raise _misplaced(key, start)
            stack.append((node, key))
            if kind == MAPPING:
                node, key = {}, _NO_KEY
            else:
                node, key = [], None
            if anchor is not None:
                anchors[anchor] = node
            continue
        elif kind == END:
            value = node
            node, key = stack.pop()
        elif kind == ALIAS:
            notes |= ALIASES
            value = _aliased(anchor, start, anchors, node, stack)
            if key is _NO_KEY:
                key = _alias_key(value, start)
                if key is None:
                    key, suspect = BadKey(), start.index
                if key in node:
                    notes |= DUPLICATES
                continue
        else:
            break
        if value.__class__ is float or value.__class__ is int:
            value = to_json(value)
            if value - value != 0:
                suspect = start.index
        if key is None:
            node.append(value)
        elif key is _MERGE:
            if _merge(node, value, kind == ALIAS, start):
                notes |= DUPLICATES
            key = _NO_KEY
        else:
            node[key] = value
            key = _NO_KEY
    if suspect >= 0:
        _check_sendable(node, suspect)
    if _more(get):
        notes |= REST
    return node[0], notes


def _tagged(tag: str, text: str, start: Mark) -> Any:
    try:
        return resolve_tagged(tag, text)
    except WrongTag as error:
        raise YamlError(f"cannot decode as !!{error}", start.index) from None


def _misplaced(key: Any, start: Mark) -> YamlError:
    if key is _NO_KEY:
        return YamlError("invalid map key", start.index)
    return YamlError(f"exceeded max depth of {MAX_DEPTH}", start.index)


def _aliased(name: str, start: Mark, anchors: dict[str, Any], node: Any, stack: list[tuple[Any, Any]]) -> Any:
    if name not in anchors:
        raise YamlError(f"unknown anchor '{name}' referenced", start.index)
    value = anchors[name]
    if value.__class__ in (dict, list) and (value is node or any(value is open_node for open_node, _ in stack)):
        raise YamlError(f"anchor '{name}' value contains itself", start.index)
    return value


def _alias_key(value: Any, start: Mark) -> str | None:
    if value.__class__ in (dict, list):
        raise YamlError("invalid map key", start.index)
    return key_text(value)


def _merge(node: dict[str, Any], value: Any, aliased: bool, start: Mark) -> bool:
    """Add the merged mappings' keys to `node`, replacing existing ones; return whether any was replaced."""
    merged = [value] if isinstance(value, dict) else value
    if not isinstance(merged, list) or aliased and merged is value or not all(isinstance(m, dict) for m in merged):
        raise YamlError("map merge requires map or sequence of maps as the value", start.index)
    replaced = any(k in node for m in merged for k in m)
    for mapping in reversed(merged):  # of several, the first counts
        node.update(mapping)
    return replaced


def _check_sendable(value: Any, index: int) -> None:
    """Raise the YamlError if the data contains infinity, NaN, or a key that JSON cannot represent."""
    seen: set[int] = set()
    left = [value]
    while left:
        value = left.pop()
        if isinstance(value, float):
            if value - value != 0:
                raise YamlError("unsupported value: " + ("NaN" if value != value else "+Inf" if value > 0 else "-Inf"), index)
        elif isinstance(value, (dict, list)) and id(value) not in seen:
            seen.add(id(value))
            if isinstance(value, dict):
                if any(k.__class__ is BadKey for k in value):
                    raise YamlError("unsupported map key", index)
                left.extend(value.values())
            else:
                left.extend(value)


def _more(get: NextEvent) -> bool:
    """Whether anything but the end of the stream follows."""
    try:
        return bool(get()[0] != STREAM_END)
    except Exception:  # whatever the parser raises for text that is not used
        return True
