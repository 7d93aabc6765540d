"""The fields of a defaulted Job that the controllers use, read once into plain numbers; knows nothing about time.

A missing field gets the server's default, a field of a wrong type counts as missing: the model never fails on odd input.
"""

from __future__ import annotations

from joblint.api.create.defaults import BACKOFF_LIMIT, BACKOFF_LIMIT_WITH_INDEXES
from joblint.controller.job.backoff import SECOND

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_INT32 = 2147483647
OWN_CONTROLLER = "kubernetes.io/job-controller"


def number(value: Any) -> int | None:
    """Return a whole number as JSON contains it, otherwise None."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, float) and value.is_integer() else None


def mapping(value: Any) -> dict[str, Any]:
    """Return the value if it is a mapping, otherwise an empty one."""
    return value if isinstance(value, dict) else {}


class JobSpec:
    """A Job's spec. `deadline` is in milliseconds, `ttl` too; both, like `completions`, `per_index` and `max_failed`, may be
    None. `only_failed`: a Pod being deleted counts and is replaced only once it has ended."""

    __slots__ = (
        "parallelism",
        "completions",
        "indexed",
        "backoff_limit",
        "per_index",
        "max_failed",
        "deadline",
        "ttl",
        "suspend",
        "managed_elsewhere",
        "only_failed",
        "on_failure",
        "failure_policy",
        "success_policy",
        "pod",
        "_meta",
    )

    def __init__(self, job: dict[str, Any]) -> None:
        spec = mapping(job.get("spec"))
        template = mapping(mapping(spec.get("template")).get("spec"))
        completions, parallelism = number(spec.get("completions")), number(spec.get("parallelism"))
        self.indexed = spec.get("completionMode") == "Indexed"
        if completions is None and (parallelism is None or self.indexed):
            completions = 1
        self.completions = completions
        self.parallelism = 1 if parallelism is None else max(0, parallelism)
        self.per_index = number(spec.get("backoffLimitPerIndex")) if self.indexed else None
        limit = number(spec.get("backoffLimit"))
        if limit is None:
            limit = BACKOFF_LIMIT if self.per_index is None else BACKOFF_LIMIT_WITH_INDEXES
        self.backoff_limit = limit
        self.max_failed = number(spec.get("maxFailedIndexes"))
        self.deadline = _deadline(spec.get("activeDeadlineSeconds"))
        self.ttl = _seconds(spec.get("ttlSecondsAfterFinished"))
        self.suspend = spec.get("suspend") is True
        self.managed_elsewhere = spec.get("managedBy") not in (None, "", OWN_CONTROLLER)
        failure, success = spec.get("podFailurePolicy"), spec.get("successPolicy")
        self.failure_policy: dict[str, Any] | None = failure if isinstance(failure, dict) else None
        self.success_policy: dict[str, Any] | None = success if isinstance(success, dict) and self.indexed else None
        self.only_failed = spec.get("podReplacementPolicy") == "Failed" or self.failure_policy is not None
        self.on_failure = template.get("restartPolicy") == "OnFailure"
        self.pod = template
        self._meta = mapping(job.get("metadata"))

    @property
    def pod_name(self) -> str:
        """The namespace and name of the Job, with which the names of its Pods begin."""
        name = str(self._meta.get("name") or self._meta.get("generateName") or "job")
        return f"{self._meta.get('namespace') or 'default'}/{name}"


def _deadline(value: Any) -> int | None:
    """Milliseconds as the controller has them: it multiplies by 10^9 in 64 bits, so that more than 292 years are fewer, or have
    passed already (pkg/controller/job/job_controller.go, pastActiveDeadline)."""
    found = number(value)
    if found is None:
        return None
    nanoseconds = (found * 10**9 + (1 << 63)) % (1 << 64) - (1 << 63)
    return max(0, nanoseconds // 10**6)


def _seconds(value: Any) -> int | None:
    found = number(value)
    return None if found is None else found * SECOND
