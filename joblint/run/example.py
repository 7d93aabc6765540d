"""What joblint reports about the examples of a rule: its findings, and why and fix with the values of the first of them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.rules.finding import Finding


def findings_of_example(data: dict[str, Any], example: dict[str, Any]) -> tuple[Finding, ...]:
    """Return what a built-in rule (its file's data) reports about one of its examples, in the order of the lines.

    The other rules do not run, except for a rule about ignores, which depends on them. The files of a chart are written to a
    temporary directory and rendered there by joblint, not by helm.
    """
    from joblint.rules.catalogue.rule import builtin
    from joblint.rules.engine import Engine
    from joblint.run.check import check_text

    rule = [r for r in builtin() if r.id == data["id"]]
    if "Chart.yaml" in example.get("files", {}):
        return _of_chart(data["id"], example)
    for rules in (tuple(rule), builtin()):
        report = check_text(Engine(rules, version_of_example(example)), str(example["manifest"]).encode(), "job.yaml")
        found = [f for f in report.findings if f.rule == data["id"]]
        if found:
            return tuple(sorted(found, key=lambda f: (f.span.line, f.span.column)))
    return ()


def _of_chart(rule: str, example: dict[str, Any]) -> tuple[Finding, ...]:
    import os
    from tempfile import TemporaryDirectory

    from joblint.base.record import replace
    from joblint.run.projects import Asked, Projects
    from joblint.run.render.charts import charts
    from joblint.run.render.check import check_charts
    from joblint.run.render.helm import Asked as Rendering

    with TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "templates"))
        for name, text in {"templates/job.yaml": example["manifest"], **example["files"]}.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        here = Projects(Asked(select=(rule,), profile="strict", kubernetes_version=version_of_example(example)))
        (chart,) = charts((os.path.join(folder, "Chart.yaml"),))[0]
        (report,) = check_charts(here, (chart,), Rendering(without_helm=True), False).reports
    found = [f for f in report.findings if f.rule == rule]
    return tuple([replace(f, message=f.message.replace(folder, "."), fix_text=f.fix_text.replace(folder, ".")) for f in found])


def version_of_example(example: dict[str, Any]) -> str:
    """Return the Kubernetes version with which an example is checked: its own, or the default."""
    from joblint.api.version.versions import DEFAULT

    return str(example.get("kubernetes") or DEFAULT)


def texts_of_example(data: dict[str, Any]) -> tuple[str, str]:
    """Return why and fix of a built-in rule (its file's data) for its first bad example; the texts as written, with braces, if
    no example has any."""
    text = f"{data['why']}{data['fix']}"
    plain = _plain(str(data["why"]).strip()), _plain(str(data["fix"]).strip())
    if "{" not in text.replace("{{", "").replace("}}", ""):
        return plain
    for example in data["examples"]["bad"]:
        for finding in findings_of_example(data, example):
            if finding.fix_text.strip():
                return finding.why.strip(), finding.fix_text.strip()
    return plain


def _plain(text: str) -> str:
    return text.replace("{{", "{").replace("}}", "}")
