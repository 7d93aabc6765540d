"""Labels and annotations that fieldRef reads and that the Pods do not have: the value is empty.

Source: Kubernetes 1.36.3 pkg/fieldpath/fieldpath.go ExtractFieldPathAsString (a key that is not there gives ""),
pkg/controller/job/indexed_job_utils.go (what the Job controller adds).
"""

from __future__ import annotations

from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_INDEX = "batch.kubernetes.io/job-completion-index"
_ADDED = {
    "annotations": (_INDEX, "batch.kubernetes.io/job-index-failure-count", "batch.kubernetes.io/job-index-ignored-failure-count"),
    "labels": (
        _INDEX,
        "batch.kubernetes.io/job-name",
        "batch.kubernetes.io/controller-uid",
        "job-name",
        "controller-uid",
        "topology.kubernetes.io/zone",
        "topology.kubernetes.io/region",
    ),
}
# What webhooks and operators add: keys of other domains may come from them.
_OURS = ("batch.kubernetes.io", "alpha.batch.k8s.io", "batch.k8s.io", "")


def downward_field_empty(s: Subject) -> Iterator[Hit]:
    """The first such variable of each container."""
    meta = as_dict(as_dict(s.sent_spec.get("template")).get("metadata"))
    for container in s.containers:
        for i, entry in enumerate(as_list(container.data.get("env"))):
            path = as_dict(as_dict(as_dict(entry).get("valueFrom")).get("fieldRef")).get("fieldPath")
            kind, key = _parts(path)
            if not kind or key in as_dict(meta.get(kind)) or key in _ADDED[kind] or "{" in key or "$" in key:
                continue
            domain, slash, _ = key.rpartition("/")
            if slash and domain not in _OURS:
                continue
            other = "labels" if kind == "annotations" else "annotations"
            near = _meant(key, kind, as_dict(meta.get(kind)), as_dict(meta.get(other)))
            yield s.hit(
                f"{container.at}.env[{i}].valueFrom.fieldRef.fieldPath",
                name=str(as_dict(entry).get("name")),
                kind="annotation" if kind == "annotations" else "label",
                key=key,
                # kustomize and webhooks add labels: only a key that is clearly meant otherwise is a warning.
                severity="" if near else "info",
                confidence="" if near else "hint",
                advice=near or f"{kind}:\n  {key}: <value>    in the metadata of the Pod template",
            )
            break


def _parts(path: Any) -> tuple[str, str]:
    """The kind and the key of `metadata.annotations['KEY']`; "" for another field."""
    if isinstance(path, str) and path.endswith("']"):
        for kind in ("annotations", "labels"):
            begin = f"metadata.{kind}['"
            if path.startswith(begin):
                return kind, path[len(begin) : -2]
    return "", ""


def _meant(key: str, kind: str, same: dict[str, Any], other: dict[str, Any]) -> str:
    from joblint.base.nearest import nearest

    if "completion-index" in key:
        return f"fieldPath: \"metadata.{kind}['{_INDEX}']\""
    if key in other:
        other_kind = "labels" if kind == "annotations" else "annotations"
        return f"fieldPath: \"metadata.{other_kind}['{key}']\""
    near = nearest(key, tuple([str(k) for k in same])) if same else ""
    return f"fieldPath: \"metadata.{kind}['{near}']\"" if near else ""
