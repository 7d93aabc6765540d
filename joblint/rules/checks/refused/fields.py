"""Fields that the API server does not know: a typo, a wrong place, or a field of another version."""

from __future__ import annotations

import re

from joblint.base.nearest import nearest
from joblint.base.record import Record
from joblint.rules.finding import Hit
from joblint.rules.subject import relative, sent_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from joblint.api.verdict import ApiError
    from joblint.rules.subject import Subject


class _Unknown(Record):
    """A field that the API server does not know: its path, its name, the steps above it, the schema's kind, and every place of
    the kind that has a field of this name. `ambiguous` says that there are too many to guess one; `places` is empty then."""

    s: Subject
    field: str
    word: str
    parents: list[Any]
    kind: str
    places: list[str]
    ambiguous: bool

    @property
    def here(self) -> str:
        """The object that has no such field, as a message names it."""
        return self.field.removesuffix(self.word).rstrip(".") or "the object"

    @property
    def siblings(self) -> tuple[str, ...]:
        """The names that the schema knows in this place."""
        from joblint.api.version.fields import names_at

        return names_at(self.s.version, self.kind, self.parents)

    def hit(self, rest: str, advice: str, label: str = "") -> Hit:
        """A finding on the key: `rest` follows `… has no field "…"`."""
        return Hit(
            self.field, {"hint": f'{self.here} has no field "{self.word}"{rest}', "advice": advice}, label=label, part="key"
        )


def unknown_field(s: Subject, error: ApiError) -> Hit:
    """Distinguish a typo (the closest name in that place), a misplaced field (where it belongs), and a field of another
    version."""
    from joblint.api.version.fields import places_of
    from joblint.source.places.paths import steps_in

    *parents, name = steps_in(s.object, error.field) or [""]  # a key may be empty
    word = str(name)
    kind = s.kind if s.kind in ("Job", "CronJob") else "Job"
    places = [p for p in places_of(s.version, kind, word) if not p.endswith(f".status.{word}") and not _of_server(p)]
    ambiguous = bool(places) and _says_nothing(error.field, places)
    unknown = _Unknown(s, error.field, word, parents, kind, [] if ambiguous else places, ambiguous)
    for explanation in _EXPLANATIONS:
        found = explanation(unknown)
        if found is not None:
            return found
    siblings = unknown.siblings
    listed = ", ".join(siblings[:12]) + (", …" if len(siblings) > 12 else "")
    return unknown.hit(".", f"Remove it. Valid fields: {listed}" if listed else "Remove it.")


def _of_server(place: str) -> bool:
    """Whether a place is in lists that the server and controllers write: nobody means it."""
    return ".managedFields[" in place or ".ownerReferences[" in place


def _of_another_version(u: _Unknown) -> Hit | None:
    from joblint.api.version.fields import known_since
    from joblint.api.version.versions import VERSIONS, titled

    others = known_since(u.s.version, u.kind, [*u.parents, u.word], VERSIONS)
    if not others or u.s.version in others:
        return None
    newer = others[0] > u.s.version
    when = f"exists since Kubernetes {titled(others[0])}" if newer else f"exists up to Kubernetes {others[-1]}"
    advice = {"hint": f'"{u.word}" {when}, not in {u.s.version}.', "advice": f"Remove {u.word} for {u.s.version}."}
    return Hit(u.field, advice, part="key")


def _annotation(u: _Unknown) -> Hit | None:
    if "/" not in u.word or u.parents[-1:] != ["metadata"]:
        return None
    advice = f"annotations:    or labels\n  {u.word}: {_written(u.s, u.field)}"
    return u.hit(": a key with a slash is one of an annotation or a label.", advice, "in annotations?")


def _source_of_claim(u: _Unknown) -> Hit | None:
    if u.word != "source" or len(u.parents) < 2 or u.parents[-2] != "resourceClaims":
        return None
    given = sent_value(u.s.object, u.field)
    lines = [f"{k}: {v}" for k, v in given.items()] if isinstance(given, dict) else []
    return u.hit(
        " since Kubernetes 1.31: its fields moved to the claim itself.", "\n".join(lines) or "resourceClaimTemplateName: <name>"
    )


def _spec_of_cronjob(u: _Unknown) -> Hit | None:
    if not meant_cronjob(u.s) or u.parents != ["spec"] or u.word not in ("jobTemplate", "schedule"):
        return None
    return u.hit(": this is the spec of a CronJob.", "kind: CronJob", "kind: CronJob?")


def _replicas(u: _Unknown) -> Hit | None:
    if relative(u.field) != "spec.replicas":
        return None
    given, own = sent_value(u.s.object, u.field), u.s.sent_spec.keys() & {"completions", "parallelism"}
    fits = isinstance(given, int) and not isinstance(given, bool) and given > 0 and not own
    instead = f"completions: {given}    Pods that must succeed\nparallelism: {given}    Pods that run at the same time"
    return u.hit(", which is for Deployments; a Job has completions and parallelism.", instead if fits else "Remove it.")


def _variable(u: _Unknown) -> Hit | None:
    from joblint.rules.refusals.renamed import is_variable

    if not is_variable(u.s, u.field):
        return None
    advice = f"name: {u.word}\nvalue: {_written(u.s, u.field)}"
    return u.hit("; a variable has a name and a value.", advice, f"name: {u.word}")


def _renamed(u: _Unknown) -> Hit | None:
    from joblint.rules.refusals.renamed import meant_sibling

    return _meant(u, meant_sibling(u.s, u.field))


def _field_of_cronjob(u: _Unknown) -> Hit | None:
    from joblint.api.version.fields import places_of

    places = places_of(u.s.version, "CronJob", u.word) if u.kind == "Job" and not u.places and not u.ambiguous else ()
    return u.hit(f"; it belongs to a CronJob ({places[0]}).", f"Remove {u.word}, or use a CronJob.") if places else None


def _typo(u: _Unknown) -> Hit | None:
    near = "" if u.places else nearest(u.word, u.siblings)
    return _meant(u, near if len(near) > 3 or near.lower() == u.word.lower() else "")


def _meant(u: _Unknown, name: str) -> Hit | None:
    """The finding on a field that should have another name in the same place; None for no name."""
    return u.hit(f'; did you mean "{name}"?', f"{name}: {_written(u.s, u.field)}", f"{name}?") if name else None


def _misplaced(u: _Unknown) -> Hit | None:
    if not u.places:
        return None
    best = _closest_place(u.field, u.places, u.s.spec_at)
    if "." not in best:
        given = best in u.s.object
        advice = f"Remove it: the {u.kind} has its own {best}." if given else "Move it to the top level, next to metadata."
        return u.hit("; it belongs at the top level.", advice, "belongs at the top level")
    return u.hit(f"; it belongs at {best}{_why(u.field, best)}.", _move(best), f"belongs at {best}")


def _misplaced_typo(u: _Unknown) -> Hit | None:
    from joblint.api.version.fields import places_of

    anywhere = "" if u.ambiguous else nearest(u.word, _all_names(u.s.version, u.kind))
    spots = [p for p in places_of(u.s.version, u.kind, anywhere) if not p.startswith("status.")] if anywhere else []
    if not spots:
        return None
    best = _closest_place(u.field, spots, u.s.spec_at)
    return u.hit(f"; did you mean {best}?", _move(best), f"{best}?")


def _move(to: str) -> str:
    parent, _, name = to.rpartition(".")
    return f"Move it into {parent}, as {name}."


_EXPLANATIONS: tuple[Callable[[_Unknown], Hit | None], ...] = (
    _of_another_version,
    _annotation,
    _source_of_claim,
    _spec_of_cronjob,
    _replicas,
    _variable,
    _renamed,
    _field_of_cronjob,
    _typo,
    _misplaced,
    _misplaced_typo,
)
"""What the field may be, the surest first: the first that returns a finding is reported."""


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
    places = [p for p in places_of(s.version, kind, str(name)) if not p.endswith(f".status.{name}") and not _of_server(p)]
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
