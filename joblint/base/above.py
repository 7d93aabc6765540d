"""Which parent directories may contain settings for the files below: those up to the checkout's root or the home directory.

A configuration that another user has put into a shared directory such as /tmp must not affect what is checked below it.
"""

from __future__ import annotations

import os
from stat import S_IWOTH


def upwards(folder: str) -> tuple[str, ...]:
    """Return the directory (an absolute path) and the parents that count, the nearest first.

    The root of a checkout (which contains `.git`) and the home directory are the last ones; the first parent directory that
    belongs to somebody else, or that everybody may write to, and all above it are not included.
    """
    found = [folder]
    home = os.environ.get("HOME") or ""
    try:
        owner: int | None = os.stat(folder).st_uid
    except OSError:
        owner = None
    while found[-1] != home and not os.path.lexists(os.path.join(found[-1], ".git")):
        above = os.path.dirname(found[-1])
        if above == found[-1] or not _is_ours(above, owner):
            break
        found.append(above)
    return tuple(found)


def _is_ours(folder: str, owner: int | None) -> bool:
    """Whether a directory belongs to us or to the owner of the one below, and not everybody may write to it."""
    if not hasattr(os, "geteuid"):
        return True
    try:
        info = os.stat(folder)
    except OSError:
        return False
    return not info.st_mode & S_IWOTH and info.st_uid in (owner, os.geteuid())


def is_planted(path: str) -> bool:
    """Whether a file is in a directory that everybody may write to, and belongs neither to us nor to the directory's owner."""
    if not hasattr(os, "geteuid"):
        return False
    try:
        folder, file = os.stat(os.path.dirname(path) or "."), os.lstat(path)
    except OSError:
        return False
    return bool(folder.st_mode & S_IWOTH) and file.st_uid not in (os.geteuid(), folder.st_uid)
