"""A long List of which single items are parsed has the places that the whole text has."""

from __future__ import annotations

from typing import Any

import pytest

from joblint.source.documents import Document, read
from joblint.source.places import located, tree
from joblint.source.reading import libyaml

pytestmark = pytest.mark.skipif(libyaml.parse(b"") is None, reason="libyaml is not there")

ITEM = """\
apiVersion: batch/v1
kind: Job  # one
metadata: {name: "ä", labels: {a: b}}
spec:
  template:
    spec:
      containers:
      - name: c
        args:
        - |
          items:
          - not an item

        - 'x'
"""
FIELDS = ("", ".kind", ".metadata.labels.a", ".spec.template.spec.containers[0].args[1]", ".spec.missing.field")


def _list(indent: str, head: str = "apiVersion: v1\nkind: List\nitems:\n") -> str:
    items = [indent + "- " + ITEM.replace("\n", "\n" + indent + "  ").rstrip(" ") for _ in range(5)]
    return head + f"{indent}# between\n".join(items)


def _node(node: tree.Node | None) -> Any:
    if node is None:
        return None
    entries = [(e.start, e.end, e.style, key, _node(e.node)) for key, e in (node.entries or {}).items()]
    items = None if node.items is None else [_node(item) for item in node.items]
    return node.start, node.end, node.style, node.value, node.entries is None, entries, items, node.flow


def _read(text: str, longest: int, monkeypatch: pytest.MonkeyPatch) -> tuple[Document, tree.Tree]:
    monkeypatch.setattr(located, "LONG", longest)
    (document,) = read(text.encode(), "x")
    found = document.source.places.tree
    assert found is not None
    return document, found


@pytest.mark.parametrize(
    "text",
    [
        _list(""),
        _list("  "),
        _list("", "---\n# first\nkind: List\nmetadata:\n  note: |\n    items:\n    - a\napiVersion: v1\nitems:\n"),
    ],
    ids=["same column", "indented", "keys before"],
)
def test_places_of_items(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, of_whole = _read(text, len(text) + 1, monkeypatch)
    long, of_long = _read(text, 1, monkeypatch)
    assert not of_whole.item_lines
    assert len(of_long.item_lines) == 5
    for item in (3, 0, 4):
        prefix = f"items[{item}]."
        assert long.line_of(prefix) == whole.line_of(prefix)
        for field in FIELDS:
            for part in ("value", "key"):
                assert long.span(prefix[:-1] + field, part) == whole.span(prefix[:-1] + field, part)
            assert long.entry_span(prefix[:-1] + field) == whole.entry_span(prefix[:-1] + field)
            assert long.style(prefix[:-1] + field) == whole.style(prefix[:-1] + field)
        assert list(long.scalars(prefix)) == [s for s in whole.scalars() if s[0].startswith(prefix)]
    assert long.span("items[9]") == whole.span("items[9]")
    assert (_node(of_long.root), of_long.end) == (_node(of_whole.root), of_whole.end)
    assert list(long.written("items[2].")) == list(whole.written("items[2]."))


def test_what_follows_the_items_is_read_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    text = _list("") + "metadata: {}\n"
    assert not _read(text, 1, monkeypatch)[1].item_lines
    assert not _read(ITEM, 1, monkeypatch)[1].item_lines
