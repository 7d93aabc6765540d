"""The texts of hover and completion, from schemas/editor-texts.toml: meanings, defaults, values, snippets; knows field paths
and, of fields without a text, their types.

It knows nothing about manifests.
"""

from __future__ import annotations

from functools import cache

from joblint.api.version import schema

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


_TYPES = {
    schema.STRING: "A string",
    schema.STRUCT: "An object",
    schema.STRUCTS: "A list of objects",
    schema.STRINGS: "A list of strings",
    schema.INT: "An integer",
    schema.BOOL: "true or false",
    schema.STRING_MAP: "Keys with strings as values",
    schema.QUANTITY_MAP: "Quantities by resource",
    schema.INT_OR_STRING: "An integer or a string",
    schema.QUANTITY: "A quantity, such as 500m or 1Gi",
    schema.INTS: "A list of integers",
    schema.TIME: "A time, such as 2026-01-31T12:00:00Z",
    schema.RAW: "Any value",
}


@cache
def _texts() -> dict[str, Any]:
    import tomllib

    from joblint.base.compiled import read

    return tomllib.loads(read("schemas/editor-texts.toml").decode("utf-8"))


def meaning(version: str, kind: str, field: str) -> tuple[str, str]:
    """Return what a field of a Job or CronJob means and its default, by its path in the object; its type and "" if there is no
    text; ("", "") if the Kubernetes version does not have the field.
    """
    from joblint.api.version.fields import declared_at
    from joblint.source.places.paths import steps

    own = _texts()["fields"].get(key_of(field, kind), {})
    declared = declared_at(version, kind, steps(field))
    if "means" not in own and declared is not None:
        own = _texts()["types"].get(declared[0], {}).get(declared[1], {})
        if not own:
            return _of_type(declared[2], declared[3]), ""
    return own.get("means", ""), own.get("default", "")


def values(version: str, kind: str, field: str) -> tuple[str, ...]:
    """Return the values of a field that accepts only a few, the most common one first; () for any other field."""
    from joblint.api.version.fields import declared_at
    from joblint.source.places.paths import steps

    own = _texts()["fields"].get(key_of(field, kind), {})
    declared = declared_at(version, kind, steps(field))
    if "values" not in own and declared is not None:
        own = _texts()["types"].get(declared[0], {}).get(declared[1], {})
    if not own.get("values") and declared is not None and declared[2] == schema.BOOL:
        return "true", "false"
    return tuple(own.get("values", ()))


def _of_type(operation: int, fields: tuple[str, ...]) -> str:
    """What a field contains, from its type alone."""
    within = f" with the fields {', '.join(fields)}" if fields else ""
    return f"{_TYPES[operation]}{within}."


def snippets() -> tuple[tuple[str, str, str], ...]:
    """Return snippets of whole manifests: the word to type, its description, the text with its placeholders."""
    return tuple([(s["word"], s["is"], s["text"]) for s in _texts()["snippets"]])


def key_of(path: str, kind: str) -> str:
    """Return the key of a field path in a Job or CronJob: `container.image` for spec.template.spec.containers[0].image."""
    plain = "".join([part.partition("]")[2] if i else part for i, part in enumerate(path.split("["))])
    if kind == "CronJob":
        own = plain.removeprefix("spec.")
        if own != plain and not own.startswith("jobTemplate."):
            return "cron." + own
        plain = plain.replace("spec.jobTemplate.", "", 1)
    pod = plain.removeprefix("spec.template.spec.")
    if pod == plain:
        return plain
    for field in ("containers.", "initContainers.", "ephemeralContainers."):
        if pod.startswith(field):
            return "container." + pod.removeprefix(field)
    return "pod." + pod
