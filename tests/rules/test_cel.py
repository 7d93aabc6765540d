"""A team's own rules: expressions over the manifest, what is wrong with them, and what they become in a cluster."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from joblint.configuration.settings import ConfigError
from joblint.report.admission_policy import NoPolicy, policy
from joblint.rules.catalogue import cel
from joblint.rules.catalogue.own import load_own, read_own
from joblint.rules.catalogue.rule import builtin
from joblint.rules.engine import Engine
from joblint.run.check import check_text
from joblint.run.examples import try_examples
from joblint.run.result import Report
from joblint.source.documents import read

needs_cel = pytest.mark.skipif(importlib.util.find_spec("cel_expr_python") is None, reason="the extra cel is not installed")
OWN = Path(__file__).parents[2] / "examples" / "rules"

RULE = """\
id: ACME07
name: of-our-own
summary: Something that we want
severity: warning
confidence: certain
profile: default
since: 1.0.0
applies: {{kinds: [Job, CronJob]}}
message: "{message}"
check:
{check}
why: We have agreed on it, and the cluster is held to it.
fix: Do it.
references: [https://example.com/]
examples:
  bad: [{{manifest: {bad}}}]
  good: [{{manifest: {good}}}]
"""
LIMITS = "resources: {limits: {memory: 1Gi, cpu: 2}}"
POD = "{template: {spec: {restartPolicy: Never, containers: [{name: main, image: a:1, " + LIMITS + "}]}}"
JOB = f'{{"apiVersion": "batch/v1", "kind": "Job", "metadata": {{"name": "pi"}}, "spec": {POD}, backoffLimit: 3}}}}'
CRON = (
    '{"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "nightly"},'
    f' "spec": {{schedule: "0 3 * * *", jobTemplate: {{spec: {POD}, backoffLimit: 3}}}}}}}}'
)


def rule_file(folder: Path, check: str, message: str = "{kind} {name} is not as we want it", **more: str) -> Path:
    """A rule file with the lines of a check."""
    import json

    lines = "".join(f"  {line}\n" for line in check.split("\n")).rstrip("\n")
    path = folder / "rule.yaml"
    examples = {"bad": json.dumps(more.get("bad", JOB)), "good": json.dumps(more.get("good", JOB))}
    path.write_text(RULE.format(check=lines, message=message, **examples))
    return path


def report(path: Path, manifest: str) -> Report:
    return check_text(Engine(load_own((str(path),)), "1.36"), manifest.encode(), "job.yaml")


def holds(folder: Path, expression: str, manifest: str = JOB) -> bool:
    found = report(rule_file(folder, "cel: |\n  " + expression), manifest)
    assert not found.crashes
    return not found.findings


@needs_cel
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("object.spec.backoffLimit == 3", True),
        ("object.spec.backoffLimit > 3", False),
        ("has(object.spec.completions)", False),
        ("job.spec.completions == 1 && job.spec.parallelism == 1", True),  # defaults are filled in
        ("defaulted.spec.suspend", False),
        ("prediction.tries_allowed == 4 && prediction.pattern == 'single' && prediction.limit == 'backoffLimit'", True),
        ("prediction.deadline == null && prediction.backoff_needed == 70", True),
        ("object.spec.?completions.orValue(7) == 7", True),
        ("quantity(object.spec.template.spec.containers[0].resources.limits.memory) == quantity('1Gi')", True),
        ("quantity('1Gi').isGreaterThan(quantity('1G')) && !quantity(2).isLessThan('1500m')", True),
        ("quantity('1Gi').compareTo('1024Mi') == 0 && quantity('2k').asInteger() == 2000 && quantity('-1').sign() == -1", True),
        ("quantity('1').add('500m') == '1500m' && quantity('1').sub(1) == '0' && !quantity('500m').isInteger()", True),
        ("quantity(0.5).asApproximateFloat() < 0.6 && isQuantity('1Ki') && !isQuantity('512MB')", True),
        ("duration('90m') > duration('1h') && 'a,b'.split(',').size() == 2", True),
    ],
)
def test_expressions_see_the_job(tmp_path: Path, expression: str, expected: bool) -> None:
    assert holds(tmp_path, expression) is expected


@needs_cel
def test_a_cron_job_is_seen_by_its_template(tmp_path: Path) -> None:
    assert holds(tmp_path, "job.spec.backoffLimit == 3 && object.kind == 'CronJob'", CRON)


@needs_cel
@pytest.mark.parametrize(
    ("check", "manifest", "field"),
    [
        ("cel: object.spec.backoffLimit > 3", JOB, "spec.backoffLimit"),
        ("cel: job.spec.backoffLimit > 3", CRON, "spec.jobTemplate.spec.backoffLimit"),
        ("cel: job.spec.template.spec.containers.all(c, c.image == 'b')", JOB, "spec.template.spec.containers"),
        ("cel: prediction.tries_allowed > 9", CRON, "spec.jobTemplate.spec"),
        ("field: spec.backoffLimit\n  cel: 1 > 2", CRON, "spec.jobTemplate.spec.backoffLimit"),
        ("field: spec.schedule\n  cel: 1 > 2", CRON, "spec.schedule"),
        ("cel: 1 > 2", JOB, ""),
    ],
)
def test_a_finding_stands_at_the_field(tmp_path: Path, check: str, manifest: str, field: str) -> None:
    (found,) = report(rule_file(tmp_path, check.replace("\n  ", "\n")), manifest).findings
    assert found.field == field
    assert found.rule == "ACME07" and found.severity == "warning"
    assert found.message in ("Job pi is not as we want it", "CronJob nightly is not as we want it")


@needs_cel
@pytest.mark.parametrize(
    ("check", "place", "says"),
    [
        ("cel: 1 > 'a'", "11:10", "no matching overload"),
        ("cel: \"1 > 'a'\"", "11:11", "no matching overload"),
        ("cel: |\n  1 > 0 &&\n    foo", "13:9", "undeclared reference to 'foo'"),
        ("cel: 1 +", "11:11", "Syntax error"),
        ("cel: 1 + 1", "11:8", "has the type int"),
        ("cel: job.spec.backofLimit > 3", "11:8", "job.spec has no field backofLimit"),
        ("cel: |\n  1 > 0 &&\n    job.spec.backofLimit > 3", "13:9", "job.spec has no field backofLimit"),
        ("cel: object.speck.x > 3", "11:8", "object has no field speck"),
        ("cel: prediction.tires > 3", "11:8", "prediction has no field tires"),
        ("cell: 1 > 2", "11:3", "cell"),
    ],
)
def test_a_wrong_rule_is_told_with_its_place(tmp_path: Path, check: str, place: str, says: str) -> None:
    path = rule_file(tmp_path, check)
    with pytest.raises(ConfigError) as error:
        load_own((str(path),))
    line, column = place.split(":")
    told = str(error.value)
    assert told.startswith(f"{path}:{line}:") and says in told
    if "cell" not in check:
        assert told.startswith(f"{path}:{line}:{column}: ")


@needs_cel
def test_names_and_texts_of_own_rules(tmp_path: Path) -> None:
    path = rule_file(tmp_path, "cel: 1 > 2", message="{kind} has {much}")
    with pytest.raises(ConfigError, match="unknown value 'much'"):
        load_own((str(path),))
    path.write_text(path.read_text().replace("ACME07", "JL901").replace("{much}", "it").replace("of-our-own", "missing-name"))
    with pytest.raises(ConfigError):
        load_own((str(path),))
    path.write_text(path.read_text().replace("JL901", "ACME07").replace("missing-name", "unknown-field"))
    with pytest.raises(ConfigError, match="unknown-field is already used by joblint's own JL105"):
        load_own((str(path),))
    with pytest.raises(ConfigError, match="No such file or directory"):
        load_own((str(tmp_path / "none"),))
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match="no rule file"):
        load_own((str(tmp_path / "empty"),))


@needs_cel
def test_an_expression_that_fails_is_a_fault_of_its_rule(tmp_path: Path) -> None:
    found = report(rule_file(tmp_path, "cel: object.spec.completions > 3"), JOB)
    assert not found.findings
    assert [(c.rule, "completions" in c.error) for c in found.crashes] == [("ACME07", True)]
    assert report(rule_file(tmp_path, "cel: quantity('512MB').isInteger()"), JOB).crashes
    assert report(rule_file(tmp_path, "cel: object.spec.backoffLimit"), JOB).crashes


@needs_cel
def test_whole_numbers_beyond_64_bits_are_survived(tmp_path: Path) -> None:
    manifest = JOB.replace('"name": "pi"', '"name": "pi", "generation": 99999999999999999999999')
    assert report(rule_file(tmp_path, "cel: object.metadata.name == 'pi'"), manifest).crashes == ()


def test_without_the_extra_it_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "cel_expr_python", None)
    cel.compile_expression.cache_clear()
    path = rule_file(tmp_path, "cel: 1 > 2")
    with pytest.raises(ConfigError, match=r"pip install 'joblint\[cel\]'"):
        load_own((str(path),))


@needs_cel
def test_the_examples_in_the_project_behave() -> None:
    rules = read_own((str(OWN),))
    assert [own.rule.id for own in rules] == ["ACME01", "ACME02", "ACME03"]
    assert [try_examples(own) for own in rules] == [(), (), ()]


@needs_cel
@pytest.mark.parametrize(
    ("expression", "bad", "good", "says"),
    [
        ("1 > 2", JOB, JOB, "good example 1: the rule reports it: Job pi"),
        ("1 < 2", JOB, JOB, "bad example 1: the rule does not report it"),
        ("1 < 2", "kind: Pod", JOB, "bad example 1: it contains no Job"),
        ("object.spec.completions > 1", JOB, CRON, "bad example 1: Key not found"),
    ],
)
def test_an_example_that_does_not_behave_is_told(tmp_path: Path, expression: str, bad: str, good: str, says: str) -> None:
    (own,) = read_own((str(rule_file(tmp_path, "cel: " + expression, bad=bad, good=good)),))
    assert any(f.message.startswith(says) and f.line > 10 for f in try_examples(own))


@needs_cel
def test_a_rule_over_the_object_becomes_an_admission_policy() -> None:
    (rule,) = [r for r in load_own((str(OWN),)) if r.id == "ACME02"]
    made: list[Any] = [d.value for d in read(policy(rule).encode(), "policy.yaml")]
    assert [v["kind"] for v in made] == ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"]
    assert made[1]["spec"] == {"policyName": made[0]["metadata"]["name"], "validationActions": ["Warn"]}
    spec = made[0]["spec"]
    assert spec["matchConstraints"]["resourceRules"][0]["resources"] == ["jobs"]
    assert spec["validations"][0]["expression"] == cel.parts(rule)[1].strip()
    assert spec["validations"][0]["message"] == "No container asks for more memory than a node of ours has (ACME02)"


@needs_cel
def test_what_no_policy_can_stand_for_is_refused_with_the_reason() -> None:
    own = {r.id: r for r in load_own((str(OWN),))}
    with pytest.raises(NoPolicy, match="reads job"):
        policy(own["ACME01"])
    rules = {r.id: r for r in builtin()}
    with pytest.raises(NoPolicy, match="already rejects"):
        policy(rules["JL101"])
    with pytest.raises(NoPolicy, match="not an expression"):
        policy(rules["JL301"])


@needs_cel
@pytest.mark.parametrize(
    ("expression", "word"),
    [
        ("object.x.all(a, object.x.all(b, object.x.all(c, a + b + c >= 0)))", "too expensive"),
        ("object.x.map(a, object.x.map(b, a)).size() > 0 && object.x.all(c, object.x.all(d, true))", "too expensive"),
    ],
)
def test_an_expression_ends_whatever_the_manifest_holds(expression: str, word: str) -> None:
    with pytest.raises(cel.NoAnswer, match=word):
        cel.compile_expression(expression).holds({"object": {"x": list(range(200_000))}})


LARGE = {"s": "a" * 1_000_000, "x": [str(n) for n in range(20_000)]}
LONG = {"s": "a" * 100_000, "x": [{"name": str(n), "value": "b"} for n in range(60)]}


@needs_cel
@pytest.mark.parametrize(
    "expression",
    [
        "object.s.replace('a', object.s) != ''",
        "object.s.replace('', object.s) != ''",
        "object.s.replace('a', 'bbbbbbbbbb').replace('b', 'cccccccccc').replace('c', 'dddddddddd') != ''",
        "object.x.join(object.s) != ''",
        "object.x.map(a, object.s).join('') != ''",
        "object.x.map(a, object.s + object.s).size() > 0",
        "object.x.map(a, [object.x, object.x]).size() > 0",
        "object.x.all(a, object.s.matches('a*b'))",
        "object.x.all(a, object.s != object.s + 'x')",
        "object.s.split('').all(a, object.s.lowerAscii() != a)",
        "object.s.split('').map(a, a + object.s).join('').split('').map(a, a + object.s) != []",
    ],
)
def test_an_expression_creates_no_more_than_memory_holds(expression: str) -> None:
    with pytest.raises(cel.NoAnswer, match="too expensive for an object as large as this one"):
        cel.compile_expression(expression).holds({"object": LARGE})
    small = {"s": "abc", "x": ["a", "b"]}
    assert isinstance(cel.compile_expression(expression).holds({"object": small}), bool)


@needs_cel
@pytest.mark.parametrize(
    "expression",
    [
        "object.x.all(a, a.name.matches('^[0-9]+$')) && object.x.exists(a, a.value == 'b')",
        "object.x.all(a, object.x.all(b, a.value == b.value))",
        "object.x.map(a, a.name + '=' + a.value).join(',').startsWith('0=b')",
        "object.s.replace('-', '_').size() == 100000",
        "!object.s.lowerAscii().trim().contains('x')",
        "object.s.split('b').size() == 1",
    ],
)
def test_a_large_manifest_is_not_too_large_for_what_rules_ask(expression: str) -> None:
    assert cel.compile_expression(expression).holds({"object": LONG}) is True


@needs_cel
def test_a_rule_that_fails_on_a_manifest_is_no_bug_in_joblint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from joblint.cli.console import tell_crashes

    text = "object.spec.template.spec.containers[0].args"
    rules = load_own((str(rule_file(tmp_path, f"cel: '{text}.all(a, {text}.all(b, a != b + b))'")),))
    job = JOB.replace("image: a:1", f"image: a:1, args: {list('ab') * 200}")
    report = check_text(Engine(rules, "1.36"), job.encode(), "x.yaml")
    (failure,) = report.crashes
    assert (failure.own, failure.rule) == (True, "ACME07")
    assert tell_crashes(report.crashes)
    said = "joblint: rule ACME07 of-our-own failed at x.yaml, document 0: the expression is too expensive for this object: "
    assert capsys.readouterr().err == f"{said}it takes more than 10,000 steps\n"


@needs_cel
@pytest.mark.parametrize("expression", ["(" * 40 + "true" + ")" * 40, "1 + " * 500 + "1 > 0", "[" * 40 + "]" * 40 + " != []"])
def test_an_expression_that_is_nested_too_deeply_is_none(expression: str) -> None:
    with pytest.raises(cel.WrongExpression, match="recursion"):
        cel.compile_expression(expression)


@needs_cel
def test_patterns_in_expressions_take_time_by_the_length_of_the_text_alone() -> None:
    assert cel.compile_expression("!object.s.matches('(a+)+$')").holds({"object": {"s": "a" * 1_000_000 + "b"}})
