"""Finds values for the placeholders of an object with which the server reports as few errors as possible; no texts."""

from __future__ import annotations

from joblint.api.create.request import API_VERSION
from joblint.base.record import Record
from joblint.rules.refusals.stand_ins import LEFT_OUT, candidates, is_within
from joblint.rules.refusals.token import token

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import Any

    from joblint.api.verdict import ApiError, Verdict

_ROUNDS = 24
_MOST_TRIED = 24  # values for one of them


def can_become(literal: list[str], name: str) -> bool:
    """Return whether a text with placeholders between these parts can become a name: each represents at least one character.

    The first position where a part fits leaves most of the name to the later parts, so no position is checked twice.
    """
    if len(literal) == 1:
        return literal[0] == name
    first, *middle, last = literal
    if not name.startswith(first) or not name.endswith(last):
        return False
    at = len(first)
    for part in middle:
        at = name.find(part, at + 1) + len(part)
        if at < len(part):
            return False
    return at < len(name) - len(last)


class Filled(Record):
    """An object with its placeholders filled in, its verdict, and which words of it represent placeholders."""

    verdict: Verdict
    object: dict[str, Any]
    tokens: dict[str, str]


class Search:
    """Finds valid values for an object's placeholders: `found` are their texts by field."""

    def __init__(self, value: dict[str, Any], found: dict[str, str], version: str) -> None:
        from joblint.api.ours import meant
        from joblint.source.places.located import scalars
        from joblint.source.unrendered.templates import placeholder_pattern

        self.value = value
        self.base = value  # unchanged, except wrong types that hide other errors
        self.found = found
        self.version = version
        spec = value.get("spec")
        shape = "CronJob" if isinstance(spec, dict) and "jobTemplate" in spec else "Job"
        self.kind = str((meant(value) or {"kind": shape})["kind"])
        self.pattern: re.Pattern[str] = placeholder_pattern()
        # Names that the object uses.
        said = [v for f, v in scalars(value) if isinstance(v, str) and f.lower().endswith("name") and not self.pattern.search(v)]
        self.said = tuple(dict.fromkeys(said))
        self.used: dict[str, list[Any]] = {}
        self.numbers: dict[str, int] = {}
        for text in found.values():
            for match in self.pattern.finditer(text):
                self.numbers.setdefault(match[0], len(self.numbers))

    def blamed(self, verdict: Verdict) -> list[str]:
        """Return the fields whose placeholders the server rejects: it still does with the others filled in."""
        from joblint.api.judge import judge
        from joblint.rules.refusals.nearest_accepted import without_cause

        while True:  # a wrong type that has nothing to do with placeholders hides all other errors
            given = self.search(self.base, self.found, 0)
            filled = judge(put(self.base, given), self.version)
            error = filled.errors[0] if filled is not None and filled.stage == "decode" else None
            before = self.base
            if error is not None and error.field not in self.found:
                self.base = without_cause(self.base, error)
            if self.base is before:
                break
        left = {(e.type, e.field) for e in filled.errors} if filled is not None else set()
        found = []
        for field in self.found:
            others = {f: v for f, v in given.items() if f != field}
            raw = judge(put(self.base, others), self.version)
            if raw is not None and any((e.type, e.field) not in left for e in raw.errors):
                found.append(field)
        return found

    def filled(self, fields: dict[str, str], variant: int) -> Filled:
        """Return the object with those fields filled in, in one way."""
        from joblint.api.judge import judge

        given = self.search(self.base, fields, variant)
        for field, found in given.items():
            self.used.setdefault(field, []).append(found)
        trial = put(self.value, given)
        verdict = judge(trial, self.version)
        if verdict is None:  # without a field that is left out, an object without kind is no Job any more
            trial = put(self.value, {field: found for field, found in given.items() if found is not LEFT_OUT})
            verdict = judge(trial, self.version)
        assert verdict is not None
        return Filled(verdict, trial, {token(n, variant): p for p, n in self.numbers.items()})

    def search(self, base: dict[str, Any], fields: dict[str, str], variant: int, closer: bool = True) -> dict[str, Any]:
        """Return a value for each field, such that the server reports as few errors as possible."""
        from joblint.api.judge import judge

        left = {f: self._candidates(f, text, variant) for f, text in fields.items()}
        first = {f: values.pop(0) for f, values in left.items()}
        given = dict(first)
        chosen: set[str] = set()
        for _ in range(_ROUNDS):
            verdict = judge(put(base, given), self.version)
            if verdict is None or not verdict.errors:
                break
            moved = False
            for field in fields:
                about = [e for e in verdict.errors if _concerns(e, field, given[field])]
                choices = next((e.choices for e in about if e.choices), ())
                if choices and field not in chosen:
                    chosen.add(field)
                    at = variant % len(choices)
                    left[field] = [*choices[at:], *choices[:at], *left[field]]
                if about and left[field]:
                    given[field] = left[field].pop(0)
                    moved = True
            if not moved:
                break
        else:
            return given
        if verdict is None or not verdict.errors:
            return given
        if not closer:
            return given
        # A field that no value fits is wrong in any case, and is reported as written.
        hopeless = {f: first[f] for f in fields if any(_concerns(e, f, given[f]) for e in verdict.errors)}
        return self._closer(base, fields, {**given, **hopeless}, left)

    def _closer(
        self, base: dict[str, Any], fields: dict[str, str], given: dict[str, Any], left: dict[str, list[Any]]
    ) -> dict[str, Any]:
        """The same values, except those with which the server reports fewer errors in other fields: two names that must be
        equal, a quantity that must not be above another one."""
        from joblint.api.judge import judge

        def wrong(values: dict[str, Any]) -> tuple[int, int]:
            verdict = judge(put(base, values), self.version)
            return (2, 0) if verdict is None else (int(verdict.stage == "decode"), len(verdict.errors))

        least = wrong(given)
        for field, text in fields.items():
            if least == (0, 0):
                break
            for value in self._unused(field, [*left[field], *self._names(text)])[:_MOST_TRIED]:
                trial = {**given, field: value}
                if (found := wrong(trial)) < least:
                    given, least = trial, found
        return given

    def _names(self, text: str) -> list[str]:
        """The names in the object that a text with placeholders can become."""
        literal = self.pattern.split(text)
        return [name for name in self.said if can_become(literal, name)]

    def _candidates(self, field: str, text: str, variant: int) -> list[Any]:
        from joblint.api.version.fields import type_at
        from joblint.source.places.paths import steps

        path = steps(field)
        if path == ["kind"] or path == ["apiVersion"]:
            return [self.kind if path == ["kind"] else API_VERSION]
        name = next((s for s in reversed(path) if isinstance(s, str)), "")
        operation = type_at(self.version, self.kind, path)
        return self._unused(field, list(candidates(operation, name, text, self.pattern, self.numbers, variant)))

    def _unused(self, field: str, values: list[Any]) -> list[Any]:
        """The values, those last that an earlier way has used: the ways are to differ from each other."""
        used = self.used.get(field, [])
        return [v for v in values if v not in used] + [v for v in values if v in used]


def put(value: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Return the object with values in the places of fields."""
    from joblint.source.places.paths import changed, steps, without

    for field, new in given.items():
        path = steps(field)
        value = without(value, path) if new is LEFT_OUT else changed(value, path, new)
    return value


def _concerns(error: ApiError, field: str, given: Any) -> bool:
    """Whether an error is about the value that a field was given."""
    if not error.field and error.type == "Decode":
        return field in ("kind", "apiVersion")
    if error.field == field or error.field.startswith((field + ".", field + "[")):
        return True
    if isinstance(given, str) and isinstance(error.value, str) and is_within(given, error.value):
        return True
    if field.endswith("]") and error.field == ".".join(field[:-1].rsplit("[", 1)):  # the decoder writes limits.cpu
        return True
    return bool(error.field) and error.key != "" and field in (f"{error.field}[{error.key}]", f"{error.field}.{error.key}")
