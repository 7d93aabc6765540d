"""Finds the likely cause where a text stops being YAML: indentation, colons, brackets, quotes; knows the text alone."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.source.reading.events import YamlError

Said = tuple[str, str, int, int]
"""A message, a label for the place, and the place: its first character and the one after its last."""


def said(message: str, label: str, start: int, length: int = 1) -> Said:
    """The message about a place."""
    return message, label, start, start + max(length, 1)


def word(text: str, index: int) -> str:
    """What stands at the index, up to the end of its line, shortened."""
    end = text.find("\n", index)
    found = text[index : len(text) if end < 0 else end].strip()
    return found if len(found) <= 40 else found[:37] + "..."


def quote_it(text: str, start: int) -> Said:
    """A value that begins with a character that means something in YAML."""
    found = word(text, start)
    what = {"*": "an alias", "&": "an anchor", "!": "a tag"}.get(found[:1], "something else")
    message = f'a value that begins with `{found[:1]}` must be in quotes: "{found}" (without them, `{found[:1]}` begins {what})'
    return said(message, "quote this value", start, len(found))


def tab(error: YamlError, text: str, index: int) -> Said:
    """A tab in the indentation."""
    return said("a tab stands where YAML wants spaces: indent with spaces only", "a tab", index)


def cannot_start(error: YamlError, text: str, index: int) -> Said:
    """A character that no value may begin with."""
    char = text[index : index + 1]
    if char == "\t":
        return tab(error, text, index)
    name = "a backtick" if char == "`" else f"`{char}`"
    return said(f"{name} cannot begin a value: put the value in quotes", "quote this value", index)


def stray_colon(error: YamlError, text: str, index: int) -> Said:
    """A colon where no key can be: two in a line, a line indented too deep, or none in the line above."""
    line = _line(text, index)
    body = line.lstrip(" ").removeprefix("- ")
    if ": " in body or ":\t" in body:
        message = "a second `: ` in one line: put the value in quotes, or begin a new line after the first colon"
        return said(message, "a stray colon", index)
    begin = index - len(line)
    above = text[:begin].rstrip()
    above = above[above.rfind("\n") + 1 :]
    indent = len(above) - len(above.lstrip(" "))
    if above.strip() and ": " not in above + " " and len(line) - len(line.lstrip(" ")) <= indent:
        return _without_colon(text, text.rfind(above, 0, begin) + indent)
    start = index - len(line.lstrip(" "))
    return said(
        "this line is indented deeper than the one above it, which has a value already: a key's own keys must follow a line"
        " that ends with its colon",
        "indented too deep, or a colon too many",
        start,
        index + 1 - start,
    )


def expected_key(error: YamlError, text: str, index: int) -> Said:
    """Something between a mapping's keys: text behind quotes, a list item, a line of another indentation."""
    before = _line(text, index).rstrip(" \t")
    if before and before[-1] in "'\"" and index < len(text):
        return said("there is text behind the closing quote: put all of the value into the quotes", "behind the quote", index)
    found = word(text, index)
    if before.strip():
        return said(f"`{found}` cannot stand here: a key and a colon are expected", "", index)
    column, wanted, row = _column(text, index), _column(text, error.context_index), _row(text, error.context_index)
    if text.startswith(("- ", "-\n"), index):
        return said(
            f"a list item stands between the keys of the mapping that begins on line {row}: indent it as the other items of"
            " its list, or remove it",
            "an item of which list?",
            index,
        )
    return said(
        f"this line is indented by {_spaces(column)}, the mapping it would belong to (line {row}) by {_spaces(wanted)}:"
        " one of the two is wrong",
        "indented wrongly",
        index,
        len(found),
    )


def expected_item(error: YamlError, text: str, index: int) -> Said:
    """A line in a list that is no item of it."""
    row, wanted = _row(text, error.context_index), _column(text, error.context_index)
    return said(
        f"the list that begins on line {row} is indented by {_spaces(wanted)}, and this line is no `- ` item of it: indent it"
        " like the key it belongs with",
        "indented wrongly",
        index,
        len(word(text, index)),
    )


def expected_colon(error: YamlError, text: str, index: int) -> Said:
    """A line in a mapping that has no colon."""
    return _without_colon(text, error.context_index if 0 <= error.context_index < len(text) else index)


def open_bracket(error: YamlError, text: str, index: int) -> Said:
    """A bracket that is not closed, or a comma that is missing."""
    start = max(error.context_index, 0)
    bracket = text[start : start + 1] or "["
    closing = "]" if bracket == "[" else "}"
    if not text[index:].strip() or text[index] in "]}":
        return said(f"the `{bracket}` opened here is never closed by `{closing}`", "never closed", start)
    if "\n" in text[start:index]:
        row = _row(text, index)
        message = f"the `{bracket}` opened here is not closed by `{closing}`, or a comma is missing in line {row}"
        return said(message, "not closed", start)
    return said(f"a comma or the closing `{closing}` is missing before `{word(text, index)}`", "a comma is missing", index)


def no_content(error: YamlError, text: str, index: int) -> Said:
    """Nothing, or something impossible, where a value must be."""
    if not text[index:].strip():
        start = min(max(error.context_index, 0), index)
        return said("the text ends where a value is expected: a bracket is not closed", "", start)
    return said(f"a value is expected here, not `{word(text, index)}`", "a value is expected", index)


def _without_colon(text: str, start: int) -> Said:
    found = word(text, start)
    return said(
        f"`{found}` is no `key: value`: its colon (followed by a space) is missing, or it should be indented to belong to the"
        " text above it",
        "no colon",
        start,
        len(found),
    )


def _line(text: str, index: int) -> str:
    """The line in which the index stands, up to it."""
    return text[text.rfind("\n", 0, index) + 1 : index]


def _row(text: str, index: int) -> int:
    return text.count("\n", 0, max(index, 0)) + 1


def _column(text: str, index: int) -> int:
    return len(_line(text, max(index, 0)))


def _spaces(count: int) -> str:
    return "1 space" if count == 1 else f"{count} spaces"
