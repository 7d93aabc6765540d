"""Findings on a live CronJob: suspended for long, never starts, or has missed its starts, and why; knows live states."""

from __future__ import annotations

from joblint.controller.cron.missed import InvalidSchedule, most_recent
from joblint.controller.cron.spec import read
from joblint.controller.job.spec import mapping
from joblint.controller.live.cronjob import state_of_cronjob
from joblint.controller.live.objects import Owned, instant, listing
from joblint.controller.live.states import Live
from joblint.controller.prediction.kubectl_get import human_duration
from joblint.rules.live.limits import LATE, SUSPENDED_LONG, ago

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.controller.cron.spec import CronSpec

NOT_STARTED = "live-cronjob-not-started"


def cronjob(
    value: dict[str, Any], jobs: list[dict[str, Any]], events: tuple[dict[str, Any], ...], now: float
) -> tuple[str, dict[str, str]] | None:
    """Return the rule for a CronJob, and the values of its texts; None if there is nothing to report. `jobs` are its unfinished
    Jobs, `events` are those for Jobs that could not be created."""
    live: Live = state_of_cronjob(value, tuple([Owned(job, (), ()) for job in jobs]), now, events)
    spec, status, meta = read(value), mapping(value.get("status")), mapping(value.get("metadata"))
    created, last = instant(meta.get("creationTimestamp")), instant(status.get("lastScheduleTime"))
    since = last if last is not None else created
    if meta.get("deletionTimestamp"):
        return None
    if live.state == "suspended":
        # The objects do not show since when: its last start is the earliest possible time.
        if since is None or now - since < SUSPENDED_LONG:
            return None
        never = f", and it has never started (created {ago(created, now)} ago)"
        told = never if last is None else f": the last start was {ago(last, now)} ago"
        then = "\nA resumed CronJob immediately starts a Job for its last missed start."
        return "live-suspended-long", {"since": told, "resume": '"suspend":false', "then": then}
    never = f"since it was created {ago(created, now)} ago"
    when = f"for {ago(last, now)}" if last is not None else never
    if live.state == "never-fires":
        return NOT_STARTED, {"since": when, "why": live.why or "the schedule matches no date"}
    if since is None or spec.schedule is None:
        return None
    try:
        missed = most_recent(spec.schedule, spec.zone, since, now, None)
    except InvalidSchedule:
        return NOT_STARTED, {"since": when, "why": "no date matches the schedule"}
    if missed.latest is None or (missed.missed < 2 and now - missed.latest < LATE):
        return None
    return NOT_STARTED, {"since": when, "why": _why(value, spec, jobs, live, now)}


def _why(value: dict[str, Any], spec: CronSpec, jobs: list[dict[str, Any]], live: Live, now: float) -> str:
    """Why starts were missed, as far as the objects show."""
    active = listing(mapping(value.get("status")).get("active"))
    if live.why and live.state == "scheduled" and live.next.event == "none":
        return live.why.rstrip(".")
    if spec.policy == "Forbid" and active:
        name = str(active[0].get("name"))
        job = next((j for j in jobs if mapping(j.get("metadata")).get("name") == name), None)
        begun = None if job is None else instant(mapping(job.get("metadata")).get("creationTimestamp"))
        for_so_long = "" if begun is None else f" after {human_duration(max(0.0, now - begun))}"
        return f'Job "{name}" is still active{for_so_long} and blocks it (concurrencyPolicy: Forbid)'
    if spec.deadline is not None:
        return f"starts more than {spec.deadline}s late are skipped (startingDeadlineSeconds), or the controller does not run"
    return "its objects do not show why. Check its events, and whether the CronJob controller runs"
