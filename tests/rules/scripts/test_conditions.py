"""Tests whose result never changes, and syntax that a POSIX shell does not have."""

from __future__ import annotations

import pytest

from tests.rules.helper import job_of, script_of

from .helper import said, told


@pytest.mark.parametrize(
    ("test", "phrases"),
    [
        ('[ "$A"="b" ]', ("always true", "without spaces around =, it is a single string", '"$A" = "b"')),
        ('[ "$A"=="b" ]', ("without spaces around ==",)),
        ("[[ $A!=b ]]", ("without spaces around !=", "[[ $A != b ]]")),
        ("test $A=b", ("without spaces around =", "test $A = b")),
        ('[ "${A=b}" ]', ()),
        ('[ "$(a=b)" ]', ()),
        ("[ a=b ]", ()),
        ('[ "$A=b" ]', ()),
        ("[ $A= ]", ()),
        ("[ =$A ]", ()),
        ('[ "$A" = "b" ]', ()),
        ('[ "$A" ]', ()),
        ("[ false ]", ("`false` is a string that is not empty", '"$NAME" = value')),
        ("[ 0 ]", ("`0` is a string that is not empty",)),
        ("[ no ]", ("`no` is a string",)),
        ("[ true ]", ()),
        ('[ "$A" = a -o b ]', ("`b` alone is a string that is not empty", '[ "$A" = a -o "$A" = b ]')),
        ("[[ $A == a || b ]]", ("[[ $A == a || $A == b ]]",)),
        ("[[ $A != a || b ]]", ('[[ "$NAME" = value ]]',)),
        ("[[ b || $A == a ]]", ("`b` alone",)),
        ("[[ $A == a && b ]]", ()),
        ('[ "$A" = a -a -f ]', ()),
        ("[ -n $A ]", ("without quotes around $A, an empty value leaves `-n` alone", '[ -n "$A" ]')),
        ("[ -n $(cat a) ]", ("without quotes around the substitution",)),
        ("[ ! -n $A ]", ("without quotes",)),
        ('[ -n "$A" ]', ()),
        ("[[ -n $A ]]", ()),
        ("[ -z $A ]", ()),
        ("[ -n $((1 + 1)) ]", ()),
        ("[ -n ${A:-b} ]", ()),
        ("[ -n a ]", ()),
        ("[ grep -q a ]", ("always false", "[ does not run grep", "if grep …; then    without brackets")),
        ("test kubectl get a", ("[ does not run kubectl",)),
        ("[[ grep -q a ]]", ()),
        ("[ grep = a ]", ()),
        ("[ test -eq 1 ]", ()),
        ("[ grep ]", ()),
        ('[ "$A" -eq b ]', ("-eq compares numbers, and b is not one", '[ "$A" = b ]')),
        ('[ "$A" -ne "b" ]', ("-ne compares numbers", '[ "$A" != "b" ]')),
        ('[ "$A" -gt b ]', ("-gt compares numbers", "Write a number after -gt.")),
        ('[[ $A -eq "b" ]]', ("-eq compares numbers",)),
        ("[[ $A -eq b ]]", ()),  # in [[ … ]], b is the name of a variable
        ('[ "$A" -eq -1 ]', ()),
        ('[ "$A" -eq +1 ]', ()),
        ('[ "$A" -eq $B ]', ()),
        ('[ "$A" -eq `b` ]', ()),
        ('[ "$A" -eq "" ]', ()),
        ('[ "$A" = "v*" ]', ("always false", "[ compares with the string v*, not with a pattern", 'case "$A" in v*) … ;; esac')),
        ('[ "$A" != v* ]', ("always true", "case")),
        ('[[ $A == "v*" ]]', ("in quotes, v* is a string, not a pattern", "[[ $A == v* ]]")),
        ("[[ $A != 'v*' ]]", ("always true",)),
        ("[[ $A == v* ]]", ()),
        ('[[ $A == "a b"* ]]', ()),
        ('[ "$A" = "*" ]', ()),
        ('[ a = "v*" ]', ()),
        ('[ "$A" = "$B*" ]', ()),
        ('[ "$A" != a -o "$A" != b ]', ("$A always differs from a or from b", "&& instead of ||")),
        ("[[ $A != a || $A != b ]]", ("$A always differs",)),
        ('[ "$A" != a -a "$A" != b ]', ()),
        ('[ "$A" != a -o "$B" != b ]', ()),
        ('[ "$A" != a -o "$A" != a ]', ()),
        ('[ "$A" != a -o "$A" = b ]', ()),
        ('[ "$A" != "$B" -o "$A" != "$C" ]', ()),
        ("[ a != b -o a != c ]", ()),
        ('[ "$A" != a ] || [ "$A" != b ]', ("$A always differs from a or from b",)),
        ("[[ $A != a ]] || [[ $A != b ]]", ("$A always differs",)),
        ('[ "$A" != a ] && [ "$A" != b ]', ()),
        ('[ "$A" != a ] || grep x', ()),
        ('[ "$A" != a ] || { true; }', ()),
        ("echo [ false ]", ()),
        ("testing false", ()),
        ("[ ]", ()),
        ('[ "$A" = "x y=z" ]', ()),
        ('[ "$(cat "a b")" = b ]', ()),
        ('[ "`cat a`"="b" ]', ()),
        ("[ \"$A\"='b c' ]", ("without spaces",)),
    ],
)
def test_a_condition_that_never_changes(test: str, phrases: tuple[str, ...]) -> None:
    said("JL762", f"if {test}; then ./load; fi", phrases)


def test_one_condition_a_script() -> None:
    found = told("JL762", job_of(script_of("[ false ] && ./load\n[ 0 ] && ./load\n")))
    assert "`false`" in found and "`0`" not in found


@pytest.mark.parametrize(
    ("script", "what"),
    [
        ("[[ -f a ]]", "`[[ … ]]`"),
        ("((n > 1))", "`(( … ))`"),
        ("source a", "`source`"),
        ("set -o pipefail", "`set -o pipefail`"),
        ("set -eo pipefail", "`set -o pipefail`"),
        ("(set -o pipefail 2> /dev/null) && set -o pipefail", ""),
        ("declare A=b", "`declare`"),
        ("shopt -s nullglob", "`shopt`"),
        ("pushd a", "`pushd`"),
        ("let n=1", "`let`"),
        ("readarray A < b", "`readarray`"),
        ("A=(a b)", "an array"),
        ("A+=b", "`+=`"),
        ("cat <<< a", "`<<<`"),
        ("diff <(a) <(b)", "`<( … )`"),
        ("a > >(b)", ""),
        ('[ "$A" == b ]', "== in [ … ]"),
        ("test $A == b", "== in [ … ]"),
        ('[ "$A" = b ]', ""),
        ("a &> b", "`&>`"),
        ("trap b ERR", "the signal ERR"),
        ("trap b EXIT", ""),
        ("function f {\n  a\n}\nf", "`function NAME`"),
        ("f() {\n  a\n}\nf", ""),
        ("echo ${A^^}", "`${NAME^^}`"),
        ("echo ${A,,}", "`${NAME^^}`"),
        ("echo ${A//b/c}", "`${NAME//A/B}`"),
        ("echo ${A/b/c}", "`${NAME//A/B}`"),
        ("echo ${A[0]}", "`${NAME[0]}`"),
        ("echo ${A:0:3}", "`${NAME:0:9}`"),
        ("echo ${!A}", "`${!NAME}`"),
        ("echo ${!_A}", "`${!NAME}`"),
        ("echo $((A++))", "`$((NAME++))`"),
        ("echo $((--A))", "`$((NAME++))`"),
        ("echo $((A - -1))", ""),
        ("echo $((A + 1))", ""),
        ("echo ${A:-b}", ""),
        ("echo ${A%b}", ""),
        ("echo ${#A}", ""),
        ("echo '${A^^}'", ""),
        ('echo "${A^^}"', "`${NAME^^}`"),
        ("echo \"'${A^^}'\"", "`${NAME^^}`"),
        ("echo '\"${A^^}\"'", ""),
        ("echo \\${A^^}", ""),
        ("for i in {1..9}; do a; done", "`{1..9}`"),
        ("for i in a{1..9}b; do a; done", "`{1..9}`"),
        ("for i in 1 2; do a; done", ""),
        ("echo {1..9}", "`{1..9}`"),
        ("echo '{1..9}'", ""),
        ("echo {a,b}", ""),
        ("echo {..}", ""),
        ("echo ${A}..}", ""),
        ('while read A; do echo; done <<< "$B"', "`<<<`"),
        ("while read A; do echo; done < b", ""),
        ("echo -e 'a' > b", "`echo -e`"),
        ("echo -ne 'a' >> b", "`echo -e`"),
        ("echo -en 'a' > b", "`echo -e`"),
        ("echo -e a > /dev/null", ""),
        ("echo -e a >&2", ""),
        ("echo -e a", ""),
        ("echo $RANDOM", "`$RANDOM`"),
        ("echo ${RANDOM}", "`$RANDOM`"),
        ("echo $((RANDOM % 5))", "`$RANDOM`"),
        ("echo $RANDOMLY", ""),
        ("echo $RANDOM_A", ""),
        ("RANDOM=4\necho $RANDOM", ""),
        ("echo $UID", "`$UID`"),
        ("echo $SECONDS", "`$SECONDS`"),
        ("echo RANDOM", ""),
    ],
)
def test_syntax_that_dash_does_not_have(script: str, what: str) -> None:
    found = told("JL708", job_of(script_of(script), image="python:3.13"))
    assert what in found and bool(found) == bool(what), found
    assert not told("JL708", job_of(script_of(script, "bash"), image="python:3.13"))
    busybox = told("JL708", job_of(script_of(script), image="alpine:3.20"))
    knows = ("[[ … ]]", "pipefail", "source", "== in", "//A/B", ":0:9", "NAME++", "&>", "echo -e", "$RANDOM", "$UID", "$SECONDS")
    assert bool(busybox) == (bool(what) and not any(k in what for k in knows)), busybox


@pytest.mark.parametrize(
    ("image", "script", "severity", "phrase"),
    [
        ("python:3.13", "[[ -f a ]]", "warning", "The sh of Debian and Ubuntu (dash)"),
        ("python:3.13-slim", "[[ -f a ]]", "warning", "The sh of this image (dash)"),
        ("docker.io/library/debian:12", "source a", "warning", "write . instead of source"),
        ("example.com/app:1-bookworm", "a &> b", "warning", "runs in the background"),
        ("example.com/app:1", "[[ -f a ]]", "info", "write [ … ] instead of [[ … ]]"),
        ("example.com/app:1", "[ $A == b ]", "info", "is never true"),
        ("example.com/app:1", "A=(a b)", "info", "POSIX syntax"),
        ("alpine:3.20", "A=(a b)", "warning", "The sh of Alpine and BusyBox"),
        ("alpine:3.20", "diff <(a) <(b)", "info", "The sh of Alpine and BusyBox"),
        ("example.com/app:1-alpine", "A=(a b)", "info", "The sh of Alpine and BusyBox"),
        ("python:3.13-alpine", "[[ -f a ]]", "", ""),
        ("ubi9/ubi:9", "[[ -f a ]]", "", ""),
        ("amazonlinux:2023", "[[ -f a ]]", "", ""),
        ("bash:5", "[[ -f a ]]", "", ""),
    ],
)
def test_which_sh_an_image_has(image: str, script: str, severity: str, phrase: str) -> None:
    from tests.rules.helper import report_of

    findings = report_of(job_of(script_of(script), image=image), select=("JL708",)).findings
    assert [f.severity for f in findings] == [severity] * bool(severity)
    assert all(phrase in f.message + f.fix_text for f in findings)


def test_variables_of_bash_that_the_manifest_sets() -> None:
    container = script_of("echo $RANDOM")
    assert told("JL708", job_of(container + "env:\n- {name: A, value: b}\n"))
    assert not told("JL708", job_of(container + "env:\n- {name: RANDOM, value: b}\n"))
    assert not told("JL708", job_of(container + "envFrom:\n- configMapRef: {name: a}\n"))
    assert "BusyBox" in told("JL708", job_of(script_of("A=(a b)", "ash"), image="ubi9/ubi:9"))
    assert told("JL708", job_of(script_of("A=(a b)", "dash"), image="example.com/app:1"))


@pytest.mark.parametrize(
    ("script", "phrases"),
    [
        ("zcat a.gz | head -5", ("zcat a.gz", "head -5")),
        ("pg_dump shop | grep -q a", ("pg_dump shop", "grep -q a")),
        ("yes | head -1", ("yes",)),
        ("gzip -dc a | head", ("gzip -dc a",)),
        ("gzip -d -c a | head", ("gzip -d -c a",)),
        ("gunzip -c a | head", ("gunzip -c a",)),
        ("gunzip a | head", ()),
        ("xz -l --cd a | head", ()),
        ("gzip a | head", ()),
        ("mc cat a/b | head", ("mc cat a/b",)),
        ("rclone cat a:b | head", ("rclone cat",)),
        ("mc ls a/b | head", ()),
        ("aws s3 cp s3://a/b - | head", ("aws s3 cp",)),
        ("aws s3 cp s3://a/b c | head", ()),
        ("aws s3 ls - | head", ()),
        ("tr -dc a-z < /dev/urandom | head -c 16", ("tr -dc a-z", "head -c 16")),
        ("cat /dev/zero | head -c 16", ("cat /dev/zero",)),
        ("dd if=/dev/urandom | head -c 16", ()),
        ("cat a | head", ()),
        ("zcat a.gz | cat", ()),
        ("cat a | zcat | head", ("zcat",)),
        ("zcat a.gz | head || true", ()),
        ("zcat a.gz | head && true", ()),
        ("true && zcat a.gz | head", ("zcat a.gz",)),
        ("if zcat a.gz | head; then b; fi", ()),
        ("if a; then zcat a.gz | head; fi", ("zcat",)),
        ("if a; then b; else zcat a.gz | head; fi", ("zcat",)),
        ("while zcat a.gz | head; do b; done", ()),
        ("while a; do zcat a.gz | head; done", ("zcat",)),
        ("for i in a; do zcat a.gz | head; done", ("zcat",)),
        ("case $A in a) zcat a.gz | head ;; esac", ("zcat",)),
        ("! zcat a.gz | head", ()),
        ("zcat a.gz | head &", ()),
        ("{ zcat a.gz | head; }", ("zcat",)),
        ("f() {\n  zcat a.gz | head\n}", ("zcat",)),
        ("A=$(zcat a.gz | head -1)", ("zcat a.gz",)),
        ("echo $(zcat a.gz | head -1)", ()),
        ("set +e\nzcat a.gz | head", ()),
        ("set +o pipefail\nzcat a.gz | head", ()),
        ("set +o errexit\nzcat a.gz | head", ()),
        ("set --x e\nzcat a.gz | head", ("zcat",)),
        ("set -o nounset\nzcat a.gz | head", ("zcat",)),
    ],
)
def test_a_reader_that_ends_early_fails_a_pipe(script: str, phrases: tuple[str, ...]) -> None:
    said("JL741", "set -eo pipefail\n" + script, phrases)
    said("JL741", "set -o errexit\nset -o pipefail\n" + script, phrases)
    said("JL741", "set -o pipefail\n" + script.replace("set --x e\n", ""), ())
    said("JL741", "set -e\n" + script, ())


def test_options_of_the_shell_count_for_pipes() -> None:
    script = "zcat a.gz | head\nyes | head\n"
    assert told("JL741", job_of(script_of(script, "bash", '"-eo", pipefail, "-c"')))
    assert "yes" not in told("JL741", job_of(script_of(script, "bash", '"-eo", pipefail, "-c"')))
    assert not told("JL741", job_of(script_of(script, "bash", '"-o", pipefail, "-c"')))
    assert not told("JL741", job_of(script_of(script, "bash", '"-ec"')))
