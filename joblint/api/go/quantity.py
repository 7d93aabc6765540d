"""Quantities such as `100m`, `1.5Gi` or `2e3` as the API server reads, rounds, compares and writes them.

Knows numbers and strings only. Nothing here uses floating point.

Source: Kubernetes 1.36.3, k8s.io/apimachinery pkg/api/resource (quantity.go, suffix.go, amount.go, math.go).
"""

from __future__ import annotations

from joblint.api.go.number import big_int, big_text, go_float, wrap32, wrap64
from joblint.base.memo import memo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SUFFIXES = {
    "": (10, 0), "n": (10, -9), "u": (10, -6), "m": (10, -3), "k": (10, 3), "M": (10, 6), "G": (10, 9), "T": (10, 12),
    "P": (10, 15), "E": (10, 18), "Ki": (2, 10), "Mi": (2, 20), "Gi": (2, 30), "Ti": (2, 40), "Pi": (2, 50), "Ei": (2, 60),
}  # fmt: skip
_SUFFIX_OF = {pair: suffix for suffix, pair in _SUFFIXES.items()}
_DIGITS = "0123456789"
_MAX = (1 << 63) - 1
_MOST_DIGITS = 4000

WRONG_FORMAT = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
WRONG_NUMBER = "unable to parse numeric part of quantity"
WRONG_SUFFIX = "unable to parse quantity's suffix"


class QuantityError(ValueError):
    """The text is not a quantity; the exception's text is the server's."""


class Quantity:
    """A quantity: `unscaled` times ten to the power of `scale`.

    `format` is DecimalSI, BinarySI or DecimalExponent: how it is written. `big` says that the server represents it as a decimal
    of any size rather than as an int64, which matters if one of its conversions overflows.
    """

    __slots__ = ("_text", "big", "format", "scale", "unscaled")

    def __init__(self, unscaled: int, scale: int, format: str, big: bool = False, text: str = "") -> None:
        self.unscaled = unscaled
        self.scale = scale
        self.format = format
        self.big = big
        self._text = text

    def __str__(self) -> str:
        """The canonical text, as the server stores and prints it."""
        if not self._text:
            self._text = _canonical(self)
        return self._text

    def __repr__(self) -> str:
        return f"Quantity({str(self)!r})"

    def sign(self) -> int:
        """-1, 0 or 1."""
        return (self.unscaled > 0) - (self.unscaled < 0)

    def is_zero(self) -> bool:
        """Whether the quantity is 0."""
        return self.unscaled == 0

    def compare(self, other: Quantity) -> int:
        """-1, 0 or 1 as this quantity is below, equal to or above the other."""
        a, b, down = self.unscaled, other.unscaled, self.scale - other.scale
        if down and a and b:
            if (a > 0) != (b > 0):
                return 1 if a > 0 else -1
            # Powers of ten that differ by more than any digits could make up for are not worked out.
            lead = down + int((a.bit_length() - b.bit_length()) * 0.30103)
            if abs(lead) > 3:
                return 1 if (lead > 0) == (a > 0) else -1
            if down > 0:
                a *= 10**down
            else:
                b *= 10**-down
        return (a > b) - (a < b)

    def value(self) -> int:
        """The quantity rounded up, away from zero, to a whole number; overflows as the server's int64 does."""
        return self.scaled_value(0)

    def milli_value(self) -> int:
        """The quantity in thousandths, rounded up, away from zero; overflows as the server's int64 does."""
        return self.scaled_value(-3)

    def scaled_value(self, scale: int) -> int:
        """The quantity in units of ten to the power of `scale`, rounded up."""
        shift = self.scale - scale
        if self.big:
            return self._scaled_decimal(scale)
        if shift < 0:
            quotient, rest = _divide(abs(self.unscaled), -shift)
            quotient += 1 if rest else 0
            return -quotient if self.unscaled < 0 else quotient
        if self.unscaled == 0 or shift > 18:
            return 0
        product = self.unscaled * int(10**shift)
        # The server multiplies by these powers in one go and gives back what is left after an overflow.
        return wrap64(product) if shift in (0, 1, 2, 3, 6, 9) or -_MAX - 1 <= product <= _MAX else 0

    def _scaled_decimal(self, scale: int) -> int:
        if self.format == "BinarySI" and self.scale == 0 and abs(self.unscaled) == _MAX:
            return wrap64(self.unscaled * int(10**-scale)) if scale <= 0 else self.unscaled // int(10**scale)
        if self.scale > 64 or self.unscaled == 0:
            return 0  # all the bits that an int64 keeps are zeros
        # Such a decimal always counts in units of 10^-9, and the one for a remainder is added towards plus infinity.
        unscaled, down = self.unscaled * int(10 ** (self.scale + 9)), scale + 9
        if unscaled < _MAX and down < 19:
            held, divisor = wrap64(unscaled), int(10**down)
            quotient, rest = divmod(abs(held), divisor)
            return (-quotient if held < 0 else quotient) + (1 if rest else 0)
        quotient, rest = divmod(unscaled, int(10**down))
        return wrap64(wrap64(quotient) + (1 if rest else 0))

    def plus(self, other: Quantity, times: int = 1) -> Quantity:
        """This quantity and `times` (1 or -1) the other one, in this one's format unless this one is 0."""
        format = other.format if self.unscaled == 0 else self.format
        a, b = self.unscaled, times * other.unscaled
        if a and b and abs(self.scale - other.scale) > 10_000:
            return self if self.scale > other.scale else other  # the smaller one is far below the last digit
        if a and b:
            scale = min(self.scale, other.scale)
            a, b = a * int(10 ** (self.scale - scale)), b * int(10 ** (other.scale - scale))
        else:
            scale = self.scale if a else other.scale
        return Quantity(a + b, scale, format, self.big or other.big or abs(a + b) > _MAX)


@memo(256)
def parse(text: str) -> Quantity:
    """Return the quantity of the text. Raises QuantityError with the server's text."""
    head = text.rstrip("inumkKMGTP")
    if 0 < len(head) < 6 and head.isdigit() and head.isascii() and head[0] != "0":
        # The quantities that people write: all of them fit the server's int64, none needs care.
        found = _SUFFIXES.get(text[len(head) :])
        if found and found[1] < 40:
            base, exponent = found
            number = int(head)
            if base == 10:
                return Quantity(number, exponent, "DecimalSI", False, "" if head.endswith("000") else text)
            return Quantity(number << exponent, 0, "BinarySI", False, text if number & 7 else "")
    return _parse(text)


def _parse(text: str) -> Quantity:
    if text == "":
        raise QuantityError(WRONG_FORMAT)
    if text == "0":
        return Quantity(0, 0, "DecimalSI", False, text)
    negative = text[0] == "-"
    rest = text[1:] if text[0] in "+-" else text
    body = rest.lstrip("0")
    if body == "":
        return Quantity(0, 0, "DecimalSI")
    after = body.lstrip(_DIGITS)
    number, fraction = body[: len(body) - len(after)] or "0", ""
    if after.startswith("."):
        end = after[1:].lstrip(_DIGITS)
        fraction = after[1 : len(after) - len(end)]
        after = end
    _check_suffix(after)
    base, exponent, format = _interpret(after)
    quantity = _small(text, number, fraction, base, exponent, format, negative)
    if quantity is not None:
        return quantity
    # "-.5" is a number to the server, "." and "+" are not; those two never reach this point.
    if not (text[: len(text) - len(after)].strip("+-.")):
        raise QuantityError(WRONG_NUMBER)
    if len(number) + len(fraction) > _MOST_DIGITS:
        if base == 10:
            return _long(number + fraction, wrap32(exponent - len(fraction)), format, negative)
        # Nine places are kept in the end, and all above the largest int64 is that.
        number, fraction = number[:40], _cut(fraction, _MOST_DIGITS)
    unscaled, scale = big_int(number + fraction), -len(fraction)
    if base == 10:
        scale = wrap32(scale + exponent)
    else:
        unscaled <<= exponent
    if unscaled and scale < -9:
        # A non-zero quantity stays non-zero: one that is too small to represent is rounded up.
        unscaled, dropped = _divide(unscaled, -9 - scale)
        unscaled += 1 if dropped else 0
        scale = -9
    held = Quantity(unscaled, scale, format, True)
    if format == "BinarySI":
        if held.compare(Quantity(_MAX, 0, format)) > 0:
            held = Quantity(_MAX, 0, format, True)
        elif unscaled > 0 and held.compare(Quantity(1, 0, format)) < 0:
            held = Quantity(unscaled, scale, "DecimalSI", True)
    return Quantity(-held.unscaled, held.scale, held.format, True) if negative else held


def _long(digits: str, scale: int, format: str, negative: bool) -> Quantity:
    """A decimal of so many digits that calculating with all of them would take seconds.

    It is written with all its digits; for comparing and rounding it counts with the first ones.
    """
    if scale < -9:
        drop = -9 - scale
        digits, dropped = (digits[:-drop], digits[-drop:]) if drop < len(digits) else ("0", digits)
        digits, scale = _next(digits) if dropped.strip("0") else digits, -9
    digits = digits.lstrip("0")
    if not digits:
        return Quantity(0, 0, format, True)
    sign = -1 if negative else 1
    text = ("-" if negative else "") + _decimal_text(digits, scale, format)
    short = _cut(digits, _MOST_DIGITS)
    return Quantity(sign * big_int(short), scale + len(digits) - len(short), format, True, text)


def _cut(digits: str, most: int) -> str:
    """The first digits, and for all that is left out a last one that keeps it from being taken for less."""
    return digits if len(digits) <= most else digits[: most - 1] + ("1" if digits[most - 1 :].strip("0") else "0")


def _next(digits: str) -> str:
    """The number after this one, in digits."""
    kept = digits.rstrip("9")
    nines = len(digits) - len(kept)
    return (kept[:-1] + str(int(kept[-1]) + 1) if kept else "1") + "0" * nines


def _check_suffix(after: str) -> None:
    tail = after.lstrip("eEinumkKMGTP")
    if tail[:1] in ("+", "-"):
        tail = tail[1:]
    if tail.strip(_DIGITS):
        raise QuantityError(WRONG_FORMAT)


def _interpret(suffix: str) -> tuple[int, int, str]:
    found = _SUFFIXES.get(suffix)
    if found:
        return *found, "DecimalSI" if found[0] == 10 else "BinarySI"
    digits = suffix[1:].lstrip("+-")
    if suffix[0] not in "eE" or digits.strip(_DIGITS) or digits == "" or len(digits.lstrip("0")) > 19:
        raise QuantityError(WRONG_SUFFIX)
    exponent = int(digits) * (-1 if suffix[1] == "-" else 1)
    if not -_MAX - 1 <= exponent <= _MAX:
        raise QuantityError(WRONG_SUFFIX)
    return 10, wrap32(exponent), "DecimalExponent"


def _small(text: str, number: str, fraction: str, base: int, exponent: int, format: str, negative: bool) -> Quantity | None:
    """The quantity if the server represents it as an int64, otherwise None."""
    mantissa, scale = 1, exponent
    if base == 10:
        precision = 18 - len(number) - len(fraction)
    elif fraction:
        return None
    else:
        mantissa, scale = 1 << exponent, 0
        precision = 15 - len(number) - exponent * 3 // 10 - 1
    scale = wrap32(scale - len(fraction))
    if precision < 0 or scale < -9:
        return None
    shifted = number + fraction
    value = int(shifted)
    result = value * mantissa
    if base == 2:
        canonical = value & 7 != 0
    else:
        canonical = scale % 3 == 0 and not shifted.endswith("000") and shifted[0] != "0"
    return Quantity(-result if negative else result, scale, format, False, text if canonical else "")


def from_json(value: Any) -> Quantity:
    """Return the quantity of a JSON value: the server reads the raw text of strings and numbers alike.

    Raises QuantityError. A null is 0.
    """
    if isinstance(value, str):
        # Tabs and line ends arrive as the escapes \t and \n, which the server's trimming does not see.
        return parse(
            value.strip(" \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000")
        )
    if value is None:
        return Quantity(0, 0, "")
    if isinstance(value, float):
        return parse(go_float(value))
    if isinstance(value, int) and not isinstance(value, bool):
        return parse(big_text(value))
    raise QuantityError(WRONG_FORMAT)


def _canonical(quantity: Quantity) -> str:
    unscaled, scale, format = quantity.unscaled, quantity.scale, quantity.format
    if unscaled == 0:
        return "0"
    if format == "BinarySI":
        kilo = Quantity(1024, 0, format)
        small = Quantity(abs(unscaled), scale, format).compare(kilo) < 0
        whole, rest = (unscaled * 10**scale, 0) if scale >= 0 else _divide(abs(unscaled), -scale)
        if not small and not rest:
            number, times = abs(whole), 0
            while number % 1024 == 0:
                number >>= 10
                times += 1
            return ("-" if unscaled < 0 else "") + str(number) + _SUFFIX_OF.get((2, times * 10), "")
        format = "DecimalSI"
    return ("-" if unscaled < 0 else "") + _decimal_text(big_text(abs(unscaled)), scale, format)


def _decimal_text(digits: str, exponent: int, format: str) -> str:
    """The canonical text of a decimal quantity above 0."""
    stripped = digits.rstrip("0")
    exponent = wrap32(exponent + len(digits) - len(stripped))
    # Go's remainder has the sign of the dividend; what is to be taken off comes to the same.
    extra = exponent % 3
    text = stripped + "0" * extra
    exponent = wrap32(exponent - extra)
    if format == "DecimalSI":
        return text + _SUFFIX_OF.get((10, exponent), "")  # beyond the known ones the server writes no suffix at all
    return f"{text}e{exponent}" if exponent else text


def _divide(number: int, digits: int) -> tuple[int, int]:
    """The number without its last decimal digits, and what these are; both not negative."""
    if digits > number.bit_length():
        return 0, number
    return divmod(number, int(10**digits))


def round_up(amounts: dict[str, str]) -> None:
    """Round quantities below a thousandth up to one: `100u` is `1m`."""
    for name, amount in amounts.items():
        if amount[-1] in "un" or "e-" in amount:
            exact = parse(amount)
            amounts[name] = str(Quantity(exact.milli_value(), -3, exact.format))
