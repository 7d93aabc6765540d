"""From tokens to events, as go-yaml does it: the grammar of YAML; does not know any values.

Source of the behavior: go.yaml.in/yaml/v2 2.4.3, parserc.go, a descendant of libyaml 0.1.
"""

from __future__ import annotations

from joblint.source.goyaml import tokens as t
from joblint.source.goyaml.scanner import Scanner
from joblint.source.reading import events as e
from joblint.source.reading.events import Mark, YamlError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from joblint.source.goyaml.tokens import Token
    from joblint.source.reading.events import Event

    State = Callable[[], Event]

_DEFAULT_TAGS = {"!": "!", "!!": e.TAG_PREFIX}
_END_OF_NODE = frozenset((t.DIRECTIVE, t.DOCUMENT_START, t.DOCUMENT_END, t.STREAM_END))
_COLLECTIONS = {
    t.FLOW_SEQUENCE_START: (e.SEQUENCE, True, "flow_sequence_first"),
    t.FLOW_MAPPING_START: (e.MAPPING, True, "flow_mapping_first"),
    t.BLOCK_SEQUENCE_START: (e.SEQUENCE, False, "block_sequence_first"),
    t.BLOCK_MAPPING_START: (e.MAPPING, False, "block_mapping_first"),
}


class Parser:
    """Returns the events of a text one by one (`next_event`). Raises YamlError if the text is not YAML.

    What comes after the first document is read only as far as the first document's end requires.
    """

    def __init__(self, text: str) -> None:
        found = t.FORBIDDEN.search(text)
        if found is not None:
            raise YamlError("control characters are not allowed", found.start())
        self._scanner = Scanner(text)
        self._state: State = self._stream_start
        self._states: list[State] = []  # where to continue when the current node has ended
        self._starts: list[int] = []  # where the open collections began
        self._tags = dict(_DEFAULT_TAGS)

    def next_event(self) -> Event:
        """The next event; after the end of the stream the same again."""
        return self._state()

    def _next(self) -> Token:
        self._scanner.take()
        return self._scanner.peek()

    def _stream_start(self) -> Event:
        self._scanner.take()
        self._state = self._first_document_start
        return (e.STREAM, None, None, None, None, None, Mark(0), Mark(0))

    def _first_document_start(self) -> Event:
        token = self._scanner.peek()
        if token[0] in (t.DIRECTIVE, t.DOCUMENT_START, t.STREAM_END):
            return self._document_start()
        self._states.append(self._document_end)
        self._state = self._block_node
        return self._event(e.DOCUMENT, token)

    def _document_start(self) -> Event:
        token = self._scanner.peek()
        while token[0] == t.DOCUMENT_END:
            token = self._next()
        if token[0] == t.STREAM_END:
            return self._event(e.STREAM_END, token)
        start = Mark(token[1])
        token = self._directives(token)
        if token[0] != t.DOCUMENT_START:
            raise YamlError("did not find expected <document start>", token[1])
        self._scanner.take()
        self._states.append(self._document_end)
        self._state = self._document_content
        return (e.DOCUMENT, None, None, None, None, None, start, Mark(token[2]))

    def _directives(self, token: Token) -> Token:
        version = False
        own: dict[str, str] = {}
        while token[0] == t.DIRECTIVE:
            if token[3] == "YAML":
                if version:
                    raise YamlError("found duplicate %YAML directive", token[1])
                if token[4] != "1.1":
                    raise YamlError("found incompatible YAML document", token[1])
                version = True
            else:
                handle, _, prefix = token[4].partition(" ")
                if handle in own:
                    raise YamlError("found duplicate %TAG directive", token[1])
                own[handle] = prefix
            token = self._next()
        self._tags = {**_DEFAULT_TAGS, **own}
        return token

    def _document_content(self) -> Event:
        token = self._scanner.peek()
        if token[0] in _END_OF_NODE:
            self._state = self._states.pop()
            return _empty(token[1])
        return self._node(block=True)

    def _document_end(self) -> Event:
        token = self._scanner.peek()
        start = end = Mark(token[1])
        if token[0] == t.DOCUMENT_END:
            end = Mark(token[2])
            self._scanner.take()
        self._tags = dict(_DEFAULT_TAGS)
        self._state = self._document_start
        return (e.DOCUMENT_END, None, None, None, None, None, start, end)

    def _block_node(self) -> Event:
        return self._node(block=True)

    def _node(self, block: bool, indentless: bool = False) -> Event:
        token = self._scanner.peek()
        if token[0] == t.ALIAS:
            self._scanner.take()
            self._state = self._states.pop()
            return (e.ALIAS, None, None, None, token[3], None, Mark(token[1]), Mark(token[2]))
        start, end = token[1], token[1]
        anchor: str | None = None
        tag_token: Token | None = None
        for _ in range(2):
            if token[0] == t.ANCHOR and anchor is None:
                anchor = token[3]
            elif token[0] == t.TAG and tag_token is None:
                tag_token = token
            else:
                break
            end = token[2]
            token = self._next()
        tag = self._tag(tag_token, start) if tag_token is not None else None
        kind = token[0]
        if indentless and kind == t.BLOCK_ENTRY:
            self._state = self._indentless_entry
            return (e.SEQUENCE, None, False, tag, anchor, not tag, Mark(start), Mark(token[2]))
        if kind == t.SCALAR:
            self._scanner.take()
            self._state = self._states.pop()
            implicit = tag == "!" or not tag and token[4] == ""
            return (e.SCALAR, token[3], token[4], tag, anchor, implicit, Mark(start), Mark(token[2]))
        if kind in _COLLECTIONS and (block or _COLLECTIONS[kind][1]):
            event_kind, in_flow, state = _COLLECTIONS[kind]
            self._state = getattr(self, "_" + state)
            return (event_kind, None, in_flow, tag, anchor, not tag, Mark(start), Mark(token[2]))
        if anchor or tag:
            self._state = self._states.pop()
            return (e.SCALAR, "", "", tag, anchor, not tag, Mark(start), Mark(end))
        context = "while parsing a block node" if block else "while parsing a flow node"
        begin = start if block or not self._starts else self._starts[-1]  # the bracket around it is more informative
        raise YamlError("did not find expected node content", token[1], context, begin)

    def _tag(self, token: Token, start: int) -> str:
        handle, suffix = token[3], token[4]
        if not handle:
            return suffix
        tag = self._tags[handle] + suffix if handle in self._tags else ""
        if not tag:
            raise YamlError("found undefined tag handle", token[1], "while parsing a node", start)
        return tag

    def _begin(self) -> None:
        self._starts.append(self._scanner.peek()[1])
        self._scanner.take()

    def _end(self, token: Token) -> Event:
        self._scanner.take()
        self._starts.pop()
        self._state = self._states.pop()
        return self._event(e.END, token)

    def _then(self, state: State, block: bool, indentless: bool = False) -> Event:
        """A node, and after it the given state."""
        self._states.append(state)
        return self._node(block, indentless)

    def _nothing(self, state: State, index: int) -> Event:
        """An empty scalar for a missing node, and after it the given state."""
        self._state = state
        return _empty(index)

    def _block_sequence_first(self) -> Event:
        self._begin()
        return self._block_sequence_entry()

    def _block_sequence_entry(self) -> Event:
        token = self._scanner.peek()
        if token[0] == t.BLOCK_ENTRY:
            index = token[2]
            if self._next()[0] not in (t.BLOCK_ENTRY, t.BLOCK_END):
                return self._then(self._block_sequence_entry, block=True)
            return self._nothing(self._block_sequence_entry, index)
        if token[0] == t.BLOCK_END:
            return self._end(token)
        raise YamlError("did not find expected '-' indicator", token[1], "while parsing a block collection", self._starts[-1])

    def _indentless_entry(self) -> Event:
        token = self._scanner.peek()
        if token[0] == t.BLOCK_ENTRY:
            index = token[2]
            if self._next()[0] not in (t.BLOCK_ENTRY, t.KEY, t.VALUE, t.BLOCK_END):
                return self._then(self._indentless_entry, block=True)
            return self._nothing(self._indentless_entry, index)
        self._state = self._states.pop()
        return (e.END, None, None, None, None, None, Mark(token[1]), Mark(token[1]))

    def _block_mapping_first(self) -> Event:
        self._begin()
        return self._block_mapping_key()

    def _block_mapping_key(self) -> Event:
        token = self._scanner.peek()
        if token[0] == t.KEY:
            index = token[2]
            if self._next()[0] not in (t.KEY, t.VALUE, t.BLOCK_END):
                return self._then(self._block_mapping_value, block=True, indentless=True)
            return self._nothing(self._block_mapping_value, index)
        if token[0] == t.BLOCK_END:
            return self._end(token)
        raise YamlError("did not find expected key", token[1], "while parsing a block mapping", self._starts[-1])

    def _block_mapping_value(self) -> Event:
        token = self._scanner.peek()
        if token[0] != t.VALUE:
            return self._nothing(self._block_mapping_key, token[1])
        index = token[2]
        if self._next()[0] not in (t.KEY, t.VALUE, t.BLOCK_END):
            return self._then(self._block_mapping_key, block=True, indentless=True)
        return self._nothing(self._block_mapping_key, index)

    def _flow_sequence_first(self) -> Event:
        self._begin()
        return self._flow_entry(self._scanner.peek())

    def _flow_sequence_entry(self) -> Event:
        token = self._scanner.peek()
        if token[0] == t.FLOW_ENTRY:
            token = self._next()
        elif token[0] != t.FLOW_SEQUENCE_END:
            raise YamlError("did not find expected ',' or ']'", token[1], "while parsing a flow sequence", self._starts[-1])
        return self._flow_entry(token)

    def _flow_entry(self, token: Token) -> Event:
        if token[0] == t.FLOW_SEQUENCE_END:
            return self._end(token)
        if token[0] == t.KEY:
            self._scanner.take()
            self._state = self._pair_key
            return (e.MAPPING, None, True, None, None, True, Mark(token[1]), Mark(token[2]))
        return self._then(self._flow_sequence_entry, block=False)

    def _pair_key(self) -> Event:
        token = self._scanner.peek()
        if token[0] not in (t.VALUE, t.FLOW_ENTRY, t.FLOW_SEQUENCE_END):
            return self._then(self._pair_value, block=False)
        self._scanner.take()  # a comma or bracket is also lost here
        return self._nothing(self._pair_value, token[2])

    def _pair_value(self) -> Event:
        token = self._scanner.peek()
        if token[0] == t.VALUE and self._next()[0] not in (t.FLOW_ENTRY, t.FLOW_SEQUENCE_END):
            return self._then(self._pair_end, block=False)
        return self._nothing(self._pair_end, token[1])

    def _pair_end(self) -> Event:
        index = self._scanner.peek()[1]
        self._state = self._flow_sequence_entry
        return (e.END, None, None, None, None, None, Mark(index), Mark(index))

    def _flow_mapping_first(self) -> Event:
        self._begin()
        return self._flow_key(self._scanner.peek())

    def _flow_mapping_key(self) -> Event:
        token = self._scanner.peek()
        if token[0] == t.FLOW_ENTRY:
            token = self._next()
        elif token[0] != t.FLOW_MAPPING_END:
            raise YamlError("did not find expected ',' or '}'", token[1], "while parsing a flow mapping", self._starts[-1])
        return self._flow_key(token)

    def _flow_key(self, token: Token) -> Event:
        if token[0] == t.FLOW_MAPPING_END:
            return self._end(token)
        if token[0] != t.KEY:
            return self._then(self._flow_mapping_no_value, block=False)
        token = self._next()
        if token[0] not in (t.VALUE, t.FLOW_ENTRY, t.FLOW_MAPPING_END):
            return self._then(self._flow_mapping_value, block=False)
        return self._nothing(self._flow_mapping_value, token[1])

    def _flow_mapping_value(self) -> Event:
        token = self._scanner.peek()
        if token[0] == t.VALUE:
            token = self._next()
            if token[0] not in (t.FLOW_ENTRY, t.FLOW_MAPPING_END):
                return self._then(self._flow_mapping_key, block=False)
        return self._nothing(self._flow_mapping_key, token[1])

    def _flow_mapping_no_value(self) -> Event:
        return self._nothing(self._flow_mapping_key, self._scanner.peek()[1])

    def _event(self, kind: int, token: Token) -> Event:
        return (kind, None, None, None, None, None, Mark(token[1]), Mark(token[2]))


def _empty(index: int) -> Event:
    return (e.SCALAR, "", "", None, None, True, Mark(index), Mark(index))
