"""How often a loop runs and how long programs take, as far as their words show."""

from __future__ import annotations

import shlex

import pytest

from joblint.shell.duration.programs import bounded, timed
from joblint.shell.duration.rounds import rounds_of, seconds_left, value_of
from joblint.shell.duration.span import INFINITE, INSTANT, Span, fixed, upto
from joblint.shell.grammar import parse
from joblint.shell.syntax import loops

ENV = {"N": "5", "LIMIT": "60", "i": "0", "n": "10", "BAD": "$X", "TICK": "`x`", "end": "$(($(date +%s) + 300))", "t": "$SECONDS"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", "5"),
        (" 5 ", "5"),
        ("'$N'", "$N"),
        ('"$N"', "5"),
        ('"5"', "5"),
        ("$N", "5"),
        ("${N}", "5"),
        ("${N:-7}", "5"),
        ("${M:-7}", "7"),
        ("${M:=7}", "7"),
        ("${M-7}", "7"),
        ("${M=7}", "7"),
        ("${M}", None),
        ("$M", None),
        ("${N}s", "5s"),
        ("${N}m", "5m"),
        ("${N}h", None),
        ("${M:-$X}", None),
        ("${BAD:-7}", "7"),
        ("$BAD", None),
        ("$TICK", None),
        ("--timeout=$LIMIT", "--timeout=60"),
        ("--timeout=${LIMIT}", "--timeout=60"),
        ("--timeout=$M", None),
        ("--timeout=$BAD", None),
        ("$(cat a)", None),
        ("`cat a`", None),
        ("'", "'"),
    ],
)
def test_the_value_of_a_word(text: str, value: str | None) -> None:
    assert value_of(text, ENV) == value


@pytest.mark.parametrize(
    ("script", "rounds"),
    [
        ("for i in 1 2 3; do a; done", 3),
        ("for i in $(seq 5); do a; done", 5),
        ("for i in $(seq 2 5); do a; done", 4),
        ("for i in $(seq 0 2 10); do a; done", 6),
        ("for i in $(seq $N); do a; done", 5),
        ("for i in $(seq $M); do a; done", None),
        ("for i in `seq 5`; do a; done", 5),
        ("for i in {1..5}; do a; done", 5),
        ("for i in {5..1}; do a; done", 5),
        ("for i in *.txt; do a; done", None),
        ("for i in $LIST; do a; done", None),
        ("for ((i=0; i<5; i++)); do a; done", 5),
        ("for ((i=0; i<=5; i++)); do a; done", 6),
        ("for ((i=5; i>0; i--)); do a; done", 5),
        ("for ((i=5; i>=0; i--)); do a; done", 6),
        ("for ((i=0; i<10; i+=3)); do a; done", 4),
        ("for ((i=0; i<M; i++)); do a; done", None),
        ("for ((i=0; i<$N; i++)); do a; done", 5),
        ("for ((i=$M; i<5; i++)); do a; done", None),
        ("for ((i=0; i!=5; i++)); do a; done", None),
        ("while [ $i -lt 5 ]; do i=$((i+1)); done", 5),
        ("while [ $i -le 5 ]; do i=$((i + 1)); done", 6),
        ("while [ $i -ne 5 ]; do i=$((i+1)); done", 5),
        ("while [ $i != 5 ]; do i=$((i+1)); done", 5),
        ("while [ $i -lt 5 ]; do i=$((i+2)); done", 3),
        ("while [ $i -lt 60 ]; do i=$((i+N)); done", 12),
        ("while [ $i -lt 60 ]; do i=$(($i + ${N})); done", 12),
        ("while [ $i -lt 60 ]; do i=$((i+M)); done", None),
        ("while [ $i -lt 60 ]; do i=$((i*2)); done", None),
        ("while [ $i -lt 5 ]; do i=`expr $i + 1`; done", 5),
        ("while [ $i -lt 5 ]; do i=$(expr $i + 1); done", 5),
        ("while [ $i -lt 5 ]; do i=$[i+1]; done", 5),
        ("while [ $i -lt 5 ]; do let i++; done", 5),
        ("while [ $i -lt 5 ]; do ((i++)); done", 5),
        ("while [ $i -lt 5 ]; do ((++i)); done", 5),
        ("while [ $i -lt 6 ]; do ((i+=2)); done", 3),
        ("while [ $i -lt 5 ]; do let i+=1; done", 5),
        ("while [ $i -lt 6 ]; do let i+=N; done", 2),
        ("while [ $i -lt 5 ]; do : $((i = i + 1)); done", 5),
        ("while [ $i -lt 5 ]; do j=$((j+1)); done", None),
        ("while [ $i -lt 5 ]; do a; done", None),
        ("while [ $n -gt 0 ]; do n=$((n-1)); done", 10),
        ("while [ $n -gt 0 ]; do n=$((n-3)); done", 4),
        ("while [ $n -ge 5 ]; do ((n--)); done", 6),
        ("while [ $n -ne 0 ]; do let n-=1; done", 10),
        ("while [ $n -lt 0 ]; do n=$((n-1)); done", None),
        ("while ((i < 5)); do ((i++)); done", 5),
        ("while ((i <= 5)); do ((i++)); done", 6),
        ("while (($i != 5)); do ((i++)); done", 5),
        ("while ((i++ < 5)); do a; done", 5),
        ("while ((n > 0)); do ((n--)); done", 10),
        ("while ((n == 5)); do ((n--)); done", None),
        ("until ((i == 5)); do ((i++)); done", 5),
        ("until ((i >= 5)); do ((i++)); done", 5),
        ("until ((i > 5)); do ((i++)); done", 6),
        ("until [ $i -ge 5 ]; do i=$((i+1)); done", 5),
        ("until [ $i -gt 5 ]; do i=$((i+1)); done", 6),
        ("until [ $i -eq 5 ]; do i=$((i+1)); done", 5),
        ("until [ $i = 5 ]; do i=$((i+1)); done", 5),
        ("until [ $n -eq 0 ]; do n=$((n-1)); done", 10),
        ("until ((n < 1)); do ((n--)); done", 10),
        ("until ((n == 0)); do ((n--)); done", 10),
        ("until [ $n -lt 1 ]; do n=$((n-1)); done", 10),
        ("until [ $n -gt 0 ]; do n=$((n-1)); done", None),
        ("until [ $i -lt 5 ]; do i=$((i+1)); done", None),
        ("while test $i -lt 5; do i=$((i+1)); done", 5),
        ("while [[ $i -lt 5 ]]; do i=$((i+1)); done", 5),
        ("while [ ${i} -lt ${N} ]; do i=$((i+1)); done", 5),
        ("while [ $i -lt $M ]; do i=$((i+1)); done", None),
        ("while [ $M -lt 5 ]; do M=$((M+1)); done", None),
        ("while [ 0 -lt 5 ]; do i=$((i+1)); done", None),
        ("while [ $i -lt 1234567890 ]; do i=$((i+1)); done", None),
        ("while [ $i -lt 123456789 ]; do i=$((i+1)); done", 10_000_000),
        ("while true; do i=$((i+1)); [ $i -ge 5 ] && exit 1; done", 5),
        ("while true; do i=$((i+1)); [ $i -lt 5 ] || break; done", 5),
        ("while true; do i=$((i+1)); if [ $i -ge 5 ]; then exit 1; fi; done", 5),
        ("while true; do if x; then i=$((i+1)); if [ $i -ge 5 ]; then break; fi; fi; done", 5),
        ("while true; do i=$((i+1)); if x; then y; else [ $i -ge 5 ] && die; fi; done", 5),
        ("while true; do i=$((i+1)); [ $i -ge 5 ] && echo; done", None),
        ("while true; do i=$((i+1)); [ $i -ge 5 ] || echo; done", None),
        ("while true; do i=$((i+1)); if [ $i -ge 5 ]; then echo; fi; done", None),
        ("until work || [ $i -ge 5 ]; do i=$((i+1)); done", 5),
    ],
)
def test_how_often_a_loop_runs(script: str, rounds: int | None) -> None:
    loop = next(iter(loops(parse(script))))
    assert rounds_of(loop, ENV) == rounds


@pytest.mark.parametrize(
    ("script", "seconds"),
    [
        ("while [ $SECONDS -lt 300 ]; do a; done", 300),
        ("while ((SECONDS < 300)); do a; done", 300),
        ("while [ $SECONDS -lt $LIMIT ]; do a; done", 60),
        ("while [ $SECONDS -lt $M ]; do a; done", None),
        ("while [ $(date +%s) -lt $end ]; do a; done", 300),
        ("while [ `date +%s` -lt ${end} ]; do a; done", 300),
        ("while true; do [ $SECONDS -gt 90 ] && exit 1; done", 90),
        ("while [ $i -lt 300 ]; do a; done", None),
        ("for x in a; do [ $SECONDS -gt 90 ] && exit 1; done", 90),
        ("while [ $SECONDS -nt 300 ]; do a; done", None),
    ],
)
def test_the_time_limit_of_a_loop(script: str, seconds: int | None) -> None:
    loop = next(iter(loops(parse(script))))
    assert seconds_left(loop, ENV) == seconds


@pytest.mark.parametrize(
    ("line", "span"),
    [
        ("curl http://a", (0, 0, INFINITE)),
        ("curl -m 5 http://a", (0, 5, 5)),
        ("curl -m5 http://a", (0, 5, 5)),
        ("curl --max-time=5 --retry 2 http://a", (0, 18, 18)),
        ("curl --retry 2 http://a", (0, 3, INFINITE)),
        ("curl --retry 3 --retry-delay 5 http://a", (0, 15, INFINITE)),
        ("curl --retry 3 --retry-delay 5 --retry-max-time 10 http://a", (0, 10, INFINITE)),
        ("curl -m 5 --retry 3 --retry-delay 5 --retry-max-time 10 http://a", (0, 15, 15)),
        ("wget -T 5 -t 3 http://a", (0, 15, INFINITE)),
        ("wget -T 5 http://a", (0, 0, INFINITE)),
        ("kubectl wait job/a", (0, 30, 30)),
        ("kubectl wait job/a --timeout=1m", (0, 60, 60)),
        ("kubectl wait job/a --timeout=0", (0, 0, INFINITE)),
        ("kubectl rollout status a --timeout=1m", (0, 60, INFINITE)),
        ("kubectl -n shop rollout status a --timeout=1m", (0, 60, INFINITE)),
        ("kubectl --context prod -n shop wait --for=condition=complete job/a --timeout=1m", (0, 60, 60)),
        ("kubectl get a --timeout=1m", (0, 0, INFINITE)),
        ("kubectl rollout status a", (0, 0, INFINITE)),
        ("helm upgrade a b --wait --timeout 5m", (0, 300, INFINITE)),
        ("helm test a --timeout 5m", (0, 300, INFINITE)),
        ("helm upgrade a b --atomic", (0, 0, INFINITE)),
        ("helm upgrade a b --timeout 5m", (0, 0, INFINITE)),
        ("dockerize -wait tcp://a", (0, 10, INFINITE)),
        ("dockerize -wait tcp://a -timeout 60s", (0, 60, INFINITE)),
        ("dockerize -template a", (0, 0, INFINITE)),
        ("nc -z -w 5 a 1", (0, 5, 5)),
        ("nc -zw5 a 1", (0, 0, INFINITE)),
        ("nc -w 5 a 1", (0, 0, INFINITE)),
        ("pg_isready", (0, 0, 3)),
        ("pg_isready -t 5", (0, 5, 5)),
        ("pg_isready -t 0", (0, 0, INFINITE)),
        ("wait-for-it a:1", (0, 15, 15)),
        ("wait-for-it a:1 -t 5", (0, 5, 5)),
        ("wait-for-it a:1 -t 0", (0, 0, INFINITE)),
        ("wait-for-it a:1 -- sleep 5", (5, 20, 20)),
        ("wait-for-it a:1 -- /bin/sleep 5", (5, 20, 20)),
        ("wait-for-it a:1 --", (0, 15, 15)),
    ],
)
def test_how_long_programs_take(line: str, span: tuple[float, float, float]) -> None:
    name, *rest = line.split()
    assert timed(name, rest) == Span(*span)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("timeout 60 load", (60, 1)),
        ("timeout 1m load", (60, 1)),
        ("gtimeout -k 5 60 load", (65, 3)),
        ("timeout --kill-after 5s 60 load", (65, 3)),
        ("timeout --kill-after=5s 60 load", (60, 2)),
        ("timeout -s KILL 60 load", (60, 3)),
        ("timeout --preserve-status 60 load", (60, 2)),
        ("timeout -- 60 load", (60, 2)),
        ("timeout -t 60 load", (60, 2)),
        ("timeout -s KILL -t 60 load", (60, 4)),
        ("timeout -k", None),
        ("timeout 0 load", None),
        ("timeout x load", None),
        ("timeout", None),
        ("load 60", None),
    ],
)
def test_a_time_limit(line: str, found: tuple[float, int] | None) -> None:
    name, *rest = shlex.split(line)
    assert bounded(name, rest) == found


def test_spans() -> None:
    one, other = Span(1, 2, 3), Span(2, 5, INFINITE)
    assert one.then(other) == Span(3, 7, INFINITE) and one.then(INSTANT) is one and INSTANT.then(one) is one
    assert one.beside(other) == Span(2, 5, INFINITE) and one.beside(fixed(1)) == Span(1, 2, 3)
    assert one.either(other) == Span(1, 5, INFINITE) and one.either(fixed(4)) == Span(1, 4, 4)
    assert one.within(2) == Span(1, 2, 2) and other.within(1) == Span(1, 1, 1) and one.within(9) == Span(1, 3, 3)
    assert one.times(2) == Span(2, 4, 6) and one.times(0) is INSTANT and one.times(-1) is INSTANT
    assert upto(3) == Span(0, 3, 3) and INSTANT.times(5) == Span(0, 0, 0) and other.times(2) == Span(4, 10, INFINITE)
