"""Which limit ends a Job in scenarios beyond the built-in ones."""

from __future__ import annotations

from typing import Any

import pytest

from joblint.controller.prediction.predict import predict
from joblint.controller.prediction.what_if import attempts_fail, container_fails, ended_by, indexes_fail, replaced


def _job(pod: dict[str, Any] | None = None, **spec: Any) -> dict[str, Any]:
    template = {"restartPolicy": "Never", "containers": [{"name": "main"}], **(pod or {})}
    return {"metadata": {"name": "x"}, "spec": {"template": {"spec": template}, **spec}}


def _indexed(**spec: Any) -> dict[str, Any]:
    return _job(completionMode="Indexed", completions=20, parallelism=5, **spec)


@pytest.mark.parametrize(
    ("limit", "failing", "ends"),
    # Two retries per index: an index that fails for good is three failures; the Job fails when there are more than its limit.
    [
        (2, 1, "backoffLimit"),
        (3, 1, ""),
        (3, 2, "backoffLimit"),
        (5, 2, "backoffLimit"),
        (6, 2, ""),
        (60, 20, "backoffLimitPerIndex"),
    ],
)
def test_the_limit_of_the_job_counts_beside_that_of_the_indexes(limit: int, failing: int, ends: str) -> None:
    job = _indexed(backoffLimitPerIndex=2, backoffLimit=limit)
    assert ended_by(indexes_fail(predict(job), failing)) == ends


def test_failed_indexes_beyond_the_limit_end_the_job() -> None:
    job = predict(_indexed(backoffLimitPerIndex=1, maxFailedIndexes=3))
    assert ended_by(indexes_fail(job, 3)) == ""
    assert ended_by(indexes_fail(job, 4)) == "maxFailedIndexes"


def test_ignored_exit_codes_leave_the_deadline_to_end_the_job() -> None:
    rules = [{"action": "Ignore", "onExitCodes": {"operator": "In", "values": [1]}}]
    job = predict(_job(backoffLimit=2, activeDeadlineSeconds=900, podFailurePolicy={"rules": rules}))
    assert ended_by(attempts_fail(job, 1)) == "activeDeadlineSeconds"
    assert ended_by(attempts_fail(job, 2)) == "backoffLimit"


def test_an_init_container_fails_the_job() -> None:
    job = predict(_job({"initContainers": [{"name": "wait"}]}, backoffLimit=2))
    run = container_fails(job, "wait", 1)
    assert ended_by(run) == "backoffLimit" and run.pods == 3 and run.ends_at is not None and 30 <= run.ends_at <= 33


def test_the_replacement_comes_before_the_old_pod_is_gone() -> None:
    job = _job({"terminationGracePeriodSeconds": 300})
    created, gone = replaced(predict(job))
    assert created is not None and gone is not None and 9 < created - 1 < 12 and gone >= 300
    job["spec"]["podReplacementPolicy"] = "Failed"
    created, gone = replaced(predict(job))
    assert created is not None and gone is not None and created > gone
