"""A suspended Job is a warning unless the file shows that somebody resumes it."""

from __future__ import annotations

import pytest

from .helper import report_of

JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {name: load}
spec:
  suspend: true
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: registry.example.com/load:1.4.2}]
"""


@pytest.mark.parametrize(
    ("old", "new", "severity"),
    [
        ("", "", "warning"),
        ("{name: load}", "{name: load-manual}", "info"),
        ("suspend: true", "suspend: true  # resumed by the pipeline", "info"),
        ("{name: load}", "{name: load, labels: {app.kubernetes.io/name: load}}", "warning"),
        ("{name: load}", "{name: load, labels: {batch.example.com/owner: armada}}", "info"),
    ],
)
def test_severity(old: str, new: str, severity: str) -> None:
    assert [f.severity for f in report_of(JOB.replace(old, new), select=("JL411",)).findings] == [severity]
