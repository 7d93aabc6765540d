"""Syncs that delete what earlier runs have copied: which files of a volume have a date in their names."""

from __future__ import annotations

import pytest

from .helper import report_of

JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {name: backup}
spec:
  template:
    spec:
      restartPolicy: Never
      volumes: [{name: out, emptyDir: {}}]
      containers:
      - name: main
        image: rclone/rclone:1.66
        volumeMounts: [{name: out, mountPath: /out}]
        command: [sh, -c]
        args:
        - |
          set -e
"""


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["pg_dump db > /out/$(date +%F).sql"], True),
        (["NOW=$(date +%F)", "pg_dump db > /out/${NOW}.sql"], True),
        (["NOW=$(date +%F)", "pg_dump db > /out/$NOWHERE.sql"], False),  # another variable
        (["cat <<END", "=== $(date)", "END", "pg_dump db > /out/all.sql"], False),
    ],
)
def test_files_with_a_date(lines: list[str], found: bool) -> None:
    text = JOB + "".join(f"          {line}\n" for line in [*lines, "rclone sync /out remote:backup"])
    report = report_of(text, select=("JL969",))
    assert not report.crashes
    assert [f.rule for f in report.findings] == ["JL969"] * found


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([], True),
        (["apk add rclone", "mkdir -p /out/site"], True),
        (["hugo"], False),  # may write to it
        (["cp -r /site /out"], False),
        (["echo page > /out/index.html"], False),
        (["PAGE=$(curl -fsS http://web)"], False),
    ],
)
def test_an_empty_source(lines: list[str], found: bool) -> None:
    text = JOB + "".join(f"          {line}\n" for line in [*lines, "rclone sync /out remote:site"])
    report = report_of(text, select=("JL969",))
    assert [f.message.partition(":")[0] for f in report.findings] == ["`rclone sync /out remote"] * found


def test_another_container_fills_the_source() -> None:
    text = JOB + "          rclone sync /out remote:site\n"
    init = "      initContainers: [{name: fill, image: hugo:1.0.0, volumeMounts: [{name: out, mountPath: /site}]}]\n"
    assert report_of(text, select=("JL969",)).findings
    assert not report_of(text.replace("      containers:\n", init + "      containers:\n"), select=("JL969",)).findings
