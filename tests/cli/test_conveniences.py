"""What makes joblint pleasant in a shell: settings that explain themselves, the catalogue, quiet, colour, completion."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest

from .run import joblint
from .test_check import BAD, GOOD, TRAP

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "job.yaml").write_text(TRAP)
    return tmp_path


def test_the_settings_say_where_they_are_from(folder: Path) -> None:
    (folder / "team.yaml").write_text("ignore: [JL802]\nprofile: strict\nseverities: {JL301: info}\n")
    (folder / "a" / ".joblint.yaml").write_text(
        "extends: ../team.yaml\nignore:\n- JL803\nkubernetes-version: 1.34\noverrides:\n- {paths: [x/], ignore: [JL3]}\n"
        "- {paths: [job.yaml], ignore: [JL8], reason: theirs}\n"
    )
    lines = joblint("config", "a/job.yaml", cwd=folder).stdout.decode().splitlines()
    assert lines[0] == "a/job.yaml: settings from a/.joblint.yaml, which extends a/../team.yaml"
    rows = [line.split() for line in lines[2:]]
    assert ["ignore", "JL802", "a/../team.yaml:1:10"] in rows and ["ignore", "JL803", "a/.joblint.yaml:3:3"] in rows
    assert ["profile", "strict", "a/../team.yaml:2:10"] in rows
    assert ["severities.JL301", "info", "a/../team.yaml:3:21"] in rows
    assert ["kubernetes-version", "1.34", "a/.joblint.yaml:4:21"] in rows
    assert ["fail-on", "error", "default"] in rows
    assert [r[-1] for r in rows if r[0] == "overrides"] == ["a/.joblint.yaml:7:3"]
    here = joblint("config", cwd=folder).stdout.decode()
    assert here.startswith(".: default settings (no configuration file in this or a parent directory)\n")
    assert joblint("config", "a", cwd=folder).stdout.decode().startswith("a: settings from a/.joblint.yaml")
    (folder / "a" / ".joblint.yaml").write_text("ignore: [JL000]\n")
    assert joblint("config", "a", cwd=folder).returncode == 2


def test_the_catalogue_for_programs() -> None:
    catalogue = json.loads(joblint("rules", "--format", "json").stdout)
    jsonschema.validate(catalogue, json.loads((ROOT / "schemas/output/rules.json").read_bytes()))
    assert len(catalogue["rules"]) > 150
    (one,) = json.loads(joblint("rules", "JL301", "--format", "json").stdout)["rules"]
    assert one["url"].endswith("/docs/rules/JL301.md") and (ROOT / "docs/rules/JL301.md").exists()
    page = joblint("rules", "JL301", "--format", "markdown").stdout.decode()
    assert page.rstrip() == (ROOT / "docs/rules/JL301.md").read_text("utf-8").rstrip()


def test_quiet_leaves_out_the_last_line(folder: Path) -> None:
    (folder / "good.yaml").write_text(GOOD)
    for option in ("-q", "--quiet"):
        assert joblint("check", option, "good.yaml", cwd=folder).stdout == b""
    out = joblint("check", "-q", "--format", "concise", "a", cwd=folder).stdout.decode()
    assert out.count("\n") == 1 and "JL301" in out


@pytest.mark.parametrize(("color", "coloured"), [("always", True), ("never", False), ("auto", False)])
def test_colour(folder: Path, color: str, coloured: bool) -> None:
    assert (b"\x1b[" in joblint("check", "--color", color, "a", cwd=folder).stdout) == coloured
    forced = joblint("check", "--color", color, "a", cwd=folder, FORCE_COLOR="1").stdout
    assert (b"\x1b[" in forced) == (color != "never")


def test_statistics_as_json(folder: Path) -> None:
    (folder / "bad.yaml").write_text(BAD)
    report = json.loads(joblint("check", "--format", "json", "--statistics", ".", cwd=folder).stdout)
    jsonschema.validate(report, json.loads((ROOT / "schemas/output/check.json").read_bytes()))
    assert {"rule": "JL101", "name": "restart-policy-required", "severity": "error", "count": 1} in report["statistics"]
    counts = [s["count"] for s in report["statistics"]]
    assert counts == sorted(counts, reverse=True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a/job.yaml"], "No such command 'a/job.yaml'. Did you mean 'joblint check a/job.yaml'?"),
        (["gone.yml", "--fix"], "Did you mean 'joblint check gone.yml --fix'?"),
        (["chekc"], "No such command 'chekc'. Did you mean 'check'?"),
    ],
)
def test_a_path_in_the_place_of_a_command(folder: Path, arguments: list[str], said: str) -> None:
    done = joblint(*arguments, cwd=folder)
    assert done.returncode == 2 and said in done.stderr.decode()


def _completed(words: str, folder: Path) -> list[str]:
    env = {"_JOBLINT_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    return joblint(cwd=folder, **env).stdout.decode().split()


def test_shells_complete_rules_versions_formats_and_files(folder: Path) -> None:
    assert "plain,check" in _completed("joblint che", folder)
    assert "plain,JL301" in _completed("joblint check --select JL30", folder)
    assert "plain,JL1,image-not-pinned" in _completed("joblint check --ignore JL1,image-", folder)
    assert "plain,1.34" in _completed("joblint check --kubernetes-version 1.3", folder)
    assert _completed("joblint check --output sar", folder) == ["plain,sarif="]
    assert "plain,hang" in _completed("joblint jobs-explain --scenario h", folder)
    assert _completed("joblint check a/j", folder) == ["file,a/j"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell(shell: str, tmp_path: Path) -> None:
    script = joblint("completion", shell).stdout
    assert b"_JOBLINT_COMPLETE" in script
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    (tmp_path / "script").write_bytes(script)
    done = subprocess.run([shell, "-n", str(tmp_path / "script")], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
