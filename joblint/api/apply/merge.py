"""What `kubectl apply` of a manifest does to the live object created from an earlier one: the patch, then the server's
response.

Knows the steps of an apply, from two manifests to a verdict; the rules of merging and validation are elsewhere. Source:
Kubernetes 1.36.3, k8s.io/kubectl pkg/cmd/apply (client-side apply), k8s.io/apiserver pkg/endpoints/handlers/patch.go.
"""

from __future__ import annotations

from joblint.api.apply.stored import from_manifest
from joblint.api.apply.strategic.diff import three_way_patch
from joblint.api.apply.strategic.fields import MergeError, root
from joblint.api.apply.strategic.merge import apply_patch
from joblint.api.apply.update import validate_update
from joblint.api.create.decode import decode, tidy
from joblint.api.create.defaults import set_defaults
from joblint.api.create.dropped import drop_disabled
from joblint.api.create.prepare import job_spec, store_form
from joblint.api.create.request import refusal, sent
from joblint.api.judge import judge
from joblint.api.ours import is_ours
from joblint.api.verdict import ApiError
from joblint.api.version import versions
from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from joblint.api.version.versions import Gates

    Outcome = Literal["created", "unchanged", "updated", "refused"]

_NO_JOB = "this is no Job and no CronJob"
GENERATE_NAME = "cannot use generate name with apply"


class ApplyResult(Record):
    """What an apply does.

    `outcome` "created": there is no live object, because the API server rejects the old manifest. `errors` are the reasons of a
    rejection, in the server's order. `patch` is what kubectl sends, {} if it sends nothing. `live` is the object created from
    the old manifest, `merged` the one after the patch (both as the server stores them), None if there is none. `unknown` are
    unknown fields of the new manifest: the verdict is the server's without them, but kubectl requests strict validation unless
    it is called with `--validate=false`. `patched` is the object after the patch if it cannot be decoded.
    """

    outcome: Outcome
    errors: tuple[ApiError, ...] = ()
    patch: dict[str, Any] | None = None
    live: dict[str, Any] | None = None
    merged: dict[str, Any] | None = None
    unknown: tuple[ApiError, ...] = ()
    patched: dict[str, Any] | None = None


def apply(old: object, new: object, version: str = versions.DEFAULT) -> ApplyResult:
    """Apply the manifest `new` over the live object created from `old`, which has not been changed since.

    Both are plain JSON data of one object as kubectl reads them, of the same kind and name, and are not changed. Raises
    ValueError for a version that joblint does not know.
    """
    if not isinstance(new, dict):
        return ApplyResult("refused", (ApiError("Decode", "", "no object"),))
    metadata = new.get("metadata")
    if isinstance(metadata, dict) and metadata.get("generateName") and not metadata.get("name"):
        text = f"from {metadata['generateName']}: {GENERATE_NAME}"
        return ApplyResult("refused", (ApiError("Decode", "metadata.generateName", text),))
    try:
        return _apply(old, sent(new), version)
    except RecursionError:
        return ApplyResult("refused", (ApiError("Decode", "", "exceeded max depth"),))


def _apply(old: object, new: dict[str, Any], version: str) -> ApplyResult:
    gates = versions.gates(version)
    live = from_manifest(old, gates)
    if live is None or not isinstance(old, dict):
        return created(new, version)
    return patch_over(live, sent(old), new, gates)


def patch_over(live: dict[str, Any], original: dict[str, Any], new: dict[str, Any], gates: Gates) -> ApplyResult:
    """Return what happens to a live object, last applied as `original` ({} if it was not applied), with the manifest `new`.

    Manifests are as kubectl sends them, without the annotation that it adds. None of them is changed.
    """
    if (new.get("apiVersion"), new.get("kind")) != (live["apiVersion"], live["kind"]):
        return ApplyResult("refused", (ApiError("Decode", "", refusal(new) if is_ours(new) else _NO_JOB),), None, live)
    at = root(live["kind"], gates.version)
    patch = None
    try:
        patch = three_way_patch(placed(original, live), placed(new, live), live, at)
        if not patch:
            return ApplyResult("unchanged", (), patch, live, live)
        patched = apply_patch(live, patch, at)
    except MergeError as error:
        return ApplyResult("refused", (ApiError("Decode", "", str(error)),), patch, live)
    return update(patched, live, gates, patch)


def placed(manifest: dict[str, Any], live: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest with the namespace that kubectl fills in if it has none."""
    metadata = manifest.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("namespace"):
        return manifest
    return {**manifest, "metadata": {**metadata, "namespace": live["metadata"]["namespace"]}}


def created(new: dict[str, Any], version: str) -> ApplyResult:
    """Return what happens to a manifest without a live object. Like kubectl, it removes a resourceVersion first."""
    metadata = new.get("metadata")
    if isinstance(metadata, dict) and "resourceVersion" in metadata:
        new = {**new, "metadata": {key: value for key, value in metadata.items() if key != "resourceVersion"}}
    verdict = judge(new, version)
    if verdict is None:
        return ApplyResult("refused", (ApiError("Decode", "", _NO_JOB),))
    errors = tuple(error for error in verdict.errors if error.type != "Strict")
    unknown = tuple(error for error in verdict.errors if error.type == "Strict")
    return ApplyResult("refused" if errors else "created", errors, new, None, verdict.defaulted, unknown)


def update(patched: dict[str, Any], live: dict[str, Any], gates: Gates, patch: dict[str, Any] | None = None) -> ApplyResult:
    """Return the server's response to an update of the live object to the patched one, which `patch` created; neither is
    changed."""
    if "kind" not in patched or "apiVersion" not in patched:
        return ApplyResult("refused", (ApiError("Decode", "", refusal(patched)),), patch, live)
    decoded = decode(patched, gates)
    if decoded.failure is not None:
        return ApplyResult("refused", (decoded.failure,), patch, live, patched=patched)
    merged = decoded.obj
    system = {key: merged["metadata"][key] for key in _KEPT if key in merged["metadata"]}
    set_defaults(merged, gates)
    store_form(merged)
    merged["metadata"].update(system)
    managed_by = job_spec(merged).get("managedBy")
    drop_disabled(merged, gates)
    if managed_by is not None:
        job_spec(merged)["managedBy"] = managed_by  # this one is dropped on create only
    errors = validate_update(merged, live, gates).found
    if errors and not gates.has("LengthsInBytes"):
        from joblint.api.version.wording import in_characters

        errors = in_characters(errors)
    tidy(decoded)
    return ApplyResult("refused" if errors else "updated", tuple(errors), patch, live, merged, decoded.unknown)


# What the server sets itself on create can be sent by the client on an update, and is then validated.
_KEPT = ("uid", "deletionTimestamp", "deletionGracePeriodSeconds")
