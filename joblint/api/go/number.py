"""Numbers as Go represents and writes them: wrapping integers, decimal texts of any length, floats; imports nothing."""

from __future__ import annotations


def wrap32(number: int) -> int:
    """The number as an int32 that overflowed."""
    return (number + (1 << 31)) % (1 << 32) - (1 << 31)


def wrap64(number: int) -> int:
    """The number as an int64 that overflowed."""
    return (number + (1 << 63)) % (1 << 64) - (1 << 63)


_CHUNK = 4000  # Python itself converts no more than 4300 digits at a time


def big_int(digits: str) -> int:
    """Return the number with these decimal digits, however many there are."""
    if len(digits) <= _CHUNK:
        return int(digits)
    half = len(digits) // 2
    return big_int(digits[:-half]) * int(10**half) + big_int(digits[-half:])


def big_text(number: int) -> str:
    """The decimal digits of a number, however many they are."""
    if number.bit_length() <= 13000:
        return str(number)
    if number < 0:
        return "-" + big_text(-number)
    half = int(number.bit_length() * 0.30103) // 2
    high, low = divmod(number, 10**half)
    return big_text(high) + big_text(low).zfill(half)


def go_float(number: float) -> str:
    """The float as Go's encoding/json writes it (finite numbers only)."""
    if number != number or number in (float("inf"), float("-inf")):
        return repr(number)
    text = repr(number)
    sign = "-" if text[0] == "-" else ""
    mantissa, _, power = text.lstrip("-").partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(power or "0") - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    if not digits:
        return sign + "0"
    size = abs(number)
    if size < 1e-6 or size >= 1e21:
        fraction = f".{digits[1:]}" if len(digits) > 1 else ""
        exponent = point - 1
        # Go pads exponents to two digits and encoding/json takes the zero out again where it is a negative one.
        shown = f"e-{-exponent}" if exponent < 0 else f"e+{exponent:02d}"
        return f"{sign}{digits[0]}{fraction}{shown}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if point >= len(digits):
        return sign + digits + "0" * (point - len(digits))
    return f"{sign}{digits[:point]}.{digits[point:]}"
