"""What a run keeps until its end takes little memory, and is what was put in."""

from __future__ import annotations

from pathlib import Path
from pickle import dumps, loads

import pytest

from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.engine import Engine
from joblint.rules.facts.alike import Alike
from joblint.rules.facts.jobs import JobFacts
from joblint.rules.finding import Whose
from joblint.run import gathered, kept
from joblint.run.check import check_files
from joblint.run.kept import Kept
from joblint.run.packed import Packer
from joblint.run.result import Report

ENGINE = Engine(chosen(builtin(), Selection(), "1.36"), "1.36")
JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {{name: job-{n}, namespace: {space}}}
spec:
  backoffLimit: 6
  activeDeadlineSeconds: 300
  template:
    spec:
      restartPolicy: Never
      serviceAccountName: loader
      containers: [{{name: main, image: "example.com/etl:1.4", args: ["{n}"], envFrom: [{{configMapRef: {{name: etl}}}}]}}]
"""


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "PLAIN", 10)
    monkeypatch.setattr(kept, "BLOCK", 7)


@pytest.mark.parametrize("count", [0, 9, 10, 11, 100])
def test_a_sequence_of_blocks(count: int) -> None:
    items = [Whose("Job", None, f"job-{n}") for n in range(count)]
    found: Kept[Whose] = Kept()
    for item in items:
        found.extend((item,))
    assert list(found) == items == list(found) and len(found) == count and bool(found) is bool(items)
    assert isinstance(found.whole(), tuple) is (count < 17)
    assert list(loads(dumps(found))) == items
    packer = Packer(())
    assert packer.unpack_any(packer.pack_any(found.whole())) == tuple(items)


def test_late_items_are_put_at_their_places() -> None:
    found: Kept[int] = Kept()
    found.extend(range(0, 100, 2))
    found.extend(())
    found.insert([51, 3, 99, 4], lambda n: n)
    assert list(found) == sorted([*range(0, 100, 2), 51, 3, 99, 4])


def _report(folder: Path, watch: list[str] | None = None) -> Report:
    files = tuple(sorted(map(str, folder.iterdir())))

    def see(findings: list[object], several: bool) -> None:
        assert watch is not None
        watch.extend(f.message for f in findings)  # type: ignore[attr-defined]

    return check_files(ENGINE, files, 1, watch=None if watch is None else see)  # type: ignore[arg-type]


def test_a_report_in_blocks_is_the_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(60):
        # Every tenth has the name of the one before: a finding that depends on other files.
        (tmp_path / f"{n:03}.yaml").write_text(JOB.format(n=n - 1 if n % 10 == 5 else n, space=f"team-{n % 10 // 6}"))
    monkeypatch.setattr(gathered, "_FEW", 0)
    found = _report(tmp_path)
    assert isinstance(found.findings, Kept) and isinstance(found.documents, Kept)
    monkeypatch.setattr(kept, "PLAIN", 10_000)
    monkeypatch.setattr(gathered, "_FEW", 10_000)
    plain = _report(tmp_path)
    assert isinstance(plain.findings, tuple)
    assert (tuple(found.findings), tuple(found.documents)) == (plain.findings, plain.documents)
    assert any(f.name == "same-name-twice" for f in plain.findings) or len({f.rule for f in plain.findings}) > 1


def test_what_was_not_reported_meanwhile_is_late(tmp_path: Path) -> None:
    for n in range(30):
        (tmp_path / f"{n:03}.yaml").write_text(JOB.format(n=n % 20, space="shop"))
    seen: list[str] = []
    found = _report(tmp_path, seen)
    assert found.late and sorted([*seen, *[f.message for f in found.late]]) == sorted([f.message for f in found.findings])


def test_equal_needs_are_one_object() -> None:
    from joblint.rules.manifests import read_manifests

    alike = Alike()
    facts = []
    for n in range(3):
        (document,) = read_manifests(JOB.format(n=n, space="shop").encode(), "job.yaml")
        (made,) = ENGINE.run(document).facts
        assert isinstance(made, JobFacts)
        shared = alike.shared(made)
        assert shared == made
        facts.append(shared)
    assert facts[0].needs is facts[1].needs is facts[2].needs
