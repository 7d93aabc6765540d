"""Init containers that need a sidecar which is started after them.

Source: Kubernetes 1.36.3 pkg/kubelet/kuberuntime/kuberuntime_container.go computeInitContainerActions: init containers,
including native sidecars, are started one after the other, in the order of the list.
"""

from __future__ import annotations

from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject

# Sidecars that are reached through the Pod's own address.
_PROXIES = ("cloud-sql-proxy", "cloudsql-proxy", "gce-proxy", "alloydb-auth-proxy", "pgbouncer", "haproxy", "envoy", "proxysql")
_HERE = ("localhost", "127.0.0.1")


def init_container_before_its_sidecar(s: Subject) -> Iterator[Hit]:
    """An init container that connects to the Pod's own address comes before the sidecar that listens there."""
    listening = [(i, c) for i, c in enumerate(s.containers) if _listens(c)]
    for i, container in enumerate(s.containers):
        if container.role != "init":
            continue
        if any(j < i and c.role == "sidecar" for j, c in listening):
            continue
        later = next((c for j, c in listening if j > i and c.role in ("sidecar", "main")), None)
        where = _address(s, i, container) if later is not None else ""
        if later is not None and where:
            sidecar = later.role == "sidecar"
            yield s.hit(
                container.at,
                init=container.name,
                proxy=later.name,
                address=where,
                when="starts after it" if sidecar else "starts only after all init containers",
                advice=f"Move {later.name} before {container.name}."
                if sidecar
                else f"Make {later.name} an init container before {container.name}, with restartPolicy: Always.",
            )
            return


def _listens(container: ContainerRef) -> bool:
    image = str(container.data.get("image") or "").partition("@")[0].rpartition("/")[2]
    return image.partition(":")[0] in _PROXIES


def _address(s: Subject, index: int, container: ContainerRef) -> str:
    """The Pod's own address if a container's command or environment uses it as a host; "" otherwise."""
    words = list(s.runs[index].words)
    words += [str(as_dict(e).get("value") or "") for e in as_list(container.data.get("env"))]
    for word in words:
        for here in _HERE:
            at = word.find(here)
            if at >= 0 and (at == 0 or not word[at - 1].isalnum()):
                after = word[at + len(here) : at + len(here) + 6]
                port = "".join([c for c in after[1:] if c.isdigit()]) if after[:1] == ":" else ""
                return f"{here}:{port}" if port else here
    return ""
