"""Systems that lack something: a C part, a parser, a home, a locale, descriptors; and the ends of lines of another system."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {name: größe}
spec:
  backofLimit: 3
  template: {spec: {restartPolicy: Never, containers: [{name: a, image: "a:1", command: [sh, -c, "work | tee log"]}]}}
"""
WITHOUT = """
import os, sys
sys.path.insert(0, sys.argv[1])
for name in sys.argv[2].split(","):
    sys.modules[name] = None
from joblint.cli.main import leave, run
leave(run(sys.argv[3:]))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "job.yaml").write_text(JOB, encoding="utf-8")
    return tmp_path


def _without(missing: str, folder: Path, *arguments: str) -> tuple[int, str, str]:
    command = [sys.executable, "-c", WITHOUT, str(ROOT), missing, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "utf-8"})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize("missing", ["_ruamel_yaml", "pathspec,jsonschema,click", "hashlib,_hashlib", "fcntl,grp,pwd"])
def test_without_what_is_only_faster_or_for_others_the_output_is_the_same(folder: Path, missing: str) -> None:
    arguments = ("check", "--no-cache", "--format", "json", "--severity", "info", "job.yaml")
    assert _without(missing, folder, *arguments) == _without("nothing_of_that_name", folder, *arguments)


@pytest.mark.parametrize("missing", ["tree_sitter", "tree_sitter_bash"])
def test_without_a_parser_of_scripts_it_says_what_it_leaves_out(folder: Path, missing: str) -> None:
    (folder / "job.yaml").write_text(JOB.replace("größe", "pi").replace("work |", "work $(date) |"))
    status, out, err = _without(missing, folder, "check", "--no-cache", "job.yaml")
    assert (status, err) == (1, "")
    assert "backoffLimit" in out and "JL701" not in out
    assert "Not checked: job.yaml (scripts are not followed here: the packages tree-sitter and" in " ".join(out.split())
    assert _without(missing, folder, "jobs-explain", "job.yaml")[0] in (0, 1)


def test_plain_scripts_need_no_parser(folder: Path) -> None:
    (folder / "job.yaml").write_text(JOB.replace("größe", "pi"))
    _, out, err = _without("tree_sitter", folder, "check", "--no-cache", "job.yaml")
    assert "JL701" in out and "not followed" not in out and err == ""


def _bare(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "joblint", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False, env={"PYTHONPATH": str(ROOT), **environment})


@pytest.mark.skipif(os.name != "posix", reason="an empty environment of POSIX")
@pytest.mark.parametrize(
    "environment", [{}, {"LC_ALL": "C", "PYTHONUTF8": "0"}, {"HOME": "/nonexistent"}, {"HOME": ""}, {"LANG": "xx"}]
)
def test_without_a_home_and_in_any_locale_the_formats_for_machines_are_the_same(
    folder: Path, environment: dict[str, str]
) -> None:
    done = _bare(folder, "check", "--format", "json", "job.yaml", **environment)
    usual = _bare(folder, "check", "--format", "json", "--no-cache", "job.yaml", LC_ALL="C.UTF-8")
    assert (done.returncode, done.stdout, done.stderr) == (1, usual.stdout, b"")
    assert "größe".encode() in done.stdout or b"gr\\u00f6\\u00dfe" in done.stdout


@pytest.mark.skipif(not hasattr(os, "fork"), reason="descriptors and processes of POSIX")
@pytest.mark.parametrize("limit", ["-n 16", "-v 400000"])
def test_with_few_descriptors_or_little_memory_many_files_are_checked(folder: Path, limit: str) -> None:
    for n in range(60):
        (folder / f"job{n}.yaml").write_text(JOB.replace("größe", f"job-{n}").replace("backof", "backoff"))
    (folder / "job.yaml").unlink()
    command = f"ulimit {limit}; exec {sys.executable} -m joblint check --no-cache --jobs 8 ."
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"60 Jobs checked in 60 files" in done.stdout


def test_the_ends_of_lines_of_another_system_stay(folder: Path) -> None:
    file = folder / "job.yaml"
    before = JOB.replace("\n", "\r\n").encode()
    file.write_bytes(before)
    done = _bare(folder, "check", "--no-cache", "--fix", "job.yaml", LC_ALL="C.UTF-8")
    assert b"job.yaml:5:3: JL105 fixed" in done.stderr
    assert file.read_bytes() == before.replace(b"backof", b"backoff")


CLOCK = """
import sys, time
now = float(sys.argv[1])
time.time, time.time_ns = lambda: now, lambda: int(now * 1e9)
sys.argv = ["joblint", *sys.argv[2:]]
from joblint.cli.main import main
main()
"""
CRON = """\
apiVersion: batch/v1
kind: CronJob
metadata: {name: x} # joblint: ignore[JL3] until=2027-01-01: a reason
spec:
  schedule: "30 2 * * *"
  timeZone: Europe/Berlin
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: "a:1"}]}}}}
"""


@pytest.mark.parametrize("now", ["0", "-1", "-946080000", "4e9", "1e11", "253402300801", "1e15", "-1e15"])
def test_a_wrong_clock_is_no_error(now: str, tmp_path: Path) -> None:
    (tmp_path / "cron.yaml").write_text(CRON)
    for command in (["check", "--no-cache", "."], ["jobs-explain", "cron.yaml"], ["check", "--format", "junit", "."]):
        done = subprocess.run([sys.executable, "-c", CLOCK, now, *command], cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode in (0, 1), done.stderr
