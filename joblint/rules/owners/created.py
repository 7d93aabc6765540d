"""The Job that a controller creates from what an object contains: names, labels and defaults; knows nothing about rules or
positions.

Sources: JobSet 0.12 (pkg/webhooks/jobset_webhook.go, Default; pkg/controllers/jobset_controller.go, constructJob,
labelAndAnnotateObject; pkg/util/placement/placement.go), KEDA 2.20 (pkg/scaling/executor/scale_jobs.go, generateJobs).
"""

from __future__ import annotations

from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SUFFIX, _LONGEST = "abcde", 63 - 5
"""What the API server appends to a generateName, and how much of it stays (Kubernetes 1.36.3,
staging/src/k8s.io/apiserver/pkg/storage/names/generate.go)."""

LONGEST_LABEL = 63
"""Characters in the value of a label; an owner with a longer name creates no Job, which is reported for the owner."""

_JOB_SET = "jobset.sigs.k8s.io/"


def name_of(value: dict[str, Any]) -> str:
    """Return the name of an object; with generateName, one that is as long as the one that it gets; "" if it has neither."""
    metadata = as_dict(value.get("metadata"))
    name, begins = metadata.get("name"), metadata.get("generateName")
    if isinstance(name, str) and name:
        return name
    return begins[:_LONGEST] + _SUFFIX if isinstance(begins, str) and begins else ""


def of_job_set(owner: dict[str, Any], job: dict[str, Any], at: str) -> dict[str, Any]:
    """Return the last Job of a replicatedJob (whose name is the longest). `at` is the path of its template."""
    group = as_dict(_item(as_list(as_dict(owner.get("spec")).get("replicatedJobs")), at))
    own, replicas = group.get("name"), group.get("replicas", 1)
    metadata = as_dict(job.get("metadata"))
    spec = job.get("spec")
    if isinstance(spec, dict):
        filled = {"completionMode": "Indexed"} if spec.get("completionMode") is None else {}
        # The Jobs of a suspended JobSet are suspended, those of others are not, whatever their template says.
        spec = _on_failure({**spec, **filled, "suspend": as_dict(owner.get("spec")).get("suspend") is True})
    outer = name_of(owner)
    spec = _of_network(owner, _with_claims(owner, spec, outer), outer)
    if not (outer and isinstance(own, str)):
        return {**job, "spec": spec}
    last = max(replicas - 1, 0) if isinstance(replicas, int) and not isinstance(replicas, bool) else 0
    name = f"{outer}-{own}-{last}"
    labels = {f"{_JOB_SET}jobset-name": outer, f"{_JOB_SET}replicatedjob-name": own, f"{_JOB_SET}job-index": str(last)}
    metadata = {k: v for k, v in metadata.items() if k != "generateName"}
    return {**job, "metadata": _labelled({**metadata, "name": name}, labels), "spec": _with_labels(spec, labels)}


def _of_network(owner: dict[str, Any], spec: Any, name: str) -> Any:
    """A Job's spec with the subdomain of the Service that JobSet creates."""
    network = as_dict(as_dict(owner.get("spec")).get("network"))
    if network.get("enableDNSHostnames") is False:
        return spec
    return _with_pod(spec, {"subdomain": network.get("subdomain") or name})


def _with_claims(owner: dict[str, Any], spec: Any, name: str) -> Any:
    """A Job's spec with a volume for each claim that JobSet creates and a container mounts (volume_claim_policy.go)."""
    policies = as_list(as_dict(owner.get("spec")).get("volumeClaimPolicies"))
    claims = [as_dict(as_dict(t).get("metadata")).get("name") for p in policies for t in as_list(as_dict(p).get("templates"))]
    pod = as_dict(as_dict(as_dict(spec).get("template")).get("spec"))
    containers = [as_dict(c) for key in ("containers", "initContainers") for c in as_list(pod.get(key))]
    mounted = [as_dict(m).get("name") for c in containers for m in as_list(c.get("volumeMounts"))]
    more = [
        {"name": c, "persistentVolumeClaim": {"claimName": f"{c}-{name}"}} for c in claims if isinstance(c, str) and c in mounted
    ]
    return _with_pod(spec, {"volumes": [*as_list(pod.get("volumes")), *more]}) if more else spec


def _with_pod(spec: Any, fields: dict[str, Any]) -> Any:
    template = as_dict(as_dict(spec).get("template"))
    pod = template.get("spec")
    return {**spec, "template": {**template, "spec": {**pod, **fields}}} if isinstance(pod, dict) else spec


def of_scaled_job(owner: dict[str, Any], job: dict[str, Any]) -> dict[str, Any]:
    """Return the Job that KEDA creates. Labels of the ScaledJob come with it, less those that an annotation excludes."""
    name, outer = name_of(owner), as_dict(owner.get("metadata"))
    without = str(as_dict(outer.get("annotations")).get("scaledjob.keda.sh/job-excluded-labels") or "").split(",")
    name = name if len(name) <= LONGEST_LABEL else ""
    own = {"app.kubernetes.io/name": name, "app.kubernetes.io/part-of": name, "scaledjob.keda.sh/name": name}
    labels = {**(own if name else {}), **{k: v for k, v in as_dict(outer.get("labels")).items() if k not in without}}
    spec = job.get("spec")
    if isinstance(spec, dict):
        spec = _on_failure(spec)
    named = {"scaledjob.keda.sh/name": name} if name else {}
    return {**job, "metadata": _labelled(as_dict(job.get("metadata")), labels), "spec": _with_labels(spec, named)}


def _item(items: list[Any], at: str) -> Any:
    number = at.partition("[")[2].partition("]")[0]
    return items[int(number)] if number.isdigit() and int(number) < len(items) else None


def _on_failure(spec: dict[str, Any]) -> dict[str, Any]:
    """A Job's spec whose Pods are restarted on failure unless it says otherwise."""
    template = as_dict(spec.get("template"))
    pod = template.get("spec")
    if isinstance(pod, dict) and not pod.get("restartPolicy"):
        return {**spec, "template": {**template, "spec": {**pod, "restartPolicy": "OnFailure"}}}
    return spec


def _labelled(metadata: dict[str, Any], labels: dict[str, Any]) -> dict[str, Any]:
    had = metadata.get("labels")
    if not labels or not (had is None or isinstance(had, dict)):
        return metadata
    return {**metadata, "labels": {**as_dict(had), **labels}}


def _with_labels(spec: Any, labels: dict[str, Any]) -> Any:
    """A Job's spec with labels in its Pod template."""
    if not isinstance(spec, dict) or not isinstance(spec.get("template"), dict):
        return spec
    template = spec["template"]
    had = template.get("metadata")
    if not (had is None or isinstance(had, dict)):
        return spec
    return {**spec, "template": {**template, "metadata": _labelled(as_dict(had), labels)}}
