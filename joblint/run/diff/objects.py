"""The objects of one side of a comparison, and their matches on the other side; reads files, checks nothing.

Objects are matched by group, kind, namespace and name, as kubectl does; the API version is not compared.
"""

from __future__ import annotations

from joblint.api.create.request import KINDS, refusal
from joblint.base.record import Record
from joblint.rules.finding import RuleCrash

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from joblint.rules.skips import Skipped

    Texts = Iterable[tuple[str, bytes]]
    Key = tuple[str, str, str, str]


class Found(Record):
    """One object: its place, its content, and kubectl's error if kubectl does not send it."""

    file: str
    document: int
    line: int
    value: dict[str, Any]
    namespace: str
    refused: str | None

    @property
    def kind(self) -> str:
        """Return the object's kind as written, "" if it has none."""
        kind = self.value.get("kind")
        return kind if isinstance(kind, str) else ""

    @property
    def name(self) -> str:
        """Return the object's name, or its generateName; "" if it has neither."""
        metadata = metadata_of(self.value)
        return str(metadata.get("name") or metadata.get("generateName") or "")

    def placed(self, namespace: str) -> dict[str, Any]:
        """Return the object with a namespace if it has none, as kubectl adds it; "" changes nothing."""
        metadata = self.value.get("metadata")
        if not namespace or not isinstance(metadata, dict) or metadata.get("namespace"):
            return self.value
        return {**self.value, "metadata": {**metadata, "namespace": namespace}}

    @property
    def key(self) -> Key:
        """Return what identifies the object."""
        name = self.name if metadata_of(self.value).get("name") else f"{self.file} {self.document} {self.line} {self.name}"
        return (str(self.value.get("apiVersion")).partition("/")[0], self.kind, self.namespace, name)


class Unread(Record):
    """A document that cannot be read: the reason, and its text."""

    file: str
    document: int
    why: str
    text: str


class Side(Record):
    """The objects of OLD or NEW in order, the documents that could not be read, and those of other kinds.

    `crashes` are the documents with an error in joblint itself.
    """

    objects: tuple[Found, ...]
    unread: tuple[Unread, ...]
    skipped: tuple[Skipped, ...]
    crashes: tuple[RuleCrash, ...] = ()

    def may_hold(self, name: str) -> Unread | None:
        """Return the first unread document that contains the name."""
        return next((document for document in self.unread if name and name in document.text), None)


def read_side(files: Texts, namespace: str) -> Side:
    """Return the objects of some files, given as names and contents; those without a namespace are in the given one."""
    from joblint.rules.finding import failed, noting
    from joblint.rules.skips import in_file, of_object
    from joblint.source.documents import read

    objects: list[Found] = []
    unread: list[Unread] = []
    skipped: list[Skipped] = []
    crashes: list[RuleCrash] = []

    def one(file: str, data: bytes) -> None:
        for document in noting(read(data, file), crashes):
            broken = next((p for p in document.problems if p.kind == "yaml"), None)
            if broken is not None or document.skipped:
                why = document.skipped or ""
                if broken is not None:
                    why = f"invalid YAML at {broken.span.line}:{broken.span.column}: {broken.message}"
                unread.append(Unread(file, document.index, why, document.text))
                continue
            for prefix, value in document.objects() if document.value is not None else ():
                refused = refusal(value) if isinstance(value, dict) and not _ours(value) else None
                if not isinstance(value, dict) or (refused is None and not _ours(value)):
                    skipped.append(in_file(file, of_object(document, value)))
                    continue
                line = document.span(prefix.rstrip(".")).line if prefix else document.line
                own = metadata_of(value).get("namespace")
                where = own if isinstance(own, str) and own else namespace
                found = Found(file, document.index, line, value, where, refused)
                if found.key:
                    objects.append(found)

    for file, data in files:
        try:
            one(file, data)
        except MemoryError:
            raise
        except Exception as error:  # an error in one file must not affect the others
            crashes.append(failed(file, 0, error))
    return Side(tuple(objects), tuple(unread), tuple(skipped), tuple(crashes))


def _ours(value: dict[str, Any]) -> bool:
    return value.get("kind") in KINDS and value.get("apiVersion") == "batch/v1"


def metadata_of(value: dict[str, Any]) -> dict[str, Any]:
    """Return the object's metadata, {} if it has none."""
    metadata = value.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


class Matches:
    """The objects of OLD, in which those of NEW are looked up; of two with the same name, the later one is used."""

    __slots__ = ("_by_key", "_taken", "repeated")

    def __init__(self, objects: Iterable[Found]) -> None:
        self._by_key: dict[Key, Found] = {}
        self._taken: set[Key] = set()
        self.repeated: list[tuple[Found, Found]] = []
        for found in objects:
            if found.key in self._by_key:
                self.repeated.append((self._by_key[found.key], found))
            self._by_key[found.key] = found

    def find(self, new: Found) -> Found | None:
        """Return the same object in OLD. An object without a namespace matches the only one of its kind and name in any
        namespace."""
        found = self._by_key.get(new.key)
        if found is None and not new.namespace:
            others = [old for key, old in self._by_key.items() if (key[0], key[1], key[3]) == _nameless(new)]
            found = others[0] if len(others) == 1 and others[0].key not in self._taken else None
        if found is not None:
            self._taken.add(found.key)
        return found

    def without_namespace(self, new: Found) -> Found | None:
        """Return an object of OLD that would be the same if its namespace were known."""
        return self._by_key.get((new.key[0], new.key[1], "", new.key[3])) if new.namespace else None

    def left(self) -> Iterator[Found]:
        """Return the objects that no object of NEW matches."""
        for key, found in self._by_key.items():
            if key not in self._taken:
                yield found


def _nameless(new: Found) -> tuple[str, str, str]:
    version, kind, _, name = new.key
    return (version, kind, name)
