"""The entry point of the commands. A plain `joblint check` takes a short path; click handles everything else."""

from __future__ import annotations

import gc
import os
import sys

from joblint.cli.output import OutputError, finished, say
from joblint.cli.signals import Terminated, heed_termination

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn


def run(arguments: list[str]) -> int:
    """Run a command; return its exit code. Errors are reported as text."""
    return _guarded(_heeding, arguments)


def main() -> NoReturn:
    """Run the command of the command line and exit with its code."""
    leave(run(sys.argv[1:]))


def _heeding(arguments: list[str]) -> int:
    heed_termination()
    return _run(arguments)


def _run(arguments: list[str]) -> int:
    if arguments[:1] == ["check"]:
        from joblint.cli.options import CHECK, NotPlain, read

        try:
            values = read(CHECK, arguments[1:])
        except NotPlain:
            pass
        else:
            from joblint.source.reading import libyaml

            gc.disable()  # a check creates few cycles and ends soon; collecting them costs a third on large files
            libyaml.prefer_lean()
            from joblint.cli.check import Call, check

            return check(Call(**values))
    if arguments[-1:] and arguments[-1] in ("--version", "--help", "-h"):
        from joblint.cli.pages import told

        if told(arguments):
            return 0
    gc.set_threshold(50_000, 20, 20)  # a simulation keeps tens of thousands of events, none of them in a cycle
    gc.enable()
    from joblint.cli.commands import run

    return run(arguments)


def _guarded(function: Callable[..., int], *arguments: Any) -> int:
    """The exit code of a command; bugs in joblint are reported as text, without a traceback."""
    try:
        return function(*arguments)
    except OutputError as error:
        say(f"joblint: {error}")
        return 2
    except BrokenPipeError:  # the reader of a help text has closed it
        return 0
    except OSError as error:  # an error of the system is not a bug in joblint: a deleted directory, a full disk
        from joblint.report.safe import safe

        where = safe(os.fsdecode(error.filename)) if error.filename else "" if _is_somewhere() else "the current directory"
        say(f"joblint: {where + ': ' if where else ''}{error.strerror or error}")
        return 2
    except KeyboardInterrupt:
        say("joblint: stopped")
        return 130
    except Terminated as stopped:
        say("joblint: terminated")
        return stopped.status
    except (MemoryError, RecursionError) as error:
        say(f"joblint: this input is too large or too deeply nested to check ({type(error).__name__})")
        return 2
    except Exception as error:
        from joblint.base.bugs import told
        from joblint.cli.steps import step_of
        from joblint.report.safe import safe

        step = step_of(error)
        text = f"a bug in joblint{' while ' * bool(step)}{safe(step)}: "
        say(f"joblint: {text}" + "\n".join([safe(line) for line in told(error).split("\n")]))
        say("Please report it with the manifest; JOBLINT_TRACEBACK=1 shows the traceback.")
        return 3


def _is_somewhere() -> bool:
    """Whether the current directory exists."""
    try:
        return bool(os.getcwd())
    except OSError:
        return False


def leave(status: int, then: Callable[[], None] | None = None) -> NoReturn:
    """Exit with a code, once all output is written and `then` is done."""
    # The interpreter's own cleanup takes longer than a check, and is not needed.
    try:
        status = finished(status)
        if then is not None:
            then()
    except KeyboardInterrupt:
        status = 130
    except Terminated as stopped:
        status = stopped.status
    os._exit(status)


if __name__ == "__main__":
    main()
