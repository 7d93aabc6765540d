"""Many files: findings are written as they come, and all of them are, whichever other file they depend on."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from joblint.base.files import find
from joblint.cli.check import MANY
from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.rule_files import builtin_rule_files, read_rule_file
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.engine import Engine
from joblint.rules.finding import Finding
from joblint.run import parts
from joblint.run.check import check_files
from joblint.run.withdrawn import HELD

from .run import joblint

POD_SECURITY = """\
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    pod-security.kubernetes.io/enforce: restricted
"""
JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {name: NAME, namespace: shop}
spec:
  activeDeadlineSeconds: 60  # joblint: ignore[JL301, JL309] -- known
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: "shop/import:1"}]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An example of each rule and a corrected one, Jobs with ignores, two of one name in one file, and, last, a Namespace."""
    path = tmp_path_factory.mktemp("manifests")
    (path / ".git").mkdir()
    for name, data in builtin_rule_files():
        rule = read_rule_file(name, data)
        for good, examples in rule["examples"].items():
            (path / f"{rule['id']}-{good}.yaml").write_text(examples[0]["manifest"])
    ignoring = JOB.replace("NAME", "import") + "---\n" + JOB.replace("NAME", "import").replace(":1", ":2")
    (path / "a.yaml").write_text(ignoring)
    (path / "b.yaml").write_text(ignoring.replace("JL309", "same-object-twice"))
    (path / "zz.yaml").write_text(POD_SECURITY)
    (path / ".joblint.yaml").write_text("overrides:\n- names: [pi]\n  ignore: [JL3]\n  reason: known\n")
    assert len(list(path.glob("*.yaml"))) > MANY
    return path


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_all_that_is_found_is_written_once(folder: Path, jobs: str) -> None:
    files = sorted(p.name for p in folder.glob("*.yaml"))
    common = ("check", "--no-cache", "--severity", "info", "--profile", "strict", "--exit-zero")
    streamed = joblint(*common, "--jobs", jobs, "--output", "concise", "--output", "json=found.json", *files, cwd=folder)
    assert streamed.stderr == b""
    *lines, summary = streamed.stdout.decode().splitlines()
    report = json.loads((folder / "found.json").read_bytes())
    assert joblint(*common, "--output", "json=whole.json", *files, cwd=folder).stdout == b""  # nothing that can be streamed
    assert json.loads((folder / "whole.json").read_bytes()) == report
    expected = [f"{f['file']}:{f['line']}:{f['column']}: {f['severity']}:" for f in report["findings"]]
    assert sorted([line.split(": ")[0] + ": " + line.split(": ")[1] + ":" for line in lines]) == sorted(expected)
    restricted = [f for f in report["findings"] if f["file"] == "a.yaml" and "restricted" in f["message"]]
    assert restricted  # the Namespace stands in the last file of all
    assert "ignored (--no-ignores)" in summary


def test_findings_come_before_the_last_file_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = find((os.fspath(folder),)).files
    engine = Engine(chosen(builtin(), Selection(profile="strict"), "1.36"), "1.36")
    read: list[str] = []
    seen: list[tuple[int, Finding]] = []
    real = parts._outcomes
    monkeypatch.setattr(parts, "_outcomes", lambda *a: (read.append(a[2]), real(*a))[1])
    report = check_files(engine, files, 1, watch=lambda findings, several: seen.extend((len(read), f) for f in findings))
    assert len(read) == len(files) and seen[0][0] <= parts.AT_ONCE
    early = {(f.rule, f.file, f.document, f.field, f.message) for _, f in seen}
    late = [f for f in report.findings if (f.rule, f.file, f.document, f.field, f.message) not in early]
    late_rules = {r.id for r in builtin() if r.scope == "folder" or r.name == HELD}
    assert late and all(f.rule in late_rules or os.path.basename(f.file) == "b.yaml" for f in late)
