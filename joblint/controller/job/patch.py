"""What a merge patch makes of a Job while it runs: the new object, or None where the API server rejects it.

Source: RFC 7386; Kubernetes 1.36.3, pkg/apis/batch/validation (ValidateJobSpecUpdate) and pkg/registry/batch/job.
Only the fields that the model looks at are judged; `joblint diff` knows the rest.
"""

from __future__ import annotations

from joblint.api.apply.update import FIXED_FIELDS, SCHEDULING_FIELDS
from joblint.api.create.defaults import backoff_limit, replacement_policy
from joblint.api.shared_names import CONTAINER_LISTS
from joblint.controller.job.spec import MAX_INT32, mapping, number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COUNTS = ("parallelism", "completions", "backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished", "maxFailedIndexes")


def merge(target: Any, patch: Any) -> Any:
    """The target with a merge patch applied; nothing given is changed."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge(result.get(key), value)
    return result


def patched(job: dict[str, Any], patch: Any) -> dict[str, Any] | None:
    """The Job after the patch, defaults put in again, or None where the API server rejects the change."""
    new = merge(job, patch)
    if not isinstance(new, dict):
        return None
    old_spec, spec = dict(mapping(job.get("spec"))), dict(mapping(new.get("spec")))
    new["spec"] = spec
    _set_defaults(old_spec)
    _set_defaults(spec)
    for field in COUNTS:
        value = spec.get(field)
        count = number(value)
        if value is not None and (count is None or not 0 <= count <= MAX_INT32):
            return None
    if not isinstance(spec.get("suspend"), bool) or any(spec.get(f) != old_spec.get(f) for f in FIXED_FIELDS):
        return None
    if spec.get("completions") != old_spec.get("completions"):
        elastic = spec.get("completionMode") == "Indexed" and spec.get("completions") is not None
        if not elastic or spec.get("completions") != spec.get("parallelism"):
            return None
    if spec.get("podReplacementPolicy") not in ("Failed", "TerminatingOrFailed"):
        return None
    if spec.get("podFailurePolicy") is not None and spec.get("podReplacementPolicy") != "Failed":
        return None
    if spec.get("maxFailedIndexes") is not None:
        if spec.get("backoffLimitPerIndex") is None or spec["maxFailedIndexes"] > (number(spec.get("completions")) or 0):
            return None
    if spec.get("template") != old_spec.get("template"):
        suspended = old_spec.get("suspend") is True
        if not suspended or _fixed_part(spec.get("template")) != _fixed_part(old_spec.get("template")):
            return None
    return new


def _set_defaults(spec: dict[str, Any]) -> None:
    if spec.get("completions") is None and spec.get("parallelism") is None:
        spec["completions"] = 1
    spec.setdefault("parallelism", 1)
    spec.setdefault("backoffLimit", backoff_limit(spec))
    spec.setdefault("suspend", False)
    spec.setdefault("podReplacementPolicy", replacement_policy(spec))


def _fixed_part(template: Any) -> Any:
    """The template without what may change while the Job is suspended."""
    template = mapping(template)
    pod = {k: v for k, v in mapping(template.get("spec")).items() if k not in (*SCHEDULING_FIELDS, "affinity")}
    for field in CONTAINER_LISTS:
        if isinstance(pod.get(field), list):
            pod[field] = [{k: v for k, v in mapping(c).items() if k != "resources"} for c in pod[field]]
    meta = {k: v for k, v in mapping(template.get("metadata")).items() if k not in ("labels", "annotations")}
    return {**template, "spec": pod, "metadata": meta}
