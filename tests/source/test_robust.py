"""No input brings the reader down, and both readers agree on every text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.reading.draw import PIECES, SEEDS
from joblint.source.documents import read
from tests.source.readers import documents

yamlish = st.lists(st.sampled_from([*PIECES, *SEEDS, "---\n", "a: ", "{{ ", "$patch: x\n"]), max_size=12).map("".join)


def touch_everything(data: bytes) -> None:
    for document in read(data, "x"):
        assert document.line >= 1
        for problem in document.problems:
            assert problem.message and 1 <= problem.span.line <= problem.span.end_line
        fields = [s.field for s in document.written()] + [f for f, _ in document.scalars()]
        for field in ["", "a", "a.b[0]", *fields[:50]]:
            for part in ("value", "key"):
                span = document.span(field, part)
                assert (1, 1) <= (span.line, span.column) <= (span.end_line, span.end_column)
            document.style(field), document.raw(field), document.entry_span(field), document.source_line(span.line)
        document.objects(), document.placeholders(), document.lines


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    touch_everything(data)


@given(yamlish)
@settings(max_examples=300)
def test_nearly_yaml(text: str) -> None:
    touch_everything(text.encode())


@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    touch_everything(text.encode("utf-8", "surrogatepass"))
    touch_everything(b"\xff\xfe" + text.encode("utf-16-le", "surrogatepass"))
    touch_everything(b"\xfe\xff" + text.encode("utf-16-be", "surrogatepass"))


@given(yamlish)
@settings(max_examples=300)
def test_both_readers_agree(text: str) -> None:
    assert documents(text.encode(), pure=False) == documents(text.encode(), pure=True)


json_data: Any = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(json_data)
def test_json_comes_back(data: Any) -> None:
    import json

    for ascii_only in (True, False):
        text = json.dumps({"a": data}, ensure_ascii=ascii_only)
        assert [d.value for d in read(text.encode(), "x")] == [{"a": data}]


@given(json_data)
def test_every_place_holds_what_is_said(data: Any) -> None:
    import json

    (document,) = read(json.dumps({"a": data}, ensure_ascii=False).encode(), "x")
    places = {s.field: s for s in document.written() if not s.is_key}
    for field, value in document.scalars():
        if field in places and isinstance(value, str) and document.style(field) == "double":
            assert json.loads(document.raw(field) or "null") == value


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b"{a: " * 100_000,
        b"- " * 100_000,
        b"? " * 100_000,
        b"{" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 9_999 + b"]" * 9_999,
        b'{"a":' * 9_999 + b"1" + b"}" * 9_999,
        b"a: !!int " + b"9" * 10_000,
        b"a: " + b"9" * 100_000,
        b"a: 0x" + b"f" * 100_000,
        b"a: 1e" + b"9" * 100_000,
        b'{"a": ' + b"9" * 100_000 + b"}",
        b"\0" * 1000,
        b"---\n" * 10_000,
        b"a: |\n" + b"  x\n" * 100_000,
        b"&a " * 10_000,
        b"*a : " * 10_000,
        b"!" * 10_000,
        b"%" * 10_000,
        b"#" * 100_000,
        b"'" * 10_001,
        b"a: \xff",
        b"\xef\xbb\xbf\xef\xbb\xbf\xef\xbb\xbfa: b",
    ],
    ids=lambda d: repr(d[:12]),
)
def test_extremes(data: bytes) -> None:
    found = read(data, "x")
    assert found
    for document in found[:3]:
        document.span("a"), document.objects(), document.placeholders()
