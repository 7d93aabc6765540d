"""Commands that the release in the container's image no longer has.

Sources: minio/mc pull request 5201 (RELEASE.2025-05-21), Helm 3's list of changes since Helm 2, the migration guide of AWS CLI 2,
etcd's CHANGELOG-3.6, Kubernetes' CHANGELOG-1.18.
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.base.record import Record
from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.shell.images import name_and_tag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject


class Removed(Record):
    """A program, the words of a command that was removed, the first release without it (also as its users write it), the images
    whose tags are its releases, and what to type instead."""

    program: str
    words: tuple[str, ...]
    since: tuple[int, ...]
    release: str
    images: frozenset[str]
    better: str


_MC = names("minio/mc minio/minio")
_HELM = names("alpine/helm dtzar/helm-kubectl alpine/k8s")
_ETCD = names("coreos/etcd etcd etcd-development/etcd")
_KUBECTL = names("bitnami/kubectl bitnamilegacy/kubectl rancher/kubectl kubectl alpine/k8s")
_TABLE = (
    Removed("mc", ("config",), (2025, 5, 21), "RELEASE.2025-05-21", _MC, "mc alias set"),
    Removed("helm", ("init",), (3,), "3", names("alpine/helm"), "helm repo add <name> <url>    (Helm 3 has no Tiller)"),
    Removed("helm", ("delete", "--purge"), (3,), "3", names("alpine/helm"), "helm uninstall"),
    Removed("aws", ("ecr", "get-login"), (2,), "2", names("amazon/aws-cli"), "aws ecr get-login-password"),
    Removed("etcdctl", ("snapshot", "restore"), (3, 6), "3.6", _ETCD, "etcdutl snapshot restore"),
    Removed("etcdctl", ("snapshot", "status"), (3, 6), "3.6", _ETCD, "etcdutl snapshot status"),
    Removed("kubectl", ("get", "--export"), (1, 18), "1.18", _KUBECTL, "kubectl get -o yaml"),
    Removed("kubectl", ("rolling-update",), (1, 18), "1.18", _KUBECTL, "kubectl rollout restart"),
)
_HOSTS = ("docker.io/", "quay.io/", "registry.k8s.io/", "gcr.io/", "public.ecr.aws/", "k8s.gcr.io/")


def command_removed_in_version(s: Subject) -> Iterator[Hit]:
    """`mc config host add` with an image of mc that has only `mc alias`; one finding a container."""
    for i, container in enumerate(s.containers):
        name, tag = name_and_tag(str(container.data.get("image") or ""))
        for host in _HOSTS:
            name = name.removeprefix(host)
        table = [r for r in _TABLE if name in r.images and _has_gone(r, tag)]
        for called in calls_of(s, i, inner=True) if table else ():
            removed = next((r for r in table if r.program == called.name and _is(r, called.rest)), None)
            if removed is not None:
                what = " ".join([removed.program, *removed.words])
                image = f"{name}:{tag}" if tag else name
                release = f"version {removed.release}" if removed.release[0].isdecimal() else removed.release
                yield call_hit(s, called, what=what, release=release, image=image, better=removed.better)
                break


def _has_gone(removed: Removed, tag: str) -> bool:
    """Whether an image's tag is a release without a command; the newest one is."""
    if tag in ("", "latest"):
        return True
    plain = tag.removeprefix("RELEASE.").removeprefix("v").partition("T")[0].replace("-", ".").split(".")
    numbers = []
    for part in plain[: len(removed.since)]:
        if not part.isdecimal():
            return False
        numbers.append(int(part))
    return tuple(numbers) >= removed.since and (removed.program != "mc" or tag.startswith("RELEASE."))


def _is(removed: Removed, rest: tuple[str, ...]) -> bool:
    plain = [w for w in rest if w and not w.startswith("-")]
    own = [w for w in removed.words if not w.startswith("-")]
    return plain[: len(own)] == own and all(w in rest for w in removed.words if w.startswith("-"))
