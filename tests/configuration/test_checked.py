"""The hand check of a configuration and schemas/config.json accept and refuse alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from joblint.configuration.checked import is_date, is_version, mistakes
from joblint.configuration.keys import OVERRIDE, TOP

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas/config.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())

_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 3),
    st.sampled_from([1.36, 1.3, 2.5, 1.0]),
    st.sampled_from(
        [
            "",
            "JL301",
            "default",
            "strict",
            "info",
            "warning",
            "error",
            "off",
            "1.36",
            "1.31..1.36",
            "1.36..",
            "v1.36.2",
            "1.36.1.1",
            "2.1",
            "1.x",
        ]
        + ["2027-03-01", "2027-02-29", "2028-02-29", "2027-13-01", "2027-3-1", "a/b.yaml", "1.36\n"]
    ),
)
_lists = st.lists(_scalars, max_size=3)
_severities = st.dictionaries(st.sampled_from(["JL301", "image-not-pinned"]), _scalars, max_size=2)
_entries = st.dictionaries(st.sampled_from([k.name for k in OVERRIDE] + ["pathes"]), _scalars | _lists | _severities, max_size=4)
_values = _scalars | _lists | _severities | st.lists(_entries | _scalars, max_size=2)
_configurations = st.dictionaries(st.sampled_from([k.name for k in TOP] + ["slect"]), _values, max_size=4) | _values


@given(_configurations)
def test_the_hand_check_agrees_with_the_schema(value: Any) -> None:
    assert bool(mistakes(value)) == (not VALIDATOR.is_valid(value))


@pytest.mark.parametrize("name", ["extends", "baseline", "rules", "exclude"])
def test_a_nul_character_is_in_no_path(name: str) -> None:
    held: Any = "a\0b" if name in ("extends", "baseline") else ["a\0b"]
    ((_, text, _),) = mistakes({name: held})
    assert "NUL" in text


def test_the_table_names_what_the_schema_names() -> None:
    properties = SCHEMA["properties"]
    assert [k.name for k in TOP] == list(properties)
    assert [k.name for k in OVERRIDE] == list(properties["overrides"]["items"]["properties"])
    for keys, schema in ((TOP, properties), (OVERRIDE, properties["overrides"]["items"]["properties"])):
        for key in keys:
            if key.takes == "choice":
                assert [*key.choices, None] == schema[key.name]["enum"]
            assert schema[key.name]["description"]


@given(st.text(alphabet="0123456789-", min_size=8, max_size=11) | st.dates().map(str))
def test_dates_are_those_of_the_calendar(text: str) -> None:
    from datetime import date

    try:
        wanted = len(text) == 10 and bool(date.fromisoformat(text)) and text[4] == "-" == text[7]
    except ValueError:
        wanted = False
    assert is_date(text) == wanted


@pytest.mark.parametrize("value", ["1.36", 1.36, "1.31..1.37", "1.5", "v1.36", "1.36.3", "1.31..v1.36.0"])
def test_versions_and_ranges(value: Any) -> None:
    assert is_version(value)


@pytest.mark.parametrize("value", ["vv1.36", "2.0", 2.0, True, 1, None, "1", "1.", "1.²", "1.36.", "1.36..", "1.2.3.4"])
def test_what_is_no_version(value: Any) -> None:
    assert not is_version(value)
