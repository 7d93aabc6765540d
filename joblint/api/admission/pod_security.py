"""Which checks of the Pod Security Standards apply at a level and version, and the plugin's report on a Pod template.

Knows levels and checks; a version is a row of the table. Source: k8s.io/pod-security-admission v0.37.2 policy/registry.go,
policy/checks.go, admission/admission.go; the Pod that a Job's controller sends: Kubernetes 1.37.2 pkg/apis/core/v1/defaults.go
(SetDefaults_Pod) and pkg/registry/core/pod/strategy.go (applyAppArmorVersionSkew).
"""

from __future__ import annotations

from joblint.api.admission import checks as c
from joblint.api.shared_names import ALL_CONTAINER_LISTS
from joblint.api.validate.pod.annotations import APP_ARMOR
from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.admission.levels import Policy

# Check, level, and for each minor version of 1.x from which a function applies: the function and the checks it replaces.
_TABLE: tuple[tuple[str, str, tuple[tuple[int, c.Check, str], ...]], ...] = (
    ("appArmorProfile", "baseline", ((0, c.app_armor_profile, ""),)),
    ("capabilities_baseline", "baseline", ((0, c.capabilities_baseline, ""),)),
    ("hostNamespaces", "baseline", ((0, c.host_namespaces, ""),)),
    ("hostPathVolumes", "baseline", ((0, c.host_path_volumes, ""),)),
    ("hostPorts", "baseline", ((0, c.host_ports, ""),)),
    ("hostProbesAndHostLifecycle", "baseline", ((34, c.host_probes, ""),)),
    ("privileged", "baseline", ((0, c.privileged, ""),)),
    ("procMount", "baseline", ((0, c.proc_mount, ""), (35, c.proc_mount_baseline_1_35, ""))),
    (
        "seLinuxOptions",
        "baseline",
        ((0, c.selinux_options(c.SELINUX_TYPES_1_0), ""), (31, c.selinux_options(c.SELINUX_TYPES_1_31), "")),
    ),
    ("seccompProfile_baseline", "baseline", ((0, c.seccomp_annotations, ""), (19, c.seccomp_baseline, ""))),
    (
        "sysctls",
        "baseline",
        (
            (0, c.sysctls(c.SYSCTLS_1_0), ""),
            (27, c.sysctls(c.SYSCTLS_1_27), ""),
            (29, c.sysctls(c.SYSCTLS_1_29), ""),
            (32, c.sysctls(c.SYSCTLS_1_32), ""),
            (37, c.sysctls(c.SYSCTLS_1_37), ""),
        ),
    ),
    ("windowsHostProcess", "baseline", ((0, c.windows_host_process, ""),)),
    (
        "allowPrivilegeEscalation",
        "restricted",
        ((8, c.allow_privilege_escalation, ""), (25, c.allow_privilege_escalation_1_25, "")),
    ),
    (
        "capabilities_restricted",
        "restricted",
        ((22, c.capabilities_restricted, "capabilities_baseline"), (25, c.capabilities_restricted_1_25, "capabilities_baseline")),
    ),
    ("procMount_restricted", "restricted", ((35, c.proc_mount, "procMount"),)),
    ("restrictedVolumes", "restricted", ((0, c.restricted_volumes, "hostPathVolumes"),)),
    ("runAsNonRoot", "restricted", ((0, c.run_as_non_root, ""), (35, c.run_as_non_root_1_35, ""))),
    ("runAsUser", "restricted", ((23, c.run_as_user, ""), (35, c.run_as_user_1_35, ""))),
    (
        "seccompProfile_restricted",
        "restricted",
        ((19, c.seccomp_restricted, "seccompProfile_baseline"), (25, c.seccomp_restricted_1_25, "seccompProfile_baseline")),
    ),
)


class Forbidden(Record):
    """One check that a template fails: its ID in the plugin, and what it forbids."""

    check: str
    violation: c.Violation


class PodSecurity(Record):
    """The plugin's report on a Job's Pod template, and on the Pods that its controller would create.

    `forbidden` is empty if the template is allowed; then both messages are "". `message` begins with `violates PodSecurity
    "LEVEL:VERSION": `; `pod_message` is "" if the Pod's text is the same.
    """

    policy: Policy
    forbidden: tuple[Forbidden, ...]
    message: str
    pod_message: str

    @property
    def allowed(self) -> bool:
        """Whether nothing is forbidden."""
        return not self.forbidden


def checks_of(level: str, minor: int) -> tuple[tuple[str, c.Check], ...]:
    """Return the checks at a level in Kubernetes 1.`minor`, in the plugin's order."""
    if level == "privileged":
        return ()
    chosen: list[tuple[str, c.Check]] = []
    replaced: set[str] = set()
    for name, of, versions in _TABLE:
        if of == "restricted" and level != "restricted":
            continue
        row = next((row for row in reversed(versions) if row[0] <= minor), None)
        if row is not None:
            chosen.append((name, row[1]))
            if row[2]:
                replaced.add(row[2])
    return tuple([(name, check) for name, check in chosen if name not in replaced])


def evaluate(job: dict[str, Any], policy: Policy, server: str) -> PodSecurity:
    """Return what the plugin of a server ("1.36") reports about a defaulted Job or CronJob's template with a policy.

    A version later than the server's is treated as the server's; its name is kept in the message.
    """
    own = int(server.partition(".")[2])
    minor = own if policy.version == "latest" else min(own, int(policy.version.partition(".")[2]))
    spec = job.get("spec") or {}
    if job.get("kind") == "CronJob":
        spec = (spec.get("jobTemplate") or {}).get("spec") or {}
    template = spec.get("template") or {}
    annotations: dict[str, str] = (template.get("metadata") or {}).get("annotations") or {}
    pod_spec: dict[str, Any] = template.get("spec") or {}
    checks = checks_of(policy.level, minor)
    forbidden = _failed(checks, c.Template(annotations, pod_spec))
    message = _message(policy, forbidden)
    pod = _as_pod(annotations, pod_spec)
    pod_message = message if pod is None else _message(policy, _failed(checks, c.Template(annotations, pod)))
    return PodSecurity(policy, forbidden, message, "" if pod_message == message else pod_message)


def _failed(checks: tuple[tuple[str, c.Check], ...], template: c.Template) -> tuple[Forbidden, ...]:
    return tuple([Forbidden(name, found) for name, check in checks if (found := check(template)) is not None])


def _message(policy: Policy, forbidden: tuple[Forbidden, ...]) -> str:
    if not forbidden:
        return ""
    parts = [f"{v.reason} ({v.detail})" if v.detail else v.reason for v in (f.violation for f in forbidden)]
    return f'violates PodSecurity "{policy}": ' + ", ".join(parts)


def _as_pod(annotations: dict[str, str], spec: dict[str, Any]) -> dict[str, Any] | None:
    """The spec of a Pod created from the template, if the server adds to it; None if it is the same.

    hostNetwork makes host ports of container ports, and AppArmor annotations become fields.
    """
    profiles = {} if (spec.get("os") or {}).get("name") == "windows" else _profiles(annotations, spec)
    if not (spec.get("hostNetwork") or profiles):
        return None
    made = dict(spec)
    for key in ALL_CONTAINER_LISTS:
        if not spec.get(key):
            continue
        made[key] = [
            _as_pod_container(x, bool(spec.get("hostNetwork")) and key != "ephemeralContainers", profiles) for x in spec[key]
        ]
    return made


def _as_pod_container(container: dict[str, Any], host_network: bool, profiles: dict[str, dict[str, Any]]) -> dict[str, Any]:
    made = dict(container)
    if host_network and made.get("ports"):
        made["ports"] = [{**p, "hostPort": p.get("hostPort") or p.get("containerPort")} for p in made["ports"]]
    profile = profiles.get(str(made.get("name") or ""))
    if profile is not None and (made.get("securityContext") or {}).get("appArmorProfile") is None:
        made["securityContext"] = {**(made.get("securityContext") or {}), "appArmorProfile": profile}
    return made


def _profiles(annotations: dict[str, str], spec: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The AppArmor profiles that annotations set for containers, by name; one equal to the Pod's is omitted."""
    pod = (spec.get("securityContext") or {}).get("appArmorProfile")
    found: dict[str, dict[str, Any]] = {}
    for key, value in annotations.items():
        if not key.startswith(APP_ARMOR):
            continue
        profile = _profile(value)
        if profile is not None and profile != pod:
            found[key[len(APP_ARMOR) :]] = profile
    return found


def _profile(annotation: str) -> dict[str, Any] | None:
    """The profile in an annotation, None if no field could contain it."""
    if annotation == "runtime/default":
        return {"type": "RuntimeDefault"}
    if annotation == "unconfined":
        return {"type": "Unconfined"}
    name = annotation.removeprefix("localhost/")
    return {"type": "Localhost", "localhostProfile": name} if name not in (annotation, "") else None
