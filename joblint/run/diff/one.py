"""What kubectl, the API server and the tools of its annotations do with one object of NEW; knows nothing about formats."""

from __future__ import annotations

from joblint.api.apply.client_side import client_side
from joblint.api.apply.merge import GENERATE_NAME
from joblint.api.apply.replace import replace as replace_object
from joblint.api.apply.result import Result
from joblint.api.apply.server_side import server_side
from joblint.api.apply.stored import Stored, store
from joblint.api.apply.tools import Way, way_of
from joblint.api.exported import from_cluster
from joblint.api.judge import judge
from joblint.api.verdict import ApiError
from joblint.run.diff.case import Case
from joblint.run.diff.changes import Change, Options
from joblint.run.diff.effects import effects, unsent_effects
from joblint.run.diff.objects import Found, Matches, metadata_of
from joblint.run.diff.state import state_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.version.versions import Gates
    from joblint.run.diff.objects import Side

_OTHER_NAMESPACE = (
    'the namespace from the provided object "{0}" does not match the namespace "{1}". '
    "You must pass '--namespace={0}' to perform this operation."
)
_NO_NAME = "resource name may not be empty"
_EXISTS = '{}s.batch "{}" already exists'


class One:
    """One object of NEW and what it is applied over."""

    def __init__(self, new: Found, old: Found | None, before: Side, matches: Matches, options: Options, gates: Gates) -> None:
        self.new, self.old, self.before, self.matches = new, old, before, matches
        self.options, self.gates = options, gates
        self.way = way_of(new.value)
        self.value = new.placed(new.namespace)

    def first(self) -> tuple[Change, Stored | None]:
        """Return what happens when it is applied over OLD, and what the server then stores."""
        problem = self._kubectl_refuses()
        if problem is not None:
            return problem, None
        if self.old is None:
            return self._without_old()
        placed = self.old.placed(self.old.namespace or self.new.namespace)
        stored = store(placed, self.gates, self.options.made, self.value)
        if stored is None:
            return self._unknown(f"OLD ({self.old.file}:{self.old.line}) {self._why_not(self.old.value)}"), None
        return self._over(stored)

    def again(self, stored: Stored | None) -> tuple[Change, Stored | None]:
        """Return the same if NEW has already applied an object of this name."""
        problem = self._kubectl_refuses()
        return (problem, None) if problem is not None else self._over(stored)

    def _kubectl_refuses(self) -> Change | None:
        """The error of kubectl before it sends the object, if there is one."""
        metadata, options = metadata_of(self.new.value), self.options
        name, generated = metadata.get("name"), metadata.get("generateName")
        own = metadata.get("namespace")
        if self.new.refused is not None:
            return self._refused(ApiError("Decode", "", self.new.refused))
        if options.namespace and isinstance(own, str) and own and own != options.namespace:
            text = _OTHER_NAMESPACE.format(own, options.namespace)
            return self._refused(ApiError("Invocation", "metadata.namespace", text))
        if not name and generated and self.way.again != "always":
            return self._refused(ApiError("Invocation", "metadata.name", f"from {generated}: {GENERATE_NAME}"))
        if not name and not generated:
            return self._refused(ApiError("Invocation", "metadata.name", _NO_NAME))
        return None

    def _refused(self, error: ApiError) -> Change:
        return self._change(Result("refused", (error,)), None)

    def _without_old(self) -> tuple[Change, Stored | None]:
        unread = self.before.may_hold(self.new.name)
        if unread is not None:
            return self._unknown(f"cannot read OLD: {unread.file}: {unread.why}"), None
        change, stored = self._over(None)
        near = self.matches.without_namespace(self.new)
        if near is not None and change.outcome == "created":
            place = f"{near.file}:{near.line}"
            said = f"OLD has one without a namespace ({place}): with -n {self.new.namespace} it is the same object"
            change = _with_effect(change, said)
        return change, stored

    def _unknown(self, why: str) -> Change:
        """If OLD is not usable: rejected if NEW is rejected as a create, otherwise unknown."""
        errors = self._as_new()
        if errors:
            return self._change(Result("refused", errors), None)
        known = f"it is created unless a {self.new.kind} of that name exists"
        said = f"{why}; there is nothing to compare with. The API server accepts NEW: {known}"
        return _with_effect(self._change(Result("unknown"), None), said)

    def _why_not(self, value: dict[str, Any]) -> str:
        if from_cluster(value):
            return "comes from a cluster, and this version of Kubernetes cannot read its fields"
        verdict = judge(value, self.options.version)
        if verdict is None or not verdict.errors:
            return "is not a Job or CronJob of batch/v1"
        error = verdict.errors[0]
        place = f"{error.field}: " if error.field and error.type != "Strict" else ""
        return f"is rejected by the API server ({place}{error.message})"

    def _as_new(self) -> tuple[ApiError, ...]:
        """The errors of NEW as a create, which it is if the old object is deleted first."""
        value = self.value
        metadata = {key: item for key, item in metadata_of(value).items() if key not in ("uid", "resourceVersion")}
        verdict = judge({**value, "metadata": metadata} if metadata else value, self.options.version)
        return verdict.errors if verdict is not None else ()

    def _over(self, stored: Stored | None) -> tuple[Change, Stored | None]:
        way, options, value = self.way, self.options, self.value
        if way.again == "always" or (way.creates and stored is None):
            errors = self._as_new()
            fresh = "refused" if errors else "recreated" if stored is not None else "created"
            return self._change(Result("refused" if errors else "created", errors), stored, fresh), stored
        if way.creates:
            text = _EXISTS.format(self.new.kind.lower(), self.new.name)
            return self._change(Result("refused", (ApiError("AlreadyExists", "metadata.name", text),)), stored), stored
        if way.replaces:
            result = replace_object(stored, value, self.gates)
        elif options.server_side:
            result = server_side(stored, value, self.gates, options.made, options.manager, options.force)
        else:
            result = client_side(stored, value, self.gates)
        outcome: str = result.outcome
        if outcome in ("refused", "conflict") and stored is not None and _tool_deletes(way, result) and not self._as_new():
            outcome = "recreated"
        return self._change(result, stored, outcome), self._afterwards(result, outcome, stored)

    def _afterwards(self, result: Result, outcome: str, stored: Stored | None) -> Stored | None:
        if outcome in ("refused", "conflict", "unchanged"):
            return stored
        value = self.value
        if outcome in ("created", "recreated") or stored is None or result.merged is None:
            return store(value, self.gates, self.options.made)
        by_kubectl = not self.options.server_side and not self.way.replaces
        return Stored(_afterwards(result) or result.merged, value if by_kubectl else stored.applied, value, None, stored.exported)

    def _change(self, result: Result, stored: Stored | None, outcome: str = "") -> Change:
        outcome = outcome or result.outcome
        live = stored.live if stored is not None else None
        errors = _once(result.errors) if outcome in ("refused", "conflict") else ()
        refused_update = outcome == "refused" and live is not None
        case = Case(
            self.new.kind,
            outcome,
            self.value,
            live,
            _afterwards(result),
            errors,
            self._as_new() if refused_update else (),
            state_of(live),
            self.way,
            self.options,
            self.new.namespace,
            stored is not None and stored.exported,
            result.guessed,
            stored is not None and stored.exported and stored.applied is None,
            result.later,
        )
        unsent = any(error.type == "Invocation" for error in errors) or self.new.refused is not None
        said = unsent_effects(case) if unsent else effects(case)
        problem = result.problem if outcome in ("refused", "conflict") else ""
        return plain_change(self.new, outcome, errors, said, problem, result.patch)


def _afterwards(result: Result) -> dict[str, Any] | None:
    """The object after kubectl is done."""
    return result.merged if result.taken_over is None or result.later else result.taken_over


def _once(errors: tuple[ApiError, ...]) -> tuple[ApiError, ...]:
    """The errors without repetitions: an update is validated twice, and kubectl shows each error once."""
    told: dict[tuple[str, str, str], ApiError] = {}
    for error in errors:
        told.setdefault((error.type, error.field, error.message), error)
    return tuple(told.values())


def _tool_deletes(way: Way, result: Result) -> bool:
    """Whether the tool deletes an object whose update is rejected with these errors."""
    if way.again == "immutable":
        return any("immutable" in error.message for error in result.errors)
    return way.again == "invalid" and any(error.type.startswith(("FieldValue", "Conflict")) for error in result.errors)


def _with_effect(change: Change, said: str) -> Change:
    from joblint.base.record import replace

    return replace(change, effects=(said, *change.effects))


def plain_change(
    found: Found,
    outcome: str,
    errors: tuple[ApiError, ...],
    said: tuple[str, ...],
    problem: str = "",
    patch: dict[str, Any] | None = None,
) -> Change:
    """Return the change of an object, with its place and name."""
    namespace = found.namespace or None
    return Change(
        found.file, found.document, found.line, found.kind, namespace, found.name, outcome, errors, problem, said, patch
    )
