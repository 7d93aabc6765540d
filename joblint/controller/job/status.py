"""A Job's status as the simulation keeps it; knows nothing about Pods or time.

Source: Kubernetes 1.36.3, staging/src/k8s.io/api/batch/v1/types.go (JobStatus).
"""

from __future__ import annotations

from joblint.controller.job.intervals import Indexes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.controller.job.trace import Condition


class Status:
    """The Job's status. None: not written yet."""

    __slots__ = (
        "active",
        "ready",
        "terminating",
        "succeeded",
        "failed",
        "completed",
        "failed_indexes",
        "conditions",
        "start",
        "completion",
    )

    def __init__(self) -> None:
        self.active = 0
        self.ready: int | None = None
        self.terminating: int | None = None
        self.succeeded = 0
        self.failed = 0
        self.completed = Indexes()
        self.failed_indexes: Indexes | None = None
        self.conditions: list[Condition] = []
        self.start: int | None = None
        self.completion: int | None = None

    def written(self) -> dict[str, Any]:
        """What of it decides whether the API server accepts a change of the Job."""
        status: dict[str, Any] = {"active": self.active, "conditions": [c.as_dict() for c in self.conditions]}
        if self.start is not None:
            status["startTime"] = self.start
        return status
