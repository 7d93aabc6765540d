"""Ephemeral containers, which a template must not have: the server's errors on each before it says so; knows containers.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go validateEphemeralContainers.
"""

from __future__ import annotations

from joblint.api.shared_names import CONTAINER_LISTS
from joblint.api.validate.container.container import validate_container_common
from joblint.api.validate.container.profiles import strip_space

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.version.versions import Gates

# Every field of a container that an ephemeral one may not have, in the server's order.
_FORBIDDEN = (
    "ports",
    "resources",
    "resizePolicy",
    "restartPolicy",
    "restartPolicyRules",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
    "lifecycle",
)
_REASON = "cannot be set for an Ephemeral Container"


def validate_ephemeral_containers(
    spec: dict[str, Any], path: str, errors: Errors, opts: Gates, volumes: dict[str, dict[str, Any]], claims: frozenset[str]
) -> None:
    """The ephemeral containers of a Pod spec; `path` is the list's field path."""
    others = {c.get("name", "") for kind in CONTAINER_LISTS for c in spec.get(kind) or ()}
    names = set(others)
    for i, container in enumerate(spec["ephemeralContainers"]):
        where = f"{path}[{i}]"
        validate_container_common(container, where, errors, opts, volumes, claims, spec)
        image = container.get("image", "")
        if strip_space(image) != image:
            errors.invalid(f"{where}.image", image, "must not have leading or trailing whitespace")
        name = container.get("name", "")
        if name in names:
            errors.duplicate(f"{where}.name", name)
        names.add(name)
        target = container.get("targetContainerName")
        if target and target not in others:
            errors.not_found(f"{where}.targetContainerName", target)
        for field in _FORBIDDEN:
            if field in container and (field != "resources" or container[field]):
                errors.forbidden(f"{where}.{field}", _REASON)
        for j, mount in enumerate(container.get("volumeMounts") or ()):
            for field in ("subPath", "subPathExpr"):
                if mount.get(field):
                    errors.forbidden(f"{where}.volumeMounts[{j}].{field}", _REASON)
