"""From a place in what a chart renders to, to that in the template, with the value that made it; knows texts, findings."""

from __future__ import annotations

import os

from joblint.base.record import record, replace
from joblint.rules.finding import Origin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.finding import Finding
    from joblint.rules.outcome import Judged
    from joblint.run.render.helm import Rendered
    from joblint.source.documents import Document
    from joblint.source.places.spans import Span

_MOST = 1 << 20


@record
class Place:
    """A place in a template: the file as it is shown, line and column from 1, the end exclusive, the lines around it, and the
    value it comes from, in words ("" where none is known). `line` is 0 where only the file is known."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    lines: tuple[tuple[int, str], ...]
    values: str
    said: str


class Placer:
    """Places for one rendering of a chart. `shown` is what the chart is called, `root` the folder where its files are."""

    def __init__(self, shown: str, root: str, rendered: Rendered) -> None:
        self.shown = shown
        self.root = root
        self.rendered = rendered
        self.lines = rendered.text.split("\n")
        self._files: dict[str, list[str]] = {}
        self._values: dict[str, Document] = {}

    def finding(self, finding: Finding) -> Finding:
        """The finding at its place in the template; one whose line cannot be told says so."""
        place = self.place(finding.span)
        if place is None:
            return finding
        if not place.line:
            said = f"{finding.message} (line {finding.span.line} of what helm renders; the template's line is not known)"
            source = Origin(place.file, None, None, None)
            return replace(finding, message=said, file=place.file, document=0, span=_at(finding.span, 1, 1, 1, 1), source=source)
        span = _at(finding.span, place.line, place.column, place.end_line, place.end_column)
        return replace(
            finding,
            message=finding.message + (f" ({place.said})" if place.said else ""),
            file=place.file,
            document=self._document(place),
            span=span,
            excerpt=place.lines,
            source=Origin(place.file, place.line, place.column, place.values or None),
            fix=None,
        )

    def judged(self, judged: Judged) -> tuple[str, Judged]:
        """The file of an object's template, and the object at its line there."""
        place = self._of_line(judged.line)
        if place is None:
            return self.shown, judged
        name, line = place
        document = self._texts(name)[: max(line - 1, 0)].count("---") if line else 0
        return self._shown(name), replace(judged, line=max(line, 1), document=document)

    def _document(self, place: Place) -> int:
        name = os.path.relpath(place.file, self.shown) if self.shown != "." else place.file
        lines = self._texts(name.replace(os.sep, "/"))
        marks = [n for n, line in enumerate(lines[: place.line - 1]) if line.startswith("---")]
        return len(marks) - (1 if marks and not any(text.strip() for text in lines[: marks[0]]) else 0)

    def _of_line(self, line: int) -> tuple[str, int] | None:
        """The template's file and line of a line of the rendered text; line 0 where only the file is known."""
        if not 0 < line <= len(self.lines):
            return None
        source = ""
        first = line - 1
        while first >= 0 and not self.lines[first].startswith("---"):
            if self.lines[first].startswith("# Source: "):
                source = self.lines[first].removeprefix("# Source: ").partition("/")[2]
            first -= 1
        last = line - 1
        while last + 1 < len(self.lines) and not self.lines[last + 1].startswith("---"):
            last += 1
        places = self.rendered.places
        between = self._between(line - 1, max(first, 0), last)
        if between is not None and (not source or between[0] == source):
            return between
        for n in [*range(line - 1, last + 1), *range(line - 2, max(first, 0), -1)]:
            place: tuple[str, int] | None = places[n] if n < len(places) else None
            if place is not None and (not source or place[0] == source):
                return place
        return (source, 0) if source else None

    def _between(self, at: int, first: int, last: int) -> tuple[str, int] | None:
        """The place of a line without a mark that stands as far from its neighbours as in the template; None for others."""
        places = self.rendered.places
        if at >= len(places) or places[at] is not None:
            return None
        before = next((n for n in range(at, first - 1, -1) if places[n] is not None), -1)
        after = next((n for n in range(at, min(last + 1, len(places))) if places[n] is not None), -1)
        if before < 0 or after < 0:
            return None
        (name, begin), (other, end) = places[before] or ("", 0), places[after] or ("", 0)
        return (name, begin + at - before) if name == other and end - begin == after - before else None

    def place(self, span: Span) -> Place | None:
        """The place of a span of the rendered text."""
        found = self._of_line(span.line)
        if found is None:
            return None
        name, line = found
        shown = self._shown(name)
        texts = self._texts(name)
        if not line or line > len(texts):
            return Place(shown, 0, 0, 0, 0, (), "", "")
        rendered, template = self.lines[span.line - 1], texts[line - 1].rstrip("\r")
        column, action = _column(rendered, template, span.column)
        end_line, end_column = line, _end(rendered, template, span, column, action)
        values, said = self._given(name, template[action[0] : action[1]]) if action else ("", "")
        around = tuple([(n, texts[n - 1].rstrip("\r")) for n in (line - 1, line, line + 1) if 0 < n <= len(texts)])
        return Place(shown, line, column, end_line, end_column, around, values, said)

    def _shown(self, name: str) -> str:
        return name if self.shown == "." else f"{self.shown.rstrip('/')}/{name}"

    def _texts(self, name: str) -> list[str]:
        if name not in self._files:
            self._files[name] = _read(os.path.join(self.root, *name.split("/"))).split("\n")
        return self._files[name]

    def _given(self, name: str, action: str) -> tuple[str, str]:
        """Where the value of an action comes from (`values.yaml:3`), and the same in words."""
        from joblint.source.unrendered.expressions import references

        parts = name.split("/")
        charts = [parts[i + 1] for i in range(0, len(parts) - 1, 2) if parts[i] == "charts"]
        for reference in references(action):
            path = reference.split(".")
            full = [*charts, *path] if path[0] != "global" else path
            for given in reversed(self.rendered.sets):
                if given.partition("=")[0] == ".".join(full):
                    return f"--set {given}", f"by --set {given}"
            own = [(f"{'/'.join(['charts', *charts])}/values.yaml", path)] if charts else []
            files = [(shown, where, full) for shown, where in self.rendered.values]
            files.append((self._shown("values.yaml"), os.path.join(self.root, "values.yaml"), full))
            files += [(self._shown(file), os.path.join(self.root, file), inside) for file, inside in own]
            for shown, where, inside in files:
                found = self._in_file(where, inside)
                if found is not None:
                    return f"{shown}:{found[0]}", f"{path[-1]}: {found[1]} from {shown}:{found[0]}" if found[1] else ""
        return "", ""

    def _in_file(self, file: str, path: list[str]) -> tuple[int, str] | None:
        """The line of a value in a file of values, and the value in short; None where it is not there."""
        from joblint.source.documents import read
        from joblint.source.places.paths import child, value_at

        if file not in self._values:
            documents = read(_read(file).encode("utf-8", "surrogateescape"), file, templates=False)
            self._values[file] = documents[0]
        document = self._values[file]
        value = value_at(document.value, list(path))
        if value is None:
            return None
        field = ""
        for name in path:
            field = child(field, name)
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return document.span(field, "key").line, "" if isinstance(value, (dict, list)) else text[:60]


def _at(span: Span, line: int, column: int, end_line: int, end_column: int) -> Span:
    return replace(span, line=line, column=column, end_line=end_line, end_column=end_column)


def _column(rendered: str, template: str, column: int) -> tuple[int, tuple[int, int] | None]:
    """The column of a rendered one in the template's line, and the action that printed what stands there, if one did."""
    same = 0
    while same < min(len(rendered), len(template)) and rendered[same] == template[same]:
        same += 1
    at = column - 1
    actions = _actions(template)
    if at < same:
        # Of a value that begins in text, an action may print the rest: `name: {{ … }}` has its value where the action is.
        return column, next((a for a in actions if a[0] >= same - 1), None) if _value_begins(rendered, at) else None
    action = next((a for a in actions if a[0] >= min(at, same) - 2), actions[-1] if actions else None)
    if action is not None:
        begin = action[0]
        while begin and template[begin - 1] in "\"'":
            begin -= 1
        return begin + 1, action
    # Text behind an action: as far from the end.
    back = len(rendered) - at
    found = max(len(template) - back, len(template) - len(template.lstrip()))
    return found + 1, None


def _value_begins(rendered: str, at: int) -> bool:
    return rendered[:at].rstrip().endswith((":", "-"))


def _actions(template: str) -> list[tuple[int, int]]:
    from joblint.source.unrendered.actions import Action, Unbalanced, tree

    found: list[tuple[int, int]] = []
    try:
        for item in tree(template):
            if not isinstance(item, Action) or item.prints:
                found.append((item.start, item.end))
    except Unbalanced:
        at = template.find("{{")
        while at >= 0:
            end = template.find("}}", at)
            end = len(template) if end < 0 else end + 2
            found.append((at, end))
            at = template.find("{{", end)
    return found


def _end(rendered: str, template: str, span: Span, column: int, action: tuple[int, int] | None) -> int:
    """The column behind the end of a span in the template's line."""
    if action is not None and action[1] >= column:
        end = action[1]
        while end < len(template) and template[end] in "\"'":
            end += 1
        return end + 1
    width = span.end_column - span.column if span.end_line == span.line else len(rendered) + 1 - span.column
    return max(column, min(column + max(width, 0), len(template.rstrip()) + 1))


def _read(path: str) -> str:
    try:
        if os.path.getsize(path) > _MOST:
            return ""
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
            return file.read()
    except OSError:
        return ""
