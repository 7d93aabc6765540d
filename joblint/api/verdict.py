"""The API server's response for one object: the verdict and its errors; imports nothing but the record type."""

from __future__ import annotations

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Literal

    Stage = Literal["yaml", "decode", "strict", "validate"]


class ApiError(Record):
    """One error of the API server, and the values in its text, so that nobody has to parse the text.

    `type` is FieldValueRequired, FieldValueInvalid, … (k8s.io/apimachinery pkg/util/validation/field/errors.go), or Strict,
    Decode, YAML for the stages before validation; `field` is the path as the server writes it ("" if there is none); `message`
    is the server's text without the path, to the byte.

    For a FieldValue error: `value` is the bad value (None if it is not in the text), `detail` what is wrong with it, `choices`
    the values that are supported, `limit` the most bytes or items, `key` the entry if `field` is a map. For a wrong type:
    `given` is the JSON type (string, number, bool, array, object), `wanted` Go's name of the type of the field.
    """

    type: str
    field: str
    message: str
    value: Any = None
    detail: str = ""
    choices: tuple[str, ...] = ()
    limit: int | None = None
    key: str = ""
    given: str = ""
    wanted: str = ""

    def __hash__(self) -> int:
        return hash((self.type, self.field, self.message))  # `value` may be anything


def told_once(errors: Iterable[ApiError]) -> tuple[ApiError, ...]:
    """Return the errors without repetitions of the same path and text."""
    first: dict[tuple[str, str], ApiError] = {}
    for error in errors:
        first.setdefault((error.field, error.message), error)
    return tuple(first.values())


class Verdict(Record):
    """The response to a create request: accepted or not, where it stopped, every error in the server's order.

    `defaulted` is the object as the server would store it (JSON data, versioned form, without what it generates), None if it
    could not be decoded. `dropped` are the field paths whose feature is disabled in that version: the server accepts the object
    and drops these fields silently.
    """

    accepted: bool
    stage: Stage | None
    errors: tuple[ApiError, ...]
    warnings: tuple[str, ...]
    defaulted: dict[str, Any] | None = None
    dropped: tuple[str, ...] = ()
