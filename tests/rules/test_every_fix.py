"""Every fix of every rule, made alone or typed by hand from its words, leaves a manifest that is better and loses nothing."""

from __future__ import annotations

import gzip
import json
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joblint.api.create.validation import VERSION_SET
from joblint.api.version.fields import names_at
from joblint.rules.catalogue.rule_files import builtin_rule_files, read_rule_file
from joblint.rules.finding import Finding
from joblint.rules.fixes import edits
from joblint.rules.fixes.apply import apply
from joblint.rules.fixes.lines import place_of
from joblint.source.documents import Document, read
from joblint.source.places.paths import steps, value_at

from .helper import engine_of

EXAMPLES = [
    (f"{data['id']}-{kind}-{n}", example["manifest"], example.get("kubernetes", "1.37"))
    for data in [read_rule_file(name, data) for name, data in builtin_rule_files()]
    for kind in ("bad", "good")
    for n, example in enumerate(data["examples"][kind])
]
RECORDED = Path(__file__).parents[1] / "data"


@lru_cache(64)  # one test after the other looks at the same example
def _findings(manifest: bytes, version: str) -> list[Finding]:
    return [f for d in read(manifest, "job.yaml") for f in engine_of(version).run(d).findings]


def _what(finding: Finding) -> tuple[str, int, str, str]:
    return finding.rule, finding.document, finding.field, finding.message


def _stage(manifest: bytes, version: str) -> set[str | None]:
    return {j.verdict.stage for d in read(manifest, "job.yaml") for j in engine_of(version).run(d).judged}


def _holds(manifest: bytes, version: str) -> None:
    """The property, for each fix of a manifest."""
    before = _findings(manifest, version)
    documents = list(read(manifest, "job.yaml"))
    doubled = any(p.kind == "duplicate-key" for d in documents for p in d.problems)
    unreadable = {d.index for d in documents if any(p.kind == "yaml" for p in d.problems)}
    seen_whole = not _stage(manifest, version) & {"yaml", "decode"}
    for finding in before:
        if finding.fix is None or (doubled and finding.rule != "JL002"):  # of two equal keys the other one is left
            continue
        made = apply(manifest, list(finding.fix.edits))
        assert made is not None, _what(finding)
        # The fix of one document leaves another as unreadable as it was.
        others = unreadable - {finding.document}
        problems = [p for d in read(made, "job.yaml") if d.index not in others for p in d.problems if p.kind == "yaml"]
        assert not problems, (_what(finding), made.decode())
        after = _findings(made, version)
        assert _what(finding) not in map(_what, after), made.decode()
        if seen_whole and finding.rule not in ("JL105", "JL139"):  # else more of it is judged now than before
            known = {f.rule for f in before if f.refused}
            # The server looks at resourceVersion last, in an object that is valid.
            assert {f.rule for f in after if f.refused and VERSION_SET not in f.message} <= known, made.decode()
        _loses_nothing(manifest.decode(), finding)


def _loses_nothing(text: str, finding: Finding) -> None:
    """What goes comes back elsewhere, or gives way to something else, or the fix says that it is removed."""
    assert finding.fix is not None
    lines = (text + "\n").split("\n")
    gone: list[str] = []
    put: list[str] = []
    for edit in finding.fix.edits:
        span = lines[edit.line - 1 : edit.end_line]
        span[-1] = span[-1][: edit.end_column - 1]
        span[0] = span[0][edit.column - 1 :]
        put += edit.text.replace(",", " ").split()
        if not edit.text.strip():
            gone += "\n".join(span).replace(",", " ").split()
    if not re.search("remove|is taken out|without", finding.fix.title, re.IGNORECASE):
        assert not set(gone) - set(put) - {"-", "-|"}, (finding.rule, finding.fix.title, gone, put)


@pytest.mark.parametrize(("manifest", "version"), [pytest.param(m, v, id=name) for name, m, v in EXAMPLES])
def test_fixes_of_examples(manifest: str, version: str) -> None:
    _holds(manifest.encode(), version)


@cache
def _recorded() -> list[str]:
    found = []
    for path in sorted(RECORDED.rglob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for n, line in enumerate(lines):
                case = json.loads(line)
                if n % 7 == 0 and isinstance(case.get("yaml"), str):
                    found.append(case["yaml"])
    return found


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.data())
def test_fixes_of_recorded_manifests(data: st.DataObject) -> None:
    _holds(data.draw(st.sampled_from(_recorded())).encode(), "1.36")


SLIPS = (
    (": Never", ": never"),
    ("backoffLimit", "backofLimit"),
    ("completions: ", 'completions: "'),
    ("restartPolicy", "restartpolicy"),
    ("  template:", " template:"),
    ("schedule", "Schedule"),
    ("batch/v1", "batch/v1beta1"),
    ("kind: Job", "kind: job"),
    ("Mi", "MB"),
    ("spec:\n", "spec:\n  activeDeadlineSeconds: 60\n"),
    ("      containers", "    containers"),
)


@settings(deadline=None, max_examples=120, derandomize=True)
@given(st.data())
def test_fixes_of_examples_with_slips(data: st.DataObject) -> None:
    _, manifest, version = data.draw(st.sampled_from(EXAMPLES))
    for wrong, slip in data.draw(st.lists(st.sampled_from(SLIPS), min_size=1, max_size=3)):
        manifest = manifest.replace(wrong, slip, data.draw(st.integers(1, 2)))
    try:
        manifest.encode()
    except UnicodeEncodeError:
        return
    _holds(manifest.encode(), version)


def _typed(finding: Finding) -> tuple[str, str] | None:
    """The first field that the words of a fix say to write, with its value; None for prose, and for what is to be filled in."""
    first = finding.fix_text.split("\n")[0]
    found = re.match(r"([A-Za-z][A-Za-z0-9./-]*): (\S.*?)(?: {3,}.*)?$", first)
    if found is None or any(mark in found[2] for mark in "…<"):
        return None
    return found[1], found[2]


def _home(document: Document, version: str, field: str, key: str) -> str | None:
    """The mapping where a person would write the field: the nearest around the place that knows it, else the Job's spec."""
    value: dict[str, Any] = document.value
    kind, path = value["kind"], steps(field) if field else []
    spec = ["spec"] if kind == "Job" else ["spec", "jobTemplate", "spec"]
    ways = [path[:n] for n in range(len(path), -1, -1)]
    if key == "activeDeadlineSeconds" and path[-1:] != [key]:
        ways = []
    pod = [*spec, "template", "spec"]
    if key == "resources":
        ways.append([*pod, "containers", 0])
    for way in [*ways, spec, pod]:
        parent = value_at(value, way) if way else value
        if isinstance(parent, dict) and key in names_at(version, kind, way) and way[-1:] != [key]:
            return "".join([f"[{s}]" if isinstance(s, int) else f".{s}" for s in way]).removeprefix(".")
    return None


_FOLLOWS = {("JL807", "JL970"), ("JL807", "JL984"), ("JL807", "JL994"), ("JL412", "JL419")}
"""A user other than root cannot use what belongs to root, and a group of more Pods needs a higher parallelism: the next finding
says so."""


@pytest.mark.parametrize(("manifest", "version"), [pytest.param(m, v, id=name) for name, m, v in EXAMPLES])
def test_what_the_words_say_to_type(manifest: str, version: str) -> None:
    documents = list(read(manifest.encode(), "job.yaml"))
    if len(documents) != 1 or not isinstance(documents[0].value, dict):
        return
    document = documents[0]
    if document.value.get("kind") not in ("Job", "CronJob"):
        return
    before = _findings(manifest.encode(), version)
    known = {(f.rule, f.field) for f in before}
    refused = {f.rule for f in before if f.refused}
    for finding in before:
        typed = _typed(finding)
        home = _home(document, version, finding.field, typed[0]) if typed else None
        if typed is None or home is None or finding.rule == "JL105":  # a new name in place of the old one, not beside it
            continue
        field = f"{home}.{typed[0]}" if home else typed[0]
        there = place_of(document, field) is not None
        made = edits.replace_raw(document, field, typed[1]) if there else edits.insert_key(document, home, *typed)
        new = apply(manifest.encode(), list(made)) if made else None
        if new is None:
            continue
        after = _findings(new, version)
        assert _what(finding) not in map(_what, after), (finding.fix_text, new.decode())
        fresh = [_what(f) for f in after if f.severity != "info" and (f.rule, f.field) not in known and f.rule not in refused]
        fresh = [what for what in fresh if (finding.rule, what[0]) not in _FOLLOWS]
        assert not fresh or refused, (finding.rule, finding.fix_text, fresh)
