"""Parts of work: what a program is told of its number and of their total, against what the Job gives it."""

from __future__ import annotations

from textwrap import indent

import pytest

from joblint.rules.workload.options import counted, numbered

from .helper import job_of, warnings_of


def _rules(container: str, spec: str = "completionMode: Indexed\ncompletions: 8\nparallelism: 4\n", pod: str = "") -> set[str]:
    return warnings_of(job_of(container, spec, pod=pod))


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("shards", "shard"),
        ("numshards", "shard"),
        ("totalshards", "shard"),
        ("shardcount", "shard"),
        ("numworkers", "worker"),
        ("worldsize", "rank"),
        ("nnodes", "node"),
        ("shard", ""),
        ("lr", ""),
    ],
)
def test_what_counts(name: str, counts: str) -> None:
    assert counted(name) == counts


@pytest.mark.parametrize(
    ("name", "what"), [("shard", "shard"), ("shardid", "shard"), ("shardindex", "shard"), ("rank", "rank"), ("noderank", "node")]
)
def test_what_numbers(name: str, what: str) -> None:
    assert numbered(name) == what


@pytest.mark.parametrize(
    "container",
    [
        'command: [/app/x, "--shard=$(JOB_COMPLETION_INDEX)", "--total-shards", "4"]\n',
        'command: [torchrun, "--nnodes=4", "--node-rank=$(JOB_COMPLETION_INDEX)", train.py]\n',
        'command: [sh, -c, "SHARD=$JOB_COMPLETION_INDEX; /app/x --shard $SHARD --shards 16"]\n',
        'command: [sh, -c, "npx playwright test --shard=$((JOB_COMPLETION_INDEX + 1))/10"]\n',
        (
            "command: [/app/x]\nenv:\n- name: CHUNK\n  valueFrom:\n    fieldRef:\n"
            "      fieldPath: metadata.annotations['batch.kubernetes.io/job-completion-index']\n"
            '- {name: CHUNKS, value: "9"}\n'
        ),
    ],
)
def test_a_total_that_is_not_that_of_the_job(container: str) -> None:
    assert _rules(container) == {"JL412"}


@pytest.mark.parametrize(
    "container",
    [
        'command: [/app/x, "--shard=$(JOB_COMPLETION_INDEX)", "--total-shards", "8"]\n',
        # Loaders of data within one process, threads, and the rank of a matrix have nothing to do with the Job's indexes.
        'command: [python, train.py, "--num-workers=4", "--rank=$(JOB_COMPLETION_INDEX)", "--world-size=8"]\n',
        'command: [/app/x, "--workers=4", "--shard=$(JOB_COMPLETION_INDEX)"]\n',
        'command: [python, lora.py, "--rank=16", "--shard=$(JOB_COMPLETION_INDEX)"]\n',
        'command: [/app/x, "--shard=$(JOB_COMPLETION_INDEX)", "--shards=$(SHARDS)"]\nenv:\n- {name: SHARDS, value: "8"}\n',
        'command: [/app/x, "--offset=$(JOB_COMPLETION_INDEX)", "--shards=3"]\n',
        'command: [/app/x, "--date=$(JOB_COMPLETION_INDEX)/2"]\n',
    ],
)
def test_what_is_no_total_of_the_job(container: str) -> None:
    assert _rules(container) == set()


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ('regions=(eu us ap)\n/app/sync "${regions[$JOB_COMPLETION_INDEX]}"', True),
        ("regions=(a b c d e f g h)\n/app/sync ${regions[JOB_COMPLETION_INDEX]}", False),
        ("regions=(eu us)\nregions+=(ap)\n/app/sync ${regions[$JOB_COMPLETION_INDEX]}", False),
        ("regions=($LIST)\n/app/sync ${regions[$JOB_COMPLETION_INDEX]}", False),
        ("regions=(eu us)\n/app/sync $JOB_COMPLETION_INDEX ${regions[0]}", False),
        ('psql -h db -c "select f(id) from t where id % 6 = $JOB_COMPLETION_INDEX"', True),
        ('psql -h db -c "select f(id) from t where id % 8 = $JOB_COMPLETION_INDEX"', False),
        ("for n in 1 2 3; do [ $((n % 5)) -eq $JOB_COMPLETION_INDEX ] && /app/x $n; done; exit 0", True),
        ('case "$JOB_COMPLETION_INDEX" in\n0) f=a ;;\n1) f=b ;;\n2) f=c ;;\nesac\n/app/x $f', True),
        ('case "$JOB_COMPLETION_INDEX" in\n0) f=a ;;\n1) f=b ;;\n*) f=c ;;\nesac\n/app/x $f', False),
        ("case $JOB_COMPLETION_INDEX in\n0|1) f=a ;;\n2) f=b ;;\nesac\n/app/x $f", False),
        ('echo "50% of 100 = $JOB_COMPLETION_INDEX"; /app/x', False),
    ],
)
def test_lists_and_remainders_in_scripts(script: str, told: bool) -> None:
    container = f"command: [bash, -c]\nargs:\n- |\n{indent(script, '  ')}\n"
    assert ("JL412" in _rules(container)) is told


def test_one_pod_may_do_part_0() -> None:
    fixed = "command: [/app/x, --shard=0, --shards=8]\n"
    assert _rules(fixed, "backoffLimit: 1\n") == set()
    assert _rules(fixed, "completions: 4\nparallelism: 2\n") == {"JL414"}


def test_programs_that_may_read_the_index_themselves_are_left_alone() -> None:
    assert _rules('command: [sh, -c, "pg_dump -h db app -f /tmp/x && /app/upload /tmp/x"]\n') == set()
    assert _rules('command: [sh, -c, "pg_dump -h db app -f /tmp/x && aws s3 cp /tmp/x s3://b/x"]\n') == {"JL413"}


VOLUME = "volumes:\n- name: out\n  persistentVolumeClaim: {claimName: out}\n"
MOUNT = "volumeMounts:\n- {name: out, mountPath: /out}\n"


@pytest.mark.parametrize(
    ("script", "rules"),
    [
        ("/app/x > /out/r.json", {"JL415"}),
        ("set -o pipefail; /app/x | gzip > /out/r.json.gz", {"JL415"}),
        ("/app/x >> /out/log", set()),
        ("/app/x > /out/r-$JOB_COMPLETION_INDEX.json", set()),
        ("/app/x > /out/$(hostname).json", set()),
        ("/app/x > /tmp/r.json", set()),
        ('if [ "$JOB_COMPLETION_INDEX" -eq 0 ]; then /app/x > /out/r.json; fi', set()),
    ],
)
def test_one_file_for_all_pods(script: str, rules: set[str]) -> None:
    assert _rules(f"command:\n- bash\n- -ec\n- '{script}'\n{MOUNT}", pod=VOLUME) == rules


@pytest.mark.parametrize(
    ("after", "lost"),
    [
        ("ls -l /backup", True),
        ("gzip /backup/x.sql", True),
        ("aws s3 cp /backup/x.sql s3://b/", False),
        ("cat /backup/x.sql", False),
    ],
)
def test_a_dump_in_an_empty_dir(after: str, lost: bool) -> None:
    container = (
        f"command: [sh, -ec, 'pg_dump -h db app -f /backup/x.sql; {after}']\nvolumeMounts:\n- {{name: b, mountPath: /backup}}\n"
    )
    assert ("JL926" in _rules(container, "backoffLimit: 1\n", "volumes:\n- {name: b, emptyDir: {}}\n")) is lost
