"""The Namespaces among the manifests of a check: their labels set the Pod Security level of the other objects."""

from __future__ import annotations

from joblint.base.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.api.admission.levels import NamespacePolicies
    from joblint.rules.engine import Engine
    from joblint.run.contents import Once


_LABEL = b"pod-security.kubernetes.io/"
_MOST_KEPT = 16 << 20
"""Bytes of files that are kept, so that they are not read twice."""


def under_namespaces(engine: Engine, namespaces: list[tuple[str, NamespacePolicies]]) -> Engine:
    """Return the engine with the Pod Security levels of these Namespaces; the same one if there are none."""
    if not namespaces:
        return engine
    from joblint.api.admission.asked import Admission

    return engine.under(replace(engine.admission or Admission(), namespaces=tuple(namespaces)))


def with_namespaces(engine: Engine, data: bytes, name: str) -> Engine:
    """Return the engine with the Pod Security levels of the Namespaces in a file; the same one if there are none. Raises only
    on an error in joblint."""
    return under_namespaces(engine, list(namespaces_in(data, name)))


def all_namespaces(files: tuple[str, ...], once: Once) -> tuple[list[tuple[str, NamespacePolicies]], dict[str, bytes]]:
    """Return the Namespaces in all the files, and the content of files for the check that follows, at most _MOST_KEPT bytes."""
    found: list[tuple[str, NamespacePolicies]] = []
    kept: dict[str, bytes] = {}
    left = _MOST_KEPT
    for file in files:
        try:
            name, data = once.read(file)
        except (OSError, MemoryError):
            continue  # it is reported when the file is checked
        try:
            found += namespaces_in(data, name)
        except Exception:
            continue  # an error in joblint, which is reported when the file is checked
        left -= len(data)
        if left > 0 and file != "-":
            kept[file] = data
    return found, kept


def namespaces_in(data: bytes, file: str) -> tuple[tuple[str, NamespacePolicies], ...]:
    """Return the Namespaces of a file that set Pod Security levels, and those levels. Raises only on an error in joblint."""
    if data.find(_LABEL) < 0:
        return ()
    from joblint.api.admission.asked import labelled
    from joblint.source.documents import read

    values = [value for document in read(data, file) if document.value is not None for _, value in document.objects()]
    return tuple([found for value in values if (found := labelled(value)) is not None])
