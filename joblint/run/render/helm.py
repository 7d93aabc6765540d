"""Rendering a chart with helm, twice: as it is, and with marks that show which line of which template each line comes from."""

from __future__ import annotations

import os

from joblint.base.programs import ProgramError, output
from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from joblint.run.render.own import Own
    from joblint.source.helm.render import Fault

    Helm = Callable[[str, "Asked", str, str], tuple[bytes, str]]

_ATTEMPTS, _PATIENCE = 12, 3
_TEMPLATES, _HELPERS = (".yaml", ".yml"), ".tpl"
_NOT_YAML = "YAML parse error on "
"""How helm's message begins if a template prints something that is not YAML."""


class Asked(Record):
    """The options for rendering: values files, `--set` values, the release's name, whether joblint renders by itself, and the
    release's namespace ("": helm's default)."""

    values: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    release: str = "release-name"
    without_helm: bool = False
    namespace: str = ""


class Rendered(Record):
    """The output for a chart: the text, and for each line (from 0) the template's file and line that it comes from (both as in
    the chart, lines from 1), None if that is unknown. `said` is helm's other output; `values` are the values files, the last
    one first, as the user wrote them and their real paths; `inside` are the steps to the values in each of these files (not
    given: each contains nothing else); `sets` the `--set` values. `failed` are the templates that were not evaluated, as in the
    chart, `faults` the errors on which helm stops, if joblint renders by itself."""

    text: str
    places: tuple[tuple[str, int] | None, ...]
    said: str
    values: tuple[tuple[str, str], ...]
    sets: tuple[str, ...]
    failed: frozenset[str] = frozenset()
    faults: tuple[Fault, ...] = ()
    inside: tuple[tuple[str, ...], ...] = ()


def render(root: str, asked: Asked, version: str, work: str) -> Rendered:
    """Render the chart in a directory; `work` is an empty directory for temporary files. Raises ProgramError and OSError."""
    from joblint.run.render.charts import copy
    from joblint.source.unrendered.marked import unmarked

    home, copied = os.path.join(work, "home"), os.path.join(work, "chart")
    os.makedirs(home)
    own = _own() if asked.without_helm else None
    helm: Helm = _helm if own is None else own.render
    try:
        data, said = helm(root, asked, version, home)
    except ProgramError as error:
        if _NOT_YAML not in str(error):
            raise
        helm = _helm_unread if own is None else own.unread
        data, said = helm(root, asked, version, home)
    failed = own.failed if own is not None else frozenset()
    faults = own.faults if own is not None else ()
    text = data.decode("utf-8", "replace")
    copy(root, copied)
    lines = _mark(copied)
    found: list[int] = []
    fewer: set[str] = set()
    for _ in range(_ATTEMPTS):
        try:
            found = _aligned(text, *unmarked(helm(copied, asked, version, home)[0].decode("utf-8", "replace")))
            break
        except ProgramError as error:
            if not _with_fewer_marks(str(error), root, copied, lines, fewer):
                break
    places = tuple([lines[n] if 0 <= n < len(lines) else None for n in found])
    values = tuple([(file, os.path.abspath(file)) for file in reversed(asked.values)])
    return Rendered(text, places or (None,) * (text.count("\n") + 1), said, values, asked.sets, failed, faults)


def _own() -> Own:
    from joblint.run.render.own import Own

    return Own()


def _helm_unread(root: str, asked: Asked, version: str, home: str) -> tuple[bytes, str]:
    """What the templates print, where some of it is not YAML: helm prints all of it as it is, and fails."""
    try:
        return _helm(root, asked, version, home, "--debug")
    except ProgramError as error:
        if _NOT_YAML not in str(error) or not error.printed:
            raise
        return error.printed, "\n".join([line for line in str(error).split("\n") if line.startswith("Error: ")])


def _helm(root: str, asked: Asked, version: str, home: str, *more: str) -> tuple[bytes, str]:
    from joblint.source.helm.render import KINDS

    command = ["helm", "template", asked.release, os.path.abspath(root), "--kube-version", f"v{version}.0", *more]
    if asked.namespace:
        command += ["--namespace", asked.namespace]
    for file in asked.values:
        command += ["--values", os.path.abspath(file)]
    for value in asked.sets:
        command += ["--set", value]
    command += ["--api-versions", ",".join(KINDS)]
    return output(command, home, _variables(home))


def _variables(home: str) -> dict[str, str]:
    """helm's own directories: empty ones, so that the user's plugins and repositories have no effect."""
    names = ("CACHE_HOME", "CONFIG_HOME", "DATA_HOME", "PLUGINS")
    return {f"HELM_{name}": os.path.join(home, name.lower()) for name in names} | {"HELM_NO_PLUGINS": "1"}


def _mark(root: str) -> list[tuple[str, int]]:
    """Put marks into the templates of a copied chart; return the file and line of each number."""
    from joblint.run.render.charts import walk
    from joblint.source.unrendered.marked import marked

    found: list[tuple[str, int]] = []
    for path, size in walk(root):
        name = os.path.relpath(path, root).replace(os.sep, "/")
        if "templates" not in name.split("/") or not name.endswith((*_TEMPLATES, _HELPERS)) or size > 1 << 20:
            continue
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            file.write(marked(text, len(found)))
        found += [(name, n) for n in range(1, text.count("\n") + 2)]
    return found


def _with_fewer_marks(said: str, root: str, copied: str, lines: list[tuple[str, int]], fewer: set[str]) -> bool:
    """Remove marks that cause errors: from the template that helm fails on, then from the helpers that it may print, then from
    all of that template; after some attempts from all templates at once. Return whether there is anything left to remove."""
    firsts = {name: number for number, (name, line) in enumerate(lines) if line == 1}
    name = max([name for name in firsts if f"/{name}" in said], key=len, default="")
    if not name:
        return False
    if len(fewer) == _PATIENCE:
        for other in [n for n in firsts if n not in fewer and n.endswith(_TEMPLATES)]:
            fewer.add(other)
            _mark_again(other, root, copied, firsts[other])
    elif name not in fewer:
        fewer.add(name)
        _mark_again(name, root, copied, firsts[name])
    elif _HELPERS not in fewer:
        fewer.add(_HELPERS)
        for other in firsts:
            if other.endswith(_HELPERS):
                _mark_again(other, root, copied, None)
    else:
        _mark_again(name, root, copied, None)
    return True


def _mark_again(name: str, root: str, copied: str, first: int | None) -> None:
    """Mark a template carefully; not at all if `first` is None."""
    from joblint.source.unrendered.marked import marked

    with open(os.path.join(root, *name.split("/")), encoding="utf-8", errors="surrogateescape", newline="") as file:
        text = file.read()
    with open(os.path.join(copied, *name.split("/")), "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        file.write(text if first is None else marked(text, first, careful=True))


def _aligned(text: str, told: str, numbers: list[int]) -> list[int]:
    """The numbers for the lines of the text, if its documents are as long as those of the one with marks."""
    lines, marked = text.split("\n"), told.split("\n")
    found = [-1] * len(lines)
    theirs: dict[str, list[tuple[int, int]]] = {}
    for source, begin, end in _documents(marked):
        theirs.setdefault(source, []).append((begin, end))
    for source, begin, end in _documents(lines):
        first, last = theirs[source].pop(0) if theirs.get(source) else (0, 0)
        if end - begin != last - first:
            begin, first = _content(lines, begin, end), _content(marked, first, last)
        if end - begin == last - first:
            found[begin:end] = numbers[first:last]
            while last < len(marked) and found[end - 1] < 0 and not marked[last].strip():
                found[end - 1] = numbers[last]  # the mark comes after the line breaks that an action prints
                last += 1
    return found


def _content(lines: list[str], begin: int, end: int) -> int:
    """The first line of a document's content: helm removes what is empty before it, which a mark keeps."""
    while begin < end and (not lines[begin].strip() or lines[begin].startswith(("---", "# Source: "))):
        begin += 1
    return begin


def _documents(lines: list[str]) -> list[tuple[str, int, int]]:
    """The source of each document, and its start and end, without the empty lines at its end."""
    starts = [n for n, line in enumerate(lines) if line.startswith("---")]
    found = []
    for begin, end in zip([0, *starts], [*starts, len(lines)], strict=True):
        while end > begin and not lines[end - 1].strip():
            end -= 1
        source = next((line for line in lines[begin : begin + 3] if line.startswith("# Source: ")), "")
        # helm omits what prints nothing; a mark alone keeps it.
        if any(line.strip() and line != source and not line.startswith("---") for line in lines[begin:end]):
            found.append((source, begin, end))
    return found
