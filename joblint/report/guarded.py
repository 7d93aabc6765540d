"""A part of a report that joblint fails to show: named in its place, so that the other parts are still shown."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def shown(lines: Iterable[str], part: str, failed: list[Exception]) -> list[str]:
    """Return the lines of a part (of one finding, one Job), or one that names it; an error is added to `failed`. Raises
    MemoryError."""
    try:
        return list(lines)
    except MemoryError:
        raise
    except Exception as error:
        failed.append(error)
        return [f"{part}: joblint cannot show this"]
