"""Kinds and versions that kubectl does not know: which word was meant, and everything else that is wrong beside it."""

from __future__ import annotations

import pytest

from joblint.rules.fixes.apply import fix_data

from .helper import engine_of, report_of

JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: pi
spec:
  backofLimit: 2
  template:
    spec:
      restartPolicy: Always
      containers:
      - name: main
        image: perl:5.34.0
"""
CRON = """\
apiVersion: batch/v1
kind: CronJob
metadata:
  name: nightly
spec:
  schedule: "0 3 * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - name: main
            image: perl:5.34.0
"""


def _errors(manifest: str) -> list[tuple[str, str]]:
    return [(f.rule, f.field) for f in report_of(manifest).findings if f.severity == "error"]


BEHIND = {
    "Job": [("JL105", "spec.backofLimit"), ("JL102", "spec.template.spec.restartPolicy")],
    "CronJob": [("JL125", "spec.schedule")],
}


@pytest.mark.parametrize(
    ("written", "rule", "field"),
    [
        ("apiVersion: batch/v1beta1\nkind: KIND", "JL107", "apiVersion"),
        ("apiVersion: batch/v2alpha1\nkind: KIND", "JL107", "apiVersion"),
        ("apiVersion: batch/v2\nkind: KIND", "JL107", "apiVersion"),
        ("apiVersion: batch\nkind: KIND", "JL107", "apiVersion"),
        ("apiVersion: v1\nkind: KIND", "JL107", "apiVersion"),
        ("apiVersion: extensions/v1beta1\nkind: KIND", "JL107", "apiVersion"),
        ("apiVersion: batch/v1\nkind: KINDs", "JL137", "kind"),
        ("apiVersion: batch/v1\nkind: kind", "JL137", "kind"),
        ("apiVersion: batch/v1beta1\nkind: kind", "JL137", "kind"),
        ("apiVersion: batch/v1\nKind: KIND", "JL108", "Kind"),
        ("apiversion: batch/v1\nkind: KIND", "JL108", "apiversion"),
        ("apiVersion: batch/v1", "JL108", ""),
        ("kind: KIND", "JL108", ""),
    ],
)
@pytest.mark.parametrize(("kind", "manifest"), [("Job", JOB), ("CronJob", CRON)])
def test_a_kind_or_version_that_nobody_knows_hides_nothing(kind: str, manifest: str, written: str, rule: str, field: str) -> None:
    said = written.replace("KIND", kind).replace("kind: kind", f"kind: {kind.lower()}")
    text = manifest.replace(f"apiVersion: batch/v1\nkind: {kind}", said)
    assert _errors(text) == [(rule, field), *BEHIND[kind]]
    # What the fix writes is what was meant.
    fixed = fix_data(engine_of(), text.encode(), "job.yaml", False, None)
    assert rule in [made.rule for made in fixed.made]
    assert {"apiVersion: batch/v1", f"kind: {kind}"} <= set(fixed.data.decode().splitlines())


@pytest.mark.parametrize("kind", ["Cronjob", "CronJobb", "cron-job", "cronJobs", "Cron", "ScheduledJob", "CronJobs"])
def test_the_word_that_was_meant(kind: str) -> None:
    (finding,) = [f for f in report_of(CRON.replace("kind: CronJob", f"kind: {kind}")).findings if f.rule == "JL137"]
    assert finding.message == f'kubectl rejects this: no matches for kind "{kind}" in version "batch/v1". Did you mean CronJob?'
    assert finding.fix_text == "kind: CronJob"


@pytest.mark.parametrize(
    ("api_version", "kind", "right"),
    [("v1", "list", "List"), ("batch/v1", "joblist", "JobList"), ("batch/v1", "CronJoblist", "CronJobList")],
)
def test_a_list_in_other_letters_is_no_list(api_version: str, kind: str, right: str) -> None:
    items = "- " + "\n  ".join(JOB.strip().split("\n")) + "\n"
    report = report_of(f"apiVersion: {api_version}\nkind: {kind}\nitems:\n{items}")
    (finding,) = [f for f in report.findings if f.severity == "error"]
    assert finding.rule == "JL137" and finding.fix_text == f"kind: {right}"
    assert f'no matches for kind "{kind}" in version "{api_version}". Did you mean {right}?' in finding.message


def test_a_list_of_others_in_other_letters_is_nobodys() -> None:
    assert report_of("apiVersion: v1\nkind: list\nitems:\n- {apiVersion: v1, kind: Service}\n").findings == ()


def test_keys_have_one_spelling() -> None:
    (finding,) = [f for f in report_of(JOB.replace("kind: Job", "Kind: Job")).findings if f.rule == "JL108"]
    assert finding.message.endswith("error validating data: kind not set. Keys are case-sensitive: Kind is not kind.")


def test_another_kind_in_batch_is_nobodys() -> None:
    manifest = "apiVersion: batch/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {replicas: 1}\n"
    report = report_of(manifest)
    assert [f.rule for f in report.findings] == ["JL137"]
    assert report.findings[0].fix is None and "batch/v1 has only Job and CronJob" in report.findings[0].message


def test_an_array_of_jobs_is_refused_as_a_whole() -> None:
    import json

    from ruamel.yaml import YAML

    items = [YAML(typ="safe").load(text) for text in (JOB, CRON)]
    report = report_of(json.dumps([*items, {"apiVersion": "v1", "kind": "Service"}]))
    assert [(c.judged.verdict.accepted, c.judged.verdict.stage) for c in report.documents] == [(False, "decode")]
    assert [(f.rule, f.field) for f in report.findings if f.severity == "error"] == [
        ("JL138", ""),
        ("JL105", "spec.backofLimit"),
        ("JL102", "spec.template.spec.restartPolicy"),
        ("JL125", "spec.schedule"),
    ]
    assert [s.reason for s in report.skipped] == ["kind Service"]
