"""Findings on what the reader noticed: text that is no YAML, keys that stand twice; knows documents and rules."""

from __future__ import annotations

from joblint.api.verdict import ApiError, Verdict
from joblint.rules.finding import Fix, Hit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.rules.engine import Engine, Judged
    from joblint.rules.finding import Finding
    from joblint.source.documents import Document, Problem

RULES = {"yaml": "yaml-unreadable", "duplicate-key": "duplicate-key", "unread-text": "unread-text"}
"""The rule that tells of each kind of problem the reader reports."""

_JOB_ONLY = frozenset(
    ("completions", "parallelism", "backoffLimit", "ttlSecondsAfterFinished", "completionMode", "podFailurePolicy", "jobTemplate")
)


def findings(engine: Engine, document: Document) -> list[Finding]:
    """One finding for each problem whose rule was chosen."""
    found = []
    for problem in document.problems:
        rule = engine.rule(RULES.get(problem.kind, ""))
        if rule is not None:
            values = {"problem": problem.message, "key": problem.field.rpartition(".")[2]}
            fix = _fix(document, problem) if problem.kind == "duplicate-key" else None
            hit = Hit(problem.field, values, label=problem.label, span=problem.span, fix=fix)
            found.append(engine.finding(rule, document, "", hit, refused=problem.kind == "yaml"))
    return found


def _fix(document: Document, problem: Problem) -> Fix | None:
    """Of two equal entries one may go."""
    from joblint.rules.fixes.moves import remove_repeat

    edits = remove_repeat(document, problem.field)
    return Fix(f"one of the two equal {problem.field} goes", edits) if edits else None


def unreadable(document: Document) -> Judged | None:
    """The verdict on a document that is no YAML: kubectl stops there, nothing reaches the server. None if it can be read."""
    from joblint.rules.engine import Judged

    errors = tuple([ApiError("YAML", "", p.message) for p in document.problems if p.kind == "yaml"])
    if not errors:
        return None
    line = next(p.span.line for p in document.problems if p.kind == "yaml")
    return Judged(document.index, line, None, None, None, None, Verdict(False, "yaml", errors, ()), None)


def looks_like_job(value: dict[str, Any]) -> bool:
    """Whether an object without a kind was meant to be a Job or CronJob, by fields that only these have."""
    spec = value.get("spec")
    return isinstance(spec, dict) and not _JOB_ONLY.isdisjoint(spec)
