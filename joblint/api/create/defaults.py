"""Defaults of a Job, a CronJob and a Pod template, as the server fills them in; changes the decoded object in place.

A CronJob's jobTemplate gets no defaults of a Job: those are set when a Job is created from it. Nor does a Pod template get what
only a Pod gets (requests from limits, host ports from container ports).
Source: Kubernetes 1.36.3 pkg/apis/batch/v1/{defaults,zz_generated.defaults}.go, pkg/apis/core/v1/defaults.go.
"""

from __future__ import annotations

from joblint.api.go.image import default_pull_policy
from joblint.api.go.quantity import round_up
from joblint.api.shared_names import ALL_CONTAINER_LISTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.version.versions import Gates

BACKOFF_LIMIT = 6
BACKOFF_LIMIT_WITH_INDEXES = 2147483647
"""backoffLimit where backoffLimitPerIndex is set."""

SUCCESSFUL_JOBS_KEPT, FAILED_JOBS_KEPT = 3, 1
"""successfulJobsHistoryLimit and failedJobsHistoryLimit."""

CONCURRENCY_POLICY = "Allow"
GRACE_PERIOD = 30
"""terminationGracePeriodSeconds."""

PROBE_PERIOD, PROBE_FAILURES = 10, 3
"""periodSeconds and failureThreshold of a probe."""

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")


def set_defaults(obj: dict[str, Any], gates: Gates) -> None:
    """Fill in every default of a decoded Job or CronJob (joblint.api.create.decode), in place.

    A Job without labels afterwards contains the same dict as its template's labels, because the server's two share one map.
    """
    if obj["kind"] == "Job":
        job_defaults(obj, gates)
        spec = obj["spec"]
    else:
        _cron_job(obj["spec"])
        spec = obj["spec"]["jobTemplate"]["spec"]
    if "podFailurePolicy" in spec and (obj["kind"] == "Job" or gates.has("ConditionStatusDefaultInCronJob")):
        for rule in spec["podFailurePolicy"].get("rules", ()):
            for pattern in rule.get("onPodConditions", ()):
                pattern["status"] = pattern.get("status") or "True"
    _pod_spec(spec["template"]["spec"], gates)


def job_defaults(job: dict[str, Any], gates: Gates) -> None:
    """Set the defaults that only a Job gets, not the jobTemplate of a CronJob: also for a Job that is created from one."""
    spec = job["spec"]
    if "parallelism" not in spec:
        if "completions" not in spec:
            spec["completions"] = 1
        spec["parallelism"] = 1
    if "backoffLimit" not in spec:
        spec["backoffLimit"] = backoff_limit(spec)
    labels = spec["template"]["metadata"].get("labels")
    if labels is not None and not job["metadata"].get("labels"):
        job["metadata"]["labels"] = labels
    spec.setdefault("completionMode", "NonIndexed")
    spec.setdefault("suspend", False)
    if "podReplacementPolicy" not in spec and gates.on("JobPodReplacementPolicy"):
        spec["podReplacementPolicy"] = replacement_policy(spec)
    spec.setdefault("manualSelector", False)


def backoff_limit(spec: dict[str, Any]) -> int:
    """The backoffLimit of a Job's spec, which may have no defaults yet."""
    limit = spec.get("backoffLimit")
    if isinstance(limit, int):
        return limit
    return BACKOFF_LIMIT if spec.get("backoffLimitPerIndex") is None else BACKOFF_LIMIT_WITH_INDEXES


def replacement_policy(spec: dict[str, Any]) -> str:
    """Return the default podReplacementPolicy of a Job's spec."""
    return "TerminatingOrFailed" if spec.get("podFailurePolicy") is None else "Failed"


def _cron_job(spec: dict[str, Any]) -> None:
    spec.setdefault("concurrencyPolicy", CONCURRENCY_POLICY)
    spec.setdefault("suspend", False)
    spec.setdefault("successfulJobsHistoryLimit", SUCCESSFUL_JOBS_KEPT)
    spec.setdefault("failedJobsHistoryLimit", FAILED_JOBS_KEPT)


def _pod_spec(spec: dict[str, Any], gates: Gates) -> None:
    spec.setdefault("dnsPolicy", "ClusterFirst")
    spec.setdefault("restartPolicy", "Always")
    spec.setdefault("securityContext", {})
    spec.setdefault("terminationGracePeriodSeconds", GRACE_PERIOD)
    spec.setdefault("schedulerName", "default-scheduler")
    if "volumes" in spec:
        from joblint.api.create.volume_defaults import volume_defaults

        for volume in spec["volumes"]:
            volume_defaults(volume, gates)
    for kind in ALL_CONTAINER_LISTS:
        for container in spec.get(kind, ()):
            _container(container)
    if "overhead" in spec:
        round_up(spec["overhead"])
    if "resources" in spec:
        _resources(spec["resources"])


def _container(container: dict[str, Any]) -> None:
    if "imagePullPolicy" not in container:
        container["imagePullPolicy"] = default_pull_policy(container.get("image", ""))
    container.setdefault("terminationMessagePath", "/dev/termination-log")
    container.setdefault("terminationMessagePolicy", "File")
    for port in container.get("ports", ()):
        port.setdefault("protocol", "TCP")
    for env in container.get("env", ()):
        if "valueFrom" in env:
            field_ref = env["valueFrom"].get("fieldRef")
            if field_ref is not None:
                field_ref.setdefault("apiVersion", "v1")
            file_ref = env["valueFrom"].get("fileKeyRef")
            if file_ref is not None:
                file_ref.setdefault("optional", False)
    if container["resources"]:
        _resources(container["resources"])
    for name in _PROBES:
        if name in container:
            _probe(container[name])
    if "lifecycle" in container:
        for handler in container["lifecycle"].values():
            if isinstance(handler, dict):
                _http_get(handler)


def _probe(probe: dict[str, Any]) -> None:
    probe.setdefault("timeoutSeconds", 1)
    probe.setdefault("periodSeconds", PROBE_PERIOD)
    probe.setdefault("successThreshold", 1)
    probe.setdefault("failureThreshold", PROBE_FAILURES)
    _http_get(probe)
    if "grpc" in probe:
        probe["grpc"].setdefault("service", "")


def _http_get(handler: dict[str, Any]) -> None:
    action = handler.get("httpGet")
    if action is not None:
        action.setdefault("path", "/")
        action.setdefault("scheme", "HTTP")


def _resources(resources: dict[str, Any]) -> None:
    for amounts in (resources.get("limits"), resources.get("requests")):
        if amounts:
            round_up(amounts)
