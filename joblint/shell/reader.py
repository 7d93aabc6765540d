"""Reading a shell script from its first character to its last: plain commands with their redirections, or why it cannot be read.

The grammar is POSIX.1-2024, XCU 2.10, with what Bash adds, so that only what both refuse is a fault. What nobody can be sure of
(extended patterns, quotes within `${…}`) ends the reading. Knows no Kubernetes.
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.base.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    Words: TypeAlias = "list[str]"
    Redirects: TypeAlias = "list[Redirect]"

_META = frozenset(" \t\n;&|<>()")
_STOPS = frozenset(" \t\n;&|<>()\\'\"$`")
_CLOSERS = names("then elif else fi do done esac }")
_DEEPEST = 60  # compound commands and substitutions within each other
_PARTNER = {"if": "fi", "elif": "fi", "else": "fi", "then": "fi", "while": "done", "until": "done", "for": "done"}
_PARTNER |= {"do": "done", "case": "esac", "{": "}", "(": ")", "$(": ")"}


@record
class Fault:
    """`start` and `end` count characters of the script. `what` is what is wrong there: unclosed (a quote, a bracket), open (a
    compound command), unexpected (a word or sign) or here (a here-document whose end is not found); `text` is that word or
    sign, `missing` what is missing, `swallowed` the lines that a here-document takes with it, `indented` whether its end
    stands there but for blanks around it."""

    start: int
    end: int
    what: str
    text: str
    missing: str = ""
    swallowed: int = 0
    indented: bool = False


@record
class Redirect:
    """A redirection: its characters, the descriptor ("" where none is written), the sign, and the word behind it as written."""

    start: int
    end: int
    descriptor: str
    sign: str
    word: str


@record
class Plain:
    """A simple command: its characters, its words as written, its redirections."""

    start: int
    end: int
    words: tuple[str, ...]
    redirects: tuple[Redirect, ...]


@record
class Reading:
    """What came of reading a script: its simple commands that have redirections (substitutions' among them), in the order of
    their ends, its fault, the first here-document whose end is not found, and whether all of it was read."""

    redirected: tuple[Plain, ...]
    fault: Fault | None
    here: Fault | None
    whole: bool


def read(text: str) -> Reading:
    """Reads a script."""
    reader = _Reader(text)
    found: Fault | None = None
    whole = False
    try:
        reader.program()
        whole = True
    except _Found as caught:
        found = caught.fault
    except _Unsure:
        pass
    return Reading(tuple(reader.redirected), found, reader.lost_here, whole)


class _Found(Exception):
    """A fault ends the reading."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault


class _Unsure(Exception):
    """Something ends the reading that may be right or wrong."""


class _Reader:
    """One script on its way from its first character to its last."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.size = len(text)
        self.at = 0
        self.depth = 0
        self.pending: list[tuple[str, bool, int]] = []
        self.lost_here: Fault | None = None
        self.compound = False  # whether a compound command was the last
        self.redirected: list[Plain] = []

    def program(self) -> None:
        while True:
            self.list()
            if self.at >= self.size:
                return
            self.refuse(self.token())

    # signs

    def refuse(self, token: str, instead: str = "") -> None:
        """Ends the reading at a token that may not stand here."""
        if self.at >= self.size:
            raise _Found(Fault(self.size, self.size, "unexpected", ""))
        if _placeholder(self.text, self.at):
            raise _Unsure
        raise _Found(Fault(self.at, self.at + max(1, len(token)), "unexpected", token.strip() or "the end of the line", instead))

    def open(self, word: str, start: int, missing: str) -> None:
        raise _Found(Fault(start, start + len(word), "open", word, missing))

    def token(self) -> str:
        """The sign or the plain word at this place."""
        for sign in (";;&", ";;", ";&", "&&", "||", "|&", "<<-", "<<<", "<<", ">>", "&>>", "&>", ">|", "<>", ">&", "<&"):
            if self.text.startswith(sign, self.at):
                return sign
        if self.at >= self.size or self.text[self.at] in _META:
            return self.text[self.at : self.at + 1]
        end = self.at
        while end < self.size and self.text[end] not in _META:
            end += 1
        return self.text[self.at : end]

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def blanks(self) -> None:
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
                raise _Unsure
            else:
                return

    def newline(self) -> None:
        """Past a line break, and past the here-documents that begin after it."""
        self.at += 1
        pending, self.pending = self.pending, []
        for mark, tabs, start in pending:
            self.here(mark, tabs, start)

    def here(self, mark: str, tabs: bool, start: int) -> None:
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
        """Past blanks, comments and line breaks."""
        while True:
            self.blanks()
            if self.peek() != "\n":
                return
            self.newline()

    # commands

    def list(self) -> bool:
        """Statements up to what ends them, which is left there; whether there was one."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _Unsure
        any_command = False
        while True:
            self.lines()
            if self.at >= self.size or self.peek() == ")" or self.closes() or self.text.startswith((";;", ";&"), self.at):
                break
            begin = self.at
            self.and_or()
            any_command = True
            if self.depth == 1 and self.text.startswith(("exit", "exec "), begin):
                raise _Unsure  # a shell reads on only after it has run what it has read
            self.blanks()
            if self.at >= self.size:
                break
            if self.peek() == "\n":
                continue
            if self.text.startswith((";;", ";&"), self.at) or self.peek() == ")":
                continue
            if self.compound and self.closes():
                continue  # `if (a) then`, `fi fi`
            if self.peek() in ";&":
                self.at += 1
                self.blanks()
                if self.peek() in (";", "&", "|") and self.peek() and not self.text.startswith((";;", ";&"), self.at):
                    self.refuse(self.token())
                continue
            self.refuse(self.token())
        self.depth -= 1
        return any_command

    def closes(self) -> bool:
        token = self.token()
        return token in _CLOSERS

    def and_or(self) -> None:
        while True:
            self.pipeline()
            self.blanks()
            if not self.text.startswith(("&&", "||"), self.at):
                return
            sign, start = self.text[self.at : self.at + 2], self.at
            self.at += 2
            self.lines()
            if self.at >= self.size:
                self.open(sign, start, "a command after it")

    def pipeline(self) -> None:
        self.blanks()
        while self.token() in ("!", "time"):
            self.at += len(self.token())
            self.blanks()
            if self.peek() in ("", "\n", ";", "-"):
                raise _Unsure
        while True:
            self.command()
            self.blanks()
            if self.peek() != "|" or self.text.startswith("||", self.at):
                return
            start = self.at
            self.at += 2 if self.text.startswith("|&", self.at) else 1
            self.lines()
            if self.at >= self.size:
                self.open("|", start, "a command after it")

    def command(self) -> None:
        token, start = self.token(), self.at
        if self.at >= self.size or token in _CLOSERS or token[:1] in (";", "&", "|", ")", "\n"):
            if token[:2] == "&>":
                self.simple()
                return
            self.refuse(token)
        compound: Callable[[int], None] | None = {
            "if": self.conditional,
            "while": self.looped,
            "until": self.looped,
            "for": self.counted,
            "case": self.case,
            "{": self.braces,
        }.get(token)
        self.compound = False
        if compound is not None:
            self.at += len(token)
            compound(start)
            self.redirects()
        elif token == "[[":
            self.at += 2
            self.test()
            self.redirects()
        elif self.text.startswith("((", self.at):
            self.at += 2
            self.arithmetic()
            self.redirects()
        elif token == "(":
            self.at += 1
            self.inside("(", start)
            self.redirects()
        elif token == "function":
            self.at += len(token)
            self.blanks()
            self.word()
            self.blanks()
            if self.text.startswith("()", self.at):
                self.at += 2
            self.lines()
            self.command()
        elif token in ("coproc", "select"):
            raise _Unsure
        else:
            self.simple()
            self.compound = False
            return
        self.compound = True

    def inside(self, sign: str, start: int) -> None:
        """Statements up to the `)` that closes a subshell or a substitution."""
        some = self.list()
        if self.at >= self.size:
            self.open(sign, start, ")")
        if self.peek() != ")" or not some and sign == "(":
            self.refuse(self.token())
        if self.pending:
            raise _Unsure
        self.at += 1

    def expect(self, word: str, opener: str, start: int) -> None:
        """Past a reserved word that must come here."""
        self.lines()
        if self.at >= self.size:
            self.open(opener, start, word if word in ("then", "do") else _PARTNER[opener])
        if self.token() != word:
            self.refuse(self.token(), word)
        self.at += len(word)

    def body(self, opener: str, start: int) -> None:
        """Statements of which there must be one."""
        if not self.list():
            if self.at >= self.size:
                self.open(opener, start, _PARTNER[opener])
            self.refuse(self.token())

    def conditional(self, start: int) -> None:
        self.body("if", start)
        self.expect("then", "if", start)
        self.body("if", start)
        while True:
            self.lines()
            token = self.token()
            if token == "elif":
                self.at += 4
                self.body("if", start)
                self.expect("then", "if", start)
                self.body("if", start)
            elif token == "else":
                self.at += 4
                self.body("if", start)
                self.expect("fi", "if", start)
                return
            else:
                self.expect("fi", "if", start)
                return

    def looped(self, start: int) -> None:
        word = self.text[start : self.at]
        self.body(word, start)
        self.expect("do", word, start)
        self.body(word, start)
        self.expect("done", word, start)

    def counted(self, start: int) -> None:
        word = self.text[start : self.at]
        self.blanks()
        if self.text.startswith("((", self.at):
            self.at += 2
            self.arithmetic()
        else:
            name = self.token()
            if not name.replace("_", "").isalnum():
                raise _Unsure
            self.word()
            self.lines()
            if self.token() == "in":
                self.at += 2
                while True:
                    self.blanks()
                    if self.at >= self.size:
                        self.open(word, start, "do")
                    if self.peek() in (";", "\n"):
                        break
                    if self.peek() in "&|<>()":
                        self.refuse(self.token())
                    self.word()
        self.blanks()
        if self.peek() == ";":
            self.at += 1
        self.lines()
        if self.token() == "{":
            raise _Unsure
        self.expect("do", word, start)
        self.body(word, start)
        self.expect("done", word, start)

    def case(self, start: int) -> None:
        self.blanks()
        self.word()
        self.lines()
        if self.at >= self.size:
            self.open("case", start, "esac")
        if self.token() != "in":
            self.refuse(self.token())
        self.at += 2
        while True:
            self.lines()
            if self.at >= self.size:
                self.open("case", start, "esac")
            if self.token() == "esac":
                self.at += 4
                return
            if self.peek() == "(":
                self.at += 1
            while True:
                self.blanks()
                if self.at >= self.size:
                    self.open("case", start, "esac")
                if self.peek() in "\n;&<>(":
                    raise _Unsure
                if self.peek() == "|":
                    self.at += 1
                elif self.peek() == ")":
                    self.at += 1
                    break
                else:
                    self.word()
            self.list()
            self.lines()
            if self.at >= self.size:
                self.open("case", start, "esac")
            if self.text.startswith((";;&", ";;", ";&"), self.at):
                self.at += 3 if self.text.startswith(";;&", self.at) else 2
            elif self.token() != "esac":
                self.refuse(self.token())

    def braces(self, start: int) -> None:
        self.body("{", start)
        self.expect("}", "{", start)

    def test(self) -> None:
        """`[[ … ]]`, whose signs are no shell's."""
        while True:
            while self.at < self.size and self.text[self.at] in " \t\n;&|<>()":
                self.at += 1
            if self.at >= self.size:
                raise _Unsure
            if self.token() == "]]":
                self.at += 2
                return
            self.word()

    def arithmetic(self) -> None:
        """`(( … ))` behind its first brackets."""
        depth = 2
        while depth:
            c = self.peek()
            if not c:
                raise _Unsure
            if c in "'\"`\\":
                raise _Unsure
            if c == "(":
                depth += 1
            elif c == ")":
                depth -= 1
                if depth == 1 and not self.text.startswith("))", self.at):
                    raise _Unsure
            if c == "$" and self.text.startswith(("$(", "${"), self.at):
                self.dollar(False)
                continue
            self.at += 1

    def simple(self) -> None:
        start = self.at
        words: list[str] = []
        redirects: list[Redirect] = []
        self.words_of(words, redirects)
        if redirects:
            self.redirected.append(Plain(start, len(self.text[: self.at].rstrip()), tuple(words), tuple(redirects)))

    def words_of(self, words: Words, redirects: Redirects) -> None:
        first = True
        while True:
            self.blanks()
            if self.at >= self.size or self.peek() in "\n;|":
                return
            if self.peek() == "&" and not self.text.startswith("&>", self.at):
                return
            if self.peek() == ")":
                return
            redirect = self.redirect()
            if redirect is not None:
                redirects.append(redirect)
                continue
            if self.peek() == "(":
                self.refuse("(")
            begin = self.at
            self.word()
            word = self.text[begin : self.at]
            words.append(word)
            if self.peek() == "(":
                if word.endswith("=") and len(word) > 1:
                    self.at += 1
                    self.array()
                    first = False
                    continue
                if word[-1:] in "?*+@!":
                    raise _Unsure
            after = self.at
            self.blanks()
            if first and self.text.startswith("()", self.at) or first and self.text.startswith("( )", self.at):
                self.at = self.text.index(")", self.at) + 1
                self.lines()
                if self.at >= self.size:
                    raise _Unsure
                self.command()
                return
            if self.peek() != "(":
                self.at = after
            first = first and "=" in word

    def array(self) -> None:
        while True:
            self.lines()
            if self.at >= self.size:
                raise _Unsure
            if self.peek() == ")":
                self.at += 1
                return
            if self.peek() in ";&|<>(":
                raise _Unsure
            self.word()
            if self.peek() == "(":
                raise _Unsure

    def redirects(self) -> None:
        while True:
            self.blanks()
            redirect = self.redirect()
            if redirect is None:
                return
            self.redirected.append(Plain(redirect.start, redirect.end, (), (redirect,)))

    def redirect(self) -> Redirect | None:
        """Past a redirection, if one stands here."""
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
                raise _Unsure  # <a name to fill in>
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
        """Past one word, with all that is quoted and substituted in it."""
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
            raise _Unsure

    def single(self) -> None:
        end = self.text.find("'", self.at + 1)
        if end < 0:
            raise _Found(Fault(self.at, self.at + 1, "unclosed", "'"))
        self.at = end + 1

    def double(self) -> None:
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
        raise _Found(Fault(start, start + 1, "unclosed", '"'))

    def backtick(self) -> None:
        start = self.at
        self.at += 1
        while self.at < self.size:
            c = self.text[self.at]
            if c == "`":
                self.at += 1
                return
            self.at += 2 if c == "\\" else 1
        raise _Found(Fault(start, start + 1, "unclosed", "`"))

    def dollar(self, quoted: bool) -> None:
        text, start = self.text, self.at
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
                raise _Unsure
            self.at += 1
        elif text.startswith('$"', start) and not quoted:
            self.at += 1
        else:
            self.at += 1

    def parameter(self, start: int, quoted: bool) -> None:
        while self.at < self.size:
            c = self.text[self.at]
            if c == "}":
                self.at += 1
                return
            if c == "\\":
                self.at += 2
            elif c == "'":
                raise _Unsure  # whether it quotes depends on what stands around it
            elif c == '"':
                self.double()
            elif c == "$":
                self.dollar(quoted)
            elif c == "`":
                self.backtick()
            elif c == "\n" and not quoted:
                raise _Unsure
            else:
                self.at += 1
        raise _Found(Fault(start, start + 2, "unclosed", "${"))


def _placeholder(text: str, at: int) -> bool:
    """Whether `<something to fill in>` stands around a place."""
    line = text[text.rfind("\n", 0, at) + 1 :].partition("\n")[0]
    before, _, after = line.partition("<")
    inner = after.partition(">")[0]
    return ">" in after and bool(inner) and inner.replace("-", "").replace("_", "").replace(" ", "").replace(".", "").isalnum()
