"""Where Go's base64 decoder stops, for texts that were given to encoding/base64."""

from __future__ import annotations

import pytest

from joblint.api.go.base64_text import corrupt_at


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("", -1),
        ("YmlsbHk=", -1),
        ("bill", -1),
        ("YQ\n==\n", -1),
        ("billy", 4),
        ("hunter2", 4),
        ("a-b", 1),
        ("=", 0),
        ("YQ=", 3),
        ("Ym=x", 2),
        ("Ym==x", 4),
        ("pass word", 4),
    ],
)
def test_the_byte_that_go_reports(text: str, at: int) -> None:
    assert corrupt_at(text) == at
