"""The test of the date that a fix proposes is true on exactly the days of the schedule, in a real shell."""

from __future__ import annotations

import subprocess

import pytest

from joblint.rules.checks.cronjob.date_tests import only_on

from .helper import report_of

DAYS = [
    list(range(1, 8)),
    list(range(8, 15)),
    list(range(25, 32)),
    list(range(1, 32, 2)),
    list(range(2, 31, 2)),
    [1, 15],
    [13],
    [31],
    [8, 9],
    list(range(1, 31)),
]


@pytest.mark.parametrize("days", DAYS, ids=str)
def test_true_on_exactly_these_days(days: list[int]) -> None:
    every = " ".join([f"{day:02}" for day in range(1, 32)])
    script = f"for day in {every}; do ( date() {{ echo $day; }}; {only_on(days)}; echo $day ); done"
    run = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert list(map(int, run.stdout.split())) == days and not run.stderr


@pytest.mark.parametrize(
    ("schedule", "kept", "test"),
    [
        ("0 0 */2 * 1", "0 0 * * 1", "*[13579]"),
        ("30 6 1-7 6 fri", "30 6 * 6 fri", "-le 7"),
        ("0 4 1,15 1-6 2", "0 4 * 1-6 2", "01|15"),
    ],
)
def test_the_fix_keeps_the_rest_of_the_schedule(schedule: str, kept: str, test: str) -> None:
    manifest = (
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec:\n"
        f'  schedule: "{schedule}"\n'
        "  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: m, image: 'a:1'}]}}}}\n"
    )
    (finding,) = [f for f in report_of(manifest).findings if f.rule == "JL504"]
    assert f'"{kept}"' in finding.fix_text and test in finding.fix_text
