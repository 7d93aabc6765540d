"""Patterns that are read without the library mean what the library makes of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from joblint.base.plain_patterns import plain

NAMES = st.sampled_from(["a", "b.yaml", ".c", "a.b", "*.yaml", "*a", "*", "c*", "..", ".", "a b", "[a]", "**", "\\a", "é"])
LINES = st.builds(
    lambda mark, first, names, last: mark + first + "/".join(names) + last,
    st.sampled_from(["", "", "!", "!!"]),
    st.sampled_from(["", "", "/", "//"]),
    st.lists(NAMES, min_size=1, max_size=3),
    st.sampled_from(["", "", "/", "//", " "]),
)
PATHS = st.builds(
    lambda names, last: "/".join(names) + last,
    st.lists(st.sampled_from(["a", "b.yaml", ".c", "a.b", "x.yaml", "ba", ".yaml", "é"]), min_size=1, max_size=4),
    st.sampled_from(["", "/"]),
)


@given(LINES, PATHS)
def test_they_mean_the_same(line: str, path: str) -> None:
    pattern = plain(line)
    if pattern is None:
        return
    (known,) = GitIgnoreSpec.from_lines([line]).patterns
    found = known.regex.match(path)
    assert pattern.include == known.include
    assert pattern.covers(path) == (found is not None and found.end() == len(path))


def test_what_most_lines_are_is_plain() -> None:
    for line in ("node_modules/", ".venv", "/dist", "*.pyc", "!keep.yaml", "docs/build/", "a/b.yaml"):
        assert plain(line) is not None
    for line in ("*", "**/a", "a*b", "a[0]", "\\#a", "a ", "/", "!", "a//b", "./a"):
        assert plain(line) is None
