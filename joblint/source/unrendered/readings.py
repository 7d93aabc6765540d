"""A template's document as data, once for each way through its branches, with its unknown parts; no Kubernetes types.

The data contains what is written, and the chart's values where an action prints exactly one. Other output of an action is an
encoded text (see `encoded`), or a path that is `open`: something may be there.
"""

from __future__ import annotations

from joblint.base.record import Record, replace
from joblint.source.unrendered import encoded
from joblint.source.unrendered.actions import Unbalanced, tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from joblint.source.documents import Document
    from joblint.source.places.spans import Lines
    from joblint.source.places.tree import Node, Tree
    from joblint.source.unrendered.actions import Action, Choice
    from joblint.source.unrendered.loops import Item
    from joblint.source.unrendered.ways import Way

    Path = tuple[str | int, ...]

MOST = 1 << 18
"""Characters of a template that is read as one."""


class Reading(Record):
    """A document for one way through the branches. `open` are the paths of mappings and lists that may contain more, `holes`
    those of unknown values; in those in `bounded` only certain entries are missing, by their paths. `unknown` are the actions
    whose output the way through the branches does not let be what the chart's values say."""

    document: Document
    open: tuple[Path, ...]
    holes: tuple[Path, ...]
    bounded: tuple[Path, ...] = ()
    unknown: frozenset[str] = frozenset()


class Template(Record):
    """A template's text with its actions, and the output of some of them with the values of its chart, whose directory is
    `chart` ("" if it has none). `defaults` are the outputs of actions whose variable is not set, with its name; `items` are the
    passes through loops whose lists are known."""

    text: str
    actions: tuple[Action | Choice, ...]
    values: Mapping[str, Any] | None
    variables: Mapping[str, Any]
    known: Mapping[str, Any]
    chart: str
    defaults: Mapping[str, tuple[Any, str]] = {}
    items: tuple[Item, ...] = ()


def template_in(document: Document) -> Template | None:
    """Return the template that contains a document, read once for each file; None if it has none that can be read."""
    whole = document.source.whole
    if whole is None:
        return None
    if whole.made is None:
        text = whole.data.decode("utf-8", "replace").replace("\r\n", "\n")
        whole.made = (template_of(text, document.file),)
    found: Template | None = whole.made[0]
    return found


def template_of(text: str, name: str) -> Template | None:
    """Return the template in a file of that name; None if it cannot be read as one."""
    from joblint.source.unrendered.chart import chart_of, values_of
    from joblint.source.unrendered.templates import JINJA, template
    from joblint.source.unrendered.ways import known_outputs, known_variables

    if len(text) > MOST:
        return None
    try:
        actions = tree(text)
    except (Unbalanced, RecursionError):
        return None
    if "{%" in text and "%}" in text or template(text.encode("utf-8", "surrogatepass")) == JINJA:
        from joblint.source.unrendered import jinja

        said = jinja.variables(actions)
        certain, defaults = jinja.outputs(text, actions, said)
        items: tuple[Item, ...] = ()
        if " in " in text:
            from joblint.source.unrendered.loops import items_of

            items = items_of(text, actions)
        return Template(text, actions, None, said, certain, "", defaults, items)
    chart = chart_of(name)
    values = values_of(chart) if chart else None
    variables = known_variables(actions, values) if values else {}
    known = known_outputs(text, actions, values, variables) if values else {}
    return Template(text, actions, values, variables, known, chart)


def with_defaults(template: Template) -> Template:
    """Return the template as it is read if no variable is set that has a default."""
    more = {key: value for key, (value, _) in template.defaults.items()}
    return replace(template, known={**template.known, **more}, defaults={}, items=())


def with_item(template: Template, item: Item) -> Template:
    """Return the template as it is read in one pass through a loop."""
    return replace(template, known={**template.known, **item.outputs}, defaults={}, items=())


def readings(template: Template, document: Document) -> Iterator[tuple[Way, Iterator[Reading | None]]]:
    """Return the ways through one document of a template, and the result for each of their companions; None for what is not
    YAML. A companion that leaves nothing of the document is omitted; if the values decide so, nothing is left of that way."""
    from joblint.source.unrendered.ways import ways

    part = document.source.part
    first, count = part.line, part.data.count(b"\n")
    starts = _starts(template.text)
    begin = starts[min(first, len(starts) - 1)]
    end = starts[first + count] if first + count < len(starts) else len(template.text)
    known: dict[tuple[tuple[str, ...], frozenset[str]], Reading | None] = {}
    kind = template.text.find("\nkind:", max(begin - 1, 0), end) + 1
    if not kind and _defines(template.actions, begin, end):
        return  # a part of an object, which is defined here and printed elsewhere
    kind = kind or begin
    for way in ways(template.actions, template.values, template.variables, begin, end, kind):
        yield way, _companions(template, document, way, (begin, end), known)


def _defines(actions: Sequence[Action | Choice], begin: int, end: int) -> bool:
    """Whether a definition begins between two places of a template."""
    return any(getattr(a, "always", False) and a.word in ("define", "macro") and a.start < end and a.end > begin for a in actions)


def _companions(
    template: Template,
    document: Document,
    way: Way,
    part: tuple[int, int],
    known: dict[tuple[tuple[str, ...], frozenset[str]], Reading | None],
) -> Iterator[Reading | None]:
    from joblint.source.unrendered.expressions import mentions
    from joblint.source.unrendered.layout import ENTRIES, ITEMS, lay

    def prints(mark: str) -> str:
        from joblint.source.unrendered.definitions import begins

        action = encoded.decode(mark)
        value = template.known.get(action)
        if isinstance(value, (list, dict)) and value:
            return ITEMS if isinstance(value, list) else ENTRIES
        return begins(action, template.chart)

    count = document.source.part.data.count(b"\n")
    without = frozenset([key for key in template.known if mentions(key, way.against)] if way.against else ())
    for n, decide in enumerate(way.companions):
        laid = lay(template.text, template.actions, decide, *part, prints)
        lines = laid.lines[:count]
        if all(not line.strip() or line.lstrip().startswith(("#", "---")) for line in lines):
            if n == 0 and way.branch is None:
                return
            continue
        key = (lines, without)
        if key not in known:
            rows = tuple([document.source.part.line + row for row in laid.opened])
            known[key] = _reading(template, document, lines, rows, without)
        yield known[key]


def _starts(text: str) -> list[int]:
    starts, at = [0], text.find("\n")
    while at >= 0:
        starts.append(at + 1)
        at = text.find("\n", at + 1)
    return starts


def _reading(
    template: Template, document: Document, lines: tuple[str, ...], rows: tuple[int, ...], without: frozenset[str]
) -> Reading | None:
    from joblint.source.documents import Source, document_of
    from joblint.source.places.located import whole_tree
    from joblint.source.places.spans import Places

    data = "\n".join([*lines, ""]).encode("utf-8", "surrogatepass")
    read = document_of(replace(document.source.part, data=data), document.file, document.index)
    if read.value is None or any(p.kind == "yaml" for p in read.problems):
        return None
    part, reader = read.source.part, read.source.reader
    problems = tuple([p for p in read.problems if not encoded.holds(p.field)])  # what an action prints is not a key
    source = Source(part, reader)
    source._places = Places(read.source.places.lines, lambda: _without_marks(whole_tree(part, reader)))
    opened = _paths_at(whole_tree(part, reader), read.source.places.lines, rows) if rows else []
    cleaner = _Cleaner(template, without)
    value = cleaner.clean(read.value, ())
    made = replace(read, value=value, source=source, problems=problems)
    value = cleaner.filled(made)
    open_paths = tuple(dict.fromkeys([*opened, *cleaner.open]))
    return Reading(replace(made, value=value), open_paths, tuple(cleaner.holes), tuple(cleaner.bounded), without)


class _Cleaner:
    """Removes the marks of unknown entries from data, and fills in what is known."""

    def __init__(self, template: Template, without: frozenset[str]) -> None:
        self.known = {key: value for key, value in template.known.items() if key not in without} if without else template.known
        self.chart = template.chart
        self.open: list[Path] = []
        self.bounded: list[Path] = []
        self.holes: list[Path] = []

    def clean(self, value: Any, path: Path) -> Any:
        """The data without marks."""
        if isinstance(value, dict):
            found: dict[str, Any] = {}
            for key, held in value.items():
                if encoded.holds(key):
                    more = self._block(key)
                    if isinstance(more, dict) and key.startswith(encoded.BLOCK):
                        found |= {k: v for k, v in more.items() if k not in value}
                    else:
                        self._opened(key, path)
                elif isinstance(held, str) and held.startswith(encoded.BLOCK):
                    more = self._block(held)
                    if more is None or isinstance(more, (str, int, float)):
                        self.holes.append((*path, key))
                    else:
                        found[key] = more
                else:
                    found[key] = self.clean(held, (*path, key))
            return found
        if isinstance(value, list):
            items: list[Any] = []
            added: list[Any] = []
            for held in value:
                mark = (
                    held if isinstance(held, str) else next(iter(held), "") if isinstance(held, dict) and len(held) == 1 else ""
                )
                if mark.startswith(encoded.BLOCK):
                    more = self._block(mark)
                    if isinstance(more, list):
                        added += more  # after the others, whose numbers are those of the text
                    else:
                        self.open.append(path)
                else:
                    items.append(self.clean(held, (*path, len(items))))
            return items + added
        return value

    def _opened(self, key: str, path: Path) -> None:
        """More may be in a mapping: what the helper prints that is included there, or anything."""
        from joblint.source.unrendered.definitions import keys_of

        keys = keys_of(encoded.decode(key), self.chart) if self.chart else None
        if keys is None:
            self.open.append(path)
        else:
            self.bounded += [(*path, name) for name in sorted(keys)]

    def _block(self, mark: str) -> Any:
        """What is known of a block, None if nothing is: an empty one is meant to be filled."""
        return self.known.get(encoded.decode(mark)) or None

    def filled(self, document: Document) -> Any:
        """Return the data with what is known in the places of encoded actions."""
        import re

        from joblint.source.places.paths import changed, steps
        from joblint.source.unrendered.expressions import Quoted, printed
        from joblint.source.unrendered.known import typed

        value = document.value
        pattern = re.compile(encoded.PATTERN)
        for field, text in document.scalars():
            if not isinstance(text, str) or not encoded.holds(text):
                continue
            quoted = False

            def put(match: re.Match[str]) -> str:
                nonlocal quoted
                found = self.known.get(encoded.decode(match[0]))
                quoted = quoted or isinstance(found, Quoted)
                told = printed(found)
                return match[0] if told is None else told

            filled = pattern.sub(put, text)
            if filled != text:
                is_plain = not quoted and document.style(field) == "plain" and not encoded.holds(filled)
                value = changed(value, steps(field), typed(filled) if is_plain else filled)
        return value


def _without_marks(built: Tree | None) -> Tree | None:
    """The tree of a text without the marks, so that paths in the cleaned data lead to the right places."""
    left = [built.root] if built is not None and built.root is not None else []
    while left:
        node = left.pop()
        if node.items is not None:
            node.items = [item for item in node.items if not _is_mark(item)]
            left.extend(node.items)
        elif node.entries is not None:
            for key in [k for k in node.entries if encoded.holds(k)]:
                del node.entries[key]
            left.extend([entry.node for entry in node.entries.values()])
    return built


def _is_mark(node: Node) -> bool:
    if node.entries is not None:
        return len(node.entries) == 1 and next(iter(node.entries)).startswith(encoded.BLOCK)
    return node.items is None and node.value.startswith(encoded.BLOCK)


def _paths_at(built: Tree | None, lines: Lines, wanted: Sequence[int]) -> list[Path]:
    """The paths of the entries whose keys are in those lines of the file, which count from 0."""
    rows = {n + 1 for n in wanted}
    found: list[Path] = []
    left: list[tuple[Path, Any]] = [((), built.root)] if built is not None and built.root is not None else []
    while left:
        path, node = left.pop()
        if node.items is not None:
            kept = [item for item in node.items if not _is_mark(item)]
            left.extend([((*path, i), item) for i, item in enumerate(kept)])
        elif node.entries is not None:
            for key, entry in node.entries.items():
                if lines.place(entry.start)[0] in rows:
                    found.append((*path, key))
                left.append(((*path, key), entry.node))
    return found
