"""The API server's validation of an object's metadata, on create and on update; knows names, labels and errors.

`metadata` is decoded JSON data with what the server fills in (namespace, uid, a generated name). Source: Kubernetes 1.36.3,
1.37.2, k8s.io/apimachinery pkg/api/validation/objectmeta.go.
"""

from __future__ import annotations

from joblint.api.validate.meta.labels import validate_annotations, validate_labels
from joblint.api.validate.meta.names import is_dns1123_label, is_qualified_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.version.versions import Gates

IMMUTABLE = "field is immutable"
_EMPTY = "must not be empty"
_ORPHAN, _FOREGROUND = "orphan", "foregroundDeletion"
# What must not change, and the zero value of a missing one.
_FIXED = (
    ("name", ""),
    ("namespace", ""),
    ("uid", ""),
    ("creationTimestamp", None),
    ("deletionTimestamp", None),
    ("deletionGracePeriodSeconds", None),
)


def validate_object_meta(
    metadata: dict[str, Any],
    requires_namespace: bool,
    name_problems: Callable[[str, bool], Sequence[str]],
    path: str,
    errors: Errors,
    gates: Gates,
) -> None:
    """Metadata of a new object. `name_problems(name, is_prefix)` gives the complaints about a name of its kind."""
    generate_name = metadata.get("generateName")
    if generate_name:
        for message in name_problems(generate_name, True):
            errors.invalid(f"{path}.generateName", generate_name, message)
    name = metadata.get("name")
    if name:
        for message in name_problems(name, False):
            errors.invalid(f"{path}.name", name, message)
    else:
        errors.required(f"{path}.name", "name or generateName is required")
    namespace = metadata.get("namespace")
    if requires_namespace:
        if namespace:
            for message in is_dns1123_label(namespace):
                errors.invalid(f"{path}.namespace", namespace, message)
        else:
            errors.required(f"{path}.namespace", "")
    elif namespace:
        errors.forbidden(f"{path}.namespace", "not allowed on this type")
    if metadata.get("generation", 0) < 0:
        errors.invalid(f"{path}.generation", metadata["generation"], "must be greater than or equal to 0")
    validate_labels(metadata.get("labels"), f"{path}.labels", errors)
    validate_annotations(metadata.get("annotations"), f"{path}.annotations", errors)
    validate_owner_references(metadata.get("ownerReferences"), f"{path}.ownerReferences", errors, gates)
    validate_finalizers(metadata.get("finalizers"), f"{path}.finalizers", errors)


def validate_object_meta_update(new: dict[str, Any], old: dict[str, Any], path: str, errors: Errors, gates: Gates) -> None:
    """Validate what an update must not change in the metadata, and the parts that are validated again."""
    if "deletionTimestamp" in old:
        added = sorted(set(new.get("finalizers") or ()) - set(old.get("finalizers") or ()))
        if added:
            from joblint.api.errors import go_quote

            listed = ", ".join(map(go_quote, added))
            detail = f"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{listed}}}"
            errors.forbidden(f"{path}.finalizers", detail)
    if not new.get("resourceVersion"):
        errors.invalid(f"{path}.resourceVersion", "", "must be specified for an update")
    if new.get("generation", 0) < old.get("generation", 0):
        errors.invalid(f"{path}.generation", new.get("generation", 0), "must not be decremented")
    for field, zero in _FIXED:
        value = new.get(field, zero)
        if value != old.get(field, zero):
            errors.invalid(f"{path}.{field}", value, IMMUTABLE)
    validate_labels(new.get("labels"), f"{path}.labels", errors)
    validate_annotations(new.get("annotations"), f"{path}.annotations", errors)
    validate_owner_references(new.get("ownerReferences"), f"{path}.ownerReferences", errors, gates)


def validate_owner_references(references: list[dict[str, Any]] | None, path: str, errors: Errors, gates: Gates) -> None:
    """Validate the owners of an object: up to 1.36 complaints are at the list's own path, without an index."""
    by_index = gates.has("OwnerReferencesByIndex")
    controller = ""
    for i, reference in enumerate(references or ()):
        here = f"{path}[{i}]" if by_index else path
        api_version = reference.get("apiVersion", "")
        group, version = _group_version(api_version)
        kind, name = reference.get("kind", ""), reference.get("name", "")
        if by_index and not api_version:
            errors.required(f"{here}.apiVersion", _EMPTY)
        elif not version:
            detail = "must be <group>/<version> or <version>" if by_index else "version must not be empty"
            errors.invalid(f"{here}.apiVersion", api_version, detail)
        for field in ("kind", "name", "uid"):
            if not reference.get(field):
                if by_index:
                    errors.required(f"{here}.{field}", _EMPTY)
                else:
                    errors.invalid(f"{here}.{field}", "", _EMPTY)
        if (group, version, kind) == ("", "v1", "Event"):
            errors.invalid(here, _shown(reference), "/v1, Kind=Event is disallowed from being an owner")
        if reference.get("controller"):
            this = f"{kind}/{name}"
            if controller:
                detail = (
                    f'Only one reference can have Controller set to true. Found "true" in references for {controller} and {this}'
                )
                errors.invalid(path, [_shown(item) for item in references or ()], detail)
            else:
                controller = this


def _group_version(api_version: str) -> tuple[str, str]:
    group, slash, version = api_version.partition("/")
    if not slash:
        return "", group
    return ("", "") if "/" in version else (group, version)


def _shown(reference: dict[str, Any]) -> dict[str, Any]:
    shown = {field: reference.get(field, "") for field in ("apiVersion", "kind", "name", "uid")}
    shown.update((field, reference[field]) for field in ("controller", "blockOwnerDeletion") if field in reference)
    return shown


def validate_standard_finalizers(metadata: dict[str, Any], path: str, errors: Errors) -> None:
    """What Kubernetes' own kinds require of finalizers in addition: a name of a domain, or one that Kubernetes knows.

    Source: pkg/apis/core/validation/validation.go, ValidateObjectMeta.
    """
    for number, finalizer in enumerate(metadata.get("finalizers") or ()):
        if "/" not in finalizer and finalizer not in ("kubernetes", _ORPHAN, _FOREGROUND):
            detail = "name is neither a standard finalizer name nor is it fully qualified"
            errors.invalid(f"{path}.finalizers[{number}]", finalizer, detail)


def validate_finalizers(finalizers: list[str] | None, path: str, errors: Errors) -> None:
    """The finalizers of an object."""
    if not finalizers:
        return
    for finalizer in finalizers:
        for message in is_qualified_name(finalizer):
            errors.invalid(path, finalizer, message)
    if _ORPHAN in finalizers and _FOREGROUND in finalizers:
        errors.invalid(path, finalizers, f"finalizer {_ORPHAN} and {_FOREGROUND} cannot be both set")
