"""What a finding says to type, and where its caret is: the fix is about this manifest, and can be typed as it is."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

import joblint
from joblint.report.remedy import as_typed

SCRIPT = """\
apiVersion: batch/v1
kind: {kind}
metadata: {{name: x}}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: {image}
        command: [{shell}, -c]
        args:
        - |
{lines}
"""


def _fix(rule: str, *lines: str, image: str = "debian:12", shell: str = "sh") -> str:
    text = SCRIPT.format(kind="Job", image=image, shell=shell, lines="\n".join(["          " + line for line in lines]))
    (finding,) = list(joblint.check(text, select=[rule], profile="strict").findings)
    return finding.fix_text.rstrip("\n")


@pytest.mark.parametrize(
    ("source", "fix"),
    [
        ("openssl rand -hex 16", r"openssl rand -hex 16 | tr -d '\n' | base64 -w0"),
        ('echo "$TOKEN"', 'printf %s "$TOKEN" | base64 -w0'),
        ("echo $TOKEN", 'printf %s "$VALUE" | base64 -w0'),
    ],
)
def test_base64_without_the_line_break(source: str, fix: str) -> None:
    """JL770: the fix is for the program at hand."""
    assert _fix("JL770", "set -e", f'kubectl patch secret db -p "{{\\"data\\":{{\\"pw\\":\\"$({source} | base64)\\"}}}}"') == fix


@pytest.mark.parametrize(
    ("command", "fix"),
    [
        ("grep -oP 'v[0-9]+' /x", "grep -E    without \\d, \\s and lookarounds\nOr install the GNU tools (apk add grep)"),
        ("base64 --decode /x", "base64 -d\nOr install the GNU tools (apk add coreutils)"),
        ("head --lines=3 /x", "head -n <number>\nOr install the GNU tools (apk add coreutils)"),
        ("find / -newermt yesterday", "find … -mtime -<days>    or -newer <file>\nOr install the GNU tools (apk add findutils)"),
    ],
)
def test_what_busybox_supports(command: str, fix: str) -> None:
    """JL742 shows what the program of the finding supports, not a list for all programs."""
    assert _fix("JL742", "set -e", command, image="alpine:3.20").startswith(fix)


def test_sed_without_the_empty_suffix() -> None:
    """JL755 shows the command; its other quotes and spaces stay."""
    assert _fix("JL755", "sed -i '' 's/a  b/c/' /x") == "sed -i 's/a  b/c/' /x"


def test_a_list_that_may_be_empty() -> None:
    """JL764: a variable is tested, the output of a command goes through xargs; rm of a command's output has no pattern."""
    old = "OLD=$(kubectl get jobs | grep Failed)"
    assert _fix("JL764", "set -e", old, "kubectl delete jobs $OLD") == '[ -z "$OLD" ] || kubectl delete jobs $OLD'
    inline = "kubectl delete jobs $(kubectl get jobs | grep Failed)"
    assert _fix("JL764", "set -e", inline) == "kubectl get jobs | grep Failed | xargs -r kubectl delete jobs"
    assert _fix("JL764", "set -e", "rm $(find /b -name '*.gz')") == "find /b -name '*.gz' | xargs -r rm"
    assert _fix("JL764", "set -e", "rm /b/*.gz") == "rm -f /b/*.gz    -f ignores files that do not exist"


def test_arguments_of_a_script() -> None:
    """JL763 shows what to add after the script: `sh -c` makes the first word $0."""
    assert _fix("JL763", "set -eu", 'echo "$2"') == snapshot(
        """\
Pass it after the script, in the same list:
- sh    $0, the name in messages
- <value>    $1
- <value>    $2\
"""
    )


@pytest.mark.parametrize(
    ("shell", "before", "fix"),
    [
        ("sh", "cat /ids", "while read id; do …; done < /ids"),
        ("bash", "cat /ids", "while read id; do …; done < /ids"),
        ("sh", "grep a /ids", "grep a /ids > /tmp/lines\nwhile read id; do …; done < /tmp/lines"),
        ("bash", "grep a /ids", "while read id; do …; done < <(grep a /ids)"),
    ],
)
def test_a_loop_without_a_pipeline(shell: str, before: str, fix: str) -> None:
    """JL739 offers a process substitution only to bash."""
    lines = ("set -e", f"{before} | while read id; do", '  /app "$id" || fail=1', "done", "exit $fail")
    assert _fix("JL739", *lines, shell=shell) == fix


@pytest.mark.parametrize(
    ("client", "statement", "fix"),
    [
        ("mysql -h db -e", "CREATE DATABASE app", "CREATE DATABASE IF NOT EXISTS app …"),
        ("psql -v ON_ERROR_STOP=1 -c", "CREATE DATABASE app", "Check first with a query whether the database exists."),
        ("psql -v ON_ERROR_STOP=1 -c", "CREATE TABLE t (id int)", "CREATE TABLE IF NOT EXISTS t …"),
    ],
)
def test_if_not_exists_where_the_database_has_it(client: str, statement: str, fix: str) -> None:
    """JL224 knows which statements of a database have IF NOT EXISTS."""
    assert _fix("JL224", "set -e", f"{client} '{statement}'", "/app/load") == fix


@pytest.mark.parametrize(
    ("requests", "limits", "fix", "column"),
    [
        ("{nvidia.com/gpu: 1}", "{nvidia.com/gpu: 3}", "requests: {nvidia.com/gpu: 3}    the same as the limit", 38),
        ("{nvidia.com/gpu: 2}", "{cpu: 1}", "limits: {nvidia.com/gpu: 2}    the same as the request", 38),
        ("{cpu: 1}", "{gpu: 1}", "limits: {nvidia.com/gpu: 1}", 20),
        ("{cpu: 1}", "{mem: 1}", "Use cpu, memory, ephemeral-storage, or a name with a domain", 20),
    ],
)
def test_devices_have_equal_requests_and_limits(requests: str, limits: str, fix: str, column: int) -> None:
    """JL131 points at the resource and shows both ways out."""
    text = SCRIPT.format(kind="Job", image="x:1", shell="sh", lines="          ls")
    text += f"        resources:\n          requests: {requests}\n          limits: {limits}\n"
    finding = next(f for f in joblint.check(text, select=["JL131"]).findings)
    assert finding.fix_text.startswith(fix)
    assert finding.span.column == column


def test_the_group_of_a_kind() -> None:
    """JL137 shows the apiVersion of a well-known kind."""
    for kind, advice in (("Deployment", "apiVersion: apps/v1"), ("Role", "apiVersion: rbac.authorization.k8s.io/v1")):
        text = SCRIPT.format(kind=kind, image="x:1", shell="sh", lines="          ls")
        assert joblint.check(text, select=["JL137"]).findings[0].fix_text.strip() == advice


def test_the_caret_is_at_the_command_in_a_block() -> None:
    """A finding on a script in a block scalar is shown at the line that it is about, not at the `|`."""
    job = SCRIPT.format(kind="Job", image="x:1", shell="sh", lines="          set -e\n          kubectl logs deploy/workr")
    text = (
        job
        + "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: worker}\nspec:\n  template:\n    spec: {containers: []}\n"
    )
    (finding,) = joblint.check(text, select=["JL990"]).findings
    assert (finding.span.line, finding.span.column, finding.label) == (15, 11, "not found")
    assert [line for line, _ in finding.excerpt] == [14, 15]


def test_an_alternative_comes_after_what_to_type_first() -> None:
    """A note that begins with `or` is below the first line if it does not fit, other notes are above theirs."""
    assert as_typed("kubectl delete job x    or something else that is long", 40) == [
        "kubectl delete job x",
        "# or something else that is long",
    ]
    assert as_typed("kubectl delete job x    which is something that is long", 40) == [
        "# which is something that is long",
        "kubectl delete job x",
    ]
    assert as_typed("a: 1\na: 2") == ["a: 1", "a: 2  # or this"]


def test_delete_in_the_namespace_of_the_manifest() -> None:
    """JL601: with --ignore-not-found, kubectl would report nothing in another namespace."""
    job = SCRIPT.format(kind="Job", image="x", shell="sh", lines="          ls").replace(
        "{name: x}", "{name: x, namespace: shop}"
    )
    assert "kubectl delete job x -n shop --ignore-not-found" in joblint.check(job, select=["JL601"]).findings[0].fix_text


@pytest.mark.parametrize(
    ("rule", "image", "command", "word"),
    [
        ("JL794", "python:3.12", "[python, -c, 'import os; for f in []: print(f)']", "'import os; for f in []: print(f)'"),
        ("JL965", "amazon/aws-cli:2.22.0", "[aws, s3, sync, /data/file, 's3://b/files', --delete]", "/data/file"),
    ],
)
def test_the_caret_is_at_the_argument(rule: str, image: str, command: str, word: str) -> None:
    """Without a shell, the caret is at the argument that the finding is about, not at the program."""
    text = SCRIPT.format(kind="Job", image=image, shell="sh", lines="          ls").split("        command:")[0]
    text += f"        command: {command}\n        volumeMounts: [{{name: d, mountPath: /data/files}}]\n"
    text += "      volumes: [{name: d, persistentVolumeClaim: {claimName: d}}]\n"
    (finding,) = joblint.check(text, select=[rule]).findings
    line = text.split("\n")[finding.span.line - 1]
    assert line[finding.span.column - 1 : finding.span.end_column - 1] == word


def test_a_host_in_another_namespace_is_not_misspelled() -> None:
    """JL957: the label says what the message says."""
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: data}\nspec: {ports: [{port: 5432}]}\n---\n"
    job = SCRIPT.format(kind="Job", image="x:1", shell="sh", lines="          psql -h db")
    job = job.replace("{name: x}", "{name: x, namespace: shop}") + "        env: [{name: DB_HOST, value: db}]\n"
    labels = [f.label for f in joblint.check(service + job, select=["JL957"]).findings]
    assert labels and set(labels) == {"in another namespace"}


def test_names_of_objects_are_in_quotes() -> None:
    """JL934: the names that a Role allows are names, not words of the sentence."""
    import json
    from pathlib import Path

    lines = (Path(__file__).parents[1] / "data" / "more-traps.jsonl").read_text().splitlines()
    trap = next(t for t in map(json.loads, lines) if t["name"] == "j6-names-of-a-role")
    messages = [f.message for f in joblint.check(trap["bad"], select=["JL934"]).findings]
    assert any('allows only "other")' in message for message in messages)
