"""Scripts that consist of plain commands, read line by line; most scripts of Jobs are such, and need no parser.

Knows words, simple quotes, variables, redirections at the end of a command, and `&&`, `||`, `|`, `;`. Whatever else there is
(substitutions, compound commands, patterns, escapes, here-documents) is left to `grammar` and `reader`, for the whole script. So
what is read here is what they would give.
"""

from __future__ import annotations

from joblint.base.memo import memo
from joblint.base.names import names
from joblint.base.record import Record
from joblint.shell.redirect import Redirect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Joined: TypeAlias = "tuple[str, Simple]"
    """A command with the sign before it: `&&`, `||`, `|`, or "" for the first one of a statement."""

_ELSEWHERE = frozenset("\\`()*?[]~<!\t\r\f\v^\0")
"""What no plain script contains, not even in its comments."""
_IN_WORDS = str.maketrans("", "", "-_./:,@%+=")
_BEGIN = frozenset("-./_")
_AT_FIRST = frozenset("%@,+")
"""Marks that the name of a command does not contain."""
_MARKS = frozenset(("--", "/", ".", ".."))
"""Words without a letter or a digit."""
_JOINS = frozenset(("&&", "||", "|"))
_RESERVED = names("if then elif else fi while until for select do done case esac function time coproc in export declare local")
_RESERVED |= names("readonly typeset unset unsetenv let")
"""Words with a grammar of their own at the beginning of a command."""
_MOST_JOINED = 100
_LONGEST = 20_000  # characters


class Simple(Record):
    """A command: its characters of the line without the redirections, its words as the shell passes them ("" if known only at
    run time) and as written, the assignments before them, and the redirections after them, also as written."""

    start: int
    end: int
    words: tuple[str, ...]
    texts: tuple[str, ...]
    assigns: tuple[str, ...]
    redirects: tuple[Redirect, ...]
    written: tuple[str, ...]


def read(text: str) -> list[tuple[int, tuple[Joined, ...]]] | None:
    """Return the statements of a script, each with the beginning of its line; None if the script is not plain."""
    found: list[tuple[int, tuple[Joined, ...]]] = []
    if len(text) > _LONGEST:
        return None
    begin = 0
    for line in text.split("\n"):
        statements = statements_of(line)
        if statements is None:
            return None
        for statement in statements:
            found.append((begin, statement))
        begin += len(line) + 1
    return found


@memo(1 << 11)
def statements_of(line: str) -> tuple[tuple[Joined, ...], ...] | None:
    """Return the statements of a line; None if it is not plain."""
    if not line.isascii() or not _ELSEWHERE.isdisjoint(line):
        return None
    found: list[tuple[Joined, ...]] = []
    statement: list[Joined] = []
    sign = ""
    command = _Command()
    at, end = 0, len(line)
    while at < end:
        first = line[at]
        if first == " ":
            at += 1
            continue
        if first == "#":
            if command.redirects:
                return None
            break
        after = _end(line, at, end)
        if after < 0:
            return None
        token = line[at:after]
        last = first != '"' and first != "'" and token[-1] == ";"
        if last:
            token = token[:-1]
        if token in _JOINS:
            if last or not command.put(line, statement, sign) or len(statement) > _MOST_JOINED:
                return None
            sign, command = token, _Command()
        elif token and not command.take(at, token):
            return None
        if last:
            if not command.put(line, statement, sign):
                return None
            found.append(tuple(statement))
            statement, sign, command = [], "", _Command()
        at = after
    if command.start >= 0:
        if not command.put(line, statement, sign):
            return None
        found.append(tuple(statement))
    elif sign:
        return None
    return tuple(found)


def _end(line: str, at: int, end: int) -> int:
    """The end of the token that begins at a place; -1 if it is not plain."""
    quote = line[at]
    if quote == '"' or quote == "'":
        after = line.find(quote, at + 1, end) + 1
        return after if after and (after == end or line[after] == " ") else -1
    after = line.find(" ", at, end)
    return after if after >= 0 else end


class _Command:
    """A command that is being read."""

    __slots__ = ("assigns", "end", "pending", "redirects", "start", "texts", "words")

    def __init__(self) -> None:
        self.start = -1
        self.end = 0
        self.words: list[str] = []
        self.texts: list[str] = []
        self.assigns: list[str] = []
        self.redirects: list[Redirect] = []
        self.pending: tuple[int, str, str] | None = None

    def put(self, line: str, statement: list[Joined], sign: str) -> bool:
        """Add the command to its statement; return whether it is complete and plain."""
        if self.start < 0 or self.pending is not None or self.redirects and not self.words:
            return False
        if sign == "|" and statement[-1][1].redirects or sign and statement[-1][0] and (sign == "|") != (statement[-1][0] == "|"):
            return False  # the grammar reads some of these in another order
        statement.append(
            (
                sign,
                Simple(
                    self.start,
                    self.end,
                    tuple(self.words),
                    tuple(self.texts),
                    tuple(self.assigns),
                    tuple(self.redirects),
                    tuple([line[r.start : r.end] for r in self.redirects]),
                ),
            )
        )
        return True

    def take(self, at: int, token: str) -> bool:
        """Add a token; return whether it is plain."""
        if self.start < 0:
            self.start = at
        if self.pending is not None:
            begin, descriptor, sign = self.pending
            self.pending = None
            if _value(token) is None or token[0] in "\"'":
                return False
            self.redirects.append(Redirect(begin, at + len(token), descriptor, sign, token))
            return True
        value = _value(token)
        if value is None:
            return ">" in token and self._redirect(at, token)
        if self.redirects:
            return False
        if not self.words:
            name, equals, _ = token.partition("=")
            if equals and name.isidentifier() and not self.assigns:
                self.assigns.append(token)
                self.end = at + len(token)
                return True
            if equals or self.assigns or token in _RESERVED or not value or not _AT_FIRST.isdisjoint(token) or token[0] == "-":
                return False
        self.words.append(value)
        self.texts.append(token)
        self.end = at + len(token)
        return True

    def _redirect(self, at: int, token: str) -> bool:
        descriptor, _, rest = token.partition(">")
        if descriptor and not descriptor.isdecimal() or token[0] in "\"'" or not self.words or self.texts[-1].isdecimal():
            return False
        sign = ">"
        if rest[:1] == ">":
            sign, rest = ">>", rest[1:]
        elif rest[:1] == "&":
            sign, rest = ">&", rest[1:]
            if not rest.isdecimal():
                return False
        if not rest:
            self.pending = at, descriptor, sign
            return True
        if _value(rest) is None or rest[0] in "\"'":
            return False
        self.redirects.append(Redirect(at, at + len(token), descriptor, sign, rest))
        return True


@memo(1 << 12)
def _value(token: str) -> str | None:
    """What the shell passes for a token, "" if it is known only at run time; None if it is not plain."""
    first = token[0]
    if first == "'":
        return token[1:-1]
    if first == '"':
        inner = token[1:-1]
        return inner if "$" not in inner else "" if _is_known_later(inner) else None
    if token.translate(_IN_WORDS).isalnum():
        return token if first.isalnum() or first in _BEGIN else None
    if token in _MARKS:
        return token
    if token.count("$") == 1 and token.count("{") == token.count("${") == token.count("}") and _is_known_later(token):
        rest = token.translate(_IN_VARIABLES)
        return "" if (not rest or rest.isalnum()) and (first.isalnum() or first == "$" or first in _BEGIN) else None
    return None


_IN_VARIABLES = str.maketrans("", "", "-_./:,@%+=${}")


def _is_known_later(text: str) -> bool:
    """Whether each `$` in a text begins `$NAME` or `${NAME}`."""
    for part in text.split("$")[1:]:
        if part[:1] == "{":
            name, brace, _ = part[1:].partition("}")
            if not brace or not name.isidentifier():
                return False
        elif not (part[:1].isalpha() or part[:1] == "_"):
            return False
    return True
