"""The positions of an object inside of another one, by its own paths; knows where its parts are, no Kubernetes types."""

from __future__ import annotations

from joblint.source.places.spans import Places, Scalar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.source.places.spans import Span
    from joblint.source.places.tree import Node, Tree


class Within(Places):
    """Looks up the positions of an inner object in the document around it. `parts` are paths of the inner object with those of
    the document, the longest first; what is below none of them is at `base`. `whole` is whether the document contains the inner
    object itself, at `base`. `elsewhere` are paths whose values are computed from what the document contains."""

    __slots__ = ("_base", "_elsewhere", "_outer", "_parts", "_whole")

    def __init__(
        self,
        outer: Places,
        parts: tuple[tuple[str, str], ...],
        base: str,
        whole: bool = False,
        elsewhere: tuple[str, ...] = (),
    ) -> None:
        super().__init__(outer.lines, lambda: outer.tree)
        self._outer = outer
        self._parts = parts
        self._base = base
        self._whole = whole
        self._elsewhere = elsewhere

    def outer(self, field: str) -> str:
        """The path in the document of a field of the inner object."""
        for inner, real in self._parts:
            if field == inner or field.startswith((inner + ".", inner + "[")):
                return real + field[len(inner) :]
        return self._base

    def written_at(self, field: str) -> str | None:
        """See `Places.written_at`."""
        if self._whole:
            return f"{self._base}.{field}" if field else self._base
        for inner, real in self._parts:
            if field == inner or field.startswith((inner + ".", inner + "[")):
                return None if inner in self._elsewhere else real + field[len(inner) :]
        return None

    @property
    def tree(self) -> Tree | None:
        """The tree of the whole document."""
        return self._outer.tree

    def span(self, field: str, part: str = "value") -> Span:
        """See `Places.span`."""
        if not field:
            return self._outer.span(self._base, "key")
        return self._outer.span(self.outer(field), part)

    def entry_span(self, field: str) -> Span | None:
        """See `Places.entry_span`."""
        return self._outer.entry_span(self.outer(field))

    def node(self, field: str) -> Node | None:
        """See `Places.node`."""
        return self._outer.node(self.outer(field))

    def written(self) -> Iterator[Scalar]:
        """The scalars of the inner object as they are written."""
        for scalar in self._outer.written():
            for inner, real in self._parts:
                if scalar.field == real or scalar.field.startswith((real + ".", real + "[")):
                    yield Scalar(inner + scalar.field[len(real) :], scalar.text, scalar.style, scalar.is_key)
                    break
