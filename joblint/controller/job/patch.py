"""What a merge patch makes of a Job while it runs: the object that the server stores, or None where it rejects the change.

Knows the API server's judgement of an update, nothing of the simulation. Sources are named there
(`joblint/api/apply`).
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
    """The Job as the server holds it after its creation; None where it rejects the Job."""
    return from_manifest({"apiVersion": "batch/v1", "kind": "Job", **job}, gates)


def patched(live: dict[str, Any], status: dict[str, Any], patch: Any, gates: Gates) -> dict[str, Any] | None:
    """The stored Job after the patch, or None where the API server rejects the change. `status` is the Job's at that time."""
    new = merge(live, patch)
    if not isinstance(new, dict):
        return None
    result = update(new, {**live, "status": status}, gates)
    return None if result.outcome == "refused" or result.merged is None else {**result.merged, "status": {}}
