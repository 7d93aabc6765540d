"""Manifests saved with kubectl get -o yaml: what only the server writes goes at once, and what is left is accepted."""

from __future__ import annotations

import pytest

from joblint.api.judge import judge
from joblint.rules.fixes.apply import fix_data
from joblint.source.documents import read

from .helper import engine_of, report_of

UID = "4e309601-01af-11ea-b38c-42010aa80083"
EXPORT = f"""\
apiVersion: batch/v1
kind: Job
metadata:
  annotations:
    batch.kubernetes.io/job-tracking: ""
  creationTimestamp: "2026-01-05T22:38:23Z"
  generation: 1
  labels:
    app: load
    batch.kubernetes.io/controller-uid: {UID}
    batch.kubernetes.io/job-name: load
    controller-uid: {UID}
    job-name: load
  name: load
  namespace: default
  resourceVersion: "33430820"
  uid: {UID}
spec:
  backoffLimit: 3
  completionMode: NonIndexed
  completions: 1
  manualSelector: false
  parallelism: 1
  podReplacementPolicy: TerminatingOrFailed
  selector:
    matchLabels:
      batch.kubernetes.io/controller-uid: {UID}
  suspend: false
  template:
    metadata:
      labels:
        batch.kubernetes.io/controller-uid: {UID}
        batch.kubernetes.io/job-name: load
        controller-uid: {UID}
        job-name: load
    spec:
      containers:
      - image: app:1.4.2
        name: main
      restartPolicy: Never
status:
  active: 1
  startTime: "2026-01-05T22:38:23Z"
"""
OWNED = EXPORT.replace(
    "  resourceVersion",
    "  ownerReferences:\n  - apiVersion: batch/v1\n    blockOwnerDeletion: true\n    controller: true\n    kind: CronJob\n"
    f"    name: nightly\n    uid: {UID}\n  resourceVersion",
)
LISTED = "apiVersion: v1\nkind: List\nitems:\n- " + EXPORT.replace("\n", "\n  ").rstrip() + "\n"
CRONJOB = f"""\
apiVersion: batch/v1
kind: CronJob
metadata:
  creationTimestamp: "2026-01-05T22:38:23Z"
  name: nightly
  resourceVersion: "33430820"
  uid: {UID}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          containers:
          - image: app:1.4.2
            name: main
          restartPolicy: Never
status:
  lastScheduleTime: "2026-01-05T22:38:23Z"
"""


@pytest.mark.parametrize("manifest", [EXPORT, OWNED, LISTED, CRONJOB])
def test_an_export_is_fixed_to_a_manifest(manifest: str) -> None:
    fixed = fix_data(engine_of(), manifest.encode(), "job.yaml").data
    (document,) = read(fixed, "job.yaml")
    ((_, value),) = document.objects()
    verdict = judge(value, "1.36")
    assert verdict is not None and verdict.accepted
    assert UID not in fixed.decode()
    for word in ("resourceVersion", "creationTimestamp", "generation:", "status", "job-tracking", "selector:", "ownerReferences"):
        assert word not in fixed.decode()
    assert not [f for f in report_of(fixed.decode()).findings if f.rule in ("JL128", "JL616", "JL617")]


def test_labels_of_a_person_stay() -> None:
    fixed = fix_data(engine_of(), EXPORT.encode(), "job.yaml").data.decode()
    assert "  labels:\n    app: load\n  name: load\n" in fixed
    assert "  template:\n    spec:\n" in fixed


def test_all_that_only_the_server_writes_is_named() -> None:
    (finding,) = [f for f in report_of(EXPORT).findings if f.rule == "JL616"]
    assert "resourceVersion makes kubectl create fail" in finding.message


@pytest.mark.parametrize("manifest", [EXPORT, OWNED])
def test_the_export_is_fixed_with_other_slips(manifest: str) -> None:
    slip = manifest.replace("backoffLimit: 3", 'backoffLimit: "3"')
    fixed = fix_data(engine_of(), slip.encode(), "job.yaml").data.decode()
    assert "backoffLimit: 3\n" in fixed and UID not in fixed


def test_no_uid_is_made_up() -> None:
    assert "11111111-2222" not in repr(report_of(EXPORT).findings)
