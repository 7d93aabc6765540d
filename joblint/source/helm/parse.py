"""From the text of a template to its parts and definitions. Source: Go 1.26 text/template/parse (lex.go, parse.go)."""

from __future__ import annotations

from joblint.source.helm.functions.names import NAMES
from joblint.source.helm.nodes import Block, Call, Jump, Operand, Pipeline, Print, Syntax, Text, Unsupported

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Nodes = tuple[Any, ...]
    Piece = tuple[str, list[tuple[str, str]] | None, int]

_SPACE = " \t\r\n"
_DEEPEST = 100
_PATTERN = (
    r"\s+|(?P<string>\"(?:[^\"\\\n]|\\.)*\")|(?P<raw>`[^`]*`)|(?P<char>'(?:[^'\\\n]|\\.)+')|(?P<sign>:=|[()|,=])"
    r"|(?P<number>[-+]?(?:0[xX][0-9a-fA-F_.]+[pP][-+]?[0-9_]+|0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|[0-9][0-9_]*(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?"
    r"|\.[0-9]+(?:[eE][-+]?[0-9]+)?))(?![\w.])"
    r"|(?P<field>(?:\.[^\W\d]\w*)+)|(?P<var>\$\w*(?:\.[^\W\d]\w*)*)|(?P<dot>\.)|(?P<word>[^\W\d]\w*)"
)


def parse(text: str, definitions: dict[str, Nodes], file: str = "") -> Nodes:
    """Return the parts of a template; its definitions are added to `definitions`. `file` is what positions name; without it,
    they are not kept. Raises Syntax."""
    try:
        parser = _Parser(list(_pieces(text)), definitions, file)
        found, end, _ = parser.nodes(0)
        if end:
            raise Syntax(f"unexpected {{{{{end}}}}}", parser.position)
    except Syntax as error:
        error.at = (file, max(error.position, 0)) if file else None
        raise
    return found


def _pieces(text: str) -> Iterator[Piece]:
    """Texts (with None) and the words of actions, with what `{{-` and `-}}` trim already removed, and where they begin."""
    at, trims = 0, False
    while True:
        begin = text.find("{{", at)
        piece = text[at : len(text) if begin < 0 else begin]
        inside = begin + 2
        left = begin >= 0 and text[inside : inside + 1] == "-" and text[inside + 1 : inside + 2] in tuple(_SPACE)
        piece = piece.lstrip(_SPACE) if trims else piece
        piece = piece.rstrip(_SPACE) if left else piece
        if piece:
            yield piece, None, at
        if begin < 0:
            return
        inside += left
        body = text[inside:].lstrip(_SPACE) if text[inside : inside + 40].strip(_SPACE)[:2] == "/*" else ""
        if body.startswith("/*"):
            close = text.find("*/", inside)
            after = text[close + 2 : close + 20]
            trims = after[:1] in tuple(_SPACE) and after.lstrip(_SPACE).startswith("-}}")
            if close < 0 or not (trims or after.startswith("}}")):
                raise Syntax("comment ends before closing delimiter" if close >= 0 else "unclosed comment", begin)
            at = text.index("}}", close) + 2
            continue
        words, at, trims = _words(text, inside, begin)
        yield "", words, begin


def _words(text: str, at: int, begin: int) -> tuple[list[tuple[str, str]], int, bool]:
    """The words of an action from a position, the position after it, and whether it trims what follows. `begin` is where the
    action begins."""
    import re

    pattern = re.compile(_PATTERN)
    found: list[tuple[str, str]] = []
    while True:
        if text.startswith("}}", at):
            return found, at + 2, False
        if text.startswith("-}}", at) and at and text[at - 1] in _SPACE:
            return found, at + 3, True
        match = pattern.match(text, at)
        if match is None or match.end() == at:
            raise Syntax(_wrong_sign(text, at), begin)
        kind = match.lastgroup
        if kind is None:
            found.append(("space", ""))
        else:
            found.append((kind, match[0]))
        at = match.end()


def _wrong_sign(text: str, at: int) -> str:
    """What is wrong where no word of an action can begin."""
    if at >= len(text) or text.startswith("{{", at):
        return "unclosed action"
    if text[at] in '"`':
        return "unterminated quoted string"
    return f"unexpected {text[at : at + 12]!r} in action"


class _Parser:
    def __init__(self, pieces: list[Piece], definitions: dict[str, Nodes], file: str) -> None:
        self.pieces = pieces
        self.definitions = definitions
        self.file = file
        self.at = 0

    @property
    def position(self) -> int:
        """Where the last piece begins that was read."""
        return self.pieces[self.at - 1][2] if self.at else 0

    def _pipeline(self, words: list[tuple[str, str]], begin: int) -> Pipeline:
        """The pipeline of the action that begins there."""
        try:
            return pipeline_of(words)
        except Syntax as error:
            error.position = begin if error.position < 0 else error.position
            raise

    def nodes(self, depth: int) -> tuple[Nodes, str, list[tuple[str, str]]]:
        """The parts up to `end` or `else`, that word, and the words after it; "" at the end of the text."""
        if depth > _DEEPEST:
            raise Unsupported("too deep")
        found: list[Any] = []
        while self.at < len(self.pieces):
            text, words, begin = self.pieces[self.at]
            self.at += 1
            at = (self.file, begin) if self.file else None
            if words is None:
                found.append(Text(text))
                continue
            words = [w for n, w in enumerate(words) if w[0] != "space" or 0 < n < len(words) - 1]
            kind, word = words[0] if words else ("", "")
            rest = words[1:]
            if not words:
                raise Syntax("missing value for command", begin)
            if kind == "word" and word in ("end", "else"):
                return tuple(found), word, rest
            if kind == "word" and word in ("if", "with", "range"):
                found.append(self._block(word, rest, depth, begin))
            elif kind == "word" and word in ("define", "block"):
                name, pipeline = self._named(rest, begin)
                body, end, _ = self.nodes(depth + 1)
                if end != "end":
                    raise self._unended(word, end, begin)
                # An empty definition does not replace another one.
                if name not in self.definitions or any(not isinstance(n, Text) or n.text.strip() for n in body):
                    self.definitions[name] = body
                if word == "block":
                    found.append(Call(name, pipeline, at))
            elif kind == "word" and word == "template":
                found.append(Call(*self._named(rest, begin), at))
            elif kind == "word" and word in ("break", "continue"):
                found.append(Jump(word))
            else:
                found.append(Print(self._pipeline(words, begin), at))
        return tuple(found), "", []

    def _named(self, words: list[tuple[str, str]], begin: int) -> tuple[str, Pipeline | None]:
        """The name, and the pipeline after it, of `template`, `define` and `block`."""
        words = [w for n, w in enumerate(words) if w[0] != "space" or n]
        if not words or words[0][0] not in ("string", "raw"):
            raise Syntax("a template needs a name in quotes", begin)
        rest = [w for n, w in enumerate(words[1:]) if w[0] != "space" or n]
        return str(_constant(*words[0])), self._pipeline(rest, begin) if rest else None

    def _unended(self, word: str, end: str, begin: int) -> Syntax:
        """The error of a block that something else ends."""
        if end:
            return Syntax(f"unexpected {{{{{end}}}}} in {word}", self.position)
        return Syntax(f"unexpected EOF in {word}", begin)

    def _block(self, word: str, words: list[tuple[str, str]], depth: int, begin: int) -> Block:
        if all(kind == "space" for kind, _ in words):
            raise Syntax("missing value for command", begin)
        pipeline = self._pipeline(words, begin)
        at = (self.file, begin) if self.file else None
        body, end, rest = self.nodes(depth + 1)
        other: Nodes = ()
        if end == "else":
            following = next((w for w in rest if w[0] != "space"), ("", ""))
            if following[1] in ("if", "with") and following[0] == "word":
                other = (self._block(following[1], rest[rest.index(following) + 1 :], depth + 1, self.position),)
                return Block(word, pipeline, body, other, at)  # one `end` closes both
            other, end, _ = self.nodes(depth + 1)
        if end != "end":
            raise self._unended(word, end, begin)
        return Block(word, pipeline, body, other, at)


def pipeline_of(words: list[tuple[str, str]]) -> Pipeline:
    """Return the pipeline that words form. Raises Syntax."""
    reader = _Reader(words)
    found = reader.pipeline(0)
    if reader.at < len(words):
        raise Syntax(f"unexpected {words[reader.at][1]!r} in action")
    return found


class _Reader:
    def __init__(self, words: list[tuple[str, str]]) -> None:
        self.words = words
        self.at = 0

    def pipeline(self, depth: int) -> Pipeline:
        """A pipeline, up to `)` or the end."""
        if depth > _DEEPEST:
            raise Unsupported("too deep")
        names, declares = self._variables()
        commands = [self._command(depth)]
        while self.at < len(self.words) and self.words[self.at] == ("sign", "|"):
            self.at += 1
            if any(kind != "space" for kind, _ in self.words[self.at : self.at + 2]) and not self._is_closed():
                commands.append(self._command(depth))
        return Pipeline(tuple(commands), names, declares)

    def _is_closed(self) -> bool:
        """Whether nothing but `)` follows: Go accepts a `|` in front of it."""
        at = self.at
        while at < len(self.words) and self.words[at][0] == "space":
            at += 1
        return at < len(self.words) and self.words[at] == ("sign", ")")

    def _variables(self) -> tuple[tuple[str, ...], bool]:
        """The variables in front of `:=` or `=`."""
        names: list[str] = []
        for n in range(self.at, len(self.words)):
            kind, word = self.words[n]
            if kind == "var" and "." not in word:
                names.append(word)
            elif (kind, word) in (("sign", ":="), ("sign", "=")):
                if names:
                    self.at = n + 1
                    return tuple(names), word == ":="
                break
            elif kind != "space" and (kind, word) != ("sign", ","):
                break
        return (), False

    def _command(self, depth: int) -> tuple[Operand, ...]:
        found: list[Operand] = []
        joined = False  # whether the next word follows the last one without a space
        while self.at < len(self.words):
            kind, word = self.words[self.at]
            if (kind, word) in (("sign", "|"), ("sign", ")")):
                break
            self.at += 1
            if kind == "space":
                joined = False
                continue
            if (kind, word) == ("sign", "("):
                inner = self.pipeline(depth + 1)
                if self.at >= len(self.words):
                    raise Syntax("unclosed left paren")
                self.at += 1
                found.append(Operand("pipe", inner))
            elif kind == "field" and joined:
                last = found.pop()
                found.append(Operand(last.kind, last.value, (*last.names, *word.split(".")[1:])))
            else:
                found.append(_operand(kind, word))
            joined = True
        if not found:
            raise Syntax("missing value for command")
        return tuple(found)


def _operand(kind: str, word: str) -> Operand:
    if kind == "dot":
        return Operand("dot", None)
    if kind == "field":
        return Operand("dot", None, tuple(word.split(".")[1:]))
    if kind == "var":
        name, *names = word.split(".")
        return Operand("var", name, tuple(names))
    if kind == "word":
        if word in ("true", "false", "nil"):
            return Operand("const", {"true": True, "false": False, "nil": None}[word])
        if word not in NAMES:
            raise Syntax(f'function "{word}" not defined')
        return Operand("func", word)
    if kind == "sign":
        raise Syntax(f"unexpected {word!r} in operand")
    return Operand("const", _constant(kind, word))


def _constant(kind: str, word: str) -> Any:
    if kind == "raw":
        return word[1:-1]
    if kind in ("string", "char"):
        text = _unquoted(word[1:-1])
        if kind == "char" and len(text) != 1:
            raise Syntax(f"malformed character constant: {word}")
        return text if kind == "string" else ord(text[:1] or "\0")
    digits = word.replace("_", "")
    try:
        if "p" in digits.lower():
            return float.fromhex(digits)
        if digits.lstrip("+-")[:1] == "0" and digits.lstrip("+-")[1:].isdecimal():
            return int(digits, 8)
        return int(digits, 0)
    except ValueError:
        return float(digits)


def _unquoted(text: str) -> str:
    """A Go string without its quotes."""
    if "\\" not in text:
        return text
    import re

    simple = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "\\": "\\", '"': '"', "'": "'"}

    def put(match: re.Match[str]) -> str:
        word = match[1]
        if word[0] in "xuU":
            return chr(int(word[1:], 16))
        return chr(int(word, 8)) if word[0].isdigit() else simple[word]

    try:
        return re.sub(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|.)", put, text)
    except (KeyError, ValueError):
        raise Syntax("invalid syntax in a string") from None
