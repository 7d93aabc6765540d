"""The small parts: index sets, back-off, durations, patterns, kubectl's columns."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joblint.base.durations import read_duration, show_duration
from joblint.controller.job import backoff
from joblint.controller.job.backoff import Record, delays_sum, pod_delay, restart_delay, restart_delays_sum, whole_second
from joblint.controller.job.intervals import Indexes, read_indexes
from joblint.controller.job.policies import SuccessPolicy
from joblint.controller.node.pace import Pace
from joblint.controller.prediction.documented_patterns import documented_pattern
from joblint.controller.prediction.kubectl_get import human_duration, row
from joblint.controller.prediction.patterns import pattern
from joblint.controller.prediction.predict import predict
from tests.controller.helper import job, run

SMALL = st.lists(st.integers(0, 40))


def made(numbers: list[int]) -> Indexes:
    found = Indexes()
    for number in numbers:
        found.add(number)
    return found


@given(SMALL, SMALL)
def test_index_sets_are_sets(one: list[int], other: list[int]) -> None:
    a, b = made(one), made(other)
    assert a.total == len(set(one))
    assert all((i in a) == (i in one) for i in range(42))
    assert a.common(b) == len(set(one) & set(other))
    assert made([*one, *one]).total == a.total


@given(SMALL, st.integers(1, 41))
def test_index_sets_are_written_and_read(numbers: list[int], end: int) -> None:
    found = made(numbers)
    again = read_indexes(str(found), end)
    found.cut(end)
    assert str(again) == str(found) == str(made([n for n in numbers if n < end]))
    assert again.total == found.total


def test_index_sets_are_written_as_the_status_writes_them() -> None:
    assert str(made([0, 1, 3, 4, 5, 9])) == "0,1,3-5,9"


def test_odd_texts_of_indexes_are_read_as_far_as_they_go() -> None:
    assert str(read_indexes("0,x,2-3,7-99,4", 10)) == "0,2-4,7-9"
    assert str(read_indexes("5-2,12,1", 10)) == ""


def test_delays() -> None:
    assert [pod_delay(n) // 1000 for n in range(10)] == [0, 10, 20, 40, 80, 160, 320, 600, 600, 600]
    assert [restart_delay(n) // 1000 for n in range(9)] == [0, 10, 20, 40, 80, 160, 300, 300, 300]


@given(st.integers(0, 30), st.integers(0, 10))
def test_sums_of_delays(count: int, before: int) -> None:
    assert delays_sum(count, before) == sum(pod_delay(n) for n in range(before + 1, before + count + 1))
    assert restart_delays_sum(count) == sum(restart_delay(n) for n in range(count))


def test_times_are_rounded_down_to_the_clocks_seconds() -> None:
    lost = backoff.CLOCK_OFFSET
    assert whole_second(0) == -lost
    assert whole_second(1000 - lost) == 1000 - lost
    assert whole_second(1999 - lost) == 1000 - lost


def test_a_success_forgets_the_failures_up_to_its_own_second() -> None:
    record = Record(3, 5000)
    assert vars_of(record.after([], [7000, 6000])) == (5, 7000)
    assert vars_of(record.after([8000], [])) == (0, 0)
    assert vars_of(record.after([8000], [7000, 8000])) == (0, 0)
    assert vars_of(record.after([8000], [7000, 9000, 10000])) == (2, 10000)
    assert (Record(2, 5000).remaining(6000), Record(2, 5000).remaining(25000), Record().remaining(0)) == (19000, 0, 0)


def vars_of(record: Record) -> tuple[int, int]:
    return record.failures, record.last


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("90s", 90), ("1.5m", 90), ("1h30m", 5400), ("2d", 172800), ("250ms", 0.25), (" 1m5s ", 65), ("0", 0)],
)
def test_durations(text: str, seconds: float) -> None:
    assert read_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "s", "1x", "1s1m", "1m1m", "-1s", "1 s", "1..5s", ".", "1m5", "٣s", "9" * 400, "1e5"])
def test_no_durations(text: str) -> None:
    assert read_duration(text) is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (1.3, "1.3s"),
        (7200, "2h"),
        (129600, "36h"),
        (59.97, "1m"),
        (300, "5m"),
        (3900, "1h5m"),
        (276000, "3d4h"),
        (94e6, "2y357d"),
        (2147483647, "68y"),
    ],
)
def test_durations_as_people_read_them(seconds: float, text: str) -> None:
    assert show_duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (119.9, "119s"),
        (120, "2m"),
        (125, "2m5s"),
        (600, "10m"),
        (10799, "179m"),
        (10800, "3h"),
        (11460, "3h11m"),
        (8 * 3600 + 60, "8h"),
        (48 * 3600, "2d"),
        (51 * 3600, "2d3h"),
        (400 * 86400, "400d"),
        (3 * 365 * 86400, "3y"),
        (3 * 365 * 86400 + 86400, "3y1d"),
        (9 * 365 * 86400 + 86400, "9y"),
    ],
)
def test_durations_as_kubectl_shortens_them(seconds: float, text: str) -> None:
    assert human_duration(seconds) == text


@pytest.mark.parametrize(
    ("spec", "scenario", "columns"),
    [
        ({}, "succeed", ("Complete", "1/1", "2s")),
        ({"backoffLimit": 0}, "fail", ("Failed", "0/1", "2s")),
        ({"suspend": True}, "succeed", ("Suspended", "0/1", "")),
        ({"parallelism": 3}, "succeed", ("Complete", "3/1 of 3", "2s")),
        ({"parallelism": 1}, "hang", ("Running", "0/1", "")),
        ({"completions": 4, "parallelism": 0}, "succeed", ("Running", "0/4", "")),
    ],
)
def test_the_line_of_kubectl_get_jobs(spec: dict[str, Any], scenario: str, columns: tuple[str, str, str]) -> None:
    of = job(**spec)
    found = row(predict(of).spec, run(of, scenario))
    assert (found.status, found.completions) == columns[:2]
    if columns[2]:
        assert found.duration == columns[2]


@pytest.mark.parametrize(
    ("spec", "name", "fits"),
    [
        ({}, "single", "one Job per work item"),
        ({"completions": 1, "parallelism": 5}, "single", "one Job per work item"),
        ({"completions": 8}, "fixed-completions", "queue with one Pod per work item"),
        ({"parallelism": 4}, "work-queue", "queue with a variable number of Pods"),
        ({"completions": 3, "completionMode": "Indexed"}, "indexed", "static assignment by index"),
        ({"completions": 1, "completionMode": "Indexed"}, "indexed", "static assignment by index"),
        ({"completions": 3, "parallelism": 0}, "paused", "queue with one Pod per work item"),
        ({"completions": 0}, "empty", "one Job per work item"),
    ],
)
def test_patterns(spec: dict[str, Any], name: str, fits: str) -> None:
    assert (pattern(job(**spec)), documented_pattern(job(**spec)).name) == (name, fits)


def test_indexed_pods_behind_a_service_talk_to_one_another() -> None:
    of = job(pod={"subdomain": "svc"}, completions=3, parallelism=3, completionMode="Indexed")
    assert documented_pattern(of).name == "Pods that communicate with each other"


def test_a_success_policy_may_ask_for_any_of_some_indexes() -> None:
    policy = SuccessPolicy(
        {"rules": [{"succeededIndexes": "20", "succeededCount": 1}, {"succeededIndexes": "1-3", "succeededCount": 2}]}, 10
    )
    assert policy.match(made([])) is None
    assert policy.match(made([0, 1])) is None
    assert policy.match(made([1, 3])) == "Matched rules at index 1"


@pytest.mark.parametrize("changes", [{}, {"backoffLimit": 2}, {"parallelism": 3}, {"podFailurePolicy": None}])
@pytest.mark.parametrize("seconds", [1.0, 30.0, 600.0])
def test_the_typical_failure_needs_no_ranges(changes: dict[str, Any], seconds: float) -> None:
    ignoring = {"rules": [{"action": "Ignore", "onExitCodes": {"operator": "NotIn", "values": [3]}}]}
    found = predict(job(**{k: v if v is not None else ignoring for k, v in changes.items()}))
    tries = found.tries(seconds)
    assert found.failure(seconds) == (tries.reason, tries.ends_at)
    assert (tries.reason is None) == ("podFailurePolicy" in changes)


@pytest.mark.parametrize("changes", [{}, {"parallelism": 3, "completionMode": "Indexed"}, {"activeDeadlineSeconds": 5000}])
def test_circles_of_rounds_are_as_long_as_each_round_by_itself(changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    of = job(**{"completions": 3000, **changes})
    quick = predict(of).run("succeed", 1.0)
    monkeypatch.setattr(Pace, "alternates_to", lambda self, nth: nth - 1)
    assert predict(of).run("succeed", 1.0) == quick


@pytest.mark.parametrize("bias", [-1, 0, 1])
def test_ends_are_lost_in_turns_up_to_where_it_is_said(bias: int) -> None:
    pace, nth = Pace(bias), 1
    while nth < 3000:
        end = min(pace.alternates_to(nth), 3000)
        assert all(pace.loses(n) != pace.loses(n + 1) for n in range(nth + 1, end))
        nth = end + 1
