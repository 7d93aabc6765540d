"""What the CronJob controller reads of a defaulted CronJob; does not know any time but the schedule's zone."""

from __future__ import annotations

from joblint.api.create.defaults import CONCURRENCY_POLICY, FAILED_JOBS_KEPT, SUCCESSFUL_JOBS_KEPT
from joblint.api.go.schedule import ScheduleError, parse_standard
from joblint.api.go.zone import UTC
from joblint.base.record import Record
from joblint.controller.cron.calendar import zone_of
from joblint.controller.job.spec import mapping, number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.go.schedule import Schedule
    from joblint.api.go.zone import Zone


class CronSpec(Record):
    """A CronJob's spec. `schedule` is None if it or the zone cannot be read; `problem` is then the reason.

    `deadline` is startingDeadlineSeconds. `job_suspended` and `ttl` (ttlSecondsAfterFinished) are those of future Jobs.
    """

    name: str
    schedule: Schedule | None
    problem: str | None
    zone: Zone
    policy: str
    suspended: bool
    deadline: int | None
    kept_successful: int
    kept_failed: int
    job_suspended: bool
    ttl: int | None

    def job_name(self, scheduled: int) -> str:
        """The name of the Job that starts at that time: the CronJob's and the minutes since the epoch.

        Source: Kubernetes 1.36.3, pkg/controller/cronjob/cronjob_controllerv2.go (getJobName).
        """
        return f"{self.name}-{scheduled // 60}"


def read(cronjob: dict[str, Any]) -> CronSpec:
    """The spec of a CronJob given as plain data, whatever its types are."""
    spec = mapping(cronjob.get("spec"))
    template = mapping(mapping(spec.get("jobTemplate")).get("spec"))
    schedule, problem, zone = None, None, UTC
    time_zone = spec.get("timeZone")
    try:
        parsed = parse_standard(str(spec.get("schedule") or ""))
        zone = zone_of(parsed, time_zone if isinstance(time_zone, str) else None)
        schedule = parsed
    except (ScheduleError, LookupError) as error:
        problem = str(error)
    successful, failed = (number(spec.get(f"{kind}JobsHistoryLimit")) for kind in ("successful", "failed"))
    return CronSpec(
        name=str(mapping(cronjob.get("metadata")).get("name") or ""),
        schedule=schedule,
        problem=problem,
        zone=zone,
        policy=str(spec.get("concurrencyPolicy") or CONCURRENCY_POLICY),
        suspended=spec.get("suspend") is True,
        deadline=number(spec.get("startingDeadlineSeconds")),
        kept_successful=SUCCESSFUL_JOBS_KEPT if successful is None else successful,
        kept_failed=FAILED_JOBS_KEPT if failed is None else failed,
        job_suspended=template.get("suspend") is True,
        ttl=number(template.get("ttlSecondsAfterFinished")),
    )
