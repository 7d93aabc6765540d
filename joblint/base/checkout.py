"""Paths relative to the root of the checkout; knows the filesystem, runs nothing."""

from __future__ import annotations

import os


def root_of(folder: str) -> str | None:
    """Return the root of the checkout (of git, or a worktree) that contains a directory (an absolute path); None outside of
    one."""
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return folder


def in_checkout(file: str) -> str:
    """Return a file's path relative to the root of the checkout around the working directory, with `/`, as CI systems expect
    it.

    Paths outside of the checkout, and standard input, are returned unchanged.
    """
    if file.startswith("<"):
        return file
    here = os.getcwd()
    root = root_of(here) or here
    full = os.path.normpath(os.path.join(here, file))
    return (full[len(root) + 1 :] if full.startswith(root + os.sep) else file).replace(os.sep, "/")
