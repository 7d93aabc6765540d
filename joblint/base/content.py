"""The bytes of files that somebody else may have created: it never reads indefinitely and never waits indefinitely.

docs/reliability.md describes what is read.
"""

from __future__ import annotations

import os
import sys
from stat import S_ISBLK, S_ISCHR, S_ISREG

MOST = 1 << 30
"""The largest number of bytes read from one file of manifests, or from standard input."""

MOST_SMALL = 16 << 20
"""The largest number of bytes read from a configuration, a kustomization or a similar file."""

EMPTY = "standard input is empty: there is nothing to read"
_MOST_BLANK = 1 << 16  # texts of at least this many bytes are not checked for being empty line by line

NOT_REGULAR = "not a regular file"
_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_AT_ONCE = getattr(os, "O_NONBLOCK", 0)


def manifests(path: str) -> bytes:
    """Return the content of a file that was specified, or found in a directory. It may be a pipe, but not a device.

    Raises OSError, also for more than MOST bytes.
    """
    descriptor = os.open(path, os.O_RDONLY | _BINARY)
    try:
        info = os.fstat(descriptor)
        if S_ISBLK(info.st_mode) or (S_ISCHR(info.st_mode) and not os.isatty(descriptor) and path != os.devnull):
            raise OSError(22, "a device, which is not read")
        return _all(descriptor, info.st_size if S_ISREG(info.st_mode) else 0, MOST)
    finally:
        os.close(descriptor)


def standard_input() -> bytes:
    """Return all of standard input. Raises OSError if it cannot be read, is closed, has more than MOST bytes, or contains
    nothing but white space, comments and `---` lines: if something is piped in, it is meant to be read (kubectl reports "no
    objects passed to apply")."""
    if sys.stdin is None:
        raise OSError(9, "standard input is closed")
    parts, length = [], 0
    while more := sys.stdin.buffer.read(1 << 20):
        parts.append(more)
        length += len(more)
        if length > MOST:
            raise OSError(27, _too_large(MOST))
    data = b"".join(parts)
    if _is_blank(data):
        raise OSError(61, EMPTY)
    return data


def _is_blank(data: bytes) -> bool:
    lines = data.split(b"\n") if len(data) < _MOST_BLANK else [data]
    return all(not line.strip(b" \t\r-") or line.lstrip().startswith(b"#") for line in lines)


def small(path: str) -> bytes:
    """Return the content of a file that joblint looks for itself: a regular file of at most MOST_SMALL bytes. Raises
    OSError."""
    if path == os.devnull:
        return b""
    descriptor = os.open(path, os.O_RDONLY | _BINARY | _AT_ONCE)  # opening a pipe would wait for its writer
    try:
        info = os.fstat(descriptor)
        if not S_ISREG(info.st_mode):
            raise OSError(22, NOT_REGULAR)
        return _all(descriptor, info.st_size, MOST_SMALL)
    finally:
        os.close(descriptor)


def _all(descriptor: int, size: int, most: int) -> bytes:
    if size > most:
        raise OSError(27, _too_large(most))
    data = os.read(descriptor, size + 1 if size else 1 << 20)
    if size and len(data) == size:
        return data
    parts, length = [data], len(data)  # a pipe, or a file with another length than it reports
    while more := os.read(descriptor, 1 << 20):
        parts.append(more)
        length += len(more)
        if length > most:
            raise OSError(27, _too_large(most))
    return b"".join(parts)


def _too_large(most: int) -> str:
    return f"larger than {most >> 20} MiB, so it is not read"
