"""Ephemeral volumes: the template of the PersistentVolumeClaim that each Pod gets; knows labels, names and quantities.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go ValidatePersistentVolumeClaimTemplate and
ValidatePersistentVolumeClaimSpec.
"""

from __future__ import annotations

from joblint.api.errors import Typed
from joblint.api.validate.meta.labels import validate_annotations, validate_label_selector, validate_labels
from joblint.api.validate.meta.names import is_dns1123_label, is_dns1123_subdomain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.validate.volume.volume import Check
    from joblint.api.version.versions import Gates

_ACCESS_MODES = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
_VOLUME_MODES = ("Block", "Filesystem")
# Fields of ObjectMeta that a template may not set, in Go's order, with the name that the server makes of Go's ("uID").
# Those of the second group count as set even if they are empty: an empty list, the number 0.
_FORBIDDEN = (
    ("name", "name", False),
    ("generateName", "generateName", False),
    ("namespace", "namespace", False),
    ("selfLink", "selfLink", False),
    ("uid", "uID", False),
    ("resourceVersion", "resourceVersion", False),
    ("generation", "generation", False),
    ("creationTimestamp", "creationTimestamp", False),
    ("deletionTimestamp", "deletionTimestamp", True),
    ("deletionGracePeriodSeconds", "deletionGracePeriodSeconds", True),
    ("ownerReferences", "ownerReferences", True),
    ("finalizers", "finalizers", True),
    ("managedFields", "managedFields", True),
)


def _ephemeral(source: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    template = source.get("volumeClaimTemplate")
    if template is None:
        errors.required(f"{path}.volumeClaimTemplate")
        return
    _template_metadata(template.get("metadata") or {}, f"{path}.volumeClaimTemplate.metadata", errors)
    validate_persistent_volume_claim_spec(template.get("spec") or {}, f"{path}.volumeClaimTemplate.spec", errors, opts)


def _template_metadata(metadata: dict[str, Any], path: str, errors: Errors) -> None:
    if not metadata:
        return
    validate_annotations(metadata.get("annotations"), f"{path}.annotations", errors)
    validate_labels(metadata.get("labels"), f"{path}.labels", errors)
    for field, shown, even_empty in _FORBIDDEN:
        value = metadata.get(field)
        if value if not even_empty else value is not None:
            errors.forbidden(f"{path}.{shown}", "cannot be set")


def validate_persistent_volume_claim_spec(spec: dict[str, Any], path: str, errors: Errors, opts: Gates) -> None:
    """The spec of a PersistentVolumeClaim, as a Pod's ephemeral volume contains it."""
    get = spec.get
    modes = get("accessModes") or ()
    if not modes:
        errors.required(f"{path}.accessModes", "at least 1 access mode is required")
    validate_label_selector(get("selector"), f"{path}.selector", errors)
    for mode in modes:
        if mode not in _ACCESS_MODES:
            errors.not_supported(f"{path}.accessModes", Typed(mode), _ACCESS_MODES)
    if "ReadWriteOncePod" in modes and any(mode in _ACCESS_MODES[:3] for mode in modes):
        errors.forbidden(f"{path}.accessModes", "may not use ReadWriteOncePod with other access modes")
    _storage_request(get("resources") or {}, f"{path}.resources[storage]", errors)
    _class_name(get("storageClassName"), f"{path}.storageClassName", errors)
    volume_mode = get("volumeMode")
    if volume_mode is not None and volume_mode not in _VOLUME_MODES:
        errors.not_supported(f"{path}.volumeMode", Typed(volume_mode), _VOLUME_MODES)
    _data_sources(get("dataSource"), get("dataSourceRef"), path, errors)
    if opts.on("VolumeAttributesClass"):
        _class_name(get("volumeAttributesClassName"), f"{path}.volumeAttributesClassName", errors)


def _storage_request(resources: dict[str, Any], path: str, errors: Errors) -> None:
    requests = resources.get("requests") or {}
    if "storage" not in requests:
        errors.required(path)
        return
    from joblint.api.go.quantity import from_json

    amount = from_json(requests["storage"])
    if amount.sign() <= 0:
        errors.invalid(path, str(amount), "must be greater than zero")


def _class_name(name: str | None, path: str, errors: Errors) -> None:
    if name:
        for message in is_dns1123_subdomain(name):
            errors.invalid(path, name, message)


def _data_sources(source: dict[str, Any] | None, ref: dict[str, Any] | None, path: str, errors: Errors) -> None:
    if source is not None:
        _data_source(source, f"{path}.dataSource", errors)
    if ref is None:
        return
    _data_source(ref, f"{path}.dataSourceRef", errors)
    namespace = ref.get("namespace")
    if namespace:
        for message in is_dns1123_label(namespace):
            errors.invalid(f"{path}.dataSourceRef.namespace", namespace, message)
    if source is None:
        return
    # The server prints a field path as the value, of which JSON shows nothing.
    if namespace:
        errors.invalid(path, {}, "may not be specified when dataSourceRef.namespace is specified")
    elif source.get("apiGroup") != ref.get("apiGroup") or any(
        (source.get(field) or "") != (ref.get(field) or "") for field in ("kind", "name")
    ):
        errors.invalid(path, {}, "must match dataSourceRef")


def _data_source(source: dict[str, Any], path: str, errors: Errors) -> None:
    kind, group = source.get("kind") or "", source.get("apiGroup") or ""
    if not source.get("name"):
        errors.required(f"{path}.name")
    if not kind:
        errors.required(f"{path}.kind")
    if not group and kind != "PersistentVolumeClaim":
        errors.invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup")
    for message in is_dns1123_subdomain(group) if group else ():
        errors.invalid(f"{path}.apiGroup", group, message)


CHECKS: dict[str, Check] = {"ephemeral": _ephemeral}
