"""What joblint reports about the examples of a rule: its findings, and why and fix with the values of the first of them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.rules.finding import Finding
    from joblint.run.result import Report


def findings_of_example(data: dict[str, Any], example: dict[str, Any]) -> tuple[Finding, ...]:
    """Return what a built-in rule (its file's data) reports about one of its examples, in the order of the lines.

    The other rules do not run, except for a rule about ignores, which depends on them. An example with other files is written to
    a temporary directory; joblint, not helm, renders a chart there.
    """
    from joblint.rules.catalogue.rule import builtin
    from joblint.rules.engine import Engine
    from joblint.run.check import check_text

    if example.get("files"):
        return _with_files(data["id"], example)
    rule = [r for r in builtin() if r.id == data["id"]]
    for rules in (tuple(rule), builtin()):
        report = check_text(Engine(rules, version_of_example(example)), str(example["manifest"]).encode(), "job.yaml")
        found = [f for f in report.findings if f.rule == data["id"]]
        if found:
            return _in_order(found)
    return ()


def _in_order(found: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=lambda f: (f.span.line, f.span.column)))


def _with_files(rule: str, example: dict[str, Any]) -> tuple[Finding, ...]:
    """The findings on the manifest and the other files of an example, which may be a chart or an overlay."""
    import os
    from tempfile import TemporaryDirectory

    from joblint.base.record import replace
    from joblint.rules.catalogue.rule import builtin
    from joblint.rules.engine import Engine
    from joblint.run.check import check_files
    from joblint.run.render.not_built import RULE as NOT_BUILT
    from joblint.run.render.not_built import UNMATCHED, unmatched
    from joblint.run.render.not_built import findings as why_not_built

    chart = "Chart.yaml" in example["files"]
    texts = {"templates/job.yaml" if chart else "job.yaml": str(example["manifest"]), **example["files"]}
    version = version_of_example(example)
    with TemporaryDirectory() as folder:
        for name, text in texts.items():
            os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        engine = Engine(tuple([r for r in builtin() if r.id == rule]), version)
        if chart:
            findings = _of_chart(rule, folder, version).findings
        elif "kustomization.yaml" in texts and any(engine.rule(name) for name in (NOT_BUILT, UNMATCHED)):
            findings = why_not_built(engine, folder) + unmatched(engine, folder)
        else:
            findings = check_files(engine, tuple(sorted([os.path.join(folder, name) for name in texts]))).findings

    def short(text: str) -> str:
        return text.replace(folder + os.sep, "").replace(folder, ".")

    found = [f for f in findings if f.rule == rule]
    return _in_order([replace(f, message=short(f.message), fix_text=short(f.fix_text)) for f in found])


def _of_chart(rule: str, folder: str, version: str) -> Report:
    import os

    from joblint.run.projects import Asked, Projects
    from joblint.run.render.charts import charts
    from joblint.run.render.check import check_charts
    from joblint.run.render.helm import Asked as Rendering

    here = Projects(Asked(select=(rule,), profile="strict", kubernetes_version=version))
    (chart,) = charts((os.path.join(folder, "Chart.yaml"),))[0]
    (report,) = check_charts(here, (chart,), Rendering(without_helm=True), False).reports
    return report


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
