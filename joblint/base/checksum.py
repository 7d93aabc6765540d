"""A short number for bytes that costs nothing to import: to see damage, or two things of one name, not to withstand anybody."""

from __future__ import annotations

SIZE = 8
_KEY = 6

try:
    from _imp import source_hash
except ImportError:  # not in CPython

    def checksum(data: bytes) -> bytes:
        """SIZE bytes for any number of them, equal in every process."""
        from joblint.base.digest import digest

        return digest(data, SIZE)

else:

    def checksum(data: bytes) -> bytes:
        """SIZE bytes for any number of them, equal in every process."""
        return source_hash(_KEY, data)
