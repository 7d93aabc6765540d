"""The ignores in a document and their scope: a line, a block, the document, an object; knows nothing about rules.

A comment counts only if it is one in YAML: the same text in a script or a quoted string is data.
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.rules.ignores.words import ANNOTATION, Words, of_annotation, of_comment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.finding import Finding, Whose
    from joblint.source.documents import Document
    from joblint.source.places.spans import Lines, Span
    from joblint.source.places.tree import Node

_END = 1 << 60  # a line that no file has
_TEMPLATES = ("spec.template", "spec.jobTemplate", "spec.jobTemplate.spec.template")


class Ignore(Record):
    """One ignore of a manifest and its scope: lines of the file, or (an annotation) an object and fields below a path.

    `first` and `last` are lines from 1, `first` is 0 for no lines. `removal` is the text to delete to remove it.
    """

    file: str
    document: int
    words: Words
    span: Span
    removal: Span | None
    first: int
    last: int
    object: Whose | None
    field: str
    excerpt: tuple[tuple[int, str], ...]

    @property
    def whole(self) -> bool:
        """Return whether it applies to the whole document, whatever its lines are."""
        return self.last == _END

    def means(self, finding: Finding) -> bool:
        """Return whether a finding is in the scope of this ignore, whatever its rule."""
        if finding.file != self.file or finding.document != self.document:
            return False
        if self.object is not None:
            mine, its = self.object, finding.object
            if (mine.kind, mine.namespace, mine.name) != (its.kind, its.namespace, its.name):
                return False
            return not self.field or finding.field == self.field or finding.field.startswith((self.field + ".", self.field + "["))
        return self.first <= finding.span.line <= self.last


def mentioned(data: bytes) -> bool:
    """Return whether a document's bytes may contain an ignore; called for every document, so it has to be fast."""
    return b"joblint" in data and (b"joblint:" in data or b"joblint.dev/ignore" in data)


def ignores(document: Document) -> tuple[Ignore, ...]:
    """Return the ignores of a document for which `mentioned` is true, in the order of its text."""
    found = [*_comments(document), *_annotations(document)]
    return tuple(sorted(found, key=lambda i: (i.span.line, i.span.column)))


def _comments(document: Document) -> Iterator[Ignore]:
    if document.source.part.json:
        return
    places = document.source.places
    lines, text = places.lines, places.lines.text
    root = places.tree.root if places.tree is not None else None
    if root is None and not _nothing_above(text):
        return  # it was not parsed: its comments are not known
    scalars = _scalars(root)
    at = text.find("joblint:")
    while at >= 0:
        begin = _hash_before(text, at)
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        another = text.find("# joblint:", at, end)
        if another >= 0:  # a second one on the line
            end = another
        if begin >= 0 and not any(start <= begin < stop for start, stop in scalars):
            words = of_comment(text[at + len("joblint:") : end].rstrip())
            if words is not None:
                yield _comment(document, lines, root, begin, end, words)
        at = text.find("joblint:", end)


def _hash_before(text: str, at: int) -> int:
    """Where the comment begins whose first word is at `at`; -1 if there is none."""
    begin = at - 1
    while begin >= 0 and text[begin] in " \t":
        begin -= 1
    if begin < 0 or text[begin] != "#":
        return -1
    return begin if begin == 0 or text[begin - 1] in " \t\n\r" else -1


def _scalars(root: Node | None) -> list[tuple[int, int]]:
    """The positions of scalars that may contain a `#`: those in quotes and blocks, and plain ones over several lines."""
    found = []
    left = [root] if root is not None else []
    while left:
        node = left.pop()
        if node.alias:
            continue
        if node.entries is not None:
            for entry in node.entries.values():
                if not entry.merged:
                    found.append((entry.start, entry.end))
                    left.append(entry.node)
        elif node.items is not None:
            left.extend(node.items)
        else:
            found.append((node.start, node.end))
    return found


def _comment(document: Document, lines: Lines, root: Node | None, begin: int, end: int, words: Words) -> Ignore:
    text = lines.text
    span = lines.span(begin, end)
    head = text.rfind("\n", 0, begin) + 1
    before = text[head:begin].strip()
    if before and before != "---":
        start = len(text[:begin].rstrip(" \t"))
        if text[begin:end].endswith(" "):  # a second one follows
            start = begin
        return _ignore(document, words, span, lines.span(start, end), span.line, span.line)
    removal = lines.span(head, min(end + 1, len(text)))
    if _nothing_above(text[:head]):
        return _ignore(document, words, span, removal, 1, _END)
    follows = _next_content(text, end + 1)
    first, last = _block(root, lines, follows) if follows >= 0 and root is not None else (0, 0)
    return _ignore(document, words, span, removal, first, last)


def _nothing_above(text: str) -> bool:
    return all(not line.strip() or line.lstrip().startswith(("#", "---", "%")) for line in text.split("\n"))


def _next_content(text: str, at: int) -> int:
    """Where the next line begins that is neither empty nor a comment; -1 if there is none."""
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end].strip()
        if line and not line.startswith("#"):
            return at
        at = end + 1
    return -1


def _block(root: Node, lines: Lines, at: int) -> tuple[int, int]:
    """The first and the last line of what begins on the line at `at`: an entry with its value, or a list's item."""
    line = lines.place(at)[0]
    left = [root]
    while left:
        node = left.pop()
        if node.alias:
            continue
        below: list[tuple[int, int, Node]] = []
        if node.entries is not None:
            below = [(e.start, max(e.end, e.node.end), e.node) for e in node.entries.values() if not e.merged]
        elif node.items is not None:
            below = [(n.start, n.end, n) for n in node.items]
        for start, end, _ in below:
            if lines.place(start)[0] == line:
                return line, lines.place(max(start, end - 1))[0]
        left.extend([inner for start, end, inner in below if start <= at <= end])
    return line, line


def _annotations(document: Document) -> Iterator[Ignore]:
    from joblint.rules.whose import whose

    for prefix, value in document.objects() if document.value is not None else ():
        if not isinstance(value, dict) or value.get("kind") not in ("Job", "CronJob"):
            continue
        for path in ("", *_TEMPLATES):
            text = _annotation(value, path)
            if text is None:
                continue
            field = f"{path}.metadata" if path else "metadata"
            span = document.span(f"{prefix}{field}.annotations[{ANNOTATION}]")
            yield _ignore(document, of_annotation(text), span, None, 0, 0, whose(document, prefix, ""), path)


def _annotation(value: Any, path: str) -> str | None:
    for key in [*(path.split(".") if path else ()), "metadata", "annotations", ANNOTATION]:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None


def _ignore(
    document: Document,
    words: Words,
    span: Span,
    removal: Span | None,
    first: int,
    last: int,
    owner: Whose | None = None,
    field: str = "",
) -> Ignore:
    around = (span.line - 1, span.line, span.line + 1)
    excerpt = tuple([(n, t) for n in around if (t := document.source_line(n)) is not None])
    # A comment alone before a line --- applies to the document after it.
    index = document.index + (document.value is None and not document.problems)
    return Ignore(document.file, index, words, span, removal, first, last, owner, field, excerpt)
