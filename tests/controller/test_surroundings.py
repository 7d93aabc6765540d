"""What is there before a Job, and what people and nodes do meanwhile, as measured on 1.36.3 or read in its source."""

from __future__ import annotations

from typing import Any

import pytest

from joblint.controller.job.trace import Run
from joblint.controller.prediction.outlook import outlook
from joblint.controller.scenario.file import read_scenario
from tests.controller.helper import accepted, ended, job, times

LABELS = {"app": "ms"}


def go(of: dict[str, Any], scenario: dict[str, Any], until: float | None = 700) -> Run:
    return outlook(of, read_scenario(scenario, "test"), until, version="1.36")


def adopting(**spec: Any) -> dict[str, Any]:
    template = {"metadata": {"labels": LABELS}, "spec": {"restartPolicy": "Never", "containers": [{"name": "m", "image": "x:1"}]}}
    spec = {"manualSelector": True, "selector": {"matchLabels": LABELS}, "template": template, **spec}
    return accepted({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}, "spec": spec})


def standing(run: float | None, code: int = 0, age: float = 6, labels: dict[str, str] = LABELS) -> dict[str, Any]:
    return {"pod": {"labels": labels, "run": run, "exit": code}, "age": age}


def range_of(found: Run, event: str, nth: int = 0) -> tuple[float, float]:
    low, high = [(e.t_min, e.t_max) for e in found.events if e.event == event][nth]
    assert low is not None and high is not None
    return low, high


class TestAdoption:
    def test_a_pod_that_has_succeeded_completes_the_job_at_once(self) -> None:
        found = go(adopting(), {"before": [standing(1)]})
        assert (ended(found), found.ends_at, found.pods) == (("Complete", "CompletionsReached"), 0.0, 1)

    def test_a_pod_that_has_failed_counts(self) -> None:
        found = go(adopting(backoffLimit=0), {"before": [standing(1, 1)]})
        assert (ended(found), found.ends_at) == (("Failed", "BackoffLimitExceeded"), 0.0)

    def test_the_delay_counts_from_its_end(self) -> None:
        found = go(adopting(), {"before": [standing(1, 1, age=6)]})
        assert times(found, "pod-created")[1] == pytest.approx(5, abs=1)

    def test_a_pod_that_runs_is_waited_for(self) -> None:
        found = go(adopting(), {"before": [standing(20)]})
        assert found.pods == 1
        assert found.ends_at is not None and 15 <= found.ends_at <= 17

    def test_pods_that_are_too_many_are_deleted(self) -> None:
        found = go(adopting(), {"before": [standing(20)] * 3})
        assert len(times(found, "pod-deleting")) == 2
        assert found.final.failed == 0

    @pytest.mark.parametrize("of", [adopting(), job()])
    def test_other_pods_are_left_alone(self, of: dict[str, Any]) -> None:
        found = go(of, {"before": [standing(1, labels={"app": "other"})]})
        assert not any("adopted" in e.detail for e in found.events)


class TestPodsThatCannotBeCreated:
    def test_are_tried_again_after_1_2_4_seconds_and_count_as_no_failure(self) -> None:
        found = go(job(activeDeadlineSeconds=200), {"before": [{"resource_quota": {"pods": "0"}}]})
        assert [round(t) for t in times(found, "create-failed")] == [0, 1, 3, 7, 15, 31, 63, 123, 183]
        assert (ended(found), found.final.failed, found.pods) == (("Failed", "DeadlineExceeded"), 0, 0)

    def test_a_quota_lets_so_many_run(self) -> None:
        found = go(job(completions=4, parallelism=4), {"pods": [{"run": 4}], "before": [{"resource_quota": {"pods": "3"}}]})
        assert len([t for t in times(found, "pod-created") if t < 1]) == 3
        assert ended(found) == ("Complete", "CompletionsReached")

    def test_a_quota_of_cpu_wants_requests(self) -> None:
        found = go(job(activeDeadlineSeconds=9), {"before": [{"resource_quota": {"requests.cpu": "2"}}]})
        assert "must specify requests.cpu for: main" in found.events[0].detail["message"]

    def test_a_quota_of_memory_is_used_up(self) -> None:
        pod = {"containers": [{"name": "main", "image": "x:1", "resources": {"limits": {"memory": "3Gi"}}}]}
        found = go(job(completions=3, parallelism=3, pod=pod), {"before": [{"resource_quota": {"memory": "7Gi"}}]})
        assert len([t for t in times(found, "pod-created") if t < 1]) == 2

    def test_a_service_account_may_come_later(self) -> None:
        scenario = {
            "before": [{"missing": {"serviceAccount": "later"}}],
            "actions": [{"at": 8, "create": {"serviceAccount": "later"}}],
        }
        found = go(job(pod={"serviceAccountName": "later"}), scenario)
        assert 'serviceaccount "later" not found' in found.events[0].detail["message"]
        assert times(found, "pod-created") == [15.0]
        assert go(job(), scenario).pods == 1

    def test_pod_security_of_the_namespace(self) -> None:
        labels = {"pod-security.kubernetes.io/enforce": "restricted"}
        found = go(job(activeDeadlineSeconds=9), {"before": [{"namespace_labels": labels}]})
        assert 'violates PodSecurity "restricted:latest"' in found.events[0].detail["message"]

    def test_a_missing_image_keeps_the_pod_waiting(self) -> None:
        scenario: dict[str, Any] = {"before": [{"missing": {"image": "x"}}]}
        assert go(job(), scenario, None).outcome == "stuck"
        found = go(job(), {**scenario, "actions": [{"at": 18, "create": {"image": "x"}}]})
        low, high = range_of(found, "pod-started")
        assert low >= 20 and high <= 50


class TestEviction:
    def test_is_a_failure_like_any_other_and_replaced_after_10_seconds(self) -> None:
        found = go(job(), {"pods": [{"when": {"n": 0}, "run": 60}, {"run": 3}], "actions": [{"at": 4, "evict": 0}]})
        assert found.final.failed == 1
        assert times(found, "pod-created")[1] == pytest.approx(14, abs=0.1)

    def test_a_rule_for_disruption_ignores_it(self) -> None:
        policy = {"rules": [{"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]}]}
        scenario = {"pods": [{"when": {"n": 0}, "run": 60}, {"run": 3}], "actions": [{"at": 4, "evict": 0}]}
        found = go(job(podFailurePolicy=policy, backoffLimit=0), scenario)
        assert (ended(found), found.final.failed) == (("Complete", "CompletionsReached"), 0)

    @pytest.mark.parametrize(
        ("budget", "goes"), [({"minAvailable": 1}, False), ({"minAvailable": 0}, True), ({"maxUnavailable": 1}, False)]
    )
    def test_a_budget_may_refuse_it(self, budget: dict[str, int], goes: bool) -> None:
        scenario = {"pods": [{"run": 9}], "before": [{"pod_disruption_budget": budget}], "actions": [{"at": 4, "evict": 0}]}
        assert bool(times(go(job(), scenario), "pod-deleting")) is goes


class TestNodes:
    SCENARIO: dict[str, Any] = {
        "pods": [{"when": {"n": 0}, "run": 5000, "node": "doomed"}, {"run": 3}],
        "actions": [{"at": 8, "node_lost": "doomed"}],
    }

    def test_a_pod_of_a_dead_node_is_replaced_after_six_minutes_and_the_job_never_complete(self) -> None:
        found = go(job(), self.SCENARIO)
        low, high = range_of(found, "pod-created", 1)
        assert low < 361.5 < high and high - low < 30
        assert [c.type for c in found.final.conditions] == ["SuccessCriteriaMet"]
        assert (found.final.terminating, found.ends_at) == (1, None)

    def test_under_failed_it_is_never_replaced(self) -> None:
        found = go(job(podReplacementPolicy="Failed"), self.SCENARIO, None)
        assert (found.pods, found.outcome) == (1, "stuck")

    def test_tolerations_of_the_pod_count(self) -> None:
        soon = {"key": "node.kubernetes.io/unreachable", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 10}
        found = go(job(pod={"tolerations": [soon]}), self.SCENARIO)
        assert range_of(found, "pod-created", 1)[1] < 90
        always = {"operator": "Exists"}
        assert go(job(pod={"tolerations": [always]}), self.SCENARIO).pods == 1

    def test_a_deleted_node_gives_its_pods_to_pod_gc(self) -> None:
        scenario = {**self.SCENARIO, "actions": [{"at": 6, "node_deleted": "doomed"}]}
        found = go(job(), scenario)
        low, high = range_of(found, "pod-failed")
        assert low < 6 + 51 < high
        assert ended(found) == ("Complete", "CompletionsReached")


class TestDeletedJobs:
    def test_foreground_waits_for_the_pods(self) -> None:
        found = go(job(), {"pods": [{"run": 90, "terminate": 5}], "actions": [{"at": 4, "delete_job": "foreground"}]})
        assert found.job_deleted_at is not None and 9 <= found.job_deleted_at <= 11
        assert found.outcome == "deleted"

    def test_background_goes_at_once_and_takes_the_pods_along(self) -> None:
        found = go(job(), {"pods": [{"run": 90, "terminate": 5}], "actions": [{"at": 4, "delete_job": "background"}]})
        assert (found.job_deleted_at, len(times(found, "pod-deleting"))) == (4.0, 1)

    def test_orphans_run_on(self) -> None:
        found = go(job(), {"pods": [{"run": 9}], "actions": [{"at": 4, "delete_job": "orphan"}]})
        assert found.job_deleted_at == 4.0
        assert len(times(found, "pod-succeeded")) == 1 and not times(found, "pod-deleting")


class TestControllerRestart:
    SCENARIO: dict[str, Any] = {
        "pods": [{"when": {"n": 0}, "run": 1, "exit": 1}, {"run": 2}],
        "actions": [{"at": 4, "controller_restart": True}],
    }

    def test_forgets_the_delay_that_all_pods_share(self) -> None:
        assert times(go(job(), self.SCENARIO), "pod-created")[1] < 10

    def test_keeps_the_delay_of_each_index(self) -> None:
        of = job(completions=1, completionMode="Indexed", backoffLimitPerIndex=2)
        assert range_of(go(of, self.SCENARIO), "pod-created", 1)[0] > 9


class TestPodGC:
    @pytest.mark.parametrize("pod", [{"schedulingGates": [{"name": "x.io/g"}]}, {}])
    def test_fails_a_deleted_pod_that_no_node_has(self, pod: dict[str, Any]) -> None:
        scenario = {"pods": [{"when": {"n": 0}, "pending": True}, {"run": 2}], "actions": [{"at": 5, "delete_pod": 0}]}
        found = go(job(pod=pod, podReplacementPolicy="Failed"), scenario, 60)
        low, high = range_of(found, "pod-failed")
        assert low > 5 and high <= 25
        assert found.pods == 2


def ready_from(probe: dict[str, Any], **more: Any) -> tuple[float, float, float]:
    """When the status first counts the one Pod as ready: typically, at the earliest and at the latest."""
    of = job(
        pod={"containers": [{"name": "main", "image": "x", "readinessProbe": {"exec": {"command": ["true"]}, **probe}}], **more}
    )
    found = go(of, {"pods": [{"run": 90}]})
    event = next(e for e in found.events if e.event == "status" and e.detail.get("ready") == 1)
    return event.t, event.t_min or 0.0, event.t_max or 0.0


def test_a_readiness_probe_without_a_delay_is_asked_at_once() -> None:
    assert ready_from({})[0] < 3


def test_a_readiness_probe_delays_ready_to_the_first_tick_after_its_delay() -> None:
    assert 20 < ready_from({"initialDelaySeconds": 12})[0] < 22.5
    assert 30 < ready_from({"initialDelaySeconds": 12, "successThreshold": 2})[0] < 32.5


def test_a_delay_of_a_whole_period_may_need_one_tick_more() -> None:
    """The delay counts from the start in whole seconds, the ticks from the Pod's arrival on its node."""
    typical, earliest, latest = ready_from({"initialDelaySeconds": 10})
    assert 10 < earliest <= typical < 12.5 and 20 < latest < 22.5


def test_a_pod_whose_readiness_probe_fails_is_never_ready_and_counts_from_its_beginning_when_deleted() -> None:
    probe = {"readinessProbe": {"exec": {"command": ["true"]}}}
    of = job(pod={"containers": [{"name": "main", "image": "x", **probe}]})
    scenario = {
        "pods": [{"when": {"n": 0}, "run": None, "terminate": 15, "probe_fails_after": 0}, {"run": 1}],
        "actions": [{"at": 30, "delete_pod": 0}],
    }
    found = go(of, scenario)
    assert all(not e.detail.get("ready") for e in found.events if e.event == "status" and e.t < 30)
    assert 30 < range_of(found, "pod-created", 1)[1] < 33  # the 10 s of back-off are over by then


def test_a_sidecar_holds_up_the_main_containers_until_its_startup_probe_has_succeeded() -> None:
    probe = {"tcpSocket": {"port": 80}, "periodSeconds": 5, "initialDelaySeconds": 7}
    side = {"name": "side", "image": "x", "restartPolicy": "Always", "startupProbe": probe}
    assert 9.9 < range_of(go(job(pod={"initContainers": [side]}), {"pods": [{"run": 1}]}), "pod-started")[0] < 10.5


def test_main_containers_never_start_behind_a_sidecar_whose_startup_probe_fails() -> None:
    side = {"name": "side", "image": "x", "restartPolicy": "Always", "startupProbe": {"tcpSocket": {"port": 80}}}
    script = {"run": 1, "containers": {"side": {"run": None, "probe_fails_after": 0}}}
    found = go(job(pod={"initContainers": [side]}, activeDeadlineSeconds=100), {"pods": [script]})
    assert not [e for e in found.events if e.event == "pod-started"]
    assert found.ending == ("Failed", "DeadlineExceeded")
