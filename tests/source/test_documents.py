"""How a file is parted into documents, and what they hold (k8s.io/apimachinery 0.36.3, pkg/util/yaml/decoder.go)."""

from __future__ import annotations

from typing import Any

import pytest

from joblint.source.documents import Document, read


def values(text: str | bytes) -> list[Any]:
    return [d.value for d in read(text if isinstance(text, bytes) else text.encode(), "x")]


def one(text: str | bytes) -> Document:
    (document,) = read(text if isinstance(text, bytes) else text.encode(), "x.yaml")
    return document


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: b\n---\nc: d\n", [{"a": "b"}, {"c": "d"}]),
        ("---\na: b\n", [{"a": "b"}]),
        ("# head\n---\na: b\n", [None, {"a": "b"}]),
        ("a: b\n---\n", [{"a": "b"}]),
        ("a: b\n---\n\n", [{"a": "b"}, None]),
        ("a: b\n---\n---\nc: d\n", [{"a": "b"}, {"c": "d"}]),  # the second --- begins a document
        ("a: b\n---\n\n---\nc: d\n", [{"a": "b"}, None, {"c": "d"}]),
        ("---\n---\nc: d\n", [None, {"c": "d"}]),
        ("a: b\n--- # second\nc: d\n", [{"a": "b"}, {"c": "d"}]),
        ("a: b\n---\t \nc: d\n", [{"a": "b"}, {"c": "d"}]),
        ("a: |\n  ---\n  b\n", [{"a": "---\nb\n"}]),
        ("a: b\r\n---\r\nc: d\r\n", [{"a": "b"}, {"c": "d"}]),
        ("\n\n", [None]),
        ("null\n", [None]),
        ("plain text", ["plain text"]),
        ("- a\n", [["a"]]),
    ],
)
def test_parting(text: str, expected: list[Any]) -> None:
    assert values(text) == expected


def test_empty_file_is_one_empty_document() -> None:
    document = one("")
    assert (document.value, document.problems, document.objects(), document.index, document.line) == (None, (), (), 0, 1)


def test_numbers_and_first_lines() -> None:
    documents = read(b"# c\n---\n\n# d\na: b\n---\nc: d\n", "x")
    assert [(d.index, d.line) for d in documents] == [(0, 1), (1, 5), (2, 7)]


def test_a_separator_with_text_stops_kubectl() -> None:
    first, second = read(b"a: b\n-----\nc: d\n", "x")
    assert first.value is None
    assert first.problems[0].kind == "yaml"
    assert (first.problems[0].span.line, first.problems[0].span.end_column) == (2, 6)
    assert second.value == {"c": "d"}


def test_last_line_counts_without_its_end() -> None:
    assert one("a: |\n  x").value == {"a": "x\n"}


def test_crlf_is_lf() -> None:
    assert one('a: |\r\n  x\r\n  y\r\nb: "1\r\n  2"\r\n').value == {"a": "x\ny\n", "b": "1 2"}


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfa: \xc3\xa9\n",
        "\ufeffa: é\n".encode("utf-16-be"),  # its line ends are bytes that kubectl knows, those of utf-16-le are not
    ],
)
def test_byte_order_marks(data: bytes) -> None:
    document = one(data)
    assert document.value == {"a": "é"}
    assert (document.span("a").column, document.span("a").end_column) == (4, 5)


def test_utf_16_le_does_not_survive_kubectl() -> None:
    assert one("\ufeffa: é\n".encode("utf-16-le")).value != {"a": "é"}


def test_only_the_first_document_of_a_part_is_read() -> None:
    document = one("  a: b\nc: d\n")
    assert document.value == {"a": "b"}
    (problem,) = document.problems
    assert (problem.kind, problem.span.line) == ("unread-text", 2)
    assert one("a: b\n...\n# nothing more\n").problems == ()
    assert one("a: b\n...\nfoo: [\n").value == {"a": "b"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: &x {k: v}\nb: *x\n", {"a": {"k": "v"}, "b": {"k": "v"}}),
        ("a: &x 1\nb: &x 2\nc: *x\n", {"a": 1, "b": 2, "c": 2}),
        ("a: &x yes\n*x : *x\n", {"a": True, "true": True}),
        ("base: &b {x: 1, k: 2}\nd:\n  <<: *b\n  k: 3\n", {"base": {"x": 1, "k": 2}, "d": {"x": 1, "k": 3}}),
        ("k: 3\n<<: {x: 1, k: 2}\n", {"k": 2, "x": 1}),  # go-yaml 2: a merge replaces what stands before it
        ("<<: [{x: 1}, {x: 2, k: 2}]\n", {"x": 1, "k": 2}),
        ('"<<": {x: 1}\n', {"<<": {"x": 1}}),
        ("? a\n: b\n? c\n", {"a": "b", "c": None}),
        ("yes: a\n0x1F: b\n1.5: c\n", {"true": "a", "31": "b", "1.5": "c"}),
        ("a: {}\nb: []\nc:\nd: ''\n", {"a": {}, "b": [], "c": None, "d": ""}),
        ("a: 1\na: 2\n", {"a": 2}),
        ("1: a\n'1': b\n", {"1": "b"}),
        ("a: !!binary aGk=\nb: !own 3\nc: !!int '4'\nd: ! 5\n", {"a": "hi", "b": "3", "c": 4, "d": "5"}),
        ("{a: b:c, d: http://x:80/y, e: 'x'}\n", {"a": "b:c", "d": "http://x:80/y", "e": "x"}),
        ('a: "it\\\'s"\n', {"a": "it's"}),
        ("a: 1e20\nb: 18446744073709551615\n", {"a": 10**20, "b": 18446744073709552000}),
        ("[]: a\n", []),  # go-yaml never sees that `[]` is a key
        ("x:\n- a\n-\n- b: c\n", {"x": ["a", None, {"b": "c"}]}),
    ],
)
def test_data(text: str, value: Any) -> None:
    assert one(text).value == value


@pytest.mark.parametrize(
    "text",
    [
        "a: *nope\n",
        "a: &a {b: *a}\n",
        "~: a\n",
        ": a\n",
        "? [a]\n: b\n",
        "18446744073709551615: a\n",
        "a: .inf\n",
        "a: [.nan]\n",
        "a: !!int b\n",
        "<<: a\n",
        "<<: [a]\n",
        "a: &a [{x: 1}]\n<<: *a\n",
        'a: "x\\/y"\n',
        "%YAML 1.1\n",
        "\tname: a\nb\n",
    ],
)
def test_what_cannot_be_sent(text: str) -> None:
    document = one(text)
    assert document.value is None
    assert [p.kind for p in document.problems] == ["yaml"]


def test_what_is_dropped_does_no_harm() -> None:
    assert one("a: {~: 1}\na: 2\n").value == {"a": 2}
    assert one("a: .inf\na: 2\n").value == {"a": 2}


def test_lists() -> None:
    document = one("kind: List\napiVersion: v1\nitems:\n- kind: Job\n  metadata: {name: a}\n- kind: CronJob\n")
    assert [(p, v["kind"]) for p, v in document.objects()] == [("items[0].", "Job"), ("items[1].", "CronJob")]
    assert document.span("items[0].metadata.name").line == 5
    assert document.span("items[1]").line == 6


def test_typed_lists_give_their_kind() -> None:
    document = one("kind: JobList\napiVersion: batch/v1\nitems:\n- metadata: {name: a}\n- kind: CronJob\n- x\n")
    assert document.objects() == (
        ("items[0].", {"metadata": {"name": "a"}, "kind": "Job", "apiVersion": "batch/v1"}),
        ("items[1].", {"kind": "CronJob"}),
        ("items[2].", "x"),
    )
    assert document.value["items"][0] == {"metadata": {"name": "a"}}


def test_lists_in_lists_and_no_lists() -> None:
    nested = one("kind: List\nitems:\n- kind: List\n  items:\n  - {kind: Job}\n")
    assert [p for p, _ in nested.objects()] == ["items[0].items[0]."]
    assert one("kind: List\nitems: []\n").objects() == ()
    assert [p for p, _ in one("kind: List\nitems: 3\n").objects()] == [""]
    assert [p for p, _ in one("kind: Job\nitems: []\n").objects()] == [""]


def test_duplicate_keys_tell_both_places() -> None:
    document = one("spec:\n  containers:\n  - image: a\n    name: b\n    image: c\n")
    assert document.value["spec"]["containers"][0]["image"] == "c"
    (problem,) = document.problems
    assert (problem.kind, problem.field) == ("duplicate-key", "spec.containers[0].image")
    assert (problem.span.line, problem.span.column) == (5, 5)
    assert problem.other is not None and (problem.other.line, problem.other.column) == (3, 5)


def test_a_merge_that_replaces_is_told_an_override_is_not() -> None:
    (problem,) = one("a: &a {x: 1}\nb:\n  x: 2\n  <<: *a\n").problems
    assert (problem.kind, problem.field, problem.span.line) == ("duplicate-key", "b.x", 4)
    assert one("a: &a {x: 1}\nb:\n  <<: *a\n  x: 2\n").problems == ()
    assert one("a: &a {x: 1}\nb:\n  <<: [*a, {x: 3}]\n").problems == ()


def test_many_repeats_are_told_of_in_part() -> None:
    assert 0 < len(one("a: b\n" * 1000).problems) <= 20


def test_names_do_not_matter() -> None:
    assert one("a: b\n").file == "x.yaml"
    assert read(b"a: b", "\x00\x1b[31m")[0].file == "\x00\x1b[31m"


def test_placeholders_and_scalars() -> None:
    document = one("metadata:\n  name: ${NAME}\n  labels:\n    a/b: <value>\nspec:\n  count: 3\n  args: [x, $HOME, 'a {{ b']\n")
    assert document.placeholders() == (
        ("metadata.name", "${NAME}"),
        ("metadata.labels[a/b]", "<value>"),
        ("spec.args[1]", "$HOME"),
    )
    assert ("spec.count", 3) in list(document.scalars())
    assert ("metadata.labels[a/b]", "<value>") in list(document.scalars())
