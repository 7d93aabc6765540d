"""What Kubernetes does with CronJobs, a test a statement; measured on 1.36.3 unless the source says otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from joblint.api.create.job_of_cronjob import job_from_template
from joblint.api.go.civil import epoch_of
from joblint.api.judge import judge
from joblint.controller.cron.simulate import next_starts, simulate
from joblint.controller.cron.trace import CronAction, CronRun, JobRun
from joblint.controller.job.simulate import simulate as simulate_job
from joblint.controller.scenario.scenario import built_in
from tests.controller.helper import run_of


def at(clock: str) -> int:
    """An instant of 21 November 2026."""
    instant = epoch_of(f"2026-11-21T{clock}Z")
    assert instant is not None
    return instant


MADE = at("08:59:30")


def cronjob(schedule: str = "* * * * *", **spec: Any) -> dict[str, Any]:
    container = {"name": "main", "image": "busybox:1.36", "command": ["true"]}
    template = {"spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [container]}}}}
    given = {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": "cj"},
        "spec": {"schedule": schedule, "jobTemplate": template, **spec},
    }
    verdict = judge(given)
    assert verdict.defaulted is not None
    assert verdict.accepted, verdict.errors
    return verdict.defaulted


def minutes(run: CronRun) -> list[str]:
    """The times for which Jobs were made."""
    return [f"{job.scheduled % 86_400 // 3600:02d}:{job.scheduled % 3600 // 60:02d}" for job in run.jobs if job.scheduled]


def said(run: CronRun, reason: str) -> list[str]:
    return [event.message for event in run.events if event.reason == reason]


def test_names_are_the_minutes_since_the_epoch() -> None:
    run = simulate(cronjob(), MADE, at("09:00:30"))
    assert [job.name for job in run.jobs] == [f"cj-{at('09:00:00') // 60}"] == ["cj-29920860"]
    assert said(run, "SuccessfulCreate") == ["Created job cj-29920860"]


def test_a_name_has_at_most_52_characters() -> None:
    messages = []
    for length in (52, 53):
        given = cronjob()
        given["metadata"]["name"] = "a" * length
        messages.append([error.message for error in judge(given).errors])
    assert messages[0] == []
    assert messages[1][0].endswith("must be no more than 52 characters")


def test_the_template_gets_its_job_defaults_when_a_job_is_made() -> None:
    given = cronjob()
    assert "backoffLimit" not in given["spec"]["jobTemplate"]["spec"]
    assert job_from_template(given)["spec"]["backoffLimit"] == 6


@pytest.mark.parametrize("prefix", ["TZ=Europe/Berlin ", "CRON_TZ=UTC "])
def test_a_zone_in_the_schedule_is_refused_on_create(prefix: str) -> None:
    given = cronjob()
    given["spec"]["schedule"] = prefix + "0 0 * * *"
    assert [error.message.partition(": ")[2].partition(": ")[2] for error in judge(given).errors] == [
        "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"
    ]


def test_a_zone_in_the_schedule_of_a_live_one_is_followed_with_an_event() -> None:
    given = cronjob("0 0 1 1 *")
    given["spec"]["schedule"] = "TZ=Asia/Tokyo 0 18 * * *"  # 09:00 in UTC
    run = simulate(given, MADE, at("09:01:00"))
    assert minutes(run) == ["09:00"]
    assert said(run, "UnsupportedSchedule")[0].startswith('CRON_TZ or TZ used in schedule "TZ=Asia/Tokyo 0 18 * * *" is not')


@pytest.mark.parametrize("schedule", ["0 0 31 2 *", "0 0 30 2 *", "59 23 31 4,6,9,11 *"])
def test_one_that_never_fires_is_taken_and_then_gives_an_event(schedule: str) -> None:
    run = simulate(cronjob(schedule), MADE, MADE + 10 * 365 * 86_400)
    assert run.jobs == ()
    assert said(run, "InvalidSchedule") == [
        f"invalid schedule: {schedule} : time difference between two schedules is less than 1 second"
    ]
    assert next_starts(cronjob(schedule), 5, MADE) == ()


def test_allow_piles_up() -> None:
    run = simulate(cronjob(), MADE, at("09:20:00"), [JobRun(300)])
    assert run.most_running == 5
    assert run.lost == ()
    hung = simulate(cronjob(), MADE, at("10:00:00"), [JobRun(None)])
    assert hung.most_running == len(hung.jobs) == 60


def test_forbid_catches_up_the_latest_missed_start_when_the_running_job_ends() -> None:
    run = simulate(cronjob(concurrencyPolicy="Forbid"), MADE, at("09:04:50"), [JobRun(150)])
    assert minutes(run) == ["09:00", "09:02"]
    assert run.jobs[1].created == run.jobs[0].finished == pytest.approx(at("09:02:30"), abs=1)
    assert run.jobs[1].scheduled == at("09:02:00")
    assert [(lost.scheduled, lost.reason) for lost in run.lost] == [
        (at("09:01:00"), "JobAlreadyActive"),
        (at("09:03:00"), "JobAlreadyActive"),
    ]  # 09:04 still waits for its turn
    assert run.most_running == 1


def test_forbid_with_a_deadline_catches_up_only_inside_it() -> None:
    inside = simulate(cronjob(concurrencyPolicy="Forbid", startingDeadlineSeconds=20), MADE, at("09:02:30"), [JobRun(75)])
    assert minutes(inside) == ["09:00", "09:01"]
    outside = simulate(cronjob(concurrencyPolicy="Forbid", startingDeadlineSeconds=10), MADE, at("09:02:30"), [JobRun(75)])
    assert minutes(outside) == ["09:00", "09:02"]


def test_forbid_is_blocked_for_ever_by_a_job_that_hangs() -> None:
    run = simulate(cronjob(concurrencyPolicy="Forbid"), MADE, at("10:00:00"), [JobRun(None), JobRun(1)])
    assert minutes(run) == ["09:00"]
    assert len(run.lost) == 58  # of 59, the latest still waits for its turn
    assert {lost.reason for lost in run.lost} == {"JobAlreadyActive"}
    assert said(run, "JobAlreadyActive")[0].endswith("concurrency policy is Forbid")


def test_forbid_is_blocked_by_a_suspended_job() -> None:
    given = cronjob(concurrencyPolicy="Forbid")
    given["spec"]["jobTemplate"]["spec"]["suspend"] = True
    assert minutes(simulate(given, MADE, at("09:30:00"))) == ["09:00"]


def test_forbid_is_blocked_by_a_job_that_backs_off() -> None:
    given = cronjob(concurrencyPolicy="Forbid")
    failing = run_of(simulate_job(job_from_template(given), built_in("fail")))
    assert failing.outcome == "Failed"
    assert failing.seconds == pytest.approx(638, abs=2)
    run = simulate(given, MADE, at("09:20:00"), [failing])
    assert minutes(run) == ["09:00", "09:10"]


def test_replace_deletes_the_running_job_and_never_finishes_one_that_takes_longer_than_the_period() -> None:
    run = simulate(cronjob(concurrencyPolicy="Replace"), MADE, at("09:10:30"), [JobRun(90)])
    assert len(run.jobs) == 11
    assert all(job.finished is None for job in run.jobs)
    assert {job.deleted_by for job in run.jobs[:-1]} == {"replaced"}
    assert run.most_running == 1
    assert len(said(run, "SuccessfulDelete")) == 10


def test_replace_lets_one_finish_that_is_done_in_time() -> None:
    run = simulate(cronjob(concurrencyPolicy="Replace"), MADE, at("09:03:30"), [JobRun(50)])
    assert [job.outcome for job in run.jobs] == ["Complete", "Complete", "Complete", None]


def test_a_deadline_of_0_never_starts_and_gives_no_event() -> None:
    run = simulate(cronjob(startingDeadlineSeconds=0), MADE, at("10:00:00"))
    assert run.jobs == () == run.events
    assert len(run.lost) == 60
    assert {lost.reason for lost in run.lost} == {"deadline"}


@pytest.mark.parametrize("deadline", [1, 5, 10, 9_223_372_036])
def test_a_deadline_of_some_seconds_starts_every_time(deadline: int) -> None:
    run = simulate(cronjob(startingDeadlineSeconds=deadline), MADE, at("09:03:30"))
    assert minutes(run) == ["09:00", "09:01", "09:02", "09:03"]


def test_a_deadline_that_overflows_never_starts() -> None:
    assert simulate(cronjob(startingDeadlineSeconds=9_223_372_037), MADE, at("10:00:00")).jobs == ()


def test_more_than_100_missed_give_an_event_and_the_latest_is_started() -> None:
    resume = {"spec": {"suspend": False}}
    run = simulate(cronjob(suspend=True), MADE, at("12:00:30"), actions=[CronAction(at("12:00:05"), resume)])
    assert minutes(run) == ["12:00"]
    assert said(run, "TooManyMissedTimes") == [
        "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew"
    ]
    fewer = simulate(cronjob(suspend=True), MADE, at("10:00:30"), actions=[CronAction(at("10:00:05"), resume)])
    assert minutes(fewer) == ["10:00"]
    assert said(fewer, "TooManyMissedTimes") == []


def test_a_deadline_keeps_the_missed_from_being_too_many() -> None:
    resume = [CronAction(at("12:00:05"), {"spec": {"suspend": False}})]
    run = simulate(cronjob(suspend=True, startingDeadlineSeconds=200), MADE, at("12:00:30"), actions=resume)
    assert minutes(run) == ["12:00"]
    assert said(run, "TooManyMissedTimes") == []


def test_resuming_starts_the_last_missed_one_at_once_unless_its_deadline_is_over() -> None:
    resume = [CronAction(at("09:30:25"), {"spec": {"suspend": False}})]
    run = simulate(cronjob("0 * * * *", suspend=True), MADE, at("09:40:00"), actions=resume)
    assert [(job.scheduled, job.created) for job in run.jobs] == [(at("09:00:00"), at("09:30:25"))]
    late = simulate(cronjob("0 * * * *", suspend=True, startingDeadlineSeconds=600), MADE, at("09:40:00"), actions=resume)
    assert late.jobs == ()
    assert [(lost.scheduled, lost.reason) for lost in late.lost] == [(at("09:00:00"), "suspended")]


def test_suspending_stops_new_starts_only() -> None:
    suspend = [CronAction(at("09:01:30"), {"spec": {"suspend": True}})]
    run = simulate(cronjob(), MADE, at("09:10:00"), [JobRun(100)], suspend)
    assert minutes(run) == ["09:00", "09:01"]
    assert [job.outcome for job in run.jobs] == ["Complete", "Complete"]


def test_a_controller_that_was_away_starts_the_latest_missed_one() -> None:
    run = simulate(cronjob("*/10 * * * *"), MADE, at("10:01:00"), actions=[CronAction(at("09:05:00"), outage=50 * 60 - 30)])
    assert minutes(run) == ["09:00", "09:50", "10:00"]
    assert run.jobs[1].created == at("09:54:30")
    assert {lost.reason for lost in run.lost} == {"outage"}
    assert len(run.lost) == 4


def test_history_keeps_three_successful_and_one_failed() -> None:
    outcomes = [JobRun(5, "Failed"), JobRun(5), JobRun(5, "Failed"), JobRun(5), JobRun(5), JobRun(5)]
    run = simulate(cronjob(), MADE, at("09:05:30"), outcomes)
    assert [(job.outcome, job.scheduled) for job in run.kept] == [
        ("Failed", at("09:02:00")),
        ("Complete", at("09:03:00")),
        ("Complete", at("09:04:00")),
        ("Complete", at("09:05:00")),
    ]
    assert {job.deleted_by for job in run.jobs if job.deleted is not None} == {"history"}


def test_history_limits_apply_at_once() -> None:
    patch = [CronAction(at("09:03:30"), {"spec": {"successfulJobsHistoryLimit": 1}})]
    run = simulate(cronjob(successfulJobsHistoryLimit=9), MADE, at("09:03:40"), [JobRun(5)], patch)
    assert [job.deleted for job in run.jobs] == [at("09:03:30")] * 3 + [None]


def test_history_of_0_leaves_nothing_to_read() -> None:
    none = cronjob(successfulJobsHistoryLimit=0, failedJobsHistoryLimit=0)
    run = simulate(none, MADE, at("09:03:30"), [JobRun(5), JobRun(5, "Failed")])
    assert run.kept == ()
    assert all(job.deleted == job.finished for job in run.jobs if job.finished is not None)
    assert said(run, "SawCompletedJob") == []  # deleted before it is looked at


def test_jobs_made_by_hand_count_in_the_history() -> None:
    actions = [CronAction(at("08:59:40"), create_job="m1"), CronAction(at("08:59:50"), create_job="m2")]
    run = simulate(cronjob("0 0 1 1 *", successfulJobsHistoryLimit=1), MADE, at("09:10:00"), [JobRun(5)], actions)
    assert [(job.name, job.deleted_by) for job in run.jobs] == [("m1", "history"), ("m2", None)]
    assert said(run, "UnexpectedJob") == [f"Saw a job that the controller did not create or forgot: {n}" for n in ("m1", "m2")]


def test_jobs_made_by_hand_do_not_block_under_forbid() -> None:
    manual = [CronAction(at("08:59:40"), create_job="m1")]
    assert minutes(simulate(cronjob(concurrencyPolicy="Forbid"), MADE, at("09:00:30"), [JobRun(None)], manual)) == ["09:00"]


def test_a_ttl_clears_jobs_away_before_the_history_does() -> None:
    given = cronjob()
    given["spec"]["jobTemplate"]["spec"]["ttlSecondsAfterFinished"] = 30
    run = simulate(given, MADE, at("09:05:50"), [JobRun(5)])
    assert {job.deleted_by for job in run.jobs} == {"ttl"}
    assert run.kept == ()


def test_a_deleted_job_makes_room_under_forbid() -> None:
    delete = [CronAction(at("09:02:20"), delete_job=f"cj-{at('09:00:00') // 60}")]
    run = simulate(cronjob(concurrencyPolicy="Forbid"), MADE, at("09:02:50"), [JobRun(None)], delete)
    assert minutes(run) == ["09:00", "09:02"]
    assert run.jobs[1].created == at("09:02:20")
    assert said(run, "MissingJob") == ["Active job went missing: cj-29920860"]


def test_a_new_schedule_counts_from_its_next_start() -> None:
    change = [CronAction(at("09:10:10"), {"spec": {"schedule": "*/5 * * * *"}})]
    run = simulate(cronjob("0 0 1 1 *"), MADE, at("09:16:00"), actions=change)
    assert minutes(run) == ["09:15"]  # not the 09:10 of ten seconds before


def test_every_counts_from_creation_and_starts_once_a_minute_at_most() -> None:
    hourly = simulate(cronjob("@every 1h"), MADE, at("11:10:00"))
    assert minutes(hourly) == ["09:59", "10:59"]
    often = simulate(cronjob("@every 20s"), at("09:00:00"), at("09:02:50"))
    assert minutes(often) == ["09:00", "09:01", "09:02"]
    assert {lost.reason for lost in often.lost} == {"name-taken"}


def test_the_next_starts_are_told_in_the_zone_and_in_utc() -> None:
    starts = next_starts(cronjob("30 2 * * *", timeZone="Europe/Berlin"), 3, epoch_of("2027-03-26T12:00:00Z") or 0)
    assert [(start.local, start.utc) for start in starts] == [
        ("2027-03-27T02:30:00+01:00", "2027-03-27T01:30:00Z"),
        ("2027-03-29T02:30:00+02:00", "2027-03-29T00:30:00Z"),
        ("2027-03-30T02:30:00+02:00", "2027-03-30T00:30:00Z"),
    ]
    assert starts[0].job == f"cj-{starts[0].at // 60}"
