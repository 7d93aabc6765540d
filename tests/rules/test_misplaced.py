"""A field in the wrong place is one finding with one fix, and a patch lacks nothing."""

from __future__ import annotations

import pytest

from joblint.api.judge import judge
from joblint.rules.fixes.apply import fix_data
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
    assert "as it holds for each Job that the CronJob creates" in finding.message
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
