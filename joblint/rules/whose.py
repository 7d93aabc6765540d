"""The object of a finding, its container, and the file that helm rendered it from; knows nothing about rules."""

from __future__ import annotations

from joblint.api.shared_names import ALL_CONTAINER_LISTS
from joblint.rules.finding import Whose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.source.documents import Document

_LISTS = tuple([f"{name}[" for name in ALL_CONTAINER_LISTS])
_SOURCE = b"# Source: "
_HEAD = 4096  # helm writes it before anything else


def whose(document: Document, prefix: str, field: str) -> Whose:
    """Return the object at a prefix of the document's paths, and the container that contains a field."""
    value = document.object(prefix)
    if not isinstance(value, dict):
        return Whose(None, None, None, None, rendered_from(document))
    meta = value.get("metadata")
    if not isinstance(meta, dict):
        meta = {}
    return Whose(
        _text(value.get("kind")),
        _text(meta.get("namespace")),
        _text(meta.get("name")) or _text(meta.get("generateName")),
        _container(value, field) if "ontainers[" in field else None,
        rendered_from(document),
    )


def rendered_from(document: Document) -> str | None:
    """Return the file that a document of `helm template` comes from, by the comment at its top; None if there is none."""
    data = document.source.part.data[:_HEAD]
    at = data.find(_SOURCE)
    if at < 0:
        return None
    for line in data.split(b"\n"):
        if line.startswith(_SOURCE):
            return line[len(_SOURCE) :].decode("utf-8", "replace").strip() or None
        if line.strip() and not line.startswith((b"#", b"---")):
            break
    return None


def _container(value: Any, field: str) -> str | None:
    """The name of the container that contains the field."""
    from joblint.source.places.paths import steps, value_at

    for name in _LISTS:
        at = field.find("." + name)
        if at >= 0:
            end = field.find("]", at)
            found = value_at(value, steps(field[: end + 1]))
            return _text(found.get("name")) if isinstance(found, dict) else None
    return None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
