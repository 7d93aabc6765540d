"""A short checksum that costs nothing to import: it detects damage and different contents, but not attacks."""

from __future__ import annotations

SIZE = 8
_KEY = 6

try:
    from _imp import source_hash
except ImportError:  # not in CPython

    def checksum(data: bytes | memoryview) -> bytes:
        """Return SIZE bytes for any input, equal in every process."""
        from joblint.base.digest import digest

        return digest(data, SIZE)

else:

    def checksum(data: bytes | memoryview) -> bytes:
        """Return SIZE bytes for any input, equal in every process."""
        return source_hash(_KEY, data)
