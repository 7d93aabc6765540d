"""Markdown of explanations: complete tables that no manifest can break out of."""

from __future__ import annotations

from joblint.report.explain.markdown import render
from tests.report.explain_helper import ETL, NIGHTLY, OFTEN, explained, job


def markdown(manifest: str) -> str:
    return "\n".join(render(explained(manifest)))


def test_a_job() -> None:
    lines = markdown(ETL).splitlines()
    assert lines[:3] == ["## Job etl-load", "", "`job.yaml:1`, Kubernetes 1.36"]
    assert "| `activeDeadlineSeconds` | 300 | **reached first: fails the Job at 5m, even if retries are left** |" in lines
    assert "| reached first | activeDeadlineSeconds after 4m59s to 5m, before backoffLimit (10m39s); " in "\n".join(lines)
    scenarios = [line.split(" | ")[0] for line in lines if line.startswith(("| program", "| a Pod", "| no"))]
    assert scenarios == ["| program fails", "| program succeeds", "| program hangs", "| a Pod is evicted", "| no node fits"]


def test_a_cronjob() -> None:
    assert "| 2026-11-22T02:30:00+01:00 | 2026-11-22T01:30:00Z | nightly-29921850 |" in markdown(NIGHTLY)


def test_overlaps_that_come_to_the_same_are_told_once() -> None:
    found = markdown(OFTEN)
    assert found.count("each start kills the previous run") == 1
    assert "every attempt fails (10m33s to 10m41s), or if a run never ends: each start kills the previous run" in found


def test_a_refused_job() -> None:
    assert '- unknown field "spec.backofLimit"' in markdown(job("backofLimit: 3"))


def test_names_cannot_leave_their_cell() -> None:
    found = markdown(job().replace("name: j\n", "name: 'a|b <img src=x> `c`'\n"))
    assert "a\\|b &lt;img src=x&gt; \\`c\\`" in found
    assert "<img" not in found
