"""The checks of the Pod Security Standards over a defaulted Pod template: what each forbids, and in the plugin's words.

Knows containers and Pod specs as plain data, no levels. Source: k8s.io/pod-security-admission v0.37.2 policy/check_*.go.
"""

from __future__ import annotations

from joblint.api.shared_names import ALL_CONTAINER_LISTS
from joblint.api.validate.pod.annotations import APP_ARMOR, SECCOMP_CONTAINER, SECCOMP_POD
from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    Check = Callable[["Template"], "Violation | None"]

_CAPABILITIES = frozenset(
    (
        *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE"),
        *("SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
    )
)
_UNRESTRICTED_VOLUMES = frozenset(
    (*("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"),)
)
# In the order in which the plugin checks them: of several sources the first is reported.
_RESTRICTED_VOLUMES = (
    *("hostPath", "gcePersistentDisk", "awsElasticBlockStore", "gitRepo", "nfs", "iscsi", "glusterfs", "rbd", "flexVolume"),
    *("cinder", "cephfs", "flocker", "fc", "azureFile", "vsphereVolume", "quobyte", "azureDisk", "photonPersistentDisk"),
    *("portworxVolume", "scaleIO", "storageos"),
)
SELINUX_TYPES_1_0 = frozenset(("", "container_t", "container_init_t", "container_kvm_t"))
SELINUX_TYPES_1_31 = SELINUX_TYPES_1_0 | {"container_engine_t"}
SYSCTLS_1_0 = frozenset(
    (
        *("kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range"),
        "net.ipv4.ip_unprivileged_port_start",
    )
)
SYSCTLS_1_27 = SYSCTLS_1_0 | {"net.ipv4.ip_local_reserved_ports"}
SYSCTLS_1_29 = SYSCTLS_1_27 | {
    *("net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes"),
}
SYSCTLS_1_32 = SYSCTLS_1_29 | {"net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"}
SYSCTLS_1_37 = SYSCTLS_1_32 | {"net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat"}


class Violation(Record):
    """What one check forbids: the plugin's reason and detail, and the causes.

    `pod` says whether a field of the Pod itself is wrong, `containers`, `volumes` and `sysctls` list those that are, and
    `annotations` the keys. `values` are the forbidden values, sorted; `unset` says that a value is required and missing.
    """

    reason: str
    detail: str
    pod: bool = False
    containers: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    annotations: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    unset: bool = False


class Template:
    """A defaulted Pod template as the checks look at it: its annotations, its spec and its containers in the plugin's order."""

    __slots__ = ("annotations", "spec", "security", "containers")

    def __init__(self, annotations: dict[str, str], spec: dict[str, Any]) -> None:
        self.annotations = annotations
        self.spec = spec
        self.security: dict[str, Any] = spec.get("securityContext") or {}
        self.containers: list[dict[str, Any]] = [c for key in ALL_CONTAINER_LISTS for c in spec.get(key) or ()]

    def contexts(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Return name and security context of each container; an empty one if there is none."""
        for container in self.containers:
            yield str(container.get("name") or ""), container.get("securityContext") or {}

    @property
    def windows(self) -> bool:
        """Return whether the Pod is a Windows Pod."""
        return (self.spec.get("os") or {}).get("name") == "windows"

    @property
    def own_user_namespace(self) -> bool:
        """Whether the Pod runs in a user namespace of its own (hostUsers: false)."""
        return self.spec.get("hostUsers") is False


def _quoted(items: Iterable[str]) -> str:
    return ", ".join([f'"{item}"' for item in items])


def _some(word: str, items: Iterable[str], count: int) -> str:
    return f"{word if count == 1 else word + 's'} {_quoted(items)}"


def _who(pod: bool, containers: list[str]) -> str:
    """`pod and containers "a", "b"`, as far as they are to blame."""
    return " and ".join((["pod"] if pod else []) + ([_some("container", containers, len(containers))] if containers else []))


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    """Each value once, in the order of their bytes."""
    return tuple(sorted(set(values), key=lambda text: text.encode("utf-8", "surrogatepass")))


def allow_privilege_escalation(template: Template) -> Violation | None:
    """allowPrivilegeEscalation must be false in every container (restricted)."""
    bad = [name for name, context in template.contexts() if context.get("allowPrivilegeEscalation") is not False]
    if not bad:
        return None
    who = _some("container", bad, len(bad))
    detail = f"{who} must set securityContext.allowPrivilegeEscalation=false"
    return Violation("allowPrivilegeEscalation != false", detail, containers=tuple(bad), unset=True)


def app_armor_profile(template: Template) -> Violation | None:
    """AppArmor profiles are RuntimeDefault or Localhost, by field or by annotation (baseline)."""
    kinds: list[str] = []

    def bad(context: dict[str, Any]) -> bool:
        profile = context.get("appArmorProfile")
        if profile is None or profile.get("type") in ("RuntimeDefault", "Localhost"):
            return False
        kinds.append(str(profile.get("type") or ""))
        return True

    pod = bad(template.security)
    containers = [name for name, context in template.contexts() if bad(context)]
    keys = [k for k, v in template.annotations.items() if k.startswith(APP_ARMOR) and not _profile_annotation(v)]
    from joblint.api.errors import go_quote

    texts = sorted([f"{k}={go_quote(template.annotations[k])}" for k in keys], key=lambda t: t.encode("utf-8", "surrogatepass"))
    values = (*_sorted(kinds), *texts)
    if not (pod or containers or keys):
        return None
    who = [w for w in (_who(pod, containers), ("annotation" if len(keys) == 1 else "annotations") if keys else "") if w]
    return Violation(
        "forbidden AppArmor profile" if len(values) == 1 else "forbidden AppArmor profiles",
        f"{' and '.join(who)} must not set AppArmor profile type to {_quoted(values)}",
        pod=pod,
        containers=tuple(containers),
        annotations=tuple(sorted(keys)),
        values=values,
    )


def _profile_annotation(value: str) -> bool:
    return value in ("", "runtime/default") or value.startswith("localhost/")


def capabilities_baseline(template: Template) -> Violation | None:
    """Added capabilities are among those that a runtime gives by default (baseline)."""
    bad, values = _added(template, _CAPABILITIES)
    if not bad:
        return None
    detail = f"{_some('container', bad, len(bad))} must not include {_quoted(values)} in securityContext.capabilities.add"
    return Violation("non-default capabilities", detail, containers=tuple(bad), values=values)


def _added(template: Template, allowed: frozenset[str]) -> tuple[list[str], tuple[str, ...]]:
    """The containers that add a capability beyond these, and which ones."""
    bad: list[str] = []
    values: list[str] = []
    for name, context in template.contexts():
        more = [c for c in (context.get("capabilities") or {}).get("add") or () if c not in allowed]
        if more:
            bad.append(name)
            values += more
    return bad, _sorted(values)


def capabilities_restricted(template: Template) -> Violation | None:
    """Every container drops ALL capabilities and adds NET_BIND_SERVICE at most (restricted, 1.22)."""
    keeping = [n for n, context in template.contexts() if "ALL" not in ((context.get("capabilities") or {}).get("drop") or ())]
    adding, values = _added(template, frozenset(("NET_BIND_SERVICE",)))
    details = []
    if keeping:
        details.append(f'{_some("container", keeping, len(keeping))} must set securityContext.capabilities.drop=["ALL"]')
    if adding:
        details.append(
            f"{_some('container', adding, len(adding))} must not include {_quoted(values)} in securityContext.capabilities.add"
        )
    if not details:
        return None
    both = tuple([name for name, _ in template.contexts() if name in keeping or name in adding])
    return Violation("unrestricted capabilities", "; ".join(details), containers=both, values=values, unset=bool(keeping))


def capabilities_restricted_1_25(template: Template) -> Violation | None:
    """The same; Windows Pods are free of it."""
    return None if template.windows else capabilities_restricted(template)


def allow_privilege_escalation_1_25(template: Template) -> Violation | None:
    """allowPrivilegeEscalation must be false; Windows Pods are free of it."""
    return None if template.windows else allow_privilege_escalation(template)


def host_namespaces(template: Template) -> Violation | None:
    """No network, process or IPC namespace of the host (baseline)."""
    shared = tuple([f"{key}=true" for key in ("hostNetwork", "hostPID", "hostIPC") if template.spec.get(key)])
    return Violation("host namespaces", ", ".join(shared), pod=True, values=shared) if shared else None


def host_path_volumes(template: Template) -> Violation | None:
    """No volume of type hostPath (baseline)."""
    bad = [str(v.get("name") or "") for v in template.spec.get("volumes") or () if v.get("hostPath") is not None]
    return Violation("hostPath volumes", _some("volume", bad, len(bad)), volumes=tuple(bad)) if bad else None


def host_ports(template: Template) -> Violation | None:
    """No port of the host (baseline)."""
    bad: list[str] = []
    ports: list[str] = []
    for container in template.containers:
        taken = [str(p["hostPort"]) for p in container.get("ports") or () if p.get("hostPort")]
        if taken:
            bad.append(str(container.get("name") or ""))
            ports += taken
    if not bad:
        return None
    values = _sorted(ports)
    uses = "uses" if len(bad) == 1 else "use"
    word = "hostPort" if len(values) == 1 else "hostPorts"
    detail = f"{_some('container', bad, len(bad))} {uses} {word} {', '.join(values)}"
    return Violation("hostPort", detail, containers=tuple(bad), values=values)


def host_probes(template: Template) -> Violation | None:
    """Probes and lifecycle hooks name no host (baseline, 1.34)."""
    bad: list[str] = []
    hosts: list[str] = []
    for container in template.containers:
        hooks = container.get("lifecycle") or {}
        handlers = [container.get(p) for p in ("livenessProbe", "readinessProbe", "startupProbe")]
        handlers += [hooks.get("postStart"), hooks.get("preStop")]
        found = [h[way]["host"] for h in handlers if h for way in ("httpGet", "tcpSocket") if (h.get(way) or {}).get("host")]
        if found:
            bad.append(str(container.get("name") or ""))
            hosts += found
    if not bad:
        return None
    names, values = _sorted(bad), _sorted(hosts)
    uses = "uses" if len(names) == 1 else "use"
    detail = f"{_some('container', names, len(names))} {uses} {_some('probe or lifecycle host', values, len(values))}"
    return Violation("probe or lifecycle host", detail, containers=names, values=values)


def privileged(template: Template) -> Violation | None:
    """No privileged container (baseline)."""
    bad = [name for name, context in template.contexts() if context.get("privileged")]
    if not bad:
        return None
    detail = f"{_some('container', bad, len(bad))} must not set securityContext.privileged=true"
    return Violation("privileged", detail, containers=tuple(bad))


def proc_mount(template: Template) -> Violation | None:
    """procMount is Default (baseline; restricted from 1.35)."""
    bad = [(n, str(c["procMount"])) for n, c in template.contexts() if c.get("procMount") not in (None, "Default")]
    if not bad:
        return None
    names, values = [n for n, _ in bad], _sorted([kind for _, kind in bad])
    detail = f"{_some('container', names, len(names))} must not set securityContext.procMount to {_quoted(values)}"
    return Violation("procMount", detail, containers=tuple(names), values=values)


def proc_mount_baseline_1_35(template: Template) -> Violation | None:
    """procMount is Default, but in a user namespace of the Pod's own."""
    return None if template.own_user_namespace else proc_mount(template)


def restricted_volumes(template: Template) -> Violation | None:
    """Volumes have types that contain no part of the host (restricted)."""
    bad: list[str] = []
    kinds: list[str] = []
    for volume in template.spec.get("volumes") or ():
        if any(volume.get(kind) is not None for kind in _UNRESTRICTED_VOLUMES):
            continue
        bad.append(str(volume.get("name") or ""))
        kinds.append(next((kind for kind in _RESTRICTED_VOLUMES if volume.get(kind) is not None), "unknown"))
    if not bad:
        return None
    values = _sorted(kinds)
    uses = "uses" if len(bad) == 1 else "use"
    detail = f"{_some('volume', bad, len(bad))} {uses} {_some('restricted volume type', values, len(values))}"
    return Violation("restricted volume types", detail, volumes=tuple(bad), values=values)


def run_as_non_root(template: Template) -> Violation | None:
    """runAsNonRoot is true for every container, set in it or in the Pod, and false nowhere (restricted)."""
    pod = template.security.get("runAsNonRoot")
    wrong = [name for name, context in template.contexts() if context.get("runAsNonRoot") is False]
    if pod is False or wrong:
        detail = f"{_who(pod is False, wrong)} must not set securityContext.runAsNonRoot=false"
        return Violation("runAsNonRoot != true", detail, pod=pod is False, containers=tuple(wrong))
    unset = [] if pod else [name for name, context in template.contexts() if context.get("runAsNonRoot") is None]
    if not unset:
        return None
    detail = f"pod or {_some('container', unset, len(unset))} must set securityContext.runAsNonRoot=true"
    return Violation("runAsNonRoot != true", detail, containers=tuple(unset), unset=True)


def run_as_non_root_1_35(template: Template) -> Violation | None:
    """The same; a Pod in a user namespace of its own is free of it."""
    return None if template.own_user_namespace else run_as_non_root(template)


def run_as_user(template: Template) -> Violation | None:
    """Nobody runs as user 0 (restricted, 1.23)."""
    pod = template.security.get("runAsUser") == 0
    bad = [name for name, context in template.contexts() if context.get("runAsUser") == 0]
    if not (pod or bad):
        return None
    return Violation("runAsUser=0", f"{_who(pod, bad)} must not set runAsUser=0", pod=pod, containers=tuple(bad))


def run_as_user_1_35(template: Template) -> Violation | None:
    """The same; a Pod in a user namespace of its own is free of it."""
    return None if template.own_user_namespace else run_as_user(template)


def selinux_options(types: frozenset[str]) -> Check:
    """The check that SELinux types are among these, and neither user nor role is set (baseline)."""

    def check(template: Template) -> Violation | None:
        kinds: list[str] = []
        parts: set[str] = set()

        def bad(context: dict[str, Any]) -> bool:
            options = context.get("seLinuxOptions")
            if options is None:
                return False
            wrong = [part for part in ("user", "role") if options.get(part)]
            parts.update(wrong)
            kind = str(options.get("type") or "")
            if kind not in types:
                kinds.append(kind)
                return True
            return bool(wrong)

        pod = bad(template.security)
        containers = [name for name, context in template.contexts() if bad(context)]
        if not (pod or containers):
            return None
        values = _sorted(kinds)
        data = ([_some("type", values, len(values))] if values else []) + [
            f"{part} may not be set" for part in ("user", "role") if part in parts
        ]
        detail = f"{_who(pod, containers)} set forbidden securityContext.seLinuxOptions: {'; '.join(data)}"
        return Violation("seLinuxOptions", detail, pod=pod, containers=tuple(containers), values=values)

    return check


def seccomp_annotations(template: Template) -> Violation | None:
    """Seccomp profiles in annotations are runtime/default, docker/default or localhost/… (baseline before 1.19)."""
    from joblint.api.errors import go_quote

    keys = [SECCOMP_POD, *[SECCOMP_CONTAINER + name for name, _ in template.contexts()]]
    found = {}
    for key in keys:
        value = template.annotations.get(key)
        if value is not None and value not in ("runtime/default", "docker/default") and not value.startswith("localhost/"):
            found[key] = f"{key}={go_quote(value)}"
    if not found:
        return None
    word = "annotation" if len(found) == 1 else "annotations"
    detail = f"forbidden {word} {', '.join(_sorted(found.values()))}"
    return Violation("seccompProfile", detail, annotations=tuple(sorted(found)))


def _seccomp(template: Template) -> tuple[Violation | None, list[str]]:
    """Who sets a profile that is neither RuntimeDefault nor Localhost, and the containers without a valid one."""
    kinds: list[str] = []
    wrong: list[str] = []
    unset: list[str] = []

    def good(profile: dict[str, Any]) -> bool:
        if profile.get("type") in ("RuntimeDefault", "Localhost"):
            return True
        kinds.append(str(profile.get("type") or ""))
        return False

    profile = template.security.get("seccompProfile")
    pod = profile is not None and good(profile)
    pod_wrong = profile is not None and not pod
    for name, context in template.contexts():
        own = context.get("seccompProfile")
        if own is None:
            if not pod:
                unset.append(name)
        elif not good(own):
            wrong.append(name)
    if not (pod_wrong or wrong):
        return None, unset
    values = _sorted(kinds)
    detail = f"{_who(pod_wrong, wrong)} must not set securityContext.seccompProfile.type to {_quoted(values)}"
    return Violation("seccompProfile", detail, pod=pod_wrong, containers=tuple(wrong), values=values), unset


def seccomp_baseline(template: Template) -> Violation | None:
    """Nobody sets a seccomp profile other than RuntimeDefault and Localhost (baseline, 1.19)."""
    return _seccomp(template)[0]


def seccomp_restricted(template: Template) -> Violation | None:
    """And every container has one of them, by its own or the Pod's word (restricted, 1.19)."""
    wrong, unset = _seccomp(template)
    if wrong is not None or not unset:
        return wrong
    detail = (
        f"pod or {_some('container', unset, len(unset))} must set "
        'securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"'
    )
    return Violation("seccompProfile", detail, containers=tuple(unset), unset=True)


def seccomp_restricted_1_25(template: Template) -> Violation | None:
    """The same; Windows Pods are free of it."""
    return None if template.windows else seccomp_restricted(template)


def sysctls(allowed: frozenset[str]) -> Check:
    """The check that sysctls are among these, compared as text (baseline)."""

    def check(template: Template) -> Violation | None:
        names = [str(s.get("name") or "") for s in template.security.get("sysctls") or ()]
        bad = tuple([name for name in names if name not in allowed])
        return Violation("forbidden sysctls", ", ".join(bad), pod=True, values=bad) if bad else None

    return check


def windows_host_process(template: Template) -> Violation | None:
    """No Windows process on the host (baseline)."""
    pod = bool((template.security.get("windowsOptions") or {}).get("hostProcess"))
    bad = [name for name, context in template.contexts() if (context.get("windowsOptions") or {}).get("hostProcess")]
    if not (pod or bad):
        return None
    detail = f"{_who(pod, bad)} must not set securityContext.windowsOptions.hostProcess=true"
    return Violation("hostProcess", detail, pod=pod, containers=tuple(bad))
