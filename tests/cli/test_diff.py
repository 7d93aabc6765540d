"""`joblint diff` from the outside."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import jsonschema

from .run import joblint
from .test_check import GOOD

ROOT = Path(__file__).parents[2]


def _diff(folder: Path, old: str, new: str, *options: str) -> list[dict[str, object]]:
    (folder / "old.yaml").write_text(old)
    (folder / "new.yaml").write_text(new)
    done = joblint("diff", "old.yaml", "new.yaml", "--format", "json", "--exit-zero", *options, cwd=folder)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    jsonschema.validate(report, json.loads((ROOT / "schemas/output/diff.json").read_bytes()))
    changes: list[dict[str, object]] = report["changes"]
    return changes


def test_an_unchanged_job_does_not_run_again(tmp_path: Path) -> None:
    (change,) = _diff(tmp_path, GOOD, GOOD + "# a comment\n")
    assert change["outcome"] == "unchanged"
    assert "will not run again" in str(change["effects"])


def test_a_changed_image_is_refused(tmp_path: Path) -> None:
    (change,) = _diff(tmp_path, GOOD, GOOD.replace("5.34.0", "5.36.0"))
    assert change["outcome"] == "refused"
    assert [e["field"] for e in change["errors"]] == ["spec.template"]  # type: ignore[attr-defined]
    assert "helm upgrade also fails" in str(change["effects"])


def test_parallelism_takes_effect_at_once(tmp_path: Path) -> None:
    (change,) = _diff(tmp_path, GOOD, GOOD.replace("spec:\n  b", "spec:\n  parallelism: 5\n  b", 1))
    assert change["outcome"] == "updated"
    assert "parallelism 1 → 5: takes effect immediately" in str(change["effects"])


def test_created_removed_and_generate_name(tmp_path: Path) -> None:
    new = GOOD.replace("name: pi", "name: tau") + "---\n" + GOOD.replace("name: pi", "generateName: pi-")
    outcomes = {str(c["name"]): c["outcome"] for c in _diff(tmp_path, GOOD, new)}
    assert outcomes == {"tau": "created", "pi-": "refused", "pi": "removed"}


def test_hooks_change_the_effect(tmp_path: Path) -> None:
    hook = GOOD.replace("  name: pi\n", "  name: pi\n  annotations: {helm.sh/hook: pre-upgrade}\n")
    (change,) = _diff(tmp_path, hook, hook.replace("5.34.0", "5.36.0"))
    assert change["outcome"] == "recreated"
    assert "Helm deletes the Job, its Pods and logs, and creates it again" in str(change["effects"])


def test_old_comes_from_git(tmp_path: Path) -> None:
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-C", str(tmp_path)]
    (tmp_path / "job.yaml").write_text(GOOD)
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run([*git, *command], check=True)
    (tmp_path / "job.yaml").write_text(GOOD.replace("5.34.0", "5.36.0"))
    done = joblint("diff", "--git", "HEAD", "job.yaml", cwd=tmp_path)
    assert done.returncode == 1 and b"rejected" in done.stdout
    done = joblint("diff", "--git", "HEAD", ".", cwd=tmp_path)
    assert done.returncode == 1 and b"rejected" in done.stdout
    done = joblint("diff", "--git", "nowhere", "job.yaml", cwd=tmp_path)
    assert done.returncode == 2 and b"nowhere" in done.stderr


def test_mistakes_in_the_call(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD)
    assert joblint("diff", "a.yaml", cwd=tmp_path).returncode == 2
    assert joblint("diff", "a.yaml", "gone.yaml", cwd=tmp_path).returncode == 2
    done = joblint("diff", "a.yaml", "-", cwd=tmp_path, stdin=b"a: [")
    assert done.returncode == 0 and b"invalid YAML" in done.stdout


def test_the_former_name_of_created_with(tmp_path: Path) -> None:
    """`--made` is what the option was called before: both say how OLD was created, and the help shows only the new name."""
    for option in ("--created-with=create", "--made=create"):
        (change,) = _diff(tmp_path, GOOD, GOOD, option)
        assert change["outcome"] == "updated"  # kubectl apply adds its annotation to an object of kubectl create
    assert b"--made" not in joblint("diff", "--help", cwd=tmp_path).stdout
