"""CronJob traps in the ways people write them, and CronJobs that are all right."""

from __future__ import annotations

import pytest

from joblint.rules.finding import Finding

from .helper import report_of


def cron(spec: str, job: str = "", command: str = '["load"]', policy: str = "Never") -> str:
    lines = "".join(f"  {line}\n" for line in spec.split("\n"))
    inner = "".join(f"      {line}\n" for line in job.split("\n") if line)
    return f"""apiVersion: batch/v1
kind: CronJob
metadata:
  name: nightly
spec:
{lines}  jobTemplate:
    spec:
{inner}      template:
        spec:
          restartPolicy: {policy}
          containers:
            - name: main
              image: perl:5.34.0
              command: {command}
"""


def found(manifest: str, rule: str) -> list[Finding]:
    report = report_of(manifest)
    assert not report.crashes
    return [f for f in report.findings if f.rule == rule]


def one(manifest: str, rule: str) -> Finding:
    (finding,) = found(manifest, rule)
    return finding


def family(manifest: str) -> set[str]:
    report = report_of(manifest, profile="default")
    assert not report.crashes
    return {f.rule for f in report.findings if f.rule.startswith("JL5") and f.severity != "info"}


@pytest.mark.parametrize(
    ("schedule", "says"),
    [
        ("*/45 * * * *", "45 minutes apart (at :00 and :45), but the next one at :00 comes after 15 minutes"),
        ("*/7 * * * *", "), but the next one at :00 comes after 4 minutes"),
        ("10/25 * * * *", "25 minutes apart (at :10 and :35), but the next one at :10 comes after 35 minutes"),
        ("0-59/25 * * * *", "after 10 minutes"),
        ("0 */5 * * *", "5 hours apart (at 0:00, 5:00, 10:00, 15:00 and 20:00), but the next one at 0:00 comes after 4 hours"),
        ("0 0 */7 * *", "after 1 to 7 days"),
        ("0 0 */2 * *", "after 1 or 2 days"),
        ("0 0 1 */5 *", "5 months apart (in Jan, Jun and Nov), but the next one in Jan comes after 2 months"),
        ("0 0 * * */3", "3 days apart (on Sunday, Wednesday and Saturday), but the next one on Sunday comes after 1 day"),
    ],
)
def test_the_last_gap_is_another_one(schedule: str, says: str) -> None:
    assert says in one(cron(f'schedule: "{schedule}"'), "JL502").message


@pytest.mark.parametrize(
    "schedule", ["*/20 * * * *", "0 */8 * * *", "3/20 * * * *", "*/45 7 * * *", "0,20/20 * * * *", "0 8-18/3 * * *"]
)
def test_even_steps(schedule: str) -> None:
    assert not found(cron(f'schedule: "{schedule}"'), "JL502")


@pytest.mark.parametrize(
    ("schedule", "severity", "says"),
    [
        ("*/90 * * * *", "warning", "once an hour, at :00"),
        ("*/120 * * * *", "warning", '"0 */2 * * *"'),
        ("*/60 * * * *", "info", "once an hour"),
        ("0 */24 * * *", "info", "once a day, at 0:00"),
        ("0 */48 * * *", "warning", "@every 48h"),
        ("0 0 1 */13 *", "warning", "once a year, in Jan"),
        ("0 0 * * */7", "info", "once a week, on Sunday"),
        ("0 0 */40 * *", "warning", "once a month, on day 1"),
    ],
)
def test_a_step_beyond_its_field(schedule: str, severity: str, says: str) -> None:
    finding = one(cron(f'schedule: "{schedule}"'), "JL503")
    assert finding.severity == severity
    assert says in finding.message + finding.fix_text


def test_both_day_fields_count_either() -> None:
    finding = one(cron('schedule: "0 3 1-7 * MON"'), "JL504")
    assert "Monday" in finding.message
    assert "* * MON" in finding.fix_text


@pytest.mark.parametrize("schedule", ["0 0 13 * *", "0 0 * * 5", "0 0 ? * 5", "0 0 */1 * 5", "@weekly"])
def test_one_day_field(schedule: str) -> None:
    assert not found(cron(f'schedule: "{schedule}"'), "JL504")


@pytest.mark.parametrize(
    ("schedule", "starts"),
    [
        ("* 3 * * *", 60),
        ("* 0,12 * * *", 120),
        ("* */6 * * *", 240),
        ("* * 1 * *", 1440),
        ("* * * * 1", 1440),
        ("*/1 3 * * *", 60),
    ],
)
def test_every_minute_of_an_hour(schedule: str, starts: int) -> None:
    assert f"starts {starts} times a day" in one(cron(f'schedule: "{schedule}"'), "JL506").message


def test_changes_of_the_clock_name_a_date() -> None:
    manifest = cron('schedule: "30 2 * * *"\ntimeZone: Europe/Berlin')
    gap = one(manifest, "JL507")
    assert "the clock skips 02:00 to 03:00 on Sunday 2" in gap.message
    assert " that start occurs twice" in gap.message
    assert not report_of(manifest, select=("JL508",)).findings  # one slip, one finding
    overlap = one(cron('schedule: "30 1 * * *"\ntimeZone: America/New_York'), "JL508")
    assert "the start at 01:30 happens twice (05:30 UTC, 06:30 UTC)" in overlap.message
    assert (gap.field, gap.span.line) == ("spec.schedule", 6)
    assert 'schedule: "30 4 * * *"' in gap.fix_text


def test_a_midnight_that_is_left_out() -> None:
    assert "00:00" in one(cron('schedule: "0 0 * * *"\ntimeZone: America/Santiago'), "JL507").message


@pytest.mark.parametrize(
    ("command", "seconds"),
    [
        ('["sleep", "900"]', 900),
        ('["/bin/sleep", "15m"]', 900),
        ('["sh", "-c", "sleep 900"]', 900),
        ('["/bin/bash", "-ec", "load; sleep 600 && sleep 300"]', 900),
        ('["sh", "-euxc", "if true; then sleep 5; fi\\nsleep 900"]', 900),
    ],
)
def test_sleeps_are_a_run_s_least_length(command: str, seconds: int) -> None:
    finding = one(cron('schedule: "*/5 * * * *"', command=command), "JL510")
    assert "3 Jobs always run at the same time: each run takes at least 15m" in finding.message
    assert (finding.severity, finding.confidence) == ("warning", "certain")


@pytest.mark.parametrize(
    "command",
    [
        '["sh", "-c", "load || sleep 900"]',
        '["sh", "-c", "sleep 900 & load"]',
        '["sh", "-c", "while ! ready; do sleep 900; done"]',
        '["sh", "-c", "# sleep 900"]',
        '["sleep", "infinity"]',
        '["sh", "-c", "exit 0; sleep 900"]',
    ],
)
def test_sleeps_that_may_not_come(command: str) -> None:
    assert not found(cron('schedule: "*/5 * * * *"', "activeDeadlineSeconds: 200", command), "JL510")
    assert not [f for f in found(cron('schedule: "*/5 * * * *"', command=command), "JL510") if f.confidence == "certain"]


def test_a_deadline_bounds_what_sleeps() -> None:
    manifest = cron('schedule: "*/5 * * * *"\nconcurrencyPolicy: Forbid', "activeDeadlineSeconds: 290", '["sleep", "3600"]')
    assert not found(manifest, "JL513")


def test_harmless_commands_are_no_warning() -> None:
    manifest = cron('schedule: "* * * * *"', command='["/bin/sh", "-c", "date; echo Hello from the Kubernetes cluster"]')
    assert one(manifest, "JL510").severity == "info"


def test_a_shell_without_a_command_ends_at_once() -> None:
    manifest = (
        cron('schedule: "* * * * *"')
        .replace('              command: ["load"]\n', "")
        .replace("perl:5.34.0", "example.com/busybox:1.36")
    )
    assert one(manifest, "JL510").severity == "info"


def test_an_index_makes_the_name_too_long_for_each_job() -> None:
    job = "completionMode: Indexed\ncompletions: 20\nparallelism: 2\nactiveDeadlineSeconds: 600"
    manifest = cron('schedule: "0 * * * *"', job).replace("name: nightly", "name: " + "n" * 52)
    finding = one(manifest, "JL523")
    assert finding.field == "metadata.name"
    assert not found(manifest.replace("completions: 20", "completions: 10"), "JL523")


def test_an_uneven_schedule_is_counted_by_its_real_starts() -> None:
    finding = one(cron('schedule: "0,5 0 * * *"', command='["sleep", "3600"]'), "JL510")
    assert "starts 5m to 23h55m apart, up to 2 Jobs run at the same time: each run takes at least 1h." in finding.message
    finding = one(cron('schedule: "0,5 0 * * *"\nconcurrencyPolicy: Forbid', command='["sleep", "3600"]'), "JL513")
    assert "the next start may be due during it; it comes late, when the run ends." in finding.message
    finding = one(cron('schedule: "0,5 0 * * *"\nconcurrencyPolicy: Replace', command='["sleep", "3600"]'), "JL512")
    assert "a start that comes 5m later kills it: such a run never finishes" in finding.message


def test_forbid_counts_the_starts_it_skips() -> None:
    spec = 'schedule: "* * * * *"\nconcurrencyPolicy: Forbid'
    finding = one(cron(spec, "activeDeadlineSeconds: 900", '["sleep", "700"]'), "JL513")
    assert (
        "with a start every" in finding.message
        and "11 starts are due during it; one comes late, the others are skipped" in finding.message
    )
    assert finding.severity == "warning"


def test_a_pod_deadline_ends_most_of_what_hangs() -> None:
    manifest = cron('schedule: "0 * * * *"\nconcurrencyPolicy: Forbid').replace(
        "restartPolicy: Never", "restartPolicy: Never\n          activeDeadlineSeconds: 600"
    )
    assert one(manifest, "JL511").severity == "info"


@pytest.mark.parametrize(
    ("schedule", "note"),
    [
        ("@every 30s", "2 starts share"),
        ("@every 1.5s", "counts as 1s"),
        ("@every 0s", "counts as 1s"),
        ("@every 59s", "2 starts"),
    ],
)
def test_every_below_a_minute(schedule: str, note: str) -> None:
    assert note in one(cron(f'schedule: "{schedule}"'), "JL519").message


def test_a_template_s_own_label_is_refused_with_each_job() -> None:
    manifest = cron('schedule: "0 3 * * *"').replace(
        "      template:\n        spec:",
        "      template:\n        metadata:\n          labels: {job-name: nightly}\n        spec:",
    )
    finding = one(manifest, "JL523")
    assert finding.severity == "error"
    assert "{" not in finding.message


def test_equal_schedules_under_other_names_are_one_herd() -> None:
    texts = ('"0 0 * * *"', '"@daily"', '"@midnight"', '"00 00 * * ?"')
    manifests = [cron(f"schedule: {t}").replace("name: nightly", f"name: job-{n}") for n, t in enumerate(texts)]
    finding = one("---\n".join(manifests), "JL524")
    assert "job-0, job-1, job-2, job-3" in finding.message
    assert not found("---\n".join(manifests[:3]), "JL524")
    assert not found("---\n".join([*manifests[:3], manifests[3].replace("schedule:", "suspend: true\n  schedule:")]), "JL524")


@pytest.mark.parametrize(
    "manifest",
    [
        cron(
            'schedule: "17 4 * * *"\ntimeZone: Europe/Berlin\nconcurrencyPolicy: Forbid\nstartingDeadlineSeconds: 600',
            "activeDeadlineSeconds: 7200\nbackoffLimit: 2",
        ),
        cron(
            'schedule: "*/10 * * * *"\nconcurrencyPolicy: Forbid\nsuccessfulJobsHistoryLimit: 1\nfailedJobsHistoryLimit: 3',
            "activeDeadlineSeconds: 540\nbackoffLimit: 1",
        ),
        cron('schedule: "0 9-17 * * MON-FRI"\ntimeZone: Etc/UTC\nconcurrencyPolicy: Replace', "activeDeadlineSeconds: 1800"),
        cron('schedule: "@hourly"', "activeDeadlineSeconds: 1800\nbackoffLimit: 3"),
        cron('schedule: "0 6 1 * *"\ntimeZone: Asia/Tokyo', "activeDeadlineSeconds: 3600"),
        cron('schedule: "*/5 8-18 * * 1-5"', "activeDeadlineSeconds: 240\nbackoffLimit: 0"),
    ],
)
def test_carefully_written_ones_are_left_in_peace(manifest: str) -> None:
    assert family(manifest) == set()


@pytest.mark.parametrize(
    "manifest",
    [
        cron("schedule: 5"),
        cron('schedule: ""'),
        cron("timeZone: 3\nschedule: '* * * * *'"),
        cron("schedule: '*/99999999999999999999 * * * *'"),
        cron("schedule: '0 0 * * *'\nsuccessfulJobsHistoryLimit: 99999999999999999999"),
        cron("schedule: '0 0 * * *'\nstartingDeadlineSeconds: {}", command="[5, {}, null]"),
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec: {schedule: '0 0 * * *', jobTemplate: []}\n",
    ],
)
def test_nothing_makes_a_check_raise(manifest: str) -> None:
    assert not report_of(manifest).crashes


def test_retries_count_the_starts_that_are_lost() -> None:
    """The latest start that is due while a run fails begins at its end: measured, `kubelet/` cron runs under Forbid."""
    retries = "backoffLimit: 6"
    spec = 'schedule: "*/{}"\nconcurrencyPolicy: Forbid'
    waits = one(cron(spec.format("10 * * * *"), retries), "JL514")
    assert "the next start is up to 41s late" in waits.message
    assert waits.severity == "info"
    lost = one(cron(spec.format("5 * * * *"), retries), "JL514")
    assert "1 start is skipped, 1 is late" in lost.message
    assert lost.severity == "warning"
    late = one(cron(spec.format("10 * * * *") + "\nstartingDeadlineSeconds: 20", retries), "JL514")
    assert "1 start is skipped in that time" in late.message


@pytest.mark.parametrize(
    ("schedule", "says"),
    [
        ("0 0 31 * *", "Feb, Apr, Jun, Sep and Nov have no day 31, so nothing starts in those months; 7 starts a year remain."),
        ("0 */6 30 * *", "Feb has no day 30, so nothing starts in that month; 44 starts a year remain."),
        ("0,30 0 31 1-6 *", "Feb, Apr and Jun have no day 31, so nothing starts in those months; 6 starts a year remain."),
        (
            "0 0 29,30,31 * *",
            "Feb (except in leap years) has no day 29, so nothing starts in that month; 29 starts a year remain.",
        ),
    ],
)
def test_starts_that_remain_are_counted(schedule: str, says: str) -> None:
    assert one(cron(f'schedule: "{schedule}"'), "JL505").message == says


@pytest.mark.parametrize(
    ("mount", "spec", "severity"),
    [
        ("{name: data, mountPath: /data}", "", "warning"),
        ("{name: data, mountPath: /data, readOnly: true}", "", "info"),
        ("{name: data, mountPath: /data}", "concurrencyPolicy: Allow\n", "info"),
        ("{name: data, mountPath: /data}", "concurrencyPolicy: Forbid\n", None),
    ],
)
def test_runs_that_pile_up_on_one_claim(mount: str, spec: str, severity: str | None) -> None:
    from .helper import cronjob_of, report_of

    volumes = "          volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]\n"
    manifest = cronjob_of("0 * * * *", spec) + f"            volumeMounts: [{mount}]\n{volumes}"
    found = {f.rule: f.severity for f in report_of(manifest).findings}
    assert found.get("JL510") == severity


@pytest.mark.parametrize(("seconds", "severity"), [(9, "warning"), (10, "info"), (20, "info"), (21, None)])
def test_a_start_that_a_new_leader_may_miss(seconds: int, severity: str | None) -> None:
    from .helper import cronjob_of, report_of

    found = {f.rule: f.severity for f in report_of(cronjob_of("0 3 * * *", f"startingDeadlineSeconds: {seconds}\n")).findings}
    assert found.get("JL516") == severity


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("every 2 hours", 'schedule: "17 */2 * * *"    or correct the comment'),
        ("every 45 minutes", "Correct the comment, or the schedule."),  # */45 starts at minute 0 and 45
        ("every 90 minutes", "Correct the comment, or the schedule."),
        ("weekly", 'schedule: "17 3 * * 0"    or correct the comment'),
        ("every 2 weeks", "Correct the comment, or the schedule."),
        ("every 3 months", "Correct the comment, or the schedule."),
    ],
)
def test_a_schedule_is_suggested_only_where_cron_can_express_the_period(said: str, advice: str) -> None:
    (found,) = [f for f in report_of(cron(f'# runs {said}\nschedule: "17 3 * * *"')).findings if f.rule == "JL527"]
    assert found.fix_text.strip() == advice
