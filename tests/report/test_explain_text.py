"""What `jobs-explain` tells at a terminal: each statement holds for the simulation, and two screens are enough."""

from __future__ import annotations

import pytest

from joblint.report.explain.text import render
from joblint.report.style import Style
from joblint.run.explain import explain_files
from tests.report.explain_helper import ETL, NIGHTLY, OFTEN, job, one, text_of


def test_an_ordinary_job() -> None:
    assert text_of(ETL).splitlines()[:14] == [
        "Job etl-load  (job.yaml:1, Kubernetes 1.36)",
        "One Pod at a time, until one succeeds.  A failed attempt gets a new Pod (restartPolicy: Never); the",
        "logs of all attempts are kept.",
        "",
        "  limit                    value    effect",
        "  activeDeadlineSeconds    300      reached first: fails the Job at 5m, even if retries are left",
        "  backoffLimit             6        7 attempts, but only 5 start before the deadline",
        "  ttlSecondsAfterFinished  not set  Job, Pods and logs are kept until somebody deletes them",
        "",
        "  the program fails after 1s, in every attempt",
        "  0                1m                2m               3m                4m              5m",
        "  1--2-----3-----------4-----------------------5-----------------------------------------X",
        "  1 start of attempt 1   - waiting   X failed",
        "  Failed after 4m59s to 5m · DeadlineExceeded (activeDeadlineSeconds) · 5 Pods created, 5 failed ·",
    ]


ORDINARY = [ETL, NIGHTLY, job(), job("completions: 6\nparallelism: 3\ncompletionMode: Indexed"), job(restart="OnFailure")]


@pytest.mark.parametrize("manifest", ORDINARY)
def test_one_screen(manifest: str) -> None:
    lines = text_of(manifest, style=Style(False, False, 120)).splitlines()
    assert len(lines) <= 40
    assert max(len(line) for line in lines) <= 120


@pytest.mark.parametrize("manifest", [*ORDINARY, OFTEN, job("completions: 40\nparallelism: 12\nbackoffLimit: 60")])
@pytest.mark.parametrize("width", [60, 72, 80])
def test_a_narrow_terminal_breaks_nothing(manifest: str, width: int) -> None:
    for boxes in (False, True):
        lines = text_of(manifest, style=Style(False, boxes, width)).splitlines()
        assert [line for line in lines if len(line) > width] == []


def test_a_narrow_table_has_its_words_below_the_limit() -> None:
    lines = text_of(ETL, style=Style(False, False, 60)).splitlines()
    at = lines.index("  activeDeadlineSeconds    300")
    assert lines[at + 1 : at + 3] == ["    reached first: fails the Job at 5m, even if retries are", "    left"]


@pytest.mark.parametrize("pods", [9, 24, 40])
@pytest.mark.parametrize("restart", ["Never", "OnFailure"])
def test_many_pods_are_drawn_and_counted(pods: int, restart: str) -> None:
    found = text_of(job(f"completions: {pods}\nparallelism: {pods}\nbackoffLimit: {3 * pods}", restart=restart))
    lines = found.splitlines()
    curve = lines[lines.index(f"  up to {pods} Pods at the same time") - 1]
    assert curve.startswith("  #") and curve.endswith("X")


@pytest.mark.parametrize("manifest", ORDINARY)
def test_full_tells_what_is_the_same_for_nearly_every_job_too(manifest: str) -> None:
    short, full = text_of(manifest), text_of(manifest, full=True)
    for words in ("Job pattern: ", "  deleted  ", "  what is kept  ", "  applied again  "):
        assert words in full and words not in short


@pytest.mark.parametrize("manifest", [ETL, NIGHTLY, job(), job("completions: 6\nparallelism: 3\ncompletionMode: Indexed")])
def test_two_screens_at_most(manifest: str) -> None:
    lines = text_of(manifest, full=True).splitlines()
    assert len(lines) <= 100
    assert max(len(line) for line in lines) <= 100


@pytest.mark.parametrize("manifest", [ETL, NIGHTLY, job(), job("parallelism: 0"), job("backofLimit: 3"), job("suspend: true")])
def test_brief_is_five_lines_at_most(manifest: str) -> None:
    assert 3 <= len(text_of(manifest, brief=True).splitlines()) <= 5


def test_brief_names_the_limit_that_wins() -> None:
    assert "reached first  activeDeadlineSeconds after 4m59s to 5m, before backoffLimit (10m39s)" in text_of(ETL, brief=True)


@pytest.mark.parametrize(
    ("spec", "wins"),
    [
        ("activeDeadlineSeconds: 300", "activeDeadlineSeconds after 4m59s to 5m, before backoffLimit (10m39s)"),
        ("activeDeadlineSeconds: 900", "backoffLimit after 10m33s to 10m41s, before activeDeadlineSeconds (15m)"),
        ("backoffLimit: 0", "backoffLimit after 3s to 5s; without activeDeadlineSeconds nothing limits a Pod that hangs"),
        ("completions: 2\ncompletionMode: Indexed\nbackoffLimitPerIndex: 0", "backoffLimitPerIndex after "),
        (
            "podFailurePolicy: {rules: [{action: Ignore, onExitCodes: {operator: In, values: [1]}}]}",
            "none: failing attempts are retried until",
        ),
    ],
)
def test_which_limit_wins_and_when(spec: str, wins: str) -> None:
    assert dict(one(job(spec)).notes)["reached first"].startswith(wins)


@pytest.mark.parametrize("spec", ["activeDeadlineSeconds: 0", "suspend: true", "parallelism: 0", "managedBy: example.com/q"])
def test_no_limit_wins_where_no_pod_runs(spec: str) -> None:
    assert "reached first" not in dict(one(job(spec)).notes)


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
    told = scenario(ETL, "hang")
    assert told.startswith("the deadline stops the Pod, which counts as failed: Failed after 5m to 5m2s")
    assert " (up to 30s later if the program ignores SIGTERM) · " in told
    assert scenario(job(), "hang").startswith(
        "the Pod runs indefinitely, and nothing stops it: the Job never finishes; kubectl get jobs shows Running 0/1"
    )


def test_a_pod_that_no_node_takes() -> None:
    assert scenario(ETL, "pending").startswith(
        "the deadline also applies while the Pod is Pending; the Pod then counts as failed: Failed after 5m"
    )
    assert scenario(job(), "pending").startswith(
        "the Pod stays Pending indefinitely, which is not a failure: the Job never finishes"
    )


@pytest.mark.parametrize("restart", ["Never", "OnFailure"])
def test_a_lost_pod_is_deleted_and_replaced(restart: str) -> None:
    found = scenario(job(restart=restart), "evict")
    assert found.startswith("it counts as a failed attempt, and a new Pod replaces it: Complete after")
    assert "2 Pods created, 1 failed" in found


def test_a_lost_pod_of_a_work_queue_is_not_replaced_after_a_success() -> None:
    found = scenario(job("parallelism: 3"), "evict")
    assert found.startswith("it counts as a failed attempt, and no Pod replaces it: Complete")


def test_a_lost_pod_may_be_ignored() -> None:
    ignored = "podFailurePolicy: {rules: [{action: Ignore, onPodConditions: [{type: DisruptionTarget}]}]}"
    assert scenario(job(ignored), "evict").startswith(
        "it does not count as a failed attempt, and a new Pod replaces it: Complete"
    )


def test_kubectl_s_line_stands_at_the_end_and_promises_no_duration_of_a_failed_job() -> None:
    found = " ".join(text_of(job("backoffLimit: 1")).split())
    assert "2 Pods created, 2 failed · kubectl get jobs shows Failed 0/1 program succeeds" in found


def test_the_node_of_a_pod_dies() -> None:
    found = scenario(job(), "node")
    assert found.startswith(
        "the Pod is deleted after 5m41s to 5m57s but stays Terminating, and a new Pod replaces it. The Job becomes "
    )
    assert (
        "make sure that it is shut down, then run kubectl delete node <node>. Until then, kubectl get jobs shows "
        "SuccessCriteriaMet 1/1 (CompletionsReached)" in found
    )
    kept = scenario(job("podReplacementPolicy: Failed"), "node")
    assert "is replaced only when the node is deleted" in kept


def test_a_run_that_does_not_fit_a_pod_s_deadline_is_said_to_never_fit() -> None:
    found = scenario(job("backoffLimit: 0", pod="activeDeadlineSeconds: 600"), "succeed", run=1200.0)
    assert found.startswith("such a run is too long: each Pod is stopped 10m after its start: Failed after 10m")


@pytest.mark.parametrize(("limit", "then"), [(0, "no other Pod follows"), (3, "a new Pod follows")])
def test_what_follows_a_pod_s_own_deadline(limit: int, then: str) -> None:
    rows = one(job(f"backoffLimit: {limit}", pod="activeDeadlineSeconds: 600")).limits
    assert next(r.here for r in rows if r.name.startswith("template")).endswith(f"it counts as a failed attempt, and {then}")


def test_pid_1_without_a_handler_ignores_sigterm() -> None:
    sleeps = 'command: ["sleep", "3600"]'
    found = scenario(job("activeDeadlineSeconds: 60", container=sleeps), "hang")
    told = '(container "main" ignores SIGTERM and is killed 30s later), which counts as failed: Failed after 1m30s to 1m32s'
    assert told in found
    shared = scenario(job("activeDeadlineSeconds: 60", pod="shareProcessNamespace: true", container=sleeps), "hang")
    assert " (up to 30s later if the program ignores SIGTERM) · " in shared


def test_a_liveness_probe_ends_a_hang() -> None:
    probe = 'livenessProbe: {exec: {command: ["true"]}, periodSeconds: 5}'
    never, again = job(container=probe), job(restart="OnFailure", container=probe)
    assert scenario(never, "hang").startswith(
        "killed by its livenessProbe, which fails the attempt (a program that exits with 0 on SIGTERM succeeds "
    )
    assert scenario(again, "hang").startswith("killed by its livenessProbe, and restarted: Failed")


def test_a_container_that_never_ends_does_not_go_well() -> None:
    endless = job(container='command: ["sleep", "infinity"]')
    assert scenario(endless, "succeed").startswith(
        'container "main" never ends by itself (sleep infinity): the Job never finishes'
    )


def test_scheduling_gates_are_named() -> None:
    gated = job(pod="schedulingGates: [{name: x.io/g}]")
    assert "for the scheduling gate x.io/g to be removed, which is not a failure" in scenario(gated, "pending")
    assert dict(one(gated).notes)["reached first"].startswith("none: its Pods wait until their scheduling gates")


def test_a_suspended_job_tells_what_comes_once_it_is_resumed() -> None:
    found = text_of(job("suspend: true\nbackoffLimit: 0"))
    assert "in every scenario" in found
    assert "every attempt fails" not in found.split("once resumed")[0]
    assert "if every attempt fails, Failed after 3s to 5s · BackoffLimitExceeded" in " ".join(found.split())


def test_a_resumed_job_without_pods_is_not_said_to_be_suspended() -> None:
    words = " ".join(text_of(job("suspend: true\nparallelism: 0")).split())
    assert "once resumed the Job never finishes; kubectl get jobs shows Running 0/1, whatever the program does" in words


def test_restarts_in_place_without_end() -> None:
    found = text_of(job("completions: 2\ncompletionMode: Indexed\nbackoffLimitPerIndex: 1", restart="OnFailure"))
    assert "indefinitely." in found
    assert "when a limit is reached" not in found


def test_pods_side_by_side_have_a_row_each() -> None:
    lines = text_of(job("completions: 4\nparallelism: 2\ncompletionMode: Indexed\nbackoffLimitPerIndex: 1")).splitlines()
    rows = [line for line in lines if line.startswith("  index ")]
    assert len(rows) == 4
    assert all(row.count("X") == 2 for row in rows)


def test_very_many_pods_are_a_curve() -> None:
    found = text_of(job("completions: 2000\nparallelism: 100"), scenario="succeed")
    assert "up to 100 Pods at the same time" in found
    assert len(found.splitlines()) < 60


def test_the_axis_ends_with_the_last_moment() -> None:
    axis = next(line for line in text_of(job("backoffLimit: 6")).splitlines() if line.startswith("  0  "))
    assert axis.endswith("10m40s")


def test_colours_do_not_change_the_width() -> None:
    import re

    plain = text_of(ETL, style=Style(False, True, 100))
    coloured = text_of(ETL, style=Style(True, True, 100))
    assert "\x1b[31m✗" in coloured
    assert re.sub("\x1b\\[[0-9]*m", "", coloured) == plain


def test_a_refused_job_is_told_once_fixed() -> None:
    found = text_of(job("backofLimit: 3"))
    assert 'The API server rejects this Job:\n  unknown field "spec.backofLimit"\nAfter the fix:' in found
    assert "every attempt fails" in found


def test_names_cannot_speak_to_the_terminal() -> None:
    found = text_of(job().replace("name: j\n", 'name: "a\\u001b[31m\\nb"\n'))
    assert "\x1b" not in found
    assert "\\x1b[31m\\nb" in found


def test_the_next_starts_of_a_cronjob() -> None:
    found = text_of(NIGHTLY)
    assert "2026-11-22T02:30:00+01:00   2026-11-22T01:30:00Z   Job nightly-29921850" in found
    assert "if a run never ends: it blocks all later starts" in found


def test_nothing_to_explain_is_said() -> None:
    assert text_of("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n") == (
        "No Job or CronJob to explain.\n\nNot explained: 1 object of another kind."
    )


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ("Allow", "runs overlap, up to 3 at the same time"),
        ("Forbid", "the next start waits until it has ended; 5 of the next 12 starts are skipped"),
        ("Replace", "each start kills the previous run; 11 of the next 12 are killed, none finishes"),
    ],
)
def test_a_failing_run_that_outlasts_the_period(policy: str, says: str) -> None:
    often = NIGHTLY.replace("30 2 * * *", "*/5 * * * *").replace("Forbid", policy).replace("backoffLimit: 2", "backoffLimit: 6")
    overlaps = one(often).schedule.overlaps  # type: ignore[union-attr]
    assert overlaps[0].text.startswith("if every attempt fails (10m33s to 10m41s): ")
    assert overlaps[0].text.endswith(says)
    assert {how for _, _, how in overlaps[0].jobs} <= {"failed", "replaced", "running"}


@pytest.mark.parametrize("restart", ["Never", "OnFailure"])
def test_a_limit_that_is_none(restart: str) -> None:
    e = one(job("backoffLimit: 2147483647", restart=restart))
    assert [r.here for r in e.limits if r.name == "backoffLimit"] == ["never reached: failing attempts are retried indefinitely"]


def test_a_time_that_is_up_says_no_more_than_that() -> None:
    assert scenario(job(), "hang", until=30.0).startswith(
        "not finished within the simulated time: 1 Pod so far; kubectl get jobs shows Running"
    )


def test_too_many_pods_are_no_success() -> None:
    many = job("completions: 300000\nparallelism: 5000")
    told = scenario(many, "succeed")
    assert told.startswith("the result is not known: only the first ") and "Complete" not in told
    assert "by then 1500 succeeded, 0 failed; at that pace it takes about " in told and told.endswith("to reach 300000")
    assert scenario(many, "hang").endswith("the Job runs until somebody deletes it")
    bounded = job("completions: 300000\nparallelism: 5000\nactiveDeadlineSeconds: 60")
    assert scenario(bounded, "succeed").endswith("activeDeadlineSeconds fails it after 1m at the latest")


def test_indexes_that_fail_for_good_do_not_fail_indefinitely() -> None:
    many = job("completions: 100000\nparallelism: 1000\ncompletionMode: Indexed\nbackoffLimitPerIndex: 2")
    assert "the result is not known: only the first " in " ".join(text_of(many).split())


def test_a_deadline_beyond_all_time_still_ends_the_job() -> None:
    found = scenario(job("activeDeadlineSeconds: 1000000000000\nbackoffLimit: 2147483647"), "hang")
    assert found.startswith("the deadline stops the Pod") and "Failed after" in found


def test_gated_pods_wait_whatever_they_would_do() -> None:
    gated = job().replace("      restartPolicy", "      schedulingGates: [{name: example.com/quota}]\n      restartPolicy")
    found = " ".join(text_of(gated).split())
    assert "in every scenario" in found and "program hangs" not in found
    assert "the Pod waits for the scheduling gate example.com/quota to be removed, which is not a failure" in found
    assert "gates removed if the program succeeds, Complete after 3s to 5s" in found
    bounded = " ".join(text_of(gated.replace("spec:\n", "spec:\n  activeDeadlineSeconds: 100\n", 1)).split())
    assert "the Pod waits for the scheduling gate example.com/quota until the deadline and counts as failed" in bounded


def test_a_pod_is_evicted_before_its_own_deadline_stops_it() -> None:
    own = job("backoffLimit: 0").replace("      restartPolicy", "      activeDeadlineSeconds: 600\n      restartPolicy")
    told = scenario(own, "evict", run=1200.0)
    assert told.startswith("it counts as a failed attempt, and there is no retry: Failed after 5m1s")


def test_a_pod_that_never_ends_is_replaced_when_it_is_lost() -> None:
    endless = job(container='command: ["sleep", "infinity"]')
    assert scenario(endless, "evict").startswith("it counts as a failed attempt, and a new Pod replaces it: the Job never")
    assert "stays Terminating, and a new Pod replaces it: the Job never finishes" in scenario(endless, "node")
    kept = job("podReplacementPolicy: Failed", container='command: ["sleep", "infinity"]')
    assert "stays Terminating, and is replaced only when the node is deleted" in scenario(kept, "node")


def test_a_job_that_deletes_itself_runs_again_when_it_is_applied_again() -> None:
    assert dict(one(job("ttlSecondsAfterFinished: 0")).notes)["applied again"].startswith(
        "it is created again, and it runs again"
    )


@pytest.mark.parametrize(
    ("annotation", "says"),
    [
        ("helm.sh/hook: pre-upgrade", "Helm runs the hook again at each pre-upgrade, and first deletes the Job"),
        (
            "{helm.sh/hook: pre-upgrade, helm.sh/hook-delete-policy: hook-succeeded}",
            "Helm creates the hook at each of its events (helm.sh/hook: pre-upgrade); with the delete policy hook-succeeded",
        ),
        ("argocd.argoproj.io/hook: PreSync", "Argo CD runs the hook again at each sync (PreSync), and first deletes the Job"),
        (
            "{argocd.argoproj.io/hook: PreSync, argocd.argoproj.io/hook-delete-policy: HookSucceeded}",
            "Argo CD does not delete a hook before it runs again (argocd.argoproj.io/hook: PreSync)",
        ),
        ("argocd.argoproj.io/sync-options: 'Force=true,Replace=true'", "Argo CD runs kubectl replace --force at each sync"),
        ("argocd.argoproj.io/sync-options: Force=true", "if the API server rejects a change, Argo CD deletes the Job"),
        ("kustomize.toolkit.fluxcd.io/force: enabled", "if the API server rejects a change, Flux deletes the Job"),
    ],
)
def test_a_hook_runs_again_as_its_tool_does_it(annotation: str, says: str) -> None:
    annotations = annotation if annotation.startswith("{") else f"{{{annotation}}}"
    manifest = (
        job()
        .replace("metadata:\n", f"metadata:\n  annotations: {annotations}\n")
        .replace("metadata: {", f"metadata: {{annotations: {annotations}, ", 1)
    )
    found = " ".join(text_of(manifest).split())
    assert says in found
    assert "delete it first, or use generateName" not in found


def test_what_kubectl_does_is_the_same_for_nearly_every_job() -> None:
    assert "applied again" not in text_of(job())
    assert "delete it first, or use generateName" in " ".join(text_of(job(), full=True).split())


def test_the_rules_of_policies_are_listed() -> None:
    on_exit = "{action: FailJob, onExitCodes: {operator: In, values: [3, 4]}}"
    on_condition = "{action: Ignore, onPodConditions: [{type: DisruptionTarget}]}"
    found = text_of(job(f"podFailurePolicy: {{rules: [{on_exit}, {on_condition}]}}"))
    assert "exit codes 3 and 4: FailJob; DisruptionTarget: Ignore" in " ".join(found.split())
    indexed = "completionMode: Indexed\ncompletions: 3\nparallelism: 3\n"
    one_rule = text_of(job(indexed + 'successPolicy: {rules: [{succeededIndexes: "0-1", succeededCount: 1}]}'))
    assert "as soon as 1 of the indexes 0-1 has succeeded" in " ".join(one_rule.split())


def test_objects_that_were_saved_long_ago_are_recognized() -> None:
    """A back-off that should have ended hours ago: the list is probably of that time."""
    meta = '"name": "j", "namespace": "n", "uid": "u", "resourceVersion": "1", "creationTimestamp": "2026-01-01T00:00:00Z"'
    pod = '{"restartPolicy": "Never", "containers": [{"name": "m", "image": "i:1"}]}'
    ended = '{"phase": "Failed", "containerStatuses": [{"name": "m", "state": {"terminated": {"exitCode": 1, "finishedAt": '
    ended += '"2026-01-01T00:00:05Z", "startedAt": "2026-01-01T00:00:04Z"}}}]}'
    owner = '"ownerReferences": [{"kind": "Job", "uid": "u", "controller": true}]'
    live = f"""{{"apiVersion": "v1", "kind": "List", "items": [
      {{"apiVersion": "batch/v1", "kind": "Job", "metadata": {{{meta}}}, "spec": {{"template": {{"spec": {pod}}}}},
        "status": {{"failed": 1, "startTime": "2026-01-01T00:00:00Z"}}}},
      {{"apiVersion": "v1", "kind": "Pod", "metadata": {{{meta.replace('"u"', '"p"')}, {owner}}}, "status": {ended}}}]}}"""

    def at(seconds: float) -> str:
        start = 1767225600.0  # 2026-01-01T00:00:00Z
        found = explain_files([("live.json", live.encode())], "1.36", now=start + seconds)
        return "\n".join(render(found, Style(False, False, 100), False))

    assert "--now" not in at(8)
    found = at(7200)
    assert "the latest time in these objects is 2026-01-01T00:00:05Z, 119m ago; if they were saved then," in found
    assert "--now 2026-01-01T00:00:05Z shows the state at that time" in found


@pytest.mark.parametrize(
    ("spec", "reached"),
    [
        ("backoffLimit: 9000", "backoffLimit after at least 62d11h"),
        (
            "backoffLimit: 9000\nactiveDeadlineSeconds: 3000000",
            "activeDeadlineSeconds after 34d17h, before backoffLimit (at least 62d11h)",
        ),
        (
            "backoffLimit: 9000\nactiveDeadlineSeconds: 6000000",
            "backoffLimit after at least 62d11h, or activeDeadlineSeconds after 69d10h",
        ),
    ],
)
def test_a_limit_after_more_than_a_month_is_named(spec: str, reached: str) -> None:
    words = " ".join(text_of(job(spec)).split())
    assert f"it still retries after 30d (4319 Pods); the Job fails by {reached}" in words
    assert f"reached first {reached}" in words
    assert "the 9001st counted failure fails the Job" in words and "are not counted" not in words


def test_a_long_job_that_mostly_succeeds_is_not_said_to_retry() -> None:
    words = " ".join(text_of(job("completions: 50000\nparallelism: 2"), run=14400.0).split())
    evicted = words.split("a Pod is evicted")[1].split("no node fits")[0]
    assert "the result is not known: only the first" in evicted and "retries" not in evicted
