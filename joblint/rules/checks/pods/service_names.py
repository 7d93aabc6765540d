"""Services that a Job names: a port that the Service does not have, a name that the Pods' DNS server does not know.

Sources: Kubernetes 1.36.3 pkg/proxy (rules exist for a Service's own ports), pkg/kubelet/network/dns/dns.go getPodDNSType.
"""

from __future__ import annotations

from joblint.rules.facts.folder import beside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.origin import Origin
    from joblint.rules.facts.others import ServiceFacts
    from joblint.rules.finding import Hit


def service_port_differs(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """A Service of the files and a port that it does not have; one finding for each host and port."""
    from joblint.rules.finding import Hit

    for workload in folder.workloads if folder.services else ():
        told: set[tuple[str, int]] = set()
        for host, port, field in workload.needs.named:
            found = services_of(folder, workload.origin, host) if port else []
            ports = [pair for service in found for pair in service.ports]
            if not ports or not all(service.ports for service in found) or any(p == port for p, _ in ports):
                continue
            if (host, port) in told:
                continue
            told.add((host, port))
            behind = [p for p, target in ports if target == str(port)]
            shown = list(dict.fromkeys([str(p) for p, _ in ports]))
            values = {
                "name": found[0].origin.name,
                "port": port,
                "ports": f"port{'s' if len(shown) > 1 else ''} {', '.join(shown[:4])}",
                "because": f" ({port} is the port of its Pods)" if behind else "",
                "better": f"{host}:{(behind or [ports[0][0]])[0]}",
                "host": host,
            }
            yield workload.origin, Hit(field, values)


def cluster_name_on_node_dns(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """Pods that query only the DNS of their node, and a name that only the DNS of the cluster knows; one for each object."""
    from joblint.rules.finding import Hit

    for workload in folder.workloads:
        at = workload.needs.node_dns
        if not at or workload.needs.own_dns:
            continue
        for host, _, _ in workload.needs.named:
            if host.endswith((".svc", ".svc.cluster.local")) or services_of(folder, workload.origin, host):
                policy = at.endswith("dnsPolicy")
                values = {
                    "cause": "dnsPolicy: Default" if policy else "hostNetwork: true and no dnsPolicy",
                    "host": host,
                    "better": "ClusterFirst" if policy else "ClusterFirstWithHostNet",
                }
                yield workload.origin, Hit(at, values)
                break


def services_of(folder: Folder, origin: Origin, host: str) -> list[ServiceFacts]:
    """Return the Services that a host names in the namespace of an object: db, db.shop, db.shop.svc.cluster.local."""
    name, _, rest = host.partition(".")
    namespace = rest.removesuffix(".cluster.local").removesuffix(".svc")
    if "." in namespace:
        return []
    found = [s for s in folder.services if s.origin.name == name]
    if namespace:
        return [s for s in found if s.origin.namespace == namespace]
    return [s for s in found if beside(s.origin, origin)]
