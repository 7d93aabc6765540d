"""The level that each line of a manifest was meant for, by the fields of a Kubernetes version; knows outlines and schemas.

The order of the lines is kept; only their indentation changes, and a missing line such as `spec:` is added. The search has a
few hundred states at most: each line goes where a field of its name is valid, at the least cost.
"""

from __future__ import annotations

from joblint.api.version.schema import INTS, QUANTITY_MAP, RAW, STRING_MAP, STRINGS, STRUCT, STRUCTS, load
from joblint.base.record import Record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.fixes.outline import Row

_WIDTH = 24  # states kept after each line
_MOST_ROWS = 400
_WRAPPERS = ("metadata", "spec", "template", "jobTemplate")
_MISPLACED, _FIRST, _LEFT_EMPTY, _WRAPPED, _OTHER = 2.0, 1.0, 1.5, 2.5, 3.0

_FREE = -1  # used for the number of a struct: a mapping with arbitrary keys
_LISTS = (STRUCTS, STRINGS, INTS)
_MAPS = (STRING_MAP, QUANTITY_MAP, RAW)


class Levels(Record):
    """The column of each row (in order), the lines to insert before rows (row, column, key), and how certain that is: the
    number of rows that move, and of fields without a value that get one."""

    columns: tuple[int, ...]
    added: tuple[tuple[int, int, str], ...]
    moved: int
    filled: int


class _Frame(Record):
    """A mapping or list that lines may still belong to: `struct` is that of the mapping or of the list's items, `stands` the
    column of its entries as written, `column` the one that they get (None: there is no entry yet)."""

    list: int  # the operation of a list, -1 for a mapping
    struct: int
    seen: frozenset[str]
    stands: int | None
    column: int | None
    opener: int
    opened: int


class _State(Record):
    cost: float
    stack: tuple[_Frame, ...]
    steps: Any  # (column, added, before)
    moved: int
    filled: int


def levels(rows: tuple[Row, ...], version: str, kind: str) -> Iterator[Levels]:
    """Return the likeliest levels of the rows of an object of that kind, best first; nothing if a line fits nowhere."""
    if not rows or len(rows) > _MOST_ROWS:
        return
    schema = load(version)
    structs = schema["structs"]
    root = _Frame(-1, schema["roots"][kind], frozenset(), rows[0].column, rows[0].column, rows[0].column - 2, rows[0].column - 2)
    states = [_State(0.0, (root,), None, 0, 0)]
    for number, row in enumerate(rows):
        following: dict[tuple[_Frame, ...], _State] = {}
        for state in states:
            for made in _placed(structs, state, row, number):
                known = following.get(made.stack)
                if known is None or made.cost < known.cost:
                    following[made.stack] = made
        states = sorted(following.values(), key=lambda s: s.cost)[:_WIDTH]
    for state in states[:4]:
        columns: list[int] = []
        added: list[tuple[int, int, str]] = []
        steps = state.steps
        while steps is not None:
            column, more, steps = steps
            columns.append(column)
            added = [*more, *added]
        yield Levels(tuple(reversed(columns)), tuple(added), state.moved, state.filled)


def _placed(structs: list[Any], state: _State, row: Row, number: int) -> Iterator[_State]:
    """The states after one more row."""
    left_empty = 0.0
    for depth in range(len(state.stack) - 1, -1, -1):
        frame = state.stack[depth]
        cost = state.cost + left_empty + 0.01 * (len(state.stack) - 1 - depth)
        if frame.column is None:
            left_empty += _LEFT_EMPTY
        if row.dash:
            if frame.list >= 0:
                made = _item(structs, state, depth, row, cost)
                if made is not None:
                    yield made
            continue
        if frame.list >= 0 or row.key is None:
            continue
        for chain in _chains(structs, frame, row):
            yield _entry(structs, state, depth, row, number, cost, chain)


def _chains(structs: list[Any], frame: _Frame, row: Row) -> Iterator[tuple[str, ...]]:
    """The fields from a mapping to one that may contain the row: none if it is that mapping itself."""
    if frame.struct == _FREE:
        if row.key not in frame.seen:
            yield ()
        return
    fields = structs[frame.struct][1]
    if row.key in fields:
        if row.key not in frame.seen and _fits(fields[row.key], row):
            yield ()
        return
    level: list[tuple[int, tuple[str, ...]]] = [(frame.struct, ())]
    for _ in range(3):
        following = []
        for struct, chain in level:
            for name in _WRAPPERS:
                field = structs[struct][1].get(name)
                if field is None or field[0] != STRUCT or (not chain and name in frame.seen):
                    continue
                inner = structs[field[1]][1].get(row.key)
                if inner is not None and _fits(inner, row):
                    yield (*chain, name)
                following.append((field[1], (*chain, name)))
        level = following


def _fits(field: Any, row: Row) -> bool:
    """Whether the value on a row's line is valid for a field."""
    operation, value = field[0], row.value
    if not value or value in ("null", "~"):
        return True
    if operation in _LISTS:
        return value[0] == "["
    if operation == STRUCT or operation in _MAPS:
        return value[0] == "{"
    return value[0] not in "[{"


def _column(frame: _Frame, row: Row) -> int:
    """The column that a row gets in a mapping or list: that of its other entries, otherwise its current one."""
    if frame.column is not None:
        return frame.column
    inward = row.column - frame.opener
    least = 0 if frame.list >= 0 else 1
    return frame.opened + (inward if inward >= least else 0 if frame.list >= 0 else 2)


def _price(state: _State, depth: int, row: Row) -> float:
    """The cost of a row in a place: nothing if it is already there."""
    frame = state.stack[depth]
    if frame.stands is None:
        return 0.0 if row.column >= frame.opener + (0 if frame.list >= 0 else 1) else _FIRST
    if frame.stands == row.column:
        return 0.0
    return _OTHER if any(f.stands == row.column for f in state.stack) else _MISPLACED


def _entry(structs: list[Any], state: _State, depth: int, row: Row, number: int, cost: float, chain: tuple[str, ...]) -> _State:
    frame = state.stack[depth]
    column = _column(frame, row)
    cost += _price(state, depth, row) + _WRAPPED * len(chain)
    stack = state.stack[:depth]
    added = []
    for name in chain:
        stack += (replace(frame, seen=frame.seen | {name}, column=column, stands=_stands(frame, row)),)
        added.append((number, column, name))
        struct = structs[frame.struct][1][name][1]
        # What is next to a row without its wrapper belongs into the wrapper as well.
        frame = _Frame(-1, struct, frozenset(), row.column, None, row.column - 2, column)
        column += 2
    assert row.key is not None
    stack += (replace(frame, seen=frame.seen | {row.key}, column=column, stands=_stands(frame, row)),)
    stack += _opened(structs, frame, row, row.key, row.column, column)
    return _next(state, cost, stack, row, column, tuple(added), frame)


def _item(structs: list[Any], state: _State, depth: int, row: Row, cost: float) -> _State | None:
    frame = state.stack[depth]
    column = _column(frame, row)
    cost += _price(state, depth, row)
    stack = (*state.stack[:depth], replace(frame, column=column, stands=_stands(frame, row)))
    if frame.list == STRUCTS and row.key is None and row.value[:1] == "{":
        return _next(state, cost, stack, row, column, (), frame)
    if frame.list == STRUCTS:
        field = structs[frame.struct][1].get(row.key)
        if row.key is None or field is None or not _fits(field, row):
            return None
        inner = row.column + row.dash, column + row.dash
        item = _Frame(-1, frame.struct, frozenset([row.key]), None, inner[1], row.column, column)
        stack += (item, *_opened(structs, item, row, row.key, *inner))
    elif row.key is not None and not row.value:
        return None
    return _next(state, cost, stack, row, column, (), frame)


def _stands(frame: _Frame, row: Row) -> int:
    return row.column if frame.stands is None else frame.stands


def _opened(structs: list[Any], frame: _Frame, row: Row, key: str, stands: int, column: int) -> tuple[_Frame, ...]:
    """The mapping or list that a row without a value begins."""
    if row.value or frame.struct == _FREE:
        return ()
    operation, argument = structs[frame.struct][1][key][:2]
    if operation in _LISTS:
        return (_Frame(operation, argument, frozenset(), None, None, stands, column),)
    if operation == STRUCT:
        return (_Frame(-1, argument, frozenset(), None, None, stands, column),)
    return (_Frame(-1, _FREE, frozenset(), None, None, stands, column),) if operation in _MAPS else ()


def _next(
    state: _State,
    cost: float,
    stack: tuple[_Frame, ...],
    row: Row,
    column: int,
    added: tuple[tuple[int, int, str], ...],
    frame: _Frame,
) -> _State:
    filled = frame.column is None and frame.stands is None and row.column < frame.opener + (0 if frame.list >= 0 else 1)
    return _State(
        cost, stack, (column, added, state.steps), state.moved + (column != row.column or bool(added)), state.filled + filled
    )
