"""The completion indexes of a Job, and the words by which a Pod or a program knows its own; no texts."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.workload.options import INDEX_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.subject import Subject

PARTS = names("shard partition part chunk slice split segment bucket page range batch block")
"""What a program calls a part of its work."""

INDEX_MARKS = (*INDEX_NAMES, "HOSTNAME", "hostname", "metadata.name", "metadata.labels")
"""Texts in a Pod of which one stands wherever it learns which Pod of the Job it is."""


def indexes(s: Subject) -> int:
    """Return the number of indexes of an Indexed Job; 0 for others."""
    total = s.spec.get("completions")
    return total if s.spec.get("completionMode") == "Indexed" and isinstance(total, int) else 0
