"""Running the examples of a team's own rule files: a bad one must be reported by its rule, a good one must not.

Gets rules with their files, returns the failures; knows the checker, no output.
"""

from __future__ import annotations

from joblint.api.version.versions import DEFAULT
from joblint.base.record import Record
from joblint.base.wrong import WrongInput
from joblint.rules.engine import Engine
from joblint.run.check import check_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.rules.catalogue.own import OwnRule


class Failure(Record):
    """An example that does not behave as its rule file says: file, line and column of the example, and the problem."""

    file: str
    line: int
    column: int
    message: str


def try_examples(own: OwnRule) -> tuple[Failure, ...]:
    """Return the problems with the examples of one rule; nothing if there are none."""
    failures = []
    for kind in ("bad", "good"):
        for i, example in enumerate(own.data["examples"][kind]):
            message = _wrong(own, kind, example)
            if message:
                span = own.document.span(f"examples.{kind}[{i}]")
                failures.append(Failure(own.file, span.line, span.column, f"{kind} example {i + 1}: {message}"))
    return tuple(failures)


def _wrong(own: OwnRule, kind: str, example: dict[str, Any]) -> str:
    version = example.get("kubernetes", DEFAULT)
    try:
        report = check_text(Engine((own.rule,), version), example["manifest"].encode(), "example.yaml")
    except (WrongInput, UnicodeEncodeError) as error:
        return str(error)
    if report.crashes:
        return report.crashes[0].error
    if not report.documents:
        return "it contains no Job or CronJob"
    found = [f for f in report.findings if f.rule == own.rule.id]
    if kind == "good":
        return f"the rule reports it: {found[0].message}" if found else ""
    if not found:
        refused = next((d.judged.verdict.errors for d in report.documents if not d.judged.verdict.accepted), ())
        return "the rule does not report it" + (f" (the API server rejects it: {refused[0].message})" if refused else "")
    if "field" in example and example["field"] not in [f.field for f in found]:
        return f"the finding is at {found[0].field or 'the first key'}, not at {example['field']}"
    if "says" in example and not any(example["says"] in f.message + f.fix_text for f in found):
        return f"the finding does not contain {example['says']!r}: {found[0].message}"
    return ""
