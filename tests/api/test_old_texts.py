"""Texts that older servers worded otherwise: same verdict, other words."""

from __future__ import annotations

import pytest

from tests.api.pod_helper import errors

NEWER = ("1.34", "1.35", "1.36")


@pytest.mark.parametrize("version", ["1.31", "1.33", *NEWER])
def test_values_of_named_types(version: str) -> None:
    shown = r"\u003c" if version in NEWER else "<"
    assert errors({"imagePullPolicy": "<"}, version=version) == [
        f'containers[0].imagePullPolicy: Unsupported value: "{shown}": supported values: "Always", "IfNotPresent", "Never"'
    ]


@pytest.mark.parametrize("version", ["1.31", "1.33", *NEWER])
def test_names_of_resources_had_no_quotes(version: str) -> None:
    shown = '"storage"' if version in NEWER else "storage"
    assert errors({"resources": {"limits": {"storage": "1"}}}, version=version) == [
        f"containers[0].resources.limits[storage]: Invalid value: {shown}: must be a standard resource for containers"
    ]


@pytest.mark.parametrize(("version", "unit"), [("1.34", "characters"), ("1.35", "bytes"), ("1.36", "bytes")])
def test_lengths_of_keys(version: str, unit: str) -> None:
    (found, _) = errors({"resources": {"limits": {"x" * 64: "1"}}}, version=version)
    assert found.endswith(f": name part must be no more than 63 {unit}")


@pytest.mark.parametrize(("version", "name"), [("1.34", "a qualified name"), ("1.35", "a valid label key")])
def test_keys_with_two_slashes(version: str, name: str) -> None:
    found = errors(pod={"nodeSelector": {"a/b/c": ""}}, version=version)
    assert [error.startswith(f'nodeSelector: Invalid value: "a/b/c": {name} must consist of') for error in found] == [True]


def test_too_many_restart_rules_were_too_many_bytes_in_1_35() -> None:
    rules = {"restartPolicy": "Never", "restartPolicyRules": [{"action": "Restart", "exitCodes": {"operator": "In"}}] * 21}
    expected = "containers[0].restartPolicyRules: Too long: may not be more than 20 bytes"
    assert errors(rules, version="1.35") == [expected]


@pytest.mark.parametrize(("version", "whose"), [("1.35", ""), ("1.36", "pod ")])
def test_whose_restart_policy(version: str, whose: str) -> None:
    policy = {"resizePolicy": [{"resourceName": "cpu", "restartPolicy": "RestartContainer"}]}
    expected = f"must be 'NotRequired' when {whose}`restartPolicy` is 'Never'"
    assert errors(policy, pod={"restartPolicy": "Never"}, version=version) == [
        f'containers[0].resizePolicy: Invalid value: "RestartContainer": {expected}'
    ]
