"""What judge makes of whole manifests: every recorded answer of the API server (1.34.4, 1.36.3, 1.37.2) to a create."""

from __future__ import annotations

import copy
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joblint.api.judge import judge
from joblint.api.verdict import Verdict
from joblint.api.version import versions

_DATA = Path(__file__).parent.parent / "data"


def _recorded(name: str) -> list[dict[str, Any]]:
    with gzip.open(_DATA / name, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


_CASES = [
    *((case, "1.36") for case in _recorded("create-1.36.jsonl.gz")),
    *((case, "1.34") for case in _recorded("create-1.34.jsonl.gz")),
    *((case, "1.37") for case in _recorded("create-1.37.jsonl.gz")),
]


def _verdict(value: object, version: str = "1.36") -> Verdict:
    verdict = judge(value, version)
    assert verdict is not None
    return verdict


def _errors(verdict: Verdict, *but: str) -> list[tuple[str, str, str]]:
    return [(e.type, e.field, e.message) for e in verdict.errors if e.type not in but]


def _job(**spec: Any) -> dict[str, Any]:
    template = {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]}}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "a"}, "spec": {"template": template, **spec}}


def test_every_recorded_object_is_taken_or_refused_as_by_the_server() -> None:
    wrong = []
    for case, version in _CASES:
        refused = any(case.get(kind) for kind in ("decode_error", "strict", "errors", "panic"))
        verdict = _verdict(case["sent"], version)
        if verdict.accepted == refused or (verdict.stage is None) == refused:
            wrong.append((case["id"], version, verdict.errors))
    assert wrong == []


def test_every_recorded_error_is_told_in_the_same_words_and_order() -> None:
    wrong = []
    for case, version in _CASES:
        if case.get("errors"):
            expected = [(e["type"], e["field"], e["detail"]) for e in case["errors"]]
            found = _errors(_verdict(case["sent"], version), "Strict")
            if found != expected:
                wrong.append((case["id"], version, found, expected))
    assert wrong == []


def test_every_recorded_decoding_failure_is_told_in_the_same_words() -> None:
    wrong = []
    for case, version in _CASES:
        if case.get("decode_error"):
            verdict = _verdict(case["sent"], version)
            if verdict.stage != "decode" or [e.message for e in verdict.errors] != [case["decode_error"]]:
                wrong.append((case["id"], version, verdict.errors, case["decode_error"]))
    assert wrong == []


def test_every_recorded_unknown_field_is_found_in_the_same_order() -> None:
    wrong = []
    for case, version in _CASES:
        if case.get("strict"):
            found = [e.message for e in _verdict(case["sent"], version).errors if e.type == "Strict"]
            if found != case["strict"]:
                wrong.append((case["id"], version, found, case["strict"]))
    assert wrong == []


def test_every_recorded_warning_is_given_and_only_where_the_object_is_taken() -> None:
    wrong = []
    for case, version in _CASES:
        if case.get("panic"):
            continue
        verdict = _verdict(case["sent"], version)
        if list(verdict.warnings) != case.get("warnings", []):
            wrong.append((case["id"], version, verdict.warnings, case.get("warnings")))
    assert wrong == []


def test_every_recorded_defaulted_object_is_the_same() -> None:
    cases = [case for case, version in _CASES if "defaulted" in case]
    wrong = [case["id"] for case in cases if _verdict(case["sent"]).defaulted != case["defaulted"]]
    assert len(cases) > 1000
    assert wrong == []


def test_the_recorded_cases_hold_every_kind_of_answer() -> None:
    kinds = {kind for case, _ in _CASES for kind in ("decode_error", "strict", "errors", "warnings", "panic") if case.get(kind)}
    assert kinds == {"decode_error", "strict", "errors", "warnings", "panic"}


def test_the_object_given_is_not_changed() -> None:
    for case, version in _CASES[::7]:
        before = copy.deepcopy(case["sent"])
        judge(case["sent"], version)
        assert case["sent"] == before


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "Job",
        {},
        {"kind": "Pod", "apiVersion": "v1"},
        {"kind": "Job", "apiVersion": "batch.volcano.sh/v1alpha1"},
        {"kind": "CronJob", "apiVersion": "example.com/v1"},
        {"image": {"tag": "x"}},
        {"kind": None, "apiVersion": "apps/v1"},
    ],
)
def test_other_objects_are_none_of_its_business(value: object) -> None:
    assert judge(value) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"kind": "Job"}, "error validating data: apiVersion not set"),
        ({"spec": {"jobTemplate": {}}}, "error validating data: [apiVersion not set, kind not set]"),
        ({"apiVersion": "batch/v1", "Kind": "Job"}, "error validating data: kind not set"),
        ([{"apiVersion": "batch/v1", "kind": "Job"}], "error validating data: invalid object to validate"),
        ({"apiVersion": "batch/v1", "kind": "JobList"}, 'no matches for kind "JobList" in version "batch/v1"'),
        ({"apiVersion": "batch/v1"}, "error validating data: kind not set"),
        ({"apiVersion": "batch/v1", "kind": 5}, "error validating data: kind isn't string type"),
        ({"apiVersion": [], "kind": "Job"}, "error validating data: apiVersion isn't string type"),
        ({"apiVersion": "a/b/c", "kind": "Job"}, "error validating data: unexpected GroupVersion string: a/b/c"),
        ({"apiVersion": "batch/v1beta1", "kind": "CronJob"}, 'no matches for kind "CronJob" in version "batch/v1beta1"'),
        ({"apiVersion": "batch/v1", "kind": "job"}, 'no matches for kind "job" in version "batch/v1"'),
        ({"apiVersion": "batch.k8s.io/v1", "kind": "Job"}, 'no matches for kind "Job" in version "batch.k8s.io/v1"'),
        ({"apiVersion": "batch/v1", "kind": ""}, 'Object \'Kind\' is missing in \'{"apiVersion":"batch/v1","kind":""}\''),
    ],
)
def test_kubectl_refuses_what_it_cannot_name(value: Any, text: str) -> None:
    verdict = _verdict(value)
    assert (verdict.accepted, verdict.stage, verdict.defaulted) == (False, "decode", None)
    assert _errors(verdict) == [("Decode", "", text)]


def test_unknown_fields_and_errors_of_validation_come_together() -> None:
    verdict = _verdict(_job(backofLimit=1, parallelism=-1))
    assert verdict.stage == "validate"
    assert [e.field for e in verdict.errors] == ["spec.backofLimit", "spec.parallelism"]


def test_a_namespace_that_is_no_text_is_replaced_before_it_is_sent() -> None:
    job = _job()
    job["metadata"]["namespace"] = 7
    verdict = _verdict(job)
    assert verdict.accepted
    assert verdict.defaulted is not None
    assert verdict.defaulted["metadata"] == {"name": "a", "namespace": "default"}


def test_what_the_server_generates_is_not_in_the_defaulted_object() -> None:
    verdict = _verdict(_job())
    assert verdict.defaulted is not None
    assert "selector" not in verdict.defaulted["spec"]
    assert verdict.defaulted["spec"]["template"]["metadata"] == {}
    assert "uid" not in verdict.defaulted["metadata"]


def test_a_job_that_takes_its_templates_labels_gets_the_generated_ones_too() -> None:
    job = _job()
    job["metadata"]["name"] = "n" * 64
    at = 'Invalid value: "' + "n" * 64 + '": must be no more than 63 bytes'
    assert ("FieldValueInvalid", "metadata.labels", at) not in _errors(_verdict(job))
    job["spec"]["template"]["metadata"] = {"labels": {"app": "x"}}
    assert ("FieldValueInvalid", "metadata.labels", at) in _errors(_verdict(job))
    verdict = _verdict({**job, "metadata": {"name": "a"}})
    assert verdict.defaulted is not None
    assert verdict.defaulted["metadata"]["labels"] == {"app": "x"}


def test_the_servers_panic_is_an_error_of_joblints_own() -> None:
    policy = {"rules": [{"succeededCount": 1}]}
    verdict = _verdict(_job(completionMode="Indexed", parallelism=2, successPolicy=policy))
    assert verdict.stage == "validate"
    assert [(e.type, e.field) for e in verdict.errors] == [("FieldValueRequired", "spec.completions")]
    assert "server itself fails" in verdict.errors[0].message


def test_an_exported_object_is_refused_for_its_resource_version() -> None:
    job = _job()
    job["metadata"].update(resourceVersion="12", uid="u", creationTimestamp="2024-01-02T03:04:05Z", generation=3)
    assert [e.field for e in _verdict(job).errors] == ["metadata.resourceVersion"]
    job["metadata"]["resourceVersion"] = "0"
    verdict = _verdict(job)
    assert verdict.defaulted is not None
    assert set(verdict.defaulted["metadata"]) == {"name", "namespace", "resourceVersion"}


def test_status_is_decoded_and_thrown_away() -> None:
    job = {**_job(), "status": {"active": 3}}
    verdict = _verdict(job)
    assert verdict.defaulted is not None
    assert verdict.defaulted["status"] == {}
    assert _verdict({**_job(), "status": {"active": "x"}}).stage == "decode"


def _nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        {"apiVersion": "batch/v1", "kind": "", "spec": _nested(5000)},
        {"apiVersion": "batch/v1", "kind": "Job", "spec": _nested(5000)},
        {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"managedFields": [{"fieldsV1": _nested(5000)}]}},
        _job(parallelism=10**6000),
        _job(parallelism=-(10**400), zz=_nested(5000)),
        _job(activeDeadlineSeconds=float("inf")),
        _job(completions=float("nan")),
        _job(managedBy="\ud800"),
        {"apiVersion": "batch/v1", "kind": [], "spec": {}},
    ],
)  # fmt: skip
def test_extreme_values_are_refused_in_words(value: dict[str, Any]) -> None:
    verdict = _verdict(value)
    assert not verdict.accepted
    assert verdict.errors[0].message


def test_a_version_it_does_not_know_is_named() -> None:
    with pytest.raises(ValueError, match=r"unsupported Kubernetes version '1\.30'"):
        judge(_job(), "1.30")


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_keys = st.sampled_from(
    [
        "metadata",
        "spec",
        "status",
        "template",
        "jobTemplate",
        "containers",
        "name",
        "labels",
        "resources",
        "limits",
        "cpu",
        "volumes",
        "env",
        "schedule",
        "completions",
        "successPolicy",
        "podFailurePolicy",
        "rules",
        "selector",
        "matchLabels",
        "affinity",
        "securityContext",
        "timeZone",
    ]
)
_shaped = st.recursive(
    _json, lambda inner: st.dictionaries(_keys, inner, max_size=5) | st.lists(inner, max_size=2), max_leaves=20
)


@given(_shaped, st.sampled_from(["Job", "CronJob"]), st.sampled_from(versions.VERSIONS))
def test_any_json_gets_a_verdict(value: object, kind: str, version: str) -> None:
    fields = value if isinstance(value, dict) else {"spec": value}
    verdict = _verdict({**fields, "apiVersion": "batch/v1", "kind": kind}, version)
    assert verdict.accepted == (verdict.stage is None) == (not verdict.errors)
