"""`joblint config [PATH]`: the settings for a path, and where each is set."""

from __future__ import annotations

import os

from joblint.cli.console import style, usage
from joblint.cli.output import write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.configuration.settings import Config
    from joblint.configuration.written import Written
    from joblint.report.style import Style


def config(path: str, file: str | None) -> int:
    """Write the settings for a file or directory; return 0, or 2 if they are invalid."""
    from joblint.base.wrong import WrongInput
    from joblint.configuration.settings import ConfigError
    from joblint.rules.catalogue.select import UnknownRule
    from joblint.run.projects import Asked, Projects

    projects = Projects(Asked(file or ""))
    where = os.path.join(path, "x") if os.path.isdir(path) and path not in ("", ".") else "" if path == "." else path
    try:
        settings = projects.settings(where)
        projects.engines(settings)
    except (ConfigError, UnknownRule, WrongInput) as error:
        return usage(str(error))
    write(_lines(path, settings, style()))
    return 0


def _lines(path: str, settings: Config, style: Style) -> Iterator[str]:
    from joblint.configuration.keys import TOP
    from joblint.configuration.settings import patterns
    from joblint.configuration.written import read
    from joblint.report.safe import safe

    if settings.file:
        extended = f", which extends {', '.join([safe(f) for f in settings.files[1:]])}" if settings.files[1:] else ""
        yield f"{safe(path)}: settings from {safe(settings.file)}{extended}"
    else:
        yield f"{safe(path)}: default settings (no configuration file in this or a parent directory)"
    yield ""
    files = [read(f) for f in settings.files]
    rows: list[tuple[str, str, str]] = []
    for key in TOP:
        if key.name not in ("extends", "overrides"):
            rows += _rows(key.name, files, settings)
    for override in settings.overrides:
        if override.paths is None or os.path.isdir(path) or patterns((override.paths,)).cover(os.path.abspath(path), False):
            written = next(w for w in files if w.file == override.file)
            entry = written.data["overrides"][override.index]
            said = ", ".join([f"{k}: {_shown(v)}" for k, v in entry.items()])
            rows.append(("overrides", said, written.at(f"overrides[{override.index}]")))
    width = max(len(name) for name, _, _ in rows)
    yield style.paint(f"  {'setting':<{width}}  value  (where it is set)", "dim")
    for name, value, place in rows:
        yield f"  {style.paint(f'{name:<{width}}', 'bold')}  {safe(value)}  {style.paint(safe(place), 'dim')}".rstrip()


_ADDED = ("ignore", "exclude", "rules")


def _rows(name: str, files: list[Written], settings: Config) -> list[tuple[str, str, str]]:
    """The rows of one setting: one for each item of a concatenated list, otherwise one."""
    rows = []
    if name == "severities":
        for rule, severity in settings.severities:
            written = next(w for w in files if rule in (w.data.get(name) or {}))
            rows.append((f"severities.{rule}", severity, written.at(f"{name}.{rule}")))
        return rows or [(name, "{}", "default")]
    if name in _ADDED:
        for written in reversed(files):
            for i, item in enumerate(written.data.get(name) or ()):
                rows.append((name, str(item), written.at(f"{name}[{i}]")))
        return rows or [(name, "[]", "default")]
    value = getattr(settings, name.replace("-", "_"))
    for written in files:
        if written.data.get(name) not in (None, [], False):
            return [(name, _shown(value), written.at(name))]
    return [(name, _shown(value) or "not set", "default")]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join([str(v) for v in value])}]"
    if isinstance(value, dict):
        return "{" + ", ".join([f"{k}: {_shown(v)}" for k, v in value.items()]) + "}"
    return str(value)
