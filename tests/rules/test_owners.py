"""The objects that contain Jobs: what their controllers reject, and the Jobs that they create.

Sources: JobSet 0.12 (pkg/webhooks/jobset_webhook.go, pkg/controllers/jobset_controller.go, api/jobset/v1alpha2/jobset_types.go),
KEDA 2.20 (apis/keda/v1alpha1/scaledjob_types.go, controllers/keda/scaledjob_controller.go), Argo Workflows 4.1
(workflow/executor/resource.go), Kubernetes 1.36.3 (apimachinery/pkg/labels/selector.go).
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from joblint.api.validate.meta.selectors import selector_error
from joblint.rules.owners.created import of_job_set, of_scaled_job
from joblint.run.explain import explain_files

from .helper import report_of

POD = "template: {spec: {containers: [{name: main, image: 'b:1', resources: {limits: {memory: 64Mi}}}]}}"
JOB_SET = f"""\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {{name: train}}
spec:
  replicatedJobs:
  - name: leader
    template: {{spec: {{{POD}}}}}
  - name: worker
    replicas: 2
    template: {{spec: {{completions: 4, parallelism: 4, {POD}}}}}
"""
SCALED = f"""\
apiVersion: keda.sh/v1alpha1
kind: ScaledJob
metadata: {{name: queue}}
spec:
  jobTargetRef: {{{POD}}}
  triggers: [{{type: rabbitmq, metadata: {{queueName: work}}}}]
"""


def _step(more: str, manifest: str = "", action: str = "create") -> str:
    job = manifest or (
        "manifest: |\n        apiVersion: batch/v1\n        kind: Job\n        metadata: {generateName: pi-}\n        spec:\n"
        "          template:\n            spec:\n              restartPolicy: Never\n"
        "              containers: [{name: main, image: 'b:1'}]\n"
    )
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {generateName: w-}\nspec:\n  templates:\n  - name: pi\n"
        f"    resource:\n      action: {action}\n{more}      {job}"
    )


def _rejected(text: str) -> list[tuple[int, str, str]]:
    report = report_of(text)
    assert not report.crashes
    return [(f.span.line, f.field, f.message) for f in report.findings if f.rule == "JL140"]


def _errors(text: str) -> list[tuple[str, int, int]]:
    return [(f.rule, f.span.line, f.span.column) for f in report_of(text).findings if f.severity == "error"]


@pytest.mark.parametrize(
    ("old", "new", "field", "says"),
    [
        (
            "- name: leader",
            "- dependsOn: [{name: worker, status: Ready}]\n    name: leader",
            "0].dependsOn",
            "can't be set for the first",
        ),
        (
            "replicas: 2",
            "dependsOn: [{name: leeder, status: Ready}]",
            "1].dependsOn[0].name",
            "worker cannot depend on replicatedJob: leeder",
        ),
        (
            "replicas: 2",
            "dependsOn: [{name: leader, status: Done}]",
            "1].dependsOn[0].status",
            'supported values: "Complete", "Ready"',
        ),
        ("- name: worker", "- name: leader", "1].name", 'Duplicate value: {"name":"leader"}'),
        ("name: train", "name: 3d-train", "0].name", "a DNS-1035 label must consist of"),
        ("name: train", f"name: {'t' * 56}", "0].name", "job names generated for this JobSet will exceed 63 characters"),
        ("name: train", f"name: {'t' * 47}", "1].name", "pod names generated for this JobSet will exceed 63 characters"),
        ("spec:", "spec:\n  successPolicy: {operator: Every}", "spec.successPolicy.operator", 'supported values: "All", "Any"'),
        ("spec:", "spec:\n  successPolicy: {operator: All, targetReplicatedJobs: [x]}", "Jobs[0]", "name 'x' does not appear"),
        ("spec:", "spec:\n  failurePolicy: {rules: [{action: Fail}]}", "rules[0].action", 'Unsupported value: "Fail"'),
        (
            "spec:",
            "spec:\n  failurePolicy: {rules: [{action: FailJobSet, name: 1a}]}",
            "rules[0].name",
            "must start with an alphabetic",
        ),
        (
            "spec:",
            "spec:\n  failurePolicy: {rules: [{action: FailJobSet, onJobFailureReasons: [Backoff]}]}",
            "rules[0].onJobFailureReasons[0]",
            "'Backoff' in failure policy is not a recognized job failure reason",
        ),
        ("spec:", "spec:\n  coordinator: {replicatedJob: driver}", "coordinator.replicatedJob", "driver does not exist"),
        ("spec:", "spec:\n  coordinator: {replicatedJob: leader}", "spec.coordinator", "completions number must be set"),
        ("spec:", "spec:\n  coordinator: {replicatedJob: worker, jobIndex: 2}", "coordinator.jobIndex", "job index 2 is invalid"),
    ],
)
def test_what_a_job_set_rejects(old: str, new: str, field: str, says: str) -> None:
    ((line, where, message),) = _rejected(JOB_SET.replace(old, new, 1))
    assert where.endswith(field) and says in message
    assert line > 1


def test_both_ways_to_order_jobs_exclude_each_other() -> None:
    text = JOB_SET.replace("replicas: 2", "dependsOn: [{name: leader, status: Complete}]")
    assert _rejected(text) == []
    text = text.replace("spec:", "spec:\n  startupPolicy: {startupPolicyOrder: InOrder}", 1)
    ((_, _, message),) = _rejected(text)
    assert message.endswith("rejects this JobSet: StartupPolicy and DependsOn APIs are mutually exclusive.")


def test_a_correct_job_set_is_accepted() -> None:
    more = (
        "spec:\n  successPolicy: {operator: Any, targetReplicatedJobs: [worker]}\n  coordinator: {replicatedJob: worker}\n"
        "  failurePolicy: {maxRestarts: 3, restartStrategy: BlockingRecreate, rules: [{action: RestartJobSet, name: a_b,"
        " onJobFailureReasons: [PodFailurePolicy], targetReplicatedJobs: [leader]}]}"
    )
    assert _errors(JOB_SET.replace("spec:", more, 1)) == []
    assert _rejected(JOB_SET.replace("name: train", "generateName: train-")) == []
    assert _rejected(JOB_SET.replace("name: train", "name: ${NAME}")) == []


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("spec:", "spec:\n  scalingStrategy: {strategy: fast}", "spec.scalingStrategy.strategy"),
        ("spec:", "spec:\n  rollout: {strategy: default}", "spec.rollout.strategy"),
        ("spec:", "spec:\n  maxReplicaCount: 0", "spec.maxReplicaCount"),
        ("{type: rabbitmq, ", "{type: rabbitmq, metricType: Value, ", "spec.triggers[0].metricType"),
    ],
)
def test_what_keda_rejects(old: str, new: str, field: str) -> None:
    ((_, where, message),) = _rejected(SCALED.replace(old, new, 1))
    (severity,) = [f.severity for f in report_of(SCALED.replace(old, new, 1)).findings if f.rule == "JL140"]
    assert where == field
    # The enumerations and minimums are new in the schema of 2.20; before, any text was the default.
    assert (severity, "KEDA 2.20 and later" in message) == (("error", False) if "metricType" in new else ("warning", True))


def test_a_correct_scaled_job_is_accepted() -> None:
    more = "spec:\n  maxReplicaCount: 5\n  scalingStrategy: {strategy: eager}\n  rollout: {strategy: gradual}"
    assert _errors(SCALED.replace("spec:", more, 1)) == []


def test_the_job_of_a_scaled_job_has_its_labels() -> None:
    # generateJobs copies the name into labels of the Job: one of 64 characters never becomes a Job.
    long = report_of(SCALED.replace("name: queue", f"name: {'q' * 64}"))
    assert [(f.rule, f.field) for f in long.findings if f.severity == "error"] == [("JL140", "metadata.name")]
    owner: dict[str, Any] = {
        "metadata": {
            "name": "q",
            "labels": {"a": "1", "b": "2"},
            "annotations": {"scaledjob.keda.sh/job-excluded-labels": "b"},
        }
    }
    labels = of_scaled_job(owner, {"metadata": {}, "spec": {"template": {}}})["metadata"]["labels"]
    assert labels["scaledjob.keda.sh/name"] == labels["app.kubernetes.io/name"] == "q"
    assert labels["a"] == "1" and "b" not in labels


def test_the_job_of_a_job_set_is_named_after_both_and_suspended_with_it() -> None:
    owner: dict[str, Any] = {
        "metadata": {"name": "train"},
        "spec": {"replicatedJobs": [{"name": "worker", "replicas": 3}], "suspend": True},
    }
    job = {"metadata": {"labels": {"a": "b"}}, "spec": {"completionMode": None, "suspend": False, "template": {"spec": {}}}}
    made = of_job_set(owner, job, "spec.replicatedJobs[0].template")
    assert made["metadata"]["name"] == "train-worker-2"
    assert made["metadata"]["labels"]["a"] == "b" and made["metadata"]["labels"]["jobset.sigs.k8s.io/job-index"] == "2"
    assert made["spec"]["suspend"] is True and made["spec"]["completionMode"] == "Indexed"


def test_the_index_in_the_name_of_a_pod_is_counted() -> None:
    # The webhook looks at the names of Pods only where completions are set; the API server then rejects the Job.
    text = JOB_SET.replace("name: train", f"name: {'t' * 53}").replace("replicas: 2", "replicas: 1")
    assert _rejected(text.replace("completions: 4, parallelism: 4, ", "")) == []
    assert _errors(text.replace("completions: 4, parallelism: 4, ", "")) == [("JL112", 6, 11), ("JL112", 8, 11)]


@pytest.mark.parametrize("action", ["get", "delete", "patch"])
def test_steps_that_create_no_job_name_one_only(action: str) -> None:
    manifest = "manifest: |\n        apiVersion: batch/v1\n        kind: Job\n        metadata: {name: pi}\n"
    report = report_of(_step("", manifest, action))
    assert not report.findings and [s.reason for s in report.skipped] == ["kind Workflow"]


def test_a_step_that_creates_is_not_applied() -> None:
    rules = [f.rule for f in report_of(_step("")).findings]
    assert "JL603" not in rules
    assert "JL603" in [f.rule for f in report_of(_step("", action="apply")).findings]


def test_what_a_workflow_fills_in_hides_nothing_else() -> None:
    text = _step("").replace("restartPolicy: Never", "restartPolicy: Always\n              priority: {{inputs.parameters.p}}")
    assert _errors(text) == [("JL102", 16, 30)]
    (explained,) = explain_files([("x.yaml", _step("").replace("pi-", "{{workflow.name}}-").encode())], "1.36").explanations
    assert dict(explained.notes)["workflow step"].startswith("succeeds once the Job is created")


@pytest.mark.parametrize("quote", ['"', ">-\n        "])
def test_jobs_in_quoted_and_folded_texts(quote: str) -> None:
    job = r'{"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "x"}, "spec": {"backoffLimit": -1}}'
    text = _step("", "manifest: " + (f'"{job}"'.replace('"', r"\"")[1:] if quote == '"' else quote + job) + "\n")
    if quote == '"':
        text = text.replace('manifest: "{', 'manifest: "{').replace('}}\\"', '}}"')
    errors = _errors(text)
    assert ("JL118", 9, 17) in errors and {line for _, line, _ in errors} == {9}
    assert all(f.fix is None for f in report_of(text).findings)


@pytest.mark.parametrize(
    ("condition", "error"),
    [
        ("status.succeeded > 0", ""),
        ("status.succeeded > 1,status.failed < 2", ""),
        ("status.phase in (Succeeded, Failed), !status.x", ""),
        ("status.phase == Succeeded", ""),
        ("a=", ""),
        ("", ""),
        ("status.succeeded >= 1", "found '=', expected: identifier"),
        ("status.succeeded > many", "must be an integer"),
        ('status.conditions.#(type=="Complete").status == True', "Invalid value"),
        ("status.failed > 3 || status.succeeded > 0", "found '||', expected: ',' or 'end of string'"),
        ("a in b", "expected: '('"),
        ("a,", "expected: identifier"),
    ],
)
def test_conditions_of_steps_are_label_selectors(condition: str, error: str) -> None:
    found = selector_error(condition)
    assert (error in found) if error else not found
    if condition:
        rejected = _rejected(_step(f"      successCondition: '{condition}'\n"))
        assert [line for line, _, _ in rejected] == ([9] if error else [])
    assert _rejected(_step("      failureCondition: '{{inputs.parameters.c}} >= 1'\n")) == []


def _notes(text: str, number: int = 0) -> dict[str, str]:
    return dict(explain_files([("x.yaml", text.encode())], "1.36").explanations[number].notes)


def test_restarts_of_a_job_set() -> None:
    policy = "spec:\n  failurePolicy: {%s}"
    notes = _notes(JOB_SET.replace("spec:", policy % "maxRestarts: 0, rules: [{action: RestartJobSet}]", 1))
    assert notes["failure rule"] == "if a Job fails: the JobSet fails, since maxRestarts is 0"
    notes = _notes(JOB_SET.replace("spec:", policy % "rules: [{action: RestartJobSetAndIgnoreMaxRestarts}]", 1))
    assert notes["failure rule"].endswith("all Jobs are created again, however often") and "JobSet failed" not in notes
    rule = "{action: FailJobSet, targetReplicatedJobs: [worker], onJobFailureMessagePatterns: ['.*exit code 3.*']}"
    notes = _notes(JOB_SET.replace("spec:", policy % f"restartStrategy: BlockingRecreate, maxRestarts: 1, rules: [{rule}]", 1))
    assert notes["failure rule"].startswith('if a Job of worker fails, with a message that matches ".*exit code 3.*": ')
    assert "once all old Jobs and their Pods are gone" in notes["JobSet failed"]


def test_restarts_of_single_jobs_of_a_job_set() -> None:
    policy = "spec:\n  failurePolicy: {%s}"
    text = JOB_SET.replace("spec:", policy % "maxRestarts: 2, rules: [{action: RestartJob, targetReplicatedJobs: [worker]}]", 1)
    notes = _notes(text)
    assert "only that Job is created again, which counts towards maxRestarts" in notes["failure rule"]
    assert "without it, the webhook rejects the JobSet" in notes["failure rule"]
    assert "up to 2 times (maxRestarts); restarts of single Jobs count towards the same limit" in notes["JobSet failed"]
    (message,) = [message for _, _, message in _rejected(text)]
    assert message == (
        "The webhook of JobSet rejects this JobSet: RestartJob and RestartJobAndIgnoreMaxRestarts failure policy actions are "
        "not allowed when RestartJob feature gate is disabled."
    )
    notes = _notes(JOB_SET.replace("spec:", policy % "maxRestarts: 1, rules: [{action: RestartJob}]", 1))
    assert notes["JobSet failed"].startswith("with the first failure after 1 restart that counts (maxRestarts, of all Jobs")
    notes = _notes(JOB_SET.replace("spec:", policy % "maxRestarts: 1, rules: [{action: RestartJobAndIgnoreMaxRestarts}]", 1))
    assert "JobSet failed" not in notes and "however often" in notes["failure rule"]
    many = text.replace("replicas: 2", "replicas: 1025", 1)
    assert any("replicated job with replicas > 1024" in message for _, _, message in _rejected(many))


def test_a_job_that_its_ttl_deletes_is_created_again() -> None:
    # constructJobsFromTemplate creates every Job that is not there while the JobSet has not finished.
    text = JOB_SET.replace("completions: 4,", "completions: 4, ttlSecondsAfterFinished: 60,")
    assert "creates the Job again" in _notes(text, 1)["runs again"]
    assert "runs again" not in _notes(text, 0)


def test_other_controllers_of_a_job_set() -> None:
    notes = _notes(JOB_SET.replace("spec:", "spec:\n  managedBy: kueue.x-k8s.io/multikueue", 1))
    assert notes["managed by"].startswith("kueue.x-k8s.io/multikueue: the JobSet controller does nothing")


@pytest.mark.parametrize(
    ("strategy", "says"),
    [
        ("{strategy: eager}", "no more than 100 minus the running and the pending Jobs"),
        ("{strategy: custom, customScalingRunningJobPercentage: '0.5'}", "more than 100 may run at a time"),
        ("{strategy: custom, customScalingRunningJobPercentage: half}", "strategy default"),
    ],
)
def test_strategies_of_keda(strategy: str, says: str) -> None:
    assert says in _notes(SCALED.replace("spec:", f"spec:\n  scalingStrategy: {strategy}", 1))["how many"]


@pytest.mark.parametrize(("value", "paused"), [("true", True), ("1", True), ("yes", True), ("false", False), ("0", False)])
def test_the_annotation_that_pauses(value: str, paused: bool) -> None:
    text = SCALED.replace("name: queue}", f'name: queue, annotations: {{autoscaling.keda.sh/paused: "{value}"}}}}')
    assert ("paused" in _notes(text)) is paused


def test_several_triggers() -> None:
    text = SCALED.replace("[{type", "[{type: cron, metadata: {}}, {type")
    assert "the longest queue length of the 2 triggers" in _notes(text)["how many"]


@pytest.mark.parametrize("text", [JOB_SET.replace("completions: 4", "backoffLimit: 0, completions: 4"), SCALED])
def test_the_default_of_the_owner_counts_as_written(text: str) -> None:
    # JobSet and KEDA restart on failure unless the Pod template says otherwise, which is not to be read in the text.
    text = text.replace("jobTargetRef: {", "jobTargetRef: {backoffLimit: 1, ")
    assert {"JL201", "JL202"} <= {f.rule for f in report_of(text).findings}
    assert not {"JL201", "JL202"} & {
        f.rule for f in report_of(text.replace("{containers", "{restartPolicy: Never, containers")).findings
    }


@pytest.mark.parametrize(
    ("text", "old", "new", "field"),
    [
        (SCALED, "  triggers", "  backoffLimit: 3\n  triggers", "spec.backoffLimit"),
        (SCALED, "  triggers", "  cooldownPeriod: 30\n  triggers", "spec.cooldownPeriod"),
        (SCALED, "  triggers", "  maxReplicasCount: 30\n  triggers", "spec.maxReplicasCount"),
        (JOB_SET, "  replicatedJobs", "  backoffLimit: 3\n  replicatedJobs", "spec.backoffLimit"),
        (JOB_SET, "    replicas: 2", "    parallelism: 2", "spec.replicatedJobs[1].parallelism"),
        (JOB_SET, "    template: {spec", "    template: {backoffLimit: 1, spec", "spec.replicatedJobs[0].template.backoffLimit"),
    ],
)
def test_fields_of_a_job_at_the_wrong_level(text: str, old: str, new: str, field: str) -> None:
    ((line, where, message),) = _rejected(text.replace(old, new, 1))
    assert where == field and f'unknown field "{field}"' in message and line > 1


def test_fields_of_newer_versions_are_not_known_to_be_wrong() -> None:
    assert _rejected(SCALED.replace("  triggers", "  somethingNew: 3\n  triggers")) == []
    assert _rejected(JOB_SET.replace("  replicatedJobs", "  somethingNew: 3\n  replicatedJobs")) == []


def _rules(text: str) -> list[str]:
    return [f.rule for f in report_of(text).findings if f.severity != "info"]


def test_a_job_set_adds_claims_and_a_subdomain() -> None:
    # constructJob: the Pods get the subdomain of the Service, and the volumes of volumeClaimPolicies that they mount.
    mounts = "image: 'b:1', command: [nslookup, train-leader-0-0.train], volumeMounts: [{name: data, mountPath: /data}]"
    text = JOB_SET.replace("image: 'b:1'", mounts, 1)
    assert "JL115" in _rules(text)
    claims = "spec:\n  volumeClaimPolicies:\n  - templates: [{metadata: {name: data}}]\n  replicatedJobs:"
    assert _rules(text.replace("spec:\n  replicatedJobs:", claims, 1)) == []


def test_jobs_that_need_not_end() -> None:
    loop = JOB_SET.replace("image: 'b:1'", "image: 'b:1', command: [sleep, infinity]", 1)
    assert "JL720" in _rules(loop)
    assert _rules(loop.replace("spec:\n", "spec:\n  successPolicy: {operator: All, targetReplicatedJobs: [worker]}\n", 1)) == []
    assert "JL720" in _rules(
        loop.replace("spec:\n", "spec:\n  successPolicy: {operator: All, targetReplicatedJobs: [leader]}\n", 1)
    )


def test_what_a_restart_in_place_requires() -> None:
    text = JOB_SET.replace("completions: 4", "backoffLimit: 2147483647, completions: 4")
    assert "JL211" in _rules(text)
    assert _rules(text.replace("spec:\n", "spec:\n  failurePolicy: {restartStrategy: InPlaceRestart}\n", 1)) == []


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *[inner for key, held in items for inner in _paths(held, (*path, key))]]


@pytest.mark.parametrize("odd", [None, 1, "x", [[]], {"a": 1}])
def test_nothing_odd_in_an_owner_is_a_crash(odd: object) -> None:
    from ruamel.yaml import YAML

    from joblint.source.places.paths import changed

    more = (
        "spec:\n  successPolicy: {operator: All, targetReplicatedJobs: [worker]}\n  coordinator: {replicatedJob: worker}\n"
        "  volumeClaimPolicies:\n  - templates: [{metadata: {name: data}}]\n  network: {subdomain: net}\n"
        "  failurePolicy: {maxRestarts: 3, rules: [{action: RestartJobSet, onJobFailureReasons: [x], targetReplicatedJobs: [y]}]}"
    )
    for text in (JOB_SET.replace("spec:", more, 1), SCALED, _step("      successCondition: a > 0\n")):
        value = YAML(typ="safe").load(text)
        for path in _paths(value)[1:]:
            data = json.dumps(changed(value, list(path), odd))
            assert not report_of(data).crashes, path
            assert not explain_files([("x.json", data.encode())], "1.36").crashes, path
