"""A fault that is told of stops every real shell, too; what a shell reads has none."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joblint.shell.faults import fault, redirected

SHELLS = [path for name in ("bash", "dash") if (path := shutil.which(name))]


@pytest.mark.parametrize(
    "script",
    [
        "if (true) then echo a; fi",
        "if true; then if true; then echo a; fi fi",
        "case x in (a|b) echo 1;; *) echo 2; esac",
        "f() { echo a; }; f() ( echo b )",
        "for i in a b\ndo echo $i; done | cat && echo x || { echo y; } &",
        "cat <<A <<-B; echo x\n1\nA\n2\n\tB\necho y",
        'x=$(cat <<EOF\nit\'s\nEOF\n)\necho "$x"',
        "echo it\\'s \"it's\" '\"' # it's",
        'echo $((1 + (2 * 3))) ${x:-"}"} `echo "a"`',
        "! true && until false; do break; done 2>&1 >x",
        "echo if then fi done }",
        "x() { :; } >/dev/null; echo <&0 >|y 2>>z",
        "cat <<'EOF'\nif then (\nEOF",
        "",
        "# nothing",
    ],
)
def test_what_a_shell_reads_has_no_fault(script: str) -> None:
    for shell in SHELLS:
        assert _reads(shell, script)
    assert fault(script) is None


@pytest.mark.parametrize(
    ("script", "what", "text"),
    [
        ("echo 'a", "unclosed", "'"),
        ('echo "a\nb', "unclosed", '"'),
        ("echo `a", "unclosed", "`"),
        ("x=$(a", "open", "$("),
        ("if a; then b", "open", "if"),
        ("while a; do b", "open", "while"),
        ("for i in a; do b", "open", "for"),
        ("case x in a) b;;", "open", "case"),
        ("{ a;", "open", "{"),
        ("( a", "open", "("),
        ("a |", "open", "|"),
        ("a &&", "open", "&&"),
        ("fi", "unexpected", "fi"),
        ("if a then b; fi", "unexpected", "fi"),
        ("if a; then fi", "unexpected", "fi"),
        ("for i in a b do c; done", "unexpected", "done"),
        ("a ;; b", "unexpected", ";;"),
        ("a )", "unexpected", ")"),
        ("echo (a)", "unexpected", "("),
        ("fi echo done", "unexpected", "fi"),
        ("( a ) b", "unexpected", "b"),
        ("a >", "unexpected", ""),
        ("if a; then cat <<X\n X\nfi", "here", "X"),
    ],
)
def test_faults(script: str, what: str, text: str) -> None:
    for shell in SHELLS:
        assert not _reads(shell, script)
    found = fault(script)
    assert found is not None and (found.what, found.text) == (what, text)


def test_a_here_document_that_takes_the_rest_is_told_with_how_much() -> None:
    found = fault("cat <<X\na\n X\nb\nc\n")
    assert found is not None and (found.what, found.swallowed, found.missing) == ("here", 2, "")


@pytest.mark.parametrize("script", ["cat <<X\na", "exit 0\nfi", "curl <URL>", "alias x=y\nfi", "echo {{ x }} )"])
def test_what_is_not_sure_is_not_told(script: str) -> None:
    assert fault(script) is None


def test_redirections_are_found_in_substitutions_and_behind_brackets() -> None:
    found = redirected("x=$(wc -l < f)\nif (grep -c a > 2) then { b; } 2>c; fi")
    assert [(c.words, [(r.descriptor, r.sign, r.word) for r in c.redirects]) for c in found] == [
        (("wc", "-l"), [("", "<", "f")]),
        (("grep", "-c", "a"), [("", ">", "2")]),
        ((), [("2", ">", "c")]),
    ]


_PIECES = st.sampled_from(
    [
        "'",
        '"',
        "`",
        "$(",
        ")",
        "(",
        "fi",
        "done",
        "then",
        "do",
        "else",
        "esac",
        ";;",
        "&&",
        "||",
        "|",
        ";",
        "&",
        "{",
        "}",
        "if",
        "while",
        "for",
        "case",
        "${",
        "$((",
        "))",
        "<",
        ">",
        "#",
        "[[",
        "]]",
        "in",
        "x=1",
        "a",
        "b\\",
        "<<E",
        "E",
    ]
    + ["\n", "if a; then", "while a; do", "for i in a b; do", "case x in", "a)", "f() {", "\nE\n", "\n  E\n", "echo a", "b c"] * 2
)


@pytest.mark.skipif(len(SHELLS) < 2, reason="no bash or dash")
@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, min_size=1, max_size=12).map(" ".join))
def test_every_shell_stops_at_a_fault(script: str) -> None:
    found = fault(script)
    if found is not None and (found.what != "here" or found.missing) and "[[" not in script:
        for shell in SHELLS:
            assert not _reads(shell, script)


@settings(max_examples=300, deadline=None)
@given(st.text("ab '\"`$(){}[]<>|&;#\\\n!=-0E", max_size=40))
def test_any_text_is_read(script: str) -> None:
    found = fault(script)
    assert found is None or 0 <= found.start <= found.end <= len(script) + 2
    redirected(script)


def _reads(shell: str, script: str) -> bool:
    return subprocess.run([shell, "-n", "-c", script], capture_output=True, stdin=subprocess.DEVNULL, check=False).returncode == 0
