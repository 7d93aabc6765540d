"""The line that `kubectl get jobs` shows for a Job: STATUS, COMPLETIONS, DURATION; plain arithmetic.

Sources: Kubernetes 1.36.3, pkg/printers/internalversion/printers.go (printJob); apimachinery util/duration.
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.controller.job.spec import JobSpec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.controller.job.trace import Run

BY_CONDITION = (
    ("Complete", "Complete"),
    ("Failed", "Failed"),
    ("Suspended", "Suspended"),
    ("FailureTarget", "FailureTarget"),
    ("SuccessCriteriaMet", "SuccessCriteriaMet"),
)


class Row(Record):
    """The columns of a Job as kubectl prints them; `duration` is empty for a Job that has not started."""

    status: str
    completions: str
    duration: str

    def as_dict(self) -> dict[str, str]:
        """The row for JSON."""
        return {"status": self.status, "completions": self.completions, "duration": self.duration}


def row(spec: JobSpec, run: Run) -> Row:
    """What kubectl shows when a run has ended. DURATION of a Job that is not complete grows on; here it is that of the
    moment when the run stopped."""
    final = run.final
    true = {c.type for c in final.conditions if c.status == "True"}
    status = next((text for condition, text in BY_CONDITION if condition in true), "Running")
    if spec.completions is not None:
        completions = f"{final.succeeded}/{spec.completions}"
    elif spec.parallelism > 1:
        completions = f"{final.succeeded}/1 of {spec.parallelism}"
    else:
        completions = f"{final.succeeded}/1"
    if final.start_time is None:
        return Row(status, completions, "")
    end = final.completion_time
    if end is None:
        end = run.ends_at if run.ends_at is not None else run.stopped_at
    return Row(status, completions, human_duration(end - final.start_time))


def human_duration(seconds: float) -> str:
    """Seconds as kubectl shortens them: 90s, 2m5s, 3h10m, 2d4h, 400d."""
    whole = int(seconds + 1e-6)
    if whole < 120:
        return f"{max(0, whole)}s"
    minutes = whole // 60
    if minutes < 10:
        return f"{minutes}m{whole % 60}s" if whole % 60 else f"{minutes}m"
    if minutes < 180:
        return f"{minutes}m"
    hours = minutes // 60
    if hours < 8:
        return f"{hours}h{minutes % 60}m" if minutes % 60 else f"{hours}h"
    if hours < 48:
        return f"{hours}h"
    days = hours // 24
    if days < 8:
        return f"{days}d{hours % 24}h" if hours % 24 else f"{days}d"
    if days < 730:
        return f"{days}d"
    years = days // 365
    return f"{years}y{days % 365}d" if years < 8 and days % 365 else f"{years}y"
