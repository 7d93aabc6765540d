"""The same files give the same bytes, whatever the seed of hashes, the processes, the cache, and whether C code is there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.fuzz.seeds import ROOT, manifests

OPTIONS = ("--format", "json", "--severity", "info", "--profile", "strict", ".")
LEAN = """
import sys
sys.path.insert(0, sys.argv[1])
for name in sys.argv[2].split(","):
    sys.modules[name] = None
from joblint.cli.main import leave, run
leave(run(sys.argv[3:]))
"""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty manifests: examples, clean Jobs, and rules' examples, some of them broken or templates."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / ".git").mkdir()
    for n, data in enumerate(manifests()[:: max(1, len(manifests()) // 60)]):
        (folder / f"m{n:03}.yaml").write_bytes(data)
    return folder


def _check(
    corpus: Path, *more: str, without: str = "nothing_of_that_name", root: Path = ROOT, **env: str
) -> tuple[int, bytes, bytes]:
    environment = {**os.environ, "PYTHONPATH": "", "XDG_CACHE_HOME": str(corpus.parent / "cache"), "PYTHONHASHSEED": "0", **env}
    command = [sys.executable, "-c", LEAN, str(root), without, *more]
    done = subprocess.run(command, cwd=corpus, capture_output=True, check=False, env=environment)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def usual(corpus: Path) -> tuple[int, bytes, bytes]:
    found = _check(corpus, "check", "--no-cache", "--jobs", "1", *OPTIONS)
    assert found[0] == 1 and len(found[1]) > 10_000 and found[2] == b""
    return found


@pytest.mark.parametrize("seed", ["1", "4294967295"])
def test_whatever_the_seed_of_hashes(corpus: Path, usual: tuple[int, bytes, bytes], seed: str) -> None:
    assert _check(corpus, "check", "--no-cache", "--jobs", "1", *OPTIONS, PYTHONHASHSEED=seed) == usual


def test_with_many_processes(corpus: Path, usual: tuple[int, bytes, bytes]) -> None:
    assert _check(corpus, "check", "--no-cache", "--jobs", "3", *OPTIONS) == usual


def test_cached(corpus: Path, usual: tuple[int, bytes, bytes]) -> None:
    assert _check(corpus, "check", *OPTIONS) == usual  # fills the cache
    assert _check(corpus, "check", *OPTIONS) == usual  # the whole run's output
    changed = _check(corpus, "check", *OPTIONS, "--fail-on", "info")  # another run of the same files
    assert changed[1:] == usual[1:]


@pytest.mark.parametrize("without", ["_ruamel_yaml", "pathspec,jsonschema,click,hashlib,_hashlib"])
def test_without_c_code_and_helpers(corpus: Path, usual: tuple[int, bytes, bytes], without: str) -> None:
    assert _check(corpus, "check", "--no-cache", "--jobs", "1", *OPTIONS, without=without) == usual


def test_a_wheel_and_the_checkout(corpus: Path, usual: tuple[int, bytes, bytes], tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    copy = tmp_path / "source"
    ignored = shutil.ignore_patterns(".git", ".venv*", "_compiled", "__pycache__", "node_modules", "dist", ".hypothesis", "site")
    shutil.copytree(ROOT, copy, ignore=ignored)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    built = subprocess.run(command, cwd=copy, capture_output=True, check=False)
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    assert _check(corpus, "check", "--no-cache", "--jobs", "1", *OPTIONS, root=tmp_path / "installed") == usual


@pytest.mark.parametrize("format", ["text", "json", "html", "svg", "markdown"])
def test_explain_and_diff_whatever_the_seed(corpus: Path, format: str) -> None:
    files = sorted(str(path.name) for path in corpus.glob("*.yaml"))
    explain = ("jobs-explain", "--format", format, "--now", "2026-11-01T00:00:00Z", *files[:6])
    assert _check(corpus, *explain) == _check(corpus, *explain, PYTHONHASHSEED="7")
    if format in ("text", "json"):
        diff = ("diff", "--format", format, "--at", "2026-11-01T00:00:00Z", files[0], files[1])
        assert _check(corpus, *diff) == _check(corpus, *diff, PYTHONHASHSEED="7")
