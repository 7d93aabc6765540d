"""`joblint check --fix` and `--diff`, and the rules of one's own on the command line."""

from __future__ import annotations

import importlib.util
import os
import stat
from pathlib import Path

import pytest

from .run import joblint

BAD = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: pi
spec:
  backofLimit: 3  # tries
  template:
    spec:
      containers:
        - name: main
          image: perl:5.34.0
"""
SAFE = BAD.replace("backofLimit", "backoffLimit")
ALL = SAFE.replace("      containers", "      restartPolicy: Never\n      containers")
EXAMPLES = Path(__file__).parents[2] / "examples" / "rules"
needs_cel = pytest.mark.skipif(importlib.util.find_spec("cel_expr_python") is None, reason="the extra cel is not installed")


def test_fix_writes_the_safe_fixes_and_reports_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "job.yaml"
    file.write_text(BAD)
    done = joblint("check", "--fix", "job.yaml", cwd=tmp_path)
    assert file.read_text() == SAFE
    assert done.returncode == 1
    assert b"restart-policy-required" in done.stdout and b"unknown-field" not in done.stdout
    told = done.stderr.decode()
    assert "job.yaml:6:3: JL105 fixed: backofLimit → backoffLimit" in told
    assert "joblint: 1 fix in 1 file" in told


def test_fix_unsafe_makes_the_choices_too(tmp_path: Path) -> None:
    file = tmp_path / "job.yaml"
    file.write_text(BAD)
    done = joblint("check", "--fix", "--unsafe", "job.yaml", cwd=tmp_path)
    assert file.read_text() == ALL
    assert done.returncode == 0
    assert "nothing to fix" in joblint("check", "--fix", "--unsafe", "job.yaml", cwd=tmp_path).stderr.decode()


def test_diff_shows_and_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "job.yaml"
    file.write_text(BAD)
    done = joblint("check", "--diff", "--fix", "job.yaml", cwd=tmp_path)
    assert file.read_text() == BAD
    assert done.stdout.decode().splitlines()[:3] == ["--- a/job.yaml", "+++ b/job.yaml", "@@ -3,7 +3,7 @@"]
    assert b"-  backofLimit: 3  # tries\n+  backoffLimit: 3  # tries\n" in done.stdout
    assert done.returncode == 1
    assert joblint("check", "--diff", "--exit-zero", "job.yaml", cwd=tmp_path).returncode == 0
    file.write_text(SAFE)
    assert joblint("check", "--diff", "job.yaml", cwd=tmp_path).stdout == b""
    assert joblint("check", "--diff", "job.yaml", cwd=tmp_path).returncode == 0


def test_standard_input_is_fixed_to_standard_output() -> None:
    done = joblint("check", "--fix", "-", stdin=BAD.replace("\n", "\r\n").encode())
    assert done.stdout.decode() == SAFE.replace("\n", "\r\n")
    assert done.returncode == 0


@pytest.mark.skipif(os.name != "posix", reason="modes and links of POSIX")
def test_mode_and_link_stay(tmp_path: Path) -> None:
    file, link = tmp_path / "job.yaml", tmp_path / "link.yaml"
    file.write_text(BAD)
    file.chmod(0o640)
    link.symlink_to("job.yaml")
    joblint("check", "--fix", "link.yaml", cwd=tmp_path)
    assert link.is_symlink() and file.read_text() == SAFE
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert sorted(p.name for p in tmp_path.iterdir()) == ["job.yaml", "link.yaml"]


def test_a_file_that_cannot_be_written_stays_and_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from joblint.cli import fix

    file = tmp_path / "job.yaml"
    file.write_text(BAD)

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(OSError, match="No space"):
        fix.replace_file(str(file), BAD.encode(), b"new")
    assert file.read_text() == BAD
    assert [p.name for p in tmp_path.iterdir()] == ["job.yaml"]


def test_a_patch_of_kustomize_is_left(tmp_path: Path) -> None:
    (tmp_path / "kustomization.yaml").write_text("patches: [{path: job.yaml}]\n")
    file = tmp_path / "job.yaml"
    file.write_text(BAD)
    joblint("check", "--fix", ".", cwd=tmp_path)
    assert file.read_text() == BAD


def test_a_missing_path_is_told() -> None:
    assert joblint("check", "--diff", "none.yaml").returncode == 2


@needs_cel
def test_rules_of_ones_own_are_tried() -> None:
    done = joblint("rules", "test", str(EXAMPLES))
    assert done.returncode == 0
    assert done.stdout.decode().splitlines()[-1] == "3 rules, 0 failed."


@needs_cel
def test_a_rule_whose_example_fails(tmp_path: Path) -> None:
    text = (EXAMPLES / "ACME01-registry.yaml").read_text().replace('"registry.example.com/"', '"quay.io/"')
    (tmp_path / "rule.yaml").write_text(text)
    done = joblint("rules", "test", "rule.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert b"FAIL  ACME01" in done.stdout and b"rule.yaml:50:7: good example 1: the rule reports it" in done.stdout
    (tmp_path / "rule.yaml").write_text(text.replace("job.spec", "jog.spec"))
    wrong = joblint("rules", "test", "rule.yaml", cwd=tmp_path)
    assert wrong.returncode == 2 and b"rule.yaml:14:27: undeclared reference to 'jog" in wrong.stderr


@needs_cel
def test_rules_named_by_the_configuration_run(tmp_path: Path) -> None:
    (tmp_path / ".joblint.yaml").write_text(f"rules: ['{EXAMPLES}']\n")
    (tmp_path / "job.yaml").write_text(ALL)
    done = joblint("check", "--format", "concise", "job.yaml", cwd=tmp_path)
    assert b"Job pi takes an image from elsewhere. [ACME01 registry-of-ours]" in done.stdout
    assert done.returncode == 1
    assert joblint("check", "--ignore", "ACME01", "job.yaml", cwd=tmp_path).returncode == 0


@needs_cel
def test_export(tmp_path: Path) -> None:
    done = joblint("rules", "export", "ACME02", "--as", "validatingadmissionpolicy", "--rules", str(EXAMPLES), cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.count(b"kind: ValidatingAdmissionPolicy") == 2
    refused = joblint("rules", "export", "JL301", "--as", "validatingadmissionpolicy", cwd=tmp_path)
    assert refused.returncode == 2 and b"not an expression" in refused.stderr and refused.stdout == b""


def test_a_rule_is_shown_by_id_or_name() -> None:
    assert joblint("rules", "JL105").stdout == joblint("rules", "unknown-field").stdout
    assert joblint("rules", "JL1O5").returncode == 2
    assert b"To show one in full" in joblint("rules").stdout
