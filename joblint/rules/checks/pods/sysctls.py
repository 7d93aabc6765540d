"""Sysctls that the kubelet allows only if its flags list them: other nodes reject the Pod, which then counts as failed.

Source: Kubernetes 1.36.3 pkg/kubelet/sysctl/safe_sysctls.go, allowlist.go.
"""

from __future__ import annotations

from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

# Safe sysctls, and the version from which each is safe.
_SAFE = {
    "kernel.shm_rmid_forced": 0,
    "net.ipv4.ip_local_port_range": 0,
    "net.ipv4.tcp_syncookies": 0,
    "net.ipv4.ping_group_range": 18,
    "net.ipv4.ip_unprivileged_port_start": 22,
    "net.ipv4.ip_local_reserved_ports": 27,
    "net.ipv4.tcp_keepalive_time": 29,
    "net.ipv4.tcp_fin_timeout": 29,
    "net.ipv4.tcp_keepalive_intvl": 29,
    "net.ipv4.tcp_keepalive_probes": 29,
    "net.ipv4.tcp_rmem": 32,
    "net.ipv4.tcp_wmem": 32,
}


def sysctl_not_safe(s: Subject) -> Iterator[Hit]:
    """The first sysctl that is not safe in the version."""
    for i, entry in enumerate(as_list(as_dict(s.pod.get("securityContext")).get("sysctls"))):
        name = as_dict(entry).get("name")
        if not isinstance(name, str):
            continue
        since = _SAFE.get(name.replace("/", "."))
        if since is None or since > s.version_number[1]:
            again = f"{s.backoff_limit + 1} rejected Pods" if s.backoff_limit else "one rejected Pod"
            yield s.hit(f"{s.pod_at}.securityContext.sysctls[{i}].name", sysctl=name, again=again)
            return
