"""The effect of a merge patch on a running Job: the object that the server stores, or None if it rejects the change.

Knows the API server's validation of an update, nothing of the simulation. Its sources are listed in `joblint/api/apply`.
"""

from __future__ import annotations

from joblint.api.apply.merge import update
from joblint.api.apply.stored import from_manifest
from joblint.controller.merge_patch import merge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.version.versions import Gates


def stored(job: dict[str, Any], gates: Gates) -> dict[str, Any] | None:
    """Return the Job as the server stores it after its creation; None if it rejects the Job."""
    return from_manifest({"apiVersion": "batch/v1", "kind": "Job", **job}, gates)


def patched(live: dict[str, Any], status: dict[str, Any], patch: Any, gates: Gates) -> dict[str, Any] | None:
    """Return the stored Job after the patch, or None if the API server rejects the change. `status` is the Job's at that
    time."""
    new = merge(live, patch)
    if not isinstance(new, dict):
        return None
    result = update(new, {**live, "status": status}, gates)
    return None if result.outcome == "refused" or result.merged is None else {**result.merged, "status": {}}
