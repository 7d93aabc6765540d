"""A chart's directory as helm loads it: its definition, values, templates and the charts in it; reads files, evaluates nothing.

Source: helm 3.22 pkg/chart/loader, pkg/chartutil (dependencies.go, coalesce.go).
"""

from __future__ import annotations

import os

from joblint.base.record import Record
from joblint.source.helm.values import floats

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_MOST = 1 << 20
_DEEPEST = 6


class ChartError(Exception):
    """A chart that cannot be loaded; the text names the file."""


class Chart(Record):
    """A chart: its name (its alias within another chart), its Chart.yaml, its own values, its templates and other files by
    their paths in it, and the charts in it."""

    name: str
    definition: dict[str, Any]
    values: dict[str, Any]
    templates: Mapping[str, str]
    folder: str
    charts: tuple[Chart, ...]

    @property
    def is_library(self) -> bool:
        """Whether it contains definitions only."""
        return self.definition.get("type") == "library"


def load_chart(folder: str, depth: int = 0) -> Chart:
    """Load the chart in a directory. Raises ChartError."""
    definition = held_in(os.path.join(folder, "Chart.yaml"))
    if not isinstance(definition.get("name"), str):
        raise ChartError(f"{folder}: Chart.yaml has no name")
    declared = definition.get("dependencies")
    if declared is None:
        declared = held_in(os.path.join(folder, "requirements.yaml")).get("dependencies")
    declared = [d for d in declared if isinstance(d, dict)] if isinstance(declared, list) else []
    inner: list[Chart] = []
    under = os.path.join(folder, "charts")
    for name in sorted(os.listdir(under)) if os.path.isdir(under) and depth < _DEEPEST else ():
        path = os.path.join(under, name)
        if name[:1] in "._" or os.path.islink(path):
            continue
        if os.path.isfile(os.path.join(path, "Chart.yaml")):
            inner.append(load_chart(path, depth + 1))
    aliased: list[Chart] = []
    for chart in inner:
        names = [d.get("alias") for d in declared if d.get("name") == chart.name and _fits(d, chart)]
        aliased += [_named(chart, str(name)) if name else chart for name in names] or [chart]
    definition = {**definition, "dependencies": declared}
    values = held_in(os.path.join(folder, "values.yaml"))
    return Chart(definition["name"], definition, values, _templates(folder), folder, tuple(aliased))


def _fits(entry: dict[str, Any], chart: Chart) -> bool:
    """Whether a chart has a version that is declared for it."""
    from joblint.source.helm.functions.numbers import compare
    from joblint.source.helm.nodes import Failure

    wanted, version = entry.get("version"), chart.definition.get("version")
    try:
        return not isinstance(wanted, str) or not isinstance(version, str) or compare(wanted, version)
    except Failure:
        return True


def _named(chart: Chart, name: str) -> Chart:
    return Chart(name, chart.definition, chart.values, chart.templates, chart.folder, chart.charts)


def _templates(folder: str) -> dict[str, str]:
    from joblint.source.helm.ignored import ignored_in

    found: dict[str, str] = {}
    ignored = ignored_in(folder)
    top = os.path.join(folder, "templates")
    for path, _, names in os.walk(top) if not os.path.islink(top) else ():
        for name in sorted(names):
            file = os.path.join(path, name)
            if not os.path.islink(file) and os.path.isfile(file) and os.path.getsize(file) <= _MOST:
                inside = os.path.relpath(file, folder).replace(os.sep, "/")
                if not ignored(inside):
                    found[inside] = text_of(file)
    return found


def text_of(path: str) -> str:
    """The text of a file. Raises ChartError."""
    try:
        if os.path.getsize(path) > _MOST:
            raise ChartError(f"{path}: larger than {_MOST >> 20} MiB")
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
            return file.read()
    except OSError as error:
        raise ChartError(f"{path}: {error.strerror or error}") from None


def held_in(path: str) -> dict[str, Any]:
    """Return a mapping that a file contains; {} if there is no such file. Raises ChartError."""
    from joblint.source.reading.load import load

    if not os.path.isfile(path):
        return {}
    if os.path.dirname(os.path.realpath(path)) != os.path.realpath(os.path.dirname(path)):
        raise ChartError(f"{path}: a link to another directory, which is not followed")
    loaded = load(text_of(path).encode("utf-8", "surrogateescape"))
    if loaded.error is not None or not isinstance(loaded.value, (dict, type(None))):
        raise ChartError(f"{path}: not a mapping of YAML")
    return floats(loaded.value) if loaded.value else {}


def enabled(chart: Chart, given: Mapping[str, Any]) -> Chart:
    """Return the chart without the charts that its values disable, with the values that it imports from others."""
    values = combined(chart, given)
    return _enabled(chart, values, values, "")


def _enabled(chart: Chart, top: Mapping[str, Any], values: Mapping[str, Any], path: str) -> Chart:
    kept: list[Chart] = []
    own: dict[str, Any] = chart.values
    for inner in chart.charts:
        entry: dict[str, Any] = next(
            (d for d in chart.definition["dependencies"] if inner.name in (d.get("alias"), d.get("name"))),
            {},
        )
        if not _is_on(entry, top, path):
            continue
        held = values.get(inner.name)
        below = _enabled(inner, top, held if isinstance(held, dict) else {}, f"{path}{inner.name}.")
        kept.append(below)
        for wanted in entry.get("import-values") or ():
            own = _imported(own, below, wanted)
    return Chart(chart.name, chart.definition, own, chart.templates, chart.folder, tuple(kept))


def _is_on(entry: dict[str, Any], top: Mapping[str, Any], path: str) -> bool:
    """Whether the first condition that has a value, else one of its tags, is true."""
    conditions = entry.get("condition")
    for condition in conditions.split(",") if isinstance(conditions, str) else ():
        value = at(top, f"{path}{condition.strip()}")
        if isinstance(value, bool):
            return value
    tags = top.get("tags")
    known = [tags[t] for t in entry.get("tags") or () if isinstance(tags, dict) and isinstance(tags.get(t), bool)]
    return any(known) if known else True


def _imported(own: dict[str, Any], inner: Chart, wanted: Any) -> dict[str, Any]:
    values = combined(inner, {})
    if isinstance(wanted, str):
        found, parent = at(values, f"exports.{wanted}"), "."
    elif isinstance(wanted, dict):
        found, parent = at(values, str(wanted.get("child"))), str(wanted.get("parent"))
    else:
        return own
    if not isinstance(found, dict):
        return own
    for name in reversed([n for n in parent.split(".") if n]):
        found = {name: found}
    return merged(found, own)


def at(values: Mapping[str, Any], path: str) -> Any:
    """Return the value at a path such as `a.b`; None if there is none."""
    value: Any = values
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def combined(chart: Chart, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a chart's values overridden by others, with those of the charts in it under their names."""
    values = merged(chart.values, dict(given))
    for inner in chart.charts:
        held = values.get(inner.name)
        below = dict(held) if isinstance(held, dict) else {}
        shared = values.get("global")
        if isinstance(shared, dict):
            own = below.get("global")
            below["global"] = merged(own if isinstance(own, dict) else {}, shared)
        values[inner.name] = combined(inner, below)
    return values


def merged(values: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Values overridden by others, mapping by mapping; null removes a value."""
    found = dict(values)
    for key, value in over.items():
        held = found.get(key)
        if isinstance(held, dict) and isinstance(value, dict):
            found[key] = merged(held, value)
        elif value is None and key in found:
            del found[key]
        else:
            found[key] = value
    return found
