"""The settings of a project's configuration as a record, with those it extends; knows nothing about rules or manifests."""

from __future__ import annotations

import os

from joblint.base.above import Above, is_planted
from joblint.base.record import Record
from joblint.configuration.written import NAMES, ConfigError, is_configuration, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.base.ignored import Patterns
    from joblint.configuration.written import Written

__all__ = ["Config", "ConfigError", "Override", "Paths", "load", "nearest", "patterns"]


class Paths(Record):
    """Paths as gitignore writes them, and the directory (as in the configuration's path) that they are relative to."""

    folder: str
    patterns: tuple[str, ...]


class Override(Record):
    """Settings for some objects only: `severities` are pairs of a rule and a severity or `off`. Empty parts match everything.

    `file` and `index` identify the configuration and the entry in it.
    """

    file: str
    index: int
    paths: Paths | None
    kinds: tuple[str, ...]
    namespaces: tuple[str, ...]
    names: tuple[str, ...]
    containers: tuple[str, ...]
    ignore: tuple[str, ...]
    severities: tuple[tuple[str, str], ...]
    reason: str
    until: str

    @property
    def whole_files(self) -> bool:
        """Whether it applies to whole files: no property of an object is checked."""
        return not (self.kinds or self.namespaces or self.names or self.containers)


class Config(Record):
    """The settings of a configuration file; those that it does not set have their default.

    `rules` are a team's own rule files or directories of them, `baseline` is a file, both as paths relative to the working
    directory. `files` are the configuration and those it extends, the nearest first.
    """

    file: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: str = "default"
    severity: str = "warning"
    severities: tuple[tuple[str, str], ...] = ()
    fail_on: str = "error"
    kubernetes_version: str = ""
    pod_security: str = ""
    rules: tuple[str, ...] = ()
    exclude: tuple[Paths, ...] = ()
    force_exclude: bool = False
    fail_on_nothing: bool = False
    baseline: str = ""
    overrides: tuple[Override, ...] = ()
    embedded: tuple[tuple[str, str, str, str], ...] = ()
    files: tuple[str, ...] = ()


def patterns(paths: tuple[Paths, ...]) -> Patterns:
    """Return the patterns as the file walk expects them."""
    from joblint.base.ignored import Patterns

    found = Patterns()
    for each in paths:
        found = found.with_lines(os.path.abspath(each.folder), each.patterns)
    return found


def nearest(folder: str) -> str | None:
    """Return the configuration file for a directory (an absolute path): in it, or in the nearest parent directory that counts,
    see joblint.base.above. Raises ConfigError if somebody else may have put it there."""
    return Nearest().of(folder)


class Nearest:
    """`nearest` for many directories of a run: each of them and of their parents is looked into once."""

    def __init__(self) -> None:
        self._above = Above()
        self._within: dict[str, str] = {}

    def of(self, folder: str) -> str | None:
        """Return the configuration file for a directory, see `nearest`. Raises ConfigError."""
        folders = self._above.upwards(folder)
        for each in folders:
            path = self._within.get(each)
            if path is None:
                path = self._within[each] = _within(each)
            if path:
                _refuse_foreign(path, folders[-1])
                return path
        return None


def _within(folder: str) -> str:
    """The configuration file in a directory; "" if there is none."""
    paths = [os.path.join(folder, name) for name in NAMES]
    return next((path for path in paths if is_configuration(path)), "")


def _refuse_foreign(path: str, top: str) -> None:
    if is_planted(path):
        raise ConfigError(f"{path}: the file belongs to another user; to use it, pass it with --config")
    if os.path.islink(path):
        top, target = os.path.realpath(top), os.path.realpath(path)
        if not target.startswith(top.rstrip(os.sep) + os.sep):
            raise ConfigError(f"{path}: the link points outside {top}; to use it, pass it with --config")


def load(path: str) -> Config:
    """Return the settings of a file and of those it extends.

    Raises ConfigError if one of them cannot be read or contains an unknown or invalid setting.
    """
    return _loaded(path, ())


_OF_NEAREST = (
    *("select", "profile", "severity", "fail_on", "fail_on_nothing", "kubernetes_version", "pod_security"),
    *("force_exclude", "baseline"),
)
"""The settings for which only the nearest configuration that sets them counts."""


def _loaded(path: str, below: tuple[str, ...]) -> Config:
    from joblint.configuration.checked import MOST, mistakes

    written = read(path)
    value = written.data
    wrong = mistakes(value)
    if wrong:
        placed = [(written.place(field, key), text) for field, text, key in wrong]
        lines = [f"{path}:{line}:{column}: {text}" for (line, column), text in sorted(placed)]
        if len(wrong) == MOST:
            lines.append(f"{path}: there may be more mistakes; the first {MOST} are shown")
        raise ConfigError("\n".join(lines))
    own = _own(written, value)
    extended = value.get("extends") or ()
    if not extended:
        return own
    names = (extended,) if isinstance(extended, str) else extended
    below += (os.path.realpath(path),)
    base = Config()
    for i, name in enumerate(names):
        base_path = os.path.join(os.path.dirname(path), name)
        at = written.at("extends" if isinstance(extended, str) else f"extends[{i}]")
        if os.path.realpath(base_path) in below:
            raise ConfigError(f"{at}: {name}: a file must not extend itself, directly or through other files")
        if not os.path.isfile(base_path):
            raise ConfigError(f"{at}: {base_path}: No such file or directory")
        base = _over(_loaded(base_path, below), base)
    return _over(own, base)


def _over(own: Config, base: Config) -> Config:
    """Combine settings with those that they extend: values replace, lists of exclusions are concatenated."""
    default = Config()
    severities = {**dict(base.severities), **dict(own.severities)}
    values: dict[str, Any] = {
        "ignore": base.ignore + own.ignore,
        "exclude": base.exclude + own.exclude,
        "rules": base.rules + own.rules,
        "overrides": base.overrides + own.overrides,
        "embedded": base.embedded + own.embedded,
        "severities": tuple(severities.items()),
        "files": own.files + base.files,
        "file": own.file,
    }
    for name in _OF_NEAREST:
        said = getattr(own, name)
        values[name] = said if said != getattr(default, name) else getattr(base, name)
    return Config(**values)


def _own(written: Written, value: dict[str, Any]) -> Config:
    folder = os.path.dirname(written.file)
    exclude = tuple(value.get("exclude") or ())
    baseline = value.get("baseline")
    return Config(
        file=written.file,
        select=tuple(value.get("select") or ()),
        ignore=tuple(value.get("ignore") or ()),
        profile=value.get("profile") or "default",
        severity=value.get("severity") or "warning",
        severities=_severities(value),
        fail_on=value.get("fail-on") or "error",
        kubernetes_version=_version(written, value.get("kubernetes-version")),
        pod_security=value.get("pod-security") or "",
        rules=tuple([os.path.join(folder, r) for r in value.get("rules") or ()]),
        exclude=(Paths(folder, exclude),) if exclude else (),
        force_exclude=bool(value.get("force-exclude")),
        fail_on_nothing=bool(value.get("fail-on-nothing")),
        baseline=os.path.join(folder, baseline) if baseline else "",
        overrides=tuple([_override(written.file, folder, i, o) for i, o in enumerate(value.get("overrides") or ())]),
        embedded=tuple([(e["kind"], e["path"], e["type"], e.get("group") or "") for e in value.get("embedded") or ()]),
        files=(written.file,),
    )


def _override(file: str, folder: str, index: int, value: dict[str, Any]) -> Override:
    listed = {k: tuple(value.get(k) or ()) for k in ("kinds", "namespaces", "names", "containers", "ignore")}
    paths = tuple(value.get("paths") or ())
    return Override(
        file=file,
        index=index,
        paths=Paths(folder, paths) if paths else None,
        severities=_severities(value),
        reason=value.get("reason") or "",
        until=value.get("until") or "",
        **listed,
    )


def _severities(value: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple([(rule, severity or "off") for rule, severity in (value.get("severities") or {}).items()])


def _version(written: Written, value: Any) -> str:
    text = "" if value is None else str(value)
    # YAML reads 1.30 without quotes as the number 1.3.
    if isinstance(value, float) and len(text) == 3:
        raw = written.raw("kubernetes-version") or text
        return raw if raw.rstrip("0") == text else text
    return text
