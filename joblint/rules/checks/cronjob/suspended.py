"""suspend: true, on the CronJob and in its jobTemplate."""

from __future__ import annotations

from joblint.base.durations import show_duration as duration
from joblint.rules.subject import as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject


def cronjob_suspended(s: Subject) -> Iterator[Hit]:
    """suspend: true on the CronJob."""
    if s.cron.get("suspend") is not True:
        return
    seconds = s.cron.get("startingDeadlineSeconds")
    after = (
        f"a Job for a start missed no more than {duration(seconds)} ago is created immediately"
        if isinstance(seconds, int)
        else "a Job for the last missed start is created immediately"
    )
    yield s.hit("spec.suspend", after=after)


def template_suspended(s: Subject) -> Iterator[Hit]:
    """suspend: true in the jobTemplate: Jobs are created that never start."""
    if s.kind != "CronJob" or s.spec.get("suspend") is not True:
        return
    meta = as_dict(as_dict(as_dict(s.object.get("spec")).get("jobTemplate")).get("metadata"))
    if "kueue.x-k8s.io/queue-name" in as_dict(meta.get("labels")):
        return
    effects: dict[str, str] = {
        "Forbid": "the first Job blocks all later starts",
        "Replace": "each start replaces the previous Job",
    }
    piling = "the Jobs pile up, one per start, and the history limits do not delete them"
    effect = effects.get(str(s.cron.get("concurrencyPolicy")), piling)
    yield s.hit(f"{s.spec_at}.suspend", effect=effect)
