"""Where the facts about an object come from: its file, its document, and its path there; does not know any kind of object."""

from __future__ import annotations

from joblint.base import shared
from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.source.documents import Document


class Origin(Record):
    """Where facts come from: the object, its file, the number of its document there, and the prefix of its fields' paths; the
    wave in which Argo CD applies it."""

    kind: str
    namespace: str
    name: str
    file: str
    document: int
    prefix: str
    wave: int = 0


def origin_of(kind: str, document: Document, prefix: str, meta: dict[str, Any], name: str) -> Origin:
    """Return where an object comes from, by its metadata and name."""
    annotations = meta.get("annotations")
    wave = annotations.get(_WAVE) if isinstance(annotations, dict) else None
    namespace = shared.text(str(meta.get("namespace") or ""))
    return Origin(shared.text(kind), namespace, name, document.file, document.index, prefix, _number(wave) if wave else 0)


_WAVE = "argocd.argoproj.io/sync-wave"


def _number(value: Any) -> int:
    digits = value.removeprefix("-") if isinstance(value, str) else ""
    return int(value) if digits.isdecimal() and digits.isascii() and len(digits) < 7 else 0
