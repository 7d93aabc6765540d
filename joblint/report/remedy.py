"""A rule's fix as Markdown: sentences as text, what to type as code blocks; knows texts only."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_GAP = "    "
"""The separator between a line to type and the note after it."""


def as_markdown(fix: str) -> str:
    """Return the fix with its sentences as paragraphs and its other lines in code blocks, where a note becomes a comment."""
    parts: list[str] = []
    code: list[str] = []
    prose: list[str] = []
    for line in [*fix.strip("\n").split("\n"), ""]:
        words = bool(line) and (
            _is_prose(line) or _goes_on(prose, line) and not line.startswith((" ", "- ")) and _GAP not in line
        )
        if code and (words or not line):
            parts.append(_block(code))
            code = []
        if prose and not words:
            parts.append(" ".join(prose))
            prose = []
        if words:
            prose.append(_inline(" ".join(line.split())))
        elif line:
            code.append(line)
    return "\n\n".join(parts)


def _goes_on(prose: list[str], line: str) -> bool:
    """Whether a sentence may continue in a line; after a colon follows what to type, unless it ends with a full stop."""
    if not prose or line.startswith((" ", "- ")) or _GAP in line:
        return False
    return not prose[-1].endswith(":") or line.endswith(".")


def _with_or(lines: list[str], keys: set[str]) -> Iterator[str]:
    """The lines, with `or` in the note of a line whose key an earlier line has: they are alternatives."""
    for line in lines:
        key, colon, _ = line.partition(":")
        if colon and key.replace("-", "").replace(".", "").replace("/", "").isalnum():
            if key in keys and "    or" not in line:
                text, gap, note = line.partition(_GAP)
                line = f"{text}{gap}{' ' * (len(note) - len(note.lstrip()))}or: {note.lstrip()}" if gap else f"{line}    or this"
            keys.add(key)
        yield line


def as_typed(fix: str, width: int = 0) -> list[str]:
    """Return the lines of a fix as they can be typed: a note after what to type is a comment. Notes that begin in the same column
    still do. If a line is longer than `width`, its note is on the line above it; an alternative to the first line is below it."""
    lines: list[str] = []
    keys: set[str] = set()
    written = fix.split("\n")
    rest = written[1] if len(written) > 1 else ""
    for line in _with_or(written, keys):
        bare = line.lstrip()
        text, gap, note = bare.partition(_GAP)
        if not gap or _is_prose(bare):
            lines.append(line)
            continue
        indent, note = line[: len(line) - len(bare)], note.lstrip()
        typed = indent + text.rstrip()
        column = len(line) - len(note)
        commented = f"{typed:<{column - 2}}# {note}"
        if not width or len(commented) <= width:
            lines.append(commented)
        elif not lines and note.startswith("or ") and not rest.startswith(" "):
            lines += [typed, f"{indent}# {note}"]  # an alternative comes after what to type first
        else:
            lines += [f"{indent}# {note}", typed]
    return lines


def _is_prose(line: str) -> bool:
    """Whether a line is a sentence: it begins with a capital letter and a word that is not a key."""
    first, space, _ = line.partition(" ")
    return bool(space) and first[:1].isupper() and not first.endswith(":") and "=" not in first


def _inline(sentence: str) -> str:
    """A sentence whose end, after a colon, is code if it looks like code."""
    head, colon, tail = sentence.rpartition(": ")
    if colon and tail and not tail.endswith(".") and any(sign in tail for sign in "<|=$&-\"'") and "`" not in tail:
        return f"{head}: `{tail}`"
    return sentence.replace("<", "\\<")


def _block(lines: list[str]) -> str:
    indent = min([len(line) - len(line.lstrip()) for line in lines])
    rows = as_typed("\n".join([line[indent:] for line in lines]))
    yaml = all(_is_yaml(row) for row in rows)
    return "\n".join([f"```{'yaml' if yaml else 'sh'}", *rows, "```"])


def _is_yaml(row: str) -> bool:
    """Whether a row may be in a YAML block: indented, an item, a flow, a comment, or a key."""
    first = row.partition(" ")[0]
    if row.startswith("[ "):  # a test in a shell
        return False
    return row.startswith((" ", "- ", "[", "{", "#", '"')) or first.endswith(":") or row.partition("  # ")[0].isalnum()
