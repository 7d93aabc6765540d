"""Which files are kustomize's patches, by the kustomization.yaml in their directory or above; reads directories, each once."""

from __future__ import annotations

import os

from joblint.base.above import Above, is_planted
from joblint.base.content import small
from joblint.source.unrendered.templates import PATCH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")


class Patches:
    """Finds, for one run, which files are patches. `read` returns a file's bytes, or None if it does not exist."""

    def __init__(self, read: Callable[[str], bytes | None] | None = None) -> None:
        self._read = read or _read_file
        self._above = Above()
        self._named: dict[str, frozenset[str]] = {}
        self._all: dict[str, frozenset[str]] = {}
        self._resources: dict[str, frozenset[str] | None] = {}
        self._none: set[str] = set()  # folders, as they are written in paths, of which no file is one

    def why_skipped(self, path: str) -> str | None:
        """Return why a file is not checked by itself, if a kustomization.yaml in or above its directory lists it as a patch."""
        written = os.path.dirname(path)
        if written in self._none:
            return None
        path = os.path.abspath(path)
        patches = self._patches(os.path.dirname(path))
        if not patches:
            self._none.add(written)
        return PATCH if path in patches else None

    def of(self, path: str) -> Callable[[Any], str | None]:
        """Return a function that gives, for each object of a file (`-`: standard input), why it is not checked by itself."""
        if path == "-":
            return _never
        why = self.why_skipped(path)
        return lambda value: why or self.why_left_out(path, value)

    def why_left_out(self, path: str, value: Any) -> str | None:
        """Return why an object is not checked by itself, if it is half of one next to a kustomization.yaml that does not list
        its file: a tool, or somebody, adds it as a patch."""
        if not _is_half(value):
            return None
        path = os.path.abspath(path)
        folder = os.path.dirname(path)
        if folder not in self._resources:
            self._resources[folder] = self._listed_in(folder)
        listed = self._resources[folder]
        return PATCH if listed is not None and path not in listed else None

    def _listed_in(self, folder: str) -> frozenset[str] | None:
        """The files that the kustomization of a directory lists as resources; None if it has none."""
        for name in NAMES:
            data = self._read(os.path.join(folder, name))
            if data is not None:
                from joblint.source.documents import read

                files = [f for d in read(data, name, templates=False) for f in resource_files(d.value)]
                return frozenset([os.path.normpath(os.path.join(folder, f)) for f in files])
        return None

    def _patches(self, folder: str) -> frozenset[str]:
        """The patches listed by the kustomizations of a directory and of those above it."""
        known = self._all.get(folder)
        if known is None:
            known = self._all[folder] = frozenset().union(*[self._named_in(f) for f in self._above.upwards(folder)])
        return known

    def _named_in(self, folder: str) -> frozenset[str]:
        known = self._named.get(folder)
        if known is None:
            known = self._named[folder] = self._read_in(folder)
        return known

    def _read_in(self, folder: str) -> frozenset[str]:
        for name in NAMES:
            data = self._read(os.path.join(folder, name))
            if data is not None:
                from joblint.source.documents import read

                files = [f for d in read(data, name, templates=False) for f in patch_files(d.value)]
                return frozenset([os.path.normpath(os.path.join(folder, f)) for f in files])
        return frozenset()


def patch_files(value: Any) -> list[str]:
    """Return the files that a kustomization names as patches (`patches`, `patchesStrategicMerge`, `patchesJson6902`)."""
    found = []
    if isinstance(value, dict):
        for field in ("patches", "patchesStrategicMerge", "patchesJson6902"):
            entries = value.get(field)
            for entry in entries if isinstance(entries, list) else ():
                name = entry.get("path") if isinstance(entry, dict) else entry
                if isinstance(name, str) and "\n" not in name and "\0" not in name:
                    found.append(name)
    return found


def _never(value: Any) -> None:
    return None


def resource_files(value: Any) -> list[str]:
    """Return the files and directories that a kustomization includes."""
    found = []
    for field in ("resources", "bases", "components", "generators"):
        entries = value.get(field) if isinstance(value, dict) else None
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, str) and "\n" not in entry and "\0" not in entry:
                found.append(entry)
    return found


def _is_half(value: Any) -> bool:
    """Whether a Job or CronJob lacks what each must have: a restart policy, and an image for each container."""
    if not isinstance(value, dict) or value.get("kind") not in ("Job", "CronJob"):
        return False
    for field in ("spec", "jobTemplate", "spec", "template", "spec")[0 if value["kind"] == "CronJob" else 2 :]:
        value = value.get(field)
        if not isinstance(value, dict):
            return value is None
    containers = value.get("containers")
    if value.get("restartPolicy") is not None:
        return False
    return not isinstance(containers, list) or any(isinstance(c, dict) and c.get("image") is None for c in containers)


def _read_file(path: str) -> bytes | None:
    try:
        os.lstat(path)  # most directories contain none
        return None if is_planted(path) else small(path)
    except (OSError, ValueError):
        return None
