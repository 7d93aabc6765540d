"""The small reader of TOML reads as the standard library's does, and knows where everything is."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joblint.configuration.toml import TomlMistake, read


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, date) else value


TEXT = """\
# settings
profile = "strict"   # more rules
"fail-on" = 'warning'
exclude = [
  "vendor/",  # not ours
  'a\\b',
]
severities = { JL301 = "off", "image-not-pinned" = "error" }
until.day = 2027-03-01

[[overrides]]
paths = ["a"]
ignore = []

[[overrides]]
names = ["b"]
[overrides.severities]
JL301 = "info"

[other.deep]
n = 3
f = 1.5
t = true
"""


def test_it_reads_as_tomllib_does() -> None:
    data, places = read(TEXT)
    assert data == _plain(tomllib.loads(TEXT))
    assert places["profile"] == (2, 11) and places["profile\0"] == (2, 1)
    assert places["exclude[1]"] == (6, 3)
    assert places["severities.image-not-pinned"] == (8, 52)
    assert places["overrides[1].names[0]"] == (16, 10)
    assert places["overrides[1].severities.JL301"] == (18, 9)


def test_one_table_of_a_file() -> None:
    text = '[project]\nname = "a"\nx = [\n  ["b"],\n]\n'
    text += '[tool.joblint]\nprofile = "strict"\n[tool.joblint.severities]\nJL301 = "off"\n[z]\n'
    data, places = read(text, "tool.joblint")
    assert data == {"profile": "strict", "severities": {"JL301": "off"}}
    assert places["profile"] == (7, 11)


def test_a_version_keeps_its_nought() -> None:
    assert read("kubernetes-version = 1.30\n")[0] == {"kubernetes-version": "1.30"}


def test_nothing_is_added_to_what_is_written_in_one_piece() -> None:
    for text in ("a = {}\na.b = 1\n", "a = [{}]\n[[a]]\n", "a = [{}]\n[a.b]\n"):
        with pytest.raises(TomlMistake):
            read(text)


def test_rarer_ways_of_writing_go_to_tomllib() -> None:
    assert read('reason = """\nlong\ntext"""\n')[0] == {"reason": "long\ntext"}
    assert read('a = "\\u00e9"\nb = 0x1F\n')[0] == {"a": "é", "b": 31}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("a = \n", 1, 5), ("a = 1\nb = [1\n", 3, 1), ("a = 1\na = 2\n", 2, 6), ("[a\n", 1, 3), ("a = 01\n", 1, 6)],
)
def test_mistakes_have_a_place(text: str, line: int, column: int) -> None:
    with pytest.raises(TomlMistake) as raised:
        read(text)
    assert (raised.value.line, raised.value.column) == (line, column)


_names = st.sampled_from(["a", "b-c", "d_1"])
_strings = st.text(st.sampled_from("aé \t\n\"'\\#=[]{}\x7f\x01"), max_size=6)


def _quoted(text: str) -> str:
    return '"' + "".join([f"\\u{ord(c):04x}" if c < " " or c in '"\\\x7f' else c for c in text]) + '"'


_value = st.recursive(
    st.booleans() | st.integers(-99, 99) | _strings | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=2),
    max_leaves=4,
)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return "[" + ", ".join([_written(v) for v in value]) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join([f"{k} = {_written(v)}" for k, v in value.items()]) + "}"
    return str(value)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(_names, _value, max_size=3), st.dictionaries(_names, _value, max_size=2))
def test_what_is_written_is_read(top: dict[str, Any], table: dict[str, Any]) -> None:
    lines = [f"{k} = {_written(v)}" for k, v in top.items()] + ["[tool.x]"] + [f"{k} = {_written(v)}" for k, v in table.items()]
    text = "\n".join(lines)
    assert read(text)[0] == _plain(tomllib.loads(text))
    assert read(text, "tool.x")[0] == _plain(table)


@given(st.text(st.sampled_from("ab.\"'[]{}=,#\n 1-"), max_size=30))
def test_what_it_takes_tomllib_takes_alike(text: str) -> None:
    try:
        wanted: Any = _plain(tomllib.loads(text))
    except tomllib.TOMLDecodeError:
        wanted = None
    try:
        found = read(text)[0]
    except TomlMistake:
        found = None
    assert found == wanted


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[tool.x]\na = 1\n[tool.y]\n[tool.x]\nb = 2\n", 4, "Cannot declare ('tool', 'x') twice"),
        ("a = 1\n[[tool.x]]\na = 1\n", 2, "[tool.x] must be one table, not [[tool.x]]"),
    ],
)
def test_a_table_that_is_there_twice(text: str, line: int, words: str) -> None:
    with pytest.raises(TomlMistake) as raised:
        read(text, "tool.x")
    assert (raised.value.line, str(raised.value)) == (line, words)
