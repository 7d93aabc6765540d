"""Placeholders are unknown, not wrong: a hint, never an error, and no value that stands in for them is ever told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from joblint.rules.refusals.placeholders import advice, is_script
from joblint.rules.refusals.stand_ins import is_within, put_back
from joblint.rules.refusals.token import token
from joblint.run.explain import explain_files
from joblint.source.documents import read
from joblint.source.places.paths import changed, steps
from joblint.source.unrendered.known import VariablesError, read_variables

from .helper import report_of

CLEAN = sorted((Path(__file__).parents[1] / "data/clean").glob("*.yaml"))
JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: pi
spec:
  backoffLimit: 4
  completions: 5
  parallelism: 5
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: perl:5.34.0
        args: [run]
        resources: {limits: {memory: 64Mi, cpu: "1"}}
"""
CONTAINER = "spec.template.spec.containers[0]"
CRON = """\
apiVersion: batch/v1
kind: CronJob
metadata:
  name: nightly
spec:
  schedule: "0 3 * * *"
  timeZone: Etc/UTC
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - name: main
            image: perl:5.34.0
"""


def _found(manifest: str) -> list[tuple[str, str, str]]:
    return [(f.severity, f.rule, f.field) for f in report_of(manifest).findings]


@pytest.mark.parametrize(
    ("manifest", "old", "new", "field"),
    [
        (JOB, "name: pi", "name: ${NAME}", "metadata.name"),
        (JOB, "name: pi", "name: load-${ENV}", "metadata.name"),
        (JOB, "name: pi", "name: <name>", "metadata.name"),
        (JOB, "name: pi", "name: '{{ name }}'", "metadata.name"),
        (JOB, "name: pi", "name: $NAME", "metadata.name"),
        (JOB, "backoffLimit: 4", "backoffLimit: ${N}", "spec.backoffLimit"),
        (JOB, "backoffLimit: 4", "backoffLimit: '{{ .Values.n }}'", "spec.backoffLimit"),
        (JOB, "backoffLimit: 4", "suspend: ${PAUSED}", "spec.suspend"),
        (JOB, "backoffLimit: 4", "completionMode: ${MODE}", "spec.completionMode"),
        (JOB, "restartPolicy: Never", "restartPolicy: ${P}", "spec.template.spec.restartPolicy"),
        (JOB, "restartPolicy: Never", "restartPolicy: <Never or OnFailure>", "spec.template.spec.restartPolicy"),
        (
            JOB,
            "image: perl:5.34.0",
            "image: a\n        imagePullPolicy: ${PULL}",
            "spec.template.spec.containers[0].imagePullPolicy",
        ),
        (JOB, "memory: 64Mi", "memory: '${MEM}'", f"{CONTAINER}.resources.limits[memory]"),
        (JOB, "memory: 64Mi", "memory: '${MEM}Mi'", f"{CONTAINER}.resources.limits[memory]"),
        (JOB, 'cpu: "1"', "cpu: '${CPU}'", f"{CONTAINER}.resources.limits[cpu]"),
        (JOB, "args: [run]", "args: ${ARGS}", f"{CONTAINER}.args"),
        (JOB, "args: [run]", "ports: [{containerPort: '${PORT}'}]", f"{CONTAINER}.ports[0].containerPort"),
        (JOB, "args: [run]", "workingDir: a\n        securityContext: ${SC}", f"{CONTAINER}.securityContext"),
        (
            JOB,
            "      containers:",
            "      terminationGracePeriodSeconds: ${S}\n      containers:",
            "spec.template.spec.terminationGracePeriodSeconds",
        ),
        (JOB, "  name: pi", "  name: pi\n  labels: {app: '${APP}'}", "metadata.labels[app]"),
        (JOB, "  name: pi", "  name: pi\n  namespace: ${NS}", "metadata.namespace"),
        (JOB, "kind: Job", "kind: ${KIND}", "kind"),
        (JOB, "apiVersion: batch/v1", "apiVersion: ${API}", "apiVersion"),
        (CRON, '"0 3 * * *"', "${SCHEDULE}", "spec.schedule"),
        (CRON, '"0 3 * * *"', '"0 ${HOUR} * * *"', "spec.schedule"),
        (CRON, '"0 3 * * *"', '"${M} ${H} * * ${D}"', "spec.schedule"),
        (CRON, '"0 3 * * *"', '"@every ${N}h"', "spec.schedule"),
        (CRON, '"0 3 * * *"', "<schedule>", "spec.schedule"),
        (CRON, "Etc/UTC", "<zone>", "spec.timeZone"),
        (CRON, "Etc/UTC", "Europe/${CITY}", "spec.timeZone"),
        (CRON, "Forbid", "${POLICY}", "spec.concurrencyPolicy"),
    ],
)
def test_a_placeholder_is_a_hint(manifest: str, old: str, new: str, field: str) -> None:
    assert old in manifest
    report = report_of(manifest.replace(old, new))
    assert [(f.rule, f.message) for f in report.findings if f.severity == "error"] == []
    assert (field, "info") in [(f.field, f.severity) for f in report.findings if f.rule == "JL003"]
    assert "jlunknown" not in repr(report.findings)
    (checked,) = report.documents
    assert not checked.judged.verdict.accepted  # as it stands


def test_whatever_it_becomes_what_is_wrong_is_told() -> None:
    manifest = JOB.replace("name: pi", "name: ${NAME}").replace("Never", "Always").replace("backoffLimit: 4", "backofLimit: 4")
    assert [f for f in _found(manifest) if f[0] == "error"] == [
        ("error", "JL105", "spec.backofLimit"),
        ("error", "JL102", "spec.template.spec.restartPolicy"),
    ]
    # What no filling in makes right is an error, and is told as it is written.
    (finding,) = [f for f in report_of(JOB.replace("name: pi", "name: Load_${ENV}")).findings if f.severity == "error"]
    assert (finding.rule, finding.field) == ("JL111", "metadata.name") and "Load_${ENV}" in finding.message
    assert ("error", "JL106", "spec.completions") in _found(
        JOB.replace("name: pi", "name: ${A}").replace("completions: 5", "completions: five")
    )


MANY = """\
apiVersion: batch/v1
kind: Job
metadata: {name: "load-${ENV}", namespace: <your-namespace>}
spec:
  backoffLimit: ${RETRIES}
  completions: <number of shards>
  parallelism: ${P}
  suspend: ${SUSPENDED}
  completionMode: <mode>
  podFailurePolicy:
    rules:
    - {action: "${ACTION}", onExitCodes: {operator: In, values: ["${CODE}"]}}
  template:
    spec:
      restartPolicy: ${RESTART}
      priorityClassName: ${PC}
      tolerations:
      - {key: a, operator: "${OP}", effect: <effect>}
      initContainers:
      - {name: "wait-${N}", image: "${REG}/busybox:${TAG}", imagePullPolicy: "${PULL}"}
      containers:
      - name: main
        image: <your-image>
        ports: [{containerPort: "${PORT}", protocol: "%%PROTOCOL%%"}]
        resources: {limits: {memory: "${MEM}", cpu: <cpu>}, requests: {memory: "@@MEM@@"}}
"""


@pytest.mark.parametrize(
    "other", ["", '  ttlSecondsAfterFinished: "<img src=x onerror=alert(1)>"\n', "  podReplacementPolicy: 5\n"]
)
def test_many_at_once(other: str) -> None:
    """More than ten: a word that stands for one begins as that for another does. A wrong type beside them hides none."""
    report = report_of(MANY.replace("spec:\n", f"spec:\n{other}", 1))
    assert [f.rule for f in report.findings if f.severity == "error"] == (["JL106"] if other else [])
    assert len([f for f in report.findings if f.rule == "JL003"]) == 20
    assert "jlunknown" not in repr(report.findings)


def test_what_an_alias_repeats_is_a_placeholder_there_too() -> None:
    manifest = JOB.replace("  name: pi", "  name: pi\n  labels: &labels {app: &app 'pg-${A}', also: *app}").replace(
        "  template:\n", "  template:\n    metadata: {labels: *labels}\n"
    )
    report = report_of(manifest)
    assert [f.rule for f in report.findings if f.severity == "error"] == []
    assert [f.field for f in report.findings if f.rule == "JL003"] == ["metadata.labels[app]", "metadata.labels[also]"]


def test_a_word_for_one_is_not_taken_for_another() -> None:
    tokens = {token(n, 0): f"${{N{n}}}" for n in range(12)}
    assert put_back(f"{token(1, 0)} {token(11, 0)} {token(10, 0)}", tokens) == "${N1} ${N11} ${N10}"
    assert is_within(token(1, 0), f"a-{token(1, 0)}") and not is_within(token(1, 0), f"a-{token(11, 0)}")


@pytest.mark.parametrize(
    "text", ["<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "<br>", "<img src>", "<>", "< a >"]
)
def test_html_is_no_placeholder(text: str) -> None:
    report = report_of(JOB.replace("backoffLimit: 4", f'backoffLimit: "{text}"'))
    assert [f.rule for f in report.findings if f.rule in ("JL003", "JL106")] == ["JL106"]


@pytest.mark.parametrize("text", ["<zone>", "<your-image>", "<number of retries>", "<NAME>", "<image:tag>", "<scripted>"])
def test_words_in_angle_brackets_are(text: str) -> None:
    report = report_of(JOB.replace("backoffLimit: 4", f'backoffLimit: "{text}"'))
    (found,) = [f for f in report.findings if f.rule in ("JL003", "JL106")]
    assert (found.rule, found.fix_text) == ("JL003", f"Replace the placeholder `{text}` with the value.")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("${N}", "joblint check --env-file <file> job.yaml    <file> contains lines of the form NAME=value"),
        ("@@N@@", "Check the final manifest: <command> | joblint check -"),
        ("{{ n }}", "Check the final manifest: <command> | joblint check -"),
    ],
)
def test_how_to_check_it_with_its_values(text: str, words: str) -> None:
    assert advice(text, "job.yaml") == words
    assert advice("${N}", "<stdin>").startswith("Fill in the values")


def test_traps_are_told_where_they_do_not_depend_on_it() -> None:
    deadline = JOB.replace("4\n  completions: 5\n  parallelism: 5", "6\n  activeDeadlineSeconds: 300")
    assert ("warning", "JL301", "spec.activeDeadlineSeconds") in _found(deadline.replace("name: pi", "name: ${NAME}"))
    assert "JL301" not in [rule for _, rule, _ in _found(deadline.replace("backoffLimit: 6", "backoffLimit: ${N}"))]
    more = JOB.replace("parallelism: 5", "parallelism: 9")
    assert "JL401" in [rule for _, rule, _ in _found(more.replace("name: pi", "name: ${NAME}"))]
    assert "JL401" not in [rule for _, rule, _ in _found(more.replace("parallelism: 9", "parallelism: ${P}"))]


@pytest.mark.parametrize("text", ["echo $HOME", "$(VAR)", "${PATH}", "a ${B:-c} $D"])
def test_what_a_shell_or_the_kubelet_fills_in_is_none(text: str) -> None:
    # The Job is refused for something else, so that all of it is looked at.
    manifest = JOB.replace("args: [run]", f"args: ['{text}']\n        env: [{{name: A, value: '{text}'}}]").replace(
        "Never", "Always"
    )
    report = report_of(manifest)
    assert [f.field for f in report.findings if f.rule == "JL003"] == []
    assert [f.rule for f in report.findings if f.severity == "error"] == ["JL102"]
    port = JOB.replace("args: [run]", "ports: [{containerPort: '$(PORT)'}]")
    assert [f.rule for f in report_of(port).findings if f.severity == "error"] == ["JL106"]


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("${N:=6}", []),
        ("${N:-6}", []),
        ("${N=6}", []),
        ("${N-6}", []),
        ("'${N:=6}'", ["JL106"]),  # a string, also once it is filled in
        ("${N:=six}", ["JL106"]),
        ("${N:=-6}", ["JL118"]),
        ("${N:?}", []),
        ("${N}", []),
    ],
)
def test_a_default_is_judged(text: str, errors: list[str]) -> None:
    report = report_of(JOB.replace("backoffLimit: 4", f"backoffLimit: {text}"))
    assert [f.rule for f in report.findings if f.severity == "error"] == errors
    assert report.documents[0].judged.verdict.accepted == (text.strip("'")[3] in ":=-" and "?" not in text and not errors)
    (hint,) = [f for f in report.findings if f.rule == "JL003"]
    assert (hint.field, hint.severity) == ("spec.backoffLimit", "info")
    if text == "${N:=6}":
        assert hint.message == "spec.backoffLimit contains the placeholder `${N:=6}`: checked with its default, 6."


def test_numbers_of_a_default_are_computed_with() -> None:
    manifest = JOB.replace("4\n  completions: 5\n  parallelism: 5", "6\n  activeDeadlineSeconds: ${D:=300}")
    (finding,) = [f for f in report_of(manifest).findings if f.rule == "JL301"]
    assert "but the deadline is 5m" in finding.message


@pytest.mark.parametrize("path", CLEAN, ids=lambda p: p.stem)
def test_clean_manifests_stay_clean(path: Path) -> None:
    """A placeholder in the place of any value: nothing that was not told before is an error or a warning now."""
    for document in read(path.read_bytes(), path.name):
        if not isinstance(document.value, dict) or document.value.get("kind") not in ("Job", "CronJob"):
            continue
        before = _loud(document.value)
        for field, _ in document.scalars():
            if not is_script(field):
                # That an image changes with each release is true of a placeholder, too.
                assert _loud(changed(document.value, steps(field), "${X}")) - before <= {"JL602"}, field


def _loud(value: Any) -> set[str]:
    report = report_of(json.dumps(value), profile="default")
    assert not report.crashes and "jlunknown" not in repr(report)
    return {f.rule for f in report.findings if f.severity != "info"}


def test_explain_says_what_it_takes_for_them() -> None:
    manifest = CRON.replace("name: nightly", "name: ${NAME}").replace('"0 3 * * *"', "${SCHEDULE}").replace("Forbid", "${POLICY}")
    (found,) = explain_files([("cron.yaml", manifest.encode())], "1.36").explanations
    assert found.verdict.accepted and found.name == "${NAME}"
    assert dict(found.notes)["placeholders"] == (
        "schedule: ${SCHEDULE} is treated as 0 3 * * *, an example; concurrencyPolicy: ${POLICY} is treated as Allow, the default"
    )
    assert "jlunknown" not in repr(found)
    known = explain_files(
        [("cron.yaml", manifest.encode())], "1.36", variables={"NAME": "a", "SCHEDULE": "5 4 * * *", "POLICY": "Forbid"}
    )
    assert known.explanations[0].name == "a" and "placeholders" not in dict(known.explanations[0].notes)


def test_variables_are_read_as_of_an_env_file() -> None:
    text = "\ufeff# comment\n\nA=1\nexport B = two words # comment\nC='#3 '\r\nD=\"x\" # y\nE=\nF=a#b\n"
    assert read_variables(text) == {"A": "1", "B": "two words", "C": "#3 ", "D": "x", "E": "", "F": "a#b"}
    for wrong in ("A", "=1", "A B=1", "A='x", "A='x' y", "1A=2"):
        with pytest.raises(VariablesError, match="line 2"):
            read_variables("\n" + wrong)
