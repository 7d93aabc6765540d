"""Which of the documentation's Job patterns a Job fits; does not know any time.

Source: Kubernetes documentation, concepts/workloads/controllers/job (Job patterns).
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.controller.job.spec import mapping, number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class DocumentedPattern(Record):
    """One of the documentation's Job patterns, and when it fits."""

    name: str
    when: str


PER_ITEM = DocumentedPattern(
    "one Job per work item", "its Pod does all the work; for more items, create more Jobs from a template"
)
POD_PER_ITEM = DocumentedPattern("queue with one Pod per work item", "each Pod takes one item from a queue and exits")
VARIABLE = DocumentedPattern("queue with a variable number of Pods", "the Pods share a queue; each exits when the queue is empty")
BY_INDEX = DocumentedPattern("static assignment by index", "each Pod does the part of the work that its completion index selects")
TALKING = DocumentedPattern(
    "Pods that communicate with each other", "all Pods run at the same time and find each other by their index"
)


def documented_pattern(job: dict[str, Any]) -> DocumentedPattern:
    """Return the documented Job pattern that matches the counts of a defaulted Job; what the program does cannot be known.

    An Indexed Job whose Pods all run at once with a headless Service (`subdomain`) is assumed to have Pods that communicate.
    """
    spec = mapping(job.get("spec"))
    completions, parallelism = number(spec.get("completions")), number(spec.get("parallelism"))
    if spec.get("completionMode") == "Indexed":
        pod = mapping(mapping(spec.get("template")).get("spec"))
        together = completions is not None and completions > 1 and completions == parallelism
        return TALKING if together and pod.get("subdomain") else BY_INDEX
    if completions is None and parallelism is not None:
        return VARIABLE
    return POD_PER_ITEM if completions is not None and completions > 1 else PER_ITEM
