"""Which fields exist, and where: to find what a misspelled or misplaced one was meant to be.

Knows the compiled schemas, nothing of validation. Not used for a manifest without errors.
"""

from __future__ import annotations

from functools import lru_cache

from joblint.api.version.schema import QUANTITY_MAP, STRING, STRING_MAP, STRUCT, STRUCTS, load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_DEPTH = 9  # spec.jobTemplate.spec.template.spec.volumes[*].projected.sources[*].secret: deeper is nothing one would misplace


def names_at(version: str, kind: str, steps: list[str | int]) -> tuple[str, ...]:
    """Return the fields that the object at a path may have, () if it is not an object with fields of its own."""
    schema = load(version)
    struct = schema["structs"][schema["roots"][kind]]
    for step in steps:
        if isinstance(step, int):
            continue
        field = struct[1].get(step)
        if field is None or field[0] not in (STRUCT, STRUCTS):
            return ()
        struct = schema["structs"][field[1]]
    return tuple(struct[1])


def type_at(version: str, kind: str, steps: list[str | int]) -> int:
    """Return the type of the field at a path: one of the operations of joblint.api.version.schema (for an item or an entry,
    that of its list or map); STRING if there is no such field."""
    schema = load(version)
    struct: Any = schema["structs"][schema["roots"][kind]]
    operation = STRING
    for step in steps:
        if isinstance(step, int):
            continue
        field = struct[1].get(step) if struct is not None else None
        if field is None:
            return operation
        operation = field[0]
        struct = schema["structs"][field[1]] if operation in (STRUCT, STRUCTS) else None
    return operation


def declared_at(version: str, kind: str, steps: list[str | int]) -> tuple[str, str, int, tuple[str, ...]] | None:
    """Return what declares the field at a path: the name of the API's type, the field's name in it, its type (an operation of
    joblint.api.version.schema) and the fields of an object or of the objects in a list; None if there is no such field.

    For an entry of a map that is the map itself.
    """
    schema = load(version)
    struct: Any = schema["structs"][schema["roots"][kind]]
    found: tuple[str, str, int, tuple[str, ...]] | None = None
    for step in steps:
        if isinstance(step, int):
            continue
        if struct is None:
            return found if found is not None and found[2] in (STRING_MAP, QUANTITY_MAP) else None
        field = struct[1].get(step)
        if field is None:
            return None
        inner = schema["structs"][field[1]] if field[0] in (STRUCT, STRUCTS) else None
        found = struct[0], step, field[0], () if inner is None else tuple(inner[1])
        struct = inner
    return found


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
