"""Label selectors: whether they select the Pods that a template describes; knows labels only."""

from __future__ import annotations

from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_OF_JOBS = ("job-name", "controller-uid", "batch.kubernetes.io/")
"""What the labels begin with that the Job controller adds to the Pods."""


def requirements(selector: dict[str, Any]) -> Iterator[tuple[str, str, list[Any]]]:
    """Yield what a selector requires: a key, an operator of matchExpressions, and its values."""
    for key, value in as_dict(selector.get("matchLabels")).items():
        yield str(key), "In", [value]
    for entry in as_list(selector.get("matchExpressions")):
        wanted = as_dict(entry)
        yield str(wanted.get("key")), str(wanted.get("operator")), as_list(wanted.get("values"))


def surely_selects(selector: dict[str, Any], labels: dict[str, Any]) -> bool:
    """Return whether a selector selects all Pods that have at least these labels."""
    for key, operator, values in requirements(selector):
        if operator == "In" and labels.get(key) not in values or operator == "Exists" and key not in labels:
            return False
        if operator == "NotIn" and (key not in labels or labels[key] in values) or operator == "DoesNotExist":
            return False
    return True


def may_select(selector: dict[str, Any], labels: dict[str, Any], *, whole: bool = False) -> bool:
    """Return whether a selector may select a Pod that has these labels and, unless they are its `whole` labels, others."""
    for key, operator, values in requirements(selector):
        known = key in labels or whole and not key.startswith(_OF_JOBS)
        if not known:
            continue
        given = labels.get(key)
        if operator == "In" and given not in values or operator == "Exists" and key not in labels:
            return False
        if operator == "NotIn" and key in labels and given in values or operator == "DoesNotExist" and key in labels:
            return False
    return True
