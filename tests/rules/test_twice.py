"""Objects of one name that are checked together, and namespaces where nobody looks at them."""

from __future__ import annotations

from pathlib import Path

import pytest

from joblint.base.files import find
from joblint.run.check import check_files

from .helper import engine_of, report_of

JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: pi
spec:
  backoffLimit: 2
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: perl:5.34.0
"""
CRON = """\
apiVersion: batch/v1
kind: CronJob
metadata:
  name: pi
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - name: main
            image: perl:5.34.0
"""


def _told(manifest: str) -> list[tuple[str, int, str]]:
    return [(f.severity, f.span.line, f.message) for f in report_of(manifest).findings if f.rule == "JL623"]


def test_a_job_with_another_template_is_refused_as_an_update() -> None:
    ((severity, line, message),) = _told(JOB + "---\n" + JOB.replace("5.34.0", "5.36.0"))
    assert (severity, line) == ("warning", 17)
    assert message.startswith('Job "pi" is the same object as in document 1 of this file: kubectl apply updates the first one')
    assert "(field is immutable)" in message


@pytest.mark.parametrize(
    ("old", "new", "severity", "says"),
    [
        ("backoffLimit: 2", "backoffLimit: 3", "warning", "overwrites the first one"),
        ("  backoffLimit: 2\n", "  backoffLimit: 2\n  suspend: true\n", "warning", "overwrites the first one"),
        ("", "", "info", 'reports "unchanged", and the Job runs once'),
        ("  backoffLimit: 2\n", "  backoffLimit: 2  # the same\n", "info", "unchanged"),
        ("  backoffLimit: 2\n", "  backoffLimit: 2\n  completions: 3\n", "warning", "field is immutable"),
    ],
)
def test_what_apply_makes_of_the_second(old: str, new: str, severity: str, says: str) -> None:
    ((found, _, message),) = _told(JOB + "---\n" + JOB.replace(old, new, 1))
    assert found == severity and says in message


def test_a_cronjob_is_overwritten_and_never_refused() -> None:
    ((severity, _, message),) = _told(CRON + "---\n" + CRON.replace("5.34.0", "5.36.0"))
    assert severity == "warning" and message.endswith("kubectl apply overwrites the first one with it.")


def test_each_is_held_against_the_one_before() -> None:
    told = _told("---\n".join([JOB, JOB.replace("2", "3"), JOB.replace("2", "3")]))
    assert [severity for severity, _, _ in told] == ["warning", "info"]
    assert "document 2 of this file" in told[1][2]


@pytest.mark.parametrize(
    "second",
    [
        JOB.replace("name: pi", "name: tau"),
        JOB.replace("name: pi", "name: pi\n  namespace: other"),
        JOB.replace("name: pi", "generateName: pi"),
        CRON,
        JOB.replace("name: pi", "name: ${NAME}") + "---\n" + JOB.replace("name: pi", "name: ${NAME}"),
    ],
)
def test_other_objects(second: str) -> None:
    assert _told(JOB + "---\n" + second) == []


def test_items_of_a_list_are_told_apart() -> None:
    import json

    from ruamel.yaml import YAML

    item = YAML(typ="safe").load(JOB)
    ((severity, _, message),) = _told(json.dumps({"apiVersion": "v1", "kind": "List", "items": [item, item]}))
    assert severity == "info" and "unchanged" in message


def test_files_of_one_folder_are_a_hint_and_of_two_folders_nothing(tmp_path: Path) -> None:
    for name in ("a/one.yaml", "a/two.yaml", "b/one.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(JOB)
    report = check_files(engine_of(), find((str(tmp_path),)).files)
    (finding,) = [f for f in report.findings if f.rule == "JL623"]
    assert (finding.severity, finding.confidence) == ("info", "hint")
    assert finding.file.endswith("a/two.yaml") and "a/one.yaml" in finding.message


def test_a_namespace_in_a_template_is_ignored() -> None:
    manifest = JOB.replace("  template:\n", "  template:\n    metadata: {namespace: other, labels: {a: b}}\n")
    (finding,) = [f for f in report_of(manifest).findings if f.rule == "JL624"]
    assert (finding.severity, finding.field) == ("warning", "spec.template.metadata.namespace")
    assert finding.fix_text == "Move it to metadata.namespace of the Job itself."
    (finding,) = [f for f in report_of(manifest.replace("name: pi", "name: pi\n  namespace: a")).findings if f.rule == "JL624"]
    assert finding.fix_text == "Remove it, or change metadata.namespace of the Job itself."
    same = manifest.replace("name: pi", "name: pi\n  namespace: other")
    (finding,) = [f for f in report_of(same).findings if f.rule == "JL624"]
    assert finding.severity == "info" and finding.fix is not None and finding.fix.safe
