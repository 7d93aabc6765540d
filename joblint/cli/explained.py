"""Where explanations are written, and in which formats: `--format`, `--output`, `--open`; only renders and writes."""

from __future__ import annotations

import os

from joblint.cli.output import say, write
from joblint.cli.outputs import Output, WrongOutput

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.report.style import Style
    from joblint.run.explain import Explained

ENDINGS = {"html": "html", "htm": "html", "json": "json", "svg": "svg", "md": "markdown", "markdown": "markdown", "txt": "text"}
"""The format of a file by its extension."""

FORMATS = ("text", "json", "markdown", "svg", "html")


def outputs(format: str | None, asked: tuple[str, ...], page: bool) -> tuple[Output, ...]:
    """Return the outputs for `--format`, `--output [FORMAT=]FILE` and `--open` (`page`); text on standard output by default.

    Raises WrongOutput with a text for a person.
    """
    found = [Output(format, "-")] if format and not (page and format == "html") else []
    for text in asked:
        name, equals, file = text.partition("=")
        if not equals or name not in FORMATS:
            name, file = ENDINGS.get(text.rpartition(".")[2].lower(), ""), text
        if not name:
            raise WrongOutput(
                f"--output {text}: use a file name that ends in .html, .json, .svg, .md or .txt, or --output FORMAT=FILE"
            )
        if not file:
            raise WrongOutput(f"--output {text}: specify a file, or - for standard output")
        if file in [o.file for o in found]:
            where = "standard output" if file == "-" else file
            raise WrongOutput(f"--output {text}: another format goes to {where}")
        found.append(Output(name, file))
    if page and not any(o.format == "html" and o.file != "-" for o in found):
        found.append(Output("html", ""))
    return tuple(found) or (Output("text", "-"),)


def write_explained(explained: Explained, wanted: tuple[Output, ...], brief: bool, full: bool, page: bool) -> bool:
    """Write the explanations in each format, and open the page in a browser on request; return whether everything was written.
    A page without a name gets one in the directory for temporary files."""
    from joblint.base.whole import write_whole
    from joblint.cli.console import style
    from joblint.report.safe import safe
    from joblint.report.style import Style

    written = True
    for output in wanted:
        if output.file == "-":
            write(_lines(explained, output.format, style(), brief, full), utf8=output.format != "text")
            continue
        file = output.file
        text = "".join([line + "\n" for line in _lines(explained, output.format, Style(False, False, 120), brief, full)])
        try:
            file = file or _temporary()
            write_whole(file, text.encode("utf-8", "backslashreplace"))
        except OSError as error:
            say(f"joblint: {safe(file or 'the page')}: {error.strerror or error}")
            written = False
            continue
        if page and output.format == "html":
            _open(file)
            page = False
    return written


def _temporary() -> str:
    from tempfile import mkstemp

    handle, file = mkstemp(prefix="joblint-", suffix=".html")
    os.close(handle)
    return file


def _open(file: str) -> None:
    """Open a file in the system's browser (or that of BROWSER); if there is none, report its name."""
    import webbrowser
    from pathlib import Path

    from joblint.report.safe import safe

    try:
        shown = webbrowser.open(Path(file).resolve().as_uri())
    except webbrowser.Error:
        shown = False
    say(f"joblint: opened {safe(file)}" if shown else f"joblint: no browser was found; open {safe(file)}")


def _lines(explained: Explained, format: str, style: Style, brief: bool, full: bool) -> Iterator[str]:
    if format == "json":
        from joblint.report.explain.json import render as as_json

        yield as_json(explained)
    elif format == "markdown":
        from joblint.report.explain.markdown import render as as_markdown

        yield from as_markdown(explained)
    elif format == "svg":
        from joblint.report.explain.svg import render as as_svg

        yield as_svg(explained)
    elif format == "html":
        from joblint.report.explain.html import render as as_html

        yield as_html(explained)
    else:
        from joblint.report.explain.text import render as as_text

        yield from as_text(explained, style, brief, full)
