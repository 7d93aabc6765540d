"""Jobs inside objects of other kinds: judged as their controller creates them, told where they stand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.embedded import TYPES, Embedded
from joblint.rules.engine import Engine
from joblint.run.check import check_text
from joblint.run.explain import explain_files

from .helper import report_of

SCALED = """\
apiVersion: keda.sh/v1alpha1
kind: ScaledJob
metadata: {name: queue, namespace: shop}
spec:
  maxReplicaCount: 3
  jobTargetRef:
    backoffLimit: 6
    activeDeadlineSeconds: 300
    template:
      spec:
        restartPolicy: Never
        containers:
        - name: main
          image: b:1
          resources: {limits: {memory: 64Mi}}
"""
JOB_SET = """\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: train}
spec:
  replicatedJobs:
  - name: leader
    template:
      spec:
        template: {spec: {containers: [{name: main, image: "b:1"}]}}
  - name: worker
    template:
      spec:
        completions: 2
        parallelism: 2
        completionMode: Indexd
        template: {spec: {containers: [{name: main, image: "b:1"}]}}
"""
WORKFLOW = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: w-}
spec:
  templates:
  - name: pi
    resource:
      action: create
      manifest: |
        apiVersion: batch/v1
        kind: Job
        metadata:
          generateName: pi-
        spec:
          template:
            spec:
              restartPolicy: Always
              containers: [{name: main, image: "b:1"}]
"""


def _found(manifest: str) -> list[tuple[int, str, str, str | None]]:
    report = report_of(manifest, profile="default")
    assert not report.crashes
    return [(f.span.line, f.rule, f.field, f.object.kind) for f in report.findings if f.severity != "info"]


def test_a_scaled_job() -> None:
    assert _found(SCALED) == [(8, "JL301", "spec.jobTargetRef.activeDeadlineSeconds", "ScaledJob")]
    assert _found(SCALED.replace("Never", "Always").replace("300", "3000")) == [
        (11, "JL102", "spec.jobTargetRef.template.spec.restartPolicy", "ScaledJob")
    ]
    # Nobody applies the Jobs of a ScaledJob, and KEDA deletes the finished ones: what rules say of that is left out.
    rules = {f.rule for f in report_of(SCALED).findings}
    assert "JL310" not in rules and not any(rule.startswith(("JL5", "JL6")) for rule in rules)


def test_a_job_set_has_its_own_defaults() -> None:
    # Without them the leader would lack its restartPolicy.
    assert _found(JOB_SET) == [(15, "JL117", "spec.replicatedJobs[1].template.spec.completionMode", "JobSet")]


def test_a_job_in_the_text_of_a_workflow() -> None:
    assert _found(WORKFLOW) == [(17, "JL102", "spec.template.spec.restartPolicy", "Job")]
    assert _found(WORKFLOW.replace("batch/v1", "v1").replace("kind: Job", "kind: Pod")) == []
    # What Argo fills in is no fault.
    assert _found(WORKFLOW.replace("Always", '"{{inputs.parameters.policy}}"')) == []
    assert _found(WORKFLOW.replace("Always", "{{inputs.parameters.policy}}")) == []


def test_a_template_of_openshift() -> None:
    items = "".join("  " + line for line in SCALED.splitlines(keepends=True)[5:])
    job = "- apiVersion: batch/v1\n  kind: Job\n  metadata: {name: '${NAME}'}\n  spec:\n" + items.replace(
        "    jobTargetRef:\n", ""
    )
    text = "apiVersion: template.openshift.io/v1\nkind: Template\nobjects:\n" + job
    assert [(line, rule) for line, rule, _, _ in _found(text)] == [(9, "JL301")]


def test_other_people_s_kinds_of_the_same_name_hold_none() -> None:
    assert _found(SCALED.replace("keda.sh", "example.com")) == []
    report = report_of(SCALED.replace("keda.sh", "example.com"))
    assert [s.reason for s in report.skipped] == ["kind ScaledJob"]
    assert _found("apiVersion: keda.sh/v1alpha1\nkind: ScaledJob\nspec: {jobTargetRef: 5}\n") == []


@pytest.mark.parametrize(
    ("kind", "held", "line"),
    [
        ("job-spec", {"backoffLimit": -1, "template": {}}, "spec.steps[0].job.backoffLimit"),
        ("job-template", {"spec": {"backoffLimit": -1}}, "spec.steps[0].job.spec.backoffLimit"),
        ("pod-template", {"spec": {"restartPolicy": "Always"}}, "spec.steps[0].job.spec.restartPolicy"),
        ("job", {"apiVersion": "batch/v1", "kind": "Job", "spec": {"backoffLimit": -1}}, "spec.steps[0].job.spec.backoffLimit"),
    ],
)
def test_kinds_of_a_team_s_own(kind: str, held: dict[str, Any], line: str) -> None:
    import json

    assert kind in TYPES
    engine = Engine(
        chosen(builtin(), Selection(), "1.36"), "1.36", embedded=(Embedded("Pipeline", "spec.steps[*].job", kind, "example.com"),)
    )
    manifest = {"apiVersion": "example.com/v1", "kind": "Pipeline", "metadata": {"name": "p"}, "spec": {"steps": [{"job": held}]}}
    report = check_text(engine, json.dumps(manifest).encode(), "p.json")
    assert line in [f.field for f in report.findings if f.severity == "error"]


def test_embedded_jobs_are_explained() -> None:
    result = explain_files([("q.yaml", SCALED.encode())], "1.36")
    (found,) = result.explanations
    assert (found.kind, found.name) == ("Job", "queue-") and not result.skipped


def test_the_configuration_names_more(tmp_path: Path) -> None:
    from joblint.configuration.settings import ConfigError, load

    (tmp_path / ".joblint.yaml").write_text("embedded:\n- {kind: Pipeline, path: 'spec.job', type: job-spec}\n")
    assert load(str(tmp_path / ".joblint.yaml")).embedded == (("Pipeline", "spec.job", "job-spec", ""),)
    (tmp_path / ".joblint.yaml").write_text("embedded:\n- {kind: Pipeline, type: job-spec}\n")
    with pytest.raises(ConfigError, match="names kind, path and type"):
        load(str(tmp_path / ".joblint.yaml"))


def test_keda_restarts_on_failure_where_nothing_is_said() -> None:
    """KEDA 2.17, generateJobs: a Job without a restartPolicy gets OnFailure, which the API server would refuse to guess."""
    silent = re.sub(r" *restartPolicy: .*\n", "", SCALED)
    assert silent != SCALED
    assert "JL101" not in [rule for _, rule, _, _ in _found(silent)]
