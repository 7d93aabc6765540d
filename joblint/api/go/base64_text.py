"""What Go's base64 decoder says of a text that it cannot read; knows nothing else.

Source: Go 1.25 encoding/base64/base64.go decodeQuantum, for StdEncoding (padding required, not strict).
"""

from __future__ import annotations

_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")


def corrupt_at(text: str) -> int:
    """Return the number of the byte that Go reports ("illegal base64 data at input byte 4"); -1 for valid text.

    Line breaks are skipped, as Go does.
    """
    data = text.encode("utf-8", "surrogatepass").decode("latin-1")
    size, at = len(data), 0
    while at < size:
        got = 0
        while got < 4:
            if at == size:
                return at - got if got else -1
            char = data[at]
            at += 1
            if char in "\r\n":
                continue
            if char in _ALPHABET:
                got += 1
            elif char != "=" or got < 2:
                return at - 1
            else:
                return _padding(data, at, got)
    return -1


def _padding(data: str, at: int, got: int) -> int:
    """The same for what follows the first `=`; `at` is the byte after it."""
    size = len(data)
    if got == 2:
        while at < size and data[at] in "\r\n":
            at += 1
        if at == size:
            return size
        if data[at] != "=":
            return at - 1
        at += 1
    while at < size and data[at] in "\r\n":
        at += 1
    return at if at < size else -1
