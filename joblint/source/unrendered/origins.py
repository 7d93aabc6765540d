"""Which values of a chart an action of its templates prints, through variables, `with`, `range` and `include`; knows nothing
about values.

A path starts at the root of a template's argument (`Values`, `job`, `limit`); a step None is any item of a list or mapping.
Functions are not evaluated: their arguments may be what they print. Source: Go 1.26 text/template (exec.go: dot, variables);
helm 3.22 (pkg/engine/funcs.go: include, tpl); sprig 3.3 (dict, index).
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.source.unrendered.actions import Action, Choice
from joblint.source.unrendered.expressions import tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    Path = tuple[str | None, ...]
    Where = tuple[Any, ...]
    """What something may be, alternative by alternative: each a Path or a _Made."""
    Defined = Callable[[str], "tuple[Action | Choice, ...]"]
    """Return the content of a definition; () if there is not exactly one of that name."""

ROOT: Where = ((),)
KEY = "\0key"
"""The last step of a path to the keys of a mapping."""
_MOST = 60
_DEEPEST = 8


class _Made(Record):
    """A mapping or list that an expression makes: `dict "a" .Values.x`."""

    entries: Mapping[str, Any]


class Scope(Record):
    """What `.`, `$` and variables are at a place in a template."""

    dot: Where
    root: Where
    variables: Mapping[str, Any]


def scope_at(actions: Sequence[Action | Choice], at: int, dot: Where, defined: Defined) -> tuple[Scope, str]:
    """Return the scope at a position of a text whose dot is `dot`, and the name of the definition that contains the position
    ("": none)."""
    scope, name = Scope(dot, dot, {}), ""
    items = actions
    while True:
        inner: Sequence[Action | Choice] | None = None
        for item in items:
            if item.start >= at:
                break
            if isinstance(item, Action):
                scope = _assigned(item, scope, defined)
                continue
            for branch in item.branches:
                if branch.start <= at < branch.end:
                    if item.word == "define":
                        scope, name = Scope(dot, dot, {}), definition(item)
                    else:
                        scope = _entered(branch.action, scope, defined)
                    inner = branch.inside
            if inner is not None:
                break
        if inner is None:
            return scope, name
        items = inner


def definition(choice: Choice) -> str:
    """The name that `{{ define "name" }}` gives."""
    return choice.branches[0].action.body.partition(" ")[2].strip().strip('"`')


def printed_by(body: str, scope: Scope, defined: Defined) -> tuple[Path, ...]:
    """The paths of what an action may print, the likeliest first."""
    return tuple(dict.fromkeys([w for w in _value(body, scope, defined, 0) if not isinstance(w, _Made)]))[:_MOST]


def given_to(name: str, actions: Sequence[Action | Choice], defined: Defined, dot_of: Callable[[str], Where]) -> Where:
    """Return the arguments of a definition's `include`s in a template; `dot_of` returns the argument of the definition that
    contains them (ROOT of "")."""
    found: list[Any] = []
    for action in _all(actions):
        if f'"{name}"' not in action.body:
            continue
        scope, inside = scope_at(actions, action.start, ROOT, defined)
        if inside:
            scope, _ = scope_at(actions, action.start, dot_of(inside), defined)
        for given in _calls(action.body, name, scope, defined):
            found += given
    return tuple(found[:_MOST])


def _all(actions: Sequence[Action | Choice]) -> list[Action]:
    found: list[Action] = []
    left: list[Action | Choice] = list(reversed(actions))
    while left:
        item = left.pop()
        if isinstance(item, Action):
            found.append(item)
        else:
            for branch in reversed(item.branches):
                left += reversed(branch.inside)
                left.append(branch.action)
    return found


def _calls(body: str, name: str, scope: Scope, defined: Defined) -> list[Where]:
    reader = _Reader(tokens(body) or [], scope, defined, 0)
    reader.wanted = name
    reader.pipeline()
    return reader.given


def _assigned(action: Action, scope: Scope, defined: Defined, depth: int = 0) -> Scope:
    """The scope after `$x := …`; `depth` is how many definitions contain it."""
    if not action.body.startswith("$") or action.prints:
        return scope
    name, _, expression = action.body.partition("=")
    value = _value(expression, scope, defined, depth)
    return Scope(scope.dot, scope.root, {**scope.variables, name.rstrip(": \t\n"): value})


def _entered(action: Action, scope: Scope, defined: Defined, depth: int = 0) -> Scope:
    """The scope inside a branch; `depth` is how many definitions contain it."""
    word, _, rest = action.body.removeprefix("else").strip().partition(" ")
    if word not in ("with", "range", "if"):
        return scope
    names, equals, expression = rest.partition(":=")
    if not equals or not names.strip().startswith("$"):
        names, expression = "", rest
    value = _value(expression, scope, defined, depth)
    named = [n.strip() for n in names.split(",") if n.strip()]
    variables = dict(scope.variables)
    if word == "range":
        if len(named) > 1:
            variables[named[0]] = tuple([(*w, KEY) for w in value if not isinstance(w, _Made)])
        value = _items(value)
    if named:
        variables[named[-1]] = value
    return Scope(scope.dot if word == "if" else value, scope.root, variables)


def _items(where: Where) -> Where:
    found: list[Any] = []
    for w in where:
        found += [i for held in w.entries.values() for i in held] if isinstance(w, _Made) else [(*w, None)]
    return tuple(found[:_MOST])


def _step(where: Where, name: str) -> Where:
    found: list[Any] = []
    for w in where:
        found += w.entries.get(name, ()) if isinstance(w, _Made) else [(*w, name)]
    return tuple(found[:_MOST])


def _value(expression: str, scope: Scope, defined: Defined, depth: int) -> Where:
    found = tokens(expression.strip())
    return _Reader(found, scope, defined, depth).pipeline() if found and depth < _DEEPEST else ()


class _Reader:
    """Reads one expression; `given` is what `include "wanted"` is given in it."""

    def __init__(self, words: list[str], scope: Scope, defined: Defined, depth: int) -> None:
        self.words = words
        self.scope = scope
        self.defined = defined
        self.depth = depth
        self.at = 0
        self.wanted = ""
        self.given: list[Where] = []

    def pipeline(self) -> Where:
        value = self._command(None)
        while self.at < len(self.words) and self.words[self.at] == "|":
            self.at += 1
            value = self._command(value)
        return value

    def _command(self, piped: Where | None) -> Where:
        name = ""
        held: list[tuple[str, Where]] = []  # each word as written, and its kind
        while self.at < len(self.words) and self.words[self.at] not in (")", "|"):
            word = self.words[self.at]
            self.at += 1
            if word == "(":
                value = self.pipeline()
                if self.at < len(self.words) and self.words[self.at] == ")":
                    self.at += 1
                after = self.words[self.at] if self.at < len(self.words) else ""
                # `(index . 0).Values` or `(x) .Values`: the space between them is not seen here.
                held.append(("", (*value, *_along(value, after)) if after[:1] == "." and len(after) > 1 else value))
            elif not held and not name and word[0].isalpha():
                name = word
            else:
                held.append((word, self._term(word)))
        if piped is not None:
            held.append(("", piped))
        return self._call(name, held) if name else held[0][1] if held else ()

    def _term(self, word: str) -> Where:
        if word[0] == "$":
            name, dot, _ = word.partition(".")
            where = self.scope.root if name == "$" else self.scope.variables.get(name, ())
            return _along(where, word[len(name) :]) if dot else where
        if word == ".":
            return self.scope.dot
        return _along(self.scope.dot, word) if word[0] == "." else ()

    def _call(self, name: str, held: list[tuple[str, Where]]) -> Where:
        if name in ("include", "template") and held:
            called, given = held[0][0].lstrip('"'), held[1][1] if len(held) > 1 else ()
            if called == self.wanted:
                self.given.append(given)
            return self._included(called, given)
        if name == "dict":
            keys = [word for word, _ in held[::2]]
            return (_Made({k.lstrip('"'): v for k, (_, v) in zip(keys, held[1::2], strict=False)}),)
        if name in ("list", "tuple"):
            return (_Made({str(n): value for n, (_, value) in enumerate(held)}),)
        if name in ("index", "get") and held:
            where = held[0][1]
            for word, _ in held[1:]:
                where = (
                    _step(where, word[1:] if word[:1] == '"' else word) if word[:1] == '"' or word.isdigit() else _items(where)
                )
            return where
        if name == "dig" and len(held) > 2:
            where = held[-1][1]
            for word, _ in held[:-2]:
                where = _step(where, word.lstrip('"'))
            return (*where, *held[-2][1])
        if name == "tpl":
            return held[0][1] if held else ()
        values = reversed(held) if name in ("default", "required", "ternary") else held
        return tuple([w for _, value in values for w in value][:_MOST])

    def _included(self, name: str, given: Where) -> Where:
        if self.depth >= _DEEPEST:
            return ()

        def others(called: str) -> tuple[Action | Choice, ...]:  # one that includes itself is read once
            return () if called == name else self.defined(called)

        found: list[Any] = []
        depth = self.depth + 1
        scope = Scope(given, given, {})
        left: list[tuple[Sequence[Action | Choice], Scope]] = [(self.defined(name), scope)]
        while left and len(found) < _MOST:
            items, scope = left.pop()
            for item in items:
                if isinstance(item, Action):
                    if item.prints:
                        found += _value(item.body, scope, others, depth)
                    scope = _assigned(item, scope, others, depth)
                else:
                    left += [(b.inside, _entered(b.action, scope, others, depth)) for b in item.branches]
        return tuple(found[:_MOST])


def _along(where: Where, path: str) -> Where:
    for name in path.split("."):
        if name:
            where = _step(where, name)
    return where
