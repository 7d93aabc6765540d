"""A check on a Dask cluster: a real one of two workers on this machine, one of which dies midway; and URLs of archives."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from joblint.api.version.versions import DEFAULT
from joblint.rules.catalogue.rule import builtin
from joblint.rules.engine import Engine
from joblint.run import dasked
from joblint.run.check import check_files
from joblint.run.dasked import OnDask, on_dask
from joblint.run.dasked import judge as real
from joblint.run.remote import find_url, is_url, read_anywhere
from joblint.run.result import Report
from tests.run.test_shards import JOB, NAMESPACE

distributed = pytest.importorskip("distributed")
fsspec = pytest.importorskip("fsspec")
ENGINE = Engine(builtin(), DEFAULT)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnDask]:
    import dask

    with dask.config.set({"distributed.scheduler.allowed-failures": 1}), on_dask("local", 2) as found:
        yield found


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, ...]:
    found = []
    for n in range(40):
        path = tmp_path / f"job{n:02}.yaml"
        path.write_text(JOB.format(n=n % 30, spec="backofLimit: 3, " if n % 4 == 0 else ""))
        found.append(str(path))
    (tmp_path / "namespace.yaml").write_text(NAMESPACE)
    return (*found, str(tmp_path / "namespace.yaml"), str(tmp_path / "missing.yaml"))


def _on(cluster: OnDask, files: tuple[str, ...]) -> Report:
    return check_files(ENGINE, files, elsewhere=cluster)


def dies_once(engine: bytes, files: tuple[str, ...], version: str) -> Any:
    """A worker that dies the first time that it gets a certain file."""
    for file in files:
        if file.endswith("job20.yaml"):
            try:
                os.close(os.open(file + ".died", os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                continue
            os._exit(1)
    return real(engine, files, version)


def always_dies(engine: bytes, files: tuple[str, ...], version: str) -> Any:
    """A worker that dies of a certain file."""
    if any(file.endswith("job20.yaml") for file in files):
        os._exit(1)
    return real(engine, files, version)


def other_version(engine: bytes, files: tuple[str, ...], version: str) -> Any:
    """A worker with another joblint."""
    return real(engine, files, "0.0.1")


def test_the_report_is_that_of_this_machine(cluster: OnDask, files: tuple[str, ...]) -> None:
    report = _on(cluster, files)
    assert report == check_files(ENGINE, files)
    assert len(report.documents) == 40 and report.missing == ((files[-1], "No such file or directory"),)
    assert any(f.name == "name-twice" or "job-0" in f.message for f in report.findings)


def test_nothing_is_lost_and_nothing_twice_when_a_worker_dies(
    cluster: OnDask, files: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dasked, "judge", dies_once)
    monkeypatch.setattr(dasked, "BATCH", 3)
    assert _on(cluster, files) == check_files(ENGINE, files)
    assert any(os.path.exists(file + ".died") for file in files)


def test_a_file_that_workers_die_of_is_named(cluster: OnDask, files: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dasked, "judge", always_dies)
    monkeypatch.setattr(dasked, "BATCH", 3)
    report = _on(cluster, files[:30])
    assert report.missing == ((files[20], dasked.DIED),)
    assert len(report.documents) == 29


def test_nothing_is_left_of_a_cluster_on_this_machine(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text(JOB.format(n=1, spec=""))
    (tmp_path / "tmp").mkdir()
    where = {**os.environ, "TMPDIR": str(tmp_path / "tmp")}
    command = [sys.executable, "-m", "joblint", "check", "--dask", "local", str(tmp_path / "job.yaml")]
    done = subprocess.run(command, capture_output=True, check=False, timeout=120, env=where)
    assert (done.returncode, done.stderr) == (0, b"")
    assert list((tmp_path / "tmp").iterdir()) == []


def test_another_joblint_is_told_at_once(cluster: OnDask, files: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dasked, "judge", other_version)
    with pytest.raises(dasked.DaskError, match=r"the worker has joblint .*, but this is joblint 0\.0\.1"):
        _on(cluster, files)


def fails(engine: bytes, files: tuple[str, ...], version: str) -> Any:
    """A bug of joblint outside of a file."""
    raise ValueError("not enough values to unpack")


def test_a_bug_on_a_worker_is_not_the_mistake_of_the_user(
    cluster: OnDask, files: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dasked, "judge", fails)
    with pytest.raises(ValueError, match="not enough values to unpack"):
        _on(cluster, files)


def test_no_scheduler_and_no_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(dasked.DaskError, match="cannot connect to the scheduler"), on_dask("nonsense://here"):
        pass
    monkeypatch.setattr(dasked, "find_spec", lambda name: None)
    with pytest.raises(dasked.DaskError, match=r"pip install 'joblint\[dask\]'"), on_dask("local"):
        pass


@pytest.mark.parametrize("says", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n" * 10])
def test_something_else_than_a_scheduler(says: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket
    from threading import Thread

    monkeypatch.setattr(dasked, "ANSWER", 3)
    with socket.create_server(("127.0.0.1", 0)) as server:
        kept = []

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                kept.append(connection)  # open and silent, after what it says
                connection.sendall(says)

        Thread(target=serve, daemon=True).start()
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(dasked.DaskError, match="cannot connect to the scheduler"), on_dask(address):
            pass


def test_archives_and_memory_and_folders_by_url(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    for name in ("b.yaml", "below/a.json", "c.txt", ".hidden.yaml"):
        (tmp_path / name).write_text(name)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("x/b.yaml", "b")
        archive.writestr("a.yml", "a")
    memory = fsspec.filesystem("memory")
    memory.pipe("/estate/job.yaml", b"m")
    memory.pipe("/estate/deep/er/job.YAML", b"n")

    assert find_url(f"file://{tmp_path}").files == (f"file://{tmp_path}/b.yaml", f"file://{tmp_path}/below/a.json")
    assert find_url(f"file://{tmp_path}").passed == ((f"file://{tmp_path}/.hidden.yaml", "hidden"),)
    zipped = f"zip://::file://{tmp_path}/all.zip"
    found = find_url(zipped).files
    assert [read_anywhere(f) for f in found] == [b"a", b"b"] and found[0] == f"zip://a.yml::file://{tmp_path}/all.zip"
    assert [read_anywhere(f) for f in find_url("memory://estate").files] == [b"n", b"m"]
    assert find_url("memory://estate/job.yaml").files == ("memory://estate/job.yaml",)
    assert find_url("memory://nothing").missing == (("memory://nothing", "No such file or directory"),)
    assert "nothing" in find_url("nothing://there").missing[0][1]
    with pytest.raises(OSError, match="job9"):
        read_anywhere("memory://estate/job9.yaml")
    assert not is_url(str(tmp_path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes and links")
def test_links_and_pipes_behind_a_url_are_as_those_in_a_directory(tmp_path: Path) -> None:
    folder = tmp_path / "all"
    folder.mkdir()
    (tmp_path / "secret.yaml").write_text("key: hidden")
    (folder / "a.yaml").write_text("a")
    (folder / "inside.yaml").symlink_to("a.yaml")
    (folder / "out.yaml").symlink_to(tmp_path / "secret.yaml")
    (folder / "nowhere.yaml").symlink_to("nothing")
    (folder / "loop.yaml").symlink_to("loop.yaml")
    os.mkfifo(folder / "pipe.yaml")
    url = f"file://{folder}"
    found = find_url(url)
    assert found.files == (f"{url}/a.yaml", f"{url}/inside.yaml")
    assert dict(found.passed) == {
        f"{url}/loop.yaml": "a broken link",
        f"{url}/nowhere.yaml": "a broken link",
        f"{url}/out.yaml": "a link out of the checked directory",
        f"{url}/pipe.yaml": "not a regular file",
    }
    assert [read_anywhere(f) for f in found.files] == [b"a", b"a"]


def test_damaged_archives_and_their_members_are_named(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "all.tar", "w") as archive:
        for name, kind in (("link.yaml", tarfile.SYMTYPE), ("loop.yaml", tarfile.SYMTYPE), ("pipe.yaml", tarfile.FIFOTYPE)):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "loop.yaml" if name == "loop.yaml" else "/etc/passwd"
            archive.addfile(member)
        member = tarfile.TarInfo("good.yaml")
        member.size = 1
        archive.addfile(member, io.BytesIO(b"g"))
    files = find_url(f"tar://::file://{tmp_path}/all.tar").files
    assert any(f.startswith("tar://good.yaml") for f in files)
    for file in files:
        if "good" in file:
            assert read_anywhere(file) == b"g"
        else:
            with pytest.raises(OSError, match="Error"):
                read_anywhere(file)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", compression=zipfile.ZIP_DEFLATED) as zipped:
        with zipped.open("big.yaml", "w", force_zip64=True) as written:
            for _ in range(1025):
                written.write(bytes(1 << 20))
        zipped.writestr("a.yaml", "a")
    data = (tmp_path / "bomb.zip").read_bytes()
    a, big = sorted(find_url(f"zip://::file://{tmp_path}/bomb.zip").files)
    assert read_anywhere(a) == b"a"
    with pytest.raises(OSError, match="larger than 1024 MiB"):
        read_anywhere(big)
    for name, content in (("short.zip", data[:-30]), ("junk.zip", b"PK\x03\x04" * 99), ("empty.zip", b"")):
        (tmp_path / name).write_bytes(content)
        ((url, why),) = find_url(f"zip://::file://{tmp_path}/{name}").missing
        assert url.endswith(name) and why.startswith("BadZipFile: ")


def test_urls_are_read_on_the_workers(cluster: OnDask, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for n in range(9):
            archive.writestr(f"job{n}.yaml", JOB.format(n=n % 8, spec="backofLimit: 3, "))
    found = find_url(f"zip://::file://{tmp_path}/all.zip")
    report = _on(cluster, found.files)
    assert len(report.documents) == 9 and report.missing == ()
    assert {f.file for f in report.findings} == set(found.files)
