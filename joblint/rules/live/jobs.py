"""Findings on a live Job: the rule and the values of its texts, by the Job's state; knows live states."""

from __future__ import annotations

from joblint.base.words import count
from joblint.controller.job.spec import JobSpec, mapping
from joblint.controller.live.objects import instant, listing
from joblint.controller.prediction.kubectl_get import human_duration
from joblint.rules.live.limits import KEPT_LONG, PENDING_LONG, RUNNING_LONG, SOON, SUSPENDED_LONG, ago

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.controller.live.pods import LivePod
    from joblint.controller.live.states import Live


def said_of_job(job: dict[str, Any], live: Live, refused: tuple[dict[str, Any], ...]) -> tuple[str, dict[str, str]] | None:
    """Return the rule for a Job in such a state, and the values of its texts; None if there is nothing to report."""
    now, spec = live.now, JobSpec(job)
    meta = mapping(job.get("metadata"))
    ended = next((c for c in conditions(job) if c.get("type") in ("Complete", "Failed") and c.get("status") == "True"), None)
    if ended is not None:
        return _finished(job, live, spec, ended)
    created = instant(meta.get("creationTimestamp"))
    start = instant(mapping(job.get("status")).get("startTime")) or created
    if live.state in ("suspended", "paused"):
        since = next((instant(c.get("lastTransitionTime")) for c in conditions(job) if c.get("type") == "Suspended"), created)
        if since is None or now - since < SUSPENDED_LONG:
            return None
        paused = live.state == "paused"
        how, resume = (" (parallelism: 0)", '"parallelism":1') if paused else ("", '"suspend":false')
        return "live-suspended-long", {"since": f" for {ago(since, now)}{how}", "resume": resume, "then": ""}
    if live.state == "create-refused":
        since = instant(refused[0].get("firstTimestamp")) if refused else None
        return "live-pods-rejected", {"since": f" (for {ago(since, now)})" if since is not None else "", "why": live.why}
    if live.state == "ending":
        if live.next.event != "none":
            return None
        stuck = next((p for p in live.pods if p.silent(now)), None)
        name = f'Pod "{stuck.name}"' if stuck is not None else "a Pod"
        return "live-job-stays-terminating", {"why": f"{name} stays Terminating; its node probably does not respond"}
    if live.state == "pending":
        return _pending(live)
    if live.state == "backoff":
        return "live-job-retries", {"why": live.why or "the back-off after a failure", "when": _next(live)}
    if live.state == "running":
        silent = next((p for p in live.pods if p.silent(now)), None)
        if silent is not None and live.next.event == "none":
            return "live-job-stays-terminating", {"why": f'the node of Pod "{silent.name}" does not respond'}
        bounded = spec.deadline is not None or spec.pod.get("activeDeadlineSeconds") is not None
        if not bounded and start is not None and now - start > RUNNING_LONG:
            return "live-job-runs-long", {"ago": ago(start, now)}
    return None


def _finished(job: dict[str, Any], live: Live, spec: JobSpec, ended: dict[str, Any]) -> tuple[str, dict[str, str]] | None:
    now, at = live.now, instant(ended.get("lastTransitionTime"))
    why = f"{ended.get('reason')}: {ended.get('message')}"
    left = None if live.next.event != "job-deleted" or live.next.at is None else live.next.at - now
    if live.state == "failed":
        code = _exit_code(live.pods)
        more = f" (last exit code {code})" if code is not None else ""
        if left is not None:
            more += f"; it will be deleted in {human_duration(left)}, along with its logs"
        return "live-job-failed", {"ago": ago(at, now), "why": why + more}
    if left is not None and left <= SOON:
        return "live-job-deleted-soon", {"left": f"in {human_duration(left)}" if left >= 1 else "now", "why": live.next.because}
    if spec.ttl is None and not owner(job, "CronJob") and at is not None and now - at > KEPT_LONG:
        return "live-job-kept", {"ago": ago(at, now)}
    return None


def _pending(live: Live) -> tuple[str, dict[str, str]] | None:
    waiting = [p for p in live.pods if p.active and p.waits]
    if not waiting:
        return None
    first = min(waiting, key=lambda p: p.created)
    if live.now - first.created < PENDING_LONG:
        return None
    why = live.why or "no container has started"
    if len(waiting) > 1:
        why += f" ({count(len(waiting), 'Pod')})"
    return "live-pod-pending", {"ago": ago(first.created, live.now), "why": why.rstrip("."), "pod": first.name}


def _next(live: Live) -> str:
    if live.next.at is None:
        return ""
    left = live.next.at - live.now
    return f", which starts in {human_duration(left)}" if left >= 1 else ", which is due now"


def _exit_code(pods: tuple[LivePod, ...]) -> int | None:
    """The exit code of the last failed attempt, if its Pod still exists."""
    for pod in reversed(pods):
        for container in pod.containers:
            if container.code:
                return container.code
    return None


def conditions(value: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the conditions of an object's status."""
    return listing(mapping(value.get("status")).get("conditions"))


def owner(value: dict[str, Any], kind: str) -> str:
    """Return the uid of the owner of that kind, "" if there is none."""
    for reference in listing(mapping(value.get("metadata")).get("ownerReferences")):
        if reference.get("kind") == kind:
            return str(reference.get("uid") or "")
    return ""
