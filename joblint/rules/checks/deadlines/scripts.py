"""Limits compared with the time that a script takes or allows itself: deadlines, grace periods."""

from __future__ import annotations

from joblint.base.durations import show_duration as duration
from joblint.rules.finding import Hit
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.env import known_env
from joblint.rules.workload.lengths import lengths, pod_span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.subject import ContainerRef, Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.duration.span import Span
    from joblint.source.places.spans import Span as Place

_MOST = 10**9


def _rounds(s: Subject) -> int:
    """The number of batches of Pods that a Job needs for its completions."""
    completions, at_once = s.spec.get("completions"), s.prediction.at_once
    if not isinstance(completions, int) or at_once < 1:
        return 1
    return -(-completions // at_once)


def _deadline(s: Subject) -> tuple[int, str, bool]:
    """The deadline that comes first, its field, and whether it is the Pod's; 0 if there is none."""
    job, pod = s.spec.get("activeDeadlineSeconds"), s.pod.get("activeDeadlineSeconds")
    if isinstance(pod, int) and pod > 0 and (not isinstance(job, int) or pod < job):
        return pod, s.pod_at + ".activeDeadlineSeconds", True
    return (job, s.spec_at + ".activeDeadlineSeconds", False) if isinstance(job, int) and job > 0 else (0, "", False)


def deadline_below_run_time(s: Subject) -> Iterator[Hit]:
    """The deadline comes before the least time that the commands take, batch by batch."""
    deadline, field, of_pod = _deadline(s)
    if not deadline:
        return
    least = pod_span(s).least
    rounds = 1 if of_pod else _rounds(s)
    if not 0 < least < _MOST or least * rounds <= deadline:
        return
    needed = int(least * rounds)
    how = f"the commands take at least {duration(int(least))}"
    if rounds > 1:
        completions = s.spec.get("completions")
        how = f"{completions} Pods, {s.prediction.at_once} at a time, take at least {rounds} × {duration(int(least))}"
    what = "every Pod is killed" if of_pod else "the Job always fails with DeadlineExceeded"
    yield s.hit(
        field,
        deadline=duration(deadline),
        how=how,
        needed=duration(needed),
        what=what,
        enough=_round_up(needed + max(60, needed // 5)),
    )


def _round_up(seconds: int) -> int:
    step = 10 if seconds < 600 else 60 if seconds < 7200 else 600
    return -(-seconds // step) * step


def deadline_below_own_timeout(s: Subject) -> Iterator[Hit]:
    """A script's own timeout is longer than the deadline: the timeout, and what the script does then, is never reached."""
    deadline, field, of_pod = _deadline(s)
    if not deadline or pod_span(s).least > deadline:
        return
    before = 0.0
    for each in lengths(s):
        patience = each.span.patience
        total = patience + (before if each.container.role == "main" else 0)
        if deadline < total < _MOST and patience > each.span.least and patience > deadline // 2:
            role = "init container" if each.container.role == "init" else "container"
            if patience <= deadline:  # only together with what ran before
                role = "the init containers and container"
            yield s.hit(
                each.field,
                role=role,
                container=each.container.name,
                patience=duration(int(total if patience <= deadline else patience)),
                deadline=duration(deadline),
                limit=field.rpartition(".")[2],
                effect="kills the Pod" if of_pod else "fails the Job",
                enough=_round_up(int(total) + 60),
                half=duration(max(1, deadline // 2)),
            )
            return
        if each.container.role == "init":
            before += patience


def stop_outlasts_grace_period(s: Subject) -> Iterator[Hit]:
    """A preStop hook or a handler of SIGTERM that takes longer than the grace period is killed before it is done."""
    grace = s.grace_period
    for i, container in enumerate(s.containers):
        for what, span, field, place in _stops(s, container, i):
            needed = span.least if span.least > grace else span.patience
            if not grace < needed < _MOST:
                continue
            values = {
                "container": container.name,
                "what": what,
                "needed": duration(int(needed)),
                "takes": "takes" if span.least > grace else "may take",
                "grace": duration(grace),
                "default": "" if "terminationGracePeriodSeconds" in s.sent_pod else " (default)",
                "enough": _round_up(int(needed) + 10),
                "at": s.pod_at,
            }
            yield Hit(field, values, span=place)
            break


def _stops(s: Subject, container: ContainerRef, index: int) -> Iterator[tuple[str, Span, str, Place | None]]:
    """What runs before the container ends: its name, how long it takes, its field, and the place of a command of a script."""
    from joblint.rules.checks.containers.place import span_in
    from joblint.shell.duration.script import of_words
    from joblint.shell.syntax import commands

    hook = as_dict(as_dict(container.data.get("lifecycle")).get("preStop"))
    words = tuple([w for w in as_list(as_dict(hook.get("exec")).get("command")) if isinstance(w, str)])
    if words:
        yield "preStop hook", of_words(words, known_env(container)), container.at + ".lifecycle.preStop.exec.command", None
    for script in s.scripts:
        if script.index != index:
            continue
        for command in commands(script.statements):
            if command.words[:1] == ("trap",) and not {"TERM", "SIGTERM", "15"}.isdisjoint(command.words[2:]):
                place = span_in(s, script.field, script.text, command.start, command.end)
                yield "SIGTERM handler", _handler(script, command.words[1], known_env(container)), script.field, place


def _handler(script: Script, text: str, env: dict[str, str]) -> Span:
    """The bounds of a trap's text; functions of the script are known in it."""
    from joblint.base.record import replace
    from joblint.shell.duration.script import duration as of_script
    from joblint.shell.grammar import parse
    from joblint.shell.syntax import Function

    functions = tuple([p for p in script.statements.parts if isinstance(p, Function)])
    handler = parse(text)
    return of_script(replace(handler, parts=(*functions, *handler.parts)), env)
