"""The way of `kubectl apply`: three-way patches, what they do to lists, and manifests that cannot be applied."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joblint.api.apply.merge import apply
from joblint.api.apply.strategic.diff import three_way_patch
from joblint.api.apply.strategic.fields import MergeError, root
from joblint.api.apply.strategic.merge import apply_patch

_JOB = root("Job", "1.36")


def _pod(**fields: Any) -> dict[str, Any]:
    return {"spec": {"template": {"spec": fields}}}


def _patch(original: dict[str, Any], modified: dict[str, Any], current: dict[str, Any] | None = None) -> Any:
    return three_way_patch(original, modified, original if current is None else current, _JOB)


def _job(**fields: Any) -> dict[str, Any]:
    spec = {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}], **fields}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}, "spec": {"template": {"spec": spec}}}


def test_what_only_the_live_object_has_is_left_alone() -> None:
    assert _patch({"spec": {"parallelism": 1}}, {"spec": {"parallelism": 1}}, {"spec": {"parallelism": 1, "suspend": True}}) == {}


def test_what_was_applied_and_is_gone_is_deleted() -> None:
    assert _patch({"spec": {"suspend": True, "parallelism": 1}}, {"spec": {"parallelism": 1}}) == {"spec": {"suspend": None}}


def test_what_somebody_changed_since_is_changed_back() -> None:
    same = {"spec": {"parallelism": 1}}
    assert _patch(same, same, {"spec": {"parallelism": 7}}) == {"spec": {"parallelism": 1}}


def test_items_of_a_list_are_matched_by_their_key() -> None:
    old = _pod(containers=[{"name": "a", "image": "1"}, {"name": "b", "image": "1"}])
    new = _pod(containers=[{"name": "b", "image": "2"}, {"name": "c", "image": "1"}])
    assert _patch(old, new) == _pod(
        **{
            "$setElementOrder/containers": [{"name": "b"}, {"name": "c"}],
            "containers": [{"name": "b", "image": "2"}, {"name": "c", "image": "1"}, {"name": "a", "$patch": "delete"}],
        }
    )


def test_other_lists_are_replaced() -> None:
    old, new = (_pod(tolerations=[{"key": key}]) for key in "ab")
    assert _patch(old, new) == new


def test_a_volume_that_changes_its_kind_keeps_nothing_of_the_old_one() -> None:
    old = _pod(volumes=[{"name": "v", "emptyDir": {}}])
    new = _pod(volumes=[{"name": "v", "configMap": {"name": "c"}}])
    patch = _patch(old, new)
    (volume,) = patch["spec"]["template"]["spec"]["volumes"]
    assert volume["$retainKeys"] == ["configMap", "name"]
    assert apply_patch(old, patch, _JOB) == new


def test_finalizers_are_a_set() -> None:
    old = {"metadata": {"finalizers": ["a/x", "b/x"]}}
    patch = _patch(old, {"metadata": {"finalizers": ["c/x", "b/x"]}}, {"metadata": {"finalizers": ["live/x", "a/x", "b/x"]}})
    assert patch["metadata"]["$deleteFromPrimitiveList/finalizers"] == ["a/x"]
    merged = apply_patch({"metadata": {"finalizers": ["live/x", "a/x", "b/x"]}}, patch, _JOB)
    assert merged == {"metadata": {"finalizers": ["c/x", "live/x", "b/x"]}}


def test_whole_floats_are_integers_and_one_is_not_true() -> None:
    assert _patch({"spec": {"parallelism": 1}}, {"spec": {"parallelism": 1.0}}) == {}
    assert _patch({"spec": {"parallelism": 1}}, {"spec": {"parallelism": True}}) == {"spec": {"parallelism": True}}


@pytest.mark.parametrize(
    ("containers", "message"),
    [
        ([{"image": "x"}], "map: map[image:x] does not contain declared merge key: name"),
        ([1], "list element types are not identical: [[map[image:i name:c]] [1]]"),
        ([[]], "list element types are not identical: [[map[image:i name:c]] [[]]]"),
    ],
)
def test_lists_that_cannot_be_merged(containers: list[Any], message: str) -> None:
    with pytest.raises(MergeError) as caught:
        _patch(_pod(containers=[{"name": "c", "image": "i"}]), _pod(containers=containers))
    assert str(caught.value) == message
    assert apply(_job(), _job(containers=containers)).outcome == "refused"


def test_an_unchanged_manifest_sends_nothing() -> None:
    result = apply(_job(), _job())
    assert (result.outcome, result.patch, result.errors) == ("unchanged", {}, ())


def test_a_null_is_sent_and_changes_nothing() -> None:
    new = _job()
    new["spec"]["suspend"] = None
    result = apply(_job(), new)
    assert (result.outcome, result.patch) == ("updated", {"spec": {"suspend": None}})
    assert result.live is not None and result.merged is not None
    assert result.merged["spec"]["suspend"] is result.live["spec"]["suspend"] is False


def test_generate_name_cannot_be_applied() -> None:
    new = _job()
    new["metadata"] = {"generateName": "j-"}
    (error,) = apply(_job(), new).errors
    assert error.message == "from j-: cannot use generate name with apply"


def test_unknown_fields_are_told_beside_the_verdict() -> None:
    new = _job()
    new["spec"]["backofLimit"] = 1
    result = apply(_job(), new)
    assert result.outcome == "updated"
    assert [e.message for e in result.unknown] == ['unknown field "spec.backofLimit"']


def test_where_the_old_manifest_was_refused_the_new_one_is_created() -> None:
    assert apply(_job(restartPolicy="Always"), _job()).outcome == "created"
    assert apply(None, _job(restartPolicy="Always")).outcome == "refused"


@pytest.mark.parametrize(
    "new",
    [
        None,
        [],
        "text",
        {},
        {"kind": "Job"},
        {**_job(), "apiVersion": "batch/v2"},
        {**_job(), "spec": 3},
        {**_job(), "metadata": []},
    ],
)
def test_what_is_no_job_is_refused(new: object) -> None:
    result = apply(_job(), new)
    assert result.outcome == "refused"
    assert result.errors


def test_depth_is_no_crash() -> None:
    deep: Any = "x"
    for _ in range(5000):
        deep = [{"a": deep}]
    new = _job()
    new["spec"]["template"]["spec"]["containers"][0]["args"] = deep
    assert apply(_job(), new).outcome == "refused"


_names = st.sampled_from("abcd")
_containers = st.lists(
    st.fixed_dictionaries(
        {"name": _names, "image": _names},
        optional={
            "args": st.lists(_names, max_size=2),
            "env": st.lists(st.fixed_dictionaries({"name": _names, "value": _names}), unique_by=lambda e: e["name"], max_size=3),
        },
    ),
    unique_by=lambda container: container["name"],
    min_size=1,
    max_size=3,
)
_specs = st.fixed_dictionaries(
    {"containers": _containers},
    optional={
        "nodeSelector": st.dictionaries(_names, _names, max_size=3),
        "imagePullSecrets": st.lists(st.fixed_dictionaries({"name": _names}), unique_by=lambda s: s["name"], max_size=3),
        "hostNetwork": st.booleans(),
    },
)


def _holds(live: Any, wanted: Any) -> bool:
    """Whether the live value has all that was applied; what is empty may be missing."""
    if isinstance(wanted, dict):
        return all(_holds((live or {}).get(key), value) for key, value in wanted.items())
    if isinstance(wanted, list):
        return len(live or []) == len(wanted) and all(map(_holds, live or [], wanted))
    return bool(live == wanted)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_specs, _specs, st.fixed_dictionaries({}, optional={"schedulerName": st.just("s"), "dnsPolicy": st.just("Default")}))
def test_after_the_patch_the_object_is_as_applied(old: Any, new: Any, server: Any) -> None:
    original, modified, current = _pod(**old), _pod(**new), _pod(**old, **server)
    patch = three_way_patch(original, modified, current, _JOB)
    merged = apply_patch(current, patch, _JOB)
    assert _holds(merged, modified)
    pod = merged["spec"]["template"]["spec"]
    assert pod.keys() - server.keys() <= new.keys() | {key for key, value in pod.items() if value == []}
    assert three_way_patch(modified, modified, merged, _JOB) == {}
