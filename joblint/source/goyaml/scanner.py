"""From a YAML text to its tokens, as go-yaml cuts them; knows indentation and possible keys, not what tokens add up to.

Source of the behavior: go.yaml.in/yaml/v2 2.4.3, scannerc.go, a descendant of libyaml 0.1.
"""

from __future__ import annotations

from joblint.source.goyaml import flow, lines
from joblint.source.goyaml import tokens as t
from joblint.source.reading.events import YamlError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.source.goyaml.tokens import Token

MAX_DEPTH = 10000
KEY_LENGTH = 1024

_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`")
_FLOW_ENDS = {"]": t.FLOW_SEQUENCE_END, "}": t.FLOW_MAPPING_END}
_FLOW_STARTS = {"[": t.FLOW_SEQUENCE_START, "{": t.FLOW_MAPPING_START}


class _Key:
    """A position where a key may have begun, which is certain once the `:` comes."""

    __slots__ = ("required", "token", "level", "index", "line", "column")

    def __init__(self, required: bool, token: int, level: int, index: int, line: int, column: int) -> None:
        self.required = required
        self.token = token
        self.level = level
        self.index = index
        self.line = line
        self.column = column


class Scanner:
    """Splits a text into tokens: `peek` returns the next, `take` moves on. Raises YamlError if the text is not YAML.

    `text` contains no character that YAML forbids; `pos`, `line` and `bol` (where that line begins) are the current position.
    """

    def __init__(self, text: str) -> None:
        self.text = text + t.END_OF_TEXT * 4
        self.pos = 1 if text.startswith("\ufeff") else 0  # a second byte order mark
        self.line = 0
        self.bol = 0
        self.indent = -1
        self.flow_level = 0
        self.key_allowed = True
        self._indents: list[int] = []
        self._keys: list[_Key | None] = [None]  # one for each flow level
        self._key_at: dict[int, _Key] = {}  # the same by the number of the token they begin with
        self._numbers = [0]  # for each flow level, the number of the token that last might have begun a key in it
        self._queue: list[Token] = [(t.STREAM_START, 0, 0, "", "")]
        self._head = 0
        self._taken = 0
        self._ended = False

    def peek(self) -> Token:
        """Return the next token, read on as far as needed to know that it is not a key."""
        queue = self._queue
        while True:
            if self._head < len(queue):
                if not self._may_be_key():
                    return queue[self._head]
            elif self._head > 512:
                del queue[: self._head]
                self._head = 0
            self._fetch()

    def take(self) -> None:
        """Move on to the next token."""
        self._head += 1
        self._taken += 1

    def error(self, problem: str, context: str = "", context_index: int = -1) -> YamlError:
        """Return the error for what is at the current position."""
        return YamlError(problem, self.pos, context, context_index)

    def skip_break(self) -> None:
        """Move past a line break."""
        text = self.text
        self.pos += 2 if text[self.pos] == "\r" and text[self.pos + 1] == "\n" else 1
        self.line += 1
        self.bol = self.pos

    def _may_be_key(self) -> bool:
        key = self._key_at.get(self._taken)
        return key is not None and self._is_valid(key)

    def _is_valid(self, key: _Key) -> bool:
        if key.line == self.line and key.index + KEY_LENGTH >= self.pos:
            return True
        if key.required:
            raise self.error("could not find expected ':'", "while scanning a simple key", key.index)
        self._forget(key)
        return False

    def _forget(self, key: _Key) -> None:
        self._keys[key.level] = None
        self._key_at.pop(key.token, None)

    def _save_key(self) -> None:
        if self.key_allowed:
            column = self.pos - self.bol
            required = self.flow_level == 0 and self.indent == column
            self._drop_key()
            token = self._taken + len(self._queue) - self._head
            key = _Key(required, token, self.flow_level, self.pos, self.line, column)
            self._keys[-1] = self._key_at[token] = key
            self._numbers[-1] = token

    def _drop_key(self) -> None:
        key = self._keys[-1]
        if key is not None:
            if key.required:
                raise self.error("could not find expected ':'", "while scanning a simple key", key.index)
            self._forget(key)

    def _add(self, kind: int, length: int, value: str = "", second: str = "") -> None:
        self._queue.append((kind, self.pos, self.pos + length, value, second))
        self.pos += length

    def _roll(self, column: int, kind: int, at: int, token: int = -1) -> None:
        """Begin a block collection if the column is deeper than the last one."""
        if self.flow_level or self.indent >= column:
            return
        self._indents.append(self.indent)
        self.indent = column
        if len(self._indents) > MAX_DEPTH:
            raise self.error(f"exceeded max depth of {MAX_DEPTH}", "while increasing indent level", at)
        self._insert(token, (kind, at, at, "", ""))

    def _insert(self, number: int, token: Token) -> None:
        """Insert a token before the one with that number; last, if that one was taken already."""
        self._queue.insert(self._head + number - self._taken if number >= self._taken else len(self._queue), token)

    def _unroll(self, column: int) -> None:
        """End the block collections that lie deeper than the column."""
        if self.flow_level:
            return
        while self.indent > column:
            self._queue.append((t.BLOCK_END, self.pos, self.pos, "", ""))
            self.indent = self._indents.pop()

    def _to_next_token(self) -> None:
        text = self.text
        pos = self.pos
        while True:
            char = text[pos]
            while char == " " or char == "\t" and (self.flow_level or not self.key_allowed):
                pos += 1
                char = text[pos]
            if char == "#":
                pos = lines.end_of_line(text, pos)
                char = text[pos]
            self.pos = pos
            if char not in t.BREAKS:
                return
            self.skip_break()
            pos = self.pos
            if not self.flow_level:
                self.key_allowed = True

    def _fetch(self) -> None:
        self._to_next_token()
        text, pos = self.text, self.pos
        column = pos - self.bol
        self._unroll(column)
        char, after = text[pos], text[pos + 1]
        if char == t.END_OF_TEXT:
            self._end()
        elif column == 0 and char in "%-." and self._at_line_start(char):
            pass
        elif char in _FLOW_STARTS:
            self._flow_start(_FLOW_STARTS[char])
        elif char in _FLOW_ENDS:
            self._flow_end(_FLOW_ENDS[char])
        elif char == ",":
            self._drop_key()
            self.key_allowed = True
            self._add(t.FLOW_ENTRY, 1)
        elif char == "-" and after in t.BLANKS_Z:
            self._block_entry(column)
        elif char == "?" and (self.flow_level or after in t.BLANKS_Z):
            self._explicit_key(column)
        elif char == ":" and (self.flow_level or after in t.BLANKS_Z):
            self._value(column)
        else:
            self._content(char, after)

    def _content(self, char: str, after: str) -> None:
        if char in "|>" and not self.flow_level:
            self._drop_key()
            self.key_allowed = True
            self._queue.append(lines.block_scalar(self, literal=char == "|"))
            return
        if char == "*" or char == "&":
            scan = flow.anchor
        elif char == "!":
            scan = flow.tag
        elif char == "'":
            scan = flow.single_quoted
        elif char == '"':
            scan = flow.double_quoted
        elif self._begins_plain(char, after):
            scan = flow.plain
        else:
            raise self.error("found character that cannot start any token", "while scanning for the next token", self.pos)
        self._save_key()
        self.key_allowed = False
        self._queue.append(scan(self))

    def _begins_plain(self, char: str, after: str) -> bool:
        if char == "-":
            return after not in t.BLANKS
        if char == "?" or char == ":":
            return not self.flow_level and after not in t.BLANKS_Z
        return char not in _INDICATORS and char not in t.BLANKS_Z

    def _end(self) -> None:
        if self._ended:
            raise self.error("attempted to go past the end of stream")
        self._ended = True
        if self.pos != self.bol:
            self.line += 1
            self.bol = self.pos
        self._unroll(-1)
        self._drop_key()
        self.key_allowed = False
        self._add(t.STREAM_END, 0)

    def _at_line_start(self, char: str) -> bool:
        """A directive, `---` or `...`, if that is what is here."""
        if char == "%":
            self._unroll(-1)
            self._drop_key()
            self.key_allowed = False
            self._queue.append(flow.directive(self))
            return True
        if self.text[self.pos : self.pos + 3] != char * 3 or self.text[self.pos + 3] not in t.BLANKS_Z:
            return False
        self._unroll(-1)
        self._drop_key()
        self.key_allowed = False
        self._add(t.DOCUMENT_START if char == "-" else t.DOCUMENT_END, 3)
        return True

    def _flow_start(self, kind: int) -> None:
        self._save_key()
        self._keys.append(None)
        self._numbers.append(self._taken + len(self._queue) - self._head)
        self.flow_level += 1
        if self.flow_level > MAX_DEPTH:
            raise self.error(f"exceeded max depth of {MAX_DEPTH}", "while increasing flow level", self.pos)
        self.key_allowed = True
        self._add(kind, 1)

    def _flow_end(self, kind: int) -> None:
        self._drop_key()
        if self.flow_level:
            self.flow_level -= 1
            self._keys.pop()
            # In an empty collection that is the collection's own token: go-yaml never sees that `{}: a` has a key.
            self._key_at.pop(self._numbers.pop(), None)
        self.key_allowed = False
        self._add(kind, 1)

    def _block_entry(self, column: int) -> None:
        if not self.flow_level:
            if not self.key_allowed:
                raise self.error("block sequence entries are not allowed in this context")
            self._roll(column, t.BLOCK_SEQUENCE_START, self.pos)
        self._drop_key()
        self.key_allowed = True
        self._add(t.BLOCK_ENTRY, 1)

    def _explicit_key(self, column: int) -> None:
        if not self.flow_level:
            if not self.key_allowed:
                raise self.error("mapping keys are not allowed in this context")
            self._roll(column, t.BLOCK_MAPPING_START, self.pos)
        self._drop_key()
        self.key_allowed = not self.flow_level
        self._add(t.KEY, 1)

    def _value(self, column: int) -> None:
        key = self._keys[-1]
        if key is not None and self._is_valid(key):
            self._insert(key.token, (t.KEY, key.index, key.index, "", ""))
            self._roll(key.column, t.BLOCK_MAPPING_START, key.index, key.token)
            self._forget(key)
            self.key_allowed = False
        else:
            if not self.flow_level:
                if not self.key_allowed:
                    raise self.error("mapping values are not allowed in this context")
                self._roll(column, t.BLOCK_MAPPING_START, self.pos)
            self.key_allowed = not self.flow_level
        self._add(t.VALUE, 1)
