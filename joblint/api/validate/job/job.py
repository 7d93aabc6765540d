"""The API server's validation of a Job and of the JobSpec in a CronJob; knows JobSpec, other modules validate the Pod template.

Source: Kubernetes 1.36.3, 1.37.2 pkg/apis/batch/validation/validation.go (ValidateJob and what it calls).
"""

from __future__ import annotations

from joblint.api.errors import Typed
from joblint.api.shared_names import NAME_LABELS, UID_LABELS
from joblint.api.validate.job.policies import (
    validate_pod_failure_policy,
    validate_pod_replacement_policy,
    validate_success_policy,
)
from joblint.api.validate.meta.domains import is_domain_prefixed_path
from joblint.api.validate.meta.labels import is_well_formed, matches, validate_label_selector
from joblint.api.validate.meta.names import byte_len, is_dns1123_label, name_is_dns_subdomain
from joblint.api.validate.meta.object import validate_object_meta, validate_standard_finalizers
from joblint.api.validate.pod.pod import validate_pod_template_spec_for_job

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.version.versions import Gates

_COUNTS = (
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
)
_MAX_MANAGED_BY = 63  # bytes
_MAX_PARALLELISM = 100_000  # of an Indexed Job
_MAX_FAILED_INDEXES = 100_000
_MANY_COMPLETIONS = 100_000  # above it, the two limits below apply with a back-off limit per index
_MAX_WITH_MANY = 10_000

_DELEGATION = ("scheduling.k8s.io/workload-name", "scheduling.k8s.io/group-template-name")

JOB_NAME, JOB_NAME_PREFIXED = NAME_LABELS
UID, UID_PREFIXED = UID_LABELS


def validate_job(
    job: dict[str, Any], errors: Errors, gates: Gates, allow_invalid_values: bool = False, prefixed_labels: bool = True
) -> None:
    """A whole Job, decoded, defaulted and prepared (uid, generated labels and selector).

    `allow_invalid_values` and `prefixed_labels` are what an update of an older Job may loosen: bad values in the
    selector, and labels without the prefix batch.kubernetes.io.
    """
    metadata, spec = job["metadata"], job["spec"]
    validate_object_meta(metadata, True, name_is_dns_subdomain, "metadata", errors, gates)
    validate_standard_finalizers(metadata, "metadata", errors)
    _validate_generated_selector(metadata, spec, errors, prefixed_labels)
    validate_job_spec(spec, "spec", errors, gates, allow_invalid_values)
    if gates.has("DelegationAnnotationsChecked"):
        validate_delegation_annotations(metadata, {}, "metadata", errors)
    validate_host_names(job, errors)


def validate_delegation_annotations(metadata: dict[str, Any], old: dict[str, Any], path: str, errors: Errors) -> None:
    """The two annotations that hand a Job's scheduling to a Workload: both or none, unless an update leaves them alone.

    Source: Kubernetes 1.38.0-beta.0, validateDelegationAnnotations.
    """
    annotations, before = metadata.get("annotations") or {}, old.get("annotations") or {}
    if all(annotations.get(key) == before.get(key) for key in _DELEGATION):
        return
    for key in _DELEGATION:
        if not annotations.get(key):
            detail = f"must be set to a non-empty value when {_DELEGATION[0]} or {_DELEGATION[1]} is set"
            errors.required(f"{path}.annotations[{key}]", detail)


def validate_host_names(job: dict[str, Any], errors: Errors) -> None:
    """The host names of an Indexed Job's Pods, each made of the Job's name and an index (validateNameAllowsCompletions)."""
    spec = job["spec"]
    completions = spec.get("completions")
    if completions and completions > 0 and spec.get("completionMode") == "Indexed":
        name = job["metadata"].get("name", "")
        host = f"{name}-{completions - 1}"
        if is_dns1123_label(host):
            errors.invalid("metadata.name", name, f"will not able to create pod with invalid DNS label: {host}")


def _validate_generated_selector(metadata: dict[str, Any], spec: dict[str, Any], errors: Errors, prefixed_labels: bool) -> None:
    selector = spec.get("selector")
    if spec.get("manualSelector") or selector is None:
        return
    name, uid = metadata.get("name", ""), metadata.get("uid", "")
    if not uid:
        errors.required("metadata.uid", "")
    labels: dict[str, str] = spec["template"].get("metadata", {}).get("labels") or {}
    expected = {UID: uid, JOB_NAME: name}
    if prefixed_labels:
        expected |= {UID_PREFIXED: uid, JOB_NAME_PREFIXED: name}
    for key, value in expected.items():
        if key not in labels:
            errors.required(f"spec.template.metadata.labels[{key}]", f"must be '{value}'")
        elif labels[key] != value:
            errors.invalid(f"spec.template.metadata.labels[{key}]", _sorted(labels), f"must be '{value}'")
    if is_well_formed(selector) and not matches(selector, expected):
        errors.invalid("spec.selector", shown_selector(selector), "`selector` not auto-generated")


def _sorted(labels: dict[str, str] | None) -> dict[str, str] | None:
    return None if labels is None else {key: labels[key] for key in sorted(labels)}


def shown_selector(selector: dict[str, Any]) -> dict[str, Any]:
    """A LabelSelector as the server prints it."""
    shown: dict[str, Any] = {}
    if selector.get("matchLabels"):
        shown["matchLabels"] = _sorted(selector["matchLabels"])
    if selector.get("matchExpressions"):
        shown["matchExpressions"] = [
            {"key": item.get("key", ""), "operator": item.get("operator", "")}
            | ({"values": item["values"]} if item.get("values") else {})
            for item in selector["matchExpressions"]
        ]
    return shown


def validate_job_spec(spec: dict[str, Any], path: str, errors: Errors, gates: Gates, allow_invalid_values: bool = False) -> None:
    """The spec of a Job, its selector included (ValidateJobSpec)."""
    validate_template_job_spec(spec, path, errors, gates)
    selector = spec.get("selector")
    if selector is None:
        errors.required(f"{path}.selector", "")
    else:
        validate_label_selector(selector, f"{path}.selector", errors, allow_invalid_values)
    labels = spec["template"].get("metadata", {}).get("labels")
    if (selector is None or is_well_formed(selector)) and not matches(selector, labels or {}):
        detail = "`selector` does not match template `labels`"
        errors.invalid(f"{path}.template.metadata.labels", _sorted(labels), detail)


def validate_template_job_spec(spec: dict[str, Any], path: str, errors: Errors, gates: Gates) -> None:
    """Validate what applies to the spec of a Job and of a CronJob's jobTemplate alike (validateJobSpec)."""
    for field in _COUNTS:
        if field in spec and spec[field] < 0:
            errors.invalid(f"{path}.{field}", spec[field], "must be greater than or equal to 0")
    if "maxFailedIndexes" in spec and "backoffLimitPerIndex" not in spec:
        errors.required(f"{path}.backoffLimitPerIndex", "when maxFailedIndexes is specified")
    managed_by = spec.get("managedBy")
    if managed_by is not None:
        is_domain_prefixed_path(f"{path}.managedBy", managed_by, errors)
        if byte_len(managed_by) > _MAX_MANAGED_BY:
            errors.too_long(f"{path}.managedBy", _MAX_MANAGED_BY)
    mode = spec.get("completionMode", "NonIndexed")
    if mode == "Indexed":
        _validate_indexed(spec, path, errors)
    elif mode != "NonIndexed":
        errors.not_supported(f"{path}.completionMode", Typed(mode), ("NonIndexed", "Indexed"))
    else:
        for field in ("backoffLimitPerIndex", "maxFailedIndexes"):
            if field in spec:
                errors.invalid(f"{path}.{field}", spec[field], "requires indexed completion mode")
    if "podFailurePolicy" in spec:
        validate_pod_failure_policy(spec, f"{path}.podFailurePolicy", errors)
    if "successPolicy" in spec:
        if mode == "Indexed":
            validate_success_policy(spec, f"{path}.successPolicy", errors)
        else:
            from joblint.api.go.internal import go_value

            shown = go_value(spec["successPolicy"], "SuccessPolicy")
            errors.invalid(f"{path}.successPolicy", shown, "requires indexed completion mode")
    validate_pod_replacement_policy(spec, f"{path}.podReplacementPolicy", errors)
    validate_pod_template_spec_for_job(spec["template"], f"{path}.template", errors, gates)
    _validate_restart_policy(spec, f"{path}.template.spec.restartPolicy", errors)


def _validate_indexed(spec: dict[str, Any], path: str, errors: Errors) -> None:
    completions, parallelism = spec.get("completions"), spec.get("parallelism")
    failed = spec.get("maxFailedIndexes")
    if completions is None:
        errors.required(f"{path}.completions", "when completion mode is Indexed")
    if parallelism is not None and parallelism > _MAX_PARALLELISM:
        detail = f"must be less than or equal to {_MAX_PARALLELISM} when completion mode is Indexed"
        errors.invalid(f"{path}.parallelism", parallelism, detail)
    if completions is not None and failed is not None and failed > completions:
        errors.invalid(f"{path}.maxFailedIndexes", failed, "must be less than or equal to completions")
    if failed is not None and failed > _MAX_FAILED_INDEXES:
        errors.invalid(f"{path}.maxFailedIndexes", failed, f"must be less than or equal to {_MAX_FAILED_INDEXES}")
    if completions is None or completions <= _MANY_COMPLETIONS or "backoffLimitPerIndex" not in spec:
        return
    if failed is None:
        errors.required(f"{path}.maxFailedIndexes", f"must be specified when completions is above {_MANY_COMPLETIONS}")
    detail = (
        f"must be less than or equal to {_MAX_WITH_MANY} when completions are above {_MANY_COMPLETIONS} "
        "and used with backoff limit per index"
    )
    if parallelism is not None and parallelism > _MAX_WITH_MANY:
        errors.invalid(f"{path}.parallelism", parallelism, detail)
    if failed is not None and failed > _MAX_WITH_MANY:
        errors.invalid(f"{path}.maxFailedIndexes", failed, detail)


def _validate_restart_policy(spec: dict[str, Any], path: str, errors: Errors) -> None:
    policy = spec["template"].get("spec", {}).get("restartPolicy", "")
    if policy == "Never":
        return
    if policy in ("", "Always"):
        errors.required(path, 'valid values: "OnFailure", "Never"')
    elif policy != "OnFailure":
        errors.not_supported(path, Typed(policy), ("OnFailure", "Never"))
    elif "podFailurePolicy" in spec:
        errors.invalid(path, Typed(policy), 'only "Never" is supported when podFailurePolicy is specified')
