"""What the reader noticed of a text; imports nothing but the record type."""

from __future__ import annotations

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.source.places.spans import Span


class Problem(Record):
    """Something that the reader noticed. `kind` is "yaml" (the document cannot be read), "duplicate-key" (a key is defined
    twice, the last one counts) or "unread-text" (kubectl stops reading before the document's end).

    `label` is a short text for the position; `other` is the second position if there are two.
    """

    kind: str
    message: str
    span: Span
    field: str = ""
    label: str = ""
    other: Span | None = None
