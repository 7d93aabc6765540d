"""The state of an object in a cluster, for a person at a terminal: now, next, what happened so far, what to type."""

from __future__ import annotations

from joblint.api.go.civil import rfc3339
from joblint.base.words import count
from joblint.controller.cron.missed import MANY
from joblint.controller.live.states import NOTHING, SYNC
from joblint.controller.prediction.kubectl_get import human_duration
from joblint.report.safe import safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.controller.live.pods import LivePod
    from joblint.controller.live.states import Live, Starts
    from joblint.explain.explanation import Explanation

_ATTEMPTS = 8
"""This many of the latest Pods are shown."""

_JOBS = 3
"""This many of the active Jobs are shown."""

_OLD = 600.0
"""Seconds: if something is overdue and nothing has happened for so long, the objects were probably saved earlier."""

_STATES = {
    "pending": "no container has started",
    "running": "running",
    "backoff": "waiting for the next attempt",
    "create-refused": "the API server rejects its Pods",
    "suspended": "suspended",
    "paused": "paused: parallelism is 0",
    "ending": "finishing: its Pods are terminating",
    "complete": "complete",
    "failed": "failed",
    "unmanaged": "managed by another controller",
    "scheduled": "waiting for its next start",
    "active": "a Job is running",
    "never-fires": "never starts a Job",
}
_EVENTS = {
    "pod-created": "the next Pod is created",
    "container-restarted": "the container is restarted",
    "job-failed": "the Job fails",
    "job-complete": "the Job completes",
    "job-deleted": "the Job is deleted along with its Pods and their logs",
    "job-created": "the next Job is created",
}

_NOTHING = {
    "pending": "no fixed time (it depends on when a container can start)",
    "running": "no fixed time (it depends on its Pods)",
    "create-refused": "nothing until its Pods are accepted",
    "suspended": "nothing until somebody resumes it",
    "paused": "nothing until somebody resumes it",
    "ending": "no fixed time (it depends on when its Pods stop)",
    "complete": "nothing (no TTL is set)",
    "failed": "nothing (no TTL is set)",
    "unmanaged": "depends on the other controller",
    "never-fires": "nothing until the schedule is changed",
}
"""What comes next in a state from which nothing follows at a known time."""


def lines(e: Explanation, live: Live) -> Iterator[str]:
    """Return the state of a live object, with the times in UTC."""
    why = f": {live.why}" if live.why and live.state not in ("suspended", "paused") else ""
    state = _STATES[live.state]
    if live.state == "pending" and any(pod.over for pod in live.pods):
        state = "no container of the next attempt has started"
    since = [pod.created for pod in live.pods if pod.waits] if live.state == "pending" else []
    if since:
        state += f" for {human_duration(max(0.0, live.now - min(since)))}"
    yield f"  now      {state}{safe(why)}"
    yield f"  next     {_next(live, live.why)}"
    if live.starts is not None:
        unknown = "these objects do not show why; check the events and the controller manager"
        yield from _starts(live.starts, live.now, "see above" if live.why and live.next == NOTHING else unknown)
    if live.pods:
        left = len(live.pods) - _ATTEMPTS
        yield f"  so far   {len(live.pods)} Pods, the latest {_ATTEMPTS}:" if left > 0 else "  so far"
        for n, pod in enumerate(live.pods):
            if n >= left:
                yield f"    {n + 1:>3}  {_pod(pod, live)}"
    command = _command(e, live)
    if command:
        yield f"  command  {command}"
    if live.newest is not None and live.now - live.newest > _OLD and _overdue(live):
        at = rfc3339(int(live.newest))
        ago = human_duration(live.now - live.newest)
        yield f"  note     the latest time in these objects is {at}, {ago} ago; if they were saved then,"
        yield f"           --now {at} shows the state at that time"


def _overdue(live: Live) -> bool:
    """Whether something was due long ago, or nothing that follows is known although all Pods have finished."""
    due = live.next.at is not None and live.next.at <= live.now + 2 * SYNC
    missed = live.starts is not None and live.starts.count > 0 and not live.why
    return due or missed or live.state == "pending" and bool(live.pods) and all(pod.over for pod in live.pods)


def _starts(told: Starts, now: float, unknown: str) -> Iterator[str]:
    """What became of a CronJob's starts; `unknown` is shown if the objects do not show why some were missed."""
    if told.last is None:
        yield "  last     it has not started a Job yet"
    else:
        yield f"  last     started at {_day(told.last, now)}, {human_duration(max(0.0, now - told.last))} ago"
    for name, since in told.active[:_JOBS]:
        yield f"  active   Job {safe(name)}" + (f", since {_day(since, now)}" if since is not None else "")
    if len(told.active) > _JOBS:
        yield f"           and {len(told.active) - _JOBS} more"
    if told.count:
        number = f"more than {MANY}" if told.count > MANY else str(told.count)
        shown = ", ".join([_day(at, now) for at in told.missed])
        if told.count > MANY:
            at = f" since {_day(told.last, now)}" if told.last is not None else ""
        else:
            at = f" at {'… ' if told.count > len(told.missed) else ''}{shown}"
        yield f"  missed   {number} start{'' if told.count == 1 else 's'}{at}: {safe(told.why) or unknown}"


def _day(at: float, now: float) -> str:
    """The time, with its date if that is not today's."""
    text = rfc3339(at)
    return text[11:] if text[:10] == rfc3339(now)[:10] else text


def summary(e: Explanation, live: Live) -> str:
    """Return the same in one line, for a Job that belongs to a CronJob reported before."""
    if live.state in ("complete", "failed") and live.next == NOTHING:
        return f"  {e.kind} {safe(e.name)}: {_STATES[live.state]}, kept until the CronJob's history limits delete it"
    return f"  {e.kind} {safe(e.name)}: {_STATES[live.state]}; next: {_next(live)}"


def _next(live: Live, why: str = "") -> str:
    event, now = live.next, live.now
    if event.event == "none" or event.at is None:
        return _NOTHING.get(live.state, "nothing until somebody changes it")
    text = f"{_EVENTS[event.event]} at {_clock(event.at)}, in {human_duration(max(0.0, event.at - now))}"
    if event.latest is not None and event.latest - event.at > 2:
        text += f" to {human_duration(max(0.0, event.latest - now))}"
    return text + (f" ({event.because})" if event.because and event.because != why else "")


def _clock(at: float) -> str:
    return rfc3339(at)[11:]


def _pod(pod: LivePod, live: Live) -> str:
    parts = [safe(pod.name), f"created {_clock(pod.created)}"]
    codes = [c for c in pod.containers if c.code is not None and not c.running]
    if pod.phase == "Succeeded":
        parts.append("succeeded")
    elif pod.phase == "Failed":
        worst = next((c for c in codes if c.code), None)
        parts.append(f"failed, exit code {worst.code}" if worst is not None else "failed")
    elif pod.deleted is not None:
        parts.append(f"terminating, the grace period ends at {_clock(pod.deleted)}")
    elif pod.waits:
        known = pod.why and pod.why in live.why
        parts.append(f"{pod.phase}: {'see above' if known else safe(pod.why) or 'no container has started'}")
    else:
        restarts = sum(c.restarts for c in pod.containers)
        parts.append("waiting for its restart" if pod.crashed and not pod.runs else "running")
        if restarts:
            parts.append(count(restarts, "restart"))
    if pod.over and pod.finished is not None and pod.started is not None:
        parts.append(f"after {human_duration(max(0.0, pod.finished - pod.started))}")
    return ", ".join(parts)


def _command(e: Explanation, live: Live) -> str:
    """The command that helps next; it deletes and changes nothing, except that it may resume a suspended object."""
    kind, name = e.kind.lower(), safe(e.name)
    there = f" -n {safe(live.namespace)}" if live.namespace else ""
    if live.state == "suspended":
        return f"""kubectl patch {kind} {name}{there} -p '{{"spec":{{"suspend":false}}}}'    resumes it"""
    if live.state == "paused":
        return f"""kubectl patch job {name}{there} -p '{{"spec":{{"parallelism":1}}}}'    runs it"""
    last = live.pods[-1].name if live.pods else ""
    if live.state == "pending" and last and not live.pods[-1].over:
        return f"kubectl describe pod {safe(last)}{there}"
    if live.state == "pending" and not last:
        return f"kubectl describe {kind} {name}{there}"
    if live.state in ("create-refused", "unmanaged", "never-fires", "scheduled", "active"):
        return f"kubectl describe {kind} {name}{there}"
    return f"kubectl logs {safe(last)}{there} --all-containers" if last else ""
