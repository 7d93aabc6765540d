"""What the engine makes of verdicts: one finding for one cause, and nothing hidden behind the first error."""

from __future__ import annotations

import pytest

from .helper import report_of

WRONG_TYPES = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: pi
spec:
  backoffLimit: "3"
  parallelism: two
  backofLimit: 1
  template:
    spec:
      restartPolicy: Always
      containers:
      - name: main
        image: perl:5.34.0
        command: ls
"""


def _errors(manifest: str) -> list[tuple[str, str]]:
    return [(f.rule, f.field) for f in report_of(manifest).findings if f.severity == "error"]


def test_what_stands_behind_the_first_wrong_type_is_told_too() -> None:
    report = report_of(WRONG_TYPES)
    (checked,) = report.documents
    assert [e.field for e in checked.judged.verdict.errors] == ["spec.backoffLimit"]  # the server stops there
    assert _errors(WRONG_TYPES) == [
        ("JL106", "spec.backoffLimit"),
        ("JL106", "spec.parallelism"),
        ("JL105", "spec.backofLimit"),
        ("JL102", "spec.template.spec.restartPolicy"),
        ("JL106", "spec.template.spec.containers[0].command"),
    ]


_MANY_WRONG_TYPES = """apiVersion: batch/v1
kind: Job
metadata:
  name: 123
  labels:
    app.kubernetes.io/version: 1.10
    plain: true
spec:
  backofLimit: 3
  template:
    spec:
      containers:
      - name: c
        image: i
        command: [5]
        args: [sleep, 10]
        env:
{env}
        resources: {{limits: {{nvidia.com/gpu: [1], cpu: {{}}}}}}
      - foo
"""


def test_a_type_error_hides_nothing() -> None:
    env = [f"        - {{name: A{n}, value: {n}}}" for n in range(20)]
    found = _errors(_MANY_WRONG_TYPES.format(env="\n".join(env)))
    pod = "spec.template.spec"
    assert [field for rule, field in found if rule == "JL106"] == [
        "metadata.name",
        "metadata.labels[app.kubernetes.io/version]",
        "metadata.labels.plain",
        f"{pod}.containers[0].command[0]",
        f"{pod}.containers[0].args[1]",
        *(f"{pod}.containers[0].env[{n}].value" for n in range(20)),
        f"{pod}.containers[1]",
    ]
    assert {field for rule, field in found if rule == "JL109"} == {
        f"{pod}.containers[0].resources.limits[nvidia.com/gpu]",
        f"{pod}.containers[0].resources.limits.cpu",
    }
    assert ("JL105", "spec.backofLimit") in found
    assert ("JL101", f"{pod}.restartPolicy") in found
    assert len(found) == 30


@pytest.mark.parametrize("part", ["metadata: [a]", "status: x", "metadata: {name: a, labels: [b]}", "metadata: {name: [a]}"])
def test_nor_does_one_of_a_whole_part(part: str) -> None:
    manifest = f"apiVersion: batch/v1\nkind: Job\n{part}\nspec: {{template: {{spec: {{restartPolicy: Always}}}}}}\n"
    fields = [field for _, field in _errors(manifest)]
    assert "spec.template.spec.restartPolicy" in fields
    assert "spec.template.spec.containers" in fields


@pytest.mark.parametrize(
    ("manifest", "who"),
    [
        ("kind: Job\nmetadata: {name: a}\n", "kubectl"),
        ("apiVersion: batch/v2\nkind: Job\nmetadata: {name: a}\n", "kubectl"),
        ("apiVersion: batch/v1\nkind: Cronjob\nmetadata: {name: a}\n", "kubectl"),
        ("apiVersion: batch/v1\nmetadata: {name: a}\nspec: {}\n", "kubectl"),
        ("apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec: {backofLimit: 1}\n", "The API server"),
    ],
)
def test_who_rejects_is_told_where_no_rule_explains_it(manifest: str, who: str) -> None:
    report = report_of(manifest, select=("JL199",))
    # What stands behind a wrong kind or version is told, too, and that is the API server's.
    assert report.findings[0].message.partition(" rejects")[0] == who


def test_several_words_of_the_server_on_one_slip_are_one_finding() -> None:
    text = WRONG_TYPES.replace("Always", "never").replace("two", "2").replace('"3"', "3").replace("  backofLimit: 1\n", "")
    manifest = text.replace("command: ls", "command: [ls]")
    report = report_of(manifest)
    assert len(report.documents[0].judged.verdict.errors) == 2
    assert _errors(manifest) == [("JL103", "spec.template.spec.restartPolicy")]


def test_a_missing_template_is_one_cause() -> None:
    manifest = "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: pi\nspec: {}\n"
    assert _errors(manifest) == [("JL104", "spec.template.spec.containers")]


def test_traps_are_looked_for_in_what_the_server_would_take() -> None:
    manifest = WRONG_TYPES.replace('  backoffLimit: "3"\n', "  activeDeadlineSeconds: 300\n")
    assert "JL301" in {f.rule for f in report_of(manifest).findings}


def test_a_field_that_is_forgotten_is_told() -> None:
    manifest = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: pi}\nspec:\n  managedBy: a.b/c\n  template:\n    spec:\n"
    manifest += "      restartPolicy: Never\n      containers: [{name: main, image: 'perl:5.34.0'}]\n"
    found = [(f.rule, f.field, f.span.line) for f in report_of(manifest, "1.31").findings if f.severity == "warning"]
    assert found == [("JL136", "spec.managedBy", 5)]


def test_a_value_of_another_version_names_the_versions_that_take_it() -> None:
    manifest = WRONG_TYPES.replace('  backoffLimit: "3"\n  parallelism: two\n  backofLimit: 1\n', "").replace("Always", "Never")
    manifest = manifest.replace("command: ls", "restartPolicy: Sometimes")
    (finding,) = [f for f in report_of(manifest, "1.36").findings if f.severity == "error"]
    assert finding.rule == "JL117" and "Always, Never or OnFailure in Kubernetes 1.36" in finding.message
    assert "Kubernetes 1.34 accepts" not in report_of(manifest, "1.31").findings[0].fix_text
    dropped = [f for f in report_of(manifest, "1.34").findings if f.rule == "JL136"]
    assert "feature gate ContainerRestartRules is disabled by default (enabled since 1.35)" in dropped[0].message


def test_an_entry_of_a_map_is_pointed_at_where_the_server_names_the_map() -> None:
    manifest = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: pi
  labels:
    ok: fine
    team: "a b"
spec:
  template:
    metadata:
      labels:
        tier: "bad value!"
      annotations:
        "Bad key!": x
    spec:
      restartPolicy: Never
      nodeSelector: {"a/b/c": x}
      containers:
      - name: main
        image: perl:5.34.0
        resources: {requests: {memory: 1Gi, cpu: "2"}, limits: {cpu: "1"}}
"""
    places = [(f.field, f.span.line, f.span.column) for f in report_of(manifest).findings if f.severity == "error"]
    assert places == [
        ("metadata.labels", 7, 11),
        ("spec.template.labels", 12, 15),
        ("spec.template.annotations", 14, 9),
        ("spec.template.spec.nodeSelector", 17, 22),
        ("spec.template.spec.containers[0].resources.requests", 21, 50),
    ]


def test_empty_keys_are_unknown_fields_and_no_trouble() -> None:
    manifest = "apiVersion: batch/v1\n'': 1\nkind: Job\nmetadata: {name: a, '': 2}\nspec: {'': {a: b}}\n"
    report = report_of(manifest)
    assert report.crashes == ()
    assert [f.field for f in report.findings if f.rule == "JL105"] == ["", "metadata.", "spec."]
