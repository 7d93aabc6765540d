"""kubectl that waits for the Job whose Pod runs it: the Job is Complete only after the wait has ended."""

from __future__ import annotations

from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.place import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_JOBS = ("job", "jobs", "job.batch", "jobs.batch")


def wait_for_itself(s: Subject) -> Iterator[Hit]:
    """`kubectl wait job/NAME` in a Pod of the Job NAME; one finding a Job."""
    name, own = s.metadata.get("name"), s.metadata.get("namespace")
    if s.kind != "Job" or not isinstance(name, str):
        return
    for i, _ in enumerate(s.containers):
        for called in calls_of(s, i):
            words = list(called.rest)
            targets = [w.partition("/")[2] for w in words if w.partition("/")[0] in _JOBS and "/" in w]
            targets += [b for a, b in zip(words, words[1:], strict=False) if a in _JOBS]
            given = next((b for a, b in zip(words, words[1:], strict=False) if a in ("-n", "--namespace")), "")
            given = given or next((w.partition("=")[2] for w in words if w.startswith(("--namespace=", "-n="))), "")
            here = not given or not isinstance(own, str) or given == own
            if called.name in ("kubectl", "oc") and "wait" in words[:3] and name in targets and here:
                yield call_hit(s, called, command=short(called.text), name=name)
                return
