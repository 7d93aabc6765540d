"""Configurations from the outside: which holds for which file, and what joblint says of a wrong one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from joblint.api.version.versions import DEFAULT

from .run import joblint
from .test_check import GOOD, TRAP


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    for name in ("a", "b", "b/c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "job.yaml").write_text(TRAP)
    return tmp_path


def _found(folder: Path, *arguments: str) -> list[tuple[str, str, str]]:
    report = json.loads(joblint("check", "--format", "json", *arguments, cwd=folder).stdout)
    return [(f["file"], f["rule"], f["severity"]) for f in report["findings"]]


def test_the_nearest_configuration_above_each_file_holds(folder: Path) -> None:
    (folder / "b" / ".joblint.yaml").write_text("severities: {backoff-limit-unreachable: error}\n")
    (folder / "b/c" / "pyproject.toml").write_text("[tool.joblint]\nignore = ['JL301']\n")
    assert _found(folder, ".") == [("a/job.yaml", "JL301", "warning"), ("b/job.yaml", "JL301", "error")]
    assert _found(folder, "b/c/job.yaml", "b/job.yaml") == [("b/job.yaml", "JL301", "error")]
    assert _found(folder / "b/c", "../job.yaml") == [("../job.yaml", "JL301", "error")]
    assert joblint("check", ".", cwd=folder).returncode == 1
    assert joblint("check", "a", "b/c", cwd=folder).returncode == 0


def test_each_file_fails_by_its_own_configuration(folder: Path) -> None:
    (folder / "b" / ".joblint.yaml").write_text("fail-on: warning\n")
    assert joblint("check", "a", cwd=folder).returncode == 0
    assert joblint("check", "a", "b", cwd=folder).returncode == 1
    assert joblint("check", "--fail-on", "error", "a", "b", cwd=folder).returncode == 0


def test_a_named_configuration_holds_for_all_files(folder: Path) -> None:
    (folder / "b" / ".joblint.yaml").write_text("slect: []\n")
    (folder / "other.yaml").write_text("severities: {JL301: off}\n")
    assert _found(folder, "--config", "other.yaml", "a", "b") == []
    done = joblint("check", ".", cwd=folder)
    assert done.returncode == 2
    assert b"joblint: b/.joblint.yaml:1:1: unknown setting slect; did you mean select?" in done.stderr


def test_standard_input_has_the_configuration_of_the_file_it_stands_for(folder: Path) -> None:
    (folder / "b" / ".joblint.yaml").write_text("fail-on: warning\n")
    assert joblint("check", "-", stdin=TRAP.encode(), cwd=folder).returncode == 0
    assert joblint("check", "-", "--stdin-filename", "b/made.yaml", stdin=TRAP.encode(), cwd=folder).returncode == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ignore:\n- JL301\n- image-not-pined\n", ":3:3: no rule is called 'image-not-pined'; did you mean image-not-pinned?"),
        ("severities: {JL000: off}\n", ":1:14: no rule is called 'JL000'"),
        ("overrides:\n- ignore: [JL000]\n", ":2:12: no rule is called 'JL000'"),
        ("extends: base.yaml\n", "base.yaml:2:10: no rule is called 'JL000'"),
        ("kubernetes-version: 1.20\n", ":1:21: unsupported Kubernetes version '1.20'"),
    ],
)
def test_what_no_table_knows_has_its_place(folder: Path, text: str, said: str) -> None:
    (folder / "base.yaml").write_text("\nignore: [JL000]\n")
    (folder / ".joblint.yaml").write_text(text)
    done = joblint("check", "a", cwd=folder)
    assert done.returncode == 2 and said in done.stderr.decode()


def test_explain_knows_the_configured_version_and_says_which_of_a_range(folder: Path) -> None:
    (folder / "a" / "job.yaml").write_text(GOOD)
    (folder / "a" / ".joblint.yaml").write_text("kubernetes-version: 1.34\n")
    done = joblint("jobs-explain", "a", cwd=folder)
    assert b"Kubernetes 1.34" in done.stdout and done.stderr == b""
    assert b"Kubernetes 1.35" in joblint("jobs-explain", "--kubernetes-version", "1.35", "a", cwd=folder).stdout
    (folder / "a" / ".joblint.yaml").write_text("kubernetes-version: 1.31..1.33\n")
    ranged = joblint("jobs-explain", "a", "b/job.yaml", cwd=folder)
    assert b"1.31..1.33 is a range of Kubernetes versions; the explanation is for 1.33" in ranged.stderr
    assert b"Kubernetes 1.33" in ranged.stdout and f"Kubernetes {DEFAULT}".encode() in ranged.stdout


def test_what_is_excluded_is_not_walked_but_checked_where_it_is_named(folder: Path) -> None:
    (folder / ".joblint.yaml").write_text("exclude: [/a/]\n")
    (folder / "b" / ".joblint.yaml").write_text("exclude: ['c/*.yaml']\n")
    assert _found(folder, ".") == [("b/job.yaml", "JL301", "warning")]
    done = joblint("check", ".", cwd=folder)
    assert b"excluded" in done.stdout
    assert _found(folder, "a/job.yaml", "b/c/job.yaml") == [
        ("a/job.yaml", "JL301", "warning"),
        ("b/c/job.yaml", "JL301", "warning"),
    ]
    assert _found(folder, "--force-exclude", "a/job.yaml", "b/c/job.yaml") == []
    (folder / ".joblint.yaml").write_text("exclude: [/a/]\nforce-exclude: true\n")
    assert _found(folder, "a/job.yaml") == []
