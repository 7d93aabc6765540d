"""The actions of a template (`{{ … }}`, `{% … %}`) and how they nest; does not know any YAML or values.

Every place is one of the template's own text, in characters.
Source: Go 1.26 text/template/parse (lex.go, parse.go); Jinja 3.1 (lexer.py, parser.py).
"""

from __future__ import annotations

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_ACTIONS = 20_000
_DEEPEST = 60
_GO_OPENS = ("if", "with", "range", "define", "block")
_JINJA_ENDS = {
    "if": "endif",
    "for": "endfor",
    "macro": "endmacro",
    "block": "endblock",
    "filter": "endfilter",
    "raw": "endraw",
    "call": "endcall",
    "with": "endwith",
}
_ALWAYS = ("define", "block", "macro", "filter", "raw", "call")
_ALTERNATIVES = ("else", "elif")


class Action(Record):
    """One action: where it begins and ends in the text, what is in its braces, its first word ("" if it has none), and whether
    it prints something."""

    start: int
    end: int
    body: str
    word: str
    prints: bool


class Branch(Record):
    """One way through a choice: the action that opens it, and what is between that and the next one."""

    action: Action
    start: int
    end: int
    inside: tuple[Action | Choice, ...]


class Choice(Record):
    """`if`, `with`, `range` and similar to their `end`: one branch is selected (that of `range` any number of times), or none if
    there is no `else`. `always` is set for what is not a choice, such as `define`."""

    start: int
    end: int
    word: str
    branches: tuple[Branch, ...]
    has_else: bool
    always: bool


class Unbalanced(Exception):
    """The actions of a text do not nest, or are too many."""


def tree(text: str) -> tuple[Action | Choice, ...]:
    """The actions of a template in order, each choice with what is in it. Raises Unbalanced."""
    jinja = "{%" in text and "%}" in text
    found = list(_actions(text, jinja))
    if len(found) > _MOST_ACTIONS:
        raise Unbalanced
    reader = _Reader(found, jinja)
    inside = reader.inside(0)
    if reader.at < len(found):
        raise Unbalanced
    return inside


class _Reader:
    def __init__(self, actions: list[Action], jinja: bool) -> None:
        self.actions = actions
        self.jinja = jinja
        self.at = 0

    def inside(self, depth: int) -> tuple[Action | Choice, ...]:
        """What is here, up to the action that ends or changes the branch."""
        if depth > _DEEPEST:
            raise Unbalanced
        found: list[Action | Choice] = []
        while self.at < len(self.actions):
            action = self.actions[self.at]
            if self._is_boundary(action):
                break
            self.at += 1
            found.append(self._choice(action, depth) if self._opens(action) else action)
        return tuple(found)

    def _choice(self, first: Action, depth: int) -> Choice:
        branches: list[Branch] = []
        opening = first
        while True:
            inside = self.inside(depth + 1)
            if self.at >= len(self.actions):
                raise Unbalanced
            closing = self.actions[self.at]
            self.at += 1
            branches.append(Branch(opening, opening.end, closing.start, inside))
            if closing.word not in _ALTERNATIVES:
                if self.jinja and closing.word != _JINJA_ENDS[first.word]:
                    raise Unbalanced
                break
            opening = closing
        has_else = len(branches) > 1 and branches[-1].action.body.strip() == "else"
        return Choice(first.start, closing.end, first.word, tuple(branches), has_else, first.word in _ALWAYS)

    def _opens(self, action: Action) -> bool:
        if not self.jinja:
            return action.word in _GO_OPENS
        return not action.prints and action.word in _JINJA_ENDS

    def _is_boundary(self, action: Action) -> bool:
        if not self.jinja:
            return action.word in ("else", "end")
        return not action.prints and (action.word in _ALTERNATIVES or action.word.startswith("end"))


def _actions(text: str, jinja: bool) -> Iterator[Action]:
    return _jinja(text) if jinja else _go(text)


def _jinja(text: str) -> Iterator[Action]:
    import re

    # A string does not contain the end of its tag. What begins another tag is in none: so no text is searched twice.
    tag_at = re.compile(r"\{%(?:\"[^\"]*\"|'[^']*'|(?!%\}|\{%)[^\"'])*+%\}")
    ends = {"#": _Next(text, "#}"), "{": _Next(text, "}}")}
    raw = False
    at = _first_of(text, 0)
    while at >= 0:
        sign = text[at + 1]
        if sign == "%":
            match = tag_at.match(text, at)
            end = match.end() if match is not None else -1
        else:
            end = ends[sign].end(at + 2)
        if end < 0:
            at = _first_of(text, at + 1)
            continue
        body = text[at + 2 : end - 2].strip("-+ \t\n") if sign != "#" else ""
        word = body.split(None, 1)[0] if sign == "%" and body.strip() else ""
        if not raw or word == "endraw":  # what is in {% raw %} is text
            raw = word == "raw"
            yield Action(at, end, body, word, sign == "{")
        at = _first_of(text, end)


def _first_of(text: str, at: int) -> int:
    """Where the next tag, comment or output of Jinja begins; -1 if nowhere."""
    while (at := text.find("{", at)) >= 0 and text[at + 1 : at + 2] not in ("#", "%", "{"):
        at += 1
    return at


def _go(text: str) -> Iterator[Action]:
    import re

    # What begins another action is in none, but in a string or comment: so no text is searched twice.
    body_at = re.compile(
        r"\{\{(?:-(?=\s))?((?:\"(?:[^\"\\\n]|\\.)*+\"|`[^`]*`|'(?:[^'\\\n]|\\.)++'|(?!\}\}|\{\{)[^\"`'])*+)\}\}", re.S
    )
    comment_at = re.compile(r"\{\{(?:-(?=\s))?\s*+/\*")
    closed = re.compile(r"\*/(?:\s++-)?\s*+\}\}")
    ends = _Next(text, "*/")
    at = text.find("{{")
    while at >= 0:
        comment = comment_at.match(text, at)
        if comment is not None:
            after = ends.end(comment.end())
            match = closed.match(text, after - 2) if after >= 0 else None
        else:
            match = body_at.match(text, at)
        if match is None:
            at = text.find("{{", at + 1)
            continue
        if not at or text[at - 1] != "$":  # ${{ … }} belongs to another tool
            body = match[1] if comment is None else ""
            if body.endswith("-") and body[-2:-1].isspace():
                body = body[:-1]
            body = body.strip()
            yield Action(at, match.end(), body, _word(body), _prints(body))
        at = text.find("{{", match.end())


class _Next:
    """Finds the next of a sign from places that only go forward, so that each part of the text is searched once."""

    def __init__(self, text: str, sign: str) -> None:
        self.text = text
        self.sign = sign
        self.found = 0

    def end(self, at: int) -> int:
        """Return the end of the first marker at or after a position; -1 if there is none."""
        if 0 <= self.found < at or at == 0:
            self.found = self.text.find(self.sign, at)
        return self.found + len(self.sign) if self.found >= 0 else -1


def _word(body: str) -> str:
    word = ""
    for letter in body:
        if not letter.isalpha():
            break
        word += letter
    return word


def _prints(body: str) -> bool:
    if not body or body in ("break", "continue", "else", "end"):
        return False
    if body.startswith("$"):
        name, _, rest = body.partition("=")
        return not (rest and name.rstrip(": \t\n,").lstrip("$").replace("_", "a").isalnum() and not rest.startswith("="))
    return _word(body) != "fail" and not body.startswith("/*")
