"""The records of a comparison: the options, and what happens to each object; imports nothing but the record type."""

from __future__ import annotations

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.verdict import ApiError
    from joblint.rules.finding import RuleCrash
    from joblint.rules.skips import Skipped


class Options(Record):
    """How NEW is applied.

    `namespace` is used for objects without a namespace ("": not given). `at` is the time of the apply, in seconds since the
    epoch. `made` is how the objects of OLD were created: "apply", "server-side" or "create". `manager` and `force` are
    kubectl's --field-manager and --force-conflicts.
    """

    version: str
    namespace: str = ""
    at: float = 0.0
    server_side: bool = False
    made: str = "apply"
    manager: str = "kubectl"
    force: bool = False


class Change(Record):
    """What happens to one object.

    `outcome` is created, unchanged, updated, applied (server-side apply), recreated (deleted and created again by the tool that
    its annotations specify), refused, conflict, removed (from the files) or unknown (OLD is not usable). `file`, `document` and
    `line` are those of NEW (of OLD for a removed object). `problem` is what kubectl prints if that is more than the errors.
    `patch` is what kubectl sends.
    """

    file: str
    document: int
    line: int
    kind: str
    namespace: str | None
    name: str
    outcome: str
    errors: tuple[ApiError, ...]
    problem: str
    effects: tuple[str, ...]
    patch: dict[str, Any] | None


class Diff(Record):
    """All changes in the order of NEW, then the objects that are only in OLD.

    `skipped` are documents that are not compared. The changes are those of version `kubernetes`; `others` are the outcomes in
    other versions, by version and then in the order of the changes. `crashes` are the documents with an error in joblint
    itself.
    """

    changes: tuple[Change, ...]
    skipped: tuple[Skipped, ...]
    kubernetes: str
    others: tuple[tuple[str, tuple[str, ...]], ...] = ()
    crashes: tuple[RuleCrash, ...] = ()
