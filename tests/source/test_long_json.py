"""Long JSON that Python's scanner reads, and whose items are parsed one by one, is what reading event by event gives."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joblint.source.documents import Document, read
from joblint.source.places import located, tree
from joblint.source.reading import long_json, stream

JOB = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "ä", "labels": {}}, "spec": {"n": [1, -0.0, 1e3, True]}}
PIECES = (
    *'{}[]:,"\\ \n\r\t',
    "\r\n",
    '"a"',
    '"items"',
    '"a":',
    "1",
    "-0",
    "1.5E+3",
    "1e400",
    "0644",
    "1.",
    "9" * 20,
    "-",
    "true",
)
MORE = ("null", "NaN", "-Infinity", "\\ud83d", "\\ude00", "\\u00e9", "é", "\x07", "\x7f", "---\n", '{"items":[{"a":1},{"b":[]}]}')

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=3)
values = st.recursive(
    scalars, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=3), v, max_size=3), max_leaves=8
)


def _tree(node: tree.Node | None) -> Any:
    if node is None:
        return None
    entries = [(key, e.key, e.start, e.end, e.style, e.merged, _tree(e.node)) for key, e in (node.entries or {}).items()]
    items = None if node.items is None else [_tree(item) for item in node.items]
    return node.start, node.end, node.style, node.value, node.alias, node.flow, node.entries is None, entries, items


def _said(document: Document) -> Any:
    places = document.source.places
    found = places.tree
    fields = [field for field, _ in document.scalars()]
    return (
        repr((document.value, document.problems, document.skipped, document.bug, document.line, document.source.part)),
        document.source.bugs,
        found and (_tree(found.root), found.repeats, found.end, found.shares),
        [(places.span(f), places.span(f, "key"), places.entry_span(f), places.style(f), places.raw(f)) for f in fields],
        [(p, places.line(p[:-1]), list(document.scalars(p)), list(document.written(p))) for p, _ in document.objects()],
    )


def _read(data: bytes, longest: int) -> tuple[Document, ...]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream, "LONG", longest)
        patch.setattr(located, "LONG", longest)
        documents = read(data, "x")
        for document in documents:
            _ = document.source.places.tree  # it is built while the length is set
        return documents


def _holds(data: bytes) -> tuple[Document, ...]:
    long = _read(data, 0)
    assert [_said(d) for d in long] == [_said(d) for d in _read(data, 1 << 40)], data
    return long


@given(items=st.lists(st.just(JOB) | values, max_size=4), more=values, indent=st.sampled_from([None, 1]), ascii=st.booleans())
def test_lists(items: list[Any], more: Any, indent: int | None, ascii: bool) -> None:
    value = {"apiVersion": "v1", "items": items, "kind": "List", "metadata": more}
    text = json.dumps(value, indent=indent, ensure_ascii=ascii)
    (document,) = _holds(text.encode("utf-8", "replace"))
    found = document.source.places.tree
    assert found is not None and len(found.item_lines) in (0, len(items))  # 0 if a key is there twice


@given(st.lists(st.sampled_from((*PIECES, *MORE)), max_size=12), st.booleans())
def test_texts(pieces: list[str], listed: bool) -> None:
    text = "".join(pieces)
    _holds((f'{{"kind": "List", "items": [{text}' if listed else "{" + text).encode())


@pytest.mark.parametrize(
    "text",
    [
        '{"items": [{"a": 1, "a": 2}, 3]}',
        '{"items": [1], "items": [2]}',
        '{"a": NaN}',
        '{"a": 1e400}',
        '{"a": "\\ud800", "b": "\\ud83d\\ude00"}',
        '{"items": [{"<<": {"b": 1}, "c": 9223372036854775808}]}{"items": [1, 2]}\n{"d": 1.}',
        '{"items": [\r\n 1,\r 2]}\n---\nb: 2\n',
        '{"a":' + "[" * 150 + "]" * 150 + ', "items": [[]]}',
        '{"a": ' + "1" * 5000 + "}",
        '{"items": [1,]}',
        '{"items": [1}',
    ],
)
def test_what_is_read_event_by_event(text: str) -> None:
    _holds(text.encode())


def test_what_is_too_deep_for_the_scanner() -> None:
    assert long_json.reader('{"a":' + "[" * 1500 + "]" * 1500 + "}") is None
    (document,) = _read(b'{"items": [' + b"[" * 990 + b"]" * 990 + b"]}", 0)
    assert document.source.places.tree is not None and not document.source.bugs


def test_bytes_that_are_no_utf_8() -> None:
    _holds(b'{"items": [{"a": "\xff"}, "\xc3\xa9"]}')
