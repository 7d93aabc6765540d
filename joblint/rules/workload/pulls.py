"""The registries from which a Pod's images are pulled, with the Secret for it; no texts, no other objects."""

from __future__ import annotations

from joblint.base.memo import memo
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


_OF_MANY = ("ghcr.io", "gcr.io", "eu.gcr.io", "us.gcr.io", "asia.gcr.io", "registry.gitlab.com", "quay.io", "docker.io")
"""Registries of many owners: credentials for the images of one say nothing about those of another."""


def registry_of(image: str) -> str:
    """Return the host of an image's registry, with the owner if it is one of many; "" for Docker Hub without a host."""
    first, slash, rest = image.partition("/")
    if not slash or "." not in first and ":" not in first:
        return ""
    return f"{first}/{rest.partition('/')[0]}" if first in _OF_MANY and "/" in rest else first


def pulls_of(pod: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the registries of a Pod's images, each with the name of the first pull secret ("" for none)."""
    hosts: dict[str, None] = {}
    for field in ("initContainers", "containers"):
        for container in as_list(pod.get(field)):
            image = as_dict(container).get("image")
            if isinstance(image, str) and (host := registry_of(image)):
                hosts[host] = None
    if not hosts:
        return ()
    given = [as_dict(e).get("name") for e in as_list(pod.get("imagePullSecrets"))]
    return _shared(tuple(hosts), next((name for name in given if isinstance(name, str)), ""))


@memo(1 << 9)
def _shared(hosts: tuple[str, ...], secret: str) -> tuple[tuple[str, str], ...]:
    """The same object for all Pods that pull alike, since it is kept of each."""
    return tuple([(host, secret) for host in hosts])
