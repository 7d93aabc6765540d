"""Bounds of run times: what a shell really sleeps lies within them."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joblint.shell.duration.programs import timed
from joblint.shell.duration.script import duration
from joblint.shell.duration.span import INFINITE, Span, seconds_of
from joblint.shell.grammar import parse

SHELL = shutil.which("sh")


def span(script: str, **env: str) -> Span:
    return duration(parse(script), env)


@pytest.mark.parametrize(
    ("word", "seconds"),
    [("90", 90), ("1.5m", 90), ("2h", 7200), ("1d", 86400), ("1h30m", 5400), ("500ms", 0.5), ("0", 0)]
    + [(w, None) for w in ("", "x", "1w", "m", "1.2.3", "5 ", "infinity", "1h30", "٣")],
)
def test_durations_as_coreutils_and_go_write_them(word: str, seconds: float | None) -> None:
    assert seconds_of(word) == seconds


@pytest.mark.parametrize(
    ("script", "least", "patience"),
    [
        ("sleep 30; work", 30, 30),
        ("sleep 1m 30s", 90, 90),
        ("for i in $(seq 60); do check; sleep 5; done", 300, 300),
        ("for i in $(seq 1 60); do check && exit 0; sleep 5; done; exit 1", 0, 300),
        ("for i in {1..10}; do sleep 2; done", 20, 20),
        ("for i in a b c; do sleep 2; done", 6, 6),
        ("for ((i=0; i<10; i++)); do sleep 3; done", 30, 30),
        ("i=0; while [ $i -lt 10 ]; do sleep 3; i=$((i+1)); done", 30, 30),
        ("i=10; while [ $i -gt 0 ]; do sleep 3; i=$((i-1)); done", 30, 30),
        ("n=0; until pg_isready -t 1; do n=$((n+1)); [ $n -ge 20 ] && exit 1; sleep 3; done", 0, 80),
        ("until check; do sleep 5; done", 0, 0),
        ("while true; do check && break; sleep 5; done", 0, 5),
        ("end=$(($(date +%s) + 300)); while [ $(date +%s) -lt $end ]; do sleep 5; done", 0, 300),
        ("timeout 120 work", 0, 120),
        ("timeout 2m sh -c 'until check; do sleep 1; done'", 0, 120),
        ("work || sleep 60", 0, 60),
        ("work && sleep 60", 60, 60),
        ("test -f /x && sleep 60", 0, 60),
        ("if check; then sleep 10; else sleep 20; fi", 10, 20),
        ("if check; then sleep 10; fi", 0, 10),
        ("pause() { sleep 7; }; pause; pause", 14, 14),
        ("sleep 60 & sleep 10; wait", 70, 70),
        ("sleep 60 & sleep 10", 10, 10),
        ("exit 0; sleep 60", 0, 0),
        ("exec sleep 60; sleep 60", 60, 60),
        ("aws rds wait db-snapshot-available --db-snapshot-identifier s", 0, 1800),
        ("aws --region eu-west-1 ecs wait services-stable --cluster c", 0, 600),
        ("aws s3 cp wait s3://b/wait", 0, 0),
        ("k6 run --duration 10m load.js", 600, 600),
        ("hey -z 2m http://api", 120, 120),
        ("pgbench -T 300 -h db app", 300, 300),
        ("python -c 'import time; time.sleep(60 * 5)'", 300, 300),
        ("python3 -c 'import time\nfor i in range(10):\n  time.sleep(6)'", 60, 60),
        ("python3 -c 'import sys, time\nsys.exit(0)\ntime.sleep(6)'", 0, 0),
        ("python3 -c 'import time\nfor i in range(10):\n  if x(): break\n  time.sleep(6)'", 0, 60),
        ("python3 -c 'import time\nif x():\n  exit()\ntime.sleep(6)'", 0, 0),
        ("sleep 60 | cat", 60, 60),
        ("case $1 in a) sleep 5 ;; *) sleep 9 ;; esac", 0, 9),
        ("sleep $WAIT", 45, 45),
        ("sleep ${OTHER:-20}", 20, 20),
        ("sleep $UNKNOWN", 0, 0),
        ("bash -c 'sleep 40'", 40, 40),
        ("curl --max-time 30 --retry 2 --retry-delay 5 https://example.com", 0, 100),
        ("kubectl wait --for=condition=Ready pod/x --timeout=5m", 0, 300),
        ("kubectl wait --for=condition=Ready pod/x", 0, 30),
        ("./wait-for-it.sh db:5432 -t 60 -- ./work", 0, 60),
    ],
)
def test_scripts(script: str, least: float, patience: float) -> None:
    found = span(script, WAIT="45")
    assert (found.least, found.patience) == (least, patience)


def test_wait_behind_other_work_counts_the_longer_of_both_once() -> None:
    assert span("sleep 60 & wait; sleep 5").least == 65


@pytest.mark.parametrize("name", ["work", "python", "psql"])
def test_a_program_that_nothing_is_known_of_may_take_any_time(name: str) -> None:
    assert timed(name, ()) == Span(0, 0, INFINITE)


# Scripts of sleeps and tests whose answers the shell knows; the shell then tells how long it slept.
_SLEEP = st.integers(1, 9).map(lambda n: f"sleep {n}")
_ANSWER = st.sampled_from(
    ["true", "false", "test -n x", "test -z x", '[ "$k" = 1 ]', "! false"]
)  # no `&&`: it is taken to succeed
_LEAVES = st.sampled_from(["exit 0", "exit 1", "break", "true", "k=1"])
_SIMPLE = st.one_of(_SLEEP, _SLEEP, _ANSWER, _LEAVES)


def _counting(rounds: int, body: str) -> str:
    n = f"n{len(body)}"  # another one than any loop within has
    return f"{n}=0\nwhile [ ${n} -lt {rounds} ]; do\n{body}\n{n}=$(({n}+1))\ndone"


@st.composite
def _scripts(draw: st.DrawFn, deep: int = 3) -> str:
    return "\n".join([draw(_statement(deep)) for _ in range(draw(st.integers(1, 3)))])


@st.composite
def _statement(draw: st.DrawFn, deep: int) -> str:
    kind = draw(
        st.sampled_from(["simple"] * 3 + ["if", "else", "or", "for", "while", "subshell", "function", "case"] * (deep > 0))
    )
    if kind == "simple":
        return draw(_SIMPLE)
    if kind == "or":
        return f"{draw(_SIMPLE)} || {draw(_SIMPLE)}"
    body = draw(_scripts(deep - 1))
    if kind == "if":
        return f"if {draw(_ANSWER)}; then\n{body}\nfi"
    if kind == "else":
        return f"if {draw(_ANSWER)}; then\n{body}\nelse\n{draw(_scripts(deep - 1))}\nfi"
    if kind == "for":
        return f"for i in $(seq {draw(st.integers(0, 3))}); do\n{body}\ndone"
    if kind == "while":
        return _counting(draw(st.integers(0, 3)), body)
    if kind == "subshell":
        return f"(\n{body}\n)"
    if kind == "function":
        return f"f{deep}() {{\n{body}\n}}\nf{deep}"
    return f"case $({draw(_ANSWER)}; echo $?) in\n0) {body} ;;\n*) {draw(_scripts(deep - 1))} ;;\nesac"


def _slept(script: str) -> int:
    """The seconds that a shell would sleep in a script, which it does not: its `sleep` only tells."""
    told = subprocess.run(
        [SHELL or "sh", "-c", 'exec 3>&1 >/dev/null 2>&1\nsleep() { echo "$1" >&3; }\n' + script],
        stdout=subprocess.PIPE,
        check=False,
    )
    return sum(int(line) for line in told.stdout.split())


@pytest.mark.skipif(SHELL is None, reason="no sh")
@settings(max_examples=100, deadline=None)
@given(_scripts())
def test_what_a_shell_really_sleeps_lies_within_the_bounds(script: str) -> None:
    found = span(script)
    assert found.least <= _slept(script) <= found.patience


@settings(max_examples=300, deadline=None)
@given(st.text("sleep 0123456789$(){}[];&|<>=\"'`\n-ltwhdofnru!.", max_size=60))
def test_any_text_has_bounds(script: str) -> None:
    found = span(script)
    assert 0 <= found.least <= found.patience <= INFINITE
