"""runAsNonRoot compared with the user that the container would run as: the kubelet does not create the container.

Source: Kubernetes 1.36.3 pkg/kubelet/kuberuntime/security_context_others.go verifyRunAsNonRoot.
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.pods.words import ending
from joblint.rules.subject import as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

# Docker's official images without a USER.
_ROOT = names(
    "python node alpine busybox debian ubuntu golang perl ruby php postgres mysql mariadb redis mongo nginx httpd rust openjdk "
    "maven eclipse-temurin amazoncorretto amazonlinux fedora rockylinux almalinux oraclelinux archlinux centos bash "
    "buildpack-deps docker rabbitmq memcached influxdb r-base julia swift haskell erlang elixir hello-world composer wordpress"
)
# Other images without a USER, by their full names.
_ROOT_IMAGES = names(
    "amazon/aws-cli public.ecr.aws/aws-cli/aws-cli google/cloud-sdk gcr.io/google.com/cloudsdktool/cloud-sdk hashicorp/terraform "
    "gcr.io/google.com/cloudsdktool/google-cloud-cli rclone/rclone restic/restic minio/mc quay.io/minio/mc alpine/git alpine/k8s "
    "mcr.microsoft.com/azure-cli nvidia/cuda"
)
# Images whose USER is a name, which the kubelet cannot resolve.
_NAMED = {"curlimages/curl": "curl_user", "quay.io/curl/curl": "curl_user", "liquibase/liquibase": "liquibase"}
_LIBRARIES = (
    *("docker.io/library/", "docker.io/", "library/", "index.docker.io/library/"),
    *("public.ecr.aws/docker/library/", "mirror.gcr.io/library/"),
)


def non_root_user_missing(s: Subject) -> Iterator[Hit]:
    """runAsNonRoot: true, and the uid is 0 or the image's user is root: CreateContainerConfigError, the Pod stays Pending."""
    pod = as_dict(s.pod.get("securityContext"))
    if as_dict(s.pod.get("os")).get("name") == "windows":
        return
    for container in s.containers:
        own = as_dict(container.data.get("securityContext"))
        if own.get("runAsNonRoot", pod.get("runAsNonRoot")) is not True:
            continue
        user = own.get("runAsUser", pod.get("runAsUser"))
        if user == 0 and not isinstance(user, bool):
            at = container.at if "runAsUser" in own else s.pod_at
            yield s.hit(
                at + ".securityContext.runAsUser",
                why_not="runAsUser is 0",
                says="container's runAsUser breaks non-root policy",
                confidence="certain",
                container=container.name,
                ending=ending(s),
            )
        elif user is None:
            image = str(container.data.get("image") or "")
            who, says = _user_of(image)
            if who:
                at = container.at if "runAsNonRoot" in own else s.pod_at
                yield s.hit(
                    at + ".securityContext.runAsNonRoot",
                    why_not=f"the image {_short(image)} runs as {who}",
                    says=says,
                    container=container.name,
                    ending=ending(s),
                )


def _short(image: str) -> str:
    return image.partition("@")[0]


def _user_of(image: str) -> tuple[str, str]:
    """The user of a known image, and the kubelet's message then; "" if it is not known or not a problem."""
    path = image.partition("@")[0]
    name, colon, tag = path.rpartition(":")
    if not colon or "/" in tag:
        name, tag = path, ""
    if "nonroot" in tag or "rootless" in tag or "unprivileged" in name:
        return "", ""
    plain = name
    for prefix in _LIBRARIES:
        if name.startswith(prefix):
            plain = name[len(prefix) :]
            break
    if "/" not in plain and plain in _ROOT or plain in _ROOT_IMAGES:
        return "root", "container has runAsNonRoot and image will run as root"
    if plain in _NAMED:
        user = _NAMED[plain]
        return (
            f"{user} (a name, not a uid)",
            f"container has runAsNonRoot and image has non-numeric user ({user}), cannot verify user is non-root",
        )
    return "", ""
