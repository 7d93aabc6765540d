"""Pods with several containers: init containers, sidecars, restarts in place by policy and by rule."""

from __future__ import annotations

from typing import Any

import pytest

from joblint.controller.node.kubelet import Plan
from joblint.controller.node.pace import Instant
from joblint.controller.scenario.scenario import PodScript, Script
from tests.controller.helper import ended, job, run, times

KINDS = ("init", "started", "down", "container failed", "restarted", "ready", "ending", "succeeded", "failed")


PLAIN = PodScript()


def steps(pod: dict[str, Any], script: PodScript = PLAIN, count: int = 12) -> list[tuple[int, str, str]]:
    """The first steps of a Pod: (milliseconds, what, container)."""
    plan = Plan(pod, script, Instant())
    found = [plan.step(i) for i in range(count)]
    return [(s.at, KINDS[s.kind], s.name) for s in found if s is not None]


def containers(*names: str) -> list[dict[str, Any]]:
    return [{"name": n} for n in names]


def test_a_pod_runs_from_0_3_s_on() -> None:
    pod = {"restartPolicy": "Never", "containers": containers("main")}
    assert steps(pod) == [(300, "started", ""), (1300, "succeeded", "main")]


def test_a_pod_ends_with_its_last_container_and_fails_with_any() -> None:
    pod = {"restartPolicy": "Never", "containers": containers("a", "b")}
    script = PodScript(script=Script((5.0,)), containers=(("a", Script((1.0,), (3,))),))
    assert steps(pod, script) == [(300, "started", ""), (1300, "container failed", "a"), (5300, "failed", "b")]
    plan = Plan(pod, script, Instant())
    last = plan.step(2)
    assert last is not None and last.codes == (("a", 3), ("b", 0))


def test_init_containers_run_one_after_another_before_the_main_ones() -> None:
    pod = {"restartPolicy": "Never", "initContainers": containers("one", "two"), "containers": containers("main")}
    script = PodScript(containers=(("one", Script((2.0,))), ("two", Script((3.0,)))))
    assert steps(pod, script) == [
        (300, "init", "one"),
        (2300, "init", "two"),
        (5300, "started", ""),
        (6300, "succeeded", "main"),
    ]


def test_a_failed_init_container_fails_a_pod_of_never() -> None:
    pod = {"restartPolicy": "Never", "initContainers": containers("one"), "containers": containers("main")}
    assert steps(pod, PodScript(containers=(("one", Script((2.0,), (1,))),))) == [(300, "init", "one"), (2300, "failed", "one")]


def test_a_failed_init_container_counts_from_the_pods_beginning() -> None:
    """The main containers never ran, so the controller takes the time from the Pod's Ready condition: an init container that
    fails after more than the delay is tried again at once."""
    of = job(pod={"initContainers": [{"name": "init", "image": "x"}]})
    found = run(of, {"pods": [{"containers": {"init": {"run": 60, "exit": 1}}}]}, until=150)
    first, second = times(found, "pod-created")[:2]
    assert second - first == pytest.approx(61.3, abs=0.1)


def test_a_sidecar_starts_before_the_main_containers_and_stops_after_them() -> None:
    pod = {
        "restartPolicy": "Never",
        "initContainers": [{"name": "side", "restartPolicy": "Always"}],
        "containers": containers("main"),
    }
    script = PodScript(containers=(("side", Script((None,), terminate=2.0)),))
    assert steps(pod, script) == [(300, "started", ""), (3300, "succeeded", "main")]


def test_a_sidecar_is_restarted_whatever_it_exits_with() -> None:
    pod = {
        "restartPolicy": "Never",
        "initContainers": [{"name": "side", "restartPolicy": "Always"}],
        "containers": containers("main"),
    }
    script = PodScript(script=Script((30.0,)), containers=(("side", Script((1.0, None))),))
    assert steps(pod, script) == [
        (300, "started", ""),
        (1300, "down", "side"),
        (1300, "restarted", "side"),
        (30600, "succeeded", "main"),
    ]


def test_restarts_of_a_sidecar_do_not_fail_a_job_of_never() -> None:
    pod = {"initContainers": [{"name": "side", "image": "x", "restartPolicy": "Always"}]}
    found = run(job(pod=pod, backoffLimit=0), {"pods": [{"run": 60, "containers": {"side": {"run": 1, "exit": 1}}}]})
    assert (ended(found), found.restarts > 2) == (("Complete", "CompletionsReached"), True)


def test_a_container_that_ran_long_begins_anew_with_its_restarts() -> None:
    pod = {"restartPolicy": "OnFailure", "containers": containers("main")}
    at = [t for t, what, _ in steps(pod, PodScript(script=Script((1.0, 1.0, 700.0, 1.0), (1,))), 9) if what == "restarted"]
    assert at == [1300, 12300, 712300, 723300]


def test_a_containers_own_restart_policy_holds_in_a_pod_of_never() -> None:
    pod = {"restartPolicy": "Never", "containers": [{"name": "main", "restartPolicy": "OnFailure"}]}
    assert [what for _, what, _ in steps(pod, PodScript(script=Script((1.0,), (1, 0))))] == [
        "started",
        "container failed",
        "restarted",
        "succeeded",
    ]


def test_own_restarts_in_a_pod_of_never_are_no_failures_of_the_job() -> None:
    of = job(pod={"containers": [{"name": "main", "image": "x", "restartPolicy": "OnFailure"}]}, backoffLimit=0)
    found = run(of, {"pods": [{"run": 1, "exit": [1, 1, 1, 0]}]})
    assert (ended(found), found.restarts, found.final.failed) == (("Complete", "CompletionsReached"), 3, 0)


@pytest.mark.parametrize(
    ("operator", "values", "code", "restarted"),
    [("In", [42], 42, True), ("In", [42], 1, False), ("NotIn", [0, 42], 42, False), ("NotIn", [0, 42], 1, True)],
)
def test_restart_rules_pick_exit_codes(operator: str, values: list[int], code: int, restarted: bool) -> None:
    rule = {"action": "Restart", "exitCodes": {"operator": operator, "values": values}}
    pod = {"restartPolicy": "Never", "containers": [{"name": "main", "restartPolicy": "Never", "restartPolicyRules": [rule]}]}
    whats = [what for _, what, _ in steps(pod, PodScript(script=Script((1.0,), (code, 0))))]
    assert ("restarted" in whats) is restarted
    assert whats[-1] == ("succeeded" if restarted else "failed")


def test_a_rule_may_restart_all_containers() -> None:
    rule = {"action": "RestartAllContainers", "exitCodes": {"operator": "In", "values": [42]}}
    pod = {
        "restartPolicy": "Never",
        "initContainers": containers("init"),
        "containers": [{"name": "main", "restartPolicy": "Never", "restartPolicyRules": [rule]}, {"name": "other"}],
    }
    script = PodScript(script=Script((9.0,)), containers=(("init", Script((1.0,))), ("main", Script((2.0,), (42, 0)))))
    assert steps(pod, script) == [
        (300, "init", "init"),
        (1300, "started", ""),
        (3300, "container failed", "main"),
        (3300, "restarted", "main"),
        (3300, "init", "init"),
        (4300, "started", ""),
        (6300, "down", "main"),
        (13300, "succeeded", "other"),
    ]
    again = Plan(pod, script, Instant()).step(3)
    assert again is not None and again.restarts == 3


def test_a_pods_deadline_ends_it_with_137() -> None:
    pod = {"restartPolicy": "OnFailure", "activeDeadlineSeconds": 5, "containers": containers("a", "b")}
    plan = Plan(pod, PodScript(script=Script((None,)), containers=(("b", Script((1.0,))),)), Instant())
    last = plan.step(2)
    assert last is not None and (last.at, KINDS[last.kind], last.codes) == (5300, "failed", (("a", 137), ("b", 0)))


def test_a_pod_that_is_never_scheduled_has_no_steps() -> None:
    assert steps({"restartPolicy": "Never", "containers": containers("main")}, PodScript(pending=True)) == []


def test_a_deleted_pod_ends_when_its_containers_have_stopped_even_if_they_would_have_ended_before() -> None:
    scenario = {
        "pods": [{"run": 3, "terminate": 4, "terminate_exit": 0}],
        "actions": [{"at": 2, "patch": {"spec": {"suspend": True}}}],
    }
    assert times(run(job(), scenario), "pod-succeeded") == [6.0]


def test_containers_that_had_ended_keep_their_exit_code_when_the_pod_is_deleted() -> None:
    of = job(pod={"containers": [{"name": "a", "image": "x"}, {"name": "b", "image": "x"}]})
    script = {"run": None, "terminate_exit": 0, "containers": {"a": {"run": 1, "exit": 3}}}
    found = run(of, {"pods": [script], "actions": [{"at": 5, "delete_pod": 0}]}, until=10)
    assert [e.detail["exit"] for e in found.events if e.event == "pod-failed"] == [[3, 0]]


def replaced(of: dict[str, Any], script: dict[str, Any]) -> float:
    """When the Pod that is deleted after 30 s, and takes 15 s to stop, is replaced."""
    scenario = {"pods": [{"when": {"n": 0}, "terminate": 15, **script}, {"run": 1}], "actions": [{"at": 30, "delete_pod": 0}]}
    return times(run(of, scenario), "pod-created")[1]


def test_a_ready_pod_being_deleted_counts_from_its_deletion() -> None:
    assert replaced(job(), {"run": None}) == 39.95


def test_a_pod_being_deleted_that_was_not_ready_counts_from_when_it_became_so() -> None:
    two = {"containers": [{"name": "a", "image": "x"}, {"name": "b", "image": "x"}]}
    assert replaced(job(pod=two), {"run": None, "containers": {"a": {"run": 25}}}) == 34.95


def test_a_pod_being_deleted_that_was_never_ready_counts_from_its_beginning() -> None:
    init = {"initContainers": [{"name": "init", "image": "x"}]}
    assert replaced(job(pod=init), {"containers": {"init": {"run": None}}}) == 31.0


def test_a_failed_pod_counts_from_when_its_sidecars_have_stopped() -> None:
    pod = {"initContainers": [{"name": "side", "image": "x", "restartPolicy": "Always"}]}
    script = {"run": 1, "exit": 1, "containers": {"side": {"run": None, "terminate": 5}}}
    assert times(run(job(pod=pod), {"pods": [script]}, until=60), "pod-created")[1] == 15.95
