"""How much may come from aliases: go-yaml's limits on alias bombs (go.yaml.in/yaml/v2 2.4.3, decode.go)."""

from __future__ import annotations

from itertools import chain, repeat

import pytest

from joblint.source.documents import read
from joblint.source.reading.aliases import check
from joblint.source.reading.events import ALIAS, DOCUMENT, DOCUMENT_END, END, MAPPING, SCALAR, SEQUENCE, STREAM, Mark, YamlError


def bomb(levels: int, width: int) -> bytes:
    lines = ["a0: &a0 [" + ", ".join(["x"] * width) + "]"]
    for n in range(1, levels):
        lines.append(f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * width) + "]")
    return "\n".join(lines).encode()


# Asked of kubectl's decoder.
@pytest.mark.parametrize(
    ("levels", "width", "taken"), [(2, 9, True), (3, 9, True), (4, 9, False), (9, 9, False), (100, 2, False)]
)
def test_bombs(levels: int, width: int, taken: bool) -> None:
    (document,) = read(bomb(levels, width), "x")
    assert (document.value is not None) is taken
    if not taken:
        assert "alias bomb" in document.problems[0].message


def test_ordinary_use_is_free() -> None:
    text = "base: &b {x: 1, k: {z: 2}}\nitems:\n" + "- <<: *b\n  name: a\n" * 3000
    (document,) = read(text.encode(), "x")
    assert document.problems == ()
    assert document.value["items"][2999] == {"x": 1, "k": {"z": 2}, "name": "a"}


@pytest.mark.parametrize(("count", "taken"), [(1_191_000, True), (1_192_000, False)])  # asked of kubectl's decoder
def test_the_allowance_shrinks_in_large_documents(count: int, taken: bool) -> None:
    """`a: &a x`, and a list of aliases of it."""
    key, mark = (SCALAR, "a", "", None, None, True, Mark(0), Mark(0)), Mark(0)
    anchor = (SCALAR, "x", "", None, "a", True, mark, mark)
    begin = [
        (STREAM, *[None] * 7),
        (DOCUMENT, *[None] * 7),
        (MAPPING, None, False, None, None, True, mark, mark),
        key,
        anchor,
        key,
    ]
    aliases = repeat((ALIAS, None, None, None, "a", None, mark, mark), count)
    end = [(END, *[None] * 5, mark, mark)] * 2 + [(DOCUMENT_END, *[None] * 7)]
    events = chain(begin, [(SEQUENCE, None, False, None, None, True, mark, mark)], aliases, end)
    if taken:
        check(events.__next__)
    else:
        with pytest.raises(YamlError, match="excessive aliasing"):
            check(events.__next__)
