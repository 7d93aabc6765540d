"""Where the facts about an object come from: its file, its document, and its path there; knows no kind of object."""

from __future__ import annotations

from joblint.base import shared
from joblint.base.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.source.documents import Document


@record
class Origin:
    """Where facts come from: the object, its file, the number of its document there, and the prefix of its fields' paths."""

    kind: str
    namespace: str
    name: str
    file: str
    document: int
    prefix: str


def origin_of(kind: str, document: Document, prefix: str, meta: dict[str, Any], name: str) -> Origin:
    """Return where an object comes from, by its metadata and name."""
    return Origin(shared.text(kind), shared.text(str(meta.get("namespace") or "")), name, document.file, document.index, prefix)
