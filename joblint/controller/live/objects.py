"""The objects of a `kubectl get job,pods,events -o json` by their owners, and the times in them; does not know any controller."""

from __future__ import annotations

from joblint.api.go.civil import epoch_of
from joblint.base.record import Record
from joblint.controller.job.spec import mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from joblint.controller.live.pods import LivePod


def listing(value: Any) -> list[dict[str, Any]]:
    """Return the mappings of a list; none if it is not a list."""
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def instant(text: Any) -> float | None:
    """Seconds since the epoch of a time as the API server writes it, with or without a fraction; None for anything else."""
    if not isinstance(text, str):
        return None
    whole, dot, fraction = text.partition(".")
    if not dot:
        return None if (found := epoch_of(text)) is None else float(found)
    digits = fraction.removesuffix("Z")
    seconds = epoch_of(whole + "Z")
    return None if seconds is None or not (digits.isascii() and digits.isdigit()) else seconds + float(f"0.{digits}")


def newest(value: Any, now: float) -> float | None:
    """Return the latest time in live objects that is not after `now`, in epoch seconds; None if they contain none."""
    if isinstance(value, dict):
        return max([t for v in value.values() if (t := newest(v, now)) is not None], default=None)
    if isinstance(value, (list, tuple)):
        return max([t for v in value if (t := newest(v, now)) is not None], default=None)
    if not isinstance(value, str) or not 20 <= len(value) <= 30 or value[10] != "T":
        return None
    found = instant(value)
    return found if found is not None and found <= now else None


class Owned(Record):
    """One live Job with its Pods and the events about it and them, each in the order of the list; `gone` are events about
    killed Pods that are no longer in the list. Pods may have been read already."""

    job: dict[str, Any]
    pods: tuple[dict[str, Any] | LivePod, ...]
    events: tuple[dict[str, Any], ...]
    gone: tuple[dict[str, Any], ...] = ()

    def killed(self) -> list[float]:
        """When Pods were killed that are no longer there, and that the controller did not delete itself, in epoch seconds."""
        return [event_time(event) for event in self.gone]


class Cluster:
    """The objects of a list, found by owner: Pods of a Job, Jobs of a CronJob, events of an object."""

    def __init__(self, values: Iterable[Any]) -> None:
        self.jobs: list[dict[str, Any]] = []
        self._crons: dict[str, str] = {}
        self._pods: dict[str, list[dict[str, Any]]] = {}
        self._jobs: dict[str, list[dict[str, Any]]] = {}
        self._events: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
        for value in values:
            kind = value.get("kind") if isinstance(value, dict) else None
            if kind == "Job":
                self.jobs.append(value)
                self._jobs.setdefault(_owner(value, "CronJob"), []).append(value)
            elif kind == "CronJob":
                self._crons[_uid(value)] = str(mapping(value.get("metadata")).get("name") or "")
            elif kind == "Pod":
                self._pods.setdefault(_owner(value, "Job"), []).append(value)
            elif kind == "Event":
                about = mapping(value.get("involvedObject") or value.get("regarding"))
                key = (str(about.get("kind")), str(about.get("namespace") or ""), str(about.get("name")))
                self._events.setdefault(key, []).append(value)

    def of_job(self, job: dict[str, Any]) -> Owned:
        """A Job with what belongs to it."""
        pods = self._pods.get(_uid(job), []) if _uid(job) else []
        own = self.events(job)
        events = list(own)
        for pod in pods:
            events += self.events(pod)
        return Owned(job, tuple(pods), tuple(events), tuple(self._killed(job, own, pods)))

    def _killed(
        self, job: dict[str, Any], events: tuple[dict[str, Any], ...], pods: list[dict[str, Any]]
    ) -> Iterable[dict[str, Any]]:
        """For each Pod that the Job created and that no longer exists, the event with which its kubelet began to stop it. Those
        that the controller itself deleted (suspended, scaled down) are not included."""
        here = {str(mapping(p.get("metadata")).get("name")) for p in pods}
        made, unmade = set(), set()
        for event in events:
            name = str(event.get("message") or event.get("note") or "").rpartition(" pod: ")[2]
            if event.get("reason") == "SuccessfulCreate":
                made.add(name)
            elif event.get("reason") == "SuccessfulDelete":
                unmade.add(name)
        namespace = str(mapping(job.get("metadata")).get("namespace") or "")
        for name in sorted(made - unmade - here):
            for event in self._events.get(("Pod", namespace, name), ()):
                if event.get("reason") == "Killing":
                    yield event
                    break

    def of_cronjob(self, cronjob: dict[str, Any]) -> tuple[Owned, ...]:
        """The Jobs of a CronJob, each with what belongs to it."""
        return tuple([self.of_job(job) for job in self._jobs.get(_uid(cronjob), [])]) if _uid(cronjob) else ()

    def owner_of(self, job: dict[str, Any]) -> str:
        """Return the name of the CronJob in the list that owns a Job, "" if there is none."""
        return self._crons.get(_owner(job, "CronJob"), "")

    def events(self, value: dict[str, Any]) -> tuple[dict[str, Any], ...]:
        """The events about one object."""
        meta = mapping(value.get("metadata"))
        key = (str(value.get("kind")), str(meta.get("namespace") or ""), str(meta.get("name")))
        return tuple(self._events.get(key, ()))


def event_time(event: dict[str, Any]) -> float:
    """Return when an event was last seen; 0 if it does not say."""
    series = mapping(event.get("series"))
    for text in (series.get("lastObservedTime"), event.get("lastTimestamp"), event.get("eventTime"), event.get("firstTimestamp")):
        found = instant(text)
        if found is not None:
            return found
    return instant(mapping(event.get("metadata")).get("creationTimestamp")) or 0.0


def _uid(value: dict[str, Any]) -> str:
    return str(mapping(value.get("metadata")).get("uid") or "")


def _owner(value: dict[str, Any], kind: str) -> str:
    """The uid of the owner of that kind, "" if there is none."""
    for reference in listing(mapping(value.get("metadata")).get("ownerReferences")):
        if reference.get("kind") == kind:
            return str(reference.get("uid") or "")
    return ""
