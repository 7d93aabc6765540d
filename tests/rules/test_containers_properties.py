"""What is said of a script's exit status holds in a real shell; any text is read."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from joblint.shell.flow import flow
from joblint.shell.grammar import parse
from joblint.shell.syntax import commands

WORKS = ("w1", "w2", "w3", "w4")
_COMMANDS = st.sampled_from(
    (*WORKS, *WORKS, "echo x", "true", ":", "exit 0", "exit 1", "false", "set -e", "set +e", "set -o pipefail")
)


def _joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, inner).map("\n".join),
        st.tuples(inner, inner).map("; ".join),
        st.tuples(inner, inner).map(" && ".join),
        st.tuples(inner, inner).map(" || ".join),
        st.tuples(inner, inner).map(" | ".join),
        inner.map("{{\n{}\n}}".format),
        inner.map("(\n{}\n)".format),
        st.tuples(inner, inner).map(lambda p: f"if {p[0]}; then\n{p[1]}\nfi"),
        st.tuples(inner, inner).map(lambda p: f"if ! {p[0]}; then\n{p[1]}\nelse\necho y\nfi"),
        inner.map("for i in 1 2; do\n{}\ndone".format),
        inner.map(lambda x: f"{x} &\nwait"),
    )


SCRIPTS = st.recursive(_COMMANDS, _joined, max_leaves=7)


def _status(script: str, failing: str) -> tuple[int, bool]:
    """The exit status where one command always fails, and whether that one ran at all."""
    functions = "".join(f"{w}() {{ {'echo ran >&2; return 7' if w == failing else 'return 0'}; }}\n" for w in WORKS)
    run = subprocess.run(
        ["bash", "-c", functions + script], capture_output=True, text=True, timeout=20, stdin=subprocess.DEVNULL, check=False
    )
    return run.returncode, "ran" in run.stderr


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example("if if ! w1; then\nexit 1\nelse\necho y\nfi; then\nw1\nw2\nfi")
@example("set -e && w1\nw2")
@given(SCRIPTS)
def test_a_lost_failure_is_lost_in_bash(script: str) -> None:
    found = flow(parse(script), frozenset())
    # In a loop all rounds but the last are lost; here every round fails.
    lost = {x.command.words[0] for x in found.losses if x.command.words and x.fate.reason != "loop"}
    looped = {x.command.words[0] for x in found.losses if x.command.words and x.fate.reason == "loop"}
    kept = {c.words[0] for c in found.kept if c.words}
    for work in sorted((lost & set(WORKS)) - kept - looped):
        # A script that fails of itself shows nothing.
        if _status(script, "")[0] == 0:
            status, ran = _status(script, work)
            assert not ran or status == 0, f"{work} is not lost: {status}\n{script}"


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab '\"$(){}[]|&;<>\\\n`!#*~=é0-", max_size=40))
def test_any_text_is_read(text: str) -> None:
    found = parse(text)
    flow(found, frozenset())
    for command in commands(found, functions=True):
        assert 0 <= command.start <= command.end <= len(text)
