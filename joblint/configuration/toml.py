"""TOML as configurations use it, with the position of every value; knows nothing about settings.

The standard library's tomllib reports no positions, and takes longer to import than a check takes to run. Rarer syntax (such as
strings over several lines) is left to it, without positions.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Places = dict[str, tuple[int, int]]

_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}


class TomlMistake(Exception):
    """A text that is not valid TOML; the text gives the reason, `line` and `column` (from 1) the position."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class _NotSimple(Exception):
    """Syntax that needs a complete TOML parser."""


def read(text: str, table: str = "") -> tuple[dict[str, Any], Places]:
    """Return the data of a text, or of one of its tables ("tool.joblint"), and line and column of each value by its path.

    Dates are returned as text. Raises TomlMistake.
    """
    try:
        if '"""' in text or "'''" in text:
            raise _NotSimple
        reader = _Reader(text, tuple(table.split(".")) if table else ())
        reader.all()
        return reader.data, reader.places
    except _NotSimple:
        return _by_tomllib(text, table), {}


def _by_tomllib(text: str, table: str) -> dict[str, Any]:
    import tomllib

    try:
        data: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message, _, where = str(error).rpartition(" (at ")
        words = where.rstrip(")").replace(",", "").split()  # "line 3, column 5", or "end of document"
        if len(words) == 4 and words[1].isdigit() and words[3].isdigit():
            raise TomlMistake(message, int(words[1]), int(words[3])) from None
        raise TomlMistake(message or str(error), text.count("\n") + 1, 1) from None
    for name in table.split(".") if table else ():
        data = data.get(name) if isinstance(data, dict) else None
    if table and isinstance(data, list):
        line = next((i for i, written in enumerate(text.split("\n"), 1) if f"[[{table}]]" in written.replace(" ", "")), 1)
        raise TomlMistake(f"[{table}] must be one table, not [[{table}]]", line, 1)
    return _plain(data) if isinstance(data, dict) else {}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value if isinstance(value, (str, int, float, bool)) else value.isoformat()


class _Reader:
    """A single pass through the text; `at` is the current position. Tables other than the wanted one are skipped line by line."""

    def __init__(self, text: str, table: tuple[str, ...]) -> None:
        self.text = text.replace("\r\n", "\n") + "\n"
        self.table = table
        self.at = 0
        self.data: dict[str, Any] = {}
        self.places: Places = {}
        self.opened = False  # whether the header of the wanted table was there
        self.closed: set[int] = set()  # values written in one piece, to which nothing may be added

    def all(self) -> None:
        """Read everything into `data` and `places`."""
        here: tuple[dict[str, Any], str] | None = (self.data, "") if not self.table else None
        while self.at < len(self.text):
            self.blanks()
            if self.at >= len(self.text):
                break
            if self.text[self.at] == "[" and (here is not None or self.header_follows()):
                here = self.header()
            elif here is None:
                self.at = self.text.index("\n", self.at) + 1
            else:
                self.pair(*here)
                self.line_end()

    def header_follows(self) -> bool:
        """Whether the line is a table's header and not the inside of a list that is skipped."""
        line = self.text[self.at : self.text.index("\n", self.at)].partition("#")[0].strip()
        return (line.endswith("]") and "," not in line) or line == "[" + ".".join(self.table)  # whose bracket is missing

    def header(self) -> tuple[dict[str, Any], str] | None:
        """Read `[a.b]` or `[[a.b]]`; return the mapping that it opens and its path, None if it is not wanted."""
        begin = self.at
        array = self.text.startswith("[[", self.at)
        self.at += 2 if array else 1
        names = self.keys()
        if not self.text.startswith("]]" if array else "]", self.at):
            raise _NotSimple
        self.at += 2 if array else 1
        self.line_end()
        if tuple(names[: len(self.table)]) != self.table:
            return None
        names = names[len(self.table) :]
        if not names:
            if array or self.opened:
                raise _NotSimple  # tomllib says what is wrong
            self.opened = True
            return self.data, ""
        where, path = self.data, ""
        for name in names[:-1]:
            where, path = self.below(where, path, name)
        path = f"{path}.{names[-1]}" if path else names[-1]
        if array:
            items = where.setdefault(names[-1], [])
            if not isinstance(items, list) or id(items) in self.closed:
                raise _NotSimple
            items.append({})
            path = f"{path}[{len(items) - 1}]"
            self.places[path] = self.place(begin)
            return items[-1], path
        if names[-1] in where:
            raise _NotSimple
        where[names[-1]] = {}
        self.places[path] = self.place(begin)
        return where[names[-1]], path

    def below(self, where: dict[str, Any], path: str, name: str) -> tuple[dict[str, Any], str]:
        path = f"{path}.{name}" if path else name
        inner = where.setdefault(name, {})
        if id(inner) in self.closed:
            raise _NotSimple
        if isinstance(inner, list) and inner:
            inner, path = inner[-1], f"{path}[{len(inner) - 1}]"
        if not isinstance(inner, dict):
            raise _NotSimple
        return inner, path

    def pair(self, where: dict[str, Any], path: str) -> None:
        """Read `key = value` into a mapping."""
        begin = self.at
        names = self.keys()
        if self.text[self.at] != "=":
            raise _NotSimple
        self.at += 1
        self.spaces()
        for name in names[:-1]:
            where, path = self.below(where, path, name)
        path = f"{path}.{names[-1]}" if path else names[-1]
        if names[-1] in where:
            raise _NotSimple
        self.places[f"{path}\0"] = self.place(begin)
        where[names[-1]] = self.value(path)

    def keys(self) -> list[str]:
        found = []
        while True:
            self.spaces()
            if self.text[self.at] in "\"'":
                found.append(self.string())
            else:
                begin = self.at
                while self.text[self.at] in _BARE:
                    self.at += 1
                if begin == self.at:
                    raise _NotSimple
                found.append(self.text[begin : self.at])
            self.spaces()
            if self.text[self.at] != ".":
                return found
            self.at += 1

    def value(self, path: str) -> Any:
        self.places[path] = self.place(self.at)
        ch = self.text[self.at]
        if ch in "\"'":
            return self.string()
        if ch == "[":
            return self.list(path)
        if ch == "{":
            return self.table_inline(path)
        begin = self.at
        while self.text[self.at] in _BARE or self.text[self.at] in "+.:":
            self.at += 1
        return _scalar(self.text[begin : self.at], path)

    def string(self) -> str:
        quote = self.text[self.at]
        self.at += 1
        parts: list[str] = []
        while True:
            ch = self.text[self.at]
            self.at += 1
            if ch == quote:
                return "".join(parts)
            if ch == "\n" or (ch < " " and ch != "\t") or ch == "\x7f":
                raise _NotSimple
            if ch == "\\" and quote == '"':
                ch = _ESCAPES.get(self.text[self.at], "")
                if not ch:
                    raise _NotSimple
                self.at += 1
            parts.append(ch)

    def list(self, path: str) -> list[Any]:
        self.at += 1
        found: list[Any] = []
        while True:
            self.blanks()
            if self.peek() == "]":
                self.at += 1
                self.closed.add(id(found))
                return found
            found.append(self.value(f"{path}[{len(found)}]"))
            self.blanks()
            if self.peek() == ",":
                self.at += 1
            elif self.peek() != "]":
                raise _NotSimple

    def table_inline(self, path: str) -> dict[str, Any]:
        self.at += 1
        found: dict[str, Any] = {}
        self.spaces()
        if self.peek() == "}":
            self.at += 1
            self.closed.add(id(found))
            return found
        while True:
            self.spaces()
            self.pair(found, path)
            self.spaces()
            self.at += 1
            if self.text[self.at - 1] == "}":
                self.closed.add(id(found))
                return found
            if self.text[self.at - 1] != ",":
                raise _NotSimple

    def peek(self) -> str:
        if self.at >= len(self.text):
            raise _NotSimple
        return self.text[self.at]

    def spaces(self) -> None:
        while self.text[self.at] in " \t":
            self.at += 1

    def blanks(self) -> None:
        """Skip white space, line ends and comments."""
        while self.at < len(self.text):
            if self.text[self.at] == "#":
                self.at = self.text.index("\n", self.at)
            elif self.text[self.at] not in " \t\n":
                return
            else:
                self.at += 1

    def line_end(self) -> None:
        self.spaces()
        if self.text[self.at] == "#":
            self.at = self.text.index("\n", self.at)
        if self.text[self.at] != "\n":
            raise _NotSimple
        self.at += 1

    def place(self, at: int) -> tuple[int, int]:
        return self.text.count("\n", 0, at) + 1, at - self.text.rfind("\n", 0, at)


def _scalar(word: str, path: str) -> Any:
    if word in ("true", "false"):
        return word == "true"
    digits = word.replace(".", "", 1).replace("-", "")
    if len(word) == 10 and word[4] == word[7] == "-" and digits.isdigit() and digits.isascii():
        from joblint.configuration.checked import is_date

        if is_date(word):
            return word
        raise _NotSimple
    plain = word.isascii() and "-" not in word and digits.isdigit() and word[0] != "." and word[-1] != "."
    if not plain or (word[0] == "0" and len(word.partition(".")[0]) > 1):
        raise _NotSimple
    if "." not in word:
        return int(word)
    # A version that was meant as text: 1.30 keeps its zero.
    return word if path.endswith("kubernetes-version") else float(word)
