"""Images that cannot be pulled: version tags that were moved, a registry for which only others have a pull secret."""

from __future__ import annotations

from joblint.rules.facts.folder import beside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.origin import Origin
    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject


def image_tag_moved(s: Subject) -> Iterator[Hit]:
    """A version tag of docker.io/bitnami: moved to bitnamilegacy in 2025; one finding for each object."""
    for container in s.containers:
        image = str(container.data.get("image") or "")
        path = image.removeprefix("docker.io/").removeprefix("index.docker.io/").removeprefix("registry-1.docker.io/")
        name, colon, tag = path.rpartition(":")
        if "@" not in path and name.startswith("bitnami/") and colon and tag and tag != "latest" and not tag.startswith("sha256"):
            yield s.hit(container.at + ".image", image=image, better=f"bitnamilegacy/{name.partition('/')[2]}:{tag}")
            return


_PUBLIC = ("docker.io", "index.docker.io", "quay.io", "registry.k8s.io", "public.ecr.aws", "mcr.microsoft.com", "k8s.gcr.io")


def _is_local(host: str) -> bool:
    """Whether a registry is on the node itself (kind, k3d, minikube), which requires no credentials."""
    return host.partition(":")[0] in ("localhost", "127.0.0.1") or host.startswith("[::1]")


def pull_secret_missing(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """A registry from which the others pull with a Secret, the Job without; one finding for each object."""
    from joblint.rules.finding import Hit

    pulled: dict[str, list[tuple[Origin, str]]] = {}
    for server in folder.servers:
        for host, secret in server.pulls:
            if secret:
                pulled.setdefault(host, []).append((server.origin, secret))
    for workload in folder.workloads:
        for host, secret in workload.needs.pulls:
            if secret:
                pulled.setdefault(host, []).append((workload.origin, secret))
    for workload in folder.workloads if pulled else ():
        same = [a for a in folder.accounts if a.origin.name == workload.needs.account]
        account = next((a for a in same if beside(a.origin, workload.origin)), None)
        if account is not None and account.pulls:
            continue
        for host, secret in workload.needs.pulls:
            others = [(o, name) for o, name in pulled.get(host, ()) if beside(o, workload.origin) and o is not workload.origin]
            if secret or not others or host.partition("/")[0] in _PUBLIC or _is_local(host):
                continue
            other, name = others[0]
            field = workload.needs.pod_at
            yield workload.origin, Hit(field, {"host": host, "other": f'{other.kind} "{other.name}"', "secret": name})
            break
