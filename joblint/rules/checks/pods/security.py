"""Pod Security Admission: the Job is accepted, its Pods are rejected; one hit for each container, with what it must set."""

from __future__ import annotations

from joblint.rules.checks.pods.words import ending

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.api.admission.pod_security import Forbidden
    from joblint.rules.finding import Fix, Hit
    from joblint.rules.subject import ContainerRef, Subject

# What a container, or the Pod, has to do to pass a check: in a few words, and as lines of its securityContext.
_CONTEXT = {
    "allowPrivilegeEscalation": ("allowPrivilegeEscalation: false", "allowPrivilegeEscalation: false"),
    "capabilities_restricted": ("capabilities.drop: [ALL]", "capabilities: {drop: [ALL]}"),
    "runAsNonRoot": ("runAsNonRoot: true", "runAsNonRoot: true"),
    "seccompProfile_restricted": ("seccompProfile.type: RuntimeDefault", "seccompProfile: {type: RuntimeDefault}"),
    "seccompProfile_baseline": ("seccompProfile.type: RuntimeDefault", "seccompProfile: {type: RuntimeDefault}"),
    "runAsUser": ("runAsUser other than 0", "runAsUser: 1000"),
    "privileged": ("privileged: false", "privileged: false"),
    "procMount": ("procMount: Default", "procMount: Default"),
    "procMount_restricted": ("procMount: Default", "procMount: Default"),
    "appArmorProfile": ("appArmorProfile.type: RuntimeDefault", "appArmorProfile: {type: RuntimeDefault}"),
    "windowsHostProcess": ("windowsOptions.hostProcess: false", "windowsOptions: {hostProcess: false}"),
}


def pod_security_rejects_pods(s: Subject) -> Iterator[Hit]:
    """A Pod template that the namespace's Pod Security level forbids: FailedCreate, retried for as long as the Job is there.

    Source: k8s.io/pod-security-admission v0.37.2 admission/admission.go; Kubernetes 1.37.2 pkg/controller/job/job_controller.go.
    """
    found = s.pod_security
    if found is None or found.allowed:
        return
    said: tuple[str, ...] = (found.pod_message or found.message,)
    common: dict[str, Any] = {"policy": str(found.policy), "level": found.policy.level, "ending": ending(s)}
    for container in s.containers:
        failed = [f for f in found.forbidden if container.name in f.violation.containers]
        if failed:
            wants = [_want(f) for f in failed]
            lines = [_CONTEXT[f.check][1] for f in failed if f.check in _CONTEXT]
            yield s.hit(
                container.at + (".securityContext" if container.sent.get("securityContext") else ""),
                who=f'container "{container.name}"',
                wants=_must(wants),
                lines=_block(lines),
                also=said,
                fix=_fix(s, container, lines, len(lines) == len(failed)),
                **common,
            )
            said = ()
    for f in found.forbidden:
        v = f.violation
        named = {c.name for c in s.containers}
        if v.pod or v.volumes or v.annotations or not set(v.containers) <= named:
            yield s.hit(_field(s, f), who="the Pod template", wants=_must([_want(f)]), lines=_pod_lines(f), also=said, **common)
            said = ()


def _want(f: Forbidden) -> str:
    v = f.violation
    if f.check == "capabilities_restricted":
        parts = (["capabilities.drop: [ALL]"] if v.unset else []) + (
            [f"no {', '.join(v.values)} in capabilities.add"] if v.values else []
        )
        return " and ".join(parts)
    if f.check in _CONTEXT:
        return _CONTEXT[f.check][0]
    values = ", ".join(v.values)
    if f.check == "capabilities_baseline":
        return f"no {values} in capabilities.add"
    if f.check == "hostPorts":
        return f"no hostPort {values}"
    if f.check == "hostProbesAndHostLifecycle":
        return "no host in probes and lifecycle hooks"
    if f.check == "seLinuxOptions":
        return "seLinuxOptions with a container type, without user and role"
    if f.check == "hostNamespaces":
        return "no " + values.replace("=true", "")
    if f.check == "sysctls":
        return f"no sysctl {values}"
    return f"no volume {', '.join(v.volumes)}" + (f" of type {values}" if values else " of type hostPath")


def _must(wants: list[str]) -> str:
    """`must have privileged: false` or `must not have hostNetwork`."""
    without = all(want.startswith("no ") for want in wants)
    return f"must not have {_listed([want[3:] for want in wants], 'or')}" if without else f"must have {_listed(wants)}"


def _listed(parts: list[str], last: str = "and") -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def _block(lines: list[str]) -> str:
    return "securityContext: {" + ", ".join(lines) + "}" if lines else "Remove what the level does not allow from the container."


def _pod_lines(f: Forbidden) -> str:
    if f.violation.volumes:
        return "Use a persistentVolumeClaim or an emptyDir instead of " + ", ".join(f.violation.volumes)
    return "Change this in the Pod template, or run the Job in a namespace whose level allows it."


def _field(s: Subject, f: Forbidden) -> str:
    """The field of the Pod template that sets what is forbidden."""
    v = f.violation
    if f.check == "hostNamespaces":
        return f"{s.pod_at}.{v.values[0].partition('=')[0]}"
    if v.volumes:
        names = [str(volume.get("name") or "") for volume in s.pod.get("volumes") or ()]
        return f"{s.pod_at}.volumes[{names.index(v.volumes[0])}]" if v.volumes[0] in names else s.pod_at + ".volumes"
    if v.annotations and not v.pod:
        return f"{s.spec_at}.template.metadata.annotations[{v.annotations[0]}]"
    return s.pod_at + ".securityContext"


def _fix(s: Subject, container: ContainerRef, lines: list[str], whole: bool) -> Fix | None:
    """The securityContext that satisfies the level, if the container has none; a choice, because the image may need root."""
    if container.sent.get("securityContext") is not None or not lines or not whole or s.document.source.part.json:
        return None
    from joblint.rules.fixes.compose import put

    return put(s, container.at, "securityContext", "{" + ", ".join(lines) + "}", after="image", safe=False)
