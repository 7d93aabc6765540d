"""What may change in a stored Job or CronJob, told by fields; the errors that every update repeats are counted once."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from joblint.api.apply.merge import apply


def _job(pod: dict[str, Any] | None = None, labels: dict[str, str] | None = None, **spec: Any) -> dict[str, Any]:
    pod_spec = {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}], **(pod or {})}
    template: dict[str, Any] = {"spec": pod_spec}
    if labels is not None:
        template["metadata"] = {"labels": labels}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}, "spec": {**spec, "template": template}}


def _cronjob(**spec: Any) -> dict[str, Any]:
    job = {"spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]}}}}
    body = {"schedule": "* * * * *", "jobTemplate": job, **spec}
    return {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "cj"}, "spec": body}


def _fields(old: dict[str, Any], new: dict[str, Any], version: str = "1.36") -> list[str] | str:
    """The outcome, or the fields that are refused."""
    result = apply(old, new, version)
    return sorted({e.field for e in result.errors}) if result.outcome == "refused" else result.outcome


_INDEXED: dict[str, Any] = {"completionMode": "Indexed", "completions": 3, "parallelism": 3}


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        ("parallelism", 1, 5),
        ("suspend", False, True),
        ("activeDeadlineSeconds", 10, 20),
        ("backoffLimit", 1, 2),
        ("ttlSecondsAfterFinished", 1, 0),
        ("podReplacementPolicy", "Failed", "TerminatingOrFailed"),
    ],
)
def test_fields_that_may_change(field: str, old: Any, new: Any) -> None:
    assert _fields(_job(**{field: old}), _job(**{field: new})) == "updated"


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (_job(completions=1), _job(completions=2), "spec.completions"),
        (_job(), _job(managedBy="a.b/c"), "spec.managedBy"),
        (_job(), _job(podFailurePolicy={"rules": []}, podReplacementPolicy="Failed"), "spec.podFailurePolicy"),
        (_job(**_INDEXED), _job(**_INDEXED, successPolicy={"rules": [{"succeededCount": 1}]}), "spec.successPolicy"),
        (_job(**_INDEXED), _job(**_INDEXED, backoffLimitPerIndex=1), "spec.backoffLimitPerIndex"),
        (_job(), _job(completions=1, completionMode="Indexed"), "spec.completionMode"),
        (_job(), _job({"containers": [{"name": "c", "image": "other"}]}), "spec.template"),
        (_job(), _job({"nodeSelector": {"a": "b"}}), "spec.template"),
        (_job(), _job(labels={"a": "b"}), "spec.template"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_fields_that_may_not_change(old: dict[str, Any], new: dict[str, Any], field: str) -> None:
    assert _fields(old, new) == [field]


def test_completions_of_an_indexed_job_follow_parallelism() -> None:
    old = _job(**_INDEXED)
    assert _fields(old, _job(**{**_INDEXED, "completions": 5, "parallelism": 5})) == "updated"
    assert _fields(old, _job(**{**_INDEXED, "completions": 5})) == ["spec.completions"]
    assert _fields(old, _job(**{**_INDEXED, "completions": 5, "parallelism": 5, "completionMode": "NonIndexed"})) == [
        "spec.completionMode",
        "spec.completions",
    ]


_TERMS: dict[str, Any] = {"nodeSelectorTerms": [{"matchFields": []}]}
_NODE: dict[str, Any] = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": _TERMS}}
_POD: dict[str, Any] = {"podAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": []}}


@pytest.mark.parametrize(
    ("old", "new", "outcome"),
    [
        ({}, {"nodeSelector": {"a": "b"}}, "updated"),
        ({}, {"tolerations": [{"operator": "Exists"}]}, "updated"),
        ({"schedulingGates": [{"name": "a.b/c"}]}, {}, "updated"),
        ({}, {"affinity": _NODE}, "updated"),
        ({"affinity": _NODE}, {}, "updated"),
        ({"affinity": _NODE | _POD}, {"affinity": _POD}, "updated"),
        ({"affinity": _NODE | _POD}, {}, "refused"),
        ({}, {"affinity": _POD}, "refused"),
        ({}, {"priorityClassName": "high"}, "refused"),
        ({}, {"containers": [{"name": "c", "image": "i", "resources": {"limits": {"cpu": "1"}}}]}, "updated"),
        ({}, {"containers": [{"name": "d", "image": "i", "resources": {"limits": {"cpu": "1"}}}]}, "refused"),
    ],
)
def test_template_of_a_suspended_job(old: dict[str, Any], new: dict[str, Any], outcome: str) -> None:
    fields = _fields(_job(old, suspend=True), _job(new, suspend=True))
    assert fields == (["spec.template.spec"] if outcome == "refused" else outcome)


def test_the_same_update_resumes_the_job() -> None:
    assert _fields(_job(suspend=True), _job({"nodeSelector": {"a": "b"}}, labels={"a": "b"}, suspend=False)) == "updated"
    assert _fields(_job(suspend=False), _job({"nodeSelector": {"a": "b"}}, suspend=True)) == ["spec.template"]


def test_resources_of_a_suspended_job_change_from_1_36_on() -> None:
    limits = {"containers": [{"name": "c", "image": "i", "resources": {"limits": {"cpu": "1"}}}]}
    old, new = _job(suspend=True), _job(limits, suspend=True)
    assert [_fields(old, new, version) for version in ("1.35", "1.36")] == [["spec.template"], "updated"]


def test_amounts_that_are_equal_are_no_change() -> None:
    def sized(amount: str) -> dict[str, Any]:
        return _job({"containers": [{"name": "c", "image": "i", "resources": {"limits": {"memory": amount}}}]})

    assert _fields(sized("1Gi"), sized("1073741824")) == "updated"
    assert _fields(sized("1Gi"), sized("1G")) == ["spec.template"]


def test_empty_and_missing_are_the_same_but_for_structs() -> None:
    assert _fields(_job(), _job({"tolerations": [], "nodeSelector": {}, "volumes": []})) == "updated"
    assert _fields(_job(), _job({"containers": [{"name": "c", "image": "i", "securityContext": {}}]})) == ["spec.template"]


def test_a_manual_selector_stays_what_it_is() -> None:
    def selecting(value: str) -> dict[str, Any]:
        job = _job(labels={"a": "b"}, manualSelector=True)
        job["spec"]["selector"] = {"matchExpressions": [{"key": "a", "operator": "In", "values": ["b", value]}]}
        return job

    assert _fields(selecting("c"), selecting("d")) == ["spec.selector"]


def test_metadata() -> None:
    def with_metadata(**fields: Any) -> dict[str, Any]:
        job = _job()
        job["metadata"].update(fields)
        return job

    assert _fields(_job(), with_metadata(labels={"a": "b"}, annotations={"c": "d"})) == "updated"
    # The labels and the selector, which hold the real uid, no longer fit either.
    assert _fields(_job(), with_metadata(uid="other")) == [
        "metadata.uid",
        "spec.selector",
        "spec.template.metadata.labels[batch.kubernetes.io/controller-uid]",
        "spec.template.metadata.labels[controller-uid]",
    ]
    assert _fields(_job(), with_metadata(resourceVersion="")) == ["metadata.resourceVersion"]
    assert _fields(_job(), with_metadata(creationTimestamp="2020-01-01T00:00:00Z", generation=7)) == "updated"
    assert _fields(_job(), with_metadata(deletionGracePeriodSeconds=1)) == ["metadata.deletionGracePeriodSeconds"]
    assert _fields(_job(), with_metadata(labels={"a b": "c"})) == ["metadata.labels"]


def test_a_cronjob_may_change_in_everything() -> None:
    new = _cronjob(schedule="@hourly", timeZone="Etc/UTC", concurrencyPolicy="Forbid", suspend=True)
    new["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["image"] = "other"
    assert _fields(_cronjob(), new) == "updated"
    assert _fields(_cronjob(), _cronjob(schedule="* * *")) == ["spec.schedule"]
    assert _fields(_cronjob(), _cronjob(timeZone="Nowhere/Land")) == ["spec.timeZone"]


def test_a_policy_without_completions_is_told_where_the_server_fails() -> None:
    new = _job(completionMode="Indexed", successPolicy={"rules": [{"succeededCount": 1}]})
    old = copy.deepcopy(new)
    old["spec"]["completions"] = 1
    result = apply(old, new)
    # kubectl takes completions out, the server defaults nothing, and its validation dereferences nil.
    assert [e.field for e in result.errors] == ["spec.completions"]
