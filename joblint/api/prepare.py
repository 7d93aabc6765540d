"""What the API server writes into a Job or CronJob on create before it validates it; changes the object in place.

Source: Kubernetes 1.36.3 pkg/registry/batch/job/strategy.go PrepareForCreate and generateSelector,
k8s.io/apiserver v0.36.3 pkg/registry/rest/{create,meta}.go, pkg/storage/names/generate.go.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Random on a real server; fixed here, so that the same manifest gives the same texts.
UID = "11111111-2222-3333-4444-555555555555"
SUFFIX = "xxxxx"

_LONGEST_BASE = 58  # bytes of generateName that are kept: 63 less the five random characters
JOB_NAME_LABELS = ("job-name", "batch.kubernetes.io/job-name")
UID_LABELS = ("controller-uid", "batch.kubernetes.io/controller-uid")
# What a client writes there is wiped or written anew.
_SYSTEM_FIELDS = ("creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "managedFields")


def prepare_metadata(metadata: dict[str, Any]) -> None:
    """Fill in what the server fills in for every object: namespace, uid, a name out of generateName."""
    for name in _SYSTEM_FIELDS:
        metadata.pop(name, None)
    metadata["uid"] = UID
    metadata["generation"] = 1
    if not metadata.get("name") and metadata.get("generateName"):
        base: str = metadata["generateName"]
        if len(base) > _LONGEST_BASE // 4:
            base = base.encode("utf-8", "surrogatepass")[:_LONGEST_BASE].decode("utf-8", "replace")
        metadata["name"] = base + SUFFIX
    if not metadata.get("namespace"):
        metadata["namespace"] = "default"


def generate_selector(job: dict[str, Any]) -> None:
    """Give a Job without manualSelector the labels and the selector that the server generates.

    A Job that took its labels from its template (see defaults.py) holds the same dict, and so gets these labels, too.
    """
    spec, metadata = job["spec"], job["metadata"]
    labels = spec["template"].setdefault("metadata", {}).setdefault("labels", {})
    for label in JOB_NAME_LABELS:
        labels.setdefault(label, metadata.get("name", ""))
    for label in UID_LABELS:
        labels.setdefault(label, UID)
    spec.setdefault("selector", {}).setdefault("matchLabels", {}).setdefault(UID_LABELS[1], UID)
