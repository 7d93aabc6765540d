"""Live Jobs and CronJobs: the state and the next event, as the real controllers and kubelet of 1.36.3 went on from there."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from joblint.controller.live.cronjob import state_of_cronjob
from joblint.controller.live.job import Live, state_of
from joblint.controller.live.objects import Cluster, instant
from joblint.run.explain import explain_files

with gzip.open(Path(__file__).parent.parent / "data" / "live.jsonl.gz", "rt", encoding="utf-8") as _lines:
    CASES: list[dict[str, Any]] = [json.loads(line) for line in _lines]


def _when(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def _live(case: dict[str, Any]) -> Live:
    items = case["list"]["items"]
    cluster, now = Cluster(items), _when(case["captured_at"])
    crons = [o for o in items if o["kind"] == "CronJob"]
    if crons:
        return state_of_cronjob(crons[0], cluster.of_cronjob(crons[0]), now)
    return state_of(cluster.of_job(next(o for o in items if o["kind"] == "Job")), now)


@pytest.mark.parametrize("case", CASES, ids=[c["state"] for c in CASES])
def test_what_came_next(case: dict[str, Any]) -> None:
    found, truth = _live(case), case["truth"]
    real = truth["next"]
    assert (found.state, found.next.event) == (truth["state"], real["event"])
    if real["at"] is None:
        assert found.next.at is None or real["event"] != "none"
        return
    assert found.next.at is not None and found.next.latest is not None
    assert found.next.at - 2 <= _when(real["at"]) <= found.next.latest + 2
    wait = _when(real["at"]) - found.now
    assert found.next.latest - found.next.at <= max(6.0, 0.3 * wait, real.get("spread", 0)) + 0.1


@pytest.mark.parametrize("case", CASES, ids=[c["state"] for c in CASES])
def test_a_live_object_is_explained_from_now(case: dict[str, Any]) -> None:
    data = json.dumps(case["list"]).encode()
    found = explain_files([("list.json", data)], "1.36", now=_when(case["captured_at"]))
    assert found.skipped == () and found.crashes == ()
    assert all(e.live is not None and e.verdict.accepted for e in found.explanations)


def _job(spec: dict[str, Any], status: dict[str, Any] | None = None) -> dict[str, Any]:
    template = {"spec": {"restartPolicy": "Never", "containers": [{"name": "main", "image": "x"}]}}
    meta = {"name": "j", "namespace": "n", "uid": "u", "creationTimestamp": "2026-01-01T00:00:00Z"}
    return {"kind": "Job", "metadata": meta, "spec": {"template": template, **spec}, "status": status or {}}


def _pod(name: str, phase: str, finished: str = "", **meta: Any) -> dict[str, Any]:
    state = {"terminated": {"exitCode": 1, "finishedAt": finished}} if finished else {"running": {}}
    owner = [{"kind": "Job", "name": "j", "uid": "u"}]
    metadata = {"name": name, "namespace": "n", "creationTimestamp": "2026-01-01T00:00:01Z", "ownerReferences": owner, **meta}
    status = {"phase": phase, "containerStatuses": [{"name": "main", "restartCount": 0, "state": state}]}
    return {"kind": "Pod", "metadata": metadata, "spec": {"nodeName": "a"}, "status": status}


NOW = instant("2026-01-01T00:01:00Z") or 0.0


def _of(job: dict[str, Any], *others: dict[str, Any]) -> Live:
    return state_of(Cluster([job, *others]).of_job(job), NOW)


def test_another_controller_s_job_is_left_alone() -> None:
    assert _of(_job({"managedBy": "example.com/x"})).state == "unmanaged"


def test_a_paused_job_still_meets_its_deadline() -> None:
    found = _of(_job({"parallelism": 0, "activeDeadlineSeconds": 90}, {"startTime": "2026-01-01T00:00:00Z"}))
    assert (found.state, found.next.event, found.next.at) == ("paused", "job-failed", NOW + 30)


def test_a_deleted_pod_is_replaced_ten_seconds_after_its_deletion() -> None:
    deleted = {"deletionTimestamp": "2026-01-01T00:01:29Z", "deletionGracePeriodSeconds": 30}
    found = _of(_job({}), _pod("p", "Running", **deleted))
    assert (found.state, found.next.event, found.next.at) == ("backoff", "pod-created", NOW - 1 + 10)
    waits = _of(_job({"podReplacementPolicy": "Failed"}), _pod("p", "Running", **deleted))
    assert waits.next.event == "pod-created" and waits.next.latest == NOW + 29 + 10 + 1


def test_a_success_resets_the_back_off() -> None:
    failed = [_pod(f"f{i}", "Failed", f"2026-01-01T00:00:{i:02d}Z") for i in (10, 20)]
    job = _job({"completions": 3})
    assert _of(job, *failed, _pod("last", "Failed", "2026-01-01T00:00:50Z")).next.at == NOW - 10 + 40
    succeeded = _pod("s", "Succeeded", "2026-01-01T00:00:40Z")
    assert _of(job, *failed, succeeded, _pod("last", "Failed", "2026-01-01T00:00:55Z")).next.at == NOW - 5 + 10


def test_nothing_odd_in_a_list_stops_the_rest() -> None:
    odd = [
        None,
        1,
        {"kind": "Pod"},
        {"kind": "Event", "involvedObject": 3},
        {"kind": "Job", "metadata": {"uid": 1}, "status": []},
    ]
    assert state_of(Cluster(odd).of_job(odd[-1]), NOW).state == "pending"  # type: ignore[arg-type]
