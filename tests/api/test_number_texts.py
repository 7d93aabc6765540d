"""How Go's %v prints the numbers of a refused patch."""

from __future__ import annotations

import pytest

from joblint.api.apply.strategic.values import show


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "-0"),
        (0.5, "0.5"),
        (-0.5, "-0.5"),
        (1.0, "1"),
        (999999.0, "999999"),
        (1000000.0, "1e+06"),
        (-2500000.0, "-2.5e+06"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (-0.00001, "-1e-05"),
        (1e21, "1e+21"),
        (True, "true"),
        (None, "<nil>"),
        ({"b": 1, "a": [1.5, "x"]}, "map[a:[1.5 x] b:1]"),
    ],
)
def test_floats_have_an_exponent_from_a_million_on(value: object, text: str) -> None:
    assert show(value) == text
