"""How older versions of the server phrase the same errors; knows texts only, never changes a verdict.

Source: k8s.io/apimachinery v0.34.4 and v0.35.0 pkg/util/validation/validation.go, pkg/api/validate/content/errors.go.
"""

from __future__ import annotations

from joblint.base.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from joblint.api.verdict import ApiError

_LENGTH = "must be no more than "
_KEY = ("a valid label key must consist of", "a qualified name must consist of")


def in_characters(errors: Sequence[ApiError]) -> list[ApiError]:
    """What is reported for labels and keys as it was before 1.35: lengths in "characters", though bytes were counted then,
    too."""
    return [replace(e, message=_reworded(e.message), detail=_reworded(e.detail)) for e in errors]


def _reworded(message: str) -> str:
    if not message.endswith(" bytes"):
        return message.replace(*_KEY)
    head, found, tail = message.rpartition(_LENGTH)
    number = tail.removesuffix(" bytes")
    return f"{head}{found}{number} characters" if found and number.isdigit() else message
