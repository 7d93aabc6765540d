"""Live Jobs and CronJobs: the state and the next event, as the real controllers and kubelet of 1.36.3 went on from there."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from joblint.controller.live.cronjob import starts_of, state_of_cronjob
from joblint.controller.live.job import state_of
from joblint.controller.live.objects import Cluster, instant
from joblint.controller.live.states import Live
from joblint.controller.scenario.file import read_scenario
from joblint.run.explain import explain_files

with gzip.open(Path(__file__).parent.parent / "data" / "live.jsonl.gz", "rt", encoding="utf-8") as _lines:
    CASES: list[dict[str, Any]] = [json.loads(line) for line in _lines]

with gzip.open(Path(__file__).parent.parent / "data" / "live_by_hand.jsonl.gz", "rt", encoding="utf-8") as _lines:
    BY_HAND: list[dict[str, Any]] = [json.loads(line) for line in _lines]
"""Objects written by hand as the API server shows them; what comes next follows from the controllers' source."""


def _when(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def _live(case: dict[str, Any]) -> Live:
    return _at(case["list"]["items"], _when(case["captured_at"]))


def _at(items: list[dict[str, Any]], now: float) -> Live:
    cluster = Cluster(items)
    crons = [o for o in items if o["kind"] == "CronJob"]
    if crons:
        return state_of_cronjob(crons[0], cluster.of_cronjob(crons[0]), now, cluster.events(crons[0]))
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


@pytest.mark.parametrize("case", BY_HAND, ids=[c["name"] for c in BY_HAND])
def test_what_follows_from_the_source(case: dict[str, Any]) -> None:
    now = _when(case["now"])
    found = _at(case["items"], now)
    assert (found.state, found.next.event) == (case["state"], case["event"])
    if case["lo"] is not None:
        assert found.next.at is not None and found.next.latest is not None
        assert case["lo"] - 2 <= found.next.at - now <= found.next.latest - now <= case["hi"] + 2.5


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


def test_the_failure_that_fails_the_job_is_named() -> None:
    failed = [_pod(f"f{i}", "Failed", f"2026-01-01T00:00:{i}Z") for i in (40, 50)]
    assert _of(_job({"backoffLimit": 2}), *failed).why.endswith("; the next failure fails the Job")
    assert _of(_job({"backoffLimit": 6}), *failed).why.endswith("; failure 7 fails the Job")
    assert _of(_job({"backoffLimit": 2**31 - 1}), *failed).why.endswith("after 2 failures in a row")


def test_a_success_resets_the_back_off() -> None:
    failed = [_pod(f"f{i}", "Failed", f"2026-01-01T00:00:{i:02d}Z") for i in (10, 20)]
    job = _job({"completions": 3})
    assert _of(job, *failed, _pod("last", "Failed", "2026-01-01T00:00:50Z")).next.at == NOW - 10 + 40
    succeeded = _pod("s", "Succeeded", "2026-01-01T00:00:40Z")
    assert _of(job, *failed, succeeded, _pod("last", "Failed", "2026-01-01T00:00:55Z")).next.at == NOW - 5 + 10


CRASHED = {"name": "main", "restartCount": 2}
AGAIN = {"terminated": {"exitCode": 1, "finishedAt": "2026-01-01T00:00:55Z"}}
LOOPING = {"waiting": {"reason": "CrashLoopBackOff"}}


def _looping(state: dict[str, Any], last: dict[str, Any], **spec: Any) -> dict[str, Any]:
    """A Pod of restartPolicy OnFailure whose container has been restarted twice and waits."""
    pod = _pod("p", "Running")
    pod["spec"].update({"restartPolicy": "OnFailure", "containers": [{"name": "main"}], **spec})
    statuses = [{**CRASHED, "state": state, "lastState": last}]
    pod["status"].update({"startTime": "2026-01-01T00:00:01Z", "containerStatuses": statuses})
    return pod


def _on_failure(**spec: Any) -> dict[str, Any]:
    return {"template": {"spec": {"restartPolicy": "OnFailure", "containers": [{"name": "main"}]}}, **spec}


@pytest.mark.parametrize(("state", "last"), [(AGAIN, {}), (LOOPING, AGAIN)])
def test_a_crash_loop_however_it_is_shown(state: dict[str, Any], last: dict[str, Any]) -> None:
    found = _of(_job(_on_failure()), _looping(state, last))
    assert (found.state, found.next.event) == ("backoff", "container-restarted")
    assert found.next.at == pytest.approx(NOW - 5 + 20.6) and found.next.latest == pytest.approx(NOW - 5 + 30.3)


def test_in_a_crash_loop_an_earlier_deadline_ends_the_job_without_a_grace_period() -> None:
    job = _job(_on_failure(activeDeadlineSeconds=65), {"startTime": "2026-01-01T00:00:00Z"})
    found = _of(job, _looping(LOOPING, AGAIN))
    assert (found.state, found.next.event, found.next.at) == ("backoff", "job-failed", NOW + 5 + 1)
    assert found.next.latest is not None and found.next.latest < NOW + 12


def test_the_pods_own_deadline_comes_before_its_next_restart() -> None:
    found = _of(_job(_on_failure()), _looping(LOOPING, AGAIN, activeDeadlineSeconds=62))
    assert (found.next.event, found.next.because) == ("pod-created", "the Pod's own activeDeadlineSeconds, then its back-off")
    # Restarts that reach the limit fail the Job at once (pastBackoffLimitOnFailure).
    found = _of(_job(_on_failure(backoffLimit=0)), _looping(LOOPING, AGAIN, activeDeadlineSeconds=62))
    assert (found.state, found.next.event, found.next.at) == ("running", "job-failed", NOW)


def test_a_crashing_init_container_backs_off_too() -> None:
    pod = _looping(LOOPING, AGAIN, initContainers=[{"name": "init"}])
    init = {"name": "init", "restartCount": 1, "state": AGAIN}
    main = {"name": "main", "restartCount": 0, "state": {"waiting": {"reason": "PodInitializing"}}}
    pod["status"].update({"phase": "Pending", "initContainerStatuses": [init], "containerStatuses": [main]})
    found = _of(_job(_on_failure()), pod)
    assert (found.state, found.next.event, found.next.at) == ("backoff", "container-restarted", pytest.approx(NOW - 5 + 10.4))


def test_an_image_that_cannot_be_pulled_after_the_init_containers_is_pending() -> None:
    pod = _looping({}, {}, initContainers=[{"name": "init"}])
    done = {"terminated": {"exitCode": 0, "finishedAt": "2026-01-01T00:00:05Z"}}
    pull = {"waiting": {"reason": "ImagePullBackOff", "message": "Back-off pulling image"}}
    pod["status"].update(
        {
            "phase": "Pending",
            "initContainerStatuses": [{"name": "init", "restartCount": 0, "state": done}],
            "containerStatuses": [{"name": "main", "restartCount": 0, "state": pull}],
        }
    )
    found = _of(_job({}), pod)
    assert (found.state, found.next.event, found.why) == ("pending", "none", "ImagePullBackOff: Back-off pulling image")


def test_what_a_pending_pod_waits_for_stands_in_its_events() -> None:
    pod = _looping({"waiting": {"reason": "ContainerCreating"}}, {})
    pod["status"].update(
        {"phase": "Pending", "containerStatuses": [{"name": "main", "state": {"waiting": {"reason": "ContainerCreating"}}}]}
    )
    missing = {**_event("Pod", "p", "FailedMount", 'configmap "c" not found', "2026-01-01T00:00:50Z"), "type": "Warning"}
    assert _of(_job({}), pod, missing).why == 'FailedMount: configmap "c" not found'
    assert _of(_job({}), pod).why == "ContainerCreating"


def test_ignored_failures_of_an_index_lengthen_its_back_off() -> None:
    annotations = {
        "batch.kubernetes.io/job-completion-index": "1",
        "batch.kubernetes.io/job-index-failure-count": "0",
        "batch.kubernetes.io/job-index-ignored-failure-count": "2",
    }
    job = _job({"completionMode": "Indexed", "completions": 3, "parallelism": 3, "backoffLimitPerIndex": 1})
    found = _of(job, _pod("p-1", "Failed", "2026-01-01T00:00:50Z", annotations=annotations))
    assert (found.state, found.next.event, found.next.at) == ("backoff", "pod-created", NOW - 10 + 40)


def _event(kind: str, name: str, reason: str, message: str, at: str) -> dict[str, Any]:
    about = {"kind": kind, "namespace": "n", "name": name, "uid": "u" if kind == "Job" else "p"}
    return {"kind": "Event", "involvedObject": about, "reason": reason, "message": message, "lastTimestamp": at}


def test_a_deleted_pod_that_is_gone_is_known_by_its_events() -> None:
    created = _event("Job", "j", "SuccessfulCreate", "Created pod: j-abcde", "2026-01-01T00:00:01Z")
    killing = _event("Pod", "j-abcde", "Killing", "Stopping container main", "2026-01-01T00:00:56Z")
    found = _of(_job({}, {"failed": 1}), created, killing)
    assert (found.state, found.next.event, found.next.at) == ("backoff", "pod-created", NOW - 4 + 10)
    by_the_controller = _event("Job", "j", "SuccessfulDelete", "Deleted pod: j-abcde", "2026-01-01T00:00:56Z")
    assert _of(_job({}), created, killing, by_the_controller).state == "pending"


def _unreachable(**meta: Any) -> dict[str, Any]:
    """A Pod whose node has not answered for 40 s."""
    pod = _pod("p", "Running", **meta)
    keys = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
    pod["spec"]["tolerations"] = [{"key": k, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300} for k in keys]
    ready = {"type": "Ready", "status": "False", "lastTransitionTime": "2026-01-01T00:00:20Z"}
    pod["status"]["conditions"] = [ready, {"type": "ContainersReady", "status": "True"}]
    return pod


def test_the_pod_of_a_dead_node_is_replaced_once_its_toleration_is_over() -> None:
    found = _of(_job({}), _unreachable())
    assert (found.state, found.next.event, found.next.at) == ("running", "pod-created", NOW - 40 + 300)
    assert _of(_job({"podReplacementPolicy": "Failed"}), _unreachable()).next.event == "none"
    dated = _job({"activeDeadlineSeconds": 90}, {"startTime": "2026-01-01T00:00:00Z"})
    assert _of(dated, _unreachable()).next.event == "none"  # FailureTarget, and never Failed


def test_a_job_whose_last_pod_stays_terminating_never_ends() -> None:
    met = {"conditions": [{"type": "SuccessCriteriaMet", "status": "True", "reason": "CompletionsReached"}]}
    stuck = _pod("p", "Running", deletionTimestamp="2026-01-01T00:00:30Z", deletionGracePeriodSeconds=30)
    found = _of(_job({}, met), stuck)
    assert (found.state, found.next.event) == ("ending", "none")


def test_a_job_that_is_deleted_in_the_foreground_goes_with_its_last_pod() -> None:
    job = _job({})
    job["metadata"].update({"deletionTimestamp": "2026-01-01T00:00:58Z", "finalizers": ["foregroundDeletion"]})
    found = _of(job, _pod("p", "Running", deletionTimestamp="2026-01-01T00:01:28Z", deletionGracePeriodSeconds=30))
    assert (found.state, found.next.event, found.next.latest) == ("ending", "job-deleted", NOW + 28 + 1.5)


def _cron(spec: dict[str, Any], status: dict[str, Any], *others: dict[str, Any]) -> Live:
    meta = {"name": "c", "namespace": "n", "uid": "c1", "creationTimestamp": "2026-01-01T00:00:10Z"}
    cronjob = {"kind": "CronJob", "metadata": meta, "spec": {"schedule": "* * * * *", **spec}, "status": status}
    cluster = Cluster([cronjob, *others])
    return state_of_cronjob(cronjob, cluster.of_cronjob(cronjob), NOW, cluster.events(cronjob))


def _of_cron(spec: dict[str, Any], status: dict[str, Any]) -> dict[str, Any]:
    job = _job(spec, status)
    job["metadata"]["ownerReferences"] = [{"kind": "CronJob", "name": "c", "uid": "c1"}]
    return job


RUNS = {"lastScheduleTime": "2026-01-01T00:00:00Z", "active": [{"kind": "Job", "name": "j", "uid": "u"}]}
FORBID = {"concurrencyPolicy": "Forbid"}


def test_every_counts_from_the_last_start() -> None:
    found = _cron({"schedule": "@every 45s"}, {"lastScheduleTime": "2026-01-01T00:00:40Z"})
    assert (found.state, found.next.event, found.next.at) == ("scheduled", "job-created", NOW + 25)
    assert _cron({"schedule": "@every 45s"}, {}).next.at == NOW - 50 + 90


def test_forbid_waits_for_the_end_of_the_active_job_even_if_it_backs_off_first() -> None:
    dated = _of_cron({"activeDeadlineSeconds": 130}, {"startTime": "2026-01-01T00:00:00Z"})
    failed = _pod("p", "Failed", "2026-01-01T00:00:59Z")
    found = _cron(FORBID, RUNS, dated, failed)
    assert (found.state, found.next.event, found.next.at) == ("active", "job-created", NOW + 70)  # 00:02:00 was missed
    assert _cron({**FORBID, "startingDeadlineSeconds": 5}, RUNS, dated, failed).next.at == NOW + 120
    assert _cron(FORBID, RUNS, _of_cron({}, {}), failed).next.event == "none"


def test_a_job_that_somebody_made_of_the_cronjob_does_not_hold_up_forbid() -> None:
    found = _cron(FORBID, {"lastScheduleTime": "2026-01-01T00:00:00Z"}, _of_cron({}, {}), _pod("p", "Running"))
    assert (found.state, found.next.event, found.next.at) == ("scheduled", "job-created", NOW)  # its start is at this instant


def test_a_quota_on_jobs_stops_a_cronjob() -> None:
    refused = _event("CronJob", "c", "FailedCreate", "Error creating job: exceeded quota", "2026-01-01T00:00:50Z")
    found = _cron({}, {"lastScheduleTime": "2026-01-01T00:00:00Z"}, refused)
    assert (found.state, found.next.event, found.why) == ("scheduled", "none", "Error creating job: exceeded quota")


def test_nothing_odd_in_a_list_stops_the_rest() -> None:
    odd = [
        None,
        1,
        {"kind": "Pod"},
        {"kind": "Event", "involvedObject": 3},
        {"kind": "Job", "metadata": {"uid": 1}, "status": []},
    ]
    assert state_of(Cluster(odd).of_job(odd[-1]), NOW).state == "pending"  # type: ignore[arg-type]


def _futures(job: dict[str, Any], *pods: dict[str, Any], now: float = NOW) -> dict[str, Any]:
    """The ends of the built-in scenarios, in seconds from now, with what is in the status then."""
    data = json.dumps({"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "batch/v1", **job}, *pods]}).encode()
    (found,) = explain_files([("list.json", data)], "1.36", now=now).explanations
    return {told.name: told.run for told in found.scenarios}


def _failed_pods(count: int, last: str) -> list[dict[str, Any]]:
    return [_pod(f"p{n}", "Failed", last) for n in range(count)]


def test_the_futures_of_a_live_job_begin_where_it_is() -> None:
    # Three of seven failures are over, the fourth Pod comes 40 s after the third one's end, 10 s ago; then 80, 160 and 320 s.
    meta = {"resourceVersion": "1"}
    job = _job({"backoffLimit": 6}, {"startTime": "2026-01-01T00:00:00Z", "failed": 3})
    job["metadata"] |= meta
    runs = _futures(job, *_failed_pods(3, "2026-01-01T00:00:50Z"))
    fails = runs["fail"]
    assert fails.final.failed == 7 and fails.pods == 7
    assert 30 + 80 + 160 + 320 <= fails.ends_at <= 30 + 80 + 160 + 320 + 4 * 4
    assert 30 <= runs["succeed"].ends_at <= 36 and runs["succeed"].final.failed == 3
    assert runs["hang"].ends_at is None


def test_the_deadline_of_a_live_job_has_begun() -> None:
    job = _job({"activeDeadlineSeconds": 100}, {"startTime": "2026-01-01T00:00:00Z", "active": 1})
    job["metadata"] |= {"resourceVersion": "1"}
    hangs = _futures(job, _pod("p", "Running"))["hang"]
    assert 40 <= hangs.ends_at <= 80 and hangs.final.conditions[0].reason == "DeadlineExceeded"


def test_a_crash_loop_goes_on_from_its_restarts() -> None:
    # backoffLimit 6, two restarts: 20 (10 of them over), 40, 80 and 160 s are left, each a little longer.
    state = {"terminated": {"exitCode": 1, "finishedAt": "2026-01-01T00:00:50Z"}}
    pod = _pod("p", "Running")
    pod["spec"]["restartPolicy"] = "OnFailure"
    pod["status"]["containerStatuses"] = [{"name": "main", "restartCount": 2, "state": state}]
    job = _job({"backoffLimit": 6}, {"startTime": "2026-01-01T00:00:00Z", "active": 1})
    job["spec"]["template"]["spec"]["restartPolicy"] = "OnFailure"
    job["metadata"] |= {"resourceVersion": "1"}
    runs = _futures(job, pod)
    assert 10 + 40 + 80 + 160 <= runs["fail"].ends_at <= (10 + 40 + 80 + 160) * 1.5
    assert 10 <= runs["succeed"].ends_at <= 25


def test_the_indexes_of_a_live_job_go_on_one_by_one() -> None:
    spec = {"completionMode": "Indexed", "completions": 3, "parallelism": 3, "backoffLimitPerIndex": 1}
    job = _job(spec, {"startTime": "2026-01-01T00:00:00Z", "succeeded": 1, "completedIndexes": "0", "active": 1})
    job["metadata"] |= {"resourceVersion": "1"}
    key = "batch.kubernetes.io/job-completion-index"
    failed = _pod("p1", "Failed", "2026-01-01T00:00:55Z", annotations={key: "1"})
    runs = _futures(job, failed, _pod("p2", "Running", annotations={key: "2"}))
    assert runs["succeed"].final.completed_indexes == "0-2" and 5 <= runs["succeed"].ends_at <= 11
    # Index 1 has one attempt left, index 2 two of them, 10 s apart.
    assert runs["fail"].final.failed_indexes == "1,2" and 10 <= runs["fail"].ends_at <= 22


def test_a_job_that_stands_still_has_its_futures_from_the_beginning() -> None:
    job = _job({"suspend": True}, {"conditions": [{"type": "Suspended", "status": "True"}], "failed": 2})
    job["metadata"] |= {"resourceVersion": "1"}
    assert _futures(job)["fail"].pods == 0


def test_a_scenario_of_a_file_begins_where_the_live_job_is() -> None:
    """The next Pod comes 30 s from now and fails, the one after it 80 s later and succeeds; times and n count from now."""
    scenario = read_scenario({"pods": [{"when": {"n": 0}, "run": 1, "exit": 1}, {"run": 1, "exit": 0}]}, "x.yaml")
    job = _job({"backoffLimit": 6}, {"startTime": "2026-01-01T00:00:00Z", "failed": 3})
    job["metadata"] |= {"resourceVersion": "1"}
    items = [{"apiVersion": "batch/v1", **job}, *_failed_pods(3, "2026-01-01T00:00:50Z")]
    data = json.dumps({"apiVersion": "v1", "kind": "List", "items": items}).encode()
    (found,) = explain_files([("list.json", data)], "1.36", now=NOW, scenario=scenario).explanations
    assert found.asked is not None and found.asked.run.outcome == "complete"
    assert found.asked.run.final.failed == 4 and 30 + 80 <= found.asked.run.ends_at <= 30 + 80 + 15


def _ended(name: str, code: int, index: int | None = None, phase: str = "Failed") -> dict[str, Any]:
    at = {"batch.kubernetes.io/job-completion-index": str(index)} if index is not None else {}
    pod = _pod(name, phase, "2026-01-01T00:00:59Z", **({"annotations": at} if at else {}))
    pod["spec"]["containers"] = [{"name": "main"}]
    state = {"terminated": {"exitCode": code, "finishedAt": "2026-01-01T00:00:59Z"}}
    pod["status"]["containerStatuses"] = [{"name": "main", "restartCount": 0, "state": state}]
    return pod


_RULES = [
    {"action": "FailJob", "onExitCodes": {"operator": "In", "values": [42]}},
    {"action": "Ignore", "onExitCodes": {"operator": "In", "values": [7]}},
    {"action": "FailIndex", "onExitCodes": {"operator": "In", "values": [9]}},
]


def test_a_matched_rule_counts_before_the_controller_notes_it() -> None:
    spec = {"podFailurePolicy": {"rules": _RULES[:2]}, "backoffLimit": 1}
    found = _of(_job(spec), _ended("p", 42))
    assert (found.state, found.next.event, found.next.at) == ("running", "job-failed", NOW)
    said = "PodFailurePolicy: Container main for pod n/p failed with exit code 42 matching FailJob rule at index 0"
    assert found.next.because == said
    # Ignored failures do not count, but the back-off grows with them.
    ignored = _of(_job(spec), *[_ended(f"p{n}", 7) for n in range(3)])
    assert (ignored.state, ignored.next.event, ignored.next.at) == ("backoff", "pod-created", NOW - 1 + 40)


def test_an_index_that_a_rule_fails_gets_no_other_pod() -> None:
    spec = {"completionMode": "Indexed", "completions": 2, "parallelism": 2, "backoffLimitPerIndex": 3}
    job = _job({**spec, "podFailurePolicy": {"rules": _RULES}}, {"startTime": "2026-01-01T00:00:00Z"})
    found = _of(job, _ended("p0", 9, 0), _pod("p1", "Running", annotations={"batch.kubernetes.io/job-completion-index": "1"}))
    assert (found.state, found.next.event) == ("running", "none")
    both = _of(job, _ended("p0", 9, 0), _ended("p1", 0, 1, "Succeeded"))
    assert (both.state, both.next.event) == ("running", "job-failed")


def test_a_success_policy_is_met_before_the_controller_notes_it() -> None:
    spec = {"completionMode": "Indexed", "completions": 3, "parallelism": 3}
    spec["successPolicy"] = {"rules": [{"succeededIndexes": "0-1", "succeededCount": 1}]}
    status = {"startTime": "2026-01-01T00:00:00Z", "active": 2}
    running = _pod("p2", "Running", annotations={"batch.kubernetes.io/job-completion-index": "2"})
    running["status"]["containerStatuses"] = [{"name": "main", "state": {"running": {}}}]
    found = _of(_job(spec, status), _ended("p0", 0, 0, "Succeeded"), running)
    assert (found.state, found.next.event, found.next.at) == ("running", "job-complete", NOW)
    assert found.next.because == "SuccessPolicy: Matched rules at index 0" and found.next.latest == NOW + 30 + 3
    # In one sync, the deadline is looked at first.
    late = _of(_job({**spec, "activeDeadlineSeconds": 50}, status), _ended("p0", 0, 0, "Succeeded"), running)
    assert late.next.event == "job-failed"


@pytest.mark.parametrize(
    ("spec", "status", "now", "count", "shown", "why"),
    [
        # Forbid, and a Job that runs: the starts of 00:01 and 00:02 are missed.
        (FORBID, RUNS, "2026-01-01T00:02:30Z", 2, ["2026-01-01T00:01:00Z", "2026-01-01T00:02:00Z"], "and j is active"),
        ({"suspend": True}, {}, "2026-01-01T00:01:30Z", 1, ["2026-01-01T00:01:00Z"], "the latest of them starts immediately"),
        ({"suspend": True, "startingDeadlineSeconds": 9}, {}, "2026-01-01T00:01:30Z", 1, None, "more than 9s late"),
        ({"startingDeadlineSeconds": 20}, {}, "2026-01-01T00:01:30Z", 1, None, "not started within startingDeadlineSeconds: 20"),
        ({}, {}, "2026-01-01T00:01:30Z", 1, None, ""),  # nothing in the objects shows why
        ({}, {}, "2026-01-01T00:01:01Z", 0, [], ""),  # it has just come
        ({"suspend": True}, {}, "2026-02-01T00:00:00Z", 101, [], "it is suspended"),
        ({"schedule": "0 0 31 2 *"}, {}, "2026-02-01T00:00:00Z", 0, [], ""),
    ],
)
def test_starts_that_were_missed(
    spec: dict[str, Any], status: dict[str, Any], now: str, count: int, shown: list[str] | None, why: str
) -> None:
    at = instant(now)
    assert at is not None
    meta = {"name": "c", "namespace": "n", "uid": "c1", "creationTimestamp": "2026-01-01T00:00:10Z"}
    cronjob = {"kind": "CronJob", "metadata": meta, "spec": {"schedule": "* * * * *", **spec}, "status": status}
    job = _of_cron({}, {"active": 1, "startTime": "2026-01-01T00:00:00Z"})
    found = starts_of(cronjob, Cluster([cronjob, job]).of_cronjob(cronjob), at)
    assert found.count == count and why in found.why and bool(why) == bool(found.why)
    assert shown is None or list(found.missed) == [instant(time) for time in shown]
    assert found.last == instant(status.get("lastScheduleTime"))
    assert [name for name, _ in found.active] == (["j"] if status else [])
