"""What a script's variables hold, against a real sh."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joblint.shell.grammar import parse
from joblint.shell.values import UNKNOWN, known_folder, values


@pytest.mark.parametrize(
    ("script", "word", "value"),
    [
        ("DIR=/backup", "$DIR/x", "/backup/x"),
        ("DIR=/backup\nF=$DIR/shop-$(date +%F).sql", '"$F"', f"/backup/shop-{UNKNOWN}.sql"),
        ("DIR=/a\nDIR=/b", "$DIR", UNKNOWN),
        ("for DIR in /a /b; do echo; done", "$DIR", UNKNOWN),
        ("read DIR", "$DIR", UNKNOWN),
        ("A='x $B'", "${A}y", "x $By"),
        ("", "$1", UNKNOWN),
        ("", "$HOST/x", "db/x"),
        ("", "${HOST:-other}", "db"),
        ("", "${NONE:-other}", UNKNOWN),
        ("", "`date`", UNKNOWN),
        ("", "*.sql", f"{UNKNOWN}.sql"),
        ("", '"*.sql"', "*.sql"),
        ("A=$B\nB=$A", "$A", UNKNOWN),
        ("A=1 true", "$A", UNKNOWN),
    ],
)
def test_a_word_is_known_as_far_as_the_script_shows(script: str, word: str, value: str) -> None:
    assert values(parse(script), {"HOST": "db"}).of(word) == value


_TEXT = st.text("abc/.$'\" {}DIRX\\", max_size=20)


@pytest.mark.skipif(shutil.which("sh") is None, reason="needs a shell")
@given(st.lists(st.sampled_from(("$A", "${A}", '"$B"', "'$A'", "lit", "/", '"x $B y"', "\\$A", "''")), min_size=1, max_size=4))
def test_what_is_known_is_what_a_shell_passes(parts: list[str]) -> None:
    script = 'A=/one\nB="$A/two"\n'
    word = "".join(parts)
    said = subprocess.run(["sh", "-c", f"{script}printf %s {word}"], capture_output=True, text=True, check=False).stdout
    known = values(parse(script), {}).of(word)
    assert UNKNOWN in known or known == said


@given(_TEXT)
def test_any_text_is_read(text: str) -> None:
    assert isinstance(values(parse("A=1"), {}).of(text), str)


def test_the_known_folder() -> None:
    assert known_folder(f"/backup/shop-{UNKNOWN}.sql") == "/backup"
    assert known_folder("/backup/shop.sql") == "/backup/shop.sql"
    assert known_folder(f"{UNKNOWN}/shop.sql") == ""
