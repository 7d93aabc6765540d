"""What `kubectl replace` does over a live object: the manifest takes its place, and what it leaves out gets its default.

Source: Kubernetes 1.36.3, k8s.io/kubectl pkg/cmd/replace, k8s.io/apiserver pkg/endpoints/handlers/update.go.
"""

from __future__ import annotations

from joblint.api.apply.merge import created, placed, update
from joblint.api.apply.result import Result
from joblint.api.create.request import sent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.apply.stored import Stored
    from joblint.api.version.versions import Gates


def replace(stored: Stored | None, new: dict[str, Any], gates: Gates) -> Result:
    """The outcome of a replace of a manifest (of a create where there is nothing). Nothing is changed."""
    if stored is None:
        made = created(sent(new), gates.version)
        errors = (*made.unknown, *made.errors)
        return Result("refused" if errors else "created", errors, merged=made.merged)
    manifest = placed(sent(new), stored.live)
    metadata = manifest.get("metadata")
    if isinstance(metadata, dict) and not metadata.get("resourceVersion"):  # an update that names none takes any
        version = stored.live["metadata"].get("resourceVersion") or "1"
        manifest = {**manifest, "metadata": {**metadata, "resourceVersion": version}}
    result = update(manifest, stored.live, gates)
    errors = (*result.unknown, *result.errors)
    return Result("refused" if errors else "updated", errors, merged=result.merged)
