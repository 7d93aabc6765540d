"""The changes of `joblint diff` as JSON (`schemas/output/diff.json`); knows changes, not how they were computed."""

from __future__ import annotations

from joblint.report.check.json import crash_data
from joblint.report.safe import json_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.run.diff.changes import Change, Diff


def render_json(diff: Diff) -> str:
    """Return the changes as one JSON text."""
    changes = [_change(change) for change in diff.changes]
    for version, outcomes in diff.others:
        for change, outcome in zip(changes, outcomes, strict=False):
            change["otherVersions"][version] = outcome
    data = {
        "version": 1,
        "kubernetes": diff.kubernetes,
        "changes": changes,
        "skipped": [{"file": s.file, "document": s.document, "reason": s.reason} for s in diff.skipped],
        "crashes": [crash_data(c) for c in diff.crashes],
    }
    return json_text(data)


def _change(change: Change) -> dict[str, Any]:
    return {
        "file": change.file,
        "document": change.document,
        "line": change.line,
        "kind": change.kind,
        "namespace": change.namespace,
        "name": change.name,
        "outcome": change.outcome,
        "errors": [{"type": e.type, "field": e.field, "message": e.message} for e in change.errors],
        "message": change.problem or None,
        "effects": list(change.effects),
        "patch": change.patch,
        "otherVersions": {},
    }
