"""Every rule file keeps to the schema, has its check, and does on its own examples what it says."""

from __future__ import annotations

import os
from typing import Any

import pytest

from joblint.rules.catalogue.rule import from_data
from joblint.rules.catalogue.rule_files import builtin_rule_files, validate
from joblint.rules.checks.table import CHECKS, EXPLANATIONS, FOLDER_CHECKS
from joblint.run.check import check_files
from joblint.run.render.not_built import RULE as NOT_BUILT
from joblint.run.render.not_built import UNMATCHED, unmatched
from joblint.run.render.not_built import findings as why_not_built

from .helper import engine_of, report_of, report_of_chart

FILES = dict(builtin_rule_files())
RULES: dict[str, dict[str, Any]] = {name: validate(name, data) for name, data in FILES.items()}
# Told by the engine itself, without a function of their own.
BUILT_IN = {"yaml-unreadable", "duplicate-key", "unread-text", "value-filled-in-later", "field-dropped"}
BUILT_IN |= {"unused-ignore", "ignore-expired", "chart-not-rendered", "overlay-not-built", "patch-matches-nothing"}
BUILT_IN |= {d["name"] for d in RULES.values() if d["name"].startswith("live-")}  # see joblint.rules.live.look


def _examples(which: str) -> list[Any]:
    return [
        pytest.param(data, example, id=f"{data['id']}-{n}")
        for data in RULES.values()
        for n, example in enumerate(data["examples"][which])
    ]


def _findings(data: dict[str, Any], example: dict[str, Any], tmp_path: Any) -> list[Any]:
    version = example.get("kubernetes", "1.36")
    if "files" not in example:
        report = report_of(example["manifest"], version)
    elif "Chart.yaml" in example["files"]:
        report = report_of_chart(tmp_path, example["manifest"], example["files"], version)
    else:
        for name, text in {"job.yaml": example["manifest"], **example["files"]}.items():
            (tmp_path / name).write_text(text)
        engine = engine_of(version)
        if data["name"] in (NOT_BUILT, UNMATCHED):
            return list(why_not_built(engine, str(tmp_path)) if data["name"] == NOT_BUILT else unmatched(engine, str(tmp_path)))
        report = check_files(engine, tuple(sorted(os.path.join(tmp_path, n) for n in os.listdir(tmp_path))))
    assert not report.crashes
    return [f for f in report.findings if f.rule == data["id"]]


@pytest.mark.parametrize(("data", "example"), _examples("bad"))
def test_bad_example_is_found(data: dict[str, Any], example: dict[str, Any], tmp_path: Any) -> None:
    found = _findings(data, example, tmp_path)
    assert found, f"{data['id']} does not find its own bad example"
    if "field" in example:
        assert example["field"] in [f.field for f in found]
    if "says" in example:
        assert any(example["says"] in f.message + f.fix_text for f in found)
    for finding in found:
        assert "{" not in finding.message or "{" in example["manifest"]
        assert finding.why and finding.fix_text


@pytest.mark.parametrize(("data", "example"), _examples("good"))
def test_good_example_is_not(data: dict[str, Any], example: dict[str, Any], tmp_path: Any) -> None:
    assert _findings(data, example, tmp_path) == []


def test_every_rule_has_its_own_id_and_name() -> None:
    assert len({d["id"] for d in RULES.values()}) == len(RULES)
    assert len({d["name"] for d in RULES.values()}) == len(RULES)
    for name, data in RULES.items():
        assert os.path.basename(name) == f"{data['id']}-{data['name']}.yaml"


def test_every_check_has_a_rule_and_every_rule_a_check() -> None:
    rules = {r.name: r for r in (from_data(d) for d in RULES.values())}
    for rule in rules.values():
        if rule.name not in BUILT_IN and not rule.server and rule.family != "refused":
            assert rule.name in (FOLDER_CHECKS if rule.scope == "folder" else CHECKS), f"{rule.id} {rule.name} has no check"
    for table in (CHECKS, FOLDER_CHECKS, EXPLANATIONS):
        for name, check in table.items():
            assert name in rules, f"{name} is no rule"
            function = check.function  # type: ignore[attr-defined]
            assert function.__name__ == name.replace("-", "_")
            assert function.__module__.startswith(f"joblint.rules.checks.{rules[name].family}")


def test_a_rule_says_what_to_type() -> None:
    for data in RULES.values():
        assert data["message"].strip() and data["why"].strip() and data["fix"].strip()
        assert not data["summary"].endswith(".")
