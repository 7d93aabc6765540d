"""CronJobs: the next starts, and a simulation of which Jobs are created, skipped, replaced and deleted, and when.

Source: Kubernetes 1.36.3, pkg/controller/cronjob. The Jobs themselves are represented by their run times.
"""

from __future__ import annotations

from joblint.api.go.civil import rfc3339
from joblint.base.record import Record
from joblint.controller.cron.calendar import next_start
from joblint.controller.cron.spec import read
from joblint.controller.cron.trace import CronRun, JobRun

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from joblint.controller.cron.trace import CronAction

MOST_JOBS = 100_000
"""Jobs after which the model stops, whatever the CronJob would continue to do."""


class Start(Record):
    """A start to come: the instant (seconds since the epoch), as the clock shows it in the CronJob's zone and in UTC
    (RFC 3339), and the name of the Job."""

    at: int
    local: str
    utc: str
    job: str


def next_starts(cronjob: dict[str, Any], count: int, now: float) -> tuple[Start, ...]:
    """Return the next starts of a CronJob after `now` (seconds since the epoch; `@every` counts from `now`).

    None for a schedule that never matches or cannot be read; suspension and concurrency are not considered.
    """
    spec = read(cronjob)
    found: list[Start] = []
    at = None if spec.schedule is None else next_start(spec.schedule, now, spec.zone)
    while at is not None and spec.schedule is not None and len(found) < count:
        found.append(Start(at, rfc3339(at, spec.zone.offset(at)), rfc3339(at), spec.job_name(at)))
        at = next_start(spec.schedule, at, spec.zone)
    return tuple(found)


def simulate(
    cronjob: dict[str, Any],
    created: float,
    until: float,
    runs: Sequence[JobRun] = (JobRun(),),
    actions: Sequence[CronAction] = (),
    most_jobs: int = MOST_JOBS,
) -> CronRun:
    """Simulate a defaulted CronJob (it is not changed) created at `created`, up to `until` (seconds since the epoch).

    `runs` describes the Jobs in order of creation, including manual ones; the last one repeats. A status.lastScheduleTime of
    the CronJob is used, so that a live one can be simulated. The same input gives the same output.
    """
    from joblint.controller.cron.sync import Controller
    from joblint.controller.cron.world import CronWorld

    world = CronWorld(created, tuple(runs) or (JobRun(),))
    controller = Controller(cronjob, world)
    for action in actions:
        world.at(action.at, "action", action)
    controller.sync()
    end = until
    while (step := world.next(until)) is not None:
        controller.happen(*step)
        if len(world.all_jobs) >= most_jobs:
            end = world.now
            break
    jobs = tuple(job.handed_out() for job in world.all_jobs)
    return CronRun(tuple(world.events), jobs, controller.lost(end), tuple(world.running))
