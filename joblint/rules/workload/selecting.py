"""The label selectors by which a Pod template places its Pods: spread constraints, required affinity; no other objects."""

from __future__ import annotations

from joblint.base.record import Record
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.subject import Subject


class Placing(Record):
    """A selector: `spread`, `podAffinity` or `podAntiAffinity`, its field, and the selector (empty if there is none)."""

    kind: str
    field: str
    selector: dict[str, Any]


def placings_of(s: Subject) -> tuple[Placing, ...]:
    """Return the selectors of a Pod template that are limited to its own namespace."""
    return tuple(_all(s)) if s.pod.get("affinity") or s.pod.get("topologySpreadConstraints") else ()


def _all(s: Subject) -> Iterator[Placing]:
    for i, entry in enumerate(as_list(s.pod.get("topologySpreadConstraints"))):
        constraint = as_dict(entry)
        selector = constraint.get("labelSelector")
        missing = selector is None and not s.document.mentions(b"{{")
        if not constraint.get("matchLabelKeys") and (missing or _says_something(selector)):
            at = f"{s.pod_at}.topologySpreadConstraints[{i}]"
            yield Placing("spread", at + (".labelSelector" if selector else ""), as_dict(selector))
    affinity = as_dict(s.pod.get("affinity"))
    for kind in ("podAffinity", "podAntiAffinity"):
        terms = as_list(as_dict(affinity.get(kind)).get("requiredDuringSchedulingIgnoredDuringExecution"))
        for i, entry in enumerate(terms):
            term = as_dict(entry)
            selector = term.get("labelSelector")
            elsewhere = term.get("namespaces") or term.get("namespaceSelector") is not None or term.get("matchLabelKeys")
            if _says_something(selector) and not elsewhere and not term.get("mismatchLabelKeys"):
                at = f"{s.pod_at}.affinity.{kind}.requiredDuringSchedulingIgnoredDuringExecution[{i}].labelSelector"
                yield Placing(kind, at, as_dict(selector))


def _says_something(selector: Any) -> bool:
    return bool(as_dict(selector).get("matchLabels") or as_dict(selector).get("matchExpressions"))
