"""Findings on the Jobs and CronJobs of a cluster: at most one finding for each object, the most severe one.

The input is a List that kubectl printed from the objects of a cluster, or a List with Pods or events: such a List is not meant
to be applied. Objects are processed one by one and released as soon as no later object can add to them, so that memory depends
on what is incomplete. Knows live states, no files.
"""

from __future__ import annotations

from joblint.api.exported import from_cluster
from joblint.api.verdict import Verdict
from joblint.base.record import Record
from joblint.controller.job.spec import mapping
from joblint.controller.live.job import state_of
from joblint.controller.live.objects import Owned, event_time
from joblint.controller.live.pods import read
from joblint.rules.finding import Whose, at_least, of_rule
from joblint.rules.live.jobs import conditions, owner, said_of_job
from joblint.rules.outcome import Judged, Outcome
from joblint.rules.skips import OTHER_KIND, Skip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.controller.live.pods import LivePod
    from joblint.rules.engine import Engine
    from joblint.rules.finding import Finding
    from joblint.source.documents import Document
    from joblint.source.places.spans import Span

_ACCEPTED = Verdict(True, None, (), ())

EVIDENCE = ("Pod", "Event")
"""Kinds that show what happens to a Job; they are not checked themselves."""


def of_document(engine: Engine, document: Document, now: float) -> Outcome:
    """Return the outcome for a List of live objects that was read as one document."""
    look = Look(engine, document.file, now)
    found: list[Finding] = []
    for prefix, value in document.objects():
        found += look.take(value, Place(document.index, document.span(prefix.rstrip("."))))
    return look.outcome(found + list(look.rest()))


def is_look(value: Any) -> bool:
    """Return whether a document shows live objects: a List with the resourceVersion that kubectl writes, or with Pods or
    events. A single object does not count, and neither does a List that somebody wrote."""
    if not isinstance(value, dict) or not str(value.get("kind")).endswith("List"):
        return False
    items = value.get("items")
    if not isinstance(items, list) or not items:
        return False
    made = "resourceVersion" in mapping(value.get("metadata"))
    if not made and not any(isinstance(item, dict) and item.get("kind") in EVIDENCE for item in items):
        return False
    return all(from_cluster(item) for item in items)


class Place(Record):
    """The place of an object: the number of its document, and its span."""

    document: int
    span: Span


class Look:
    """The objects of a cluster at an instant (epoch seconds)."""

    def __init__(self, engine: Engine, file: str, now: float) -> None:
        self._engine, self._file, self._now = engine, file, now
        self._jobs: dict[str, tuple[Place, dict[str, Any]]] = {}
        self._crons: list[tuple[Place, dict[str, Any]]] = []
        self._over: set[str] = set()
        self._pods: dict[str, list[LivePod]] = {}
        self._warnings: dict[tuple[str, str, str], dict[str, Any]] = {}
        self._judged: list[Judged] = []
        self._skipped: list[Skip] = []

    def outcome(self, findings: list[Finding]) -> Outcome:
        """Return the objects so far with their findings, in their order; findings below the lowest severity are only
        counted."""
        shown = [f for f in findings if at_least(f.severity, self._engine.least)]
        hidden = [(f.rule, f.name, f.severity) for f in findings if not at_least(f.severity, self._engine.least)]
        shown.sort(key=lambda f: (f.document, f.span.line, f.span.column))
        return Outcome(tuple(self._judged), tuple(shown), (), (), tuple(self._skipped), hidden=tuple(hidden))

    def take(self, value: dict[str, Any], place: Place) -> Iterator[Finding]:
        """Add the next object; return what can be reported at once."""
        kind, meta = value.get("kind"), mapping(value.get("metadata"))
        if kind in ("Job", "CronJob"):
            names = [str(meta[key]) if meta.get(key) else None for key in ("namespace", "name")]
            api = str(value.get("apiVersion"))
            self._judged.append(Judged(place.document, place.span.line, api, str(kind), names[0], names[1], _ACCEPTED, None))
        elif kind not in EVIDENCE:
            self._skipped.append(Skip(place.document, OTHER_KIND, f"kind {kind}"))
        if kind == "Job":
            uid = str(meta.get("uid") or "")
            if any(c.get("type") == "Complete" and c.get("status") == "True" for c in conditions(value)):
                self._over.add(uid)
                yield from self._of_job(value, place, self._pods.pop(uid, []))
            else:
                self._jobs[uid] = place, _without(value)
        elif kind == "CronJob":
            self._crons.append((place, _without(value)))
        elif kind == "Pod":
            by = owner(value, "Job")
            if by and by not in self._over:
                self._pods.setdefault(by, []).append(read(value))
        elif kind == "Event" and (value.get("reason") == "FailedCreate" or _warns_of_pod(value)):
            about = mapping(value.get("involvedObject") or value.get("regarding"))
            key = (str(about.get("kind")), str(about.get("namespace") or ""), str(about.get("name")))
            known = self._warnings.get(key)
            if known is None or event_time(value) >= event_time(known):
                self._warnings[key] = {k: v for k, v in value.items() if k != "metadata"}

    def rest(self) -> Iterator[Finding]:
        """Return what can be reported once all objects are known."""
        owned: dict[str, list[dict[str, Any]]] = {}
        for place, job in self._jobs.values():
            if not any(c.get("type") == "Failed" and c.get("status") == "True" for c in conditions(job)):
                owned.setdefault(owner(job, "CronJob"), []).append(job)
            uid = str(mapping(job.get("metadata")).get("uid") or "")
            yield from self._of_job(job, place, self._pods.pop(uid, []))
        for place, cronjob in self._crons:
            uid = str(mapping(cronjob.get("metadata")).get("uid") or "")
            yield from self._of_cronjob(cronjob, place, owned.get(uid, []))

    def _events(self, value: dict[str, Any]) -> tuple[dict[str, Any], ...]:
        meta = mapping(value.get("metadata"))
        found = self._warnings.get((str(value.get("kind")), str(meta.get("namespace") or ""), str(meta.get("name"))))
        return () if found is None else (found,)

    def _of_job(self, job: dict[str, Any], place: Place, pods: list[LivePod]) -> Iterator[Finding]:
        refused = self._events(job)
        namespace = str(mapping(job.get("metadata")).get("namespace") or "")
        names = [("Pod", namespace, pod.name) for pod in pods]
        warnings = [self._warnings[key] for key in names if key in self._warnings]
        live = state_of(Owned(job, tuple(pods), (*refused, *warnings)), self._now)
        said = said_of_job(job, live, refused)
        if said is not None:
            name, values = said
            last = live.pods[-1].name if live.pods else "POD"
            yield from self._finding(name, {"pod": last, **values}, job, place)

    def _of_cronjob(self, cronjob: dict[str, Any], place: Place, jobs: list[dict[str, Any]]) -> Iterator[Finding]:
        from joblint.rules.live.cronjobs import cronjob as said_of

        said = said_of(cronjob, jobs, self._events(cronjob), self._now)
        if said is not None:
            yield from self._finding(said[0], said[1], cronjob, place)

    def _finding(self, name: str, values: dict[str, Any], value: dict[str, Any], place: Place) -> Iterator[Finding]:
        rule = self._engine.rule(name)
        if rule is None:
            return
        meta = mapping(value.get("metadata"))
        kind, namespace = str(value.get("kind")), str(meta.get("namespace") or "default")
        named = str(meta.get("name"))
        whose = {"what": f"The {kind}", "name": named, "namespace": namespace, "kind_lower": kind.lower()}
        yield of_rule(
            rule,
            self._engine.severities.get(rule.id) or rule.severity,
            {**whose, **values},
            file=self._file,
            document=place.document,
            field="status",
            span=place.span,
            object=Whose(kind, str(meta["namespace"]) if meta.get("namespace") else None, named),
        )


def _warns_of_pod(event: dict[str, Any]) -> bool:
    """Whether an event says why a Pod does not start."""
    about = mapping(event.get("involvedObject") or event.get("regarding"))
    return event.get("type") == "Warning" and about.get("kind") == "Pod" and event.get("reason") != "BackOff"


def _without(value: dict[str, Any]) -> dict[str, Any]:
    """An object without its large parts that do not show its state: containers, annotations, managed fields."""
    meta = mapping(value.get("metadata"))
    kept = {k: v for k, v in meta.items() if k not in ("annotations", "labels", "managedFields")}
    spec = mapping(value.get("spec"))
    if value.get("kind") == "CronJob":
        inner = mapping(mapping(spec.get("jobTemplate")).get("spec"))
        few = {k: v for k, v in inner.items() if k in ("activeDeadlineSeconds", "suspend", "ttlSecondsAfterFinished")}
        spec = {**spec, "jobTemplate": {"spec": few}}
    else:
        pod = mapping(mapping(spec.get("template")).get("spec"))
        few = {k: pod[k] for k in ("restartPolicy", "activeDeadlineSeconds", "terminationGracePeriodSeconds") if k in pod}
        spec = {**spec, "template": {"spec": few}}
    return {"kind": value.get("kind"), "metadata": kept, "spec": spec, "status": value.get("status")}
