"""Parts of a word with nothing between them are one word, also where the parser of scripts cuts at backquotes."""

from __future__ import annotations

import pytest

from joblint.shell.grammar import parse
from joblint.shell.syntax import commands


@pytest.mark.parametrize(
    ("script", "words", "texts", "redirects"),
    [
        ("mkdir /b/`date`; ls", ("mkdir", ""), ("mkdir", "/b/`date`"), ()),
        ("cp a`date`b`date` c; ls", ("cp", "", "c"), ("cp", "a`date`b`date`", "c"), ()),
        ("ls a`date`/*.txt $'b'c; ls", ("ls", "", "$'b'c"), ("ls", "a`date`/*.txt", "$'b'c"), ()),
        ("dump >/b/`date`.sql 2>&1; ls", ("dump",), ("dump",), (">/b/`date`.sql", "2>&1")),
        ("ls a>b c; echo `date`", ("ls", "c"), ("ls", "c"), (">b",)),
        ("`which x` -a; ls", ("", "-a"), ("`which x`", "-a"), ()),
    ],
)
def test_a_word(script: str, words: tuple[str, ...], texts: tuple[str, ...], redirects: tuple[str, ...]) -> None:
    first = next(commands(parse(script)))
    assert (first.words, first.texts, first.redirects) == (words, texts, redirects)


def test_an_assignment() -> None:
    assert next(commands(parse("X=a`date`b ls; ls"))).assigns == ("X=a`date`b",)
