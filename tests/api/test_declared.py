"""How the server merges its two validations: what is told once, what is told last, and in whose words."""

from __future__ import annotations

from typing import Any

import pytest

from joblint.api.judge import judge
from joblint.api.version.versions import VERSIONS

_OWNER = {"apiVersion": "v1", "kind": "Pod", "name": "p", "uid": "u"}


def _job(kind: str = "Job", pod: dict[str, Any] | None = None, metadata: dict[str, Any] | None = None, **spec: Any) -> Any:
    pod = {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}], **(pod or {})}
    template = {"spec": pod, **({"metadata": spec.pop("labels")} if "labels" in spec else {})}
    value = {"apiVersion": "batch/v1", "kind": kind, "metadata": {"name": "a", **(metadata or {})}}
    if kind == "Job":
        return {**value, "spec": {"template": template, **spec}}
    return {
        **value,
        "spec": {"schedule": spec.pop("schedule", "* * * * *"), "jobTemplate": {"spec": {"template": template, **spec}}},
    }


def _errors(value: Any, version: str) -> list[tuple[str, str]]:
    verdict = judge(value, version)
    assert verdict is not None
    return [(e.field, e.message) for e in verdict.errors]


def test_an_error_is_told_once_from_137_on() -> None:
    mounts = [{"name": "v", "mountPath": f"/{n}", "subPath": "../x"} for n in "ab"]
    pod = {"containers": [{"name": "c", "image": "i", "volumeMounts": mounts}], "volumes": [{"name": "v", "emptyDir": {}}]}
    error = ("spec.template.spec.containers[0].volumeMounts.subPath", "Invalid value: \"../x\": must not contain '..'")
    assert _errors(_job(pod=pod), "1.36") == [error, error]
    assert _errors(_job(pod=pod), "1.37") == [error]


def test_an_empty_schedule_comes_last_from_137_on() -> None:
    value = _job("CronJob", pod={"restartPolicy": "Always"}, schedule="")
    fields = {version: [field for field, _ in _errors(value, version)] for version in ("1.36", "1.37")}
    assert fields["1.36"] == ["spec.schedule", "spec.jobTemplate.spec.template.spec.restartPolicy"]
    assert fields["1.37"] == fields["1.36"][::-1]


def test_owners_are_declared_from_138_on() -> None:
    value = _job(metadata={"ownerReferences": [{**_OWNER, "uid": "", "kind": ""}]}, backoffLimit=-1)
    here, limit = "metadata.ownerReferences[0]", ("spec.backoffLimit", "Invalid value: -1: must be greater than or equal to 0")
    empty = "Required value: must not be empty"
    assert _errors(value, "1.37") == [(f"{here}.kind", empty), (f"{here}.uid", empty), limit]
    assert _errors(value, "1.38") == [limit, (f"{here}.kind", "Required value"), (f"{here}.uid", "Required value")]


def test_words_and_places_of_what_138_declares() -> None:
    pod = {"tolerations": [{"key": "a b", "operator": "Exists"}], "restartPolicy": "Always"}
    value = _job(pod=pod, completionMode="Indexed", completions=2, maxFailedIndexes=1)
    fields = ["spec.backoffLimitPerIndex", "spec.template.spec.tolerations[0].key", "spec.template.spec.restartPolicy"]
    assert [field for field, _ in _errors(value, "1.37")] == fields
    found = _errors(value, "1.38")
    assert [field for field, _ in found] == [fields[2], fields[0], fields[1]]
    assert found[1][1] == "Required value: must be set when maxFailedIndexes is set"


@pytest.mark.parametrize("version", VERSIONS)
def test_identical_owners_count_once_and_are_warned_of(version: str) -> None:
    first, other = {**_OWNER, "controller": True}, {**_OWNER, "name": "q"}
    verdict = judge(_job(metadata={"ownerReferences": [first, other, first]}), version)
    assert verdict is not None
    assert verdict.accepted
    assert verdict.defaulted is not None
    assert verdict.defaulted["metadata"]["ownerReferences"] == [first, other]
    (warning,) = verdict.warnings
    assert warning.startswith(".metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+")
    assert warning.endswith("please fix your requests; duplicate UID(s) observed: u")


@pytest.mark.parametrize("version", VERSIONS)
def test_annotations_that_the_server_drops_leave_nothing_behind(version: str) -> None:
    labels = {"annotations": {"pod.beta.kubernetes.io/init-containers": "[]"}}
    verdict = judge(_job(labels=labels), version)
    assert verdict is not None
    assert verdict.defaulted is not None
    assert "annotations" not in verdict.defaulted["spec"]["template"]["metadata"]


def test_delegation_to_a_workload_names_both() -> None:
    name = "scheduling.k8s.io/workload-name"
    value = _job(metadata={"annotations": {name: "w"}})
    assert _errors(value, "1.37") == []
    assert [field for field, _ in _errors(value, "1.38")] == ["metadata.annotations[scheduling.k8s.io/group-template-name]"]
