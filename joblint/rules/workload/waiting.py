"""What the Pods of a Deployment wait for: Jobs, by kubectl or by the image k8s-wait-for."""

from __future__ import annotations

from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_JOB = ("job", "jobs", "job.batch", "jobs.batch")
MIGRATIONS = "*migrations"
"""In the place of a Job's name: the Pods wait in a loop until a database has been migrated."""

_WAIT_FOR = ("job", "job-wr", "job-we")  # the words of k8s-wait-for


def waits_of(pod: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the names of the Jobs that the init containers of a Pod wait for, or MIGRATIONS, each with the container's name."""
    found: list[tuple[str, str]] = []
    for entry in as_list(pod.get("initContainers")):
        container = as_dict(entry)
        words = [w for key in ("command", "args") for w in as_list(container.get(key)) if isinstance(w, str)]
        if any("migrat" in word and ("until " in word or "while " in word) for word in words):
            found.append((MIGRATIONS, str(container.get("name") or "")))
        if any("job" in word for word in words):
            name = str(container.get("name") or "")
            found += [(job, name) for job in _jobs(words, str(container.get("image") or "")) if (job, name) not in found]
    return tuple(found)


def _jobs(words: list[str], image: str) -> Iterator[str]:
    if "k8s-wait-for" in image:
        for at, word in enumerate(words[:-1]):
            if word in _WAIT_FOR and not words[at + 1].startswith("-"):
                yield words[at + 1]
        return
    from joblint.shell.grammar import parse
    from joblint.shell.invocation import of_words
    from joblint.shell.syntax import commands
    from joblint.shell.weight import program

    run = of_words(tuple(words), tuple(words), True)
    if run.script < 0:
        start = (run.name, run.rest)
        if run.name not in ("kubectl", "oc") and "kubectl" in image:
            start = ("kubectl", tuple(words))
        yield from _named(*start)
        return
    for command in commands(parse(run.text), functions=True, inner=True):
        yield from _named(*program(command))


def _named(name: str, rest: tuple[str, ...]) -> Iterator[str]:
    """Return the Jobs of `kubectl wait job/NAME` and `kubectl get job NAME`."""
    if name not in ("kubectl", "oc") or {"wait", "get"}.isdisjoint(rest):
        return
    for at, word in enumerate(rest):
        kind, slash, job = word.partition("/")
        if slash and kind in _JOB and job:
            yield job
        elif word in _JOB and at + 1 < len(rest) and rest[at + 1] and not rest[at + 1].startswith("-"):
            yield rest[at + 1]
