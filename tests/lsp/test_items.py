"""A long List in an editor: a place in it is answered by its item alone, at the same lines and columns; a bug is one answer."""

from __future__ import annotations

import json
import logging

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInternalError

from joblint.api.version.versions import DEFAULT
from joblint.lsp import analysis
from joblint.lsp.analysis import LARGE, Analysis
from joblint.lsp.guarded import guarded
from joblint.lsp.hover import hover
from joblint.lsp.item import item_at
from joblint.lsp.outline import hints
from joblint.lsp.server import page
from joblint.rules.catalogue.rule import builtin
from joblint.rules.engine import Engine
from joblint.run.again import Again
from joblint.run.explaining import Explaining

ENGINE = Engine(builtin(), DEFAULT)
ITEM = """\
- apiVersion: batch/v1
  kind: Job
  metadata: {name: job-%d}
  spec:
    backoffLimit: 6
    activeDeadlineSeconds: 60
    template:
      spec:
        restartPolicy: Never
        containers:
        - name: main
          image: busybox:1.36
"""
HEAD = "# all Jobs\napiVersion: v1\nkind: List\nitems:\n"


def _yaml(count: int, indent: str = "") -> str:
    return HEAD + "".join([indent + line + "\n" for n in range(count) for line in (ITEM % n).splitlines()])


def _json(count: int) -> str:
    items = []
    for n in range(count):
        containers = [{"name": "main", "image": "busybox:1.36"}]
        spec = {"backoffLimit": 6, "activeDeadlineSeconds": 60, "template": {"spec": {"containers": containers}}}
        items.append({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": f"job-{n}"}, "spec": spec})
    return json.dumps({"apiVersion": "v1", "items": items, "kind": "List"}, indent=2) + "\n"


def _analysis(text: str) -> Analysis:
    return Analysis(text, Again(ENGINE, "list.yaml"))


@pytest.mark.parametrize("text", [_yaml(3), _json(3), _yaml(3, "  ")])
def test_each_item_keeps_its_lines(text: str) -> None:
    lines = text.split("\n")
    for number in (n for n, line in enumerate(lines, 1) if "backoffLimit" in line):
        found = item_at(lines, number)
        assert found is not None
        first, alone = found
        assert first < number and alone.split("\n")[number - 1].rstrip() == lines[number - 1].rstrip()
        assert alone.count("job-") == 1 and not alone.startswith("apiVersion")


def test_what_is_no_item() -> None:
    lines = _yaml(2).split("\n")
    assert item_at(lines, 2) is None and item_at(lines, 0) is None and item_at(lines, 10_000) is None
    assert item_at(ITEM.split("\n"), 3) is None
    assert item_at(json.dumps(json.loads(_json(3))).split("\n"), 1) is None
    assert item_at([*lines[:-1], "more: keys", ""], len(lines)) is None


@pytest.mark.parametrize("text", [_yaml(300), _json(200)])
def test_a_place_in_a_long_list_is_answered_before_the_list_is_checked(text: str) -> None:
    assert len(text) >= LARGE
    found = _analysis(text)
    line = next(n for n, line in enumerate(found.text.lines) if "job-150" in line)
    at = next(n for n in range(line, line + 9) if "activeDeadlineSeconds" in found.text.lines[n])
    where = lsp.Position(at, found.text.lines[at].index("activeDeadlineSeconds"))
    near = found.near(at + 1)
    assert near is not None and near is not found
    early = hover(near, where)
    assert early is not None and "**Here:**" in str(early.contents) and early.range is not None
    assert early.range.start.line == at and early.range.start.character in (where.character, where.character - 1)
    assert not found.is_checked
    assert sum([1 for _ in found.checking()]) >= 200
    assert found.near(at + 1) is found and not found.is_explained
    assert hover(found, where) == early
    visible = lsp.Range(lsp.Position(at - 1, 0), lsp.Position(at + 1, 0))
    assert sorted([h.position.line for h in hints(found, visible)]) == [at - 1, at]
    assert not found.is_explained


def test_nothing_is_said_too_soon_of_json_in_one_line() -> None:
    text = json.dumps(json.loads(_json(400)))
    found = _analysis(text)
    assert len(text) >= LARGE and found.near(1) is None
    for _ in found.checking():
        pass
    assert found.near(1) is found


@pytest.mark.parametrize("form", ["yaml", "json", "one line"])
def test_the_page_of_a_long_list_is_that_of_one_job(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = _yaml(3) if form == "yaml" else _json(3) if form == "json" else json.dumps(json.loads(_json(3)))
    text = text.replace("job-", "nightly-")
    monkeypatch.setattr(analysis, "LARGE", 450)  # the List is large, one Job is not
    line = text[: text.index("nightly-1")].count("\n") + 1
    for at, shown in ((1, 0), (line, 1 if line > 1 else 0)):
        html = page(_analysis(text), at)
        assert [n for n in range(3) if f"nightly-{n}" in html] == [shown]


@pytest.mark.asyncio
async def test_a_bug_is_the_answer_to_one_request() -> None:
    def fails() -> None:
        raise KeyError("a bug")

    async def fails_later() -> None:
        raise KeyError("a bug")

    with pytest.raises(JsonRpcInternalError, match=r"a bug in joblint: KeyError: 'a bug' \(test_items.py:") as one:
        guarded(fails)()
    with pytest.raises(JsonRpcInternalError, match="a bug in joblint: KeyError") as other:
        await guarded(fails_later)()
    assert one.value.data is None and other.value.data is None


def test_a_job_that_cannot_be_explained_is_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    logged: list[str] = []

    def fails(*_: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr(Explaining, "_object", fails)
    monkeypatch.setattr(logging.getLogger("joblint"), "warning", lambda text, *values: logged.append(text % values))
    found = Analysis(ITEM.replace("- api", "  api") % 1, Again(ENGINE, "x.yaml"))
    assert found.findings and not found.explanations
    assert len(logged) == 1
    assert logged[0].startswith("a bug in joblint while explaining document 0: KeyError: 'a bug'")


def test_a_page_without_the_findings_that_a_bug_prevents_is_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    logged: list[str] = []

    def fails(*_: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr("joblint.run.check.check_documents", fails)
    monkeypatch.setattr(logging.getLogger("joblint"), "warning", lambda text, *values: logged.append(text % values))
    assert "</html>" in page(_analysis(ITEM.replace("- api", "  api") % 1))
    assert [line.split(" (")[0] for line in logged] == ["a bug in joblint while explaining document 0: KeyError: 'a bug'"]
