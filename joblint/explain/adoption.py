"""Which Pods a Job with its own selector (manualSelector) adopts, in words; knows the subject, no output format."""

from __future__ import annotations

from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.rules.subject import Subject


def adopts(s: Subject) -> str:
    """Return which Pods the Job adopts and the effect; "" if it adopts none.

    Source: Kubernetes 1.36.3, pkg/controller/job/job_controller.go (getPodsForJob) and controller_ref_manager.go (ClaimPods):
    the Job adopts Pods without an owner that match the selector, never those of another owner. Finished ones count as well
    (measured: kubelet/runs-more, h02).
    """
    if s.spec.get("manualSelector") is not True or s.prediction.spec.managed_elsewhere:
        return ""
    selector = _selector(as_dict(s.spec.get("selector")))
    if not selector:
        return ""
    text = f"manualSelector: this Job adopts Pods without an owner that match {selector}"
    if s.spec.get("completionMode") == "Indexed":
        text += ", but without a completion index they do not count"
    else:
        limit = s.backoff_limit
        done = "a succeeded one completes the Job immediately" if s.prediction.spec.completions in (None, 1) else ""
        done = done or "succeeded ones count as completions"
        text += f": {done}, failed ones count towards backoffLimit: {limit}, running ones above parallelism are deleted"
    text += "; Pods of another Job with this selector keep their owner"
    return f"{text}; to list them: kubectl get pods -l '{selector}'"


def _selector(selector: dict[str, Any]) -> str:
    """A label selector in the syntax of kubectl -l."""
    parts = [f"{key}={value}" for key, value in as_dict(selector.get("matchLabels")).items()]
    for one in as_list(selector.get("matchExpressions")):
        one = as_dict(one)
        key, values = one.get("key"), ",".join([str(v) for v in as_list(one.get("values"))])
        form = {"In": f"{key} in ({values})", "NotIn": f"{key} notin ({values})", "Exists": f"{key}", "DoesNotExist": f"!{key}"}
        parts.append(form.get(str(one.get("operator")), f"{key}"))
    return ",".join(parts)
