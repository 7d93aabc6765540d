"""Timelines show every attempt of the simulation, to scale, and nothing else."""

from __future__ import annotations

import pytest

from joblint.explain.explanation import Told
from joblint.report.explain.timeline import MOST_BARS, short, ticks, timeline
from tests.report.explain_helper import ETL, job, one

MANIFESTS = [
    ETL,
    job(),
    job("completions: 3\nparallelism: 2"),
    job("parallelism: 4"),
    job("completions: 4\nparallelism: 2\ncompletionMode: Indexed\nbackoffLimitPerIndex: 1\nttlSecondsAfterFinished: 5"),
    job("backoffLimit: 3", restart="OnFailure"),
    job("suspend: true"),
    job("completions: 0"),
]


def all_told(manifest: str, **options: object) -> dict[str, Told]:
    return {t.name: t for t in one(manifest, **options).scenarios}


@pytest.mark.parametrize("manifest", MANIFESTS)
@pytest.mark.parametrize("name", ["succeed", "fail", "hang", "evict", "node", "pending"])
def test_each_pod_and_restart_is_a_bar_within_the_axis(manifest: str, name: str) -> None:
    told = all_told(manifest)[name]
    line = timeline(told, one(manifest).limits)
    assert len(line.bars) == told.run.pods + told.run.restarts
    assert sorted([b.n for row in line.rows for b in row.bars]) == [b.n for b in line.bars]
    for bar in line.bars:
        assert 0 <= bar.start <= bar.end <= line.until
    for row in line.rows:
        assert all(a.end <= b.start for a, b in zip(row.bars, row.bars[1:], strict=False))
    outcomes = [b.outcome for b in line.bars]
    assert outcomes.count("succeeded") == told.run.final.succeeded


def test_how_tries_end() -> None:
    told = all_told(ETL)
    assert [b.outcome for b in timeline(told["fail"]).bars] == ["failed"] * 5
    assert [b.outcome for b in timeline(told["hang"]).bars] == ["killed"]
    assert [b.outcome for b in timeline(told["pending"]).bars] == ["pending"]
    assert [b.outcome for b in timeline(told["evict"]).bars] == ["killed", "succeeded"]
    assert [b.outcome for b in timeline(all_told(job())["hang"]).bars] == ["running"]


def test_the_waits_are_the_back_off() -> None:
    waits = [end - start for start, end in timeline(all_told(job())["fail"]).gaps]
    assert [round(w, -1) for w in waits] == [10, 20, 40, 80, 160, 320]


def test_marks_on_the_axis_and_beyond_it() -> None:
    e = one(ETL)
    line = timeline(e.scenarios[0], e.limits)
    assert [(m.kind, m.text) for m in line.marks] == [("end", "deadline: Failed after 4m59s to 5m")]
    assert [(m.kind, m.text) for m in line.beyond] == [("limit", "backoffLimit would fail it at 10m39s")]


def test_the_ttl_is_a_mark() -> None:
    e = one(job("backoffLimit: 0\nttlSecondsAfterFinished: 1"))
    line = timeline(e.scenarios[0], e.limits)
    assert [m.kind for m in line.marks] == ["end", "gone"]
    assert line.marks[1].at == e.scenarios[0].run.job_deleted_at


def test_very_many_pods_are_a_curve_that_never_exceeds_parallelism() -> None:
    line = timeline(all_told(job(f"completions: {MOST_BARS + 1}\nparallelism: 7"))["succeed"])
    assert line.bars == () and line.rows == ()
    assert max(count for _, count in line.load) == 7
    assert [t for t, _ in line.load] == sorted({t for t, _ in line.load})


def test_a_job_that_tries_for_ever_shows_its_beginning() -> None:
    never_counted = "podFailurePolicy: {rules: [{action: Ignore, onExitCodes: {operator: In, values: [1]}}]}"
    line = timeline(all_told(job(never_counted))["fail"])
    assert line.endless
    assert len(line.bars) == 12
    assert line.tries > 500


@pytest.mark.parametrize("until", [1.0, 2.0, 37.0, 300.0, 4000.0, 86400.0 * 3, 1e7, 1e10])
def test_ticks_are_few_and_lie_on_the_axis(until: float) -> None:
    found = ticks(until, 8)
    assert 1 <= len(found) <= 9
    assert found[0] == 0 and found[-1] <= until


def test_short_times() -> None:
    assert [short(t) for t in (0, 45, 300, 5400, 86400 * 2, 90061)] == ["0", "45s", "5m", "1h30m", "2d", "25h1m"]


def test_the_end_has_a_soft_edge_within_the_axis() -> None:
    line = timeline(all_told(job("backoffLimit: 2"))["fail"])
    assert line.soft is not None and line.finish is not None
    assert line.soft[0] <= line.finish <= line.soft[1] <= line.until


TWO = job("backoffLimit: 4", restart="OnFailure").replace(
    "        - name: main\n", '        - name: other\n          image: "b:1"\n        - name: main\n'
)


def test_containers_that_are_restarted_on_their_own_have_a_row_each() -> None:
    told = all_told(TWO)["fail"]
    line = timeline(told)
    assert [row.label for row in line.rows] == ["other", "main"]
    assert len(line.bars) == 2 + told.run.restarts
    for row in line.rows:
        assert all(a.end <= b.start for a, b in zip(row.bars, row.bars[1:], strict=False))


def test_a_dozen_pods_at_once_are_counted() -> None:
    line = timeline(all_told(job("completions: 12\nparallelism: 12"))["succeed"])
    assert max(count for _, count in line.load) == 12
