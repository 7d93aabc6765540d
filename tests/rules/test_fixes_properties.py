"""Whatever the manifest: a fix loses no comment, breaks nothing that was right, and fixing twice changes nothing more."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from joblint.rules.fixes.apply import fix_data
from joblint.source.documents import read

from .test_fixes import ENGINE

JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: pi
  labels:
    team: data
spec:
  backoffLimit: 3
  completions: 4
  completionMode: Indexed
  template:
    metadata:
      labels: {team: data}
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: perl:5.34.0
        imagePullPolicy: Always
        env:
        - name: A
          value: "1"
        - {name: B, value: b}
        resources:
          limits:
            memory: 512M
            cpu: 1
      volumes:
        - name: tmp
          emptyDir: {}
"""
SLIPS = (
    ("apiVersion: batch/v1", "apiVersion: batch/v1beta1"),
    ("backoffLimit: 3", "backofLimit: 3"),
    ("backoffLimit: 3", 'backoffLimit: "3"'),
    ("backoffLimit: 3", "backoffLimit: 3\n  backoffLimit: 3"),
    ("      restartPolicy", "      ttlSecondsAfterFinished: 60\n      restartPolicy"),
    ("      volumes:", "      parallelism: 2\n      volumes:"),
    ("  completions: 4", "  restartPolicy: Never\n  completions: 4"),
    ("Indexed", "indexed"),
    ("imagePullPolicy: Always", "imagePullpolicy: always"),
    ('value: "1"', "value: yes"),
    ("value: b", "value: 1.10"),
    ("memory: 512M", "memory: 512MB"),
    ("cpu: 1", "cpu: 1 core"),
    ("      restartPolicy: Never\n", ""),
    ("restartPolicy: Never", "restartPolicy: Always"),
    ("team: data", "team: on"),
    ("emptyDir: {}", "emptyDir: {sizelimit: 1gb}"),
)


@st.composite
def manifests(draw: st.DrawFn) -> str:
    """One or two Jobs with slips, comments and empty lines in any place where YAML takes them."""
    documents = []
    for _ in range(draw(st.integers(1, 2))):
        text = JOB
        for old, new in draw(st.lists(st.sampled_from(SLIPS), max_size=5, unique=True)):
            text = text.replace(old, new, draw(st.sampled_from((1, 1, -1))))
        lines = []
        for line in text.splitlines():
            what = draw(st.sampled_from(("", "", "", "", "above", "behind", "both", "blank", "outside")))
            indent = len(line) - len(line.lstrip())
            if what in ("above", "both"):
                lines.append(" " * indent + f"# c{draw(st.integers(0, 99))}: é")
            if what == "outside":
                lines.append(f"#{draw(st.integers(0, 99))}")
            if what == "blank":
                lines.append("")
            lines.append(line + (f"   # d{draw(st.integers(0, 99))}" if what in ("behind", "both") else ""))
        documents.append("\n".join(lines) + "\n")
    text = draw(st.sampled_from(("", "---\n", "# head\n"))) + "---\n".join(documents)
    return text.replace("\n", draw(st.sampled_from(("\n", "\r\n"))))


def _comments(text: str) -> list[str]:
    return sorted(m.strip() for m in re.findall(r"#[^\r\n]*", text))


def _errors(text: bytes) -> list[tuple[str, str]]:
    return [(f.rule, f.field) for d in read(text, "x") for f in ENGINE.run(d).findings if f.severity == "error"]


def _decoded(text: bytes) -> bool:
    return all(j.verdict.stage not in ("yaml", "decode") for d in read(text, "x") for j in ENGINE.run(d).judged)


@settings(max_examples=60, deadline=None)
@given(manifests(), st.booleans())
def test_fixes_are_idempotent_and_lose_nothing(text: str, unsafe: bool) -> None:
    data = text.encode()
    result = fix_data(ENGINE, data, "job.yaml", unsafe)
    after = result.data.decode()
    assert _comments(after) == _comments(text)
    assert after.count("\r\n") == (after.count("\n") if "\r\n" in text else 0)
    assert fix_data(ENGINE, result.data, "job.yaml", unsafe).data == result.data
    if _decoded(data):
        before = _errors(data)
        assert all(error in before for error in _errors(result.data))
    assert (result.data == data) == (not result.made)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=200), st.integers(0, 400), st.booleans())
def test_any_text_is_survived(noise: str, at: int, unsafe: bool) -> None:
    text = JOB.replace("backoffLimit", "backofLimit")
    data = (text[:at] + noise + text[at:]).encode()
    result = fix_data(ENGINE, data, "job.yaml", unsafe)
    assert fix_data(ENGINE, result.data, "job.yaml", unsafe).data == result.data
