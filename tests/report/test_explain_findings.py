"""What explain says besides the scenarios: the findings of check at its end, and what a Job with a selector of its own adopts."""

from __future__ import annotations

import pytest

from joblint.report.explain.text import render
from joblint.report.style import Style
from joblint.run.explain import explain_files

from ..rules.helper import engine_of

JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: pi
spec:
{more}  template:
    metadata:
      labels: {{app: load}}
    spec:
      restartPolicy: {policy}
      containers:
      - name: main
        image: registry.example.com/load:1.2
        {container}
"""


def _told(more: str = "", policy: str = "Never", container: str = "command: [./load]", version: str = "1.36") -> list[str]:
    data = JOB.format(more=more, policy=policy, container=container).encode()
    explained = explain_files([("job.yaml", data)], version, engine=engine_of(version))
    return list(render(explained, Style(False, False, 2000), False))


def test_it_ends_with_what_check_warns_of() -> None:
    lines = _told(container="command: [sleep, infinity]")
    assert lines[-1].startswith('  JL720 line 14     Container "main" never ends by itself (sleep infinity)')
    assert not [line for line in _told() if line.startswith("  JL")]


def test_what_the_server_rejects_is_not_told_twice() -> None:
    lines = _told(policy="Always")
    assert "The API server rejects this Job:" in lines
    assert not [line for line in lines if line.startswith("  JL10")]


@pytest.mark.parametrize("rule", ["JL720"])
@pytest.mark.parametrize(
    ("container", "why"),
    [
        ("restartPolicy: Always", "restartPolicy: Always restarts it whenever it ends"),
        (
            "{restartPolicy: Never, restartPolicyRules: [{action: Restart, exitCodes: {operator: NotIn, values: [3]}}]}",
            "its restartPolicyRules also restart it after exit code 0",
        ),
    ],
)
def test_a_container_that_is_restarted_after_success(container: str, why: str, rule: str) -> None:
    """KEP-5307: a Pod's ordinary containers may have a restartPolicy of their own (on since 1.35)."""
    fields = (
        container.strip("{}")
        if container[0] != "{"
        else container[1:-1].replace(", restartPolicyRules", "\n        restartPolicyRules")
    )
    lines = _told(container=fields)
    assert [line for line in lines if line.startswith("  program succeeds")][0].split()[2:4] == ["it", "continues"]
    assert why in lines[-1] and rule in lines[-1]


def test_one_that_ends_by_its_rules() -> None:
    once = "restartPolicy: Never\n        restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [3]}}]"
    lines = _told(container=once)
    assert not [line for line in lines if line.startswith("  JL720")]


MANUAL = "  manualSelector: true\n  selector:\n    matchLabels: {app: load}\n"


def test_a_manual_selector_is_explained() -> None:
    (line,) = [line for line in _told(MANUAL) if line.startswith("  adopts")]
    assert "this Job adopts Pods without an owner that match app=load: a succeeded one completes the Job" in line
    assert "failed ones count towards backoffLimit: 6" in line
    assert "Pods of another Job with this selector keep their owner" in line
    assert "kubectl get pods -l 'app=load'" in line
    assert not [line for line in _told() if line.startswith("  adopts")]


def test_a_manual_selector_with_expressions_and_several_completions() -> None:
    more = MANUAL + "    matchExpressions:\n    - {key: app, operator: In, values: [load, store]}\n  completions: 3\n"
    (line,) = [line for line in _told(more) if line.startswith("  adopts")]
    assert "-l 'app=load,app in (load,store)'" in line
    assert "succeeded ones count as completions" in line
