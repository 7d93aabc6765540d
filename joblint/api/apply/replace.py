"""What `kubectl replace` does with a live object: the manifest replaces it, and omitted fields get their defaults.

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
    """Return the outcome of a replace with a manifest (of a create if there is no object). Nothing is changed."""
    if stored is None:
        made = created(sent(new), gates.version)
        errors = (*made.unknown, *made.errors)
        return Result("refused" if errors else "created", errors, merged=made.merged)
    manifest = placed(sent(new), stored.live)
    metadata = manifest.get("metadata")
    if isinstance(metadata, dict) and not metadata.get("resourceVersion"):  # an update without one matches any
        version = stored.live["metadata"].get("resourceVersion") or "1"
        manifest = {**manifest, "metadata": {**metadata, "resourceVersion": version}}
    result = update(manifest, stored.live, gates)
    errors = (*result.unknown, *result.errors)
    return Result("refused" if errors else "updated", errors, merged=result.merged)
