"""Writing a file completely or not at all, by renaming a new file; knows the filesystem."""

from __future__ import annotations

import os


def write_whole(path: str, data: bytes) -> None:
    """Write data to a file in one step, so that no reader sees an incomplete file; missing parent directories are created.

    A path that is not a regular file (a pipe, /dev/stderr) is written to directly. Raises OSError; an existing file is then
    unchanged.
    """
    if not _is_special(path):
        path = os.path.realpath(path)
    if _is_special(path):  # asked before the links are followed as well: /dev/stdout may lead to a pipe, which has no path
        with open(path, "wb") as file:
            file.write(data)
        return
    import tempfile

    folder = os.path.dirname(path)
    os.makedirs(folder, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".joblint-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, _mode(path))
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _is_special(path: str) -> bool:
    return os.path.exists(path) and not os.path.isfile(path)


def _mode(path: str) -> int:
    try:
        return os.stat(path).st_mode & 0o7777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
