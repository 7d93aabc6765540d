"""Immutable, slotted value types that cost almost nothing to define; imports nothing.

The standard library's dataclasses pull in `inspect` and `re` (13 ms on a machine where an empty Python starts in 10),
more than a whole check of one file may take. `record` gives what joblint uses of them: typed fields, defaults, keyword
or positional construction, equality, hash, repr, and no assignment afterwards.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar, dataclass_transform

    _T = TypeVar("_T")

    @dataclass_transform(frozen_default=True, eq_default=True)
    def record(cls: type[_T]) -> type[_T]: ...

    def replace(item: _T, **changes: Any) -> _T: ...

    def fields(item: Any) -> tuple[str, ...]: ...

else:

    def record(cls):
        """Turn an annotated class into an immutable record; methods and properties of the class are kept.

        Raises TypeError where a field without a default follows one with a default.
        """
        names = tuple(cls.__dict__.get("__annotations__", ()))
        defaults = {n: cls.__dict__[n] for n in names if n in cls.__dict__}
        body = {k: v for k, v in cls.__dict__.items() if k not in names and k not in ("__dict__", "__weakref__")}
        params, seen_default = [], False
        for n in names:
            if n in defaults:
                seen_default = True
                params.append(f"{n}=_d[{n!r}]")
            elif seen_default:
                raise TypeError(f"field {n} without a default follows one with a default")
            else:
                params.append(n)
        # Slots are written through their descriptors, which the class's own __setattr__ does not guard.
        lines = [f"def __init__(self, {', '.join(params)}):"] + [f"    _s_{n}(self, {n})" for n in names]
        body.update(
            __slots__=names,
            __match_args__=names,
            __setattr__=_frozen,
            __delattr__=_frozen,
            __repr__=_repr,
            __eq__=_eq,
            __hash__=_hash,
            __reduce__=_reduce,
        )
        made = type(cls.__name__, cls.__bases__, body)
        space = {"_d": defaults}
        for n in names:
            space[f"_s_{n}"] = made.__dict__[n].__set__
        exec("\n".join(lines) if names else "def __init__(self):\n    pass", space)
        made.__init__ = space["__init__"]
        return made

    def replace(item, **changes):
        """A copy of a record with some fields changed."""
        return type(item)(**{n: changes.pop(n, getattr(item, n)) for n in item.__slots__}, **changes)

    def fields(item):
        """The names of a record's fields, or of those of a record type, in order."""
        return item.__slots__

    def _frozen(self, name, *value):
        raise AttributeError(f"{type(self).__name__} is immutable: {name}")

    def _repr(self):
        return f"{type(self).__name__}({', '.join(f'{n}={getattr(self, n)!r}' for n in self.__slots__)})"

    def _eq(self, other):
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, n) == getattr(other, n) for n in self.__slots__)

    def _hash(self):
        return hash((type(self), *(getattr(self, n) for n in self.__slots__)))

    def _reduce(self):
        return type(self), tuple(getattr(self, n) for n in self.__slots__)
