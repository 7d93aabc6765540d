"""The registries from which a Pod's images are pulled, with the Secret for it; no texts, no other objects."""

from __future__ import annotations

from joblint.base import shared
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def registry_of(image: str) -> str:
    """Return the host of an image's registry; "" for Docker Hub."""
    first, slash, _ = image.partition("/")
    return first if slash and ("." in first or ":" in first) else ""


def pulls_of(pod: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the registries of a Pod's images, each with the name of the first pull secret ("" for none)."""
    given = [as_dict(e).get("name") for e in as_list(pod.get("imagePullSecrets"))]
    secret = next((name for name in given if isinstance(name, str)), "")
    images = [as_dict(c).get("image") for field in ("initContainers", "containers") for c in as_list(pod.get(field))]
    hosts = dict.fromkeys([registry_of(image) for image in images if isinstance(image, str)])
    return tuple([(shared.text(host), shared.text(secret)) for host in hosts if host])
