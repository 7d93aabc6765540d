"""Objects by the places that count as near (see `beside`), so that each of many Jobs finds those near it at once."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from joblint.rules.facts.origin import Origin


class Names:
    """The names of the objects in one place, in the order of the files."""

    def __init__(self) -> None:
        self.listed: list[tuple[int, str]] = []
        self._set: frozenset[str] | None = None
        self._halves: dict[int, dict[str, list[int]]] = {}

    def __contains__(self, name: str) -> bool:
        if self._set is None:
            self._set = frozenset([n for _, n in self.listed])
        return name in self._set

    def like(self, name: str, variants: Callable[[str], Iterable[str]]) -> Iterator[tuple[int, str, str]]:
        """Yield the names whose variants may differ from a name by one letter or two swapped ones (but not in a digit), or only
        in their dashes and the order of the words between them: the number of each, the name, the variant."""
        size = (len(name) - 1) // 2
        if size not in self._halves:
            found = self._halves[size] = {}
            for i, (_, one) in enumerate(self.listed):
                for variant in variants(one):
                    for key in _keys(variant, size):
                        found.setdefault(key, []).append(i)
        near = self._halves[size]
        for i in sorted({i for key in _keys(name, size) for i in near.get(key, ())}):
            number, one = self.listed[i]
            for variant in variants(one):
                yield number, one, variant


def _keys(name: str, size: int) -> tuple[str, ...]:
    """What two similar names have in common: all digits and the first or second half, all letters, or the words."""
    plain, digits = name.replace("-", "").replace(".", ""), "".join([c for c in name if c.isdigit()])
    return (f"<{name[:size]} {digits}", f"{name[-size:]}> {digits}", f"={plain}", "-".join(sorted(name.split("-"))))


class Nearby:
    """Objects of one kind by namespace and directory."""

    def __init__(self, origins: Iterable[Origin]) -> None:
        self._places: dict[tuple[str, str], Names] = {}
        self.count = 0
        for origin in origins:
            folder = origin.file.rpartition("/")[0]
            places = [("folder", folder), ("namespace", origin.namespace) if origin.namespace else ("without", folder)]
            for place in places:
                names = self._places.get(place)
                if names is None:
                    names = self._places[place] = Names()
                names.listed.append((self.count, origin.name))
            self.count += 1

    def of(self, origin: Origin) -> tuple[Names, ...]:
        """Return the names of the objects that are beside an object."""
        folder = origin.file.rpartition("/")[0]
        keys = [("namespace", origin.namespace), ("without", folder)] if origin.namespace else [("folder", folder)]
        return tuple([names for key in keys if (names := self._places.get(key)) is not None])
