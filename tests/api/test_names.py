"""Names, keys and values: the texts of k8s.io/apimachinery v0.36.3, and its regular expressions as the measure."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joblint.api.errors import Errors
from joblint.api.validate.meta import domains, names

_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_KEY = r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_UNDERSCORE = r"_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?"

# function, pattern, most bytes
_BY_PATTERN = [
    (names.is_dns1123_label, _LABEL, 63),
    (names.is_dns1123_subdomain, rf"{_LABEL}(\.{_LABEL})*", 253),
    (names.is_dns1123_subdomain_with_underscore, rf"{_UNDERSCORE}(\.{_UNDERSCORE})*", 253),
    (names.is_valid_label_value, rf"({_KEY})?", 63),
    (names.is_config_map_key, r"(?!\.\.)(?!\.\Z)[-._a-zA-Z0-9]+", 253),
    (names.is_env_var_name, r"(?!\.\.)(?!\.\Z)[-._a-zA-Z][-._a-zA-Z0-9]*", None),
    (names.is_http_header_name, r"[-A-Za-z0-9]+", None),
]
_texts = st.one_of(st.text("ab.-_Z0/%=", max_size=8), st.text(max_size=4), st.text("a.", min_size=60, max_size=66))


@pytest.mark.parametrize(("function", "pattern", "most"), _BY_PATTERN, ids=[f.__name__ for f, _, _ in _BY_PATTERN])
@given(text=_texts)
def test_taken_where_the_servers_expression_matches(function, pattern, most, text) -> None:  # type: ignore[no-untyped-def]
    fits = re.fullmatch(pattern, text) is not None and (most is None or len(text.encode()) <= most)
    assert (function(text) == ()) == fits


@given(text=_texts)
def test_keys_have_one_prefix_at_most(text: str) -> None:
    prefix, slash, name = text.rpartition("/")
    good = re.fullmatch(_KEY, name) is not None and len(name) <= 63
    if slash:
        good = good and names.is_dns1123_subdomain(prefix) == ()
    assert (names.is_qualified_name(text) == ()) == good


def test_a_dot_in_a_label_is_named() -> None:
    assert names.is_dns1123_label("a.b") == ("must not contain dots",)


def test_a_long_and_wrong_label_gets_both_complaints() -> None:
    long, wrong = names.is_dns1123_label("A" * 64)
    assert long == "must be no more than 63 characters"
    assert wrong == (
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an "
        "alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
    )


def test_lengths_are_bytes() -> None:
    assert names.is_valid_label_value("é" * 32)[0] == "must be no more than 63 bytes"
    assert len(names.is_valid_label_value("é" * 31)) == 1


def test_parts_of_a_key_are_named() -> None:
    prefix, name, shape = names.is_qualified_name("A/")
    assert prefix.startswith("prefix part a lowercase RFC 1123 subdomain must consist of")
    assert name == "name part must be non-empty"
    assert shape.startswith("name part must consist of alphanumeric characters")
    (many,) = names.is_qualified_name("a/b/c")
    assert many.endswith("with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')")
    assert names.is_qualified_name("/a")[0] == "prefix part must be non-empty"


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("", "environment variable name must be non-empty"),
        ("a=b", "printable ASCII"),
        ("é", "printable ASCII"),
        ("a\n", "printable"),
    ],
)
def test_relaxed_names_of_variables(name: str, complaint: str) -> None:
    (found,) = names.is_relaxed_env_var_name(name)
    assert complaint in found
    assert names.is_relaxed_env_var_name("1 any-thing.else:!") == ()


@pytest.mark.parametrize(
    ("port", "complaints"),
    [
        ("http", 0),
        ("http-2", 0),
        ("a" * 16, 1),
        ("80", 1),
        ("a--b", 1),
        ("-a", 1),
        ("A", 2),
        ("", 2),
        ("_--", 4),
    ],
)
def test_names_of_ports(port: str, complaints: int) -> None:
    assert len(names.is_valid_port_name(port)) == complaints


@pytest.mark.parametrize(
    ("name", "masked"), [("job-", "joa"), ("-", "-"), ("a-", "a"), ("a--", "aa"), ("é-", "éa"), ("job", "job"), ("", "")]
)
def test_a_trailing_dash_of_generate_name_makes_room(name: str, masked: str) -> None:
    assert names.mask_trailing_dash(name) == masked
    assert names.name_is_dns_subdomain("job-", True) == ()


@pytest.mark.parametrize(
    ("value", "errors"),
    [
        ("a.b/c", []),
        ("a.b/c?d", ["Invalid value: \"c?d\": Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')"]),
        ("", ["Required value"]),
        ("a.b", ['Invalid value: "a.b": must be a domain-prefixed path (such as "acme.io/foo")']),
        ("/b", ['Invalid value: "/b": must be a domain-prefixed path (such as "acme.io/foo")']),
    ],
)
def test_domain_prefixed_paths(value: str, errors: list[str]) -> None:
    found = Errors()
    domains.is_domain_prefixed_path("f", value, found)
    assert [e.message for e in found.found] == errors


@pytest.mark.parametrize(
    ("value", "message"),
    [("a.b/c", None), ("c", "must be a domain-prefixed key"), ("", "Required value")],
)
def test_domain_prefixed_keys(value: str, message: str | None) -> None:
    found = Errors()
    domains.is_domain_prefixed_key("f", value, found)
    assert [message in e.message for e in found.found] == ([] if message is None else [True])
