"""What a Job or CronJob needs from other objects: its references, its quantities, the requests of its kubectl calls; no
texts."""

from __future__ import annotations

from joblint.base import shared
from joblint.base.record import record
from joblint.rules.facts.hook import hook_of
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.hosts import named_hosts
from joblint.rules.workload.injection import injection_of
from joblint.rules.workload.pulls import pulls_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.facts.hook import Hook
    from joblint.rules.subject import ContainerRef, Subject
    from joblint.rules.workload.mounted_files import MountedFile
    from joblint.rules.workload.mounted_scripts import MountedScript
    from joblint.rules.workload.selecting import Placing
    from joblint.shell.kubectl import Call


_NAMED = (
    ("serviceAccountName", "ServiceAccount", "account"),
    ("priorityClassName", "PriorityClass", "class"),
    ("runtimeClassName", "RuntimeClass", "class"),
)


_QUEUE = "kueue.x-k8s.io/queue-name"
_REFERRING = frozenset(("persistentVolumeClaim", "configMap", "secret", "csi", "projected"))
"""The kinds of volumes that come from another object."""

_NONE: dict[str, str] = {}


@record
class Reference:
    """An object that a Pod template refers to: its kind, its name, the key in it ("" for all), the field, and how it is used:
    env, envFrom, volume, subPath, account, claim, pull or class."""

    kind: str
    name: str
    key: str
    field: str
    use: str


@record
class Amounts:
    """What a container requests: its path, name and part (as in ContainerRef), requests and limits as written."""

    at: str
    name: str
    role: str
    requests: dict[str, str]
    limits: dict[str, str]


@record
class Needs:
    """All needs of an object. `account` is the name of the ServiceAccount (`default` if none is set), `kept` how many finished
    Jobs a CronJob keeps (successful, failed), `calls` the kubectl calls with their fields. `mounts_token` says that the Pod
    itself decides on a token, or that one may come from a volume or a variable; `priority` and `preemption` are what the Pod
    itself sets (None, "" if it does not). `own_labels` are the labels of the object, not those of its Pods; `hosts` the Services
    that a hook waits for, with the fields; `placed` says that the Pod chooses its node, `ports` that it declares ports
    or a readiness probe,
    `migrates` that a hook's command mentions migrations; `mounted` are the scripts of ConfigMaps that the containers run.
    `deadline` says that the Pod itself has an activeDeadlineSeconds, `pod_amounts` that it requests resources as a whole;
    `named` are the hosts that variables, options and URLs name, as (host, port or 0, field); `host_network` says that policies
    do not apply to the Pods, `own_dns` that they do not use the DNS of the cluster for all names;
    `pulls` are the registries of the images, each with the first pull secret ("" for none), `links` are the
    variables of Services that scripts read and env does not set, with their fields, `pod_at` is the path of the Pod's spec;
    `node_dns` is the field that makes the Pods use the DNS of their node alone ("" if none does), `queue` Kueue's queue with the
    field of its label, `injection` the meshes of joblint.rules.workload.injection; `files` are the files of ConfigMaps and
    Secrets that the containers name, `placings` the selectors of its placement, `peers` the host names of its own Pods as
    written, `waited` the hosts that its init containers wait for, `dumps` the databases that pg_dump reads, with its version,
    `locks` the backup repositories of a CronJob that restic or borg locks."""

    references: tuple[Reference, ...]
    amounts: tuple[Amounts, ...]
    account: str
    hook: Hook | None
    at_once: int
    kept: tuple[int, int]
    calls: tuple[tuple[Call, str], ...]
    mounts_token: bool = False
    priority: int | None = None
    preemption: str = ""
    own_labels: dict[str, str] = _NONE
    hosts: tuple[tuple[str, str], ...] = ()
    placed: bool = False
    ports: bool = False
    migrates: bool = False
    mounted: tuple[MountedScript, ...] = ()
    deadline: bool = False
    pod_amounts: bool = False
    named: tuple[tuple[str, int, str], ...] = ()
    host_network: bool = False
    own_dns: bool = False
    pulls: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    pod_at: str = ""
    node_dns: str = ""
    queue: tuple[str, str] = ("", "")
    injection: tuple[str, ...] = ()
    files: tuple[MountedFile, ...] = ()
    placings: tuple[Placing, ...] = ()
    peers: tuple[tuple[str, int, str], ...] = ()
    waited: tuple[tuple[str, str], ...] = ()
    dumps: tuple[tuple[str, int, str, str], ...] = ()
    locks: tuple[tuple[str, str, bool], ...] = ()


def needs_of(s: Subject) -> Needs:
    """Return what an object needs."""
    annotations = s.annotations
    account = s.pod.get("serviceAccountName") or s.pod.get("serviceAccount")
    parallelism = s.spec.get("parallelism")
    priority, preemption = s.sent_pod.get("priority"), s.sent_pod.get("preemptionPolicy")
    return Needs(
        tuple(_references(s)),
        tuple([_amounts(c.at, c.name, c.role, as_dict(c.data.get("resources"))) for c in s.containers]),
        account if isinstance(account, str) and account else "default",
        hook_of(annotations) if annotations and s.kind == "Job" else None,
        parallelism if isinstance(parallelism, int) else 1,
        _kept(s),
        tuple(_calls(s)) if s.document.mentions(b"kubectl") or _asks_by_url(s) else (),
        _mounts_token(s),
        priority if isinstance(priority, int) else None,
        preemption if isinstance(preemption, str) else "",
        _texts(s.metadata.get("labels")),
        tuple(_hosts(s)) if annotations and s.kind == "Job" else (),
        bool(s.pod.get("affinity") or s.pod.get("nodeName") or s.pod.get("nodeSelector")),
        any(c.data.get("ports") or c.data.get("readinessProbe") for c in s.containers),
        bool(annotations) and any("migrat" in word for run in s.runs for word in run.words),
        _mounted(s) if s.pod.get("volumes") else (),
        s.pod.get("activeDeadlineSeconds") is not None,
        bool(s.pod.get("resources")),
        tuple(named_hosts(s)),
        s.pod.get("hostNetwork") is True,
        bool(s.pod.get("hostAliases")) or s.pod.get("dnsPolicy") == "None",
        pulls_of(s.pod),
        tuple(_links(s)) if s.document.mentions(b"_PORT") and s.pod.get("enableServiceLinks") is not False else (),
        shared.text(s.pod_at),
        _node_dns(s),
        _queue(s),
        injection_of(s),
        _files(s) if s.pod.get("volumes") else (),
        _placings(s) if s.pod.get("affinity") or s.pod.get("topologySpreadConstraints") else (),
        *(_peers(s) if s.pod.get("subdomain") else ((), ())),
        _dumps(s) if s.document.mentions(b"pg_dump") else (),
        _locks(s) if s.kind == "CronJob" and (s.document.mentions(b"restic") or s.document.mentions(b"borg")) else (),
    )


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


def _hosts(s: Subject) -> Iterator[tuple[str, str]]:
    """Yield the hosts that a loop of a container waits for, each with the field: `until nc -z db 5432`."""
    for script in s.scripts:
        from joblint.shell.services import awaited

        for host, _ in awaited(script.statements):
            yield host.partition(".")[0], script.field


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


def _references(s: Subject) -> Iterator[Reference]:
    for container in s.containers:
        for i, entry in enumerate(as_list(container.data.get("env"))):
            source = as_dict(as_dict(entry).get("valueFrom"))
            for word, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")) if source else ():
                found = as_dict(source.get(word))
                if found and found.get("optional") is not True:
                    at = f"{container.at}.env[{i}].valueFrom.{word}"
                    yield from _reference(kind, found.get("name"), found.get("key"), at, "env")
        for i, entry in enumerate(as_list(container.data.get("envFrom"))):
            for word, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
                found = as_dict(as_dict(entry).get(word))
                if found and found.get("optional") is not True:
                    yield from _reference(kind, found.get("name"), "", f"{container.at}.envFrom[{i}].{word}", "envFrom")
    if s.pod.get("volumes"):
        yield from _of_volumes(s)
    for field, kind, use in _NAMED:
        name = s.sent_pod.get(field)
        if isinstance(name, str) and name:
            yield Reference(kind, name, "", f"{s.pod_at}.{field}", use)
    for i, entry in enumerate(as_list(s.pod.get("imagePullSecrets"))):
        yield from _reference("Secret", as_dict(entry).get("name"), "", f"{s.pod_at}.imagePullSecrets[{i}]", "pull")


def _reference(kind: str, name: Any, key: Any, at: str, use: str) -> Iterator[Reference]:
    if isinstance(name, str) and name:
        named = shared.text(key) if isinstance(key, str) else ""
        yield Reference(kind, shared.text(name), named, shared.text(at + (".key" if key else ".name")), use)


def _of_volumes(s: Subject) -> Iterator[Reference]:
    volumes = as_list(s.pod.get("volumes"))
    if all(_REFERRING.isdisjoint(as_dict(volume)) for volume in volumes):
        return
    mounted: dict[str, list[tuple[str, str]]] = {}
    for container in s.containers:
        for i, entry in enumerate(as_list(container.data.get("volumeMounts"))):
            mount = as_dict(entry)
            if isinstance(mount.get("name"), str):
                at = f"{container.at}.volumeMounts[{i}].subPath"
                mounted.setdefault(mount["name"], []).append((at, str(mount.get("subPath") or "")))
    for v, entry in enumerate(volumes):
        volume = as_dict(entry)
        uses = mounted.get(str(volume.get("name")))
        if not uses:
            continue  # a volume that no container mounts is never set up
        at = f"{s.pod_at}.volumes[{v}]"
        claim = as_dict(volume.get("persistentVolumeClaim")).get("claimName")
        if isinstance(claim, str) and claim:
            yield Reference("PersistentVolumeClaim", claim, "", at + ".persistentVolumeClaim.claimName", "claim")
        provider = as_dict(as_dict(volume.get("csi")).get("volumeAttributes")).get("secretProviderClass")
        if isinstance(provider, str) and provider:
            yield Reference("SecretProviderClass", provider, "", at + ".csi.volumeAttributes[secretProviderClass]", "volume")
        for word, kind, field in (("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName")):
            source = as_dict(volume.get(word))
            if source and source.get("optional") is not True:
                yield from _of_source(kind, source, field, f"{at}.{word}", uses)
        for n, part in enumerate(as_list(as_dict(volume.get("projected")).get("sources"))):
            for word, kind in (("configMap", "ConfigMap"), ("secret", "Secret")):
                source = as_dict(as_dict(part).get(word))
                if source and source.get("optional") is not True:
                    yield from _of_source(kind, source, "name", f"{at}.projected.sources[{n}].{word}", [])


def _of_source(kind: str, source: dict[str, Any], field: str, at: str, uses: list[tuple[str, str]]) -> Iterator[Reference]:
    name = source.get(field)
    if not isinstance(name, str) or not name:
        return
    yield Reference(kind, name, "", f"{at}.{field}", "volume")
    items = as_list(source.get("items"))
    for i, item in enumerate(items):
        key = as_dict(item).get("key")
        if isinstance(key, str) and key:
            yield Reference(kind, name, key, f"{at}.items[{i}].key", "volume")
    if not items:
        for place, sub in uses:
            if sub and "$" not in sub:
                yield Reference(kind, name, sub.strip("/").partition("/")[0], place, "subPath")


def _calls(s: Subject) -> Iterator[tuple[Call, str]]:
    from joblint.shell.api_urls import api_call
    from joblint.shell.kubectl import UNKNOWN, call
    from joblint.shell.syntax import commands
    from joblint.shell.weight import behind_xargs, program

    others = {container.at for container in s.containers if _has_kubeconfig(container)}
    for container, run in zip(s.containers, s.runs, strict=True):
        if run.words and run.script < 0 and container.at not in others:
            words = (run.name, *run.rest)
            if not run.sure and run.words[0] not in ("kubectl", "oc"):
                words = ("kubectl", *run.words) if _is_kubectl(s, run.fields[0]) else ()
            found = call(words[0], words[1:]) if words else None
            if found is not None:
                yield found, run.fields[run.program]
    for script in s.scripts:
        if script.container.at in others or "KUBECONFIG" in script.text or "config set-c" in script.text:
            continue
        left = list(commands(script.statements, functions=True))
        while left:
            command = left.pop(0)
            name, rest = program(command)
            if name == "xargs":
                words = behind_xargs(command.words)
                # What xargs appends is known only to the run.
                name, rest = (words[0], (*words[1:], UNKNOWN)) if words[0] != "xargs" else (name, rest)
            found = api_call(command.texts) if name == "curl" else call(name, rest)
            if found is not None:
                yield found, script.field
            for inner in command.inner:
                left.extend(commands(inner, functions=True))


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


def _asks_by_url(s: Subject) -> bool:
    return s.document.mentions(b"curl") and (s.document.mentions(b"/apis/") or s.document.mentions(b"/api/v1/"))


def _has_kubeconfig(container: ContainerRef) -> bool:
    """Whether kubectl in a container has credentials of its own, for this cluster or another, instead of the account's."""
    return any(as_dict(e).get("name") == "KUBECONFIG" for e in as_list(container.data.get("env")))


def _is_kubectl(s: Subject, field: str) -> bool:
    """Whether the container of a field has an image whose entrypoint is kubectl."""
    for container in s.containers:
        if field.startswith(container.at + "."):
            name = str(container.data.get("image") or "").partition("@")[0].rpartition("/")[2].partition(":")[0]
            return name in ("kubectl", "kubectl-shell", "k8s-kubectl")
    return False
