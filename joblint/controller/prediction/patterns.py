"""Which kind of Job this is, by its counts; does not know any time.

Sources: Kubernetes documentation, concepts/workloads/controllers/job (Parallel execution for Jobs); Kubernetes 1.36.3,
pkg/controller/job/job_controller.go (manageJob).
"""

from __future__ import annotations

from joblint.controller.job.spec import mapping, number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SINGLE = "single"
FIXED = "fixed-completions"
WORK_QUEUE = "work-queue"
INDEXED = "indexed"
PAUSED = "paused"
EMPTY = "empty"


def pattern(job: dict[str, Any]) -> str:
    """The name of a defaulted Job's pattern: single, fixed-completions, work-queue, indexed, paused or empty.

    A CronJob's jobTemplate, which has no defaults yet, is read as if it had them."""
    spec = mapping(job.get("spec"))
    completions, parallelism = number(spec.get("completions")), number(spec.get("parallelism"))
    if completions == 0:
        return EMPTY
    if parallelism == 0:
        return PAUSED
    if spec.get("completionMode") == "Indexed":
        return INDEXED
    if completions is None:
        return SINGLE if parallelism is None else WORK_QUEUE
    return SINGLE if completions == 1 else FIXED
