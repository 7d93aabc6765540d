"""Scenario files: what they mean, what is wrong with them in plain words, and the schema that describes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from joblint.controller.scenario.file import ScenarioError, read_scenario
from joblint.controller.scenario.scenario import BUILT_IN, Action, PodScript, Script, Standing, Surroundings, built_in
from tests.controller.helper import recorded

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "scenario.json").read_text(encoding="utf-8"))

CHECK = jsonschema.Draft202012Validator(SCHEMA)

GOOD: list[Any] = [
    None,
    {},
    {"pods": [], "actions": None},
    {"pods": [{"run": 1, "exit": 0}]},
    {"pods": [{"run": None}]},
    {"pods": [{"run": "90s"}, {"run": "1h30m"}, {"run": "2.5"}]},
    {"pods": [{"run": [1, None, "5m"], "exit": [1, 1, 0], "terminate": 3, "terminate_exit": 0}]},
    {"pods": [{"when": {"n": 0}}, {"when": {"index": 3, "attempt": 1}}, {"when": None}]},
    {"pods": [{"pending": True, "condition": "DisruptionTarget", "reason": "Evicted"}]},
    {"pods": [{"containers": {"side": {"run": None}, "init": {"run": 5, "exit": 1}}}]},
    {"actions": [{"at": 10, "patch": {"spec": {"suspend": False}}}, {"at": "1m", "delete_pod": "all"}]},
    {"actions": [{"at": 0, "delete_pod": 3}, {"at": 1, "delete_pod": {"index": 1}}]},
]

BAD: list[tuple[Any, str]] = [
    ([], "a scenario must be a mapping with `pods` and `actions`, not a list"),
    ("fail", "a scenario must be a mapping with `pods` and `actions`, not 'fail'"),
    ({"pod": []}, "pod: unknown key; did you mean pods?"),
    ({"steps": []}, "steps: unknown key; valid keys here: pods, actions, kubelet, before"),
    ({"pods": {}}, "pods: must be a list, not a mapping"),
    ({"pods": [3]}, "pods[0]: must be a mapping such as {run: 1, exit: 0}, not 3"),
    ({"pods": [{"runs": 1}]}, "pods[0].runs: unknown key; did you mean run?"),
    ({"pods": [{"run": -1}]}, "pods[0].run: must be a number of seconds such as 1.5, or a duration such as 90s or 1h30m, not -1"),
    ({"pods": [{"run": True}]}, "pods[0].run: must be a number of seconds"),
    (
        {"pods": [{"run": "soon"}]},
        "pods[0].run: must be a number of seconds such as 1.5, or a duration such as 90s or 1h30m, not 'soon'",
    ),
    ({"pods": [{"run": 1e99}]}, "pods[0].run: must be a number of seconds"),
    ({"pods": [{"run": []}]}, "pods[0].run: must not be an empty list; remove it or add a value"),
    ({"pods": [{"run": [1, "x"]}]}, "pods[0].run[1]: must be a number of seconds"),
    ({"pods": [{"exit": 256}]}, "pods[0].exit: must be an exit code from 0 to 255, not 256"),
    ({"pods": [{"exit": "1"}]}, "pods[0].exit: must be an exit code from 0 to 255, not '1'"),
    ({"pods": [{"exit": [0, None]}]}, "pods[0].exit[1]: must be an exit code from 0 to 255, not nothing"),
    ({"pods": [{"terminate": "x"}]}, "pods[0].terminate: must be a number of seconds"),
    ({"pods": [{"terminate_exit": -1}]}, "pods[0].terminate_exit: must be an exit code"),
    ({"pods": [{"when": 3}]}, "pods[0].when: must be a mapping with n, index or attempt, not 3"),
    ({"pods": [{"when": {"pod": 0}}]}, "pods[0].when.pod: unknown key"),
    ({"pods": [{"when": {"n": -1}}]}, "pods[0].when.n: must be a whole number of at least 0, not -1"),
    ({"pods": [{"when": {"n": 1.5}}]}, "pods[0].when.n: must be a whole number of at least 0, not 1.5"),
    ({"pods": [{"when": {"index": 2**80}}]}, "pods[0].when.index: must be a whole number of at least 0, not such a large number"),
    ({"pods": [{"pending": "yes"}]}, "pods[0].pending: must be true or false, not 'yes'"),
    ({"pods": [{"condition": 1}]}, "pods[0].condition: must be a string, not 1"),
    ({"pods": [{"containers": []}]}, "pods[0].containers: must be a mapping with container names as keys, not a list"),
    ({"pods": [{"containers": {"a": 1}}]}, "pods[0].containers.a: must be a mapping such as {run: 1, exit: 0}, not 1"),
    ({"pods": [{"containers": {"a": {"pending": True}}}]}, "pods[0].containers.a.pending: unknown key"),
    ({"actions": [1]}, "actions[0]: must be a mapping such as {at: 10, patch: {spec: {suspend: true}}}, not 1"),
    ({"actions": [{"patch": {}}]}, "actions[0].at: is missing: the time of the action, in seconds after the Job's creation"),
    (
        {"actions": [{"at": 1}]},
        "actions[0]: needs exactly one of these actions:\n  patch: a merge patch on the Job\n  delete_pod: the number of a",
    ),
    ({"actions": [{"at": 1, "patch": {}, "delete_pod": 0}]}, "actions[0]: needs exactly one of these actions:\n  patch:"),
    ({"actions": [{"at": 1, "patch": 3}]}, "actions[0].patch: must be a mapping such as {spec: {suspend: true}}, not 3"),
    ({"actions": [{"at": 1, "delete_pod": "some"}]}, "actions[0].delete_pod: must be a whole number of at least 0, not 'some'"),
    (
        {"actions": [{"at": 1, "delete_pod": {}}]},
        "actions[0].delete_pod.index: must be a whole number of at least 0, not nothing",
    ),
    ({"actions": [{"at": -1, "delete_pod": 0}]}, "actions[0].at: must be a number of seconds"),
]


@pytest.mark.parametrize("data", GOOD)
def test_what_is_right_is_read_and_fits_the_schema(data: Any) -> None:
    read_scenario(data, "good")
    jsonschema.validate(data, SCHEMA)


@pytest.mark.parametrize(("data", "words"), BAD)
def test_what_is_wrong_is_said_plainly_and_breaks_the_schema(data: Any, words: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        read_scenario(data, "bad")
    assert str(raised.value).startswith(words)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, SCHEMA)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(ScenarioError) as raised:
        read_scenario({"pods": [{"run": -1, "exit": 999}], "actions": [{}]}, "bad")
    assert [path for path, _ in raised.value.problems] == ["pods[0].run", "pods[0].exit", "actions[0].at", "actions[0]"]


def test_what_the_values_mean() -> None:
    data = {
        "pods": [
            {"when": {"index": 3, "attempt": 1}, "run": [2, None], "exit": [1, 0], "condition": "DisruptionTarget"},
            {"terminate": 3, "terminate_exit": 0, "containers": {"side": {"run": "1m"}}},
        ],
        "actions": [{"at": 10, "patch": {"spec": {"suspend": False}}}, {"at": 3, "delete_pod": {"index": 1}}],
    }
    scenario = read_scenario(data, "some")
    plain = Script((1.0,), (0,), 3.0, 0)
    assert scenario.pods == (
        PodScript(index=3, attempt=1, script=Script((2.0, None), (1, 0)), condition="DisruptionTarget"),
        PodScript(script=plain, containers=(("side", Script((60.0,), (0,), 3.0, 0)),)),
    )
    assert scenario.actions == (Action(10.0, "patch", {"spec": {"suspend": False}}), Action(3.0, "delete_pod", {"index": 1}))


def test_what_is_there_before() -> None:
    data = {
        "before": [
            {"pod": {"labels": {"app": "a"}, "run": 4, "exit": 1}, "age": "1m"},
            {"resource_quota": {"pods": 2}},
            {"missing": {"serviceAccountName": "later"}},
            {"namespace_labels": {"a": "b"}},
            {"pod_disruption_budget": {"minAvailable": 1}},
        ],
        "actions": [
            {"at": 1, "create": {"serviceAccount": "later"}},
            {"at": 2, "evict": "all"},
            {"at": 3, "node_lost": "a"},
            {"at": 4, "controller_restart": True},
            {"at": 5, "delete_job": "orphan"},
        ],
        "kubelet": "instant",
    }
    CHECK.validate(data)
    scenario = read_scenario(data, "some")
    assert scenario.instant
    assert scenario.around == Surroundings(
        (Standing((("app", "a"),), PodScript(script=Script((4.0,), (1,))), 60.0),),
        (("pods", "2"),),
        (("serviceAccount", "later"),),
        (("a", "b"),),
        {"minAvailable": 1},
    )
    done = [(a.do, a.what) for a in scenario.actions]
    assert done == [
        ("create", ("serviceAccount", "later")),
        ("evict", "all"),
        ("node_lost", "a"),
        ("controller_restart", True),
        ("delete_job", "orphan"),
    ]


@pytest.mark.parametrize(
    "data",
    [
        {"kubelet": "slow"},
        {"before": [{"pod": 1}]},
        {"before": [{"quota": {}}]},
        {"before": [{"missing": {"secret": "a"}}]},
        {"before": [{"pod_disruption_budget": 1}]},
        {"actions": [{"at": 1, "delete_job": "now"}]},
        {"actions": [{"at": 1, "controller_restart": "yes"}]},
        {"actions": [{"at": 1, "node_lost": None}]},
        {"actions": [{"at": 1, "evict": 0, "delete_pod": 0}]},
    ],
)
def test_what_cannot_be_followed_is_refused_by_the_schema_too(data: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError):
        read_scenario(data, "some")
    assert not CHECK.is_valid(data)


def test_every_recorded_scenario_is_read() -> None:
    for case in recorded().values():
        CHECK.validate(case["scenario"])
        assert read_scenario(case["scenario"], case["case"]).pods


def test_the_built_in_scenarios_are_there_by_name() -> None:
    assert list(BUILT_IN) == ["succeed", "fail", "hang", "evict", "node", "pending"]
    assert all(built_in(name, 5.0).name == name for name in BUILT_IN)
    with pytest.raises(KeyError):
        built_in("explode")


def test_a_plain_n_is_not_false() -> None:
    """The reader of manifests takes a plain `n` for false, as YAML 1.1 does; as a key of `when` it is the Pod's number."""
    assert read_scenario({"pods": [{"when": {"false": 2}, "run": 1}]}, "s").pods[0].n == 2
