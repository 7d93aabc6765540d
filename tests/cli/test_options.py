"""The two readers of the check command's options agree: the quick one and click."""

from __future__ import annotations

from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joblint.cli.commands import cli
from joblint.cli.options import CHECK, NotPlain, read

WORDS = [o.name for o in CHECK]
WORDS += [
    "text",
    "json",
    "error",
    "warning",
    "1.36",
    "3",
    "-",
    "a.yaml",
    "--",
    "--format=json",
    "--jobs=x",
]


def _by_click(arguments: list[str]) -> dict[str, Any] | None:
    command = cli.commands["check"]
    try:
        with command.make_context("check", list(arguments)) as context:
            values = dict(context.params)
    except (click.ClickException, click.exceptions.Exit):
        return None
    return {k: list(v) if isinstance(v, tuple) and k != "paths" else v for k, v in values.items()}


@given(st.lists(st.sampled_from(WORDS), max_size=6))
def test_what_the_quick_reader_takes_click_takes_alike(arguments: list[str]) -> None:
    try:
        quick = read(CHECK, arguments)
    except NotPlain:
        return  # click is asked then
    by_click = _by_click(arguments)
    assert by_click is not None
    assert {**by_click, "paths": tuple(by_click["paths"])} == quick


@pytest.mark.parametrize("arguments", [["--help"], ["--form", "json"], ["--format"], ["--exit-zero=1"], ["-x"]])
def test_what_is_not_plain_goes_to_click(arguments: list[str]) -> None:
    with pytest.raises(NotPlain):
        read(CHECK, arguments)


def test_plain_calls_need_no_click() -> None:
    values = read(CHECK, ["--format", "json", "--select", "JL1,JL2", "--select", "JL3", "--exit-zero", "a.yaml", "--", "-b.yaml"])
    assert values["format"] == "json" and values["exit_zero"] is True
    assert values["select"] == ["JL1,JL2", "JL3"]
    assert values["paths"] == ("a.yaml", "-b.yaml")
