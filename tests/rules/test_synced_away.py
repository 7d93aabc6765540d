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
