"""Field paths as the API server writes them: `spec.template.spec.containers[0].image`, `metadata.labels[a/b]`; no documents."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Way = tuple["Way", str | int] | None
    """Steps, the last one first, each with those before it."""

MAPS = (
    *("labels", "annotations", "matchLabels", "nodeSelector", "limits", "requests", "overhead", "options"),
    *("data", "stringData", "binaryData", "volumeAttributes"),
)
"""How paths of fields end whose keys are names of any kind."""


def steps(field: str) -> list[str | int]:
    """Return the keys and indexes of a field path: "metadata.labels[a/b]" is ["metadata", "labels", "a/b"].

    What is in brackets is an index if it is a number. A key that contains `]` is read to the last bracket that ends it.
    """
    found: list[str | int] = []
    rest = field
    while rest:
        if rest[0] == "[":
            end = _bracket_end(rest)
            name = rest[1:end]
            found.append(int(name) if name.isdecimal() and name.isascii() and len(name) < 10 else name)
            rest = rest[end + 1 :]
        else:
            end = _name_end(rest)
            found.append(rest[:end])
            rest = rest[end:]
        if rest[:1] == ".":
            rest = rest[1:]
            if not rest:
                found.append("")
    return found


def value_at(value: Any, path: list[str | int]) -> Any:
    """Return the value of JSON data at the steps of a path; None if there is none, or if the data has another structure."""
    for step in path:
        if isinstance(value, list):
            value = value[step] if isinstance(step, int) and step < len(value) else None
        elif isinstance(value, dict):
            value = value.get(str(step))  # a key of digits reads like an index
        else:
            return None
    return value


def changed(value: Any, path: list[str | int], new: Any) -> Any:
    """Return a copy of JSON data with `new` at the steps of a path, whose last key may be a new one; the same object if the
    path leads nowhere. What is next to the path is shared, not copied."""
    if not path:
        return new
    copy = _copy_for(value, path[0])
    if copy is None or len(path) > 1 and not _holds(value, path[0]):
        return value
    key: Any = _key_of(value, path[0])
    inner = changed(value[key], path[1:], new) if len(path) > 1 else new
    if len(path) > 1 and inner is value[key]:
        return value
    copy[key] = inner
    return copy


def without(value: Any, path: list[str | int]) -> Any:
    """Return a copy of JSON data without the entry of a mapping at the steps of a path; the same object if there is none. What
    is next to the path is shared, not copied."""
    parent = value_at(value, path[:-1])
    key = str(path[-1])
    if not isinstance(parent, dict) or key not in parent:
        return value
    return changed(value, path[:-1], {k: v for k, v in parent.items() if k != key})


def _key_of(value: Any, step: str | int) -> str | int:
    return str(step) if isinstance(value, dict) else step  # a key of digits reads like an index


def _holds(value: Any, step: str | int) -> bool:
    return isinstance(value, dict) and str(step) in value or isinstance(value, list)


def _copy_for(value: Any, step: str | int) -> Any:
    """A shallow copy in which the step can be set, None if there is none."""
    if isinstance(value, dict):
        return dict(value)
    return list(value) if isinstance(value, list) and isinstance(step, int) and step < len(value) else None


def child(field: str, key: str) -> str:
    """The path of a mapping's entry below `field`, as the server writes it: in brackets where any name may be, or where
    the name is not a plain one; else after a dot."""
    if field.rpartition(".")[2] in MAPS or not (key.isascii() and key.replace("-", "_").isidentifier()):
        return f"{field}[{key}]"
    return f"{field}.{key}" if field else key


def path_of(way: Way, at: str = "") -> str:
    """The path below `at` that some steps lead to."""
    steps: list[str | int] = []
    while way is not None:
        way, step = way
        steps.append(step)
    for step in reversed(steps):
        at = child(at, step) if isinstance(step, str) else f"{at}[{step}]"
    return at


def next_step(rest: str, keys: Any) -> tuple[str, str] | None:
    """Return the first key of the path `rest` among a mapping's keys, and what follows it; None if none of them matches.

    The server writes some keys that contain dots without brackets: the longest matching key is used.
    """
    if rest[0] == "[":
        end = rest.find("]")
        while end > 0:
            if rest[1:end] in keys and rest[end + 1 : end + 2] in ("", ".", "["):
                return rest[1:end], _after(rest, end + 1)
            end = rest.find("]", end + 1)
        return None
    found = None
    end = 0
    while end < len(rest):
        end = _name_end(rest, end + 1)
        if rest[:end] in keys:
            found = rest[:end], _after(rest, end)
    return found


def steps_in(value: Any, field: str) -> list[str | int]:
    """Return the keys and indexes of a field path as the server writes it, where keys may contain dots: those of the value if
    it has the field, else as `steps` reads them."""
    found: list[str | int] = []
    rest = field
    while rest:
        if isinstance(value, dict):
            step = next_step(rest, value)
            if step is None:
                return [*found, *steps(rest)]
            key, rest = step
            found.append(key)
            value = value[key]
        elif isinstance(value, list) and rest[0] == "[" and rest[1 : rest.find("]")].isdecimal():
            end = rest.find("]")
            index = int(rest[1:end])
            found.append(index)
            value, rest = value[index] if index < len(value) else None, _after(rest, end + 1)
        else:
            return [*found, *steps(rest)]
    return found


def _after(rest: str, end: int) -> str:
    return rest[end + 1 :] if rest[end : end + 1] == "." else rest[end:]


def _name_end(rest: str, begin: int = 0) -> int:
    dot, bracket = rest.find(".", begin), rest.find("[", begin)
    if dot < 0:
        dot = len(rest)
    return min(dot, bracket) if bracket >= 0 else dot


def _bracket_end(rest: str) -> int:
    end = rest.find("]")
    while end >= 0:
        if rest[end + 1 : end + 2] in ("", ".", "["):
            return end
        end = rest.find("]", end + 1)
    return len(rest)
