"""Findings on what the reader noticed: invalid YAML, keys that are defined twice; knows documents and rules."""

from __future__ import annotations

from joblint.api.verdict import ApiError, Verdict
from joblint.rules.finding import Fix, Hit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.engine import Engine
    from joblint.rules.finding import Finding
    from joblint.rules.outcome import Judged
    from joblint.source.documents import Document
    from joblint.source.problem import Problem

RULES = {"yaml": "yaml-unreadable", "duplicate-key": "duplicate-key", "unread-text": "unread-text"}
"""The rule for each kind of problem that the reader reports."""

_TOP = ("apiVersion", "kind", "metadata", "spec")
KEEP = "Keep one of them. To keep both (two blocks of env or labels), merge their entries into one block."
CORRECT = "Correct the text at this position. The cause may be a line earlier: an unclosed quote or bracket."


def findings(engine: Engine, document: Document) -> list[Finding]:
    """Return one finding for each problem whose rule is selected, and that concerns a Job or CronJob of the document."""
    from joblint.api.ours import is_ours

    ours = [prefix for prefix, value in document.objects() if is_ours(value)]
    found = []
    begins = _other_objects(document)
    for problem in (*begins, *document.problems):
        if begins and problem.kind == "duplicate-key" and problem.field in _TOP and problem not in begins:
            continue
        rule = engine.rule(RULES.get(problem.kind, ""))
        if rule is not None and _concerns(document, problem, ours):
            values = {
                "problem": problem.message,
                "key": problem.field.rpartition(".")[2],
                "advice": KEEP if problem.kind == "duplicate-key" else CORRECT,
            }
            fix = _fix(document, problem) if problem.kind == "duplicate-key" and problem not in begins else None
            if problem in begins:
                values["advice"] = f"---    on a line of its own above line {problem.span.line}"
            if problem.kind == "yaml" and not document.source.part.json:
                from joblint.rules.refusals.wrong_levels import readable

                indented = readable(document, engine.version)
                if indented is not None:
                    advice, fix = indented
                    depth = len(advice) - len(advice.lstrip(" "))
                    values["advice"] = advice if "\n" in advice else f"{advice}  # indented by {depth} spaces"
            hit = Hit(problem.field, values, label=problem.label, span=problem.span, fix=fix)
            found.append(engine.finding(rule, document, "", hit, refused=problem.kind == "yaml"))
    return found


def _other_objects(document: Document) -> tuple[Problem, ...]:
    """Where further objects begin without a `---` before them: both apiVersion and kind are repeated at the top of the
    document."""
    from joblint.base.record import replace

    again = {
        key: [p for p in document.problems if p.kind == "duplicate-key" and p.field == key] for key in ("kind", "apiVersion")
    }
    found = []
    for one, other in zip(again["kind"], again["apiVersion"], strict=False):
        first = min(one, other, key=lambda p: p.span.line)
        message = (
            f"`---` is missing above line {first.span.line}: kubectl reads two objects as one, and the first of them is lost"
        )
        found.append(replace(first, message=message, label="another object begins here"))
    return tuple(found)


def _concerns(document: Document, problem: Problem, ours: list[str]) -> bool:
    """Whether a problem concerns a Job or CronJob, and not another object next to it."""
    if problem.kind == "yaml":
        return True
    if problem.kind == "duplicate-key":
        return any(problem.field.startswith(prefix) or prefix.startswith(problem.field + "[") for prefix in ours)
    from joblint.api.ours import seen

    lines = document.lines[problem.span.line - 1 - document.source.part.line :]
    return bool(ours) or seen("\n".join(lines).encode())


def _fix(document: Document, problem: Problem) -> Fix | None:
    """One of two equal entries can be removed."""
    from joblint.rules.fixes.moves import remove_repeat

    edits = remove_repeat(document, problem.field)
    return Fix(f"remove the duplicate {problem.field}", edits) if edits else None


def unreadable(document: Document) -> Judged | None:
    """Return the verdict on a document that is not valid YAML: kubectl stops there, and nothing reaches the server. None if it
    can be read."""
    from joblint.rules.outcome import Judged

    errors = tuple([ApiError("YAML", "", p.message) for p in document.problems if p.kind == "yaml"])
    if not errors:
        return None
    line = next(p.span.line for p in document.problems if p.kind == "yaml")
    return Judged(document.index, line, None, None, None, None, Verdict(False, "yaml", errors, ()), None)
