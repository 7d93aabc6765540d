"""What patches of kustomize set wrongly, where no program builds the overlay: joblint applies them itself and reports what is
at a line of a patch; the resources are checked on their own."""

from __future__ import annotations

import os

from joblint.base.record import replace
from joblint.run.render.kustomize_own import KINDS, Own
from joblint.source.unrendered.kustomize_patches import NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.engine import Engine
    from joblint.rules.finding import Finding
    from joblint.run.projects import Projects
    from joblint.run.render.kustomize import Built, Read
    from joblint.run.render.kustomize_own import Change
    from joblint.run.result import Report
    from joblint.source.documents import Document

_BY_ITSELF = frozenset(("unknown-field", "wrong-type", "value-not-supported", "number-out-of-range", "restart-policy-always"))
_BY_ITSELF |= {"restart-policy-unknown", "quantity-malformed", "schedule-malformed"}
"""The rules on a value that is wrong whatever the object around it is."""

_DEEPEST = 8
"""Kustomizations that include each other."""

_READING = "JL00"
"""The rules on how a file is read: the text of the object is not that of a file."""


def check_patches(here: Projects, files: tuple[str, ...]) -> tuple[Report, ...]:
    """Return a report on the patches that the kustomizations among some files apply to Jobs. Raises ConfigError, UnknownRule and
    WrongInput as `Projects` does."""
    from joblint.run.render.not_built import unmatched
    from joblint.run.result import Report

    found: dict[str, list[list[Finding]]] = {}
    kept: list[Finding] = []
    version = ""
    for file in files:
        if os.path.basename(file) not in NAMES or not _may_patch_jobs(file):
            continue
        engine = here.shared_out(("-",), file)[0].engines[-1]
        version = engine.version
        for patch, findings in patch_findings(engine, os.path.dirname(file) or ".", _bytes_of).items():
            found.setdefault(patch, []).append(findings)
        kept += [f for f in unmatched(engine, os.path.dirname(file) or ".") if os.path.realpath(f.file) == os.path.realpath(file)]
    for several in found.values():
        # An overlay of an overlay may correct what a patch sets: what is not wrong in all of them is not reported.
        common = set.intersection(*[{_key(f) for f in findings} for findings in several])
        kept += [f for f in several[0] if _key(f) in common]
    kept.sort(key=lambda f: (f.file, f.span.line, f.span.column, f.rule))
    return (Report(version, 0, (), tuple(kept), (), (), ()),) if kept else ()


def check_open_patch(engine: Engine, path: str, data: bytes, written: Report) -> Report:
    """Return the report on the newest text of a patch, or of a kustomization with patches: what is wrong in each overlay whose
    kustomization, in the directory of the file or above, lists it, in addition to `written`, the report on the text alone."""
    from joblint.base.above import upwards

    shown, path = path, os.path.realpath(path)

    def read(file: str) -> bytes:
        return data if os.path.realpath(file) == path else _bytes_of(file)

    several = []
    for folder in upwards(os.path.dirname(path)):
        if any(os.path.isfile(os.path.join(folder, name)) for name in NAMES):
            found = patch_findings(engine, folder, read)
            if path in found:
                several.append(found[path])
    if not several:
        return written
    common = set.intersection(*[{_key(f) for f in findings} for findings in several])
    known = {(f.rule, f.span.line) for f in written.findings}
    more = [replace(f, file=shown) for f in several[0] if _key(f) in common and (f.rule, f.span.line) not in known]
    findings = sorted([*written.findings, *more], key=lambda f: (f.span.line, f.span.column, f.rule))
    return replace(written, findings=tuple(findings))


def has_kustomizations(files: tuple[str, ...]) -> bool:
    """Return whether a kustomization is among the files."""
    return any(file.endswith(NAMES) and os.path.basename(file) in NAMES for file in files)


def _key(finding: Finding) -> tuple[str, str, int, int]:
    return finding.rule, finding.file, finding.span.line, finding.span.column


def _bytes_of(file: str) -> bytes:
    from joblint.base.content import small

    return small(file)


def _may_patch_jobs(file: str, depth: int = 0) -> bool:
    """Whether a kustomization, or one that it includes from outside of its directory, has patches that mention a Job."""
    from joblint.source.documents import read
    from joblint.source.unrendered.kustomize_patches import patch_files, resource_files

    try:
        data = _bytes_of(file)
        has_patches, includes = b"patch" in data, b"../" in data or b"components" in data
        if has_patches and b"Job" in data:
            return True
        values = [d.value for d in read(data, file, templates=False)] if has_patches or includes else []
    except (OSError, ValueError):
        return False
    folder = os.path.dirname(file)
    if any(_mentions(os.path.join(folder, name)) for value in values for name in patch_files(value)):
        return True
    if not includes or depth > _DEEPEST:
        return False
    below = [os.path.normpath(os.path.join(folder, name)) for value in values for name in resource_files(value)]
    inner = [os.path.join(path, name) for path in below for name in NAMES if os.path.isfile(os.path.join(path, name))]
    return any(_may_patch_jobs(one, depth + 1) for one in inner)


def _mentions(file: str) -> bool:
    try:
        return b"Job" in _bytes_of(file)
    except (OSError, ValueError):
        return False


def patch_findings(engine: Engine, folder: str, read: Read) -> dict[str, list[Finding]]:
    """Return the findings on the patches of the overlay in a directory, by the file of each patch (all patches that it applies
    are there). `read` returns the bytes of a file, or raises OSError."""
    from joblint.run.render.kustomize_merge import Unsure

    own = Own(read, engine.version)
    built = own.build(folder)
    found: dict[str, list[Finding]] = {}
    if built is not None and built.kustomizations:
        found = {patch.file: [] for k in built.kustomizations for patch in k.patches}
        for finding in _in_patches(engine, built, read):
            found[os.path.realpath(finding.file)].append(finding)
    try:
        for finding in _alone(engine, own, os.path.realpath(folder), read):
            found.setdefault(os.path.realpath(finding.file), []).append(finding)
    except (Unsure, OSError):
        pass
    return found


def _in_patches(engine: Engine, built: Built, read: Read) -> list[Finding]:
    """The findings on the Jobs of an overlay that are at a line of a patch."""
    from joblint.run.check import check_text
    from joblint.run.render.overlays import Placer

    if not built.text:
        return []
    places = [(p.file, p.before, p.before + p.text.count("\n") + 1) for k in built.kustomizations for p in k.patches]
    placer = Placer(built, read)
    found = []
    for finding in check_text(engine, built.text.encode(), "built").findings:
        if not finding.rule.startswith(_READING):
            placed = placer.finding(finding)
            where, line = os.path.realpath(placed.file), placed.span.line
            if placed is not finding and any(where == file and before < line <= last for file, before, last in places):
                found.append(placed)
    return found


def _alone(engine: Engine, own: Own, folder: str, read: Read) -> list[Finding]:
    """The findings on patches whose object is not on this disk: on values that are wrong in any object. Raises Unsure and
    OSError."""
    from joblint.run.render.kustomize import Built, Kustomization, patch_documents, patches_of

    file, value = own.kustomization(folder)
    changes = own.changes(folder, file, value, ("patches", "patchesStrategicMerge", "patchesJson6902"))
    left = [c for c in changes if c.key not in own.matched and not c.options]
    if not left:
        return []
    found: list[Finding] = []
    for patch in patches_of(value, folder, file, own.documents(file)[0], read):
        for document in patch_documents(patch.file, patch.text, patch.before):
            kind = next((_kind_of(c) for c in left if c.document.value == document.value), "")
            for made in _objects_of(document.value, kind):
                from json import dumps

                built = Built(dumps(made, indent=1), (patch.file,), (Kustomization(file, value, (patch,)),), "")
                found += _on(engine, built, document)
    return found


def _on(engine: Engine, built: Built, document: Document) -> list[Finding]:
    """The findings on the values of a patch, at their places in its document."""
    from joblint.run.check import check_text
    from joblint.run.render.overlays import Placer
    from joblint.source.places.paths import steps, value_at

    class Alone(Placer):
        """Places in the patch itself."""

        def _source(self, index: int) -> Document | None:
            return document

    placer = Alone(built)
    value = placer.documents[0].value
    found = [f for f in check_text(engine, built.text.encode(), "built").findings if f.name in _BY_ITSELF]
    return [placer.finding(f) for f in found if value_at(value, list(steps(f.field))) is not None]


def _kind_of(change: Change) -> str:
    """The kind of the object that a patch is meant for; "" if it is not that of a Job."""
    value = change.document.value
    kind = value.get("kind") if isinstance(value, dict) else change.target.get("kind")
    if isinstance(value, dict) and str(value.get("apiVersion")).partition("/")[0] != "batch":
        return ""
    if change.target.get("kind") not in (None, "", kind):
        return ""
    return kind if kind in KINDS and change.target.get("group") in (None, "", "batch") else ""


def _objects_of(value: Any, kind: str) -> Iterator[dict[str, Any]]:
    """Objects with nothing but what a patch sets."""
    from joblint.run.render.kustomize_merge import steps_of, without_directives

    if kind and isinstance(value, dict):
        yield without_directives(value)
    for one in value if kind and isinstance(value, list) else ():
        path = steps_of(one["path"]) if isinstance(one, dict) and isinstance(one.get("path"), str) else []
        if path[:1] == ["spec"] and one.get("op") in ("add", "replace") and not any(p.isdigit() or p == "-" for p in path):
            held = one.get("value")
            for step in reversed(path):
                held = {step: held}
            yield {"apiVersion": "batch/v1", "kind": kind, "metadata": {"name": "x"}, **held}
