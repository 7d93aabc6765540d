"""What `jobs-explain` tells at a terminal: each statement holds for the simulation, and two screens are enough."""

from __future__ import annotations

import pytest

from joblint.report.style import Style
from tests.report.explain_helper import ETL, NIGHTLY, job, one, text_of


def test_an_ordinary_job_in_full() -> None:
    assert text_of(ETL).splitlines()[:15] == [
        "Job etl-load  (job.yaml:1, Kubernetes 1.36)",
        "One Pod at a time, until one succeeds.  A failed attempt gets a new Pod (restartPolicy: Never); logs",
        "of all attempts stay.",
        "Pattern: one Job per work item: one Pod does one thing; many things are many Jobs made from one",
        "template.",
        "",
        "  limit                    value    here",
        "  activeDeadlineSeconds    300      < wins: everything ends at 5m0s, retries or not",
        "  backoffLimit             6        7 tries, but only 5 begin before the deadline",
        "  ttlSecondsAfterFinished  not set  Job, Pods and logs stay until somebody deletes them",
        "",
        "  every attempt fails after 1s",
        "  0                1m                2m               3m                4m            5m0s",
        "  1--2-----3-----------4-----------------------5-----------------------------------------X",
        "  Failed · DeadlineExceeded at 5m0s (activeDeadlineSeconds) · 5 Pods created · 5 failed · kubectl",
    ]


@pytest.mark.parametrize("manifest", [ETL, NIGHTLY, job(), job("completions: 6\nparallelism: 3\ncompletionMode: Indexed")])
def test_two_screens_at_most(manifest: str) -> None:
    lines = text_of(manifest).splitlines()
    assert len(lines) <= 100
    assert max(len(line) for line in lines) <= 100


@pytest.mark.parametrize("manifest", [ETL, NIGHTLY, job(), job("parallelism: 0"), job("backofLimit: 3"), job("suspend: true")])
def test_brief_is_five_lines_at_most(manifest: str) -> None:
    assert 3 <= len(text_of(manifest, brief=True).splitlines()) <= 5


def test_brief_names_the_limit_that_wins() -> None:
    assert "limit        activeDeadlineSeconds at 5m0s, before backoffLimit at 10m39s" in text_of(ETL, brief=True)


@pytest.mark.parametrize(
    ("spec", "wins"),
    [
        ("activeDeadlineSeconds: 300", "activeDeadlineSeconds at 5m0s, before backoffLimit at 10m39s"),
        ("activeDeadlineSeconds: 900", "backoffLimit at 10m39s, before activeDeadlineSeconds at 15m0s"),
        ("backoffLimit: 0", "backoffLimit at 3s; without activeDeadlineSeconds nothing ends a Pod that hangs"),
        ("completions: 2\ncompletionMode: Indexed\nbackoffLimitPerIndex: 0", "backoffLimitPerIndex at "),
        (
            "podFailurePolicy: {rules: [{action: Ignore, onExitCodes: {operator: In, values: [1]}}]}",
            "none: failing attempts go on indefinitely",
        ),
    ],
)
def test_which_limit_wins_and_when(spec: str, wins: str) -> None:
    assert dict(one(job(spec)).notes)["which limit wins"].startswith(wins)


@pytest.mark.parametrize("spec", ["activeDeadlineSeconds: 0", "suspend: true", "parallelism: 0", "managedBy: example.com/q"])
def test_no_limit_wins_where_no_pod_runs(spec: str) -> None:
    assert "which limit wins" not in dict(one(job(spec)).notes)


@pytest.mark.parametrize("limit", [0, 1, 2, 3, 4, 6])
def test_the_limit_by_itself_is_the_run_without_a_deadline(limit: int) -> None:
    free = one(job(f"backoffLimit: {limit}"))
    bound = one(job(f"backoffLimit: {limit}\nactiveDeadlineSeconds: 5"))
    by_name = {r.name: r for r in bound.limits}
    assert by_name["backoffLimit"].at == next(t for t in free.scenarios if t.name == "fail").end.at
    assert by_name["activeDeadlineSeconds"].at == 5


def scenario(manifest: str, name: str, **options: object) -> str:
    return next(t for t in one(manifest, **options).scenarios if t.name == name).text


def test_a_pod_that_hangs() -> None:
    assert scenario(ETL, "hang").startswith("the deadline kills the Pod, counted as failed: Failed · DeadlineExceeded at 5m1s")
    assert scenario(job(), "hang").startswith(
        "the Pod runs indefinitely, nothing ends it: no condition, no end; kubectl get jobs: Running 0/1"
    )


def test_a_pod_that_no_node_takes() -> None:
    assert scenario(ETL, "pending").startswith("Pending runs out the deadline, too; the Pod counts as failed: Failed · ")
    assert scenario(job(), "pending").startswith("the Pod stays Pending indefinitely, which is no failure: no condition, no end")


@pytest.mark.parametrize("restart", ["Never", "OnFailure"])
def test_a_lost_pod_is_deleted_and_replaced(restart: str) -> None:
    found = scenario(job(restart=restart), "lost")
    assert found.startswith("it counts as a failed attempt, and a new Pod takes its place: Complete · CompletionsReached")
    assert "2 Pods created · 1 failed" in found


def test_a_lost_pod_of_a_work_queue_is_not_replaced_after_a_success() -> None:
    assert scenario(job("parallelism: 3"), "lost").startswith(
        "it counts as a failed attempt, and no other takes its place: Complete"
    )


def test_a_lost_pod_may_be_ignored() -> None:
    ignored = "podFailurePolicy: {rules: [{action: Ignore, onPodConditions: [{type: DisruptionTarget}]}]}"
    assert scenario(job(ignored), "lost").startswith("not counted, and a new Pod takes its place: Complete")


def test_the_line_of_kubectl_stands_at_each_end() -> None:
    assert scenario(job("backoffLimit: 1"), "fail").endswith("kubectl get jobs: Failed 0/1 14s")
    assert scenario(job("completions: 3"), "succeed").endswith("kubectl get jobs: Complete 3/3 9s")


def test_a_suspended_job_tells_what_comes_once_it_is_resumed() -> None:
    found = text_of(job("suspend: true\nbackoffLimit: 0"))
    assert "whatever the Pods would do" in found
    assert "every attempt fails" not in found.split("once resumed")[0]
    assert "if every attempt fails, Failed · BackoffLimitExceeded" in " ".join(found.split())


def test_restarts_in_place_without_end() -> None:
    found = text_of(job("completions: 2\ncompletionMode: Indexed\nbackoffLimitPerIndex: 1", restart="OnFailure"))
    assert "without end." in found
    assert "at the limit" not in found


def test_pods_side_by_side_have_a_row_each() -> None:
    lines = text_of(job("completions: 4\nparallelism: 2\ncompletionMode: Indexed\nbackoffLimitPerIndex: 1")).splitlines()
    rows = [line for line in lines if line.startswith("  index ")]
    assert len(rows) == 4
    assert all(row.count("X") == 2 for row in rows)


def test_very_many_pods_are_a_curve() -> None:
    found = text_of(job("completions: 2000\nparallelism: 100"), scenario="succeed")
    assert "up to 100 Pods at once" in found
    assert len(found.splitlines()) < 60


def test_the_axis_ends_with_the_last_moment() -> None:
    axis = next(line for line in text_of(job("backoffLimit: 6")).splitlines() if line.startswith("  0  "))
    assert axis.endswith("10m39s")


def test_colours_do_not_change_the_width() -> None:
    import re

    plain = text_of(ETL, style=Style(False, True, 100))
    coloured = text_of(ETL, style=Style(True, True, 100))
    assert "\x1b[31m✗" in coloured
    assert re.sub("\x1b\\[[0-9]*m", "", coloured) == plain


def test_a_refused_job_is_told_once_mended() -> None:
    found = text_of(job("backofLimit: 3"))
    assert 'The API server rejects it as it stands:\n  unknown field "spec.backofLimit"\nOnce that is fixed:' in found
    assert "every attempt fails" in found


def test_names_cannot_speak_to_the_terminal() -> None:
    found = text_of(job().replace("name: j\n", 'name: "a\\u001b[31m\\nb"\n'))
    assert "\x1b" not in found
    assert "\\x1b[31m\\nb" in found


def test_the_next_starts_of_a_cronjob() -> None:
    found = text_of(NIGHTLY)
    assert "2026-11-22T02:30:00+01:00   2026-11-22T01:30:00Z   Job nightly-29921850" in found
    assert "a run that never ends blocks all later ones" in found


def test_nothing_to_explain_is_said() -> None:
    assert text_of("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n") == (
        "No Job or CronJob to explain.\n\nNot explained: 1 of other kinds."
    )


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ("Allow", "they overlap, up to 3 at once"),
        ("Forbid", "the next start waits; 6 Jobs started and 5 starts skipped in 12 periods"),
        ("Replace", "each start kills the one before; 11 of 12 were killed, 0 finished in 12 periods"),
    ],
)
def test_a_failing_run_that_outlasts_the_period(policy: str, says: str) -> None:
    often = NIGHTLY.replace("30 2 * * *", "*/5 * * * *").replace("Forbid", policy).replace("backoffLimit: 2", "backoffLimit: 6")
    overlaps = one(often).schedule.overlaps  # type: ignore[union-attr]
    assert overlaps[0].text.startswith("runs whose every attempt fails, for 10m39s (the period is 5m0s): ")
    assert overlaps[0].text.endswith(says)
    assert {how for _, _, how in overlaps[0].jobs} <= {"failed", "replaced", "running"}


@pytest.mark.parametrize("restart", ["Never", "OnFailure"])
def test_a_limit_that_is_none(restart: str) -> None:
    e = one(job("backoffLimit: 2147483647", restart=restart))
    assert [r.here for r in e.limits if r.name == "backoffLimit"] == ["never reached: failing attempts go on without end"]


def test_a_time_that_is_up_says_no_more_than_that() -> None:
    assert scenario(job(), "hang", until=30.0).startswith(
        "still going on when the time was up: 1 Pod so far; kubectl get jobs: Running"
    )
