"""What the API server accepts with a remark: its warnings, and fields that it drops because their feature is disabled."""

from __future__ import annotations

from joblint.rules.finding import Hit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.subject import Subject


def server_warns(s: Subject) -> Iterator[Hit]:
    """Each warning that the server sends with its response, at the field in question."""
    for warning in s.verdict.warnings:
        head, colon, rest = warning.partition(": ")
        field = head if colon and " " not in head and head.startswith(("spec", "metadata")) else ""
        yield Hit(field, {"warning": (warning if not field else f"{field}: {rest}").rstrip(".")})


def dropped_hit(s: Subject, field: str) -> Hit:
    """Return the hit for a field that the version drops: which feature gate is disabled, and when it becomes enabled."""
    from joblint.api.create.dropped import gate_of
    from joblint.api.version.versions import on_since

    gate = gate_of(field)
    since = on_since(gate) if gate else None
    later = f" (enabled since {since})" if since else " in all known versions"
    hint = f"{f'feature gate {gate}' if gate else 'its feature gate'} is disabled by default{later}"
    return Hit(field, {"version": s.version, "hint": hint}, part="key")
