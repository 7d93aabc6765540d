"""The run times of a Pod template's containers, as far as their commands show them; no texts."""

from __future__ import annotations

from joblint.base.record import Record
from joblint.rules.workload.env import known_env
from joblint.shell.duration.script import duration, of_words
from joblint.shell.duration.span import INSTANT, UNKNOWN, Span
from joblint.shell.images import entrypoint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.subject import ContainerRef, Subject


class Length(Record):
    """A container with the bounds of its run time, and the field that shows them."""

    container: ContainerRef
    index: int
    span: Span
    field: str


def lengths(s: Subject) -> tuple[Length, ...]:
    """Return those of each container except native sidecars, in order; computed once."""
    return s.asked(_lengths)


def _lengths(s: Subject) -> tuple[Length, ...]:
    found = []
    for i, (container, run) in enumerate(zip(s.containers, s.runs, strict=True)):
        if container.role == "sidecar":
            continue
        field, span = container.at, UNKNOWN
        if run.words and (run.sure or run.shell):
            env = known_env(container)
            field = run.fields[run.script if run.script >= 0 else run.program]
            script = next((x for x in s.scripts if x.index == i), None) if run.script >= 0 else None
            if script is not None and not run.bounded:
                span = duration(script.statements, env)
            else:
                span = of_words(run.words, env)
        elif run.words and (own := entrypoint(str(container.data.get("image")))):
            field = run.fields[0]
            span = of_words((own, *run.words), known_env(container))
        found.append(Length(container, i, span, field))
    return tuple(found)


def pod_span(s: Subject) -> Span:
    """Return the bounds for the Pod: init containers one after another, then the main containers in parallel."""
    init, mains = INSTANT, INSTANT
    for each in lengths(s):
        if each.container.role == "init":
            init = init.then(each.span)
        else:
            mains = mains.beside(each.span)
    return init.then(mains)
