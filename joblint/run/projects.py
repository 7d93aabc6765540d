"""Which settings apply to which file, and the engine that they make; knows configurations and rules, no manifests.

The nearest configuration above a file applies to it; the command line takes precedence over all of them.
"""

from __future__ import annotations

import os

from joblint.base.files import Found
from joblint.base.record import Record
from joblint.base.wrong import WrongInput
from joblint.configuration.settings import Config, ConfigError, Nearest, load, patterns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.api.admission.asked import Admission
    from joblint.rules.catalogue.rule import Rule
    from joblint.rules.engine import Engine
    from joblint.rules.owners.embedded import Embedded
    from joblint.run.cache import Cache
    from joblint.run.contents import Stdin
    from joblint.run.elsewhere import Elsewhere
    from joblint.run.gathered import Watch
    from joblint.run.result import Report


class Asked(Record):
    """The settings of the command line. `config` is a configuration file for all files, "" for the nearest of each."""

    config: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: str = ""
    kubernetes_version: str = ""
    pod_security: str = ""
    no_ignores: bool = False
    variables: tuple[tuple[str, str], ...] = ()


class Project(Record):
    """The files of one configuration, in order, with their settings and an engine for each requested version."""

    settings: Config
    engines: tuple[Engine, ...]
    files: tuple[str, ...]


class Projects:
    """Finds the settings of files; each configuration is searched, read and made into engines once."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self._here = os.getcwd()
        self._of_folder: dict[str, str] = {}
        self._above = Nearest()
        self._loaded: dict[str, Config] = {}

    def settings(self, file: str = "") -> Config:
        """Return the settings for a file ("" or "-": for the working directory). Raises ConfigError."""
        path = self.asked.config or self._nearest(os.path.dirname(file) if file != "-" else "")
        if path not in self._loaded:
            self._loaded[path] = load(path) if path else Config()
        return self._loaded[path]

    def _nearest(self, folder: str) -> str:
        found = self._of_folder.get(folder)
        if found is None:
            path = self._above.of(os.path.normpath(os.path.join(self._here, folder))) or ""
            inside = self._here + os.sep
            found = self._of_folder[folder] = path[len(inside) :] if path.startswith(inside) else path
        return found

    def find(self, paths: tuple[str, ...], force_exclude: bool = False) -> Found:
        """Return the files behind paths, without those that a configuration excludes; see joblint.base.files.find.

        A file that is specified itself is always included, unless `exclude` is forced. Raises ConfigError.
        """
        from joblint.base.files import EXCLUDED, find

        here = self.settings()
        exclude = patterns(here.exclude) if here.exclude else None
        found = find(paths, exclude, force_exclude or here.force_exclude)
        left, passed = [], []
        for file in found.files:
            settings = self.settings(file)
            named = file in paths and not (force_exclude or settings.force_exclude)
            if settings is here or not settings.exclude or named:
                left.append(file)
            elif patterns(settings.exclude).cover(os.path.abspath(file), False):
                passed.append((file, EXCLUDED))
            else:
                left.append(file)
        return Found(tuple(left), found.missing, found.passed + tuple(passed)) if passed else found

    def shared_out(self, files: tuple[str, ...], stdin_filename: str = "") -> tuple[Project, ...]:
        """Return the files by configuration; at least one project, that of the working directory if there is no file.

        `stdin_filename` is the file that standard input (`-`) represents. Raises ConfigError, UnknownRule and WrongInput.
        """
        groups: dict[str, tuple[Config, list[str]]] = {}
        for file in files:
            settings = self.settings(stdin_filename if file == "-" else file)
            groups.setdefault(settings.file, (settings, []))[1].append(file)
        if not groups:
            groups[""] = (self.settings(), [])
        return tuple([Project(s, self.engines(s), tuple(f)) for s, f in groups.values()])

    def versions(self, settings: Config) -> tuple[str, ...]:
        """Return the requested Kubernetes versions. Raises ConfigError if a configuration contains an unknown one, WrongInput
        if the command line does."""
        from joblint.api.version.versions import DEFAULT, parse_range

        asked = self.asked.kubernetes_version
        try:
            return parse_range(asked or settings.kubernetes_version or DEFAULT)
        except WrongInput as error:
            if asked:
                raise
            raise ConfigError(f"{where(settings, 'kubernetes-version')}: {error}") from None

    def engines(self, settings: Config) -> tuple[Engine, ...]:
        """Return the engines of some settings. Raises ConfigError, UnknownRule and WrongInput."""
        from joblint.rules.catalogue.rule import builtin

        rules = builtin()
        if settings.rules:
            from joblint.rules.catalogue.own import load_own

            for path in settings.rules:
                if not os.path.exists(path):
                    raise ConfigError(f"{where(settings, 'rules')}: {path}: No such file or directory")
            rules += load_own(settings.rules)
        return tuple([self._engine(settings, rules, version) for version in self.versions(settings)])

    def _engine(self, settings: Config, rules: tuple[Rule, ...], version: str) -> Engine:
        from joblint.rules.catalogue.select import Selection, chosen
        from joblint.rules.engine import Engine

        asked = self.asked
        severities: dict[str, str] = {}
        if settings.select or settings.ignore or settings.severities or settings.overrides:
            severities = _severities(settings, rules)
        off = tuple([rule for rule, severity in severities.items() if severity == "off"])
        selection = Selection(
            asked.select or settings.select, settings.ignore + off + asked.ignore, asked.profile or settings.profile
        )
        found = chosen(rules, selection, version)
        heeds = not asked.no_ignores
        return Engine(
            found,
            version,
            severities,
            self._admission(settings),
            settings.overrides,
            heeds,
            variables=dict(asked.variables),
            embedded=_embedded(settings),
        )

    def _admission(self, settings: Config) -> Admission | None:
        """The requested Pod Security level. Raises WrongInput if the one on the command line does not exist."""
        asked = self.asked.pod_security
        if not (asked or settings.pod_security):
            return None
        from joblint.api.admission.asked import Admission
        from joblint.api.admission.levels import parse

        return Admission(parse(asked or settings.pod_security), bool(asked))


def _embedded(settings: Config) -> tuple[Embedded, ...] | None:
    if not settings.embedded:
        return None
    from joblint.rules.owners.embedded import Embedded

    return tuple([Embedded(*entry) for entry in settings.embedded])


def check_projects(
    projects: tuple[Project, ...],
    files: tuple[str, ...],
    jobs: int,
    stdin: Stdin | None,
    least: str = "info",
    cache: Cache | None = None,
    watch: Watch | None = None,
    elsewhere: Elsewhere | None = None,
) -> Report:
    """Return one report on the files of all projects, in the order of `files`; see joblint.run.check.check_files.

    `watch` is called project by project, and not at all for several Kubernetes versions: whether a finding occurs in all
    versions is known last.
    """
    from joblint.run.check import check_files

    if len(projects) > 1:
        from joblint.run.together import together

        return together(
            [check_projects((p,), p.files, jobs, stdin, least, cache, watch, elsewhere) for p in projects], files, stdin
        )
    (project,) = projects
    if len(project.engines) == 1:
        return check_files(project.engines[0], project.files, jobs, stdin, least, cache, watch=watch, elsewhere=elsewhere)
    from joblint.run.across import across

    return across(project.engines, project.files, jobs, stdin, cache, elsewhere)


def _severities(settings: Config, rules: tuple[Rule, ...]) -> dict[str, str]:
    """The severity of rules by ID. Raises ConfigError, with its position, for anything that is not a rule."""
    from joblint.rules.catalogue.select import matches, unknown

    named = [*settings.select, *settings.ignore]
    for override in settings.overrides:
        named += [*override.ignore, *[rule for rule, _ in override.severities]]
    for pattern in named:
        if not any(matches(r, pattern) for r in rules):
            raise ConfigError(f"{where(settings, '', pattern)}: {unknown(pattern, rules)}")
    found = {}
    for pattern, severity in settings.severities:
        meant = [r.id for r in rules if matches(r, pattern)]
        if not meant:
            raise ConfigError(f"{where(settings, '', pattern)}: {unknown(pattern, rules)}")
        for rule in meant:
            found[rule] = severity
    return found


def where(settings: Config, field: str, value: str = "") -> str:
    """Return the position, as `file:line:column`, of a setting, or of the first one with `value`."""
    from joblint.configuration.written import read

    for file in settings.files:
        written = read(file)
        path = _find(written.data, "", value) if value else field if field in written.data else None
        if path is not None:
            return written.at(*path) if isinstance(path, tuple) else written.at(path)
    return settings.file


def _find(data: object, path: str, value: str) -> tuple[str, bool] | None:
    """The path of a text in some data, and whether it is a key."""
    if isinstance(data, dict):
        for key, held in data.items():
            below = f"{path}.{key}" if path else key
            if key == value:
                return below, True
            found = (below, False) if held == value else _find(held, below, value)
            if found is not None:
                return found
    elif isinstance(data, list):
        for i, held in enumerate(data):
            found = (f"{path}[{i}]", False) if held == value else _find(held, f"{path}[{i}]", value)
            if found is not None:
                return found
    return None
