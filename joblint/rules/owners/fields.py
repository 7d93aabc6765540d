"""Fields that a JobSet or a ScaledJob does not have: fields of a Job at the wrong level, and misspelled ones; knows no rules.

Sources: JobSet 0.12 (api/jobset/v1alpha2/jobset_types.go), KEDA 2.20 (apis/keda/v1alpha1/scaledjob_types.go and
scaledobject_types.go), Kubernetes 1.36.3 (staging/src/k8s.io/api/batch/v1/types.go). Other unknown fields may be those of a
newer version.
"""

from __future__ import annotations

from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_OF_JOB = (
    *("parallelism", "completions", "activeDeadlineSeconds", "podFailurePolicy", "successPolicy", "backoffLimit"),
    *("backoffLimitPerIndex", "maxFailedIndexes", "selector", "manualSelector", "template", "ttlSecondsAfterFinished"),
    *("completionMode", "suspend", "podReplacementPolicy", "managedBy"),
)
_OF_SCALED_OBJECT = (*("scaleTargetRef", "cooldownPeriod", "initialCooldownPeriod", "idleReplicaCount", "advanced", "fallback"),)
_SCALED_JOB = (
    *("jobTargetRef", "pollingInterval", "successfulJobsHistoryLimit", "failedJobsHistoryLimit", "rolloutStrategy", "rollout"),
    *("envSourceContainerName", "minReplicaCount", "maxReplicaCount", "scalingStrategy", "triggers"),
)
_JOB_SET = (
    *("replicatedJobs", "network", "successPolicy", "failurePolicy", "startupPolicy", "suspend", "coordinator", "managedBy"),
    *("ttlSecondsAfterFinished", "volumeClaimPolicies"),
)
_REPLICATED = ("name", "groupName", "template", "replicas", "dependsOn")
_TEMPLATE = ("metadata", "spec")


def misplaced_fields(owner: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Return the fields that the API server does not know in a JobSet or ScaledJob, each with what to write in its place."""
    spec = as_dict(owner.get("spec"))
    if owner.get("kind") == "ScaledJob":
        yield from _unknown(spec, "spec", _SCALED_JOB, "spec.jobTargetRef")
        for field in _OF_SCALED_OBJECT:
            if field in spec:
                yield f"spec.{field}", f"no {field}: only ScaledObjects have it"
        return
    yield from _unknown(spec, "spec", _JOB_SET, "spec.replicatedJobs[0].template.spec")
    for i, group in enumerate(as_list(spec.get("replicatedJobs"))):
        at = f"spec.replicatedJobs[{i}]"
        yield from _unknown(as_dict(group), at, _REPLICATED, f"{at}.template.spec")
        yield from _unknown(as_dict(as_dict(group).get("template")), f"{at}.template", _TEMPLATE, f"{at}.template.spec")


def _unknown(held: dict[str, Any], at: str, known: tuple[str, ...], right: str) -> Iterator[tuple[str, str]]:
    from joblint.base.nearest import nearest

    for key in held:
        if key in known or not isinstance(key, str):
            continue
        if key in _OF_JOB:
            yield f"{at}.{key}", f"{right}.{key}"
        elif key not in _OF_SCALED_OBJECT and (near := nearest(key, known)) and near not in held:
            yield f"{at}.{key}", f"{at}.{near}"
