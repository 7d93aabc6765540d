"""The ways through a template's branches that are checked: as the chart's values decide, and each other branch once.

Knows actions, expressions and values. A branch that the values reject is checked with all other choices made in three ways,
because the relations between them are not known.
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.source.unrendered.actions import Action, Choice
from joblint.source.unrendered.expressions import UNKNOWN, truth, value_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from joblint.source.unrendered.layout import Decide

_MOST = 40
"""The most branches of one template that are checked."""

_ALTERNATIVES = 4
"""The most branches of an unknown `if … else if …` that are checked."""


class Way(Record):
    """One branch with its companions: ways to decide, in all of which something must be true to be reported. `branch` is the
    position of the branch in the text, None for what the values decide; `condition` is what opens it, in its braces, at
    `at`; `against` are the conditions for which other values than the chart's are assumed."""

    companions: tuple[Decide, ...]
    branch: tuple[int, int] | None
    condition: str
    at: int
    against: tuple[str, ...] = ()


def ways(
    actions: Sequence[Action | Choice],
    values: Mapping[str, Any] | None,
    variables: Mapping[str, Any],
    begin: int,
    end: int,
    kind: int,
) -> Iterator[Way]:
    """Return the ways through the choices that touch the text from `begin` to `end`, that of the values first. `kind` is the
    position that shows what object it is: without the branches that contain it, there is none."""
    found = [c for c in _choices(actions, (), UNKNOWN) if c.choice.start < end and c.choice.end > begin and not c.choice.always]
    dots = {c.choice.start: c.dot for c in found}
    known = _Known(values, variables, dots)
    base = _Decider(known, {}, None)
    # If it is not known whether there is an object at all, what is reported is true if there is one.
    there = {c.choice.start: i for c in found for i, b in enumerate(c.choice.branches) if b.start <= kind < b.end}
    there = {
        start: i for start, i in there.items() if any(c.choice.start == start and base.known(c.choice) is None for c in found)
    }
    base = _Decider(known, there, None)
    unknown = any(base.known(c.choice) is None for c in found)
    # Unknown conditions may be related to known ones: everything else is then assumed to be taken as well.
    later = range(1, min(max([len(c.choice.branches) - c.choice.has_else for c in found], default=0), _ALTERNATIVES))
    others = [_Decider(known, there, None, nth).on for nth in later]
    yield Way((base.on, base.off, _Decider(known, there, True).on, *others) if unknown else (base.on,), None, "", 0)
    left = _MOST
    for place in found:
        choice = place.choice
        for i, branch in enumerate(choice.branches):
            inside = branch.start < end and branch.end > begin
            if (
                not inside
                or not left
                or any(map(_of_version, [choice, *[c for c, _ in place.above]]))
                or base.known(choice) == i
                and all(base.known(c) == j for c, j in place.above)
            ):
                continue
            left -= 1
            forced = {c.start: j for c, j in place.above} | {choice.start: i}
            texts = {_condition(c): j for c, j in place.above} | {_condition(choice): i}
            for other in found:
                if (j := texts.get(_condition(other.choice))) is not None:
                    forced.setdefault(other.choice.start, min(j, len(other.choice.branches) - 1))
            companions = [_Decider(known, forced, how).on for how in (True, None, False)]
            companions += [_Decider(known, forced, True, nth).on for nth in later]
            assumed = [(choice, i), *[(c, j) for c, j in place.above if base.known(c) != j]]
            against = tuple([b.action.body for c, j in assumed for b in c.branches[: j + 1]])
            yield Way(tuple(companions), (branch.start, branch.end), branch.action.body, branch.action.start, against)


def _of_version(choice: Choice) -> bool:
    """Whether a choice depends on the cluster's version: a branch for another version is not a mistake."""
    bodies = [branch.action.body for branch in choice.branches]
    return any(word in body for body in bodies for word in ("apabilities", "semver", "kubeVersion", "KubeVersion"))


class _Place(Record):
    choice: Choice
    above: tuple[tuple[Choice, int], ...]
    dot: Any


def _choices(actions: Sequence[Action | Choice], above: tuple[tuple[Choice, int], ...], dot: Any) -> Iterator[_Place]:
    for item in actions:
        if isinstance(item, Choice):
            yield _Place(item, above, dot)
            for i, branch in enumerate(item.branches):
                yield from _choices(branch.inside, above if item.always else (*above, (item, i)), UNKNOWN)


def _condition(choice: Choice) -> str:
    return " ".join(choice.branches[0].action.body.split())


def condition_of(action: Action) -> str:
    """The expression that opens a branch: `if X`, `else if X`, `range $i, $x := X`; "" for `else`."""
    body = action.body.removeprefix("else").strip()
    body = body[2:] if body.startswith("elif ") else body
    word, _, rest = body.partition(" ")
    if word not in ("if", "with", "range"):
        return ""
    name, equals, expression = rest.partition(":=")
    return expression.strip() if equals and name.strip().startswith("$") else rest.strip()


class _Known(Record):
    """What is known at choices: the chart's values, variables, and the value of `.` at each choice."""

    values: Mapping[str, Any] | None
    variables: Mapping[str, Any]
    dots: dict[int, Any]


class _Decider:
    """Decides choices: as forced, by the values, and the rest as `others` says (None: as if unknown), of alternatives the one
    with the number `nth`."""

    def __init__(self, under: _Known, forced: dict[int, int], others: bool | None, nth: int = 0) -> None:
        self.under = under
        self.forced = forced
        self.others = others
        self.nth = nth

    def known(self, choice: Choice) -> int | None:
        """Return the branch that the values take, -1 for none; None if that is unknown."""
        for i, branch in enumerate(choice.branches):
            condition = condition_of(branch.action)
            if not condition:
                return i if branch.action.body == "else" else None
            under = self.under
            holds = truth(condition, under.values, under.dots.get(choice.start, UNKNOWN), under.variables)
            if holds is None:
                return None
            if holds:
                return i
        return -1

    def on(self, choice: Choice) -> int:
        """Return the branch taken; for an unknown condition the first one, or the nth."""
        return self._decided(choice, True)

    def off(self, choice: Choice) -> int:
        """Return the branch taken; for an unknown condition the last one, or none."""
        return self._decided(choice, False)

    def _decided(self, choice: Choice, first: bool) -> int:
        if choice.start in self.forced:
            return self.forced[choice.start]
        if self.others is None:
            known = self.known(choice)
            if known is not None:
                return known
        else:
            first = self.others
        last = len(choice.branches) - 1
        return min(self.nth, last) if first else last if choice.has_else else -1


def known_variables(actions: Sequence[Action | Choice], values: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the values of a template's variables that are set once, as far as the chart's values are known."""
    found: dict[str, Any] = {}
    ahead: list[Action | Choice] = list(reversed(actions))
    while ahead:
        item = ahead.pop()
        if isinstance(item, Choice):
            # Elsewhere `.` is another one.
            ahead += [part for b in reversed(item.branches) for part in reversed(b.inside)] if item.word == "if" else []
        elif item.body.startswith("$") and not item.prints:
            name, _, expression = item.body.partition("=")
            value = value_of(plain(expression), values, UNKNOWN, found)
            if value is not UNKNOWN:
                found[name.rstrip(": \t\n")] = value
    if not found:
        return found
    names: list[str] = []
    left: list[Action | Choice] = list(actions)
    while left:
        item = left.pop()
        inner = [item] if isinstance(item, Action) else [b.action for b in item.branches]
        names += [n.strip(" :\t") for action in inner for n in _set_in(action)]
        left += [part for b in item.branches for part in b.inside] if isinstance(item, Choice) else []
    return {name: value for name, value in found.items() if names.count(name) == 1}


def _set_in(action: Action) -> list[str]:
    """The variables that an action sets."""
    before, equals, _ = action.body.partition("=")
    return [word.rstrip(",:") for word in before.replace(",", " ").split() if equals and word.startswith("$")]


def known_outputs(
    text: str, actions: Sequence[Action | Choice], values: Mapping[str, Any] | None, variables: Mapping[str, Any]
) -> dict[str, Any]:
    """What the actions of a template print under the values, by their text, as far as that is known: a value, for `toYaml` of
    one the value itself."""
    found: dict[str, Any] = {}
    left: list[tuple[Sequence[Action | Choice], Any]] = [(actions, UNKNOWN)]
    while left:
        items, dot = left.pop()
        for item in items:
            if isinstance(item, Choice):
                for branch in item.branches:
                    inner: Any = dot
                    if item.word == "with" and branch.action.body != "else":
                        inner = value_of(condition_of(branch.action), values, dot, variables)
                        inner = inner or UNKNOWN
                    elif item.word not in ("if", "with"):
                        inner = UNKNOWN
                    left.append((branch.inside, inner))
            elif item.prints:
                key = text[item.start : item.end]
                value = value_of(plain(item.body), values, dot, variables)
                found[key] = value if key not in found or _same(found[key], value) else UNKNOWN
    return {key: value for key, value in found.items() if value is not UNKNOWN}


def _same(one: Any, other: Any) -> bool:
    return one is other or type(one) is type(other) and bool(one == other)


def plain(body: str) -> str:
    """An expression without what only lays it out: `toYaml`, `nindent`."""
    import re

    body = re.sub(r"\|\s*n?indent\s+\d+\s*$", "", body.strip("- \t\n")).rstrip()
    if body.startswith("toYaml "):
        return body.removeprefix("toYaml ").strip()
    return re.sub(r"\|\s*toYaml\s*$", "", body).rstrip()
