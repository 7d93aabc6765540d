"""Strict decoding of JSON data into the typed form, as the API server does it; knows the schema, no rule of validation.

Source: sigs.k8s.io/json v0.0.0-20250730193827 (UnmarshalStrict) as k8s.io/apimachinery v0.36.3 calls it, with the
UnmarshalJSON methods of Quantity, IntOrString and Time. kubectl sends its keys sorted, so "first" is alphabetical.
"""

from __future__ import annotations

from joblint.api.go.quantity import QuantityError, from_json
from joblint.api.verdict import ApiError
from joblint.api.version import schema
from joblint.api.version.schema import (
    BITS,
    BOOL,
    INT,
    INT_OR_STRING,
    INTS,
    NIL,
    QUANTITY,
    QUANTITY_MAP,
    RAW,
    STRING,
    STRING_MAP,
    STRINGS,
    STRUCT,
    STRUCTS,
    TIME,
)
from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from joblint.api.version.schema import Field, Struct
    from joblint.api.version.versions import Gates

    Step: TypeAlias = str | int | tuple[str]  # a field, an index of a list, a key of a map

_MOST_UNKNOWN = 100  # the server lists no more
_MOST_WRONG_TYPES = 100
_SEPARATORS = frozenset(".[]")  # a key that holds one of them would be taken for several


class Decoded(Record):
    """A decoded object.

    `obj` is the typed copy, not usable if `failure` says what stopped decoding it; `unknown` are the errors for unknown fields.
    `empty` are the places (dict, key) of empty lists and maps that Go does not write, `missing` those of missing lists that it
    writes as null: see `tidy`. `further` are the other values of a wrong type: the server reports them once the ones before are
    fixed.
    """

    obj: dict[str, Any]
    failure: ApiError | None
    unknown: tuple[ApiError, ...] = ()
    empty: tuple[tuple[dict[str, Any], str], ...] = ()
    missing: tuple[tuple[dict[str, Any], str], ...] = ()
    further: tuple[ApiError, ...] = ()


def decode(value: dict[str, Any], gates: Gates) -> Decoded:
    """Decode an object of kind Job or CronJob by the schema of a version.

    The copy is what Go writes again as JSON: without nulls and unknown fields, without values that are omitted when zero (a
    pointer's zero is kept), whole numbers as int, quantities in their canonical form, with the fields that are always written.
    Only empty lists and maps are unchanged, because the server distinguishes them from missing ones; `tidy` removes them. The
    copy is not usable if something stops decoding. `value` is not changed.
    """
    run = _Run(schema.load(gates.version), value["kind"], gates.has("EmbeddedStructsInTypeErrors"))
    try:
        out = _struct(run, run.root, value)
    except _Stop as stop:
        return Decoded({}, ApiError("Decode", run.path(), str(stop), given=stop.given, wanted=stop.wanted))
    if run.failure is not None:
        return Decoded({}, run.failure, further=tuple(run.further))
    unknown: list[ApiError] = []
    if run.unknown:
        from joblint.api.errors import go_quote

        unknown = [ApiError("Strict", p, f"unknown field {go_quote(p)}") for p in dict.fromkeys(run.unknown)][:_MOST_UNKNOWN]
    return Decoded(out, None, tuple(unknown), tuple(run.empty), tuple(run.missing))


def wrong_types(value: dict[str, Any], gates: Gates) -> tuple[ApiError, ...]:
    """What keeps an object of kind Job or CronJob from being decoded, the server's own error first; () if nothing does."""
    decoded = decode(value, gates)
    return () if decoded.failure is None else (decoded.failure, *decoded.further)


def tidy(decoded: Decoded) -> None:
    """Bring a decoded object, which may have been changed since, into the form that Go writes: in place."""
    for owner, key in decoded.missing:
        owner.setdefault(key, None)
    for owner, key in decoded.empty:
        if not owner.get(key, True):
            del owner[key]
    labels = decoded.obj["metadata"].get("labels")
    if labels is not None and not labels:
        del decoded.obj["metadata"]["labels"]


class _Stop(Exception):
    """A type's own UnmarshalJSON failed: the server stops there, and discards errors it has saved before."""

    given = ""
    wanted = ""


class _Run:
    """One decoding: the current position, and the results so far."""

    __slots__ = ("embedded", "empty", "failure", "further", "missing", "root", "stack", "structs", "unknown")

    def __init__(self, compiled: dict[str, Any], kind: str, name_embedded: bool) -> None:
        self.structs: list[Struct] = compiled["structs"]
        self.root: int = compiled["roots"][kind]
        self.embedded: dict[int, dict[str, str]] = compiled["embedded"] if name_embedded else {}
        self.stack: list[Step] = []  # keys and list indexes down to the value at hand
        self.failure: ApiError | None = None
        self.further: list[ApiError] = []
        self.unknown: list[str] = []
        self.empty: list[tuple[dict[str, Any], str]] = []
        self.missing: list[tuple[dict[str, Any], str]] = []

    def path(self, *more: Step) -> str:
        """Return the field path of the current value, as the server writes it in strict errors; a map's key with a dot is in
        brackets."""
        text = ""
        for part in (*self.stack, *more):
            if isinstance(part, int):
                text += f"[{part}]"
            elif isinstance(part, tuple):
                text += f"[{part[0]}]" if _SEPARATORS & set(part[0]) else f".{part[0]}"
            else:
                text += f".{part}" if text else part
        return text


def _struct(run: _Run, index: int, value: dict[str, Any]) -> dict[str, Any]:
    """The typed copy of one object. The operations are in the order of how often they occur in manifests."""
    name, fields, always = run.structs[index]
    stack = run.stack
    out: dict[str, Any] = {}
    for key in sorted(value):
        field = fields.get(key)
        if field is None:
            run.unknown.append(run.path(key))
            continue
        item = value[key]
        if item is None and field[0] != QUANTITY and field[0] != INT_OR_STRING:
            continue
        operation, argument, keep, go_type = field
        if operation == STRING:
            if type(item) is not str:
                _wrong(run, name, item, go_type, key)
            elif item or keep:
                out[key] = item
        elif operation == STRUCT:
            if type(item) is dict:
                stack.append(key)
                out[key] = _struct(run, argument, item)
                stack.pop()
            else:
                _wrong(run, name, item, go_type, key)
        elif operation == STRUCTS:
            if type(item) is list:
                stack.append(key)
                out[key] = _structs(run, name, argument, item, go_type[2:])
                stack.pop()
                if not item and not keep:
                    run.empty.append((out, key))
            else:
                _wrong(run, name, item, go_type, key)
        elif operation == STRINGS:
            if type(item) is list:
                out[key] = [e if type(e) is str else _string(run, name, e, go_type[2:], key, i) for i, e in enumerate(item)]
                if not item and not keep:
                    run.empty.append((out, key))
            else:
                _wrong(run, name, item, go_type, key)
        elif operation == INT:
            number = item if type(item) is int else _whole(item)
            low, high = BITS[argument]
            if number is None or not low <= number <= high:
                _wrong(run, name, item, go_type, key, number=True)
            elif number or keep:
                out[key] = number
        elif operation == BOOL:
            if type(item) is not bool:
                _wrong(run, name, item, go_type, key)
            elif item or keep:
                out[key] = item
        elif operation == STRING_MAP:
            if type(item) is dict:
                out[key] = {k: v if type(v) is str else _map_string(run, name, v, key, k) for k, v in sorted(item.items())}
                if not item:
                    run.empty.append((out, key))
            else:
                _wrong(run, name, item, go_type, key)
        elif operation == QUANTITY_MAP:
            if type(item) is dict:
                out[key] = {k: _quantity(run, v, key, (k,)) for k, v in sorted(item.items())}
                if not item:
                    run.empty.append((out, key))
            else:
                _wrong(run, name, item, go_type, key)
        elif operation == QUANTITY:
            if item is not None or not keep:
                out[key] = _quantity(run, item, key)
        else:
            _rare(run, name, field, item, key, out)
    for key, zero in always:
        if key in out:
            continue
        if zero == NIL:
            run.missing.append((out, key))
        else:
            out[key] = _struct(run, zero[0], {}) if type(zero) is tuple else zero
    return out


def _structs(run: _Run, name: str, index: int, items: list[Any], go_type: str) -> list[Any]:
    out = []
    stack = run.stack
    for i, item in enumerate(items):
        if type(item) is dict:
            stack.append(i)
            out.append(_struct(run, index, item))
            stack.pop()
        elif item is None:
            out.append(_struct(run, index, {}))
        else:
            _wrong(run, name, item, go_type, i)
    return out


def _string(run: _Run, name: str, item: object, go_type: str, *where: Step) -> str:
    """A null in a list or map of strings is an empty one; anything else is wrong."""
    if item is not None:
        _wrong(run, name, item, go_type, *where)
    return ""


def _map_string(run: _Run, name: str, item: object, key: str, map_key: str) -> str:
    return _string(run, name, item, "string", key, (map_key,))


def _whole(item: object) -> int | None:
    """The number as an integer where kubectl writes it without a fraction or an exponent: 1e3, but not 1e21 or 0.5."""
    if type(item) is float and item == item // 1 and abs(item) < 1e21:
        if abs(item) < 1 << 53:
            return int(item)
        from joblint.api.go.number import go_float

        return int(go_float(item))  # the shortest text that means this float is what is sent, not all of its digits
    return None


def _quantity(run: _Run, item: object, *where: Step) -> str:
    try:
        return str(from_json(item))
    except QuantityError as error:
        raise _stop(run, str(error), *where) from None


def _stop(run: _Run, text: str, *where: Step) -> _Stop:
    run.stack.extend(where)
    return _Stop(text)


def _stop_at_type(run: _Run, name: str, item: object, go_type: str, key: str, number: bool) -> _Stop:
    from joblint.api.go.text import kind_of

    stop = _stop(run, _text(run, name, item, go_type, (key,), number), key)
    stop.given, stop.wanted = kind_of(item), go_type
    return stop


def _wrong(run: _Run, name: str, item: object, go_type: str, *where: Step, number: bool = False) -> None:
    """Save a wrong type; the server reports the first one. `number`: the Go type is one, so the text of a number is
    included."""
    if run.failure is not None and len(run.further) >= _MOST_WRONG_TYPES:
        return
    from joblint.api.go.text import kind_of

    text = _text(run, name, item, go_type, where, number)
    error = ApiError("Decode", run.path(*where), text, given=kind_of(item), wanted=go_type)
    if run.failure is None:
        run.failure = error
    else:
        run.further.append(error)


def _text(run: _Run, name: str, item: object, go_type: str, where: tuple[Step, ...], number: bool) -> str:
    from joblint.api.go.text import kind_of, number_text

    word = kind_of(item)
    if number and word == "number":
        word = f"number {number_text(item)}"
    return f"json: cannot unmarshal {word} into Go struct field {name}.{_go_path(run, where)} of type {go_type}"


def _go_path(run: _Run, where: tuple[Step, ...]) -> str:
    """The path as Go's errors name it: without list indexes and keys of maps, but with the embedded structs on the way."""
    parts: list[str] = []
    index = run.root
    for part in (*run.stack, *where):
        if index >= 0 and isinstance(part, str):
            outer = run.embedded.get(index, {}).get(part)
            parts += [outer, part] if outer else [part]
            operation, argument = run.structs[index][1][part][:2]
            index = argument if operation in (STRUCT, STRUCTS) else -1
    return ".".join(parts)


def _rare(run: _Run, name: str, field: Field, item: Any, key: str, out: dict[str, Any]) -> None:
    """The types that occur in few manifests: those with an UnmarshalJSON of their own, lists of numbers, raw JSON."""
    operation, argument, keep, go_type = field
    if operation == INTS:
        if type(item) is list:
            out[key] = _ints(run, name, argument, item, go_type[2:], key)
            if not item and not keep:
                run.empty.append((out, key))
        else:
            _wrong(run, name, item, go_type, key)
    elif operation == INT_OR_STRING:
        if type(item) is str:
            out[key] = item
        else:
            number = 0 if item is None else item if type(item) is int else _whole(item)
            low, high = BITS[32]
            if number is None or not low <= number <= high:
                raise _stop_at_type(run, name, item, "int32", key, True)
            out[key] = number
    elif operation == TIME:
        from joblint.api.go.text import time_value

        if type(item) is not str:
            raise _stop_at_type(run, name, item, "string", key, False)
        problem, time = time_value(item)
        if problem:
            raise _stop(run, problem, key)
        if time:
            out[key] = time
    elif operation == RAW:
        out[key] = item


def _ints(run: _Run, name: str, bits: int, items: list[Any], go_type: str, key: str) -> list[int]:
    numbers = []
    low, high = BITS[bits]
    for i, item in enumerate(items):
        number = 0 if item is None else item if type(item) is int else _whole(item)
        if number is None or not low <= number <= high:
            _wrong(run, name, item, go_type, key, i, number=True)
        else:
            numbers.append(number)
    return numbers
