"""Reading a whole shell script: its simple commands with their redirections, or why it cannot be read.

The grammar is POSIX.1-2024, XCU 2.10, with Bash's extensions, so that only what both reject is a fault. Uncertain syntax
(extended patterns, quotes within `${…}`) ends the reading. Knows nothing of Kubernetes.
"""

from __future__ import annotations

from joblint.base.memo import memo
from joblint.base.names import names
from joblint.base.record import Record
from joblint.shell import plain
from joblint.shell.lexer import DEEPEST, Fault, Found, Lexer, Plain, Unsure
from joblint.shell.redirect import Redirect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from joblint.shell.plain import Joined

    Words: TypeAlias = "list[str]"
    Redirects: TypeAlias = "list[Redirect]"

_CLOSERS = names("then elif else fi do done esac }")
_PARTNER = {"if": "fi", "elif": "fi", "else": "fi", "then": "fi", "while": "done", "until": "done", "for": "done"}
_PARTNER |= {"do": "done", "case": "esac", "{": "}", "(": ")", "$(": ")"}


class Reading(Record):
    """The result of reading a script: its simple commands that have redirections (including those in substitutions), in the
    order of their ends, its fault, the first here-document without its end mark, and whether all of it was read."""

    redirected: tuple[Plain, ...]
    fault: Fault | None
    here: Fault | None
    whole: bool


@memo(8)
def read(text: str) -> Reading:
    """Read a script; the result is cached, because several checks use the same script."""
    statements = plain.read(text)
    if statements:
        return _plain(text, statements)
    reader = _Reader(text)
    found: Fault | None = None
    whole = False
    try:
        reader.program()
        whole = True
    except Found as caught:
        found = caught.fault
    except Unsure:
        pass
    return Reading(tuple(reader.redirected), found, reader.lost_here, whole)


def _plain(text: str, statements: list[tuple[int, tuple[Joined, ...]]]) -> Reading:
    """The reading of a plain script, which has no faults. It ends at `exit` and `exec`: a shell reads on only after it has run
    what it has read so far."""
    redirected: list[Plain] = []
    for begin, statement in statements:
        for _, one in statement:
            if one.redirects:
                redirects = tuple([Redirect(begin + r.start, begin + r.end, r.descriptor, r.sign, r.word) for r in one.redirects])
                redirected.append(Plain(begin + one.start, redirects[-1].end, (*one.assigns, *one.texts), redirects))
        if text.startswith(("exit", "exec "), begin + statement[0][1].start):
            return Reading(tuple(redirected), None, None, False)
    return Reading(tuple(redirected), None, None, True)


class _Reader(Lexer):
    """The commands of a script, from its first character to its last."""

    def program(self) -> None:
        while True:
            self.list()
            if self.at >= self.size:
                return
            self.refuse(self.token())

    # commands

    def list(self) -> bool:
        """Read statements up to their end mark, which is not consumed; return whether there was one."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unsure
        any_command = False
        while True:
            self.lines()
            if self.at >= self.size or self.peek() == ")" or self.closes() or self.text.startswith((";;", ";&"), self.at):
                break
            begin = self.at
            self.and_or()
            any_command = True
            if self.depth == 1 and self.text.startswith(("exit", "exec "), begin):
                raise Unsure  # a shell reads on only after it has run what it has read so far
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
                raise Unsure
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
            raise Unsure
        else:
            self.simple()
            self.compound = False
            return
        self.compound = True

    def inside(self, sign: str, start: int) -> None:
        """Read statements up to the `)` that closes a subshell or a substitution."""
        some = self.list()
        if self.at >= self.size:
            self.open(sign, start, ")")
        if self.peek() != ")" or not some and sign == "(":
            self.refuse(self.token())
        if self.pending:
            raise Unsure
        self.at += 1

    def expect(self, word: str, opener: str, start: int) -> None:
        """Consume a reserved word that must come here."""
        self.lines()
        if self.at >= self.size:
            self.open(opener, start, word if word in ("then", "do") else _PARTNER[opener])
        if self.token() != word:
            self.refuse(self.token(), word)
        self.at += len(word)

    def body(self, opener: str, start: int) -> None:
        """Read statements, at least one."""
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
                raise Unsure
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
            raise Unsure
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
                    raise Unsure
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
        """Skip `[[ … ]]`, whose operators are not those of the shell."""
        while True:
            while self.at < self.size and self.text[self.at] in " \t\n;&|<>()":
                self.at += 1
            if self.at >= self.size:
                raise Unsure
            if self.token() == "]]":
                self.at += 2
                return
            self.word()

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
                    raise Unsure
            after = self.at
            self.blanks()
            if first and self.text.startswith("()", self.at) or first and self.text.startswith("( )", self.at):
                self.at = self.text.index(")", self.at) + 1
                self.lines()
                if self.at >= self.size:
                    raise Unsure
                self.command()
                return
            if self.peek() != "(":
                self.at = after
            first = first and "=" in word

    def redirects(self) -> None:
        while True:
            self.blanks()
            redirect = self.redirect()
            if redirect is None:
                return
            self.redirected.append(Plain(redirect.start, redirect.end, (), (redirect,)))
