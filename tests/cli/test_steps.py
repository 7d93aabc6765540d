"""If joblint itself fails while it prepares or finishes a run, the message shows what it was doing, and with which file."""

from __future__ import annotations

import importlib
import inspect
import os
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest

from joblint.cli import commands, main
from joblint.cli.steps import _STEPS

JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {name: a}
spec: {backofLimit: 3}
"""
FILES = {
    "a.yaml": JOB,
    "b.yaml": JOB.replace("name: a", "name: b"),
    ".joblint.yaml": "rules: [own]\n",
    "own/team.yaml": "id: own/team\n",
    "x.env": "A=1\n",
    "known.json": "{}\n",
    "s.yaml": "pods: []\n",
    "part": '{"joblint-shard": 1}\n',
}


def _found(name: str) -> tuple[Any, str, Any]:
    """The owner of a function, its name there, and the function."""
    parts = name.split(".")
    for at in range(len(parts) - 1, 0, -1):
        try:
            owner: Any = importlib.import_module(".".join(parts[:at]))
        except ImportError:
            continue
        for part in parts[at:-1]:
            owner = getattr(owner, part)
        return owner, parts[-1], getattr(owner, parts[-1])
    raise AssertionError(name)


@pytest.mark.parametrize("name", _STEPS)
def test_the_functions_exist(name: str) -> None:
    function = inspect.unwrap(_found(name)[2])
    assert isinstance(function, FunctionType), name
    variable = _STEPS[name][1]
    assert not variable or variable in function.__code__.co_varnames


@pytest.mark.parametrize(
    ("broken", "arguments", "step"),
    [
        ("joblint.configuration.settings._own", "check a.yaml", "reading the configuration .joblint.yaml"),
        ("joblint.rules.catalogue.own.small", "check a.yaml", f"reading the rule file own{os.sep}team.yaml"),
        ("joblint.run.projects._embedded", "check --config x.yml a.yaml", "preparing the rules for the settings of x.yml"),
        ("joblint.base.files._Walk.begin", "check --config x.yml own", "listing the files of own"),
        ("joblint.base.content.small", "check --config x.yml --env-file x.env a.yaml", "reading the variables of x.env"),
        ("joblint.cli.baseline.read", "check --config x.yml --baseline known.json a.yaml", "reading the baseline known.json"),
        (
            "joblint.cli.since._changed",
            "check --config x.yml --since HEAD~1 a.yaml",
            "comparing the files with the Git revision HEAD~1",
        ),
        (
            "joblint.run.gathered.Gathered.take",
            "check --config x.yml a.yaml b.yaml",
            "combining the results of all files",
        ),
        ("joblint.cli.outputs.renderer", "check --config x.yml a.yaml", "writing the report"),
        (
            "joblint.controller.scenario.file.read_scenario",
            "jobs-explain --scenario s.yaml a.yaml",
            "reading the scenario s.yaml",
        ),
        ("joblint.run.shard._is_sealed", "merge part", "reading the shard part"),
    ],
)
def test_what_it_was_doing_is_shown(
    broken: str, arguments: str, step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object, **__: object) -> object:
        raise KeyError("a bug that nobody has found")

    import joblint

    (tmp_path / ".git").mkdir()
    (tmp_path / "own").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "x.yml").write_text("severity: info\n")
    if "part" in arguments:
        from joblint.run.shard import VERSION

        (tmp_path / "part").write_text(f'{{"joblint-shard": {VERSION}, "joblint": "{joblint.__version__}"}}')
    monkeypatch.chdir(tmp_path)
    owner, name, _ = _found(broken)
    monkeypatch.setattr(owner, name, fails)
    assert main._guarded(commands.run, arguments.split()) == 3
    said = capsys.readouterr().err
    assert f"joblint: a bug in joblint while {step}: KeyError: 'a bug that nobody has found' (test_steps.py:" in said
    assert "JOBLINT_TRACEBACK=1" in said and "Traceback" not in said


@pytest.mark.parametrize(
    ("broken", "arguments", "step"),
    [
        ("joblint.configuration.settings._own", "check a.yaml", "reading the configuration .joblint.yaml"),
        (
            "joblint.api.version.versions.parse_range",
            "check --config x.yml a.yaml",
            "preparing the rules for the settings of x.yml",
        ),
        ("joblint.rules.catalogue.select.chosen", "config a.yaml", "preparing the rules for the settings of .joblint.yaml"),
        ("joblint.run.projects.Projects.versions", "diff --config x.yml a.yaml b.yaml", "comparing manifests"),
        ("joblint.base.durations.read_duration", "jobs-explain --run 3s a.yaml", "explaining manifests"),
        (
            "joblint.controller.scenario.file.read_scenario",
            "jobs-explain --scenario s.yaml a.yaml",
            "reading the scenario s.yaml",
        ),
        ("joblint.source.unrendered.known.read_variables", "check --env-file x.env a.yaml", "reading the variables of x.env"),
        ("joblint.cli.outputs.renderer", "check --config x.yml --shard 0/1 a.yaml", "writing the report"),
        ("joblint.cli.apart._of_shard", "check --config x.yml --shard 0/1 a.yaml", "checking manifests"),
    ],
)
def test_a_value_error_of_joblint_itself_is_not_the_mistake_of_the_user(
    broken: str, arguments: str, step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object, **__: object) -> object:
        raise ValueError("not enough values to unpack")

    (tmp_path / ".git").mkdir()
    for name, text in FILES.items():
        if "/" not in name:
            (tmp_path / name).write_text("severity: info\n" if name == ".joblint.yaml" else text)
    (tmp_path / "x.yml").write_text("severity: info\n")
    monkeypatch.chdir(tmp_path)
    owner, name, _ = _found(broken)
    monkeypatch.setattr(owner, name, fails)
    assert main._guarded(commands.run, arguments.split()) == 3
    assert f"joblint: a bug in joblint while {step}: ValueError: not enough values" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        "check --kubernetes-version 1.12 a.yaml",
        "check --kubernetes-version 1.37..1.31 a.yaml",
        "check --pod-security strict a.yaml",
        "check --pod-security baseline:1.31 a.yaml",
        "check --shard 2/2 a.yaml",
        "check --shard a a.yaml",
        "check --env-file missing a.yaml",
        "check --env-file a.yaml a.yaml",
        "diff --at noon a.yaml b.yaml",
        "diff --kubernetes-version 1.12 a.yaml b.yaml",
        "jobs-explain --kubernetes-version 1.12 a.yaml",
        "jobs-explain --now noon a.yaml",
        "jobs-explain --run long a.yaml",
        "jobs-explain --until long a.yaml",
        "jobs-explain --scenario missing a.yaml",
        "jobs-explain --scenario a.yaml a.yaml",
        "jobs-explain --set a a.yaml",
    ],
)
def test_wrong_input_is_the_mistake_of_the_user(
    arguments: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").mkdir()
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(JOB)
    monkeypatch.chdir(tmp_path)
    assert main._guarded(commands.run, arguments.split()) == 2
    said = capsys.readouterr().err
    assert said and "a bug" not in said


@pytest.mark.parametrize(
    "arguments",
    [
        ("diff", "a.yaml", "b.yaml", "--kubernetes-version", ""),
        ("diff", "a.yaml", "b.yaml", "--config", ""),
        ("diff", "a.yaml", "b.yaml", "--at", ""),
        ("diff", "b.yaml", "--git", ""),
        ("jobs-explain", "a.yaml", "--kubernetes-version", ""),
        ("jobs-explain", "a.yaml", "--env-file", ""),
        ("jobs-explain", "a.yaml", "--scenario", ""),
        ("jobs-explain", "a.yaml", "--now", ""),
        ("jobs-explain", "a.yaml", "--run", ""),
    ],
)
def test_an_empty_value_is_no_value(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").mkdir()
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(JOB)
    monkeypatch.chdir(tmp_path)
    assert main._guarded(commands.run, list(arguments)) == 2
    assert capsys.readouterr().err


def test_a_step_that_is_not_known_is_not_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main._guarded(lambda: {}["x"]) == 3
    assert "joblint: a bug in joblint: KeyError: 'x'" in capsys.readouterr().err
