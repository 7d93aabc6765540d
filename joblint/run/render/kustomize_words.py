"""The messages about a kustomization that kustomize rejects, and what to type instead; knows objects and fields, no files."""

from __future__ import annotations

from itertools import islice

from joblint.base.nearest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from joblint.run.render.kustomize_objects import Named
    from joblint.source.documents import Document
    from joblint.source.places.spans import Span
    from joblint.source.unrendered.kustomization_fields import Wrong


_MOST = 200
"""The most names that a misspelled one is compared with."""


def near_in(word: str, names: Iterable[str]) -> str:
    """Return the name that a word is probably a misspelling of, among the first of the names; "" if there is none."""
    return nearest(word, tuple(islice(names, _MOST)))


def only(names: Sequence[str]) -> str:
    """Return the name, if there is one alone, else ""."""
    return names[0] if len(names) == 1 else ""


def of_field(wrong: Wrong) -> tuple[str, str, str]:
    """Return the problem, the advice and the severity for a field that does not exist."""
    from joblint.source.places.paths import steps

    *above, last = [str(step) for step in steps(wrong.path)]
    ends = [name for name in wrong.others if name.lower().endswith(last.lower())]
    near = near_in(last, wrong.others) or next(iter(ends), "")
    whose = "a kustomization" if not above else f"an entry of {above[0]}" if len(above) < 3 else f"{above[-1]}"
    # A later version may have fields that are not known here.
    return (
        f'{whose} has no field "{last}"',
        f"{near}:" if near else f"Remove {last}, or correct its name.",
        "" if near else "warning",
    )


def of_type(document: Document, wrong: Wrong) -> tuple[str, str]:
    """Return the problem and the advice for a value of another type."""
    from json import dumps

    from joblint.source.places.paths import steps

    raw = document.raw(wrong.path)
    value = wrong.value
    held = "a mapping" if isinstance(value, dict) else "a list" if isinstance(value, list) else raw or dumps(value)
    last = str(list(steps(wrong.path))[-1])
    say = f"{wrong.path} must be {wrong.wanted}, not {held}"
    if wrong.wanted == "a string" and raw is not None:
        quoted = dumps(raw)
        return say, quoted if last.isdigit() else f"{last}: {quoted}"
    if wrong.wanted == "a list" and isinstance(value, str):
        return say, f"{last}:\n- {value}"
    return say, f"Correct {last}: its value must be {wrong.wanted}."


def of_place(entry: str, folder: str) -> tuple[str, str]:
    """Return the problem and the advice for a file that is not in or below the directory of its kustomization."""
    advice = f"kustomize build --load-restrictor LoadRestrictionsNone {folder}"
    advice += "    or add a kustomization.yaml next to the file and list its directory instead"
    return f'"{entry}" is outside of the directory of the kustomization', advice


def without_target(patch: Document, found: list[Named]) -> tuple[Span, str, str]:
    """Return the place, the problem and the advice for a patch whose object is not among those of the overlay."""
    from joblint.run.render.kustomize_objects import type_of

    value = patch.value
    kind, metadata = value.get("kind"), value.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    name = metadata.get("name")
    same = [one for one in found if one.type[2] == kind]
    elsewhere = next((one for one in same if name in one.names and type_of(value) == one.type), None)
    if elsewhere is not None:
        own, theirs = metadata.get("namespace"), elsewhere.namespaces[-1]
        held = f'the namespace "{own}"' if own else "no namespace"
        say = f'{kind} "{name}" is in the namespace "{theirs or "default"}", and its patch has {held}'
        return patch.span("metadata.name"), say, f"namespace: {theirs}" if theirs else "Remove namespace from the patch."
    other = next((one for one in same if name in one.names), None)
    if other is not None:
        version = "/".join([part for part in other.type[:2] if part])
        say = f'{kind} "{name}" has the apiVersion {version}, and its patch has {value.get("apiVersion")}'
        return patch.span("apiVersion"), say, f"apiVersion: {version}"
    names = [n for one in same for n in one.names]
    near = near_in(str(name), names) or only(names)
    advice = f"name: {near}" if near else f"Correct kind and name, or add {kind} {name} to resources."
    return patch.span("metadata.name"), f'there is no {kind} "{name}" for this patch', advice
