"""Files as they were at a revision of git; runs git and nothing else."""

from __future__ import annotations

import os
import subprocess

from joblint.base.files import SUFFIXES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class RevisionError(Exception):
    """What git could not give; the text is for a person."""


def contents_at(revision: str, path: str) -> Iterator[tuple[str, bytes]]:
    """Name and content of the file, or of the manifests of the folder, as they were at the revision.

    Raises RevisionError where there is no git, no checkout, or no such revision.
    """
    if path == "-":
        raise RevisionError("--git compares a file or folder with its own past, not standard input")
    if revision.startswith("-"):
        raise RevisionError(f"{revision} is no revision")
    folder = path if os.path.isdir(path) else os.path.dirname(path) or "."
    git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", told=f"git knows no revision {revision!r} here")
    inside = "." if os.path.isdir(path) else os.path.basename(path)
    listing = git(folder, "ls-tree", "-r", "-z", "--name-only", revision, "--", inside).decode("utf-8", "surrogateescape")
    for name in listing.split("\0"):
        if name and (inside != "." or name.lower().endswith(SUFFIXES)):
            yield f"{revision}:{os.path.join(folder, name)}", git(folder, "show", f"{revision}:./{name}")


def git(folder: str, *arguments: str, told: str = "") -> bytes:
    """What git prints for some arguments in a folder. Raises RevisionError, in the words `told` or git's own."""
    try:
        result = subprocess.run(["git", "-C", folder, *arguments], capture_output=True, check=False)
    except OSError:
        raise RevisionError("this needs git, which is not installed") from None
    if result.returncode != 0:
        words = result.stderr.decode("utf-8", "replace").strip().splitlines()
        raise RevisionError(told or (words[-1] if words else "git failed"))
    return result.stdout
