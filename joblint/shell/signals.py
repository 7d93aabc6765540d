"""Whether what a container runs stops when it is sent SIGTERM; knows programs, no rules.

The container's first process is PID 1 of its namespace: the kernel hands it no signal for which it has installed no handler
(pid_namespaces(7)), so that a program that does nothing about SIGTERM runs on until SIGKILL.
"""

from __future__ import annotations

from joblint.base.names import names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.shell.invocation import Invocation

# Programs and interpreters without a handler for SIGTERM of their own.
_DEAF = names(
    "sleep gsleep tail cat tee yes sh bash ash dash ksh busybox python python3 perl php node awk sed grep find xargs make"
)


def ignores_term(run: Invocation) -> bool:
    """Whether the program is known to ignore SIGTERM as PID 1. What nothing is known of is taken to stop."""
    if not run.words or not run.sure or run.program != 0 or run.name not in _DEAF:
        return False
    if not run.shell:
        # A script of an interpreter may install a handler; one that is written in the manifest can be looked at.
        return "signal" not in " ".join(run.rest) and (run.name in _PLAIN or run.rest[:1] in (("-c",), ("-e",)))
    if run.script < 0:
        return False  # a script in the image
    text = run.text
    if "trap" in text.split() or "trap " in text:
        return False
    words = text.replace(";", " ; ").split()
    last = words[words.index("exec") + 1 :] if "exec" in words else words
    # A shell takes a lone command's place, as exec does; otherwise it waits for its children, deaf as they would be.
    alone = "exec" in words or not any(sign in text for sign in (";", "\n", "&", "|", "$(", "`"))
    return last[0].rpartition("/")[2] in _DEAF if alone and last else True


_PLAIN = names("sleep gsleep tail cat tee yes")
