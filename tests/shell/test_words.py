"""Words where the parser of scripts goes wrong: parts with nothing between them are one word, and arguments may follow a
redirection."""

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
        ("ls a>b c; echo `date`", ("ls", "a", "c"), ("ls", "a", "c"), (">b",)),
        ("dump > /b/x.sql -h db $(date); ls", ("dump", "-h", "db", ""), ("dump", "-h", "db", "$(date)"), ("> /b/x.sql",)),
        ("echo >&2 a 2>b c; ls", ("echo", "a", "c"), ("echo", "a", "c"), (">&2", "2>b")),
        (">f ls a", ("ls", "a"), ("ls", "a"), (">f",)),
        ("psql <<EOF -h db\nselect 1;\nEOF\n", ("psql", "-h", "db"), ("psql", "-h", "db"), ("<<EOF -h db",)),
        ("`which x` -a; ls", ("", "-a"), ("`which x`", "-a"), ()),
    ],
)
def test_a_word(script: str, words: tuple[str, ...], texts: tuple[str, ...], redirects: tuple[str, ...]) -> None:
    first = next(commands(parse(script)))
    assert (first.words, first.texts, first.redirects) == (words, texts, redirects)


def test_an_assignment() -> None:
    assert next(commands(parse("X=a`date`b ls; ls"))).assigns == ("X=a`date`b",)


def test_the_last_command_of_a_pipeline_gets_the_arguments_after_a_redirection() -> None:
    found = [(c.words, c.redirects) for c in commands(parse("x | y > z w || q 2>&1 -v"))]
    assert found == [(("x",), ()), (("y", "w"), ("> z",)), (("q", "-v"), ("2>&1",))]


def test_the_command_substitutions_after_a_redirection_are_followed() -> None:
    (first, *_) = commands(parse("load > out $(get a); ls"))
    assert [c.words for part in first.inner for c in commands(part)] == [("get", "a")] and first.text == "load > out $(get a)"
