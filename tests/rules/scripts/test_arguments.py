"""Arguments and lists that may be empty, and arithmetic whose value is 0: what the shell does then."""

from __future__ import annotations

import pytest

from tests.rules.helper import job_of, script_of

from .helper import said, told


@pytest.mark.parametrize(
    ("script", "phrases"),
    [
        ("./load $1", ("`./load $1` reads $1", "it is empty", "<value>    $1")),
        ("./load ${2}", ("reads $2", "<value>    $2")),
        ("set -u\n./load $1", ("with set -u, the script ends there", "<value>    $1")),
        ('set -u\n[ -n "$1" ] && ./load', ("with set -u",)),
        ("set -u\nfor f in $1; do ./load $f; done", ("with set -u",)),
        ("set -u\ncase $1 in a) ./load ;; esac", ("with set -u",)),
        ("case $1 in a) ./load ;; esac", ()),
        ("for f in $1; do ./load $f; done", ()),
        ('[ -n "$1" ] && ./load $1', ()),
        ("[ -z $1 ] && exit 1\n./load $1", ()),
        ("[ $# -gt 0 ] || exit 1\n./load $1", ()),
        ("shift\n./load $1", ()),
        ("getopts a x\n./load $1", ()),
        ("test x = $1", ()),
        ("f() {\n  ./load $1\n}\nf x", ()),
        ("set -- a b\n./load $1", ()),
        ("set a b\n./load $1", ()),
        ("set -x\n./load $1", ("it is empty",)),
        ("set +x\n./load $1", ("it is empty",)),
        (". ./lib.sh\n./load $1", ()),
        ("source lib.sh\n./load $1", ()),
        ('eval "$X"\n./load $1', ()),
        ("./load $0", ()),
        ("./load ${0}", ()),
        ("./load ${1:-x}", ()),
        ("./load ${a} '$1'", ()),
        ("./load ${a}$0", ()),
        ("./load '$1'", ()),
        ("./load \\$1", ()),
        ("./load ${10}", ()),
        ('df | awk "{print $1}"', ("awk '{print $1}'", "$1 is a field of awk, not of the shell")),
        ('[ $# -gt 0 ]\ndf | awk "{print $2}"', ("$2 is a field of awk",)),
        ("df | awk '{print $1}'", ()),
    ],
)
def test_a_parameter_that_is_not_given(script: str, phrases: tuple[str, ...]) -> None:
    said("JL763", script, phrases)


@pytest.mark.parametrize(
    ("args", "number"),
    [("[a]", "1"), ("[a, b]", "2"), ("[a, b, c]", ""), ('[a, ""]', "")],
)
def test_arguments_after_the_script_count_from_0(args: str, number: str) -> None:
    found = told("JL763", job_of(f"command: [sh, -c, './load $1 $2']\nargs: {args}\n"))
    assert bool(found) == bool(number) and f"reads ${number}" in found + "reads $"


@pytest.mark.parametrize(
    ("script", "phrases"),
    [
        ("rm /backup/*.old", ("no file matches the pattern", "rm then gets the pattern unchanged", "rm -f")),
        ("rm -r /backup/*", ("no file matches the pattern",)),
        ("rm -- /backup/*", ("no file matches the pattern",)),
        ("rm /files/*.old", ("no file matches",)),
        ("rm /backup/*.old && ./load", ()),
        ("rm -f /backup/*.old", ()),
        ("rm -rf /backup/*.old", ()),
        ("rm --force /backup/*.old", ()),
        ("rm '/backup/*.old'", ()),
        ('rm "/backup/*.old"', ()),
        ("rm /backup/a.old", ()),
        ("rm /backup/*.old /backup/x", ()),
        ("unlink /backup/*.old", ()),
        ("if [ -e x ]; then rm /backup/*.old; fi", ()),
        ("while sleep 5; do rm /backup/*.old; done", ()),
        ("for i in a b; do rm /backup/$i/*.old; done", ("no file matches",)),
        ("case $X in a) rm /backup/*.old ;; esac", ()),
        ("rm /backup/*.old || true", ()),
        ("touch a\nls /x && rm /backup/*.old", ("no file matches",)),
        # A file that the script names before matches
        ("openssl req -out client.csr\nrm *.csr", ()),
        ("rm *.csr\nopenssl req -out client.csr", ("no file matches",)),
        ("openssl req -out client.csr\nrm a*.csr", ("no file matches",)),
        ("openssl req -out client.pem\nrm *.csr", ("no file matches",)),
        ('openssl req -out "/tmp/client.csr";\nrm /tmp/*.csr', ()),
        ("tar czf a.tar.gz x\nrm *.tar.gz", ()),
        ("tar czf a.tar.gz x\nrm *.gz", ()),
        ("ls *.csr\nrm *.csr", ("no file matches",)),
        ("openssl req -out client.csr\nrm *.c*", ("no file matches",)),
        # Lists that may be empty
        ("kubectl delete pods $(kubectl get pods | grep old)", ("$(…) prints nothing", "kubectl delete then gets no names")),
        (
            "kubectl -n a delete pods $(kubectl get pods -o name -l app=x)",
            ("kubectl get pods -o name -l app=x | xargs -r kubectl -n a delete pods",),
        ),
        ("kubectl delete pods $(kubectl get pods --field-selector=status.phase=Failed -o name)", ("prints nothing",)),
        ("kubectl delete pods $(kubectl get pods --selector=a=b -o name)", ("prints nothing",)),
        ("kubectl delete pods $(kubectl get pods -o name)", ()),
        ("kubectl delete pods $(kubectl config -l x)", ()),
        ("oc describe pods `oc get pods | awk '/old/ {print $1}'`", ("oc describe then gets no names",)),
        ("oc describe pods `oc get pods | awk '$3 == 1'`", ("oc describe then gets no names",)),
        ("oc describe pods `oc get pods | awk '{print $1}'`", ()),
        ("kubectl get pods $(kubectl get pods | grep old)", ()),
        ("kubectl delete pods a $(kubectl get pods | grep old)", ()),
        ("kubectl delete pod/a $(kubectl get pods | grep old)", ()),
        ("kubectl delete $(kubectl get pods | grep old)", ()),
        ("kubectl delete pods $(kubectl get pods | sort)", ()),
        ("rm $(find /backup -mtime +7)", ("rm then gets no names", "xargs -r rm")),
        ("rm -r $(find /backup -mtime +7)", ("rm then gets no names",)),
        ("rm -rf $(find /backup -mtime +7)", ()),
        ("rm x $(find /backup -mtime +7)", ()),
        ("rm $(cat /backup/list)", ()),
        ("kill $(pgrep load)", ("kill then gets no names",)),
        ("kill -9 $(pgrep load)", ("kill then gets no names",)),
        ("kill 1 $(pgrep load)", ()),
        ("docker rm $(docker ps -q -f status=exited)", ("docker rm then gets no names",)),
        ("docker rmi $(docker images -q --filter dangling=true)", ("docker rmi then gets no names",)),
        ("docker stop $(docker ps -q)", ()),
        ("docker run $(docker ps -q -f status=exited)", ()),
        ("docker rm x $(docker ps -q -f status=exited)", ()),
        ("work -f $(work -f x)", ()),
        # By way of a variable
        ("OLD=$(find /backup -mtime +7)\nrm $OLD", ("$OLD is empty", "rm then gets no names")),
        ("OLD=$(find /backup | sort)\nrm ${OLD}", ("$OLD is empty",)),
        ("OLD=$(cat list)\nrm $OLD", ()),
        ("OLD=$(find /backup)\nrm $NEW", ()),
        ('OLD=$(find /backup)\n[ -z "$OLD" ] && exit 0\nrm $OLD', ()),
        ("OLD=$(find /backup)\nrm ${OLD:-x}", ()),
        ("rm $OLD\nOLD=$(find /backup)", ()),
        ("OLD=$(find /backup)\n[ -f x ]\nrm $OLD", ("$OLD is empty",)),
        ("rm $(cd /backup; find . -mtime +7)", ("rm then gets no names",)),
        ("rm $(find /backup; cat list)", ()),
        ("kubectl delete pods $(kubectl get pods | sort /x)", ()),
        ("OLD=$(find /backup) rm $OLD", ()),
        ("rm $(find /backup -mtime +7) || true", ()),
    ],
)
def test_a_list_that_may_be_empty(script: str, phrases: tuple[str, ...]) -> None:
    said("JL764", "set -e\n" + script, phrases)


_COUNT = 'while [ "$({})" {} ]; do sleep 5; done'


@pytest.mark.parametrize(
    ("script", "phrases"),
    [
        (_COUNT.format("kubectl get pods 2>/dev/null | wc -l", "-gt 0"), ("kubectl",)),
        (_COUNT.format("oc get pods 2>/dev/null | grep -c Running", "-ne 0"), ("oc",)),
        (_COUNT.format("psql -c x 2>/dev/null | grep -c Running", "!= 0"), ("psql",)),
        (_COUNT.format("kubectl get pods 2>/dev/null | wc -l", "-ge 1"), ("kubectl",)),
        (_COUNT.format("kubectl get pods &>/dev/null | wc -l", "-gt 0"), ("kubectl",)),
        ("until [ $(kubectl get pods 2>/dev/null | wc -l) -eq 0 ]; do sleep 5; done", ("kubectl",)),
        ("until [ $(kubectl get pods 2>/dev/null | wc -l) = 0 ]; do sleep 5; done", ("kubectl",)),
        ("until [[ $(kubectl get pods 2>/dev/null | wc -l) == 0 ]]; do sleep 5; done", ("kubectl",)),
        ("until [ $(kubectl get pods 2>/dev/null | wc -l) -gt 0 ]; do sleep 5; done", ()),
        (_COUNT.format("kubectl get pods 2>/dev/null | wc -l", "-eq 0"), ()),
        (_COUNT.format("kubectl get pods 2>/dev/null | wc -l", "-gt 1"), ()),
        (_COUNT.format("kubectl get pods 2>/dev/null | wc -l", "-lt 3"), ()),
        (_COUNT.format("kubectl get pods | wc -l", "-gt 0"), ()),
        (_COUNT.format("kubectl get pods 2>/dev/null | wc -c", "-gt 0"), ()),
        (_COUNT.format("kubectl get pods 2>/dev/null | grep x", "-gt 0"), ()),
        (_COUNT.format("kubectl get pods 2>/dev/null | sort -c", "-gt 0"), ()),
        (_COUNT.format("kubectl get pods 2>/dev/null | tr -l", "-gt 0"), ()),
        (_COUNT.format("cat /x 2>/dev/null | wc -l", "-gt 0"), ()),
        (_COUNT.format("kubectl get pods -o name 2>/dev/null", "-gt 0"), ()),
        ("while sleep 5; [ $(kubectl get pods 2>/dev/null | wc -l) -gt 0 ]; do echo; done", ()),
        ("while test $(kubectl get pods 2>/dev/null | wc -l) -gt 0; do sleep 5; done", ()),
        ("for i in 1 2; do [ $(kubectl get pods 2>/dev/null | wc -l) -gt 0 ]; done", ()),
    ],
)
def test_a_wait_that_ends_when_the_count_fails(script: str, phrases: tuple[str, ...]) -> None:
    said("JL765", script, phrases)


@pytest.mark.parametrize(
    ("script", "phrases"),
    [
        # The exit code of (( … )) and let is 1 if the value is 0; that of expr as well
        ("n=0\n((n++))\nwork", ("when n is 0", "n=$((n + 1))")),
        ('n="0"\n(( n++ ))\nwork', ("when n is 0",)),
        ("n=0\nlet n++\nwork", ("when n is 0",)),
        ("f() {\n  local n=0\n  ((n++))\n}\nf", ("when n is 0",)),
        ("n=1\n((n++))\nwork", ()),
        ("n=0\n((++n))\nwork", ()),
        ("n=0\n((n+=2))\nwork", ()),
        ("m=0\n((n++))\nwork", ()),
        ("export n=0\n((n++))\nwork", ()),
        ("n=0\nlet n++ m++\nwork", ()),
        ("((n=0))\nwork", ("on every run", "n=0")),
        ("let n=0\nwork", ("on every run",)),
        ("((n=1))\nwork", ()),
        ("((a[0]=0))\nwork", ()),
        ("n=3\n((--n))\nwork", ("when n becomes 0", "n=$((n - 1))")),
        ("n=3\n((n-=1))\nwork", ("when n becomes 0",)),
        ("n=3\n((n = n - 1))\nwork", ("when n becomes 0", "n=$((n - 1))")),
        ("n=3\n((n = m - 1))\nwork", ()),
        ("((n == 1))\nwork", ()),
        ("n=$(expr $a - 1)\nwork", ("when the result is 0", "n=$((a - 1))")),
        ('n="$(expr "$a" % ${b})"\nwork', ("when the result is 0", "n=$((a % b))")),
        ("n=`expr $a - 1`\nwork", ("when the result is 0",)),
        ("n=$(expr $a + 1)\nwork", ()),
        ("n=$(expr $a - 1 - 2)\nwork", ()),
        ("n=$(echo $a - 1)\nwork", ()),
        ("n=x$(expr $a - 1)\nwork", ()),
        ("n=$(expr $a - 1; true)\nwork", ()),
        ("n=$(expr $a - 1)$(true)\nwork", ()),
        ("n=0\n((n++)) || true\nwork", ()),
        ("n=0\nif ((n++)); then echo; fi\nwork", ()),
    ],
)
def test_arithmetic_ends_a_script(script: str, phrases: tuple[str, ...]) -> None:
    said("JL756", "set -e\n" + script, phrases)


def test_arithmetic_before_or_without_set_e_ends_nothing() -> None:
    assert not told("JL756", job_of(script_of("n=0\n((n++))\nwork", "bash")))
    assert not told("JL756", job_of(script_of("n=0\n((n++))\nset -e\nwork", "bash")))
    found = told("JL756", job_of(script_of("set -e\nn=0\n((n++))\n((--n))\n", "bash")))
    assert found.count("when n") == 1
