"""Writing ignores for findings into a manifest's text, with its layout kept; knows documents and findings, writes no file."""

from __future__ import annotations

from joblint.base.record import Record
from joblint.rules.finding import Edit
from joblint.rules.ignores.settle import EXPIRED, UNUSED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.finding import Finding
    from joblint.rules.ignores.written import Ignore
    from joblint.source.documents import Document
    from joblint.source.places.tree import Node


class Added(Record):
    """A file's bytes with ignores for `count` findings, and the findings that cannot be ignored in it, with the reason."""

    data: bytes
    count: int
    left: tuple[tuple[Finding, str], ...]


def add(data: bytes, name: str, findings: list[Finding], reason: str = "", until: str = "") -> Added:
    """Return the file with an ignore on the line of each finding, or above the block if the line cannot have a comment."""
    from joblint.rules.fixes.apply import apply
    from joblint.source.documents import read

    reason = "".join([ch if ch.isprintable() else " " for ch in " ".join(reason.split())])
    documents = {d.index: d for d in read(data, name)}
    left: list[tuple[Finding, str]] = []
    edits: list[Edit] = []
    count = 0
    for index, document in documents.items():
        wanted: list[Finding] = []
        for finding in [f for f in findings if f.document == index and f.name not in (UNUSED, EXPIRED)]:
            why = why_not(finding, document)
            if why:
                left.append((finding, why))
            else:
                wanted.append(finding)
        if wanted:
            edits += edits_for(document, wanted, reason, until)
            count += len(wanted)
    new = apply(data, edits) if edits else data
    if new is None or [d.value for d in read(new, name)] != [d.value for d in documents.values()]:
        return Added(data, 0, tuple(left + [(f, "a comment cannot be written there") for f in findings if f not in dict(left)]))
    return Added(new, count, tuple(left))


def why_not(finding: Finding, document: Document) -> str:
    """Return why no ignore can be written for a finding; "" if it can."""
    if finding.refused:
        return "the API server rejects it anyway"
    if document.source.part.json:
        return "JSON has no comments; ignore it in the configuration, under overrides"
    return ""


def edits_for(document: Document, findings: list[Finding], reason: str, until: str) -> list[Edit]:
    """Return the edits that write ignores for findings of a document, with a reason and a last day unless these are ""."""
    from joblint.rules.ignores.written import ignores, mentioned

    there = ignores(document) if mentioned(document.source.part.data) else ()
    on_line: dict[int, list[str]] = {}
    above: dict[int, list[str]] = {}
    for finding in findings:
        line, own = _place(document, finding.span.line)
        rules = (above if own else on_line).setdefault(line, [])
        if finding.rule not in rules:
            rules.append(finding.rule)
    edits = []
    for line, rules in on_line.items():
        ignore = next((i for i in there if i.span.line == line and i.first == i.last == line and not i.words.mistake), None)
        if ignore is not None and (ignore.words.until or "") == until:
            edits.append(_into(ignore, rules))
        else:
            text = (document.source_line(line) or "").rstrip("\r")
            end = len(text.rstrip()) + 1
            edits.append(Edit(line, end, line, len(text) + 1, f"  {_comment(rules, reason, until)}"))
    for line, rules in above.items():
        text = document.source_line(line) or ""
        indent = text[: len(text) - len(text.lstrip(" "))]
        edits.append(Edit(line, 1, line, 1, f"{indent}{_comment(rules, reason, until)}\n"))
    return edits


def _comment(rules: list[str], reason: str, until: str) -> str:
    until = f" until={until}" if until else ""
    return f"# joblint: ignore[{', '.join(sorted(rules))}]{until}" + (f" -- {reason}" if reason else "")


def _into(ignore: Ignore, rules: list[str]) -> Edit:
    """The edit that adds rules to an existing ignore."""
    line = dict(ignore.excerpt)[ignore.span.line]
    end = line.index("]", ignore.span.column - 1)
    more = [r for r in sorted(rules) if r not in ignore.words.rules]
    return Edit(ignore.span.line, end + 1, ignore.span.line, end + 1, "".join([f", {r}" for r in more]))


def _place(document: Document, line: int) -> tuple[int, bool]:
    """The line for a comment on a finding of `line`, and whether it is above that line instead of at its end."""
    places = document.source.places
    root = places.tree.root if places.tree is not None else None
    lines = places.lines
    row = line - 1 - lines.line
    if root is None or not 0 <= row < len(lines.starts):
        return line, False
    begin = lines.starts[row]
    end = lines.text.find("\n", begin)
    if not _inside(root, end if end >= 0 else len(lines.text)):
        return line, False
    for start in reversed(_way(root, begin, end)):
        here = lines.place(start)[0]
        if not _inside(root, lines.starts[here - 1 - lines.line]):
            return here, True
    return line, False


def _inside(root: Node, at: int) -> bool:
    """Whether a position of the text is within a scalar."""
    left = [root]
    while left:
        node = left.pop()
        if node.alias:
            continue
        if node.entries is not None:
            left.extend([e.node for e in node.entries.values() if not e.merged and e.start <= at])
            if any(e.start < at < e.end for e in node.entries.values() if not e.merged):
                return True
        elif node.items is not None:
            left.extend([n for n in node.items if n.start <= at <= n.end])
        elif node.start < at < node.end:
            return True
    return False


def _way(root: Node, begin: int, end: int) -> list[int]:
    """The start positions of the entries and items that contain the line from `begin` to `end`, the outermost first."""
    found: list[int] = []
    node: Node | None = root
    while node is not None and not node.alias:
        below: list[tuple[int, int, Node]] = []
        if node.entries is not None:
            below = [(e.start, max(e.end, e.node.end), e.node) for e in node.entries.values() if not e.merged]
        elif node.items is not None:
            below = [(n.start, n.end, n) for n in node.items]
        node = None
        for start, stop, inner in below:
            if start <= end and stop > begin:
                found.append(start)
                node = inner
                break
    return found
