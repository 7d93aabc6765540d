"""The findings that do not depend on how an object's placeholders are filled in; knows findings and facts, no rule.

A finding that occurs only with some values, or has other numbers with each, depends on what is not known and is dropped.
"""

from __future__ import annotations

from joblint.base.record import replace
from joblint.rules.refusals.stand_ins import put_back

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.facts.jobs import CronJobFacts, JobFacts
    from joblint.rules.finding import Finding, Fix


def agreed(ways: list[list[Finding]], tokens: tuple[dict[str, str], ...]) -> list[Finding]:
    """Return the findings that are the same in all ways, with the placeholders in their texts."""
    told = [[_put_back(f, words) for f in found] for found, words in zip(ways, tokens, strict=True)]
    first, *others = told
    return [f for f in first if all(f in found for found in others)]


def agreed_facts(ways: list[JobFacts | CronJobFacts]) -> tuple[JobFacts | CronJobFacts, ...]:
    """Return the facts about the object if all ways have the same; nobody compares its content with another's."""
    first, *others = [replace(facts, content=None) for facts in ways]
    return (first,) if all(facts == first for facts in others) else ()


def _put_back(finding: Finding, tokens: dict[str, str]) -> Finding:
    return replace(
        finding,
        message=put_back(finding.message, tokens),
        label=put_back(finding.label, tokens),
        why=put_back(finding.why, tokens),
        fix_text=put_back(finding.fix_text, tokens),
        also=tuple([put_back(text, tokens) for text in finding.also]),
        fix=None if finding.fix is None else _fix(finding.fix, tokens),
    )


def _fix(fix: Fix, tokens: dict[str, str]) -> Fix:
    edits = tuple([replace(edit, text=put_back(edit.text, tokens)) for edit in fix.edits])
    return replace(fix, title=put_back(fix.title, tokens), edits=edits)
