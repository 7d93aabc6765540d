"""What an apply of one set of files over another does: outcomes, and what they mean."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from joblint.run.diff.changes import Change, Diff, Options
from joblint.run.diff.compare import diff

JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: load
spec:
  backoffLimit: 2
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: busybox:1.36
"""
CRON = """\
apiVersion: batch/v1
kind: CronJob
metadata:
  name: nightly
spec:
  schedule: 0 23 * * *
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - name: main
            image: busybox:1.36
"""
UID = "3485b39b-881e-43ae-968f-ef8df394eb30"
NOON = 1795953600.0  # 2026-11-29T12:00:00Z


def _diff(old: str, new: str, **options: Any) -> Diff:
    asked = Options(**{"version": "1.36", "at": NOON, **options})
    return diff([("old.yaml", old.encode())], [("new.yaml", new.encode())], asked)


def _one(old: str, new: str, **options: Any) -> Change:
    changes = [c for c in _diff(old, new, **options).changes if c.outcome != "removed"]
    return changes[-1]


def _annotated(manifest: str, **annotations: str) -> str:
    lines = "".join(f"    {key}: {json.dumps(value)}\n" for key, value in annotations.items())
    return manifest.replace("spec:\n", f"  annotations:\n{lines}spec:\n", 1)


def _live(
    applied: str | None = JOB, status: dict[str, Any] | None = None, managed: list[Any] | None = None, **spec: Any
) -> dict[str, Any]:
    """The Job as a cluster shows it."""
    labels = dict.fromkeys(("batch.kubernetes.io/controller-uid", "controller-uid"), UID)
    labels |= dict.fromkeys(("batch.kubernetes.io/job-name", "job-name"), "load")
    pod = {
        "restartPolicy": "Never",
        "containers": [
            {
                "name": "main",
                "image": "busybox:1.36",
                "imagePullPolicy": "IfNotPresent",
                "resources": {},
                "terminationMessagePath": "/dev/termination-log",
                "terminationMessagePolicy": "File",
            }
        ],
        "dnsPolicy": "ClusterFirst",
        "schedulerName": "default-scheduler",
        "securityContext": {},
        "terminationGracePeriodSeconds": 30,
    }
    metadata: dict[str, Any] = {
        "name": "load",
        "namespace": "batch",
        "uid": UID,
        "resourceVersion": "657",
        "generation": 1,
        "creationTimestamp": "2026-11-29T10:00:00Z",
        "labels": dict(labels),
    }
    if applied is not None:
        manifest = _as_json(applied)
        manifest["metadata"] |= {"annotations": {}, "namespace": "batch"}
        metadata["annotations"] = {"kubectl.kubernetes.io/last-applied-configuration": json.dumps(manifest)}
    if managed is not None:
        metadata["managedFields"] = managed
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata,
        "spec": {
            "backoffLimit": 2,
            "completionMode": "NonIndexed",
            "completions": 1,
            "manualSelector": False,
            "parallelism": 1,
            "podReplacementPolicy": "TerminatingOrFailed",
            "selector": {"matchLabels": {"batch.kubernetes.io/controller-uid": UID}},
            "suspend": False,
            "template": {"metadata": {"labels": dict(labels)}, "spec": pod},
            **spec,
        },
        "status": status or {"active": 1, "ready": 1, "startTime": "2026-11-29T10:00:00Z", "terminating": 0},
    }


def _as_json(text: str) -> dict[str, Any]:
    from joblint.source.documents import read

    (document,) = read(text.encode(), "x.yaml")
    assert isinstance(document.value, dict)
    return json.loads(json.dumps(document.value))  # type: ignore[no-any-return]


FINISHED = {
    "conditions": [
        {"type": "Complete", "status": "True", "lastTransitionTime": "2026-11-29T11:00:00Z", "reason": "CompletionsReached"}
    ],
    "succeeded": 1,
    "startTime": "2026-11-29T10:00:00Z",
    "completionTime": "2026-11-29T11:00:00Z",
}


def _samples() -> list[dict[str, Any]]:
    path = Path(__file__).parent.parent / "data" / "kubectl-samples.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [row for row in map(json.loads, lines) if not row.get("between") and not row.get("flags")]


@pytest.mark.parametrize("row", _samples(), ids=lambda row: f"{row['side']}-{row['id']}")
def test_kubectl_said_so(row: dict[str, Any]) -> None:
    """Recorded: what kubectl 1.36.3 said of these files."""
    if row["side"] == "client":
        assert _one(row["old"], row["new"]).outcome == row["real"]
        return
    made = "server-side" if "--server-side" in row["made"] else row["made"][0]
    change = _one(row["old"], row["new"], server_side=True, made=made)
    assert (change.outcome in ("refused", "conflict")) == bool(row["exit"])
    if change.problem:
        assert change.problem.replace("default/j", "NS/j") in row["stderr"]


# Live objects


def test_a_live_object_is_the_old_one() -> None:
    """`kubectl get job load -o yaml | joblint diff - new.yaml`: uid and resourceVersion are no reason to refuse it."""
    live = json.dumps(_live())
    assert _one(live, JOB).outcome == "unchanged"
    assert _one(live, JOB.replace("1.36", "1.37")).outcome == "refused"
    assert _one(live, JOB.replace("backoffLimit: 2", "backoffLimit: 4")).outcome == "updated"
    listed = json.dumps({"apiVersion": "v1", "kind": "List", "items": [_live(), {"apiVersion": "v1", "kind": "Pod"}]})
    assert _one(listed, JOB).outcome == "unchanged"


def test_what_was_applied_before_is_taken_away_and_what_others_set_stays() -> None:
    """The three-way merge: OLD's annotation says what kubectl applied."""
    live = json.dumps(_live(parallelism=3))  # somebody scaled it
    change = _one(live, JOB.replace("  backoffLimit: 2\n", ""))
    assert change.outcome == "updated"
    assert change.patch == {"spec": {"backoffLimit": None}}


def test_without_the_annotation_nothing_is_taken_away() -> None:
    live = json.dumps(_live(applied=None))
    change = _one(live, JOB.replace("  backoffLimit: 2\n", ""))
    assert (change.outcome, change.patch) == ("updated", {})
    assert "fields that NEW leaves out are not changed" in str(change.effects)


def test_a_cleaned_export_is_still_the_live_object() -> None:
    live = _live()
    del live["status"]
    live["metadata"] = {"name": "load"}
    assert _one(json.dumps(live), JOB).outcome == "updated"


def test_a_finished_job_is_told_as_finished() -> None:
    live = json.dumps(_live(status=FINISHED))
    assert "the Job is finished (Complete) and will not run again" in str(_one(live, JOB).effects)
    ttl = _one(live, JOB.replace("backoffLimit: 2", "backoffLimit: 2\n  ttlSecondsAfterFinished: 60"))
    assert "the Job finished at 11:00 UTC: it is deleted immediately, with its Pods and logs" in str(ttl.effects)
    later = _one(live, JOB.replace("backoffLimit: 2", "backoffLimit: 2\n  ttlSecondsAfterFinished: 7200"))
    assert "it is deleted at 13:00 UTC" in str(later.effects)


def test_a_running_job_meets_its_new_limits_at_once() -> None:
    live = json.dumps(_live(status={"active": 1, "failed": 2, "startTime": "2026-11-29T10:00:00Z"}))
    deadline = _one(live, JOB.replace("backoffLimit: 2", "backoffLimit: 2\n  activeDeadlineSeconds: 600"))
    assert "the Job started at 10:00 UTC: it fails immediately (DeadlineExceeded)" in str(deadline.effects)
    limit = _one(live, JOB.replace("backoffLimit: 2", "backoffLimit: 1"))
    assert "2 Pods have failed: the Job fails immediately" in str(limit.effects)


# Namespaces, and what cannot be told


def test_a_manifest_without_namespace_is_the_one_object_of_its_name() -> None:
    live = json.dumps(_live())
    assert _one(live, JOB).namespace is None
    other = _live()
    other["metadata"]["namespace"] = "elsewhere"
    both = json.dumps({"apiVersion": "v1", "kind": "List", "items": [_live(), other]})
    assert _one(both, JOB).outcome == "created"
    assert _one(both, JOB, namespace="batch").outcome == "unchanged"


def test_the_namespace_of_the_call_is_that_of_objects_without_one() -> None:
    placed = JOB.replace("  name: load\n", "  name: load\n  namespace: batch\n")
    assert _one(JOB, placed, namespace="batch").outcome == "unchanged"
    apart = _diff(JOB, placed)
    assert [c.outcome for c in apart.changes] == ["created", "removed"]
    assert "with -n batch it is the same object" in str(apart.changes[0].effects)
    wrong = _one(JOB, placed, namespace="other")
    assert wrong.outcome == "refused"
    assert wrong.errors[0].message == (
        'the namespace from the provided object "batch" does not match the namespace "other". '
        "You must pass '--namespace=batch' to perform this operation."
    )


def test_never_created_where_the_old_one_is_refused() -> None:
    bad = JOB.replace("Never", "Always")
    change = _one(bad, JOB)
    assert change.outcome == "unknown"
    assert 'is rejected by the API server (spec.template.spec.restartPolicy: Required value: valid values: "OnFailure"' in str(
        change.effects
    )
    assert _one(bad, bad).outcome == "refused"


def test_never_created_where_the_old_one_is_of_another_version_of_the_api() -> None:
    change = _one(CRON.replace("batch/v1", "batch/v1beta1"), CRON)
    assert change.outcome == "unknown"
    assert 'no matches for kind "CronJob" in version "batch/v1beta1"' in str(change.effects)


@pytest.mark.parametrize("version", ["1.31", "1.34", "1.37"])
def test_every_version_has_its_server_side_apply(version: str) -> None:
    scaled = JOB.replace("backoffLimit: 2", "parallelism: 3")
    assert _one(JOB, scaled, version=version, server_side=True, made="server-side").outcome == "applied"
    assert _one(JOB, JOB.replace("1.36", "1.37"), version=version, server_side=True, made="server-side").outcome == "refused"


def test_never_created_where_the_old_file_cannot_be_read() -> None:
    change = _one(JOB.replace("kind: Job", "kind: [Job"), JOB)
    assert change.outcome == "unknown"
    assert "cannot read OLD: old.yaml: invalid YAML at 2:7: " in str(change.effects)
    assert _one("a: [\n", JOB).outcome == "created"  # whatever that is, it is no Job of this name


def test_the_later_of_two_counts_and_is_named() -> None:
    old = f"{JOB}---\n{JOB.replace('backoffLimit: 2', 'backoffLimit: 5')}"
    result = _diff(old, JOB.replace("backoffLimit: 2", "backoffLimit: 5"))
    assert [c.outcome for c in result.changes] == ["unchanged"]
    assert [(s.file, s.document, s.reason) for s in result.skipped] == [
        ("old.yaml", 0, 'Job "load" is defined again in old.yaml, and that definition is compared')
    ]


def test_the_second_of_two_new_ones_is_an_update_of_the_first() -> None:
    new = f"{JOB}---\n{JOB.replace('backoffLimit: 2', 'backoffLimit: 5')}---\n{JOB.replace('1.36', '1.37')}"
    result = _diff("", new)
    assert [(c.document, c.outcome) for c in result.changes] == [(0, "created"), (1, "updated"), (2, "refused")]
    assert "backoffLimit 2 → 5" in str(result.changes[1].effects)


def test_what_is_in_the_cluster_alone_is_not_told_as_removed() -> None:
    result = _diff(json.dumps(_live(applied=None)), CRON)
    assert [c.outcome for c in result.changes] == ["created"]
    assert result.skipped[-1].reason == 'Job "load" is only in the cluster'
    assert [c.outcome for c in _diff(json.dumps(_live()), CRON).changes] == ["created", "removed"]


# Client-side, as kubectl


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("backofLimit: 2", 'unknown field "spec.backofLimit"'),
        ('backoffLimit: "2"', "unrecognized type: int32"),
        ("backoffLimit: 1.5", "cannot convert float64 to int32"),
        ("parallelism: -1", "Invalid value: -1: must be greater than or equal to 0"),
        ("completions: 2", "Invalid value: 2: field is immutable"),
    ],
)
def test_refused_with_kubectls_words_and_told_once(change: str, message: str) -> None:
    found = _one(JOB, JOB.replace("backoffLimit: 2", change))
    assert found.outcome == "refused"
    assert [e.message for e in found.errors] == [message]


def test_a_foreign_uid_or_resource_version_is_refused() -> None:
    for uid in ("11111111-2222-3333-4444-555555555555", UID):
        change = _one(JOB, JOB.replace("name: load", f"name: load\n  uid: {uid}"))
        assert change.outcome == "refused"
        assert change.errors[0].field == "metadata.uid"
        assert change.errors[0].message == f'Invalid value: "{uid}": field is immutable'
    (stale,) = _one(JOB, JOB.replace("name: load", 'name: load\n  resourceVersion: "12"')).errors
    assert stale.message == (
        'Operation cannot be fulfilled on jobs.batch "load": the object has been modified; '
        "please apply your changes to the latest version and try again"
    )
    live = json.dumps(_live())
    assert _one(live, JOB.replace("name: load", 'name: load\n  resourceVersion: "657"')).outcome == "updated"
    assert _one(live, JOB.replace("name: load", f"name: load\n  uid: {UID}")).outcome == "updated"


def test_kubectl_takes_a_resource_version_out_of_what_it_creates() -> None:
    assert _one("", JOB.replace("name: load", 'name: load\n  resourceVersion: "12"')).outcome == "created"


def test_defaults_written_out_are_configured() -> None:
    change = _one(JOB, JOB.replace("backoffLimit: 2", "backoffLimit: 2\n  suspend: false"))
    assert (change.outcome, change.patch) == ("updated", {})
    assert "nothing changes on the server" in str(change.effects)


@pytest.mark.parametrize("without", ["kind: Job\n", "apiVersion: batch/v1\n", "  name: load\n"])
def test_a_document_that_kubectl_does_not_send_is_refused(without: str) -> None:
    messages = {
        "kind: Job\n": "error validating data: kind not set",
        "apiVersion: batch/v1\n": "error validating data: apiVersion not set",
        "  name: load\n": "resource name may not be empty",
    }
    new = JOB.replace(without, "").replace("metadata:\nspec", "metadata: {}\nspec")
    change = _one(JOB, new)
    assert change.outcome == "refused"
    assert [e.message for e in change.errors] == [messages[without]]
    assert change.effects == ("kubectl does not send it: nothing changes",)


def test_completions_of_an_indexed_job_change_with_parallelism() -> None:
    old = JOB.replace("backoffLimit: 2", "completionMode: Indexed\n  completions: 4\n  parallelism: 4")
    change = _one(old, old.replace("completions: 4", "completions: 6"))
    assert change.outcome == "refused"
    assert change.effects[1].startswith(
        "completions of an Indexed Job can only change together with parallelism: also set parallelism: 6, "
    )
    both = _one(old, old.replace("completions: 4", "completions: 6").replace("parallelism: 4", "parallelism: 6"))
    assert both.outcome == "updated"


# Advice never destroys


def test_a_refused_template_names_the_way_that_keeps_logs_first() -> None:
    change = _one(json.dumps(_live(status=FINISHED)), JOB.replace("1.36", "1.37"))
    said = [e for e in change.effects if "load" in e]
    assert said[0] == (
        "the Job is finished (Complete); to run NEW and keep the old Job, its Pods and logs, change "
        "metadata.name, for example to load-2"
    )
    assert said[1].startswith("or replace the old Job: kubectl replace --force deletes it, its Pods and logs, then runs NEW from")
    assert "kubectl logs job/load --all-pods --all-containers > load.log" in said[1]


def test_replace_force_is_not_named_where_the_new_job_would_be_refused() -> None:
    change = _one(JOB, JOB.replace("Never", "Always").replace("1.36", "1.37"))
    assert change.outcome == "refused"
    assert "replace --force" not in str(change.effects)
    assert "the API server also rejects NEW as a new Job" in str(change.effects)


@pytest.mark.parametrize(("name", "following"), [("load", "load-2"), ("load-2", "load-3"), ("load-007", "load-007-2")])
def test_the_next_name(name: str, following: str) -> None:
    old = JOB.replace("name: load", f"name: {name}")
    assert f"metadata.name, for example to {following}" in str(_one(old, old.replace("1.36", "1.37")).effects)


# Hooks


@pytest.mark.parametrize(
    "annotations",
    [
        {"helm.sh/hook": "pre-upgrade"},
        {"helm.sh/hook": "pre-upgrade", "helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded"},
        {"argocd.argoproj.io/hook": "PreSync"},
        {"argocd.argoproj.io/sync-options": "Force=true,Replace=true"},
        {"argocd.argoproj.io/sync-options": "Force=true"},
        {"kustomize.toolkit.fluxcd.io/force": "enabled"},
    ],
)
def test_what_a_tool_makes_again_is_not_refused(annotations: dict[str, str]) -> None:
    old = _annotated(JOB, **annotations)
    change = _one(old, old.replace("1.36", "1.37"))
    assert change.outcome == "recreated"
    assert "deletes the Job, its Pods and logs, and creates it again" in change.effects[0]
    bad = _one(old, old.replace("Never", "Always").replace("1.36", "1.37"))
    assert bad.outcome == "refused"


def test_a_hook_whose_new_version_is_refused_is_lost() -> None:
    old = _annotated(JOB, **{"helm.sh/hook": "pre-upgrade"})
    change = _one(old, old.replace("Never", "Always"))
    assert "then the API server rejects the new one, and nothing is left" in str(change.effects)


def test_force_makes_it_again_only_where_it_must() -> None:
    flux = _annotated(JOB, **{"kustomize.toolkit.fluxcd.io/force": "enabled"})
    assert _one(flux, flux).outcome == "unchanged"
    assert _one(flux, flux.replace("backoffLimit: 2", "backoffLimit: 3")).outcome == "updated"
    helm = _annotated(JOB, **{"helm.sh/hook": "pre-upgrade"})
    assert _one(helm, helm).outcome == "recreated"


def test_a_hook_that_nobody_deletes_stands_in_the_way() -> None:
    old = _annotated(JOB, **{"helm.sh/hook": "pre-upgrade", "helm.sh/hook-delete-policy": "hook-failed"})
    change = _one(old, old)
    assert [e.message for e in change.errors] == ['jobs.batch "load" already exists']
    assert _one("", old).outcome == "created"


def test_replace_without_force_is_refused_for_a_job_and_taken_for_a_cronjob() -> None:
    """A manifest lacks the selector that the server generated, so that kubectl replace of a Job always fails."""
    job = _one(JOB, _annotated(JOB, **{"argocd.argoproj.io/sync-options": "Replace=true"}))
    assert job.outcome == "refused"
    assert {e.field for e in job.errors} == {"spec.selector", "spec.template.metadata.labels", "spec.template"}
    cron = _one(CRON, _annotated(CRON, **{"argocd.argoproj.io/sync-options": "Replace=true"}))
    assert cron.outcome == "updated"


# Schedules


def test_a_moved_schedule_makes_up_for_a_start_that_was_never_due() -> None:
    """kubernetes issue 130838: 23:00 → 05:00, applied at noon, starts a Job at 23:00 that counts as that of 05:00."""
    change = _one(CRON, CRON.replace("0 23", "0 5"))
    assert change.outcome == "updated"
    assert change.effects[0] == (
        "applied at 12:00 UTC, the start of 05:00 UTC counts as missed (the old schedule's last start was 2026-11-28 23:00 UTC): "
        "its Job starts at 23:00 UTC; "
        "if the controller restarts or the CronJob changes again before that, it starts immediately"
    )
    night = _one(CRON, CRON.replace("0 23", "0 5"), at=NOON - 8 * 3600)  # 04:00
    assert "counts as missed" not in str(night.effects)
    bound = _one(CRON, CRON.replace("schedule: 0 23", "startingDeadlineSeconds: 600\n  schedule: 0 5"))
    assert "counts as missed" not in str(bound.effects)


def test_a_live_cronjob_says_when_it_started_last() -> None:
    live = _as_json(CRON)
    live["metadata"] |= {"uid": UID, "resourceVersion": "5", "creationTimestamp": "2026-11-01T00:00:00Z", "namespace": "default"}
    live["status"] = {"lastScheduleTime": "2026-11-28T23:00:00Z"}
    assert "(the last start was 2026-11-28 23:00 UTC)" in str(_one(json.dumps(live), CRON.replace("0 23", "0 5")).effects)
    live["status"] = {"lastScheduleTime": "2026-11-29T05:00:00Z"}  # started by hand of that schedule already
    assert "counts as missed" not in str(_one(json.dumps(live), CRON.replace("0 23", "0 5")).effects)


# Server-side


def test_the_owner_of_a_field_is_in_conflict() -> None:
    managed = [
        {
            "manager": "kueue",
            "operation": "Update",
            "apiVersion": "batch/v1",
            "time": "2026-11-29T10:00:01Z",
            "fieldsType": "FieldsV1",
            "fieldsV1": {"f:spec": {"f:suspend": {}}},
        }
    ]
    live = json.dumps(_live(applied=None, managed=managed))
    new = JOB.replace("backoffLimit: 2", "suspend: true")
    change = _one(live, new, server_side=True)
    assert (change.outcome, change.problem) == (
        "conflict",
        'Apply failed with 1 conflict: conflict with "kueue" using batch/v1: .spec.suspend',
    )
    assert [(e.type, e.field) for e in change.errors] == [("FieldManagerConflict", ".spec.suspend")]
    assert "to let kueue keep the field, remove .spec.suspend from the manifest" in change.effects
    assert _one(live, new, server_side=True, force=True).outcome == "applied"
    assert _one(live, new, server_side=True, manager="kueue").outcome == "conflict"  # one that applies is another manager


def test_owners_that_are_not_shown_are_said_to_be_unknown() -> None:
    change = _one(json.dumps(_live(applied=None)), JOB, server_side=True)
    assert change.outcome == "applied"
    assert "--show-managed-fields" in str(change.effects)


def test_kubectl_takes_over_from_its_client_side_apply() -> None:
    """What NEW leaves out goes; where it cannot, kubectl warns and says serverside-applied all the same."""
    change = _one(JOB, JOB.replace("  backoffLimit: 2\n", ""), server_side=True, made="apply")
    assert (change.outcome, change.effects[0]) == (
        "applied",
        "backoffLimit 2 → 6: earlier failures count; a Job that has already failed stays failed",
    )
    old = JOB.replace("image: busybox:1.36", "image: busybox:1.36\n        workingDir: /tmp")
    change = _one(old, JOB, server_side=True, made="apply")
    assert change.outcome == "applied"
    assert "(spec.template: field is immutable): kubectl warns" in str(change.effects)
    assert _one(old, JOB, server_side=True, made="server-side").outcome == "refused"


def test_an_object_of_a_queue_is_told_of_its_usual_owner() -> None:
    labels = "  labels: {kueue.x-k8s.io/queue-name: a}"
    queued = JOB.replace("spec:\n", f"{labels}\nspec:\n  suspend: true\n", 1)
    assert "Kueue owns .spec.suspend" in str(_one(queued, queued, server_side=True, made="server-side").effects)
    assert "Remove suspend" in str(_one(queued, queued).effects)


def test_what_a_server_side_apply_does_not_take() -> None:
    twice = JOB.replace("image: busybox:1.36", "image: busybox:1.36\n        env: [{name: A, value: x}, {name: A, value: z}]")
    assert _one(JOB, twice).outcome == "refused"  # the template is immutable
    change = _one("", twice, server_side=True)
    assert change.problem == (
        "failed to create typed patch object (default/load; batch/v1, Kind=Job): "
        '.spec.template.spec.containers[name="main"].env: duplicate entries for key [name="A"]'
    )
    unknown = _one(JOB, JOB.replace("backoffLimit", "backofLimit"), server_side=True, made="server-side")
    assert [(e.field, e.message) for e in unknown.errors] == [(".spec.backofLimit", "field not declared in schema")]


def test_a_version_of_its_own_for_each_of_a_range() -> None:
    suspended = JOB.replace("spec:\n", "spec:\n  suspend: true\n", 1)
    changed = suspended.replace("image: busybox:1.36", "image: busybox:1.36\n        resources: {requests: {cpu: 100m}}")
    options = Options("1.36", at=NOON)
    result = diff([("old.yaml", suspended.encode())], [("new.yaml", changed.encode())], options, ("1.34",))
    assert [c.outcome for c in result.changes] == ["updated"]
    assert result.others == (("1.34", ("refused",)),)
