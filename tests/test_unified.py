"""Unified diffs are the standard library's where texts are small, and right and short where they are large."""

from __future__ import annotations

from difflib import unified_diff

from hypothesis import given
from hypothesis import strategies as st

from joblint.base import unified
from joblint.base.unified import changes

_LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "d: 1\n", "e"]), max_size=30)


@given(_LINES, _LINES)
def test_small_texts_as_the_standard_library(before: list[str], after: list[str]) -> None:
    assert list(unified.unified(before, after, "a/x", "b/x")) == list(unified_diff(before, after, "a/x", "b/x"))


@given(_LINES, _LINES, st.integers(1, 40), st.data())
def test_any_texts_become_each_other(before: list[str], after: list[str], times: int, data: st.DataObject) -> None:
    """Long texts that repeat themselves, changed in a few places: the changes, made, give the other text."""
    old = [*before, *[f"{n}\n" for n in range(20)]] * times
    new = list(old)
    for _ in range(data.draw(st.integers(0, 5))):
        at = data.draw(st.integers(0, len(new)))
        new[at : at + data.draw(st.integers(0, 30))] = after
    made: list[str] = []
    at = new_at = 0
    kinds = []
    for kind, i, end, j, new_end in changes(old, new):
        assert (i, j) == (at, new_at)
        assert kind != "equal" or old[i:end] == new[j:new_end]
        made += new[j:new_end]
        at, new_at = end, new_end
        kinds.append(kind)
    assert (at, made) == (len(old), new)
    assert ("equal", "equal") not in list(zip(kinds, kinds[1:], strict=False))


def test_far_changes_of_a_large_text() -> None:
    """One line in fifty of a large text: each change is a hunk of its own, as the standard library gives it."""
    before = [f"line {n}\n" for n in range(5000)]
    after = [f"line {n} changed\n" if n % 50 == 7 else line for n, line in enumerate(before)]
    assert list(unified.unified(before, after, "a", "b")) == list(unified_diff(before, after, "a", "b"))
