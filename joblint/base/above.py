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
    return Above().upwards(folder)


class Above:
    """`upwards` for many directories of a run: each of them and of their parents is looked at once."""

    def __init__(self) -> None:
        self._home = os.environ.get("HOME") or ""
        self._last: dict[str, bool] = {}
        self._owners: dict[str, tuple[int, int] | None] = {}

    def upwards(self, folder: str) -> tuple[str, ...]:
        """Return the directory and the parents that count, see `upwards`."""
        found = [folder]
        last, owners = self._last, self._owners
        own = owners[folder] if folder in owners else self._look(folder)
        while True:
            end = last.get(folder)
            if end is None:
                end = last[folder] = folder == self._home or os.path.lexists(os.path.join(folder, ".git"))
            above = folder if end else os.path.dirname(folder)
            if above == folder or not self._is_ours(above, own):
                return tuple(found)
            found.append(above)
            folder = above

    def _look(self, folder: str) -> tuple[int, int] | None:
        try:
            info = os.stat(folder)
            found = self._owners[folder] = (info.st_mode, info.st_uid)
        except OSError:
            self._owners[folder] = found = None
        return found

    def _is_ours(self, folder: str, below: tuple[int, int] | None) -> bool:
        """Whether a directory belongs to us or to the owner of the one below, and not everybody may write to it."""
        if not hasattr(os, "geteuid"):
            return True
        info = self._owners[folder] if folder in self._owners else self._look(folder)
        if info is None or info[0] & S_IWOTH:
            return False
        return below is not None and info[1] == below[1] or info[1] == os.geteuid()


def is_planted(path: str) -> bool:
    """Whether a file is in a directory that everybody may write to, and belongs neither to us nor to the directory's owner."""
    if not hasattr(os, "geteuid"):
        return False
    try:
        folder, file = os.stat(os.path.dirname(path) or "."), os.lstat(path)
    except OSError:
        return False
    return bool(folder.st_mode & S_IWOTH) and file.st_uid not in (os.geteuid(), folder.st_uid)
