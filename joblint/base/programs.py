"""Running a program that somebody else wrote (helm, kustomize): arguments as a list, a time limit, few environment
variables."""

from __future__ import annotations

import os

SECONDS = 60
"""Time limit of one run, in seconds."""

MOST = 1 << 28
"""The most bytes of output that are read."""

_KEPT = ("PATH", "PATHEXT", "SYSTEMROOT", "WINDIR", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP")
"""The environment variables that a program gets: no credentials, no settings of its own."""


class ProgramError(Exception):
    """A program is missing, does not finish in time, or fails; the text is for a person; `printed` is its output until then."""

    def __init__(self, said: str, printed: bytes = b"") -> None:
        super().__init__(said)
        self.printed = printed


def is_there(name: str) -> bool:
    """Whether a program is on the PATH."""
    from shutil import which

    return which(name) is not None


def output(command: list[str], home: str, more: dict[str, str], folder: str | None = None) -> tuple[bytes, str]:
    """Return a command's output and what it prints to standard error.

    `home` is an empty directory that becomes the program's home; `more` contains additional environment variables. Raises
    ProgramError.
    """
    import subprocess

    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment |= {"HOME": home, "USERPROFILE": home, "KUBECONFIG": os.devnull} | more
    name = command[0]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=SECONDS,
            env=environment,
            cwd=folder,
        )
    except FileNotFoundError:
        raise ProgramError(f"{name} is not on the PATH") from None
    except OSError as error:
        raise ProgramError(f"{name}: {error.strerror or error}") from None
    except subprocess.TimeoutExpired:
        raise ProgramError(f"{name} did not finish within {SECONDS}s") from None
    said = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode:
        raise ProgramError(said or f"{name} failed with exit code {done.returncode}", done.stdout[:MOST])
    if len(done.stdout) > MOST:
        raise ProgramError(f"{name} printed more than {MOST >> 20} MiB")
    return done.stdout, said
