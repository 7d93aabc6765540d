"""Values that something fills in later (`${NAME}`, `<image>`): unknown, not wrong; knows documents and the API model.

The server's verdict stays that for the text as it stands; this tells which of its errors come from placeholders alone.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.verdict import Verdict
    from joblint.source.documents import Document

_ROUNDS = 12


def without_placeholders(
    document: Document, prefix: str, value: dict[str, Any], verdict: Verdict, version: str
) -> tuple[Verdict, tuple[tuple[str, str], ...], dict[str, Any]]:
    """The verdict once every placeholder holds some fitting value, the placeholders that the server stumbles over now, and
    the object with those values.

    Gives the verdict itself, no placeholder and the object as it is where it holds none, or where none of them is to blame.
    """
    found = {f[len(prefix) :]: t for f, t in document.placeholders(prefix)}
    if verdict.accepted or not found:
        return verdict, (), value
    from joblint.api.judge import judge
    from joblint.source.places.paths import changed, steps, value_at
    from joblint.source.unrendered.templates import placeholder_pattern

    trial = value
    for field in found:
        path = steps(field)
        text = value_at(trial, path)
        if isinstance(text, str):
            plain = placeholder_pattern().sub("1" if _is_quantity(path) else "x1", text)
            trial = changed(trial, path, int(plain) if plain.isdecimal() and not _is_quantity(path) else plain)
    current = judge(trial, version)
    for _ in range(_ROUNDS):  # a decode error stops at the first wrong type: try what that place wants, then the next
        if current is None or current.stage != "decode" or current.errors[0].field not in found:
            break
        path = steps(current.errors[0].field)
        wanted: Any = True if current.errors[0].wanted == "bool" else 1
        trial = changed(trial, path, wanted if value_at(trial, path) != wanted else None)
        current = judge(trial, version)
    if current is None:
        return verdict, (), value
    left = {(e.field, e.type) for e in current.errors}
    gone = [e for e in verdict.errors if (e.field, e.type) not in left]
    if not gone:
        return verdict, (), value
    blamed = [f for f in found if any(e.field == f or f.startswith((e.field + ".", e.field + "[")) for e in gone if e.field)]
    return current, tuple([(f, found[f]) for f in (blamed or found)]), trial


def _is_quantity(path: list[str | int]) -> bool:
    return len(path) > 1 and path[-2] in ("limits", "requests") or path[-1] == "sizeLimit"
