"""Texts of rules are templates, values of manifests never are: whatever braces they hold, they are told as written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joblint.rules.catalogue.rule_files import builtin_rule_files, read_rule_file
from joblint.source.documents import read
from joblint.source.places.paths import changed, steps

from .helper import report_of

JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {name: a%s}
spec:
%s  template: {spec: {restartPolicy: Never, containers: [{name: a, image: "a:1"%s}]}}
"""


@pytest.mark.parametrize(
    ("manifest", "rule", "says"),
    [
        (JOB % ("", '  "{x}": 1\n  <<: {"{x}": 2}\n', ""), "JL002", "`{x}`"),
        (JOB % ("", '  "{key:>900000000}": 1\n', ""), "JL105", '"{key:>900000000}"'),
        (JOB % ("", '  "{key:>9}": 1\n  "{key:>9}": 2\n', ""), "JL002", "{key:>9}"),
        (JOB % ("", "", ', resources: {limits: {memory: "{MEM}MB"}}'), "JL109", "{MEM}MB"),
        (JOB % ("", '  completionMode: "{Indexd}"\n', ""), "JL117", "{Indexd}"),
    ],
)
def test_braces_stay(manifest: str, rule: str, says: str) -> None:
    report = report_of(manifest)
    assert not report.crashes
    assert [f for f in report.findings if f.rule == rule and says in f.message + f.fix_text]


@pytest.mark.parametrize("spec", ["  parallelism: many\n", "  parallelism: ${N}\n", "  backofLimit: 3\n"])
def test_a_key_of_digits_with_a_placeholder(spec: str) -> None:
    """Paths write the key of a map in brackets, as they do an index."""
    report = report_of(JOB % (', annotations: {"1": "${X}", "2": true}', spec, ""))
    assert not report.crashes and report.findings


OBJECTS = [
    value
    for name, data in builtin_rule_files()
    for example in read_rule_file(name, data)["examples"]["bad"]
    for document in read(example["manifest"].encode(), "x.yaml")
    for _, value in document.objects()
    if isinstance(value, dict) and value.get("kind") in ("Job", "CronJob")
]


def _fields(value: Any) -> list[str]:
    (document,) = read(json.dumps(value).encode(), "x.json")
    return [field for field, _ in document.scalars()]


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_value_may_hold_braces(data: st.DataObject) -> None:
    value = data.draw(st.sampled_from(OBJECTS))
    field = data.draw(st.sampled_from(_fields(value)))
    text = data.draw(st.sampled_from(("{x}", "{0}", "{", "}", "{{x}}", "{x!r:>99999999}", "${x}", "{message}", "%s", "{name.x}")))
    if data.draw(st.booleans()):
        spoilt = changed(value, steps(field), text)
    else:
        *above, _ = steps(field)
        spoilt = changed(value, [*above, text], 1)
    report = report_of(json.dumps(spoilt))
    assert not report.crashes, report.crashes
