"""The result of an apply of any kind; imports nothing but the record type."""

from __future__ import annotations

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from joblint.api.verdict import ApiError

    Outcome = Literal["created", "unchanged", "updated", "applied", "refused", "conflict", "unknown"]

MODIFIED = (
    'Operation cannot be fulfilled on {} "{}": the object has been modified; '
    "please apply your changes to the latest version and try again"
)
"""The server's message if a manifest has a resourceVersion that is not the live object's."""


class Result(Record):
    """What an apply does.

    `outcome`: "created", "unchanged" (kubectl sends nothing), "updated" (kubectl prints "configured"), "applied" (server-side),
    "refused", "conflict" (somebody else owns the fields), "unknown" (it is not known whether there is a live object). `errors`
    are the reasons of a rejection, in the server's order. `problem` is the server's message if it is more than the errors.
    `patch` is what kubectl sends, without its own annotation; None if it sends none. `merged` is the object afterwards, as the
    server stores it, or would store it if it did not reject it. `guessed`: the owners of the fields are unknown, so there may
    be conflicts. `taken_over` is the object after kubectl's second apply, which removes what its client-side apply set and NEW
    omits; `later` is why the API server rejects that, about which kubectl only warns.
    """

    outcome: Outcome
    errors: tuple[ApiError, ...] = ()
    problem: str = ""
    patch: dict[str, Any] | None = None
    merged: dict[str, Any] | None = None
    guessed: bool = False
    taken_over: dict[str, Any] | None = None
    later: tuple[ApiError, ...] = ()
