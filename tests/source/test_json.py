"""JSON as Go's encoding/json reads it, with which kubectl begins where a file begins with `{`."""

from __future__ import annotations

from typing import Any

import pytest

from joblint.source.documents import read


def values(text: str | bytes) -> list[Any]:
    data = text if isinstance(text, bytes) else text.encode()
    return [... if any(p.kind == "yaml" for p in d.problems) else d.value for d in read(data, "x")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1}', [{"a": 1}]),
        ('  \n\t{"a": [true, false, null, -1.5e1, "x"]}\n', [{"a": [True, False, None, -15, "x"]}]),
        ('{"a": "\\ud83d\\ude00\\/\\u00e9\\n"}', [{"a": "😀/é\n"}]),
        ('{"a": "\\ud800", "b": "\\udc00\\ud800"}', [{"a": "\ufffd", "b": "\ufffd\ufffd"}]),
        ('{"a": 1}{"b": 2}\n{"c": 3}', [{"a": 1}, {"b": 2}, {"c": 3}]),
        ('{"a": 1}\n---\nb: 2\n', [{"a": 1}, {"b": 2}]),
        ('{"a": 1}\n---\n{"b": 2}\n---\n{c: 3}\n', [{"a": 1}, {"b": 2}, {"c": 3}]),
        ('{"a": 1}{"b": 2}{c: 3}', [{"a": 1}, {"b": 2}, ...]),
        ("{a: b}\n", [{"a": "b"}]),
        ('{"a": 0644}\n', [{"a": 420}]),  # no JSON, so it is YAML
        ('{"a": 1,}\n', [{"a": 1}]),
        ('{"a": .5, "b": +1}\n', [{"a": 0.5, "b": 1}]),
        ("{a}", [...]),  # too short for kubectl to try YAML
        ('{"a": 1}\nb', [{"a": 1}, ...]),
        ('{"a": 1}\n1.', [{"a": 1}, ...]),
        ('{"a":"\x7f"}', [{"a": "\x7f"}]),  # not allowed in YAML
        ('{"a": 1e400}', [{"a": "1e400"}]),
        ('{"<<": {"a": 1}}', [{"<<": {"a": 1}}]),
        ('{"yes": "yes", "1": 1.0}', [{"yes": "yes", "1": 1}]),
        ('{"a": {"b": 1}, "a": 2}', [{"a": 2}]),
        (" " * 5000 + '{"a": "\\/"}', [...]),  # further in than kubectl looks for the brace, and no YAML
    ],
)
def test_streams(text: str, expected: list[Any]) -> None:
    assert values(text) == expected


def test_bytes_that_are_no_utf_8() -> None:
    assert values(b'{"a": "\xff\xe4\xb8"}') == [{"a": "\ufffd\ufffd\ufffd"}]


def test_places_in_json() -> None:
    first, second = read(b'{"a": {"b": "c"}} {"d":\n ["e"]}\n', "x")
    assert (first.span("a.b").line, first.span("a.b").column, first.span("a.b").end_column) == (1, 13, 16)
    assert (second.span("d[0]").line, second.span("d[0]").column) == (2, 3)
    assert (second.line, second.span("").column) == (1, 20)
    assert first.raw("a.b") == '"c"' and first.style("a.b") == "double"


def test_duplicate_keys_in_json() -> None:
    (document,) = read(b'{"a": 1,\n "a": 2}', "x")
    assert [(p.kind, p.field, p.span.line) for p in document.problems] == [("duplicate-key", "a", 2)]


def test_yaml_after_json_keeps_its_lines() -> None:
    _, second = read(b'{"a": 1}\n---\nb: 2\n', "x")
    assert second.span("b").line == 3


@pytest.mark.parametrize(
    ("text", "words", "line", "column"),
    [
        ('{"a":1}{"b":2}\n{"c" 3}', "':' after a key is expected", 2, 6),
        ('{"a":1}{"b":2}\n{"c": "x', "not closed", 2, 7),
        ('{"a":1}{"b":2}\n{"c": "\\q"}', "escape", 2, 8),
        ('{"a":1}{"b":2}\n{"c": "\t"}', "control", 2, 8),
        ('{"a":1}{"b":2}\n[1 2]', "',' or ']' is expected", 2, 4),
        ('{"a":1}{"b":2}\n{"c": 1e999}', "too large", 2, 7),
        ('{"a":1}{"b":2}\n{', "the end of the text", 2, 2),
    ],
)
def test_what_is_wrong_with_json(text: str, words: str, line: int, column: int) -> None:
    problem = read(text.encode(), "x")[-1].problems[0]
    assert words in problem.message
    assert (problem.span.line, problem.span.column) == (line, column)
