"""What no output may hold: characters that a terminal obeys, commands of a CI system's log, markup that is the input's."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

from markdown_it import MarkdownIt

from joblint.report.safe import safe_output
from joblint.report.style import CODES, Style

COLOURED, BLEAK = Style(True, True, 100), Style(False, False, 80)
LOG_COMMAND = re.compile(r"##(\[|vso\[|teamcity\[)", re.IGNORECASE)
OURS = ("https://joblint", "https://github.com/joblint", "https://kubernetes.io", "https://docs.oasis-open.org")


def no_command(text: str, own: tuple[str, ...] = ()) -> None:
    """No character that a terminal obeys, and no line that a log takes for a command but joblint's `own`."""
    foreign = {ch for ch in text if not ch.isprintable() and ch not in "\n\t"}
    assert not foreign, foreign
    assert not LOG_COMMAND.search(text)
    for line in text.split("\n"):
        begin = line.lstrip()
        if begin.startswith("::") and "::" in begin[2:]:
            assert begin.startswith(own) if own else False, line


def human(lines: list[str]) -> str:
    """What is written for a person, without joblint's own colours."""
    text = "\n".join([safe_output(part, CODES) for line in lines for part in line.split("\n")])  # as joblint.cli.output writes
    for code in CODES:
        text = text.replace(code, "")
    return text


def is_harmless_markdown(text: str) -> None:
    no_command(text)
    page = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    parser = Elements()
    parser.feed(page)
    allowed = {
        "h2",
        "h3",
        "p",
        "code",
        "pre",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "a",
        "br",
        "details",
        "summary",
        "strong",
        "ul",
        "li",
    }
    assert {name for name, _ in parser.found} <= allowed, parser.found
    for name, attributes in parser.found:
        assert name != "a" or dict(attributes)["href"].startswith(OURS), attributes
    for said in parser.texts:
        assert not re.search(r"://|www\.|@\w|#\d", said.replace("https://joblint", "")), said


class Elements(HTMLParser):
    """The elements of a page, and its text outside of code and scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str]]]] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, [(k, v or "") for k, v in attrs]))
        if tag not in ("br", "meta", "link", "input", "img", "hr"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "script" in self._open or "style" in self._open:
            self.scripts.append(data)
        elif "code" not in self._open:
            self.texts.append(data)


def shape_of(page: str) -> list[tuple[str, tuple[str, ...]]]:
    parser = Elements()
    parser.feed(page)
    for _, attributes in parser.found:
        for key, value in attributes:
            assert not key.startswith("on") and not value.lstrip().startswith(("javascript:", "data:")), (key, value)
    return sorted({(name, tuple(k for k, _ in attributes)) for name, attributes in parser.found})


def holds(format: str, text: str) -> None:
    if format in ("json", "sarif", "gitlab", "rdjson"):
        no_command(text)
        json.loads(text)
    elif format in ("junit", "checkstyle"):
        no_command(text)
        ElementTree.fromstring(text.encode())
    elif format == "markdown":
        is_harmless_markdown(text)
    elif format == "github":
        no_command(text, ("::error file=", "::warning file=", "::notice file=", "::group::joblint: ", "::endgroup::"))
    else:
        no_command(text)
