"""The rules for other programs and for pages: as JSON (`schemas/output/rules.json`) and as Markdown; knows nothing about
manifests, except for what is reported about the examples of a rule.
"""

from __future__ import annotations

from joblint.report.remedy import as_markdown
from joblint.report.style import CONFIDENCE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.rules.catalogue.rule import Rule
    from joblint.rules.finding import Finding


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


def levels(data: dict[str, Any]) -> tuple[str, str]:
    """Return the severities and confidences of a rule, from the data of its file, as in `warning or info (depends on the
    manifest)`."""
    from joblint.run.example import findings_of_example

    return _levels(data, [findings_of_example(data, example) for example in data["examples"]["bad"]])


def _levels(data: dict[str, Any], reported: list[tuple[Finding, ...]]) -> tuple[str, str]:
    severities = {data["severity"], *[f.severity for fs in reported for f in fs]}
    confidences = {data["confidence"], *[f.confidence for fs in reported for f in fs]}
    return (
        _either([s for s in ("error", "warning", "info") if s in severities]),
        _either([CONFIDENCE[c] for c in CONFIDENCE if c in confidences]),
    )


def page(data: dict[str, Any]) -> str:
    """Return the page of one rule as Markdown, from the data of its file, with what joblint reports about its examples."""
    from joblint.run.example import findings_of_example, texts_of_example

    applies = data.get("applies") or {}
    reported = [findings_of_example(data, example) for example in data["examples"]["bad"]]
    found: dict[str, list[tuple[Finding, ...]]] = {"bad": reported, "good": [()] * len(data["examples"]["good"])}
    severities, confidences = _levels(data, reported)
    facts = [
        f"**Severity:** {severities}",
        f"**Confidence:** {confidences}",
        f"**Profile:** {data['profile']}",
        f"**Since:** {data['since']}",
    ]
    if applies.get("kubernetes"):
        facts.append(f"**Kubernetes:** {applies['kubernetes']}")
    parts = [f"# {data['id']} {data['name']}", f"{data['summary']}.", " · ".join(facts)]
    why, fix = texts_of_example(data)
    parts += ["## Why", why]
    example = ["For the first example below:"] if "{" in data["fix"].replace("{{", "").replace("}}", "") else []
    parts += ["## How to fix it", *example, as_markdown(fix)]
    if data["name"].startswith("live-"):
        command = "kubectl get jobs,cronjobs,pods,events -A -o json | joblint check -"
        parts.append(f"Reported for objects of a cluster: `{command}`")
    for title, key in (("Reported", "bad"), ("Not reported", "good")):
        parts.append(f"## {title}")
        for example, findings in zip(data["examples"][key], found[key], strict=True):
            if example.get("kubernetes"):
                parts.append(f"With `--kubernetes-version {example['kubernetes']}`:")
            if findings:
                parts.append("\n".join(["```text", *finding_lines(findings), "```"]))
            if example.get("files"):
                parts.append("`job.yaml`:" if "Chart.yaml" not in example["files"] else "`templates/job.yaml`:")
            parts.append(f"```yaml\n{example['manifest'].rstrip()}\n```")
            for name, text in (example.get("files") or {}).items():
                parts += [f"`{name}`:", f"```yaml\n{text.rstrip()}\n```"]
    parts += ["## References", "\n".join(f"- <{url}>" for url in data["references"])]
    return "\n\n".join(parts) + "\n"


def _either(words: list[str]) -> str:
    return " or ".join(words) + (" (depends on the manifest)" if len(words) > 1 else "")


def finding_lines(findings: tuple[Finding, ...]) -> list[str]:
    """Return what joblint reports about an example: the severity, the line and the message of each finding, wrapped."""
    from textwrap import wrap

    from joblint.report.safe import safe

    lines = []
    for f in findings:
        sure = f" ({CONFIDENCE[f.confidence]})" if f.confidence != "certain" else ""
        text = safe(f"{f.severity}{sure} on line {f.span.line}: {f.message}")
        lines += wrap(text, 98, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
    return lines
