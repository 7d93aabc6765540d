"""Which programs and scripts never end, and which programs do not stop on SIGTERM."""

from __future__ import annotations

import shlex

import pytest

from joblint.shell.endless import program
from joblint.shell.endless_script import in_script
from joblint.shell.grammar import parse
from joblint.shell.invocation import invocation
from joblint.shell.signals import ignores_term


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("sleep infinity", "sleep infinity"),
        ("gsleep inf", "sleep inf"),
        ("sleep 30d", "sleep 30d"),
        ("sleep 15d 15d", "sleep 15d"),
        ("sleep 2592000", "sleep 2592000"),
        ("sleep 720h", "sleep 720h"),
        ("sleep 43200m", "sleep 43200m"),
        ("sleep 2592000s", "sleep 2592000s"),
        ("sleep 29d", ""),
        ("sleep 2591999", ""),
        ("sleep 1.5d", ""),
        ("sleep x", ""),
        ("sleep infinitely", ""),
        ("sleep", ""),
        ("tail -f /log", "tail -f /log"),
        ("tail -n0 -F /log", "tail -F /log"),
        ("tail --follow=name /log", "tail -f /log"),
        ("tail /log -f", "tail -f …"),
        ("tail -f --pid=1 /log", ""),
        ("tail -n 5 /log", ""),
        ("tail --lines 5 /log-f", ""),
        ("pause", "pause"),
        ("watch ls", "watch"),
        ("watch", ""),
        ("ping host", "ping without -c"),
        ("ping -c 3 host", ""),
        ("ping -w5 host", ""),
        ("ping -W 5 host", ""),
        ("ping --count=3 host", ""),
        ("ping", ""),
        ("yes", "yes"),
        ("journalctl -f", "journalctl -f"),
        ("journalctl --follow", "journalctl -f"),
        ("journalctl -u x", ""),
        ("inotifywait -m /d", "inotifywait -m"),
        ("inotifywait --monitor /d", "inotifywait -m"),
        ("inotifywait /d", ""),
        ("kubectl get pods -w", "kubectl get --watch"),
        ("oc get pods --watch=true", "oc get --watch"),
        ("kubectl get pods --watch-only", "kubectl get --watch"),
        ("kubectl get pods", ""),
        ("kubectl logs -w", ""),
        ("cat -w get", ""),
        ("python -c 'while True: work()'", "`while True` without a break"),
        ("python3 -c 'while True: break'", ""),
        ("python3 -c 'while True: raise X'", ""),
        ("python3 -c 'while x: work()'", ""),
        ("python3 a.py 'while True:'", ""),
        ("node -e 'setInterval(f, 5)'", "setInterval without clearInterval"),
        ("bun --eval 'setInterval(f, 5)'", "setInterval without clearInterval"),
        ("node -e 'clearInterval(setInterval(f, 5))'", ""),
        ("node -e 'setTimeout(f, 5)'", ""),
        ("node a.js 'setInterval('", ""),
        ("node server.js", "node server.js"),
        ("python3 -u /app/server.py", "python3 /app/server.py"),
        ("ruby server.rb a b", "ruby server.rb"),
        ("node server.js a b c", ""),
        ("node -x", ""),
        ("node import.js", ""),
        ("java server.js", ""),
    ],
)
def test_programs(line: str, what: str) -> None:
    name, *rest = shlex.split(line)
    found = program(name, rest)
    assert (found.what if found else "") == what


@pytest.mark.parametrize(
    ("line", "server", "sure"),
    [
        ("sleep infinity", False, True),
        ("tail -f /log", False, True),
        ("nginx -g 'daemon off;'", True, True),
        ("npm start", True, False),
        ("npm run start", True, False),
        ("npm run dev:start", True, False),
        ("npm run serve", True, True),
        ("node server.js", True, False),
        ("node -e 'setInterval(f, 5)'", False, True),
        ("python -c 'while True: work()'", False, True),
    ],
)
def test_servers_and_what_is_only_likely(line: str, server: bool, sure: bool) -> None:
    name, *rest = shlex.split(line)
    found = program(name, rest)
    assert found is not None and (found.server, found.sure) == (server, sure)


@pytest.mark.parametrize(
    ("script", "what"),
    [
        ("work\nsleep infinity\nwork", "sleep infinity"),
        ("exit 0\nsleep infinity", ""),
        ("return\nsleep infinity", ""),
        ("work &\nsleep 5", ""),
        ("sleep infinity &\nwork", ""),
        ("sleep infinity &\nwork\nwait", "sleep infinity"),
        ("sleep infinity &\nwork &\nwait", "sleep infinity"),
        ("sleep infinity &\nwork &\nwait -n", ""),
        ("sleep infinity &\nP=$!\nwork\nkill $P\nwait", ""),
        ("{ work; tail -f /log; }", "tail -f /log"),
        ("( tail -f /log )", "tail -f /log"),
        ("! tail -f /log", "tail -f /log"),
        ("work && tail -f /log", "tail -f /log"),
        ("work || tail -f /log", ""),
        ("tail -f /log || work", "tail -f /log"),
        ("if x; then sleep infinity; fi", ""),
        ("timeout 60 sleep infinity", ""),
        ("timeout 0 sleep infinity", "sleep infinity"),
        ("exec sleep infinity", "sleep infinity"),
        ('tail -f "$LOG"', 'tail -f "$LOG"'),
        # A pipe ends with its last command, unless the writer never notices
        ("tail -f /log | cat", "tail -f /log"),
        ("tail -f /log | head -1", ""),
        ("tail -f /log | read X", ""),
        ("tail -f /log | timeout 5 cat", ""),
        ("tail -f /log | grep -q done", ""),
        ("tail -f /log | grep -m1 done", ""),
        ("tail -f /log | grep done", "tail -f /log"),
        ("yes | work", ""),
        ("echo | yes", "yes"),
        # Functions
        ("f() {\n  sleep infinity\n}\nwork", ""),
        ("f() {\n  sleep infinity\n}\nf", "sleep infinity"),
        ("f() {\n  f\n}\nf", ""),
        # Loops
        ("while true; do work; done", "the loop `while true`"),
        ("while :; do work; done", "the loop `while :`"),
        ("while ((1)); do work; done", "the loop `while ((1))`"),
        ("while [ 1 ]; do work; done", "the loop `while [ 1 ]`"),
        ("while [ 1 -eq 1 ]; do work; done", "the loop `while [ 1 -eq 1 ]`"),
        ("until false; do work; done", "the loop `until false`"),
        ("until true; do work; done", ""),
        ("while false; do work; done", ""),
        ("while x; do work; done", ""),
        ("while true; x; do work; done", ""),
        ("for ((;;)); do work; done", "the loop `for ((;;))`"),
        ("for ((i=0;;i++)); do work; done", "the loop `for ((i=0;;i++))`"),
        ("for ((i=0;i<3;i++)); do work; done", ""),
        ("for i in a b; do work; done", ""),
        ("while true; do work && break; done", ""),
        ("while true; do work || exit 1; done", ""),
        ("while true; do exec work; done", ""),
        ("while true; do exec > log; work; done", "the loop `while true`"),
        ("f() {\n  exec work\n}\nwhile true; do f; done", ""),
        ("die() {\n  exit 1\n}\nstop() {\n  exit\n}\nwhile true; do stop; done", ""),
        ("f() {\n  return 1\n}\nwhile true; do f; done", "the loop `while true`"),
    ],
)
def test_scripts(script: str, what: str) -> None:
    found = in_script(parse(script))
    assert (found.what if found else "") == what
    if found is not None:
        assert script[found.start : found.end].split()[0] in script.split(" ")[0] + found.what + "exec timeout"


@pytest.mark.parametrize(
    ("words", "ignores"),
    [
        (["sleep", "60"], True),
        (["cat", "/x"], True),
        (["/usr/bin/tail", "-f", "/x"], True),
        (["python", "-c", "work()"], True),
        (["perl", "-e", "work"], True),
        (["python", "-c", "import signal"], False),
        (["python", "a.py"], False),
        (["java", "-jar", "a.jar"], False),
        (["tini", "--", "sleep", "60"], False),
        (["sh", "-c", "sleep 60"], True),
        (["sh", "-c", "exec sleep 60"], True),
        (["sh", "-c", "./load"], False),
        (["sh", "-c", "./load; echo"], True),
        (["sh", "-c", "./load && echo"], True),
        (["sh", "-c", "./load | cat"], True),
        (["sh", "-c", "./load $(date)"], True),
        (["sh", "-c", "a; exec ./load"], False),
        (["sh", "-c", "trap 'kill 1' TERM; sleep 60"], False),
        (["sh", "/load.sh"], False),
    ],
)
def test_what_ignores_sigterm(words: list[str], ignores: bool) -> None:
    assert ignores_term(invocation({"command": words}, "spec")) == ignores
