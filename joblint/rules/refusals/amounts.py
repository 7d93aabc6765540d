"""Quantities that the server cannot parse: where they are, and what was meant; knows the subject, no texts."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.subject import Subject

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ "
_SUFFIXES = ("m", "k", "M", "G", "Ki", "Mi", "Gi", "Ti")
_UNITS = {
    "kb": "k",
    "mb": "M",
    "gb": "G",
    "tb": "T",
    "kib": "Ki",
    "mib": "Mi",
    "gib": "Gi",
    "tib": "Ti",
    "ki": "Ki",
    "mi": "Mi",
    "gi": "Gi",
    "ti": "Ti",
    "g": "G",
    "t": "T",
    "p": "P",
}
_THOUSANDTHS = frozenset(("m", "mi", "mcpu", "mcore", "mcores", "millicore", "millicores", "millicpu", "millicpus"))
_SECONDS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "min": 60, "s": 1, "sec": 1}
_CORES = frozenset(("core", "cores", "cpu", "cpus", "vcpu", "vcpus"))


def first_malformed(s: Subject) -> tuple[str, object] | None:
    """Return the field and the value of the first quantity that the server cannot parse; its error contains no field."""
    from joblint.api.go.quantity import parse

    for path, value in s.document.scalars(s.prefix):
        field = path[len(s.prefix) :]
        if (
            ".limits" not in field
            and ".requests" not in field
            and not field.endswith(("sizeLimit", "divisor"))
            and ".overhead" not in field
        ):
            continue
        try:
            parse(str(value))
        except ValueError:
            return field, value
    return None


def meant(text: str, cpu: bool = False) -> str | None:
    """Return the quantity that a text probably means: `512MB` is 512M, `1gi` 1Gi, `1 core` 1; None if that is unclear.

    `cpu` has thousandths of a core (`500mi` is 500m), and no bytes.
    """
    number, suffix = _parts(text)
    if not number.isascii() or not number.replace(".", "", 1).isdecimal():
        return None
    if suffix.lower() in _CORES:
        return number
    if cpu:
        return f"{number}m" if suffix.lower() in _THOUSANDTHS else None
    unit = _UNITS.get(suffix.lower(), suffix if suffix in _SUFFIXES else None)
    return None if unit is None else number + unit


def in_seconds(field: str, value: object) -> int | None:
    """Return a duration such as `10m` or `1h30m` in seconds, if a field expects seconds; None for any other text."""
    import re

    if not field.endswith("Seconds") and not field.endswith("ttlSecondsAfterFinished") or not isinstance(value, str):
        return None
    if not re.fullmatch(r"(?:[0-9]{1,6} ?(?:w|d|h|m|s|min|sec)){1,5}", value.strip(), re.ASCII):
        return None
    parts = re.findall(r"([0-9]{1,6}) ?([a-z]+)", value)
    return sum([int(number) * _SECONDS[unit] for number, unit in parts])


def in_cores(text: str) -> bool:
    """Return whether a quantity mentions cores, which have no unit."""
    return _parts(text)[1].lower() in _CORES


def _parts(text: str) -> tuple[str, str]:
    text = text.strip()
    number = text.rstrip(_LETTERS)
    return number, text[len(number) :].strip()
