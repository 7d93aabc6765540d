"""Targets of patches for Jobs that are not among an overlay's objects; knows types and names, no files.

Source: kustomize 5.8 api/types (selector.go), api/resmap (reswrangler.go, Select)."""

from __future__ import annotations

from joblint.run.render.kustomize_merge import Unsure
from joblint.run.render.kustomize_own import KINDS, matches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.run.render.kustomize_objects import Named

_FIELDS = ("group", "version", "kind", "name", "namespace")


def targets_of_nothing(value: dict[str, Any], found: list[Named]) -> Iterator[tuple[str, str, str]]:
    """Return the path of each target in a kustomization that selects a Job which is not among the objects, what it selects, and
    what to type."""
    for field in ("patches", "patchesJson6902"):
        entries = value.get(field)
        for i, entry in enumerate(entries if isinstance(entries, list) else ()):
            target = entry.get("target") if isinstance(entry, dict) else None
            # A target without a name is meant for all Jobs, of which there may be none yet.
            if found and isinstance(target, dict) and target.get("kind") in KINDS and target.get("name") and _is_plain(target):
                try:
                    if not any(_selects(target, one) for one in found):
                        yield _told(f"{field}[{i}].target", target, found)
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


def _told(at: str, target: dict[str, Any], found: list[Named]) -> tuple[str, str, str]:
    from difflib import get_close_matches

    kind, name = target["kind"], target["name"]
    same = [one for one in found if one.type[2] == kind and name in one.names]
    said = f'{kind} "{name}"'
    for key, held in (("namespace", [one.namespaces[-1] for one in same]), ("version", [one.type[1] for one in same])):
        if target.get(key) and held and target[key] not in held:
            return f"{at}.{key}", f"{said} with the {key} {target[key]}", f"{key}: {held[0]}" if held[0] else f"Remove {key}."
    if target.get("group") and same:
        return f"{at}.group", f"{said} with the group {target['group']}", "group: batch"
    other = next((one for one in found if one.type[2] in KINDS and name in one.names), None)
    if other is not None:
        return f"{at}.kind", said, f"kind: {other.type[2]}"
    names = [one.names[0] for one in found if one.type[2] == kind]
    near = get_close_matches(name, names, 1, 0.5) or (names if len(names) == 1 else [])
    return f"{at}.name", said, f"name: {near[0]}" if near else f"Remove the patch, or add {said} to resources."
