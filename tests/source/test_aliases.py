"""How much may come from aliases: go-yaml's limits on alias bombs (go.yaml.in/yaml/v2 2.4.3, decode.go)."""

from __future__ import annotations

import pytest

from joblint.source.documents import read


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


def test_the_allowance_shrinks_in_large_documents() -> None:
    text = "a: &a x\nb:\n" + "- *a\n" * 1_250_000
    (document,) = read(text.encode(), "x")
    assert document.value is None
    assert "alias bomb" in document.problems[0].message
