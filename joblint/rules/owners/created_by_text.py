"""A Job that is text in a step of a workflow, as a document of its own; knows what Argo Workflows does with it.

Sources: Argo Workflows 4.1 (workflow/validate/validate.go and workflow/executor/resource.go: the step runs `kubectl ACTION`).
"""

from __future__ import annotations

from joblint.base.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.source.documents import Document

CREATING = ("create", "apply", "replace")
"""The actions that create a Job, or change one into what the text says; those of the others name an existing one."""

_HOLE = "{{"


def job_in_text(document: Document, prefix: str, at: str, held: Any, owner: dict[str, Any]) -> tuple[Document, Any, str] | None:
    """Return the Job in a text as a document, its field paths in the outer document (None if it has positions of its own), and
    the action; None if there is none, or if the step creates none. `at` is the path of the text in its owner, `prefix` that of
    the owner."""
    if not isinstance(held, str) or "kind" not in held:
        return None
    action, field = _action(owner, at), prefix + at
    if action not in CREATING and _HOLE not in action:
        return None
    found = _in_block(document, field) if document.style(field) == "literal" else _in_string(document, field, held)
    return None if found is None else (*found, action)


def _action(owner: dict[str, Any], field: str) -> str:
    """What the step of a text does; "create" where nothing is said."""
    from joblint.source.places.paths import steps, value_at

    resource = value_at(owner, steps(field)[:-1])
    action = resource.get("action") if isinstance(resource, dict) else None
    return action if isinstance(action, str) else "create"


def _in_block(document: Document, field: str) -> tuple[Document, Any] | None:
    """The Job in a block of text, with its positions in the file. Blank lines stand for the lines before it."""
    from joblint.source.documents import Whole, in_template
    from joblint.source.reading.stream import Part

    node = document.source.places.node(field)
    if node is None:
        return None
    text = document.text
    begin = text.find("\n", node.start) + 1
    data = text[begin : node.end].encode("utf-8", "surrogatepass") + b"\n"
    before = document.source.places.lines.place(begin)[0] - 1
    found = in_template(Part(data, before), document.file, document.index)
    if found.skipped and found.value is None:
        found.source.whole = Whole(b"\n" * before + data)
        return found, None
    return (found, None) if isinstance(found.value, dict) else None


def _in_string(document: Document, field: str, held: str) -> tuple[Document, Any] | None:
    """The Job in a quoted or folded text: everything in it is at the text."""
    from joblint.source.documents import Source, document_of
    from joblint.source.places.within import Within
    from joblint.source.reading.stream import Part

    found = document_of(Part(held.encode("utf-8", "surrogatepass"), 0), document.file, document.index)
    if not isinstance(found.value, dict) or found.problems:
        return None
    source = Source(document.source.part, document.source.reader)
    source._places = places = Within(document.source.places, (), field)
    return replace(document, value=found.value, source=source, problems=()), places
