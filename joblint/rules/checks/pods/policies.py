"""NetworkPolicies of the same files that reject the connections of a Job's Pods.

Source: Kubernetes 1.36.3 staging/src/k8s.io/api/networking/v1/types.go (NetworkPolicySpec, NetworkPolicyPeer, NetworkPolicyPort),
pkg/apis/networking/v1/defaults.go.
"""

from __future__ import annotations

from joblint.rules.facts.folder import beside
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.selectors import may_select, requirements, surely_selects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.jobs import CronJobFacts, JobFacts
    from joblint.rules.facts.origin import Origin
    from joblint.rules.facts.others import PolicyFacts, ServiceFacts
    from joblint.rules.finding import Hit

    Workload = JobFacts | CronJobFacts

_DNS_NAMESPACES = ("kube-system", "openshift-dns")
_PUBLIC = (".com", ".org", ".net", ".io")
_HOME = "kubernetes.io/metadata.name"


def network_policy_blocks_pods(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """A Service that the Job names, whose Pods accept connections only from Pods with other labels; one finding a workload."""
    from joblint.rules.finding import Hit

    for workload in folder.workloads:
        policies = [p for p in folder.policies if p.ingress and beside(p.origin, workload.origin)]
        if not policies or workload.needs.host_network or _expects_denial(workload):
            continue
        for host, _, field in workload.needs.named:
            service = _service(folder, workload, host)
            policy = _that_rejects(service, workload, policies) if service is not None and service.selector else None
            if policy is None or service is None:
                continue
            key, value, at = _missing_label(policy, workload)
            values = {"policy": policy.origin.name, "service": service.origin.name, "labels": _shown(workload.labels)}
            yield workload.origin, Hit(field, {**values, "key": key, "value": value, "at": at})
            break


_DENIED = frozenset(("deny", "denied", "blocked", "forbidden", "unauthorized", "disallowed", "netpol", "isolation"))


def _expects_denial(workload: Workload) -> bool:
    """Whether a Job is a test of the policies by its name or labels: role: client-denied."""
    texts = (workload.origin.name, *[v for v in workload.labels.values() if isinstance(v, str)])
    return any(not _DENIED.isdisjoint(text.lower().replace("_", "-").split("-")) for text in texts)


def _service(folder: Folder, workload: Workload, host: str) -> ServiceFacts | None:
    name, _, rest = host.partition(".")
    for service in folder.services:
        if service.origin.name == name and beside(service.origin, workload.origin):
            own = workload.origin.namespace or service.origin.namespace
            if not rest or rest.split(".")[0] == own or rest.split(".")[0] == "svc":
                return service
    return None


def _that_rejects(service: ServiceFacts, workload: Workload, policies: list[PolicyFacts]) -> PolicyFacts | None:
    """The policy that lists the Pods that may connect to the service's, if no policy lists the workload's."""
    found: PolicyFacts | None = None
    for policy in policies:
        if may_select(policy.pods, service.selector):
            if any(_lets_in(rule, workload) for rule in policy.ingress or ()):
                return None
            if surely_selects(policy.pods, service.selector) and _lists_pods(policy, workload):
                found = found or policy
    return found


def _lists_pods(policy: PolicyFacts, workload: Workload) -> bool:
    """Whether a policy says which Pods of the namespace may connect, none of them by a label that the Job itself has."""
    selectors = [as_dict(as_dict(p).get("podSelector")) for r in policy.ingress or () for p in as_list(as_dict(r).get("from"))]
    selectors = [s for s in selectors if s]
    return bool(selectors) and not any(surely_selects(s, workload.needs.own_labels) for s in selectors)


def _lets_in(rule: Any, workload: Workload) -> bool:
    peers = as_list(as_dict(rule).get("from"))
    return not peers or any(_may_be(as_dict(peer), workload) for peer in peers)


def _may_be(peer: dict[str, Any], workload: Workload) -> bool:
    """Whether a peer may select the Pods of a workload in its own namespace."""
    if "podSelector" in peer and not may_select(as_dict(peer["podSelector"]), workload.labels, whole=True):
        return False
    if "namespaceSelector" in peer:
        home = as_dict(as_dict(peer["namespaceSelector"]).get("matchLabels")).get(_HOME)
        return home is None or not workload.origin.namespace or home == workload.origin.namespace
    return True


def _missing_label(policy: PolicyFacts, workload: Workload) -> tuple[str, str, str]:
    """A label that lets the Pods in, and where it belongs."""
    at = ("spec" if workload.origin.kind == "Job" else "spec.jobTemplate.spec") + ".template.metadata.labels"
    for rule in policy.ingress or ():
        for peer in as_list(as_dict(rule).get("from")):
            for key, operator, values in requirements(as_dict(as_dict(peer).get("podSelector"))):
                if operator == "In" and values:
                    return key, str(values[0]), at
    return "role", "client", at


def _shown(labels: dict[str, Any]) -> str:
    if not labels:
        return "they have no labels"
    key, value = next(iter(labels.items()))
    return f"they have {key}: {value}" + (" and other labels" if len(labels) > 1 else "")


def egress_not_allowed(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """Egress policies that select the Job's Pods, but do not allow DNS, or the port of a host outside; one finding a workload."""
    from joblint.rules.finding import Hit

    for workload in folder.workloads if folder.policies else ():
        if not (workload.needs.named or workload.needs.calls) or workload.needs.host_network or workload.needs.own_dns:
            continue
        policies = [p for p in folder.policies if p.egress is not None and beside(p.origin, workload.origin)]
        certain = [p for p in policies if surely_selects(p.pods, workload.labels)]
        if not certain or _expects_denial(workload):
            continue
        if not any(p.egress for p in certain):
            hit = _for_others(workload, certain, policies)
            if hit is not None:
                yield workload.origin, hit
            continue  # what only rejects everything is completed by policies elsewhere
        rules = [r for p in policies if may_select(p.pods, workload.labels, whole=True) for r in p.egress or ()]
        names = ", ".join([f'"{p.origin.name}"' for p in certain])
        values = {"policy": names, "policies": "NetworkPolicy" if len(certain) == 1 else "NetworkPolicies"}
        values["verb"] = "does" if len(certain) == 1 else "do"
        if not workload.needs.named:
            yield from _api_server(workload, rules, values)
            continue
        host, _, field = workload.needs.named[0]
        if not any(_allows(r, 53, "UDP", workload, dns=True) for r in rules):
            values |= {"what": "DNS (UDP port 53)", "effect": f"{host} cannot be resolved", "advice": _DNS_RULE}
            yield workload.origin, Hit(field, values)
            continue
        if not any(_allows_more(r) for r in rules) and all(p.origin.file == workload.origin.file for p in certain):
            # A URL without a port is only passed on; a host outside with a port is below.
            inside = next(((h, p, f) for h, p, f in workload.needs.named if not _outside(h)), None)
            if inside is not None:
                yield workload.origin, _only_dns(folder, workload, inside, values)
                continue
        for host, port, field in workload.needs.named:
            if port and _outside(host) and not any(_allows(r, port, "TCP", workload) for r in rules):
                advice = f"- ports:    in spec.egress\n    - {{protocol: TCP, port: {port}}}"
                values |= {"what": f"TCP port {port}", "effect": f"connections to {host} time out", "advice": advice}
                yield workload.origin, Hit(field, values)
                break
            closed = _closed(folder, workload, host, port, rules)
            if closed is not None:
                service, target = closed
                via = f" (the Pods of Service {service.origin.name})" if target != port else ""
                peer = ", ".join([f"{k}: {v}" for k, v in service.selector.items()])
                advice = f"- to: [{{podSelector: {{matchLabels: {{{peer}}}}}}}]    in spec.egress\n"
                advice += f"  ports: [{{protocol: TCP, port: {target}}}]"
                values |= {"what": f"TCP port {target}{via}", "effect": f"connections to {host} time out", "advice": advice}
                yield workload.origin, Hit(field, values)
                break
        else:
            yield from _api_server(workload, rules, values)


def _only_dns(folder: Folder, workload: Workload, named: tuple[str, int, str], values: dict[str, str]) -> Hit:
    """No policy allows anything but DNS, and the Job connects to a host in the cluster."""
    from joblint.rules.finding import Hit

    host, port, field = named
    service = _service(folder, workload, host)
    if service is not None and service.selector:
        peer = ", ".join([f"{k}: {v}" for k, v in service.selector.items()])
        advice = f"- to: [{{podSelector: {{matchLabels: {{{peer}}}}}}}]    in spec.egress"
    else:
        advice = f"- ports: [{{protocol: TCP, port: {port or '<port>'}}}]    in spec.egress"
    return Hit(field, {**values, "what": "anything but DNS", "effect": f"connections to {host} time out", "advice": advice})


def _for_others(workload: Workload, certain: list[PolicyFacts], policies: list[PolicyFacts]) -> Hit | None:
    """A policy that rejects everything, and each policy of the same file that allows something selects other Pods, or no policy
    of the files allows anything."""
    from joblint.rules.finding import Hit

    own = [p for p in policies if p.origin.file == workload.origin.file]
    allowing = [p for p in own if p.egress]
    if any(p.origin.file != workload.origin.file for p in certain):
        return None
    if any(may_select(p.pods, workload.labels, whole=True) for p in policies if p.egress):
        return None
    key, value = next(((k, vs[0]) for p in allowing for k, o, vs in requirements(p.pods) if o == "In" and vs), ("", ""))
    at = ("spec" if workload.origin.kind == "Job" else "spec.jobTemplate.spec") + ".template.metadata.labels"
    if workload.needs.named:
        host, _, field = workload.needs.named[0]
    else:
        host, field = "the API server", workload.needs.calls[0][1]
    other = f" ({allowing[0].origin.name} selects other Pods)" if allowing else ""
    advice = f"{key}: {value}    in {at}, or a policy for the Pods of this Job" if key else _ALLOW
    values = {
        "policy": ", ".join([p.origin.name for p in certain]),
        "policies": "NetworkPolicy" if len(certain) == 1 else "NetworkPolicies",
        "verb": "does" if len(certain) == 1 else "do",
        "what": "anything",
        "effect": f"{host} cannot be reached{other}",
        "advice": advice,
    }
    return Hit(field, values)


_ALLOW = "A NetworkPolicy that selects the Pods of this Job and lists in spec.egress what they may connect to"


def _api_server(workload: Workload, rules: list[Any], values: dict[str, str]) -> Iterator[tuple[Origin, Hit]]:
    """kubectl, where no rule allows connections to what is not a Pod on the ports of the API server."""
    from joblint.rules.finding import Hit

    if not workload.needs.calls:
        return
    address = ""
    for rule in rules:
        ports, peers = as_list(as_dict(rule).get("ports")), [as_dict(p) for p in as_list(as_dict(rule).get("to"))]
        if peers and not any("ipBlock" in p or "namespaceSelector" in p and "podSelector" not in p for p in peers):
            continue
        if not ports or any(_is_port(as_dict(p), port, "TCP") for p in ports for port in (443, 6443, 16443, 8443)):
            if not peers or not all(_is_service_address(p) for p in peers):
                return
            address = str(as_dict(peers[0]["ipBlock"]).get("cidr"))
    call, field = workload.needs.calls[0]
    advice = "- ports:    in spec.egress\n    - {protocol: TCP, port: 443}\n    - {protocol: TCP, port: 6443}"
    what = "the API server (TCP port 443 or 6443)"
    if address:
        what = f"the API server ({address.partition('/')[0]} is only its Service)"
    values |= {"what": what, "effect": f"`{call.told}` times out", "advice": advice}
    yield workload.origin, Hit(field, values)


# The first address of the Services' range, which that of the API server gets, as kubeadm, k3s, AKS, OpenShift, MicroK8s and
# kubespray choose the range. The network policies of Amazon's CNI know the addresses of Services, so those of EKS are left out.
_API_SERVICES = ("10.96.0.1/32", "10.43.0.1/32", "10.0.0.1/32", "172.30.0.1/32", "10.152.183.1/32", "10.233.0.1/32")


def _is_service_address(peer: dict[str, Any]) -> bool:
    """Whether a peer is only the address of the API server's Service: most CNIs see the address that it is translated to."""
    return as_dict(peer.get("ipBlock")).get("cidr") in _API_SERVICES


def _closed(folder: Folder, workload: Workload, host: str, port: int, rules: list[Any]) -> tuple[ServiceFacts, int] | None:
    """The Service of a host to whose Pods no rule allows connections, with the port of its Pods."""
    service = _service(folder, workload, host)
    if service is None or not service.selector or not port:
        return None
    target = next((t for p, t in service.ports if p == port), "")
    if not target.isdecimal():
        return None
    for rule in rules:
        ports, peers = as_list(as_dict(rule).get("ports")), [as_dict(p) for p in as_list(as_dict(rule).get("to"))]
        if ports and not any(_is_port(as_dict(p), int(target), "TCP") for p in ports):
            continue
        if not peers or any("ipBlock" in p or _may_hold(p, service, workload) for p in peers):
            return None
    return service, int(target)


def _may_hold(peer: dict[str, Any], service: ServiceFacts, workload: Workload) -> bool:
    """Whether a peer may select the Pods of a Service in the workload's namespace."""
    if "podSelector" in peer and not may_select(as_dict(peer["podSelector"]), service.selector):
        return False
    if "namespaceSelector" in peer:
        home = as_dict(as_dict(peer["namespaceSelector"]).get("matchLabels")).get(_HOME)
        return home is None or not workload.origin.namespace or home == workload.origin.namespace
    return True


_DNS_RULE = """- to: [{namespaceSelector: {}}]    in spec.egress
  ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]"""


def _outside(host: str) -> bool:
    """Whether a host is outside of the cluster, so that no Service translates the port of a connection to it."""
    return host.endswith(_PUBLIC) and ".svc" not in host


def _allows(rule: Any, port: int, protocol: str, workload: Workload, *, dns: bool = False) -> bool:
    ports, peers = as_list(as_dict(rule).get("ports")), [as_dict(p) for p in as_list(as_dict(rule).get("to"))]
    if ports and not any(_is_port(as_dict(p), port, protocol) for p in ports):
        return False
    return not peers or any(_reaches(peer, workload, dns=dns) for peer in peers)


def _allows_more(rule: Any) -> bool:
    """Whether a rule allows more than DNS."""
    ports = [as_dict(p) for p in as_list(as_dict(rule).get("ports"))]
    return not ports or not all(p.get("port") == 53 and "endPort" not in p for p in ports)


def _is_port(entry: dict[str, Any], port: int, protocol: str) -> bool:
    if str(entry.get("protocol") or "TCP") != protocol:
        return False
    first, last = entry.get("port"), entry.get("endPort")
    if not isinstance(first, int):
        return True  # all ports, or a name that the Pods of the other side give
    return first <= port <= last if isinstance(last, int) else first == port


def _reaches(peer: dict[str, Any], workload: Workload, *, dns: bool) -> bool:
    """Whether a peer may be the cluster's DNS, or a host outside."""
    if "ipBlock" in peer:
        return True
    if not dns:
        return False
    if "namespaceSelector" not in peer:
        return not workload.origin.namespace or workload.origin.namespace in _DNS_NAMESPACES
    home = as_dict(as_dict(peer["namespaceSelector"]).get("matchLabels")).get(_HOME)
    return home is None or home in _DNS_NAMESPACES or "dns" in str(home)
