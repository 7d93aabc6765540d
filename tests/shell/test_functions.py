"""Calls of a script's functions with their arguments, and tests with escaped operators, which tree-sitter alone cannot read."""

from __future__ import annotations

import pytest

from joblint.shell.functions import bound, calls, inlined
from joblint.shell.grammar import parse
from joblint.shell.services import awaited, default_port, host_of
from joblint.shell.syntax import Command, Loop, commands


@pytest.mark.parametrize(
    "text",
    [
        '[ "$a" \\< "$b" ]\n',
        "[ \\( a = b \\) -o c = d ] && echo yes\n",
        'if [ "$(basename "$d")" \\< "$limit" ]; then rm -rf "$d"; fi\n',
        'while ! [ "$x" \\> 3 ]; do sleep 1; done\n',
    ],
)
def test_a_test_with_escaped_operators_is_read(text: str) -> None:
    found = [c for c in commands(parse(text)) if c.words[:1] == ("[",)]
    assert len(found) == 1
    assert found[0].text.startswith("[ ")
    assert found[0].text.endswith(" ]")


def test_an_escaped_parenthesis_of_find_is_an_argument() -> None:
    words = next(iter(commands(parse("find . \\( -name a -o -name b \\) -delete\n")))).words
    assert words[:3] == ("find", ".", "(")


def test_a_function_waits_for_the_host_that_it_gets() -> None:
    text = (
        'wait_for() {\n  local host=$1\n  until nc -z "$host" "$2"; do sleep 2; done\n}\nwait_for db 5432\nwait_for cache 6379\n'
    )
    assert set(awaited(parse(text))) == {("db", 5432), ("cache", 6379)}


def test_an_argument_that_only_the_run_knows_is_not_guessed() -> None:
    assert not list(awaited(parse('w() { until nc -z "$1" 5432; do sleep 2; done; }\nw "$HOST"\n')))


def test_bodies_of_functions_replace_their_calls() -> None:
    parts = inlined(parse("w() {\n  for i in 1 2 3; do nc -z db 1 && return 0; sleep 1; done\n}\nw\nload\n"))
    assert isinstance(parts[0], Loop)
    last = parts[-1]
    assert isinstance(last, Command)
    assert last.words == ("load",)


def test_a_function_that_calls_itself_ends() -> None:
    assert len(inlined(parse("f() {\n  f\n  f\n}\nf\n"))) < 5001
    assert len(list(calls(parse("f() {\n  f a\n}\nf b\n")))) >= 1


def test_words_without_a_reference_stay() -> None:
    assert bound(("-h", "", ""), ("-h", '"$1"', "$2"), {"1": "db"}) == ("-h", "db", "")


@pytest.mark.parametrize(
    ("name", "words", "port"),
    [
        ("psql", ("-h", "db", "-U", "app"), 5432),
        ("psql", ("-h", "db", "-p", "5433"), 0),
        ("psql", ("-h", "db", ""), 0),
        ("mysql", ("-h", "db", "-pSECRET"), 3306),
        ("mysql", ("-h", "db", "-P", "3307"), 0),
        ("redis-cli", ("-h", "cache", "ping"), 6379),
        ("nc", ("-z", "db"), 0),
    ],
)
def test_the_port_of_a_client_without_one(name: str, words: tuple[str, ...], port: int) -> None:
    assert default_port(name, words) == port


@pytest.mark.parametrize(
    ("name", "words", "host"),
    [
        ("nslookup", ("db.shop",), "db.shop"),
        ("nslookup", ("-type=a", "db"), "db"),
        ("getent", ("hosts", "db"), "db"),
        ("getent", ("passwd", "app"), ""),
        ("ping", ("-c", "1", "db"), "db"),
        ("dig", ("+short", "db"), "db"),
    ],
)
def test_the_host_of_a_lookup(name: str, words: tuple[str, ...], host: str) -> None:
    assert host_of(name, words) == host
