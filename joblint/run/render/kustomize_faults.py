"""Why kustomize cannot build an overlay, as far as joblint sees it in the files: what is certain whatever else they contain.

Source: kustomize 5.8 api/internal/target (kusttarget.go), api/internal/loader (loadrestrictions.go), api/resmap (reswrangler.go),
api/internal/builtins (PatchTransformer.go)."""

from __future__ import annotations

import os

from joblint.base.record import Record
from joblint.run.render.kustomize import is_remote, patch_documents, patches_of, shown_from_here
from joblint.run.render.kustomize_objects import Key, Named, by_name, key, meant, target_of, transformed
from joblint.run.render.kustomize_words import near_in, of_field, of_place, of_type, without_target
from joblint.source.unrendered.kustomize_patches import NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.source.documents import Document
    from joblint.source.places.spans import Span

_UNKNOWN = frozenset(("transformers", "configurations", "openapi", "vars", "validators", "helmCharts", "generators", "crds"))
_UNKNOWN |= {"helmChartInflationGenerator", "replacements"}
"""What may add, rename or remove objects in a way that is not known here."""
_MOST = 200
"""The most kustomizations of one overlay that are read."""
_DEEPEST = 20


class Fault(Record):
    """Why an overlay is not built: the document, the place in it, what is wrong, and what to type. `severity` is "" for that of
    the rule."""

    document: Document
    span: Span
    problem: str
    advice: str
    severity: str = ""


def faults(folder: str) -> tuple[Fault, ...]:
    """Return why the overlay in a directory cannot be built, in the order of the files; empty if joblint sees no reason."""
    walk = _Walk()
    walk.accumulated(os.path.realpath(folder), None, 0)
    return tuple(walk.found)


def without_effect(folder: str) -> tuple[Fault, ...]:
    """Return the patches for Jobs of the overlay in a directory whose target is none of its objects: kustomize skips them
    without an error."""
    walk = _Walk()
    walk.accumulated(os.path.realpath(folder), None, 0)
    return tuple(walk.unmatched)


def is_component(folder: str) -> bool:
    """Return whether a directory contains a component, which is built only as part of an overlay."""
    from joblint.base.content import small
    from joblint.source.documents import read

    for name in NAMES:
        file = os.path.join(folder, name)
        if os.path.isfile(file):
            try:
                return any(isinstance(d.value, dict) and d.value.get("kind") == "Component" for d in read(small(file), file))
            except OSError:
                return False
    return False


class _Walk:
    """Goes through kustomizations as kustomize does."""

    def __init__(self) -> None:
        self.found: list[Fault] = []
        self.unmatched: list[Fault] = []
        self._seen = 0
        self._read_files: dict[str, tuple[Document, ...]] = {}
        self._listed: dict[str, list[str]] = {}

    def accumulated(self, folder: str, into: list[Named] | None, depth: int) -> list[Named] | None:
        """The objects of a kustomization, None if they are not all known; `into` are those that a component changes."""
        files = [os.path.join(folder, name) for name in NAMES if os.path.isfile(os.path.join(folder, name))]
        self._seen += 1
        if not files or depth > _DEEPEST or self._seen > _MOST:
            return None
        documents = self._documents(files[0])
        if not documents:
            return None
        document = next((d for d in documents if d.value is not None or d.problems), documents[0])
        if len(files) > 1:
            name = os.path.basename(files[1])
            self._add(document, document.span(""), f'the directory also contains "{name}"', f"Remove {name} or merge the files.")
        problem = next((p for p in document.problems if p.kind == "yaml"), None)
        if problem is not None:
            self._add(
                document,
                problem.span,
                "its kustomization is not valid YAML",
                f"{problem.message[:1].upper()}{problem.message[1:].rstrip('.')}.",
            )
            return None
        if not isinstance(document.value, dict) or document.skipped:
            return None
        known = not self._wrong_fields(document) and not any(document.value.get(field) for field in _UNKNOWN)
        return self._operands(document, folder, into, depth, known)

    def _documents(self, file: str) -> tuple[Document, ...]:
        from joblint.base.content import small
        from joblint.source.documents import read

        if file not in self._read_files:
            try:
                self._read_files[file] = read(small(file), shown_from_here(file), templates=False)
            except OSError:
                self._read_files[file] = ()
        return self._read_files[file]

    def _add(self, document: Document, span: Span, problem: str, advice: str, severity: str = "") -> None:
        self.found.append(Fault(document, span, problem, advice, severity))

    def _wrong_fields(self, document: Document) -> bool:
        from joblint.source.unrendered.kustomization_fields import wrong_fields

        found = list(wrong_fields(document.value))
        for wrong in found:
            if wrong.wanted:
                self._add(document, document.span(wrong.path), *of_type(document, wrong))
            else:
                self._add(document, document.span(wrong.path, "key"), *of_field(wrong))
        return bool(found)

    def _operands(self, document: Document, folder: str, into: list[Named] | None, depth: int, known: bool) -> list[Named] | None:
        """The objects that a kustomization makes of what it refers to; None if they are not all known; `known` is whether its
        fields leave no doubt."""
        from joblint.run.render.kustomize_targets import targets_of_nothing

        value = document.value
        found: list[Named] = [] if into is None else into
        there = {key(one): one for one in found}
        for field in ("resources", "bases"):
            for at, entry in _texts(value, field):
                several = self._resource(document, at, entry, folder, depth)
                if several is None:
                    known = False
                else:
                    self._merge(document, at, found, there, several)
        for field in ("configMapGenerator", "secretGenerator"):
            self._generated(document, field, folder)
            kind = "ConfigMap" if field == "configMapGenerator" else "Secret"
            entries = value.get(field)
            for entry in entries if isinstance(entries, list) else ():
                if isinstance(entry, dict) and entry.get("behavior") in (None, "", "create"):
                    namespace = (str(entry["namespace"]),) if entry.get("namespace") else ("",)
                    found.append(Named(("", "v1", kind), (str(entry.get("name")),), namespace, ""))
        for at, entry in _texts(value, "components"):
            path = os.path.realpath(os.path.join(folder, entry))
            if self._is_missing(document, at, entry, folder):
                known = False
            else:
                several = self.accumulated(path, found, depth + 1) if os.path.isdir(path) else None
                known, found = known and several is not None, found if several is None else several
        if known and into is None:  # what a component patches depends on who includes it
            self.unmatched += [Fault(document, document.span(at), *said) for at, *said in targets_of_nothing(value, found)]
        changed = self._patched(document, folder, found, known)
        return transformed(value, changed) if known else None

    def _resource(self, document: Document, at: str, entry: str, folder: str, depth: int) -> list[Named] | None:
        if "\n" in entry or is_remote(entry, folder) or self._is_missing(document, at, entry, folder):
            return None
        path = os.path.realpath(os.path.join(folder, entry))
        if os.path.isdir(path):
            if not any(os.path.isfile(os.path.join(path, name)) for name in NAMES):
                files = [name for name in self._names_in(path) if name.endswith((".yaml", ".yml"))]
                advice = "".join([f"- {os.path.join(entry, name)}\n" for name in files[:5]])
                say = f'"{entry}" has no kustomization.yaml'
                self._add(document, document.span(at), say, advice or "Correct the path, or remove the entry.")
                return None
            if is_component(path):
                say = f'"{entry}" is a component, not a resource'
                self._add(document, document.span(at), say, f"components:\n- {entry}")
                return None
            return self.accumulated(path, None, depth + 1)
        if not _is_below(path, folder):
            self._add(document, document.span(at), *of_place(entry, shown_from_here(folder)), "warning")
        return self._objects(path)

    def _is_missing(self, document: Document, at: str, entry: str, folder: str, severity: str = "") -> bool:
        if "\0" in entry or os.path.lexists(os.path.join(folder, entry)) or is_remote(entry, folder):
            return False
        if _is_filled_in(entry):
            return True
        above, name = os.path.split(entry)
        there = os.path.join(folder, above)
        stem, ending = os.path.splitext(name)
        near = near_in(stem, (name.removesuffix(ending) for name in self._names_in(there) if name.endswith(ending)))
        advice = f"- {os.path.join(above, near + ending)}" if near else f"Add {entry}, or remove the entry."
        self._add(document, document.span(at), f'"{entry}" does not exist', advice, severity)
        return True

    def _names_in(self, folder: str) -> list[str]:
        if folder not in self._listed:
            try:
                self._listed[folder] = sorted(os.listdir(folder))
            except OSError:  # it does not exist, or nobody may read it
                self._listed[folder] = []
        return self._listed[folder]

    def _objects(self, path: str) -> list[Named] | None:
        found = []
        for document in self._documents(path):
            if document.skipped and document.value is None or any(p.kind == "yaml" for p in document.problems):
                return None
            for _, value in document.objects() if document.value is not None else ():
                metadata = value.get("metadata") if isinstance(value, dict) else None
                name = metadata.get("name") if isinstance(metadata, dict) else None
                if not isinstance(name, str) or not isinstance(value.get("kind"), str) or not isinstance(metadata, dict):
                    return None
                group, _, version = str(value.get("apiVersion")).rpartition("/")
                type_ = (group, version, value["kind"])
                found.append(Named(type_, (name,), (str(metadata.get("namespace") or ""),), path))
        return found

    def _merge(self, document: Document, at: str, found: list[Named], there: dict[Key, Named], more: list[Named]) -> None:
        """Add objects to those found, which `there` has by their keys; kustomize rejects a second one with the same key."""
        for one in more:
            other = there.get(key(one))
            if other is None:
                there[key(one)] = one
                found.append(one)
                continue
            where = shown_from_here(other.file) if other.file != one.file else "this file"
            say = f'{one.type[2]} "{one.names[-1]}" is a resource twice, also in {where}'
            if other.file == one.file:
                say = f'{one.type[2]} "{one.names[-1]}" of {shown_from_here(one.file)} is a resource twice'
            self._add(document, document.span(at), say, "Remove one of the two, or give it another name.")

    def _generated(self, document: Document, field: str, folder: str) -> None:
        """Files of generators; they are often in .gitignore, and exist where the overlay is applied."""
        entries = document.value.get(field)
        for i, entry in enumerate(entries if isinstance(entries, list) else ()):
            if not isinstance(entry, dict):
                continue
            for source in ("files", "envs", "env"):
                for at, text in _texts(entry, source) if source != "env" else ((source, entry.get(source)),):
                    if isinstance(text, str) and text:
                        path = text.partition("=")[2] if source == "files" and "=" in text else text
                        self._is_missing(document, f"{field}[{i}].{at}", path, folder, "info")

    def _patched(self, document: Document, folder: str, found: list[Named], known: bool) -> list[Named]:
        """The objects after the patches of a kustomization; each without a target must be one of them."""
        for at, entry in _patch_entries(document.value):
            if isinstance(entry, str):
                if "\n" not in entry and not entry.lstrip().startswith("{"):
                    self._is_missing(document, at, entry, folder)
            elif isinstance(entry.get("path"), str):
                if entry.get("patch"):
                    say = "a patch has both path and patch"
                    self._add(document, document.span(at), say, "Remove path or patch from this entry.")
                self._is_missing(document, f"{at}.path", entry["path"], folder)
            elif not entry.get("patch") and "path" not in entry and at.startswith("patches["):
                self._add(document, document.span(at), "a patch has neither path nor patch", "path: <file>")
        removed: set[int] = set()
        named = by_name(found)
        for patch in patches_of(document.value, folder, document.file, document):
            for one in patch_documents(patch.file, patch.text, patch.before):
                if one.problems or one.skipped:
                    continue
                if isinstance(one.value, list):
                    if not patch.target and all(isinstance(step, dict) and "op" in step for step in one.value) and one.value:
                        say = "a JSON patch needs a target"
                        self._add(one, one.span("[0]"), say, target_of(found))
                elif isinstance(one.value, dict) and not patch.target:
                    its_own = meant(one.value, named)
                    if its_own is None and known and _is_complete(one.value):
                        self._add(one, *without_target(one, found))
                    elif its_own is not None and one.value.get("$patch") == "delete":
                        removed.add(id(its_own))
        return [one for one in found if id(one) not in removed]


def _texts(value: dict[str, Any], field: str) -> list[tuple[str, str]]:
    entries = value.get(field)
    return [(f"{field}[{i}]", e) for i, e in enumerate(entries) if isinstance(e, str)] if isinstance(entries, list) else []


def _patch_entries(value: dict[str, Any]) -> list[tuple[str, Any]]:
    found = []
    for field in ("patches", "patchesStrategicMerge", "patchesJson6902"):
        entries = value.get(field)
        for i, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict) or isinstance(entry, str) and field == "patchesStrategicMerge":
                found.append((f"{field}[{i}]", entry))
    return found


def _is_complete(patch: dict[str, Any]) -> bool:
    """Whether a patch says of which object it is."""
    metadata = patch.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return isinstance(patch.get("kind"), str) and isinstance(name, str) and not _is_filled_in(name)


def _is_below(path: str, folder: str) -> bool:
    folder = os.path.realpath(folder)
    return os.path.commonpath([path, folder]) == folder


def _is_filled_in(text: str) -> bool:
    """Whether something fills in a part of a text later."""
    return any(sign in text for sign in ("${", "{{", "$(", "<%"))
