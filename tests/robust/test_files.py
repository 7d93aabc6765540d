"""Which files are read: regular ones from folders, no link that leaves them, nothing that never ends or waits indefinitely."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from joblint.base import above, content
from joblint.base.files import FOLDER_LINK, LEAVES, NO_FILE, find
from joblint.configuration.settings import ConfigError, nearest
from joblint.source.unrendered.kustomize_patches import Patches
from joblint.source.unrendered.kustomize_resources import listed_in
from tests.cli.run import joblint

pytestmark = pytest.mark.skipif(os.name != "posix", reason="files of POSIX")
as_user = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is closed to root")
JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {name: pi}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: "a:1"}]}}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "job.yaml").write_text(JOB)
    return tmp_path / "in"


def _passed(folder: Path) -> dict[str, str]:
    return {os.path.relpath(path, folder): reason for path, reason in find((str(folder),)).passed}


def _missing(folder: Path) -> dict[str, str]:
    return {os.path.relpath(path, folder): reason for path, reason in find((str(folder),)).missing}


def test_a_link_out_of_the_folder_is_named_and_not_followed(folder: Path) -> None:
    (folder.parent / "secret").write_text("password: hunter2\n")
    (folder / "x.yaml").symlink_to("../secret")
    (folder / "environ.yaml").symlink_to("/proc/self/environ")
    done = joblint("check", "in", cwd=folder.parent, SECRET="hunter2")
    assert done.returncode == 0
    assert b"hunter2" not in done.stdout + done.stderr
    assert (
        b"in/environ.yaml (a link out of the checked directory), in/x.yaml (a link out of the checked directory)" in done.stdout
    )
    assert _passed(folder) == {"x.yaml": LEAVES, "environ.yaml": LEAVES}
    named = find((str(folder / "x.yaml"),))  # who names it wants it
    assert named.files == (str(folder / "x.yaml"),)


def test_a_link_within_the_folders_that_are_named_is_followed(folder: Path) -> None:
    (folder.parent / "other").mkdir()
    (folder.parent / "other" / "y.yaml").write_text(JOB)
    (folder / "x.yaml").symlink_to("../other/y.yaml")
    (folder / "z.yaml").symlink_to("job.yaml")
    assert _passed(folder) == {"x.yaml": LEAVES}
    both = find((str(folder), str(folder.parent / "other")))
    assert both.passed == () and str(folder / "x.yaml") in both.files and str(folder / "z.yaml") in both.files


def test_a_link_to_a_folder_is_named(folder: Path) -> None:
    (folder / "up").symlink_to("..")
    (folder / "out.yaml").symlink_to("/")
    assert _passed(folder) == {"up": FOLDER_LINK, "out.yaml": FOLDER_LINK}


def test_links_that_go_round_in_circles_are_told(folder: Path) -> None:
    (folder / "a.yaml").symlink_to("b.yaml")
    (folder / "b.yaml").symlink_to("a.yaml")
    (folder / "c").symlink_to("c")
    assert list(_missing(folder)) == ["a.yaml", "b.yaml"]
    done = joblint("check", "in", cwd=folder.parent)
    assert done.returncode == 2 and b"a link that cannot be followed" in done.stderr
    assert b"1 Job checked" in done.stdout
    assert b"cannot be followed" in joblint("check", "in/a.yaml", cwd=folder.parent).stderr


@as_user
def test_a_link_into_a_closed_folder_and_a_closed_folder(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir()
    (closed / "x.yaml").write_text(JOB)
    (folder / "y.yaml").symlink_to("closed/x.yaml")
    closed.chmod(0)
    try:
        done = joblint("check", "in", cwd=folder.parent)
    finally:
        closed.chmod(0o700)
    assert done.returncode == 2 and done.stderr.count(b"Permission denied") == 2
    assert b"1 Job checked" in done.stdout


def test_only_regular_files_are_read_from_folders(folder: Path) -> None:
    os.mkfifo(folder / "pipe.yaml")
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind(str(folder / "s.json"))
    assert _passed(folder) == {"pipe.yaml": NO_FILE, "s.json": NO_FILE}
    (folder / "zero.yaml").symlink_to("/dev/zero")
    assert _passed(folder)["zero.yaml"] == LEAVES


@pytest.mark.parametrize("name", ["kustomization.yaml", "Kustomization", ".gitignore"])
def test_a_pipe_in_the_place_of_a_file_that_joblint_looks_for(folder: Path, name: str) -> None:
    os.mkfifo(folder / name)
    assert joblint("check", "in", cwd=folder.parent).returncode == 0
    assert joblint("check", "--fix", "in", cwd=folder.parent).returncode == 0
    assert listed_in(str(folder / "job.yaml")) == ""


@pytest.mark.parametrize("name", [".joblint.yaml", "joblint.toml"])
def test_a_pipe_in_the_place_of_a_configuration_is_told(folder: Path, name: str) -> None:
    os.mkfifo(folder / name)
    done = joblint("check", "job.yaml", cwd=folder)
    assert done.returncode == 2 and b"not a regular file" in done.stderr


def test_devices_are_not_read() -> None:
    done = joblint("check", "/dev/zero")
    assert done.returncode == 2 and b"/dev/zero: a device, which is not read" in done.stderr
    assert joblint("check", "/dev/null").returncode == 0
    assert joblint("check", "--config", "/dev/null", "/dev/null").returncode == 0


def test_a_pipe_that_is_named_is_read(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.write(writer, JOB.encode())
    os.close(writer)
    os.set_inheritable(reader, True)
    try:
        assert content.manifests(f"/dev/fd/{reader}") == JOB.encode()
    finally:
        os.close(reader)


def test_what_is_too_large_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open(folder / "huge.yaml", "wb") as file:
        file.truncate(content.MOST + 1)
    done = joblint("check", "in", cwd=folder.parent)
    assert done.returncode == 2 and b"in/huge.yaml: larger than 1024 MiB, so it is not read" in done.stderr
    assert b"1 Job checked" in done.stdout
    monkeypatch.setattr(content, "MOST", 100)
    with pytest.raises(OSError, match="larger than"):
        content.manifests(str(folder / "job.yaml"))


def test_a_file_that_is_not_as_long_as_it_says(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fstat

    def fstat(descriptor: int) -> os.stat_result:
        info = list(real(descriptor))
        info[6] += difference
        return os.stat_result(info)

    monkeypatch.setattr(os, "fstat", fstat)
    for difference in (-len(JOB), -10, 0, 10):  # noqa: B007 - fstat takes it
        assert content.manifests(str(folder / "job.yaml")) == JOB.encode()


def test_folders_nested_more_deeply_than_the_stack(tmp_path: Path) -> None:
    before = os.getcwd()
    os.chdir(tmp_path)
    try:
        for _ in range(1500):
            os.mkdir("d")
            os.chdir("d")
        Path("job.yaml").write_text(JOB)
        os.chdir(before)
        assert len(find((str(tmp_path),)).files) == 1
        done = joblint("check", ".", cwd=tmp_path)
        assert done.stdout.startswith(b"1 Job checked")
    finally:
        os.chdir(before)
        os.chdir(tmp_path)
        depth = 0
        while os.path.isdir("d"):
            os.chdir("d")
            depth += 1
        os.unlink("job.yaml")
        for _ in range(depth):
            os.chdir("..")
            os.rmdir("d")
        os.chdir(before)


@pytest.mark.parametrize("name", [b"a\nb.yaml", b"a\xffb.yaml", b"a\x1b[31mb.yaml", "a\u202eb.yaml".encode(), b"a\xc2\x9bb.yaml"])
@pytest.mark.parametrize("options", [[], ["--format", "json"], ["--format", "concise"], ["--statistics"]])
def test_names_that_a_terminal_would_obey(folder: Path, name: bytes, options: list[str]) -> None:
    with open(os.fsencode(folder) + b"/" + name, "w") as file:
        file.write(JOB.replace("Never", "Always"))
    for path in (".", os.fsdecode(name)):
        done = joblint("check", *options, path, cwd=folder)
        assert done.returncode == 1
        text = (done.stdout + done.stderr).decode()
        assert not set(text) & {"\x1b", "\u202e", "\x9b"}
        assert "a\nb.yaml" not in text


def test_folders_above_count_up_to_the_checkout_the_home_and_other_peoples_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = tmp_path / "shared" / "home" / "repo" / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.setenv("HOME", "/nowhere")
    names = [os.path.basename(f) for f in above.upwards(str(below))]
    assert names[:5] == ["b", "a", "repo", "home", "shared"]
    (tmp_path / "shared").chmod(0o1777)
    assert [os.path.basename(f) for f in above.upwards(str(below))] == ["b", "a", "repo", "home"]
    monkeypatch.setenv("HOME", str(tmp_path / "shared" / "home"))
    assert [os.path.basename(f) for f in above.upwards(str(below))] == ["b", "a", "repo", "home"]
    (below.parent.parent / ".git").mkdir()
    assert [os.path.basename(f) for f in above.upwards(str(below))] == ["b", "a", "repo"]


def test_a_folder_of_another_owner_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    real = os.stat

    def stat(path: str, **options: bool) -> os.stat_result:
        info = list(real(path, **options))
        info[4] = 12345 if os.path.basename(path) == tmp_path.name else os.geteuid()
        return os.stat_result(info)

    monkeypatch.setattr(above.os, "stat", stat)
    assert [os.path.basename(f) for f in above.upwards(str(tmp_path / "a" / "b"))] == ["b", "a"]


def test_a_configuration_or_kustomization_in_a_shared_folder_does_not_count(tmp_path: Path) -> None:
    work = tmp_path / "shared" / "work"
    work.mkdir(parents=True)
    (tmp_path / "shared").chmod(0o1777)
    (tmp_path / "shared" / ".joblint.yaml").write_text("ignore: [JL1]\n")
    (tmp_path / "shared" / "kustomization.yaml").write_text("patches: [{path: work/job.yaml}]\nresources: [work/job.yaml]\n")
    (work / "job.yaml").write_text(JOB)
    assert nearest(str(work)) is None
    assert Patches().why_skipped(str(work / "job.yaml")) is None
    assert listed_in(str(work / "job.yaml")) == ""


def test_what_another_user_has_put_into_the_shared_folder_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o1777)
    for name, text in ((".joblint.yaml", "ignore: [JL1]\n"), ("kustomization.yaml", "patches: [{path: job.yaml}]\n")):
        (tmp_path / name).write_text(text)
    (tmp_path / "job.yaml").write_text(JOB)
    assert nearest(str(tmp_path)) is not None
    real = os.lstat

    def lstat(path: str, **options: bool) -> os.stat_result:
        info = list(real(path, **options))
        info[4] = 12345
        return os.stat_result(info)

    monkeypatch.setattr(above.os, "lstat", lstat)
    with pytest.raises(ConfigError, match="belongs to another user"):
        nearest(str(tmp_path))
    assert Patches().why_skipped(str(tmp_path / "job.yaml")) is None


def test_a_configuration_that_is_a_link_out_of_the_checkout(tmp_path: Path) -> None:
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    (tmp_path / "token").write_text("eyJhbGciOi.hunter2\n")
    (tmp_path / "repo" / ".joblint.yaml").symlink_to("../token")
    (tmp_path / "repo" / "job.yaml").write_text(JOB)
    done = joblint("check", "job.yaml", cwd=tmp_path / "repo")
    assert done.returncode == 2
    assert b"the link points outside" in done.stderr and b"hunter2" not in done.stderr
    named = joblint("check", "--config", "../token", "job.yaml", cwd=tmp_path / "repo")
    assert named.returncode == 2 and b"not a string" in named.stderr and b"hunter2" not in named.stderr


def test_closed_standard_input_is_told() -> None:
    import subprocess
    import sys

    code = "import sys; sys.stdin = None; sys.argv = ['joblint', 'check', '-']; import joblint.cli.main as m; m.main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 2 and b"standard input is closed" in done.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes of POSIX")
def test_a_pipe_in_place_of_the_cache_is_not_read(tmp_path: Path) -> None:
    from joblint.base.store import Store

    path = tmp_path / "files.cache"
    os.mkfifo(path, 0o600)
    store = Store(str(path), 1 << 20)  # opening it would wait for a writer
    assert store.trouble == "it is not a regular file"
