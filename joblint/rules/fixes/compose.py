"""Fixes of one manifest from edits: set a value, add a field, remove fields; knows the subject and its text.

A check calls these for the `fix` of its hit; each returns None if the text allows no such change without guessing.
"""

from __future__ import annotations

from joblint.rules.finding import Fix
from joblint.rules.fixes import edits
from joblint.source.places.paths import steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.fixes.edits import Edits
    from joblint.rules.subject import Subject


def fix(title: str, made: Edits | None, safe: bool = True) -> Fix | None:
    """Return a Fix of edits, None if there are none."""
    return Fix(title, made, safe) if made else None


def write(s: Subject, field: str, raw: str, safe: bool = True) -> Fix | None:
    """Return the fix that writes `raw` as the scalar of an existing field."""
    old = s.document.raw(s.prefix + field)
    if old is None:
        return None
    *_, key = steps(field) or [""]
    title = f"{key}: {old} → {raw}" if isinstance(key, str) else f"{old} → {raw}"
    return fix(title, edits.replace_raw(s.document, s.prefix + field, raw), safe)


def put(s: Subject, parent: str, key: str, raw: str, after: str = "", safe: bool = True) -> Fix | None:
    """Return the fix that sets a field of an existing mapping: writes its value, or adds it after the entry `after`."""
    field = f"{parent}.{key}"
    if s.document.raw(s.prefix + field) is not None:
        return write(s, field, raw, safe)
    return fix(f"{key}: {raw}", edits.insert_key(s.document, s.prefix + parent, key, raw, after), safe)


def octal(s: Subject, field: str, digits: str) -> Fix | None:
    """Return the fix that writes a file mode, given by its octal digits; in JSON as a decimal number."""
    return write(s, field, str(int(digits, 8)) if s.document.source.part.json else digits)


def take_out(s: Subject, fields: list[str], title: str, safe: bool = True) -> Fix | None:
    """Return the fix that removes fields of the object, with everything below them; None unless all of them can be removed."""
    made: list[Edits | None] = [edits.remove_entry(s.document, s.prefix + field) for field in fields]
    whole = [edit for some in made for edit in some or ()]
    spans = sorted([((e.line, e.column), (e.end_line, e.end_column)) for e in whole])
    if None in made or any(after[0] < before[1] for before, after in zip(spans, spans[1:], strict=False)):
        return None
    return fix(title, tuple(whole), safe)
