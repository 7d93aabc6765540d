"""Objects that come from a cluster: how they are recognized, and which parts of them are not in a manifest.

Knows JSON data of one object, no schema and no output. Sources: Kubernetes 1.36.3, apiserver pkg/registry/rest (BeforeCreate,
FillObjectMetaSystemFields), pkg/registry/batch/job/strategy.go (generateSelector), kubectl pkg/util/apply.go
(last-applied-configuration).
"""

from __future__ import annotations

from joblint.api.shared_names import GENERATED_LABELS, UID_LABELS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"

SERVER_METADATA = (
    *("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields"),
    *("selfLink", "deletionTimestamp", "deletionGracePeriodSeconds"),
)
"""What only the server writes into metadata."""

SERVER_ANNOTATIONS = (
    LAST_APPLIED,
    "batch.kubernetes.io/job-tracking",
    "batch.kubernetes.io/cronjob-scheduled-timestamp",
    "cronjob.kubernetes.io/instantiate",
)
"""What kubectl and the controllers write into annotations."""


def from_cluster(value: object) -> bool:
    """Return whether this is an object as a cluster stores it, and not a manifest that was written or cleaned up by hand.

    It has a uid and one more value that only the server writes, or it is a Job with a generated selector.
    """
    if not isinstance(value, dict):
        return False
    metadata = _mapping(value.get("metadata"))
    if isinstance(metadata.get("uid"), str) and metadata["uid"]:
        if any(metadata.get(name) for name in ("resourceVersion", "creationTimestamp", "managedFields")):
            return True
        if _mapping(value.get("status")):
            return True
    return generated_uid(value) is not None


def generated_uid(value: dict[str, Any]) -> str | None:
    """Return the uid in the selector that the server generated for a Job; None if the selector was set manually, or if there is
    none."""
    spec = _mapping(value.get("spec"))
    if value.get("kind") != "Job" or spec.get("manualSelector") is True:
        return None
    labels = _mapping(_mapping(spec.get("selector")).get("matchLabels"))
    uid = labels.get(UID_LABELS[1], labels.get(UID_LABELS[0]))
    return uid if isinstance(uid, str) and uid else None


def server_fields(value: dict[str, Any]) -> tuple[str, ...]:
    """The fields of an object that only the server, its controllers or kubectl write, as paths, in the order of reading.

    `spec.selector` and the labels of the template are among them where the server generated the selector.
    """
    metadata = _mapping(value.get("metadata"))
    found = [f"metadata.{name}" for name in SERVER_METADATA if metadata.get(name)]
    annotations, labels = _mapping(metadata.get("annotations")), _mapping(metadata.get("labels"))
    found += [f"metadata.annotations[{name}]" for name in SERVER_ANNOTATIONS if name in annotations]
    if generated_uid(value) is not None:
        template = _mapping(_mapping(value["spec"].get("template")).get("metadata"))
        found += [f"metadata.labels[{name}]" for name in GENERATED_LABELS if name in labels]
        found.append("spec.selector")
        inside = _mapping(template.get("labels"))
        found += [f"spec.template.metadata.labels[{name}]" for name in GENERATED_LABELS if name in inside]
    if _mapping(value.get("status")):
        found.append("status")
    return tuple(found)


def without_server_fields(value: dict[str, Any]) -> dict[str, Any]:
    """The object as a manifest: a copy without what only the server, its controllers or kubectl write. The rest is shared."""
    made = {k: v for k, v in value.items() if k != "status"}
    metadata = {k: v for k, v in _mapping(made.get("metadata")).items() if k not in SERVER_METADATA}
    _leave_out(metadata, "annotations", SERVER_ANNOTATIONS)
    if generated_uid(value) is not None:
        _leave_out(metadata, "labels", GENERATED_LABELS)
        spec = {k: v for k, v in _mapping(made.get("spec")).items() if k != "selector"}
        template = dict(_mapping(spec.get("template")))
        inside = dict(_mapping(template.get("metadata")))
        _leave_out(inside, "labels", GENERATED_LABELS)
        inside.pop("creationTimestamp", None)
        if inside or "metadata" in template:
            template["metadata"] = inside
        made["spec"] = {**spec, "template": template}
    made["metadata"] = metadata
    return made


def _leave_out(metadata: dict[str, Any], field: str, names: tuple[str, ...]) -> None:
    """Remove entries from a map of metadata, and the map if nothing is left."""
    held = metadata.get(field)
    if isinstance(held, dict):
        left = {k: v for k, v in held.items() if k not in names}
        if left or not held:
            metadata[field] = left
        else:
            del metadata[field]


def last_applied(value: dict[str, Any]) -> dict[str, Any] | None:
    """Return the manifest that kubectl applied last, from the object's annotation; None if it is missing or not an object."""
    text = _mapping(_mapping(value.get("metadata")).get("annotations")).get(LAST_APPLIED)
    if not isinstance(text, str):
        return None
    from json import loads

    try:
        manifest = loads(text)
    except (ValueError, RecursionError):
        return None
    return manifest if isinstance(manifest, dict) else None


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
