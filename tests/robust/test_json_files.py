"""JSON as other programs write it: with CRLF, or all in one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import joblint
from joblint.source.documents import read
from tests.cli.run import joblint as run

JOB: dict[str, Any] = {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "metadata": {"name": "x"},
    "spec": {"backofLimit": 3, "template": {"spec": {"containers": [{"name": "a", "image": "a"}]}}},
}


def test_places_in_json_do_not_depend_on_line_ends() -> None:
    text = json.dumps(JOB, indent=1)
    unix, dos = joblint.check(text), joblint.check(text.replace("\n", "\r\n"))
    assert [f.span for f in dos.findings] == [f.span for f in unix.findings]
    assert [f.excerpt for f in dos.findings] == [f.excerpt for f in unix.findings]
    assert [d.judged.verdict for d in dos.documents] == [d.judged.verdict for d in unix.documents]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_json_is_fixed_with_the_line_ends_it_has(tmp_path: Path, end: str) -> None:
    text = json.dumps(JOB, indent=1).replace("\n", end)
    (tmp_path / "job.json").write_bytes(text.encode())
    run("check", "--fix", "job.json", cwd=tmp_path)
    assert (tmp_path / "job.json").read_bytes() == text.replace("backof", "backoff").encode()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_alike_for_places_and_for_fixes(end: str) -> None:
    from joblint.source.places.spans import line_starts

    assert line_starts(f"a{end}bc{end}{end}d") == [0, 1 + len(end), 3 + 2 * len(end), 3 + 3 * len(end)]
    (document,) = read(f"a: 1{end}b: [2{end}]".encode(), "x")
    assert (document.span("b").line, document.span("b").end_line) == (2, 3)


def test_a_long_line_is_shown_around_the_place(tmp_path: Path) -> None:
    items = [{**JOB, "metadata": {"name": f"x{i}"}} for i in range(60)]
    text = json.dumps({"apiVersion": "batch/v1", "kind": "JobList", "items": items})
    (tmp_path / "jobs.json").write_text(text)
    out = run("check", "--select", "JL105", "jobs.json", cwd=tmp_path).stdout.decode()
    lines = out.split("\n")
    assert max(map(len, lines)) < 400 and len(out) < 60 * 700
    marked = [(a, b) for a, b in zip(lines, lines[1:], strict=False) if "^^^" in b]
    assert len(marked) == 60
    for shown, under in marked:
        begin = under.index("^")
        assert shown[begin : begin + 13] == '"backofLimit"'
    sarif = run("check", "--format", "sarif", "jobs.json", cwd=tmp_path).stdout
    assert len(sarif) < 60 * 6000
    results = json.loads(sarif)["runs"][0]["results"]
    regions = [r["locations"][0]["physicalLocation"]["region"] for r in results if r["ruleId"] == "JL105"]
    assert [text[r["startColumn"] - 1 : r["endColumn"] - 1] for r in regions] == ['"backofLimit"'] * 60


def test_neighbours_of_a_long_line_are_shown_from_the_same_column(tmp_path: Path) -> None:
    pad = " " * 300
    (tmp_path / "job.yaml").write_text(
        f"apiVersion: batch/v1\nkind: Job\nmetadata: {{name: x}}\nspec: {{{pad}template: {{}},{pad}backofLimit: 3}}\n"
    )
    out = run("check", "--select", "JL105", "job.yaml", cwd=tmp_path).stdout.decode()
    assert "   4  … " in out and "   3" not in out
    assert "backofLimit: 3}" in out
