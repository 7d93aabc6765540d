"""Names that differ in each release, as the rendering of a chart prints them."""

from __future__ import annotations


def is_random(name: str) -> bool:
    """Whether a name contains what joblint's own rendering prints for randAlphaNum or randNumeric, or ends with the release's
    revision, which is 1 in all renderings: the next name is another."""
    words = name.lower().split("-")
    return any(len(word) > 2 and set(word) in ({"x"}, {"1"}) for word in words) or words[-1] == "1" and words[:1] == ["release"]
