"""The last line of a check: what was checked, found and not checked; knows the report, no format."""

from __future__ import annotations

from joblint.report.not_judged import not_judged
from joblint.report.safe import safe
from joblint.rules.finding import at_least

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.run.result import Report


def counts(report: Report) -> dict[str, int]:
    """Return the number of findings of each severity, shown or not."""
    found = {"error": 0, "warning": 0, "info": 0}
    for finding in report.findings:
        found[finding.severity] += 1
    for (_, _, severity), n in report.hidden:
        found[severity] += n
    return found


def of_several(report: Report) -> frozenset[str]:
    """Return the files that contain several objects, so that a finding must say which it is about."""
    last: dict[str, object] = {}
    several = set()
    for checked in report.documents:
        if last.setdefault(checked.file, checked) is not checked:
            several.add(checked.file)
    several.update([s.file for s in report.skipped if s.file in last])
    return frozenset(several)


def plural(n: int, word: str, words: str = "") -> str:
    """Return `1 Job`, `2 Jobs`."""
    return f"{n} {word if n == 1 else words or word + 's'}"


def summary(report: Report, least: str) -> str:
    """Return the line with what was checked and found, and everything that was not checked."""
    kinds: dict[str, int] = {}
    for checked in report.documents:
        kind = checked.judged.kind
        if kind not in ("Job", "CronJob"):
            kind = "invalid document" if checked.judged.verdict.stage == "yaml" else "misnamed object"
        kinds[kind] = kinds.get(kind, 0) + 1
    what = " and ".join([plural(n, kind) for kind, n in sorted(kinds.items(), key=lambda i: (i[0] != "Job", i[0]))])
    files = plural(report.files, "file")
    found = counts(report)
    if not what and not report.findings:
        head = f"No Job or CronJob to check in {files}."
    else:
        what = what or "0 Jobs"  # the findings are on patches, or on a chart that cannot be loaded
        parts = [plural(n, s) for s, n in found.items() if n and (s != "info" or least == "info")]
        head = f"{what} checked in {files}: {', '.join(parts) or 'nothing found'}."
        if found["info"] and least != "info":
            head += f"  {plural(found['info'], 'info finding')} not shown (--severity info)."
        elif found["warning"] and least == "error":
            head += f"  {plural(found['warning'], 'warning')} not shown (--severity warning)."
    ignored = sum([at_least(i.finding.severity, least) for i in report.ignored])
    known = sum([at_least(f.severity, least) for f in report.known])
    templates = sum([checked.judged.template for checked in report.documents])
    if templates:
        head += f"  {plural(templates, 'template')} read without rendering."
    if ignored:
        head += f"  {ignored} ignored (--no-ignores)."
    if known:
        head += f"  {known} known (baseline)."
    if report.fixed:
        them = "it" if report.fixed == 1 else "them"
        head += f"  {plural(report.fixed, 'known finding')} fixed: --update-baseline removes {them}."
    if report.unchanged:
        head += f"  {plural(report.unchanged, 'object')} unchanged (--since)."
    return head + _not_checked(report) + _not_walked(report) + _version_note(report)


def _version_note(report: Report) -> str:
    from joblint.api.version.versions import PREVIEWS, RELEASES

    newest = report.kubernetes.rpartition("..")[2]
    return f"  Kubernetes {newest} is a preview: the results are those of {RELEASES[newest]}." if newest in PREVIEWS else ""


def _not_walked(report: Report) -> str:
    """What was skipped in directories, by reason (links and similar by path); to check it, specify it."""
    from joblint.base.files import BY_NAME

    reasons: dict[str, int] = {}
    named = []
    for path, reason in report.passed:
        if reason in BY_NAME:
            named.append(f"{safe(path)} ({reason})")
        else:
            reasons[reason] = reasons.get(reason, 0) + 1
    parts = [f"{n} {reason}" for reason, n in sorted(reasons.items())] + named[:10]
    if len(named) > 10:
        parts.append(f"{len(named) - 10} more (--format json lists them)")
    return f"  Skipped: {', '.join(parts)}." if parts else ""


def _not_checked(report: Report) -> str:
    parts = not_judged(report.skipped, report.files)
    return f"  Not checked: {', '.join(parts)}." if parts else ""
