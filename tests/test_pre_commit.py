"""The hooks, tried with the real pre-commit on a checkout of this project."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PRE_COMMIT = Path(sys.executable).with_name("pre-commit")


CONFIG = """\
repos:
- repo: {hook}
  rev: {revision}
  hooks:
  - {{id: joblint, verbose: true}}
  - {{id: joblint-helm, verbose: true, args: [chart]}}
  - {{id: joblint-diff, verbose: true}}
  - {{id: joblint-fix, verbose: true}}
"""
HELM = """\
#!/bin/sh
test "$1 $2" = "template chart" || exit 9
sed 's/{{{{ *.Values.name *}}}}/rendered/' chart/templates/job.yaml
"""


@pytest.mark.skipif(not PRE_COMMIT.exists() or shutil.which("git") is None, reason="pre-commit or git is not installed")
def test_the_hooks(tmp_path: Path) -> None:
    """pre-commit installs the hooks from a commit; this makes one of the files as they are now. helm is played."""
    hook, work, programs = tmp_path / "hook", tmp_path / "work", tmp_path / "bin"
    (work / "chart/templates").mkdir(parents=True)
    programs.mkdir()
    own = []
    if not (ROOT / ".git").exists():  # an unpacked sdist
        subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "none")], check=True)
        own = [f"--git-dir={tmp_path / 'none'}", f"--work-tree={ROOT}"]
    listed = ["git", *own, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (hook / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, hook / name)
    good = (ROOT / "examples/pi.yaml").read_text("utf-8")
    (work / "good.yaml").write_text(good)
    (work / "--exit-zero.yaml").write_text(good)  # no option
    (work / "-q").with_suffix(".yaml").write_text(good)
    shutil.copy(ROOT / "examples/broken.yaml", work / "bad.yaml")
    (work / "chart/Chart.yaml").write_text("apiVersion: v2\nname: chart\nversion: 1.0.0\n")
    (work / "chart/templates/job.yaml").write_text(
        good.replace("name: pi\n", "name: {{ .Values.name }}\n", 1).replace("Never", "Always")
    )
    (programs / "helm").write_text(HELM.replace("{{{{", "{{").replace("}}}}", "}}"))
    (programs / "helm").chmod(0o755)
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com"]
    for folder in (hook, work):
        for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
            subprocess.run([*git, *command], cwd=folder, check=True)
    revision = subprocess.run([*git, "rev-parse", "HEAD"], cwd=hook, check=True, capture_output=True).stdout.decode().strip()
    (work / ".pre-commit-config.yaml").write_text(CONFIG.format(hook=hook, revision=revision))
    (work / "good.yaml").write_text(good.replace("perl:5.34.0", "perl:5.36.0"))
    subprocess.run([*git, "add", "-A"], cwd=work, check=True)
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([PRE_COMMIT, "run", "--all-files"], cwd=work, capture_output=True, check=False, env=environment)
    output = (done.stdout + done.stderr).decode()
    told: dict[str, str] = {}
    for part in output.split("- hook id: ")[1:]:
        name, _, told[name] = part.partition("\n")
    assert sorted(told) == ["joblint", "joblint-diff", "joblint-fix", "joblint-helm"], output[-3000:]
    assert "exit code: 1" in told["joblint"] and "restart-policy-required" in told["joblint"]
    assert "5 Jobs checked in" in told["joblint"] and "joblint renders its templates itself" in told["joblint"]
    assert "chart.yaml:" in told["joblint-helm"] and "exit code: 1" in told["joblint-helm"]
    assert "spec.template" in told["joblint-diff"] and "exit code: 1" in told["joblint-diff"]
    assert "files were modified by this hook" in told["joblint-fix"]
    assert "backoffLimit" in (work / "bad.yaml").read_text()
