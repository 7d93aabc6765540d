"""What was built of an overlay, checked as a whole and reported at the resource, template or patch that sets the field."""

from __future__ import annotations

import os

from joblint.base.record import replace
from joblint.rules.finding import Origin
from joblint.run.render.kustomize import patch_documents, shown_from_here

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from joblint.rules.finding import Finding
    from joblint.run.projects import Projects
    from joblint.run.render.inflated import Inflated
    from joblint.run.render.kustomize import Built, Patch, Read
    from joblint.run.render.placing import Placer as ChartPlacer
    from joblint.run.result import Report
    from joblint.source.documents import Document


_READING = "JL00"
"""The rules on how a file is read: the text of an object that joblint builds is not that of a file."""


def said_of(folder: str, built: Built) -> tuple[str, ...]:
    """Return what kustomize said of an overlay."""
    return tuple([f"kustomize: {folder}: {line}" for line in built.said.split("\n")]) if built.said else ()


def not_built(here: Projects, folder: str, said: str) -> Report | None:
    """Return the report on an overlay that cannot be built, with what its program said; None if no file of it is the reason."""
    from joblint.run.render.not_built import findings, unmatched
    from joblint.run.result import Report

    engine = here.shared_out(("-",), os.path.join(folder, "kustomization.yaml"))[0].engines[-1]
    found = findings(engine, folder, said) + unmatched(engine, folder)
    return Report(engine.version, 0, (), found, (), (), ()) if found else None


def report_on(here: Projects, folder: str, built: Built, placer: Placer, least: str, charts_only: bool = False) -> Report:
    """Return the report on what was built of the overlay in a directory; `charts_only` leaves out what is written in resources,
    which are checked on their own. Raises ConfigError, UnknownRule and WrongInput as `Projects` does."""
    from joblint.run.contents import Stdin
    from joblint.run.projects import check_projects
    from joblint.run.render.not_built import unmatched
    from joblint.run.result import Checked

    name = os.path.join(folder, "kustomization.yaml")
    projects = here.shared_out(("-",), name)
    report = check_projects(projects, ("-",), 1, Stdin(folder, built.text.encode()), least)
    documents = []
    for checked in report.documents:
        index = checked.judged.document
        if not charts_only or placer.of_chart(index) is not None:
            file, line = placer.document(index)
            documents.append(Checked(file or checked.file, replace(checked.judged, line=line or checked.judged.line)))
    placed = placer.findings(report.findings)
    if charts_only:
        written = {os.path.realpath(name) for k in built.kustomizations for name in (k.file, *[p.file for p in k.patches])}
        of_charts = placer.findings([f for f in report.findings if placer.of_chart(f.document) is not None])
        placed = [f for f in placed if f in of_charts or os.path.realpath(f.file) in written]
        placed = [f for f in placed if not f.rule.startswith(_READING)]
    findings = sorted(placed, key=lambda f: (f.file, f.span.line, f.span.column, f.rule))
    findings += unmatched(projects[0].engines[-1], folder)
    return replace(report, documents=tuple(documents), findings=tuple(findings))


class Placer:
    """Finds where the fields of built objects were written."""

    def __init__(self, built: Built, read_file: Read | None = None, charts: tuple[Inflated, ...] = ()) -> None:
        from joblint.source.documents import read

        self.built = built
        self.charts = charts
        self._read_file = read_file
        self.documents = read(built.text.encode(), "built", templates=False)
        self._files: dict[str, tuple[Document, ...]] = {}
        self._patches: dict[tuple[str, int], list[Document]] = {}

    def _read(self, file: str) -> tuple[Document, ...]:
        from joblint.base.content import small
        from joblint.source.documents import read

        if file not in self._files:
            try:
                self._files[file] = read((self._read_file or small)(file), shown_from_here(file), templates=False)
            except OSError:
                self._files[file] = ()
        return self._files[file]

    def _documents_of(self, patch: Patch) -> list[Document]:
        place = (patch.file, patch.before)
        if place not in self._patches:
            self._patches[place] = patch_documents(patch.file, patch.text, patch.before)
        return self._patches[place]

    def document(self, index: int) -> tuple[str, int]:
        """Return the file and line that a built document comes from; "" and 0 if that is not known."""
        of_chart = self.of_chart(index)
        if of_chart is not None:
            chart, printed = of_chart
            return chart.line(printed.line)[:2]
        found = self._source(index)
        return (shown_from_here(self.built.origins[index]), found.line) if found is not None else ("", 0)

    def of_chart(self, index: int) -> tuple[ChartPlacer, Document] | None:
        """Return what places the output of a chart, and the document of that which became a built one; None for other objects:
        one of the same kind, with its name if no prefix or suffix was added."""
        value = self.documents[index].value if index < len(self.documents) else None
        if not self.charts or not isinstance(value, dict) or index < len(self.built.origins) and self.built.origins[index]:
            return None
        same = [
            (chart.placer, d)
            for chart in self.charts
            for d in chart.documents
            if chart.placer is not None and d.value.get("kind") == value.get("kind")
        ]
        named = [one for one in same if _name(one[1].value) and _name(one[1].value) in _name(value)]
        if named:
            return max(named, key=lambda one: len(_name(one[1].value)))
        # A release without a name has another one each time.
        kinds = [d.value.get("kind") if isinstance(d.value, dict) else None for d in self.documents]
        origins = (*self.built.origins, *[""] * len(kinds))
        of_kind = [n for n, kind in enumerate(kinds) if kind == value.get("kind") and not origins[n]]
        return same[of_kind.index(index)] if len(of_kind) == len(same) else None

    def _source(self, index: int) -> Document | None:
        """The document in a resource file that became a built one: of the same kind, with its name if no prefix or suffix was
        added."""
        of_chart = self.of_chart(index)
        if of_chart is not None:
            return of_chart[1]
        file = self.built.origins[index] if index < len(self.built.origins) else ""
        value = self.documents[index].value if index < len(self.documents) else None
        if not file or not isinstance(value, dict):
            return None
        same = [d for d in self._read(file) if isinstance(d.value, dict) and d.value.get("kind") == value.get("kind")]
        named = [d for d in same if _name(d.value) and _name(d.value) in _name(value)]
        return max(named, key=lambda d: len(_name(d.value))) if named else same[0] if len(same) == 1 else None

    def findings(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings at the patch, resource or template that sets their fields, without those that are not about the
        output of a chart as its users see it."""
        placed = [self._placed(finding) for finding in findings]
        return [one for one in placed if one is not None]

    def finding(self, finding: Finding) -> Finding:
        """Return the finding at the patch, resource or template that sets its field; unchanged if none is known."""
        return self._placed(finding) or finding

    def _placed(self, finding: Finding) -> Finding | None:
        from joblint.source.places.paths import steps, value_at

        source = self._source(finding.document)
        value = self.documents[finding.document].value if finding.document < len(self.documents) else None
        if source is None or not isinstance(value, dict):
            return finding
        here = _translated(finding.field, value, source.value)
        place = (
            self._in_patch(finding.field, here, value) or self._in_kustomization(finding, value, source.value) or (source, here)
        )
        document, field = place
        is_there = value_at(value, list(steps(finding.field))) is not None
        is_key = is_there and finding.span == self.documents[finding.document].span(finding.field, "key")
        if is_key and isinstance(document.value, list) and field.endswith("].value"):
            field, is_key = f"{field.removesuffix('.value')}.path", False  # the name of the field is part of a path
        span = document.span(field, "key" if is_key else "value")
        of_chart = self.of_chart(finding.document) if document is source else None
        if of_chart is not None:
            printed = replace(finding, span=span, field=field)
            return replace(of_chart[0].finding(printed), field=finding.field) if of_chart[0].is_wanted(printed) else None
        around = (span.line - 1, span.line, span.line + 1)
        lines = tuple([(n, text) for n in around if (text := document.source_line(n)) is not None])
        origin = Origin(document.file, span.line, span.column, None)
        return replace(finding, file=document.file, document=document.index, span=span, excerpt=lines, source=origin, fix=None)

    def _in_patch(self, field: str, before: str, value: dict[str, Any]) -> tuple[Document, str] | None:
        """The patch that sets a field, outermost first, and the field's path in it; `before` is the path in the resource, whose
        lists may have another order."""
        from joblint.source.places.paths import steps, value_at

        final = value_at(value, list(steps(field)))
        if final is None or not field:
            return self._removed(field, before, value) if field else None
        for kustomization in self.built.kustomizations:
            if field.endswith("].image") and isinstance(kustomization.value.get("images"), list):
                for i, image in enumerate(kustomization.value["images"]):
                    if isinstance(image, dict) and _sets_image(image, str(final)):
                        return self._read(kustomization.file)[0], f"images[{i}]{_part(image)}"
            for patch in reversed(kustomization.patches):
                for document in self._documents_of(patch):
                    found = _json_patch(document, (field, before), final)
                    if (
                        found is None
                        and isinstance(document.value, dict)
                        and document.value.get("kind") in (None, value.get("kind"))
                    ):
                        at = _translated(field, value, document.value)
                        found = at if value_at(document.value, list(steps(at))) == final else None
                    if found is not None:
                        return document, found
        return None

    def _removed(self, field: str, before: str, value: dict[str, Any]) -> tuple[Document, str] | None:
        """The patch that removes a field, and the place in it."""
        for kustomization in self.built.kustomizations:
            for patch in kustomization.patches:
                if patch.target.get("kind") in (None, value.get("kind")):
                    for document in self._documents_of(patch):
                        found = _removes(document, (field, before)) or _is_null(document, field, value)
                        if found is not None:
                            return document, found
        return None

    def _in_kustomization(self, finding: Finding, value: dict[str, Any], source: Any) -> tuple[Document, str] | None:
        """The entry of a kustomization that sets a field: a prefix, a namespace, labels, annotations, or a replacement."""
        from joblint.run.render.kustomize_fields import entry, replaced

        for kustomization in self.built.kustomizations:
            at = entry(kustomization.value, finding.field, finding.message, value, source)
            if at:
                return self._read(kustomization.file)[0], at
            for kind, name, path in replaced(kustomization.value, finding.field, value):
                for index, document in enumerate(self.documents):
                    held = document.value
                    if isinstance(held, dict) and held.get("kind") == kind and name in _name(held):
                        found = self._source(index)
                        if found is not None:
                            return found, _translated(path, held, found.value)
        return None


def _removes(document: Document, fields: tuple[str, ...]) -> str | None:
    """The path in a JSON patch of the entry that removes a field."""
    from joblint.source.places.paths import steps

    for i, entry in enumerate(document.value if isinstance(document.value, list) else ()):
        if isinstance(entry, dict) and entry.get("op") == "remove" and isinstance(entry.get("path"), str):
            parts = [part.replace("~1", "/").replace("~0", "~") for part in entry["path"].split("/")[1:]]
            if any(_same_path(parts, [str(step) for step in steps(field)][: len(parts)]) for field in fields):
                return f"[{i}].path"
    return None


def _is_null(document: Document, field: str, value: dict[str, Any]) -> str | None:
    """The path in a strategic merge patch of a null that removes a field."""
    from joblint.source.places.paths import steps, value_at

    if not isinstance(document.value, dict) or document.value.get("kind") not in (None, value.get("kind")):
        return None
    at = _translated(field, value, document.value)
    *above, last = steps(at)
    held = value_at(document.value, list(above))
    return at if isinstance(held, dict) and last in held and held[str(last)] is None else None


def _json_patch(document: Document, fields: tuple[str, ...], final: Any) -> str | None:
    """The path in a JSON patch of the entry that sets a field, by any of its paths, or what it is part of."""
    from joblint.source.places.paths import child, steps, value_at

    if not isinstance(document.value, list):
        return None
    wanted = [[str(step) for step in steps(field)] for field in fields]
    for i in range(len(document.value) - 1, -1, -1):
        entry = document.value[i]
        path = entry.get("path") if isinstance(entry, dict) else None
        if not isinstance(path, str) or "value" not in entry:
            continue
        parts = [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:]]
        for whole, field in zip(wanted, fields, strict=True):
            inner = list(steps(field))[len(parts) :]
            if _same_path(parts, whole[: len(parts)]) and value_at(entry["value"], inner) == final:
                at = f"[{i}].value"
                for step in inner:
                    at = f"{at}[{step}]" if isinstance(step, int) else child(at, step)
                return at
    return None


def _same_path(patch: list[str], field: list[str]) -> bool:
    """Whether a JSON patch applies to a field; `-` is the position after the last item."""
    return len(patch) == len(field) and all(p == f or p == "-" and f.isdigit() for p, f in zip(patch, field, strict=True))


def _translated(field: str, built: Any, other: Any) -> str:
    """A field's path in another version of an object: items of lists are found by their names."""
    from joblint.source.places.paths import child, steps

    path = ""
    for step in steps(field):
        if isinstance(step, int) and isinstance(built, list):
            built = built[step] if step < len(built) else None
            name = built.get("name") if isinstance(built, dict) else None
            items = other if isinstance(other, list) else []
            at = next((i for i, item in enumerate(items) if name and isinstance(item, dict) and item.get("name") == name), step)
            other = items[at] if at < len(items) else None
            path += f"[{at}]"
        else:
            built = built.get(str(step)) if isinstance(built, dict) else None
            other = other.get(str(step)) if isinstance(other, dict) else None
            path = child(path, str(step))
    return path


def _part(image: dict[str, Any]) -> str:
    """The part of an entry of `images` that a finding on the image is about: the tag or digest, unless the name is not one."""
    from joblint.api.go.image import parse

    name = image.get("newName")
    if isinstance(name, str) and parse(name).error:
        return ".newName"
    return next((f".{key}" for key in ("digest", "newTag", "newName") if image.get(key)), "")


def _sets_image(image: dict[str, Any], final: str) -> bool:
    name = str(image.get("newName") or image.get("name") or "")
    tag, digest = image.get("newTag"), image.get("digest")
    if tag is None and digest is None:  # the tag of the resource stays
        return image.get("newName") is not None and (final == name or final.startswith((f"{name}:", f"{name}@")))
    return bool(name) and final == name + (f":{tag}" if tag is not None else "") + (f"@{digest}" if digest else "")


def _name(value: dict[str, Any]) -> str:
    metadata = value.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return name if isinstance(name, str) else ""
