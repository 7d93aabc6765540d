"""What holds for every simulated CronJob."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from joblint.api.go.civil import DAY, day_of
from joblint.controller.cron.calendar import starts
from joblint.controller.cron.simulate import next_starts, simulate
from joblint.controller.cron.spec import read
from joblint.controller.cron.trace import CronAction, CronRun, JobRun

NOW = day_of(2026, 11, 21) * DAY + 37

SCHEDULES = st.sampled_from(["* * * * *", "*/2 * * * *", "*/7 * * * *", "0 * * * *", "5,6 * * * *", "@every 90s", "@every 25s"])
RUNS = st.builds(JobRun, st.sampled_from([1.0, 30.0, 61.5, 200.0, 4000.0, None]), st.sampled_from(["Complete", "Failed"]))
LIMITS = st.integers(0, 4)
CRONJOBS = st.builds(
    lambda schedule, policy, deadline, successful, failed, ttl: {
        "metadata": {"name": "cj"},
        "spec": {
            "schedule": schedule,
            "concurrencyPolicy": policy,
            "startingDeadlineSeconds": deadline,
            "successfulJobsHistoryLimit": successful,
            "failedJobsHistoryLimit": failed,
            "jobTemplate": {"spec": {"ttlSecondsAfterFinished": ttl}},
        },
    },
    SCHEDULES,
    st.sampled_from(["Allow", "Forbid", "Replace"]),
    st.sampled_from([None, None, 0, 5, 45, 600]),
    LIMITS,
    LIMITS,
    st.sampled_from([None, None, 0, 100]),
)
TIMES = st.floats(NOW, NOW + 7200).map(lambda at: round(at, 1))
ACTIONS = st.lists(
    st.builds(CronAction, TIMES, patch=st.booleans().map(lambda on: {"spec": {"suspend": on}}))
    | st.builds(CronAction, TIMES, outage=st.sampled_from([20.0, 1000.0]))
    | st.builds(CronAction, TIMES, create_job=st.sampled_from(["m1", "m2"]))
    | st.builds(CronAction, TIMES, delete_job=st.just("m1")),
    max_size=3,
)


def run(cronjob: dict[str, Any], runs: list[JobRun], actions: list[CronAction]) -> CronRun:
    return simulate(cronjob, NOW, NOW + 7200, runs, actions)


CASES = (CRONJOBS, st.lists(RUNS, min_size=1, max_size=3), ACTIONS)


@given(*CASES)
def test_the_same_input_gives_the_same_output(cronjob: dict[str, Any], runs: list[JobRun], actions: list[CronAction]) -> None:
    assert run(cronjob, runs, actions) == run(cronjob, runs, actions)


@given(*CASES)
def test_time_never_runs_backwards(cronjob: dict[str, Any], runs: list[JobRun], actions: list[CronAction]) -> None:
    played = run(cronjob, runs, actions)
    times = [event.at for event in played.events]
    assert times == sorted(times)
    for job in played.jobs:
        # Something done in the very second of a start makes the controller look then: the Job is created in that second.
        assert job.scheduled is None or job.scheduled <= job.created
        assert job.finished is None or job.finished >= job.created
        assert job.deleted is None or job.deleted >= (job.finished or job.created)


@given(*CASES)
def test_forbid_and_replace_never_run_two(cronjob: dict[str, Any], runs: list[JobRun], actions: list[CronAction]) -> None:
    by_hand = sum(action.create_job is not None for action in actions)
    if cronjob["spec"]["concurrencyPolicy"] != "Allow":
        assert run(cronjob, runs, actions).most_running <= 1 + by_hand


@given(*CASES)
def test_no_more_is_kept_than_the_limits_say(cronjob: dict[str, Any], runs: list[JobRun], actions: list[CronAction]) -> None:
    if any(action.outage for action in actions):
        return
    kept = [job.outcome for job in run(cronjob, runs, actions).kept]
    assert kept.count("Complete") <= cronjob["spec"]["successfulJobsHistoryLimit"]
    assert kept.count("Failed") <= cronjob["spec"]["failedJobsHistoryLimit"]


@given(*CASES)
def test_every_start_came_or_is_lost_or_waits(cronjob: dict[str, Any], runs: list[JobRun], actions: list[CronAction]) -> None:
    if cronjob["spec"]["schedule"].startswith("@every"):
        return
    played = run(cronjob, runs, actions)
    spec = read(cronjob)
    assert spec.schedule is not None
    due = set(starts(spec.schedule, NOW, NOW + 7199))
    came = {job.scheduled for job in played.jobs if job.scheduled is not None}
    lost = {start.scheduled for start in played.lost}
    assert came | lost <= due
    assert not came & lost
    assert len(due - came - lost) <= 1


@given(*CASES)
def test_no_two_jobs_of_one_name_are_there_at_once(
    cronjob: dict[str, Any], runs: list[JobRun], actions: list[CronAction]
) -> None:
    there: set[str] = set()
    for event in run(cronjob, runs, actions).events:
        assert event.job is None or event.event != "job-created" or event.job not in there
        if event.job is not None and event.event in ("job-created", "job-deleted"):
            (there.add if event.event == "job-created" else there.remove)(event.job)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=5,
)
ODD = st.fixed_dictionaries(
    {},
    optional={
        "metadata": JSON | st.fixed_dictionaries({"name": JSON}),
        "status": JSON | st.fixed_dictionaries({"lastScheduleTime": JSON | st.just("2026-11-20T00:00:00Z")}),
        "spec": JSON
        | st.fixed_dictionaries(
            {"schedule": JSON | SCHEDULES},
            optional={
                "timeZone": JSON | st.just("Europe/Berlin"),
                "concurrencyPolicy": JSON,
                "suspend": JSON,
                "startingDeadlineSeconds": JSON,
                "successfulJobsHistoryLimit": JSON,
                "failedJobsHistoryLimit": JSON,
                "jobTemplate": JSON | st.fixed_dictionaries({"spec": JSON}),
            },
        ),
    },
)


@settings(max_examples=200)
@given(ODD)
def test_any_object_is_simulated(cronjob: dict[str, Any]) -> None:
    assert simulate(cronjob, NOW, NOW + 300).running
    assert len(next_starts(cronjob, 3, NOW)) in (0, 3)


def test_the_number_of_jobs_is_bounded() -> None:
    cronjob = {"metadata": {"name": "cj"}, "spec": {"schedule": "* * * * *"}}
    assert len(simulate(cronjob, NOW, NOW + 365 * DAY, most_jobs=50).jobs) == 50
