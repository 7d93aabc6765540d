"""Values as the API server's own code makes them: times with an offset, lists without duplicates."""

from __future__ import annotations

import pytest

from joblint.api.apply.strategic.values import without_duplicates
from joblint.api.go.text import time_value


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z"),
        ("2024-01-01T00:00:00+05:30", "2023-12-31T18:30:00Z"),
        ("2024-01-01T00:00:00-00:45", "2024-01-01T00:45:00Z"),
    ],
)
def test_a_time_is_kept_in_utc(written: str, utc: str) -> None:
    assert time_value(written) == ("", utc)


@pytest.mark.parametrize(
    ("items", "left"),
    [
        ([], []),
        (["a"], ["a"]),
        (["a", "a"], ["a"]),
        (["a", "b", "a", "c", "a"], ["a", "b", "c"]),
        (["b", "a", "a", "c"], ["b", "a", "c"]),
    ],
)
def test_the_last_item_replaces_a_duplicate(items: list[str], left: list[str]) -> None:
    assert without_duplicates(items) == left
