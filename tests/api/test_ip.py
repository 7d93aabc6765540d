"""IP addresses as Go reads and writes them, laxly and strictly; the standard library's ipaddress as a measure."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joblint.api.go import ip

_NO = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"


@pytest.mark.parametrize(
    ("text", "strict", "lax"),
    [
        ("10.0.0.1", None, True),
        ("010.0.0.1", "must not have leading 0s", True),
        ("1.2.3", _NO, False),
        ("1.2.3.4.5", _NO, False),
        ("1.2.3.256", _NO, False),
        ("1.2.3.-4", _NO, False),
        ("::", None, True),
        ("::1", None, True),
        (":1", _NO, False),
        ("1::2::3", _NO, False),
        ("fe80::1%eth0", _NO, False),
        ("::ffff:1.2.3.4", "must not be an IPv4-mapped IPv6 address", True),
        ("::1.2.3.4", None, True),
        ("1:2:3:4:5:6:1.2.3.4", None, True),
        ("1:2:3:4:5:6:7:8", None, True),
        ("1:2:3:4:5:6:7:8:9", _NO, False),
        ("1:2:3:4:5:6:7:8::", _NO, False),
        ("::00001", "must not have leading 0s", True),
        ("::12345", _NO, False),
        ("", _NO, False),
        ("host", _NO, False),
    ],
)
def test_reading(text: str, strict: str | None, lax: bool) -> None:
    assert ip.is_valid_ip_for_legacy_field(text, strict=True) == (() if strict is None else (strict,))
    assert ip.is_valid_ip_for_legacy_field(text, strict=False) == (() if lax else (_NO,))


@given(st.integers(0, 2**128 - 1) | st.lists(st.sampled_from([0, 1, 0xFFFF]), min_size=8, max_size=8))
def test_writing_ipv6(groups: int | list[int]) -> None:
    number = groups if isinstance(groups, int) else sum(g << 16 * i for i, g in enumerate(groups))
    if ip.is_mapped(number):
        return
    text = str(ipaddress.IPv6Address(number))
    assert ip.show(number) == text
    assert ip.parse_sloppy(text) == number
    assert ip.is_valid_ip_for_legacy_field(text, strict=True) == ()


@given(st.integers(0, 2**32 - 1))
def test_writing_ipv4(number: int) -> None:
    text = str(ipaddress.IPv4Address(number))
    assert ip.is_valid_ip_for_legacy_field(text, strict=True) == ()
    parsed = ip.parse_sloppy(text)
    assert parsed is not None
    assert ip.is_mapped(parsed)
    assert ip.show(parsed) == text
