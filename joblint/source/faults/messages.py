"""Explains why a text is not valid YAML; knows libyaml's problems and the text around them.

Where a mistake shows late (a quote that is never closed, a line without its colon) the message points at the mistake.
"""

from __future__ import annotations

from joblint.source.faults import causes
from joblint.source.faults.causes import Said, quote_it, said, word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from joblint.source.reading.events import YamlError

    Say = Callable[[YamlError, str, int], Said]


def explain(error: YamlError, text: str) -> Said:
    """The message, a label for the place, and the place itself: its first character and the one after its last.

    `text` is the text that the error's index counts in.
    """
    index = max(0, min(error.index, len(text)))
    for beginning, say in _SAY:
        if error.problem.startswith(beginning):
            return say(error, text, index)
    return said(f"{error.problem}", "", index)


def _plainly(message: str, label: str = "") -> Say:
    return lambda error, text, index: said(message, label, index)


def _escape(error: YamlError, text: str, index: int) -> Said:
    found = text[index : index + 2]
    return said(f"unknown escape `{found}` in double quotes: write `\\{found}`, or use single quotes", "unknown escape", index, 2)


def _open_quote(error: YamlError, text: str, index: int) -> Said:
    start = max(error.context_index, 0)
    return said(f"the quote {text[start : start + 1]} opened here is never closed", "never closed", start)


def _name(error: YamlError, text: str, index: int) -> Said:
    return quote_it(text, error.context_index if 0 <= error.context_index < len(text) else index)


def _tag(error: YamlError, text: str, index: int) -> Said:
    starts = [i for i in (error.context_index, index) if 0 <= i < len(text) and text[i] == "!"]
    return quote_it(text, starts[0] if starts else index)


def _unknown_anchor(error: YamlError, text: str, index: int) -> Said:
    alias = word(text, index)
    anchor = error.problem.partition("'")[2].partition("'")[0]
    message = f"`{alias}` refers to an anchor `&{anchor[:40]}` that is not defined above; quote text that starts with `*`"
    return said(message, "undefined anchor", index, len(alias))


def _control(error: YamlError, text: str, index: int) -> Said:
    code = f"U+{ord(text[index : index + 1] or chr(0)):04X}"
    return said(f"the character {code} is not allowed in YAML", code, index)


def _encoding(error: YamlError, text: str, index: int) -> Said:
    return said(f"the text cannot be decoded: {error.problem}; save the file as UTF-8", "not UTF-8", index)


def _wrong_tag(error: YamlError, text: str, index: int) -> Said:
    tag, found = error.problem.rpartition(" ")[2], word(text, index)
    return said(f"`{found}` does not match its tag `{tag}`", "does not match its tag", index, len(found))


def _number(error: YamlError, text: str, index: int) -> Said:
    found = word(text, index)
    message = f"`{found}` is a number that JSON cannot represent: if it is text, quote it"
    return said(message, "not a JSON number", index, len(found))


def _separator(error: YamlError, text: str, index: int) -> Said:
    rows = text.split("\n")
    row = min(error.index, len(rows) - 1)  # such an error counts in lines
    rest = error.problem.partition(": ")[2][:40]
    message = (
        f"a line that starts with `---` separates documents and must contain nothing else, but this one continues with `{rest}`"
    )
    return said(message, "not a separator", sum(len(r) + 1 for r in rows[:row]), len(rows[row]))


def _directive(error: YamlError, text: str, index: int) -> Said:
    start = index if error.context_index < 0 else error.context_index
    message = "a `%` line has no effect: kubectl splits the file at `---` first, which leaves this line on its own; remove it"
    return said(message, "remove this line", start, len(word(text, start)))


def _json(error: YamlError, text: str, index: int) -> Said:
    return said(f"not valid JSON: {error.problem.partition(': ')[2]}", "", index)


_CODE = _plainly("`\\x`, `\\u` or `\\U` needs 2, 4 or 8 hexadecimal digits after it", "invalid escape")
_BLOCK = _plainly("the text of a block (`|` or `>`) starts on the next line; quote a value on the same line")

_SAY: tuple[tuple[str, Say], ...] = (
    ("found a tab character", causes.tab),
    ("found character that cannot start any token", causes.cannot_start),
    ("mapping values are not allowed", causes.stray_colon),
    ("did not find expected key", causes.expected_key),
    ("did not find expected '-'", causes.expected_item),
    ("could not find expected ':'", causes.expected_colon),
    ("did not find expected ',' or", causes.open_bracket),
    ("did not find expected node content", causes.no_content),
    ("found unexpected end of stream", _open_quote),
    ("found unexpected document indicator", _open_quote),
    ("found unknown escape character", _escape),
    ("did not find expected hexdecimal number", _CODE),
    ("found invalid Unicode character escape code", _CODE),
    ("did not find expected alphabetic or numeric character", _name),
    ("unknown anchor", _unknown_anchor),
    ("found undefined tag handle", _tag),
    ("did not find expected tag URI", _tag),
    ("did not find URI escaped octet", _tag),
    ("found an incorrect", _tag),
    ("did not find the expected '>'", _tag),
    ("did not find expected whitespace", _tag),
    ("control characters are not allowed", _control),
    ("invalid UTF", _encoding),
    ("did not find expected <document start>", _directive),
    ("found incompatible YAML document", _directive),
    ("found unknown directive name", _directive),
    ("could not find expected directive name", _directive),
    ("found unexpected non-alphabetical character", _directive),
    ("found duplicate %", _directive),
    ("did not find expected version number", _directive),
    ("did not find expected '!'", _directive),
    ("block sequence entries", _plainly("a list cannot start on the same line as its key: move `- ` to the next line")),
    ("mapping keys are not allowed", _plainly("unexpected `? `: quote a value that starts with it")),
    ("did not find expected comment or line break", _BLOCK),
    ("found an indentation indicator equal to 0", _BLOCK),
    ("invalid map key", _plainly("a list or mapping cannot be a key: quote text that starts with `{` or `[`")),
    ("unsupported map key", _plainly("a key must not be null, empty or a number that JSON cannot represent", "invalid key")),
    ("cannot decode as", _wrong_tag),
    ("unsupported value", _number),
    ("exceeded max depth", _plainly("nested more than 10,000 levels deep: the server rejects this", "too deep")),
    ("document contains excessive aliasing", _plainly("aliases make this far larger than its text (an alias bomb)")),
    ("anchor '", _plainly("this alias refers to a value that contains the alias itself", "circular alias")),
    ("map merge requires", _plainly("`<<:` needs a mapping, an alias of a mapping, or a list of them", "not a mapping")),
    ("invalid Yaml document separator", _separator),
    ("JSON: ", _json),
)
"""How the problems of libyaml, go-yaml and joblint's own readers begin, and the message for each."""
