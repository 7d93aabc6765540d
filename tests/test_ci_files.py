"""The files that carry joblint into pipelines keep to the schemas of those who read them, and their steps run."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from joblint.source.documents import read
from tests.report.test_check_looks import REFUSED

pytest.importorskip("check_jsonschema")  # it comes with the extra `test`
ROOT = Path(__file__).parents[1]


def _documents(text: str) -> list[Any]:
    documents = read(text.encode(), "file.yaml", templates=False)
    assert not any(d.problems for d in documents)
    return [d.value for d in documents if d.value is not None]


def _valid(value: Any, schema: str) -> None:
    text = resources.files("check_jsonschema.builtin_schemas").joinpath("vendor", f"{schema}.json").read_text("utf-8")
    loaded = json.loads(text)
    errors = sorted(jsonschema.validators.validator_for(loaded)(loaded).iter_errors(value), key=str)
    assert errors == [], errors[0].message


def _blocks(language: str) -> list[str]:
    text = (ROOT / "docs/ci.md").read_text("utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.S)


def test_the_action_is_one() -> None:
    (action,) = _documents((ROOT / "action.yml").read_text("utf-8"))
    _valid(action, "github-actions")
    uses = [step["uses"] for step in action["runs"]["steps"] if "uses" in step]
    assert uses and all(re.fullmatch(r"[\w-]+/[\w-]+(/[\w-]+)?@[0-9a-f]{40}", u) for u in uses)
    for step in action["runs"]["steps"]:
        assert "${{ inputs" not in step.get("run", ""), "an input in a script could run as one; it goes through env"


def test_workflows_are_valid_and_pin_what_they_use() -> None:
    workflows = sorted((ROOT / ".github/workflows").glob("*.yml"))
    assert len(workflows) == 3
    for path in workflows:
        (workflow,) = _documents(path.read_text("utf-8"))
        workflow["on"] = workflow.pop("true")
        _valid(workflow, "github-workflows")
        assert workflow["permissions"] == {"contents": "read"}, "more only for the job that needs it"
        for job in workflow["jobs"].values():
            assert job["timeout-minutes"]
            for step in job["steps"]:
                assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step.get("uses", "a/b@" + "0" * 40)), step
                assert "${{" not in step.get("run", ""), "what an event says could run as a script; it goes through env"
        pinned = re.findall(r"uses: \S+@[0-9a-f]{40}(.*)", path.read_text("utf-8"))
        assert all(re.fullmatch(r" # v\d+\.\d+\.\d+", comment) for comment in pinned), "the version beside each hash"


def test_a_release_is_audited_and_has_a_bill_of_materials_before_it_is_published() -> None:
    (release,) = _documents((ROOT / ".github/workflows/release.yml").read_text("utf-8"))
    steps = release["jobs"]["build"]["steps"]
    (at,) = [i for i, step in enumerate(steps) if step.get("run") == "nox -s audit sbom"]
    assert any("upload-artifact" in step.get("uses", "") and step["with"]["path"] == "dist" for step in steps[at:])
    assert release["jobs"]["publish"]["needs"] == "build"
    sessions = {}
    for node in ast.parse((ROOT / "noxfile.py").read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            sessions[node.name] = {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    assert {"pip-audit", "--strict"} <= sessions["audit"]
    assert {"cyclonedx-py", "environment", "JSON", "joblint.cdx.json", "dist"} <= sessions["sbom"]


def test_recipes_keep_to_the_schemas_of_their_readers() -> None:
    github, component, gitlab, azure, _ = _blocks("yaml")
    (workflow,) = _documents(github)
    workflow["on"] = workflow.pop("true")  # YAML 1.1, which Kubernetes reads, and GitHub does not
    _valid(workflow, "github-workflows")
    for text in (component, gitlab):
        _valid(_documents(text)[0], "gitlab-ci")
    _valid(_documents(azure)[0], "azure-pipelines")
    spec, jobs = _documents((ROOT / "templates/joblint.yml").read_text("utf-8"))
    assert set(re.findall(r"inputs\.(\w+)", json.dumps(jobs))) == set(spec["spec"]["inputs"])
    filled = re.sub(r"\$\[\[ inputs\.(\w+) \]\]", lambda m: spec["spec"]["inputs"][m[1]]["default"], json.dumps(jobs))
    _valid(json.loads(filled), "gitlab-ci")


def test_recipes_name_options_and_formats_that_are_there() -> None:
    from joblint.cli.options import CHECK, FORMATS

    text = (ROOT / "docs/ci.md").read_text("utf-8") + (ROOT / "templates/joblint.yml").read_text("utf-8")
    known = {o.name for o in CHECK}
    for line in re.findall(r"joblint check ([^\n'`|]+)", text):
        assert set(re.findall(r"--[\w-]+", line)) <= known
        assert set(re.findall(r"--output (\w+)", line)) <= set(FORMATS)
    table = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`\w+`.*?) \|", text, re.M))))
    assert table == set(FORMATS)


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(("inputs", "status"), [({}, 1), ({"args": "--select\nJL3", "sarif": "out.sarif"}, 0)])
def test_the_steps_of_the_action_run(tmp_path: Path, inputs: dict[str, str], status: int) -> None:
    """As a runner runs them, with the joblint of this checkout in the place where the step before installs it."""
    (action,) = _documents((ROOT / "action.yml").read_text("utf-8"))
    work, temp = tmp_path / "a b", tmp_path / "temp"
    (work / "jobs").mkdir(parents=True)
    (work / ".git").mkdir()
    (work / "jobs" / "job.yaml").write_text(REFUSED)
    (temp / "joblint/bin").mkdir(parents=True)
    installed = temp / "joblint/bin/joblint"
    installed.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m joblint "$@"\n')
    installed.chmod(0o755)
    step = next(s for s in action["runs"]["steps"] if s.get("id") == "check")
    values = {name: given.get("default", "") for name, given in action["inputs"].items()} | {"paths": "jobs\n"} | inputs
    env = {k: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda m: values[m[1]], v) for k, v in step["env"].items()}
    env |= {"RUNNER_TEMP": str(temp), "GITHUB_OUTPUT": str(temp / "output"), "GITHUB_STEP_SUMMARY": str(temp / "summary.md")}
    script = temp / "step.sh"
    script.write_text(step["run"])
    command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)]
    done = subprocess.run(command, cwd=work, env={**os.environ, **env}, capture_output=True, check=False)
    assert done.returncode == status, done.stderr.decode()
    assert (temp / "output").read_text() == f"status={status}\n"
    assert ("::error file=jobs/job.yaml" in done.stdout.decode()) == (status == 1)
    assert (temp / "summary.md").read_text().startswith("## joblint")
    assert (work / "out.sarif").exists() == ("sarif" in inputs)


@pytest.mark.skipif(shutil.which("actionlint") is None, reason="actionlint is not installed")
def test_actionlint_has_nothing_to_say(tmp_path: Path) -> None:
    workflow = tmp_path / ".github/workflows/joblint.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text(_blocks("yaml")[0])
    done = subprocess.run(["actionlint", str(workflow)], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()
