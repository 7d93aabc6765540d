"""What a Job or CronJob needs from other objects: its references, its quantities, the requests of its kubectl calls; no
texts."""

from __future__ import annotations

from joblint.base import shared
from joblint.base.record import Record
from joblint.rules.facts.hook import hook_of
from joblint.rules.facts.references import references_of
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.hosts import named_hosts
from joblint.rules.workload.injection import injection_of
from joblint.rules.workload.pulls import pulls_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.facts.hook import Hook
    from joblint.rules.facts.references import Reference
    from joblint.rules.subject import Subject
    from joblint.rules.workload.mounted_files import MountedFile
    from joblint.rules.workload.mounted_scripts import MountedScript
    from joblint.rules.workload.selecting import Placing
    from joblint.shell.kubectl import Call


_QUEUE = "kueue.x-k8s.io/queue-name"

_NONE: dict[str, str] = {}


class Amounts(Record):
    """What a container requests: its path, name and part (as in ContainerRef), requests and limits as written."""

    at: str
    name: str
    role: str
    requests: dict[str, str]
    limits: dict[str, str]

    def __hash__(self) -> int:
        return hash((self.at, self.name, self.role))


class Needs(Record):
    """All needs of an object; paths are fields of the object, "" stands for none."""

    references: tuple[Reference, ...]
    amounts: tuple[Amounts, ...]
    account: str  # the ServiceAccount: `default` if none is set
    hook: Hook | None
    at_once: int  # Pods that run at the same time
    kept: tuple[int, int]  # finished Jobs that a CronJob keeps: successful, failed
    calls: tuple[tuple[Call, str], ...]  # requests by kubectl or curl, each with its field
    mounts_token: bool = False  # the Pod itself decides on a token, or one may come from a volume or a variable
    priority: int | None = None  # what the Pod itself sets, as in the next field
    preemption: str = ""
    own_labels: dict[str, str] = _NONE  # of the object, not of its Pods
    hosts: tuple[tuple[str, str, bool], ...] = ()  # Services that a hook waits for or only uses, each with its field
    placed: bool = False  # the Pod chooses its node
    ports: bool = False  # the Pod declares ports or a readiness probe
    migrates: bool = False  # a hook's command mentions migrations
    mounted: tuple[MountedScript, ...] = ()  # scripts of ConfigMaps that the containers run
    deadline: bool = False  # the Pod itself has an activeDeadlineSeconds
    pod_amounts: bool = False  # the Pod requests resources as a whole
    named: tuple[tuple[str, int, str], ...] = ()  # hosts in variables, options and URLs: host, port or 0, field
    host_network: bool = False  # network policies do not apply to the Pods
    own_dns: bool = False  # the Pods do not use the DNS of the cluster for all names
    pulls: tuple[tuple[str, str], ...] = ()  # the registries of the images, each with the first pull secret
    links: tuple[tuple[str, str], ...] = ()  # variables of Services that scripts read and env does not set, with their fields
    pod_at: str = ""  # the path of the Pod's spec
    node_dns: str = ""  # the field that makes the Pods use the DNS of their node alone
    queue: tuple[str, str] = ("", "")  # Kueue's queue, with the field of its label
    injection: tuple[str, ...] = ()  # the meshes of joblint.rules.workload.injection
    files: tuple[MountedFile, ...] = ()  # files of ConfigMaps and Secrets that the containers name
    placings: tuple[Placing, ...] = ()  # the selectors of the Pod's placement
    peers: tuple[tuple[str, int, str], ...] = ()  # host names of the Job's own Pods, as written
    waited: tuple[tuple[str, str], ...] = ()  # hosts that init containers wait for
    dumps: tuple[tuple[str, int, str, str], ...] = ()  # databases that pg_dump reads, with its version
    locks: tuple[tuple[str, str, bool], ...] = ()  # backup repositories that a CronJob's restic or borg locks

    def __hash__(self) -> int:
        return hash((self.references, self.amounts, self.account, self.hook, tuple(self.own_labels.items()), self.named))


def needs_of(s: Subject) -> Needs:
    """Return what an object needs."""
    annotations, pod = s.annotations, s.pod
    hooked = bool(annotations) and s.kind == "Job"
    account = pod.get("serviceAccountName") or pod.get("serviceAccount")
    parallelism = s.spec.get("parallelism")
    priority, preemption = s.sent_pod.get("priority"), s.sent_pod.get("preemptionPolicy")
    peers, waited = _peers(s) if pod.get("subdomain") else ((), ())
    return Needs(
        references=tuple(references_of(s)),
        amounts=tuple([_amounts(c.at, c.name, c.role, as_dict(c.data.get("resources"))) for c in s.containers]),
        account=account if isinstance(account, str) and account else "default",
        hook=hook_of(annotations) if hooked else None,
        at_once=parallelism if isinstance(parallelism, int) else 1,
        kept=_kept(s),
        calls=_calls(s),
        mounts_token=_mounts_token(s),
        priority=priority if isinstance(priority, int) else None,
        preemption=preemption if isinstance(preemption, str) else "",
        own_labels=_texts(s.metadata.get("labels")),
        hosts=tuple(_hosts(s)) if hooked else (),
        placed=bool(pod.get("affinity") or pod.get("nodeName") or pod.get("nodeSelector")),
        ports=any(c.data.get("ports") or c.data.get("readinessProbe") for c in s.containers),
        migrates=bool(annotations) and any("migrat" in word for run in s.runs for word in run.words),
        mounted=_mounted(s) if pod.get("volumes") else (),
        deadline=pod.get("activeDeadlineSeconds") is not None,
        pod_amounts=bool(pod.get("resources")),
        named=tuple(named_hosts(s)),
        host_network=pod.get("hostNetwork") is True,
        own_dns=bool(pod.get("hostAliases")) or pod.get("dnsPolicy") == "None",
        pulls=pulls_of(pod),
        links=tuple(_links(s)) if s.document.mentions(b"_PORT") and pod.get("enableServiceLinks") is not False else (),
        pod_at=shared.text(s.pod_at),
        node_dns=_node_dns(s),
        queue=_queue(s),
        injection=injection_of(s),
        files=_files(s) if pod.get("volumes") else (),
        placings=_placings(s) if pod.get("affinity") or pod.get("topologySpreadConstraints") else (),
        peers=peers,
        waited=waited,
        dumps=_dumps(s) if s.document.mentions(b"pg_dump") else (),
        locks=_locks(s) if s.kind == "CronJob" and (s.document.mentions(b"restic") or s.document.mentions(b"borg")) else (),
    )


def _calls(s: Subject) -> tuple[tuple[Call, str], ...]:
    by_url = s.document.mentions(b"curl") and (s.document.mentions(b"/apis/") or s.document.mentions(b"/api/v1/"))
    if (
        not by_url
        and not any(map(s.document.mentions, (b"kubectl", b"helm ", b'helm"', b"- helm", b"/helm:")))
        and not s.document.mentions(b"_namespaced_")
    ):
        return ()
    from joblint.rules.facts.kubectl_calls import calls_of

    return tuple(calls_of(s))


def _files(s: Subject) -> tuple[MountedFile, ...]:
    if not s.document.mentions(b"configMap") and not s.document.mentions(b"secret"):
        return ()
    from joblint.rules.workload.mounted_files import mounted_files

    return mounted_files(s)


def _placings(s: Subject) -> tuple[Placing, ...]:
    from joblint.rules.workload.selecting import placings_of

    return placings_of(s)


def _peers(s: Subject) -> tuple[tuple[tuple[str, int, str], ...], tuple[tuple[str, str], ...]]:
    from joblint.rules.workload.peers import peers_of, waited_names

    return peers_of(s), waited_names(s)


def _locks(s: Subject) -> tuple[tuple[str, str, bool], ...]:
    from joblint.rules.workload.repositories import repositories_of

    return tuple(dict.fromkeys(repositories_of(s)))


def _dumps(s: Subject) -> tuple[tuple[str, int, str, str], ...]:
    from joblint.rules.workload.dumps import dumps_of

    return tuple(dumps_of(s))


def _queue(s: Subject) -> tuple[str, str]:
    if _QUEUE not in s.marks:
        return "", ""
    meta, at = s.metadata, "metadata"
    if s.kind == "CronJob":
        meta, at = as_dict(as_dict(as_dict(s.object.get("spec")).get("jobTemplate")).get("metadata")), "spec.jobTemplate.metadata"
    name = as_dict(meta.get("labels")).get(_QUEUE)
    return (name, f"{at}.labels[{_QUEUE}]") if isinstance(name, str) else ("", "")


def _node_dns(s: Subject) -> str:
    """What makes the Pods query only the DNS of their node.

    Source: Kubernetes 1.36.3 pkg/kubelet/network/dns/dns.go getPodDNSType.
    """
    if as_dict(s.pod.get("dnsConfig")).get("nameservers"):
        return ""
    policy = s.pod.get("dnsPolicy")
    if policy == "Default":
        return f"{s.pod_at}.dnsPolicy"
    return f"{s.pod_at}.hostNetwork" if s.pod.get("hostNetwork") is True and policy in (None, "ClusterFirst") else ""


def _mounted(s: Subject) -> tuple[MountedScript, ...]:
    if not s.document.mentions(b"configMap"):
        return ()
    from joblint.rules.workload.mounted_scripts import mounted_scripts

    return mounted_scripts(s)


def _hosts(s: Subject) -> Iterator[tuple[str, str, bool]]:
    """Yield the hosts that a container needs, each with the field, and whether it waits for them: `until nc -z db 5432`. A host
    is not needed if the script goes on when it does not respond."""
    from joblint.shell.services import host_of, waiter_of

    for i, run in enumerate(s.runs):
        called = [(run.name, run.rest, run.fields[run.program])] if run.words and run.script < 0 and run.sure else []
        spared: set[str] = set()
        for script in s.scripts:
            if script.index == i:
                from joblint.shell.services import awaited
                from joblint.shell.syntax import commands
                from joblint.shell.weight import program

                for host, _ in awaited(script.statements):
                    yield host.partition(".")[0], script.field, True
                spared |= {host_of(*program(loss.command)) for loss in script.flow.losses}
                called += [(*program(c), script.field) for c in commands(script.statements, functions=True, inner=True)]
        for name, rest, field in called:
            waited = waiter_of(name, rest)
            host = waited or host_of(name, rest)
            if host and (waited or host not in spared):
                yield host.partition(".")[0], field, bool(waited)


def _mounts_token(s: Subject) -> bool:
    if s.pod.get("automountServiceAccountToken") is not None:
        return True  # the Pod's setting takes precedence over the ServiceAccount's
    volumes = [as_dict(v) for v in as_list(s.pod.get("volumes"))]
    if any(not v.keys().isdisjoint(("projected", "secret", "configMap", "hostPath")) for v in volumes):
        return True
    return any(c.data.get("envFrom") or "KUBE" in str(c.data.get("env") or "") for c in s.containers)


def _amounts(at: str, name: str, role: str, resources: dict[str, Any]) -> Amounts:
    return Amounts(shared.text(at), shared.text(name), role, _texts(resources.get("requests")), _texts(resources.get("limits")))


def _texts(value: Any) -> dict[str, str]:
    if not value or not isinstance(value, dict):
        return _NONE
    for key, item in value.items():
        if item.__class__ is not str or key.__class__ is not str:
            return shared.mapping({k: str(v) for k, v in value.items() if isinstance(k, str) and isinstance(v, (str, int))})
    found = shared.mapping(value)
    return dict(found) if found is value else found


def _kept(s: Subject) -> tuple[int, int]:
    if s.kind != "CronJob" or s.cron.get("suspend") is True or s.spec.get("ttlSecondsAfterFinished") is not None:
        return 0, 0
    good, bad = s.cron.get("successfulJobsHistoryLimit"), s.cron.get("failedJobsHistoryLimit")
    return good if isinstance(good, int) else 3, bad if isinstance(bad, int) else 1


def _links(s: Subject) -> Iterator[tuple[str, str]]:
    """The variables NAME_PORT that scripts read, and that neither env nor the script sets."""
    for script in s.scripts:
        env = {as_dict(e).get("name") for e in as_list(script.container.data.get("env"))}
        at = script.text.find("_PORT")
        while at >= 0:
            begin, end = at, at + len("_PORT")
            while begin and (script.text[begin - 1].isalnum() or script.text[begin - 1] == "_"):
                begin -= 1
            name = script.text[begin:end]
            whole = not (script.text[end : end + 1].isalnum() or script.text[end : end + 1] == "_")
            reads = script.text[begin - 1 : begin] == "$" or script.text[begin - 2 : begin] == "${"
            if whole and reads and name not in env and f"{name}=" not in script.text and not script.container.data.get("envFrom"):
                yield name, script.field
            at = script.text.find("_PORT", end)
