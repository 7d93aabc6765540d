"""Who owns which fields of an object, before and after an apply, and where two of them are in conflict.

Source: sigs.k8s.io/structured-merge-diff v6.3.3 merge/{update,conflict}.go; Kubernetes 1.36.3, k8s.io/apimachinery
pkg/util/managedfields/internal ({structuredmerge,stripmeta,buildmanagerinfo,conflict,managedfields}.go).
"""

from __future__ import annotations

from joblint.api.apply.typed.compare import compare, named_fields
from joblint.api.apply.typed.fields import FieldSet, field, read, text
from joblint.api.apply.typed.merge import merge
from joblint.api.apply.typed.remove import remove, with_fields_above
from joblint.api.apply.typed.walk import MISSING
from joblint.api.errors import go_quote
from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from joblint.api.apply.typed.fields import Path
    from joblint.api.apply.typed.schema import Node, Types

APPLY, UPDATE = "Apply", "Update"

_STATUS = field("status")
_NOBODYS = (
    *("creationTimestamp", "generation", "managedFields", "name", "namespace", "resourceVersion", "selfLink", "uid"),
    "clusterName",
)


class Owner(Record):
    """A manager and its fields. `operation` is Apply or Update; an applier is the same in every version of the API."""

    manager: str
    operation: str
    version: str
    subresource: str
    fields: FieldSet

    @property
    def known_by(self) -> tuple[str, str, str, str]:
        """What makes two entries the same manager's."""
        return (self.manager, self.operation, "" if self.operation == APPLY else self.version, self.subresource)

    def shown(self) -> str:
        """The manager as the server names it in a conflict."""
        name = go_quote(self.manager)
        if self.subresource:
            name += f" with subresource {go_quote(self.subresource)}"
        return f"{name} using {self.version}" if self.operation == UPDATE else name


class Conflict(Exception):
    """Fields that an apply would change and somebody else owns, as (owner, path), by manager and then in order of fields."""

    def __init__(self, fields: tuple[tuple[Owner, Path], ...]) -> None:
        super().__init__(message(fields))
        self.fields = fields


def message(fields: tuple[tuple[Owner, Path], ...]) -> str:
    """The conflicts as the server words them."""
    if len(fields) == 1:
        owner, path = fields[0]
        return f"Apply failed with 1 conflict: conflict with {owner.shown()}: {text(path)}"
    lines: list[str] = []
    before = None
    for owner, path in fields:
        if owner.known_by != before:
            lines.append(f"conflicts with {owner.shown()}:")
            before = owner.known_by
        lines.append(f"- {text(path)}")
    return f"Apply failed with {len(fields)} conflicts: " + "\n".join(lines)


def read_managed(entries: Iterable[Any], version: str) -> tuple[Owner, ...]:
    """The owners that metadata.managedFields names, without those of other versions of the API."""
    found: dict[tuple[str, str, str, str], Owner] = {}
    for entry in entries:
        if not isinstance(entry, dict):
            continue
        owner = Owner(
            str(entry.get("manager") or "unknown"),
            str(entry.get("operation") or UPDATE),
            str(entry.get("apiVersion") or version),
            str(entry.get("subresource") or ""),
            read(entry.get("fieldsV1")),
        )
        if owner.version == version:
            found[owner.known_by] = owner
    return tuple(found.values())


def updated(
    types: Types, node: Node, old: Any, new: Any, owners: tuple[Owner, ...], manager: str, version: str
) -> tuple[Owner, ...]:
    """The owners after an update or creation (`old` MISSING) by a manager: it owns what it changed, and others lose that."""
    difference = compare(types, node, old, new).ignoring(_STATUS)
    taken = difference.modified.union(difference.added)
    lost = taken.union(difference.removed)
    me = Owner(manager, UPDATE, version, "", _stripped(taken))
    left = []
    for owner in owners:
        if owner.known_by == me.known_by:
            kept = owner.fields.difference(difference.removed)
            me = Owner(manager, UPDATE, version, "", _stripped(kept.union(taken)))
        else:
            left.append(_with(owner, owner.fields.difference(lost)))
    return tuple(owner for owner in (*left, me) if owner.fields)


def applied(
    types: Types, node: Node, live: Any, new: dict[str, Any], owners: tuple[Owner, ...], manager: str, version: str, force: bool
) -> tuple[Any, tuple[Owner, ...]]:
    """Return the object after an apply by a manager, and its owners. Raises Conflict if it must not change a field of another
    one.

    `live` is MISSING if there is none; `new` has the types of its fields. Nothing is changed.
    """
    mine = named_fields(types, node, new).without(_STATUS)
    me = Owner(manager, APPLY, version, "", mine)
    last = next((owner.fields for owner in owners if owner.known_by == me.known_by), None)
    others = [owner for owner in owners if owner.known_by != me.known_by]
    merged = merge(types, node, live, new)
    if last:
        merged = _pruned(types, node, merged, last, [*others, me])
    difference = compare(types, node, live, merged).ignoring(_STATUS)
    changed = difference.modified.union(difference.added)
    conflicts = [(owner, owner.fields.intersection(changed)) for owner in others]
    found = [(owner, path) for owner, fields in sorted(conflicts, key=lambda c: c[0].known_by) for path in fields.paths()]
    if found and not force:
        raise Conflict(tuple(found))
    lost = changed.union(difference.removed)
    left = [_with(owner, owner.fields.difference(lost)) for owner in others]
    me = _with(me, _stripped(mine))
    return merged, tuple(owner for owner in (*left, me) if owner.fields)


def inherited(owners: tuple[Owner, ...], manager: str, version: str, proof: Path) -> tuple[Owner | None, tuple[Owner, ...]]:
    """Return the applier with the fields of those who updated the field at `proof`, and the owners without them.

    None if nobody did. Source: Kubernetes 1.36.3, k8s.io/client-go util/csaupgrade.
    """
    before = [owner for owner in owners if owner.operation == UPDATE and not owner.subresource and owner.fields.has(proof)]
    if not before:
        return None, owners
    fields = FieldSet()
    for owner in owners:
        if owner in before or (owner.manager, owner.operation) == (manager, APPLY):
            fields = fields.union(owner.fields)
    rest = tuple(o for o in owners if o not in before and (o.manager, o.operation) != (manager, APPLY))
    return Owner(manager, APPLY, version, "", fields), rest


def _with(owner: Owner, fields: FieldSet) -> Owner:
    return Owner(owner.manager, owner.operation, owner.version, owner.subresource, fields)


def _pruned(types: Types, node: Node, merged: Any, last: FieldSet, owners: list[Owner]) -> Any:
    """The merged object without what its manager applied last time and no manager has now."""

    def whole(fields: FieldSet) -> FieldSet:
        return with_fields_above(types, node, fields)

    was = whole(last)
    there = whole(named_fields(types, node, merged))
    pruned = remove(types, node, merged, was)
    managed = FieldSet()
    for owner in owners:
        managed = managed.union(owner.fields)
    left = whole(named_fields(types, node, pruned)).union(whole(managed))
    pruned = remove(types, node, merged, there.difference(left))
    gone = there.difference(whole(named_fields(types, node, pruned))).intersection(was)
    return remove(types, node, merged, gone)


def _stripped(fields: FieldSet) -> FieldSet:
    """The set without fields that have no owner: the kind, the name, what the server writes."""
    nobodys = FieldSet()
    for name in ("apiVersion", "kind", "metadata"):
        nobodys.insert((field(name),))
    for name in _NOBODYS:
        nobodys.insert((field("metadata"), field(name)))
    return fields.difference(nobodys)


def allowed_conflicts(types: Types, node: Node, live: Any, manifest: dict[str, Any]) -> FieldSet:
    """Return the fields that kubectl's client-side apply set and nobody changed since: kubectl may take these over."""
    difference = compare(types, node, manifest, live)
    fields = named_fields(types, node, manifest)
    return fields.difference(difference.modified).difference(difference.added).difference(difference.removed)


def beyond(conflict: Conflict, allowed: FieldSet) -> tuple[tuple[Owner, Path], ...]:
    """Return the conflicts that remain if some fields may be taken over."""
    return tuple((owner, path) for owner, path in conflict.fields if not allowed.has(path))


__all__ = [
    "MISSING",
    "Conflict",
    "Owner",
    "allowed_conflicts",
    "applied",
    "beyond",
    "inherited",
    "message",
    "read_managed",
    "updated",
]
