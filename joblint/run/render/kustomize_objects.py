"""The objects of an overlay on their way through kustomizations: only their types, names and namespaces. Source: kustomize 5.8
api/resmap (reswrangler.go), kyaml/resid (resid.go)."""

from __future__ import annotations

from joblint.base.record import Record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NOT_PREFIXED = ("Namespace", "CustomResourceDefinition", "APIService")


Key = tuple[tuple[str, str, str], str, str]
"""The type, the name and the namespace of an object."""


class Named(Record):
    """An object of an overlay: its group, version and kind, all its names so far, the last of them its name now, its namespaces
    likewise, and the file that it is from."""

    type: tuple[str, str, str]
    names: tuple[str, ...]
    namespaces: tuple[str, ...]
    file: str


def transformed(value: dict[str, Any], found: list[Named]) -> list[Named]:
    """The objects with the prefix, suffix and namespace of a kustomization."""
    prefix, suffix, namespace = (str(value.get(key) or "") for key in ("namePrefix", "nameSuffix", "namespace"))
    changed = []
    for one in found:
        if (prefix or suffix) and one.type[2] not in _NOT_PREFIXED:
            one = replace(one, names=(*one.names, f"{prefix}{one.names[-1]}{suffix}"))
        if namespace:
            one = replace(one, namespaces=(*one.namespaces, namespace))
        changed.append(one)
    return changed


def key(one: Named) -> Key:
    """Return what an object may have in common with no other one of an overlay."""
    return one.type, one.names[-1], one.namespaces[-1] or "default"


def type_of(value: dict[str, Any]) -> tuple[str, str, str]:
    """Return the group, version and kind of an object or patch."""
    group, _, version = str(value.get("apiVersion")).rpartition("/")
    return group, version, str(value.get("kind"))


def by_name(found: list[Named]) -> dict[tuple[tuple[str, str, str], str], list[Named]]:
    """Return objects by their types and each of their names."""
    named: dict[tuple[tuple[str, str, str], str], list[Named]] = {}
    for one in found:
        for name in dict.fromkeys(one.names):
            named.setdefault((one.type, name), []).append(one)
    return named


def meant(patch: dict[str, Any], named: dict[tuple[tuple[str, str, str], str], list[Named]]) -> Named | None:
    """Return the object that a patch without a target is for, among those of `by_name`: kustomize compares all names and
    namespaces that an object had."""
    metadata = patch.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    name, namespace = metadata.get("name"), str(metadata.get("namespace") or "default")
    same = named.get((type_of(patch), name), []) if isinstance(name, str) else []
    return next((one for one in same if namespace in [n or "default" for n in one.namespaces]), None)


def target_of(found: list[Named]) -> str:
    """Return a target, as text, for a patch: a Job of the overlay if there is one."""
    jobs = [one for one in found if one.type[2] in ("Job", "CronJob")]
    return (
        f"target:\n  kind: {jobs[0].type[2]}\n  name: {jobs[0].names[-1]}" if jobs else "target:\n  kind: <kind>\n  name: <name>"
    )
