"""How a server-side apply merges each field: which lists are merged by which keys, and which maps are replaced as a whole.

Knows the published schemas, nothing of values. Source: the markers x-kubernetes-list-type, x-kubernetes-list-map-keys and
x-kubernetes-map-type of Kubernetes' OpenAPI, read as k8s.io/kube-openapi pkg/schemaconv reads them; the defaults of key
fields from k8s.io/client-go applyconfigurations/internal (the same in 1.31 to 1.37).
"""

from __future__ import annotations

from functools import cache

from joblint.base import compiled
from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Node: TypeAlias = dict[str, Any]

NUMERIC, STRING, BOOLEAN, UNTYPED = "numeric", "string", "boolean", "untyped"

_ROOTS = {"Job": "io.k8s.api.batch.v1.Job", "CronJob": "io.k8s.api.batch.v1.CronJob"}
_QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity"
_INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString"
_SCALARS = {"integer": NUMERIC, "number": NUMERIC, "boolean": BOOLEAN}
# The value that an item is assumed to have for an omitted key.
_KEY_DEFAULTS = {"containerPort": 0, "protocol": "TCP"}
# Any value at all, replaced as a whole.
_ANYTHING: dict[str, Any] = {"x-joblint-any": True}


class ListKind(Record):
    """A list: `atomic` ones are replaced as a whole; others are merged by `keys`, or as a set of values if there are none."""

    atomic: bool
    keys: tuple[str, ...]
    items: Node


class MapKind(Record):
    """A map or struct: `atomic` ones are replaced as a whole; `values` is the type of fields that have no name of their own."""

    atomic: bool
    fields: dict[str, Node]
    values: Node | None


class Atom(Record):
    """What a value may be: a scalar of a kind, a list, a map; None for the others."""

    scalar: str | None
    list: ListKind | None
    map: MapKind | None


# Published without a type, an IntOrString may be anything until it is decoded.
_SPECIAL = {
    _QUANTITY: Atom(UNTYPED, None, None),
    _INT_OR_STRING: Atom(UNTYPED, ListKind(True, (), _ANYTHING), MapKind(False, {}, _ANYTHING)),
}


class Types:
    """The types of one Kubernetes version."""

    __slots__ = ("_definitions", "_atoms")

    def __init__(self, definitions: dict[str, Node]) -> None:
        self._definitions = definitions
        self._atoms: dict[int, Atom] = {}

    def root(self, kind: str) -> Node:
        """The type of a Job or CronJob."""
        return {"$ref": f"#/$defs/{_ROOTS[kind]}"}

    def atom(self, node: Node) -> Atom:
        """What a value of this type may be."""
        name = _name(node)
        if name is not None:
            node = self._definitions[name]
        known = self._atoms.get(id(node))
        if known is None:
            known = self._atoms[id(node)] = _SPECIAL[name] if name in _SPECIAL else _atom(node)
        return known

    def key_default(self, key: str) -> object:
        """Return the value that an item of a merged list is assumed to have for an omitted key."""
        return _KEY_DEFAULTS.get(key, "")


@cache
def types(version: str) -> Types:
    """Return the types of a Kubernetes version. Raises OSError if the schema file is missing."""
    from json import loads

    return Types(loads(compiled.read(f"schemas/kubernetes/{version}.json"))["$defs"])


def _name(node: Node) -> str | None:
    reference = node.get("$ref")
    return str(reference).rpartition("/")[2] if reference else None


def _atom(node: Node) -> Atom:
    kind = node.get("type")
    if isinstance(kind, list):
        kind = kind[0]
    if node is _ANYTHING or kind is None:
        return Atom(UNTYPED, ListKind(True, (), _ANYTHING), MapKind(True, {}, _ANYTHING))
    if kind == "array":
        return Atom(None, _list(node), None)
    if kind == "object":
        return Atom(None, None, _map(node))
    if kind == "string":
        return Atom(UNTYPED if node.get("format") not in (None, "byte") else STRING, None, None)
    return Atom(_SCALARS.get(kind, UNTYPED), None, None)


def _list(node: Node) -> ListKind:
    items = node.get("items", _ANYTHING)
    kind = node.get("x-kubernetes-list-type")
    if kind is None and str(node.get("x-kubernetes-patch-strategy", "")).startswith("merge"):
        key = node.get("x-kubernetes-patch-merge-key")
        return ListKind(False, (key,) if key else (), items)
    return ListKind(kind not in ("set", "map"), tuple(node.get("x-kubernetes-list-map-keys", ())), items)


def _map(node: Node) -> MapKind:
    fields = node.get("properties", {})
    values = node.get("additionalProperties")
    if not isinstance(values, dict):
        values = None if fields else _ANYTHING
    return MapKind(node.get("x-kubernetes-map-type") == "atomic", fields, values)
