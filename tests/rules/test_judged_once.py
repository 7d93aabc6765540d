"""A file is read once and an object judged once, whatever is then told of it; what is refused is judged again on its way."""

from __future__ import annotations

import pytest

import joblint.api.judge as judging
import joblint.source.documents as documents
from joblint.rules import one_document
from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.engine import Engine
from joblint.run.api import check
from joblint.run.explain import explain_files

GOOD = b"""\
apiVersion: batch/v1
kind: Job
metadata: {name: good}
spec:
  activeDeadlineSeconds: 100
  template: {spec: {restartPolicy: Never, containers: [{name: a, image: "a:1", command: [sh, -c, "x | y"]}]}}
"""
SLIPS = """\
apiVersion: batch/v1
kind: Job
metadata: {name: six}
spec:
  backofLimit: "3"
  completions: "5"
  parallelism: "2"
  suspend: "yes"
  template:
    spec:
      restartPolicy: Alway
      containers: [{name: a, image: "a:1", imagePullPolicy: never, resources: {limits: {memory: 512MB}}}]
"""


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How often something is judged and read."""
    builtin()  # else the rule files are read first
    counts = {"judged": 0, "read": 0}
    judge, each = judging.judge, documents._document

    def judged(*arguments: object) -> object:
        counts["judged"] += 1
        return judge(*arguments)  # type: ignore[arg-type]

    def read(*arguments: object) -> object:
        counts["read"] += 1
        return each(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(judging, "judge", judged)
    monkeypatch.setattr(one_document, "judge", judged)
    monkeypatch.setattr(documents, "_document", read)
    return counts


def test_what_is_accepted(counted: dict[str, int]) -> None:
    assert check(GOOD).findings
    assert counted == {"judged": 1, "read": 1}


def test_the_page_needs_no_second_look(counted: dict[str, int]) -> None:
    engine = Engine(chosen(builtin(), Selection(), "1.36"), "1.36")
    told = explain_files([("good.yaml", GOOD)], "1.36", engine=engine)
    assert told.explanations and told.findings
    assert counted == {"judged": 1, "read": 1}


def test_each_slip_costs_one_judgement_at_most(counted: dict[str, int]) -> None:
    """Seven slips; with the last of them gone the traps behind them are told, too."""
    report = check(SLIPS)
    assert {"JL105", "JL106", "JL109", "JL103", "JL117"} <= {f.rule for f in report.findings}
    assert "JL310" in {f.rule for f in report.findings}
    assert counted["judged"] <= 8 and counted["read"] == 1
