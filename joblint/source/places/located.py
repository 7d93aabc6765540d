"""What is computed on request for a document: the positions of its text, its problems, its placeholders; knows nothing about
the API.
"""

from __future__ import annotations

from joblint.base.bugs import told
from joblint.source.places.paths import child, path_of
from joblint.source.places.spans import Lines, Places
from joblint.source.problem import Problem
from joblint.source.reading.compose import DUPLICATES, REST
from joblint.source.reading.events import YamlError
from joblint.source.reading.load import events, load, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator
    from typing import Any, TypeVar

    from joblint.source.places.paths import Way
    from joblint.source.places.tree import Tree
    from joblint.source.reading.load import Loaded
    from joblint.source.reading.stream import Part

    T = TypeVar("T")

LONG = 1 << 16
"""Characters of a text from which on the items of a List are parsed one by one, as places in them are looked up."""


def places(part: Part, reader: str) -> Places:
    """The places of a document that was read by the given reader."""
    text = _text(part)
    bugs: list[str] = []

    def build() -> Tree | None:
        try:
            found = _plain(part.data, text) if reader == "plain" else _json(part, text) if part.json else None
        except Exception as error:  # the other way gives the same
            bugs.append(told(error))
            found = None
        try:
            return whole_tree(part, reader) if found is None else found
        except Exception as error:
            bugs.append(told(error))
            return None

    return Places(Lines(text, part.line, part.column), build, bugs)


def whole_tree(part: Part, reader: str) -> Tree | None:
    """The complete tree of a document; None if the text cannot be read.

    Raises only on an error in joblint."""
    from joblint.source.places import tree

    try:
        return tree.build(events(part.data, reader), _text(part)) if reader else None
    except Exception:
        if part.composed is not None or part.error is None and load(part.data).error is None:
            raise
        return None


def _plain(data: bytes, text: str) -> Tree | None:
    """The tree of a text that was read line by line, which is built where somebody looks; None where that is not possible."""
    if len(text) >= LONG:
        from joblint.source.places import long_list

        return long_list.build(data, text)
    from joblint.source.places import plain_tree

    return plain_tree.build(data, text)


def _json(part: Part, text: str) -> Tree | None:
    """The tree of long JSON that is a List, whose items are parsed where somebody looks; None for other JSON."""
    if len(text) < LONG or part.composed is None or part.composed[1]:
        return None
    from joblint.source.places import json_list

    return json_list.build(text)


def problems(part: Part, where: Places, loaded: Loaded | None) -> tuple[Problem, ...]:
    """Return the problems of a document that cannot be read, or whose notes contain something."""
    error = part.error if loaded is None else loaded.error
    if error is not None:
        from joblint.source.faults.messages import explain

        message, label, start, end = explain(error, where.lines.text)
        return (Problem("yaml", message, where.lines.span(start, end), "", label),)
    assert loaded is not None
    found = _repeats(where) if loaded.notes & DUPLICATES else []
    if loaded.notes & REST:
        found.extend(_rest(where))
    return tuple(found)


def placeholders(scalars: Iterable[tuple[str, Any]]) -> tuple[tuple[str, str], ...]:
    """Return field paths and texts of those scalars that are strings and contain a placeholder, in order."""
    from joblint.source.unrendered.templates import placeholder_pattern

    holds = placeholder_pattern().search
    return tuple([(f, v) for f, v in scalars if isinstance(v, str) and holds(v) is not None])


def placeholders_in(value: Any, at: str = "") -> tuple[tuple[str, str], ...]:
    """Return `placeholders` of `scalars`, without working out the paths of the others."""
    from joblint.source.unrendered.templates import placeholder_pattern

    holds = placeholder_pattern().search
    left: list[tuple[Way, Any]] = [(None, value)]
    seen: set[int] = set()
    found = []
    while left:
        way, value = left.pop()
        if isinstance(value, str):
            if holds(value) is not None:
                found.append((path_of(way, at), value))
        elif isinstance(value, (dict, list)) and id(value) not in seen:
            seen.add(id(value))
            if isinstance(value, dict):
                left.extend([((way, k), v) for k, v in reversed(value.items())])
            else:
                left.extend([((way, i), value[i]) for i in range(len(value) - 1, -1, -1)])
    return tuple(found)


def by_object(items: Iterable[T], field_of: Callable[[T], str], prefixes: Container[str]) -> dict[str, list[T]]:
    """What is in a document's objects, by the prefixes of their field paths, in its order: one walk for all of them."""
    found: dict[str, list[T]] = {}
    for item in items:
        field = field_of(item)
        end = field.find("].") + 2
        while end > 1:
            if field[:end] in prefixes:
                found.setdefault(field[:end], []).append(item)
                break
            end = field.find("].", end) + 2
    return found


def scalars(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Field paths and values of all scalars in JSON data, in its order; what aliases share comes once. `at` is the data's own
    path."""
    left = [(at, value)]
    seen: set[int] = set()
    while left:
        field, value = left.pop()
        if not isinstance(value, (dict, list)):
            yield field, value
        elif id(value) not in seen:
            seen.add(id(value))
            if isinstance(value, dict):
                left.extend([(child(field, k), v) for k, v in reversed(value.items())])
            else:
                left.extend([(f"{field}[{i}]", value[i]) for i in range(len(value) - 1, -1, -1)])


def shared_scalars(value: Any, most: int) -> tuple[tuple[str, Any], ...]:
    """Return the same with what aliases share at each of its places; nothing if that would be more than `most` scalars."""
    left = [("", value)]
    found: list[tuple[str, Any]] = []
    while left:
        field, value = left.pop()
        if isinstance(value, dict):
            left.extend([(child(field, k), v) for k, v in reversed(value.items())])
        elif isinstance(value, list):
            left.extend([(f"{field}[{i}]", value[i]) for i in range(len(value) - 1, -1, -1)])
        else:
            found.append((field, value))
        if len(found) + len(left) > most:
            return ()
    return tuple(found)


def _text(part: Part) -> str:
    if part.json:
        from joblint.source.reading.json import decode

        return decode(part.data)
    try:
        return text_of(part.data)
    except YamlError:
        return part.data.decode("utf-8", "replace")


def _repeats(where: Places) -> list[Problem]:
    found = []
    for repeat in where.tree.repeats if where.tree is not None else ():
        first, second = where.lines.span(*repeat.first), where.lines.span(*repeat.second)
        if repeat.merged:
            message = f"The merge on line {second.line} replaces `{repeat.key}`, which is defined before it on line {first.line}"
            label = f"replaces {repeat.key}"
        else:
            message = f"`{repeat.key}` is defined twice: line {second.line} overrides line {first.line}"
            label = f"also on line {first.line}"
        found.append(Problem("duplicate-key", message, second, repeat.field, label, first))
    return found


def _rest(where: Places) -> list[Problem]:
    text, end = where.lines.text, where.tree.end if where.tree is not None else 0
    start = end
    for line in text[end:].split("\n"):
        bare = line.strip()
        if bare and not bare.startswith(("#", "...", "---")):
            start += len(line) - len(line.lstrip())
            break
        start += len(line) + 1
    else:
        return []
    row, _ = where.lines.place(start)
    stop = text.find("\n", start)
    message = f"kubectl stops reading this document here: it silently ignores everything from line {row} on"
    return [Problem("unread-text", message, where.lines.span(start, len(text) if stop < 0 else stop), "", "not read")]
