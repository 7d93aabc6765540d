"""What is wrong with a text that is no YAML, in words that help at 3 a.m.; knows libyaml's problems and the text around them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from joblint.source.events import YamlError

    Said = tuple[str, str, int, int]


def explain(error: YamlError, text: str) -> Said:
    """The message, a label for the place, and the place itself: its first character and the one after its last.

    `text` is the text that the error's index counts in.
    """
    index = max(0, min(error.index, len(text)))
    for beginning, say in _SAY:
        if error.problem.startswith(beginning):
            return say(error, text, index)
    return f"this is no YAML: {error.problem}", "", index, index + 1


def _line(text: str, index: int) -> str:
    """The line in which the index stands, up to it."""
    return text[text.rfind("\n", 0, index) + 1 : index]


def _row(text: str, index: int) -> int:
    return text.count("\n", 0, index) + 1


def _char(text: str, index: int) -> str:
    return text[index : index + 1]


def _word(text: str, index: int) -> str:
    """What stands at the index, up to the end of its line, shortened."""
    end = text.find("\n", index)
    word = text[index : len(text) if end < 0 else end].strip()
    return word if len(word) <= 40 else word[:37] + "..."


def _column(text: str, index: int) -> int:
    return len(_line(text, index))


def _tab(error: YamlError, text: str, index: int) -> Said:
    return "a tab stands where YAML wants spaces: indent with spaces only", "a tab", index, index + 1


def _cannot_start(error: YamlError, text: str, index: int) -> Said:
    char = _char(text, index)
    if char == "\t":
        return _tab(error, text, index)
    name = "a backtick" if char == "`" else f"`{char}`"
    return f"{name} cannot begin a value: put the value in quotes", "quote this value", index, index + 1


def _colon(error: YamlError, text: str, index: int) -> Said:
    line = _line(text, index)
    body = line.lstrip(" ").removeprefix("- ")
    if ": " in body or ":\t" in body:
        return (
            "a second `: ` in one line: put the value in quotes, or begin a new line after the first colon",
            "a stray colon",
            index,
            index + 1,
        )
    start = index - len(line.lstrip(" "))
    above = text[: index - len(line)].rstrip()
    above = above[above.rfind("\n") + 1 :]
    if above.strip() and ": " not in above + " " and len(line) - len(line.lstrip(" ")) <= len(above) - len(above.lstrip(" ")):
        at = text.rfind(above, 0, index - len(line)) + len(above) - len(above.lstrip(" "))
        return _without_colon(text, at)
    return (
        "this line is indented deeper than the one above it, which has a value already: a key's own keys must follow a line"
        " that ends with its colon",
        "indented too deep, or a colon too many",
        start,
        index + 1,
    )


def _expected_key(error: YamlError, text: str, index: int) -> Said:
    before = _line(text, index).rstrip(" \t")
    if before and before[-1] in "'\"" and index < len(text):
        return "there is text behind the closing quote: put all of the value into the quotes", "behind the quote", index, index + 1
    if before.strip():
        return f"`{_word(text, index)}` cannot stand here: a key and a colon are expected", "", index, index + 1
    column, wanted = _column(text, index), _column(text, error.context_index)
    row = _row(text, error.context_index)
    if text.startswith(("- ", "-\n"), index):
        return (
            f"a list item stands between the keys of the mapping that begins on line {row}: indent it by {wanted} spaces"
            " below the key it belongs to, or remove it",
            "an item of which list?",
            index,
            index + 1,
        )
    return (
        f"this line is indented by {column} {_spaces(column)}, the mapping it would belong to (line {row}) by {wanted}: one of"
        " the two is wrong",
        "indented wrongly",
        index,
        index + len(_word(text, index)),
    )


def _spaces(count: int) -> str:
    return "space" if count == 1 else "spaces"


def _expected_item(error: YamlError, text: str, index: int) -> Said:
    row, wanted = _row(text, error.context_index), _column(text, error.context_index)
    return (
        f"the list that begins on line {row} is indented by {wanted} {_spaces(wanted)}, and this line is no `- ` item of it:"
        " indent it like the key it belongs with",
        "indented wrongly",
        index,
        index + max(len(_word(text, index)), 1),
    )


def _no_colon(error: YamlError, text: str, index: int) -> Said:
    start = error.context_index if 0 <= error.context_index < len(text) else index
    return _without_colon(text, start)


def _without_colon(text: str, start: int) -> Said:
    word = _word(text, start)
    return (
        f"`{word}` is no `key: value`: its colon (followed by a space) is missing, or it should be indented to belong to the"
        " text above it",
        "no colon",
        start,
        start + max(len(word), 1),
    )


def _open_bracket(error: YamlError, text: str, index: int) -> Said:
    start = max(error.context_index, 0)
    bracket = _char(text, start) or "["
    closing = "]" if bracket == "[" else "}"
    if not text[index:].strip() or _char(text, index) in "]}":
        return f"the `{bracket}` opened here is never closed by `{closing}`", "never closed", start, start + 1
    row = _row(text, index)
    if "\n" in text[start:index]:
        return (
            f"the `{bracket}` opened here is not closed by `{closing}`, or a comma is missing in line {row}",
            "not closed",
            start,
            start + 1,
        )
    return (
        f"a comma or the closing `{closing}` is missing before `{_word(text, index)}`",
        "a comma is missing",
        index,
        index + 1,
    )


def _no_content(error: YamlError, text: str, index: int) -> Said:
    if not text[index:].strip():
        start = max(error.context_index, 0)
        return "the text ends where a value is expected: a bracket is not closed", "", min(start, index), index + 1
    return f"a value is expected here, not `{_word(text, index)}`", "a value is expected", index, index + 1


def _open_quote(error: YamlError, text: str, index: int) -> Said:
    start = max(error.context_index, 0)
    return f"the quote `{_char(text, start)}` opened here is never closed", "never closed", start, start + 1


def _escape(error: YamlError, text: str, index: int) -> Said:
    found = text[index : index + 2]
    return (
        f"in double quotes `{found}` is no escape: write `\\{found}`, or use single quotes",
        "no escape",
        index,
        index + len(found),
    )


def _code(error: YamlError, text: str, index: int) -> Said:
    return "behind `\\x`, `\\u` or `\\U` stand 2, 4 or 8 hexadecimal digits of a character", "", index, index + 1


def _name(error: YamlError, text: str, index: int) -> Said:
    start = error.context_index if 0 <= error.context_index < len(text) else index
    return _quote_it(text, start)


def _quote_it(text: str, start: int) -> Said:
    char, word = _char(text, start), _word(text, start)
    what = {"*": "an alias", "&": "an anchor", "!": "a tag"}.get(char, "something else")
    return (
        f'a value that begins with `{char}` must be in quotes: "{word}" (without them, `{char}` begins {what})',
        "quote this value",
        start,
        start + max(len(word), 1),
    )


def _unknown_anchor(error: YamlError, text: str, index: int) -> Said:
    word = _word(text, index)
    return (
        f"`{word}` refers to an anchor `&{error.problem.split(chr(39))[1]}` that stands nowhere before it; a text that begins"
        " with `*` must be in quotes",
        "no such anchor",
        index,
        index + max(len(word), 1),
    )


def _tag(error: YamlError, text: str, index: int) -> Said:
    starts = [i for i in (error.context_index, index) if 0 <= i < len(text) and text[i] == "!"]
    return _quote_it(text, starts[0] if starts else index)


def _control(error: YamlError, text: str, index: int) -> Said:
    code = ord(_char(text, index) or "\0")
    return f"the character U+{code:04X} is not allowed in YAML", f"U+{code:04X}", index, index + 1


def _encoding(error: YamlError, text: str, index: int) -> Said:
    return f"this is no readable text: {error.problem}; save the file as UTF-8", "not UTF-8", index, index + 1


def _directive(error: YamlError, text: str, index: int) -> Said:
    return (
        "kubectl parts a file at `---` before it reads `%` lines, so that they stand alone: remove this line (or quote the value,"
        " if it is one)",
        "remove this line",
        index,
        index + max(len(_word(text, index)), 1),
    )


def _list_on_line(error: YamlError, text: str, index: int) -> Said:
    return "a list begins on a line of its own, not behind a key: move `- ` to the next line", "", index, index + 1


def _question(error: YamlError, text: str, index: int) -> Said:
    return "`? ` cannot stand here: a value that begins with it must be in quotes", "", index, index + 1


def _block_header(error: YamlError, text: str, index: int) -> Said:
    return "the text of a block (`|` or `>`) begins on the next line: put a single-line value in quotes", "", index, index + 1


def _said(message: str, label: str = "") -> Callable[[YamlError, str, int], Said]:
    return lambda error, text, index: (message, label, index, index + 1)


def _tagged(error: YamlError, text: str, index: int) -> Said:
    tag = error.problem.rpartition(" ")[2]
    return f"`{_word(text, index)}` is not what its tag `{tag}` says", "does not fit its tag", index, index + 1


def _number(error: YamlError, text: str, index: int) -> Said:
    word = _word(text, index)
    return (
        f"`{word}` is a number that cannot be sent to the server: if it is meant as text, put it in quotes",
        "no number for JSON",
        index,
        index + max(len(word), 1),
    )


def _separator(error: YamlError, text: str, index: int) -> Said:
    rows = text.split("\n")
    row = min(error.index, len(rows) - 1)
    start = sum(len(r) + 1 for r in rows[:row])
    return (
        f"a line that begins with `---` parts documents and may hold nothing else, but this one goes on with"
        f" `{error.problem.partition(': ')[2][:40]}`",
        "not a separator",
        start,
        start + len(rows[row]),
    )


def _json(error: YamlError, text: str, index: int) -> Said:
    return f"this is no JSON: {error.problem.partition(': ')[2]}", "", index, index + 1


_SAY: tuple[tuple[str, Callable[[YamlError, str, int], Said]], ...] = (
    ("found a tab character", _tab),
    ("found character that cannot start any token", _cannot_start),
    ("mapping values are not allowed", _colon),
    ("did not find expected key", _expected_key),
    ("did not find expected '-'", _expected_item),
    ("could not find expected ':'", _no_colon),
    ("did not find expected ',' or", _open_bracket),
    ("did not find expected node content", _no_content),
    ("found unexpected end of stream", _open_quote),
    ("found unexpected document indicator", _open_quote),
    ("found unknown escape character", _escape),
    ("did not find expected hexdecimal number", _code),
    ("found invalid Unicode character escape code", _code),
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
    ("block sequence entries are not allowed", _list_on_line),
    ("mapping keys are not allowed", _question),
    ("did not find expected comment or line break", _block_header),
    ("found an indentation indicator equal to 0", _block_header),
    ("invalid map key", _said("a list or mapping cannot be a key: a text that begins with `{` or `[` must be in quotes", "no key")),
    ("unsupported map key", _said("a key may not be null or empty, nor a number that JSON cannot have", "no key")),
    ("cannot decode as", _tagged),
    ("unsupported value", _number),
    ("exceeded max depth", _said("more than 10,000 levels deep: the server takes no such thing", "too deep")),
    ("document contains excessive aliasing", _said("aliases make far more of this than stands here (an alias bomb)", "too many")),
    ("anchor '", _said("this alias stands for something that holds the alias itself", "goes round in a circle")),
    ("map merge requires", _said("behind `<<:` stands a mapping, an alias of one, or a list of them", "no mapping")),
    ("invalid Yaml document separator", _separator),
    ("JSON: ", _json),
)
