"""What Kubernetes does with a Job, statement by statement, as measured on 1.36.3: the model says the same."""

from __future__ import annotations

from typing import Any

import pytest

from joblint.controller.job.simulate import simulate
from joblint.controller.job.trace import Run
from joblint.controller.prediction.patterns import pattern
from joblint.controller.scenario.file import read_scenario
from tests.controller.helper import ended, job, run, times

FAIL_JOB = {"rules": [{"action": "FailJob", "onExitCodes": {"operator": "In", "values": [42]}}]}
IGNORE = {"rules": [{"action": "Ignore", "onExitCodes": {"operator": "In", "values": [1]}}]}


def created(found: Run) -> list[float]:
    return times(found, "pod-created")


def most_at_once(found: Run) -> int:
    most = now = 0
    for event in found.events:
        now += {"pod-created": 1, "pod-succeeded": -1, "pod-failed": -1}.get(event.event, 0)
        most = max(most, now)
    return most


class TestKindsOfJob:
    def test_single_is_done_when_one_pod_succeeds(self) -> None:
        for of in (job(), job(completions=1), job(completions=1, parallelism=3)):
            found = run(of, "succeed")
            assert pattern(of) == "single"
            assert (ended(found), found.pods) == (("Complete", "CompletionsReached"), 1)

    def test_fixed_count_is_done_when_n_pods_succeeded(self) -> None:
        found = run(job(completions=5, parallelism=2), "succeed")
        assert (ended(found), found.pods, found.final.succeeded) == (("Complete", "CompletionsReached"), 5, 5)

    def test_fixed_count_without_parallelism_runs_one_at_a_time(self) -> None:
        of = job(completions=3)
        assert (pattern(of), most_at_once(run(of, "succeed"))) == ("fixed-completions", 1)

    def test_work_queue_is_done_when_one_succeeded_and_all_others_ended(self) -> None:
        of = job(parallelism=3)
        found = run(of, {"pods": [{"when": {"n": 0}, "run": 2}, {"run": 30}]})
        assert pattern(of) == "work-queue"
        assert (ended(found), found.pods, found.final.succeeded) == (("Complete", "CompletionsReached"), 3, 3)
        assert found.ends_at is not None and found.ends_at > 30

    def test_work_queue_makes_no_new_pod_after_the_first_success(self) -> None:
        found = run(
            job(parallelism=3), {"pods": [{"when": {"n": 0}, "run": 2}, {"when": {"n": 1}, "run": 5, "exit": 1}, {"run": 60}]}
        )
        assert (found.pods, found.final.failed, ended(found)) == (3, 1, ("Complete", "CompletionsReached"))

    def test_indexed_is_done_when_each_index_succeeded(self) -> None:
        of = job(completions=5, parallelism=3, completionMode="Indexed")
        found = run(of, "succeed")
        assert (pattern(of), found.final.completed_indexes) == ("indexed", "0-4")
        assert sorted(e.index for e in found.events if e.event == "pod-created" and e.index is not None) == [0, 1, 2, 3, 4]

    def test_paused_does_nothing_until_parallelism_is_raised(self) -> None:
        of = job(completions=3, parallelism=0)
        found = run(of, "succeed")
        assert (pattern(of), found.outcome, found.pods, found.final.conditions) == ("paused", "stuck", 0, ())
        raised = run(of, {"actions": [{"at": 10, "patch": {"spec": {"parallelism": 2}}}]})
        assert created(raised)[:2] == [10.0, 10.0]
        assert ended(raised) == ("Complete", "CompletionsReached")

    def test_empty_is_complete_at_once_without_a_pod(self) -> None:
        of = job(completions=0, parallelism=3)
        found = run(of, "succeed")
        assert (pattern(of), found.pods, found.ends_at, ended(found)) == ("empty", 0, 0.0, ("Complete", "CompletionsReached"))

    def test_parallelism_1_alone_is_a_work_queue_of_one(self) -> None:
        assert pattern(job(parallelism=1)) == "work-queue"
        assert pattern(job()) == "single"

    def test_pods_at_once_never_exceed_the_remaining_completions(self) -> None:
        found = run(job(completions=5, parallelism=4), "succeed")
        assert created(found) == [0.0, 0.0, 0.0, 0.0, 2.0]

    def test_a_program_may_start_twice(self) -> None:
        found = run(job(), "evict", seconds=10)
        assert (found.pods, found.final.succeeded, found.final.failed) == (2, 1, 1)

    def test_suspending_a_work_queue_after_its_first_success_completes_it(self) -> None:
        suspend = {"at": 5, "patch": {"spec": {"suspend": True}}}
        found = run(job(parallelism=2), {"pods": [{"when": {"n": 0}, "run": 1}, {"run": None}], "actions": [suspend]})
        assert (ended(found), found.final.succeeded, found.final.failed) == (("Complete", "CompletionsReached"), 1, 0)


class TestBackoff:
    def test_the_limit_is_6_unless_given(self) -> None:
        assert run(job()).final.failed == 7

    def test_the_limit_beside_a_limit_per_index_is_the_largest_there_is(self) -> None:
        of = job(completions=2, completionMode="Indexed", backoffLimitPerIndex=1)
        assert of["spec"]["backoffLimit"] == 2147483647

    def test_an_explicit_limit_holds_beside_a_limit_per_index(self) -> None:
        of = job(completions=3, parallelism=3, completionMode="Indexed", backoffLimitPerIndex=3, backoffLimit=1)
        assert ended(run(of)) == ("Failed", "BackoffLimitExceeded")

    @pytest.mark.parametrize(("limit", "after"), [(0, 2), (1, 13), (2, 33), (3, 75), (4, 156), (6, 638), (8, 1840)])
    def test_never_fails_after_limit_plus_one_pods(self, limit: int, after: float) -> None:
        """Measured ends, each with its own part of a second: the model's are within one."""
        found = run(job(backoffLimit=limit))
        assert (found.pods, ended(found)) == (limit + 1, ("Failed", "BackoffLimitExceeded"))
        assert found.ends_at == pytest.approx(after, abs=1)

    def test_the_delay_doubles_from_10_s_up_to_ten_minutes(self) -> None:
        begins = created(run(job(backoffLimit=9)))
        gaps = [round(b - a - 1) for a, b in zip(begins, begins[1:], strict=False)]
        assert gaps == [10, 20, 40, 80, 160, 320, 600, 600, 600]

    def test_the_delay_counts_from_the_end_of_the_container_in_whole_seconds(self) -> None:
        found = run(job(backoffLimit=1), seconds=4.5)
        assert (times(found, "pod-failed")[0], created(found)[1]) == (4.8, 13.95)

    def test_five_failing_together_wait_160_s(self) -> None:
        begins = created(run(job(completions=5, parallelism=5)))
        assert begins[5] == pytest.approx(161, abs=1)

    def test_five_at_once_with_limit_6_fail_ten_in_all(self) -> None:
        assert run(job(completions=5, parallelism=5)).final.failed == 10

    def test_ten_at_once_pass_a_limit_of_6_in_one_wave(self) -> None:
        found = run(job(completions=10, parallelism=10))
        assert (found.final.failed, found.ends_at) == (10, 2.0)

    def test_a_later_failure_starts_the_wait_anew(self) -> None:
        pods = [{"when": {"n": 0}, "run": 1, "exit": 1}, {"when": {"n": 1}, "run": 9, "exit": 1}, {"run": 1}]
        found = run(job(completions=2, parallelism=2), {"pods": pods})
        assert created(found)[2] == pytest.approx(9 + 20, abs=1)

    def test_a_success_resets_the_delay_at_once(self) -> None:
        pods = [{"when": {"n": 0}, "run": 1, "exit": 1}, {"when": {"n": 1}, "run": 5}, {"run": 1}]
        found = run(job(completions=3, parallelism=2), {"pods": pods})
        assert created(found)[2:] == [6.3, 6.3]  # not 11: the delay of the first failure is forgotten

    def test_a_success_never_resets_the_count(self) -> None:
        pods = [{"when": {"n": n}, "run": 1, "exit": 1} for n in (0, 2, 4)]
        found = run(job(completions=5, parallelism=1, backoffLimit=2), {"pods": [*pods, {"run": 1}]})
        assert (ended(found), found.final.succeeded, found.final.failed) == (("Failed", "BackoffLimitExceeded"), 2, 3)

    def test_suspend_and_resume_keep_the_delay(self) -> None:
        actions = [{"at": 3, "patch": {"spec": {"suspend": True}}}, {"at": 5, "patch": {"spec": {"suspend": False}}}]
        found = run(job(), {"pods": [{"run": 1, "exit": 1}], "actions": actions}, until=15)
        assert created(found) == [0.0, 10.95]

    def test_a_pending_pod_is_no_failure_and_hangs_for_ever(self) -> None:
        found = run(job(), "pending")
        assert (found.outcome, found.pods, found.final.failed, found.final.active) == ("stuck", 1, 0, 1)


class TestOnFailure:
    def test_restarts_in_place_come_after_0_10_20_and_up_to_300_s(self) -> None:
        found = run(job("OnFailure", backoffLimit=9))
        begins = times(found, "container-restarted")
        ends = times(found, "container-failed")
        waits = [round(b - e) for e, b in zip(ends, begins, strict=False)]
        assert waits == [0, 10, 20, 40, 80, 160, 300, 300, 300]

    def test_limits_0_and_1_do_the_same(self) -> None:
        none, one = run(job("OnFailure", backoffLimit=0)), run(job("OnFailure", backoffLimit=1))
        assert none.events == one.events
        assert (ended(none), none.restarts) == (("Failed", "BackoffLimitExceeded"), 1)

    def test_limit_2_kills_an_attempt_that_would_have_succeeded(self) -> None:
        found = run(job("OnFailure", backoffLimit=2), {"pods": [{"run": [1, 1, 5], "exit": [1, 1, 0]}]})
        assert (ended(found), found.final.succeeded) == (("Failed", "BackoffLimitExceeded"), 0)
        saved = run(job("OnFailure", backoffLimit=3), {"pods": [{"run": [1, 1, 5], "exit": [1, 1, 0]}]})
        assert ended(saved) == ("Complete", "CompletionsReached")

    def test_restarts_add_up_over_the_running_pods_and_healthy_siblings_die_too(self) -> None:
        pods = [{"when": {"n": 2}, "run": 60}, {"run": 1, "exit": 1}]
        found = run(job("OnFailure", completions=3, parallelism=3, backoffLimit=2), {"pods": pods})
        assert ended(found) == ("Failed", "BackoffLimitExceeded")
        assert (found.restarts, found.final.failed, len(times(found, "pod-deleting"))) == (2, 3, 3)

    def test_restarts_of_ended_pods_drop_out(self) -> None:
        pods = [{"when": {"n": 0}, "run": 1, "exit": [1, 0]}, {"run": [5, 1, 1], "exit": [1, 1, 0]}]
        found = run(job("OnFailure", completions=2, parallelism=2, backoffLimit=3), {"pods": pods})
        assert (found.restarts, ended(found)) == (3, ("Complete", "CompletionsReached"))

    def test_restarts_of_init_containers_count(self) -> None:
        pod = {"initContainers": [{"name": "init", "image": "x"}]}
        pods = [{"containers": {"init": {"run": 1, "exit": 1}}}]
        found = run(job("OnFailure", pod, backoffLimit=2), {"pods": pods})
        assert (ended(found), found.restarts) == (("Failed", "BackoffLimitExceeded"), 2)

    def test_restarts_of_sidecars_count(self) -> None:
        pod = {"initContainers": [{"name": "side", "image": "x", "restartPolicy": "Always"}]}
        pods = [{"run": 60, "containers": {"side": {"run": 1, "exit": 0}}}]
        found = run(job("OnFailure", pod, backoffLimit=2), {"pods": pods})
        assert (ended(found), found.restarts) == (("Failed", "BackoffLimitExceeded"), 2)

    def test_failed_counts_pods_and_the_pod_with_its_logs_is_gone(self) -> None:
        found = run(job("OnFailure"))
        assert (found.restarts, found.final.failed, len(times(found, "pod-gone"))) == (6, 1, 1)

    def test_under_a_limit_per_index_the_pod_restarts_for_ever(self) -> None:
        found = run(job("OnFailure", completions=2, parallelism=2, completionMode="Indexed", backoffLimitPerIndex=1))
        assert (found.outcome, found.final.conditions, found.pods) == ("for-ever", (), 2)


class TestWorkQueueAfterSuccess:
    def test_failures_after_the_first_success_are_borne_with(self) -> None:
        pods = [{"when": {"n": 0}, "run": 2}, {"run": 8, "exit": 1}]
        found = run(job(parallelism=3), {"pods": pods})
        assert (ended(found), found.final.failed) == (("Complete", "CompletionsReached"), 2)

    def test_unless_they_exceed_the_limit(self) -> None:
        pods = [{"when": {"n": 0}, "run": 2}, {"run": 8, "exit": 1}]
        found = run(job(parallelism=3, backoffLimit=0), {"pods": pods})
        assert (ended(found), found.final.succeeded) == (("Failed", "BackoffLimitExceeded"), 1)


class TestLimitPerIndex:
    def indexed(self, **spec: Any) -> dict[str, Any]:
        return job(**{"completions": 4, "parallelism": 4, "completionMode": "Indexed", **spec})

    def test_each_index_has_its_own_count_and_its_own_delay(self) -> None:
        pods = [
            {"when": {"index": 0}, "run": 1, "exit": 1},
            {"when": {"index": 1, "attempt": 0}, "run": 5, "exit": 1},
            {"run": 1},
        ]
        found = run(self.indexed(backoffLimitPerIndex=2), {"pods": pods})
        begins = {i: [e.t for e in found.events if e.event == "pod-created" and e.index == i] for i in range(4)}
        assert [round(t) for t in begins[0]] == [0, 11, 32]
        assert [round(t) for t in begins[1]] == [0, 15]
        assert ended(found) == ("Failed", "FailedIndexes")
        assert (found.final.failed_indexes, found.final.completed_indexes) == ("0", "1-3")

    def test_a_waiting_index_keeps_its_slot_and_blocks_all_others_at_parallelism_1(self) -> None:
        pods = [{"when": {"index": 0, "attempt": 0}, "run": 1, "exit": 1}, {"run": 1}]
        found = run(self.indexed(backoffLimitPerIndex=1, parallelism=1), {"pods": pods})
        order = [(e.index, round(e.t)) for e in found.events if e.event == "pod-created"]
        assert order[:3] == [(0, 0), (0, 11), (1, 13)]

    def test_past_its_limit_an_index_is_given_up_and_the_others_go_on(self) -> None:
        pods = [{"when": {"index": 1}, "run": 1, "exit": 1}, {"run": 30}]
        found = run(self.indexed(backoffLimitPerIndex=0), {"pods": pods})
        assert ended(found) == ("Failed", "FailedIndexes")
        assert (found.final.failed_indexes, found.final.succeeded, found.final.failed) == ("1", 3, 1)

    def test_too_many_failed_indexes_end_the_job_at_once(self) -> None:
        pods = [{"when": {"index": 1}, "run": 1, "exit": 1}, {"run": 30}]
        found = run(self.indexed(backoffLimitPerIndex=0, maxFailedIndexes=0), {"pods": pods})
        assert (ended(found), found.final.failed) == (("Failed", "MaxFailedIndexesExceeded"), 4)
        assert found.ends_at == 3.0


class TestPodFailurePolicy:
    def test_the_first_matching_rule_wins(self) -> None:
        rules = [
            {"action": "Count", "onExitCodes": {"operator": "In", "values": [42]}},
            {"action": "FailJob", "onExitCodes": {"operator": "NotIn", "values": [1]}},
        ]
        found = run(job(podFailurePolicy={"rules": rules}, backoffLimit=1), {"pods": [{"run": 1, "exit": 42}]})
        assert (ended(found), found.pods) == (("Failed", "BackoffLimitExceeded"), 2)

    def test_fail_job_fails_the_job(self) -> None:
        found = run(job(podFailurePolicy=FAIL_JOB), {"pods": [{"run": 1, "exit": 42}]})
        assert (ended(found), found.pods) == (("Failed", "PodFailurePolicy"), 1)

    def test_exit_codes_of_init_containers_match_too(self) -> None:
        pod = {"initContainers": [{"name": "init", "image": "x"}]}
        found = run(job(pod=pod, podFailurePolicy=FAIL_JOB), {"pods": [{"containers": {"init": {"run": 1, "exit": 42}}}]})
        assert ended(found) == ("Failed", "PodFailurePolicy")
        assert found.final.conditions[-1].message.startswith("Container init for pod ")

    def test_only_the_named_container_matches(self) -> None:
        rule = {"action": "FailJob", "onExitCodes": {"operator": "In", "values": [42], "containerName": "side"}}
        pod = {"containers": [{"name": "main", "image": "x"}, {"name": "side", "image": "x"}]}
        of = job(pod=pod, podFailurePolicy={"rules": [rule]}, backoffLimit=0)
        only_main = {"pods": [{"run": 1, "containers": {"main": {"run": 1, "exit": 42}}}]}
        only_side = {"pods": [{"run": 1, "containers": {"side": {"run": 1, "exit": 42}}}]}
        assert ended(run(of, only_main)) == ("Failed", "BackoffLimitExceeded")
        assert ended(run(of, only_side)) == ("Failed", "PodFailurePolicy")

    def test_ignore_does_not_count_but_the_delay_grows_without_end(self) -> None:
        found = run(job(podFailurePolicy=IGNORE, backoffLimit=1))
        begins = created(found)
        assert (found.outcome, found.final.failed, found.final.conditions) == ("for-ever", 0, ())
        gaps = [round(b - a - 1) for a, b in zip(begins, begins[1:], strict=False)]
        assert gaps[:8] == [10, 20, 40, 80, 160, 320, 600, 600]

    def test_fail_index_gives_up_that_index(self) -> None:
        rules = [{"action": "FailIndex", "onExitCodes": {"operator": "In", "values": [42]}}]
        of = job(
            completions=3, parallelism=3, completionMode="Indexed", backoffLimitPerIndex=3, podFailurePolicy={"rules": rules}
        )
        found = run(of, {"pods": [{"when": {"index": 1}, "run": 1, "exit": 42}, {"run": 3}]})
        assert (ended(found), found.final.failed_indexes, found.pods) == (("Failed", "FailedIndexes"), "1", 3)

    def test_exit_code_0_never_matches(self) -> None:
        rule = {"action": "FailJob", "onExitCodes": {"operator": "NotIn", "values": [7], "containerName": "side"}}
        pod = {"containers": [{"name": "main", "image": "x"}, {"name": "side", "image": "x"}]}
        of = job(pod=pod, podFailurePolicy={"rules": [rule]}, backoffLimit=0)
        found = run(of, {"pods": [{"run": 1, "containers": {"main": {"run": 1, "exit": 1}}}]})
        assert ended(found) == ("Failed", "BackoffLimitExceeded")

    def test_conditions_match(self) -> None:
        rules = [{"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]}]
        pods = [{"when": {"n": 0}, "run": 1, "exit": 137, "condition": "DisruptionTarget"}, {"run": 1}]
        found = run(job(podFailurePolicy={"rules": rules}, backoffLimit=0), {"pods": pods})
        assert (ended(found), found.final.failed) == (("Complete", "CompletionsReached"), 0)


class TestPodReplacement:
    DELETED: dict[str, Any] = {
        "pods": [{"when": {"n": 0}, "run": 60, "terminate": 15, "terminate_exit": 0}, {"run": 1}],
        "actions": [{"at": 3, "delete_pod": 0}],
    }

    def test_a_deleted_pod_counts_as_failed_at_once_and_is_replaced_10_s_after_the_deletion(self) -> None:
        found = run(job(), self.DELETED)
        assert created(found)[1] == pytest.approx(13, abs=1)
        assert (found.final.succeeded, found.final.failed) == (1, 1)  # though the deleted one ended with 0

    def test_under_failed_the_controller_waits_for_its_end_and_0_is_a_success(self) -> None:
        found = run(job(podReplacementPolicy="Failed"), self.DELETED)
        assert (found.pods, found.final.succeeded, found.final.failed) == (1, 1, 0)

    def test_under_failed_the_next_pod_comes_10_s_after_its_end(self) -> None:
        scenario = {**self.DELETED, "pods": [{"when": {"n": 0}, "run": 60, "terminate": 15}, {"run": 1}]}
        found = run(job(podReplacementPolicy="Failed"), scenario)
        assert created(found)[1] == pytest.approx(28, abs=1)

    def test_failed_is_the_default_with_a_pod_failure_policy(self) -> None:
        assert job(podFailurePolicy=FAIL_JOB)["spec"]["podReplacementPolicy"] == "Failed"
        assert job()["spec"]["podReplacementPolicy"] == "TerminatingOrFailed"


class TestDeadlines:
    def test_the_deadline_counts_over_retries_and_back_off(self) -> None:
        found = run(job(activeDeadlineSeconds=300))
        assert (ended(found), found.pods) == (("Failed", "DeadlineExceeded"), 5)
        assert found.ends_at == pytest.approx(300, abs=1)

    def test_the_deadline_counts_over_pending(self) -> None:
        found = run(job(activeDeadlineSeconds=60), "pending")
        assert (ended(found), found.final.failed) == (("Failed", "DeadlineExceeded"), 1)

    def test_the_deadline_counts_from_whole_seconds_so_that_it_comes_early(self) -> None:
        found = run(job(activeDeadlineSeconds=60), "hang")
        assert times(found, "pod-deleting") == [59.95]

    def test_a_deadline_of_0_fails_the_job_before_any_pod(self) -> None:
        found = run(job(activeDeadlineSeconds=0), "succeed")
        assert (found.pods, found.ends_at, ended(found)) == (0, 0.0, ("Failed", "DeadlineExceeded"))

    def test_a_pod_that_succeeds_in_the_last_second_still_ends_in_deadline_exceeded(self) -> None:
        found = run(job(activeDeadlineSeconds=6), "succeed", seconds=5.4)
        assert (ended(found), found.final.succeeded) == (("Failed", "DeadlineExceeded"), 1)

    def test_whichever_limit_is_earlier_wins(self) -> None:
        assert ended(run(job(activeDeadlineSeconds=60, backoffLimit=1)))[1] == "BackoffLimitExceeded"
        assert ended(run(job(activeDeadlineSeconds=12, backoffLimit=1)))[1] == "DeadlineExceeded"

    def test_in_one_sync_the_limit_is_looked_at_first(self) -> None:
        found = run(job(activeDeadlineSeconds=6, backoffLimit=0), seconds=5.4)
        assert (found.ends_at, ended(found)[1]) == (5.95, "BackoffLimitExceeded")

    def test_a_pods_own_deadline_is_an_ordinary_failure_and_retried(self) -> None:
        found = run(job(pod={"activeDeadlineSeconds": 3}, backoffLimit=1), "hang")
        assert (found.pods, ended(found)) == (2, ("Failed", "BackoffLimitExceeded"))
        assert times(found, "pod-failed")[0] == 3.3

    def test_a_pods_own_deadline_spans_its_restarts(self) -> None:
        found = run(job("OnFailure", {"activeDeadlineSeconds": 30}, backoffLimit=9), until=40)
        assert times(found, "pod-failed") == [30.3]

    def test_a_suspended_job_has_no_start_time_and_no_deadline(self) -> None:
        found = run(job(suspend=True, activeDeadlineSeconds=3), "succeed")
        assert (found.outcome, found.final.start_time, found.pods) == ("stuck", None, 0)
        assert ended(found) == ("Suspended", "JobSuspended")

    def test_every_resume_starts_the_deadline_in_full(self) -> None:
        actions = [{"at": t, "patch": {"spec": {"suspend": s}}} for t, s in ((8, True), (20, False))]
        found = run(job(activeDeadlineSeconds=10), {"pods": [{"run": None}], "actions": actions})
        assert times(found, "pod-deleting")[-1] == pytest.approx(30, abs=1)

    def test_before_1_36_a_resumed_job_fails_at_once_where_the_deadline_from_its_first_start_is_over(self) -> None:
        actions = [{"at": t, "patch": {"spec": {"suspend": s}}} for t, s in ((8, True), (20, False))]
        scenario = read_scenario({"pods": [{"run": None}], "actions": actions}, "resumed")
        found = simulate(job(activeDeadlineSeconds=10), scenario, version="1.35")
        assert (ended(found), found.ends_at, found.pods) == (("Failed", "DeadlineExceeded"), 20.0, 1)

    def test_suspending_deletes_running_pods_without_counting_them(self) -> None:
        scenario = {"pods": [{"run": 60}], "actions": [{"at": 5, "patch": {"spec": {"suspend": True}}}]}
        found = run(job(completions=2, parallelism=2), scenario)
        assert (len(times(found, "pod-gone")), found.final.failed, found.final.active) == (2, 0, 0)

    def test_scaling_down_deletes_running_pods_without_counting_them(self) -> None:
        scenario = {"pods": [{"run": 60}], "actions": [{"at": 5, "patch": {"spec": {"parallelism": 1}}}]}
        found = run(job(completions=4, parallelism=3), scenario, until=20)
        assert (len(times(found, "pod-gone")), found.final.failed, found.final.active) == (2, 0, 1)

    def test_scaling_down_gives_up_the_youngest_first_and_among_equals_the_lowest_index(self) -> None:
        counts = {"completions": 4, "parallelism": 2, "completionMode": "Indexed"}
        actions = [{"at": 5, "patch": {"spec": {"parallelism": 4}}}, {"at": 9, "patch": {"spec": {"parallelism": 1}}}]
        found = run(job(**counts), {"pods": [{"run": 60}], "actions": actions}, until=12)
        assert sorted(e.index for e in found.events if e.event == "pod-deleting" and e.index is not None) == [0, 2, 3]

    def test_what_people_do_comes_after_what_the_cluster_does_in_the_same_moment(self) -> None:
        suspend = {"at": 2, "patch": {"spec": {"suspend": True}}}
        assert ended(run(job(), {"pods": [{"run": 1}], "actions": [suspend]})) == ("Complete", "CompletionsReached")


class TestTimeToLive:
    def test_it_counts_from_the_end(self) -> None:
        for scenario in ("succeed", "fail"):
            found = run(job(ttlSecondsAfterFinished=5, backoffLimit=0), scenario)
            assert found.job_deleted_at == pytest.approx((found.ends_at or 0) + 5, abs=1)

    def test_0_deletes_at_once(self) -> None:
        found = run(job(ttlSecondsAfterFinished=0), "succeed")
        assert found.job_deleted_at == found.ends_at

    def test_unset_keeps_the_job_for_ever(self) -> None:
        assert run(job(), "succeed").job_deleted_at is None

    def test_it_may_be_set_on_a_finished_job(self) -> None:
        found = run(job(), {"actions": [{"at": 100, "patch": {"spec": {"ttlSecondsAfterFinished": 30}}}]})
        assert found.job_deleted_at == 100.0

    def test_it_may_be_put_off(self) -> None:
        of = job(ttlSecondsAfterFinished=5)
        found = run(of, {"actions": [{"at": 5, "patch": {"spec": {"ttlSecondsAfterFinished": 15}}}]})
        assert found.job_deleted_at == pytest.approx(17, abs=1)

    def test_it_does_not_touch_a_job_that_has_not_ended(self) -> None:
        found = run(job(suspend=True, ttlSecondsAfterFinished=1), "succeed")
        assert (found.outcome, found.job_deleted_at) == ("stuck", None)


class TestEndings:
    def test_failure_target_comes_first_and_failed_once_nothing_stops_any_more(self) -> None:
        found = run(job(activeDeadlineSeconds=5), {"pods": [{"run": None, "terminate": 10}]})
        target, failed = found.final.conditions
        assert (target.type, failed.type) == ("FailureTarget", "Failed")
        assert (target.reason, target.message) == (failed.reason, failed.message)
        assert (round(target.at), round(failed.at)) == (5, 16)

    def test_success_criteria_met_comes_first_and_complete_once_nothing_stops_any_more(self) -> None:
        of = job(completions=2, parallelism=2, completionMode="Indexed", successPolicy={"rules": [{"succeededIndexes": "0"}]})
        found = run(of, {"pods": [{"when": {"index": 0}, "run": 2}, {"run": None, "terminate": 10}]})
        met, complete = found.final.conditions
        assert (met.type, complete.type, met.reason, complete.reason) == (
            "SuccessCriteriaMet",
            "Complete",
            "SuccessPolicy",
            "SuccessPolicy",
        )
        assert complete.at - met.at > 9

    def test_a_failed_job_has_no_completion_time(self) -> None:
        assert run(job(backoffLimit=0)).final.completion_time is None
        assert run(job(), "succeed").final.completion_time is not None

    def test_on_failure_running_pods_are_deleted_and_added_to_failed_even_if_they_exit_0(self) -> None:
        pods = [{"when": {"n": 0}, "run": 1, "exit": 1}, {"run": 60, "terminate": 2, "terminate_exit": 0}]
        found = run(job(completions=3, parallelism=3, backoffLimit=0), {"pods": pods})
        assert (found.final.failed, found.final.succeeded, len(times(found, "pod-succeeded"))) == (3, 0, 2)

    def test_under_a_success_policy_running_pods_are_not_counted_at_all(self) -> None:
        of = job(completions=5, parallelism=5, completionMode="Indexed", successPolicy={"rules": [{"succeededIndexes": "0"}]})
        found = run(of, {"pods": [{"when": {"index": 0}, "run": 2}, {"run": 60}]})
        assert (found.final.succeeded, found.final.failed, found.final.completed_indexes) == (1, 0, "0")

    def test_pod_failure_policy_comes_before_the_limit(self) -> None:
        found = run(job(podFailurePolicy=FAIL_JOB, backoffLimit=0), {"pods": [{"run": 1, "exit": 42}]})
        assert ended(found)[1] == "PodFailurePolicy"

    def test_the_limit_comes_before_too_many_failed_indexes(self) -> None:
        of = job(
            completions=2, parallelism=2, completionMode="Indexed", backoffLimitPerIndex=0, maxFailedIndexes=0, backoffLimit=0
        )
        assert ended(run(of))[1] == "BackoffLimitExceeded"

    def test_the_deadline_comes_before_too_many_failed_indexes(self) -> None:
        of = job(
            completions=2,
            parallelism=2,
            completionMode="Indexed",
            backoffLimitPerIndex=0,
            maxFailedIndexes=0,
            activeDeadlineSeconds=6,
        )
        assert ended(run(of, seconds=5.4))[1] == "DeadlineExceeded"

    def test_too_many_failed_indexes_come_before_failed_indexes(self) -> None:
        of = job(completions=2, parallelism=2, completionMode="Indexed", backoffLimitPerIndex=0, maxFailedIndexes=1)
        assert ended(run(of))[1] == "MaxFailedIndexesExceeded"

    def test_failed_indexes_come_before_a_success_policy(self) -> None:
        of = job(
            completions=2,
            parallelism=2,
            completionMode="Indexed",
            backoffLimitPerIndex=0,
            successPolicy={"rules": [{"succeededCount": 1}]},
        )
        found = run(of, {"pods": [{"when": {"index": 0}, "run": 1}, {"run": 1, "exit": 1}]})
        assert ended(found)[1] == "FailedIndexes"

    def test_a_success_policy_comes_before_completions(self) -> None:
        of = job(completions=2, parallelism=2, completionMode="Indexed", successPolicy={"rules": [{"succeededCount": 2}]})
        assert ended(run(of, "succeed"))[1] == "SuccessPolicy"

    def test_a_success_policy_that_is_met_outlives_the_deadline(self) -> None:
        of = job(
            completions=2,
            parallelism=2,
            completionMode="Indexed",
            activeDeadlineSeconds=5,
            successPolicy={"rules": [{"succeededIndexes": "0"}]},
        )
        found = run(of, {"pods": [{"when": {"index": 0}, "run": 2}, {"run": None, "terminate": 20}]})
        assert ended(found) == ("Complete", "SuccessPolicy")

    @pytest.mark.parametrize(
        ("spec", "scenario", "message"),
        [
            ({}, "succeed", "Reached expected number of succeeded pods"),
            ({"backoffLimit": 0}, "fail", "Job has reached the specified backoff limit"),
            ({"activeDeadlineSeconds": 3}, "hang", "Job was active longer than specified deadline"),
            ({"suspend": True}, "succeed", "Job suspended"),
            ({"completions": 2, "completionMode": "Indexed", "backoffLimitPerIndex": 0}, "fail", "Job has failed indexes"),
            (
                {"completions": 2, "completionMode": "Indexed", "backoffLimitPerIndex": 0, "maxFailedIndexes": 0},
                "fail",
                "Job has exceeded the specified maximal number of failed indexes",
            ),
            (
                {
                    "completions": 2,
                    "completionMode": "Indexed",
                    "successPolicy": {"rules": [{"succeededIndexes": "1", "succeededCount": 1}, {"succeededCount": 1}]},
                },
                "succeed",
                "Matched rules at index 1",
            ),
            (
                {"podFailurePolicy": {"rules": [{"action": "FailJob", "onExitCodes": {"operator": "In", "values": [1]}}]}},
                "fail",
                "Container main for pod default/j-xxxxx failed with exit code 1 matching FailJob rule at index 0",
            ),
            (
                {"podFailurePolicy": {"rules": [{"action": "FailJob", "onPodConditions": [{"type": "DisruptionTarget"}]}]}},
                "evict",
                "Pod default/j-xxxxx has condition DisruptionTarget matching FailJob rule at index 0",
            ),
        ],
    )
    def test_messages(self, spec: dict[str, Any], scenario: str, message: str) -> None:
        assert run(job(**spec), scenario).final.conditions[-1].message == message

    def test_resumed_is_said_in_the_condition(self) -> None:
        found = run(job(suspend=True), {"pods": [{"run": None}], "actions": [{"at": 5, "patch": {"spec": {"suspend": False}}}]})
        condition = found.final.conditions[0]
        assert (condition.type, condition.status, condition.reason, condition.message) == (
            "Suspended",
            "False",
            "JobResumed",
            "Job resumed",
        )


class TestChanges:
    @pytest.mark.parametrize(
        "spec",
        [
            {"selector": {"matchLabels": {"a": "b"}}},
            {"completionMode": "Indexed"},
            {"podFailurePolicy": FAIL_JOB},
            {"successPolicy": {"rules": [{"succeededCount": 1}]}},
            {"backoffLimitPerIndex": 1},
            {"managedBy": "example.com/other"},
            {"template": {"spec": {"containers": [{"name": "main", "image": "y"}]}}},
            {"template": {"spec": {"nodeSelector": {"a": "b"}}}},
            {"template": {"metadata": {"labels": {"a": "b"}}}},
            {"completions": 4},
        ],
    )
    def test_what_is_immutable_changes_nothing(self, spec: dict[str, Any]) -> None:
        of = job(completions=2)
        changed = run(of, {"pods": [{"run": 8}], "actions": [{"at": 2, "patch": {"spec": spec}}]})
        assert [e.detail["accepted"] for e in changed.events if e.event == "action"] == [False]
        assert (changed.pods, changed.ends_at) == (2, run(of, "succeed", seconds=8).ends_at)

    @pytest.mark.parametrize(
        ("spec", "begun"),
        [
            ({"parallelism": 3}, 4),
            ({"suspend": True}, 1),
            ({"activeDeadlineSeconds": 4}, 1),
            ({"podReplacementPolicy": "Failed"}, 4),
        ],
    )
    def test_what_is_mutable_takes_effect_while_the_job_runs(self, spec: dict[str, Any], begun: int) -> None:
        found = run(job(completions=4), {"pods": [{"run": 8}], "actions": [{"at": 2, "patch": {"spec": spec}}]})
        assert [e.detail["accepted"] for e in found.events if e.event == "action"] == [True]
        assert found.pods == begun

    def test_a_lowered_limit_takes_effect_on_failures_that_are_past(self) -> None:
        found = run(job(), {"pods": [{"run": 1, "exit": 1}], "actions": [{"at": 6, "patch": {"spec": {"backoffLimit": 0}}}]})
        assert (ended(found), found.ends_at) == (("Failed", "BackoffLimitExceeded"), 6.0)

    def test_an_elastic_indexed_job_grows_with_parallelism(self) -> None:
        grow = {"at": 3, "patch": {"spec": {"completions": 4, "parallelism": 4}}}
        found = run(job(completions=2, parallelism=2, completionMode="Indexed"), {"pods": [{"run": 8}], "actions": [grow]})
        assert (found.final.completed_indexes, created(found)) == ("0-3", [0.0, 0.0, 3.0, 3.0])

    def test_an_elastic_indexed_job_shrinks_and_forgets_what_lies_beyond(self) -> None:
        pods = [{"when": {"index": 3}, "run": 1}, {"run": 30}]
        shrink = {"at": 10, "patch": {"spec": {"completions": 2, "parallelism": 2}}}
        found = run(job(completions=4, parallelism=4, completionMode="Indexed"), {"pods": pods, "actions": [shrink]})
        assert (found.final.completed_indexes, found.final.succeeded, found.final.failed) == ("0,1", 2, 0)

    def test_a_failure_beyond_the_completions_does_not_count(self) -> None:
        pods = [{"when": {"index": 3}, "run": 1, "exit": 1}, {"run": 5}]
        shrink = {"at": 1.5, "patch": {"spec": {"completions": 2, "parallelism": 2}}}
        of = job(completions=4, parallelism=4, completionMode="Indexed", backoffLimit=0)
        found = run(of, {"pods": pods, "actions": [shrink]})
        assert (ended(found), found.final.failed) == (("Complete", "CompletionsReached"), 0)

    def test_completions_alone_cannot_change_even_of_an_indexed_job(self) -> None:
        grow = {"at": 3, "patch": {"spec": {"completions": 4}}}
        found = run(job(completions=2, parallelism=2, completionMode="Indexed"), {"pods": [{"run": 8}], "actions": [grow]})
        assert found.final.completed_indexes == "0,1"

    @pytest.mark.parametrize("policy", [{"succeededCount": 3}, {"succeededIndexes": "1-3"}])
    def test_completions_do_not_shrink_below_what_the_success_policy_names(self, policy: dict[str, Any]) -> None:
        of = job(completions=4, parallelism=4, completionMode="Indexed", successPolicy={"rules": [policy]})
        shrink = {"at": 3, "patch": {"spec": {"completions": 2, "parallelism": 2}}}
        found = run(of, {"pods": [{"run": 8}], "actions": [shrink]})
        assert [e.detail["accepted"] for e in found.events if e.event == "action"] == [False]

    def test_a_default_that_the_server_wrote_stays(self) -> None:
        raised = run(job(), {"pods": [{"run": 8}], "actions": [{"at": 3, "patch": {"spec": {"parallelism": 3}}}]})
        assert (raised.pods, ended(raised)) == (1, ("Complete", "CompletionsReached"))

    def test_nothing_revives_a_finished_job(self) -> None:
        patches: list[dict[str, Any]] = [{"backoffLimit": 5}, {"suspend": True}, {"suspend": False}, {"parallelism": 3}]
        actions = [{"at": 4 + 2 * i, "patch": {"spec": p}} for i, p in enumerate(patches)]
        found = run(job(backoffLimit=0), {"pods": [{"run": 1, "exit": 1}], "actions": actions})
        assert (found.pods, ended(found)) == (1, ("Failed", "BackoffLimitExceeded"))

    def test_the_scheduling_of_a_suspended_job_may_change(self) -> None:
        of = job(suspend=True, pod={"schedulingGates": [{"name": "example.com/g"}]})
        patch = {"spec": {"suspend": False, "template": {"spec": {"schedulingGates": None}}}}
        found = run(of, {"actions": [{"at": 5, "patch": patch}]})
        assert ended(found) == ("Complete", "CompletionsReached")


class TestOthers:
    def test_managed_by_another_controller_nothing_happens(self) -> None:
        found = run(job(managedBy="example.com/custom", activeDeadlineSeconds=0), "succeed")
        assert (found.outcome, found.events, found.final.conditions) == ("stuck", (), ())

    def test_managed_by_the_jobs_own_controller_is_as_if_unset(self) -> None:
        assert run(job(managedBy="kubernetes.io/job-controller"), "succeed").events == run(job(), "succeed").events

    def test_a_manual_selector_changes_nothing_where_no_pods_are_there_before(self) -> None:
        manifest = job()
        manifest["spec"].update(manualSelector=True, selector={"matchLabels": {"app": "ms"}})
        manifest["spec"]["template"]["metadata"] = {"labels": {"app": "ms"}}
        assert run(manifest, "succeed").events == run(job(), "succeed").events

    def test_scheduling_gates_keep_a_pod_pending(self) -> None:
        found = run(job(pod={"schedulingGates": [{"name": "example.com/g"}]}, activeDeadlineSeconds=5), "succeed")
        assert (ended(found), times(found, "pod-started")) == (("Failed", "DeadlineExceeded"), [])

    def test_a_native_sidecar_does_not_keep_the_job_from_ending(self) -> None:
        found = run(job(pod={"initContainers": [{"name": "side", "image": "x", "restartPolicy": "Always"}]}), "succeed")
        assert ended(found) == ("Complete", "CompletionsReached")

    def test_an_ordinary_sidecar_that_never_exits_does(self) -> None:
        of = job(pod={"containers": [{"name": "main", "image": "x"}, {"name": "proxy", "image": "x"}]})
        found = run(of, {"pods": [{"run": 1, "containers": {"proxy": {"run": None}}}]})
        assert (found.outcome, found.final.active, found.final.ready) == ("stuck", 1, 0)
