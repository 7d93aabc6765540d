"""Functions on lists and mappings. Source: sprig 3.3 (list.go, dict.go, defaults.go), imdario/mergo 1.0 (merge.go)."""

from __future__ import annotations

from joblint.source.helm.functions.go import type_of
from joblint.source.helm.functions.text import integer as _integer
from joblint.source.helm.functions.text import is_empty, strings
from joblint.source.helm.nodes import Failure
from joblint.source.helm.values import Struct, is_true, kind, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_MOST = 100_000


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Failure("a list is expected")
    return value


def _mapped(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict) or isinstance(value, Struct):
        raise Failure("wrong type for value; expected map[string]interface {}")
    return value


def _default(other: Any, *given: Any) -> Any:
    return other if not given or is_empty(given[0]) else given[0]


def _coalesce(*values: Any) -> Any:
    return next((value for value in values if not is_empty(value)), None)


def _dict(*words: Any) -> dict[str, Any]:
    return {shown(words[n]): words[n + 1] if n + 1 < len(words) else "" for n in range(0, len(words), 2)}


def _set(held: Any, key: Any, value: Any) -> dict[str, Any]:
    _mapped(held)[key] = value
    return _mapped(held)


def _unset(held: Any, key: Any) -> dict[str, Any]:
    _mapped(held).pop(key, None)
    return _mapped(held)


def _dig(*words: Any) -> Any:
    *path, other, held = words
    held = _mapped(held)
    for n, name in enumerate(path):
        if name not in held:
            return other
        held = held[name]
        if n + 1 < len(path):
            held = _mapped(held)
    return held


def _copied(value: Any) -> Any:
    if isinstance(value, Struct):
        return value
    if isinstance(value, dict):
        return {key: _copied(held) for key, held in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _merge(held: Any, *others: Any) -> dict[str, Any]:
    for other in others:
        _merged(_mapped(held), _mapped(other), False)
    return _mapped(held)


def _overwrite(held: Any, *others: Any) -> dict[str, Any]:
    for other in others:
        _merged(_mapped(held), _mapped(other), True)
    return _mapped(held)


def _merged(held: dict[str, Any], other: dict[str, Any], over: bool) -> None:
    for key, value in other.items():
        if value is None:
            if over:
                held[key] = value
            continue
        own = held.get(key)
        if isinstance(own, dict) and isinstance(value, dict):
            _merged(own, value, over)
        elif over or key not in held or not is_true(own):
            held[key] = value


def _until(begin: Any, end: Any, step: Any) -> list[Any]:
    begin, end, step = _integer(begin), _integer(end), _integer(step)
    if not step:
        return []
    if len(range(begin, end, step)) > _MOST:
        raise Failure("too long")
    return list(range(begin, end, step))


def _seq(*words: Any) -> str:
    begin, step, end = 1, 1, 0
    if len(words) == 1:
        (end,) = words
        step = -1 if end < 1 else 1
    elif len(words) == 2:
        begin, end = words
        step = -1 if end < begin else 1
    else:
        begin, step, end = words
    if len(range(begin, end, step)) > _MOST:
        raise Failure("too long")
    return " ".join([str(n) for n in range(begin, end + (1 if step > 0 else -1), step)])


def _uniq(items: Any) -> list[Any]:
    found: list[Any] = []
    for item in _listed(items):
        if not any(_same(item, other) for other in found):
            found.append(item)
    return found


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def _has(item: Any, items: Any) -> bool:
    return items is not None and any(_same(item, other) for other in _listed(items))


def _concat(*lists: Any) -> list[Any]:
    return [item for items in lists if items is not None for item in _listed(items)]


def _pluck(key: Any, *maps: Any) -> list[Any]:
    return [_mapped(one)[key] for one in maps if key in _mapped(one)]


def _names(items: tuple[Any, ...]) -> list[str]:
    return [name for item in items for name in (strings(item) if isinstance(item, list) else [item])]


def _omit(held: Any, *names: Any) -> dict[str, Any]:
    left = _names(names)
    return {key: value for key, value in _mapped(held).items() if key not in left}


def _pick(held: Any, *names: Any) -> dict[str, Any]:
    return {key: _mapped(held)[key] for key in _names(names) if key in _mapped(held)}


def _slice_of(items: Any, begin: Any = 0, end: Any = None) -> list[Any]:
    return _listed(items)[begin:] if end is None else _listed(items)[begin:end]


def _chunk(size: Any, items: Any) -> list[Any]:
    return [_listed(items)[n : n + size] for n in range(0, len(items), max(_integer(size), 1))]


COLLECTIONS: dict[str, Callable[..., Any]] = {
    "default": _default,
    "empty": is_empty,
    "coalesce": _coalesce,
    "all": lambda *values: all(not is_empty(value) for value in values),
    "any": lambda *values: any(not is_empty(value) for value in values),
    "dict": _dict,
    "get": lambda held, key: _mapped(held).get(key, ""),
    "set": _set,
    "unset": _unset,
    "hasKey": lambda held, key: key in _mapped(held),
    "pluck": _pluck,
    "keys": lambda *maps: sorted([key for one in maps for key in _mapped(one)]),
    "values": lambda held: [_mapped(held)[key] for key in sorted(_mapped(held))],
    "pick": _pick,
    "omit": _omit,
    "dig": _dig,
    "merge": _merge,
    "mustMerge": _merge,
    "mergeOverwrite": _overwrite,
    "mustMergeOverwrite": _overwrite,
    "deepCopy": _copied,
    "mustDeepCopy": _copied,
    "list": lambda *items: list(items),
    "tuple": lambda *items: list(items),
    "first": lambda items: _listed(items)[0] if items else None,
    "last": lambda items: _listed(items)[-1] if items else None,
    "rest": lambda items: _listed(items)[1:] if items else None,
    "initial": lambda items: _listed(items)[:-1] if items else None,
    "append": lambda items, item: [*_listed(items), item],
    "push": lambda items, item: [*_listed(items), item],
    "mustAppend": lambda items, item: [*_listed(items), item],
    "prepend": lambda items, item: [item, *_listed(items)],
    "concat": _concat,
    "reverse": lambda items: list(reversed(_listed(items))),
    "uniq": _uniq,
    "mustUniq": _uniq,
    "without": lambda items, *gone: [item for item in _listed(items) if not _has(item, list(gone))],
    "has": _has,
    "mustHas": _has,
    "compact": lambda items: [item for item in _listed(items) if not is_empty(item)],
    "sortAlpha": lambda items: sorted(strings(items)),
    "chunk": _chunk,
    "mustSlice": _slice_of,
    "until": lambda count: _until(0, count, 1 if _integer(count) > 0 else -1),
    "untilStep": _until,
    "seq": _seq,
    "kindOf": kind,
    "kindIs": lambda name, value: kind(value) == name if not isinstance(value, int) or isinstance(value, bool) else _int(name),
    "typeOf": type_of,
    "typeIs": lambda name, value: type_of(value) == name if type_of(value) != "int" else _int(name),
    "typeIsLike": lambda name, value: type_of(value) == name.lstrip("*") if type_of(value) != "int" else _int(name),
    "deepEqual": lambda one, other: _same(one, other),
}


def _int(name: Any) -> bool:
    """Whether an int or int64 is of a kind: which of the two is not known here."""
    if name in ("int", "int64"):
        from joblint.source.helm.nodes import Unsupported

        raise Unsupported("kindIs of an integer")
    return False
