"""Containers that never end: neither the Job's Pod nor the Job finishes."""

from __future__ import annotations

from joblint.base.durations import show_duration as duration
from joblint.base.record import replace
from joblint.rules.checks.containers.place import script_hit, short
from joblint.rules.workload.injection import STOPS
from joblint.rules.workload.stops import stop_of
from joblint.shell.images import is_private
from joblint.shell.servers import CLEAN_AFTER_TERM
from joblint.shell.syntax import Loop, commands
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.endings import Ending
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node

_WAITS = (
    "curl",
    "wget",
    "nc",
    "ncat",
    "pg_isready",
    "mysqladmin",
    "redis-cli",
    "nslookup",
    "dig",
    "getent",
    "ping",
    "kubectl",
    "oc",
    "test",
    "[",
)


def _outcome(s: Subject) -> str:
    """What happens to a Job with a Pod that never ends."""
    deadline = s.spec.get("activeDeadlineSeconds")
    own = s.pod.get("activeDeadlineSeconds")
    if isinstance(deadline, int):
        return f"the Job always fails with DeadlineExceeded after {duration(deadline)}"
    if isinstance(own, int):
        return f"every Pod is killed after {duration(own)} and counts as failed"
    return "the Job never finishes"


def _hit(s: Subject, ending: Ending, **values: Any) -> Hit:
    if ending.script is not None and ending.why.start >= 0:
        return script_hit(s, ending.script, ending.why.start, ending.why.end, container=ending.container.name, **values)
    severity, fix = values.pop("severity", ""), values.pop("fix", None)
    return s.hit(ending.field, severity=severity, fix=fix, container=ending.container.name, **values)


def _alone(s: Subject) -> list[Ending]:
    """The endless main containers if every main container is endless."""
    mains = [e for e in s.endings if e.container.role == "main"]
    return mains if len(mains) == len(s.mains) else []


def container_never_ends(s: Subject) -> Iterator[Hit]:
    """A main container whose command never ends, such as `sleep infinity`: the Pod and the Job never finish.

    No finding for the program `pause`: its only use is to keep a Pod running, so it is intended.
    """
    for ending in _alone(s):
        if not ending.why.server:
            held = ending.script is None and ending.why.what in ("pause", "the image pause")
            yield _hit(s, ending, severity="info" if held else "", what=ending.why.what, outcome=_outcome(s))


def server_never_ends(s: Subject) -> Iterator[Hit]:
    """A main container that runs a server: it runs until it is stopped, and the Job never finishes."""
    for ending in _alone(s):
        if ending.why.server:
            severity = "" if ending.why.sure and not _is_own_build(s, ending) else "info"
            yield _hit(s, ending, severity=severity, what=ending.why.what, outcome=_outcome(s))


_ONCE = (
    *("migrat", "init", "setup", "seed", "backup", "restore", "bootstrap", "schema", "upgrade", "test", "check", "clean", "sync"),
    *("import", "export", "create", "install", "report", "rotate", "prune"),
)


def _is_own_build(s: Subject, ending: Ending) -> bool:
    """Whether only an image of a private registry is named like a server, while the Job's name says that the work ends."""
    image = ending.container.data.get("image")
    if not ending.field.endswith(".image") or not isinstance(image, str):
        return False
    names = f"{s.metadata.get('name')} {ending.container.name}".lower()
    return is_private(image) and any(word in names for word in _ONCE)


def sidecar_never_ends(s: Subject) -> Iterator[Hit]:
    """An endless container next to one that ends; no finding if the main one always stops it."""
    mains = [e for e in s.endings if e.container.role == "main"]
    if not mains or len(mains) == len(s.mains):
        return
    stopped = stop_of(s, STOPS)
    killed = bool(s.pod.get("shareProcessNamespace")) and any(
        program(c)[0] in ("kill", "pkill", "killall") for x in s.scripts for c in commands(x.statements, functions=True)
    )
    if stopped == "always":
        return
    outcome = _outcome(s)
    if stopped:
        outcome = "if the work fails, the script does not reach the command that stops it, and " + outcome
    elif killed:
        outcome = "killing it gives an exit code other than 0: the Pod fails"
    from joblint.rules.checks.containers.native_sidecar import to_native_sidecar

    names = [c.name for c in s.mains if all(c is not e.container for e in mains)]
    for ending in mains:
        if killed and not stopped and ending.why.what in CLEAN_AFTER_TERM:
            continue
        fix, helper = to_native_sidecar(s, ending.container), _helper(s, ending)
        if helper:
            unless = f"unless {helper} stops it, {_outcome(s)}"
            yield replace(
                _hit(s, ending, fix=fix, what=ending.why.what, main=names[0], outcome=unless), severity="info", confidence="hint"
            )
        else:
            yield _hit(s, ending, fix=fix, what=ending.why.what, main=names[0], outcome=outcome)


def _helper(s: Subject, ending: Ending) -> str:
    """A container that exists to stop the endless one: it contains the name of its program and sees its processes. A container
    that does the work and stops the other one as its last command does not count: if the work fails, the other one keeps
    running."""
    if not s.pod.get("shareProcessNamespace") or len(s.containers) < 3:
        return ""
    runs = list(zip(s.containers, s.runs, strict=True))
    own = next((run for container, run in runs if container is ending.container), None)
    name = own.name if own is not None else ""
    others = [container.name for container, run in runs if run is not own and name and any(name in word for word in run.words)]
    return others[0] if others else ""


def init_container_never_ends(s: Subject) -> Iterator[Hit]:
    """An init container that does not end: no main container ever starts (pkg/kubelet/kuberuntime, computePodActions)."""
    from joblint.rules.checks.containers.native_sidecar import as_native_sidecar

    for ending in s.endings:
        if ending.container.role == "init":
            fix = as_native_sidecar(s, ending.container) if ending.why.server else None
            yield _hit(s, ending, fix=fix, what=ending.why.what, outcome=_outcome(s))


def wait_loop_without_timeout(s: Subject) -> Iterator[Hit]:
    """`until nc -z db 5432; do sleep 1; done` without a timeout."""
    if s.spec.get("activeDeadlineSeconds") is not None or s.pod.get("activeDeadlineSeconds") is not None:
        return
    for script in s.scripts:
        if script.bounded:
            continue
        found = _wait_loop(script)
        if found is not None:
            text = " ".join(found.head.split()).rstrip("; ")
            yield script_hit(s, script, found.start, found.end, container=script.container.name, loop=short(text), at=s.spec_at)


def _wait_loop(script: Script) -> Loop | None:
    from joblint.shell.syntax import children
    from joblint.shell.weight import program as named

    left: list[Node] = [script.statements]
    while left:
        node = left.pop(0)
        if isinstance(node, Loop) and node.kind in ("while", "until") and node.condition is not None:
            asked = [named(c)[0] for c in commands(node.condition)]
            inside = list(commands(node.body))
            waits = any(named(c)[0] == "sleep" for c in inside)
            leaves = any(named(c)[0] in ("break", "exit", "return") for c in inside)
            counts = any(
                c.assigns or c.text.startswith("((") or c.words[:1] in (("let",), ("timeout",), ("read",)) for c in inside
            )
            clock = (
                "date" in node.head or "SECONDS" in node.head or "-lt" in node.head or "-gt" in node.head or "-le" in node.head
            )
            bounded = any(c.words[:1] == ("timeout",) for c in commands(node.condition))
            forever = asked in (["true"], [":"])
            # `while true; do work && break; sleep 5; done` waits as long as `until work; do sleep 5; done`.
            open_ended = leaves if forever else not leaves
            if waits and open_ended and not counts and not clock and not bounded and asked and "read" not in asked:
                return node
        left.extend(children(node))
    return None
