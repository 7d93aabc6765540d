"""What the API server says of one object: the verdict and its errors; imports nothing but the record type."""

from __future__ import annotations

from joblint.base.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    Stage = Literal["yaml", "decode", "strict", "validate"]


@record
class ApiError:
    """One error as the API server words it.

    `type` is FieldValueRequired, FieldValueInvalid, … (k8s.io/apimachinery pkg/util/validation/field/errors.go), or
    Strict, Decode, YAML for the stages before validation; `field` is the path as the server writes it ("" where it
    names none); `message` is the server's text without the path, to the byte.
    """

    type: str
    field: str
    message: str


@record
class Verdict:
    """The answer to a create request: accepted or not, where it stopped, every error in the server's order.

    `defaulted` is the object as the server would store it (JSON data, versioned form, without what it generates),
    None where it could not be decoded. `dropped` are the field paths whose feature is off in that version: the server
    takes the object and forgets these fields without a word.
    """

    accepted: bool
    stage: Stage | None
    errors: tuple[ApiError, ...]
    warnings: tuple[str, ...]
    defaulted: dict[str, Any] | None = None
    dropped: tuple[str, ...] = ()
