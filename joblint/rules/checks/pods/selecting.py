"""Label selectors of a Pod template that match no Pod: neither its own nor one of the checked files.

Source: Kubernetes 1.36.3 pkg/scheduler/framework/plugins/podtopologyspread/common.go (only Pods that the selector matches are
counted; without a selector none is) and interpodaffinity/filtering.go (a required term without a matching Pod fits no node,
unless the Pod matches its own terms).
"""

from __future__ import annotations

from joblint.rules.checks.pods.references import is_slip
from joblint.rules.facts.folder import beside
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.selectors import may_select

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.jobs import CronJobFacts, JobFacts
    from joblint.rules.facts.origin import Origin
    from joblint.rules.finding import Hit


def selector_matches_nothing(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """One finding for each selector. Affinity to Pods that are not in the files is assumed to be right, unless a similar label
    is on Pods in the files."""
    from joblint.rules.finding import Hit

    for workload in folder.workloads:
        for placing in workload.needs.placings:
            selector = placing.selector
            if _filled_in(selector) or selector and may_select(selector, workload.labels, whole=True):
                continue
            others = _labels_beside(folder, workload) if selector else []
            if any(may_select(selector, labels, whole=True) for labels in others):
                continue
            spread = placing.kind == "spread"
            pods = others if placing.kind == "podAffinity" else [workload.labels, *others]
            near = _near(selector, [workload.labels] if spread else pods)
            if not near and not spread:
                continue
            shown = _shown(selector)
            values = {
                "what": {"spread": "This spread constraint", "podAffinity": "Required podAffinity"}.get(
                    placing.kind, "Required podAntiAffinity"
                ),
                "selector": f"selects {shown}, which no Pod in the checked files has" if shown else "has no labelSelector",
                "effect": {
                    "spread": "it has no effect",
                    "podAffinity": "no node fits, and the Pods stay Pending",
                }.get(placing.kind, "it keeps the Pods away from no other Pod"),
                "advice": near or _advice(workload.labels, bool(shown)),
            }
            yield workload.origin, Hit(placing.field, values)


def _filled_in(selector: dict[str, Any]) -> bool:
    """Whether a template fills in a part of a selector."""
    return "{{" in str(selector) or "${" in str(selector)


def _labels_beside(folder: Folder, workload: JobFacts | CronJobFacts) -> list[dict[str, Any]]:
    found = [w.labels for w in folder.workloads if w is not workload and beside(w.origin, workload.origin)]
    return found + [w.labels for w in folder.servers if beside(w.origin, workload.origin)]


def _near(selector: dict[str, Any], pods: list[dict[str, Any]]) -> str:
    """The label that was meant: the same value under another key, or a value that differs by a slip."""
    for key, value in as_dict(selector.get("matchLabels")).items():
        for labels in pods:
            same = [
                k for k, v in labels.items() if v == value and k.rpartition("/")[2] in ("app", "name", "instance", "component")
            ]
            if key not in labels and same:
                return f"{same[0]}: {value}"
            if isinstance(value, str) and isinstance(labels.get(key), str) and len(value) > 4 and is_slip(value, labels[key]):
                return f"{key}: {labels[key]}"
    return ""


def _shown(selector: dict[str, Any]) -> str:
    labels = [f"{k}={v}" for k, v in as_dict(selector.get("matchLabels")).items()]
    labels += [f"{as_dict(e).get('key')} {as_dict(e).get('operator')} …" for e in as_list(selector.get("matchExpressions"))]
    return ", ".join(labels[:2])


def _advice(labels: dict[str, Any], selects: bool) -> str:
    first = next(iter(labels.items()), None)
    if first is None:
        return "Add a label to the Pod template, and select that label."
    label = f"{first[0]}: {first[1]}"
    return f"{label}    a label of the Pod template" if selects else f"labelSelector: {{matchLabels: {{{label}}}}}"
