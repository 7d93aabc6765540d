"""Files at a Git revision; runs git and nothing else."""

from __future__ import annotations

import os
import subprocess

from joblint.base.files import SUFFIXES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class RevisionError(Exception):
    """An error of git; the text is for a person."""


def contents_at(revision: str, path: str) -> Iterator[tuple[str, bytes]]:
    """Return name and content of the file, or of the manifests of the directory, at the revision.

    Raises RevisionError if there is no git, no checkout, or no such revision.
    """
    if path == "-":
        raise RevisionError("--git cannot be used with standard input")
    if revision.startswith("-"):
        raise RevisionError(f"{revision} is not a revision")
    folder = path if os.path.isdir(path) else os.path.dirname(path) or "."
    commit = commit_of(folder, revision, f"unknown Git revision {revision!r}")
    inside = "." if os.path.isdir(path) else os.path.basename(path)
    listing = git(folder, "ls-tree", "-r", "-z", "--name-only", commit, "--", inside).decode("utf-8", "surrogateescape")
    for name in listing.split("\0"):
        if name and (inside != "." or name.lower().endswith(SUFFIXES)):
            yield f"{revision}:{os.path.join(folder, name)}", git(folder, "show", f"{commit}:./{name}")


def commit_of(folder: str, revision: str, told: str) -> str:
    """Return the hash of the commit of a revision, so that its name is not passed to git again. Raises RevisionError."""
    commit = git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", told=told)
    return commit.decode("ascii").strip()


def git(folder: str, *arguments: str, told: str = "") -> bytes:
    """Return git's output for some arguments in a directory. Raises RevisionError, with the text `told` or git's own."""
    try:
        command = ["git", "-c", "core.fsmonitor=false", "-C", folder, *arguments]
        result = subprocess.run(command, capture_output=True, check=False, env=_environment())
    except OSError:
        raise RevisionError("git is not installed") from None
    if result.returncode != 0:
        words = result.stderr.decode("utf-8", "replace").strip().splitlines()
        raise RevisionError(told or (words[-1] if words else "git failed"))
    return result.stdout


_OF_ONE_CHECKOUT = frozenset(
    ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR")
    + ("GIT_PREFIX", "GIT_NAMESPACE", "GIT_GRAFT_FILE", "GIT_SHALLOW_FILE", "GIT_REPLACE_REF_BASE", "GIT_GLOB_PATHSPECS")
    + ("GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS")
)
"""Variables that git sets for its hooks: they select a checkout, and would do so for every directory."""


def _environment() -> dict[str, str]:
    """The environment for git: the directory selects the checkout, and a path is a path, whatever it begins with."""
    own = {name: value for name, value in os.environ.items() if name not in _OF_ONE_CHECKOUT}
    return {**own, "GIT_LITERAL_PATHSPECS": "1", "GIT_OPTIONAL_LOCKS": "0"}
