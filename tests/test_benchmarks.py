"""The comparison with other tools reads manifests of every kind, and says which tools it has not got."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

PEERS = runpy.run_path(str(Path(__file__).parents[1] / "benchmarks" / "peers.py"))


def test_every_kind_of_manifest_is_compared(tmp_path: Path) -> None:
    groups = PEERS["manifests"](tmp_path)
    assert list(groups) == list(PEERS["GROUPS"])
    assert all(len(files) >= 15 and all(file.is_file() for file in files) for files in groups.values())


def test_joblint_objects_to_what_is_rejected_and_not_to_what_is_right(tmp_path: Path) -> None:
    groups = PEERS["manifests"](tmp_path)
    command = PEERS["tools"](tmp_path)[0]["joblint"]
    assert PEERS["objects"](command, groups[PEERS["REJECTED"]][0])
    assert not PEERS["objects"](command, groups[PEERS["CLEAN"]][0])


def test_what_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found, missing = PEERS["tools"](tmp_path)
    assert list(found) == ["joblint"] and "kubeconform" in missing and "trivy" in missing
