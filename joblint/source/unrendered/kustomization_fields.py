"""The fields of a kustomization and their types, and what in one kustomize rejects; knows plain data. Source: kustomize 5.8
api/types (kustomization.go and the types it refers to), decoded as JSON without unknown fields, in any case of letters."""

from __future__ import annotations

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Type = str | dict[str, "Type"] | list["Type"]
    """A type by its word, the fields of an object, or a list with the type of its items."""

STRING, NUMBER, BOOL, TEXTS, ANY = "a string", "a number", "true or false", "a mapping of strings", "anything"
_STRINGS: Type = [STRING]
_ID: dict[str, Type] = {"group": STRING, "version": STRING, "kind": STRING, "name": STRING, "namespace": STRING}
_SELECTOR: Type = {**_ID, "labelSelector": STRING, "annotationSelector": STRING}
_OPTIONS: Type = {"labels": TEXTS, "annotations": TEXTS, "disableNameSuffixHash": BOOL, "immutable": BOOL}
_SOURCES: dict[str, Type] = {"literals": _STRINGS, "files": _STRINGS, "envs": _STRINGS, "env": STRING}
_GENERATED: dict[str, Type] = {"namespace": STRING, "name": STRING, "behavior": STRING, **_SOURCES, "options": _OPTIONS}
_PATCHES: Type = [{"path": STRING, "patch": STRING, "target": _SELECTOR, "options": ANY}]
_IMAGES: Type = [{"name": STRING, "newName": STRING, "tagSuffix": STRING, "newTag": STRING, "digest": STRING}]
_FIELDS: dict[str, Type] = {
    "apiVersion": STRING,
    "kind": STRING,
    "metadata": ANY,
    "openapi": TEXTS,
    "namePrefix": STRING,
    "nameSuffix": STRING,
    "namespace": STRING,
    "commonLabels": TEXTS,
    "labels": [
        {
            "pairs": TEXTS,
            "includeSelectors": BOOL,
            "includeTemplates": BOOL,
            "includeVolumeClaimTemplates": BOOL,
            "fields": ANY,
        }
    ],
    "commonAnnotations": TEXTS,
    "patchesStrategicMerge": _STRINGS,
    "patchesJson6902": _PATCHES,
    "patches": _PATCHES,
    "images": _IMAGES,
    "imageTags": _IMAGES,
    "replacements": [{"path": STRING, "source": ANY, "targets": [ANY], "sourceValue": STRING}],
    "replicas": [{"name": STRING, "count": NUMBER}],
    "vars": [ANY],
    "sortOptions": ANY,
    "resources": _STRINGS,
    "components": _STRINGS,
    "crds": _STRINGS,
    "bases": _STRINGS,
    "configMapGenerator": [_GENERATED],
    "secretGenerator": [{**_GENERATED, "type": STRING}],
    "helmGlobals": ANY,
    "helmCharts": [ANY],
    "helmChartInflationGenerator": [ANY],
    "generatorOptions": _OPTIONS,
    "configurations": _STRINGS,
    "generators": _STRINGS,
    "transformers": _STRINGS,
    "validators": _STRINGS,
    "inventory": ANY,
    "buildMetadata": _STRINGS,
}


class Wrong(Record):
    """A field that kustomize rejects: its path; the type that it must have, "" if there is no such field; its value; and the
    fields that there are instead."""

    path: str
    wanted: str
    value: Any
    others: tuple[str, ...] = ()


def wrong_fields(value: dict[str, Any]) -> Iterator[Wrong]:
    """Return what kustomize rejects in the data of a kustomization, in the order of its fields."""
    return _wrong("", value, _FIELDS)


def _wrong(path: str, value: Any, wanted: Type) -> Iterator[Wrong]:
    from joblint.source.places.paths import child

    if value is None or wanted == ANY:
        return
    if isinstance(wanted, list):
        if not isinstance(value, list):
            yield Wrong(path, "a list", value)
            return
        for i, item in enumerate(value):
            yield from _wrong(f"{path}[{i}]", item, wanted[0])
    elif isinstance(wanted, dict):
        if not isinstance(value, dict):
            yield Wrong(path, "a mapping", value)
            return
        known = {name.lower(): held for name, held in wanted.items()}
        for key, held in value.items():
            below = child(path, str(key))
            if str(key).lower() not in known:
                yield Wrong(below, "", held, tuple(wanted))
            else:
                yield from _wrong(below, held, known[str(key).lower()])
    elif wanted == TEXTS:
        if not isinstance(value, dict):
            yield Wrong(path, wanted, value)
            return
        for key, held in value.items():
            yield from _wrong(child(path, str(key)), held, STRING)
    elif not _is(value, wanted):
        yield Wrong(path, wanted, value)


def _is(value: Any, wanted: str) -> bool:
    if wanted == NUMBER:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, bool if wanted == BOOL else str)
