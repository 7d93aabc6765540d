"""Similar names are found by an index, and they are those that a comparison with each name finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from joblint.rules.checks.pods.references import _slip, _written, is_slip
from joblint.rules.facts.nearby import Names, Nearby
from joblint.rules.facts.origin import Origin

NAMES = st.text("ab1-", min_size=1, max_size=8)


def _names(names: list[str]) -> Names:
    found = Names()
    found.listed = list(enumerate(names))
    return found


@given(NAMES, st.lists(NAMES, max_size=6))
def test_the_index_finds_what_comparing_all_finds(name: str, names: list[str]) -> None:
    near = (n for one in names for n in _written(one) if n != name and is_slip(name, n))
    assert _slip(name, (_names(names),)) == ("" if len(name) < 5 else next(near, ""))


def test_the_first_in_the_order_of_the_files_is_taken() -> None:
    def origin(name: str, file: str, namespace: str) -> Origin:
        return Origin("Secret", namespace, name, file, 0, "")

    there = [origin("secret-b", "a/1.yaml", ""), origin("secret-c", "b/1.yaml", "shop"), origin("secret-d", "c/1.yaml", "")]
    near = Nearby(there)
    assert _slip("secret-x", near.of(origin("job", "a/2.yaml", "shop"))) == "secret-b"
    assert _slip("secret-x", near.of(origin("job", "c/2.yaml", "shop"))) == "secret-c"
    assert _slip("secret-x", near.of(origin("job", "c/2.yaml", ""))) == "secret-d"
    assert _slip("secret-x", near.of(origin("job", "c/2.yaml", "other"))) == "secret-d"
    assert _slip("secret-x", near.of(origin("job", "d/2.yaml", "other"))) == ""
