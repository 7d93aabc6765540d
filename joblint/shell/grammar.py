"""Reading a shell script into the records of `syntax`, with tree-sitter's grammar of Bash; imported only for scripts that need
it.

Scripts of plain commands are read without the parser, whose import takes 19 ms.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from joblint.base.names import names
from joblint.base.record import replace
from joblint.shell.plain import read
from joblint.shell.syntax import (
    AndOr,
    Background,
    Case,
    Command,
    Function,
    Group,
    If,
    Loop,
    Not,
    Pipe,
    Sequence,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from joblint.shell.plain import Joined
    from joblint.shell.syntax import Node

_SPECIAL = ";&|\n$`<>(){}\\\"'#~*?[]!="
_RESERVED = names("{ } if then elif else fi while until for select do done case esac function")
DEEPEST = 60
"""The most levels of nested compound commands and substitutions that are followed."""

LONGEST_LIST = 150
"""The most parts of one list (`a && b || c …`) that are followed."""

LONGEST = 500_000
"""The most characters of a script that are followed. An API server that stores its objects in etcd does not accept larger ones
anyway: etcd's default limit for a whole request is 1.5 MiB."""


def parse(text: str) -> Sequence:
    """Return the statements of a script; none if the grammar cannot read all of it, so that no finding is based on an error.

    None also for a script that is too long or nested too deeply: see `limit_met`.
    """
    if len(text) > LONGEST:
        return Sequence(0, 0, ())
    if not any(c in text for c in _SPECIAL):
        words = tuple(text.split())
        plain = (Command(0, len(text), words, words, (), (), (), text.strip()),) if words else ()
        return Sequence(0, len(text), plain)
    statements = read(text)
    return _Reader(text).read() if not statements else _plain(text, statements)


def _plain(text: str, statements: list[tuple[int, tuple[Joined, ...]]]) -> Sequence:
    """The statements of a plain script as records: `&&` and `||` bind alike, `|` binds more."""
    parts: list[Node] = []
    for begin, statement in statements:
        whole: Node | None = None
        operator = ""
        pipe: list[Node] = []
        for sign, one in (*statement, ("", None)):
            if pipe and sign != "|":
                made = Pipe(pipe[0].start, pipe[-1].end, tuple(pipe)) if len(pipe) > 1 else pipe[0]
                whole = made if whole is None else AndOr(whole.start, made.end, whole, operator, made)
                operator, pipe = sign, []
            if one is not None:
                start, end = begin + one.start, begin + one.end
                pipe.append(Command(start, end, one.words, one.texts, one.assigns, (), one.written, text[start:end]))
        if whole is not None:
            parts.append(whole)
    return Sequence(len(text) - len(text.lstrip(" \n")), len(text), tuple(parts))


TOO_DEEP = Sequence(0, 0, ())
"""What `parse` returns for a script that is nested too deeply."""


NO_PARSER = Sequence(0, 0, ())
"""What `parse` returns if there is no parser for this Python or this system."""


def limit_met(text: str, script: Sequence) -> str:
    """Return why a script was not followed, although it may be valid; "" if it was."""
    if len(text) > LONGEST:
        return f"a script of {len(text)} characters is not followed (at most {LONGEST})"
    if script is NO_PARSER:
        return (
            "scripts are not followed here: the packages tree-sitter and tree-sitter-bash are not installed or cannot be loaded"
        )
    return f"a script nested more than {DEEPEST} levels deep is not followed" if script is TOO_DEEP else ""


def _redirecting(made: Node | None, texts: tuple[str, ...]) -> Node | None:
    """A pipe or a list whose last command gets the redirections: tree-sitter reads `a | b > c` as a redirected pipe."""
    return None if made is None else _last_changed(made, lambda command: replace(command, redirects=(*command.redirects, *texts)))


def _last_changed(made: Node, change: Callable[[Command], Command]) -> Node:
    if isinstance(made, Command):
        return change(made)
    if isinstance(made, Pipe):
        return replace(made, parts=(*made.parts[:-1], _last_changed(made.parts[-1], change)))
    if isinstance(made, AndOr):
        return replace(made, right=_last_changed(made.right, change))
    return made


def _words_after(redirect: Any) -> tuple[int, list[Any]]:
    """Where a redirection ends, and the arguments after it, which tree-sitter takes for more of its targets: `a > file -h b`."""
    if redirect.type == "heredoc_redirect":
        return redirect.end_byte, redirect.children_by_field_name("argument")
    targets = redirect.children_by_field_name("destination")
    end = redirect.end_byte if not targets else targets[0].end_byte
    for n, target in enumerate(targets[1:], 1):
        if target.start_byte != end:
            return end, targets[n:]
        end = target.end_byte
    return redirect.end_byte, []


def _regrouped(parts: tuple[Node, ...]) -> Node:
    """The parts of a pipe with lists among them: tree-sitter reads `a | b | c || d` as `a | { b | c || d; }`."""
    made = parts[0]
    for part in parts[1:]:
        made = _piped(made, part)
    return made


def _piped(left: Node, right: Node) -> Node:
    if isinstance(right, AndOr):
        joined = _piped(left, right.left)
        return replace(right, start=joined.start, left=joined)
    if isinstance(left, AndOr):
        joined = _piped(left.right, right)
        return replace(left, end=joined.end, right=joined)
    before = left.parts if isinstance(left, Pipe) else (left,)
    after = right.parts if isinstance(right, Pipe) else (right,)
    return Pipe(left.start, right.end, (*before, *after))


_ESCAPED_TEST = re.compile(rb"(?<![^\s;&|(`!])\[(?=[^\n\[]{0,300}\s\\[()<>]\s)")


def _masked(data: bytes) -> bytes:
    """Give `[` another name where a test has escaped operators: tree-sitter cannot read `[ a \\< b ]`, but `test a \\< b`."""
    return _ESCAPED_TEST.sub(b"T", data) if b" \\" in data else data


class _Reader:
    """Converts one script from tree-sitter's nodes to records."""

    def __init__(self, text: str) -> None:
        self.whole = text
        self.data = text.encode("utf-8", "replace")
        self.ascii = len(self.data) == len(text)
        self.continued = () if self.ascii else tuple([i for i, b in enumerate(self.data) if b & 0xC0 == 0x80])
        self.depth = 0
        self.too_deep = False
        self.misread = False

    def read(self) -> Sequence:
        try:
            import tree_sitter_bash
            from tree_sitter import Language, Parser
        except ImportError:  # PyPy, a browser, or a system with an older C library than the parser needs
            return NO_PARSER

        parser = Parser(Language(tree_sitter_bash.language()))
        root = parser.parse(_masked(self.data)).root_node
        try:
            read = self.sequence(root)
        except RecursionError:
            return TOO_DEEP
        if self.too_deep:
            return TOO_DEEP
        # The grammar reads the word after `!` in `! { …; }` or `! if …` as a program's name.
        return Sequence(0, 0, ()) if root.has_error or self.misread else read

    def at(self, byte: int) -> int:
        return byte if self.ascii else byte - bisect_left(self.continued, byte)

    def text(self, node: Any) -> str:
        return str(self.data[node.start_byte : node.end_byte].decode("utf-8", "replace"))

    def span(self, node: Any) -> tuple[int, int]:
        return self.at(node.start_byte), self.at(node.end_byte)

    def sequence(self, node: Any) -> Sequence:
        return Sequence(*self.span(node), self.statements(node.children))

    def statements(self, nodes: Any) -> tuple[Node, ...]:
        self.depth += 1
        found: list[Node] = []
        if self.depth > DEEPEST:
            self.too_deep = True  # one part of a script says nothing about the whole
        else:
            for node in nodes:
                if node.type == "&":
                    if found:
                        last = found.pop()
                        # `a && b &` runs the whole list in the background; `a; b &` is two statements here.
                        found.append(Background(last.start, self.at(node.end_byte), last))
                    continue
                made = self.node(node) if node.is_named else None
                if made is not None:
                    found.append(made)
        self.depth -= 1
        return tuple(found)

    def node(self, node: Any) -> Node | None:
        kind = node.type
        if kind in (
            "command",
            "declaration_command",
            "unset_command",
            "test_command",
            "variable_assignment",
            "variable_assignments",
        ):
            return self.command(node, ())
        if kind == "redirected_statement":
            return self.redirected(node)
        if kind == "list":
            return self.and_or(node)
        if kind == "pipeline":
            parts = self.statements(node.children)
            if any(isinstance(part, AndOr) for part in parts):
                return _regrouped(parts)
            return Pipe(*self.span(node), parts) if len(parts) > 1 else parts[0] if parts else None
        if kind == "negated_command":
            parts = self.statements(node.children)
            return Not(*self.span(node), parts[-1]) if parts else None
        if kind in ("compound_statement", "subshell"):
            if node.children and node.children[0].type == "((":
                return Command(*self.span(node), ("[",), ("((",), (), (), (), self.text(node))
            return Group(*self.span(node), self.sequence(node), kind == "subshell")
        if kind == "if_statement":
            return self.conditional(node)
        if kind == "while_statement":
            return self.loop(node)
        if kind in ("for_statement", "c_style_for_statement"):
            body = node.child_by_field_name("body")
            head = self.text(node).split("do", 1)[0]
            # In C style, a head without a condition is an endless loop.
            name = "select" if head.startswith("select") else "for"
            return Loop(*self.span(node), name, None, self.sequence(body) if body else Sequence(0, 0, ()), head)
        if kind == "case_statement":
            items = tuple([self.case_item(c) for c in node.children if c.type == "case_item"])
            word = node.child_by_field_name("value")
            return Case(*self.span(node), self.text(word) if word else "", items)
        if kind == "function_definition":
            body, name = node.child_by_field_name("body"), node.child_by_field_name("name")
            made = self.node(body) if body else None
            return Function(*self.span(node), self.text(name) if name else "", made) if made is not None else None
        return None

    def case_item(self, node: Any) -> Sequence:
        children = node.children
        begin = next((i + 1 for i, c in enumerate(children) if c.type == ")"), len(children))
        return Sequence(*self.span(node), self.statements(children[begin:]))

    def and_or(self, node: Any) -> Node | None:
        # `a && b && c` is a list whose first part is the list `a && b`, and so on.
        lists: list[tuple[Any, str, list[Any]]] = []
        inner = node
        while inner is not None:
            children = inner.children
            operator = next((c.type for c in children if c.type in ("&&", "||")), "&&")
            named = [c for c in children if c.is_named]
            lists.append((inner, operator, named))
            inner = named[0] if named and named[0].type == "list" else None
        if len(lists) > LONGEST_LIST:
            self.too_deep = True
            return None
        made: Node | None = None
        for i, (part, operator, named) in enumerate(reversed(lists)):
            found = self.statements(named if i == 0 else named[1:])
            if i == 0 or made is None:
                made = found[0] if found else None
                found = found[1:]
            if found and made is not None:
                # `a | b && c` and `a && b | c` are lists of pipelines; a redirect after the list belongs to its last part.
                made = AndOr(*self.span(part), made, operator, found[-1])
        return made

    def redirected(self, node: Any) -> Node | None:
        body = node.child_by_field_name("body")
        redirects = [c for c in node.children if c.type.endswith("_redirect")]
        texts: list[str] = []
        later: list[Any] = []
        for redirect in redirects:
            ends, more = _words_after(redirect)
            written = self.data[redirect.start_byte : ends].decode("utf-8", "replace") if more else self.text(redirect)
            texts.append(written.split("\n", 1)[0])
            later += more
        made: Node | None
        if body is None:
            made = Command(*self.span(node), (), (), (), (), tuple(texts), self.text(node))
        elif body.type in ("command", "declaration_command", "test_command"):
            made = self.command(body, tuple(texts))
        else:
            made = _redirecting(self.node(body), tuple(texts))
        if later and made is not None:
            made = _last_changed(made, lambda command: self.with_words(command, later))
        # What follows a here-document's mark on its line is a child of the redirection.
        for redirect in redirects:
            for child in redirect.children:
                if child.type in ("pipeline", "list") and made is not None:
                    made = self.after_heredoc(made, child)
            right, operator = redirect.child_by_field_name("right"), redirect.child_by_field_name("operator")
            after = self.node(right) if right is not None and operator is not None else None
            if after is not None and made is not None:
                made = AndOr(made.start, after.end, made, operator.type, after)
        return made

    def after_heredoc(self, first: Node, node: Any) -> Node:
        rest = self.statements([c for c in node.children if c.is_named])
        if not rest:
            return first
        end = self.at(node.end_byte)
        sign = node.children[0].type
        if sign in ("|", "|&"):
            return Pipe(first.start, end, (first, *rest))
        return AndOr(first.start, end, first, sign if sign in ("&&", "||") else "&&", rest[0])

    def conditional(self, node: Any) -> If:
        clauses, otherwise = [self.clause(node)], None
        for child in node.children:
            if child.type == "elif_clause":
                clauses.append(self.clause(child))
            elif child.type == "else_clause":
                otherwise = self.sequence(child)
        return If(*self.span(node), tuple(clauses), otherwise)

    def clause(self, node: Any) -> tuple[Sequence, Sequence]:
        before: list[Any] = []
        after: list[Any] = []
        then = False
        for child in node.children:
            if child.type == "then":
                then = True
            elif child.type not in ("elif_clause", "else_clause"):
                (after if then else before).append(child)
        span = self.span(node)
        return Sequence(*span, self.statements(before)), Sequence(*span, self.statements(after))

    def loop(self, node: Any) -> Loop:
        body = node.child_by_field_name("body")
        kind = node.children[0].type if node.children else "while"
        before = [c for c in node.children if c.type != "do_group"]
        condition = Sequence(*self.span(node), self.statements(before))
        head = self.data[node.start_byte : body.start_byte].decode("utf-8", "replace") if body else ""
        return Loop(*self.span(node), kind, condition, self.sequence(body) if body else Sequence(0, 0, ()), head)

    def command(self, node: Any, redirects: tuple[str, ...]) -> Command:
        words: list[str] = []
        texts: list[str] = []
        assigns: list[str] = []
        own = list(redirects)
        if node.type == "variable_assignment":
            assigns.append(self.text(node))
        elif node.type == "variable_assignments":
            assigns.extend([self.text(c) for c in node.children])
        elif node.type == "test_command":
            words.append("[")
            texts.append(self.text(node))
        else:
            end, last = -1, assigns
            for child in node.children:
                text = self.text(child)
                redirects_it = child.type.endswith("_redirect")
                if child.start_byte == end and not redirects_it:
                    # Nothing between them: one word, which the parser cuts at backquotes, and in `URL=${URL}\\&b=c`.
                    last[-1] += text
                    if last is texts:
                        more = self.value(child)
                        words[-1] = words[-1] and more and words[-1] + more
                elif child.type == "variable_assignment" and not words:
                    last = assigns
                    assigns.append(text)
                elif redirects_it:
                    last = own
                    own.append(text.split("\n", 1)[0])
                else:
                    last = texts
                    words.append(self.value(child))
                    texts.append(text)
                end = child.end_byte
        if words[:1] == ["["]:  # masked for the parser
            words, texts = ["["], [self.text(node)]
        self.misread = self.misread or bool(words) and words[0] in _RESERVED
        inner = tuple(self.substitutions(node.children))
        return Command(*self.span(node), tuple(words), tuple(texts), tuple(assigns), inner, tuple(own), self.text(node))

    def with_words(self, command: Command, nodes: list[Any]) -> Command:
        """The command with more arguments, which follow its redirections."""
        if command.words[:1] == ("[",):  # masked for the parser
            return command
        words, texts, end = list(command.words), list(command.texts), -1
        for node in nodes:
            value, text = self.value(node), self.text(node)
            if node.start_byte == end:
                words[-1], texts[-1] = words[-1] and value and words[-1] + value, texts[-1] + text
            else:
                words.append(value)
                texts.append(text)
            end = node.end_byte
        inner = (*command.inner, *self.substitutions(nodes))
        stop = self.at(nodes[-1].end_byte)
        whole = self.whole[command.start : stop]
        return replace(command, end=stop, words=tuple(words), texts=tuple(texts), inner=inner, text=whole)

    def substitutions(self, nodes: list[Any]) -> list[Sequence]:
        found = []
        left = list(reversed(nodes))
        while left:
            child = left.pop()
            if child.type == "command_substitution":
                found.append(self.sequence(child))
            elif child.child_count and child.type != "raw_string":
                left.extend(reversed(child.children))
        return found

    def value(self, node: Any) -> str:
        """Return what the shell passes for a word; "" if it is known only at run time."""
        kind = node.type
        if kind == "command_name" or kind == "concatenation":
            parts = [self.value(c) for c in node.children]
            return "".join(parts) if all(parts) else ""
        text = self.text(node)
        if kind == "raw_string":
            return text[1:-1]
        if kind == "string":
            if any(c.type not in ('"', "string_content") for c in node.children):
                return ""
            return text[1:-1].replace('\\"', '"').replace("\\$", "$").replace("\\\\", "\\").replace("\\`", "`")
        if "\\" in text:
            return text.replace("\\\n", "").replace("\\", "")
        return "" if node.child_count and kind not in ("word", "number", "variable_assignment", "variable_name") else text
