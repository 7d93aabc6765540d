"""What `kubectl apply` does with a live object, and what kubectl prints: created, unchanged, configured or an error.

Knows kubectl's own checks and its annotation; patch and update are in merge.py. Source: Kubernetes 1.36.3, k8s.io/kubectl
pkg/cmd/apply/{apply,patcher}.go, pkg/util/apply.go, k8s.io/apiserver pkg/endpoints/handlers/patch.go.
"""

from __future__ import annotations

from joblint.api.apply.converted import converted
from joblint.api.apply.merge import created, patch_over, placed
from joblint.api.apply.result import MODIFIED, Result
from joblint.api.apply.stored import APPLIED, store
from joblint.api.apply.strategic.values import as_read, same
from joblint.api.create.request import sent
from joblint.api.exported import LAST_APPLIED
from joblint.api.verdict import ApiError
from joblint.api.version.versions import gates as gates_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.apply.stored import Stored
    from joblint.api.version.versions import Gates


def client_side(stored: Stored | None, new: dict[str, Any], gates: Gates) -> Result:
    """Return the outcome of `kubectl apply` of a manifest over the server's object (None: there is none). Nothing is
    changed."""
    manifest = _plain(sent(new))
    if stored is None:
        made = created(manifest, gates.version)
        errors = (*made.unknown, *made.errors)
        return Result("refused" if errors else "created", errors, patch=made.patch, merged=made.merged)
    live = stored.live
    original = _plain(sent(stored.applied)) if stored.applied is not None else {}
    result = patch_over(live, original, manifest, gates)
    if result.outcome == "refused" and result.patch is None:
        return Result("refused", result.errors)
    stale = _stale(manifest, stored)
    if stale is not None:
        return Result("refused", (stale,), patch=result.patch)
    errors = (*result.unknown, *result.errors)
    if result.unknown:  # the server stops there
        errors = result.unknown
    if errors:
        if result.patched is not None:
            errors = tuple(converted(error, result.patched, gates.version) for error in errors)
        return Result("refused", errors, patch=result.patch, merged=result.merged)
    annotated = stored.applied is not None and same(as_read(placed(original, live)), as_read(placed(manifest, live)))
    unchanged = result.outcome == "unchanged" and annotated
    return Result("unchanged" if unchanged else "updated", patch=result.patch, merged=result.merged)


def applied_again(first: dict[str, Any], second: dict[str, Any], version: str) -> Result | None:
    """Return what `kubectl apply` of a manifest does if another one of the same name was applied before it, in the same call.

    None if the API server rejects the first one, so that there is nothing to apply the second over. Both are objects of
    batch/v1 and are not changed. Raises WrongInput for a version that joblint does not know.
    """
    known = gates_of(version)
    stored = store(first, known, APPLIED, second)
    return None if stored is None else client_side(stored, second, known)


def _plain(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest as kubectl compares it: without its own annotation, and without an empty annotations map."""
    metadata = manifest.get("metadata")
    if not isinstance(metadata, dict):
        return manifest
    annotations = metadata.get("annotations")
    if annotations is not None and not isinstance(annotations, dict):
        return manifest
    left = {key: value for key, value in (annotations or {}).items() if key != LAST_APPLIED}
    rest = {key: value for key, value in metadata.items() if key != "annotations"}
    return {**manifest, "metadata": rest | {"annotations": left} if left else rest}


def _stale(manifest: dict[str, Any], stored: Stored) -> ApiError | None:
    """The rejection of a manifest that specifies another resourceVersion than the live object's."""
    metadata = manifest.get("metadata")
    version = metadata.get("resourceVersion") if isinstance(metadata, dict) else None
    live = stored.live["metadata"]
    if not version or version == "0" or (stored.exported and version == live.get("resourceVersion")):
        return None
    return ApiError(
        "Conflict", "metadata.resourceVersion", MODIFIED.format(f"{stored.live['kind'].lower()}s.batch", live["name"])
    )
