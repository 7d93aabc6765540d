"""A quota on the number of Jobs, compared with the finished Jobs that CronJobs keep.

Source: Kubernetes 1.36.3 pkg/controller/cronjob/cronjob_controllerv2.go cleanupFinishedJobs; the quota `count/jobs.batch`
includes finished Jobs.
"""

from __future__ import annotations

from joblint.rules.facts.folder import beside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.origin import Origin
    from joblint.rules.finding import Hit


def history_fills_job_quota(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """The finished Jobs that the CronJobs of a namespace keep use up its quota: no further Job can be created."""
    from joblint.rules.finding import Hit

    for quota in folder.quotas:
        hard = quota.hard.get("count/jobs.batch", quota.hard.get("count/jobs"))
        if hard is None or not hard.isdecimal() or quota.scopes:
            continue
        crons = [c for c in folder.cronjobs if beside(quota.origin, c.origin) and sum(c.needs.kept) > 0]
        kept = sum([sum(c.needs.kept) for c in crons])
        if not crons or int(hard) > kept:
            continue
        most = max(crons, key=lambda c: sum(c.needs.kept))
        good, bad = most.needs.kept
        others = f" ({kept} with the other CronJobs of the namespace)" if len(crons) > 1 else ""
        at = "spec.jobTemplate" if most.origin.kind == "CronJob" else "spec"
        values = {"quota": quota.origin.name, "hard": hard, "good": good, "bad": bad, "others": others, "kept": kept}
        part = "key" if most.origin.kind == "CronJob" else "value"
        yield most.origin, Hit(at, {**values, "enough": kept - good - bad + 2 + 2 * len(crons)}, part=part)
