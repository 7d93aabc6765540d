"""Which fields exist, and where: to find what a misspelled or misplaced one was meant to be.

Knows the compiled schemas, nothing of validation. Not used for a manifest without errors.
"""

from __future__ import annotations

from functools import lru_cache

from joblint.api.version.schema import QUANTITY_MAP, STRING, STRING_MAP, STRUCT, STRUCTS, load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

_DEPTH = 9  # spec.jobTemplate.spec.template.spec.volumes[*].projected.sources[*].secret: deeper is nothing one would misplace


def names_at(version: str, kind: str, steps: Sequence[str | int]) -> tuple[str, ...]:
    """Return the fields that the object at a path may have, () if it is not an object with fields of its own."""
    found, unknown = _along(version, kind, steps)
    if unknown:
        return ()
    return tuple(_names(version, found[-1][2])) if found else tuple(load(version)["structs"][load(version)["roots"][kind]][1])


def field_at(version: str, kind: str, steps: Sequence[str | int]) -> Any:
    """Return the field at a path as joblint.api.version.schema has it: its type, then what that is made of; None if there is no
    such field."""
    found, unknown = _along(version, kind, steps)
    return found[-1][2] if found and not unknown else None


def type_at(version: str, kind: str, steps: Sequence[str | int]) -> int:
    """Return the type of the field at a path: one of the operations of joblint.api.version.schema. For an item, an entry, or a
    field that is not declared: that of what contains it; STRING at the top."""
    found, _ = _along(version, kind, steps)
    return int(found[-1][2][0]) if found else STRING


def declared_at(version: str, kind: str, steps: Sequence[str | int]) -> tuple[str, str, int, tuple[str, ...]] | None:
    """Return what declares the field at a path: the name of the API's type, the field's name in it, its type (an operation of
    joblint.api.version.schema) and the fields of an object or of the objects in a list; None if there is no such field.

    For an entry of a map that is the map itself.
    """
    found, unknown = _along(version, kind, steps)
    if not found or unknown and found[-1][2][0] not in (STRING_MAP, QUANTITY_MAP):
        return None
    struct, name, field = found[-1]
    return struct[0], name, field[0], tuple(_names(version, field))


def _along(version: str, kind: str, steps: Sequence[str | int]) -> tuple[list[tuple[Any, str, Any]], bool]:
    """The fields on the way along a path, each with the struct that declares it and its name, and whether the path goes on where
    nothing is declared."""
    schema = load(version)
    struct: Any = schema["structs"][schema["roots"][kind]]
    found: list[tuple[Any, str, Any]] = []
    for step in steps:
        if isinstance(step, int):
            continue
        field = struct[1].get(step) if struct is not None else None
        if field is None:
            return found, True
        found.append((struct, step, field))
        struct = schema["structs"][field[1]] if field[0] in (STRUCT, STRUCTS) else None
    return found, False


def _names(version: str, field: Any) -> Iterable[str]:
    """The fields of an object, or of the objects in a list."""
    return load(version)["structs"][field[1]][1] if field[0] in (STRUCT, STRUCTS) else ()


def places_of(version: str, kind: str, name: str) -> tuple[str, ...]:
    """The paths at which a field of this name may be, nearest the root first; items of lists as `containers[*]`."""
    return tuple(_places(version, kind).get(name, ()))


@lru_cache(maxsize=16)
def _places(version: str, kind: str) -> dict[str, list[str]]:
    """The paths of every field, by name. Read once for each run: the files of a directory often have the same mistakes."""
    schema = load(version)
    structs: list[Any] = schema["structs"]
    found: dict[str, list[str]] = {}
    level: list[tuple[int, str, tuple[int, ...]]] = [(schema["roots"][kind], "", ())]
    for _ in range(_DEPTH):
        following: list[tuple[int, str, tuple[int, ...]]] = []
        for index, path, above in level:
            for key, field in structs[index][1].items():
                found.setdefault(key, []).append(path + key)
                if field[0] in (STRUCT, STRUCTS) and field[1] not in above and not (path == "" and key == "status"):
                    mark = "[*]" if field[0] == STRUCTS else ""
                    following.append((field[1], f"{path}{key}{mark}.", (*above, index)))
        level = following
    return found


def known_since(version: str, kind: str, steps: list[str | int], versions: tuple[str, ...]) -> tuple[str, ...]:
    """The versions whose schema has the field at a path."""
    *parents, last = steps
    return tuple([v for v in versions if last in names_at(v, kind, parents)])
