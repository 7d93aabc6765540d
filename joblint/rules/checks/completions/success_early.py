"""A successPolicy that is met before all parts are processed; knows subjects."""

from __future__ import annotations

from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.indexes import PARTS, indexes
from joblint.rules.workload.options import numbered, options_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject


def success_before_all_parts(s: Subject) -> Iterator[Hit]:
    """A successPolicy that is met by fewer indexes than there are parts: the other Pods are killed, or never start.

    Source: Kubernetes 1.36.3, pkg/controller/job/success_policy.go.
    """
    total = indexes(s)
    wanted = _enough(s)
    if not 0 < 2 * wanted <= total:
        return
    for i, container in enumerate(s.containers):
        if container.role != "main":
            continue
        found = options_of(s, container, i)
        for option in found.options:
            part = numbered(option.name)
            if found.holds_index(option.value) and part in PARTS:
                yield s.hit(s.spec_at + ".successPolicy", wanted=wanted, total=total, told=option.told, part=part)
                return


def _enough(s: Subject) -> int:
    """The fewest indexes whose success meets a rule of the successPolicy; 0 if that is not known."""
    least = 0
    for entry in as_list(as_dict(s.spec.get("successPolicy")).get("rules")):
        rule = as_dict(entry)
        wanted, indexes = rule.get("succeededCount"), rule.get("succeededIndexes")
        if isinstance(wanted, int):
            needed = wanted
        elif isinstance(indexes, str):
            needed = _length(indexes)
        else:
            return 0
        least = min(least, needed) if least else needed
    return least


def _length(indexes: str) -> int:
    """The number of indexes in `0,2-4`; 0 if it cannot be read."""
    found = 0
    for piece in indexes.split(","):
        first, dash, last = piece.strip().partition("-")
        if not first.isdecimal() or dash and not last.isdecimal():
            return 0
        found += int(last) - int(first) + 1 if dash else 1
    return found
