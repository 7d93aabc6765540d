"""Rendering a chart without helm: what joblint evaluates itself, in the form of `helm template`."""

from __future__ import annotations

from joblint.base.programs import ProgramError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.run.render.helm import Asked
    from joblint.source.helm.render import Fault, Printed

_NOT_YAML = "YAML parse error on "
_LAST_ITEM = 65536
"""The highest number that helm accepts (strvals.MaxIndex)."""


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

        try:
            printed = print_chart(root, _given(asked), asked.release, version)
        except ChartError as error:
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


def _given(asked: Asked) -> dict[str, Any]:
    """The values of the command line: those of the files, overridden by `--set`. Raises ChartError and ProgramError."""
    import os

    from joblint.source.helm.charts import ChartError, held_in
    from joblint.source.unrendered.chart import overridden

    values: dict[str, Any] = {}
    for file in asked.values:
        if not os.path.isfile(file):
            raise ChartError(f"open {file}: no such file or directory")
        values = overridden(values, held_in(file))
    if asked.sets:
        from copy import deepcopy

        values = deepcopy(values)
    for given in asked.sets:
        for path, value in _sets(given):
            _put(values, path, value, given)
    return values


def _sets(given: str) -> list[tuple[list[str | int], Any]]:
    """The paths and values of one `--set`. Raises ProgramError. Source: helm 3.22 pkg/strvals (parser.go)."""
    import re

    found: list[tuple[list[str | int], Any]] = []
    for part in re.findall(r"(?:\\.|=\{(?:\\.|[^{}\\])*\}|[^,\\])+", given):
        name, equals, text = part.partition("=")
        path: list[str | int] = []
        for step in re.split(r"(?<!\\)\.", name):
            key, *numbers = re.split(r"\[([0-9]{1,5})\]", step)
            path += [key.replace("\\.", "."), *[int(n) for n in numbers if n]]
            if any(numbers[1::2]) or not key or "[" in key:
                equals = ""
        if not equals:
            raise ProgramError(f"--set {given}: joblint reads only name=value, name[0]=value and name={{value,value}}")
        if text.startswith("{") and text.endswith("}"):
            found.append((path, [_typed(item) for item in re.split(r"(?<!\\),", text[1:-1])] if text != "{}" else []))
        else:
            found.append((path, _typed(text)))
    return found


def _typed(text: str) -> Any:
    """A value of `--set`: only these words and whole numbers are not texts."""
    import re

    text = re.sub(r"\\(.)", r"\1", text)
    if text in ("true", "false", "null"):
        return {"true": True, "false": False, "null": None}[text]
    return int(text) if re.fullmatch(r"-?(?:0|[1-9][0-9]*)", text) else text


def _put(values: Any, path: list[str | int], value: Any, given: str) -> None:
    """Sets a value at its path, where what is missing on the way is created. Raises ProgramError if a number is too large."""
    here = values
    for n, step in enumerate(path):
        if isinstance(step, int):
            if step > _LAST_ITEM:
                raise ProgramError(f"--set {given}: item {step} is above {_LAST_ITEM}")
            here += [None] * (step + 1 - len(here))
        if n + 1 == len(path):
            here[step] = value
            return
        kind: type = list if isinstance(path[n + 1], int) else dict
        held = here[step] if isinstance(step, int) else here.get(step)
        if not isinstance(held, kind):
            held = here[step] = kind()
        here = held
