"""What the API server makes of a defaulted Job or CronJob on create before it validates it.

Source: Kubernetes 1.36.3 pkg/registry/batch/job/strategy.go PrepareForCreate and generateSelector,
pkg/apis/core/v1/conversion.go, k8s.io/apiserver v0.36.3 pkg/registry/rest/{create,meta}.go, pkg/storage/names/generate.go.
"""

from __future__ import annotations

from joblint.api.shared_names import NAME_LABELS, UID_LABELS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Random on a real server; fixed here, so that the same manifest gives the same texts.
UID = "11111111-2222-3333-4444-555555555555"
SUFFIX = "xxxxx"
NAMESPACE = "default"

_LONGEST_BASE = 58  # bytes of generateName that are kept: 63 less the five random characters
# What a client writes there is removed or overwritten.
_SYSTEM_FIELDS = ("creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "uid", "generation")
_INIT_ANNOTATIONS = (
    "pod.beta.kubernetes.io/init-containers",
    "pod.alpha.kubernetes.io/init-containers",
    "pod.beta.kubernetes.io/init-container-statuses",
    "pod.alpha.kubernetes.io/init-container-statuses",
)


def store_form(obj: dict[str, Any]) -> tuple[str, ...]:
    """Convert a decoded, defaulted object to the form in which the server stores it, in place, without what it generates.

    The status is removed, as are fields that only the server writes; the two names for the service account become one, and so
    do identical owner references, about which the server warns: its warnings are returned.
    """
    obj["status"] = {}
    metadata = obj["metadata"]
    for name in _SYSTEM_FIELDS:
        metadata.pop(name, None)
    if not metadata.get("namespace"):
        metadata["namespace"] = NAMESPACE
    template = job_spec(obj)["template"]
    spec = template["spec"]
    account = spec.get("serviceAccountName") or spec.get("serviceAccount")
    if account:
        spec["serviceAccountName"] = spec["serviceAccount"] = account
    annotations = template["metadata"].get("annotations")
    if annotations:
        for name in _INIT_ANNOTATIONS:
            annotations.pop(name, None)
        if not annotations:
            del template["metadata"]["annotations"]
    if "ownerReferences" not in metadata:
        return ()
    from joblint.api.create.owners import drop_repeated_owners

    return drop_repeated_owners(metadata)


def job_spec(obj: dict[str, Any]) -> dict[str, Any]:
    """The spec of a decoded Job, or of the Jobs that a CronJob makes."""
    spec: dict[str, Any] = obj["spec"]
    return spec if obj["kind"] == "Job" else spec["jobTemplate"]["spec"]


def with_generated(obj: dict[str, Any]) -> dict[str, Any]:
    """Return the object with what the server generates: a uid, a name from generateName, a Job's labels and selector.

    `obj` is in the form of `store_form` and is not changed; what is not generated is shared with it.
    """
    metadata = {**obj["metadata"], "uid": UID, "generation": 1}
    if not metadata.get("name") and metadata.get("generateName"):
        base = metadata["generateName"].encode("utf-8", "surrogatepass")[:_LONGEST_BASE]
        metadata["name"] = base.decode("utf-8", "replace") + SUFFIX
    made = {**obj, "metadata": metadata}
    if obj["kind"] == "Job" and not obj["spec"]["manualSelector"]:
        made["spec"] = _with_selector(obj["spec"], metadata)
    return made


def _with_selector(spec: dict[str, Any], metadata: dict[str, Any]) -> dict[str, Any]:
    """A Job's spec with the generated labels in its template, and the selector for them.

    A Job that has its labels from its template shares one map with it on the server, and therefore also gets these labels.
    """
    template = spec["template"]
    given = template["metadata"].get("labels")
    labels = dict(given or {})
    for label in NAME_LABELS:
        labels.setdefault(label, metadata.get("name", ""))
    for label in UID_LABELS:
        labels.setdefault(label, UID)
    if given is not None and metadata.get("labels") is given:
        metadata["labels"] = labels
    selector = spec.get("selector", {})
    matched = {UID_LABELS[1]: UID, **selector.get("matchLabels", {})}
    return {
        **spec,
        "template": {**template, "metadata": {**template["metadata"], "labels": labels}},
        "selector": {**selector, "matchLabels": matched},
    }
