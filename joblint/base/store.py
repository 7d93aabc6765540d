"""A file of pieces of data by key, as caches keep them: limited in size, read piece by piece, and verified before use.

Layout: a head; pieces; a table of entries (key, digest of the piece, its offset, its length, the last run that used it); then
the offset of that table, the run, and the digest of both and of the table. A run appends its new pieces and a new table, so
that the cost of writing depends on what is new; a full file is rewritten, completely or not at all. A piece is bytes, which are
never executed. A file that somebody else may have written, or whose digests do not match, is ignored, and `trouble` gives the
reason.
"""

from __future__ import annotations

import os
import stat

from joblint.base.digest import SIZE, digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    Entry = tuple[bytes, int, int, int]
    """Digest of the piece, its offset, its length, the last run that used it."""

HEAD = b"joblint cache 2\n"
_ROW = 2 * SIZE + 8 + 4 + 4
_END = 8 + 4 + SIZE
"""What follows the last table: its offset, the run, their digest."""

_MOST_READ = 1 << 30


class Store:
    """The pieces of a file, and the new ones. One process writes at a time; others then discard their new pieces."""

    def __init__(self, path: str, most: int) -> None:
        """`path` is the file, which need not exist; `most` is its maximum size in bytes, without tables."""
        self.path = path
        self.most = most
        self.trouble = ""
        self.run = 1
        self.entries: dict[bytes, Entry] = {}
        self._used: set[bytes] = set()
        self._new: dict[bytes, bytes] = {}
        self._handle = -1
        self._size = 0
        handle = self._own()
        if handle >= 0:
            self._handle = handle
            self._read(handle)

    def __del__(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)

    def get(self, key: bytes) -> bytes | None:
        """Return a piece; None if it is missing or damaged."""
        entry = self.entries.get(key)
        if entry is None:
            return self._new.get(key)
        check, start, length, _ = entry
        piece = _bytes(self._handle, start, length)
        if piece is None or digest(piece) != check:
            self.trouble = self.trouble or "it is partly damaged"
            del self.entries[key]
            return None
        self._used.add(key)
        return piece

    @property
    def used(self) -> int:
        """Return how many pieces this run used."""
        return len(self._used)

    def put(self, key: bytes, piece: bytes) -> None:
        """Keep a piece, available to other runs after the next `save`."""
        self._new[key] = piece

    def use(self, keys: set[bytes]) -> None:
        """Record that another process used pieces."""
        self._used |= keys

    def save(self) -> bool:
        """Write what is new; return whether the file is up to date. If it is full, the pieces unused for longest are removed
        first."""
        if not self._new:
            return True
        more = sum(map(len, self._new.values()))
        if self._handle < 0 or self.trouble or self._size + more > self.most:
            return self._write()
        try:
            from fcntl import LOCK_EX, LOCK_NB, flock
        except ImportError:  # no such locks on this system
            return self._write()
        handle = -1
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_NOFOLLOW)
            flock(handle, LOCK_EX | LOCK_NB)  # until it is closed
            if not os.path.sameopenfile(handle, self._handle) or os.fstat(handle).st_size != self._size:
                return True  # another run was faster: its results are as good as ours
            return self._add(handle)
        except OSError:
            return False
        finally:
            if handle >= 0:
                os.close(handle)

    def _add(self, handle: int) -> bool:
        at, pieces, rows = self._size, [], self._known()
        for key, piece in self._new.items():
            rows.append((key, digest(piece), at, len(piece), self.run))
            pieces.append(piece)
            at += len(piece)
        data = b"".join([*pieces, _table(rows, at, self.run)])
        try:
            os.lseek(handle, self._size, os.SEEK_SET)
            while data:
                data = data[os.write(handle, data) :]
        except BaseException:
            os.ftruncate(handle, self._size)
            raise
        return True

    def _known(self) -> list[tuple[bytes, bytes, int, int, int]]:
        """The entries of what is in the file."""
        return [
            (key, check, start, length, self.run if key in self._used else run)
            for key, (check, start, length, run) in self.entries.items()
            if key not in self._new
        ]

    def _write(self) -> bool:
        """Rewrite the file: what was used, and as much of the rest as leaves room for new pieces."""
        rows, pieces, at = [], [HEAD], len(HEAD)
        for key, piece in self._new.items():
            if at + len(piece) <= self.most:
                rows.append((key, digest(piece), at, len(piece), self.run))
                pieces.append(piece)
                at += len(piece)
        for key, check, start, length, run in sorted(self._known(), key=lambda row: -row[4]):
            if at + length > (self.most if key in self._used else self.most // 2):
                break
            old = _bytes(self._handle, start, length)
            if old is not None and len(old) == length:
                rows.append((key, check, at, length, run))
                pieces.append(old)
                at += length
        from joblint.base.bundle import write

        if os.name == "nt" and self._handle >= 0:  # an open file is not replaced there
            os.close(self._handle)
            self._handle = -1
        return write(self.path, b"".join([*pieces, _table(rows, at, self.run)]))

    def _read(self, handle: int) -> None:
        size = self._size
        head, end = _bytes(handle, 0, len(HEAD)), _bytes(handle, max(0, size - _END), _END)
        if head != HEAD or end is None or len(end) < _END:
            self.trouble = "it belongs to another version"
            return
        begin, run = int.from_bytes(end[:8], "little"), int.from_bytes(end[8:12], "little")
        if not len(HEAD) <= begin <= size - _END or (size - _END - begin) % _ROW:
            self.trouble = "it is damaged"
            return
        table = _bytes(handle, begin, size - _END - begin)
        if table is None or digest(table + end[:12]) != end[12:]:
            self.trouble = "it is damaged"
            return
        for at in range(0, len(table), _ROW):
            key, check = table[at : at + SIZE], table[at + SIZE : at + 2 * SIZE]
            at += 2 * SIZE
            start = int.from_bytes(table[at : at + 8], "little")
            length, used = int.from_bytes(table[at + 8 : at + 12], "little"), int.from_bytes(table[at + 12 : at + 16], "little")
            self.entries[key] = (check, start, length, used)
        self.run = (run + 1) & 0xFFFFFFFF

    def _own(self) -> int:
        """Return the file, open, and its size; -1 if it does not exist or belongs to somebody else."""
        at_once = getattr(os, "O_NONBLOCK", 0)  # opening a pipe would wait for its writer
        try:
            handle = os.open(self.path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | at_once)
        except FileNotFoundError:
            return -1
        except OSError as error:
            self.trouble = error.strerror or str(error)
            return -1
        try:
            info = os.fstat(handle)
            if not stat.S_ISREG(info.st_mode):
                self.trouble = "it is not a regular file"
            elif hasattr(os, "geteuid") and (info.st_uid not in (0, os.geteuid()) or info.st_mode & 0o022):
                self.trouble = "another user can write to it"
            elif info.st_size > _MOST_READ:
                self.trouble = "it is too large"
            else:
                _share(handle)
                self._size = os.fstat(handle).st_size
                return handle
        except OSError as error:
            self.trouble = error.strerror or str(error)
        os.close(handle)
        return -1


def _share(handle: int) -> None:
    """Wait for a run that is writing to the file: it takes a moment."""
    try:
        from fcntl import LOCK_SH, LOCK_UN, flock
    except ImportError:
        return
    flock(handle, LOCK_SH)
    flock(handle, LOCK_UN)


def _table(rows: list[tuple[bytes, bytes, int, int, int]], begin: int, run: int) -> bytes:
    table = b"".join(
        [
            b"".join([key, check, start.to_bytes(8, "little"), length.to_bytes(4, "little"), used.to_bytes(4, "little")])
            for key, check, start, length, used in rows
        ]
    )
    end = begin.to_bytes(8, "little") + run.to_bytes(4, "little")
    return b"".join([table, end, digest(table + end)])


def _bytes(handle: int, start: int, length: int) -> bytes | None:
    """Return a part of a file; processes that share the handle do not share a position in it. None if it cannot be read."""
    try:
        if hasattr(os, "pread"):
            return os.pread(handle, length, start)
        os.lseek(handle, start, os.SEEK_SET)
        return os.read(handle, length)
    except OSError:
        return None
