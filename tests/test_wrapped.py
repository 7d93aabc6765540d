"""What is written without a library to start faster is what the library writes."""

from __future__ import annotations

import shlex
import textwrap

from hypothesis import given
from hypothesis import strategies as st

from joblint.base.words import for_shell
from joblint.base.wrapped import wrapped

TEXTS = st.lists(
    st.sampled_from(["a", "bb", "cc-d", "longer-word", " ", "  ", "\t", "\n", "é", "a\u2028b", "\xa0c"]), max_size=12
)
INDENTS = st.sampled_from(["", " ", "    ", "- "])


@given(TEXTS, st.integers(5, 20), INDENTS, INDENTS)
def test_lines_are_broken_as_textwrap_breaks_them(words: list[str], width: int, first: str, rest: str) -> None:
    text = "".join(words)
    theirs = textwrap.TextWrapper(width, first, rest, break_long_words=False, break_on_hyphens=False)
    assert wrapped(text, width, first, rest) == theirs.wrap(text)


@given(st.text(st.sampled_from("aZ0-_./@%+=:, '\"$\n\\é²"), max_size=6))
def test_words_are_quoted_as_shlex_quotes_them(word: str) -> None:
    assert for_shell(word) == shlex.quote(word)
