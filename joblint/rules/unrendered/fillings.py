"""What may be in the places where a template's actions print something: nothing, or everything that the server accepts.

What is found with nothing and with everything in those places does not depend on them. Knows the schema, no rule.
"""

from __future__ import annotations

from joblint.api.version.schema import QUANTITY_MAP, STRING_MAP, STRINGS, STRUCT, STRUCTS
from joblint.rules.unrendered.filling import Filling
from joblint.rules.unrendered.valid_values import COMMAND, LISTS, TEXTS, WORD
from joblint.source.unrendered import encoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.api.verdict import Verdict
    from joblint.rules.unrendered.filling import Path
    from joblint.source.unrendered.readings import Reading


def fillings(reading: Reading, version: str) -> Iterator[Any]:
    """Return the objects that a reading represents: with nothing where it is open, and with as much as the server accepts,
    twice."""
    from copy import deepcopy

    from joblint.api.judge import judge
    from joblint.api.ours import meant_kind
    from joblint.source.places.paths import changed

    value = reading.document.value
    if not isinstance(value, dict):
        yield value
        return
    kind = meant_kind(value) or "Job"
    holes = [*reading.holes, *wide(value, kind, version)]
    printed = [path for path in holes if isinstance(path[-1], int)]
    opened = [*reading.open, *dict.fromkeys([path[:-1] for path in printed])]
    holes = [path for path in holes if not isinstance(path[-1], int)]
    for path in printed:
        value = changed(value, list(path), deepcopy((LISTS.get(str(path[-2])) or [{"name": WORD}])[0]))
    if not (opened or reading.bounded or holes or _turned(value, 0) is not value):
        yield value
        return
    value = _without(value, holes)
    verdict = judge(value, version)
    yield _with_required(value, verdict, [*opened, *holes, *reading.bounded], kind, version)
    for variant in (0, 1):
        filling = Filling(deepcopy(_turned(value, variant)), kind, version, variant)
        for path in opened:
            filling.open(path)
        for path in [*holes, *reading.bounded]:
            filling.hole(path)
        for path in printed:
            if path[-2] in ("containers", "initContainers"):
                filling.hole((*path, "volumeMounts"))
        if verdict is not None:
            filling.repair(verdict)
        yield filling.object


def _with_required(value: Any, verdict: Verdict | None, places: list[Path], kind: str, version: str) -> Any:
    """The value with what the server requires and one of the places may give: what is wrong elsewhere is then seen as well."""
    from copy import deepcopy

    from joblint.source.places.paths import steps

    errors = [] if verdict is None else [e for e in verdict.errors if e.type == "FieldValueRequired"]
    paths = [tuple(steps(e.field)) for e in errors]
    wanted = [path for path in paths if path and (path in places or path[:-1] in places)]
    if not wanted:
        return value
    filling = Filling(deepcopy(value), kind, version, 0)
    for path in wanted:
        filling.hole(path)
        filling.text(path)
    return filling.object


def wide(value: dict[str, Any], kind: str, version: str) -> list[Path]:
    """Return the paths of mappings and lists that an action prints as a whole, and of such items of lists."""
    import re

    filling = Filling(value, kind, version, 0)
    whole = re.compile(encoded.PATTERN)
    found: list[Path] = []
    left: list[tuple[Path, Any]] = [((), value)]
    while left:
        path, held = left.pop()
        if isinstance(held, dict):
            left.extend([((*path, k), v) for k, v in held.items()])
        elif isinstance(held, list):
            left.extend([((*path, i), v) for i, v in enumerate(held)])
        elif isinstance(held, str) and path and whole.fullmatch(held):
            field = filling.field(path)
            items = (STRUCTS,) if isinstance(path[-1], int) else (STRUCT, STRUCTS, STRINGS, STRING_MAP, QUANTITY_MAP)
            if field is not None and field[0] in items:
                found.append(path)
    return found


def _without(value: Any, holes: list[Path]) -> Any:
    from joblint.source.places.paths import without

    for path in holes:
        value = without(value, list(path))
    return value


def _turned(value: Any, variant: int, key: str = "") -> Any:
    """The value with other texts where a script or an annotation contains unknown parts."""
    if isinstance(value, dict):
        held = {k: _turned(v, variant, k) for k, v in value.items()}
        if any(_is_unknown(value.get(name)) for name in ("command", "args")) and "name" in value:
            for name in ("command", "args"):
                held.pop(name, None)
            if variant:
                held["command"] = list(COMMAND)
        for name in ("image", "workingDir", "serviceAccountName", "priorityClassName", "schedulerName"):
            if isinstance(held.get(name), str) and _is_unknown(held[name]):
                held[name] = TEXTS[name][variant] or held[name]
        if key == "annotations":
            held = {k: v for k, v in held.items() if not _is_unknown(v)} if variant else held
            held = {k: WORD if _is_unknown(v) else v for k, v in held.items()}
        return held if held != value else value
    if isinstance(value, list):
        items = [_turned(v, variant, "") for v in value]
        return items if items != value else value
    return value


def _is_unknown(value: Any) -> bool:
    if isinstance(value, str):
        return encoded.holds(value)
    if isinstance(value, list):
        return any(map(_is_unknown, value))
    return isinstance(value, dict) and any(map(_is_unknown, value.values()))
