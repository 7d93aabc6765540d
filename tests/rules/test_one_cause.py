"""What the API server says twice about one mistake is one finding."""

from __future__ import annotations

import json

import pytest

from joblint.run.api import check


def _job(name: str, labels: dict[str, str]) -> str:
    pod = {"restartPolicy": "Never", "containers": [{"name": "a", "image": "a:1"}]}
    template = {"metadata": {"labels": labels}, "spec": pod}
    return json.dumps({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}, "spec": {"template": template}})


@pytest.mark.parametrize("name", ["a b", "-a", "a.", "ä", "a/b", 'a"b', "a\\b", "a\tb"])
def test_a_name_that_is_no_label_either(name: str) -> None:
    """The server adds the Job's name to the labels of its Pods, and those to a Job without labels, and rejects it everywhere."""
    report = check(_job(name, {"app": "a"}))
    assert [e.field for e in report.documents[0].judged.verdict.errors].count("spec.template.labels") >= 1
    (finding,) = [f for f in report.findings if f.severity == "error"]
    assert (finding.rule, finding.field) == ("JL111", "metadata.name")
    assert any(line.startswith("spec.template.labels: ") for line in finding.also)
    assert any(line.startswith("metadata.labels: ") for line in finding.also)


def test_a_name_or_a_label_that_is_too_long() -> None:
    """The name becomes a label of the Pods: one finding on the name. A label that somebody wrote has nothing to do with it."""
    named = [(f.rule, f.field) for f in check(_job("a" * 64, {"app": "a"})).findings if f.severity == "error"]
    assert named == [("JL112", "metadata.name")]
    labelled = [(f.rule, f.field) for f in check(_job("a", {"app": "b" * 64})).findings if f.severity == "error"]
    assert labelled == [("JL129", "metadata.labels"), ("JL129", "spec.template.labels")]


def test_a_label_that_somebody_wrote_is_a_finding_of_its_own() -> None:
    report = check(_job("a b", {"app": "a b"}))
    found = [(f.rule, f.field) for f in report.findings if f.severity == "error"]
    assert found == [("JL129", "metadata.labels"), ("JL111", "metadata.name"), ("JL129", "spec.template.labels")]
