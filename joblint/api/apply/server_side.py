"""What `kubectl apply --server-side` does: the typed merge, conflicts of owners, then the server's validation of the result.

Knows the way of a server-side apply, no rule of merging or validation. Source: Kubernetes 1.36.3, k8s.io/apiserver
pkg/endpoints/handlers/patch.go (applyPatcher), k8s.io/apimachinery pkg/util/managedfields/internal
({structuredmerge,lastappliedmanager}.go), k8s.io/kubectl pkg/cmd/apply.
"""

from __future__ import annotations

from joblint.api.apply.merge import created, placed, update
from joblint.api.apply.result import MODIFIED, Result
from joblint.api.apply.typed.check import problems
from joblint.api.apply.typed.fields import field, text
from joblint.api.apply.typed.owners import (
    MISSING,
    Conflict,
    allowed_conflicts,
    applied,
    beyond,
    inherited,
    message,
    read_managed,
    updated,
)
from joblint.api.apply.typed.schema import types as types_of
from joblint.api.create.decode import decode
from joblint.api.create.defaults import set_defaults
from joblint.api.create.prepare import NAMESPACE, store_form
from joblint.api.create.request import API_VERSION, sent
from joblint.api.exported import LAST_APPLIED
from joblint.api.verdict import ApiError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.apply.stored import Stored
    from joblint.api.apply.typed.owners import Owner
    from joblint.api.apply.typed.schema import Types
    from joblint.api.version.versions import Gates

_ANNOTATION = (field("metadata"), field("annotations"), field(LAST_APPLIED))

MANAGER = "kubectl"
"""The default field manager of `kubectl apply --server-side`."""

FIRST = "before-first-apply"
"""The owner of all fields of an object without owners, when it is first applied."""

CONFLICT = "FieldManagerConflict"
NO_OBJECT = (
    'Operation cannot be fulfilled on {} "{}": uid mismatch: the provided object specified uid {}, '
    "and no existing object was found"
)


def server_side(
    stored: Stored | None, new: dict[str, Any], gates: Gates, made: str, manager: str = MANAGER, force: bool = False
) -> Result:
    """Return the outcome of a server-side apply of a manifest over the server's object (None: there is none).

    `made` says how the object was created if it does not show who owns its fields: "server-side", "apply" (client-side) or
    "create". `force` takes over fields of other managers. The manifest is of a Job or CronJob in batch/v1.
    """
    types = types_of(gates.version)
    node = types.root(new["kind"])
    manifest = sent(new) if stored is None else placed(sent(new), stored.live)
    found = problems(types, node, manifest)
    if found:
        return Result("refused", tuple(ApiError("Typed", path, what) for path, what in found), problem=_typed(found, new))
    if stored is None:
        uid = manifest["metadata"].get("uid")
        if uid:
            words = NO_OBJECT.format(_resource(manifest), manifest["metadata"].get("name"), uid)
            return Result("refused", (ApiError("Conflict", "metadata.uid", words),))
        result = created(manifest, gates.version)
        errors = (*result.unknown, *result.errors)
        return Result("refused" if errors else "created", errors, merged=result.merged)
    if manifest["metadata"].get("managedFields") is not None:
        return Result("refused", (ApiError("BadRequest", "metadata.managedFields", "metadata.managedFields must be nil"),))
    if _other_version(manifest, stored):
        return Result(
            "refused",
            (
                ApiError(
                    "Conflict",
                    "metadata.resourceVersion",
                    MODIFIED.format(_resource(stored.live), stored.live["metadata"]["name"]),
                ),
            ),
        )
    live = _with_annotation(stored)
    owners = owners_of(stored, types, gates, made)
    try:
        merged, after = applied(types, node, live, manifest, owners or (), manager, API_VERSION, force or owners is None)
    except Conflict as conflict:
        left = conflict.fields
        if manager == MANAGER and stored.applied is not None:
            left = beyond(conflict, allowed_conflicts(types, node, live, stored.applied))
        if left:
            errors = tuple(
                ApiError(CONFLICT, text(path), f"conflict with {owner.shown()}", owner.manager) for owner, path in left
            )
            return Result("conflict", errors, problem=message(left))
        merged, after = applied(types, node, live, manifest, owners or (), manager, API_VERSION, True)
    result = update(_without_annotation(merged), stored.live, gates)
    if result.errors and result.errors[0].type == "Decode":
        return Result("refused", result.errors, problem=_unconverted(result.errors[0].message, manifest))
    if result.errors:
        return Result("refused", result.errors, merged=result.merged)
    mine, others = inherited(after, manager, API_VERSION, _ANNOTATION)
    if mine is None or result.merged is None:
        return Result("applied", merged=result.merged, guessed=owners is None)
    # kubectl now takes over what its client-side apply owned, and applies again, which removes what NEW omits.
    merged, _ = applied(types, node, merged, manifest, (*others, mine), manager, API_VERSION, True)
    again = update(_without_annotation(merged), result.merged, gates)
    return Result("applied", merged=result.merged, taken_over=again.merged, later=again.errors)


def _named(new: dict[str, Any]) -> str:
    """The object as the server names it in messages about types."""
    metadata = new.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    return f"{metadata.get('namespace') or NAMESPACE}/{metadata.get('name')}; {API_VERSION}, Kind={new['kind']}"


def _unconverted(message: str, new: dict[str, Any]) -> str:
    """The server's response to a value that only shows to be of no use when it is converted (a number with a fraction)."""
    kind = message.rpartition(" of type ")[2]
    if message.startswith("json: cannot unmarshal number "):
        message = f"cannot convert float64 to {kind}"
    elif message.startswith("json: cannot unmarshal "):
        message = f"{message.partition(' into Go ')[0]} into Go value of type {kind}"
    of = f"{API_VERSION}, Kind={new['kind']}"
    return (
        f"failed to convert new object ({_named(new)}) to proper version: "
        f"unable to convert unstructured object to {of}: {message}"
    )


def _typed(found: list[tuple[str, str]], new: dict[str, Any]) -> str:
    """The server's response to an object that does not keep to the types of its fields."""
    of = _named(new)
    told = [f"{path}: {what}" if path else what for path, what in found]
    errors = told[0] if len(told) == 1 else "\n  ".join(["errors:", *told])
    return f"failed to create typed patch object ({of}): {errors}"


def _resource(obj: dict[str, Any]) -> str:
    return f"{obj['kind'].lower()}s.batch"


def _other_version(manifest: dict[str, Any], stored: Stored) -> bool:
    version = manifest["metadata"].get("resourceVersion")
    if not version or version == "0":
        return False
    return not stored.exported or version != stored.live["metadata"].get("resourceVersion")


def owners_of(stored: Stored, types: Types, gates: Gates, made: str) -> tuple[Owner, ...] | None:
    """Return who owns the fields of the live object; None if it does not say, and it is not known how it was created."""
    if stored.managed:
        return read_managed(stored.managed, API_VERSION)
    if stored.managed is not None:  # nobody's: the server assigns all to a placeholder
        kind = stored.live["kind"]
        return updated(types, types.root(kind), _nothing(kind), stored.live, (), FIRST, API_VERSION)
    if stored.exported and stored.applied is None:
        return None
    manifest = stored.applied or stored.source
    if manifest is None:
        return None
    node = types.root(stored.live["kind"])
    if made == "server-side" and not stored.exported:
        return applied(types, node, MISSING, sent(manifest), (), MANAGER, API_VERSION, True)[1]
    by = "kubectl-create" if made == "create" else "kubectl-client-side-apply"
    decoded = decode(sent(manifest), gates)
    obj = decoded.obj
    set_defaults(obj, gates)
    store_form(obj)
    if made != "create":
        annotations = {**obj["metadata"].get("annotations", {}), LAST_APPLIED: "{}"}
        obj["metadata"] = {**obj["metadata"], "annotations": annotations}
    return updated(types, node, _nothing(obj["kind"]), obj, (), by, API_VERSION)


def _nothing(kind: str) -> dict[str, Any]:
    """What the server compares a new object with: the zero value, which contains what is always written."""
    job = {"template": {"metadata": {}, "spec": {"containers": None}}}
    spec = job if kind == "Job" else {"schedule": "", "jobTemplate": {"metadata": {}, "spec": job}}
    return {"metadata": {}, "spec": spec, "status": {}}


def _with_annotation(stored: Stored) -> dict[str, Any]:
    if stored.applied is None:
        return stored.live
    metadata = stored.live["metadata"]
    annotations = {**metadata.get("annotations", {}), LAST_APPLIED: "{}"}
    return {**stored.live, "metadata": {**metadata, "annotations": annotations}}


def _without_annotation(merged: dict[str, Any]) -> dict[str, Any]:
    metadata = merged["metadata"]
    annotations = metadata.get("annotations")
    if not annotations or LAST_APPLIED not in annotations:
        return merged
    left = {key: value for key, value in annotations.items() if key != LAST_APPLIED}
    return {**merged, "metadata": {**metadata, "annotations": left or None}}
