"""What is said of text that is no YAML, and where it points."""

from __future__ import annotations

import pytest

from joblint.source.documents import read
from joblint.source.problem import Problem


def problem(text: str | bytes) -> Problem:
    found = [p for d in read(text if isinstance(text, bytes) else text.encode(), "x") for p in d.problems if p.kind == "yaml"]
    assert found, "this can be read"
    return found[0]


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("a: b\n\tc: d\n", "tab used for indentation", "\t"),
        ("a:\n\tb: c\n", "tab used for indentation", "\t"),
        ("a: |\n\tb\n", "tab used for indentation", "\t"),
        ("a: b: c\n", "a second `: ` on one line", ":"),
        ("a: b\n  c: d\n", "indented deeper", "c:"),
        ("spec:\n  a: b\n   c: d\n", "indented deeper", "c:"),
        ("name pi\nkind: Job\n", "`name pi` is not a `key: value` pair", "name pi"),
        ("a: b\nname pi\nkind: Job\n", "`name pi` is not a `key: value` pair", "name pi"),
        (
            "a:\n  b: c\n d: e\n",
            "indented by 1 space, the keys above by 2, the mapping around them by 0: use 2 or 0",
            "d: e",
        ),
        (
            "a:\n- b: c\n d: e\n",
            "indented by 1 space, the keys above by 2, the mapping around them by 0: use 2 or 0",
            "d: e",
        ),
        ("a:\n  - b\n  c: d\n", "this line has no `- `", "c: d"),
        ("a:\n  b: c\n  - d\n", "a list item between the keys", "-"),
        ('a: "b" c\n', "after the closing quote", "c"),
        ('a: "x\nb: "c"\n', "not closed on its line: the value ends at the next quote, on line 2", '"'),
        ('a:\n- "x\n- "c"\n', "not closed on its line: the value ends at the next quote, on line 3", '"'),
        ('a: ["x]\nb: "c"\n', "not closed on its line: the value ends at the next quote, on line 2", '"'),
        ("a: 'x\n  y' z\n", "after the closing quote", "z"),
        ('a: "x\n  b: c" d\n', "after the closing quote", "d"),
        ("a: 'x\nb: c\n", "the quote ' opened here is never closed", "'"),
        ('a: "x\nb: c\n', 'the quote " opened here is never closed', '"'),
        ("a: [b, c\n", "the `[` opened here is never closed by `]`", "["),
        ("a: {b: c\n", "the `{` opened here is never closed by `}`", "{"),
        ("a: {b: c\nd: e\n", "the `{` opened here is not closed by `}`, or a comma is missing on line 2", "{"),
        ('a: ["b" "c"]\n', "a comma or the closing `]` is missing", '"'),
        ("a: [b}\n", "never closed by `]`", "["),
        ("a: [b, , c]\n", "expected a value", ","),
        ("a: ]\n", "expected a value", "]"),
        ("a: [b,\n", "a bracket is not closed", "["),
        ("a: - b\n", "a list cannot start on the same line", "-"),
        ("a: ? b\n", "unexpected `? `", "?"),
        ("a: *b\n", "`*b` refers to an anchor `&b` that is not defined above", "*b"),
        ("schedule: */5 * * * *\n", 'must be quoted: "*/5 * * * *"', "*/5 * * * *"),
        ("schedule: * * * * *\n", 'must be quoted: "* * * * *"', "* * * * *"),
        ("a: &\n", "`&` starts an anchor", "&"),
        ("a: !x!y z\n", "`!` starts a tag", "!x!y z"),
        ("a: !%zz b\n", "`!` starts a tag", "!%zz b"),
        ("a: %b\n", "`%` cannot start a value: quote the value", "%"),
        ("a: @b\n", "`@` cannot start a value", "@"),
        ("a: `b`\n", "a backtick cannot start a value", "`"),
        ('a: "\\d"\n', "unknown escape `\\d` in double quotes: write `\\\\d`", "\\d"),
        ('a: "\\xZZ"\n', "hexadecimal digits", "Z"),
        ("a: | b\n  c\n", "starts on the next line", "b"),
        ("a: |0\n  c\n", "starts on the next line", "0"),
        ("a: \x01\n", "the character U+0001 is not allowed", "\x01"),
        ("a: b\x00\n", "the character U+0000 is not allowed", "\x00"),
        ("%YAML 1.2\n---\na: b\n", "remove it", "%YAML 1.2"),
        ("%FOO\na: b\n", "remove it", "%FOO"),
        ("---- \na: b\n", "separates documents and must contain nothing else", "---- "),
        ("? [a]\n: b\n", "cannot be a key", "["),
        ("~: b\n", "a key must not be null", "~"),
        ("a: .nan\n", "`.nan` is a number that JSON cannot represent", ".nan"),
        ("a: !!int b\n", "does not match its tag `!!int`", "!!int b"),
        ("a: &a [*a]\n", "contains the alias itself", "*"),
        ("<<: b\n", "`<<:` needs a mapping", "b"),
    ],
)
def test_what_is_said(text: str, words: str, marked: str) -> None:
    found = problem(text)
    assert words in found.message
    line = text.split("\n")[found.span.line - 1]
    end = found.span.end_column - 1 if found.span.end_line == found.span.line else len(line)
    assert line[found.span.column - 1 : end] == marked


def test_bytes_that_are_no_utf_8() -> None:
    found = problem(b"a: b\nc: caf\xe9\n")
    assert "byte 0xe9" in found.message
    assert (found.span.line, found.span.column) == (2, 7)


def test_half_a_utf_16_character() -> None:
    assert "the text cannot be decoded" in problem(b"\xfe\xff\x00a\xdc\x00\n").message


def test_depth() -> None:
    assert "10,000 levels" in problem("[" * 10001).message
    assert "10,000 levels" in problem("- " * 10001).message
    assert read(b"[" * 10000 + b"]" * 10000, "x")[0].problems == ()


def test_messages_are_short_and_clean() -> None:
    for text in ("a: *" + "x" * 500, "x" * 500 + "\nb: c\n", "a: 'b' " + "c" * 500, "\x1b[31m: : "):
        found = problem(text)
        assert len(found.message) < 260
        assert "\x1b" not in found.message and "\n" not in found.message


def test_long_texts_are_told_in_the_same_words() -> None:
    text = "a: b\n" * 300_000 + "c\n"
    found = problem(text)
    assert "`c` is not a `key: value` pair" in found.message
    assert found.span.line == 300_001
