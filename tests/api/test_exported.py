"""Objects that come from a cluster are told from manifests."""

from __future__ import annotations

import json
from typing import Any

from joblint.api.exported import LAST_APPLIED, from_cluster, generated_uid, last_applied, server_fields

_UID = "3485b39b-881e-43ae-968f-ef8df394eb30"


def _live(**metadata: Any) -> dict[str, Any]:
    labels = {"batch.kubernetes.io/controller-uid": _UID, "batch.kubernetes.io/job-name": "work", "app": "a"}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            "name": "work",
            "uid": _UID,
            "resourceVersion": "657",
            "generation": 1,
            "creationTimestamp": "2026-11-28T23:46:26Z",
            "labels": dict(labels),
            **metadata,
        },
        "spec": {
            "manualSelector": False,
            "selector": {"matchLabels": {"batch.kubernetes.io/controller-uid": _UID}},
            "template": {"metadata": {"labels": dict(labels)}, "spec": {"restartPolicy": "Never"}},
        },
        "status": {"active": 1},
    }


def test_a_live_job_is_known_and_all_that_the_server_wrote_is_named() -> None:
    live = _live()
    assert from_cluster(live)
    assert generated_uid(live) == _UID
    assert server_fields(live) == (
        "metadata.uid",
        "metadata.resourceVersion",
        "metadata.creationTimestamp",
        "metadata.generation",
        "metadata.labels[batch.kubernetes.io/controller-uid]",
        "metadata.labels[batch.kubernetes.io/job-name]",
        "spec.selector",
        "spec.template.metadata.labels[batch.kubernetes.io/controller-uid]",
        "spec.template.metadata.labels[batch.kubernetes.io/job-name]",
        "status",
    )


def test_a_cleaned_export_is_still_known_by_its_selector() -> None:
    live = _live()
    live["metadata"] = {"name": "work"}
    del live["status"]
    assert from_cluster(live)


def test_a_cronjob_is_known_by_its_metadata() -> None:
    assert from_cluster({"kind": "CronJob", "metadata": {"name": "c", "uid": _UID, "creationTimestamp": "2026-11-28T23:46:26Z"}})


def test_manifests_are_none() -> None:
    manual = {"kind": "Job", "spec": {"manualSelector": True, "selector": {"matchLabels": {"controller-uid": _UID}}}}
    generated = {"kind": "Job", "metadata": {"name": "a", "creationTimestamp": None}, "status": {}}
    for manifest in (manual, generated, {"kind": "Job", "metadata": {"uid": _UID}}, {"kind": "Job", "metadata": None}, None, []):
        assert not from_cluster(manifest)
    assert server_fields(manual) == server_fields(generated) == ()


def test_the_last_applied_manifest_is_read_where_it_is_one() -> None:
    manifest = {"kind": "Job", "metadata": {"name": "work"}}
    live = _live(annotations={LAST_APPLIED: json.dumps(manifest) + "\n"})
    assert last_applied(live) == manifest
    assert "metadata.annotations[kubectl.kubernetes.io/last-applied-configuration]" in server_fields(live)
    for broken in ("{", "[]", 5, None):
        assert last_applied(_live(annotations={LAST_APPLIED: broken})) is None
    assert last_applied(_live()) is None
