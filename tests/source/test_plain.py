"""Reading line by line gives the data and the places that libyaml, `compose` and `tree` give, or nothing at all."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joblint.source.places import plain_tree, tree
from joblint.source.reading import libyaml, plain, stream
from joblint.source.reading.load import _load, events, load

DATA = Path(__file__).parents[1] / "data"

needs_c_part = pytest.mark.skipif(libyaml.parse(b"") is None, reason="libyaml is not there to be compared with")


@cache
def _manifests() -> tuple[bytes, ...]:
    """Every tenth recorded manifest, part by part."""
    lines = gzip.decompress((DATA / "verdicts.jsonl.gz").read_bytes()).splitlines()[::10]
    texts = [value for line in lines for value in json.loads(line).values() if isinstance(value, str) and "\n" in value]
    parts = [part for text in texts for part in stream.split(text.encode("utf-8", "surrogatepass"))]
    return tuple([part.data for part in parts if part.error is None and part.composed is None])


def _same(ours: Any, theirs: Any) -> bool:
    """Whether data is equal with its types and the order of its keys."""
    return repr(ours) == repr(theirs)


def _holds(data: bytes) -> None:
    """What is read line by line is what libyaml reads; nothing else has to be noted of the text then."""
    ours = plain.read(data)
    if ours is None:
        return
    theirs = _load(data, "libyaml")
    assert theirs.error is None, data
    assert not theirs.notes, data
    assert _same(ours, theirs.value), data
    text = data.decode()
    lazy = plain_tree.build(data, text)
    assert lazy is not None
    assert _tree(lazy.root) == _tree(tree.build(events(data, "libyaml"), text).root), data


def _tree(node: tree.Node | None) -> Any:
    """All that a tree says."""
    if node is None:
        return None
    entries = [(key, e.key, e.start, e.end, e.style, e.merged, _tree(e.node)) for key, e in (node.entries or {}).items()]
    items = [_tree(item) for item in node.items or ()]
    kind = (node.entries is None, node.items is None, node.alias, bool(node.flow), node.empty)
    return node.start, node.end, node.style, node.value, kind, entries, items


@needs_c_part
def test_recorded_manifests() -> None:
    read = 0
    for data in _manifests():
        _holds(data)
        read += plain.read(data) is not None
    assert read > len(_manifests()) // 2


_PIECES = (
    *(b"- ", b": ", b":", b" ", b"  ", b"#", b" #", b'"', b"'", b"|", b"|-", b">", b">-", b"{", b"}", b"[", b"]", b",", b"&a "),
    *(
        b"*a",
        b"!",
        b"? ",
        b"\t",
        b"-",
        b"---",
        b"...",
        b"%",
        b"@",
        b"`",
        b"<<: ",
        b"~",
        b"null",
        b"yes",
        b"0x1f",
        b"1e3",
        b".inf",
    ),
    *(
        b"1_0",
        b"\xc2\xa0",
        b"\xe2\x80\xa8",
        b"\xef\xbb\xbf",
        b"\xc3\xa4",
        b"\\",
        b"a: b",
        b"a:",
        b"- a",
        b"- a: b",
        b"\x00",
        b"\xff",
    ),
    *(b"\n", b"\n\n", b"012", b"k: |\n", b"- |\n", b"k: >-\n", b"|+", b"|2", b"\xc2\x85", b'""', b"''"),
)


@needs_c_part
@given(st.data())
def test_manifests_with_something_changed(data: st.DataObject) -> None:
    lines = data.draw(st.sampled_from(_manifests())).split(b"\n")
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        place = data.draw(st.integers(0, len(line)))
        match data.draw(st.integers(0, 5)):
            case 0:
                lines[at] = line[:place] + data.draw(st.sampled_from(_PIECES)) + line[place + data.draw(st.integers(0, 2)) :]
            case 1:
                lines[at] = b" " * data.draw(st.integers(1, 4)) + line
            case 2:
                lines[at] = line[data.draw(st.integers(1, 2)) :]
            case 3:
                lines[at:at] = lines[at : at + data.draw(st.integers(1, 3))]
            case 4:
                other = data.draw(st.integers(0, len(lines) - 1))
                lines[at], lines[other] = lines[other], lines[at]
            case _:
                lines[at : at + 1] = [] if len(lines) > 1 else [b""]
    for part in stream.split(b"\n".join(lines)):
        if part.error is None and part.composed is None:
            _holds(part.data)


@needs_c_part
@given(st.lists(st.sampled_from(_PIECES), max_size=12))
def test_signs_in_any_order(pieces: list[bytes]) -> None:
    for part in stream.split(b"".join(pieces)):
        if part.error is None and part.composed is None:
            _holds(part.data)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1\nb:\n- x\n- q: {c: [1, 'd']} # e\n  z: null\n", {"a": 1, "b": ["x", {"q": {"c": [1, "d"]}, "z": None}]}),
        ("---\na:\n  b:\n    - |\n      x\n       y\n\n    - >-\n      p\n      q\n", {"a": {"b": ["x\n y\n", "p q"]}}),
        ('"a": "b: c"\n\'d\': e#f # g\nh:\n', {"a": "b: c", "d": "e#f", "h": None}),
        ("- a: yes\n  b: 010\n- -1\n", [{"a": True, "b": 8}, -1]),
    ],
)
def test_what_is_read_line_by_line(text: str, value: Any) -> None:
    assert _same(plain.read(text.encode()), value)


@pytest.mark.parametrize(
    "text",
    [
        "a: b",  # without a line end
        "a: b\na: c\n",
        "a: &x b\nc: *x\n",
        "a: !!str 1\n",
        "a: b\n  c\n",
        'a: "b\n  c"\n',
        'a: "b\\n"\n',
        "a: {b: c,\n  d: e}\n",
        "<<: {a: b}\n",
        "a:\n- b\n c: d\n",
        "a: .inf\n",
        "a:\tb\n",
        "a: b\n...\n",
        "a: |2\n   b\n",
        "- - a\n",
        "? a\n: b\n",
        "yes: a\n",
        "1: a\n",
        "# nothing\n",
        "",
    ],
)
def test_what_is_left_to_libyaml(text: str) -> None:
    assert plain.read(text.encode()) is None


def test_collections_on_equal_lines_are_not_shared() -> None:
    """What walks over data tells shared collections by their identity: only aliases share."""
    value = load(b"a:\n  r: {b: [c]}\nd:\n  r: {b: [c]}\n").value
    assert value["a"]["r"] == value["d"]["r"]
    assert value["a"]["r"] is not value["d"]["r"]
    assert value["a"]["r"]["b"] is not value["d"]["r"]["b"]


def test_words_in_braces_need_no_libyaml() -> None:
    code = (
        "import sys\n"
        "from joblint.source.reading import libyaml\n"
        "libyaml.prefer_lean()\n"
        "from joblint.source.documents import read\n"
        "(d,) = read(b'a: {b: 100m, c: \"x y\"}\\nd: [sh, -c, 010]\\n', 'x')\n"
        "print(d.value, '_ruamel_yaml' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "{'a': {'b': '100m', 'c': 'x y'}, 'd': ['sh', '-c', 8]} False\n"
