"""From a position in a chart's output to that in the template, with the value that it comes from; knows texts, findings."""

from __future__ import annotations

from joblint.base.record import Record, replace
from joblint.rules.finding import Origin, noted
from joblint.run.render.given import Given

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from joblint.rules.finding import Finding
    from joblint.rules.outcome import Judged
    from joblint.run.render.helm import Rendered
    from joblint.source.places.spans import Span


_READING = "JL00"
"""The rules on how a file is read: their texts name lines of it."""
_SHORTEST = 3
"""Lines of a document that may be those of another file: shorter ones are equal by chance."""
_EMPTY = "value-missing"
_IMAGE = "image-name-invalid"
_TWICE = "duplicate-key"
_FIXED_NAMES = ("template-changes-under-fixed-name", "hook-left-behind")
_OTHERS = ("rand", "uuidv4", "now", "unixEpoch", ".Revision")
"""What actions print that is not the same the next time."""


class Place(Record):
    """A place in a template: the file as it is shown, line and column from 1, the end exclusive, the lines around it, and the
    value it comes from, in words ("" if none is known). `line` is 0 if only the file is known."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    lines: tuple[tuple[int, str], ...]
    values: str
    said: str


class Placer:
    """Places for one rendering of a chart. `shown` is what the chart is called, `root` the folder where its files are,
    `packed` the folders in it that are really archives, each with its archive."""

    def __init__(self, shown: str, root: str, rendered: Rendered, packed: tuple[tuple[str, str], ...] = ()) -> None:
        self.shown = shown
        self.root = root
        self.rendered = rendered
        self.lines = rendered.text.split("\n")
        self.given = Given(shown, root, rendered, packed)
        self._copies: dict[int, tuple[str, int]] = {}

    def findings(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Return the findings at their places in the templates, without those on a value that a template leaves empty, or on the
        name of an object that has another one each time."""
        return tuple([self.finding(f) for f in findings if self.is_wanted(f)])

    def is_wanted(self, finding: Finding) -> bool:
        """Return whether a finding is not about a value that a template leaves empty, or about the name of an object that has
        another one each time."""
        if finding.name == _EMPTY:
            return not self._is_printed(finding)
        return finding.name not in _FIXED_NAMES or not self._is_new_each_time(finding)

    def _is_new_each_time(self, finding: Finding) -> bool:
        """Whether the template prints something else in the object's name each time."""
        first = finding.span.line - 1
        while first > 0 and not self.lines[first].startswith("---"):
            first -= 1
        at = next((n for n in range(first, finding.span.line) if self.lines[n].rstrip() == "metadata:"), -1)
        for n in range(at + 1, len(self.lines)) if at >= 0 else ():
            if not self.lines[n].startswith(" "):
                return False
            if self.lines[n].startswith("  name:"):
                name, line = self._of_line(n + 1) or ("", 0)
                return bool(line) and any(word in self.given.behind(name, line) for word in _OTHERS)
        return False

    def _is_printed(self, finding: Finding) -> bool:
        """Whether an action prints the value of a key, here nothing: some values of the chart are optional."""
        place = self.place(finding.span, finding.field)
        if place is None or not place.line:
            return False
        texts = self.given.texts(self.given.name_of(place.file))
        following = next((text for text in texts[place.line :] if text.strip()), "")
        return "{{" in texts[place.line - 1] or following.lstrip().startswith("{{")

    def _lines_in(self, text: str, file: str) -> str:
        """A text with the lines of the template instead of those of the output."""
        import re

        def put(match: re.Match[str]) -> str:
            other, line, _ = self.line(int(match[1]))
            if not line:
                return f"{match[0]} of the rendered output"
            return f"line {line}" if other == file else f"{other}:{line}"

        return re.sub(r"\bline (\d+)\b", put, text)

    def finding(self, finding: Finding) -> Finding:
        """Return the finding at its place in the template; one whose line is unknown says so."""
        place = self.place(finding.span, finding.field)
        if place is None:
            return finding
        if not place.line:
            where = f"line {finding.span.line} of the rendered output; the line in the template is unknown"
            said = noted(finding.message, where)
            source = Origin(place.file, None, None, None)
            return replace(finding, message=said, file=place.file, document=0, span=_at(finding.span, 1, 1, 1, 1), source=source)
        span = _at(finding.span, place.line, place.column, place.end_line, place.end_column)
        message, label = finding.message, finding.label
        if finding.name == _IMAGE and finding.severity == "error" and self._is_for_users(finding):
            misspelled = self.given.misspelled(self.given.name_of(place.file), place.line)
            finding = replace(finding, severity="warning" if misspelled else "info", confidence="likely")
        if finding.name == _TWICE and finding.severity == "warning" and self._is_same_twice(finding):
            finding = replace(finding, severity="info")
        if finding.rule.startswith(_READING):
            message, label = self._lines_in(message, place.file), self._lines_in(label, place.file)
        return replace(
            finding,
            message=noted(message, place.said),
            label=label,
            file=place.file,
            document=self._document(place),
            span=span,
            excerpt=place.lines,
            source=Origin(place.file, place.line, place.column, place.values or None),
            fix=None,
        )

    def _is_same_twice(self, finding: Finding) -> bool:
        """Whether a key that is defined twice has the same value both times: a helper and the template print the same label."""
        import re

        rows = [
            self.lines[int(n) - 1].strip() for n in re.findall(r"\bline (\d+)", finding.message) if 0 < int(n) <= len(self.lines)
        ]
        plain = {"".join(row.split()).replace('"', "").replace("'", "") for row in rows}
        return len(rows) > 1 and len(plain) == 1 and not rows[0].endswith((":", "|", ">", "|-", ">-"))

    def _is_for_users(self, finding: Finding) -> bool:
        """Whether an image's registry, repository or tag is empty in the chart's own values, so that each user has to set it."""
        if self.rendered.values or self.rendered.sets:
            return False
        line = self.lines[finding.span.line - 1].strip().removeprefix("- ").removeprefix("image:").strip(" \"'")
        return line.startswith((":", "/", "@")) or line.endswith((":", "/", "@")) or "//" in line or "/:" in line

    def judged(self, judged: Judged) -> tuple[str, Judged]:
        """Return the file of an object's template, and the object at its line there."""
        file, line, document = self.line(judged.line)
        return file, replace(judged, line=line, document=document) if line else judged

    def line(self, line: int) -> tuple[str, int, int]:
        """Return the template, the line and the number of the document for a line of the rendered text; 0 if it is not
        known."""
        place = self._of_line(line)
        if place is None:
            return self.shown, 0, 0
        name, line = place
        document = self.given.texts(name)[: max(line - 1, 0)].count("---") if line else 0
        return self.given.shown_as(name), max(line, 1), document

    def text(self, file: str) -> str:
        """The text of a template, by its name as it is shown."""
        return "\n".join(self.given.texts(self.given.name_of(file)))

    def _document(self, place: Place) -> int:
        lines = self.given.texts(self.given.name_of(place.file))
        marks = [n for n, line in enumerate(lines[: place.line - 1]) if line.startswith("---")]
        return len(marks) - (1 if marks and not any(text.strip() for text in lines[: marks[0]]) else 0)

    def _of_line(self, line: int) -> tuple[str, int] | None:
        """The template's file and line of a line of the rendered text; line 0 if only the file is known."""
        if not 0 < line <= len(self.lines):
            return None
        source = self._source(line)
        first = line - 1
        while first >= 0 and not self.lines[first].startswith("---"):
            first -= 1
        last = line - 1
        while last + 1 < len(self.lines) and not self.lines[last + 1].startswith("---"):
            last += 1
        places = self.rendered.places
        name, offset = self._copied(max(first, 0), last)
        if name:
            return name, line + offset
        between = self._between(line - 1, max(first, 0), last)
        if between is not None:
            return between
        for n in [*range(line - 1, last + 1), *range(line - 2, max(first, 0), -1)]:
            place: tuple[str, int] | None = places[n] if n < len(places) else None
            if place is not None:
                return place
        return (source, 0) if source else None

    def _copied(self, first: int, last: int) -> tuple[str, int]:
        """The file of the chart that one action prints unchanged as a document, and how many lines further down it has each line
        of it; "" for other documents. The document is between two lines of the output, from 0."""
        if first not in self._copies:
            self._copies[first] = "", 0
            rows = [row.rstrip() for row in self.lines[first : last + 1]]
            begin = next((n for n, row in enumerate(rows) if row and not row.startswith(("---", "#"))), len(rows))
            while rows and not rows[-1]:
                rows.pop()
            printed = {place for place in self.rendered.places[first + begin : first + len(rows)] if place is not None}
            if len(rows) - begin >= _SHORTEST and len(printed) <= 1:
                name, before = self.given.copied(rows[begin:])
                self._copies[first] = name, before - first - begin
        return self._copies[first]

    def _source(self, line: int) -> str:
        """The template that prints the document of a line; "" if helm does not say."""
        for n in range(line - 1, -1, -1):
            if self.lines[n].startswith("# Source: "):
                return self.lines[n].removeprefix("# Source: ").partition("/")[2]
            if self.lines[n].startswith("---"):
                break
        return ""

    def _between(self, at: int, first: int, last: int) -> tuple[str, int] | None:
        """The place of a line without a mark that is as far from its neighbors as in the template; None for others."""
        places = self.rendered.places
        if at >= len(places) or places[at] is not None:
            return None
        before = next((n for n in range(at, first - 1, -1) if places[n] is not None), -1)
        after = next((n for n in range(at, min(last + 1, len(places))) if places[n] is not None), -1)
        if before < 0 or after < 0:
            return None
        (name, begin), (other, end) = places[before] or ("", 0), places[after] or ("", 0)
        return (name, begin + at - before) if name == other and end - begin == after - before else None

    def place(self, span: Span, field: str) -> Place | None:
        """Return the place of a span of the rendered text that contains a field."""
        found = self._of_line(span.line)
        if found is None:
            return None
        name, line = found
        shown = self.given.shown_as(name)
        texts = self.given.texts(name)
        if not line or line > len(texts):
            return Place(shown, 0, 0, 0, 0, (), "", "")
        rendered, template = self.lines[span.line - 1], texts[line - 1].rstrip("\r")
        column, action = _column(rendered, template, span.column)
        end_line, end_column = line, _end(rendered, template, span, column, action)
        values, said = "", ""
        source = self._source(span.line)
        if action is None and rendered.rstrip().endswith((":", '""', "''")) and _value_begins(rendered, span.end_column):
            action = next(iter(_actions(template)), None)  # it prints nothing, so that the value is missing
        if action is not None:
            whole = span.end_line > span.line or span.end_column - 1 >= len(rendered.rstrip())
            actions = tuple([a for a in _actions(template) if a[0] >= action[0]]) if whole else ()
            values, said = self.given.of(name, line, actions or (action,), source or name, rendered, field)
            said = f"rendered from {said}" if said else ""
        if source and source != name:
            said = ", ".join([*([said] if said else []), f"included by {self.given.shown_as(source)}"])
        around = tuple([(n, texts[n - 1].rstrip("\r")) for n in (line - 1, line, line + 1) if 0 < n <= len(texts)])
        return Place(shown, line, column, end_line, end_column, around, values, said)


def _at(span: Span, line: int, column: int, end_line: int, end_column: int) -> Span:
    return replace(span, line=line, column=column, end_line=end_line, end_column=end_column)


def _column(rendered: str, template: str, column: int) -> tuple[int, tuple[int, int] | None]:
    """The column in the template's line for a rendered one, and the action that printed the text there, if one did."""
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
    # Text after an action: as far from the end.
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
        at = template.rfind("{{")
        if at >= 0 and template.find("}}", at) < 0:
            found.append((at, len(template)))  # it ends on another line
    except Unbalanced:
        at = template.find("{{")
        while at >= 0:
            end = template.find("}}", at)
            end = len(template) if end < 0 else end + 2
            found.append((at, end))
            at = template.find("{{", end)
    return found


def _end(rendered: str, template: str, span: Span, column: int, action: tuple[int, int] | None) -> int:
    """The column after the end of a span in the template's line."""
    if action is not None and action[1] >= column:
        end = action[1]
        while end < len(template) and template[end] in "\"'":
            end += 1
        return end + 1
    width = span.end_column - span.column if span.end_line == span.line else len(rendered) + 1 - span.column
    return max(column, min(column + max(width, 0), len(template.rstrip()) + 1))
