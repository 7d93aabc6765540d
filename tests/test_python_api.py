"""The Python API: what `joblint check --format json` says, as typed objects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import joblint

JOB: dict[str, Any] = {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "metadata": {"name": "pi"},
    "spec": {"template": {"spec": {"restartPolicy": "Always", "containers": [{"name": "main", "image": "perl:5.34.0"}]}}},
}


def test_a_mapping_a_text_and_a_path_are_judged_alike(tmp_path: Path) -> None:
    import json

    (tmp_path / "job.yaml").write_text(json.dumps(JOB))
    reports = [joblint.check(JOB), joblint.check(json.dumps(JOB)), joblint.check(tmp_path / "job.yaml"), joblint.check(tmp_path)]
    for report in reports:
        (checked,) = report.documents
        assert checked.judged.verdict.accepted is False
        errors = [(f.rule, f.field) for f in report.findings if f.severity == "error"]
        assert errors == [("JL102", "spec.template.spec.restartPolicy")]


def test_options_are_those_of_the_command() -> None:
    assert "JL102" not in {f.rule for f in joblint.check(JOB, ignore=["JL102"]).findings}
    assert {f.rule for f in joblint.check(JOB, select=["JL102"]).findings} == {"JL102"}
    with pytest.raises(ValueError, match=r"1\.12"):
        joblint.check(JOB, kubernetes_version="1.12")
    with pytest.raises(ValueError, match="no rule is called"):
        joblint.check(JOB, select=["nonsense"])
    with pytest.raises(FileNotFoundError):
        joblint.check(Path("no-such-file.yaml"))


def test_it_does_not_disturb_ruamel() -> None:
    joblint.check(JOB)
    import io

    from ruamel.yaml import YAML

    assert YAML(typ="safe").load(io.StringIO("a: 1")) == {"a": 1}
