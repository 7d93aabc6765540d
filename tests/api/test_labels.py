"""Labels, annotations and selectors, as k8s.io/apimachinery v0.36.3 validates and matches them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joblint.api.errors import Errors
from joblint.api.validate.meta import labels


def _errors(check: Any, *args: Any, **kwargs: Any) -> list[tuple[str, str]]:
    found = Errors()
    check(*args, found, **kwargs)
    return [(e.type.removeprefix("FieldValue"), e.field) for e in found.found]


def test_a_map_of_labels_is_complained_about_at_its_own_path() -> None:
    bad = {"a b": "x", "ok": "-"}
    assert _errors(labels.validate_labels, bad, "metadata.labels") == [("Invalid", "metadata.labels")] * 2
    assert _errors(labels.validate_labels, None, "p") == _errors(labels.validate_labels, {}, "p") == []


def test_annotations_may_have_upper_case_prefixes_and_any_value() -> None:
    assert _errors(labels.validate_annotations, {"A.b/C": "any\nthing é"}, "p") == []
    assert _errors(labels.validate_annotations, {"a b": ""}, "p") == [("Invalid", "p")]


@pytest.mark.parametrize(("size", "errors"), [(262144, []), (262145, [("TooLong", "p")])])
def test_annotations_hold_256_kibibytes_in_all(size: int, errors: list[tuple[str, str]]) -> None:
    assert _errors(labels.validate_annotations, {"a": "x" * (size - 3), "b": "y"}, "p") == errors


@pytest.mark.parametrize(
    ("requirement", "errors"),
    [
        ({"key": "a", "operator": "In", "values": ["x"]}, []),
        ({"key": "a", "operator": "In"}, [("Required", "p.values")]),
        ({"key": "a", "operator": "Exists", "values": ["x"]}, [("Forbidden", "p.values")]),
        ({"key": "a", "operator": "Gt", "values": ["1"]}, [("Invalid", "p.operator")]),
        ({"key": "", "operator": "Exists"}, [("Invalid", "p.key")] * 2),
        ({"key": "a", "operator": "NotIn", "values": ["ok", "-"]}, [("Invalid", "p.values[1]")]),
        ({}, [("Invalid", "p.operator"), ("Invalid", "p.key"), ("Invalid", "p.key")]),
    ],
)
def test_requirements(requirement: dict[str, Any], errors: list[tuple[str, str]]) -> None:
    assert _errors(labels.validate_label_selector_requirement, requirement, "p") == errors


def test_bad_values_and_operators_can_be_overlooked() -> None:
    requirement = {"key": "a", "operator": "x", "values": ["-"]}
    loose = {"allow_invalid_values": True, "allow_unknown_operator": True}
    assert _errors(labels.validate_label_selector_requirement, requirement, "p", **loose) == []
    assert labels.has_invalid_values({"matchExpressions": [requirement]})
    assert not labels.has_invalid_values({"matchLabels": {"a": "-"}})
    assert not labels.has_invalid_values(None)


@pytest.mark.parametrize(
    ("selector", "matches"),
    [
        (None, False),
        ({}, True),
        ({"matchLabels": {"a": "1"}}, True),
        ({"matchLabels": {"a": "2"}}, False),
        ({"matchLabels": {"c": ""}}, False),
        ({"matchExpressions": [{"key": "a", "operator": "In", "values": ["0", "1"]}]}, True),
        ({"matchExpressions": [{"key": "c", "operator": "In", "values": ["1"]}]}, False),
        ({"matchExpressions": [{"key": "c", "operator": "NotIn", "values": ["1"]}]}, True),
        ({"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["1"]}]}, False),
        ({"matchExpressions": [{"key": "b", "operator": "Exists"}, {"key": "c", "operator": "DoesNotExist"}]}, True),
        ({"matchExpressions": [{"key": "b", "operator": "DoesNotExist"}]}, False),
        ({"matchExpressions": [{"key": "c", "operator": "Exists"}]}, False),
    ],
)
def test_matching(selector: dict[str, Any] | None, matches: bool) -> None:
    assert labels.matches(selector, {"a": "1", "b": "2"}) is matches


_words = st.sampled_from(["a", "b", "-", "a b", ""])
_selectors = st.fixed_dictionaries(
    {},
    optional={
        "matchLabels": st.dictionaries(_words, _words, max_size=2),
        "matchExpressions": st.lists(
            st.fixed_dictionaries(
                {"key": _words, "operator": st.sampled_from(["In", "NotIn", "Exists", "DoesNotExist", "in", ""])},
                optional={"values": st.lists(_words, max_size=2)},
            ),
            max_size=2,
        ),
    },
)


@given(_selectors)
def test_a_selector_without_errors_is_one_that_can_be_made(selector: dict[str, Any]) -> None:
    assert labels.is_well_formed(selector) == (_errors(labels.validate_label_selector, selector, "p") == [])
