"""Paths as they count from the root of the checkout; knows the file system, runs nothing."""

from __future__ import annotations

import os


def root_of(folder: str) -> str | None:
    """The root of the checkout (of git, or a worktree of it) that a folder, an absolute path, is in; None outside of one."""
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return folder


def in_checkout(file: str) -> str:
    """A file's path from the root of the checkout around the working folder, with `/`, as CI systems count.

    What is outside of it, and standard input, stays as it is.
    """
    if file.startswith("<"):
        return file
    here = os.getcwd()
    root = root_of(here) or here
    full = os.path.normpath(os.path.join(here, file))
    return (full[len(root) + 1 :] if full.startswith(root + os.sep) else file).replace(os.sep, "/")
