"""The version and the help pages that are kept are what click itself writes, at every width."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from joblint.cli import commands, main, pages


@pytest.mark.parametrize("command", pages.PAGES)
@pytest.mark.parametrize("columns", [1, 51, 52, 53, 79, 80, 100, 109, 110, 111, 300])
def test_a_page_is_what_click_writes(
    command: tuple[str, ...], columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    asked = [*command, "--help"]
    assert commands.run(asked) == 0
    clicks = capsys.readouterr().out
    assert pages.told(asked)
    assert capsys.readouterr().out == clicks


def test_the_version_is_what_click_writes(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.run(["--version"]) == 0
    clicks = capsys.readouterr().out
    assert pages.told(["--version"])
    assert capsys.readouterr().out == clicks


@pytest.mark.parametrize("arguments", [[], ["check"], ["diff", "--help"], ["--format", "--help"], ["check", "x.yaml", "-h"]])
def test_anything_else_is_left_to_click(arguments: list[str]) -> None:
    assert not pages.told(arguments)


@pytest.mark.parametrize("asked", [["--version"], ["--help"], ["-h"], ["check", "--help"]])
def test_click_is_not_imported(asked: list[str]) -> None:
    pages.pages(())
    pages.pages(("check",))
    text = "import os, sys; from joblint.cli.main import run; run(sys.argv[1:]); os._exit(9 if 'click' in sys.modules else 0)"
    assert subprocess.run([sys.executable, "-c", text, *asked], capture_output=True, check=False).returncode == 0


def test_without_a_terminal_a_page_is_eighty_wide(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr(os, "get_terminal_size", lambda *_: (_ for _ in ()).throw(OSError()))
    assert main.run(["--help"]) == 0
    assert capsys.readouterr().out == pages.pages(())[78 - pages.NARROWEST] + "\n"
