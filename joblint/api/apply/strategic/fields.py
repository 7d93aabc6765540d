"""How each field of a Job is merged: which lists are merged by which key; knows the compiled schema.

Source: the tags patchStrategy and patchMergeKey in Kubernetes 1.37.2, k8s.io/api core/v1/types.go and batch/v1/types.go,
k8s.io/apimachinery pkg/apis/meta/v1/types.go; the look-up in third_party/forked/golang/json/fields.go. Where a field is in
several versions, its tags are the same: a test compares this table with the schemas.
"""

from __future__ import annotations

from joblint.api.errors import go_quote
from joblint.api.version import schema
from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_CONTAINER = {"ports": "containerPort", "env": "name", "volumeMounts": "mountPath", "volumeDevices": "devicePath"}
# The key that identifies the items of a list; "" for a list of plain values that is merged as a set.
_MERGED: dict[str, dict[str, str]] = {
    "ObjectMeta": {"ownerReferences": "uid", "finalizers": ""},
    "PodSpec": {
        "volumes": "name",
        "initContainers": "name",
        "containers": "name",
        "ephemeralContainers": "name",
        "imagePullSecrets": "name",
        "hostAliases": "ip",
        "topologySpreadConstraints": "topologyKey",
        "schedulingGates": "name",
        "resourceClaims": "name",
        "evictionResponders": "name",
    },
    "Container": _CONTAINER,
    "EphemeralContainer": _CONTAINER,
    "JobStatus": {"conditions": "type"},
    "JobSchedulingConfiguration": {"resourceClaims": "name"},
}
# Lists of unions: an item keeps no field that the new manifest does not name.
_RETAIN_KEYS = (("PodSpec", "volumes"), ("PodSpec", "resourceClaims"))

_LISTS = (schema.STRINGS, schema.STRUCTS, schema.INTS)


class MergeError(ValueError):
    """The patch cannot be created or applied; the exception's text is kubectl's."""


class Found(Record):
    """How a field is merged: `inside` is the type of its value or items; `key` is None for a list that is replaced."""

    inside: Type
    key: str | None
    retain_keys: bool


class Type:
    """A type of the API: a struct by its number in the compiled schema, or what has no fields of its own (None)."""

    __slots__ = ("_structs", "_index")

    def __init__(self, structs: list[Any], index: int | None) -> None:
        self._structs = structs
        self._index = index

    def find(self, field: str) -> Found:
        """How a field of this type is merged. Raises MergeError for a field that the type does not have."""
        if self._index is None:
            raise MergeError("merging an object in json but data type is not struct, instead is: map")
        name, fields, _ = self._structs[self._index]
        if field not in fields:
            field = next((known for known in fields if known.lower() == field.lower()), field)
        if field not in fields:
            raise MergeError(f"unable to find api field in struct {name} for the json field {go_quote(field)}")
        operation, argument = fields[field][:2]
        inside = Type(self._structs, argument if operation in (schema.STRUCT, schema.STRUCTS) else None)
        return Found(inside, _MERGED.get(name, {}).get(field), (name, field) in _RETAIN_KEYS)

    def find_list(self, field: str) -> Found:
        """Return the same for a field whose value is a list. Raises MergeError if the type has no list there."""
        found = self.find(field)
        if self._index is not None:
            fields = self._structs[self._index][1]
            if field in fields and fields[field][0] not in _LISTS:
                raise MergeError("expected slice or array type, but got: struct")
        return found


def root(kind: str, version: str) -> Type:
    """The type of a Job or CronJob in a version."""
    compiled = schema.load(version)
    return Type(compiled["structs"], compiled["roots"][kind])
