"""What holds for every Job and every scenario, whatever the numbers."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from joblint.controller.job.simulate import simulate
from joblint.controller.job.trace import Run
from joblint.controller.prediction.outlook import outlook
from joblint.controller.prediction.predict import predict
from joblint.controller.scenario.file import read_scenario
from joblint.controller.scenario.scenario import built_in
from tests.controller.helper import times

POD = {"containers": [{"name": "main", "image": "x"}]}
EXITS = st.sampled_from([0, 0, 1, 2, 42])
RUNS = st.one_of(st.sampled_from([0, 0.5, 1, 2.7, 10]), st.none())


def defaulted(restart: str, **spec: Any) -> dict[str, Any]:
    """A Job as the server stores it; quicker than asking the server's model a thousand times."""
    if spec.get("completions") is None and spec.get("parallelism") is None:
        spec["completions"] = 1
    spec.setdefault("parallelism", 1)
    spec.setdefault("suspend", False)
    spec.setdefault("backoffLimit", 2147483647 if "backoffLimitPerIndex" in spec else 6)
    spec.setdefault("podReplacementPolicy", "Failed" if "podFailurePolicy" in spec else "TerminatingOrFailed")
    return {"metadata": {"name": "j"}, "spec": {**spec, "template": {"spec": {**POD, "restartPolicy": restart}}}}


@st.composite
def jobs(draw: st.DrawFn, deadline: bool | None = None) -> dict[str, Any]:
    """Any Job with the fields that decide what it does."""
    spec: dict[str, Any] = {"parallelism": draw(st.integers(0 if deadline else 1, 6))}
    restart = draw(st.sampled_from(["Never", "Never", "OnFailure"]))
    if draw(st.booleans()):
        spec["completions"] = draw(st.integers(1, 8))
    if "completions" in spec and draw(st.booleans()):
        spec["completionMode"] = "Indexed"
        if draw(st.booleans()):
            spec["backoffLimitPerIndex"] = draw(st.integers(0, 2))
            if draw(st.booleans()):
                spec["maxFailedIndexes"] = draw(st.integers(0, spec["completions"]))
        if draw(st.booleans()):
            spec["successPolicy"] = {"rules": [{"succeededCount": draw(st.integers(1, spec["completions"]))}]}
    if draw(st.booleans()):
        spec["backoffLimit"] = draw(st.integers(0, 8))
    if restart == "Never" and draw(st.booleans()):
        action = draw(st.sampled_from(["Ignore", "FailJob", "Count"]))
        rule = {"action": action, "onExitCodes": {"operator": "In", "values": [42]}}
        spec["podFailurePolicy"] = {"rules": [rule]}
    elif draw(st.booleans()):
        spec["podReplacementPolicy"] = "Failed"
    if deadline or (deadline is None and draw(st.booleans())):
        spec["activeDeadlineSeconds"] = draw(st.integers(0, 200))
    if draw(st.booleans()):
        spec["ttlSecondsAfterFinished"] = draw(st.integers(0, 20))
    return defaulted(restart, **spec)


@st.composite
def scenarios(draw: st.DrawFn, actions: bool = True) -> dict[str, Any]:
    """Any scenario, as the data of a file."""
    whens = st.one_of(
        st.none(),
        st.fixed_dictionaries({"n": st.integers(0, 6)}),
        st.fixed_dictionaries({"index": st.integers(0, 6)}, optional={"attempt": st.integers(0, 2)}),
    )
    pods = []
    for _ in range(draw(st.integers(0, 4))):
        entry: dict[str, Any] = {"exit": draw(st.one_of(EXITS, st.lists(EXITS, min_size=1, max_size=3)))}
        entry["run"] = draw(RUNS)
        when = draw(whens)
        if when:
            entry["when"] = when
        entry["terminate"] = draw(st.sampled_from([0, 0.3, 5]))
        entry["terminate_exit"] = draw(st.sampled_from([0, 143]))
        entry["pending"] = draw(st.integers(0, 9)) == 0
        pods.append(entry)
    done: list[dict[str, Any]] = []
    if actions:
        patches = st.sampled_from(
            [
                {"suspend": True},
                {"suspend": False},
                {"parallelism": 1},
                {"parallelism": 3},
                {"backoffLimit": 1},
                {"completions": 3, "parallelism": 3},
                {"activeDeadlineSeconds": 30},
                {"completions": -1},
            ]
        )
        for at in draw(st.lists(st.sampled_from([0, 1, 2.5, 7, 40]), max_size=3)):
            if draw(st.booleans()):
                done.append({"at": at, "patch": {"spec": draw(patches)}})
            else:
                done.append({"at": at, "delete_pod": draw(st.sampled_from(["all", 0, 1, {"index": 0}]))})
    return {"pods": pods, "actions": done}


def go(job: dict[str, Any], scenario: dict[str, Any], until: float | None = 3000) -> Run:
    return simulate(job, read_scenario(scenario, "any"), until)


@given(jobs(), scenarios())
def test_time_never_runs_backwards(job: dict[str, Any], scenario: dict[str, Any]) -> None:
    found = go(job, scenario)
    seen = [e.t for e in found.events]
    assert seen == sorted(seen)
    assert not seen or seen[0] >= 0


@given(jobs(), scenarios())
def test_the_same_input_gives_the_same_output(job: dict[str, Any], scenario: dict[str, Any]) -> None:
    assert go(job, scenario) == go(job, scenario)


@given(jobs(deadline=True), scenarios(actions=False))
def test_a_job_with_a_deadline_always_ends(job: dict[str, Any], scenario: dict[str, Any]) -> None:
    found = go(job, scenario, None)
    assert found.outcome in ("complete", "failed")
    assert found.ends_at is not None and found.ends_at <= job["spec"]["activeDeadlineSeconds"] + 7


@given(jobs(), scenarios(actions=False))
def test_never_more_pods_than_parallelism_and_what_remains(job: dict[str, Any], scenario: dict[str, Any]) -> None:
    spec = job["spec"]
    active: set[int] = set()
    succeeded = 0
    for event in go(job, scenario).events:
        if event.n is None:
            continue
        if event.event == "pod-created":
            active.add(event.n)
            assert len(active) <= spec["parallelism"]
            assert spec.get("completions") is None or len(active) <= spec["completions"] - succeeded
        elif event.event in ("pod-succeeded", "pod-failed", "pod-deleting"):
            if event.event == "pod-succeeded" and event.n in active:
                succeeded += 1
            active.discard(event.n)


@given(jobs(), scenarios(actions=False))
def test_failures_stay_within_the_limit_plus_one_wave(job: dict[str, Any], scenario: dict[str, Any]) -> None:
    spec = job["spec"]
    assert go(job, scenario).final.failed <= spec["backoffLimit"] + spec["parallelism"]


@given(jobs(), scenarios())
def test_counts_and_indexes_agree(job: dict[str, Any], scenario: dict[str, Any]) -> None:
    final = go(job, scenario).final
    assert final.ready <= final.active
    if job["spec"].get("completionMode") == "Indexed":
        done, given_up = indexes(final.completed_indexes), indexes(final.failed_indexes)
        assert len(done) == final.succeeded
        assert not done & given_up


@given(jobs(), scenarios())
def test_a_finished_job_stays_as_it_is(job: dict[str, Any], scenario: dict[str, Any]) -> None:
    found = go(job, scenario)
    if found.ends_at is None:
        return
    kinds = [c.type for c in found.final.conditions if c.type != "Suspended"]
    assert kinds in (["FailureTarget", "Failed"], ["SuccessCriteriaMet", "Complete"])
    assert all(t <= found.ends_at for t in times(found, "pod-created"))
    assert found.final.active == found.final.terminating == 0


@given(jobs(), scenarios(), st.integers(0, 120))
def test_a_shorter_look_sees_the_beginning_of_the_longer_one(job: dict[str, Any], scenario: dict[str, Any], until: int) -> None:
    whole, part = go(job, scenario), go(job, scenario, until)
    assert part.events == tuple(e for e in whole.events if e.t <= until)


@given(jobs(), scenarios())
def test_a_sink_sees_what_would_be_kept(job: dict[str, Any], scenario: dict[str, Any]) -> None:
    seen: list[Any] = []
    script = read_scenario(scenario, "any")
    streamed = simulate(job, script, 500, sink=seen.append)
    kept = simulate(job, script, 500)
    assert (tuple(seen), streamed.events) == (kept.events, ())
    assert streamed.final == kept.final


@given(limit=st.integers(0, 12), deadline=st.integers(1, 5000), restart=st.sampled_from(["Never", "OnFailure"]))
def test_a_cut_holds_for_tries_of_no_length_and_so_for_all(limit: int, deadline: int, restart: str) -> None:
    """What a cut says never begins does not begin; that the deadline ends the Job is sure."""
    prediction = predict(defaulted(restart, backoffLimit=limit, activeDeadlineSeconds=deadline))
    cut, tries = prediction.deadline_cut, prediction.tries(0.0)
    if cut is not None:
        assert len(tries.begins) <= cut.retry
        assert tries.reason == "DeadlineExceeded"


@given(jobs(), scenarios())
def test_ranges_hold_what_is_typical(job: dict[str, Any], scenario: dict[str, Any]) -> None:
    found = outlook(job, read_scenario(scenario, "any"), 600, version="1.36")
    for event in found.events:
        assert event.t_min is not None and event.t_max is not None
        assert 0 <= event.t_min <= event.t <= event.t_max
    assert (found.ends_at is None) == (found.ends_between is None)
    if found.ends_at is not None and found.ends_between is not None:
        assert found.ends_between[0] <= found.ends_at <= found.ends_between[1]


@given(jobs(), scenarios())
def test_under_the_instant_kubelet_times_are_points(job: dict[str, Any], scenario: dict[str, Any]) -> None:
    found = outlook(job, read_scenario({**scenario, "kubelet": "instant"}, "any"), 600, version="1.36").as_dict()
    assert all(e["t_min"] == e["t"] == e["t_max"] for e in found["events"])
    assert found["ends_at_min"] == found["ends_at"] == found["ends_at_max"]


ODD: list[Any] = [
    None,
    True,
    -1,
    0,
    3,
    2**70,
    -(2**70),
    1.5,
    float("nan"),
    float("inf"),
    "",
    "Indexed",
    "Failed",
    [],
    [None],
    [{}],
    {},
    {"rules": None},
    {"rules": [None, {}, {"action": "FailJob", "onExitCodes": {}}, {"onPodConditions": [None]}]},
    {"rules": [{"succeededIndexes": "9-1,x,0-99999999999999999999", "succeededCount": "1"}, {"succeededCount": 0}]},
    {"spec": None},
    {"spec": {"restartPolicy": 3, "containers": [None, {}, {"name": 1, "restartPolicyRules": [None]}], "initContainers": {}}},
    {"spec": {"containers": "x", "activeDeadlineSeconds": "y", "schedulingGates": 1}},
]
FIELDS = [
    "parallelism",
    "completions",
    "completionMode",
    "backoffLimit",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
    "activeDeadlineSeconds",
    "ttlSecondsAfterFinished",
    "suspend",
    "managedBy",
    "podFailurePolicy",
    "successPolicy",
    "podReplacementPolicy",
    "template",
]


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(ODD)), st.sampled_from(["succeed", "fail", "hang"]))
def test_odd_input_is_answered_not_raised(spec: dict[str, Any], scenario: str) -> None:
    found = simulate({"spec": spec}, built_in(scenario), 100, most_pods=50)
    assert found.stopped_at >= 0
    assert predict({"spec": spec}).pattern


def indexes(text: str) -> set[int]:
    found: set[int] = set()
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return found
