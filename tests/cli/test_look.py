"""`kubectl get jobs,cronjobs,pods -A -o json | joblint check -`: read object by object, whatever comes through the pipe."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from joblint.rules.live.look import Look, Place
from joblint.run.dump import items
from joblint.run.dump_text import NoDump
from joblint.run.dump_yaml import yaml_items
from tests.rules.helper import engine_of

from .run import joblint

DONE = {"type": "Complete", "status": "True", "reason": "R", "message": "M", "lastTransitionTime": "2020-03-10T11:30:00Z"}


def _job(n: int) -> dict[str, Any]:
    meta = {"creationTimestamp": "2020-03-10T10:00:00Z", "name": f"j{n}", "namespace": "n", "uid": f"u{n}"}
    pod = {"restartPolicy": "Never", "containers": [{"name": "main", "image": "ä" * 500}]}
    spec = {"template": {"spec": pod}}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": meta, "spec": spec, "status": {"conditions": [DONE]}}


def _list(*objects: dict[str, Any]) -> bytes:
    whole = {"apiVersion": "v1", "items": objects, "kind": "List", "metadata": {"resourceVersion": ""}}
    return json.dumps(whole, indent=4, ensure_ascii=False).encode()


def test_a_pipe() -> None:
    done = joblint("check", "-", "--severity", "info", "--format", "concise", stdin=_list(_job(0), _job(1)))
    lines = done.stdout.decode().splitlines()
    assert [line.split(" finished ")[0] for line in lines[:2]] == [
        "<stdin>:4:9: warning: Job n/j0: The Job",
        "<stdin>:38:9: warning: Job n/j1: The Job",
    ]
    assert lines[2] == "2 Jobs checked in 1 file: 2 warnings." and done.returncode == 0


def test_a_file_with_statistics_and_selection(tmp_path: Path) -> None:
    (tmp_path / "dump.json").write_bytes(_list(_job(0), _job(1)))
    done = joblint("check", "dump.json", "--statistics", "--format", "concise", cwd=tmp_path)
    assert "2  JL947  live-job-kept  warning" in done.stdout.decode()
    none = joblint("check", "dump.json", "--ignore", "JL947", cwd=tmp_path)
    assert none.stdout.decode() == "2 Jobs checked in 1 file: nothing found.\n"
    failing = joblint("check", "dump.json", "--fail-on", "warning", cwd=tmp_path)
    assert failing.returncode == 1


def test_what_breaks_off_is_said() -> None:
    whole = _list(_job(0), _job(1))
    done = joblint("check", "-", "--severity", "info", "--format", "concise", stdin=whole[: len(whole) // 2 + 600])
    assert done.returncode == 2 and "the List is truncated or is not JSON" in done.stderr.decode()
    assert "JL947" in done.stdout.decode()


@pytest.mark.parametrize("blank", [b"", b"\n\n  "])
def test_what_is_no_look_is_checked_as_it_always_was(blank: bytes) -> None:
    written = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}, "spec": {"template": {"spec": {}}}}
    done = joblint("check", "-", "--format", "json", stdin=blank + _list(written))
    assert {f["rule"] for f in json.loads(done.stdout)["findings"]} >= {"JL104"}
    alone = joblint("check", "-", "--format", "json", stdin=json.dumps(_job(0)).encode())
    assert "JL616" in {f["rule"] for f in json.loads(alone.stdout)["findings"]}


def test_nothing_of_what_was_read_is_lost_where_it_is_no_look() -> None:
    whole = _list({"kind": "Job"}, _job(1))
    rest = iter([whole[100:300], whole[300:], b""])
    with pytest.raises(NoDump) as found:
        list(items(whole[:100], lambda n: next(rest)))
    assert found.value.data + b"".join(rest) == whole


def test_the_same_however_it_is_cut() -> None:
    whole = _list(*[_job(n) for n in range(3)])
    expected = [(v["metadata"]["name"], span) for v, span in items(whole, lambda n: b"")]
    assert [name for name, _ in expected] == ["j0", "j1", "j2"]
    for size in (1, 7, 1000):
        pieces = iter([whole[i : i + size] for i in range(90, len(whole), size)] + [b"", b""])
        assert [(v["metadata"]["name"], span) for v, span in items(whole[:90], lambda n, p=pieces: next(p))] == expected


def test_memory_follows_what_is_unfinished() -> None:
    """16 MB of finished Jobs and their Pods pass through a few."""

    def read(size: int) -> bytes:
        return next(chunks, b"")

    head = b'{"apiVersion": "v1", "items": ['
    chunks = iter(
        [
            b",".join(json.dumps(_job(n), ensure_ascii=False).encode() for n in range(i, i + 200)) + b","
            for i in range(0, 12000, 200)
        ]
    )
    look = Look(engine_of().showing("error"), "-", 2e9)
    tracemalloc.start()
    try:
        count = 0
        with pytest.raises(ValueError, match="is truncated"):
            for value, span in items(head + next(chunks), read):
                count += len(list(look.take(value, Place(0, span))))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 12000 and peak < 10 << 20


def _yaml(*objects: dict[str, Any]) -> bytes:
    """As kubectl writes it: each item at the left edge, and what belongs to it indented."""
    items = []
    for one in objects:
        body = json.dumps(one, indent=2, ensure_ascii=False).replace("\n", "\n  ")
        items.append(f"- {body}\n  # the end\n")
    return ("apiVersion: v1\nitems:\n" + "".join(items) + 'kind: List\nmetadata:\n  resourceVersion: ""\n').encode()


def test_yaml_is_read_object_by_object_too(tmp_path: Path) -> None:
    done = joblint("check", "-", "--severity", "info", "--format", "concise", stdin=_yaml(_job(0), _job(1)))
    lines = done.stdout.decode().splitlines()
    assert [line.split(" finished ")[0] for line in lines[:2]] == [
        "<stdin>:3:3: warning: Job n/j0: The Job",
        "<stdin>:38:3: warning: Job n/j1: The Job",
    ]
    (tmp_path / "all.yaml").write_bytes(_yaml(_job(0), _job(1)))
    done = joblint("check", "all.yaml", "--severity", "info", "--format", "concise", cwd=tmp_path)
    assert done.stdout.decode().startswith("all.yaml:3:3: warning: Job n/j0: The Job")


@pytest.mark.parametrize("size", [1, 7, 100, 100_000])
def test_yaml_is_the_same_however_it_is_cut(size: int) -> None:
    whole = _yaml(_job(0), _job(1), _job(2))
    parts = [whole[at : at + size] for at in range(40, len(whole), size)]
    found = list(yaml_items(whole[:40], lambda n: parts.pop(0) if parts else b""))
    assert [value["metadata"]["name"] for value, _ in found] == ["j0", "j1", "j2"]
    assert [whole.split(b"\n")[span.line - 1][:3] for _, span in found] == [b"- {"] * 3


def test_yaml_that_breaks_off_or_is_no_look() -> None:
    whole = _yaml(_job(0), _job(1))
    cut = whole[: whole.index(b"kind: List")]
    with pytest.raises(ValueError, match="the List is truncated"):
        list(yaml_items(cut, lambda n: b""))
    written = b"apiVersion: v1\nitems:\n- kind: Job\n  metadata: {name: a}\n"
    rest = [b"kind: List\n"]
    with pytest.raises(NoDump) as raised:
        list(yaml_items(written, lambda n: rest.pop(0) if rest else b""))
    assert raised.value.data == written + b"kind: List\n"
