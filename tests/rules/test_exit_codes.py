"""Exit codes that are not failures: which commands of a script decide whether it fails, and when a commit may be empty."""

from __future__ import annotations

import pytest

from .helper import report_of

JOB = """\
apiVersion: batch/v1
kind: CronJob
metadata: {name: export}
spec:
  schedule: "0 4 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - name: main
            image: alpine/git:2.45.2
            command: [sh, -c]
            args:
            - |
"""
COMMIT = "git commit -m update"


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["set -e", COMMIT, "git push"], True),
        ([COMMIT, "git push"], False),
        ([f"git add . && {COMMIT}"], True),  # the exit code of the script
        (["set -e", f"{COMMIT} && git push", "echo done"], False),  # set -e ignores a failure before &&
        (["set -e", f"if {COMMIT}; then git push; fi"], False),
        (["set -e", f"{COMMIT} | cat"], False),
        (["set -eo pipefail", f"{COMMIT} | cat", "git push"], True),
        (["set -e", "set +e", COMMIT, "git push"], False),
        (["set -e", f"( {COMMIT} )", "git push"], True),
        (["set -e", "save() {", f"  {COMMIT}", "  git push", "}", "save"], True),
        (["set -e", "save() {", f"  {COMMIT}", "  git push", "}", "save || echo nothing"], False),
        (["set -e", f"for d in a b; do cd $d; {COMMIT}; done"], True),
        (["set -e", f"! {COMMIT}"], False),
        (["set -e", f"{COMMIT} &", "wait"], False),
        (["set -e", "git commit --allow-empty -m update"], False),
        (["set -e", 'test -n "$(git status --porcelain)" || exit 0', COMMIT], False),
        (["set -e", "date > updated", COMMIT], False),
        (["set -e", "DAY=$(date +%F)", 'git commit -m "of $DAY"'], True),
        (["set -e", "DAY=$(date +%F)", "cp a b-$DAY", 'git commit -m "of $DAY"'], False),
        (["set -e", "mysqldump -h db shop > shop.sql", COMMIT], False),  # contains the time of the dump
    ],
)
def test_a_commit_without_changes(lines: list[str], found: bool) -> None:
    text = JOB + "".join(f"              {line}\n" for line in lines)
    assert bool(report_of(text, select=("JL225",)).findings) is found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("redis-cli -h cache FLUSHALL", True),
        ("redis-cli -e -h cache FLUSHALL", False),
        ("redis-cli -h cache FLUSHALL > /tmp/response", False),
        ("redis-cli -h cache FLUSHALL | grep -q OK", False),
        ("redis-cli -h cache -n 1 DBSIZE", False),
        ("redis-cli -h cache CONFIG GET maxmemory", False),
        ("redis-cli -h cache < /data/commands", True),
        ("redis-cli -h cache --pipe < /data/commands", False),
        ("redis-cli -h cache SET lock 1 NX EX 60", False),
        ("redis-cli -h cache FLUSHALL || true", False),
    ],
)
def test_an_error_of_redis(line: str, found: bool) -> None:
    text = JOB + "".join(f"              {one}\n" for one in ("set -e", line, "/app/load"))
    assert bool(report_of(text, select=("JL226",)).findings) is found


@pytest.mark.parametrize(
    ("policy", "lines", "found"),
    [
        ("Allow", ["flock -n /tmp/a.lock /app/work"], True),
        ("Forbid", ["flock -n /tmp/a.lock /app/work"], False),
        ("Allow", ["LOCK=/tmp/a.lock", 'flock -w 10 "$LOCK" /app/work'], True),
        ("Allow", ["(", "  flock -n 9 || exit 1", "  /app/work", ") 9>/tmp/a.lock"], True),
        ("Allow", ["exec 9>/data/a.lock", "flock -n 9 || exit 0", "/app/work"], False),
        ("Allow", ["if [ -e /tmp/a.lock ]; then exit 0; fi", "touch /tmp/a.lock", "/app/work"], True),
    ],
)
def test_a_lock_of_one_pod(policy: str, lines: list[str], found: bool) -> None:
    mount = "            volumeMounts: [{name: data, mountPath: /data}]\n"
    volume = "          volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]\n"
    text = JOB.replace("  jobTemplate", f"  concurrencyPolicy: {policy}\n  jobTemplate")
    text += "".join(f"              {line}\n" for line in lines) + mount + volume
    assert bool(report_of(text, select=("JL529",)).findings) is found
