"""Rendering a chart without helm: what joblint evaluates itself, in the form of `helm template`."""

from __future__ import annotations

from joblint.base.programs import ProgramError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.run.render.helm import Asked
    from joblint.source.helm.render import Fault, Printed

_NOT_YAML = "YAML parse error on "


class Own:
    """Renders charts as helm does; `failed` are the templates that could not be evaluated, by their paths in the chart, `faults`
    the errors on which helm stops."""

    def __init__(self) -> None:
        self.failed: frozenset[str] = frozenset()
        self.faults: tuple[Fault, ...] = ()

    def render(self, root: str, asked: Asked, version: str, home: str) -> tuple[bytes, str]:
        """Return the output for the chart in a directory. Raises ProgramError if it cannot be loaded, and, with the output,
        if some of it is not YAML."""
        from joblint.source.helm.charts import ChartError
        from joblint.source.helm.render import print_chart
        from joblint.source.helm.sets import SetError

        try:
            printed = print_chart(root, given(asked.values, asked.sets), asked.release, version, asked.namespace)
        except (ChartError, SetError) as error:
            raise ProgramError(str(error)) from None
        self.failed = frozenset([file.partition("/")[2] for file, _ in printed.failed])
        self.faults = printed.faults
        text, wrong = _joined(printed)
        data = _bytes(text)
        if wrong:
            raise ProgramError(f"{_NOT_YAML}{wrong}", data)
        return data, ""

    def unread(self, root: str, asked: Asked, version: str, home: str) -> tuple[bytes, str]:
        """Return the output, whether it is YAML or not. Raises ProgramError."""
        try:
            return self.render(root, asked, version, home)
        except ProgramError as error:
            if not str(error).startswith(_NOT_YAML):
                raise
            return error.printed, ""


def _joined(printed: Printed) -> tuple[str, str]:
    """The documents with comments that name their templates, and the first template that prints what is not YAML."""
    import re

    from joblint.source.reading.load import load

    found: list[str] = []
    wrong = ""
    for file, text in printed.texts:
        for document in re.split(r"(?:^|\n)---[^\S\n]*(?:\n|$)|(?:^|\n)---\s*", text):
            if not document.strip():
                continue
            found.append(f"---\n# Source: {file}\n{document.strip(chr(10)).rstrip()}\n")
            if not wrong and load(_bytes(found[-1])).error is not None:
                wrong = file
    return "".join(found), wrong


def _bytes(text: str) -> bytes:
    """What Go writes: the bytes that are not UTF-8 as they were read, other lone surrogates as U+FFFD."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        whole = "".join([c if not "\ud800" <= c <= "\udfff" or "\udc80" <= c <= "\udcff" else "\ufffd" for c in text])
        return whole.encode("utf-8", "surrogateescape")


def given(values: tuple[str, ...], sets: tuple[str, ...]) -> dict[str, Any]:
    """Return the values of the command line: those of files, overridden by `--set`. Raises ChartError and SetError."""
    import os

    from joblint.source.helm.charts import ChartError, held_in
    from joblint.source.helm.sets import SetError, put
    from joblint.source.unrendered.chart import overridden

    found: dict[str, Any] = {}
    for file in values:
        if not os.path.isfile(file):
            raise ChartError(f"open {file}: no such file or directory")
        found = overridden(found, held_in(file))
    if sets:
        from copy import deepcopy

        found = deepcopy(found)
    for one in sets:
        try:
            put(one, found)
        except SetError as error:
            raise SetError(f"--set {one}: {error}") from None
    return found
