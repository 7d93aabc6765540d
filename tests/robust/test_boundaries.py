"""One bad document or file is named; everything else is still told, by every command and by the Python API."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest

import joblint.api.judge as judging
import joblint.source.reading.load as loading
from joblint.cli import commands, main
from joblint.rules import one_document
from joblint.run.api import check

building = importlib.import_module("joblint.explain.build")  # `joblint.explain` itself is the call

JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {{name: {name}}}
spec:
  {limit}: 3
  template: {{spec: {{restartPolicy: Never, containers: [{{name: a, image: "a:1"}}]}}}}
"""
GOOD = JOB.format(name="good", limit="backofLimit")
BAD = JOB.format(name="poison", limit="backofLimit")
LISTED = """\
apiVersion: v1
kind: List
items:
- {apiVersion: batch/v1, kind: Job, metadata: {name: poison}, spec: {}}
- {apiVersion: batch/v1, kind: Job, metadata: {name: good}, spec: {}}
"""


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model of the API server falls over any object called poison."""
    real = judging.judge

    def judge(value: object, *rest: object) -> object:
        if isinstance(value, dict) and value["metadata"]["name"] == "poison":
            raise KeyError("a bug that nobody has found")
        return real(value, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(judging, "judge", judge)
    monkeypatch.setattr(one_document, "judge", judge)


def _run(*arguments: str) -> int:
    # By click's way: the short one makes the reader lean, for a process that ends with the command.
    return main._guarded(commands.run, list(arguments))


@pytest.mark.usefixtures("poison")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_check_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], jobs: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(f"{GOOD}---\n{BAD}---\n{GOOD}")
    (tmp_path / "b.yaml").write_text(BAD)
    (tmp_path / "c.yaml").write_text(GOOD)
    assert _run("check", "--format", "json", "--jobs", jobs, "a.yaml", "b.yaml", "c.yaml") == 3
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert [(d["file"], d["document"]) for d in report["documents"]] == [("a.yaml", 0), ("a.yaml", 2), ("c.yaml", 0)]
    assert [(c["rule"], c["file"], c["document"]) for c in report["summary"]["crashes"]] == [("", "a.yaml", 1), ("", "b.yaml", 0)]
    assert "joblint: a bug in joblint at a.yaml, document 1: KeyError: 'a bug that nobody has found' (" in err
    assert len(report["findings"]) >= 3


@pytest.mark.usefixtures("poison")
def test_other_items_of_a_list_are_judged() -> None:
    report = check(LISTED)
    assert [d.judged.name for d in report.documents] == ["good"]
    assert [c.document for c in report.crashes] == [0]


def test_a_document_that_the_reader_falls_over(monkeypatch: pytest.MonkeyPatch) -> None:
    import joblint.source.documents as documents

    def load(data: bytes) -> loading.Loaded:
        if b"poison" in data:
            raise AssertionError("the reader has a bug")
        return loading.load(data)

    monkeypatch.setattr(documents, "load", load)
    report = check(f"{BAD}---\n{GOOD}")
    assert [d.judged.name for d in report.documents] == ["good"]
    assert [(c.file, c.document) for c in report.crashes] == [("<text>", 0)]


@pytest.mark.usefixtures("poison")
def test_fix_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(f"{BAD}---\n{GOOD}")
    (tmp_path / "b.yaml").write_text(GOOD)
    assert _run("check", "--diff", ".") == 3
    shown, told = capsys.readouterr()
    assert shown.count("+  backoffLimit: 3") == 2
    assert "a bug in joblint at a.yaml, document 0" in told
    assert _run("check", "--fix", ".") == 3
    assert (tmp_path / "a.yaml").read_text() == f"{BAD}---\n{GOOD}".replace(GOOD, GOOD.replace("backof", "backoff"))
    assert (tmp_path / "b.yaml").read_text() == GOOD.replace("backof", "backoff")


def test_explain_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    real = building.explain

    def explain(document: object, prefix: str, value: dict[str, dict[str, str]], *rest: object, **options: object) -> object:
        if value["metadata"]["name"] == "poison":
            raise ZeroDivisionError("no retries")
        return real(document, prefix, value, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(building, "explain", explain)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(f"{BAD}---\n{GOOD}")
    assert _run("jobs-explain", "--format", "json", "a.yaml") == 3
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert [j["name"] for j in told["jobs"]] == ["good"]
    assert [(c["file"], c["document"]) for c in told["crashes"]] == [("a.yaml", 0)]
    assert "a bug in joblint at a.yaml, document 0: ZeroDivisionError: no retries" in err


def test_diff_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from joblint.run.diff.one import One

    real = One.first

    def first(one: One) -> object:
        if one.new.value["metadata"]["name"] == "poison":
            raise IndexError("no such patch")
        return real(one)

    monkeypatch.setattr(One, "first", first)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(f"{BAD}---\n{GOOD}".replace("backof", "backoff"))
    assert _run("diff", "--format", "json", "a.yaml", "a.yaml") == 3
    told = json.loads(capsys.readouterr().out)
    assert [c["name"] for c in told["changes"]] == ["good"]
    assert [(c["file"], c["document"]) for c in told["crashes"]] == [("a.yaml", 0)]


def test_what_is_nested_too_deeply_is_named_and_the_rest_goes_on() -> None:
    deep = BAD + "  x: " + "[" * 5000 + "]" * 5000 + "\n"
    report = check(f"{deep}---\n{GOOD}")
    assert "good" in [d.judged.name for d in report.documents]
    assert not report.crashes
    assert len(report.documents) + len(report.skipped) == 2


def test_a_traceback_comes_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBLINT_TRACEBACK", "1")
    for module in (judging, one_document):
        monkeypatch.setattr(module, "judge", lambda *_: {}["nothing"])
    (crash,) = check(GOOD).crashes
    assert crash.error.startswith("Traceback")
