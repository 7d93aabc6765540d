"""Nothing that joblint's input says is obeyed by who shows its output: a terminal, the log of a CI system, Markdown, HTML, XML.

Properties over all formats of all commands, with texts that try to be commands in every place that takes a text: manifests, names
of files, settings, rules of one's own, scenarios, variables, values of charts, live objects. The exported policy has its own test
(tests/rules/test_policy_injection.py).
"""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joblint.api.version.versions import DEFAULT
from joblint.cli.options import FORMATS
from joblint.cli.outputs import renderer
from joblint.controller.scenario.scenario import BUILT_IN, built_in
from joblint.report.diff.json import render_json
from joblint.report.diff.text import render_text
from joblint.report.explain import html, markdown, svg
from joblint.report.explain import json as explain_json
from joblint.report.explain import text as explain_text
from joblint.report.markdown import code_block
from joblint.rules.catalogue.rule import builtin
from joblint.rules.engine import Engine
from joblint.run.check import check_files
from joblint.run.contents import Stdin
from joblint.run.diff.changes import Options
from joblint.run.diff.compare import diff
from joblint.run.explain import explain_files
from joblint.run.result import Report

from .harmless import BLEAK, COLOURED, Elements, holds, human, is_harmless_markdown, no_command, shape_of

EVIL = [
    "\x1b[31mred",
    "\x1b]8;;http://evil.example\x07click\x1b]8;;\x07",
    "\x07\x08\x0b\x0c\x7f",
    "a\rb",
    "a\nb",
    "\n::error::stopped",
    "  ::add-mask::secret",
    "::set-output name=a::b",
    "x ##[error]stopped",
    "##vso[task.setvariable variable=a]b",
    "##teamcity[buildStatus status='SUCCESS']",
    "\x9b31m",
    "a\u0085::warning::b",
    "a\u2028b\u2029c",
    "\u202egnp.exe",
    "\u2066\u2069\u200f\u061c",
    "\u200b\ufeff\u00ad",
    "[click](http://evil.example/)",
    "![image](http://evil.example/i.png)",
    "http://evil.example/ www.evil.example",
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "]]><b>",
    "&lt;b&gt; &amp; &#64;",
    "@everyone #1 GH-1",
    "``` ` `` |",
    "| a | b |\n|---|---|",
    "# heading",
    "- item",
    "%0A::error::x",
    "{x} {0.__class__} %s",
    "\U000e0041\U000e0042",
    "\U0001f468\u200d\U0001f469",
]
evil = st.sampled_from(EVIL) | st.builds(str.__add__, st.sampled_from(EVIL), st.sampled_from(EVIL)) | st.text(max_size=12)
plain = st.sampled_from(["a", "main", "0 3 * * *", "Never", "a:1", "1", ""])


@st.composite
def manifests(draw: st.DrawFn) -> dict[str, Any]:
    def some(good: str) -> str:
        return draw(st.sampled_from([good, draw(evil)]))

    def loose(good: str) -> Any:
        return draw(st.sampled_from([good, draw(evil), {draw(evil): draw(evil)}, [draw(evil)]]))

    container = {
        "name": some("a"),
        "image": some("a:1"),
        "command": [draw(st.sampled_from(["sh", "bash", draw(evil)])), "-c", some("work | tee log")],
        "env": [{"name": some("A"), "value": draw(evil)}, {"name": draw(evil), "value": "$(A) " + draw(evil)}],
        "resources": {"limits": {some("cpu"): some("1")}},
        "volumeMounts": [{"name": draw(evil), "mountPath": draw(evil)}],
    }
    template = {
        "metadata": {"labels": {draw(evil): draw(evil)}, "annotations": {draw(evil): draw(evil)}},
        "spec": {"restartPolicy": some("Never"), "containers": [container], "serviceAccountName": some("a")},
    }
    job: dict[str, Any] = {"template": template, "backoffLimit": 2, draw(evil): draw(evil), "completionMode": loose("NonIndexed")}
    if draw(st.booleans()):
        del job["completionMode"]
    metadata = {"name": some("pi"), "namespace": some("shop"), "annotations": {draw(evil): draw(evil)}}
    if draw(st.booleans()):
        return {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": job}
    spec = {"schedule": some("0 3 * * *"), "timeZone": some("Europe/Berlin"), "jobTemplate": {"spec": job}, draw(evil): 1}
    spec["concurrencyPolicy"] = some("Forbid")
    return {"apiVersion": draw(st.sampled_from(["batch/v1", draw(evil)])), "kind": "CronJob", "metadata": metadata, "spec": spec}


clean_manifest: dict[str, Any] = {
    "apiVersion": "batch/v1",
    "kind": "CronJob",
    "metadata": {"name": "pi"},
    "spec": {
        "schedule": "0 3 * * *",
        "jobTemplate": {"spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "a", "image": "a"}]}}}},
    },
}

ENGINE = Engine(builtin(), DEFAULT)


@pytest.mark.parametrize("format", FORMATS)
@given(st.lists(manifests(), min_size=1, max_size=2), evil)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_check(format: str, values: list[dict[str, Any]], name: str) -> None:
    text = "\n---\n".join(["# no JSON\n" + json.dumps(v) for v in values])
    report = check_files(ENGINE, ("-",), 1, Stdin(name or "x", text.encode()))
    assert report.crashes == ()
    for style in (COLOURED, BLEAK):
        lines = list(renderer(format)(report, "info", style))
        holds(format, human(lines) if format in ("text", "concise") else "\n".join(lines))


@given(st.lists(manifests(), min_size=1, max_size=2), evil, st.sampled_from(sorted(BUILT_IN)))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_explain(values: list[dict[str, Any]], name: str, scenario: str) -> None:
    from joblint.base.record import replace

    data = "\n---\n".join(["# no JSON\n" + json.dumps(v) for v in [*values, clean_manifest]]).encode()
    asked = replace(built_in(scenario, 1.0), name=name)
    told = explain_files([(name, data)], DEFAULT, scenario=asked, engine=ENGINE, ladder=True)
    assert told.crashes == ()
    no_command(human(list(explain_text.render(told, COLOURED, False))))
    no_command(human(list(explain_text.render(told, BLEAK, True))))
    is_harmless_markdown("\n".join(markdown.render(told)))
    holds("json", explain_json.render(told))
    picture = svg.render(told)
    no_command(picture)
    ElementTree.fromstring(picture.encode())
    page = html.render(told)
    no_command(page)
    usual = html.render(explain_files([("x", json.dumps(clean_manifest).encode())], DEFAULT, engine=ENGINE, ladder=True))
    known = {n for n, _ in shape_of(usual)} | {
        "div",
        "ul",
        "li",
        "p",
        "span",
        "b",
        "table",
        "tr",
        "td",
        "th",
        "tbody",
        "thead",
        "input",
        "label",
    }
    assert {n for n, _ in shape_of(page)} <= known
    scripts = Elements()
    scripts.feed(page)
    assert all("alert(1)" not in s or s.lstrip().startswith("{") for s in scripts.scripts)


@given(manifests(), manifests(), evil)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_diff(old: dict[str, Any], new: dict[str, Any], name: str) -> None:
    texts = [[(name, json.dumps(v).encode())] for v in (old, new)]
    changes = diff(texts[0], texts[1], Options(DEFAULT))
    assert changes.crashes == ()
    no_command(human(list(render_text(changes, COLOURED))))
    no_command(human(list(render_text(changes, BLEAK))))
    holds("json", render_json(changes))


@pytest.mark.parametrize("text", EVIL)
def test_messages(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    from joblint.cli.check import complain, tell_crashes, usage
    from joblint.rules.finding import RuleCrash

    usage(f"{text}: no such file")
    complain(((text, text),))
    tell_crashes((RuleCrash(text, text, text, 0, text),))
    no_command(capsys.readouterr().err)


def test_a_fix_with_lines_of_the_manifest_is_no_command() -> None:
    lines = code_block(["mountPath: /data", "  ::error::stopped", "##[error]stopped"])
    no_command("\n".join(lines))
    assert lines[2] == "  \\x3a:error::stopped"


RULE = """\
id: ACME01
name: ours
summary: {text}
severity: error
confidence: certain
profile: default
since: 1.0.0
message: {text}
label: {text}
check: {{cel: "false"}}
why: {text}
fix: {text}
references: ["https://example.com/"]
examples: {{bad: [{{manifest: ""}}], good: [{{manifest: ""}}]}}
"""


@given(evil, st.sampled_from(FORMATS))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_rule_of_ones_own(text: str, format: str) -> None:
    pytest.importorskip("cel_expr_python")
    from tempfile import TemporaryDirectory

    from joblint.configuration.settings import ConfigError
    from joblint.rules.catalogue.own import load_own

    with TemporaryDirectory() as folder:
        path = f"{folder}/rule.yaml"
        with open(path, "w", encoding="utf-8", errors="surrogatepass") as file:
            file.write(RULE.format(text=json.dumps(text.replace("{", "{{").replace("}", "}}"))))
        try:
            rules = load_own((path,))
        except ConfigError as error:
            no_command(_usage_says(str(error)))
            return
    own = Engine((*builtin(), *rules), DEFAULT)
    shown = check_files(own, ("-",), 1, Stdin("x", json.dumps(clean_manifest).encode()))
    assert "ACME01" in [f.rule for f in shown.findings] and shown.crashes == ()
    _shown_in(shown, format)
    _explained({"x": json.dumps(clean_manifest).encode()}, own)


@given(evil, st.sampled_from(FORMATS))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_reasons_variables_and_values(text: str, format: str) -> None:
    """What settings say: reasons of ignores, the values of variables, and of a chart that was rendered."""
    from joblint.base.record import replace
    from joblint.rules.finding import Origin

    written = json.dumps({**clean_manifest, "metadata": {"name": "${NAME}", "annotations": {"a": "${OTHER:-" + text + "}"}}})
    comment = " ".join(text.split())
    data = f"# joblint: ignore[JL101]: {comment}\n# joblint: ignore[{comment}] until={comment}\n{written}\n".encode(
        "utf-8", "replace"
    )
    with_it = Engine(builtin(), DEFAULT, variables={"NAME": text})
    shown = check_files(with_it, ("-",), 1, Stdin("x.yaml", data))
    assert shown.crashes == ()
    origin = Origin("templates/" + text, 3, 1, text)
    _shown_in(replace(shown, findings=tuple([replace(f, source=origin) for f in shown.findings])), format)
    _explained({"x.yaml": data}, with_it)


@given(evil, st.sampled_from(FORMATS))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_live_objects(text: str, format: str) -> None:
    """What a cluster says: names, events, conditions, the states of containers."""
    seen = {"name": "a", "namespace": "n", "uid": "u", "resourceVersion": "1", "creationTimestamp": "2026-11-01T00:00:00Z"}
    pod_spec = {"restartPolicy": "Never", "containers": [{"name": "a", "image": text}], "nodeName": text}
    waiting = {"name": "a", "restartCount": 2, "state": {"waiting": {"reason": text, "message": text}}}
    condition = {
        "type": "Failed",
        "status": "True",
        "reason": text,
        "message": text,
        "lastTransitionTime": "2026-11-01T00:03:00Z",
    }
    owner = [{"apiVersion": "batch/v1", "kind": "Job", "name": "a", "uid": "u", "controller": True}]
    items = [
        {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": seen,
            "spec": {"template": {"spec": pod_spec}},
            "status": {"failed": 1, "startTime": "2026-11-01T00:00:00Z", "conditions": [condition]},
        },
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {**seen, "name": text, "uid": "v", "ownerReferences": owner},
            "spec": pod_spec,
            "status": {"phase": "Pending", "reason": text, "message": text, "containerStatuses": [waiting]},
        },
        {
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {**seen, "name": "e", "uid": "w"},
            "involvedObject": {"kind": "Job", "name": "a", "namespace": "n", "uid": "u"},
            "reason": text,
            "message": text,
            "lastTimestamp": "2026-11-01T00:02:00Z",
        },
    ]
    for some in (items, [{**items[0], "status": {"active": 1, "startTime": "2026-11-01T00:00:00Z"}}, *items[1:]]):
        data = json.dumps({"apiVersion": "v1", "kind": "List", "items": some, "metadata": {"resourceVersion": ""}}).encode()
        shown = check_files(ENGINE, ("-",), 1, Stdin("x.json", data))
        assert shown.crashes == ()
        _shown_in(shown, format)
        _explained({"x.json": data}, ENGINE)


@given(evil)
@settings(max_examples=60, deadline=None)
def test_a_wrong_configuration_scenario_baseline_or_file_of_variables(text: str) -> None:
    from tempfile import TemporaryDirectory

    from joblint.configuration.settings import ConfigError, load
    from joblint.controller.scenario.file import ScenarioError, read_scenario
    from joblint.run.baseline import BaselineError, read
    from joblint.source.unrendered.known import VariablesError, read_variables

    settings_ = [{text: 1}, {"select": [text]}, {"kubernetes-version": text}, {"severities": {text: text}}, {"profile": text}]
    settings_ += [{"overrides": [{"paths": [text], "ignore": [text], "reason": text, "until": text}]}, {"fail-on": text}]
    said = []
    with TemporaryDirectory() as folder:
        for value in settings_:
            with open(f"{folder}/.joblint.yaml", "w", encoding="utf-8") as file:
                file.write(json.dumps(value))
            try:
                load(f"{folder}/.joblint.yaml")
            except ConfigError as error:
                said.append(str(error))
    for value in (
        {text: 1},
        {"pods": [{text: 1}]},
        {"pods": [{"run": text}]},
        {"actions": [{"at": 1, text: text}]},
        {"kubelet": text},
    ):
        try:
            read_scenario(value, text)
        except ScenarioError as error:
            said.append(str(error))
    for wrong in (text, json.dumps({"version": text, "findings": {text: text}})):
        try:
            read(wrong.encode("utf-8", "replace"), text)
        except BaselineError as error:
            said.append(str(error))
        try:
            read_variables(wrong)
        except VariablesError as error:
            said.append(str(error))
    assert said
    no_command(_usage_says("\n".join(said)))


def _usage_says(text: str) -> str:
    from contextlib import redirect_stderr
    from io import StringIO

    from joblint.cli.check import usage

    with redirect_stderr(StringIO()) as found:
        usage(text)
    return found.getvalue()


def _shown_in(shown: Report, format: str) -> None:
    for style in (COLOURED, BLEAK):
        lines = list(renderer(format)(shown, "info", style))
        holds(format, human(lines) if format in ("text", "concise") else "\n".join(lines))


def _explained(files: dict[str, bytes], engine: Engine) -> None:
    told = explain_files(list(files.items()), DEFAULT, engine=engine, now=1_795_000_000.0)
    assert told.crashes == ()
    no_command(human(list(explain_text.render(told, COLOURED, True))))
    is_harmless_markdown("\n".join(markdown.render(told)))
    holds("json", explain_json.render(told))
    no_command(svg.render(told))
    ElementTree.fromstring(svg.render(told).encode())
    page = html.render(told)
    no_command(page)
    shape_of(page)
