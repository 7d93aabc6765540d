"""What YAML makes of what was written: the traps of reading, in every way in which people write them."""

from __future__ import annotations

import pytest

from .helper import report_of

READING = tuple(f"JL{n:03}" for n in range(5, 15))


def job(spec: str = "", pod: str = "", container: str = "", meta: str = "") -> str:
    """A Job with lines put in."""
    parts = ["apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: pi\n", meta, "spec:\n", spec, "  template:\n    spec:\n"]
    parts += ["      restartPolicy: Never\n", pod, "      containers:\n        - name: main\n          image: perl:5.34.0\n"]
    return "".join([*parts, container])


def variable(value: str) -> str:
    """A Job with the lines of a variable's value."""
    lines = value.replace("\n", "\n                ")
    return job("", "", f"          env:\n            - name: A\n              value: {lines}\n")


def found(text: str) -> list[tuple[str, str]]:
    report = report_of(text, select=READING)
    assert not report.crashes
    return [(f.rule, f.field.replace("spec.template.spec.containers[0].", "")) for f in report.findings]


CASES = [
    # octal, unless it is a mode, in quotes, or the same in both readings
    (job("  parallelism: 010\n"), [("JL005", "spec.parallelism")]),
    (job("  parallelism: -010\n"), []),
    (job("  parallelism: 07\n"), []),
    (job("  parallelism: 08\n"), []),
    (job("", "", "          ports: [{containerPort: 0100}]\n"), [("JL005", "ports[0].containerPort")]),
    (job("", "", '          env: [{name: A, value: "010"}]\n'), []),
    (job("", "      volumes: [{name: a, configMap: {defaultMode: 0644, items: [{key: a, path: a, mode: 0400}]}}]\n"), []),
    # spellings of numbers and booleans
    (job("  ttlSecondsAfterFinished: 86_400\n"), [("JL006", "spec.ttlSecondsAfterFinished")]),
    (job("  ttlSecondsAfterFinished: 0o17\n"), [("JL006", "spec.ttlSecondsAfterFinished")]),
    (job("  ttlSecondsAfterFinished: 0b11\n"), [("JL006", "spec.ttlSecondsAfterFinished")]),
    (job("  ttlSecondsAfterFinished: +60\n"), []),
    (job("", "", "          resources: {limits: {cpu: 1.5, memory: 1e9}}\n"), [("JL006", "resources.limits[memory]")]),
    (job("  suspend: Off # later\n"), [("JL007", "spec.suspend")]),
    (job("", "", "          tty: y\n          stdin: n\n"), [("JL007", "tty"), ("JL007", "stdin")]),
    (job("", "", "          securityContext: {privileged: no}\n"), [("JL007", "securityContext.privileged")]),
    # keys
    (job(meta="  labels:\n    yes: a\n    010: b\n"), [("JL008", "metadata.labels[true]"), ("JL008", "metadata.labels[8]")]),
    (job(meta="  annotations: {'on': a, \"8\": b, true: c}\n"), []),
    (job(pod="      nodeSelector: {n: a}\n"), [("JL008", "spec.template.spec.nodeSelector[false]")]),
    # nothing behind a colon
    (job("  backoffLimit:\n"), [("JL009", "spec.backoffLimit")]),
    (job("  backoffLimit:   # six?\n  suspend: false\n"), [("JL009", "spec.backoffLimit")]),
    (job("  backoffLimit: ~\n  completions: null\n"), []),
    (job("", "      tolerations:\n", "          env:\n          args:\n          resources:\n"), []),
    (job("", "", "          workingDir:\n"), [("JL009", "workingDir")]),
    (job("", "", "          env:\n            - name: A\n              value:\n"), []),
    # line breaks
    (variable("|\none"), [("JL010", "env[0].value")]),
    (variable(">\na\nb"), [("JL010", "env[0].value")]),
    (variable("|-\none"), []),
    (job("", "", '          env: [{name: A, value: "one\\n"}]\n'), []),
    (job(meta="  annotations:\n    note: |\n      one line\n"), []),
    # lists in strings
    (job("", "", "          args:\n            - -c\n              - echo\n"), [("JL011", "args[0]")]),
    (job("", "", "          args: ['a\n            - b']\n"), []),
    (job("", "", "          args:\n            - one - two\n            - a\n              b - c\n"), []),
    # quotes
    (job("", "", "          env: [{name: A, value: \"'a'\"}]\n"), [("JL012", "env[0].value")]),
    (job("", "", "          args: [--a='b c', '\"x\"', --d=e]\n"), [("JL012", "args[0]"), ("JL012", "args[1]")]),
    (job("", "", "          command: [/bin/sh, -c]\n          args: ['--a=\"b\"']\n"), []),
    (job("", "", '          env: [{name: A, value: \'"a" "b"\'}, {name: B, value: \'"\'}]\n'), []),
    # characters
    (job("", "", '          command: [perl, "\u2014version"]\n'), [("JL013", "command[1]")]),
    (job("", "", '          command: [sh, -c, "echo \u201chello\u201d"]\n'), [("JL013", "command[2]")]),
    (job("", "", '          command: [sh, -c, "echo a \u2013 b \u00e9"]\n'), []),
    # comments
    (
        job("", "", "          args:\n            - a #1\n            - b #\n            - c # d\n            - '#e' #f\n"),
        [("JL014", "args[0]")],
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_reading(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_json_says_what_it_means() -> None:
    import json

    from joblint.source.documents import read

    for text, _ in CASES:
        value = read(text.encode(), "x")[0].value
        report = report_of(json.dumps(value, ensure_ascii=False), select=READING)
        assert not report.crashes
        assert {f.rule for f in report.findings} <= {"JL012", "JL013"}


def test_an_item_of_a_list_is_read_alike() -> None:
    text = "apiVersion: v1\nkind: List\nitems:\n- " + job("  parallelism: 010\n").replace("\n", "\n  ").rstrip(" ")
    (finding,) = report_of(text, select=READING).findings
    assert (finding.rule, finding.field, finding.span.line) == ("JL005", "spec.parallelism", 9)


def test_objects_that_nothing_sets_apart_are_one_finding_each() -> None:
    def manifest(name: str) -> str:
        return (
            f"kind: Job\napiVersion: batch/v1\nmetadata: {{name: {name}}}\nspec:\n"
            '  template: {spec: {restartPolicy: Never, containers: [{name: a, image: "a:1"}]}}\n'
        )

    report = report_of(manifest("a") + manifest("b") + manifest("c"))
    found = [f for f in report.findings if f.severity != "info"]
    assert [(f.rule, f.span.line, f.fix) for f in found] == [("JL002", 6, None), ("JL002", 11, None)]
    assert found[0].fix_text == "---    on a line of its own above line 6"
