"""A rule that is left out and explains a refusal: no worse finding comes in its place."""

from __future__ import annotations

import pytest

from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.engine import Engine
from joblint.run.check import check_text

from .helper import report_of

JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: pi
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: perl:5.34.0
"""


def _rules(manifest: str, **how: tuple[str, ...]) -> set[str]:
    engine = Engine(chosen(builtin(), Selection(**how), "1.36"), "1.36")  # type: ignore[arg-type]
    return {f.rule for f in check_text(engine, manifest.encode(), "job.yaml").findings if f.severity == "error"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: pi", "name: Load_Data"),
        ("      restartPolicy: Never\n", ""),
        ("restartPolicy: Never", "restartPolicy: Always"),
        ("spec:\n  template", "spec:\n  backofLimit: 3\n  template"),
        ("spec:\n  template", 'spec:\n  backoffLimit: "3"\n  template'),
        ("spec:\n  template", "spec:\n  backoffLimit: -3\n  template"),
    ],
)
def test_no_other_rule_tells_of_it(old: str, new: str) -> None:
    manifest = JOB.replace(old, new)
    (rule,) = {f.rule for f in report_of(manifest).findings if f.severity == "error"}
    assert not _rules(manifest, ignore=(rule,))
    if rule != "JL199":
        assert _rules(manifest, select=("JL199",)) == {"JL199"}
