"""The file of compiled modules: written by the first run, read by the next, never believed where it is stale or anybody's."""

from __future__ import annotations

import marshal
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from joblint import start

ROOT = Path(__file__).parents[1]
JOB = (ROOT / "examples" / "pi.yaml").read_bytes()
WHENCE = """
import sys
sys.argv = ["joblint", "check", "-"]
import joblint.start, joblint.cli.main as main
real = main.leave
def leave(status, then=None):
    from joblint.rules import engine
    print(type(engine.__loader__).__name__, engine.__file__ == engine.__spec__.origin, file=sys.stderr)
    real(status, then)
main.leave = leave
joblint.start.main()
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of joblint that nothing has run yet."""
    top = tmp_path_factory.mktemp("site")
    ignore = shutil.ignore_patterns("__pycache__", "_compiled")
    shutil.copytree(ROOT / "joblint", top / "joblint", ignore=ignore)
    for name in ("rules", "schemas"):
        shutil.copytree(ROOT / name, top / name)
    return top


def _run(
    package: Path, code: str = "import joblint.start; joblint.start.main()", verbose: bool = False, given: bytes = JOB, **env: str
) -> tuple[bytes, bytes]:
    arguments = ["check", "-", *(["-v"] if verbose else [])]
    command = [sys.executable, "-P", "-c", f"import sys; sys.argv[1:] = {arguments}\n" + code]
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "JOBLINT_NO_BUNDLE")}
    path = {"PYTHONPATH": str(package), "XDG_CACHE_HOME": str(package / "cache"), "HOME": str(package)}
    done = subprocess.run(command, input=given, env={**clean, **path, **env}, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def _bundle(package: Path) -> Path:
    (found,) = (package / "joblint" / "_compiled").glob("code-*.bin")
    return found


def test_the_second_run_takes_its_modules_from_the_file(package: Path) -> None:
    first = _run(package, WHENCE, PYTHONDONTWRITEBYTECODE="1")
    assert first == (b"1 Job checked in 1 file: nothing found.\n", b"SourceFileLoader True\n")
    assert list((package / "joblint").rglob("*.pyc")) != []  # the two modules that come before all others
    assert len(list((package / "joblint").rglob("*.pyc"))) == 2
    before = _bundle(package).stat()
    assert _run(package) == (first[0], b"")
    second = _bundle(package).stat()  # which knew in what order modules are loaded
    assert second.st_size > before.st_size
    assert _run(package, WHENCE) == (first[0], b"Modules True\n")
    assert _bundle(package).stat().st_mtime_ns == second.st_mtime_ns  # nothing was missing
    assert _run(package, WHENCE, JOBLINT_NO_BUNDLE="1") == first


def test_what_every_check_needs_is_learned_from_a_plain_one(package: Path) -> None:
    """A check with a baseline needs git and more; were that loaded at one stroke, each check would pay for it."""
    shutil.rmtree(package / "joblint" / "_compiled", ignore_errors=True)
    code = "import joblint.start; joblint.start.start(['check', '--exit-zero', '--baseline', '.joblint-baseline.json', '-'])"
    _run(package, f"import os; os.chdir({str(package)!r}); import joblint.start as s; s.start(['baseline', 'write', '.'])")
    shutil.rmtree(package / "joblint" / "_compiled")
    for _ in range(3):
        _run(package, f"import os; os.chdir({str(package)!r}); {code}")
    found = start.Modules()
    assert found.open(str(_bundle(package))) and "joblint.cli.narrow" in found.all_entries() and found.lead == ()
    for _ in range(3):
        _run(package)
    found = start.Modules()
    assert found.open(str(_bundle(package))) and "joblint.rules.engine" in found.lead
    assert "joblint.cli.narrow" not in found.lead


def test_a_changed_source_counts_at_once(package: Path) -> None:
    _run(package)
    source = package / "joblint" / "report" / "check" / "summary.py"
    text = source.read_text()
    try:
        source.write_text(text.replace("nothing found", "nothing at all"))
        assert _run(package)[0] == b"1 Job checked in 1 file: nothing at all.\n"
        assert _run(package)[0] == b"1 Job checked in 1 file: nothing at all.\n"
    finally:
        source.write_text(text)
    assert _run(package)[0] == b"1 Job checked in 1 file: nothing found.\n"


@pytest.mark.parametrize("harm", ["short", "empty", "noise", "head", "index", "lead", "code", "other"])
def test_a_damaged_file_is_told_of_and_made_anew(package: Path, harm: str) -> None:
    _run(package)
    _run(package)  # the modules that every check needs are known
    file = _bundle(package)
    data = file.read_bytes()
    known = start.Modules()
    assert known.open(str(file))
    (lead, _, _), (code, _, _) = known.pieces[3], known.all_entries()["joblint.rules.engine"][4:]
    magic = marshal.dumps(start.STAMP)[1:]
    index = data[31:lead].replace(magic, b"x" * len(magic))
    other = start.FORMAT + data[15:23] + start.source_hash(start.KEY, index)
    broken = {
        "short": data[: len(data) // 2],
        "empty": b"",
        "noise": os.urandom(len(data)),
        "head": b"\xff" * 40 + data[40:],
        "index": data[:43] + b"\xff" * 100 + data[143:],
        "lead": data[:lead] + b"\0" * 8 + data[lead + 8 :],
        "code": data[:code] + b"\0" * 8 + data[code + 8 :],
        "other": other + index + data[lead:],
    }[harm]
    file.write_bytes(broken)
    out, err = _run(package, verbose=True)
    assert out == b"1 Job checked in 1 file: nothing found.\n"
    assert (b" are not used: " in err) == (harm != "code")  # the lead holds the module as well
    if harm == "code":
        explained = _run(package, "import joblint.start as s; s.start(['explain', '--brief', '-'])")
        assert b"Job pi" in explained[0]
    assert _run(package, WHENCE)[1] == b"Modules True\n"
    assert _run(package, verbose=True)[1] == b""


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no modes here")
def test_a_file_that_others_may_write_to_is_not_read(package: Path) -> None:
    _run(package)
    file = _bundle(package)
    file.chmod(0o666)
    assert _run(package, WHENCE)[1] == b"SourceFileLoader True\n"
    assert file.stat().st_mode & 0o777 == 0o644  # and it is replaced
    assert _run(package, WHENCE)[1] == b"Modules True\n"
    real = file.with_name("real")
    file.rename(real)
    file.symlink_to(real)
    assert _run(package, WHENCE)[1] == b"SourceFileLoader True\n"
    assert not file.is_symlink()


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() != 0, reason="only root may give files away")
def test_a_file_of_somebody_else_is_not_read(package: Path) -> None:
    _run(package)
    os.chown(_bundle(package), 12345, 12345)
    assert _run(package, WHENCE)[1] == b"SourceFileLoader True\n"
    assert _bundle(package).stat().st_uid == 0


def test_where_the_package_may_not_be_written_it_is_in_the_cache_folder(package: Path) -> None:
    shutil.rmtree(package / "joblint" / "_compiled", ignore_errors=True)
    (package / "joblint" / "_compiled").write_text("in the way")
    try:
        assert _run(package, WHENCE)[1] == b"SourceFileLoader True\n"
        assert len(list((package / "cache" / "joblint").glob("*.bin"))) == 1
        assert _run(package, WHENCE)[1] == b"Modules True\n"
    finally:
        (package / "joblint" / "_compiled").unlink()


def test_a_process_that_is_forked_off_does_not_move_where_the_other_one_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They share the handle: between the seek and the read of one, the other may seek."""
    file = tmp_path / "code.bin"
    file.write_bytes(b"wrong, right")
    modules = start.Modules()
    modules._handle = os.open(file, os.O_RDONLY)
    real = os.lseek

    def moved(handle: int, position: int, whence: int) -> int:
        found = real(handle, position, whence)
        real(handle, 0, os.SEEK_SET)
        return found

    monkeypatch.setattr(os, "lseek", moved)
    assert modules.piece(7, 5, start.source_hash(start.KEY, b"right")) == b"right"
    os.close(modules._handle)


@pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")
def test_a_full_disk_leaves_no_half_of_the_modules_that_are_loaded_first(package: Path) -> None:
    kept = package / "joblint" / "__pycache__"
    shutil.rmtree(kept, ignore_errors=True)
    shutil.rmtree(package / "joblint" / "_compiled", ignore_errors=True)
    limited = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\nimport joblint.start; joblint.start.main()"
    )
    _run(package, limited, PYTHONDONTWRITEBYTECODE="1")
    assert list(kept.glob("start.*")) == []
    _run(package, PYTHONDONTWRITEBYTECODE="1")
    (entry,) = kept.glob("start.*.pyc")
    code = "import sys, joblint.start; print(joblint.start.__cached__)"
    done = subprocess.run(
        [sys.executable, "-v", "-P", "-c", code], env={"PYTHONPATH": str(package)}, capture_output=True, check=True
    )
    assert f"# {entry} matches ".encode() in done.stderr


REFERS = b"""apiVersion: batch/v1
kind: CronJob
metadata: {name: report, namespace: kube-system}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      activeDeadlineSeconds: 600
      template:
        spec:
          restartPolicy: OnFailure
          containers:
          - name: report
            image: python:3.12.4
            command: [python, /app/report.py]
            env:
            - {name: URL, valueFrom: {secretKeyRef: {name: db, key: url}}}
            - {name: TARGET, value: "${TARGET}"}
            resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 64Mi}}
            volumeMounts: [{name: config, mountPath: /config}]
          volumes:
          - {name: config, configMap: {name: report}}
"""


def test_a_usual_manifest_needs_no_regular_expressions(package: Path) -> None:
    """`re` takes as long to import as all that joblint does with such a file."""
    code = (
        "import os, sys, joblint.start, joblint.cli.main as main\n"
        "def leave(*status): os.write(2, b're' if 're' in sys.modules else b''), os._exit(0)\n"
        "main.leave = leave\n"
        "sys.modules.pop('re', None)  # whatever starts Python may need it\n"
        "joblint.start.main()\n"
    )
    found = _run(package, code, given=REFERS)
    assert b"1 CronJob checked" in found[0] and found[1] == b""
    script = REFERS.replace(b"[python, /app/report.py]", b"[sh, -c, 'for i in 1 2; do echo $i; done']")
    assert _run(package, code, given=script)[1] == b"re"  # which the grammar of scripts needs
