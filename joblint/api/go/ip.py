"""IP addresses as the API server reads them; knows strings only.

An address is its sixteen bytes as one number; IPv4 is in the IPv4-mapped range, as in Go's net.IP.

Source: Kubernetes 1.36.3, k8s.io/apimachinery pkg/util/validation/ip.go, over Go's net/netip and the older, laxer parser
in k8s.io/utils (leading zeros are accepted).
"""

from __future__ import annotations

_MAPPED = 0xFFFF << 32
_HEX = "0123456789abcdefABCDEF"


def parse_sloppy(text: str) -> int | None:
    """The address, or None if the text is none; zeros may lead a part, IPv4 may be mapped into IPv6."""
    for ch in text:
        if ch == ".":
            four = _parse_v4(text)
            return None if four is None else _MAPPED | four
        if ch == ":":
            return _parse_v6(text)
    return None


def _parse_v4(text: str) -> int | None:
    parts = text.split(".")
    if len(parts) != 4:
        return None
    number = 0
    for part in parts:
        if part == "" or part.strip("0123456789"):
            return None
        short = part.lstrip("0")
        if len(short) > 3 or int(short or "0") > 255:
            return None
        number = number << 8 | int(short or "0")
    return number


def _parse_v6(text: str) -> int | None:
    head, gap, tail = text.partition("::")
    if "::" in tail or tail.startswith(":"):
        return None
    before = _groups(head, last=not gap)
    after = _groups(tail, last=True) if gap else ()
    if before is None or after is None:
        return None
    missing = 8 - len(before) - len(after)
    if missing < 1 if gap else missing != 0:
        return None
    number = 0
    for group in (*before, *([0] * missing), *after):
        number = number << 16 | group
    return number


def _groups(text: str, last: bool) -> tuple[int, ...] | None:
    """The 16-bit groups of a part of an IPv6 address; the last part may end in IPv4."""
    if text == "":
        return ()
    groups: list[int] = []
    parts = text.split(":")
    for i, part in enumerate(parts):
        if last and "." in part and i == len(parts) - 1:
            four = _parse_v4(part)
            if four is None:
                return None
            groups += (four >> 16, four & 0xFFFF)
            continue
        short = part.lstrip("0")
        if part == "" or part.strip(_HEX) or len(short) > 4:
            return None
        groups.append(int(short or "0", 16))
    return tuple(groups)


def is_mapped(address: int) -> bool:
    """Whether the address is in the range of IPv4."""
    return address >> 32 == 0xFFFF


def is_strict(text: str) -> bool:
    """Return whether Go's netip accepts an address that the lax parser accepted: no leading zeros, at most four digits a
    group."""
    if ":" not in text:
        return not any(len(part) > 1 and part[0] == "0" for part in text.split("."))
    for part in text.split(":"):
        if "." in part:
            if not is_strict(part):
                return False
        elif len(part) > 4:
            return False
    return True


def show(address: int) -> str:
    """Return the address as Go writes it: dotted for IPv4, otherwise by RFC 5952."""
    if is_mapped(address):
        return ".".join(str(address >> shift & 255) for shift in (24, 16, 8, 0))
    groups = [address >> shift & 0xFFFF for shift in range(112, -1, -16)]
    best_start, best_len, i = 0, 1, 0
    while i < 8:
        j = i
        while j < 8 and groups[j] == 0:
            j += 1
        if j - i > best_len:
            best_start, best_len = i, j - i
        i = max(j, i + 1)
    if best_len == 1:
        return ":".join(f"{group:x}" for group in groups)
    head = ":".join(f"{group:x}" for group in groups[:best_start])
    return f"{head}::{':'.join(f'{group:x}' for group in groups[best_start + best_len :])}"


def is_valid_ip_for_legacy_field(value: str, strict: bool) -> tuple[str, ...]:
    """Return complaints about an address in an old field; `strict` if the gate StrictIPCIDRValidation is on."""
    address = parse_sloppy(value)
    if address is None:
        return ("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",)
    if not strict:
        return ()
    if not is_strict(value):
        return ("must not have leading 0s",)
    return ("must not be an IPv4-mapped IPv6 address",) if ":" in value and is_mapped(address) else ()


def warning_for_ip(path: str, value: str) -> tuple[str, ...]:
    """Return the server's warning about an address that is accepted but not in its standard form."""
    address = parse_sloppy(value)
    if address is None:
        return ()
    canonical = show(address)
    if not is_strict(value) or (":" in value and is_mapped(address)):
        return (f'{path}: non-standard IP address "{value}" is invalid: use "{canonical}"',)
    if ":" in value and canonical != value:
        return (f'{path}: IPv6 address "{value}" should be in RFC 5952 canonical format ("{canonical}")',)
    return ()
