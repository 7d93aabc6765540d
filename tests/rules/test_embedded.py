"""Jobs inside objects of other kinds: judged as their controller creates them, told where they stand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.engine import Engine
from joblint.rules.owners.embedded import TYPES, Embedded
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
  triggers: [{type: rabbitmq, metadata: {queueName: work}}]
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
    items = "".join("  " + line for line in SCALED.splitlines(keepends=True)[5:-1])
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
    with pytest.raises(ConfigError, match="must have kind, path and type"):
        load(str(tmp_path / ".joblint.yaml"))


def test_keda_restarts_on_failure_where_nothing_is_said() -> None:
    """KEDA 2.17, generateJobs: a Job without a restartPolicy gets OnFailure, which the API server would refuse to guess."""
    silent = re.sub(r" *restartPolicy: .*\n", "", SCALED)
    assert silent != SCALED
    assert "JL101" not in [rule for _, rule, _, _ in _found(silent)]


def _notes(text: str) -> list[dict[str, str]]:
    return [dict(e.notes) for e in explain_files([("x.yaml", text.encode())], "1.36").explanations]


def test_what_a_job_set_makes_of_its_jobs_is_explained() -> None:
    text = JOB_SET.replace(
        "spec:\n",
        "spec:\n  ttlSecondsAfterFinished: 600\n  startupPolicy: {startupPolicyOrder: InOrder}\n"
        "  successPolicy: {operator: Any, targetReplicatedJobs: [worker]}\n"
        "  failurePolicy: {maxRestarts: 2, rules: [{action: FailJobSet, onJobFailureReasons: [PodFailurePolicy]}]}\n",
        1,
    )
    leader, worker = explain_files([("x.yaml", text.encode())], "1.36").explanations
    assert (leader.name, worker.name) == ("train-leader-0", "train-worker-0")
    assert [text.split("\n")[e.line - 1].strip() for e in (leader, worker)] == ["spec:", "spec:"]
    assert "starts" not in dict(leader.notes)
    notes = dict(worker.notes)
    assert notes["starts"] == "once all Pods of leader are ready (startupPolicy InOrder)"
    assert notes["created by"].startswith("JobSet train: ")
    assert notes["JobSet complete"].startswith("as soon as one Job of worker completes (successPolicy Any)")
    assert notes["failure rule"] == "if a Job fails with PodFailurePolicy: the JobSet fails immediately"
    assert "up to 2 times (maxRestarts); with the next failure the JobSet fails" in notes["JobSet failed"]
    assert "10m after it finishes" in notes["JobSet kept"] and "applied again" not in notes
    plain = _notes(JOB_SET)[0]
    assert plain["JobSet failed"].startswith("as soon as one of its Jobs fails (no failurePolicy)")
    assert plain["JobSet complete"].endswith("completed")


def test_what_keda_makes_of_its_jobs_is_explained() -> None:
    (notes,) = _notes(SCALED)
    assert notes["created by"] == (
        "ScaledJob queue: every 30s (pollingInterval) KEDA queries the triggers and creates Jobs, at most 3 at a time"
    )
    wanted = "the queue length divided by the trigger's target"
    assert notes["how many"] == f"strategy default: {wanted}, up to 3, minus the running Jobs"
    assert notes["Jobs kept"].startswith("the last 100 (default) completed and 100 (default) failed ones")
    more = SCALED.replace(
        "  maxReplicaCount: 3", "  failedJobsHistoryLimit: 0\n  minReplicaCount: 2\n  rollout: {strategy: gradual}"
    )
    (notes,) = _notes(more.replace("shop}", 'shop, annotations: {autoscaling.keda.sh/paused: "true"}}'))
    assert "at most 100, the default at a time, at least 2 (minReplicaCount)" in notes["created by"]
    assert "and 0 failed ones" in notes["Jobs kept"] and "gradual" in notes["changed"] and "paused" in notes


def test_what_a_workflow_waits_for_is_explained() -> None:
    (notes,) = _notes(WORKFLOW)
    assert "without waiting for its end" in notes["workflow step"]
    for more, said in (
        ("successCondition: status.succeeded > 0", "a Job that fails keeps it waiting"),
        ("successCondition: status.succeeded > 0\n      failureCondition: status.failed > 3", "fails with status.failed > 3"),
    ):
        (notes,) = _notes(WORKFLOW.replace("      manifest: |", f"      {more}\n      manifest: |"))
        assert said in notes["workflow step"]
