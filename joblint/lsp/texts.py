"""The texts of hover and completion, from schemas/editor-texts.toml: meanings, defaults, values, snippets; knows field paths.

It knows nothing about manifests.
"""

from __future__ import annotations

from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@cache
def _texts() -> dict[str, Any]:
    import tomllib

    from joblint.base.compiled import read

    return tomllib.loads(read("schemas/editor-texts.toml").decode("utf-8"))


def meaning(key: str) -> tuple[str, str]:
    """Return what a field means and its default, by its key (see key_of); ("", "") if there is no text."""
    found = _texts()["fields"].get(key, {})
    return found.get("means", ""), found.get("default", "")


def values(key: str) -> tuple[str, ...]:
    """Return the values of a field that accepts only a few, the most common one first; () for any other field."""
    return tuple(_texts()["fields"].get(key, {}).get("values", ()))


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
