"""What the variables of a script contain, as far as its text shows: `DIR=/backup` and what is composed of it; knows nothing
about program.

A part that only the run knows (`$(date +%F)`, an argument, a variable set twice) is UNKNOWN in a value.
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.shell.syntax import Command, Loop, children, commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from joblint.shell.syntax import Node, Sequence

UNKNOWN = "\0"
"""Represents the part of a value that is known only at run time."""

_DEEPEST = 8


class Values(Record):
    """The values of a script's variables: those that are set once, with their texts as written; `env` are known values from
    outside, `unsure` the variables that are set in several ways."""

    texts: Mapping[str, str]
    env: Mapping[str, str]
    unsure: frozenset[str]

    def of(self, text: str, depth: int = 0) -> str:
        """Return what a word is at run time, with UNKNOWN for each part that is not known."""
        out: list[str] = []
        at = 0
        quote = ""
        while at < len(text):
            char = text[at]
            if quote == "'":
                end = text.find("'", at)
                end = len(text) if end < 0 else end
                out.append(text[at:end])
                at, quote = end + 1, ""
                continue
            if char == "'" and not quote:
                quote, at = "'", at + 1
            elif char == '"':
                quote, at = "" if quote else '"', at + 1
            elif char == "\\":
                out.append(text[at + 1 : at + 2])
                at += 2
            elif char == "`":
                end = text.find("`", at + 1)
                out.append(UNKNOWN)
                at = len(text) if end < 0 else end + 1
            elif char == "$":
                value, at = self._variable(text, at, depth)
                out.append(value)
            elif char in "*?[" and not quote:
                out.append(UNKNOWN)
                at += 1
            else:
                out.append(char)
                at += 1
        return "".join(out)

    def _variable(self, text: str, at: int, depth: int) -> tuple[str, int]:
        following = text[at + 1 : at + 2]
        if following == "(":
            return UNKNOWN, _closed(text, at + 1, "(", ")")
        if following == "{":
            end = _closed(text, at + 1, "{", "}")
            inside = text[at + 2 : end - 1]
            name = inside.split(":", 1)[0].split("-", 1)[0].split("%", 1)[0].split("#", 1)[0]
            if name == inside:
                return self._named(name, depth), end
            mark = inside[len(name) :]
            if mark.startswith((":-", "-")) and name not in self.texts and name not in self.unsure:
                known = self._named(name, depth)
                return (known if known != UNKNOWN else UNKNOWN), end
            return UNKNOWN, end
        end = at + 1
        while end < len(text) and (text[end].isalnum() or text[end] == "_"):
            end += 1
        name = text[at + 1 : end]
        if not name:
            return (UNKNOWN, at + 2) if following else ("$", at + 1)
        return (UNKNOWN if name[0].isdigit() else self._named(name, depth)), end

    def _named(self, name: str, depth: int) -> str:
        if name in self.unsure or depth > _DEEPEST:
            return UNKNOWN
        written = self.texts.get(name)
        if written is not None:
            return self.of(written, depth + 1)
        return self.env.get(name, UNKNOWN)


def values(script: Sequence, env: Mapping[str, str]) -> Values:
    """Return the values of a script's variables; `env` are those it starts with."""
    texts: dict[str, str] = {}
    unsure: set[str] = set()
    for command in commands(script, functions=True):
        assigns = list(command.assigns)
        if command.words[:1] and command.words[0] in ("export", "local", "readonly", "declare", "typeset"):
            assigns += [t for t in command.texts[1:] if "=" in t and not t.startswith("-")]
        elif command.words and assigns:
            assigns = []  # `NAME=x command` sets it for the command alone
        if command.words[:1] in (("read",), ("getopts",), ("unset",), ("mapfile",), ("readarray",)):
            unsure.update(w for w in command.words[1:] if w.replace("_", "a").isalnum())
        for assign in assigns:
            name, _, value = assign.partition("=")
            if name in texts or name.endswith(("+", "]")) or value.startswith("("):
                unsure.add(name.rstrip("+]"))
            texts[name] = value
    left: list[Node] = [script]
    while left:
        each = left.pop()
        if isinstance(each, Loop) and each.kind in ("for", "select"):
            unsure.add(each.head.split()[1] if len(each.head.split()) > 1 else "")
        if not isinstance(each, Command):
            left.extend(children(each))
    unsure.update(name for name in texts if name in env)
    return Values(texts, env, frozenset(unsure))


def _closed(text: str, at: int, opening: str, closing: str) -> int:
    """The position after the bracket that closes the one at a position."""
    depth = 0
    for i in range(at, len(text)):
        if text[i] == opening:
            depth += 1
        elif text[i] == closing:
            depth -= 1
            if not depth:
                return i + 1
    return len(text)


def known_folder(path: str) -> str:
    """Return the part of a path before anything unknown: `/backup/shop-?.sql` → `/backup`; "" if it is not known at all."""
    before, unknown, _ = path.partition(UNKNOWN)
    return before if not unknown else before.rpartition("/")[0]
