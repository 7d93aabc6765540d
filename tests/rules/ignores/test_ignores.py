"""Ignores of manifests: what they say, what they are for, and what is said of those that have no effect."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.engine import Engine
from joblint.rules.ignores.settle import glob
from joblint.rules.ignores.words import of_annotation, of_comment
from joblint.run.check import check_text
from joblint.run.result import Report

ENGINE = Engine(chosen(builtin(), Selection(), "1.36"), "1.36")
JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: pi
spec:
  activeDeadlineSeconds: 300
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: perl
      - name: other
        image: perl
"""


def _report(text: str) -> Report:
    report = check_text(ENGINE, text.encode(), "job.yaml")
    assert not report.crashes
    return report


def _found(text: str) -> list[tuple[str, int]]:
    return [(f.rule, f.span.line) for f in _report(text).findings if f.severity != "info" or f.rule == "JL301"]


def _with(line: str, comment: str, text: str = JOB) -> str:
    assert line in text
    return text.replace(line, f"{line}  # joblint: {comment}", 1)


def test_without_an_ignore() -> None:
    assert _found(JOB) == [("JL301", 6), ("JL801", 12), ("JL801", 14)]


def test_on_the_line_of_the_finding() -> None:
    assert _found(_with("Seconds: 300", "ignore[JL301] -- it is the limit")) == [("JL801", 12), ("JL801", 14)]
    assert _found(_with("Seconds: 300", "ignore[backoff-limit-unreachable]")) == [("JL801", 12), ("JL801", 14)]
    assert _found(_with("Seconds: 300", "ignore[JL3]")) == [("JL801", 12), ("JL801", 14)]
    assert _found(_with("image: perl", "ignore[all]")) == [("JL301", 6), ("JL801", 14)]
    assert _found(JOB.replace("image: perl", "image: perl #joblint:ignore[JL801]", 1)) == [("JL301", 6), ("JL801", 14)]


def test_on_the_line_above_a_block_it_is_for_the_block() -> None:
    above = JOB.replace("      containers:", "      # joblint: ignore[JL801]\n\n      # another comment\n      containers:")
    assert _found(above) == [("JL301", 6)]
    item = JOB.replace("      - name: other", "      # joblint: ignore[JL801]\n      - name: other")
    assert _found(item) == [("JL301", 6), ("JL801", 12)]
    last = JOB.replace(
        "        image: perl\n      - name: o", "        # joblint: ignore[JL801]\n        image: perl\n      - name: o"
    )
    assert _found(last) == [("JL301", 6), ("JL801", 15)]


@pytest.mark.parametrize("top", ["# joblint: ignore[JL301, JL801]\n", "# licence\n\n# joblint: ignore[JL301, JL801]\n\n"])
def test_at_the_top_it_is_for_the_document(top: str) -> None:
    assert _found(top + JOB) == []
    assert len(_found(top + JOB + "---\n" + JOB)) == 3
    assert _found(top + "---\n" + JOB) == []
    assert len(_found(JOB + "---\n" + top + JOB)) == 3


def test_an_annotation_is_for_the_object() -> None:
    annotated = JOB.replace("  name: pi", "  name: pi\n  annotations: {joblint.dev/ignore: 'JL301, JL801 -- why'}")
    assert _found(annotated) == []
    assert [(i.by, i.reason) for i in _report(annotated).ignored if i.finding.rule != "JL802"] == [("annotation", "why")] * 3
    listed = "apiVersion: v1\nkind: List\nitems:\n"
    for text in (annotated, JOB.replace("name: pi", "name: two")):
        listed += "".join([("- " if i == 0 else "  ") + line + "\n" for i, line in enumerate(text.splitlines())])
    assert [f.object.name for f in _report(listed).findings if f.rule in ("JL301", "JL801")] == ["two"] * 3
    template = JOB.replace(
        "  template:\n", "  template:\n    metadata:\n      annotations: {joblint.dev/ignore: 'ignore[JL301,JL801]'}\n"
    )
    assert [r for r, _ in _found(template)] == ["JL301", "JL015"]


def test_words_in_a_script_or_in_quotes_are_no_comment() -> None:
    text = JOB.replace("image: perl\n", "image: perl\n        args: ['# joblint: ignore[JL801]']\n", 1)
    text += "        args:\n        - |\n          # joblint: ignore[all]\n          echo\n"
    assert [f for f in _found(text) if f[0] != "JL710"] == _found(JOB)[:2] + [("JL801", 15)]


def test_what_the_server_rejects_stays() -> None:
    text = _with("    spec:", "ignore[JL101]", JOB.replace("      restartPolicy: Never\n", ""))
    found = _report(text).findings
    assert [f.rule for f in found if f.severity == "error"] == ["JL101"]
    (unused,) = [f for f in found if f.rule == "JL015"]
    assert "the API server rejects" in unused.message


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("ignore[JL302]", "JL302 finds nothing here"),
        ("ignore[JL301, JL302, JL2]", "JL302 and JL2 finds nothing here"),
        ("ignore[JL000]", "no rule is called JL000"),
        ("ignore JL301", "the rules belong in brackets: ignore[JL301]"),
        ("ignore", "no rule is given; write ignore[JL301]"),
        ("ignore[JL301", "the ] after the rules is missing"),
        ("ignore[JL301] until=soon", "until must be a date such as 2027-03-01, not soon"),
        ("ignore[JL301] because", "unknown option because; write the reason after --"),
        ("disable=JL301", "unknown command disable; write ignore[JL301]"),
    ],
)
def test_an_ignore_without_effect_is_a_finding(comment: str, said: str) -> None:
    found = [f for f in _report(_with("Seconds: 300", comment)).findings if f.rule == "JL015"]
    assert len(found) == 1 and said in found[0].message
    assert (found[0].span.line, found[0].span.column) == (6, 31)


def test_an_ignore_below_which_nothing_is() -> None:
    assert _found(JOB + "# joblint: ignore[JL801]\n")[-1] == ("JL015", 15)


def test_comments_of_other_kinds_are_nobodys_business() -> None:
    assert _found(_with("Seconds: 300", "see the docs")) == _found(JOB)


def test_an_expired_ignore_brings_the_finding_back_and_says_so() -> None:
    found = _report(_with("Seconds: 300", "ignore[JL301] until=2024-02-29 -- soon")).findings
    assert [f.rule for f in found if f.span.line == 6] == ["JL301", "JL016"]
    expired = next(f for f in found if f.rule == "JL016")
    assert expired.message == 'This ignore of JL301 expired on 2024-02-29: its findings are reported again. Its reason: "soon".'
    assert _found(_with("Seconds: 300", "ignore[JL301] until=2999-01-01"))[0] == ("JL801", 12)


def test_rules_that_were_not_chosen_are_not_called_unused() -> None:
    narrow = Engine(chosen(builtin(), Selection(select=("JL8", "JL015")), "1.36"), "1.36")
    report = check_text(narrow, _with("Seconds: 300", "ignore[JL301]").encode(), "job.yaml")
    assert {f.rule for f in report.findings if f.severity != "info"} == {"JL801"}


def test_rules_over_a_folder_are_not_called_unused_in_one_file() -> None:
    folder = next(r for r in builtin() if r.scope == "folder")
    assert "JL015" not in [r for r, _ in _found(_with("Seconds: 300", f"ignore[{folder.id}]"))]


def test_fixes_leave_what_is_ignored_and_take_away_what_has_no_effect() -> None:
    from joblint.rules.fixes.apply import fix_data

    ignored = _with("Seconds: 300", "ignore[JL301, JL302] -- why")
    fixed = fix_data(ENGINE, ignored.encode(), "job.yaml").data.decode()
    assert "activeDeadlineSeconds: 300  # joblint: ignore[JL301] -- why\n" in fixed
    unused = fix_data(ENGINE, _with("kind: Job", "ignore[JL302]").encode(), "job.yaml").data.decode()
    assert "kind: Job\n" in unused and "joblint" not in unused
    above = fix_data(
        ENGINE, JOB.replace("  template:", "  # joblint: ignore[JL302]\n  template:").encode(), "job.yaml"
    ).data.decode()
    assert "joblint" not in above and "  activeDeadlineSeconds: 300\n  template:" in above


def test_the_words_of_an_annotation() -> None:
    words = of_annotation("JL301, image-not-pinned until=2027-03-01 -- a = b -- c")
    assert (words.rules, words.until, words.reason) == (("JL301", "image-not-pinned"), "2027-03-01", "a = b -- c")
    assert of_annotation("ignore[JL301]").rules == ("JL301",)
    assert of_annotation(" ").mistake


@given(st.text(alphabet="ignore[]JL301,= -until2027", max_size=40))
def test_any_words_can_be_read(text: str) -> None:
    for words in (of_comment(text), of_annotation(text)):
        assert words is None or words.mistake or words.rules


@given(st.text(alphabet="ab*?", max_size=6), st.text(alphabet="ab", max_size=6))
def test_globs_are_those_of_fnmatch(pattern: str, text: str) -> None:
    from fnmatch import fnmatchcase

    assert glob(pattern, text) == fnmatchcase(text, pattern)


def test_a_former_name_still_means_the_rule() -> None:
    queue = JOB.replace("  activeDeadlineSeconds: 300\n", "  parallelism: 3\n")
    assert ("JL402", 6) in _found(queue)
    (finding,) = [f for f in _report(queue).findings if f.rule == "JL402"]
    assert finding.name == "parallelism-without-completions"
    assert ("JL402", 6) not in _found(_with("parallelism: 3", "ignore[work-queue-by-accident] -- a queue", queue))
    for selection in (Selection(select=("work-queue-by-accident",)), Selection(select=("parallelism-without-completions",))):
        assert [r.id for r in chosen(builtin(), selection, "1.36")] == ["JL402"]
    left = chosen(builtin(), Selection(ignore=("work-queue-by-accident",)), "1.36")
    assert "JL402" not in [r.id for r in left]
