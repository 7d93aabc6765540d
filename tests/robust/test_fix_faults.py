"""`--fix` when the world around it is not kind: nothing half written, nothing of anybody else's overwritten."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from joblint.cli import fix
from tests.cli.run import joblint

BAD = """\
apiVersion: batch/v1
kind: Job
metadata: {name: pi}
spec:
  backofLimit: 3
  template: {spec: {restartPolicy: Never, containers: [{name: a, image: "a:1"}]}}
"""
GOOD = BAD.replace("backof", "backoff")
posix = pytest.mark.skipif(os.name != "posix", reason="files of POSIX")


@posix
def test_all_names_of_a_file_have_the_new_content(tmp_path: Path) -> None:
    file, other = tmp_path / "job.yaml", tmp_path / "other.txt"
    file.write_text(BAD)
    os.link(file, other)
    assert joblint("check", "--fix", "job.yaml", cwd=tmp_path).returncode == 0
    assert other.read_text() == GOOD and file.samefile(other)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["job.yaml", "other.txt"]


@posix
def test_a_full_disk_while_writing_to_all_names_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "job.yaml"
    file.write_text(BAD)
    os.link(file, tmp_path / "other.txt")
    real = fix._put

    def put(out: object, data: bytes) -> None:
        if data == b"new":
            real(out, b"ne")  # type: ignore[arg-type]
            raise OSError(28, "No space left on device")
        real(out, data)  # type: ignore[arg-type]

    monkeypatch.setattr(fix, "_put", put)
    with pytest.raises(OSError, match="No space"):
        fix.replace_file(str(file), BAD.encode(), b"new")
    assert file.read_text() == BAD
    assert sorted(p.name for p in tmp_path.iterdir()) == ["job.yaml", "other.txt"]


def test_what_was_edited_meanwhile_is_left(tmp_path: Path) -> None:
    file = tmp_path / "job.yaml"
    file.write_text("edited: meanwhile\n")
    with pytest.raises(OSError, match="another program has changed it"):
        fix.replace_file(str(file), BAD.encode(), GOOD.encode())
    assert file.read_text() == "edited: meanwhile\n"
    assert [p.name for p in tmp_path.iterdir()] == ["job.yaml"]


def test_a_file_that_vanished_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        fix.replace_file(str(tmp_path / "job.yaml"), BAD.encode(), GOOD.encode())


@posix
def test_a_failed_write_is_told_and_the_others_are_fixed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from joblint.api.version.versions import DEFAULT
    from joblint.rules.catalogue.rule import builtin
    from joblint.rules.engine import Engine

    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(BAD)
    real = fix.replace_file

    def replace(path: str, old: bytes, new: bytes) -> None:
        if path.endswith("a.yaml"):
            raise OSError(30, "Read-only file system")
        real(path, old, new)

    monkeypatch.setattr(fix, "replace_file", replace)
    files = tuple([str(tmp_path / n) for n in ("a.yaml", "b.yaml")])
    assert fix.fix_files(Engine(builtin(), DEFAULT), files, "", unsafe=False, write=True) == 2
    assert (tmp_path / "b.yaml").read_text() == GOOD
    told = capsys.readouterr().err
    assert "Read-only file system" in told and "1 fix in 1 file" in told
    assert fix.fix_files(Engine(builtin(), DEFAULT), files[:1], "", unsafe=False, write=True) == 2
    assert "nothing to" not in capsys.readouterr().err


@posix
def test_only_regular_files_are_written(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="not a regular file"):
        fix.replace_file(str(tmp_path / "pipe"), b"", b"x")


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\u0085"])
def test_a_diff_counts_lines_as_patch_does(tmp_path: Path, mark: str) -> None:
    (tmp_path / "job.yaml").write_text(BAD.replace("name: pi}", f"name: pi, annotations: {{a: 'a{mark}b'}}}}"), encoding="utf-8")
    done = joblint("check", "--diff", "job.yaml", cwd=tmp_path)
    lines = done.stdout.decode().split("\n")
    head = lines[2]
    assert head == "@@ -2,5 +2,5 @@"
    assert sum(line[:1] in (" ", "-") for line in lines[3:]) == 5
    assert f"'a{mark}b'" in done.stdout.decode()


@posix
def test_a_name_with_a_line_break_stays_one_line_of_the_diff(tmp_path: Path) -> None:
    name = 'a"\n+++ b.yaml'
    (tmp_path / name).write_text(BAD)
    done = joblint("check", "--diff", name, cwd=tmp_path)
    assert done.stdout.decode().split("\n")[:2] == ['--- "a/a\\042\\012+++ b.yaml"', '+++ "b/a\\042\\012+++ b.yaml"']
