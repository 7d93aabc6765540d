"""Probes that refer to a port which their container does not declare."""

from __future__ import annotations

from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject

_KINDS = ("livenessProbe", "startupProbe", "readinessProbe")


def probe_port_missing(s: Subject) -> Iterator[Hit]:
    """The kubelet does not find the port and discards the probe's result: it neither succeeds nor fails.

    Source: Kubernetes 1.36.3, pkg/probe/util.go ResolveContainerPort, pkg/kubelet/prober/worker.go doProbe.
    """
    for container in s.containers:
        for kind in _KINDS:
            probe = as_dict(container.data.get(kind))
            for handler, port in missing_ports(container, probe):
                from joblint.base.nearest import nearest

                ports = _names(container)
                near = nearest(port, tuple(ports)) or (ports[0] if len(ports) == 1 else "")
                yield s.hit(
                    f"{container.at}.{kind}.{handler}.port",
                    kind_of=kind,
                    port=port,
                    container=container.name,
                    effect=_effect(kind, container.role),
                    advice=f"port: {near}" if near else f"ports: [{{name: {port}, containerPort: 8080}}]    in the container",
                )


def missing_ports(container: ContainerRef, probe: dict[str, Any]) -> list[tuple[str, str]]:
    """The named ports that a probe uses and the container does not declare, with the handlers."""
    asked = [(handler, as_dict(probe.get(handler)).get("port")) for handler in ("httpGet", "tcpSocket")]
    named = [(handler, port) for handler, port in asked if isinstance(port, str) and port and not port.isdigit()]
    return [(handler, port) for handler, port in named if port not in _names(container)]


def _names(container: ContainerRef) -> list[str]:
    return [str(as_dict(p).get("name")) for p in as_list(container.data.get("ports")) if as_dict(p).get("name")]


def _effect(kind: str, role: str) -> str:
    if kind == "livenessProbe":
        return "the probe never restarts a container that hangs"
    if kind == "readinessProbe":
        return "the Pod never becomes ready"
    if role == "sidecar":
        return "the sidecar never counts as started, and later containers never start"
    return "the container never counts as started, so its other probes never run"
