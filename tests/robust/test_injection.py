"""Nothing that a manifest says is obeyed by who shows joblint's output: a terminal, the log of a CI system, Markdown, HTML, XML.

One property over all formats of all commands, with texts that try to be commands in every place that takes a text.
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
