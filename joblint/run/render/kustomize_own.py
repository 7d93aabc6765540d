"""The Jobs of an overlay without kustomize: its resources on this disk, with the simple changes of its kustomizations and
their patches; where joblint cannot be sure of an object, it is left out. Source: kustomize 5.5 api/internal/target
(kusttarget.go, kusttarget_configplugin.go), api/resmap (selector.go)."""

from __future__ import annotations

import os

from joblint.base.record import Record, replace
from joblint.run.render.kustomize import Built, Kustomization
from joblint.run.render.kustomize_merge import Unsure, merged, patched
from joblint.source.unrendered.kustomize_patches import NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.run.render.inflated import Inflated
    from joblint.run.render.kustomize import Patch, Read
    from joblint.source.documents import Document

KINDS = ("Job", "CronJob")
_UNKNOWN = ("transformers", "configurations", "openapi", "vars", "validators", "helmCharts", "generators")
"""What may change Jobs in a way that is not known here, or add them."""
_DEEPEST = 12


class Resource:
    """An object on its way through kustomizations: its value, its file, and the names that it had."""

    def __init__(self, value: dict[str, Any], file: str) -> None:
        self.value = value
        self.file = file
        self.names = {_name(value)}
        self.is_sure = True


class Change(Record):
    """One patch: what it is known by, the document with it, its text's file, its target, and whether it has options."""

    key: tuple[str, str, int, int]
    document: Document
    file: str
    target: dict[str, Any]
    options: bool


class Own:
    """Builds overlays; `read` returns the bytes of a file, or raises OSError; `charts` are those of its kustomizations, if they
    were rendered."""

    def __init__(self, read: Read, version: str, charts: tuple[Inflated, ...] = ()) -> None:
        self._read = read
        self._charts = charts
        self._version = version
        self._documents: dict[str, tuple[Document, ...]] = {}
        self.matched: set[tuple[str, str, int, int]] = set()
        self._applied: list[tuple[str, Any]] = []

    def build(self, folder: str) -> Built | None:
        """Return the Jobs of the overlay in a directory; None if nothing is certain about them."""
        from json import dumps

        kustomizations: list[Kustomization] = []
        try:
            found = self._accumulated(os.path.realpath(folder), kustomizations, 0)
        except (Unsure, OSError):
            return None
        sure = [r for r in found if r.is_sure]
        text = "---\n".join([f"{dumps(r.value, indent=1)}\n" for r in sure])
        kustomizations.reverse()  # the outermost first
        applied = {(file, dumps(value, default=str)) for file, value in self._applied}
        used = tuple([replace(k, patches=tuple([p for p in k.patches if _is_applied(p, applied)])) for k in kustomizations])
        return Built(text, tuple([r.file for r in sure]), used, "")

    def documents(self, file: str) -> tuple[Document, ...]:
        """The documents of a file."""
        from joblint.source.documents import read

        if file not in self._documents:
            self._documents[file] = read(self._read(file), file, templates=False)
        return self._documents[file]

    def kustomization(self, folder: str) -> tuple[str, dict[str, Any]]:
        """The kustomization of a directory: its file and content. Raises Unsure."""
        file = next((os.path.join(folder, name) for name in NAMES if os.path.isfile(os.path.join(folder, name))), "")
        value = next((d.value for d in self.documents(file) if isinstance(d.value, dict)), None) if file else None
        if value is None:
            raise Unsure
        return file, value

    def _accumulated(
        self, folder: str, kustomizations: list[Kustomization], depth: int, found: list[Resource] | None = None
    ) -> list[Resource]:
        """The objects of a kustomization; `found` are those that it changes if it is a component."""
        from joblint.run.render.kustomize import patches_of

        file, value = self.kustomization(folder)
        if depth > _DEEPEST or any(value.get(field) for field in self._unknown()) or _replaces_jobs(value):
            raise Unsure
        found = [] if found is None else found
        for field in ("resources", "bases"):
            for entry in _entries(value, field):
                path = os.path.realpath(os.path.join(folder, entry))
                if os.path.isdir(path):
                    found += self._accumulated(path, kustomizations, depth + 1)
                elif os.path.isfile(path):
                    found += self._resources(path)
        for chart in self._charts:
            if os.path.realpath(chart.file) == os.path.realpath(file):
                found += [Resource(d.value, "") for d in chart.documents if d.value.get("kind") in KINDS]
        for entry in _entries(value, "components"):
            path = os.path.realpath(os.path.join(folder, entry))
            if not os.path.isdir(path):
                raise Unsure
            self._accumulated(path, kustomizations, depth + 1, found)
        patches = tuple(patches_of(value, folder, file, self.documents(file)[0], self._read))
        kustomizations.append(Kustomization(file, value, patches))
        for change in self.changes(folder, file, value, ("patchesStrategicMerge", "patches")):
            self._apply(change, found)
        _transform(value, found)
        for change in self.changes(folder, file, value, ("patchesJson6902",)):
            self._apply(change, found)
        _images(value, found)
        return found

    def _unknown(self) -> tuple[str, ...]:
        """The fields that may add or change Jobs in a way that is not known."""
        return tuple([field for field in _UNKNOWN if field != "helmCharts"]) if self._charts else _UNKNOWN

    def _resources(self, path: str) -> list[Resource]:
        if b"Job" not in self._read(path):
            return []
        found = []
        for document in self.documents(path):
            for _, value in document.objects() if document.value is not None else ():
                if isinstance(value, dict) and value.get("kind") in KINDS and not document.skipped:
                    found.append(Resource(value, path))
        return found

    def changes(self, folder: str, file: str, value: dict[str, Any], fields: tuple[str, ...]) -> list[Change]:
        """The patches in some fields of a kustomization, document by document. Raises Unsure and OSError."""
        from joblint.source.documents import read

        found: list[Change] = []
        for field in fields:
            entries = value.get(field)
            for n, entry in enumerate(entries if isinstance(entries, list) else ()):
                target: Any = entry.get("target") if isinstance(entry, dict) else None
                path = entry.get("path") if isinstance(entry, dict) else entry
                text = entry.get("patch") if isinstance(entry, dict) else entry if "\n" in str(entry) else None
                options = isinstance(entry, dict) and bool(entry.get("options"))
                if isinstance(text, str):
                    documents, of = read(text.encode(), file, templates=False), file
                elif isinstance(path, str):
                    of = os.path.normpath(os.path.join(folder, path))
                    documents = self.documents(of)
                else:
                    raise Unsure
                target = target if isinstance(target, dict) else {}
                found += [Change((file, field, n, d.index), d, of, target, options) for d in documents if d.value is not None]
        return found

    def _apply(self, change: Change, found: list[Resource]) -> None:
        """Apply a patch to the objects that it is meant for."""
        from joblint.api.apply.strategic.fields import root

        value = change.document.value
        for resource in list(found):
            try:
                if not _is_meant(change, resource):
                    continue
                self.matched.add(change.key)
                self._applied.append((change.file, value))
                if change.options or change.document.problems:
                    raise Unsure
                if isinstance(value, list):
                    resource.value = patched(resource.value, value)
                    continue
                own = resource.value
                result = merged(own, value, root(str(own.get("kind")), self._version))
                if result is None:
                    found.remove(resource)
                    continue
                for key in ("apiVersion", "kind"):
                    result[key] = own.get(key)
                metadata, kept = result.get("metadata"), own.get("metadata")
                if isinstance(metadata, dict) and isinstance(kept, dict):
                    names = {key: kept[key] for key in ("name", "namespace") if key in kept}
                    result["metadata"] = {**{k: v for k, v in metadata.items() if k not in ("name", "namespace")}, **names}
                resource.value = result
            except Unsure:
                resource.is_sure = False


def _is_applied(patch: Patch, applied: set[tuple[str, str]]) -> bool:
    """Whether a patch, or a document of it, is among those applied: their files and values as JSON."""
    from json import dumps

    from joblint.source.documents import read

    return any(
        (patch.file, dumps(d.value, default=str)) in applied for d in read(patch.text.encode(), patch.file, templates=False)
    )


def _entries(value: dict[str, Any], field: str) -> list[str]:
    entries = value.get(field)
    return [e for e in entries if isinstance(e, str) and "\0" not in e] if isinstance(entries, list) else []


def _replaces_jobs(value: dict[str, Any]) -> bool:
    """Whether replacements may change a Job."""
    entries = value.get("replacements")
    for entry in entries if isinstance(entries, list) else ():
        targets = entry.get("targets") if isinstance(entry, dict) else None
        if not isinstance(targets, list):
            return True
        for target in targets:
            select = target.get("select") if isinstance(target, dict) else None
            if not isinstance(select, dict) or select.get("kind") in (None, *KINDS):
                return True
    return False


def _is_meant(change: Change, resource: Resource) -> bool:
    """Whether a patch is meant for an object. Raises Unsure if that is not known."""
    value, patch, target = resource.value, change.document.value, change.target
    group, _, version = str(value.get("apiVersion")).rpartition("/")
    metadata = value.get("metadata")
    namespace = str(metadata.get("namespace") or "") if isinstance(metadata, dict) else ""
    if not target:
        if not isinstance(patch, dict):
            raise Unsure
        theirs = patch.get("metadata")
        theirs = theirs if isinstance(theirs, dict) else {}
        same = patch.get("kind") == value.get("kind") and str(patch.get("apiVersion")).rpartition("/")[0] == group
        return same and theirs.get("name") in resource.names and theirs.get("namespace") in (None, namespace or "default")
    pairs = (("group", {group}), ("version", {version}), ("kind", {str(value.get("kind"))}))
    for key, held in (*pairs, ("name", resource.names), ("namespace", {namespace, namespace or "default"})):
        wanted = target.get(key)
        if wanted and not any(matches(str(wanted), text) for text in held):
            return False
    for key, field in (("labelSelector", "labels"), ("annotationSelector", "annotations")):
        for part in [p.strip() for p in str(target.get(key) or "").split(",") if p.strip()]:
            name, equals, wanted = part.replace("==", "=").partition("=")
            if not equals or name.endswith("!") or any(c in part for c in "() "):
                raise Unsure
            pairs_there = metadata.get(field) if isinstance(metadata, dict) else None
            if not isinstance(pairs_there, dict) or str(pairs_there.get(name)) != wanted:
                return False
    return True


def matches(pattern: str, text: str) -> bool:
    """Return whether a text matches a target's pattern. Raises Unsure for one for which Python, unlike Go, may need very long."""
    import re

    if not re.fullmatch(r"[\w.*|-]*", pattern) or pattern.count("*") > 2:
        raise Unsure
    try:
        return re.fullmatch(pattern, text) is not None
    except re.error:
        raise Unsure from None


def _transform(value: dict[str, Any], found: list[Resource]) -> None:
    """Names, namespaces, labels and annotations."""
    prefix, suffix = str(value.get("namePrefix") or ""), str(value.get("nameSuffix") or "")
    for resource in found:
        metadata = resource.value.get("metadata")
        if not isinstance(metadata, dict):
            continue
        metadata = dict(metadata)
        if prefix or suffix:
            metadata["name"] = f"{prefix}{metadata.get('name', '')}{suffix}"
        if isinstance(value.get("namespace"), str):
            metadata["namespace"] = value["namespace"]
        for field, more in (("labels", _labels(value)), ("annotations", value.get("commonAnnotations"))):
            if isinstance(more, dict) and more:
                held = metadata.get(field)
                metadata[field] = {**(held if isinstance(held, dict) else {}), **more}
        resource.value = {**resource.value, "metadata": metadata}
        resource.names.add(_name(resource.value))


def _labels(value: dict[str, Any]) -> dict[str, Any]:
    common = value.get("commonLabels")
    found = dict(common) if isinstance(common, dict) else {}
    entries = value.get("labels")
    for entry in entries if isinstance(entries, list) else ():
        pairs = entry.get("pairs") if isinstance(entry, dict) else None
        found |= pairs if isinstance(pairs, dict) else {}
    return found


def _images(value: dict[str, Any], found: list[Resource]) -> None:
    entries = value.get("images")
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("name"), str):
            for resource in found:
                resource.value = _with_image(resource.value, entry)


def _with_image(value: Any, entry: dict[str, Any]) -> Any:
    """A value with the image in each container that it contains."""
    if isinstance(value, list):
        return [_with_image(item, entry) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: _with_image(item, entry) for key, item in value.items()}
    image = found.get("image")
    if isinstance(image, str) and "name" in found:
        name, at, digest = image.partition("@")
        last = name.rpartition("/")[2]
        tag = last.partition(":")[2]
        name = name[: len(name) - len(tag) - 1] if tag else name
        if name == entry["name"]:
            name = str(entry.get("newName") or name)
            if entry.get("digest"):
                found["image"] = f"{name}@{entry['digest']}"
            elif entry.get("newTag") is not None:
                found["image"] = f"{name}:{entry['newTag']}"
            else:
                found["image"] = name + (f":{tag}" if tag else "") + (f"@{digest}" if at else "")
    return found


def _name(value: dict[str, Any]) -> str:
    metadata = value.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return name if isinstance(name, str) else ""
