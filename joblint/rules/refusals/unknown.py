"""What is known of an object with placeholders: each one that the server rejects is filled in with valid values in several ways.

What is the same in all of them is true whatever the placeholder becomes, and only that is reported.
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.rules.refusals.placeholders import is_field, is_reference, is_script, with_placeholders
from joblint.rules.refusals.search import Filled, Search, put
from joblint.rules.refusals.stand_ins import LEFT_OUT, VARIANTS, put_back
from joblint.rules.refusals.token import token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.verdict import ApiError, Verdict
    from joblint.source.documents import Document

_MOST_SHARED = 5000  # scalars of one object, including those that aliases repeat
_MOST = 60  # placeholders of one object that are filled in


class Unknown(Record):
    """The result for the placeholders of an object: `fields` (path, placeholders) are those that the server would reject,
    `ways` the object filled in, once if there are none."""

    fields: tuple[tuple[str, str], ...]
    ways: tuple[Filled, ...]

    @property
    def errors(self) -> tuple[ApiError, ...]:
        """Return the server's errors that no value for the placeholders removes."""
        first, *rest = self.ways
        others = [{(e.type, e.field) for e in way.verdict.errors} for way in rest]
        kept = [e for e in first.verdict.errors if all((e.type, e.field) in found for found in others)]
        return tuple([with_placeholders(e, first.tokens) for e in kept]) if first.tokens else tuple(kept)


class Assumed(Record):
    """What is assumed for a field with placeholders, in words."""

    field: str
    placeholder: str
    words: str


def unknown(document: Document, prefix: str, value: dict[str, Any], verdict: Verdict, version: str) -> Unknown:
    """Return the result for the placeholders of an object. One that the server accepts as written is left unchanged."""
    nothing = Unknown((), (Filled(verdict, value, {}),))
    if verdict.accepted:
        return nothing
    written = {f[len(prefix) :]: t for f, t in document.placeholders(prefix)}
    found = {f: t for f, t in {**written, **_by_aliases(document, value)}.items() if not is_script(f) and not is_reference(f, t)}
    if not found:
        return nothing
    found = {f: t for f, t in list(found.items())[:_MOST] if is_field(value, f, version)}
    search = Search(value, found, version)
    fields = search.blamed(verdict)
    if not fields:
        return nothing
    ways = [search.filled({f: found[f] for f in fields}, variant) for variant in range(VARIANTS)]
    told = [f for f in fields if f in written] or fields  # what an alias repeats is reported where it is written
    shown = [(f, ", ".join([m[0] for m in search.pattern.finditer(found[f])])) for f in told]
    return Unknown(tuple(shown), tuple(ways))


def roughly(value: dict[str, Any], found: dict[str, str], version: str, variant: int) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the object with valid values for those placeholders (text by field), and which words of it represent which;
    relations between them are not considered."""
    search = Search(value, found, version)
    given = search.search(value, found, variant, closer=False)
    return put(value, given), {token(n, variant): p for p, n in search.numbers.items()}


def example(
    document: Document, prefix: str, value: dict[str, Any], verdict: Verdict, version: str
) -> tuple[Filled, tuple[Assumed, ...]]:
    """Return the object with one example for each placeholder that the server rejects, and what was assumed: the field's
    default if it is optional, otherwise a valid value. A text that is only a name stays unknown."""
    found = unknown(document, prefix, value, verdict, version)
    way = found.ways[0]
    assumed = []
    for field, placeholder in found.fields:
        way, words = _taken(way, field, version)
        if words:
            assumed.append(Assumed(field, placeholder, words))
    return way, tuple(assumed)


def _taken(way: Filled, field: str, version: str) -> tuple[Filled, str]:
    from joblint.api.judge import judge
    from joblint.source.places.paths import steps, value_at

    path = steps(field)
    given = value_at(way.object, path)
    text = str(given)
    if isinstance(given, str) and put_back(text, way.tokens) != text:
        return way, ""
    without = put(way.object, {field: LEFT_OUT})
    verdict = judge(without, version) if not isinstance(path[-1], int) else None  # an item has no default
    if verdict is not None and len(verdict.errors) <= len(way.verdict.errors):
        default = value_at(verdict.defaulted, path)
        shown = f"{_written(default)}, the default" if default is not None else "left out"
        return Filled(verdict, without, way.tokens), shown
    return way, f"{_written(given)}, an example"


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _by_aliases(document: Document, value: dict[str, Any]) -> dict[str, str]:
    """The placeholders of an object, including those at the places of aliases."""
    if b"*" not in document.source.part.data or b"&" not in document.source.part.data:
        return {}
    from joblint.source.places.located import placeholders, shared_scalars

    return dict(placeholders(shared_scalars(value, _MOST_SHARED)))
