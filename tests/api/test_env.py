"""Environment variables: names, where values come from, and sources of many at once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.pod_helper import errors, fields


def env_errors(item: dict[str, Any], version: str = "1.36") -> list[str]:
    return [error.removeprefix("containers[0].env[0].") for error in errors({"env": [item]}, version=version)]


@pytest.mark.parametrize("name", ["A", "a.b-c_d", "1A", "a b", "..", ".x"])
def test_any_printable_name_is_taken(name: str) -> None:
    assert env_errors({"name": name}) == []


@pytest.mark.parametrize("name", ["A=B", "é", "a\tb"])
def test_names_that_no_process_could_have(name: str) -> None:
    (found,) = env_errors({"name": name})
    assert found.startswith("name: ")
    assert found.endswith("must consist only of printable ASCII characters other than '='")


def test_the_old_rule_held_until_1_31() -> None:
    assert [error.partition(": ")[2][:21] for error in env_errors({"name": "1A"}, "1.31")] == ['Invalid value: "1A": ']
    assert env_errors({"name": "..a"}, "1.31") == ["name: Invalid value: \"..a\": must not start with '..'"]
    assert env_errors({"name": "1A"}, "1.32") == []


def test_a_name_is_required() -> None:
    assert env_errors({"value": "x"}) == ["name: Required value"]


def test_value_and_value_from_exclude_each_other() -> None:
    ref = {"fieldRef": {"fieldPath": "metadata.name"}}
    assert env_errors({"name": "A", "value": "", "valueFrom": ref}) == []
    expected = ['valueFrom: Invalid value: "": may not be specified when `value` is not empty']
    assert env_errors({"name": "A", "value": "x", "valueFrom": ref}) == expected


def test_one_source_and_no_more() -> None:
    two = {"secretKeyRef": {"name": "s", "key": "k"}, "configMapKeyRef": {"name": "c", "key": "k"}}
    assert env_errors({"name": "A", "valueFrom": two}) == [
        'valueFrom: Invalid value: "": may not have more than one field specified at a time'
    ]
    assert env_errors({"name": "A", "valueFrom": {}}) == [
        (
            'valueFrom: Invalid value: "": must specify one of: '
            "`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"
        )
    ]
    assert env_errors({"name": "A", "valueFrom": {}}, "1.34") == [
        'valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`'
    ]


@pytest.mark.parametrize("kind", ["secretKeyRef", "configMapKeyRef"])
def test_keys_of_secrets_and_config_maps(kind: str) -> None:
    (name,) = env_errors({"name": "A", "valueFrom": {kind: {"name": "a_b", "key": "k"}}})
    assert name.startswith(f'valueFrom.{kind}.name: Invalid value: "a_b": a lowercase RFC 1123 subdomain')
    assert env_errors({"name": "A", "valueFrom": {kind: {"name": "a"}}}) == [f"valueFrom.{kind}.key: Required value"]
    found = env_errors({"name": "A", "valueFrom": {kind: {"name": "a", "key": "..k"}}})
    assert found == [f"valueFrom.{kind}.key: Invalid value: \"..k\": must not start with '..'"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("metadata.labels['app']", []),
        ("metadata.annotations['A']", []),
        ("spec.host", []),
        ("status.podIPs", []),
        ("", ["valueFrom.fieldRef.fieldPath: Required value"]),
        (
            "spec.containers",
            [
                (
                    'valueFrom.fieldRef.fieldPath: Invalid value: "spec.containers": '
                    "error converting fieldPath: field label not supported: spec.containers"
                )
            ],
        ),
        (
            "spec.x['a']",
            [
                (
                    "valueFrom.fieldRef.fieldPath: Invalid value: \"spec.x['a']\": "
                    "error converting fieldPath: field label does not support subscript: spec.x['a']"
                )
            ],
        ),
    ],
)
def test_fields_of_the_pod(path: str, expected: list[str]) -> None:
    assert env_errors({"name": "A", "valueFrom": {"fieldRef": {"fieldPath": path}}}) == expected


def test_a_field_that_only_volumes_may_show() -> None:
    (found,) = env_errors({"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels"}}})
    assert found.startswith(
        'valueFrom.fieldRef.fieldPath: Unsupported value: "metadata.labels": supported values: "metadata.name"'
    )


@pytest.mark.parametrize(
    ("resource", "divisor", "field"),
    [
        ("limits.cpu", "1m", None),
        ("limits.cpu", "1000m", None),
        ("limits.cpu", "2", "divisor"),
        ("requests.memory", "1Mi", None),
        ("requests.memory", "1024", "divisor"),  # as much as 1Ki, but the server compares the texts
        ("requests.memory", "3", "divisor"),
        ("limits.hugepages-2Mi", "2Mi", "divisor"),
        ("limits.hugepages-2Mi", "0", None),
        ("limits.gpu", "1", "resource"),
        ("", "1", "resource"),
    ],
)
def test_resources_of_the_container(resource: str, divisor: str, field: str | None) -> None:
    ref = {"resource": resource, "divisor": divisor}
    found = [error.split(": ")[0] for error in env_errors({"name": "A", "valueFrom": {"resourceFieldRef": ref}})]
    assert found == ([] if field is None else [f"valueFrom.resourceFieldRef.{field}"])


def test_a_key_of_a_file_needs_an_empty_dir() -> None:
    ref = {"volumeName": "v", "path": "../env", "key": "A="}
    item = {"name": "A", "valueFrom": {"fileKeyRef": ref}}
    assert fields({"env": [item]}, pod={"volumes": [{"name": "v", "hostPath": {"path": "/"}}]}) == [
        "containers[0].env[0].valueFrom.fileKeyRef.key",
        "containers[0].env[0].valueFrom.fileKeyRef.path",
        "containers[0].env[0].valueFrom.fileKeyRef.volumeName",
    ]
    good = {"name": "A", "valueFrom": {"fileKeyRef": {"volumeName": "v", "path": "env", "key": "A"}}}
    assert errors({"env": [good]}, pod={"volumes": [{"name": "v", "emptyDir": {}}]}) == []
    missing = ['containers[0].env[0].valueFrom.fileKeyRef.volumeName: Not found: "v"']
    assert errors({"env": [good]}) == missing


def test_sources_of_many_variables() -> None:
    items: list[dict[str, Any]] = [
        {"configMapRef": {"name": "ends-in-"}},
        {"prefix": "P=", "secretRef": {"name": ""}},
        {},
        {"configMapRef": {"name": "a"}, "secretRef": {"name": "b"}},
    ]
    found = errors({"envFrom": items})
    assert [error.split(": ")[0] for error in found] == [
        "containers[0].envFrom[1].prefix",
        "containers[0].envFrom[1].secretRef.name",
        "containers[0].envFrom",
        "containers[0].envFrom",
    ]
    assert found[2:] == [
        'containers[0].envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`',
        'containers[0].envFrom: Invalid value: "": may not have more than one field specified at a time',
    ]
