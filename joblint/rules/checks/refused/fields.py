"""Fields that the API server does not know: a typo, a wrong place, or a field of another version."""

from __future__ import annotations

import re

from joblint.base.nearest import nearest
from joblint.rules.finding import Hit
from joblint.rules.subject import relative, sent_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.api.verdict import ApiError
    from joblint.rules.subject import Subject


def unknown_field(s: Subject, error: ApiError) -> Hit:
    """Distinguish a typo (the closest name in that place), a misplaced field (where it belongs), and a field of another
    version."""
    from joblint.api.version.fields import known_since, names_at, places_of
    from joblint.api.version.versions import VERSIONS, titled
    from joblint.source.places.paths import steps_in

    path = steps_in(s.object, error.field) or [""]  # a key may be empty
    *parents, name = path
    word = str(name)
    here = error.field.removesuffix(word).rstrip(".") or "the object"
    kind = s.kind if s.kind in ("Job", "CronJob") else "Job"
    siblings = names_at(s.version, kind, parents)
    near = nearest(word, siblings)
    places = [p for p in places_of(s.version, kind, word) if not p.endswith(f".status.{word}")]
    others = known_since(s.version, kind, path, VERSIONS)
    if others and s.version not in others:
        newer = others[0] > s.version
        when = f"exists since Kubernetes {titled(others[0])}" if newer else f"exists up to Kubernetes {others[-1]}"
        return Hit(
            error.field,
            {"hint": f'"{word}" {when}, not in {s.version}.', "advice": f"Remove {word} for {s.version}."},
            part="key",
        )
    if "/" in word and parents[-1:] == ["metadata"]:
        hint = f'{here} has no field "{word}": a key with a slash is one of an annotation or a label.'
        advice = f"annotations:    or labels\n  {word}: {_written(s, error.field)}"
        return Hit(error.field, {"hint": hint, "advice": advice}, label="in annotations?", part="key")
    if word == "source" and len(parents) > 1 and parents[-2] == "resourceClaims":
        given = sent_value(s.object, error.field)
        lines = [f"{k}: {v}" for k, v in given.items()] if isinstance(given, dict) else []
        hint = f'{here} has no field "source" since Kubernetes 1.31: its fields moved to the claim itself.'
        return Hit(error.field, {"hint": hint, "advice": "\n".join(lines) or "resourceClaimTemplateName: …"}, part="key")
    if meant_cronjob(s) and parents == ["spec"] and word in ("jobTemplate", "schedule"):
        hint = f'{here} has no field "{word}": this is the spec of a CronJob.'
        return Hit(error.field, {"hint": hint, "advice": "kind: CronJob"}, label="kind: CronJob?", part="key")
    if word == "replicas" and relative(error.field) == "spec.replicas":
        hint = f'{here} has no field "replicas", which is for Deployments; a Job has completions and parallelism.'
        given, own = sent_value(s.object, error.field), s.sent_spec.keys() & {"completions", "parallelism"}
        fits = isinstance(given, int) and not isinstance(given, bool) and given > 0 and not own
        advice = (
            f"completions: {given}    Pods that must succeed\nparallelism: {given}    Pods that run at the same time"
            if fits
            else "Remove it."
        )
        return Hit(error.field, {"hint": hint, "advice": advice}, part="key")
    from joblint.rules.refusals.renamed import is_variable, meant_sibling

    if is_variable(s, error.field):
        hint = f'{here} has no field "{word}"; a variable has a name and a value.'
        advice = f"name: {word}\nvalue: {_written(s, error.field)}"
        return Hit(error.field, {"hint": hint, "advice": advice}, label=f"name: {word}", part="key")
    sibling = meant_sibling(s, error.field)
    if sibling:
        hint = f'{here} has no field "{word}"; did you mean "{sibling}"?'
        advice = f"{sibling}: {_written(s, error.field)}"
        return Hit(error.field, {"hint": hint, "advice": advice}, label=f"{sibling}?", part="key")
    everywhere = bool(places) and _says_nothing(error.field, places)
    if everywhere:
        places = []
    crons = places_of(s.version, "CronJob", word) if kind == "Job" and not places and not everywhere else ()
    if crons:
        hint = f'{here} has no field "{word}"; it belongs to a CronJob ({crons[0]}).'
        return Hit(error.field, {"hint": hint, "advice": f"Remove {word}, or use a CronJob."}, part="key")
    if near and not places and (len(near) > 3 or near.lower() == word.lower()):
        return Hit(
            error.field,
            {"hint": f'{here} has no field "{word}"; did you mean "{near}"?', "advice": f"{near}: {_written(s, error.field)}"},
            label=f"{near}?",
            part="key",
        )
    if places:
        best = _closest_place(error.field, places, s.spec_at)
        return Hit(
            error.field,
            {
                "hint": f'{here} has no field "{word}"; it belongs at {best}{_why(error.field, best)}.',
                "advice": f"Move it: {best}",
            },
            label=f"belongs at {best}",
            part="key",
        )
    anywhere = "" if everywhere else nearest(word, _all_names(s.version, kind))
    spots = [p for p in places_of(s.version, kind, anywhere) if not p.startswith("status.")] if anywhere else []
    if spots:
        best = _closest_place(error.field, spots, s.spec_at)
        hint = f'{here} has no field "{word}"; did you mean {best}?'
        return Hit(error.field, {"hint": hint, "advice": f"Move it: {best}"}, label=f"{best}?", part="key")
    listed = ", ".join(siblings[:12]) + (", …" if len(siblings) > 12 else "")
    hint = f'{here} has no field "{word}".'
    return Hit(
        error.field, {"hint": hint, "advice": f"Remove it. Valid fields: {listed}" if listed else "Remove it."}, part="key"
    )


def _says_nothing(field: str, places: list[str]) -> bool:
    """Whether so many structs have a field of that name that its place cannot be guessed: none of them is above or below the
    field."""
    parent = field.rpartition(".")[0]
    plain = re.sub(r"\[[^][]*\]", "[*]", parent)
    above = [place.rpartition(".")[0] for place in places]
    return len(places) > 3 and not any(f"{plain}.".startswith(f"{a}.") or f"{a}.".startswith(f"{plain}.") for a in above)


def meant_cronjob(s: Subject) -> bool:
    """Return whether an object of kind Job has the spec of a CronJob."""
    spec = s.object.get("spec")
    if s.kind != "Job" or not isinstance(spec, dict):
        return False
    return isinstance(spec.get("jobTemplate"), dict) and "template" not in spec


def _written(s: Subject, field: str) -> str:
    """A field's scalar as written in the file, `…` if it is not a scalar or too long."""
    raw = s.document.raw(s.prefix + field)
    return raw if raw and "\n" not in raw and len(raw) <= 40 else "…"


def place_of(s: Subject, field: str) -> str:
    """Return where a field belongs that the server does not know in its place; "" if no place has a field of that name."""
    from joblint.api.version.fields import places_of
    from joblint.source.places.paths import steps

    *_, name = steps(field) or [""]
    kind = s.kind if s.kind in ("Job", "CronJob") else "Job"
    places = [p for p in places_of(s.version, kind, str(name)) if not p.endswith(f".status.{name}")]
    return _closest_place(field, places, s.spec_at) if places else ""


def _all_names(version: str, kind: str) -> tuple[str, ...]:
    from joblint.api.version.schema import load

    return tuple(dict.fromkeys([key for struct in load(version)["structs"] for key in struct[1]]))


def _why(field: str, place: str) -> str:
    """What a field of a Job is for, if it is in the CronJob's own spec."""
    name = field.rpartition(".")[2]
    own = field == f"spec.{name}" and place == f"spec.jobTemplate.spec.{name}"
    return ", because it applies to each Job that the CronJob creates" if own else ""


def _closest_place(field: str, places: list[str], at: str) -> str:
    """The likeliest of several places: the one with the fewest levels up and down from the field, then the one that shares the
    longest path with it."""
    trunk = [p.split("[")[0] for p in field.split(".")]

    def shared(place: str) -> tuple[int, int, int]:
        steps = [p.split("[")[0] for p in place.split(".")]
        same = 0
        for a, b in zip(trunk, steps, strict=False):
            if a != b:
                break
            same += 1
        return (len(trunk) - 1 - same + len(steps) - 1 - same, -same, len(steps))

    within = [p for p in places if p.startswith(at + ".")] or places
    if len(within) == 1:
        return within[0]
    return sorted(within, key=shared)[0]
