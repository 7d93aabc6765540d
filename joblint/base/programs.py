"""Running a program that somebody else wrote (helm, kustomize): arguments as a list, a time limit, little of the environment."""

from __future__ import annotations

import os

SECONDS = 60
"""Seconds that one run may take."""

MOST = 1 << 28
"""Bytes of output that are read."""

_KEPT = ("PATH", "PATHEXT", "SYSTEMROOT", "WINDIR", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP")
"""What a program gets to see of the environment: no credentials, no settings of its own."""


class ProgramError(Exception):
    """A program is not there, does not end, or says no; with words for a person."""


def is_there(name: str) -> bool:
    """Whether a program is on the PATH."""
    from shutil import which

    return which(name) is not None


def output(command: list[str], home: str, more: dict[str, str], folder: str | None = None) -> tuple[bytes, str]:
    """What a command prints, and what it says on standard error. `home` is an empty folder that it takes for the home; `more`
    are variables besides. Raises ProgramError."""
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
        raise ProgramError(said or f"{name} failed with exit code {done.returncode}")
    if len(done.stdout) > MOST:
        raise ProgramError(f"{name} printed more than {MOST >> 20} MiB")
    return done.stdout, said
