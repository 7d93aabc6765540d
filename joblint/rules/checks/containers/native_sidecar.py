"""The fix that makes a container a native sidecar: an init container with restartPolicy Always, moved as lines of text."""

from __future__ import annotations

from joblint.rules.finding import Edit, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.subject import ContainerRef, Subject


def to_native_sidecar(s: Subject, container: ContainerRef) -> Fix | None:
    """Return the fix that moves a container to the end of initContainers; None if the text is not in plain block style."""
    document, at = s.document, s.prefix + container.at
    listed = at.rpartition("[")[0]
    item, key = document.entry_span(at), document.span(listed, "key")
    whole = document.span(listed)
    if item is None or document.source_line(whole.line) is None:
        return None
    first = document.source_line(item.line) or ""
    dash = len(first) - len(first.lstrip(" "))
    if not first.lstrip(" ").startswith("- ") or item.column - 1 < dash + 2 or first[dash + 1 : item.column - 1].strip():
        return None
    head = document.source_line(key.line) or ""
    indent = key.column - 1
    if head[:indent].strip():  # `- containers:` or a flow mapping
        return None
    last = _last_line(s, item.line, item.end_line, item.end_column, dash)
    lines = [document.source_line(n) or "" for n in range(item.line, last + 1)]
    if any("&" in x or x.lstrip().startswith("<<:") for x in lines):
        return None
    inner = " " * (item.column - 1)
    moved = [*lines, f"{inner}restartPolicy: Always"]
    before = document.source_line(item.line - 1)
    if before is None:
        return None
    # From the end of the previous line, so that a file without a final line break stays without one.
    removal = Edit(item.line - 1, len(before) + 1, last, len(lines[-1]) + 1, "")
    inits = listed.rpartition(".")[0] + ".initContainers"
    below = document.entry_span(inits)
    if below is None:
        text = " " * indent + "initContainers:\n" + "\n".join(moved) + "\n"
        return Fix("Make it a native sidecar", (Edit(key.line, 1, key.line, 1, text), removal), False)
    count = len(s.sent_pod.get("initContainers") or ())
    final = document.entry_span(f"{inits}[{count - 1}]") if count else None
    if final is None:
        return None
    start = document.source_line(final.line) or ""
    other = len(start) - len(start.lstrip(" "))
    if not start.lstrip(" ").startswith("- ") or (other != dash):
        return None
    end = _last_line(s, final.line, final.end_line, final.end_column, other)
    column = len(document.source_line(end) or "") + 1
    return Fix("Make it a native sidecar", (Edit(end, column, end, column, "\n" + "\n".join(moved)), removal), False)


def _last_line(s: Subject, first: int, line: int, column: int, dash: int) -> int:
    """The last line of a list item: a block scalar's span may end at the beginning of the line after it."""
    last = line - 1 if column == 1 and line > first else line
    while last > first and not (s.document.source_line(last) or "").strip():
        last -= 1
    return last


def as_native_sidecar(s: Subject, container: ContainerRef) -> Fix | None:
    """Return the fix that adds restartPolicy Always to an init container, as a line after its name."""
    document, at = s.document, s.prefix + container.at
    item, name = document.entry_span(at), document.entry_span(at + ".name")
    if item is None or name is None or name.line != name.end_line:
        return None
    line = document.source_line(name.line) or ""
    if line[: name.column - 1].strip() not in ("", "-") or line[name.end_column - 1 :].strip() and "#" not in line:
        return None
    text = "\n" + " " * (name.column - 1) + "restartPolicy: Always"
    return Fix("Make it a native sidecar", (Edit(name.line, len(line) + 1, name.line, len(line) + 1, text),), False)
