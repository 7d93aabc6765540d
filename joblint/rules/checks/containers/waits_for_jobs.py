"""kubectl that waits for one condition of a Job only, in what a container runs.

Source: Kubernetes 1.36.3, kubectl pkg/cmd/wait/condition.go: another condition does not end the wait.
"""

from __future__ import annotations

from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.place import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_COMPLETE = ("--for=condition=complete", "--for=condition=completed")


def wait_misses_failure(s: Subject) -> Iterator[Hit]:
    """`kubectl wait --for=condition=complete job/x`: if the Job fails, the wait lasts until its timeout."""
    for i, container in enumerate(s.containers):
        text = " ".join([w for run in s.runs for w in run.words] + [x.text for x in s.scripts if x.index == i]).lower()
        if "condition=failed" in text or container.role == "sidecar":
            continue  # something else waits for the failure
        for called in calls_of(s, i):
            words = " ".join(called.rest).lower().replace("--for condition", "--for=condition").split()
            job = next((w for w in called.rest if w.partition("/")[0] in ("job", "jobs", "job.batch", "jobs.batch")), "")
            if called.name in ("kubectl", "oc") and "wait" in words and job and not set(_COMPLETE).isdisjoint(words):
                limit = next((w.partition("=")[2] for w in words if w.startswith("--timeout=")), "")
                until = f"until its timeout ({limit})" if limit and not limit.startswith("-") else "until its timeout"
                # Without --timeout, kubectl wait gives up after 30 seconds.
                given = limit + "s" if limit.isdecimal() and limit != "0" else limit
                timeout = f"--timeout={given if given and given[0].isdecimal() and given.strip('0s') else '<duration>'}"
                yield call_hit(s, called, command=short(called.text), job=job, until=until, timeout=timeout)
                return
