"""The lengths of findings as people see them: on the examples of every rule and on recorded manifests.

What a finding quotes is discounted: errors of the API server, field paths of more than three levels, and values (a word, or a
text in quotes) longer than 40 characters. A message then has at most 140 characters, `why` at most three sentences, a finding
at most 14 lines at 100 columns.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from joblint.report.check.text import Lines
from joblint.report.style import Style
from joblint.rules.catalogue.rule_files import builtin_rule_files, read_rule_file
from joblint.rules.finding import Finding
from joblint.run.check import check_files, check_text
from joblint.run.result import Report

from .helper import engine_of, report_of_chart

DATA = Path(__file__).parents[1] / "data"
RULES = [read_rule_file(name, raw) for name, raw in builtin_rule_files()]
STYLE = Style(colour=False, boxes=True, width=100)
LONGEST_VALUE, MESSAGE, SENTENCES, LINES = 40, 140, 3, 14
VALUE = re.compile(
    rf"\"[^\"]{{{LONGEST_VALUE},}}\"|'[^']{{{LONGEST_VALUE},}}'|`[^`]{{{LONGEST_VALUE},}}`|\S{{{LONGEST_VALUE + 1},}}"
    r"|(?<!\S)\w+([.\[][\w*\]]+){3,}"
)

SERVER = re.compile(
    r"\b(Invalid value|Required value|Unsupported value|Duplicate value|Forbidden|Too long|Too many|Not found)\b.*"
    r"|`selector` (will be|not|does not match)\b.*|(?<=The API server warns: ).*| The API server reports: .*"
    r"|\ba lowercase RFC 1123 \w+ must consist of .*"
    r"| Applies in the branch .*"
)
"""An error as the API server writes it, and what is added to a message about a template's branch."""

LISTS = {
    "JL117": "the values that the field accepts",
    "JL901": "the error of the kubelet's parser",
    "JL910": "what each container must set",
    "JL941": "an event of the cluster",
    "JL950": "the account that would be allowed",
    "JL942": "an event of the cluster",
}
"""Rules whose message is as long as a list, or as words that others wrote."""

TEXTS = {
    "JL001": "the text with its lines at other levels",
    "JL139": "the same",
    "JL104": "a missing template",
    "JL711": "a script",
}
"""Rules whose fix is a part of the manifest, of as many lines as that has."""


def _message(finding: Finding) -> str:
    return VALUE.sub("", SERVER.sub("", finding.message))


def _long(report: Report) -> Iterator[str]:
    for finding in report.findings:
        text = _message(finding)
        if not finding.message.endswith((".", "?")) or re.search(r"[a-z)]\.\.$", finding.message):
            yield f"{finding.rule}: a message that does not end with one full stop: {finding.message}"
        if len(text) > MESSAGE and finding.rule not in LISTS:
            yield f"{finding.rule}: {len(text)} characters without long values: {finding.message}"
        sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z])", finding.why.strip())
        if len(sentences) > SENTENCES:
            yield f"{finding.rule}: {len(sentences)} sentences in why: {finding.why}"
        lines = _lines(finding, text[:MESSAGE])
        if lines > LINES and finding.rule not in TEXTS:
            yield f"{finding.rule}: {lines} lines, without those of long values"


def _lines(finding: Finding, message: str) -> int:
    """The lines of a finding in the text report, of which the message counts as long as it is without long values."""
    shown = list(Lines("info", STYLE).of(finding, False))
    until = shown.index("")
    return 1 + (len(message) + 97) // 98 + len(shown) - 1 - until


def _examples() -> list[Any]:
    return [
        pytest.param(example, id=f"{rule['id']}-{which}-{n}")
        for rule in RULES
        for which in ("bad", "good")
        for n, example in enumerate(rule["examples"][which])
    ]


@pytest.mark.parametrize("part", range(4))
def test_lengths_of_the_examples(part: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found: set[str] = set()
    for n, param in enumerate(_examples()[part::4]):
        (example,) = param.values
        engine = engine_of(example.get("kubernetes", "1.36"))
        if "files" not in example:
            report = check_text(engine, example["manifest"].encode(), "job.yaml")
        elif "Chart.yaml" in example["files"]:
            report = report_of_chart(tmp_path / str(n), example["manifest"], example["files"])
        else:
            folder = tmp_path / str(n)
            folder.mkdir()
            monkeypatch.chdir(folder)
            for name, text in {"job.yaml": example["manifest"], **example["files"]}.items():
                Path(name).write_text(text)
            report = check_files(engine, ("job.yaml", *example["files"]))
        found |= {f"{param.id}: {line}" for line in _long(report)}
    assert not found, "\n".join(sorted(found))


def _recorded() -> Iterator[str]:
    for name in ("traps", "live", "verdicts", "job-spec", "pod-template", "podsecurity"):
        lines = gzip.decompress((DATA / f"{name}.jsonl.gz").read_bytes()).decode().splitlines()
        for line in lines if len(lines) < 500 else lines[:: len(lines) // 60]:
            case = json.loads(line)
            for key in ("yaml", "bad", "good", "list"):
                if value := case.get(key):
                    yield value if isinstance(value, str) else json.dumps(value)
    for folder in (DATA / "clean", DATA / "reports", DATA.parents[1] / "examples"):
        yield from [path.read_text("utf-8") for path in sorted(folder.rglob("*.yaml"))]


@pytest.mark.parametrize("part", range(4))
def test_lengths_of_recorded_manifests(part: int) -> None:
    engine, found = engine_of(), set[str]()
    for manifest in list(_recorded())[part::4]:
        found |= set(_long(check_text(engine, manifest.encode("utf-8", "surrogatepass"), "job.yaml")))
    assert not found, "\n".join(sorted(found))
