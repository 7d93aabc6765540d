"""What a fix says to type can be typed: nothing in it is cut off, breaks its line, or is refused in its turn."""

from __future__ import annotations

import pytest

from .helper import report_of

CRON = """\
apiVersion: batch/v1
kind: CronJob
metadata:
  name: nightly
spec:
  schedule: "0 3 * * *"
  timeZone: Etc/UTC
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      completionMode: NonIndexed
      template:
        spec:
          restartPolicy: Never
          dnsPolicy: Default
          containers:
          - name: main
            image: perl:5.34.0
            imagePullPolicy: Always
"""


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ('"0 3 * * *"', "5", 'schedule: "30 3 * * 1-5"    at 03:30, Monday to Friday, for example'),
        ("Forbid", "no", "Set concurrencyPolicy to Allow, Forbid or Replace."),
        ("NonIndexed", "1", "Set completionMode to NonIndexed or Indexed."),
        ("Never", "off", "Set restartPolicy to OnFailure or Never."),
        ("Default", "true", "Set dnsPolicy to ClusterFirstWithHostNet, ClusterFirst, Default or None."),
        ("Always", "yes", "Set imagePullPolicy to Always, IfNotPresent or Never."),
        ("Etc/UTC", "2", 'Write another value: "2" is also rejected.'),
    ],
)
def test_quotes_that_do_not_help_are_not_advised(right: str, wrong: str, words: str) -> None:
    (finding,) = [f for f in report_of(CRON.replace(right, wrong)).findings if f.severity == "error"]
    assert (finding.rule, finding.fix_text, finding.fix) == ("JL106", words, None)


@pytest.mark.parametrize(("right", "wrong"), [("main", "on"), ("perl:5.34.0", "5.34"), ("nightly", "1e3")])
def test_quotes_that_help_are(right: str, wrong: str) -> None:
    (finding,) = [f for f in report_of(CRON.replace(right, wrong)).findings if f.severity == "error"]
    assert finding.fix_text == f'"{wrong}"' and finding.fix is not None and finding.fix.safe


def test_a_value_of_several_lines_is_moved_rather_than_quoted() -> None:
    annotation = "  annotations:\n    vault.hashicorp.com/agent-inject-template-db: |\n      {{ with secret }}\n      x\n"
    manifest = CRON.replace("  name: nightly\n", "  name: nightly\n" + annotation)
    (finding,) = [f for f in report_of(manifest).findings if f.rule == "JL619"]
    assert finding.fix_text == "Move it to spec.jobTemplate.spec.template.metadata.annotations."


@pytest.mark.parametrize(
    ("script", "extra", "words"),
    [
        ("echo", "hello", '"echo hello"    as the only argument after -c'),
        ("docker ps --filter label=job --format", "{{.Names}}", '"docker ps --filter label=job --format {{.Names}}"'),
        ("docker ps --all --no-trunc --filter label=job --format", "{{.Names}}", "Move `{{.Names}}` into the script."),
        ("docker ps\ndocker images --all --no-trunc --filter label=job --format", "-q x", "Move `-q x` into the script."),
    ],
)
def test_a_script_is_written_out_or_not_at_all(script: str, extra: str, words: str) -> None:
    from json import dumps

    command = dumps(["sh", "-c", script, extra])
    manifest = CRON.replace("            imagePullPolicy: Always\n", f"            command: {command}\n")
    (finding,) = [f for f in report_of(manifest).findings if f.rule == "JL711"]
    assert finding.fix_text.startswith(words)


@pytest.mark.parametrize(
    ("script", "rule", "words"),
    [
        ("load; echo ok", "JL704", "Start the script with set -e, or join the commands with &&: load && echo ok"),
        (f"load {'x' * 50}; echo ok", "JL704", "Start the script with set -e, or join the commands with &&"),
        ("load || echo no && exit 1", "JL709", "load || { echo no; exit 1; }"),
        ("load || true", "JL702", "load        without the `||`; to print a message first: load || { echo failed; exit 1; }"),
        (
            f"load {'x' * 50} || true",
            "JL702",
            "Remove the `||` and what follows it; to print a message first, write instead: || { echo failed; exit 1; }",
        ),
        (
            f"load {'x' * 50} || echo no && exit 1",
            "JL709",
            "Group what follows ||, as in: <command> || { echo failed; exit 1; }",
        ),
    ],
)
def test_long_commands_are_not_cut_in_what_is_to_be_typed(script: str, rule: str, words: str) -> None:
    from json import dumps

    manifest = CRON.replace("            imagePullPolicy: Always\n", f"            command: {dumps(['sh', '-c', script])}\n")
    (finding,) = [f for f in report_of(manifest).findings if f.rule == rule]
    assert finding.fix_text == words


@pytest.mark.parametrize("line", ["exit 42", "cd /data", "export A=b", "source env.sh"])
def test_a_builtin_in_one_string_needs_a_shell(line: str) -> None:
    from json import dumps

    manifest = CRON.replace("            imagePullPolicy: Always\n", f"            command: {dumps([line])}\n")
    (finding,) = [f for f in report_of(manifest).findings if f.rule == "JL710"]
    assert finding.fix is None and finding.fix_text == dumps(["sh", "-ec", line])


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ("0 3 * * 7", 'schedule: "0 3 * * 0"'),
        ("0 3 * * 5-7", 'schedule: "0 3 * * 5-6,0"'),
        ("0 3 * * MONDAY-FRIDAY", 'schedule: "0 3 * * 1-5"'),
        ("0 24 * * *", 'schedule: "0 0 * * *"'),
        ("0 0 3 * * ?", 'schedule: "0 3 * * ?"    without the seconds'),
        ("0 3 * * * 2027", 'schedule: "0 3 * * *"    without the year'),
        ("0 0 3 ? * MON *", 'schedule: "0 3 ? * MON"    without the seconds and the year'),
        ("H H * * *", 'schedule: "17 3 * * *"'),
        ("@every 1d", 'schedule: "@every 24h"'),
        ("@Daily", 'schedule: "@daily"'),
        ("@reboot", "kind: Job    runs once"),
        ("0 3 L * *", 'schedule: "30 3 * * 1-5"    at 03:30, Monday to Friday, for example'),
        ("0 3 * *", 'schedule: "0 3 * * *"    with the fifth field'),
    ],
)
def test_the_schedule_that_was_meant(schedule: str, words: str) -> None:
    (finding,) = [f for f in report_of(CRON.replace("0 3 * * *", schedule)).findings if f.severity == "error"]
    assert (finding.rule, finding.fix_text) == ("JL125", words)
    if words.startswith("schedule:"):
        right = CRON.replace("0 3 * * *", words.split('"')[1])
        assert [f.rule for f in report_of(right).findings if f.severity == "error"] == []


@pytest.mark.parametrize(
    ("zone", "words", "safe"),
    [
        ("Europe/Berln", "timeZone: Europe/Berlin", False),
        ("america/new york", "timeZone: America/New_York", True),
        ("NewYork", "timeZone: America/New_York", False),
        ("Tokyo", "timeZone: Asia/Tokyo", False),
        ("PST", "timeZone: Etc/UTC    or a city's zone, such as Europe/Berlin", None),
        ("UTC+2", "timeZone: Etc/UTC    or a city's zone, such as Europe/Berlin", None),
    ],
)
def test_the_zone_that_was_meant(zone: str, words: str, safe: bool | None) -> None:
    (finding,) = [f for f in report_of(CRON.replace("Etc/UTC", zone)).findings if f.severity == "error"]
    assert (finding.rule, finding.fix_text) == ("JL127", words)
    assert (finding.fix.safe if finding.fix is not None else None) is safe


@pytest.mark.parametrize(
    ("cpu", "words"),
    [("500mi", "cpu: 500m"), ("250 millicores", "cpu: 250m"), ("2 cores", "cpu: 2"), ("1gb", "cpu: 500m"), ("1x", "cpu: 500m")],
)
def test_a_processor_has_no_bytes(cpu: str, words: str) -> None:
    limits = f"            resources: {{limits: {{cpu: {cpu}}}}}\n"
    manifest = CRON.replace("            imagePullPolicy: Always\n", limits)
    (finding,) = [f for f in report_of(manifest).findings if f.rule == "JL109"]
    assert finding.fix_text == words
    assert (finding.fix is not None) == (words != "cpu: 500m" or cpu == "500mi")


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("completions: 4", "completionMode: Indexed"),
        ("parallelism: 3", "completionMode: Indexed\ncompletions: 3    the number of indexes"),
        ("backoffLimit: 3", "completionMode: Indexed\ncompletions: 5    the number of indexes"),
    ],
)
def test_no_field_is_advised_a_second_time(spec: str, words: str) -> None:
    plain = CRON.replace("      completionMode: NonIndexed\n", f"      {spec}\n")
    index = plain.replace(
        "            imagePullPolicy: Always\n", '            command: [sh, -c, "load $JOB_COMPLETION_INDEX"]\n'
    )
    (finding,) = [f for f in report_of(index).findings if f.rule == "JL403"]
    assert finding.fix_text == words
    limit = plain.replace("      template:\n", "      backoffLimitPerIndex: 1\n      template:\n")
    (finding,) = [f for f in report_of(limit).findings if f.rule == "JL120"]
    assert finding.fix_text == words


def test_a_zone_in_the_schedule_becomes_its_own_field() -> None:
    manifest = CRON.replace("0 3 * * *", "CRON_TZ=Asia/Tokyo 15 4 * * *").replace("  timeZone: Etc/UTC\n", "")
    (finding,) = [f for f in report_of(manifest).findings if f.severity == "error"]
    assert (finding.rule, finding.fix_text) == ("JL126", 'schedule: "15 4 * * *"\ntimeZone: Asia/Tokyo')


@pytest.mark.parametrize(
    ("schedule", "seconds"), [("0 3 * * *", 200), ("*/5 * * * *", 150), ("* * * * *", 30), ("@every 10s", 10)]
)
@pytest.mark.parametrize(("deadline", "rule"), [(0, "JL515"), (5, "JL516")])
def test_a_deadline_for_late_starts_is_below_the_period(schedule: str, seconds: int, deadline: int, rule: str) -> None:
    manifest = CRON.replace("0 3 * * *", schedule).replace("Etc/UTC", f"Etc/UTC\n  startingDeadlineSeconds: {deadline}")
    (finding,) = [f for f in report_of(manifest).findings if f.rule == rule]
    assert finding.fix_text.startswith(f"startingDeadlineSeconds: {seconds}    ")


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ("{value: a}", "name: <variable-name>"),
        ("{name: A, value: a, valueFrom: {fieldRef: {fieldPath: metadata.name}}}", "Remove value, or remove valueFrom."),
        ("{name: A, valueFrom: {}}", "valueFrom:\n  secretKeyRef:\n    name: <secret-name>\n    key: <key>"),
        ("{name: A=B, value: a}", "Correct the field shown in the message."),
    ],
)
def test_what_is_wrong_with_a_variable(env: str, words: str) -> None:
    manifest = CRON.replace("            imagePullPolicy: Always\n", f"            env: [{env}]\n")
    (finding,) = [f for f in report_of(manifest).findings if f.severity == "error"]
    assert (finding.rule, finding.fix_text) == ("JL130", words)


@pytest.mark.parametrize(
    ("probe", "words"),
    [
        ('{httpGet: {path: /, port: "80"}}', "port: 80    without quotes"),
        ('{tcpSocket: {port: "0443"}}', "port: 443    without quotes"),
        ("{exec: {command: [a]}, tcpSocket: {port: 80}}", "Keep exactly one handler: exec, httpGet, tcpSocket or grpc."),
        ("{periodSeconds: 3}", "Add a handler (exec, httpGet, tcpSocket or grpc), or remove it."),
    ],
)
def test_what_is_wrong_with_a_probe(probe: str, words: str) -> None:
    manifest = CRON.replace("            imagePullPolicy: Always\n", f"            livenessProbe: {probe}\n")
    (finding,) = [f for f in report_of(manifest).findings if f.severity == "error"]
    assert (finding.rule, finding.fix_text) == ("JL132", words)
    assert (finding.fix is not None) == words.startswith("port")


@pytest.mark.parametrize(
    ("field", "value", "seconds"),
    [
        ("activeDeadlineSeconds", "10m", 600),
        ("activeDeadlineSeconds", "1h30m", 5400),
        ("ttlSecondsAfterFinished", "1d", 86400),
        ("ttlSecondsAfterFinished", '"90s"', 90),
        ("activeDeadlineSeconds", "ten minutes", None),
        ("backoffLimit", "10m", None),
    ],
)
def test_a_duration_where_seconds_are_wanted(field: str, value: str, seconds: int | None) -> None:
    manifest = CRON.replace("      completionMode: NonIndexed\n", f"      {field}: {value}\n")
    (finding,) = [f for f in report_of(manifest).findings if f.severity == "error"]
    plain = value.strip('"')
    assert finding.rule == "JL106"
    assert finding.fix_text == (f"{field}: {seconds}    {plain} in seconds" if seconds else "Write an integer.")
    assert (finding.fix is not None and finding.fix.safe) == (seconds is not None)
