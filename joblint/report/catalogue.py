"""The rules for other programs and for pages: as JSON (`schemas/output/rules.json`) and as Markdown; knows nothing about
manifests.
"""

from __future__ import annotations

from joblint.report.remedy import as_markdown
from joblint.report.style import CONFIDENCE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.rules.catalogue.rule import Rule


def as_json(rules: list[Rule], files: dict[str, dict[str, Any]]) -> str:
    """Return the rules as one JSON text; `files` contains the data of their files, by ID."""
    from joblint import __version__ as VERSION
    from joblint.report.safe import json_text

    return json_text({"version": 1, "joblint": VERSION, "rules": [_data(r, files[r.id]) for r in rules]})


def _data(rule: Rule, file: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": rule.name,
        "family": rule.family or None,
        "summary": rule.summary,
        "severity": rule.severity,
        "confidence": rule.confidence,
        "profile": rule.profile,
        "since": rule.since,
        "scope": rule.scope,
        "kinds": list(rule.kinds),
        "kubernetes": rule.kubernetes or None,
        "message": rule.message,
        "why": rule.why,
        "fix": rule.fix,
        "url": rule.url,
        "references": list(rule.references),
        "examples": {which: [e["manifest"] for e in file["examples"][which]] for which in ("bad", "good")},
    }


def page(data: dict[str, Any]) -> str:
    """Return the page of one rule as Markdown, from the data of its file."""
    applies = data.get("applies") or {}
    facts = [data["severity"], CONFIDENCE[data["confidence"]], f"profile {data['profile']}", f"since {data['since']}"]
    if applies.get("kubernetes"):
        facts.append(f"Kubernetes {applies['kubernetes']}")
    parts = [f"# {data['id']} {data['name']}", f"{data['summary']}.", f"*{', '.join(facts)}*"]
    from joblint.run.example import texts_of_example

    why, fix = texts_of_example(data)
    parts += ["## Why", why]
    parts += ["## How to fix it", as_markdown(fix)]
    for title, key in (("Reported", "bad"), ("Not reported", "good")):
        parts.append(f"## {title}")
        parts += [f"```yaml\n{example['manifest'].rstrip()}\n```" for example in data["examples"][key]]
    parts += ["## References", "\n".join(f"- <{url}>" for url in data["references"])]
    return "\n\n".join(parts) + "\n"
