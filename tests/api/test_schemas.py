"""The schemas of Kubernetes versions: what is in the files, that they are what their builder makes, and their compiled form."""

from __future__ import annotations

import importlib.util
import json
import marshal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from joblint.api.apply.strategic.fields import root
from joblint.api.version import schema, versions

_TOP = Path(__file__).resolve().parent.parent.parent
_SCHEMAS = _TOP / "schemas" / "kubernetes"


def _file(version: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((_SCHEMAS / f"{version}.json").read_text("utf-8"))
    return data


def _walk(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from _walk(value)


def test_there_is_one_file_a_version() -> None:
    assert sorted(path.stem for path in _SCHEMAS.glob("*.json")) == list(versions.VERSIONS)


@pytest.mark.parametrize("version", ["1.31", "1.36", "1.37"])
def test_another_publisher_of_the_schemas_has_the_same(version: str) -> None:
    published = pytest.importorskip("kubernetes_validate")
    folder = Path(published.__file__).parent / "kubernetes-json-schema" / f"v{version}.0-local-strict"
    known = json.loads((folder / "_definitions.json").read_text("utf-8"))["$defs"]
    assert _builder().text(version, _bare(known)) == (_SCHEMAS / f"{version}.json").read_text("utf-8")


def _bare(schema: Any) -> Any:
    """The schema without descriptions; a property that is called "description" stays."""
    if isinstance(schema, dict):
        return {k: _bare(v) for k, v in schema.items() if k != "description" or not isinstance(v, str)}
    return [_bare(v) for v in schema] if isinstance(schema, list) else schema


def test_a_type_of_openapi_is_made_strict() -> None:
    made = _builder()._definition(
        "io.k8s.api.batch.v1.Job",
        {
            "description": "gone",
            "type": "object",
            "required": ["name"],
            "properties": {
                "kind": {"type": "string", "description": "gone"},
                "name": {"type": "string"},
                "spec": {"$ref": "#/definitions/S"},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            },
            "x-kubernetes-group-version-kind": [{"group": "batch", "version": "v1", "kind": "Job"}],
        },
    )
    assert made == {
        "type": ["object", "null"],
        "additionalProperties": False,
        "required": ["name"],
        "properties": {
            "kind": {"type": ["string", "null"], "enum": ["Job"]},
            "name": {"type": "string"},
            "spec": {"$ref": "#/$defs/S"},
            "labels": {"type": ["object", "null"], "additionalProperties": {"type": ["string", "null"]}},
        },
        "x-kubernetes-group-version-kind": [{"group": "batch", "version": "v1", "kind": "Job"}],
    }


def _builder() -> Any:
    spec = importlib.util.spec_from_file_location("build_schemas", _TOP / "tools" / "build_schemas.py")
    assert spec is not None
    assert spec.loader is not None
    builder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(builder)
    return builder


@pytest.mark.parametrize("version", versions.VERSIONS)
def test_files_are_strict_complete_and_without_descriptions(version: str) -> None:
    definitions = _file(version)["$defs"]
    for name, body in definitions.items():
        if "properties" in body:
            assert body["additionalProperties"] is False, name
    for node in _walk(definitions):
        assert not isinstance(node.get("description"), str)
        if "$ref" in node:
            assert node["$ref"].removeprefix("#/$defs/") in definitions


def test_a_schema_judges_a_job_as_json_schema_does() -> None:
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(_file("1.36"))
    pod = {"containers": [{"name": "c", "image": "i"}], "restartPolicy": "Never"}
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "a"}, "spec": {"template": {"spec": pod}}}
    assert validator.is_valid(job)
    assert not validator.is_valid({**job, "spec": {**job["spec"], "backofLimit": 1}})  # type: ignore[dict-item]


@pytest.mark.parametrize("version", versions.VERSIONS)
def test_apply_merges_by_the_keys_of_the_schema(version: str) -> None:
    at = root("Job", version)
    found = []
    for steps in (
        ("spec", "template", "spec"),
        ("spec", "template", "spec", "containers"),
        ("spec", "scheduling"),
        ("metadata",),
    ):
        inside = at
        for step in steps:
            if step == "scheduling" and "scheduling" not in _properties(version, "io.k8s.api.batch.v1.JobSpec"):
                break
            inside = inside.find(step).inside
        else:
            name = _TYPES[steps[-1]] if steps != ("spec", "template", "spec") else "io.k8s.api.core.v1.PodSpec"
            for field, body in _properties(version, name).items():
                strategy = body.get("x-kubernetes-patch-strategy")
                merged = inside.find(field)
                expected = None if strategy is None else body.get("x-kubernetes-patch-merge-key", "")
                assert (merged.key, merged.retain_keys) == (expected, strategy == "merge,retainKeys"), (name, field)
                found.append(strategy)
    assert "merge,retainKeys" in found


_TYPES = {
    "containers": "io.k8s.api.core.v1.Container",
    "scheduling": "io.k8s.api.batch.v1.JobSchedulingConfiguration",
    "metadata": "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
}


def _properties(version: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = _file(version)["$defs"][name]["properties"]
    return found


@pytest.mark.parametrize("version", versions.VERSIONS)
def test_every_field_is_compiled_and_what_is_loaded_is_what_compiling_makes(version: str) -> None:
    go_types = json.loads((_TOP / "schemas" / "go-types.json").read_text("utf-8"))
    made = schema.compile_schema(_file(version), schema.declared_in(go_types, version))
    assert schema.load(version) == made
    assert marshal.loads(marshal.dumps(made, 4)) == made
    by_name = {name: fields for name, fields, _ in made["structs"]}
    for name, body in _file(version)["$defs"].items():
        for field in body.get("properties", ()):
            assert field in by_name[name.rpartition(".")[2]]


def test_go_declares_every_field_of_every_version() -> None:
    go_types = json.loads((_TOP / "schemas" / "go-types.json").read_text("utf-8"))
    for version in versions.VERSIONS:
        for name, body in _file(version)["$defs"].items():
            if "properties" in body:
                assert set(body["properties"]) <= set(go_types[name]), (version, name)


def test_what_the_compiled_form_says_of_a_field() -> None:
    made = schema.load("1.36")
    structs = {name: (fields, always) for name, fields, always in made["structs"]}
    fields, always = structs["JobSpec"]
    assert fields["parallelism"] == (schema.INT, 32, True, "int32")
    assert fields["completionMode"] == (schema.STRING, 0, True, "v1.CompletionMode")
    assert [name for name, _ in always] == ["template"]
    fields, always = structs["Container"]
    assert fields["stdin"] == (schema.BOOL, 0, False, "bool")
    assert fields["command"] == (schema.STRINGS, 0, False, "[]string")
    assert structs["ResourceRequirements"][0]["limits"] == (schema.QUANTITY_MAP, 0, False, "v1.ResourceList")
    assert ("name", "") in always
    assert structs["PodSpec"][1] == (("containers", schema.NIL),)


def test_an_installation_without_its_schema_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "_LOADED", {})
    with pytest.raises(OSError, match=r"schemas/kubernetes/9\.99\.json is missing"):
        schema.load("9.99")
