"""Completions and parallelism: how many Pods run, and what they share; knows subjects and the facts of a run."""

from __future__ import annotations

from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.options import INDEX_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.origin import Origin
    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_QUEUE_WORDS = (
    "queue",
    "amqp",
    "rabbit",
    "redis",
    "sqs",
    "kafka",
    "broker",
    "pubsub",
    "celery",
    "worker",
    "nats",
    "kombu",
    "sidekiq",
)


def parallelism_above_completions(s: Subject) -> Iterator[Hit]:
    """parallelism that is never reached: no more Pods run than completions are missing (pkg/controller/job/job_controller.go,
    manageJob)."""
    spec = s.spec
    completions, parallelism = spec.get("completions"), spec.get("parallelism")
    if isinstance(completions, int) and isinstance(parallelism, int) and parallelism > completions > 0:
        yield s.hit(s.spec_at + ".parallelism", parallelism=parallelism, completions=completions)


def parallelism_without_completions(s: Subject) -> Iterator[Hit]:
    """parallelism without completions: the Job completes after the first success. No finding if the Job mentions a queue."""
    parallelism = s.spec.get("parallelism")
    if not isinstance(parallelism, int) or parallelism < 2 or s.spec.get("completions") is not None:
        return
    if s.spec.get("completionMode") == "Indexed":
        return
    if not _speaks_of_a_queue(s):
        yield s.hit(s.spec_at + ".parallelism", parallelism=parallelism)


def _speaks_of_a_queue(s: Subject) -> bool:
    for container in s.containers:
        data = container.data
        words = [data.get("image"), data.get("name"), *as_list(data.get("command")), *as_list(data.get("args"))]
        for entry in as_list(data.get("env")):
            words += [entry.get("name"), entry.get("value")]
            for source in as_dict(as_dict(entry).get("valueFrom")).values():
                words += [as_dict(source).get("name"), as_dict(source).get("key")]
        for source in as_list(data.get("envFrom")):
            words += [as_dict(named).get("name") for named in as_dict(source).values() if isinstance(named, dict)]
        text = " ".join([str(w) for w in words]).lower()
        if any(w in text for w in _QUEUE_WORDS):
            return True
    labels = as_dict(s.metadata.get("labels"))
    told = [s.name, *[v for k, v in labels.items() if not str(k).startswith("kueue.x-k8s.io/")]]
    return any(w in str(text).lower() for text in told for w in _QUEUE_WORDS)


def as_indexed(spec: dict[str, Any]) -> str:
    """Return what makes a Job with this spec (as sent) an Indexed Job, in words for a fix."""
    if spec.get("completions") is not None:
        return "completionMode: Indexed"
    parallelism = spec.get("parallelism")
    n = parallelism if isinstance(parallelism, int) and parallelism > 1 else 5
    return f"completionMode: Indexed\ncompletions: {n}    the number of indexes"


def completion_index_missing(s: Subject) -> Iterator[Hit]:
    """The container reads the index, but only Indexed Jobs have one."""
    if s.spec.get("completionMode") == "Indexed":
        return
    advice = as_indexed(s.sent_spec)
    for container in s.containers:
        own = [e.get("name") for e in as_list(container.data.get("env")) if e.get("value") is not None]
        if "JOB_COMPLETION_INDEX" in own:
            continue  # the manifest sets the variable itself
        for field in ("command", "args"):
            for i, word in enumerate(as_list(container.data.get(field))):
                if isinstance(word, str) and any(n in word for n in INDEX_NAMES):
                    yield s.hit(f"{container.at}.{field}[{i}]", advice=advice)
                    return
        for i, entry in enumerate(as_list(container.data.get("env"))):
            value = entry.get("value")
            path = as_dict(as_dict(entry.get("valueFrom")).get("fieldRef")).get("fieldPath")
            if isinstance(path, str) and "job-completion-index" in path:
                yield s.hit(f"{container.at}.env[{i}].valueFrom.fieldRef.fieldPath", advice=advice)
                return
            if isinstance(value, str) and "$(JOB_COMPLETION_INDEX)" in value:
                yield s.hit(f"{container.at}.env[{i}].value", advice=advice)
                return


def host_port_shared(s: Subject) -> Iterator[Hit]:
    """Only one Pod per node can use a host port, so the Job's Pods cannot share a node."""
    at_once = s.prediction.at_once if s.spec else 0
    if at_once < 2 or _spread(s) or any(_is_whole_node(c.data) for c in s.containers):
        return
    for container in s.containers:
        for i, port in enumerate(as_list(container.data.get("ports"))):
            number = as_dict(port).get("hostPort")
            if not number and s.pod.get("hostNetwork") is True:
                number = as_dict(port).get("containerPort")  # the port becomes its host port when the Pod is created
            if number:
                field = "hostPort" if _sent_port(container.sent, i).get("hostPort") else "containerPort"
                cause = "hostPort" if field == "hostPort" else "hostNetwork: true"
                yield s.hit(f"{container.at}.ports[{i}].{field}", port=number, at_once=at_once, cause=cause)
                return


def _is_whole_node(container: dict[str, object]) -> bool:
    """Whether a container uses the TPUs of its node, all of which belong to one Pod."""
    return "google.com/tpu" in as_dict(as_dict(container.get("resources")).get("limits"))


def _sent_port(container: dict[str, object], i: int) -> dict[str, object]:
    ports = as_list(container.get("ports"))
    return as_dict(ports[i]) if i < len(ports) else {}


def host_path_shared(s: Subject) -> Iterator[Hit]:
    """Several Pods write to a directory of the node, each to that of its own node.

    No finding for paths that belong to the node itself (devices, drivers, sockets, configuration), and none if each node gets
    one Pod, for which its node's directory is intended.
    """
    if not s.pod.get("volumes") or s.prediction.at_once < 2 or s.pod.get("nodeName") or _one_a_node(s):
        return
    for i, volume in enumerate(as_list(s.pod.get("volumes"))):
        source = as_dict(volume.get("hostPath"))
        if (
            not source
            or str(source.get("type", "")) in ("Socket", "CharDevice", "BlockDevice", "File")
            or _of_the_node(str(source.get("path")))
        ):
            continue
        mounts = [m for c in s.containers for m in as_list(c.data.get("volumeMounts")) if m.get("name") == volume.get("name")]
        if any(m.get("readOnly") is not True for m in mounts):
            yield s.hit(f"{s.pod_at}.volumes[{i}].hostPath", part="key", path=source.get("path"), at_once=s.prediction.at_once)


_NODE_PATHS = (
    *("/dev", "/sys", "/proc", "/lib", "/usr", "/boot", "/etc", "/run", "/var/run", "/bin", "/sbin", "/opt/nvidia", "/opt/amd"),
    *(
        "/opt/cni",
        "/home/kubernetes",
        "/var/log",
        "/var/lib/kubelet",
        "/var/lib/docker",
        "/var/lib/containerd",
        "/var/lib/nvidia",
    ),
    *("/var/lib/tcpx", "/var/lib/fastrak", "/var/lib/gib", "/var/lib/dcgm"),
)


def _of_the_node(path: str) -> bool:
    """Whether a path belongs to the node's system and is not data: drivers, devices, sockets, logs."""
    plain = path.rstrip("/") or "/"
    if plain == "/" or plain.endswith((".sock", ".socket", ".so")):
        return True
    return any(plain == p or plain.startswith((p + "/", p + "64")) for p in _NODE_PATHS)


def _one_a_node(s: Subject) -> bool:
    """Whether the Pods cannot share a node: a host port, or anti-affinity or spreading by host name."""
    return _spread(s) or any(as_dict(p).get("hostPort") for c in s.containers for p in as_list(c.data.get("ports")))


def _spread(s: Subject) -> bool:
    """Whether anti-affinity or spreading by host name keeps the Pods on different nodes."""
    affinity = as_dict(as_dict(s.pod.get("affinity")).get("podAntiAffinity"))
    terms = as_list(affinity.get("requiredDuringSchedulingIgnoredDuringExecution"))
    spread = [c for c in as_list(s.pod.get("topologySpreadConstraints")) if c.get("whenUnsatisfiable") == "DoNotSchedule"]
    return any(as_dict(t).get("topologyKey") == "kubernetes.io/hostname" for t in (*terms, *spread))


def claim_shared(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """One claim for several Pods at the same time: they stay Pending if only one node (or Pod) may use it.

    Certain if the claim is in the files and is ReadWriteOnce; info if it is not in them.
    """
    from joblint.rules.finding import Hit

    claims = {(c.origin.namespace, c.origin.name): c for c in folder.claims}
    for workload in folder.workloads:
        origin = workload.origin
        for shared in workload.claims:
            claim = claims.get((origin.namespace, shared.name)) or (
                claims.get(("", shared.name)) if not origin.namespace else None
            )
            modes = claim.access_modes if claim else ()
            values = {"claim": shared.name, "at_once": shared.at_once}
            if claim is None:
                told = {
                    **values,
                    "because": "if it is ReadWriteOnce, they must all run on one node; those that do not fit stay Pending",
                }
                yield origin, Hit(shared.field, told, severity="info", confidence="hint")
            elif modes and not any(m in ("ReadWriteMany", "ReadOnlyMany") for m in modes):
                pod = "ReadWriteOncePod" in modes
                because = (
                    "it is ReadWriteOncePod, so one Pod runs and the others stay Pending"
                    if pod
                    else ("it is ReadWriteOnce, so they must all run on one node; those that do not fit stay Pending")
                )
                yield origin, Hit(shared.field, {**values, "because": because})


def headless_service_missing(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """subdomain names a headless Service; without it, the Pods' host names do not resolve."""
    from joblint.rules.facts.jobs import JobFacts
    from joblint.rules.finding import Hit

    services = {(s.origin.namespace, s.origin.name): s for s in folder.services}
    for workload in folder.workloads:
        name, origin = workload.subdomain, workload.origin
        if not name:
            continue
        at = "spec.template.spec.subdomain" if origin.kind == "Job" else "spec.jobTemplate.spec.template.spec.subdomain"
        service = services.get((origin.namespace, name)) or services.get(("", name))
        what = ""
        if service is None:
            what = "which is not in the checked files: without it,"
        elif not service.headless:
            what = "but the Service has a cluster IP:"
        elif isinstance(workload, JobFacts):
            labels = {**workload.labels, "job-name": origin.name, "batch.kubernetes.io/job-name": origin.name}
            if any(labels.get(k) != v for k, v in service.selector.items()):
                what = "but the Service does not select this Job's Pods:"
        if what:
            from joblint.source.unrendered.kustomize_resources import listed_in

            # Kustomize renames, relabels and replaces: only its output shows what it builds.
            built = bool(listed_in(origin.file))
            confidence = "hint" if built else "" if service is None else "certain"
            job = origin.name if isinstance(workload, JobFacts) and origin.name else "<job-name>"
            values = {"name": name, "what": what, "job": job}
            yield origin, Hit(at, values, severity="info" if built else "", confidence=confidence)


def host_names_without_subdomain(s: Subject) -> Iterator[Hit]:
    """A Pod is addressed by its name and index, but has no subdomain or another one, so that the name does not resolve."""
    if s.spec.get("completionMode") != "Indexed" or not s.metadata.get("name"):
        return
    subdomain = s.pod.get("subdomain")
    mark = f"{s.name}-0."
    for container in s.containers:
        words = [
            ("", word, f"{container.at}.{field}[{i}]")
            for field in ("command", "args")
            for i, word in enumerate(as_list(container.data.get(field)))
        ]
        words += [
            (str(as_dict(entry).get("name")), as_dict(entry).get("value"), f"{container.at}.env[{i}].value")
            for i, entry in enumerate(as_list(container.data.get("env")))
        ]
        for name, word, field in words:
            if not isinstance(word, str) or mark not in word:
                continue
            if not subdomain:
                service = _domain_of(word, mark, name) or "<service-name>"
                advice = f"subdomain: {service}    in the Pod spec, with a headless Service of that name"
                yield s.hit(field, host=mark.rstrip("."), reason="the Pod template has no subdomain", advice=advice)
                return
            other = _domain_of(word, mark, name)
            if other and other != subdomain:
                yield s.hit(
                    field,
                    host=mark + other,
                    reason=f'the Pods\' subdomain is "{subdomain}"',
                    advice=f"{mark}{subdomain}    instead of {mark}{other}",
                )
                return


_HOSTS = ("HOST", "ADDR", "MASTER", "ENDPOINT", "URL", "PEER", "SERVER", "LEADER", "COORDINATOR", "NODE")


def _domain_of(text: str, mark: str, variable: str) -> str:
    """The label after a Pod's name in a text, if it is surely that of a host and not the end of a file's name."""
    before, _, after = text.partition(mark)
    label = after[: next((i for i, c in enumerate(after) if not (c.isalnum() or c == "-")), len(after))]
    rest = after[len(label) :]
    port = rest[:1] == ":" and rest[1:2].isdigit()
    known = port or before.endswith("://") or rest.startswith(".svc") or any(word in variable for word in _HOSTS)
    inside = before.endswith("/") and not before.endswith("://") or before[-1:].isalnum() or before[-1:] in ("-", ".")
    return label if known and not inside and label and label == label.lower() else ""


def parallelism_zero(s: Subject) -> Iterator[Hit]:
    """parallelism: 0, the old way to pause: no Pod is ever created (job_controller.go, manageJob)."""
    if s.spec.get("parallelism") == 0 and s.spec.get("completions") != 0 and not _says_paused(s):
        yield s.hit(s.spec_at + ".parallelism")


def _says_paused(s: Subject) -> bool:
    """Whether an annotation, a label or a comment says that the Job is paused on purpose."""
    told = [*s.marks, *s.annotations.values()]
    return s.document.asked(_comment_says_paused) or any(word in str(text).lower() for text in told for word in _PAUSED)


def _comment_says_paused(text: str) -> bool:
    comments = [line.partition("#")[2].lower() for line in text.splitlines() if "#" in line] if "#" in text else []
    return any(word in comment for comment in comments for word in _PAUSED)


_PAUSED = ("pause", "suspend", "scale", "disabled", "on hold", "kueue", "keda", "start it", "to start", "manual")


def completions_zero(s: Subject) -> Iterator[Hit]:
    """completions: 0: the Job is Complete immediately and runs nothing (job_controller.go, syncJob)."""
    if s.spec.get("completions") == 0:
        yield s.hit(s.spec_at + ".completions")


def suspended_from_the_start(s: Subject) -> Iterator[Hit]:
    """suspend: true starts nothing; no finding if a queueing system is named, which resumes the Job."""
    labels = {**as_dict(s.metadata.get("labels")), **s.annotations}
    if s.spec.get("suspend") is True and not any("kueue" in k or "volcano" in k or "yunikorn" in k for k in labels):
        if s.kind == "Job":
            space = s.metadata.get("namespace")
            where = f" -n {space}" if isinstance(space, str) and space else ""
            advice = f'kubectl patch job {s.name or "<name>"}{where} --type=merge -p \'{{"spec":{{"suspend":false}}}}\''
        else:
            advice = f"Remove suspend from {s.spec_at}: each Job has a name of its own and would have to be resumed by it."
        forgotten = s.kind == "Job" and not _is_resumed(s)
        yield s.hit(s.spec_at + ".suspend", severity="warning" if forgotten else "", advice=advice)


_BY_HAND = ("manual", "template", "example", "restore", "rollback", "debug", "demand", "oneshot", "suspend", "resume", "by hand")


def _is_resumed(s: Subject) -> bool:
    """Whether the file shows that somebody or something resumes the Job: by its name, by a comment, by labels of a controller."""
    if any(word in s.name.lower() for word in _BY_HAND) or s.document.asked(_comments_on_it):
        return True
    return any("/" in k and not k.startswith(("app.kubernetes.io/", "helm.sh/chart", "kubectl.")) for k in s.marks)


def _comments_on_it(text: str) -> bool:
    comments = [line.partition("#")[2].lower() for line in text.split("\n") if "#" in line]
    return any(word in comment for comment in comments for word in (*_BY_HAND, "queue"))
