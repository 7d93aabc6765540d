"""Ignores that joblint writes: the finding is gone, the data is what it was, and everything else stays as it is."""

from __future__ import annotations

from typing import Any

import pytest

from joblint.rules.catalogue.rule_files import builtin_rule_files, read_rule_file
from joblint.rules.finding import Finding
from joblint.rules.ignores.add import add
from joblint.run.check import check_text
from joblint.source.documents import read

from ..helper import engine_of

RULES = [read_rule_file(name, data) for name, data in builtin_rule_files()]


def _findings(text: bytes, version: str = "1.36") -> list[Finding]:
    return list(check_text(engine_of(version), text, "job.yaml").findings)


@pytest.mark.parametrize("data", RULES, ids=[r["id"] for r in RULES])
def test_what_is_found_is_ignored_afterwards(data: dict[str, Any]) -> None:
    for example in data["examples"]["bad"]:
        text, version = example["manifest"].encode(), example.get("kubernetes", "1.36")
        before = _findings(text, version)
        added = add(text, "job.yaml", before, "as it is")
        left = {(f.rule, f.field) for f, _ in added.left}
        after = [f for f in _findings(added.data, version) if f.rule not in ("JL015", "JL016")]
        assert {(f.rule, f.field) for f in after} == left, added.data.decode()
        assert [d.value for d in read(added.data, "a")] == [d.value for d in read(text, "a")]
        kept = added.data.decode().split("\n")
        assert all(any(line in new for new in kept) for line in text.decode().split("\n"))


JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {name: pi}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - {name: main, image: perl,
         command: ["sh", "-c", "echo
           x"]}
"""


def test_a_line_that_takes_no_comment_has_it_above() -> None:
    finding = next(f for f in _findings(JOB.encode()) if f.rule == "JL801")
    from joblint.base.record import replace

    inside = replace(finding, span=replace(finding.span, line=10, end_line=10))
    added = add(JOB.encode(), "job.yaml", [finding, inside], "  two\nlines ", "2027-03-01")
    assert "image: perl,  # joblint: ignore[JL801] until=2027-03-01 -- two lines\n" in added.data.decode()
    assert "         # joblint: ignore[JL801] until=2027-03-01 -- two lines\n         command:" in added.data.decode()


def test_rules_are_added_to_an_ignore_that_is_there() -> None:
    text = JOB.replace("image: perl,\n", "image: perl,  # joblint: ignore[JL802] -- why\n").encode()
    finding = next(f for f in _findings(text) if f.rule == "JL801")
    assert "# joblint: ignore[JL802, JL801] -- why\n" in add(text, "job.yaml", [finding], "other").data.decode()


def test_line_ends_stay() -> None:
    text = JOB.replace("\n", "\r\n").encode()
    finding = next(f for f in _findings(text) if f.rule == "JL801")
    data = add(text, "job.yaml", [finding]).data
    assert b"perl,  # joblint: ignore[JL801]\r\n" in data and data.count(b"\r\n") == data.count(b"\n")


def test_json_takes_no_comment() -> None:
    import json

    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "pi"}, "spec": {"activeDeadlineSeconds": 300}}
    job["spec"]["template"] = {"spec": {"restartPolicy": "Never", "containers": [{"name": "a", "image": "perl"}]}}  # type: ignore[index]
    text = json.dumps(job).encode()
    added = add(text, "job.json", [f for f in _findings(text) if not f.refused])
    assert added.data == text and "JSON has no comments" in added.left[0][1]
