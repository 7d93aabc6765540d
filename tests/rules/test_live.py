"""What a look at a cluster says of its objects, at which time; and what is no look at a cluster."""

from __future__ import annotations

import json
from typing import Any

import pytest

from joblint.controller.live.objects import instant
from joblint.rules.live.look import Look, Place, is_look
from joblint.source.places.spans import Span

from .helper import engine_of, report_of

NOW = instant("2026-03-10T12:00:00Z") or 0.0


def _object(kind: str, name: str, spec: dict[str, Any], status: dict[str, Any], owner: str = "", **meta: Any) -> dict[str, Any]:
    owned = {"ownerReferences": [{"kind": owner.split()[0], "name": "x", "uid": owner.split()[1]}]} if owner else {}
    made = {"name": name, "namespace": "n", "uid": name, "creationTimestamp": "2026-03-10T10:00:00Z", **owned, **meta}
    return {"apiVersion": "batch/v1", "kind": kind, "metadata": made, "spec": spec, "status": status}


def _job(spec: dict[str, Any], status: dict[str, Any], **more: Any) -> dict[str, Any]:
    return _object("Job", "j", {"template": {"spec": {"restartPolicy": "Never"}}, **spec}, status, **more)


def _pod(status: dict[str, Any], **meta: Any) -> dict[str, Any]:
    return _object("Pod", "j-abcde", {"restartPolicy": "Never"}, status, "Job j", **meta)


def _cron(spec: dict[str, Any], status: dict[str, Any], **more: Any) -> dict[str, Any]:
    return _object("CronJob", "c", {"schedule": "0 * * * *", "jobTemplate": {}, **spec}, status, **more)


def _finished(kind: str, at: str = "2026-03-10T11:30:00Z") -> dict[str, Any]:
    return {"conditions": [{"type": kind, "status": "True", "reason": "R", "message": "M", "lastTransitionTime": at}]}


def said(*objects: dict[str, Any]) -> list[str]:
    """The findings as rule and message, in whatever order the objects come."""
    engine = engine_of()
    told = []
    for order in (objects, tuple(reversed(objects))):
        look = Look(engine, "-", NOW)
        found = [f for o in order for f in look.take(o, Place(0, Span(1, 1, 1, 1)))] + list(look.rest())
        told.append(sorted(f"{f.rule} {f.message}" for f in found))
    assert told[0] == told[1]
    return told[0]


EXITED = {"phase": "Failed", "containerStatuses": [{"name": "m", "state": {"terminated": {"exitCode": 3, "finishedAt": "x"}}}]}
RUNS = {"phase": "Running", "startTime": "2026-03-10T10:00:00Z", "containerStatuses": [{"name": "m", "state": {"running": {}}}]}
UNSCHEDULED = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes are available."}
STARTED = {"startTime": "2026-03-10T10:00:00Z", "active": 1}
LONG_AGO = {"startTime": "2026-03-07T10:00:00Z", "active": 1}


@pytest.mark.parametrize(
    ("objects", "finding"),
    [
        ([_job({}, _finished("Failed"))], "JL940 The Job failed 30m ago: R: M."),
        ([_job({}, _finished("Failed")), _pod(EXITED)], "JL940 The Job failed 30m ago: R: M (last exit code 3)."),
        (
            [_job({"ttlSecondsAfterFinished": 3600}, _finished("Failed"))],
            "JL940 The Job failed 30m ago: R: M; it will be deleted in 30m, along with its logs.",
        ),
        (
            [_job({}, STARTED), _pod({"phase": "Pending", "conditions": [UNSCHEDULED]})],
            "JL942 A Pod of the Job has not started for 120m: 0/3 nodes are available.",
        ),
        ([_job({}, LONG_AGO), _pod(RUNS)], "JL943 The Job has been running for 3d2h and has no deadline."),
        ([_job({}, LONG_AGO)], "JL943 The Job has been running for 3d2h and has no deadline."),  # without its Pods
        (
            [_job({"suspend": True}, _finished("Suspended", "2026-02-10T12:00:00Z"))],
            "JL945 The Job has been suspended for 28d.",
        ),
        (
            [_job({"ttlSecondsAfterFinished": 3600}, _finished("Complete"))],
            (
                "JL946 The Job will be deleted in 30m, along with its Pods and their logs: "
                "ttlSecondsAfterFinished counts from the end of the Job."
            ),
        ),
        (
            [_job({}, _finished("Complete", "2026-03-01T12:00:00Z"))],
            "JL947 The Job finished 9d ago and is kept until somebody deletes it: ttlSecondsAfterFinished is not set.",
        ),
        (
            [_cron({"schedule": "0 0 31 2 *"}, {})],
            "JL948 The CronJob has not started a Job since it was created 120m ago: no date matches the schedule.",
        ),
        (
            [
                _cron({"concurrencyPolicy": "Forbid"}, {"lastScheduleTime": "2026-03-10T09:00:00Z", "active": [{"name": "j"}]}),
                _job({"activeDeadlineSeconds": 999_999}, STARTED, owner="CronJob c"),
            ],
            (
                "JL948 The CronJob has not started a Job for 3h: "
                'Job "j" is still active after 120m and blocks it (concurrencyPolicy: Forbid).'
            ),
        ),
        (
            [_job({}, _finished("SuccessCriteriaMet")), _pod(RUNS, deletionTimestamp="2026-03-10T11:00:00Z")],
            'JL949 The Job cannot finish: Pod "j-abcde" stays Terminating; its node probably does not respond.',
        ),
    ],
)
def test_what_is_said(objects: list[dict[str, Any]], finding: str) -> None:
    assert said(*objects) == [finding]


def test_a_rejected_creation_is_told_of_jobs_and_cronjobs() -> None:
    event = {
        "kind": "Event",
        "metadata": {"name": "e", "uid": "e", "creationTimestamp": "2026-03-10T11:00:00Z"},
        "involvedObject": {"kind": "Job", "namespace": "n", "name": "j", "uid": "j"},
        "reason": "FailedCreate",
        "message": "exceeded quota",
        "firstTimestamp": "2026-03-10T11:00:00Z",
        "lastTimestamp": "2026-03-10T11:59:00Z",
    }
    assert said(_job({}, {"startTime": "2026-03-10T10:00:00Z"}), event) == [
        "JL941 The Job cannot create its Pods (for 60m): exceeded quota."
    ]
    of_cron = {**event, "involvedObject": {"kind": "CronJob", "namespace": "n", "name": "c", "uid": "c"}}
    assert said(_cron({}, {"lastScheduleTime": "2026-03-10T09:00:00Z"}), of_cron) == [
        "JL948 The CronJob has not started a Job for 3h: exceeded quota."
    ]


@pytest.mark.parametrize(
    "objects",
    [
        [_job({"activeDeadlineSeconds": 999_999}, LONG_AGO), _pod(RUNS)],
        [_job({}, STARTED), _pod(RUNS)],
        [_job({}, STARTED), _pod({"phase": "Pending"}, creationTimestamp="2026-03-10T11:59:00Z")],
        [_job({}, _finished("Complete", "2026-03-01T12:00:00Z"), owner="CronJob c")],
        [_job({}, _finished("Complete"))],
        [_job({"suspend": True}, _finished("Suspended"))],
        [_cron({}, {"lastScheduleTime": "2026-03-10T12:00:00Z"})],
        [_cron({"suspend": True}, {"lastScheduleTime": "2026-03-10T12:00:00Z"})],
        [_job({"managedBy": "example.com/x"}, {})],
    ],
)
def test_what_is_as_it_should_be(objects: list[dict[str, Any]]) -> None:
    assert said(*objects) == []


def _list(*items: dict[str, Any], **meta: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "items": list(items), "kind": "List", "metadata": meta}


def test_what_is_a_look_at_a_cluster() -> None:
    job = _job({}, {})
    assert is_look(_list(job, resourceVersion=""))
    assert is_look(_list(job, _pod(RUNS)))
    assert not is_look(job) and not is_look(_list(job)) and not is_look(_list(resourceVersion=""))
    written = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}, "spec": {}}
    assert not is_look(_list(written, resourceVersion="")) and not is_look(_list(job, written, resourceVersion=""))


def test_a_look_is_not_judged_as_manifests_are() -> None:
    live = _list(_job({}, _finished("Failed"), generation=1), _pod(EXITED), resourceVersion="")
    report = report_of(json.dumps(live))
    assert [f.rule for f in report.findings] == ["JL940"] and report.skipped == ()
    alone = json.loads(json.dumps(live["items"][0]))
    alone["spec"]["template"]["spec"]["containers"] = [{"name": "main", "image": "app:1.4.2"}]
    assert "JL616" in [f.rule for f in report_of(json.dumps(alone)).findings]
