"""Finds the likely cause at the position where a text stops being YAML: indentation, colons, brackets, quotes; knows the text
alone."""

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
    """The text at the index, up to the end of its line, shortened."""
    end = text.find("\n", index)
    found = text[index : len(text) if end < 0 else end].strip()
    return found if len(found) <= 40 else found[:37] + "..."


def quote_it(text: str, start: int) -> Said:
    """A value that begins with a character that means something in YAML."""
    found = word(text, start)
    what = {"*": "an alias", "&": "an anchor", "!": "a tag"}.get(found[:1], "something else")
    message = f'a value that starts with `{found[:1]}` must be quoted: "{found}" (unquoted, `{found[:1]}` starts {what})'
    return said(message, "quote this value", start, len(found))


def tab(error: YamlError, text: str, index: int) -> Said:
    """A tab in the indentation."""
    return said("tab used for indentation: indent with spaces only", "a tab", index)


def cannot_start(error: YamlError, text: str, index: int) -> Said:
    """A character that no value may begin with."""
    char = text[index : index + 1]
    if char == "\t":
        return tab(error, text, index)
    name = "a backtick" if char == "`" else f"`{char}`"
    return said(f"{name} cannot start a value: quote the value", "quote this value", index)


def stray_colon(error: YamlError, text: str, index: int) -> Said:
    """A colon where no key can be: two in a line, a line indented too deep, or none in the line above."""
    line = _line(text, index)
    body = line.lstrip(" ").removeprefix("- ")
    if ": " in body or ":\t" in body:
        message = "a second `: ` on one line: quote the value, or start a new line after the first colon"
        return said(message, "unexpected colon", index)
    begin = index - len(line)
    above = text[:begin].rstrip()
    above = above[above.rfind("\n") + 1 :]
    indent = len(above) - len(above.lstrip(" "))
    if above.strip() and ": " not in above + " " and len(line) - len(line.lstrip(" ")) <= indent:
        return _without_colon(text, text.rfind(above, 0, begin) + indent)
    start = index - len(line.lstrip(" "))
    return said(
        "this line is indented deeper than the line above, but that line already has a value; use the same indentation",
        "indented too deep, or an extra colon",
        start,
        index + 1 - start,
    )


def expected_key(error: YamlError, text: str, index: int) -> Said:
    """Something between a mapping's keys: text after quotes, a list item, a line with another indentation."""
    before = _line(text, index).rstrip(" \t")
    if before and before[-1] in "'\"" and index < len(text):
        opened = _opened_above(text, index)
        if opened >= 0:
            return _unclosed(text, opened, index)
        return said("text after the closing quote: quote the whole value", "after the quote", index)
    found = word(text, index)
    if before.strip():
        return said(f"unexpected `{found}`: expected a key and a colon", "", index)
    column, wanted, row = _column(text, index), _column(text, error.context_index), _row(text, error.context_index)
    if text.startswith(("- ", "-\n"), index):
        return said(
            f"a list item between the keys of the mapping that starts on line {row}: indent it like the other items of"
            " its list, or remove it",
            "unexpected list item",
            index,
        )
    nearest = _key_column(text[: index - column].rstrip().rpartition("\n")[2])
    if nearest > column:  # both levels are possible
        message = (
            f"this line is indented by {_spaces(column)}, the keys above by {nearest}, the mapping around them by {wanted}:"
            f" use {nearest} or {wanted}"
        )
    else:
        message = (
            f"this line is indented by {_spaces(column)}, but its mapping (line {row}) by {_spaces(wanted)}: one of them is wrong"
        )
    return said(
        message,
        "wrong indentation",
        index,
        len(found),
    )


def _key_column(line: str) -> int:
    """Where the first key of a line begins, after the dashes of list items: how deep its sibling keys are indented."""
    body = line.lstrip(" ")
    while body.startswith("- "):
        body = body[2:].lstrip(" ")
    return len(line) - len(body)


def expected_item(error: YamlError, text: str, index: int) -> Said:
    """A line in a list that is not an item of it."""
    row, wanted = _row(text, error.context_index), _column(text, error.context_index)
    return said(
        f"the list that starts on line {row} is indented by {_spaces(wanted)}, but this line has no `- `: indent it like its"
        " sibling keys",
        "wrong indentation",
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
        opened = _opened_above(text, index)
        if opened > start:
            return _unclosed(text, opened, index)
        row = _row(text, index)
        message = f"the `{bracket}` opened here is not closed by `{closing}`, or a comma is missing on line {row}"
        return said(message, "not closed", start)
    return said(f"a comma or the closing `{closing}` is missing before `{word(text, index)}`", "comma missing", index)


def no_content(error: YamlError, text: str, index: int) -> Said:
    """Nothing, or something impossible, instead of a value."""
    if not text[index:].strip():
        start = min(max(error.context_index, 0), index)
        return said("the text ends before a value: a bracket is not closed", "", start)
    return said(f"expected a value, found `{word(text, index)}`", "expected a value", index)


def _unclosed(text: str, opened: int, index: int) -> Said:
    message = f"the quote opened here is not closed on its line: the value ends at the next quote, on line {_row(text, index)}"
    return said(message, "not closed", opened)


def _opened_above(text: str, index: int) -> int:
    """The quote on a line above that the one before the index closes, if there are keys or items between the two and that one
    is where a value begins: then it opens a value, and the one above is not closed. -1 if there is none."""
    closing = len(text[:index].rstrip(" \t")) - 1
    quote = text[closing : closing + 1]
    if quote not in ("'", '"'):
        return -1
    opened = text.rfind(quote, 0, closing)
    begin = text.rfind("\n", 0, closing)
    if opened < 0 or opened > begin:
        return -1
    line, before = text[begin + 1 : closing].strip(), text[text.rfind("\n", 0, opened) + 1 : opened].rstrip(" ")
    begins = line.endswith((":", "-", "[", ",", "{")) and ":" in line or line in ("", "-")
    return opened if begins and (not before or before[-1] in ":-[,{") else -1


def _without_colon(text: str, start: int) -> Said:
    found = word(text, start)
    return said(
        f"`{found}` is not a `key: value` pair: add a colon and a space, or indent it to continue the text above",
        "colon missing",
        start,
        len(found),
    )


def _line(text: str, index: int) -> str:
    """The line that contains the index, up to it."""
    return text[text.rfind("\n", 0, index) + 1 : index]


def _row(text: str, index: int) -> int:
    return text.count("\n", 0, max(index, 0)) + 1


def _column(text: str, index: int) -> int:
    return len(_line(text, max(index, 0)))


def _spaces(count: int) -> str:
    return "1 space" if count == 1 else f"{count} spaces"
