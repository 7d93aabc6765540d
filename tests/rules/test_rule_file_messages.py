"""What is wrong with a rule file, in words: the place, the key, and what it accepts."""

from __future__ import annotations

import pytest

from joblint.rules.catalogue.rule_files import RuleFileError, validate


def _problems(text: str) -> list[str]:
    with pytest.raises(RuleFileError) as raised:
        validate("rule.yaml", text.encode())
    return str(raised.value).split("\n")


_REQUIRED = ["name", "summary", "severity", "confidence", "profile", "since", "message", "why", "fix", "references", "examples"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "id: TEAM001\n",
            f"rule.yaml:1:1: the keys {', '.join(_REQUIRED)} are missing",
        ),
        ("foo: 1\n", "rule.yaml:1:1: unknown key foo"),
        (
            "id: X1\n",
            "rule.yaml:1:5: id: must be capital letters and 2 to 4 digits, such as TEAM001, and must not begin with JL, not 'X1'",
        ),
        (
            "name: My Rule\n",
            "rule.yaml:1:7: name: must be lowercase words with dashes, such as image-from-mirror, not 'My Rule'",
        ),
        ("severity: fatal\n", "rule.yaml:1:11: severity: must be error, warning or info, not 'fatal'"),
        ("summary: x\n", "rule.yaml:1:10: summary: must have at least 10 characters"),
        ("examples: 3\n", "rule.yaml:1:11: examples: must be a mapping"),
        ("examples: {bad: []}\n", "rule.yaml:1:11: examples: the key good is missing"),
        (
            "references: [http://x]\n",
            "rule.yaml:1:14: references[0]: must be an address that begins with https://, not 'http://x'",
        ),
        ("applies: {kinds: [Pod]}\n", "rule.yaml:1:19: applies.kinds[0]: must be Job or CronJob, not 'Pod'"),
    ],
)
def test_a_mistake_in_a_rule_file(text: str, problem: str) -> None:
    assert problem in _problems(text)
