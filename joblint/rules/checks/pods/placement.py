"""Node selectors and affinities that no node can satisfy, because they contradict each other.

Source: Kubernetes 1.36.3 staging/src/k8s.io/component-helpers/scheduling/corev1/nodeaffinity/nodeaffinity.go.
"""

from __future__ import annotations

from joblint.base.words import any_of
from joblint.rules.checks.pods.words import ending
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject


def no_node_can_match(s: Subject) -> Iterator[Hit]:
    """nodeSelector and each term of the required node affinity contradict each other, or all terms contradict themselves."""
    selector = {k: v for k, v in as_dict(s.pod.get("nodeSelector")).items() if isinstance(k, str) and isinstance(v, str)}
    required = as_dict(as_dict(as_dict(s.pod.get("affinity")).get("nodeAffinity")).get(_REQUIRED))
    terms = as_list(required.get("nodeSelectorTerms"))
    for key, value in selector.items():
        meant = _MEANT.get(value) if key in _PLATFORM else None
        if meant:
            at = f"{s.pod_at}.nodeSelector[{key}]"
            because = f"{key} is {meant} on nodes, never {value}"
            yield s.hit(at, label=f"never {value}", because=because, labels=_LABELS, ending=ending(s), advice=f"{key}: {meant}")
            return
    if not terms:
        return
    for t, term in enumerate(terms):
        for e, expression in enumerate(as_list(as_dict(term).get("matchExpressions"))):
            values = as_list(as_dict(expression).get("values"))
            label, only = as_dict(expression).get("key"), len(terms) == 1 and as_dict(expression).get("operator") == "In"
            if label in _PLATFORM and only and values and all(isinstance(v, str) and v in _MEANT for v in values):
                at = f"{s.pod_at}.affinity.nodeAffinity.{_REQUIRED}.nodeSelectorTerms[{t}].matchExpressions[{e}].values"
                because = f"{label} is {_MEANT[values[0]]} on nodes, never {values[0]}"
                yield s.hit(
                    at,
                    label=f"never {values[0]}",
                    because=because,
                    labels=_LABELS,
                    ending=ending(s),
                    advice=f"values: [{_MEANT[values[0]]}]",
                )
                return
    whys = [_contradiction(selector, as_list(as_dict(term).get("matchExpressions"))) for term in terms]
    if all(whys):
        at = f"{s.pod_at}.affinity.nodeAffinity.{_REQUIRED}.nodeSelectorTerms[0]"
        yield s.hit(at, because=whys[0], labels="", ending=ending(s), advice="Remove one of the two.")


_PLATFORM = ("kubernetes.io/arch", "kubernetes.io/os", "beta.kubernetes.io/arch", "beta.kubernetes.io/os")
# What nodes are called elsewhere, and the value of Go's GOARCH and GOOS that the kubelet sets.
_MEANT = {
    **dict.fromkeys(("x86_64", "x86-64", "x64", "AMD64", "intel"), "amd64"),
    **dict.fromkeys(("aarch64", "ARM64", "armv8"), "arm64"),
    "Linux": "linux",
    "Windows": "windows",
}
_LABELS = "The kubelet sets kubernetes.io/os and kubernetes.io/arch to Go's names, such as linux and amd64. "
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def _contradiction(selector: dict[str, str], expressions: list[Any]) -> str:
    """Why no node can have these labels; "" if one may."""
    wanted: dict[str, set[str]] = {key: {value} for key, value in selector.items()}
    said: dict[str, str] = {key: f"nodeSelector requires {key}: {value}" for key, value in selector.items()}
    for expression in expressions:
        e = as_dict(expression)
        key, operator = e.get("key"), e.get("operator")
        values = [v for v in as_list(e.get("values")) if isinstance(v, str)]
        if not isinstance(key, str):
            continue
        if operator == "DoesNotExist" and key in wanted:
            return f"{said[key]}, but the affinity requires nodes without {key}"
        who, also = ("it", "also ") if said.get(key, "").startswith("the affinity") else ("the affinity", "")
        first = f"the affinity requires {key}: {any_of(values)}"
        verb = "excludes" if operator == "NotIn" else f"{also}requires"
        if operator == "In":
            left = wanted[key] & set(values) if key in wanted else set(values)
        elif operator == "NotIn" and key in wanted:
            left = wanted[key] - set(values)
        else:
            continue
        if not left:
            return f"{said[key]}, but {who} {verb} {key}: {any_of(values)}" if key in said else ""
        wanted[key], said[key] = left, said.get(key, first)
    return ""


_NODE_LABELS = (
    *("kubernetes.io/arch", "kubernetes.io/os", "kubernetes.io/hostname", "beta.kubernetes.io/arch", "beta.kubernetes.io/os"),
    *("topology.kubernetes.io/zone", "topology.kubernetes.io/region", "node.kubernetes.io/instance-type"),
    *("cloud.google.com/gke-nodepool", "eks.amazonaws.com/nodegroup", "karpenter.sh/capacity-type", "karpenter.sh/nodepool"),
    *("kubernetes.azure.com/agentpool", "node-role.kubernetes.io/worker"),
)


def node_label_on_pods(s: Subject) -> Iterator[Hit]:
    """A label of nodes as a label of the Pods: the scheduler does not read it there."""
    labels = as_dict(as_dict(as_dict(s.sent_spec.get("template")).get("metadata")).get("labels"))
    wanted = str(s.pod.get("nodeSelector")) + str(s.pod.get("affinity"))
    for key in labels:
        if key in _NODE_LABELS and key not in wanted:
            at = f"{s.spec_at}.template.metadata.labels[{key}]"
            yield s.hit(at, part="key", key=key, value=labels[key], at=s.pod_at)
            return


_CONTROL = ("node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master")


def taint_not_tolerated(s: Subject) -> Iterator[Hit]:
    """The Pod requires a control-plane node and does not tolerate the taint that kubeadm gives to these nodes."""
    for entry in as_list(s.pod.get("tolerations")):
        toleration = as_dict(entry)
        key, effect = toleration.get("key"), toleration.get("effect")
        if (not key or key in _CONTROL) and effect in (None, "", "NoSchedule"):
            return
    found = ""
    for key in as_dict(s.pod.get("nodeSelector")):
        if key in _CONTROL:
            found, at = key, f"{s.pod_at}.nodeSelector[{key}]"
    affinity = as_dict(as_dict(as_dict(s.pod.get("affinity")).get("nodeAffinity")).get(_REQUIRED))
    terms = as_list(affinity.get("nodeSelectorTerms"))
    for t, term in enumerate(terms if len(terms) == 1 else ()):
        for e, expression in enumerate(as_list(as_dict(term).get("matchExpressions"))):
            key = as_dict(expression).get("key")
            if key in _CONTROL and as_dict(expression).get("operator") in ("Exists", "In"):
                base = f"{s.pod_at}.affinity.nodeAffinity.{_REQUIRED}.nodeSelectorTerms[{t}].matchExpressions"
                found, at = str(key), f"{base}[{e}].key"
    if found:
        yield s.hit(at, key=found, ending=ending(s))
