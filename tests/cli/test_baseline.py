"""Baselines and --since: what is known, or did not change, is not reported again; and a story from red to green."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from .run import joblint

JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: {name}
spec:
  activeDeadlineSeconds: 300
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: perl
        resources: {{requests: {{memory: 64Mi}}, limits: {{memory: 64Mi}}}}
  backoffLimit: 6
"""
GIT = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "jobs").mkdir()
    for name in ("a", "b"):
        (tmp_path / "jobs" / f"{name}.yaml").write_text(JOB.format(name=name))
    return tmp_path


def _found(folder: Path, *arguments: str) -> list[str]:
    report = json.loads(joblint("check", "--format", "json", *arguments, cwd=folder).stdout)
    return [f"{f['file']}:{f['line']} {f['rule']}" for f in report["findings"]]


def test_only_what_is_new_is_reported(folder: Path) -> None:
    done = joblint("baseline", "write", cwd=folder)
    assert done.returncode == 0 and done.stderr.decode() == snapshot("""\
joblint: 8 findings written to .joblint-baseline.json
To report only new findings: joblint check --baseline .joblint-baseline.json
To do this in every run, add this line to .joblint.yaml: baseline: .joblint-baseline.json
""")
    assert (folder / ".joblint-baseline.json").read_text() == snapshot("""\
{
 "version": 1,
 "findings": {
  "JL301 Job//a spec.activeDeadlineSeconds": 1,
  "JL301 Job//b spec.activeDeadlineSeconds": 1,
  "JL310 Job//a spec.ttlSecondsAfterFinished": 1,
  "JL310 Job//b spec.ttlSecondsAfterFinished": 1,
  "JL601 Job//a metadata.name": 1,
  "JL601 Job//b metadata.name": 1,
  "JL801 Job//a spec.template.spec.containers[main].image": 1,
  "JL801 Job//b spec.template.spec.containers[main].image": 1
 }
}
""")
    (folder / ".joblint.yaml").write_text("baseline: .joblint-baseline.json\n")
    assert _found(folder, ".") == []
    assert joblint("check", "--fail-on", "info", ".", cwd=folder).returncode == 0
    path = folder / "jobs/a.yaml"
    path.write_text(
        "# moved\n\n"
        + path.read_text().replace("300", "290").replace("- name: main", "- name: first\n        image: b\n      - name: main")
    )
    path.rename(folder / "moved.yaml")
    assert _found(folder, ".") == ["moved.yaml:14 JL801"]
    assert _found(folder / "jobs", ".") == []


def test_what_is_fixed_is_counted_and_taken_out(folder: Path) -> None:
    joblint("baseline", "write", "--baseline", "known.json", cwd=folder)
    path = folder / "jobs/a.yaml"
    path.write_text(
        path.read_text().replace("perl", "perl:5.34.0").replace("  active", "  ttlSecondsAfterFinished: 60\n  active")
    )
    (folder / "jobs/b.yaml").unlink()
    known = ["--baseline", "known.json"]
    assert b"3 known findings fixed: --update-baseline removes them." in joblint("check", *known, "jobs", cwd=folder).stdout
    assert b"7 known findings fixed" in joblint("check", *known, ".", cwd=folder).stdout
    narrow = joblint("check", *known, "--select", "JL3", "--update-baseline", "jobs", cwd=folder)
    assert narrow.stderr == b"joblint: 1 finding removed from known.json, 7 left\n"
    done = joblint("check", *known, "--update-baseline", ".", cwd=folder)
    assert done.stderr == b"joblint: 6 findings removed from known.json, 1 left\n" and b"fixed" not in done.stdout
    assert json.loads((folder / "known.json").read_bytes())["findings"] == {"JL301 Job//a spec.activeDeadlineSeconds": 1}
    back = joblint("check", *known, "--update-baseline", ".", cwd=folder)
    assert back.stderr == b"" and b"1 known (baseline)." in back.stdout


def test_a_second_of_a_kind_is_new(folder: Path) -> None:
    joblint("baseline", "write", cwd=folder)
    (folder / "again.yaml").write_text(JOB.format(name="a"))
    found = _found(folder, "--baseline", ".joblint-baseline.json", "--select", "JL301,JL801", ".")
    assert len(found) == 2


def test_a_baseline_is_shown(folder: Path) -> None:
    joblint("baseline", "write", cwd=folder)
    assert joblint("baseline", "show", cwd=folder).stdout.decode() == snapshot("""\
Job/a
  JL301  spec.activeDeadlineSeconds
  JL310  spec.ttlSecondsAfterFinished
  JL601  metadata.name
  JL801  spec.template.spec.containers[main].image
Job/b
  JL301  spec.activeDeadlineSeconds
  JL310  spec.ttlSecondsAfterFinished
  JL601  metadata.name
  JL801  spec.template.spec.containers[main].image
8 findings of 2 objects.
""")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file or directory; to create it: joblint baseline write --baseline known.json"),
        ("{", "not a baseline: "),
        ("[]", "not a baseline of this joblint version"),
        ('{"version": 1, "findings": {"a": 0}}', "the count of a finding must be a number above 0"),
    ],
)
def test_a_file_that_is_no_baseline(folder: Path, content: str | None, said: str) -> None:
    if content is not None:
        (folder / "known.json").write_text(content)
    done = joblint("check", "--baseline", "known.json", ".", cwd=folder)
    assert done.returncode == 2 and said in done.stderr.decode()


def test_a_baseline_for_standard_output(folder: Path) -> None:
    done = joblint("baseline", "write", "--baseline", "-", cwd=folder)
    assert (done.returncode, done.stderr) == (0, b"")
    assert not (folder / "-").exists()
    assert joblint("baseline", "write", cwd=folder).returncode == 0
    assert done.stdout == (folder / ".joblint-baseline.json").read_bytes()
    done = joblint("check", "--baseline", "-", ".", cwd=folder)
    assert done.returncode == 2 and b"--baseline requires a file" in done.stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    def git(*arguments: str) -> None:
        subprocess.run([*GIT, *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    (tmp_path / "one.yaml").write_text(JOB.format(name="a") + "---\n" + JOB.format(name="b"))
    (tmp_path / "two.yaml").write_text(JOB.format(name="c"))
    git("add", "-A")
    git("commit", "-qm", "first")
    return tmp_path


@needs_git
def test_only_objects_that_changed_since_a_revision(checkout: Path) -> None:
    only = ["--since", "HEAD", "--select", "JL301"]
    assert _found(checkout, *only, ".") == []
    assert b"3 objects unchanged (--since)" in joblint("check", *only, ".", cwd=checkout).stdout
    one = checkout / "one.yaml"
    one.write_text("# a line more\n---\n" + one.read_text().replace("name: b", "name: b2"))
    (checkout / "two.yaml").rename(checkout / "renamed.yaml")
    (checkout / "new.yaml").write_text(JOB.format(name="d"))
    assert _found(checkout, *only, ".") == ["new.yaml:6 JL301", "one.yaml:23 JL301"]
    assert _found(checkout / ".git" / "..", *only, "one.yaml") == ["one.yaml:23 JL301"]
    done = joblint("check", "--since", "HEAD", "-", stdin=JOB.format(name="c").encode(), cwd=checkout)
    assert b"JL301" in done.stdout


@needs_git
@pytest.mark.parametrize(("revision", "said"), [("nonsense", "unknown Git revision 'nonsense'"), ("-x", "-x is not a revision")])
def test_a_revision_that_is_not_there(checkout: Path, revision: str, said: str) -> None:
    done = joblint("check", f"--since={revision}", ".", cwd=checkout)
    assert done.returncode == 2 and said in done.stderr.decode()


@needs_git
def test_since_outside_of_a_checkout(tmp_path: Path) -> None:
    done = joblint("check", "--since", "HEAD", ".", cwd=tmp_path, GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    assert done.returncode == 2 and b"--since: not a Git repository" in done.stderr
    (tmp_path / "one.yaml").write_text(JOB.format(name="a"))
    done = joblint("check", "--since", "HEAD", ".", cwd=tmp_path)
    assert done.returncode == 2 and b"--since: one.yaml is not in a Git repository" in done.stderr


@needs_git
def test_each_file_is_compared_with_its_own_repository(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """From a directory outside of all repositories, and with one repository inside another."""
    inner = checkout / "inner"
    inner.mkdir()
    subprocess.run([*GIT, "init", "-q", "-b", "main"], cwd=inner, check=True)
    (inner / "three.yaml").write_text(JOB.format(name="d"))
    subprocess.run([*GIT, "add", "-A"], cwd=inner, check=True)
    subprocess.run([*GIT, "commit", "-qm", "first"], cwd=inner, check=True)
    outside = checkout.parent
    only = ["--since", "HEAD", "--select", "JL301", checkout.name]
    assert _found(outside, *only) == []
    (inner / "three.yaml").write_text(JOB.format(name="e"))
    assert _found(outside, *only) == [f"{checkout.name}/inner/three.yaml:6 JL301"]
    (checkout / "two.yaml").write_text(JOB.format(name="f"))
    assert _found(outside, *only) == [f"{checkout.name}/inner/three.yaml:6 JL301", f"{checkout.name}/two.yaml:6 JL301"]
    loose = tmp_path_factory.mktemp("elsewhere") / "loose.yaml"
    loose.write_text(JOB.format(name="g"))
    done = joblint("check", *only, str(loose), cwd=outside)
    assert done.returncode == 2 and f"--since: {loose} is not in a Git repository" in done.stderr.decode()


def test_from_red_to_green_and_on(tmp_path: Path) -> None:
    """Sixty findings become known, ten are ignored with reasons; then one is fixed, one is new, and an ignore expires."""
    (tmp_path / ".git").mkdir()
    for n in range(20):
        (tmp_path / f"{n:02}.yaml").write_text(JOB.format(name=f"load-{n}").replace("Never", "Always"))
    strict = ["check", "--fail-on", "warning", "."]
    red = joblint(*strict, cwd=tmp_path)
    assert red.returncode == 1 and b"20 Jobs checked in 20 files: 20 errors, 40 warnings." in red.stdout
    # The shell, not joblint, knows *.
    assert joblint("ignore", "add", "0*.yaml", "--select", "JL801", cwd=tmp_path).returncode == 2
    joblint("ignore", "add", *[f"0{n}.yaml" for n in range(10)], "--select", "JL801", "--reason", "pinned in March", cwd=tmp_path)
    joblint("baseline", "write", cwd=tmp_path)
    (tmp_path / ".joblint.yaml").write_text("baseline: .joblint-baseline.json\n")
    green = joblint(*strict, cwd=tmp_path)
    assert green.returncode == 0
    assert green.stdout.decode() == snapshot(
        "20 Jobs checked in 20 files: nothing found.  10 ignored (--no-ignores).  50 known (baseline).\n"
    )
    first = tmp_path / "00.yaml"
    first.write_text(first.read_text().replace("Always", "Never"))
    second = tmp_path / "01.yaml"
    second.write_text(second.read_text().replace("[JL801]", "[JL801] until=2024-03-31"))
    then = joblint(*strict, cwd=tmp_path)
    *lines, last = then.stdout.decode().splitlines(keepends=True)
    assert then.returncode == 1 and "".join(lines) == snapshot("""\
01.yaml:12:16  warning  image-not-pinned  JL801
  The image perl has no fixed version: each attempt and each run may start different code.

  11        - name: main
  12          image: perl  # joblint: ignore[JL801] until=2024-03-31 -- pinned in March
                     ^^^^ no fixed version
  13          resources: {requests: {memory: 64Mi}, limits: {memory: 64Mi}}

  why   An image without a tag is :latest, which Kubernetes pulls before every start (imagePullPolicy: Always). A retry
        an hour later may run code that was pushed in between, and the first failure can no longer be reproduced.
  fix   image: perl:<version>  # or a digest: perl@sha256:<digest>

01.yaml:12:22  warning  ignore-expired  JL016
  This ignore of JL801 expired on 2024-03-31: its findings are reported again. Its reason: "pinned in March".

  11        - name: main
  12          image: perl  # joblint: ignore[JL801] until=2024-03-31 -- pinned in March
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ expired on 2024-03-31
  13          resources: {requests: {memory: 64Mi}, limits: {memory: 64Mi}}

  why   The date in until= has passed, so the ignore no longer applies.
  fix   Fix the cause and remove the ignore, or set a later date: until=<date>

""")
    assert last.startswith("20 Jobs checked in 20 files: 2 warnings.  9 ignored (--no-ignores).  49 known (baseline).")
    assert last.endswith("  1 known finding fixed: --update-baseline removes it.\n")


def test_a_missing_baseline_is_reported_with_its_place_in_the_configuration(folder: Path) -> None:
    """The error shows the line and the column of the setting."""
    (folder / ".joblint.yaml").write_text("profile: default\nbaseline: gone.json\n")
    done = joblint("check", cwd=folder)
    assert done.returncode == 2
    assert "gone.json (baseline in .joblint.yaml:2:11): No such file or directory" in done.stderr.decode()
