"""From field paths, as the API server writes them, to lines and columns."""

from __future__ import annotations

import pytest

from joblint.source.documents import Document, read
from joblint.source.places.paths import child, steps

JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: "pi"   # the name
  labels:
    app: x
    a/b: &label y
  annotations: {x.y/z: 'quoted', other: plain}
spec:
  template:
    spec:
      containers:
      - name: main
        image: perl
        args: [a, "b c"]
        resources:
          limits:
            cpu: 1
      -
        name: second
        command:
        - sh
        - |
          echo hi

  empty:
  label: *label

# the end
"""


def job() -> Document:
    return read(JOB.encode(), "job.yaml")[0]


def at(document: Document, field: str, part: str = "value") -> tuple[int, int, int, int]:
    span = document.span(field, part)
    return span.line, span.column, span.end_line, span.end_column


CONTAINER = "spec.template.spec.containers[0]"


@pytest.mark.parametrize(
    ("field", "value", "key"),
    [
        ("kind", (2, 7, 2, 10), (2, 1, 2, 5)),
        ("metadata.name", (4, 9, 4, 13), (4, 3, 4, 7)),
        ("metadata.labels", (6, 5, 7, 18), (5, 3, 5, 9)),
        ("metadata.labels.app", (6, 10, 6, 11), (6, 5, 6, 8)),
        ("metadata.labels[app]", (6, 10, 6, 11), (6, 5, 6, 8)),
        ("metadata.labels[a/b]", (7, 10, 7, 18), (7, 5, 7, 8)),
        ("metadata.annotations[x.y/z]", (8, 24, 8, 32), (8, 17, 8, 22)),
        ("metadata.annotations.x.y/z", (8, 24, 8, 32), (8, 17, 8, 22)),  # strict decoding writes no brackets
        ("metadata.annotations", (8, 16, 8, 47), (8, 3, 8, 14)),
        (CONTAINER + ".image", (14, 16, 14, 20), (14, 9, 14, 14)),
        (CONTAINER, (13, 9, 18, 19), (13, 9, 18, 19)),
        (CONTAINER + ".args[1]", (15, 19, 15, 24), (15, 19, 15, 24)),
        (CONTAINER + ".resources.limits[cpu]", (18, 18, 18, 19), (18, 13, 18, 16)),
        ("spec.template.spec.containers[1].name", (20, 15, 20, 21), (20, 9, 20, 13)),
        ("spec.template.spec.containers[1].command[1]", (23, 11, 24, 18), (23, 11, 24, 18)),
        ("spec.empty", (26, 3, 26, 8), (26, 3, 26, 8)),  # nothing stands there: its key
        ("spec.label", (27, 10, 27, 16), (27, 3, 27, 8)),
    ],
)
def test_fields_that_are_there(field: str, value: tuple[int, ...], key: tuple[int, ...]) -> None:
    assert at(job(), field) == value
    assert at(job(), field, "key") == key


@pytest.mark.parametrize(
    ("field", "nearest"),
    [
        ("", (1, 1, 1, 11)),
        ("nothing", (1, 1, 1, 11)),
        ("spec.template.spec.restartPolicy", (11, 5, 11, 9)),
        ("spec.selector.matchLabels", (9, 1, 9, 5)),
        ("metadata.labels[no/such]", (5, 3, 5, 9)),
        (CONTAINER + ".ports[0].name", (13, 9, 13, 13)),  # a list item has no key: its first one
        ("spec.template.spec.containers[7].name", (12, 7, 12, 17)),
        ("metadata.name.x", (4, 3, 4, 7)),
        ("metadata[", (3, 1, 3, 9)),
        ("[0]", (1, 1, 1, 11)),
        ("..", (1, 1, 1, 11)),
    ],
)
def test_fields_that_are_missing(field: str, nearest: tuple[int, ...]) -> None:
    assert at(job(), field) == nearest
    assert at(job(), field, "key") == nearest


def test_below_an_alias() -> None:
    document = read(b"a: &a\n  b: c\nd: *a\ne:\n  <<: *a\n", "x")[0]
    assert at(document, "d") == (3, 4, 3, 6)
    assert at(document, "d.b") == (2, 6, 2, 7)
    assert at(document, "e.b") == (2, 6, 2, 7)
    assert at(document, "e") == (5, 3, 5, 9)


def test_documents_know_their_lines() -> None:
    _, second = read(b"a: b\n---\n# c\nd: e\n", "x")
    assert at(second, "d") == (4, 4, 4, 5)
    assert second.source_line(4) == "d: e"
    assert second.source_line(3) == "# c"
    assert second.source_line(2) is None and second.source_line(5) is None
    assert second.lines == ("# c", "d: e")
    assert second.text == "# c\nd: e\n"


def test_last_of_equal_keys() -> None:
    assert at(read(b"a: b\na: c\n", "x")[0], "a") == (2, 4, 2, 5)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_line_ends(end: str) -> None:
    document = read(f"a: b{end}é: d{end}".encode(), "x")[0]
    assert document.value == {"a": "b", "é": "d"}
    # Only what editors take for line ends counts as one.
    assert at(document, "é") == ((2, 4, 2, 5) if end in ("\n", "\r\n", "\r") else (1, 9, 1, 10))


@pytest.mark.parametrize("reader_breaks_on", ["{a: b:c, d: e}\n", "a: b:c\nd: e\n"])
def test_places_do_not_depend_on_the_reader(reader_breaks_on: str) -> None:
    document = read(reader_breaks_on.encode(), "x")[0]
    span = document.span("d")
    assert reader_breaks_on.split("\n")[span.line - 1][span.column - 1 : span.end_column - 1] == "e"


def test_styles_and_raw_text() -> None:
    document = read(b"a: 0644\nb: 'yes'\nc: \"x\\ty\"\nd: |\n  t\ne: >-\n  f\ng: {h: i}\n", "x")[0]
    fields = "abcdegz"
    assert [document.style(f) for f in fields] == ["plain", "single", "double", "literal", "folded", None, None]
    assert [document.raw(f) for f in fields] == ["0644", "'yes'", '"x\\ty"', "|\n  t", ">-\n  f", None, None]


def test_written_scalars() -> None:
    document = read(b"yes: 'a'\nl:\n- 0x10\n- {k: !!str v}\nm: &m x\nk: *m\n", "x")[0]
    assert [(s.field, s.text, s.style, s.is_key) for s in document.written()] == [
        ("true", "yes", "plain", True),
        ("l", "l", "plain", True),
        ("m", "m", "plain", True),
        ("k", "k", "plain", True),
        ("true", "a", "single", False),
        ("l[0]", "0x10", "plain", False),
        ("l[1].k", "k", "plain", True),
        ("l[1].k", "v", "plain", False),
        ("m", "x", "plain", False),
    ]


def test_entries_for_edits() -> None:
    document = job()
    span = document.entry_span(CONTAINER + ".resources")
    assert span is not None and (span.line, span.column, span.end_line, span.end_column) == (16, 9, 18, 19)
    span = document.entry_span("spec.empty")
    assert span is not None and (span.line, span.column, span.end_line, span.end_column) == (26, 3, 26, 9)
    span = document.entry_span("spec.template.spec.containers[1].command[0]")
    assert span is not None and (span.line, span.column, span.end_line, span.end_column) == (22, 11, 22, 13)
    assert document.entry_span("spec.nothing") is None


def test_without_a_tree() -> None:
    document = read(b"a: [\n", "x")[0]
    assert at(document, "a.b")[:2] == (1, 1)
    assert (document.style("a"), document.raw("a"), document.entry_span("a")) == (None, None, None)
    assert list(document.written()) == []
    assert at(read(b"", "x")[0], "a") == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("", []),
        ("spec", ["spec"]),
        ("spec.containers[0].image", ["spec", "containers", 0, "image"]),
        ("metadata.labels[a/b]", ["metadata", "labels", "a/b"]),
        ("metadata.annotations[x.y/z]", ["metadata", "annotations", "x.y/z"]),
        ("items[2].spec", ["items", 2, "spec"]),
        ("a[b]c].d", ["a", "b]c", "d"]),
        ("a[b", ["a", "b"]),
        ("[0][1]", [0, 1]),
        ("a[99999999999999999999]", ["a", "99999999999999999999"]),
        ("a[]", ["a", ""]),
        ("a.", ["a", ""]),
    ],
)
def test_steps(field: str, expected: list[str | int]) -> None:
    assert steps(field) == expected


def test_paths_as_the_server_writes_them() -> None:
    assert child("", "spec") == "spec"
    assert child("spec", "backoffLimit") == "spec.backoffLimit"
    assert child("spec.template.spec.containers[0].resources.limits", "cpu").endswith(".limits[cpu]")
    assert child("metadata.labels", "app") == "metadata.labels[app]"
    assert child("metadata", "x.y/z") == "metadata[x.y/z]"


def test_changed_data_shares_what_lies_beside() -> None:
    from joblint.source.places.paths import changed, steps, without

    data = {"spec": {"a": [{"x": 1}, {"x": 2}], "b": {}}, "metadata": {"annotations": {"1": "one"}}}
    other = changed(data, steps("spec.a[1].x"), 3)
    assert other == {**data, "spec": {"a": [{"x": 1}, {"x": 3}], "b": {}}}
    assert data["spec"]["a"][1] == {"x": 2}  # type: ignore[index]
    assert other["metadata"] is data["metadata"] and other["spec"]["a"][0] is data["spec"]["a"][0]  # type: ignore[index]
    assert changed(data, steps("metadata.annotations[1]"), "uno")["metadata"] == {"annotations": {"1": "uno"}}
    assert without(data, steps("metadata.annotations[1]"))["metadata"] == {"annotations": {}}
    for nowhere in ("spec.a[7].x", "spec.c.x", "spec.a.x", "metadata.annotations[1].x"):
        assert changed(data, steps(nowhere), 0) is data
        assert without(data, steps(nowhere)) is data
