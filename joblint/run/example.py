"""A rule's why and fix with the values of its first bad example."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def texts_of_example(data: dict[str, Any]) -> tuple[str, str]:
    """Return why and fix of a built-in rule (its file's data) for its first bad example; the texts as written, with braces, if
    no example has any."""
    text = f"{data['why']}{data['fix']}"
    plain = _plain(str(data["why"]).strip()), _plain(str(data["fix"]).strip())
    if "{" not in text.replace("{{", "").replace("}}", ""):
        return plain
    from joblint.api.version.versions import VERSIONS
    from joblint.rules.catalogue.rule import builtin
    from joblint.rules.engine import Engine
    from joblint.run.check import check_text

    rules = tuple([r for r in builtin() if r.id == data["id"]])
    for example in data["examples"]["bad"]:
        version = str(example.get("kubernetes") or VERSIONS[-1])
        engine = Engine(rules, version)
        report = check_text(engine, str(example["manifest"]).encode(), "job.yaml")
        for finding in report.findings:
            if finding.rule == data["id"] and finding.fix_text.strip():
                return finding.why.strip(), finding.fix_text.strip()
    return plain


def _plain(text: str) -> str:
    return text.replace("{{", "{").replace("}}", "}")
