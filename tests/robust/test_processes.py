"""Several processes on a machine that has none to spare, that kills them, or that stops all of them: nothing is lost or left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from joblint.run import processes
from joblint.run.processes import rounds
from joblint.run.processors import at_most

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")


def _squares(n: int) -> Iterator[int]:
    yield from [i * i for i in range(n + 1)]


SQUARES = [[0, 0, 0, 0, 0], [1, 1, 1, 1], [4, 4, 4], [9, 9], [16]]


@pytest.mark.parametrize("call", ["pipe", "fork"])
@pytest.mark.parametrize("given", [0, 2])
def test_where_the_system_gives_no_more_the_work_is_done_with_what_there_is(
    monkeypatch: pytest.MonkeyPatch, call: str, given: int
) -> None:
    real, left = getattr(os, call), [None] * given
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0

    def scarce() -> object:
        if not left:
            raise OSError(11, "Resource temporarily unavailable")
        left.pop()
        return real()

    monkeypatch.setattr(processes.os, call, scarce)
    assert list(rounds(5, _squares)) == SQUARES
    assert not before or len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("killed", [0, 1, 2])
def test_the_work_of_a_process_that_is_killed_is_done(killed: int) -> None:
    parent = os.getpid()

    def work(n: int) -> Iterator[int]:
        for i in range(3):
            if n == 2 and i == killed and os.getpid() != parent:
                os.kill(os.getpid(), signal.SIGKILL)
            yield n * 10 + i

    assert list(rounds(4, work)) == [[i, 10 + i, 20 + i, 30 + i] for i in range(3)]


def test_what_is_larger_than_a_pipe_comes_through() -> None:
    def work(n: int) -> Iterator[bytes]:
        for i in range(4):
            yield bytes([n, i]) * 700_000

    assert [[(part[0], part[1], len(part)) for part in found] for found in rounds(3, work)] == [
        [(n, i, 1_400_000) for n in range(3)] for i in range(4)
    ]


def test_whoever_is_stopped_takes_the_others_along(monkeypatch: pytest.MonkeyPatch) -> None:
    born, real = [], os.fork

    def fork() -> int:
        born.append(real())
        return born[-1]

    monkeypatch.setattr(processes.os, "fork", fork)

    def work(n: int) -> Iterator[int]:
        if n == 0:
            raise KeyboardInterrupt
        time.sleep(300)
        yield n

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        list(rounds(3, work))
    assert time.monotonic() - begun < 100
    assert len(born) == 2
    for process in born:
        with pytest.raises(ChildProcessError):
            os.waitpid(process, os.WNOHANG)


@pytest.mark.parametrize(
    ("asked", "processors", "made"), [(1, 2, 1), (8, 1, 8), (9, 1, 8), (500, 2, 8), (500, 16, 64), (12, 16, 12)]
)
def test_nobody_gets_more_processes_than_the_machine_has_use_for(
    monkeypatch: pytest.MonkeyPatch, asked: int, processors: int, made: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(processors)), raising=False)
    assert at_most(asked) == made


STOPPED_AT_WORK = """
import os, signal, sys, time
sys.path.insert(0, sys.argv[1])
number = int(sys.argv[2])
from joblint.run import parts
parent, real = os.getpid(), parts.each
def each(engine, files, *others):
    if os.getpid() != parent and "job3.yaml" in files:
        os.kill(parent, number)
    elif len(files) > 1 or os.getpid() != parent:
        signal.pause()
    return real(engine, files, *others)
parts.each = each
from joblint.cli.main import run
status = run(["check", "--no-cache", "--jobs", "3", "--output", "json=report.json", *[f"job{i}.yaml" for i in range(7)]])
print(sorted(n for n in os.listdir() if not n.startswith("job")), flush=True)
try:
    os.waitpid(-1, os.WNOHANG)
    print("somebody is left")
except ChildProcessError:
    pass
sys.stdout.flush()
os._exit(status)
"""


@pytest.mark.parametrize(
    ("number", "status", "word"), [(signal.SIGTERM, 143, b"joblint: terminated\n"), (signal.SIGINT, 130, b"joblint: stopped\n")]
)
def test_who_is_stopped_while_others_work_leaves_none_of_them(tmp_path: Path, number: int, status: int, word: bytes) -> None:
    for i in range(7):
        (tmp_path / f"job{i}.yaml").write_text("apiVersion: batch/v1\nkind: Job\n")
    command = [sys.executable, "-c", STOPPED_AT_WORK, str(ROOT), str(int(number))]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=100)
    assert (done.returncode, done.stdout, done.stderr) == (status, b"[]\n", word)


FIX = """\
apiVersion: batch/v1
kind: Job
metadata: {name: pi}
spec: {backofLimit: 3, template: {spec: {restartPolicy: Never, containers: [{name: a, image: "a:1"}]}}}
"""
STOPPED_IN_FIX = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
where, number = sys.argv[2], int(sys.argv[3])
from joblint.cli import fix
module, name = (fix.os, "replace") if where == "replace" else (fix, where)
real = getattr(module, name)
def stopped(*arguments):
    os.kill(os.getpid(), number)
    return real(*arguments)
setattr(module, name, stopped)
from joblint.cli.main import run
status = run(["check", "--no-cache", "--fix", "job.yaml"])
print(sorted(os.listdir()), flush=True)
os._exit(status)
"""


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)])
@pytest.mark.parametrize(
    ("where", "links", "written"),
    [
        ("replace", False, False),
        ("_like", False, False),
        ("_beside", False, False),
        ("_put", True, True),
        ("_overwrite", True, False),
    ],
)
def test_who_is_stopped_while_fixing_leaves_the_file_as_it_was_or_whole(
    tmp_path: Path, number: int, status: int, where: str, links: bool, written: bool
) -> None:
    file = tmp_path / "job.yaml"
    file.write_text(FIX)
    if links:
        os.link(file, tmp_path / "other")
    # These tests may run under nohup, which ignores SIGHUP.
    code = f"import signal\nsignal.signal({int(number)}, signal.{'default_int_handler' if status == 130 else 'SIG_DFL'})\n"
    command = [sys.executable, "-c", code + STOPPED_IN_FIX, str(ROOT), where, str(int(number))]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=100)
    assert (done.returncode, done.stdout) == (status, b"['job.yaml', 'other']\n" if links else b"['job.yaml']\n"), done.stderr
    assert file.read_text() == (FIX.replace("backof", "backoff") if written else FIX)


@pytest.mark.parametrize("ignored", [True, False])
def test_a_closed_terminal_ends_a_command_unless_it_is_to_survive_that(tmp_path: Path, ignored: bool) -> None:
    """`nohup` ignores SIGHUP, which stays so."""
    (tmp_path / "job.yaml").write_text(FIX)
    code = f"signal.signal(signal.SIGHUP, signal.{'SIG_IGN' if ignored else 'SIG_DFL'})\n"
    command = [sys.executable, "-c", f"import signal\n{code}{STOPPED_IN_FIX}", str(ROOT), "replace", str(int(signal.SIGHUP))]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=100)
    assert (done.returncode, done.stdout.rpartition(b"[")[2]) == (0 if ignored else 129, b"'job.yaml']\n"), done.stderr
    assert ((tmp_path / "job.yaml").read_text() != FIX) == ignored


@pytest.mark.parametrize("command", [["check"], ["jobs-explain"], ["diff", "job.yaml"]])
def test_ctrl_c_is_told_by_every_command(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "job.yaml").write_text(FIX)
    code = "import os, signal, joblint.run.contents as c, joblint.base.content as b\n"
    code += "def read(*_): os.kill(os.getpid(), signal.SIGINT)\n"
    code += "c.read_file = b.manifests = b.read = read\nfrom joblint.cli.main import run\nimport sys\nsys.exit(run(sys.argv[1:]))"
    given = [sys.executable, "-c", code, *command, "job.yaml"]
    done = subprocess.run(
        given, cwd=tmp_path, capture_output=True, check=False, timeout=100, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert (done.returncode, done.stdout, done.stderr.strip()) == (130, b"", b"joblint: stopped")


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_the_language_server_stops_when_it_is_told_to(tmp_path: Path, number: int, status: int) -> None:
    pytest.importorskip("pygls")
    message = b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}'
    command = [sys.executable, "-m", "joblint", "lsp"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdin=pipe, stdout=pipe, stderr=pipe) as server:
        assert server.stdin is not None and server.stdout is not None and server.stderr is not None
        server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(message), message))
        server.stdin.flush()
        assert server.stdout.readline().startswith(b"Content-Length")
        server.send_signal(number)
        assert server.wait(100) == status
        assert server.stderr.read() in (b"joblint: terminated\n", b"joblint: stopped\n")
        server.stdin.close()


STOPPED = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from joblint.base import whole
real = os.chmod
def chmod(*arguments):
    os.kill(os.getpid(), signal.SIGTERM)
    real(*arguments)
os.chmod = chmod
from joblint.cli.main import run
status = run(["check", "--no-cache", "--output", "json=report.json", "job.yaml"])
print(sorted(os.listdir()), flush=True)
os._exit(status)
"""


def test_termination_leaves_no_temporary_files(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text("apiVersion: batch/v1\nkind: Job\n")
    command = [sys.executable, "-c", STOPPED, str(ROOT)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (143, b"['job.yaml']\n", b"joblint: terminated\n")


@pytest.mark.parametrize("after", [False, True])
def test_ctrl_c_while_modules_are_loaded_or_saved(tmp_path: Path, after: bool) -> None:
    (tmp_path / "job.yaml").write_text(FIX)
    code = "import os, signal, sys, joblint.start as start\n"
    if after:
        code += "import joblint.cli.main\ndef save(*_): os.kill(os.getpid(), signal.SIGTERM)\nstart.Modules.save = save\n"
    else:
        code += "def opened(*_): os.kill(os.getpid(), signal.SIGINT)\nstart.Modules.open = opened\n"
    code += "start.start(['check', '--exit-zero', 'job.yaml'])"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for name in ("JOBLINT_NO_BUNDLE", "JOBLINT_TRACEBACK"):
        environment.pop(name, None)
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=False, env=environment)
    assert b"Traceback" not in done.stderr
    assert (done.returncode, done.stderr) == (143, b"") if after else (130, b"joblint: stopped\n")
