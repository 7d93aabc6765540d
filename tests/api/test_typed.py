"""The typed merge of a server-side apply: sets of fields, merging, comparing, owners. Properties over small Jobs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joblint.api.apply.client_side import applied_again
from joblint.api.apply.typed.check import problems
from joblint.api.apply.typed.compare import compare, named_fields
from joblint.api.apply.typed.fields import FieldSet, field, keyed, read, text
from joblint.api.apply.typed.merge import merge
from joblint.api.apply.typed.owners import MISSING, Conflict, applied, updated
from joblint.api.apply.typed.schema import types

TYPES = types("1.36")
JOB = TYPES.root("Job")
V = "batch/v1"

_names = st.sampled_from("abc")
_env = st.lists(st.fixed_dictionaries({"name": _names}, optional={"value": _names}), max_size=3, unique_by=lambda e: e["name"])
_containers = st.lists(
    st.fixed_dictionaries({"name": _names}, optional={"image": _names, "args": st.lists(_names, max_size=2), "env": _env}),
    max_size=3,
    unique_by=lambda c: c["name"],
)
_jobs = st.fixed_dictionaries(
    {"kind": st.just("Job")},
    optional={
        "metadata": st.fixed_dictionaries({}, optional={"labels": st.dictionaries(_names, _names, max_size=2)}),
        "spec": st.fixed_dictionaries(
            {},
            optional={
                "parallelism": st.integers(0, 3),
                "template": st.fixed_dictionaries({"spec": st.fixed_dictionaries({}, optional={"containers": _containers})}),
            },
        ),
    },
)
_quiet = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _told(job: Any) -> tuple[Any, Any, list[Any]]:
    """What a Job says of its parallelism, its labels and its containers; an empty map is as none."""
    spec = (job or {}).get("spec") or {}
    pod = ((spec.get("template") or {}).get("spec")) or {}
    labels = ((job or {}).get("metadata") or {}).get("labels") or {}
    told = [(c["name"], c.get("image"), c.get("env") or []) for c in pod.get("containers") or []]
    return spec.get("parallelism"), labels, told


def _paths(fields: FieldSet) -> list[str]:
    return [text(path) for path in fields.paths()]


def test_managed_fields_are_read() -> None:
    fields = read(
        {"f:spec": {"f:a": {}, "f:c": {".": {}, 'k:{"name":"m"}': {".": {}, "f:image": {}}}, "v:1": {}, "i:0": {}, "x:": {}}}
    )
    assert _paths(fields) == [".spec.a", ".spec.c", ".spec[=1]", ".spec[0]", '.spec.c[name="m"]', '.spec.c[name="m"].image']
    assert not read(None) and not read({"f:a": {"bad": 1, "k:[": {}}}).has((field("b"),))


def test_sets_of_fields() -> None:
    a, b = read({"f:a": {}, "f:b": {"f:c": {}}}), read({"f:b": {"f:c": {}, "f:d": {}}})
    assert _paths(a.union(b)) == [".a", ".b.c", ".b.d"]
    assert _paths(a.intersection(b)) == [".b.c"]
    assert _paths(a.difference(b)) == [".a"]
    assert _paths(b.without(field("b"))) == []
    assert b.has((field("b"), field("d"))) and not b.has((field("b"),))


def test_an_item_is_known_by_its_keys_and_their_defaults() -> None:
    assert text((keyed({"containerPort": 80, "protocol": "TCP"}),)) == '[containerPort=80,protocol="TCP"]'
    ports = [{"containerPort": 80}, {"containerPort": 80, "protocol": "UDP"}, {"containerPort": 80, "protocol": "TCP"}]
    found = problems(TYPES, JOB, {"spec": {"template": {"spec": {"containers": [{"name": "m", "ports": ports}]}}}})
    path = '.spec.template.spec.containers[name="m"].ports'
    assert found == [(path, 'duplicate entries for key [containerPort=80,protocol="TCP"]')]


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        ({"parallelism": "1"}, (".spec.parallelism", "expected numeric (int or float), got string")),
        ({"suspend": 1}, (".spec.suspend", "expected boolean, got &{1}")),
        ({"backofLimit": 1}, (".spec.backofLimit", "field not declared in schema")),
        ({"template": []}, (".spec.template", "expected map, got &{[]}")),
        ({"template": {"spec": {"containers": {}}}}, (".spec.template.spec.containers", "expected list, got &{map[]}")),
        (
            {"template": {"spec": {"containers": [None]}}},
            (".spec.template.spec.containers", "element 0: associative list with keys may not have a null element"),
        ),
        (
            {"template": {"spec": {"nodeName": {"a": "b"}}}},
            (
                ".spec.template.spec.nodeName",
                'expected string, got &value.valueUnstructured{Value:map[string]interface {}{"a":"b"}}',
            ),
        ),
    ],
)
def test_what_does_not_keep_to_the_types(spec: dict[str, Any], problem: tuple[str, str]) -> None:
    assert problems(TYPES, JOB, {"spec": spec}) == [problem]


def test_maps_that_are_one_thing_are_replaced_as_a_whole() -> None:
    live = {"spec": {"template": {"spec": {"nodeSelector": {"a": "b"}}}, "selector": {"matchLabels": {"x": "y"}}}}
    new = {"spec": {"template": {"spec": {"nodeSelector": {"c": "d"}}}}}
    merged = merge(TYPES, JOB, live, new)
    assert merged["spec"]["template"]["spec"]["nodeSelector"] == {"c": "d"}
    assert merged["spec"]["selector"] == {"matchLabels": {"x": "y"}}
    assert _paths(named_fields(TYPES, JOB, live)) == [".spec.selector", ".spec.template.spec.nodeSelector"]


@_quiet
@given(_jobs)
def test_merging_and_comparing_with_itself_changes_nothing(job: dict[str, Any]) -> None:
    assert problems(TYPES, JOB, job) == []
    assert merge(TYPES, JOB, job, job) == job
    same = compare(TYPES, JOB, job, job)
    assert not (same.added or same.modified or same.removed)


@_quiet
@given(_jobs, _jobs)
def test_what_was_merged_in_is_there(live: dict[str, Any], new: dict[str, Any]) -> None:
    merged = merge(TYPES, JOB, live, new)
    assert merge(TYPES, JOB, merged, new) == merged
    wanted = compare(TYPES, JOB, new, merged)
    assert not wanted.modified and not wanted.removed


@_quiet
@given(_jobs, _jobs)
def test_an_applier_takes_back_what_it_leaves_out(old: dict[str, Any], new: dict[str, Any]) -> None:
    """Applied twice by one manager, the object is as the second manifest alone makes it, and nobody is in conflict."""
    first, owners = applied(TYPES, JOB, MISSING, old, (), "me", V, False)
    second, owners = applied(TYPES, JOB, first, new, owners, "me", V, False)
    assert _told(second) == _told(new)
    again, _ = applied(TYPES, JOB, second, new, owners, "me", V, False)
    assert _told(again) == _told(second)


@_quiet
@given(_jobs, _jobs)
def test_a_conflict_is_about_fields_that_another_owns_and_has_otherwise(old: dict[str, Any], new: dict[str, Any]) -> None:
    owners = updated(TYPES, JOB, MISSING, old, (), "them", V)
    owned = owners[0].fields if owners else FieldSet()
    try:
        merged, after = applied(TYPES, JOB, old, new, owners, "me", V, False)
    except Conflict as conflict:
        assert all(owned.has(path) for _, path in conflict.fields)
        forced, after = applied(TYPES, JOB, old, new, owners, "me", V, True)
        mine = next((o.fields for o in after if o.manager == "me"), FieldSet())
        theirs = next((o.fields for o in after if o.manager == "them"), FieldSet())
        assert not any(theirs.has(path) for _, path in conflict.fields)
        assert all(mine.has(path) for _, path in conflict.fields)
    else:
        assert not compare(TYPES, JOB, old, merged).modified


def test_the_second_of_two_manifests_is_an_update_of_the_first() -> None:
    pod = {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]}
    first = {"apiVersion": V, "kind": "Job", "metadata": {"name": "j"}, "spec": {"template": {"spec": pod}}}
    more = {**first, "spec": {"parallelism": 2, "template": {"spec": pod}}}
    other = {**first, "spec": {"template": {"spec": {**pod, "restartPolicy": "OnFailure"}}}}
    outcomes = []
    for second in (first, more, other):
        result = applied_again(first, second, "1.36")
        outcomes.append(result.outcome if result is not None else None)
    assert outcomes == ["unchanged", "updated", "refused"]
    assert applied_again({**first, "spec": {}}, first, "1.36") is None
