"""Which kind of Job this is: the pattern by its counts, and the official Job pattern it fits; knows no time.

Sources: Kubernetes documentation, concepts/workloads/controllers/job (Parallel execution for Jobs; Job patterns);
Kubernetes 1.36.3, pkg/controller/job/job_controller.go (manageJob).
"""

from __future__ import annotations

from joblint.controller.jobspec import mapping, number
from joblint.record import record

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


@record
class Official:
    """One of the documentation's Job patterns, and when it fits."""

    name: str
    when: str


PER_ITEM = Official("one Job per work item", "one Pod does one thing; many things are many Jobs made from one template")
POD_PER_ITEM = Official("queue with one Pod per work item", "each Pod takes one item from a queue and ends")
VARIABLE = Official("queue with a variable number of Pods", "the Pods empty a queue together; each ends when nothing is left")
BY_INDEX = Official("static assignment by index", "each Pod does the share of the work that its completion index names")
TALKING = Official("Pods that talk to one another", "all Pods run at once and find each other by their index")


def official(job: dict[str, Any]) -> Official:
    """The official Job pattern that the counts of a defaulted Job fit; what the program really does cannot be known.

    An Indexed Job whose Pods all run at once behind a headless Service (`subdomain`) is taken for one whose Pods talk."""
    spec = mapping(job.get("spec"))
    completions, parallelism = number(spec.get("completions")), number(spec.get("parallelism"))
    if spec.get("completionMode") == "Indexed":
        pod = mapping(mapping(spec.get("template")).get("spec"))
        together = completions is not None and completions > 1 and completions == parallelism
        return TALKING if together and pod.get("subdomain") else BY_INDEX
    if completions is None and parallelism is not None:
        return VARIABLE
    return POD_PER_ITEM if completions is not None and completions > 1 else PER_ITEM
