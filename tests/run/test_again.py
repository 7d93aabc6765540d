"""A file that is typed in: whatever was known of earlier texts, what is said of the newest one is what is said of it alone."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.rule_files import builtin_rule_files, read_rule_file
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.engine import Engine
from joblint.run.again import Again
from joblint.run.check import check_text
from joblint.run.explain import explain_files

NOW = 1_790_000_000.0
CLEAN = sorted((Path(__file__).parents[1] / "data" / "clean").glob("*.yaml"))

OTHERS = (
    "",
    "# nothing but words\n",
    "# joblint: ignore[JL801] -- for the next one\n",
    "%YAML 1.1\n",
    "just: data\n",
    "- 1\n- 2\n",
    "kind: Service\napiVersion: v1\nmetadata: {name: workers}\n",
    "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}\n",
    "apiVersion: batch/v1\nkind: Job\nmetadata: {name: {{ .Release.Name }}}\nspec: {}\n",
    "apiVersion: batch/v1\nkind: Job\nmetadata: {name: a, name: b}\nspec: &s {template: *s}\n",
    "apiVersion: batch/v1\nkind: Job\n  metadata: {name: broken}\n",
    '{"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "json"}, "spec": {"template": {}}}\n',
    "apiVersion: batch/v1\nkind: Job\nmetadata: {name: ${NAME}, annotations: {joblint.dev/ignore: JL801 for now}}\n",
    "kind: Job\nspec:\n  template:\n    spec:  # joblint: ignore JL101 x\n      containers: [{name: é, image: busybox}]\n",
    "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: batch/v1, kind: Job, spec: {template: {spec: {}}}}\n",
)
SEPARATORS = ("---\n", "---\n", "---\n", "--- # and on\n", "---\n---\n", "\n", "--- wrong\n")


@cache
def pieces() -> tuple[str, ...]:
    """Documents: odd ones, clean ones, and the examples of all rules."""
    examples = [
        example["manifest"]
        for name, data in builtin_rule_files()
        for kind in ("bad", "good")
        for example in read_rule_file(name, data)["examples"][kind]
    ]
    return (*OTHERS, *(path.read_text() for path in CLEAN), *examples)


@cache
def engine() -> Engine:
    return Engine(chosen(builtin(), Selection(profile="strict"), "1.36"), "1.36")


@st.composite
def versions(draw: st.DrawFn) -> list[str]:
    """Texts of a file, each an edit of the one before: documents come, go and move, lines and characters are typed."""
    document = st.sampled_from(OTHERS) | st.integers(0, len(pieces()) - 1).map(lambda n: pieces()[n])
    parts = draw(st.lists(st.tuples(document, st.sampled_from(SEPARATORS)), min_size=1, max_size=4))
    made = ["".join([text + separator for text, separator in parts])]
    for _ in range(draw(st.integers(1, 4))):
        text = made[-1]
        how = draw(st.sampled_from(("type", "delete", "line", "document", "remove", "swap", "crlf", "undo")))
        at = draw(st.integers(0, len(text)))
        if how == "type":
            text = (
                text[:at]
                + draw(st.sampled_from((" ", "\n", "a", ":", "'", "-", "#", "---\n", "é", "😀", "{", "{{ x }}")))
                + text[at:]
            )
        elif how == "delete":
            text = text[:at] + text[at + draw(st.integers(1, 20)) :]
        elif how == "line":
            start = text.rfind("\n", 0, at) + 1
            text = (
                text[:start] + draw(st.sampled_from(("\n", "# joblint: ignore-file\n", "# a comment\n", "---\n"))) + text[start:]
            )
        elif how == "document":
            text = draw(document) + "---\n" + text
        elif how == "remove":
            text = text.partition("\n---\n")[2] or text
        elif how == "swap":
            first, mark, rest = text.partition("\n---\n")
            text = rest.rstrip("\n") + mark + first if mark else text
        elif how == "crlf":
            text = text.replace("\n", "\r\n") if "\r" not in text else text.replace("\r\n", "\n")
        else:
            text = draw(st.sampled_from(made))
        made.append(text)
    return made


TEMPLATE = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: {{ .Release.Name }}}\nspec: {}\n---\n"


@settings(deadline=None)
@given(versions())
@example([TEMPLATE, " " + TEMPLATE])
@example([TEMPLATE.replace("kind", "akind")])
def test_after_any_edit_it_says_what_check_and_explain_say(texts: list[str]) -> None:
    again = Again(engine(), "file.yaml")
    for text in texts:
        data = text.encode()
        assert again.check(data) == check_text(engine(), data, "file.yaml")
        assert again.explanations(data, NOW) == explain_files([("file.yaml", data)], "1.36", now=NOW).explanations


def test_what_has_not_changed_is_not_judged_again(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [path.read_text() for path in CLEAN]
    again = Again(engine(), "file.yaml")
    again.check("---\n".join(texts).encode())
    judged: list[int] = []
    steps = Engine.steps
    monkeypatch.setattr(Engine, "steps", lambda self, document: judged.append(document.index) or steps(self, document))  # type: ignore[func-returns-value]
    again.check("---\n".join(["# more\n\n" + texts[0], *texts[1:]]).encode())
    assert judged == [0]


def test_starts_that_have_passed_are_told_no_more() -> None:
    data = next(path for path in CLEAN if "nightly" in path.name).read_bytes()
    again = Again(engine(), "file.yaml")
    again.check(data)
    for days in range(3):
        now = NOW + days * 86400
        assert again.explanations(data, now) == explain_files([("file.yaml", data)], "1.36", now=now).explanations


def test_a_patch_of_kustomize_is_not_checked_by_itself(tmp_path: Path) -> None:
    listed = tmp_path / "kustomization.yaml"
    listed.write_text("patches:\n- path: more.yaml\n")
    data = b"apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec: {parallelism: 2}\n"
    again = Again(engine(), str(tmp_path / "more.yaml"))
    assert [again.check(data).findings, len(again.check(data).skipped)] == [(), 1]
    listed.write_text("resources: [more.yaml]\n")
    assert [f.rule for f in again.check(data).findings] == ["JL104"]
