"""The result of a check: the report and its parts; records alone."""

from __future__ import annotations

from joblint.base.record import Record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.finding import Finding, RuleCrash
    from joblint.rules.ignores.settle import Ignored
    from joblint.rules.outcome import Hidden, Judged
    from joblint.rules.skips import Skipped
    from joblint.run.kept import Kept


class Checked(Record):
    """One checked object of a file."""

    file: str
    judged: Judged


class Report(Record):
    """The result of a run. `files` counts the files read, `documents` the Jobs and CronJobs checked (and documents that cannot
    be read); `missing` are paths that do not exist or cannot be read, `passed` what was skipped in directories, both with the
    reason; `ignored` are findings that are ignored, `known` those in a baseline, `fixed` is how many of it are fixed;
    `unchanged` counts objects that were omitted because they did not change; `hidden` counts findings that were not created, by
    rule (ID and name) and severity; `late` are the findings that were not reported while the files were checked, None if none
    were."""

    kubernetes: str
    files: int
    documents: tuple[Checked, ...] | Kept[Checked]
    findings: tuple[Finding, ...] | Kept[Finding]
    skipped: tuple[Skipped, ...] | Kept[Skipped]
    crashes: tuple[RuleCrash, ...]
    missing: tuple[tuple[str, str], ...]
    passed: tuple[tuple[str, str], ...] = ()
    ignored: tuple[Ignored, ...] = ()
    known: tuple[Finding, ...] = ()
    fixed: int = 0
    unchanged: int = 0
    hidden: tuple[tuple[Hidden, int], ...] = ()
    late: tuple[Finding, ...] | None = None


def without_verdict(report: Report) -> Report:
    """Return the report without the findings on what the API server, or kubectl before it, rejects."""
    return replace(report, findings=tuple([f for f in report.findings if not f.refused]))
