"""A number for bytes, equal in every process and on every machine; imports no cryptography library, which would take longer
than a check."""

from __future__ import annotations

try:
    from _blake2 import blake2b  # what hashlib itself takes it from
except ImportError:  # not in CPython
    from hashlib import blake2b

SIZE = 16


def digest(data: bytes, size: int = SIZE) -> bytes:
    """So many bytes for any number of them; no two texts are known that have the same."""
    return blake2b(data, digest_size=size).digest()
