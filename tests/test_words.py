"""The words and lengths of texts for people: rule files, pages, help. CONTRIBUTING.md has the glossary."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

import pytest

from joblint.rules.catalogue.rule_files import builtin_rule_files, read_rule_file

ROOT = Path(__file__).parents[1]
RULES = {data["id"]: data for data in [read_rule_file(name, raw) for name, raw in builtin_rule_files()]}
NOT = {
    r"\bmend(s|ed|ing)?\b": "fix",
    r"\b(tries|try again|tried again)\b": "attempts, retry",
    r"\bfor ever\b": "forever, indefinitely",
    r"\bwithout end\b": "indefinitely",
    r"\b(is|are|be) (taken|told)\b": "is accepted, is reported",
    r"\bdoes not take\b": "rejects",
    r"\brefuse(s|d)?\b": "reject",
    r"\bstands?\b": "is",
    r"\bblanks?\b": "space",
    r"\bamounts?\b": "quantity, number",
    r"\bpass(es|ed)? over\b": "skip, ignore",
    r"\bleave (it|them) out\b": "remove it",
    r"\b(goes|gone) with\b": "is deleted along with",
    r"\bmachine\b": "node, controller manager",
    r"\bwaves?\b(?! (do|of|order))": "batch",
    r"\bsays? so\b": "reports it",
    r"\bfolder of the node\b": "directory on the node",
    r"\banew\b": "again",
    r"\bhardly\b": "rarely, little",
    r"\bmostly\b": "usually",
    r"\bbesides?\b": "next to, in addition to",
    r"\bmisspelt\b": "misspelled",
}
"""Words that read quaint or mean something else in Kubernetes, as patterns, and what to write instead."""


def _texts(data: dict[str, Any]) -> dict[str, str]:
    """The texts of a rule that a person reads, without what is quoted: the API server's words, names and code."""
    found = {key: str(data.get(key, "")) for key in ("summary", "message", "label", "why", "fix")}
    return {key: re.sub(r'`[^`]*`|"[^"]*"|\{[^}]*\}', "…", text.replace('\\"', '"')) for key, text in found.items()}


@pytest.mark.parametrize("rule", RULES)
def test_words_of_a_rule(rule: str) -> None:
    for key, text in _texts(RULES[rule]).items():
        for pattern, better in NOT.items():
            found = re.search(pattern, text, re.IGNORECASE)
            assert found is None, f"{rule} {key}: {found and found[0]!r}, better: {better}"


@pytest.mark.parametrize("rule", RULES)
def test_lengths_of_a_rule(rule: str) -> None:
    data = RULES[rule]
    message = re.sub(r"\{[^}]*\}", "values", data["message"])
    assert len(message) <= 140, f"{rule}: a message of {len(message)} characters"
    assert len(data["summary"]) <= 100 and not data["summary"].endswith(".")
    assert len(data.get("label", "")) <= 50
    sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z{$])", re.sub(r"\{ending\}", "", data["why"]).strip())
    assert len(sentences) <= 3, f"{rule}: {len(sentences)} sentences in why"
    lines = len(textwrap.wrap(message, 98)) + len(textwrap.wrap(data["why"], 92)) + len(data["fix"].strip().split("\n"))
    assert lines + 6 <= 14 or data["fix"].count(":\n"), f"{rule}: a finding of {lines + 6} lines"


@pytest.mark.parametrize(
    "command", [[], ["check"], ["jobs-explain"], ["diff"], ["rules"], ["ignore", "add"], ["baseline", "write"]]
)
def test_words_of_the_help(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    from joblint.cli.commands import run

    assert run([*command, "--help"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    for pattern in NOT:
        assert not re.search(pattern, text, re.IGNORECASE), f"{command}: {pattern}"
