"""Many files: the same report from one process as from several, in the order of the files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from joblint.base.files import find
from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.engine import Engine
from joblint.run.check import check_files

JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: job-{n}
spec:
  activeDeadlineSeconds: {deadline}
  template:
    spec:
      restartPolicy: {policy}
      containers:
      - name: main
        image: perl:5.34.0
"""


def _engine() -> Engine:
    return Engine(chosen(builtin(), Selection(), "1.36"), "1.36")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="one process is all there is here")
def test_processes_change_nothing(tmp_path: Path) -> None:
    for n in range(60):
        policy = ("Never", "OnFailure", "Always", "${POLICY}")[n % 4]
        (tmp_path / f"{n:03}.yaml").write_text(JOB.format(n=n, deadline=100 * n, policy=policy))
    (tmp_path / "007.yaml").write_bytes(b"kind: Job\nmetadata: [\n")
    files = find((str(tmp_path),)).files
    one, many = check_files(_engine(), files, jobs=1), check_files(_engine(), files, jobs=3)
    assert one == many
    assert one.files == 60 and len({c.file for c in one.documents}) == 60
    assert [f.file for f in one.findings] == sorted(f.file for f in one.findings)


def test_folders_are_walked_in_order_and_files_read_once(tmp_path: Path) -> None:
    for name in ("b.yaml", "a/x.yml", "a/y.JSON", ".git/z.yaml", "notes.txt", "node_modules/n.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    found = find((str(tmp_path), str(tmp_path / "b.yaml"), str(tmp_path / "notes.txt"), str(tmp_path / "gone")))
    assert [os.path.relpath(f, tmp_path) for f in found.files] == ["a/x.yml", "a/y.JSON", "b.yaml", "notes.txt"]
    assert [(os.path.basename(p), why) for p, why in found.missing] == [("gone", "No such file or directory")]


def test_a_link_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    """In a folder it is not walked; named on the command line it is a path that is not there."""
    dead = tmp_path / "dead.yaml"
    dead.symlink_to(tmp_path / "gone.yaml")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = find((str(tmp_path),))
    assert found.files == () and found.missing == () and (str(dead), "a broken link") in found.passed
    assert find((str(dead),)).missing == ((str(dead), "a broken link"),)


def test_a_crashing_rule_is_told_and_the_others_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from joblint.rules.checks.table import CHECKS

    def broken(subject: object) -> object:
        raise ValueError("no idea")

    monkeypatch.setitem(CHECKS, "never-cleaned-up", broken)  # type: ignore[arg-type]
    (tmp_path / "job.yaml").write_text(JOB.format(n=1, deadline=100, policy="Never"))
    report = check_files(_engine(), (str(tmp_path / "job.yaml"),))
    (crash,) = report.crashes
    assert crash.name == "never-cleaned-up" and "no idea" in crash.error
    assert "JL301" in {f.rule for f in report.findings}
