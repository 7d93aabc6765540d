"""Plain scripts are read line by line; what comes of them is what the parser and the POSIX reader give."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joblint.base.names import names
from joblint.shell import plain

from .same import same

pytest.importorskip("tree_sitter_bash")

PLAIN = [
    'set -eu\nreport --format pdf > /out/report.pdf\nupload /out/report.pdf "s3://reports/7/"\n',
    "  # why\n\ncd /app && ./migrate || exit 1\n",
    "cat /etc/hosts | wc -l >>/tmp/n 2>&1; echo done  # that is all",
    'A=1\npython -m app $A ${B}/c "$C and ${D}" \'\' ""\n',
]
NOT_PLAIN = [
    *('for f in a b; do echo "$f"; done', "echo $(date)", "cat <<EOF\nx\nEOF", "a \\\n b", "echo *.txt", "sleep 5 &", "! true"),
    *("export A=1", "A=1 env", "a | b && c", "a > x b", 'a"b"', "echo ${A:-b}", "[ -f x ]", "a &&", "fi", "echo é", "echo $1"),
]


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_plain(text: str) -> None:
    assert plain.read(text)
    same(text)


@pytest.mark.parametrize("text", NOT_PLAIN)
def test_what_is_left_to_the_parser(text: str) -> None:
    assert not plain.read(text)


TOKENS = st.sampled_from(
    sorted(
        names(
            """a b -x --y=z 10 2 && || | ; a; > >> >x 2>&1 >&2 2>/dev/null $X ${Y} "q" "$X" '' #c A=1 B=$X if then export time !
    exit exec test [ % @ a:b s3://x /bin/sh . -- - / = a= =b & " ' a"b" $1 ${X:-1} $X$Y a$X/b { } source _x +x x% 1a a>b a;b unset
    >$X 1>x "a;b" "a|b" 'a"b' alias"""
        )
    )
)


@given(st.lists(st.tuples(TOKENS, st.sampled_from([" ", " ", " ", "  ", "\n", "; ", " && ", " | ", " > "])), max_size=6))
def test_reading_agrees_with_the_parser_and_the_posix_reader(tokens: list[tuple[str, str]]) -> None:
    text = "".join([token + blank for token, blank in tokens])
    if plain.read(text):
        same(text)
