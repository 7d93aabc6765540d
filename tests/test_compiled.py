"""Compiled data: the cache beside the package, a wheel's own files, and a zip; nothing of what is in them."""

from __future__ import annotations

import importlib.util
import marshal
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from joblint import start
from joblint.api.version import schema
from joblint.api.version.versions import VERSIONS
from joblint.base import compiled
from joblint.base.checksum import SIZE

_TOP = Path(__file__).resolve().parent.parent


class _Builder:
    """Counts how often it is asked to compile."""

    def __init__(self) -> None:
        self.asked = 0

    def build(self) -> dict[str, Any]:
        self.asked += 1
        return {"n": self.asked, "rows": [("a", None, True, 1.5)]}

    def load(self, *sources: str) -> Any:
        return compiled.load("thing", sources or ("schemas/thing.json",), self.build)


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of its own with one source file."""
    (tmp_path / "schemas").mkdir()
    (tmp_path / "joblint").mkdir()
    (tmp_path / "schemas" / "thing.json").write_text("{}")
    monkeypatch.setattr(compiled, "_TOP", str(tmp_path))
    monkeypatch.setattr(compiled, "_PACKAGE", str(tmp_path / "joblint"))
    monkeypatch.setattr(compiled, "_DATA", str(tmp_path / "joblint" / "_data"))
    monkeypatch.setattr(compiled, "_COMPILED", str(tmp_path / "joblint" / "_compiled"))
    return tmp_path


def test_it_is_compiled_once_and_again_when_a_source_changes(top: Path) -> None:
    builder = _Builder()
    first = builder.load()
    assert builder.load() == first == {"n": 1, "rows": [("a", None, True, 1.5)]}
    (top / "schemas" / "thing.json").write_text('{"changed": 1}')
    assert builder.load()["n"] == 2
    assert builder.load()["n"] == 2


def test_a_new_file_that_a_pattern_matches_is_a_change(top: Path) -> None:
    builder = _Builder()
    builder.load("schemas/*.json")
    (top / "schemas" / "note.txt").write_text("")
    assert builder.load("schemas/*.json")["n"] == 1
    (top / "schemas" / "other.json").write_text("{}")
    assert builder.load("schemas/*.json")["n"] == 2
    (top / "schemas" / "other.json").unlink()
    assert builder.load("schemas/*.json")["n"] == 3


@pytest.mark.parametrize("rubbish", [b"", b"\x00", b"not marshal at all", marshal.dumps(5), marshal.dumps((1, 2, 3))])
def test_a_broken_cache_is_made_anew(top: Path, rubbish: bytes) -> None:
    builder = _Builder()
    builder.load()
    (top / "joblint" / "_compiled" / "thing.bin").write_bytes(rubbish)
    assert builder.load()["n"] == 2
    assert builder.load()["n"] == 2


@pytest.mark.skipif(os.name == "nt", reason="folders cannot be made read-only there")
def test_a_damaged_file_is_told_of_and_made_anew(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_DAMAGED", [])
    builder = _Builder()
    builder.load()
    file = top / "joblint" / "_compiled" / "thing.bin"
    whole = file.read_bytes()
    at = whole.rindex(b"rows")
    file.write_bytes(whole[:at] + b"R" + whole[at + 1 :])
    assert builder.load() == {"n": 2, "rows": [("a", None, True, 1.5)]}
    assert compiled.damaged() == (str(file),)
    assert builder.load()["n"] == 2


def test_where_nothing_can_be_written_it_is_compiled_each_time(top: Path) -> None:
    builder = _Builder()
    (top / "joblint" / "_compiled").write_text("a file where the folder should be")
    assert [builder.load()["n"] for _ in range(2)] == [1, 2]


def test_what_a_wheel_brings_is_taken_as_it_is(top: Path) -> None:
    builder = _Builder()
    compiled.write(str(top / "joblint" / "_compiled" / "thing.bin"), compiled.BUILT, {"from": "wheel"})
    assert builder.load() == {"from": "wheel"}
    assert builder.asked == 0


def test_what_the_builder_raises_comes_through(top: Path) -> None:
    def fails() -> dict[str, Any]:
        raise KeyError("x")

    with pytest.raises(KeyError):
        compiled.load("thing", ("schemas/thing.json",), fails)


def test_data_files_are_read_from_a_wheels_folder_or_the_checkout(top: Path) -> None:
    assert compiled.read("schemas/thing.json") == b"{}"
    assert compiled.names("schemas", ".json") == ("thing.json",)
    (top / "joblint" / "_data" / "schemas").mkdir(parents=True)
    (top / "joblint" / "_data" / "schemas" / "thing.json").write_text("[]")
    assert compiled.read("schemas/thing.json") == b"[]"
    assert compiled.names("nowhere", ".json") == ()
    with pytest.raises(FileNotFoundError, match=r"nowhere/x\.json is missing"):
        compiled.read("nowhere/x.json")


_JUDGE = """
import sys
sys.path.insert(0, sys.argv[1])
from joblint.base import compiled
from joblint.api.judge import judge
verdict = judge({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "a"}, "spec": {"backofLimit": 1}}, "1.35")
print(compiled.__file__)
print([e.field for e in verdict.errors])
print(len(compiled.names("schemas/kubernetes", ".json")))
"""


def _judged(place: Path) -> list[str]:
    run = subprocess.run([sys.executable, "-I", "-c", _JUDGE, str(place)], capture_output=True, text=True, check=True)
    return run.stdout.splitlines()


@pytest.mark.parametrize("data", ["joblint/_data/", ""])
def test_joblint_runs_from_a_zip(tmp_path: Path, data: str) -> None:
    archive = tmp_path / "joblint.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for file in sorted((_TOP / "joblint").rglob("*.py")):
            made.write(file, file.relative_to(_TOP).as_posix())
        for file in sorted((_TOP / "schemas").rglob("*.json")):
            made.write(file, data + file.relative_to(_TOP).as_posix())
    where, fields, count = _judged(archive)
    assert where.startswith(str(archive))
    assert fields == "['spec.backofLimit', 'spec.template.spec.containers', 'spec.template.spec.restartPolicy']"
    assert int(count) == len(VERSIONS)


def test_a_wheel_holds_sources_and_compiled_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("hatchling")
    spec = importlib.util.spec_from_file_location("hatch_build", _TOP / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(schema, "_LOADED", {})
    hook = module.CompiledData(str(_TOP), {}, None, None, str(tmp_path), "wheel")
    data: dict[str, Any] = {"force_include": {}, "shared_data": {}}
    hook.initialize("editable", data)
    assert data["force_include"] == {}
    try:
        hook.initialize("standard", data)
        included = {target: Path(source).read_bytes() for source, target in data["force_include"].items()}
    finally:
        compiled._BUILDING.clear()
        hook.finalize("standard", data, "")
    for name in ("rules", "schema-1.31", "schema-1.37", "internal-types"):
        stamp, content = marshal.loads(included[f"joblint/_compiled/{name}.bin"][SIZE:])
        assert stamp == compiled.BUILT
        assert content
    modules = start.Modules()
    (tmp_path / start.FILE).write_bytes(included[f"joblint/_compiled/{start.FILE}"])
    assert modules.open(str(tmp_path / start.FILE))
    assert {"joblint.rules.engine", "joblint.report.check.text"} < set(modules.lead)
    assert "joblint.lsp.server" in modules.all_entries()
    assert "joblint/_data/schemas/kubernetes/1.36.json" in included
    assert any(target.startswith("joblint/_data/rules/JL") for target in included)
