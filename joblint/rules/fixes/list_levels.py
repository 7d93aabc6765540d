"""The levels of the lines of a List that has lost its indentation; knows outlines, and levels of a single object."""

from __future__ import annotations

from joblint.base.record import replace
from joblint.rules.fixes.levels import Levels, levels

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.fixes.outline import Row

_KINDS = ("Job", "CronJob")
_STEP = 2  # the width of a dash and the space after it


def meant_levels(rows: tuple[Row, ...], version: str, kind: str) -> Iterator[Levels]:
    """Return the likeliest levels of the rows, best first: those of an object of that kind, or of a List of such objects."""
    begins = _items(rows)
    if not begins:
        if kind in _KINDS:
            yield from levels(rows, version, kind)
        return
    found = _of_list(rows, begins, version)
    if found is not None:
        yield found


def is_flat_list(rows: tuple[Row, ...]) -> bool:
    """Return whether the rows are those of a List without any indentation."""
    return bool(_items(rows))


def _items(rows: tuple[Row, ...]) -> list[int]:
    """The numbers of the rows at which the items of a List begin; empty if the rows are not a List without indentation."""
    at = next((n for n, row in enumerate(rows[:8]) if row.key == "items" and row.opens), None)
    if at is None or len({row.column for row in rows}) > 1 or any(row.dash for row in rows[:at]):
        return []
    if not any(row.key == "kind" and row.value.strip("\"'").endswith("List") for row in rows[:at]):
        return []
    begins = [n for n in range(at + 1, len(rows)) if rows[n].dash and rows[n].key == "apiVersion"]
    return begins if begins[:1] == [at + 1] else []


def _of_list(rows: tuple[Row, ...], begins: list[int], version: str) -> Levels | None:
    columns = [row.column for row in rows[: begins[0]]]
    added: list[tuple[int, int, str]] = []
    moved = filled = 0
    for start, stop in zip(begins, [*begins[1:], len(rows)], strict=True):
        first, *rest = rows[start:stop]
        kind = next((row.value.strip("\"'") for row in rest if row.key == "kind" and not row.dash), "")
        if kind not in _KINDS:
            return None
        item = next(levels((replace(first, dash=0), *rest), version, kind), None)
        if item is None:
            return None
        columns += [first.column, *[column + _STEP for column in item.columns[1:]]]
        added += [(number + start, column + _STEP, key) for number, column, key in item.added]
        moved += len(rest)
        filled += item.filled
    return Levels(tuple(columns), tuple(added), moved, filled)
