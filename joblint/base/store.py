"""A file of pieces of data by key, as caches keep them: bounded, whole or not there, and never believed blindly.

Layout: a head, a table of entries (key, digest of the piece, where it begins, its length, in which run it was last of use),
the digest of head and table, the pieces one after the other. A piece is bytes; nobody runs them. A file that somebody else
may have written, or whose digests do not fit, is as good as not there, and `trouble` says why.
"""

from __future__ import annotations

import os

from joblint.base.digest import SIZE, digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    Entry = tuple[bytes, int, int, int]
    """Digest of the piece, where it begins, its length, the run in which it was last of use."""

HEAD = b"joblint cache 1\n"
_ROW = 2 * SIZE + 8 + 4 + 4
_MOST_READ = 1 << 30


class Store:
    """The pieces of a file, and those that are new. One process writes at a time, and whoever is last has written."""

    def __init__(self, path: str, most: int) -> None:
        """`path` is the file, which need not be there; `most` is how many bytes of pieces are kept."""
        self.path = path
        self.most = most
        self.trouble = ""
        self.run = 1
        self.entries: dict[bytes, Entry] = {}
        self._used: set[bytes] = set()
        self._new: dict[bytes, bytes] = {}
        self._data = b""
        self._read()

    def get(self, key: bytes) -> bytes | None:
        """A piece; None where there is none, or not the one that was put there."""
        entry = self.entries.get(key)
        if entry is None:
            return self._new.get(key)
        check, start, length, _ = entry
        piece = self._data[start : start + length]
        if digest(piece) != check:
            self.trouble = self.trouble or "a piece of it is damaged"
            del self.entries[key]
            return None
        self._used.add(key)
        return piece

    @property
    def used(self) -> int:
        """How many pieces were of use in this run."""
        return len(self._used)

    def put(self, key: bytes, piece: bytes) -> None:
        """Keep a piece, from the next `save` on for other runs as well."""
        self._new[key] = piece

    def use(self, keys: set[bytes]) -> None:
        """Note that pieces were of use, in another process."""
        self._used |= keys

    def save(self) -> bool:
        """Write the file anew where there is something new; whether it is as it should be. What was of use longest ago goes
        first where there is too much."""
        if not self._new:
            return True
        rows: list[tuple[int, bytes, bytes, bytes]] = []  # run, key, digest, piece
        for key, (check, start, length, run) in self.entries.items():
            if key not in self._new:
                rows.append((self.run if key in self._used else run, key, check, self._data[start : start + length]))
        for key, piece in self._new.items():
            rows.append((self.run, key, digest(piece), piece))
        rows.sort(key=lambda row: -row[0])
        table, pieces, at = [], [], 0
        for run, key, check, piece in rows:
            if at + len(piece) > self.most:
                continue
            table.append(
                b"".join([key, check, at.to_bytes(8, "little"), len(piece).to_bytes(4, "little"), run.to_bytes(4, "little")])
            )
            pieces.append(piece)
            at += len(piece)
        head = b"".join([HEAD, self.run.to_bytes(4, "little"), len(table).to_bytes(4, "little"), *table])
        from joblint.base.bundle import write

        return write(self.path, b"".join([head, digest(head), *pieces]))

    def _read(self) -> None:
        data = self._own()
        if data is None:
            return
        begin = len(HEAD) + 8
        if not data.startswith(HEAD) or len(data) < begin:
            self.trouble = "it is none of this version's"
            return
        run, count = int.from_bytes(data[begin - 8 : begin - 4], "little"), int.from_bytes(data[begin - 4 : begin], "little")
        end = begin + count * _ROW
        if len(data) < end + SIZE or digest(data[:end]) != data[end : end + SIZE]:
            self.trouble = "it is damaged"
            return
        first = end + SIZE
        for at in range(begin, end, _ROW):
            key, check = data[at : at + SIZE], data[at + SIZE : at + 2 * SIZE]
            at += 2 * SIZE
            start = int.from_bytes(data[at : at + 8], "little")
            length, used = int.from_bytes(data[at + 8 : at + 12], "little"), int.from_bytes(data[at + 12 : at + 16], "little")
            self.entries[key] = (check, first + start, length, used)
        self._data = data
        self.run = (run + 1) & 0xFFFFFFFF

    def _own(self) -> bytes | None:
        """The content of the file; None where it is not there or not ours."""
        try:
            handle = os.open(self.path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0))
        except FileNotFoundError:
            return None
        except OSError as error:
            self.trouble = error.strerror or str(error)
            return None
        try:
            info = os.fstat(handle)
            if hasattr(os, "geteuid") and (info.st_uid not in (0, os.geteuid()) or info.st_mode & 0o022):
                self.trouble = "somebody else can have written it"
                return None
            if info.st_size > _MOST_READ:
                self.trouble = "it is too large"
                return None
            data = os.read(handle, info.st_size)
            while len(data) < info.st_size and (more := os.read(handle, info.st_size - len(data))):
                data += more
            return data
        except OSError as error:
            self.trouble = error.strerror or str(error)
            return None
        finally:
            os.close(handle)
