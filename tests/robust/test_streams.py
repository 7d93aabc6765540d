"""The standard streams: readers that go away, full disks, closed streams, locales; and what of that decides the exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from joblint.cli.options import FORMATS

ROOT = Path(__file__).parents[2]
JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {name: größe-日本}
spec: {backofLimit: 3, template: {spec: {containers: [{name: a, image: "a:1"}]}}}
"""
GOOD = """\
apiVersion: batch/v1
kind: Job
metadata: {name: pi, annotations: {a: größe-日本}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: "a:1"}]}}}
"""
posix = pytest.mark.skipif(os.name != "posix", reason="streams of POSIX")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "bad.yaml").write_text(JOB, encoding="utf-8")
    (tmp_path / "good.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "many.yaml").write_text("---\n".join([JOB] * 300), encoding="utf-8")
    return tmp_path


def _shell(command: str, folder: Path, **env: str) -> subprocess.CompletedProcess[bytes]:
    """A command of a shell, in which `joblint` is this one."""
    joblint = f"{sys.executable} -m joblint"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **env}
    script = command.replace("joblint ", f"{joblint} ")
    return subprocess.run(["bash", "-c", script], cwd=folder, env=environment, capture_output=True, check=False)


@posix
@pytest.mark.parametrize("format", FORMATS)
def test_what_was_found_counts_even_when_nobody_reads_it(folder: Path, format: str) -> None:
    done = _shell(f"joblint check --format {format} many.yaml | true; echo ${{PIPESTATUS[0]}}", folder)
    assert (done.stdout, done.stderr) == (b"1\n", b"")
    done = _shell(f"joblint check --format {format} good.yaml | true; echo ${{PIPESTATUS[0]}}", folder)
    assert (done.stdout, done.stderr) == (b"0\n", b"")


@posix
@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("jobs-explain many.yaml", "1"),
        ("jobs-explain --format json many.yaml", "1"),
        ("check --statistics many.yaml", "1"),
        ("check --diff many.yaml", "1"),
        ("diff good.yaml many.yaml", "1"),
        ("rules", "0"),
        ("rules JL101", "0"),
        ("--help", "0"),
    ],
)
def test_other_commands_when_nobody_reads_them(folder: Path, command: str, status: str) -> None:
    done = _shell(f"joblint {command} | true; echo ${{PIPESTATUS[0]}}", folder)
    assert done.stdout.decode().strip() == status
    assert b"Traceback" not in done.stderr and b"a bug in joblint" not in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device")
@pytest.mark.parametrize(
    "command",
    [
        "check good.yaml",
        "check many.yaml",
        "check --format json good.yaml",
        "jobs-explain good.yaml",
        "rules",
        "--version",
        "--help",
    ],
)
def test_a_full_disk_is_told(folder: Path, command: str) -> None:
    done = _shell(f"joblint {command} > /dev/full", folder)
    assert done.returncode == 2
    assert b"No space left on device" in done.stderr and b"Traceback" not in done.stderr


@posix
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", ["check --no-cache many.yaml", "check --format json many.yaml", "jobs-explain many.yaml"])
def test_a_disk_that_becomes_full_meanwhile_is_told(folder: Path, command: str, unbuffered: str) -> None:
    done = _shell(f"ulimit -f 2; joblint {command} > out", folder, PYTHONUNBUFFERED=unbuffered, PYTHONDONTWRITEBYTECODE="1")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"standard output cannot be written: File too large" in done.stderr and b"Traceback" not in done.stderr


@posix
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_pipe_that_does_not_block_gets_everything(folder: Path, unbuffered: str) -> None:
    import fcntl

    command = [sys.executable, "-m", "joblint", "check", "--format", "json", "--no-cache", "many.yaml"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": unbuffered}
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETFL, fcntl.fcntl(writer, fcntl.F_GETFL) | os.O_NONBLOCK)
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=writer, stderr=subprocess.PIPE) as process:
        os.close(writer)
        with os.fdopen(reader, "rb", buffering=0) as source:
            first = source.read(1)  # its reader is late from now on
            rest = b"".join(iter(lambda: source.read(1 << 12), b""))
        assert process.stderr is not None and process.stderr.read() == b""
    assert process.returncode == 1
    assert len(json.loads(first + rest)["documents"]) == 300


@posix
@pytest.mark.parametrize(
    "command", ["check good.yaml", "check many.yaml", "check --format json good.yaml", "jobs-explain good.yaml"]
)
def test_closed_standard_output_is_told(folder: Path, command: str) -> None:
    done = _shell(f"joblint {command} >&-", folder)
    assert done.returncode == 2
    assert b"standard output is closed" in done.stderr and b"Traceback" not in done.stderr


@posix
def test_closed_standard_error_is_no_loss(folder: Path) -> None:
    done = _shell("joblint check --format json bad.yaml gone.yaml 2>&-", folder)
    assert done.returncode == 2
    assert json.loads(done.stdout)["summary"]["missing"]
    assert _shell("joblint check --no-such-option 2>&-", folder).returncode == 2
    assert _shell("joblint check good.yaml 2>/dev/full", folder).returncode == 0
    for n in range(60):  # so many that there is a progress line, on a terminal
        (folder / f"more-{n}.yaml").write_text((folder / "bad.yaml").read_text())
    assert _shell("joblint check --format concise . 2>&-", folder).returncode == 1


@posix
def test_closed_standard_input_is_told(folder: Path) -> None:
    for command in ("check -", "check --fix -"):
        done = _shell(f"joblint {command} <&-", folder)
        assert done.returncode == 2 and b"standard input" in done.stderr.lower().replace(b"<stdin>", b"standard input")
        assert b"Traceback" not in done.stderr
    assert _shell("joblint check good.yaml <&-", folder).returncode == 0
    assert _shell("joblint check good.yaml <&- >&- 2>&-", folder).returncode == 2


@posix
def test_a_folder_that_is_gone_is_no_bug(tmp_path: Path) -> None:
    done = _shell("mkdir gone && cd gone && rmdir ../gone && joblint check x.yaml", tmp_path)
    assert done.returncode == 2 and b"a bug in joblint" not in done.stderr


LOCALES = [
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "cp1252"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
]


@posix
@pytest.mark.parametrize("format", FORMATS)
def test_formats_do_not_depend_on_the_locale(folder: Path, format: str) -> None:
    plain = _shell(f"joblint check --format {format} bad.yaml good.yaml", folder, PYTHONIOENCODING="utf-8").stdout
    plain.decode("utf-8")
    for locale in LOCALES:
        done = _shell(f"joblint check --format {format} bad.yaml good.yaml", folder, **locale)
        assert done.returncode == 1
        if format in ("text", "concise"):
            done.stdout.decode(locale.get("PYTHONIOENCODING", "ascii"))
        else:
            assert done.stdout == plain


@posix
@pytest.mark.parametrize("format", ["json", "html", "svg", "markdown"])
def test_explanations_do_not_depend_on_the_locale(folder: Path, format: str) -> None:
    def told(**env: str) -> bytes:
        return _shell(f"joblint jobs-explain --now 2026-11-21 --format {format} bad.yaml good.yaml", folder, **env).stdout

    plain = told(PYTHONIOENCODING="utf-8")
    assert "größe-日本" in plain.decode("utf-8")
    for locale in LOCALES:
        assert told(**locale) == plain


@posix
def test_text_is_written_with_escapes_where_the_locale_lacks_characters(folder: Path) -> None:
    out = _shell("joblint check bad.yaml", folder, PYTHONIOENCODING="ascii").stdout.decode("ascii")
    assert "\\u65e5\\u672c" in out


@posix
def test_explain_goes_on_past_what_is_not_there(folder: Path) -> None:
    done = _shell("joblint jobs-explain --brief gone.yaml good.yaml", folder)
    assert done.returncode == 2
    assert b"gone.yaml: No such file or directory" in done.stderr and b"Job pi" in done.stdout


@posix
def test_a_pipe_that_is_named_is_read_once(folder: Path) -> None:
    """A shell's `<(…)` is a path to a pipe: what looks into files beforehand must leave it to the check."""
    os.mkfifo(folder / "pipe")
    done = _shell("cat bad.yaml > pipe & joblint check --format json pipe", folder)
    report = json.loads(done.stdout)
    assert done.returncode == 1 and report["summary"]["documents"] == 1 and report["summary"]["errors"] > 0


@posix
@pytest.mark.parametrize("option", ["--kubernetes-version 1.35..1.36", "--severity info", "--verbose"])
def test_a_pipe_is_there_for_every_pass_over_it(folder: Path, option: str) -> None:
    """Pod Security levels of a Namespace, and a range of versions, mean that files are checked twice."""
    level = "pod-security.kubernetes.io/enforce: restricted"
    namespace = f"---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: default, labels: {{{level}}}}}\n"
    (folder / "set.yaml").write_text(GOOD + namespace + "# " + "x" * 70_000, encoding="utf-8")
    for _ in range(2):
        done = _shell(f"joblint check --format json {option} <(cat set.yaml)", folder, XDG_CACHE_HOME=str(folder / "cache"))
        (document,) = json.loads(done.stdout)["documents"]
        assert document["podSecurity"]["allowed"] is False


@pytest.mark.parametrize("command", [["check"], ["jobs-explain"]])
def test_the_directory_of_an_output_is_created(folder: Path, command: list[str]) -> None:
    """As pytest and others do for their reports; a file in its place is an error."""
    done = subprocess.run(
        [sys.executable, "-m", "joblint", *command, "--output", "json=new/reports/x.json", "bad.yaml"],
        cwd=folder,
        capture_output=True,
    )
    assert done.returncode in (0, 1) and json.loads((folder / "new/reports/x.json").read_bytes())["version"] == 1
    done = subprocess.run(
        [sys.executable, "-m", "joblint", *command, "--output", "json=bad.yaml/x.json", "bad.yaml"],
        cwd=folder,
        capture_output=True,
    )
    assert done.returncode == 2 and b"joblint: bad.yaml/x.json: " in done.stderr


def test_a_report_is_written_to_the_pipe_that_standard_output_is(folder: Path) -> None:
    (folder / "job.yaml").write_text("apiVersion: batch/v1\nkind: Job\nspec: {}\n")
    command = [
        sys.executable,
        "-m",
        "joblint",
        "check",
        "--output",
        "json=/dev/stdout",
        "--output",
        "text=/dev/stderr",
        "job.yaml",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=60)
    assert done.returncode == 1 and json.loads(done.stdout)["version"] == 1 and b"error" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="a directory in use cannot be deleted")
def test_a_current_directory_that_is_deleted(folder: Path) -> None:
    script = 'mkdir gone; cd gone; rmdir ../gone; exec "$0" -m joblint check .'
    done = subprocess.run(["sh", "-c", script, sys.executable], cwd=folder, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (2, "joblint: the current directory: No such file or directory\n")
