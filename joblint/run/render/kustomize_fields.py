"""Which entry of a kustomization sets a field of an object that is built from it; knows data, no files.

Source: kustomize 5.5 api/types (kustomization.go, replacement.go), api/internal/target.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-.")
_LONGEST = 63


def entry(kustomization: dict[str, Any], field: str, message: str, value: dict[str, Any], source: Any) -> str:
    """Return the path in a kustomization of what sets a field that a finding is about; "" if nothing there does. `value` is the
    object that was built, `source` the resource that it was built from."""
    from joblint.source.places.paths import steps, value_at

    path = list(steps(field))
    if field == "metadata.namespace":
        found = value_at(value, path)
        return "namespace" if found is not None and kustomization.get("namespace") == found else ""
    if field == "metadata.name":
        return _of_name(kustomization, str(value_at(value, path) or ""), str(value_at(source, path) or ""))
    names = [name for name in ("labels", "annotations") if name in path]
    if not names:
        return ""
    own = value_at(source, path[: path.index(names[0]) + 1])
    own = own if isinstance(own, dict) else {}
    for at, pairs in _pairs(kustomization, names[0]):
        for key, held in pairs.items():
            is_meant = path[-1] == key or path[-1] == names[0] and (f'"{held}"' in message or f'"{key}"' in message)
            if is_meant and own.get(key) != held:
                from joblint.source.places.paths import child

                return child(at, str(key))
    return ""


def _of_name(kustomization: dict[str, Any], name: str, before: str) -> str:
    """The prefix or suffix that makes a name one that is not accepted."""
    if not before or not _NAME.issuperset(before) or len(before) > _LONGEST:
        return ""
    prefix, suffix = kustomization.get("namePrefix"), kustomization.get("nameSuffix")
    is_prefix = isinstance(prefix, str) and bool(prefix) and name.startswith(prefix) and prefix + before in name
    is_suffix = isinstance(suffix, str) and bool(suffix) and name.endswith(suffix) and before + suffix in name
    if is_suffix and (not is_prefix or _NAME.issuperset(str(prefix)) and not _NAME.issuperset(str(suffix))):
        return "nameSuffix"
    return "namePrefix" if is_prefix else ""


def _pairs(kustomization: dict[str, Any], name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The mappings of a kustomization that are added to labels or annotations, with their paths."""
    common = kustomization.get("commonLabels" if name == "labels" else "commonAnnotations")
    if isinstance(common, dict):
        yield "commonLabels" if name == "labels" else "commonAnnotations", common
    entries = kustomization.get("labels") if name == "labels" else None
    for i, one in enumerate(entries if isinstance(entries, list) else ()):
        pairs = one.get("pairs") if isinstance(one, dict) else None
        if isinstance(pairs, dict):
            yield f"labels[{i}].pairs", pairs


def replaced(kustomization: dict[str, Any], field: str, value: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Return the sources of the replacements that set a field of an object: kind, name and path."""
    entries = kustomization.get("replacements")
    for one in entries if isinstance(entries, list) else ():
        source = one.get("source") if isinstance(one, dict) else None
        targets = one.get("targets") if isinstance(one, dict) else None
        if not isinstance(source, dict) or not isinstance(targets, list):
            continue
        for target in targets:
            select = target.get("select") if isinstance(target, dict) else None
            if not isinstance(select, dict) or select.get("kind") not in (None, value.get("kind")):
                continue
            paths = target.get("fieldPaths")
            if any(_path(str(p), value) == field for p in (paths if isinstance(paths, list) else ())):
                yield str(source.get("kind")), str(source.get("name") or ""), str(source.get("fieldPath") or "metadata.name")


def _path(text: str, value: Any) -> str:
    """A field path as kustomize writes it (`containers.[name=main].image`) as a path in an object; "" if it leads nowhere."""
    import re

    from joblint.source.places.paths import child

    found = ""
    for step in re.findall(r"\[[^][]*\]|(?:\\.|[^.\[])+", text):
        if isinstance(value, list):
            key, _, wanted = step.strip("[]").partition("=")
            at = next(
                (i for i, item in enumerate(value) if key == str(i) or isinstance(item, dict) and str(item.get(key)) == wanted),
                -1,
            )
            if at < 0:
                return ""
            found, value = f"{found}[{at}]", value[at]
        else:
            name = step.strip("[]").replace("\\.", ".")
            found, value = child(found, name), value.get(name) if isinstance(value, dict) else None
    return found
