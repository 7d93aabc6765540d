"""Amounts as k8s.io/apimachinery v0.36.3 reads, rounds and writes them: its own answers, and laws that hold for all."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from joblint.api.go.quantity import Quantity, QuantityError, from_json, parse

# text, canonical form, Value(), MilliValue(): zeros stand where the server's int64 overflows
_GOOD = [
    ("0", "0", 0, 0),
    ("1234567890123456789012e70", "12345678901234567890120e69", 0, 0),
    ("1", "1", 1, 1000),
    ("100m", "100m", 1, 100),
    ("1500m", "1500m", 2, 1500),
    ("1.5", "1500m", 2, 1500),
    ("0.5", "500m", 1, 500),
    ("1.500", "1.500", 2, 1500),
    ("0.500", "500m", 1, 500),
    ("1000", "1k", 1000, 1000000),
    ("1000m", "1", 1, 1000),
    ("999m", "999m", 1, 999),
    ("1e3", "1e3", 1000, 1000000),
    ("1E3", "1E3", 1000, 1000000),
    ("1000e0", "1e3", 1000, 1000000),
    ("2e-3", "2e-3", 1, 2),
    ("1e03", "1e03", 1000, 1000000),
    ("+5", "+5", 5, 5000),
    ("05", "05", 5, 5000),
    ("-1", "-1", -1, -1000),
    ("-1.5", "-1500m", -2, -1500),
    ("-100m", "-100m", -1, -100),
    ("1k", "1k", 1000, 1000000),
    ("1000k", "1M", 1000000, 1000000000),
    ("1M", "1M", 1000000, 1000000000),
    ("1G", "1G", 1000000000, 1000000000000),
    ("1T", "1T", 1000000000000, 1000000000000000),
    ("1P", "1P", 1000000000000000, 1000000000000000000),
    ("1E", "1E", 1000000000000000000, 0),
    ("1Ki", "1Ki", 1024, 1024000),
    ("8Ki", "8Ki", 8192, 8192000),
    ("1000Ki", "1000Ki", 1024000, 1024000000),
    ("1024Ki", "1Mi", 1048576, 1048576000),
    ("1025Mi", "1025Mi", 1074790400, 1074790400000),
    ("1.5Gi", "1536Mi", 1610612736, 1610612736000),
    ("0.5Ki", "512", 512, 512000),
    ("0.5Mi", "512Ki", 524288, 524288000),
    ("1Pi", "1Pi", 1125899906842624, 1125899906842624000),
    ("1Ei", "1Ei", 1152921504606846976, -9223372036854775808),
    ("8Ei", "9223372036854775807", 9223372036854775807, -1000),
    ("9Ei", "9223372036854775807", 9223372036854775807, -1000),
    ("-9Ei", "-9223372036854775807", -9223372036854775807, 1000),
    ("0.1Ki", "102400m", 103, 102400),
    ("1n", "1n", 1, 1),
    ("1u", "1u", 1, 1),
    ("0.1n", "1n", 1, 1),
    ("0.0000000001", "1n", 1, 1),
    ("1.0000000001", "1000000001n", 2, 1001),
    ("12345678901234567890", "12345678901234567890", -6101065172474983726, 4807115922877858896),
    ("9223372036854775807", "9223372036854775807", 9223372036854775807, -1000),
    ("9223372036854775808", "9223372036854775808", -9223372036854775808, 0),
    ("100000000000000000000", "100E", 7766279631452241920, 200376420520689664),
    ("1000000000000000000000", "1", 3875820019684212736, 2003764205206896640),
    ("1e30", "1e30", 0, 0),
    ("1.1Ki", "1126400m", 1127, 1126400),
    ("1.0001Ki", "1024102400u", 1025, 1024103),
    (".5", "500m", 1, 500),
    ("5.", "5.", 5, 5000),
    (".", "0", 0, 0),
    ("+", "0", 0, 0),
    ("-.", "0", 0, 0),
    (".Ki", "0", 0, 0),
    ("00", "0", 0, 0),
    ("0Ki", "0", 0, 0),
    ("0e5", "0", 0, 0),
    ("m", "0", 0, 0),
]

_FORMAT = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
_SUFFIX = "unable to parse quantity's suffix"
_NUMBER = "unable to parse numeric part of quantity"
_BAD = [
    ("", _FORMAT),
    ("a", _FORMAT),
    ("1 ", _FORMAT),
    ("1x", _FORMAT),
    ("1Kb", _FORMAT),
    ("1KB", _FORMAT),
    ("1kB", _FORMAT),
    ("1Gb", _FORMAT),
    ("1mm", _SUFFIX),
    ("1Kii", _SUFFIX),
    ("1e", _SUFFIX),
    ("1ee5", _SUFFIX),
    ("1e+-5", _FORMAT),
    ("1.2.3", _FORMAT),
    ("1,5", _FORMAT),
    ("--1", _SUFFIX),
    ("1-", _SUFFIX),
    ("0x10", _FORMAT),
    ("1_000", _FORMAT),
    ("١", _FORMAT),
    ("1e99999999999999999999", _SUFFIX),
    ("-e-30", _NUMBER),
    ("128MiB", _FORMAT),
    ("1gi", _FORMAT),
    ("1K", _SUFFIX),
]


@pytest.mark.parametrize(("text", "canonical", "value", "milli"), _GOOD)
def test_server_reads_and_writes(text: str, canonical: str, value: int, milli: int) -> None:
    amount = parse(text)
    assert (str(amount), amount.value(), amount.milli_value()) == (canonical, value, milli)


@pytest.mark.parametrize(("text", "message"), _BAD)
def test_server_refuses(text: str, message: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("value", "canonical"),
    [(1, "1"), (1.5, "1500m"), (1e6, "1M"), (1e21, "1e+21"), (1e-7, "100e-9"), (" 1Gi ", "1Gi"), (None, "0"), (10**30, "1")],
)
def test_json_values_count_by_the_text_that_kubectl_sends(value: object, canonical: str) -> None:
    assert str(from_json(value)) == canonical


@pytest.mark.parametrize("value", [True, [], {"a": 1}, "\t1", "1\n", float("inf"), float("nan")])
def test_other_json_values_are_no_amounts(value: object) -> None:
    with pytest.raises(QuantityError):
        from_json(value)


@pytest.mark.parametrize("text", ["1" + "0" * 5000, "9" * 5000 + "Ki", "1e2000000000", "1e-2000000000", "0." + "3" * 5000])
def test_no_length_and_no_exponent_is_too_much(text: str) -> None:
    amount = parse(text)
    assert amount.sign() == 1
    assert str(amount)
    assert amount.compare(parse("1n")) >= 0
    assert str(amount.plus(parse("1")))
    assert isinstance(amount.value(), int)


_SUFFIXES = ["", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "e3", "E-2", "e+6"]
_amounts = st.builds(
    lambda sign, whole, fraction, suffix: f"{sign}{whole}{fraction and '.' + fraction}{suffix}",
    st.sampled_from(["", "", "-", "+"]),
    st.integers(0, 10**15).map(str),
    st.text("0123456789", max_size=6),
    st.sampled_from(_SUFFIXES),
)


def _exact(amount: Quantity) -> Fraction:
    return amount.unscaled * Fraction(10) ** amount.scale


@given(_amounts)
def test_canonical_form_means_the_same_and_is_kept(text: str) -> None:
    amount = parse(text)
    assume(abs(_exact(amount)) < 10**18)  # beyond an int64 the server itself overflows
    again = parse(str(amount))
    assert amount.compare(again) == 0
    assert str(again) == str(amount)


@given(_amounts, _amounts)
def test_comparing_agrees_with_arithmetic(first: str, second: str) -> None:
    a, b = parse(first), parse(second)
    exact = _exact(a) - _exact(b)
    assert a.compare(b) == (exact > 0) - (exact < 0)
    assert b.compare(a) == -a.compare(b)
    assert _exact(a.plus(b)) == _exact(a) + _exact(b)
    assert a.plus(b, -1).sign() == a.compare(b)


@given(st.integers(-(10**4), 10**9), st.sampled_from(["", "m", "k", "Ki", "Mi"]))
def test_value_rounds_away_from_zero(number: int, suffix: str) -> None:
    # Not for large negative amounts: the server overflows there, and joblint with it.
    amount = parse(f"{number}{suffix}")
    exact = _exact(amount)
    away = -(-exact // 1) if exact > 0 else exact // 1
    assert amount.value() == away


@given(st.text(max_size=8))
def test_any_text_is_an_amount_or_an_error(text: str) -> None:
    try:
        amount = parse(text)
    except QuantityError as error:
        assert str(error) in (_FORMAT, _SUFFIX, _NUMBER)
    else:
        assert parse(str(amount)).compare(amount) == 0 or amount.scale > 17


_runs = st.text("0123456789", max_size=40) | st.integers(0, 40).map("9".__mul__) | st.integers(0, 40).map("0".__mul__)


@given(
    st.sampled_from(["", "-", "+"]), _runs, _runs, st.sampled_from(["", "n", "m", "k", "E", "e3", "e-20", "e50", "e2147483647"])
)
def test_long_decimals_are_written_and_compared_like_short_ones(sign: str, whole: str, places: str, suffix: str) -> None:
    text = f"{sign}{whole}.{places}{suffix}"
    assume(whole or places)
    with pytest.MonkeyPatch.context() as patch:
        exact = parse(text)
        patch.setattr("joblint.api.go.quantity._MOST_DIGITS", 18)
        short = parse(text)
    assert (str(short), short.sign(), short.format, short.big) == (str(exact), exact.sign(), exact.format, exact.big)
    for other in map(parse, ("1", "100m", "1Gi", "9223372036854775807", "1e30")):
        assert short.compare(other) == exact.compare(other)


@pytest.mark.parametrize("suffix", ["Ki", "Gi", "Ei"])
@given(st.integers(0, 2**70), st.text("0123456789", min_size=100, max_size=300))
def test_long_fractions_of_binary_amounts(suffix: str, whole: int, places: str) -> None:
    text = f"{whole}.{places}{suffix}"
    with pytest.MonkeyPatch.context() as patch:
        exact = parse(text)
        patch.setattr("joblint.api.go.quantity._MOST_DIGITS", 100)
        short = parse(text)
    assert (str(short), short.value()) == (str(exact), exact.value())
