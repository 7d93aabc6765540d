"""How a Pod's containers run and stop, by their programs; for the built-in scenarios."""

from __future__ import annotations

from joblint.controller.scenario.scenario import Habits
from joblint.shell.signals import ignores_term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.subject import Subject


def habits(s: Subject) -> Habits:
    """Return which containers ignore SIGTERM as PID 1, and which certainly never end."""
    shared = s.pod.get("shareProcessNamespace") is True or s.pod.get("hostPID") is True
    deaf = () if shared else tuple([c.name for c, run in zip(s.containers, s.runs, strict=True) if ignores_term(run)])
    endless = tuple([e.container.name for e in s.endings if e.why.sure and e.container.role == "main"])
    return Habits(deaf, endless)
