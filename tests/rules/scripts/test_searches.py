"""Searches that delete too much, and those that end a script because they find nothing."""

from __future__ import annotations

import pytest

from tests.rules.helper import job_of, script_of

from .helper import said, told


@pytest.mark.parametrize(
    ("line", "phrases"),
    [
        # find evaluates from left to right
        ("find /b -delete -mtime +7", ("-delete is before -mtime", "Put -delete last")),
        ("find /b -delete -type f -name x", ("-delete is before -type",)),
        ("find /b -mtime +7 -delete", ()),
        ("find /b -name x -delete -type f", ()),
        ("find /b -name x -o -delete -type f", ()),  # not every file: those of that name stay
        ("find /b -delete", ()),
        # -o has lower precedence than the implied -a
        ("find /b -name a -o -name b -delete", ("-delete belongs to `-name b` alone", "<test> -o <test>")),
        ("find /b -name a -o -name b -o -name c -delete", ("-delete belongs to `-name c` alone",)),
        ("find /b \\( -name a -o -name b \\) -delete", ()),
        ("find /b -name a -print -o -name b -delete", ()),
        ("find /b -name a -delete -o -name b -delete", ()),
        ("find /b -name a -o -delete", ()),
        ("find /b -mtime +7 -name a -o -name b -exec rm {} +", ("`-name b` is deleted at any age", "-exec rm {} +")),
        ("find /b -mmin +7 -name a -o -name b -execdir /bin/rm {} +", ("`-name b` is deleted at any age",)),
        ("find /b -mtime +7 -name a -o -name b -exec shred {} +", ("is deleted at any age",)),
        ("find /b -mtime +7 -name a -o -mtime +7 -name b -exec rm {} +", ()),
        ("find /b -name a -o -name b -exec rm {} +", ()),
        ("find /b -mtime +7 -name a -o -exec rm {} +", ()),
        ("find /b -mtime +7 -name a -print -o -name b -exec rm {} +", ()),
        ("find /b -mtime +7 \\( -name a -o -name b \\) -exec rm {} +", ()),
        ("find /b -mtime +7 -name a -o -name b -exec ls {} +", ()),
        # Not exactly 7 days old is nearly everything
        ("find /b ! -mtime 7 -delete", ("not exactly 7 days old, including new files", "find … -mtime +7", "every other age")),
        ("find /b -not -mmin 90 -exec rm {} +", ("not exactly 90 minutes old", "find … -mmin +90")),
        ("find /b ! -mtime -7 -delete", ()),
        ("find /b ! -mtime 7", ()),
        ("find /b ! -mtime 7 -exec ls {} +", ()),
        ("find /b ! -mtime 7 -o -delete", ()),
        ("find /b ! -newer 7 -delete", ()),
        ("find /b -mtime 7 -delete", ()),
        # find enters a directory that it has just deleted
        ("find /b -type d -exec rm -rf {} \\;", ('"No such file or directory", exit code 1', "-mindepth 1 -maxdepth 1")),
        ("find /b -type d -execdir rm -R {} \\;", ("No such file or directory",)),
        ("find /b -type f -exec rm -rf {} \\;", ()),
        ("find /b -exec rm -rf {} \\; -type d", ()),
        ("find /b -exec rm -rf {} \\;", ()),
        ("find /b -type d -exec rm -rf {} +", ()),
        ("find /b -type d -exec rm -f {} \\;", ()),
        ("find /b -type d -exec rm --recursive-not {} \\;", ()),
        ("find /b -type d -exec mv -r {} x \\;", ()),
        ("find /b -depth -type d -exec rm -rf {} \\;", ()),
        ("find /b -maxdepth 1 -type d -exec rm -rf {} \\;", ()),
        ("find /b -type d -exec rm -rf {} \\; || true", ()),
        ("find /b -type d -print", ()),
        ("locate /b -delete -mtime +7", ()),
    ],
)
def test_find(line: str, phrases: tuple[str, ...]) -> None:
    label = "every other age" in phrases
    words = tuple([p for p in phrases if p != "every other age"])
    said("JL743", line, words)
    if "||" in line or "\\" in line:
        return
    listed = ", ".join([f'"{word}"' for word in line.split()])
    found = told("JL743", job_of(f"command: [{listed}]\n"))  # without a shell
    assert all(word in found for word in words) and bool(found) == bool(words), found
    assert not label or "-mtime +" in found


def test_find_has_one_finding_a_script_and_none_in_a_sidecar() -> None:
    found = told("JL743", job_of(script_of("find /a -delete -name x\nfind /b -delete -name x\n")))
    assert "find /a" in found and "find /b" not in found
    init = "initContainers:\n- name: s\n  image: example.com/x:1\n  command: [find, /b, -delete, -name, x]\n"
    assert told("JL743", job_of(pod=init))
    assert not told("JL743", job_of(pod=init + "  restartPolicy: Always\n"))


_CHECK = 'N=$({})\nif [ -z "$N" ]; then exit 0; fi\nwork'


@pytest.mark.parametrize(
    ("script", "phrases"),
    [
        ("N=$(ls | grep -c x)\nwork", ("the count is 0", "grep -c x || true")),
        ("N=$(ls | egrep --count x)\nwork", ("the count is 0",)),
        ("N=$(fgrep -ic x f)\nwork", ("the count is 0",)),
        ("N=$(grep -c x f | head)\nwork", ()),
        ("N=$(grep --color x f)\nwork", ()),
        ("N=$(wc -c f)\nwork", ()),
        ("N=$(grep -c x f || true)\nwork", ()),
        (_CHECK.format("grep x f"), ("no line matches", "is never reached", "grep x f || true")),
        (_CHECK.format("pgrep x"), ("no process matches",)),
        (_CHECK.format("pidof x"), ("no process matches",)),
        (_CHECK.format("which x"), ("the program is not found",)),
        (_CHECK.format("command -v x"), ("the program is not found",)),
        (_CHECK.format("command x"), ()),
        (_CHECK.format("rg x"), ("no line matches",)),
        (_CHECK.format("getent hosts x"), ("there is no entry",)),
        (_CHECK.format("jq -e .x f"), ("the value is null or false",)),
        (_CHECK.format("jq --exit-status .x f"), ("the value is null or false",)),
        (_CHECK.format("jq -re .x f"), ("the value is null or false",)),
        (_CHECK.format("jq --seq .x f"), ()),
        (_CHECK.format("jq -r .e f"), ()),
        (_CHECK.format("grep -q x f"), ()),
        (_CHECK.format("grep --quiet x f"), ()),
        (_CHECK.format("grep --silent x f"), ()),
        (_CHECK.format("grep --query x f"), ("no line matches",)),
        (_CHECK.format("kubectl get job x -o name"), ("the object does not exist",)),
        (_CHECK.format("oc get job/x"), ("the object does not exist",)),
        (_CHECK.format("kubectl get -n a job x"), ("the object does not exist",)),
        (_CHECK.format("kubectl get job"), ()),
        (_CHECK.format("kubectl get job,pod x"), ()),
        (_CHECK.format("kubectl get job x y"), ()),
        (_CHECK.format("kubectl delete job x"), ()),
        (_CHECK.format("kubectl get job x --ignore-not-found"), ()),
        (_CHECK.format("kubectl get job x -o jsonpath={.status}"), ()),
        (_CHECK.format("kubectl get job x -ojsonpath={.status}"), ()),
        (_CHECK.format("kubectl get job x --output=go-template={{.status}}"), ()),
        (_CHECK.format('kubectl get job x -o jsonpath="{.data.${key}}"'), ()),
        (_CHECK.format("kubectl get job x -o yaml"), ("the object does not exist",)),
        (_CHECK.format("cat f"), ()),
        (_CHECK.format("grep x f | sort"), ()),
        (_CHECK.format("sort f | grep x"), ("no line matches",)),
        ("N=$(grep x f)\nwork", ()),
        ('N=$(grep x f)\nN=y\n[ -z "$N" ] && work', ()),
        ('[ -z "$N" ] && work\nN=$(grep x f)', ()),
        ('N=$(grep x f)\n[ -z "$M" ] && work', ()),
        ('N=$(grep x f)\n[ -n "${N}" ] && work', ("is never reached",)),
        ('N=$(grep x f)\ntest -n "${N:-}" && work', ("is never reached",)),
        ("N=$(grep x f)\n[ $N ] && work", ("is never reached",)),
        ('N=$(grep x f)\n[ "$N" = "" ] && work', ("is never reached",)),
        ("N=$(grep x f)\n[[ $N != '' ]] && work", ("is never reached",)),
        ('N=$(grep x f)\n[ "$N" = "x" ] && work', ()),
        ('N=$(grep x f)\n[ "$N" -gt "" ] && work', ()),
        ('N=$(grep x f)\n[ -f "$N" ] && work', ()),
        ('N=$(grep x f)\necho "${N:-none}"', ("is never reached",)),
        ("N=$(grep x f)\nwork ${N:+--flag}", ("is never reached",)),
        ('N=$(grep x f)\nwork "${N:-}"', ()),
        ("N=$(grep x f)\nwork ${N:?}", ()),
        ('N=$(grep x f)\necho -z "$N"', ()),
        # In a pipe and to a file
        ("grep -v x f > g\nwork", ("no line is left", "grep -v x f > g || true")),
        ("grep --invert-match x f 1>> g\nwork", ("no line is left",)),
        ("grep --verbose x f > g\nwork", ()),
        ("grep x f > g\nwork", ()),
        ("grep -v x f > /dev/null\nwork", ()),
        ("grep -v x f 2> g\nwork", ()),
        ("diff a b > g\nwork", ("the files differ", "diff a b > g || true")),
        ("diff a b\nwork", ()),
        ("sort a > g\nwork", ()),
        ("ls | grep -v x > g\nwork", ("no line is left",)),
        ("ls | grep x > g\nwork", ()),
        ("read -r -d '' X <<EOF\na\nEOF\nwork", ("it reads to the end of its input",)),
        ("read -rd '' X <<EOF\na\nEOF\nwork", ("it reads to the end of its input",)),
        ("read -r X <<EOF\na\nEOF\nwork", ()),
        ("read -r -d x X <<EOF\na\nEOF\nwork", ()),
        ("read -r -d '' X < f\nwork", ()),
        # set -e is off in a condition, and in what it calls
        ("if grep -v x f > g; then work; fi", ()),
        ("grep -v x f > g || work", ()),
        ("f() {\n  grep -v x f > g\n}\nf\nwork", ("no line is left",)),
        ("f() {\n  grep -v x f > g\n}\nif f; then work; fi", ()),
        ("f() {\n  grep -v x f > g\n}\nh() {\n  work\n}\nif h; then f; fi", ("no line is left",)),
    ],
)
def test_a_search_that_finds_nothing_ends_a_script(script: str, phrases: tuple[str, ...]) -> None:
    said("JL757", "set -e\n" + script, phrases)


@pytest.mark.parametrize(
    ("script", "phrases"),
    [
        ("ls | grep x | xargs rm\nwork", ("no line matches", "{ grep x || true; }")),
        ("ls | grep -v x | xargs rm\nwork", ("no line is left", "{ grep -v x || true; }")),
        ("ls | grep x | parallel rm\nwork", ("no line matches",)),
        ("ls | grep x | while read f; do rm $f; done\nwork", ("no line matches",)),
        ("ls | grep x | while work; do rm f; done\nwork", ()),
        ("ls | grep x | for f in a; do rm f; done\nwork", ()),
        ("ls | grep -q x | xargs rm\nwork", ()),
        ("ls | grep x | sort\nwork", ()),
        ("ls | grep -v x | kubectl apply -f -\nwork", ("no line is left",)),
        ("ls | grep x | kubectl apply -f -\nwork", ()),
        ("ls | sort | xargs rm\nwork", ()),
        (_CHECK.format("grep x f | sort"), ("no line matches", "{ grep x f || true; }")),
    ],
)
def test_in_a_pipe_only_pipefail_counts_it(script: str, phrases: tuple[str, ...]) -> None:
    said("JL757", "set -eo pipefail\n" + script, phrases)
    said("JL757", "set -e\n" + script, ())


def test_without_set_e_nothing_ends() -> None:
    assert not told("JL757", job_of(script_of("N=$(ls | grep -c x)\nwork\n")))
    found = told("JL757", job_of(script_of("set -e\nN=$(grep -c x a)\nM=$(grep -c x b)\n")))
    assert "grep -c x a" in found and "grep -c x b" not in found
