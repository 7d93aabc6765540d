"""Versions of Kubernetes: ranges, gates, what is dropped where, and since when a field is there."""

from __future__ import annotations

from typing import Any

import pytest

from joblint.api.create.dropped import JOB_FIELDS, POD_FIELDS, gate_of
from joblint.api.judge import judge
from joblint.api.version import versions
from joblint.api.version.schema import STRUCT, STRUCTS, load


def known_in(kind: str, path: str) -> tuple[str, ...]:
    """The versions whose schema has a field of that kind, given as the server writes it: "spec.template.spec.hostUsers".

    Below a field that holds free keys (labels, quantities) every key is known. Raises OSError where a schema is missing.
    """
    keys = [part.partition("[")[0] for part in path.split(".")]
    return tuple(version for version in versions.VERSIONS if _knows(load(version), kind, keys))


def _knows(compiled: dict[str, Any], kind: str, keys: list[str]) -> bool:
    index: int = compiled["roots"][kind]
    for key in keys:
        field = compiled["structs"][index][1].get(key)
        if field is None:
            return False
        if field[0] not in (STRUCT, STRUCTS):
            break
        index = field[1]
    return True


def _job(pod: dict[str, Any] | None = None, **spec: Any) -> dict[str, Any]:
    template = {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}], **(pod or {})}}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "a"}, "spec": {**spec, "template": template}}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1.36", ("1.36",)),
        ("v1.36.3", ("1.36",)),
        (" 1.33..1.35 ", ("1.33", "1.34", "1.35")),
        (f"1.31..{versions.VERSIONS[-1]}", versions.VERSIONS),
        ("1.34..1.34", ("1.34",)),
        ("v1.36 .. v1.37.1", ("1.36", "1.37")),
    ],
)
def test_ranges(text: str, found: tuple[str, ...]) -> None:
    assert versions.parse_range(text) == found


@pytest.mark.parametrize(
    "text", ["", "1", "1.30", "1.99", "1.x", "1.36..", "..1.36", "2.36", "1.36.3.4", "1.36..1.37..1.38", "latest", "１.36"]
)
def test_what_is_no_version(text: str) -> None:
    newest = [v for v in versions.VERSIONS if v not in versions.PREVIEWS][-1]
    with pytest.raises(ValueError, match=f"joblint supports 1.31 to {newest}(, and .* as a preview)?$"):
        versions.parse_range(text)


def test_a_range_that_runs_backwards_says_what_to_write() -> None:
    with pytest.raises(ValueError, match=r"write 1\.31\.\.1\.36"):
        versions.parse_range("1.36..1.31")


@pytest.mark.parametrize(
    ("gate", "since"),
    [
        ("JobSuccessPolicy", "1.31"),
        ("JobManagedBy", "1.32"),
        ("UserNamespacesSupport", "1.33"),
        ("PodLevelResources", "1.34"),
        ("ImageVolume", "1.35"),
        ("MutablePodResourcesForSuspendedJobs", "1.36"),
        ("ContainerStopSignals", None),
    ],
)
def test_since_when_a_gate_is_on(gate: str, since: str | None) -> None:
    assert versions.on_since(gate) == since
    on = [v for v in versions.VERSIONS if versions.gates(v).on(gate)]
    assert on == ([] if since is None else [v for v in versions.VERSIONS if v >= since])


def test_a_gate_can_be_turned_off_again() -> None:
    assert [versions.gates(v).on("GitRepoVolumeDriver") for v in ("1.32", "1.33")] == [True, False]


def test_a_gate_that_is_not_in_the_table_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        versions.gates("1.36").on("NoSuchGate")
    with pytest.raises(KeyError):
        versions.gates("1.36").has("NoSuchChange")
    with pytest.raises(ValueError, match="unsupported Kubernetes version"):
        versions.gates("1.30")


def _container(**fields: Any) -> dict[str, Any]:
    return {"containers": [{"name": "c", "image": "i", **fields}]}


@pytest.mark.parametrize(
    ("pod", "field", "gate"),
    [
        ({"hostUsers": False}, "hostUsers", "UserNamespacesSupport"),
        (
            {"securityContext": {"supplementalGroupsPolicy": "Merge"}},
            "securityContext.supplementalGroupsPolicy",
            "SupplementalGroupsPolicy",
        ),
        ({"securityContext": {"seLinuxChangePolicy": "Recursive"}}, "securityContext.seLinuxChangePolicy", "SELinuxChangePolicy"),
        ({"resources": {"limits": {"cpu": "1"}}}, "resources", "PodLevelResources"),
        ({"hostnameOverride": "h"}, "hostnameOverride", "HostnameOverride"),
        ({"resourceClaims": [{"name": "r", "resourceClaimName": "c"}]}, "resourceClaims", "DynamicResourceAllocation"),
        (
            _container(resizePolicy=[{"resourceName": "cpu", "restartPolicy": "NotRequired"}]),
            "containers[0].resizePolicy",
            "InPlacePodVerticalScaling",
        ),
        (_container(restartPolicy="Never"), "containers[0].restartPolicy", "ContainerRestartRules"),
        (_container(securityContext={"procMount": "Unmasked"}), "containers[0].securityContext.procMount", "ProcMountType"),
        ({"volumes": [{"name": "v", "image": {"reference": "r"}}]}, "volumes[0]", "ImageVolume"),
    ],
)
def test_a_field_is_dropped_without_a_word_where_its_feature_is_off(pod: dict[str, Any], field: str, gate: str) -> None:
    path = f"spec.template.spec.{field}"
    since = versions.on_since(gate)
    assert since is not None
    before = [v for v in known_in("Job", path) if v < since]
    if gate == "ContainerRestartRules":
        before = ["1.34"]  # servers before that do not know it, and refuse it
    assert before
    for version in (*before, since):
        verdict = judge(_job(pod), version)
        assert verdict is not None
        assert (path in verdict.dropped) == (version < since), version
        assert verdict.accepted or version == since, (version, verdict.errors)
    assert gate_of(path) == gate


def test_a_field_of_the_job_is_dropped_too() -> None:
    verdict = judge(_job(managedBy="a.b/c"), "1.31")
    assert verdict is not None
    assert verdict.dropped == ("spec.managedBy",)
    assert verdict.defaulted is not None
    assert "managedBy" not in verdict.defaulted["spec"]
    assert gate_of("spec.managedBy") == "JobManagedBy"


def test_what_was_dropped_is_not_in_the_stored_object() -> None:
    mounts = [{"name": "v", "mountPath": "/v"}, {"name": "w", "mountPath": "/w"}]
    pod = {**_container(volumeMounts=mounts), "volumes": [{"name": "v", "image": {"reference": "r"}}, {"name": "w"}]}
    verdict = judge(_job(pod), "1.34")
    assert verdict is not None
    assert verdict.accepted
    assert verdict.dropped == ("spec.template.spec.volumes[0]", "spec.template.spec.containers[0].volumeMounts[0]")
    assert verdict.defaulted is not None
    spec = verdict.defaulted["spec"]["template"]["spec"]
    assert [v["name"] for v in spec["volumes"]] == ["w"]
    assert [m["name"] for m in spec["containers"][0]["volumeMounts"]] == ["w"]


def test_a_lifecycle_that_held_nothing_else_goes_with_its_stop_signal() -> None:
    containers = [
        {"name": "a", "image": "i", "lifecycle": {"stopSignal": "SIGTERM"}},
        {"name": "b", "image": "i", "lifecycle": {"stopSignal": "SIGTERM", "preStop": {"sleep": {"seconds": 1}}}},
    ]
    verdict = judge(_job({"containers": containers, "os": {"name": "linux"}}))
    assert verdict is not None
    assert verdict.accepted
    assert verdict.dropped == tuple(f"spec.template.spec.containers[{i}].lifecycle.stopSignal" for i in (0, 1))
    assert verdict.defaulted is not None
    kept = verdict.defaulted["spec"]["template"]["spec"]["containers"]
    assert "lifecycle" not in kept[0]
    assert kept[1]["lifecycle"] == {"preStop": {"sleep": {"seconds": 1}}}


def test_fields_of_137_are_dropped_as_alpha() -> None:
    pod = {"volumes": [{"name": "v", "emptyDir": {"mode": 511}}, {"name": "s", "secret": {"secretName": "s", "defaultUser": 1}}]}
    verdict = judge(_job(pod, scheduling={}), "1.37")
    assert verdict is not None
    assert verdict.accepted
    assert set(verdict.dropped) == {
        "spec.scheduling",
        "spec.template.spec.volumes[0].emptyDir.mode",
        "spec.template.spec.volumes[1].secret.defaultUser",
    }


def test_every_row_names_a_gate_and_a_field_of_some_version() -> None:
    for gate, parts in JOB_FIELDS:
        assert known_in("Job", ".".join(("spec", *parts))), parts
        versions.on_since(gate)
    for gate, parts in POD_FIELDS:
        assert known_in("Job", ".".join(("spec.template.spec", *parts))), parts
        assert gate_of(".".join(("spec.template.spec", *parts))) == gate


@pytest.mark.parametrize(
    ("kind", "path", "first", "last"),
    [
        ("Job", "spec.parallelism", versions.VERSIONS[0], versions.VERSIONS[-1]),
        ("Job", "spec.template.spec.hostnameOverride", "1.34", versions.VERSIONS[-1]),
        ("CronJob", "spec.jobTemplate.spec.template.spec.containers[0].restartPolicyRules", "1.34", versions.VERSIONS[-1]),
        ("Job", "spec.template.spec.workloadRef.name", "1.35", "1.35"),
        ("Job", "spec.scheduling", "1.37", versions.VERSIONS[-1]),
        ("Job", "spec.schedule", None, None),
        ("Job", "metadata.labels.anything", versions.VERSIONS[0], versions.VERSIONS[-1]),
    ],
)
def test_since_when_a_field_is_there(kind: str, path: str, first: str | None, last: str | None) -> None:
    known = known_in(kind, path)
    assert (known[0] if known else None, known[-1] if known else None) == (first, last)


def test_a_field_that_no_version_knows() -> None:
    assert known_in("Job", "spec.backofLimit") == ()
    assert known_in("Job", "spec.backoffLimit") == versions.VERSIONS


def test_lengths_are_told_in_characters_before_135() -> None:
    job = _job()
    job["metadata"]["labels"] = {"a": "b" * 64}
    texts = []
    for version in ("1.34", "1.35"):
        verdict = judge(job, version)
        assert verdict is not None
        texts.append(verdict.errors[0].message.rpartition(": ")[2])
    assert texts == ["must be no more than 63 characters", "must be no more than 63 bytes"]
