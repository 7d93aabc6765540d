"""The numbers that rules and explanations take from a prediction."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from joblint.base.record import replace
from joblint.controller.job.pod import Pod
from joblint.controller.job.simulate import FEW_ENDLESS, simulate
from joblint.controller.node.pace import EARLIEST, LATEST, TYPICAL
from joblint.controller.prediction.endings import end_of
from joblint.controller.prediction.predict import Cut, predict
from joblint.controller.scenario.file import read_scenario
from joblint.controller.scenario.scenario import built_in
from tests.controller.helper import job


def test_the_deadline_that_cuts_the_retries_short() -> None:
    """310 s of back-off come before retry 5 of 6: a deadline of 300 s ends the Job before it."""
    prediction = predict(job(activeDeadlineSeconds=300))
    assert prediction.deadline_cut == Cut(deadline=300, retry=5, retries=6, needed=310, needed_for_all=630)
    assert prediction.limit() == "activeDeadlineSeconds"
    assert prediction.tries().begins == (0.0, 10.95, 31.95, 72.95, 153.95)


@pytest.mark.parametrize(
    ("deadline", "limit", "cut"),
    [(631, 6, None), (630, 6, (6, 630)), (310, 6, (5, 310)), (311, 6, (6, 630)), (5000, 20, (14, 5430)), (3600, 0, None)],
)
def test_where_the_cut_is(deadline: int, limit: int, cut: tuple[int, int] | None) -> None:
    found = predict(job(activeDeadlineSeconds=deadline, backoffLimit=limit)).deadline_cut
    assert (None if found is None else (found.retry, found.needed)) == cut


def test_the_cut_of_restarts_in_place() -> None:
    found = predict(job("OnFailure", activeDeadlineSeconds=60)).deadline_cut
    assert found == Cut(deadline=60, retry=4, retries=6, needed=70, needed_for_all=310)


def test_the_cut_of_a_limit_per_index() -> None:
    of = job(completions=3, completionMode="Indexed", backoffLimitPerIndex=3, activeDeadlineSeconds=60)
    assert predict(of).deadline_cut == Cut(deadline=60, retry=3, retries=3, needed=70, needed_for_all=70)


@pytest.mark.parametrize(
    ("restart", "spec", "cut"),
    [
        # Each batch waits as long as after its last failure: 20, 80, 320 s, then 600 s each.
        ("Never", {"parallelism": 2, "backoffLimit": 7, "activeDeadlineSeconds": 100}, Cut(100, 2, 3, 100, 420, 2)),
        ("Never", {"parallelism": 2, "backoffLimit": 7, "activeDeadlineSeconds": 421}, None),
        # Restarts in place are each container's own: 0, 10, 20, … 300 s.
        ("OnFailure", {"parallelism": 3, "backoffLimit": 7, "activeDeadlineSeconds": 30}, Cut(30, 3, 3, 30, 30, 3)),
        # However far off the batch is that never begins.
        (
            "OnFailure",
            {"parallelism": 2, "backoffLimit": 100000, "activeDeadlineSeconds": 10**6},
            Cut(10**6, 3339, 50000, 1000210, 14998510, 2),
        ),
        (
            "Never",
            {"parallelism": 2, "backoffLimit": 2**31 - 1, "activeDeadlineSeconds": 10**9},
            Cut(10**9, 1666669, 2**30 - 1, 10**9 + 20, 644245092420, 2),
        ),
    ],
)
def test_the_cut_of_pods_that_fail_together(restart: str, spec: dict[str, int], cut: Cut | None) -> None:
    assert predict(job(restart, completions=None, **spec)).deadline_cut == cut


@pytest.mark.parametrize(
    ("restart", "spec", "tries", "needed"),
    [
        ("Never", {}, 7, 630),
        ("Never", {"backoffLimit": 0}, 1, 0),
        ("Never", {"backoffLimit": 8}, 9, 1830),
        ("OnFailure", {}, 6, 310),
        ("OnFailure", {"backoffLimit": 0}, 1, 0),
        ("OnFailure", {"backoffLimit": 1}, 1, 0),
        ("Never", {"completions": 3, "completionMode": "Indexed", "backoffLimitPerIndex": 2}, 3, 30),
        ("OnFailure", {"completions": 3, "completionMode": "Indexed", "backoffLimitPerIndex": 2}, None, 10),
    ],
)
def test_tries_and_the_back_off_they_need(restart: str, spec: dict[str, Any], tries: int | None, needed: int) -> None:
    prediction = predict(job(restart, **spec))
    assert (prediction.tries_allowed, prediction.backoff_needed) == (tries, needed)


def test_plain_numbers() -> None:
    of = job(
        "OnFailure",
        {"activeDeadlineSeconds": 50},
        completions=3,
        parallelism=5,
        activeDeadlineSeconds=100,
        ttlSecondsAfterFinished=7,
    )
    prediction = predict(of)
    assert (prediction.pattern, prediction.at_once, prediction.on_failure) == ("fixed-completions", 3, True)
    assert (prediction.deadline, prediction.pod_deadline, prediction.ttl) == (100, 50, 7)
    nothing = predict(job(parallelism=4))
    assert (nothing.at_once, nothing.deadline, nothing.pod_deadline, nothing.ttl) == (4, None, None, None)


@pytest.mark.parametrize(
    ("spec", "limit"),
    [
        ({}, "backoffLimit"),
        ({"activeDeadlineSeconds": 5}, "activeDeadlineSeconds"),
        ({"completions": 2, "completionMode": "Indexed", "backoffLimitPerIndex": 0}, "backoffLimitPerIndex"),
        ({"completions": 2, "completionMode": "Indexed", "backoffLimitPerIndex": 0, "maxFailedIndexes": 0}, "maxFailedIndexes"),
        (
            {"podFailurePolicy": {"rules": [{"action": "FailJob", "onExitCodes": {"operator": "In", "values": [1]}}]}},
            "podFailurePolicy",
        ),
        ({"podFailurePolicy": {"rules": [{"action": "Ignore", "onExitCodes": {"operator": "In", "values": [1]}}]}}, None),
        ({"suspend": True}, None),
        ({"completions": 0}, None),
    ],
)
def test_which_limit_wins_if_every_try_fails(spec: dict[str, Any], limit: str | None) -> None:
    assert predict(job(**spec)).limit() == limit


def test_tries_of_jobs_that_need_the_simulation_read_the_same() -> None:
    """A podFailurePolicy that matches nothing changes nothing but the way in which the attempts are worked out."""
    rule = {"action": "FailJob", "onExitCodes": {"operator": "In", "values": [42]}}
    assert predict(job(podFailurePolicy={"rules": [rule]})).tries() == predict(job()).tries()


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        ("succeed", ("complete", "Complete", "CompletionsReached", "completions", 1, 0, 1)),
        ("fail", ("failed", "Failed", "BackoffLimitExceeded", "backoffLimit", 0, 7, 7)),
        ("hang", ("stuck", "", "", "", 0, 0, 1)),
        ("evict", ("complete", "Complete", "CompletionsReached", "completions", 1, 1, 1)),
        ("node", ("stuck", "SuccessCriteriaMet", "CompletionsReached", "", 1, 1, 2)),
        ("pending", ("stuck", "", "", "", 0, 0, 1)),
    ],
)
def test_how_each_built_in_scenario_ends(scenario: str, expected: tuple[Any, ...]) -> None:
    end = predict(job()).end(scenario)
    assert (end.outcome, end.type, end.reason, end.limit, end.succeeded, end.failed, end.pods_kept) == expected


def test_what_is_left() -> None:
    assert predict(job("OnFailure")).end("fail").pods_kept == 0  # the Pod is deleted, and its logs with it
    assert predict(job(ttlSecondsAfterFinished=60)).end("fail").pods_kept == 0
    assert predict(job(ttlSecondsAfterFinished=60)).end("succeed").job_deleted_at == pytest.approx(62, abs=1)


def test_the_end_as_json() -> None:
    prediction = predict(job(backoffLimit=0))
    run = prediction.simulate(replace(built_in("fail"), instant=True))
    assert end_of("fail", prediction.spec, run).as_dict() == {
        "outcome": "failed",
        "type": "Failed",
        "reason": "BackoffLimitExceeded",
        "message": "Job has reached the specified backoff limit",
        "limit": "backoffLimit",
        "ends_at": 2.0,
        "ends_at_min": 2.0,
        "ends_at_max": 2.0,
        "stopped_at": None,
        "estimated_ends_at": None,
        "succeeded": 0,
        "failed": 1,
        "completedIndexes": "",
        "failedIndexes": "",
        "pods": 1,
        "pods_kept": 1,
        "restarts": 0,
        "job_deleted_at": None,
        "job_deleted_at_min": None,
        "job_deleted_at_max": None,
        "otherwise": [],
        "kubectl": {"status": "Failed", "completions": "0/1", "duration": "2s"},
    }


def test_the_run_as_json() -> None:
    found = simulate(job(), built_in("succeed")).as_dict()
    assert found["events"][0] == {"t": 0.0, "t_min": 0.0, "t_max": 0.0, "event": "pod-created", "n": 0, "index": None}
    times = {f"{name}{which}" for name in ("ends_at", "job_deleted_at") for which in ("", "_min", "_max")}
    assert set(found) == {"events", "final", "outcome", "otherwise", "stopped_at", "events_until"} | times
    assert found["final"]["conditions"][1] == {
        "type": "Complete",
        "status": "True",
        "reason": "CompletionsReached",
        "message": "Reached expected number of succeeded pods",
    }


def test_pods_that_are_over_take_no_memory() -> None:
    most = 0
    seen = 0

    def sink(_: object) -> None:
        nonlocal most, seen
        seen += 1
        if seen % 5000 == 0:
            most = max(most, sum(1 for o in gc.get_objects() if type(o) is Pod))

    of = job(completions=5000, parallelism=10, completionMode="Indexed")
    found = simulate(of, built_in("succeed"), sink=sink)
    assert (found.final.succeeded, found.final.completed_indexes, found.events) == (5000, "0-4999", ())
    assert 0 < most <= 20


def test_large_jobs_take_their_pods_500_at_a_time() -> None:
    found = simulate(job(completions=1200, parallelism=1200), replace(built_in("succeed"), instant=True))
    made = [e.t for e in found.events if e.event == "pod-created"]
    assert [made.count(t) for t in (0.0, 1.0, 2.0)] == [500, 500, 200]
    assert found.final.succeeded == 1200


def test_a_run_that_would_never_end_stops_and_says_so() -> None:
    of = job("OnFailure", completions=1, completionMode="Indexed", backoffLimitPerIndex=1)
    found = simulate(of, built_in("fail"))
    assert (found.outcome, found.ends_at) == ("for-ever", None)
    assert (found.pods, found.restarts) == (1, FEW_ENDLESS)
    slow = simulate(of, built_in("fail", 7200.0))
    assert slow.outcome == "for-ever" and 30 * 86400 <= slow.stopped_at < 31 * 86400
    large = simulate(job(completions=100, parallelism=1), built_in("succeed"), most_pods=10)
    assert (large.outcome, large.pods) == ("too-many", 11)
    cut = simulate(job(), built_in("hang"), 60)
    assert (cut.outcome, cut.stopped_at) == ("until", 60.0)


def test_the_input_is_not_changed() -> None:
    of = job(completions=2)
    before = repr(of)
    scenario = built_in("fail")
    simulate(of, scenario)
    predict(of).end("fail")
    assert repr(of) == before


@pytest.mark.parametrize("bias", [EARLIEST, TYPICAL, LATEST])
@pytest.mark.parametrize(
    "spec",
    [
        {"parallelism": 1},
        {"parallelism": 7, "completionMode": "Indexed"},
        {"parallelism": 2, "activeDeadlineSeconds": 1000},
        {"parallelism": 40, "backoffLimit": 3, "ttlSecondsAfterFinished": 60},
    ],
)
@pytest.mark.parametrize(
    "scenario",
    [
        {"pods": [{"run": 1, "exit": 0}]},
        {"pods": [{"run": 2.3, "exit": 0}], "kubelet": "instant"},
        {"pods": [{"when": {"n": 90}, "run": 3, "exit": 1}, {"run": 7.77, "exit": 0}], "actions": [{"at": 9, "evict": 1}]},
        {"pods": [{"when": {"n": 0}, "run": 5, "node": "a"}, {"run": 2}], "actions": [{"at": 4, "node_lost": "a"}]},
    ],
)
def test_what_is_leapt_over_is_as_if_it_had_been_simulated(bias: int, spec: dict[str, Any], scenario: dict[str, Any]) -> None:
    of = job(completions=1500, **spec)
    read = read_scenario(scenario, "x")
    whole = simulate(of, read, sink=lambda event: False, bias=bias)
    assert simulate(of, read, sink=lambda event: True, bias=bias) == whole


@pytest.mark.parametrize("mode", ["NonIndexed", "Indexed"])
@pytest.mark.parametrize("parallelism", [1, 3, 7])
def test_few_events_of_many_pods_are_enough_to_know_what_becomes_of_a_lost_node(parallelism: int, mode: str) -> None:
    of = job(completions=1100, parallelism=parallelism, completionMode=mode)
    found, whole = predict(of).run("node"), simulate(of, predict(of).scenario("node"))
    assert (found.final, found.outcome, found.pods) == (whole.final, whole.outcome, whole.pods)
    assert [e.t for e in found.events if e.event == "pod-deleting"] == [e.t for e in whole.events if e.event == "pod-deleting"]


def test_the_range_of_a_large_job_takes_as_long_as_that_of_a_small_one() -> None:
    """A spell in which every second batch misses its sync is one step, and so are a thousand of them for eight million Pods."""
    found = predict(job(completions=5_000_000, parallelism=1)).run("succeed")
    assert found.outcome == "complete" and found.ends is not None and found.ends_at is not None
    assert found.ends[0] < found.ends_at < found.ends[1] < found.ends_at * 1.01
    beyond = predict(job(completions=2_147_483_647, parallelism=1)).run("succeed")
    assert (beyond.outcome, beyond.otherwise) == ("complete", ())


def test_the_end_of_a_very_large_job_is_known() -> None:
    of = job(completions=1_000_000, parallelism=2)
    found = predict(of).run("succeed")
    assert (found.outcome, found.final.succeeded, found.pods) == ("complete", 1_000_000, 1_000_000)
    assert found.events_until is not None and found.ends_at is not None
    known = simulate(job(completions=2000, parallelism=2), built_in("succeed")).ends_at
    assert known is not None and abs(found.ends_at / known - 500) < 2


def test_of_a_cut_simulation_the_counts_are_those_of_that_moment() -> None:
    end = predict(job(completions=1_000_000, parallelism=700)).end("succeed")  # more at once than are created in one sync
    assert (end.outcome, end.at, end.succeeded) == ("too-many", None, 1900)
    assert end.stopped_at is not None and end.estimate is not None and 350 < end.estimate / end.stopped_at < 650
    whole = predict(job(completions=3)).end("succeed")
    assert (whole.stopped_at, whole.estimate) == (None, None)


@pytest.mark.parametrize(
    ("seconds", "deadline"), [(9223372036, 9223372036), (9223372037, 0), (10**12, 3875820019), (2**63 - 1, 0)]
)
def test_a_deadline_of_more_than_292_years_overflows(seconds: int, deadline: int) -> None:
    """pkg/controller/job/job_controller.go, pastActiveDeadline: time.Duration(seconds) * time.Second, in 64 bits."""
    p = predict(job(activeDeadlineSeconds=seconds))
    assert p.deadline == deadline
    assert p.end("hang").pods == (1 if deadline else 0)


@pytest.mark.parametrize("restart", ["Never", "OnFailure"])
@pytest.mark.parametrize("limit", [0, 1, 5, 6, 20, 50])
@pytest.mark.parametrize(
    "spec",
    [{}, {"parallelism": 3}, {"parallelism": 2, "completions": 7}, {"parallelism": 5, "completions": 5}],
    ids=["one", "queue", "two of seven", "five"],
)
def test_the_least_backoff_is_what_a_failing_job_needs(restart: str, limit: int, spec: dict[str, Any]) -> None:
    """Pods that fail together use up several retries at once, so the Job fails sooner than with one Pod at a time."""
    prediction = predict(job(restart, **spec, backoffLimit=limit))
    ends = prediction.tries(1.0).ends
    assert ends is not None and prediction.least_backoff <= ends[0] <= 1.25 * prediction.least_backoff + 60


def test_a_thousand_restarts_in_place_reach_their_limit() -> None:
    found = predict(job("OnFailure", backoffLimit=1100)).tries()
    assert found.reason == "BackoffLimitExceeded" and found.ends is not None and found.ends[0] > 330_000


@pytest.mark.parametrize(
    ("spec", "outcome"),
    [
        ({"backoffLimit": 4400}, "too-many"),
        ({"activeDeadlineSeconds": 3_000_000, "backoffLimit": 2**31 - 1}, "too-many"),
        ({"backoffLimit": 2**31 - 1}, "for-ever"),
    ],
)
def test_a_limit_that_is_reached_after_more_than_a_month_is_a_limit(spec: dict[str, Any], outcome: str) -> None:
    found = simulate(job(**spec), built_in("fail", 1.0), version="1.36", sink=lambda _: True)
    assert found.outcome == outcome


@pytest.mark.parametrize("scenario", ["fail", "succeed", "evict"])
def test_restarts_in_place_are_not_counted_if_the_pod_is_never_restarted(scenario: str) -> None:
    of = job(pod={"containers": [{"name": "main", "image": "x", "restartPolicy": "Always"}]})
    found = simulate(of, built_in(scenario, 1.0), version="1.36", sink=lambda _: True)
    assert found.outcome == "for-ever" and found.restarts > FEW_ENDLESS // 2
