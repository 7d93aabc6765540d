"""A field in the wrong place is one finding with one fix, and a patch lacks nothing."""

from __future__ import annotations

import pytest

from joblint.api.judge import judge
from joblint.rules.fixes.apply import apply, fix_data
from joblint.run.check import check_text
from joblint.source.documents import read

from .helper import engine_of, report_of

JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: pi
spec:
  template:
{between}    spec:
      containers:
      - name: main
        image: perl:5.34.0
{inside}{behind}"""
CRONJOB = """\
apiVersion: batch/v1
kind: CronJob
metadata:
  name: pi
spec:
{first}  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
{policy}          containers:
          - name: main
            image: perl:5.34.0
{behind}"""
POLICY = "          restartPolicy: OnFailure\n"


def _job(between: str = "", inside: str = "", behind: str = "") -> str:
    return JOB.format(between=between, inside=inside, behind=behind)


def _cronjob(first: str = "", policy: str = "", behind: str = "") -> str:
    return CRONJOB.format(first=first, policy=policy, behind=behind)


@pytest.mark.parametrize(
    ("manifest", "rule"),
    [
        (_job(between="    restartPolicy: OnFailure\n"), "JL105"),
        (_job(behind="  restartPolicy: OnFailure\n"), "JL105"),
        (_job(inside="        restartPolicy: OnFailure\n"), "JL101"),
        (_cronjob(behind="      restartPolicy: OnFailure\n"), "JL105"),
        (_cronjob(first="  restartPolicy: OnFailure\n"), "JL105"),
        (_cronjob(behind="        restartPolicy: OnFailure\n"), "JL105"),
        (_cronjob(behind="            restartPolicy: OnFailure\n"), "JL101"),
    ],
)
@pytest.mark.parametrize("unsafe", [False, True])
def test_a_restart_policy_in_the_wrong_place_is_moved(manifest: str, rule: str, unsafe: bool) -> None:
    errors = [f for f in report_of(manifest).findings if f.severity == "error"]
    assert [f.rule for f in errors] == [rule]
    fixed = fix_data(engine_of(), manifest.encode(), "job.yaml", unsafe).data.decode()
    assert fixed.count("restartPolicy") == 1
    if unsafe or rule == "JL105":
        verdict = judge(read(fixed.encode(), "job.yaml")[0].value, "1.36")
        assert verdict is not None and verdict.accepted


@pytest.mark.parametrize(
    "field", ["activeDeadlineSeconds: 600", "backoffLimit: 2", "ttlSecondsAfterFinished: 60", "parallelism: 2"]
)
def test_a_field_of_the_job_in_the_cronjob_is_moved_and_the_reason_told(field: str) -> None:
    manifest = _cronjob(first=f"  {field}\n", policy=POLICY)
    (finding,) = [f for f in report_of(manifest).findings if f.severity == "error"]
    assert "because it applies to each Job that the CronJob creates" in finding.message
    fixed = fix_data(engine_of(), manifest.encode(), "job.yaml").data.decode()
    assert f"      {field}\n" in fixed and f"\n  {field}" not in fixed


PATCH = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: pi
spec:
  backoffLimit: 2
  template:
    spec:
      containers:
      - name: main
        env:
        - name: A
          value: b
"""


@pytest.mark.parametrize("name", ["job-patch.yaml", "overlays/prod/patches/job.yaml", "patch_job.yaml"])
def test_what_a_patch_leaves_out_is_elsewhere(name: str) -> None:
    found = check_text(engine_of(), PATCH.encode(), name).findings
    assert not [f for f in found if f.severity == "error"]
    assert {"JL101"} <= {f.rule for f in found if f.severity == "info"}


def test_what_a_patch_gets_wrong_is_wrong() -> None:
    found = check_text(engine_of(), PATCH.replace("backoffLimit", "backofLimit").encode(), "job-patch.yaml").findings
    assert [f.rule for f in found if f.severity == "error"] == ["JL105"]


@pytest.mark.parametrize("name", ["job.yaml", "dispatch.yaml", "patched.yaml"])
def test_a_job_that_lacks_a_policy_is_refused(name: str) -> None:
    assert "JL101" in {f.rule for f in check_text(engine_of(), PATCH.encode(), name).findings if f.severity == "error"}


AS_JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: nightly
spec:
  schedule: "0 3 * * *"
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - name: main
            image: perl:5.34.0
"""


def test_a_job_with_the_spec_of_a_cronjob_is_one_cause() -> None:
    (finding,) = [f for f in report_of(AS_JOB).findings if f.severity == "error"]
    assert (finding.rule, finding.field, finding.fix_text) == ("JL105", "spec.jobTemplate", "kind: CronJob")
    assert 'unknown field "spec.schedule"' in str(finding.also) and finding.fix is not None and finding.fix.safe
    right = apply(AS_JOB.encode(), list(finding.fix.edits))
    assert right == AS_JOB.replace("kind: Job", "kind: CronJob").encode()
    # What else is wrong is told with it, not hidden by it.
    both = report_of(AS_JOB.replace("metadata:", "metadata:\n  lables: {a: b}"))
    assert {f.field for f in both.findings if f.severity == "error"} == {"spec.jobTemplate", "metadata.lables"}


def test_a_job_with_one_field_of_a_cronjob_stays_a_job() -> None:
    manifest = AS_JOB.replace("  jobTemplate:\n    spec:\n", "").replace("  concurrencyPolicy: Forbid\n", "")
    errors = [f for f in report_of(manifest.replace("      template", "  template")).findings if f.severity == "error"]
    assert ("JL105", "spec.schedule", "Remove schedule, or use a CronJob.") in [(f.rule, f.field, f.fix_text) for f in errors]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("", "completions: 3    Pods that must succeed\nparallelism: 3    Pods that run at the same time"),
        ("  parallelism: 2\n", "Remove it."),
    ],
)
def test_replicas_are_of_a_deployment(more: str, words: str) -> None:
    manifest = (
        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec:\n  replicas: 3\n"
        + more
        + '  template: {spec: {restartPolicy: Never, containers: [{name: a, image: "a:1"}]}}\n'
    )
    (finding,) = [f for f in report_of(manifest).findings if f.severity == "error"]
    assert (finding.rule, finding.field, finding.fix_text) == ("JL105", "spec.replicas", words)


WRONG_NAMES = """\
apiVersion: batch/v1
kind: Job
metadata: {name: a}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: a
        image: "a:1"
        env:
        - {name: A, valueFrom: {secretKeyRef: {name: db, key: k}}}
        volumeMounts:
        - {name: v, mountPath: /v}
      volumes:
      - name: v
        persistentVolumeClaim: {claimName: v}
"""


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ("mountPath: /v", "path: /v", "mountPath: /v"),
        ("secretKeyRef: {name: db", "secretKeyRef: {secret: db", "name: db"),
        ("claimName: v", "claim: v", "claimName: v"),
        ("persistentVolumeClaim: {", "pvc: {", "persistentVolumeClaim: …"),
        ('image: "a:1"', 'img: "a:1"', 'image: "a:1"'),
    ],
)
def test_a_field_of_another_name_is_told_by_what_its_mapping_lacks(right: str, wrong: str, words: str) -> None:
    report = report_of(WRONG_NAMES.replace(right, wrong))
    (finding,) = [f for f in report.findings if f.severity == "error"]
    assert (finding.rule, finding.fix_text) == ("JL105", words)
    assert finding.fix is not None and not finding.fix.safe
    made = apply(WRONG_NAMES.replace(right, wrong).encode(), list(finding.fix.edits))
    assert made == WRONG_NAMES.encode()


def test_a_variable_has_a_name_and_a_value() -> None:
    manifest = WRONG_NAMES.replace("{name: A, valueFrom: {secretKeyRef: {name: db, key: k}}}", "DB_HOST: db")
    (finding,) = [f for f in report_of(manifest).findings if f.severity == "error"]
    assert (finding.rule, finding.fix_text, finding.fix) == ("JL105", "name: DB_HOST\nvalue: db", None)


def test_a_name_that_many_mappings_have_belongs_nowhere_in_particular() -> None:
    manifest = WRONG_NAMES.replace("mountPath: /v", "mountPath: /v, path: /w")
    (finding,) = [f for f in report_of(manifest).findings if f.severity == "error"]
    assert finding.rule == "JL105" and finding.fix_text.startswith("Remove it. Valid fields: ")


def test_metadata_in_the_pod_s_spec_belongs_one_level_up() -> None:
    text = """\
apiVersion: batch/v1
kind: Job
metadata: {name: x}
spec:
  template:
    spec:
      metadata: {labels: {app: x}}
      restartPolicy: Never
      containers: [{name: a, image: "app:1"}]
"""
    (finding,) = [f for f in report_of(text).findings if f.refused]
    assert "it belongs at spec.template.metadata" in finding.message
