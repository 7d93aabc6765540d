"""Objects that kubectl commands name, compared with those of the same file: another kind, namespace, container or label.

Source: Kubernetes 1.36.3 pkg/controller/statefulset/stateful_set_utils.go (the Pods of a StatefulSet are NAME-0, NAME-1 …; those
of a Deployment have random names), kubectl pkg/cmd/exec.
"""

from __future__ import annotations

from joblint.rules.facts.folder import by_file
from joblint.rules.workload.selectors import surely_selects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.jobs import CronJobFacts, JobFacts
    from joblint.rules.facts.origin import Origin
    from joblint.rules.facts.others import WorkloadFacts
    from joblint.rules.finding import Hit
    from joblint.shell.kubectl import Call

    Workload = JobFacts | CronJobFacts
    Found = tuple[str, str, str]

_KINDS = {
    "deployments": "Deployment",
    "statefulsets": "StatefulSet",
    "cronjobs": "CronJob",
}
_INJECTED = ("istio-proxy", "linkerd-proxy", "vault-agent", "cloud-sql-proxy", "cloudsql-proxy")
_CREATES = ("create", "apply", "run", "expose", "autoscale", "wait", "get", "describe")


def kubectl_target_unknown(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """A target of kubectl that the same file has under another name, kind or namespace; one finding for each call."""
    from joblint.rules.finding import Hit

    calling = [w for w in folder.workloads if w.needs.calls]
    targets: tuple[WorkloadFacts | CronJobFacts, ...] = (*folder.servers, *folder.cronjobs) if calling else ()
    owners: tuple[WorkloadFacts | Workload, ...] = (*folder.servers, *folder.workloads) if calling else ()
    of_file, with_pods = by_file(targets), by_file(owners)
    for workload in calling:
        others = of_file.get(workload.origin.file)
        if others is None:
            continue
        for call, field in workload.needs.calls:
            found = _named(call, workload, others) or _selected(call, with_pods[workload.origin.file])
            if found is not None:
                what, because, better = found
                values = {"call": call.told, "what": what, "because": because, "better": better}
                yield workload.origin, Hit(field, values)


def _named(call: Call, workload: Workload, others: list[WorkloadFacts | CronJobFacts]) -> Found | None:
    namespace = call.namespace or workload.origin.namespace
    if namespace == "*" or "$" in namespace or call.verb in _CREATES and not call.source:
        return None
    targets = {(r.partition("/")[0], n) for _, _, r, n in call.needs if n and n.isascii() and n.replace("-", "").isalnum()}
    if call.source:
        kind, _, name = call.source.partition("/")
        targets = {("cronjobs", name)} if kind in ("cronjob", "cronjobs", "cj", "cronjob.batch", "cronjobs.batch") else set()
    for resource, name in sorted(targets):
        found = None
        if resource in _KINDS:
            found = _object(_KINDS[resource], name, namespace, others, bool(call.namespace))
        elif resource == "pods" and name.rpartition("-")[2].isdecimal():
            found = _pod(name, namespace, others)
        if found is not None:
            return found
        server = _owner(resource, name, others)
        if call.verb in ("exec", "logs") and call.container and server is not None:
            known = server.containers and all(server.containers)
            if known and call.container not in server.containers and call.container not in _INJECTED:
                had = ", ".join(server.containers[:3])
                what = f'container "{call.container}"'
                return what, f'the Pods of {server.origin.kind} "{server.origin.name}" have {had}', f"-c {server.containers[0]}"
    return None


def _object(kind: str, name: str, namespace: str, others: list[WorkloadFacts | CronJobFacts], explicit: bool) -> Found | None:
    """`explicit` says that the command names the namespace."""
    from joblint.base.nearest import nearest

    same = [o for o in others if o.origin.name == name]
    of_kind = [o for o in others if o.origin.kind == kind]
    what = f'{kind} "{name}"'
    if any(o.origin.kind == kind for o in same):
        places = {o.origin.namespace for o in same if o.origin.kind == kind}
        if namespace and "" not in places and namespace not in places:
            place = sorted(places)[0]
            return f'{what} in namespace "{namespace}"', f'it is in namespace "{place}"', f"-n {place}"
        return None
    if len(same) == 1 and kind != "CronJob" and same[0].origin.kind in _KINDS.values():
        actual = same[0].origin.kind
        return what, f'"{name}" is a {actual}', f"{actual.lower()}/{name}"
    if explicit and not any(o.origin.namespace == namespace for o in of_kind):
        return None  # the files do not show what is in that namespace
    near = nearest(name, tuple([o.origin.name for o in of_kind if _letters(o.origin.name) != _letters(name)]))
    if not near and len(of_kind) == 1:
        only = of_kind[0].origin.name
        if _letters(only) == _letters(name):
            return None
        shuffled = sorted(only.split("-")) == sorted(name.split("-"))
        near = only if shuffled or only.endswith("-" + name) or only.startswith(name + "-") else ""
    if near and "$" not in near and near.replace("-", "").isalnum():
        return what, f'the file has {kind} "{near}"', f"{kind.lower()}/{near}"
    return None


def _letters(name: str) -> str:
    """A name without its digits: worker-1 and worker-2 are two objects, no slip."""
    return "".join([c for c in name if not c.isdigit()])


def _pod(name: str, namespace: str, others: list[WorkloadFacts | CronJobFacts]) -> Found | None:
    """NAME-0, whose StatefulSet is in another namespace, or is a Deployment."""
    owner = name.rpartition("-")[0]
    same = [o for o in others if o.origin.name == owner]
    if len(same) == 1 and same[0].origin.kind == "Deployment":
        return f'Pod "{name}"', f'"{owner}" is a Deployment, whose Pods have random names', f"deploy/{owner}"
    if same and all(o.origin.kind == "StatefulSet" for o in same):
        places = {o.origin.namespace for o in same}
        if namespace and "" not in places and namespace not in places:
            place = sorted(places)[0]
            return f'Pod "{name}" in namespace "{namespace}"', f'StatefulSet "{owner}" is in namespace "{place}"', f"-n {place}"
    return None


def _owner(resource: str, name: str, others: list[WorkloadFacts | CronJobFacts]) -> WorkloadFacts | None:
    """The Deployment or StatefulSet whose Pods a command names: by itself, or as NAME-0."""
    from joblint.rules.facts.others import WorkloadFacts

    for other in others:
        if isinstance(other, WorkloadFacts):
            pod = resource == "pods" and other.origin.kind == "StatefulSet" and name.rpartition("-")[0] == other.origin.name
            if (
                pod
                and name.rpartition("-")[2].isdecimal()
                or _KINDS.get(resource) == other.origin.kind
                and other.origin.name == name
            ):
                return other
    return None


def _selected(call: Call, pods: list[WorkloadFacts | Workload]) -> Found | None:
    """`-l app=postgres`, where the Pods of the StatefulSet postgres have other labels."""
    resources = {r.partition("/")[0] for _, _, r, _ in call.needs}
    if not call.selector or "pods" not in resources or any(c in call.selector for c in "$!(<> "):
        return None
    wanted = dict([part.replace("==", "=").partition("=")[::2] for part in call.selector.split(",")])
    if not all(wanted.values()):
        return None
    if call.namespace and any(o.origin.namespace and o.origin.namespace != call.namespace for o in pods):
        pods = [o for o in pods if o.origin.namespace == call.namespace]
    if any(surely_selects({"matchLabels": wanted}, o.labels) for o in pods):
        return None
    for key, value in wanted.items():
        near = [
            o
            for o in pods
            if o.origin.kind in ("Deployment", "StatefulSet")
            and (o.origin.name == value or value in o.labels.values())
            and o.labels.get(key) != value
        ]
        rest = {k: v for k, v in wanted.items() if k != key}
        if len(near) == 1 and near[0].labels and all(near[0].labels.get(k) == v for k, v in rest.items()):
            server = near[0]
            label = next(((k, v) for k, v in server.labels.items() if v == value), next(iter(server.labels.items())))
            shown = f"{label[0]}={label[1]}"
            return f"Pod with {key}={value}", f'those of {server.origin.kind} "{server.origin.name}" have {shown}', f"-l {shown}"
    return None
