"""Findings below the shown severity are counted and not made: nobody sees a difference."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from joblint.base.files import find
from joblint.report.check import concise, json, statistics, text
from joblint.report.style import Style
from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.rule_files import builtin_rule_files, read_rule_file
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.engine import Engine
from joblint.run.check import check_files
from joblint.run.result import Report

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An example of each rule and a corrected one, one with an ignore, and those of the project."""
    path = tmp_path_factory.mktemp("manifests")
    for name, data in builtin_rule_files():
        rule = read_rule_file(name, data)
        for good, examples in rule["examples"].items():
            (path / f"{rule['id']}-{good}.yaml").write_text(examples[0]["manifest"])
    for example in EXAMPLES.glob("*.yaml"):
        (path / example.name).write_bytes(example.read_bytes())
    ignoring = (
        (EXAMPLES / "etl.yaml").read_text().replace("  backoffLimit: 6", "  backoffLimit: 6  # joblint: ignore JL301 we know")
    )
    (path / "ignoring.yaml").write_text(ignoring)
    return path


def _report(folder: Path, least: str) -> Report:
    engine = Engine(chosen(builtin(), Selection(profile="strict"), "1.36"), "1.36")
    return check_files(engine, find((os.fspath(folder),)).files, 1, None, least)


@pytest.mark.parametrize("least", ["warning", "error"])
def test_every_output_is_the_same(folder: Path, least: str) -> None:
    made, counted = _report(folder, "info"), _report(folder, least)
    assert len(counted.findings) < len(made.findings) and not made.hidden
    for renderer in (text, concise, json):
        assert list(renderer.render(counted, least, Style(False, True, 100))) == list(
            renderer.render(made, least, Style(False, True, 100))
        )
    assert list(statistics.lines(counted)) == list(statistics.lines(made))
    assert counted.ignored == made.ignored != ()
