"""Metadata of new and changed objects: the complaints of k8s.io/apimachinery v0.36.3, in its order."""

from __future__ import annotations

from typing import Any

import pytest

from joblint.api.errors import Errors
from joblint.api.validate.meta.names import name_is_dns_subdomain
from joblint.api.validate.meta.object import (
    validate_finalizers,
    validate_object_meta,
    validate_object_meta_update,
    validate_owner_references,
)
from joblint.api.version import versions

_POD: dict[str, Any] = {"apiVersion": "v1", "kind": "Pod", "name": "p", "uid": "u"}


def _texts(check: Any, *args: Any, **more: Any) -> list[str]:
    found = Errors()
    check(*args, found, **more)
    return [f"{e.field}: {e.message}" for e in found.found]


def _new(metadata: dict[str, Any], namespaced: bool = True) -> list[str]:
    return _texts(validate_object_meta, metadata, namespaced, name_is_dns_subdomain, "metadata", gates=versions.gates())


def test_a_name_and_a_namespace_are_required() -> None:
    assert _new({}) == [
        "metadata.name: Required value: name or generateName is required",
        "metadata.namespace: Required value",
    ]
    assert _new({"name": "a", "namespace": "b"}) == []
    assert _new({"name": "a", "namespace": "b"}, namespaced=False) == ["metadata.namespace: Forbidden: not allowed on this type"]


def test_the_order_is_the_servers() -> None:
    bad = {
        "finalizers": ["-"],
        "ownerReferences": [{}],
        "annotations": {"-": ""},
        "labels": {"a": "-"},
        "generation": -1,
        "namespace": "A",
        "name": "A",
        "generateName": "A",
    }
    fields = [text.partition(":")[0].removeprefix("metadata.") for text in _new(bad)]
    assert list(dict.fromkeys(field.partition(".")[0].partition("[")[0] for field in fields)) == list(reversed(bad))


@pytest.mark.parametrize(
    ("references", "texts"),
    [
        ([_POD], []),
        ([{**_POD, "apiVersion": "apps/v1"}], []),
        ([{**_POD, "apiVersion": "apps/"}], ['o.apiVersion: Invalid value: "apps/": version must not be empty']),
        ([{**_POD, "uid": ""}], ['o.uid: Invalid value: "": must not be empty']),
        (
            [{**_POD, "kind": "Event"}],
            [
                (
                    'o: Invalid value: {"apiVersion":"v1","kind":"Event","name":"p","uid":"u"}: '
                    "/v1, Kind=Event is disallowed from being an owner"
                )
            ],
        ),
        ([{**_POD, "controller": True}, {**_POD, "name": "q", "controller": False}], []),
        (
            [
                {**_POD, "controller": True},
                {"apiVersion": "batch/v1", "kind": "Job", "name": "j", "uid": "u", "controller": True},
            ],
            [
                (
                    'o: Invalid value: [{"apiVersion":"v1","kind":"Pod","name":"p","uid":"u","controller":true},'
                    '{"apiVersion":"batch/v1","kind":"Job","name":"j","uid":"u","controller":true}]: Only one reference can have '
                    'Controller set to true. Found "true" in references for Pod/p and Job/j'
                )
            ],
        ),
    ],
)
def test_owners(references: list[dict[str, Any]], texts: list[str]) -> None:
    assert _texts(validate_owner_references, references, "o", gates=versions.gates("1.36")) == texts


@pytest.mark.parametrize(
    ("reference", "texts"),
    [
        (_POD, []),
        (
            {**_POD, "apiVersion": "", "uid": ""},
            ["apiVersion: Required value: must not be empty", "uid: Required value: must not be empty"],
        ),
        ({**_POD, "apiVersion": "a/b/c"}, ['apiVersion: Invalid value: "a/b/c": must be <group>/<version> or <version>']),
        ({**_POD, "apiVersion": "apps/"}, ['apiVersion: Invalid value: "apps/": must be <group>/<version> or <version>']),
        (
            {**_POD, "kind": "", "name": ""},
            ["kind: Required value: must not be empty", "name: Required value: must not be empty"],
        ),
    ],
)
def test_owners_are_named_by_their_index_from_137_on(reference: dict[str, Any], texts: list[str]) -> None:
    found = _texts(validate_owner_references, [_POD, reference], "o", gates=versions.gates("1.37"))
    assert found == [f"o[1].{text}" for text in texts]


def test_the_two_finalizers_of_garbage_collection_exclude_each_other() -> None:
    assert _texts(validate_finalizers, ["orphan", "example.com/x"], "f") == []
    assert _texts(validate_finalizers, ["orphan", "foregroundDeletion"], "f") == [
        'f: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set'
    ]


_TIME = "2026-01-01T00:00:00Z"
_STORED = {"name": "a", "namespace": "b", "uid": "u", "resourceVersion": "1", "generation": 2}


@pytest.mark.parametrize(
    ("old", "new", "texts"),
    [
        ({}, {"labels": {"a": "b"}}, []),
        ({}, {"name": "c"}, ['m.name: Invalid value: "c": field is immutable']),
        ({}, {"generation": 1}, ["m.generation: Invalid value: 1: must not be decremented"]),
        ({}, {"resourceVersion": ""}, ['m.resourceVersion: Invalid value: "": must be specified for an update']),
        (
            {},
            {"deletionTimestamp": "2026-01-01T00:00:00Z"},
            ['m.deletionTimestamp: Invalid value: "2026-01-01T00:00:00Z": field is immutable'],
        ),
        ({}, {"finalizers": ["a.b/c"]}, []),
        (
            {"deletionTimestamp": _TIME, "finalizers": ["a.b/c"]},
            {"finalizers": ["x.y/z", "a.b/c"]},
            [
                (
                    "m.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, "
                    'found new finalizers []string{"x.y/z"}'
                )
            ],
        ),
    ],
)
def test_changes(old: dict[str, Any], new: dict[str, Any], texts: list[str]) -> None:
    before = {**_STORED, **old}
    assert _texts(validate_object_meta_update, {**before, **new}, before, "m", gates=versions.gates()) == texts
