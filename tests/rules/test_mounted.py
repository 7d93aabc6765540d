"""Scripts of ConfigMaps that a Job runs: the rules on scripts find in them what they find in the manifest itself."""

from __future__ import annotations

import textwrap

from hypothesis import given
from hypothesis import strategies as st

from joblint import check
from joblint.rules.catalogue.rule_files import builtin_rule_files, read_rule_file

SCRIPT = "#!/bin/bash\nset -e\npg_dump -h db shop | mc pipe m/shop\n"


def manifest(script: str, command: str, kind: str = "configMap: {name: scripts}", mount: str = "{mountPath: /scripts}") -> str:
    return f"""apiVersion: v1
kind: ConfigMap
metadata:
  name: scripts
data:
  run.sh: |
{textwrap.indent(script, "    ")}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: dump
spec:
  activeDeadlineSeconds: 3600
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: registry.example.com/etl:1.4.2
        command: {command}
        volumeMounts:
        - {{name: s, {mount[1:]}
      volumes:
      - name: s
        {kind}
"""


def found(text: str) -> list[tuple[str, int]]:
    report = check(text)
    assert not report.crashes
    return [(f.rule, f.span.line) for f in report.findings if f.object.kind == "ConfigMap"]


def test_each_way_of_starting_a_script() -> None:
    for command in (
        "[bash, /scripts/run.sh]",
        "[/scripts/run.sh]",
        "[sh, -c, 'bash /scripts/run.sh --all']",
        "[sh, -c, 'cd /scripts && ./run.sh']",
        "[timeout, '60', bash, -x, /scripts/run.sh]",
    ):
        assert ("JL701", 9) in found(manifest(SCRIPT, command)), command


def test_a_message_names_the_file_and_who_runs_it() -> None:
    finding = next(f for f in check(manifest(SCRIPT, "[bash, /scripts/run.sh]")).findings if f.rule == "JL701")
    assert finding.message.startswith('run.sh (run by Job "dump"): If `pg_dump -h db shop` fails, ')
    assert finding.fix is None


def test_a_file_under_another_name_and_a_single_file() -> None:
    items = "configMap: {name: scripts, items: [{key: run.sh, path: a/dump.sh}]}"
    assert found(manifest(SCRIPT, "[bash, /scripts/a/dump.sh]", items)) == [("JL701", 9)]
    assert found(manifest(SCRIPT, "[bash, /scripts/run.sh]", items)) == []
    single = "{mountPath: /usr/local/bin/dump, subPath: run.sh}"
    assert ("JL701", 9) in found(manifest(SCRIPT, "[/usr/local/bin/dump]", mount=single))


def test_nothing_is_replaced_in_a_mounted_script() -> None:
    text = "#!/bin/sh\nset -e\necho $$ > /tmp/pid.$$\n/app/run $(date +%F)\n"
    assert found(manifest(text, "[sh, /scripts/run.sh]")) == []


def test_a_script_that_nobody_runs_and_one_of_another_language() -> None:
    assert found(manifest(SCRIPT, "[/app/run]")) == []
    assert found(manifest("#!/usr/bin/env python3\nprint('a' 'b')\n", "[/scripts/run.sh]")) == []


def test_a_shell_that_the_image_does_not_have() -> None:
    text = manifest("#!/bin/bash\nset -e\n/app/run\n", "[/scripts/run.sh]").replace(
        "registry.example.com/etl:1.4.2", "alpine:3.20"
    )
    assert ("JL734", 6) in found(text)


def test_two_jobs_that_run_one_script_give_one_finding() -> None:
    text = manifest(SCRIPT, "[bash, /scripts/run.sh]")
    job = text.partition("---\n")[2].replace("name: dump", "name: other")
    assert found(text + "---\n" + job) == [("JL701", 9)]


@given(st.text("abc $`\"'(){}|&;<>\n#!/binsh-e", max_size=60), st.sampled_from(("[sh, /scripts/run.sh]", "[/scripts/run.sh]")))
def test_any_script_is_read(text: str, command: str) -> None:
    found(manifest(text, command))


def test_each_rule_on_containers_says_whether_it_also_checks_scripts_of_configmaps() -> None:
    rules = [read_rule_file(name, data) for name, data in builtin_rule_files()]
    silent = [rule["id"] for rule in rules if rule["id"].startswith("JL7") and "mounted_scripts" not in rule.get("applies", {})]
    assert len(rules) > 200
    assert not silent, "add `mounted_scripts: true` or `false` to `applies`"
