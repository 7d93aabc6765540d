"""The state of a cluster, `kubectl get … -o json` or `-o yaml`, checked object by object as it is read: however many there are,
memory grows with the number of unfinished objects, not with the text.

kubectl sorts keys, so that the items come before the kind of the List. It is recognized by its first item, which is an object
of a cluster, unlike in a List that somebody wrote. Everything else is left to the code that reads whole files.
"""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder

from joblint.api.exported import from_cluster
from joblint.base.wrong import WrongInput
from joblint.rules.finding import failed
from joblint.rules.live.look import Look, Place
from joblint.rules.outcome import Outcome
from joblint.run.dump_text import CHUNK, MOST_ITEM, NoDump
from joblint.run.gathered import Gathered
from joblint.source.places.spans import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.engine import Engine
    from joblint.rules.finding import Finding
    from joblint.run.contents import Once
    from joblint.run.dump_text import Read
    from joblint.run.result import Report

HEAD = re.compile(rb'\s*\{\s*"apiVersion"\s*:\s*"v1"\s*,\s*"items"\s*:\s*\[\s*(?=\{)')
"""The beginning of kubectl's List."""

_BLANK = " \t\r\n"


class _Text:
    """A text that is read as far as needed, and released before `at`; counts lines and columns from 1."""

    def __init__(self, start: bytes, read: Read) -> None:
        from codecs import getincrementaldecoder

        self._read = read
        self._decoder = getincrementaldecoder("utf-8")("surrogateescape")
        self.text = self._decoder.decode(start)
        self.at = 0
        self.line = self.column = 1

    @property
    def held(self) -> int:
        """Return how many characters are left in memory."""
        return len(self.text) - self.at

    def more(self) -> bool:
        """Read on; return whether there was anything."""
        data = self._read(CHUNK)
        self.text = self.text[self.at :] + self._decoder.decode(data, not data)
        self.at = 0
        return bool(data)

    def go(self, end: int) -> None:
        """Move to a position of the text."""
        lines = self.text.count("\n", self.at, end)
        self.line += lines
        self.column = end - self.text.rfind("\n", self.at, end) if lines else self.column + end - self.at
        self.at = end

    def mark(self) -> str:
        """Skip white space; return the character there, "" at the end of the text."""
        while True:
            end = self.at
            while end < len(self.text) and self.text[end] in _BLANK:
                end += 1
            self.go(end)
            if end < len(self.text):
                return self.text[end]
            if not self.more():
                return ""


def items(start: bytes, read: Read) -> Iterator[tuple[Any, Span]]:
    """Yield the objects of kubectl's List, each with its position. `start` is what was read already.

    Raises NoDump if it is not such a List, before the first object, and WrongInput if it is truncated.
    """
    head = HEAD.match(start)
    if head is None:
        raise NoDump(start)
    text = _Text(start, read)
    text.go(len(start[: head.end()].decode("utf-8", "surrogateescape")))
    so_far = start[: head.end()]
    decoder = JSONDecoder()
    first = True
    while True:
        try:
            value, end = decoder.raw_decode(text.text, text.at)
        except JSONDecodeError:
            if text.held < MOST_ITEM and text.more():
                continue
            if first:
                raise NoDump(so_far + _rest(text)) from None
            raise WrongInput(f"line {text.line}: the List is truncated or is not JSON") from None
        except RecursionError:
            raise WrongInput(f"line {text.line}: nested too deeply to check") from None
        if first and not from_cluster(value):
            raise NoDump(so_far + _rest(text))
        first = False
        line, column = text.line, text.column
        text.go(end)
        yield value, Span(line, column, text.line, text.column)
        mark = text.mark()
        if mark == "]":
            return
        if mark != ",":
            raise WrongInput(f"line {text.line}: the List is truncated or is not JSON")
        text.go(text.at + 1)
        text.mark()


def _rest(text: _Text) -> bytes:
    return text.text[text.at :].encode("utf-8", "surrogateescape")


def _objects(start: bytes, read: Read) -> Iterator[tuple[Any, Span]]:
    """The objects of kubectl's List, in JSON or YAML; see `items`."""
    if not start.lstrip().startswith(b"{"):
        from joblint.run.dump_yaml import yaml_items

        return yaml_items(start, read)
    return items(start, read)


def check_dump(engine: Engine, name: str, start: bytes, read: Read, once: Once, now: float) -> Report:
    """Return the report on the output for a cluster, whose text begins with `start`; `read` returns what follows.

    Raises NoDump if it is something else.
    """
    look = Look(engine, name, now)
    findings: list[Finding] = []
    crashes = []
    try:
        for value, span in _objects(start, read):
            if not isinstance(value, dict):
                continue
            try:
                findings += look.take(value, Place(0, span))
            except Exception as error:  # an error in one object must not hide the others
                crashes.append(failed(name, 0, error))
        broken = ""
    except WrongInput as error:
        broken = str(error)
    findings += look.rest()
    outcome = look.outcome(findings)
    gathered = Gathered(engine, once, None)
    outcome = Outcome(outcome.judged, outcome.findings, tuple(crashes), (), outcome.skipped, hidden=outcome.hidden)
    gathered.take([(name, "", (outcome,), ())])
    if broken:
        gathered.take([(name, broken, (), ())])
    return gathered.report()
