"""Lines that begin with an option: commands of their own, unless something joins them to the line before."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from joblint.shell.continued import option_lines


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("echo a\n  --b c\n", ["--b c"]),
        ("echo a\n-b\n-c\n", ["-b", "-c"]),
        ("echo a \\ \n  --b c\n", ["--b c"]),
        ("echo a \\\n  --b c\n", []),
        ("echo a \\\n  --b c \\\n  -d\n", []),
        ("echo a |\n  -b\n", []),
        ("echo 'a\n--b\n'\n", []),
        ('echo "a\n--b\n"\n', []),
        ("cat <<EOF\n--b\nEOF\necho\n", []),
        ("cat <<-'EOF' > x\n\t--b\n\tEOF\necho\n-c\n", ["-c"]),
        ("a=(\n--b\n)\n", []),
        ('case "$1" in\n  -h|--help) echo h ;;\n  -v) echo v ;;\nesac\n', []),
        ("# it's a comment\necho a\n--b\n", ["--b"]),
        ("--b\n", []),
        ("echo a\n- b\n--\n-1\n", []),
    ],
)
def test_option_lines(text: str, found: list[str]) -> None:
    lines = list(option_lines(text))
    assert [text[start:end] for start, end, _ in lines] == found


@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no sh")
@pytest.mark.parametrize("text", ["true\n  --b c\n", "true \\ \n  --b c\n", "true a\n-b\n"])
def test_the_shell_does_not_find_the_command(text: str) -> None:
    assert subprocess.run(["sh", "-c", text], capture_output=True, check=False).returncode == 127
