"""Functions whose value is another one each time: texts of the same form in their places. Source: sprig 3.3 (crypto.go,
date.go)."""

from __future__ import annotations

from joblint.source.helm.nodes import Unsupported
from joblint.source.helm.values import Struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_LAYOUT = (
    ("2006", "2024"),
    ("January", "January"),
    ("Monday", "Monday"),
    ("-0700", "+0000"),
    ("Z07:00", "Z"),
    ("MST", "UTC"),
    ("01", "01"),
    ("02", "15"),
    ("15", "12"),
    ("03", "12"),
    ("04", "30"),
    ("05", "45"),
    ("06", "24"),
)
"""Parts of Go's layouts, and what they are in some second."""


class _Moment(Struct):
    __slots__ = ()


def _date(layout: Any, *_: Any) -> str:
    import re

    if re.search(r"[A-Za-z]", re.sub("|".join([re.escape(part) for part, _ in _LAYOUT]) + "|T|Z", "", layout)):
        raise Unsupported("a layout of this form")
    parts = dict(_LAYOUT)
    return re.sub("|".join([re.escape(part) for part, _ in _LAYOUT]), lambda match: parts[match[0]], layout)


def _letters(count: Any) -> str:
    return "x" * min(int(count), 1000)


def _pair(*_: Any) -> Struct:
    return Struct({"Cert": "unknown", "Key": "unknown"})


CHANGING: dict[str, Callable[..., Any]] = {
    "now": _Moment,
    "date": _date,
    "dateInZone": _date,
    "date_in_zone": _date,
    "htmlDate": lambda *_: "2024-01-15",
    "unixEpoch": lambda *_: "1705321845",
    "randAlphaNum": _letters,
    "randAlpha": _letters,
    "randAscii": _letters,
    "randBytes": lambda count: "eHh4" * (int(count) // 3 + 1),
    "randNumeric": lambda count: "1" * min(int(count), 1000),
    "randInt": lambda least, _: least,
    "uuidv4": lambda: "7f3c1b9e-2d4a-4c8e-9b1f-5a6d7e8f9a0b",
    "genCA": _pair,
    "genCAWithKey": _pair,
    "genSelfSignedCert": _pair,
    "genSelfSignedCertWithKey": _pair,
    "genSignedCert": _pair,
    "genSignedCertWithKey": _pair,
    "genPrivateKey": lambda *_: "unknown",
    "derivePassword": lambda *_: "unknown",
    "htpasswd": lambda user, _: f"{user}:unknown",
    "bcrypt": lambda *_: "unknown",
    "encryptAES": lambda *_: "unknown",
}
