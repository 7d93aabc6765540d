"""How many finished Jobs a CronJob keeps."""

from __future__ import annotations

from joblint.base.durations import show_duration as duration
from joblint.rules.checks.cronjob.period import longest_of, period_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_HUGE = 100


def no_history(s: Subject) -> Iterator[Hit]:
    """History limits of 0: no finished Job is kept."""
    from joblint.api.create.defaults import FAILED_JOBS_KEPT, SUCCESSFUL_JOBS_KEPT

    if s.kind != "CronJob":
        return
    successful, failed = s.cron.get("successfulJobsHistoryLimit"), s.cron.get("failedJobsHistoryLimit")
    if failed == 0 and successful == 0:
        failures = f"failedJobsHistoryLimit: {FAILED_JOBS_KEPT}        the default"
        yield s.hit(
            "spec.failedJobsHistoryLimit",
            which="With both limits at 0, each Job, failed or not,",
            advice=f"{failures}\nsuccessfulJobsHistoryLimit: {SUCCESSFUL_JOBS_KEPT}    the default",
            label="nothing is kept",
        )
    elif failed == 0:
        yield s.hit(
            "spec.failedJobsHistoryLimit",
            which="With failedJobsHistoryLimit: 0, each failed Job",
            advice=f"failedJobsHistoryLimit: {FAILED_JOBS_KEPT}    the default",
            label="failures are not kept",
        )
    elif successful == 0:
        which = "With successfulJobsHistoryLimit: 0, each Job that succeeded"
        advice = f"successfulJobsHistoryLimit: {SUCCESSFUL_JOBS_KEPT}    the default"
        yield s.hit(
            "spec.successfulJobsHistoryLimit", which=which, advice=advice, severity="info", label="successes are not kept"
        )


def huge_history(s: Subject) -> Iterator[Hit]:
    """More finished Jobs are kept than a cluster handles well."""
    if s.kind != "CronJob":
        return
    for name in ("successfulJobsHistoryLimit", "failedJobsHistoryLimit"):
        limit = s.cron.get(name)
        if isinstance(limit, int) and limit >= 20:
            period = period_of(s)
            span = f" (the last {duration(limit * period)})" if period and period == longest_of(s) else ""
            yield s.hit(f"spec.{name}", name=name, limit=limit, span=span, severity="warning" if limit >= _HUGE else "")
