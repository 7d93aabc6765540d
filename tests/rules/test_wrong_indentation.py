"""Indentation that is lost, of a line, a block or the whole file, is one finding with one fix that gives it back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joblint.rules.fixes.apply import fix_data
from joblint.source.documents import read

from .helper import engine_of, report_of

ENGINE = engine_of()
JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: load
  labels:
    app: load
spec:
  # tried four times
  backoffLimit: 3
  template:
    metadata:
      labels:
        app: load
    spec:
      restartPolicy: Never
      initContainers:
      - name: wait
        image: busybox:1.36
        command: [sh, -c, "sleep 3"]
      containers:
      - name: main
        image: perl:5.34.0
        args:
        - --verbose
        env:
        - name: A
          value: "1"
        - name: B
          valueFrom:
            secretKeyRef:
              name: s
              key: k
        volumeMounts:
        - name: tmp
          mountPath: /tmp
      - name: other
        image: perl:5.34.0
      volumes:
      - name: tmp
        emptyDir: {}
  ttlSecondsAfterFinished: 60
"""
CRONJOB = """\
apiVersion: batch/v1
kind: CronJob
metadata:
  name: nightly
spec:
  schedule: "0 5 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
          - name: main
            image: perl:5.34.0
"""


def _value(text: str) -> object:
    documents = list(read(text.encode(), "x"))
    assert len(documents) == 1
    return documents[0].value


def _restored(text: str) -> str:
    result = fix_data(ENGINE, text.encode(), "job.yaml")
    assert not result.crashes
    return result.data.decode()


@pytest.mark.parametrize("manifest", [JOB, CRONJOB])
def test_a_listing_without_any_indentation(manifest: str) -> None:
    flat = "".join([line.lstrip() + "\n" for line in manifest.splitlines()])
    report = report_of(flat)
    assert [f.rule for f in report.findings] in (["JL139"], ["JL001"])
    fixed = _restored(flat)
    assert _value(fixed) == _value(manifest)
    assert fixed.count("#") == manifest.count("#")


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_block_at_another_level(data: st.DataObject) -> None:
    manifest = data.draw(st.sampled_from([JOB, CRONJOB]))
    lines = manifest.splitlines()
    columns = [len(line) - len(line.lstrip()) for line in lines]
    blocks = [n for n, line in enumerate(lines[:-1]) if line.endswith(":") and columns[n + 1] > columns[n]]
    start = data.draw(st.sampled_from(blocks))
    end = next((n for n in range(start + 1, len(lines)) if columns[n] <= columns[start]), len(lines))
    by = columns[start + 1] - columns[start]
    broken = "".join([(line[by:] if start < n < end else line) + "\n" for n, line in enumerate(lines)])
    findings = report_of(broken).findings
    if any(f.severity == "error" and f.refused for f in findings):
        errors = [f for f in findings if f.severity == "error"]
        assert len(errors) == 1 or any(f.rule == "JL105" for f in errors)
    fixed = _restored(broken)
    assert sorted(fixed.split()) == sorted(manifest.split()), "no word is lost"
    if any(f.rule in ("JL139", "JL001") for f in findings):
        assert _value(fixed) == _value(manifest)
        assert _restored(fixed) == fixed


BLOCK = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: pi
spec:
  template:
{}"""
POD = "    containers:\n    - name: pi\n      image: perl:5.34.0\n    restartPolicy: Never\n"


@pytest.mark.parametrize(
    ("manifest", "says"),
    [
        (BLOCK.format("  spec:\n" + POD), "spec and 4 more lines are at the wrong level."),
        (BLOCK.format(POD), '"spec:" is missing above containers'),
        (
            BLOCK.replace("  template:\n{}", POD.replace("    ", "  ", 1)).replace("    ", "  "),
            '"template:" and "spec:" are missing',
        ),
        (
            BLOCK.format("    spec:\n  " + POD.replace("\n", "\n  ")).replace("metadata:\n  name", "name"),
            '"metadata:" is missing above name',
        ),
        (CRONJOB.replace("    spec:\n      template:", "    template:", 1), '"spec:" is missing above template'),
    ],
)
def test_the_words(manifest: str, says: str) -> None:
    (finding,) = [f for f in report_of(manifest).findings if f.severity == "error"]
    assert (finding.rule, says in finding.message) == ("JL139", True), finding.message
    fixed = _restored(manifest)
    assert not [f for f in report_of(fixed).findings if f.severity == "error"]


def test_what_is_wrong_besides_goes_with_it() -> None:
    broken = BLOCK.format("  spec:\n" + POD).replace("Never", "Sometimes")
    (finding,) = [f for f in report_of(broken).findings if f.severity == "error"]
    assert finding.rule == "JL139"
    assert any(said.startswith("spec.template.spec.restartPolicy: ") for said in finding.also)


def test_a_single_field_is_told_with_its_own_place() -> None:
    moved = JOB.replace("  backoffLimit: 3\n", "").replace("      volumes:\n", "      backoffLimit: 3\n      volumes:\n")
    assert [f.rule for f in report_of(moved).findings if f.severity == "error"] == ["JL105"]


def test_a_block_scalar_moves_with_its_line() -> None:
    script = "      command: [sh, -c]\n      args:\n      - |\n        set -e\n\n        echo a: b\n"
    manifest = BLOCK.format(
        "    spec:\n"
        + (POD.replace("    restart", script + "    restart")).replace("\n    ", "\n      ").replace("    ", "      ", 1)
    )
    good = _value(manifest)
    broken = manifest.replace("    spec:\n", "")
    assert [f.rule for f in report_of(broken).findings if f.severity == "error"] == ["JL139"]
    assert _value(_restored(broken)) == good


@pytest.mark.parametrize(
    "key", ["restartPolicy", "backoffLimit", "containers", "initContainers", "image", "secretKeyRef", "mountPath"]
)
def test_a_misspelled_field_is_no_lost_indentation(key: str) -> None:
    wrong = key[:-3] + key[-2:]
    line = next(n for n, text in enumerate(JOB.splitlines(), 1) if f"{key}:" in text)
    found = report_of(JOB.replace(f"{key}:", f"{wrong}:", 1)).findings
    assert [(f.rule, f.span.line) for f in found if f.rule in ("JL105", "JL139")] == [("JL105", line)]


def _list(*manifests: str) -> str:
    items = ["- " + "\n  ".join(m.strip().split("\n")) + "\n" for m in manifests]
    return "apiVersion: v1\nkind: List\nitems:\n" + "".join(items)


@pytest.mark.parametrize(
    ("manifest", "rule"),
    [
        (_list(JOB), "JL001"),  # whose lists stand between the keys of one mapping
        (_list(CRONJOB), "JL139"),
        (_list(JOB, CRONJOB), "JL001"),
        (_list(CRONJOB, JOB, JOB.replace("name: load\n", "name: load-2\n", 1)), "JL001"),
    ],
)
def test_a_list_without_any_indentation(manifest: str, rule: str) -> None:
    flat = "".join([line.lstrip(" ") + "\n" for line in manifest.splitlines()])
    (finding,) = [f for f in report_of(flat).findings if f.severity != "info"]
    assert finding.rule == rule
    assert _value(_restored(flat)) == _value(manifest)


def test_a_list_of_others_is_left_alone() -> None:
    flat = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\nkind: Service\nmetadata:\nname: a\n"
    assert report_of(flat).findings == () and _restored(flat) == flat
