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
    with pytest.raises(ValueError, match="profile must be default or strict, not 'Strict'"):
        joblint.check(JOB, profile="Strict")
    with pytest.raises(FileNotFoundError):
        joblint.check(Path("no-such-file.yaml"))


def test_it_does_not_disturb_ruamel() -> None:
    joblint.check(JOB)
    import io

    from ruamel.yaml import YAML

    assert YAML(typ="safe").load(io.StringIO("a: 1")) == {"a": 1}


def test_explain_diff_and_fix() -> None:
    import json
    from datetime import UTC, datetime

    good = json.loads(json.dumps(JOB).replace("Always", "Never"))
    import joblint.explain.build  # the package within does not take the call's place

    (explained,) = joblint.explain(good, scenario="fail", now=datetime(2026, 11, 29, tzinfo=UTC).timestamp()).explanations
    assert explained.verdict.accepted
    other = json.loads(json.dumps(good).replace("5.34.0", "5.36.0"))
    assert [c.outcome for c in joblint.diff(good, other).changes] == ["refused"]
    assert [c.outcome for c in joblint.diff(good, good).changes] == ["unchanged"]
    text = json.dumps(good).replace('"metadata"', '"metdata"')
    fixed = joblint.fix(text)
    assert b'"metadata"' in fixed.data and [m.rule for m in fixed.made] == ["JL105"]
    with pytest.raises(TypeError):
        joblint.check(good, select="JL301")


def test_objects_of_the_kubernetes_client() -> None:
    """Its models hold snake_case attributes, a map to the API's names, and None for what is not set."""

    class Model:
        openapi_types: dict[str, str] = {}
        attribute_map: dict[str, str] = {}

        def __init__(self, names: dict[str, str], **values: Any) -> None:
            self.attribute_map = names
            for attribute in names:
                setattr(self, attribute, values.get(attribute))

        def to_dict(self) -> dict[str, Any]:
            return {attribute: getattr(self, attribute) for attribute in self.attribute_map}

    spec = JOB["spec"]["template"]["spec"]
    pod = Model({"restart_policy": "restartPolicy", "containers": "containers"}, **spec | {"restart_policy": "Never"})
    names = {"backoff_limit": "backoffLimit", "suspend": "suspend", "template": "template"}
    job = Model(names, backoff_limit=4, template={"spec": pod})
    whole = Model(
        {"api_version": "apiVersion", "kind": "kind", "metadata": "metadata", "spec": "spec"},
        api_version="batch/v1",
        kind="Job",
        metadata={"name": "pi"},
        spec=job,
    )
    (checked,) = joblint.check(whole).documents
    assert checked.judged.verdict.accepted, checked.judged.verdict.errors


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), -1.0, 1e308])
@pytest.mark.parametrize("name", ["run", "until"])
def test_times_that_no_simulation_can_use(name: str, seconds: float) -> None:
    with pytest.raises(ValueError, match=f"{name} must be from 0 to 10000000000 seconds"):
        joblint.explain("kind: Job", **{name: seconds})  # type: ignore[arg-type]


@pytest.mark.parametrize("now", [float("nan"), float("inf"), float("-inf"), 1e300])
def test_a_time_that_is_none(now: float) -> None:
    for call in (lambda: joblint.explain("kind: Job", now=now), lambda: joblint.diff("kind: Job", "kind: Job", now=now)):
        with pytest.raises(ValueError, match="now must be in seconds since the epoch"):
            call()
