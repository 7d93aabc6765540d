"""Whether what a container runs stops on SIGTERM; knows programs, no rules.

The container's first process is PID 1 of its namespace: the kernel does not deliver signals to it without an installed handler
(pid_namespaces(7)), so a program that does not handle SIGTERM runs until SIGKILL.
"""

from __future__ import annotations

from joblint.base.names import names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.shell.invocation import Invocation

# Programs and interpreters that do not handle SIGTERM by default.
_DEAF = names(
    "sleep gsleep tail cat tee yes sh bash ash dash ksh busybox python python3 perl php node awk sed grep find xargs make"
)


def ignores_term(run: Invocation) -> bool:
    """Whether the program is known to ignore SIGTERM as PID 1. Unknown programs are assumed to stop."""
    if not run.words or not run.sure or run.program != 0 or run.name not in _DEAF:
        return False
    if not run.shell:
        # A script of an interpreter may install a handler; a script in the manifest can be checked for that.
        return "signal" not in " ".join(run.rest) and (run.name in _PLAIN or run.rest[:1] in (("-c",), ("-e",)))
    if run.script < 0:
        return False  # a script in the image
    text = run.text
    if "trap" in text.split() or "trap " in text:
        return False
    words = text.replace(";", " ; ").split()
    last = words[words.index("exec") + 1 :] if "exec" in words else words
    # A shell replaces itself with its only command, as exec does; otherwise it waits for its children, ignoring the signal too.
    alone = "exec" in words or not any(sign in text for sign in (";", "\n", "&", "|", "$(", "`"))
    return last[0].rpartition("/")[2] in _DEAF if alone and last else True


_PLAIN = names("sleep gsleep tail cat tee yes")
