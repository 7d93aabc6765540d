"""What plain scalars mean to kubectl, and the JSON they become (sigs.k8s.io/yaml 1.6.0)."""

from __future__ import annotations

from typing import Any

import pytest

from joblint.source.documents import read
from joblint.source.reading.scalars import WrongTag, key_text, resolve, resolve_tagged, to_json

# Recorded from the API server: what arrives of a scalar in a field of type string (annotations) and int32 (parallelism);
# None where it is refused for its type.
RECORDED = [
    ("yes", "bool"),
    ("y", "bool"),
    ("n", "bool"),
    ("on", "bool"),
    ("OFF", "bool"),
    ("TRUE", "bool"),
    ("tRUE", "tRUE"),
    ("~", None),
    ("Null", None),
    ("0644", 420),
    ("0o17", 15),
    ("1_000", 1000),
    ("0x1F", 31),
    ("0b11", 3),
    (".5", 0.5),
    ("1e3", 1000),
    ("2001-01-01", "2001-01-01"),
    ("2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00"),
    ("1:30", "1:30"),
    ("+5", 5),
    ("08", 8),
    ("3.0", 3),
    ("3.5", 3.5),
    ("=", "="),
    ("<<", "<<"),
    ("!!str 3", "3"),
    ('"5"', "5"),
    ("1e", "1e"),
    ("0_1", 1),
    ("1__0", 10),
    ("-0", 0),
    ("5.", 5),
    ("12e03", 12000),
    ("0.0", 0),
]


@pytest.mark.parametrize(("scalar", "value"), RECORDED)
def test_recorded_scalars(scalar: str, value: Any) -> None:
    read_value = read(f"v: {scalar}\n".encode(), "x")[0].value["v"]
    if value == "bool":
        assert isinstance(read_value, bool)
    else:
        assert read_value == value
        assert type(read_value) is type(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("NO", False),
        ("nO", "nO"),
        ("-", "-"),
        ("+", "+"),
        (".", "."),
        ("..", ".."),
        ("-.5", -0.5),
        ("0x", "0x"),
        ("0xG", "0xG"),
        ("00", 0),
        ("0", 0),
        ("09.5", 9.5),
        ("-0b11", -3),
        ("0b+11", 3),
        ("0B11", 3),
        ("1_000.5", 1000.5),
        ("_1", "_1"),
        ("1e400", "1e400"),
        ("-1e400", "-1e400"),
        ("1.2.3", "1.2.3"),
        ("１", "１"),
        ("1２", "1２"),
        ("9223372036854775807", 9223372036854775807),
        ("18446744073709551615", 18446744073709551615),
        ("18446744073709551616", 18446744073709551616.0),
        ("-9223372036854775808", -9223372036854775808),
        ("0x8000000000000000", 0x8000000000000000),
        ("0xFFFFFFFFFFFFFFFFF", "0xFFFFFFFFFFFFFFFFF"),
        ("9" * 5000, "9" * 5000),
        ("0" * 5000 + "1", 1),
        ("1e" + "9" * 5000, "1e" + "9" * 5000),
    ],
)
def test_what_a_plain_scalar_is(text: str, value: Any) -> None:
    found = resolve(text)
    assert found == value
    assert type(found) is type(value)


def test_infinity_and_no_number() -> None:
    assert resolve(".inf") == resolve("+.Inf") == float("inf")
    assert resolve("-.INF") == float("-inf")
    assert str(resolve(".NaN")) == "nan"


@pytest.mark.parametrize(
    ("number", "sent"),
    [
        (1000.0, "1000"),
        (9.0e18, "9000000000000000000"),
        (18446744073709551615, "18446744073709552000"),
        (1.2345678901234567e20, "123456789012345670000"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (0.5, "0.5"),
        (-0.0, "0"),
    ],
)
def test_numbers_as_go_writes_them(number: float, sent: str) -> None:
    assert str(to_json(number)) == sent


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("yes", "true"),
        ("off", "false"),
        ("0x1F", "31"),
        ("0644", "420"),
        ("1.0", "1"),
        ("0.1", "0.1"),
        ("1e6", "1e+06"),
        ("100000.0", "100000"),
        ("1e-5", "1e-05"),
        ("0.0001", "0.0001"),
        ("123456789.0", "1.2345679e+08"),
        ("1e39", ".inf"),
        (".inf", ".inf"),
        ("-.inf", "-.inf"),
        (".nan", ".nan"),
        ("-0.0", "-0"),
        ("2001-01-01", "2001-01-01"),
    ],
)
def test_keys_become_strings(text: str, key: str) -> None:
    assert key_text(resolve(text)) == key


def test_keys_that_json_cannot_have() -> None:
    assert key_text(resolve("~")) is None
    assert key_text(resolve("18446744073709551615")) is None


@pytest.mark.parametrize(
    ("tag", "text", "value"),
    [
        ("int", "12", 12),
        ("float", "3", 3.0),
        ("str", "yes", "yes"),
        ("bool", "yes", True),
        ("null", "~", None),
        ("timestamp", "2001-01-01", "2001-01-01"),
        ("timestamp", "2001-1-2 15:4:5.1", "2001-1-2 15:4:5.1"),
        ("timestamp", "2001-01-02T03:04:05Z", "2001-01-02T03:04:05Z"),
        ("binary", "aGk=", "hi"),
        ("binary", "/w==", "\ufffd"),
        ("binary", "5Lg=", "\ufffd\ufffd"),
        ("map", "x", "x"),
    ],
)
def test_explicit_tags(tag: str, text: str, value: Any) -> None:
    assert resolve_tagged(f"tag:yaml.org,2002:{tag}", text) == value
    assert resolve_tagged("!own", text) == text


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("int", "x"),
        ("int", "1.5"),
        ("float", "x"),
        ("float", "18446744073709551615"),
        ("bool", "1"),
        ("null", "x"),
        ("timestamp", "2001"),
        ("timestamp", "2001-02-30"),
        ("timestamp", "2001-13-01"),
        ("timestamp", "2001-01-02 03:04:05Z"),
        ("timestamp", "2001-01-02T03:04:05"),
        ("timestamp", "2001-01-02T25:00:00Z"),
        ("binary", "a"),
        ("binary", "é"),
    ],
)
def test_tags_that_do_not_fit(tag: str, text: str) -> None:
    with pytest.raises(WrongTag):
        resolve_tagged(f"tag:yaml.org,2002:{tag}", text)
