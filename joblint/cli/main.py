"""Where the commands start. A plain `joblint check` goes its short way; everything else is click's."""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn


def run(arguments: list[str]) -> int:
    """Runs a command; its exit status. Whatever goes wrong is told in words."""
    return _guarded(_run, arguments)


def main() -> NoReturn:
    """Runs the command of the command line and leaves with its exit status."""
    leave(run(sys.argv[1:]))


def _run(arguments: list[str]) -> int:
    if arguments[:1] == ["check"]:
        from joblint.cli.options import CHECK, NotPlain, read

        try:
            values = read(CHECK, arguments[1:])
        except NotPlain:
            pass
        else:
            from joblint.source.reading import libyaml

            gc.disable()  # a check makes few cycles and ends soon; looking for them costs a third on large files
            libyaml.prefer_lean()
            from joblint.cli.check import Call, check

            return check(Call(**values))
    gc.enable()
    from joblint.cli.commands import run

    return run(arguments)


def _guarded(function: Callable[..., int], *arguments: Any) -> int:
    """The exit status of a command; whatever goes wrong in joblint itself is told in words, without a traceback."""
    try:
        return function(*arguments)
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - stays open until the process ends
        return 0
    except KeyboardInterrupt:
        print("joblint: stopped", file=sys.stderr)
        return 130
    except (MemoryError, RecursionError) as error:
        print(f"joblint: this input is too large or too deeply nested to check ({type(error).__name__})", file=sys.stderr)
        return 2
    except Exception as error:
        if os.environ.get("JOBLINT_TRACEBACK"):
            raise
        print(f"joblint: a bug in joblint: {type(error).__name__}: {error}", file=sys.stderr)
        print("Please report it with the manifest; JOBLINT_TRACEBACK=1 shows where it happened.", file=sys.stderr)
        return 3


def leave(status: int, then: Callable[[], None] | None = None) -> NoReturn:
    """Leaves with an exit status, once all output is out and `then` is done."""
    # The interpreter's own tidying up takes longer than a check; there is nothing to tidy.
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        pass
    if then is not None:
        then()
    os._exit(status)


if __name__ == "__main__":
    main()
