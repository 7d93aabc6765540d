"""Reading a shell script character by character: words with quotes and substitutions, redirections, here-documents.

Sources: POSIX.1-2024, XCU 2.2, 2.3, 2.6 and 2.7, with Bash's extensions. Knows no commands: a subclass reads those inside of
substitutions.
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.shell.redirect import Redirect

_META = frozenset(" \t\n;&|<>()")
# Operators of several characters by their first one, each before those that are a prefix of it.
_OPERATORS = {
    ";": (";;&", ";;", ";&"),
    "&": ("&&", "&>>", "&>"),
    "|": ("||", "|&"),
    "<": ("<<-", "<<<", "<<", "<>", "<&"),
    ">": (">>", ">|", ">&"),
}
DEEPEST = 60
"""The most compound commands, or substitutions, within each other that are read."""
_STOPS = frozenset(" \t\n;&|<>()\\'\"$`")


class Fault(Record):
    """`start` and `end` count characters of the script. `what` is the kind: unclosed (a quote, a bracket), open (a compound
    command), unexpected (a word or operator) or here (a here-document without its end mark); `text` is that word or operator,
    `missing` what is missing, `swallowed` the lines that become part of a here-document, `indented` whether its end mark is
    there but with white space around it."""

    start: int
    end: int
    what: str
    text: str
    missing: str = ""
    swallowed: int = 0
    indented: bool = False


class Plain(Record):
    """A simple command: its characters, its words as written, its redirections."""

    start: int
    end: int
    words: tuple[str, ...]
    redirects: tuple[Redirect, ...]


class Found(Exception):
    """Raised to stop reading at a fault."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault


class Unsure(Exception):
    """Raised to stop reading at something that may be right or wrong."""


class Lexer:
    """One script, and the current position in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.size = len(text)
        self.at = 0
        self.depth = 0
        self.substitutions = 0
        self.pending: list[tuple[str, bool, int]] = []
        self.lost_here: Fault | None = None
        self.compound = False  # whether a compound command was the last
        self.redirected: list[Plain] = []

    # operators

    def refuse(self, token: str, instead: str = "") -> None:
        """Stop reading at a token that is not allowed here. Raises Found."""
        if self.at >= self.size:
            raise Found(Fault(self.size, self.size, "unexpected", ""))
        if _placeholder(self.text, self.at):
            raise Unsure
        raise Found(Fault(self.at, self.at + max(1, len(token)), "unexpected", token.strip() or "the end of the line", instead))

    def open(self, word: str, start: int, missing: str) -> None:
        """Stop reading: the end of what began at `start` is missing. Raises Found."""
        raise Found(Fault(start, start + len(word), "open", word, missing))

    def token(self) -> str:
        """Return the operator or the plain word at this position."""
        text, at, size = self.text, self.at, self.size
        first = text[at : at + 1]
        if first in _OPERATORS:
            for sign in _OPERATORS[first]:
                if text.startswith(sign, at):
                    return sign
        if first in _META:
            return first
        end = at
        while end < size and text[end] not in _META:
            end += 1
        return text[at:end]

    def peek(self) -> str:
        """Return the character at this position, "" at the end."""
        return self.text[self.at : self.at + 1]

    def blanks(self) -> None:
        """Skip white space, comments and line continuations."""
        text, size = self.text, self.size
        while self.at < size:
            c = text[self.at]
            if c == " " or c == "\t":
                self.at += 1
            elif c == "\\" and text.startswith("\\\n", self.at):
                self.at += 2
            elif c == "#":
                end = text.find("\n", self.at)
                self.at = size if end < 0 else end
            elif c == "\r":
                raise Unsure
            else:
                return

    def newline(self) -> None:
        """Skip a line break and the here-documents that begin after it."""
        self.at += 1
        pending, self.pending = self.pending, []
        for mark, tabs, start in pending:
            self.here(mark, tabs, start)

    def here(self, mark: str, tabs: bool, start: int) -> None:
        """Skip a here-document up to its end mark; `tabs` says whether the mark may be indented by tabs."""
        begin = self.at
        near = False
        while self.at < self.size:
            end = self.text.find("\n", self.at)
            end = self.size if end < 0 else end
            line = self.text[self.at : end]
            self.at = min(end + 1, self.size)
            if (line.lstrip("\t") if tabs else line) == mark:
                if end < self.size:
                    self.at = end + 1
                return
            near = near or line.strip() == mark
        rest = self.text[begin:].strip("\n")
        after = rest.split("\n")
        swallowed = len(after)
        if near:
            place = next(i for i, line in enumerate(after) if line.strip() == mark)
            swallowed = len([line for line in after[place + 1 :] if line.strip()])
        if self.lost_here is None:
            self.lost_here = Fault(start, start + 2 + len(mark), "here", mark, "", swallowed if near else 0, near)

    def lines(self) -> None:
        """Skip white space, comments and line breaks."""
        while True:
            self.blanks()
            if self.peek() != "\n":
                return
            self.newline()

    def arithmetic(self) -> None:
        """Skip the rest of `(( … ))` after its opening brackets."""
        depth = 2
        while depth:
            c = self.peek()
            if not c:
                raise Unsure
            if c in "'\"`\\":
                raise Unsure
            if c == "(":
                depth += 1
            elif c == ")":
                depth -= 1
                if depth == 1 and not self.text.startswith("))", self.at):
                    raise Unsure
            if c == "$" and self.text.startswith(("$(", "${"), self.at):
                self.dollar(False)
                continue
            self.at += 1

    def array(self) -> None:
        """Skip the words of an array, up to its `)`."""
        while True:
            self.lines()
            if self.at >= self.size:
                raise Unsure
            if self.peek() == ")":
                self.at += 1
                return
            if self.peek() in ";&|<>(":
                raise Unsure
            self.word()
            if self.peek() == "(":
                raise Unsure

    def redirect(self) -> Redirect | None:
        """Read a redirection, if there is one here."""
        at = self.at
        while at < self.size and self.text[at].isdigit():
            at += 1
        if not self.text.startswith(("<", ">"), at) and not (at == self.at and self.text.startswith("&>", at)):
            return None
        if self.text.startswith(("<(", ">("), at):
            return None
        begin = self.at
        self.at = at
        sign = self.token()
        self.at += len(sign)
        tabs = sign == "<<-"
        self.blanks()
        start = self.at
        if self.at >= self.size or self.peek() in "\n;&|)" or self.peek() in "<>" and self.text[self.at + 1 : self.at + 2] != "(":
            if _placeholder(self.text, begin) or "<" in self.text[max(0, begin - 60) : begin].rpartition("\n")[2]:
                raise Unsure  # <a name to fill in>
            self.refuse(self.token())
        if self.peek() == "(":
            self.refuse("(")
        self.word()
        if sign in ("<<", "<<-"):
            mark = self.text[start : self.at]
            for quote in "'\"\\":
                mark = mark.replace(quote, "")
            self.pending.append((mark, tabs, at))
        return Redirect(begin, self.at, self.text[begin:at], sign, self.text[start : self.at])

    # words

    def word(self) -> None:
        """Skip one word, with everything quoted and substituted in it."""
        text, size = self.text, self.size
        begin = self.at
        while self.at < size:
            c = text[self.at]
            if c not in _STOPS:
                self.at += 1
            elif c == "\\":
                self.at += 2
            elif c == "'":
                self.single()
            elif c == '"':
                self.double()
            elif c == "$":
                self.dollar(False)
            elif c == "`":
                self.backtick()
            elif c in "<>" and self.at == begin and text.startswith("(", self.at + 1):
                start = self.at
                self.at += 2
                self.inside("(", start)
            else:
                break
        self.at = min(self.at, size)
        if self.at == begin:
            raise Unsure

    def single(self) -> None:
        """Skip the content of single quotes."""
        end = self.text.find("'", self.at + 1)
        if end < 0:
            raise Found(Fault(self.at, self.at + 1, "unclosed", "'"))
        self.at = end + 1

    def double(self) -> None:
        """Skip the content of double quotes."""
        start = self.at
        self.at += 1
        while self.at < self.size:
            c = self.text[self.at]
            if c == '"':
                self.at += 1
                return
            if c == "\\":
                self.at += 2
            elif c == "$":
                self.dollar(True)
            elif c == "`":
                self.backtick()
            else:
                self.at += 1
        raise Found(Fault(start, start + 1, "unclosed", '"'))

    def backtick(self) -> None:
        """Skip the content of backquotes."""
        start = self.at
        self.at += 1
        while self.at < self.size:
            c = self.text[self.at]
            if c == "`":
                self.at += 1
                return
            self.at += 2 if c == "\\" else 1
        raise Found(Fault(start, start + 1, "unclosed", "`"))

    def dollar(self, quoted: bool) -> None:
        """Skip what begins with a dollar sign; `quoted` says whether it is inside double quotes."""
        text, start = self.text, self.at
        self.substitutions += 1
        if self.substitutions > DEEPEST:
            raise Unsure
        if text.startswith("$((", start):
            self.at += 3
            self.arithmetic()
        elif text.startswith("$(", start):
            self.at += 2
            self.inside("$(", start)
        elif text.startswith("${", start):
            self.at += 2
            self.parameter(start, quoted)
        elif text.startswith("$'", start) and not quoted:
            self.at += 2
            while self.at < self.size and text[self.at] != "'":
                self.at += 2 if text[self.at] == "\\" else 1
            if self.at >= self.size:
                raise Unsure
            self.at += 1
        elif text.startswith('$"', start) and not quoted:
            self.at += 1
        else:
            self.at += 1
        self.substitutions -= 1

    def parameter(self, start: int, quoted: bool) -> None:
        """Skip the rest of `${…}`."""
        while self.at < self.size:
            c = self.text[self.at]
            if c == "}":
                self.at += 1
                return
            if c == "\\":
                self.at += 2
            elif c == "'":
                raise Unsure  # whether it quotes depends on the context
            elif c == '"':
                self.double()
            elif c == "$":
                self.dollar(quoted)
            elif c == "`":
                self.backtick()
            elif c == "\n" and not quoted:
                raise Unsure
            else:
                self.at += 1
        raise Found(Fault(start, start + 2, "unclosed", "${"))

    def inside(self, sign: str, start: int) -> None:
        """Skip the commands of a substitution or a subshell that begins with `sign` at `start`, up to its `)`."""
        raise NotImplementedError


def _placeholder(text: str, at: int) -> bool:
    """Whether there is a `<placeholder>` around a position."""
    line = text[text.rfind("\n", 0, at) + 1 :].partition("\n")[0]
    before, _, after = line.partition("<")
    inner = after.partition(">")[0]
    return ">" in after and bool(inner) and inner.replace("-", "").replace("_", "").replace(" ", "").replace(".", "").isalnum()
