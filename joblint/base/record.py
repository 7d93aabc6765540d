"""Immutable, slotted value types that cost almost nothing to define; imports nothing.

The standard library's dataclasses import `inspect` and `re` (13 ms on a machine where an empty Python starts in 10), which is
more than the check of one file may take. `Record` provides what joblint uses of them: typed fields, defaults, keyword or
positional construction, equality, hash, repr, and no assignment afterwards.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar, dataclass_transform

    _T = TypeVar("_T")

    @dataclass_transform(frozen_default=True, eq_default=True)
    class Record: ...  # noqa: D101 - each is documented below

    def replace(item: _T, **changes: Any) -> _T: ...  # noqa: D103

    def fields(item: Any) -> tuple[str, ...]: ...  # noqa: D103

else:
    try:
        from _operator import attrgetter  # where operator, which is slower to import, gets it from
    except ImportError:  # not in CPython
        from operator import attrgetter

    _FEW = 100  # after this many records of a type, a constructor of its own pays off

    _MANY_FIELDS = 4  # from which on it is faster to set them in a twin of the type

    class _Type(type):
        """The type of record types: gives a class slots for its fields. A decorator could not: it would create each type twice,
        which takes half the time of the definition."""

        def __new__(mcs, name, bases, own):
            names = own.get("__annotations__")
            if names is None:  # from Python 3.14 on, a class may create them on request
                names = type.__new__(mcs, name, bases, {**own, "__slots__": ()}).__annotations__
            names = tuple(names)
            body = {k: v for k, v in own.items() if k not in names}
            body["__slots__"] = body["__match_args__"] = names
            defaults = {n: own[n] for n in names if n in own}
            if defaults:
                _check_order(name, names, defaults)
                body["_defaults"] = defaults
            for n in names:
                if n[0] == "_":
                    raise TypeError(f"a field of {name} begins with _")
            return type.__new__(mcs, name, bases, body)

    class Record(metaclass=_Type):
        """The base of immutable records: a subclass lists its fields as annotations, with defaults if they have any. Methods and
        properties are kept. Its definition raises TypeError if a field without a default follows one with a default, or begins
        with `_`."""

        _defaults = {}

        def __init__(self, *args, **kwargs):
            # Only few types of those that are imported have a record in a short run.
            made = type(self)
            _prepare(made, made.__slots__, made._defaults)
            made.__init__(self, *args, **kwargs)

        def __setattr__(self, name, *value):
            raise AttributeError(f"{type(self).__name__} is immutable: {name}")

        __delattr__ = __setattr__

        def __repr__(self):
            return f"{type(self).__name__}({', '.join(f'{n}={getattr(self, n)!r}' for n in self.__slots__)})"

        def __eq__(self, other):
            if type(other) is not type(self):
                return NotImplemented
            values = type(self)._values
            return values(self) == values(other)

        def __hash__(self):
            return hash((type(self), type(self)._values(self)))

        def __reduce__(self):
            return type(self), type(self)._values(self)

    def _check_order(name, names, defaults):
        for before, after in zip(names, names[1:], strict=False):
            if before in defaults and after not in defaults:
                raise TypeError(f"field {after} of {name} without a default follows one with a default")

    def _prepare(made, names, defaults):
        """Give a record type its constructor, and the function that returns the values of a record."""
        made._values = attrgetter(*names) if len(names) > 1 else lambda item: tuple([getattr(item, n) for n in names])
        # Slots are set through their descriptors, which the class's own __setattr__ does not guard.
        setters = tuple([made.__dict__[n].__set__ for n in names])
        left = _FEW

        # One function for all fields: compiling a constructor for each type would cost more than all calls in the check of one
        # file. A type with many records gets its own constructor later, which takes half the time.
        def __init__(self, *args, **kwargs):
            nonlocal left
            if left:
                left -= 1
            elif len(names) < _MANY_FIELDS:
                made.__init__ = _own_init(names, defaults, setters)
            else:
                made.__new__ = _own_new(made, names, defaults)
                made.__init__ = object.__init__
            if kwargs or len(args) != len(setters):
                args = _arguments(made, names, defaults, args, kwargs)
            for setter, value in zip(setters, args):  # noqa: B905 - strict costs, and the lengths are equal
                setter(self, value)

        made.__init__ = __init__

    def _arguments(made, names, defaults, args, kwargs):
        """Return the values of all fields in order. Raises TypeError, as a plain function would."""
        if len(args) > len(names):
            raise TypeError(f"{made.__name__} takes {len(names)} values, {len(args)} were given")
        values = list(args)
        for n in names[len(args) :]:
            if n in kwargs:
                values.append(kwargs.pop(n))
            elif n in defaults:
                values.append(defaults[n])
            else:
                raise TypeError(f"{made.__name__} misses a value for {n}")
        for n in kwargs:
            raise TypeError(f"{made.__name__} has no field {n}, or got it twice")
        return values

    def _own_init(names, defaults, setters):
        """Return the constructor of one type, with its fields by name: its only inputs are the setters and the defaults."""
        given = [f"{n}=default_{n}" if n in defaults else n for n in names]
        known = {f"set_{n}": setter for n, setter in zip(names, setters, strict=True)}
        known.update({f"default_{n}": value for n, value in defaults.items()})
        body = "".join([f"\n  set_{n}(self, {n})" for n in names])
        text = f"def make({', '.join(known)}):\n def __init__(self, {', '.join(given)}):{body or ' pass'}\n return __init__"
        made = {}
        exec(text, made)
        return made["make"](**known)

    def _own_new(made, names, defaults):
        """Return the constructor of one type with many fields: they are set in a twin of the type, which can be changed and
        then becomes the type. No field begins with `_`, so the names below are free."""
        given = [f"{n}=_of_{n}" if n in defaults else n for n in names]
        known = {f"_of_{n}": value for n, value in defaults.items()}
        known.update(_new=object.__new__, _twin=_twin(made.__name__, names))
        body = "".join([f"\n  _item.{n} = {n}" for n in names])
        text = f"def make({', '.join(known)}):\n def __new__(_cls, {', '.join(given)}):\n  _item = _new(_twin){body}"
        found = {}
        exec(text + "\n  _item.__class__ = _cls\n  return _item\n return __new__", found)
        return found["make"](**known)

    def _twin(name, names):
        """Return a type of the same layout whose fields can be set."""
        own = {"__slots__": names, "__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
        return type.__new__(_Type, name, (Record,), own)

    def replace(item, **changes):
        """Return a copy of a record with some fields changed."""
        return type(item)(**{n: changes.pop(n, getattr(item, n)) for n in item.__slots__}, **changes)

    def fields(item):
        """Return the names of the fields of a record, or of a record type, in order."""
        return item.__slots__
