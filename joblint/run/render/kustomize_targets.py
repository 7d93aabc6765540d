"""Targets of patches for Jobs that are not among an overlay's objects; knows types and names, no files.

Source: kustomize 5.8 api/types (selector.go), api/resmap (reswrangler.go, Select)."""

from __future__ import annotations

from joblint.run.render.kustomize_merge import Unsure
from joblint.run.render.kustomize_own import KINDS, matches
from joblint.run.render.kustomize_words import near_in, only

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.run.render.kustomize_objects import Named

_FIELDS = ("group", "version", "kind", "name", "namespace")


def targets_of_nothing(value: dict[str, Any], found: list[Named]) -> Iterator[tuple[str, str, str]]:
    """Return the path of each target in a kustomization that selects a Job which is not among the objects, what it selects, and
    what to type."""
    jobs = [one for one in found if one.type[2] in KINDS]
    named: dict[str, list[Named]] = {}
    for one in jobs:
        for name in one.names:
            named.setdefault(name, []).append(one)
    for field in ("patches", "patchesJson6902"):
        entries = value.get(field)
        for i, entry in enumerate(entries if isinstance(entries, list) else ()):
            target = entry.get("target") if isinstance(entry, dict) else None
            # A target without a name is meant for all Jobs, of which there may be none yet.
            if found and isinstance(target, dict) and target.get("kind") in KINDS and target.get("name") and _is_plain(target):
                try:
                    name = target["name"]
                    same = named.get(name, [])
                    if any(_selects(target, one) for one in same):
                        continue
                    if _is_literal(name) or not any(_selects(target, one) for one in jobs):
                        yield _told(f"{field}[{i}].target", target, same, jobs)
                except Unsure:
                    continue


def _is_plain(target: dict[str, Any]) -> bool:
    """Whether a target selects by types and names only, none of which something fills in later."""
    texts = [target[key] for key in target]
    return all(key in _FIELDS for key in target) and all(isinstance(t, str) and not any(c in t for c in "${<") for t in texts)


def _selects(target: dict[str, Any], one: Named) -> bool:
    group, version, kind = one.type
    namespaces = tuple([n or "default" for n in one.namespaces]) + one.namespaces
    held = {"group": (group,), "version": (version,), "kind": (kind,), "name": one.names, "namespace": namespaces}
    return all(not target.get(key) or any(matches(target[key], text) for text in held[key]) for key in _FIELDS)


def _is_literal(name: str) -> bool:
    """Whether a regular expression matches nothing but itself."""
    return name.replace("-", "").isalnum()


def _told(at: str, target: dict[str, Any], named: list[Named], jobs: list[Named]) -> tuple[str, str, str]:
    kind, name = target["kind"], target["name"]
    same = [one for one in named if one.type[2] == kind]
    said = f'{kind} "{name}"'
    for key, held in (("namespace", [one.namespaces[-1] for one in same]), ("version", [one.type[1] for one in same])):
        if target.get(key) and held and target[key] not in held:
            return f"{at}.{key}", f"{said} with the {key} {target[key]}", f"{key}: {held[0]}" if held[0] else f"Remove {key}."
    if target.get("group") and same:
        return f"{at}.group", f"{said} with the group {target['group']}", "group: batch"
    if named:
        return f"{at}.kind", said, f"kind: {named[0].type[2]}"
    names = [one.names[0] for one in jobs if one.type[2] == kind]
    near = near_in(name, names) or only(names)
    return f"{at}.name", said, f"name: {near}" if near else f"Remove the patch, or add {said} to resources."
