"""Tags that a well-known image never has: with v, or without it.

Source: the lists of tags of the images in their registries as of 2026.
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.shell.images import name_and_tag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_PLAIN = names(
    "alpine busybox debian ubuntu postgres mysql mariadb redis mongo python node golang ruby php perl nginx httpd memcached "
    "rabbitmq openjdk eclipse-temurin maven gradle docker bash nextcloud wordpress ghost cassandra haproxy influxdb rust "
    "amazon/aws-cli alpine/k8s alpine/helm curlimages/curl hashicorp/terraform hashicorp/vault restic/restic "
    "mcr.microsoft.com/azure-cli rclone/rclone"
)
_WITH_V = names(
    "registry.k8s.io/kubectl rancher/kubectl velero/velero registry.k8s.io/kube-apiserver registry.k8s.io/conformance "
    "registry.k8s.io/ingress-nginx/kube-webhook-certgen registry.k8s.io/descheduler/descheduler gcr.io/kaniko-project/executor"
)


def image_tag_unknown(s: Subject) -> Iterator[Hit]:
    """A version with a v where the image's tags have none, or without it where they have one."""
    for container in s.containers:
        image = container.data.get("image")
        if not isinstance(image, str) or "@" in image or "$" in image or "{" in image:
            continue
        name, tag = name_and_tag(image)
        number = tag.removeprefix("v")
        if not number[:1].isdecimal() or not number.isascii():
            continue
        shown = image[: len(image) - len(tag)]
        if tag.startswith("v") and name in _PLAIN:
            yield s.hit(container.at + ".image", image=image, name=name, rule="without v", better=shown + number)
        elif not tag.startswith("v") and name in _WITH_V:
            version, dash, variant = number.partition("-")
            whole = version if version.count(".") > 1 else f"{version}.0"
            yield s.hit(container.at + ".image", image=image, name=name, rule="with v", better=f"{shown}v{whole}{dash}{variant}")
