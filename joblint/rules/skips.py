"""What is not checked, and why: other objects, text that is not an object, templates that something else has to render first.

Only documents that are, or clearly were meant to be, Jobs and CronJobs are listed one by one; the rest is counted.
"""

from __future__ import annotations

from joblint.api.ours import is_ours, kind_seen, of_another_group, seen
from joblint.base.record import Record
from joblint.source.documents import UNREAD, is_directives
from joblint.source.unrendered.templates import PATCH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.source.documents import Document
    from joblint.source.problem import Problem

OTHER_KIND = "other kind"
OTHER_GROUP = "other group"
NO_OBJECT = "no object"
UNREADABLE = "unreadable"
NAMED = "named"


class Skip(Record):
    """A document that is not checked. `what` is OTHER_KIND or NO_OBJECT (to be counted), OTHER_GROUP (`reason` then contains
    the group), UNREADABLE or NAMED; `reason` is for a person."""

    document: int
    what: str
    reason: str


class Skipped(Record):
    """The same, with the file of the document."""

    file: str
    document: int
    what: str
    reason: str


def in_file(file: str, skip: Skip) -> Skipped:
    """Return the skip of a document of that file."""
    return Skipped(file, skip.document, skip.what, skip.reason)


def skip(document: Document) -> Skip | None:
    """Return why a document is not checked: the reader skips it, or it cannot be read and is not a Job or CronJob."""
    why = document.skipped
    if why is None:
        problem = unreadable(document)
        data = document.source.part.data
        return None if problem is None or seen(data) or is_directives(data) else _foreign(document, problem)
    if why == UNREAD:
        return _foreign(document, None)
    if why == PATCH:
        ours = any(is_ours(value) for _, value in document.objects())
        return Skip(document.index, NAMED, why) if ours or document.value is None else _foreign(document, None)
    if document.value is None and document.source.part.data and not seen(document.source.part.data):
        kind = kind_seen(document.source.part.data)
        return Skip(document.index, OTHER_KIND if kind else NO_OBJECT, f"kind {kind}, a template" if kind else why)
    return Skip(document.index, NAMED, why)


def of_object(document: Document, value: object) -> Skip:
    """Return why an object that could be read is not checked."""
    kind = value.get("kind") if isinstance(value, dict) else None
    if of_another_group(value):
        assert isinstance(value, dict)
        return Skip(document.index, OTHER_GROUP, f"kind {kind} of another group, {value['apiVersion']}")
    if isinstance(kind, str) and kind:
        return Skip(document.index, OTHER_KIND, f"kind {kind}")
    return Skip(document.index, NO_OBJECT, "not a Kubernetes object: it has no kind")


def is_assertion(value: object, file: str) -> bool:
    """Return whether a Job or CronJob is only what a test (Chainsaw, KUTTL) compares with the object in a cluster, which nobody
    applies: a step of a test suite by its name (01-assert.yaml, 02-errors-more.yaml; kuttl.dev, "Asserts and Errors"), `status`
    and no `spec`, or part of an object in a file with a telling name."""
    if not isinstance(value, dict) or not is_ours(value):
        return False
    stem = file.replace("\\", "/").rpartition("/")[2].rpartition(".")[0].lower()
    number, _, step = stem.partition("-")
    if number.isdigit() and step.partition("-")[0] in _ASSERTIONS:
        return True
    if not isinstance(value.get("status"), dict) or not value["status"]:
        return False
    return "spec" not in value or stem.endswith(_ASSERTIONS)


def is_settings(value: dict[str, object], version: str) -> bool:
    """Return whether a mapping with the kind of a Job is not an object but settings, such as the values of a chart whose `kind`
    selects what it creates: it has nothing that each object has, and something that is in no object of the kind."""
    if not _OF_OBJECTS.isdisjoint([key.lower() for key in value]):
        return False
    from joblint.api.version.fields import places_of

    return any(key != "kind" and not places_of(version, "CronJob", key) for key in value)


_ASSERTIONS = ("assert", "asserts", "assertion", "assertions", "error", "errors")
_OF_OBJECTS = frozenset(("apiversion", "metadata", "spec", "status"))
ASSERTION = "the expected result of a test, which is not applied"
SETTINGS = "not a Kubernetes object: settings with the key kind"


def unreadable(document: Document) -> Problem | None:
    """Return what prevents a document from being read as YAML; None if it can be."""
    return next((p for p in document.problems if p.kind == "yaml"), None)


def _foreign(document: Document, problem: Problem | None) -> Skip:
    kind = kind_seen(document.source.part.data)
    reason = f"kind {kind}" if kind else "not a Kubernetes object: it has no kind"
    if problem is not None:
        reason = f"{reason if kind else 'apparently not a Job'}, invalid YAML"
    return Skip(document.index, OTHER_KIND if kind else NO_OBJECT, reason)
