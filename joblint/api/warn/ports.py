"""The API server's warnings about container ports that double or overlap; knows decoded, defaulted containers.

Source: Kubernetes 1.36.3 pkg/api/pod/warnings.go warningsForPodSpecAndMeta.
"""

from __future__ import annotations

from joblint.api.errors import go_quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from joblint.api.version.versions import Gates


def warnings_for_ports(containers: Iterable[tuple[dict[str, Any], str]], gates: Gates) -> list[str]:
    """Warnings about the ports of (container, its field path) pairs, all containers of a Pod together."""
    found: list[str] = []
    named: list[str] = []
    ports: dict[tuple[int, str], list[tuple[str, int, str]]] = {}  # (port, protocol) → (host IP, host port, field path)
    names: dict[str, str] = {}
    for container, path in containers:
        for i, port in enumerate(container.get("ports") or ()):
            here = f"{path}.ports[{i}]"
            host_ip, host_port = port.get("hostIP") or "", port.get("hostPort") or 0
            number, protocol, name = port.get("containerPort") or 0, port.get("protocol") or "", port.get("name") or ""
            if host_ip and not host_port:
                shown = f"{{Name:{name} HostPort:0 ContainerPort:{number} Protocol:{protocol} HostIP:{host_ip}}}"
                found.append(f"{here}: hostIP set without hostPort: {shown}")
            others = ports.setdefault((number, protocol), [])
            for other_ip, other_port, other in others:
                if host_ip == other_ip and host_port == other_port:
                    found.append(f"{here}: duplicate port definition with {other}")
                elif not host_port or not other_port:
                    found.append(f"{here}: overlapping port definition with {other}")
                elif host_port == other_port and (host_ip == "") != (other_ip == ""):
                    found.append(f"{here}: dangerously ambiguous port definition with {other}")
            others.append((host_ip, host_port, here))
            if name in names:
                first = names[name]
                text = f"services and probes that select ports by name will use {first}"
                named.append(f"{here}: duplicate port name {go_quote(name)} with {first}, {text}")
            elif name:
                names[name] = here
    return found + named if gates.has("PortNameWarnings") else found
