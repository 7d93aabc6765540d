"""One large file shared among processes: the report is that of one process, document for document."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from joblint.rules.catalogue.rule import builtin
from joblint.rules.engine import Engine
from joblint.run import parts, processes
from joblint.run.check import check_files
from joblint.source.documents import read

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
ODD = [
    "",
    "# a comment alone\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
    "kind: Job\nmetadata: {name: a\n",
    "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: {{ .Values.name }}\n",
    "apiVersion: batch/v1\nkind: Job\nmetadata: {name: twice}\nspec: {template: {spec: {restartPolicy: Sometimes}}}\n",
]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is forked here")
@pytest.mark.parametrize("jobs", [2, 3, 7])
@pytest.mark.parametrize("count", [1, 5, 13, 40])
def test_the_report_is_that_of_one_process(jobs: int, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [path.read_text() for path in EXAMPLES] + ODD
    file = tmp_path / "many.yaml"
    file.write_text("---\n".join([texts[n % len(texts)] for n in range(count)]))
    engine = Engine(builtin(), "1.36")
    alone = check_files(engine, (str(file),), 1)
    monkeypatch.setattr(parts, "SHARED_FROM", 1)
    monkeypatch.setattr(parts, "AT_ONCE", 1 if count < 5 else 3)
    asked: list[int] = []
    real = processes.rounds
    monkeypatch.setattr(processes, "rounds", lambda n, work: asked.append(n) or real(n, work))
    assert check_files(engine, (str(file),), jobs) == alone
    assert asked == ([jobs] if count > 1 else [])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is forked here")
@pytest.mark.parametrize("jobs", [2, 5])
def test_the_items_of_a_list_are_shared(jobs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [read(path.read_bytes(), "x")[0].value for path in EXAMPLES] * 3
    items += [{"kind": "Job"}, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}, "odd"]
    file = tmp_path / "list.json"
    file.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}, indent=1))
    engine = Engine(builtin(), "1.36")
    alone = check_files(engine, (str(file),), 1)
    monkeypatch.setattr(parts, "SHARED_FROM", 1)
    monkeypatch.setattr(parts, "AT_ONCE", 4)
    asked: list[int] = []
    real = processes.rounds
    monkeypatch.setattr(processes, "rounds", lambda n, work: asked.append(n) or real(n, work))
    assert check_files(engine, (str(file),), jobs) == alone
    assert asked == [jobs]


@pytest.mark.parametrize("total", [1, 2, 5, 31, 48, 60, 61, 62, 200])
@pytest.mark.parametrize("count", [1, 2, 3, 8])
def test_groups_give_each_file_to_one_process(count: int, total: int) -> None:
    taken: list[int] = []
    for number in range(count):
        first, size, step = parts._groups(number, count, total)
        mine = [n for begin in range(first, total, step) for n in range(begin, min(begin + size, total))]
        assert mine or total <= count * (count - 1)  # nobody is without work while there is enough
        taken += mine
    assert sorted(taken) == list(range(total))
