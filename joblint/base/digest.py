"""A digest of bytes, equal in every process and on every machine; imports no cryptography library, which would take longer than
a check."""

from __future__ import annotations

try:
    from _blake2 import blake2b  # where hashlib gets it from
except ImportError:  # not in CPython
    from hashlib import blake2b

SIZE = 16


def digest(data: bytes | memoryview, size: int = SIZE) -> bytes:
    """Return a BLAKE2b digest of `size` bytes; no two inputs with the same digest are known."""
    return blake2b(data, digest_size=size).digest()
