"""The charts that a kustomization lists under `helmCharts`: where each is, its values, and what it prints; a chart that is not on
this disk is never fetched.

Source: kustomize 5.8 api/types (helmchartargs.go), api/internal/builtins (HelmChartInflationGenerator.go)."""

from __future__ import annotations

import os

from joblint.base.programs import ProgramError
from joblint.base.record import Record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.rules.engine import Engine
    from joblint.rules.finding import Finding
    from joblint.run.render.broken import Broken
    from joblint.run.render.kustomize import Kustomization
    from joblint.run.render.placing import Placer
    from joblint.source.documents import Document

_GENERATOR = b"HelmChartInflationGenerator"
_HOOK = "helm.sh/hook"


class Entry(Record):
    """An entry of `helmCharts`: the kustomization with it, its number there, what it says, and the directory in which kustomize
    looks for the chart."""

    file: str
    number: int
    value: dict[str, Any]
    home: str

    @property
    def name(self) -> str:
        """Return the chart's name."""
        return _text(self.value, "name")

    @property
    def folder(self) -> str:
        """Return the chart's directory."""
        return os.path.join(self.home, self.name)

    def is_local(self) -> bool:
        """Return whether kustomize uses the chart on this disk, without fetching it."""
        return bool(self.name) and os.path.isdir(self.folder)

    def missing(self) -> str:
        """Return what there is to say of a chart that is not on this disk."""
        from joblint.run.render.kustomize import shown_from_here

        home, repo, version = shown_from_here(self.home), _text(self.value, "repo"), _text(self.value, "version")
        said = f'the chart "{self.name}" is not in {home}'
        if not repo:
            return f"{said}, and its entry in helmCharts has no repo"
        of = [f"{repo.rstrip('/')}/{self.name}"] if repo.startswith("oci://") else ["--repo", repo, self.name]
        fetch = ["helm", "pull", "--untar", "--untardir", home, *of, *(["--version", version] if version else [])]
        return f"{said}, and joblint opens no connections: {' '.join(fetch)}"


def entries(kustomizations: tuple[Kustomization, ...]) -> tuple[Entry, ...]:
    """Return the charts of some kustomizations."""
    found = []
    for one in kustomizations:
        listed, shared = one.value.get("helmCharts"), one.value.get("helmGlobals")
        home = _text(shared, "chartHome") or "charts"
        for number, value in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(value, dict):
                below = f"{_text(value, 'name')}-{_text(value, 'version')}"
                above = os.path.join(os.path.dirname(one.file), home)
                is_versioned = _text(value, "version") and _text(value, "repo")
                where = os.path.normpath(os.path.join(above, below) if is_versioned else above)
                found.append(Entry(one.file, number, value, where))
    return tuple(found)


def may_fetch(kustomizations: tuple[Kustomization, ...]) -> bool:
    """Return whether kustomize may fetch a chart for something else than `helmCharts`: a generator with its own configuration."""
    from joblint.base.content import small

    for one in kustomizations:
        if one.value.get("helmChartInflationGenerator"):
            return True
        for field in ("generators", "transformers", "validators", "resources", "bases", "components"):
            listed = one.value.get(field)
            for entry in listed if isinstance(listed, list) else ():
                path = os.path.join(os.path.dirname(one.file), str(entry))
                if _GENERATOR in str(entry).encode():
                    return True
                try:
                    if os.path.isfile(path) and _GENERATOR in small(path):
                        return True
                except (OSError, ValueError):
                    return True
    return False


class Inflated:
    """What a chart of a kustomization prints, and where in its templates; `reasons` are why helm does not render it, `said` is
    what helm says. `folder` is an empty directory for temporary files, which places need as long as they are read. `file` is the
    kustomization."""

    def __init__(self, entry: Entry, version: str, with_helm: bool, folder: str) -> None:
        from joblint.run.render.charts import Chart
        from joblint.run.render.check import ways
        from joblint.run.render.kustomize import shown_from_here

        self.file = entry.file
        self.chart = shown_from_here(entry.folder)
        self.said = ""
        self.reasons: tuple[Broken, ...] = ()
        self.placer: Placer | None = None
        self.documents: tuple[Document, ...] = ()
        self._entry = entry
        self._root, self._packed = entry.folder, ()  # type: tuple[str, tuple[tuple[str, str], ...]]
        try:
            asked, given = _asked(entry, folder, not with_helm)
            ((self._root, self._packed, way, work),) = ways(Chart(self.chart, ()), asked, False, folder)
            self._render(way, given, version, work)
        except (ProgramError, OSError) as error:
            from joblint.run.render.broken import from_helm

            self.reasons += (from_helm(error.strerror or str(error) if isinstance(error, OSError) else str(error)),)

    def _render(self, asked: Any, given: tuple[tuple[str, tuple[str, ...]], ...], version: str, work: str) -> None:
        from joblint.run.render.broken import from_helm, from_own
        from joblint.run.render.helm import render
        from joblint.run.render.kustomize import shown_from_here
        from joblint.run.render.placing import Placer
        from joblint.source.documents import read

        try:
            rendered = render(self._root, asked, version, work)
        except ProgramError as error:
            if asked.without_helm:
                raise
            self.reasons = (from_helm(str(error)),)
            work = os.path.join(work, "itself")
            os.makedirs(work)
            rendered = render(self._root, replace(asked, without_helm=True), version, work)
        if asked.without_helm:
            self.reasons = from_own(self._root, rendered.faults)
        self.said = rendered.said
        values = tuple([(shown_from_here(file), file) for file, _ in given])
        rendered = replace(rendered, values=values, inside=tuple([steps for _, steps in given]))
        self.placer = Placer(self.chart, self._root, rendered, self._packed)
        read_all = read(rendered.text.encode("utf-8", "surrogateescape"), self.chart, templates=False)
        self.documents = tuple([d for d in read_all if isinstance(d.value, dict) and self._is_kept(d.value)])

    def _is_kept(self, value: dict[str, Any]) -> bool:
        """Whether the kustomization keeps an object, which may be a hook."""
        metadata = value.get("metadata")
        annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
        hook = annotations.get(_HOOK) if isinstance(annotations, dict) else None
        if not isinstance(hook, str):
            return True
        is_test = self._entry.value.get("skipTests") is True and "test" in hook
        return self._entry.value.get("skipHooks") is not True and not is_test

    def findings(self, engine: Engine) -> tuple[Finding, ...]:
        """Return the findings on why helm does not render the chart."""
        from joblint.run.render.kustomize import shown_from_here
        from joblint.run.render.not_rendered import findings

        where = shown_from_here(self.file)
        return findings(engine, self.chart, self._root, self._packed, self.reasons, True, where) if self.reasons else ()

    def files(self) -> frozenset[str]:
        """Return the real paths of the files that it is rendered from."""
        from joblint.run.render.charts import walk

        found = [path for path, _ in walk(self._entry.folder)]
        found += [file for file, steps in _values_files(self._entry) if not steps]
        return frozenset([os.path.realpath(path) for path in found])


def _values_files(entry: Entry) -> list[tuple[str, tuple[str, ...]]]:
    """The files with the values of an entry, the one that counts most first, with the steps to them in each."""
    folder = os.path.dirname(entry.file)
    more = entry.value.get("additionalValuesFiles")
    found = [(os.path.join(folder, str(file)), ()) for file in reversed(more if isinstance(more, list) else [])]
    both: list[tuple[str, tuple[str, ...]]] = []
    merge = entry.value.get("valuesMerge")
    if isinstance(entry.value.get("valuesInline"), dict):
        both.append((entry.file, ("helmCharts", str(entry.number), "valuesInline")))
    if _text(entry.value, "valuesFile") and not (both and merge == "replace"):
        both.append((os.path.join(folder, _text(entry.value, "valuesFile")), ()))
    return [*found, *(reversed(both) if merge == "merge" else both)]


def _asked(entry: Entry, folder: str, without_helm: bool) -> tuple[Any, tuple[tuple[str, tuple[str, ...]], ...]]:
    """What helm is called with, and the files with its values. Raises ProgramError and OSError."""
    from json import dumps

    from joblint.run.render.helm import Asked
    from joblint.source.helm.charts import merged

    folder_of = os.path.dirname(entry.file)
    inline, own, merge = entry.value.get("valuesInline"), _text(entry.value, "valuesFile"), entry.value.get("valuesMerge")
    values = _held(os.path.join(folder_of, own)) if own else {}
    if isinstance(inline, dict) and inline:
        # Null removes what a file sets: the chart's own value then counts.
        over = inline if own else _without_null(inline)
        values = inline if merge == "replace" else merged(over, values) if merge == "merge" else merged(values, over)
    more = entry.value.get("additionalValuesFiles")
    files = [os.path.join(folder_of, str(file)) for file in (more if isinstance(more, list) else ())]
    for one in files:
        if not os.path.isfile(one):
            raise ProgramError(f"open {one}: no such file or directory")
    if values:
        files.insert(0, os.path.join(folder, "kustomize-values.yaml"))
        with open(files[0], "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(dumps(values, default=str))
    release = _text(entry.value, "releaseName") or "release-name"
    asked = Asked(tuple(files), (), release, without_helm, _text(entry.value, "namespace"))
    return asked, tuple(_values_files(entry))


def _held(file: str) -> dict[str, Any]:
    from joblint.base.content import small
    from joblint.source.reading.load import load

    loaded = load(small(file))
    if loaded.error is not None or not isinstance(loaded.value, (dict, type(None))):
        raise ProgramError(f"{file}: not a mapping of YAML")
    return loaded.value or {}


def _without_null(values: dict[str, Any]) -> dict[str, Any]:
    return {k: _without_null(v) if isinstance(v, dict) else v for k, v in values.items() if v is not None}


def _text(value: Any, key: str) -> str:
    found = value.get(key) if isinstance(value, dict) else None
    return str(found) if isinstance(found, (str, int, float)) and not isinstance(found, bool) and "\0" not in str(found) else ""
