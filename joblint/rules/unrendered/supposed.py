"""A template that was not rendered, as one object: as its chart's values decide, with required values in its open places.

Knows what a Job needs, no rule. Each assumption is listed in words.
"""

from __future__ import annotations

from joblint.base.record import Record, replace
from joblint.source.unrendered import encoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.source.documents import Document
    from joblint.source.unrendered.readings import Reading, Template
    from joblint.source.unrendered.ways import Way

_MOST = 4
"""At most this many places are listed."""


class Supposed(Record):
    """A document whose value is the object; what the user should know about it, in words."""

    document: Document
    words: str


def supposed(document: Document, version: str) -> Supposed | None:
    """Return the object that a template's document represents; None if it cannot be read as one, or contains no Job or
    CronJob."""
    from joblint.api.create.request import KINDS
    from joblint.api.ours import is_ours
    from joblint.source.unrendered.readings import readings, template_in

    template = template_in(document)
    for way, each in readings(template, document) if template is not None else ():
        reading = next(each, None)
        value = reading.document.value if reading is not None else None
        if template is None or reading is None or not isinstance(value, dict):
            continue
        if value.get("kind") in KINDS and is_ours(value) and isinstance(value.get("spec"), dict):
            return _supposed(template, way, reading, version)
    return None


def _supposed(template: Template, way: Way, reading: Reading, version: str) -> Supposed:
    from joblint.rules.unrendered.fillings import fillings, wide
    from joblint.source.places.paths import value_at

    value = _decoded(next(fillings(reading, version)))
    words = ["values.yaml selects the branches"]
    if template.values is None or not template.chart:
        words = ["there are no values: the first branch of each condition is used"]
    if way.condition:
        words = [f"read as if `{' '.join(way.condition.split())}` were true"]
    open_paths = [*reading.open, *reading.holes, *wide(reading.document.value, str(value.get("kind")), version)]
    pod: tuple[str, ...] = ("spec", "template", "spec")
    if value.get("kind") == "CronJob":
        pod = ("spec", "jobTemplate", *pod)
    if any(path == pod[: len(path)] for path in open_paths):
        value = _with_pod(value, pod)
        held = value_at(value, list(pod))
        needed: tuple[tuple[str, Any, str], ...] = (
            ("restartPolicy", "Never", "restartPolicy: Never"),
            ("containers", [{"name": "main", "image": "unknown"}], "one container"),
        )
        taken = [said for key, default, said in needed if key not in held and held.setdefault(key, default) is default]
        if taken:
            words.append(f"{' and '.join(taken)} assumed, because an action prints the content of {'.'.join(pod)}")
    named = [
        ".".join([str(step) for step in path if isinstance(step, str)]) for path in open_paths if path not in (pod, pod[:-1])
    ]
    named = list(dict.fromkeys(named))
    if named:
        more = f" and {len(named) - _MOST} more" if len(named) > _MOST else ""
        words.append(f"lines that actions print are ignored, in {', '.join(named[:_MOST])}{more}")
    return Supposed(replace(reading.document, value=value), "; ".join(words))


def _with_pod(value: dict[str, Any], pod: tuple[str, ...]) -> dict[str, Any]:
    """The object with a mapping of its own at the Pod's spec."""
    found = dict(value)
    held = found
    for name in pod:
        inner = held.get(name)
        held[name] = dict(inner) if isinstance(inner, dict) else {}
        held = held[name]
    return found


def _decoded(value: Any) -> Any:
    if isinstance(value, dict):
        return {encoded.decode(k): _decoded(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_decoded(v) for v in value]
    return encoded.decode(value) if isinstance(value, str) else value
