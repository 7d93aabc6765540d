"""A file's documents as kubectl reads them: data, problems, and the way back to the text; does not know any Kubernetes types."""

from __future__ import annotations

from joblint.base.record import Record, replace
from joblint.source.reading import stream
from joblint.source.reading.compose import DUPLICATES, REST
from joblint.source.reading.load import Loaded, load
from joblint.source.unrendered.templates import PATCH, RENDERED, YTT, is_ytt, template

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any, TypeVar

    from joblint.source.places.spans import Places, Scalar, Span
    from joblint.source.problem import Problem
    from joblint.source.reading.stream import Part

    T = TypeVar("T")
    Wanted = Callable[[bytes], bool]

UNREAD = "not read"
"""The reason why a document is skipped that was not requested."""


_TEMPLATES = (b"}}", b"%}", b"%>", b" @", b" %")
"""For a text that is not YAML: the characters that show that it may be a template."""

DEEP = "line {line}: nested too deeply to check"
"""Why a document is skipped that no recursion of joblint's reaches the bottom of."""


class Source:
    """The text of a document and what is read from it on request: lines, positions, styles."""

    __slots__ = ("_answers", "part", "reader", "whole", "_places", "_objects", "_scalars", "_written")

    def __init__(self, part: Part, reader: str) -> None:
        self.part = part
        self.reader = reader
        self.whole: Whole | None = None
        self._places: Places | None = None
        self._objects: tuple[Any, dict[str, Any]] | None = None
        self._scalars: dict[str, list[tuple[str, Any]]] | None = None
        self._written: dict[str, list[Scalar]] | None = None
        self._answers: dict[Any, Any] = {}

    @property
    def places(self) -> Places:
        """Return the positions of everything, computed when first needed."""
        if self._places is None:
            from joblint.source.places.located import places

            self._places = places(self.part, self.reader)
        return self._places

    @property
    def bugs(self) -> Sequence[str]:
        """Return the errors in joblint so far while positions were computed, described."""
        return self._places.bugs if self._places is not None else ()

    def moved(self, part: Part) -> Source:
        """Return the same text elsewhere in the file, with what is known about it."""
        made = Source(part, self.reader)
        made._places = self._places.moved(part.line, part.column) if self._places is not None else None
        made._objects, made._scalars, made._written = self._objects, self._scalars, self._written
        made._answers = self._answers
        return made


class Whole:
    """A file that contains a template's document: its bytes, and its readings (see `joblint.source.unrendered.readings`)."""

    __slots__ = ("data", "made")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.made: Any = None


class Document(Record):
    """One document of a file.

    `index` counts from 0 over all documents, including empty ones; `line` is that of its first content, from 1. `value` is the
    JSON data that kubectl would send (None if the document is empty, cannot be read, or is a template); copy it before changing
    it. `skipped` is why it is not checked, with the way to check it. `bug` is set if the reader itself failed, and describes
    how.
    """

    file: str
    index: int
    line: int
    value: Any
    problems: tuple[Problem, ...]
    skipped: str | None
    source: Source
    bug: str = ""

    def span(self, field: str, part: str = "value") -> Span:
        """The span of a field's value or (`part` "key") key, by its path as the server writes it: lines and columns of the
        file from 1, the end exclusive. A field that is not there has that of the nearest key above it, "" the first key."""
        return self.source.places.span(field, part)

    def line_of(self, prefix: str) -> int:
        """The line on which the object with a prefix (see `objects`) begins."""
        return self.source.places.line(prefix.rstrip(".")) if prefix else self.line

    def entry_span(self, field: str) -> Span | None:
        """Return the span from the beginning of a field's key (or of a list item) to the end of its value; None if it does not
        exist."""
        return self.source.places.entry_span(field)

    def style(self, field: str) -> str | None:
        """Return how a field's scalar is written: plain, single, double, literal or folded; None if it is not a scalar."""
        return self.source.places.style(field)

    def raw(self, field: str) -> str | None:
        """Return a field's scalar as written in the file (`0644`, `"yes"`); None if it is not a scalar."""
        return self.source.places.raw(field)

    def scalars(self, prefix: str = "") -> Iterable[tuple[str, Any]]:
        """The field paths and values of all scalars in the data, or in that of the object with the prefix (see `objects`)."""
        from joblint.source.places.located import by_object, scalars

        if not prefix:
            return scalars(self.value)
        source = self.source
        if source.reader in ("plain", "json"):  # nothing is shared: there is no need to look at the other objects
            number = prefix[6:-2]
            if prefix == f"items[{number}]." and number.isdecimal():
                return scalars(self.value["items"][int(number)], prefix[:-1])
        if source._scalars is None:
            source._scalars = by_object(scalars(self.value), lambda s: s[0], self._by_prefix())
        return source._scalars.get(prefix, ())

    def written(self, prefix: str = "") -> Iterable[Scalar]:
        """All scalars as they are written in the text, keys included: field path, text and style; or those of one object."""
        source = self.source
        if not prefix:
            return source.places.written()
        if source._written is None:
            from joblint.source.places.located import by_object

            source._written = by_object(source.places.written(), lambda s: s.field, self._by_prefix())
        return source._written.get(prefix, ())

    def plain_values(self, prefix: str, odd: Callable[[str], bool]) -> Iterable[tuple[str, str]]:
        """Field paths and texts of the plain scalars of an object that are values, and whose text is odd."""
        if not prefix:
            return self.source.places.plain_values(odd)
        return [(s.field, s.text) for s in self.written(prefix) if s.style == "plain" and not s.is_key and odd(s.text)]

    @property
    def text(self) -> str:
        """The document's text, with line ends `\\n`."""
        return self.source.places.lines.text

    def asked(self, question: Callable[[str], T]) -> T:
        """Return a function's result for the document's text: computed once, however many objects the document contains."""
        answers = self.source._answers
        if question not in answers:
            answers[question] = question(self.text)
        answer: T = answers[question]
        return answer

    def mentions(self, word: bytes) -> bool:
        """Return whether a word is in the document's bytes: searched once, however many objects the document contains."""
        answers = self.source._answers
        if word not in answers:
            answers[word] = self.source.part.data.find(word) >= 0
        answer: bool = answers[word]
        return answer

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the document's text, without their ends."""
        return tuple(self.text.removesuffix("\n").split("\n"))

    def source_line(self, number: int) -> str | None:
        """Return a line of the file by its number, from 1; None if it is not a line of this document."""
        return self.source.places.lines.source_line(number)

    def objects(self) -> tuple[tuple[str, Any], ...]:
        """Return the objects in the document, each with the prefix of its fields' paths: the document itself (prefix ""), or
        the items of a List ("items[0]."), which inherit the kind of the List if they have none."""
        return tuple(self._by_prefix().items())

    def object(self, prefix: str) -> Any:
        """Return the object with that prefix; None if there is none."""
        return self._by_prefix().get(prefix)

    def _by_prefix(self) -> dict[str, Any]:
        value, source = self.value, self.source
        if source._objects is None or source._objects[0] is not value:
            if isinstance(value, dict) and isinstance(value.get("items"), list) and str(value.get("kind")).endswith("List"):
                found = dict(_items(value, "", 0))
            else:
                found = {} if value is None else {"": value}
            source._objects = value, found
        return source._objects[1]

    def placeholders(self, prefix: str = "") -> tuple[tuple[str, str], ...]:
        """Field paths and texts of the values that something fills in later, such as `${NAME}`; or those of one object."""
        from joblint.source.places.located import placeholders, placeholders_in

        return placeholders(self.scalars(prefix)) if prefix else placeholders_in(self.value)


def read(data: bytes, name: str, templates: bool = True, wanted: Wanted | None = None) -> tuple[Document, ...]:
    """Return all documents of a file (for an empty one, one empty document). Never raises on bad input.

    `name` is the file's name in messages. A template that is not valid YAML is skipped with that reason; with `templates` False
    it is read as written. `wanted` says whether the bytes of a file, or of one document, are relevant: irrelevant ones are not
    read, and skipped as UNREAD. Source: k8s.io/apimachinery 0.36.3 (pkg/util/yaml), sigs.k8s.io/yaml 1.6.0.
    """
    return tuple(each(data, name, templates, wanted))


def each(
    data: bytes,
    name: str,
    templates: bool = True,
    wanted: Wanted | None = None,
    known: Mapping[bytes, Document] | None = None,
    share: tuple[int, int, int] | None = None,
) -> Iterator[Document]:
    """Yield the documents of a file one after the other, as `read` returns them: if each is released before the next one, a
    large file needs only the memory of its largest document. `known` are documents of an earlier text of this file by their
    bytes, read in the same way: unchanged ones are not read again. `share` (first, count, step) yields only so many documents
    from the first one on, and again after each step."""
    index = -1
    asked = wanted if wanted is None or not data or wanted(data) else _nothing
    # JSON is parted by reading it.
    one = asked is _nothing and data.lstrip()[:1] in (b"{", b"[")
    parts: Iterable[Part] = [stream.Part(data, 0)] if one else stream.split(data)
    whole: Whole | None = None
    first, count, step = share or (0, 1, 1)
    for index, (part, after) in enumerate(_with_next(parts)):
        if index < first or (index - first) % step >= count:
            continue
        # Directives alone are a document to kubectl, which stops at it: it belongs to the one after it.
        text = after.data if after is not None and is_directives(part.data) else part.data
        reads = asked is None or asked is wanted and text is data or asked(text) or _is_blank(part.data)
        before = known.get(part.data) if known is not None and text is part.data else None
        if before is not None and (before.skipped == UNREAD) is reads:
            before = None  # whether a document is read depends on the rest of the file
        if before is not None and before.skipped not in RENDERED and _stays(before, part):  # a template is of its whole file
            yield moved(before, part, index)
        elif reads:
            document = _guarded(part, name, index, templates)
            if document.skipped in RENDERED:
                whole = document.source.whole = whole or Whole(data)
            yield document
        else:
            yield Document(name, index, part.line + 1, None, (), UNREAD, Source(part, ""))
    if index < 0:
        yield _guarded(stream.Part(b"", 0), name, 0, templates)


def _with_next(parts: Iterable[Part]) -> Iterator[tuple[Part, Part | None]]:
    before: Part | None = None
    for part in parts:
        if before is not None:
            yield before, part
        before = part
    if before is not None:
        yield before, None


def _stays(document: Document, part: Part) -> bool:
    """Whether the same bytes elsewhere are the same document: no message about it names a line of the file."""
    plain = not (document.problems or document.bug or part.json or part.error or document.source.part.column != part.column)
    return plain and not (document.skipped or "").startswith("line ")


def moved(document: Document, part: Part, index: int) -> Document:
    """Return the same document in another place of its file; itself if it has not moved."""
    before = document.source.part
    if (before.line, before.column, document.index) == (part.line, part.column, index):
        return document
    return replace(document, index=index, line=document.line - before.line + part.line, source=document.source.moved(part))


def is_directives(data: bytes) -> bool:
    """Whether a document is nothing but directives, such as `%YAML 1.1` before `---`."""
    return data.startswith(b"%") and all(line[:1] in (b"%", b"#", b"") for line in data.split(b"\n"))


def _guarded(part: Part, name: str, index: int, templates: bool) -> Document:
    try:
        return _document(part, name, index, templates)
    except MemoryError:
        raise  # the file as a whole is too large
    except Exception as error:  # one bad document must not take the others with it
        return _unread(part, name, index, error)


def _nothing(data: bytes) -> bool:
    return False


def _is_blank(data: bytes) -> bool:
    """Whether a document contains only comments, which are for the reader of the next one."""
    return data.lstrip()[:1] in (b"#", b"") and all(line.lstrip()[:1] in (b"#", b"") for line in data.split(b"\n"))


def _unread(part: Part, name: str, index: int, error: Exception) -> Document:
    """A document that the reader failed on: by its own fault, or because the text is nested too deeply for it."""
    source = Source(stream.Part(b"", part.line), "goyaml")
    if isinstance(error, RecursionError):
        return Document(name, index, part.line + 1, None, (), DEEP.format(line=part.line + 1), source)
    from joblint.base.bugs import told

    bug = told(error)
    return Document(name, index, part.line + 1, None, (), f"a bug in joblint: {bug}", source, bug)


def document_of(part: Part, name: str, index: int) -> Document:
    """Return one document as written, even if it contains templates."""
    return _document(part, name, index, False)


def in_template(part: Part, name: str, index: int) -> Document:
    """Return one document, which is skipped as a template if it can be read as that alone."""
    return _document(part, name, index, True)


def _document(part: Part, name: str, index: int, templates: bool) -> Document:
    data = part.data
    line = part.line + 1
    if data[:1] in (b"#", b"-", b"%", b" ", b"\t", b"\n", b"\r", b"\xef"):
        line += _first_content(data)
    if templates and data.find(b"#@") >= 0 and is_ytt(data):  # comments that mean something else
        return Document(name, index, line, None, (), YTT, Source(part, "goyaml"))
    loaded = None
    if part.composed is not None:
        loaded = Loaded(*part.composed, "json", None)
    elif part.error is None:
        loaded = load(data)
    if templates and (loaded is None or loaded.error is not None) and any(sign in data for sign in _TEMPLATES):
        kind = template(data)
        if kind is not None:
            return Document(name, index, line, None, (), kind, Source(part, "goyaml"))
    if loaded is None or loaded.error is not None or loaded.notes & (DUPLICATES | REST):
        from joblint.source.places.located import problems

        source = Source(part, loaded.reader if loaded is not None else "")
        found = problems(part, source.places, loaded)
    else:
        source, found = Source(part, loaded.reader), ()
    value = loaded.value if loaded is not None else None
    skipped = PATCH if data.find(b"$patch") >= 0 and _has_patch(value) else None
    return Document(name, index, line, value, found, skipped, source)


def _first_content(data: bytes) -> int:
    """How many lines come before the first one that is neither empty nor a comment, `---` or a directive."""
    row = begin = 0
    while begin <= len(data):
        end = data.find(b"\n", begin)
        line = data[begin : end if end >= 0 else len(data)].lstrip(b"\xef\xbb\xbf \t")
        if line.strip(b"\xef\xbb\xbf \t\r") and not line.startswith((b"#", b"---", b"%")):
            return row
        if end < 0:
            break
        row, begin = row + 1, end + 1
    return 0


def _items(value: dict[str, Any], prefix: str, depth: int) -> Iterator[tuple[str, Any]]:
    kind, version = str(value.get("kind")).removesuffix("List"), value.get("apiVersion")
    for i, item in enumerate(value["items"]):
        here = f"{prefix}items[{i}]."
        if not isinstance(item, dict):
            yield here, item
        elif depth < 8 and isinstance(item.get("items"), list) and str(item.get("kind")).endswith("List"):
            yield from _items(item, here, depth + 1)
        elif kind and not item.get("kind") and not item.get("apiVersion"):
            yield here, {**item, "kind": kind, "apiVersion": version}
        else:
            yield here, item


def _has_patch(value: Any) -> bool:
    """Whether a mapping below contains the key `$patch`."""
    left = [value]
    seen: set[int] = set()
    while left:
        value = left.pop()
        if isinstance(value, dict) and id(value) not in seen:
            seen.add(id(value))
            if "$patch" in value:
                return True
            left.extend(value.values())
        elif isinstance(value, list) and id(value) not in seen:
            seen.add(id(value))
            left.extend(value)
    return False
