"""The object that a server stores before an apply: created from a manifest, or exported from a cluster.

Knows how objects are stored, no patch and no rule of validation. Source: Kubernetes 1.36.3, k8s.io/apiserver
pkg/registry/rest/create.go, pkg/registry/batch/{job,cronjob}/strategy.go.
"""

from __future__ import annotations

from joblint.api.create.decode import decode, tidy
from joblint.api.create.defaults import set_defaults
from joblint.api.create.dropped import drop_disabled
from joblint.api.create.prepare import UID, job_spec, store_form, with_generated
from joblint.api.create.request import API_VERSION, KINDS, sent
from joblint.api.create.validation import validate_create
from joblint.api.exported import LAST_APPLIED, from_cluster, generated_uid, last_applied
from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.version.versions import Gates

OTHER_UID = "99999999-8888-7777-6666-555555555555"
"""The placeholder uid if a manifest contains the other placeholder: a generated uid is never one that a manifest contains."""


class Stored(Record):
    """What the server stores of one object.

    `live` is the object as it stores it, without managedFields and kubectl's last-applied annotation. `applied` is the manifest
    in that annotation; None if kubectl's client-side apply did not write it. `source` is the manifest that the object was
    created from, None for an export. `managed` are its metadata.managedFields, None if they are unknown. `exported`: uid and
    resourceVersion are a cluster's own, not placeholders.
    """

    live: dict[str, Any]
    applied: dict[str, Any] | None
    source: dict[str, Any] | None = None
    managed: tuple[Any, ...] | None = None
    exported: bool = False


APPLIED, SERVER_SIDE, CREATED = "apply", "server-side", "create"
"""How an object was created: kubectl apply, kubectl apply --server-side, kubectl create."""


def store(old: dict[str, Any], gates: Gates, made: str, new: object = None) -> Stored | None:
    """Return what the server stores if `old` is an export of it, or the manifest that it was created from as `made` says.

    `new` is applied over it: it must not contain the placeholder uid. None if the API server rejects `old`, or if it is not an
    object of batch/v1.
    """
    if from_cluster(old):
        live = from_export(old, gates)
        if live is None:
            return None
        managed = old["metadata"].get("managedFields") if isinstance(old.get("metadata"), dict) else None
        return Stored(live, last_applied(old), None, tuple(managed) if isinstance(managed, list) else None, True)
    metadata = new.get("metadata") if isinstance(new, dict) else None
    named = isinstance(metadata, dict) and metadata.get("uid") == UID
    live = from_manifest(old, gates, OTHER_UID if named else UID)
    return None if live is None else Stored(live, old if made == APPLIED else None, old)


def from_manifest(manifest: object, gates: Gates, uid: str = UID) -> dict[str, Any] | None:
    """Return the object that the server stores for the manifest, with what it generates; None if it rejects it."""
    if not isinstance(manifest, dict) or manifest.get("kind") not in KINDS or manifest.get("apiVersion") != API_VERSION:
        return None
    decoded = decode(sent(manifest), gates)
    if decoded.failure is not None or decoded.unknown:
        return None
    obj = decoded.obj
    set_defaults(obj, gates)
    store_form(obj)
    drop_disabled(obj, gates)
    prepared = with_generated(obj)
    if validate_create(prepared, gates).found:
        return None
    # A Job that shares its template's labels also gets the generated ones, even if the shared map is empty.
    labels = prepared["metadata"].get("labels")
    one_map = labels is not None and labels is job_spec(prepared)["template"]["metadata"].get("labels")
    tidy(decoded)
    live = with_generated(obj)
    metadata = {key: value for key, value in live["metadata"].items() if key != "managedFields"}
    if one_map:
        metadata["labels"] = job_spec(live)["template"]["metadata"].get("labels", {})
    if not gates.has("ZeroTimesLeftOut"):
        live["spec"] = _with_zero_times(live["spec"])
    made = {**live, "metadata": metadata | {"resourceVersion": "1", "creationTimestamp": "2026-01-01T00:00:00Z"}}
    return made if uid == UID else _with_uid(made, uid)


def from_export(value: dict[str, Any], gates: Gates) -> dict[str, Any] | None:
    """Return an object as printed by `kubectl get -o yaml`, in the form that an update is compared with; None if it cannot be
    read.

    Its metadata and status are unchanged; what a client has removed gets its default.
    """
    if value.get("kind") not in KINDS or value.get("apiVersion") != API_VERSION:
        return None
    decoded = decode(sent(value), gates)
    if decoded.failure is not None:
        return None
    obj = decoded.obj
    metadata, status = dict(obj["metadata"]), obj.get("status")
    set_defaults(obj, gates)
    store_form(obj)
    obj["metadata"] = {**obj["metadata"], **metadata, "namespace": obj["metadata"]["namespace"]}
    if status:
        obj["status"] = status
    tidy(decoded)
    for name in ("managedFields", "selfLink"):
        obj["metadata"].pop(name, None)
    annotations = obj["metadata"].get("annotations")
    if annotations and LAST_APPLIED in annotations:
        left = {key: text for key, text in annotations.items() if key != LAST_APPLIED}
        obj["metadata"].pop("annotations")
        if left:
            obj["metadata"]["annotations"] = left
    if not obj["metadata"].get("uid"):
        obj["metadata"]["uid"] = generated_uid(value) or OTHER_UID
    return obj


def _with_zero_times(value: Any) -> Any:
    """A copy whose metadata have no creation time."""
    if isinstance(value, dict):
        made = {key: _with_zero_times(item) for key, item in value.items()}
        if isinstance(made.get("metadata"), dict):
            made["metadata"].setdefault("creationTimestamp", None)
        return made
    return [_with_zero_times(item) for item in value] if isinstance(value, list) else value


def _with_uid(value: Any, uid: str) -> Any:
    """A copy with another uid instead of the placeholder, wherever the server wrote it."""
    if isinstance(value, dict):
        return {key: _with_uid(item, uid) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_uid(item, uid) for item in value]
    return uid if value == UID else value
