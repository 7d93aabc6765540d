"""Decoding as the API server decodes: recorded answers (1.36.3) to odd values, and what a decoded object looks like."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joblint.api.create.decode import Decoded, decode, tidy
from joblint.api.judge import judge
from joblint.api.version import versions

_CASES = [json.loads(line) for line in (Path(__file__).parent.parent / "data" / "decode.jsonl").read_text("utf-8").splitlines()]


def _decode(value: dict[str, Any], version: str = "1.36") -> Decoded:
    return decode({"apiVersion": "batch/v1", "kind": "Job", **value}, versions.gates(version))


def _failure(value: dict[str, Any], version: str = "1.36") -> tuple[str, str]:
    failure = _decode(value, version).failure
    assert failure is not None
    assert failure.type == "Decode"
    return failure.field, failure.message


@pytest.mark.parametrize("case", [case for case in _CASES if "decode_error" in case], ids=lambda case: case["decode_error"][-40:])
def test_wrong_types_in_gos_words(case: dict[str, Any]) -> None:
    verdict = judge(case["sent"])
    assert verdict is not None
    assert [e.message for e in verdict.errors] == [case["decode_error"]]


@pytest.mark.parametrize("case", [case for case in _CASES if "strict" in case])
def test_unknown_fields(case: dict[str, Any]) -> None:
    verdict = judge(case["sent"])
    assert verdict is not None
    assert [e.message for e in verdict.errors if e.type == "Strict"] == case["strict"]


@pytest.mark.parametrize("case", [case for case in _CASES if "defaulted" in case])
def test_what_is_taken_is_kept_as_the_server_keeps_it(case: dict[str, Any]) -> None:
    verdict = judge(case["sent"])
    assert verdict is not None
    assert verdict.defaulted == {**case["defaulted"], "status": {}}


def test_the_recorded_cases_hold_all_three() -> None:
    counts = [sum(key in case for case in _CASES) for key in ("decode_error", "strict", "defaulted")]
    assert all(count >= 3 for count in counts)


def test_a_failure_names_the_field_with_its_index() -> None:
    value = {"spec": {"template": {"spec": {"containers": [{}, {"command": ["a", 5]}]}}}}
    field, message = _failure(value)
    assert field == "spec.template.spec.containers[1].command[1]"
    assert message.endswith("Container.spec.template.spec.containers.command of type string")


def test_a_bad_quantity_is_found_before_wrong_types_that_come_earlier() -> None:
    container = {"resources": {"limits": {"cpu": "one"}}}
    value = {"spec": {"parallelism": "x", "template": {"spec": {"containers": [container]}}}}
    field, message = _failure(value)
    assert field == "spec.template.spec.containers[0].resources.limits.cpu"
    assert message.startswith("quantities must match")


def test_first_means_first_in_alphabetical_order() -> None:
    assert _failure({"spec": {"suspend": 1, "completions": "x", "parallelism": "x"}})[0] == "spec.completions"


def test_embedded_structs_are_named_from_135_on() -> None:
    value = {"spec": {"template": {"spec": {"volumes": [{"secret": "x"}]}}}}
    assert "spec.template.spec.volumes.VolumeSource.secret" in _failure(value, "1.35")[1]
    assert "spec.template.spec.volumes.secret" in _failure(value, "1.34")[1]


def test_nulls_and_unknown_fields_are_left_out_and_numbers_made_whole() -> None:
    decoded = _decode({"metadata": None, "spec": {"completions": 1e3, "suspend": None, "zz": 1, "managedBy": ""}, "status": None})
    assert decoded.failure is None
    assert [e.field for e in decoded.unknown] == ["spec.zz"]
    spec = decoded.obj["spec"]
    assert spec == {"completions": 1000, "managedBy": "", "template": {"metadata": {}, "spec": {}}}
    assert type(spec["completions"]) is int


def test_zero_values_stay_only_where_go_holds_a_pointer_or_always_writes_them() -> None:
    pod = {"hostNetwork": False, "hostname": "", "priority": 0, "containers": [{"image": "", "stdin": False}, None]}
    spec = _decode({"spec": {"suspend": False, "template": {"spec": pod}}}).obj["spec"]
    assert spec["suspend"] is False
    empty = {"name": "", "resources": {}}
    assert spec["template"]["spec"] == {"priority": 0, "containers": [empty, empty]}


def test_empty_lists_and_maps_stay_until_the_object_is_tidied() -> None:
    pod: dict[str, Any] = {"volumes": [], "nodeSelector": {}, "containers": []}
    decoded = _decode({"metadata": {"labels": {}}, "spec": {"podFailurePolicy": {}, "template": {"spec": pod}}})
    assert decoded.obj["metadata"] == {"labels": {}}
    assert decoded.obj["spec"]["template"]["spec"] == pod
    tidy(decoded)
    assert decoded.obj["metadata"] == {}
    assert decoded.obj["spec"]["template"]["spec"] == {"containers": []}
    assert decoded.obj["spec"]["podFailurePolicy"] == {"rules": None}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2024-02-29T23:30:00-01:00", "2024-03-01T00:30:00Z"),
        ("2020-01-01T00:00:00+02:00", "2019-12-31T22:00:00Z"),
        ("2024-01-02T03:04:05.999Z", "2024-01-02T03:04:05Z"),
        ("2024-01-02T3:04:05Z", "2024-01-02T03:04:05Z"),
        ("0001-01-01T00:00:00Z", None),
    ],
)
def test_times_are_written_in_utc_and_whole_seconds(given: str, kept: str | None) -> None:
    template = {"metadata": {"creationTimestamp": given}}
    assert _decode({"spec": {"template": template}}).obj["spec"]["template"]["metadata"].get("creationTimestamp") == kept


_value = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-3, 3) | st.sampled_from(["", "a", "1Gi", "0.5"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(
                [
                    "spec",
                    "template",
                    "metadata",
                    "labels",
                    "containers",
                    "name",
                    "resources",
                    "limits",
                    "cpu",
                    "ports",
                    "hostPort",
                    "suspend",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)


@given(st.dictionaries(st.sampled_from(["metadata", "spec", "status"]), _value))
def test_decoding_again_changes_nothing(value: dict[str, Any]) -> None:
    before = copy.deepcopy(value)
    first = _decode(value)
    assert value == before
    if first.failure is None:
        again = decode(first.obj, versions.gates("1.36"))
        assert again.failure is None
        assert again.unknown == ()
        assert again.obj == first.obj
