"""Former names of rules: selections, ignores and `joblint rules` still accept them."""

from __future__ import annotations

from pathlib import Path

import pytest

from joblint.cli.commands import run
from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.select import RENAMED, Selection, chosen

JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: load
  annotations:
    helm.sh/hook-weight: "5"  # joblint: ignore[hook-words-without-hook] -- another chart adds the hook
spec:
  activeDeadlineSeconds: 600
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: main
          image: registry.example.com/etl:1.4.2
"""


@pytest.mark.parametrize("former", RENAMED)
def test_a_former_name_selects_its_rule(former: str) -> None:
    assert [rule.id for rule in chosen(builtin(), Selection(select=(former,)), "1.36")] == [RENAMED[former]]
    assert RENAMED[former] not in [rule.id for rule in chosen(builtin(), Selection(ignore=(former,)), "1.36")]


def test_no_former_name_is_the_name_of_a_rule() -> None:
    assert not {rule.name for rule in builtin()} & set(RENAMED)


def test_an_ignore_with_a_former_name_still_works(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "job.yaml"
    file.write_text(JOB, "utf-8")
    assert run(["check", "--format", "concise", str(file)]) == 0
    out = capsys.readouterr().out
    assert "JL625" not in out and "JL015" not in out
    file.write_text(JOB.split("  # joblint")[0] + "\n" + JOB.split("hook\n", 1)[1], "utf-8")
    run(["check", "--format", "concise", str(file)])
    assert "JL625" in capsys.readouterr().out


def test_rules_shows_a_rule_by_its_former_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "time-asked-twice"]) == 0
    assert capsys.readouterr().out.startswith("JL746  date-computed-twice")
