"""What is known of lines is what a look at the whole text says: nothing that rules look for reaches over the end of a line."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joblint.rules import seen as seen_module
from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.rule_files import builtin_rule_files, read_rule_file
from joblint.rules.plan import Asked
from joblint.rules.seen import _DIGITS, Seen
from joblint.rules.signs import OF_TEXT


@cache
def _lines() -> tuple[bytes, ...]:
    """The lines of the examples of all rules."""
    found: dict[bytes, None] = {}
    for name, data in builtin_rule_files():
        for example in read_rule_file(name, data)["examples"]["bad"]:
            found.update(dict.fromkeys(example["manifest"].encode().split(b"\n")))
    return tuple(found)


def _bits(seen: Seen, text: bytes) -> int:
    """The answers of the text as a whole."""
    found = 0
    text = text.translate(_DIGITS)
    for bit, question in seen._questions:
        there = OF_TEXT[question](text) if isinstance(question, str) else any(each in text for each in question)
        found |= bit if there else 0
    return found


@given(st.lists(st.lists(st.sampled_from(_lines()), max_size=12), min_size=1, max_size=4))
def test_lines_that_are_known_answer_as_the_whole_text_does(texts: list[list[bytes]]) -> None:
    seen = Asked(builtin()).seen
    for lines in [*texts, *texts]:  # the second time all of them are known
        text = b"\n".join(lines) + b"\n"
        assert seen.of(text) == _bits(seen, text)


def test_numbers_do_not_make_a_line_new() -> None:
    seen = Seen(((b"curl",), (b"localhost", b"127.0.0.1"), "leading-zero"))
    assert seen.of(b"image: curl:8.1\n") == seen.of(b"image: curl:9.3\n") == 1
    assert len(seen._lines) == 2  # the line, and the empty one behind it
    assert seen.of(b"host: 127.0.0.1\n") == 2
    assert seen.of(b"mode: 0644\n") == 4
    assert seen.of(b"mode: 1644\n") == 0


def test_blocks_of_a_long_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen_module, "_BLOCK", 20)
    for most in (0, 30):  # bytes: lines that are kept, and those that are not
        monkeypatch.setattr(seen_module, "_MANY", most)
        seen = Seen(((b"curl",), (b"localhost", b"127.0.0.1"), "leading-zero", (b"nc",)))
        for _ in range(2):
            assert seen.of(b"image: curl:8.1\nname: x\n" * 5 + b"mode: 0644\nhost: localhost") == 7
            assert seen.of(b"name: x\n" * 9 + b"image: curl:8.1") == 1
            assert seen.of(b"c: nc, " * 9 + b"\n\n") == 8
