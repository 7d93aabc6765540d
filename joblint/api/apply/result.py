"""What an apply comes to, whichever way it goes; imports nothing but the record type."""

from __future__ import annotations

from joblint.base.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from joblint.api.verdict import ApiError

    Outcome = Literal["created", "unchanged", "updated", "applied", "refused", "conflict", "unknown"]

MODIFIED = (
    'Operation cannot be fulfilled on {} "{}": the object has been modified; '
    "please apply your changes to the latest version and try again"
)
"""The server's words where a manifest names a resourceVersion that is not the live object's."""


@record
class Result:
    """What an apply does.

    `outcome`: "created", "unchanged" (kubectl sends nothing), "updated" (kubectl says "configured"), "applied" (on the
    server's side), "refused", "conflict" (somebody else owns the fields), "unknown" (nobody can tell whether there is a
    live object). `errors` say why it is rejected, in the server's order. `problem` is the server's message where it is
    more than the errors. `patch` is what kubectl sends, without its own annotation; None where it sends none. `merged`
    is the object afterwards, as the server stores it. `guessed`: nobody knows who owns the fields, so there may be
    conflicts. `taken_over` is the object after kubectl's second apply, which takes away what its client-side apply set and
    NEW leaves out; `later` is why the API server rejects that, of which kubectl only warns.
    """

    outcome: Outcome
    errors: tuple[ApiError, ...] = ()
    problem: str = ""
    patch: dict[str, Any] | None = None
    merged: dict[str, Any] | None = None
    guessed: bool = False
    taken_over: dict[str, Any] | None = None
    later: tuple[ApiError, ...] = ()
