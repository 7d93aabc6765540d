"""A template's text as YAML, once its branches are decided, with the lines and columns of the template.

Knows actions and how YAML is indented. What an action prints is an unknown text (see `encoded`); one that may print several
lines becomes an entry, an item or a value that says so, if the lines around it show which.
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.source.unrendered.actions import Action, Branch, Choice
from joblint.source.unrendered.encoded import BLOCK, encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Sequence

    Decide = Callable[[Choice], int]
    """Which branch of a choice is taken; -1 for none."""

    Prints = Callable[[str], str]
    """What the action of a mark prints: ITEMS, ENTRIES, "" if that is not known."""


ITEMS, ENTRIES = "items", "entries"


class Laid(Record):
    """The text, and the lines (from 0) whose key has entries or items in addition to those below it."""

    lines: tuple[str, ...]
    opened: tuple[int, ...]


def lay(
    text: str, actions: Sequence[Action | Choice], decide: Decide, begin: int, end: int, prints: Prints = lambda _: ""
) -> Laid:
    """Return the lines from `begin` to `end` of a text (both at line starts) with the branches that are selected; everything else
    in it is spaces. What is opened counts from the first of these lines. `prints` says what actions print."""
    pieces: list[tuple[int, int, str]] = []
    shifts: list[tuple[int, int]] = []
    _edits(text, actions, decide, pieces, shifts, begin, end)
    parts: list[str] = []
    at = begin
    for first, last, new in pieces:
        start, stop = max(first, begin), min(last, end)
        if start > stop or start < at:
            continue
        old = text[start:stop]
        new = new if (start, stop) == (first, last) else ""
        parts += [text[at:start], new + "\n" * old.count("\n") + (" " * len(old.rpartition("\n")[2]) if "\n" in old else "")]
        if "\n" not in old:
            parts[-1] = new.ljust(len(old))
        at = stop
    parts.append(text[at:end])
    lines = ["" if not line.strip() else line.rstrip("\r") for line in "".join(parts).split("\n")]
    for place, column in shifts:
        row = text.count("\n", begin, place) if begin <= place < end else -1
        if 0 <= row < len(lines) and lines[row]:
            lines[row] = " " * column + lines[row].lstrip(" ")
    return _Lines(lines, prints).laid()


def _edits(
    text: str,
    actions: Sequence[Action | Choice],
    decide: Decide,
    pieces: list[tuple[int, int, str]],
    shifts: list[tuple[int, int]],
    begin: int,
    end: int,
) -> None:
    for item in actions:
        if item.end <= begin or item.start >= end:
            continue
        if isinstance(item, Action):
            pieces.append((item.start, item.end, encode(text[item.start : item.end]) if item.prints else ""))
        elif is_inline(text, item):
            pieces.append((item.start, item.end, encode(" ".join(text[item.start : item.end].split("\n")))))
        else:
            apart = item.always and _is_apart(text, item)
            taken = -1 if apart else decide(item)
            at, column = item.start, _column(text, item.start)
            for i, branch in enumerate(item.branches):
                if i == taken or item.always and not apart:
                    pieces.append((at, branch.start, ""))
                    shifts += _shift(text, branch.start, column)
                    _edits(text, branch.inside, decide, pieces, shifts, begin, end)
                    at, column = branch.end, _column(text, branch.end)
            pieces.append((at, item.end, ""))
            shifts += _shift(text, item.end, column)


def _is_apart(text: str, item: Choice) -> bool:
    """Whether an action defines a part of an object, which is printed where it is included or called."""
    return item.word in ("define", "macro") and "\nkind:" not in text[item.start : item.end]


def _column(text: str, at: int) -> int:
    """The column of an action that is the first of its line and does not take away the spaces in front of it; otherwise -1."""
    begin = text.rfind("\n", 0, at) + 1
    return -1 if text.startswith("{{-", at) or text[begin:at].strip(" ") else at - begin


def _shift(text: str, end: int, column: int) -> list[tuple[int, int]]:
    """Where the text after an action begins that ends at `end`, and the column at which it is printed if that is not its own:
    `-}}` takes away the line break and the spaces behind it."""
    place = end
    while place < len(text) and text[place] in " \t\r\n":
        place += 1
    return [(place, column)] if column >= 0 and text.endswith("-}}", 0, end) and "\n" in text[end:place] else []


def is_inline(text: str, choice: Choice) -> bool:
    """Whether a choice is within a line that has other text, `name: {{ if … }}a{{ else }}b{{ end }}`, or that it prints itself:
    `{{ if … }}suspend: true{{ end }}` prints at another column than that of its text."""
    if "\n" in text[choice.start : choice.end]:
        return _prints_within(text, choice)
    begin, end = text.rfind("\n", 0, choice.start) + 1, text.find("\n", choice.end)
    before, after = text[begin : choice.start], text[choice.end : len(text) if end < 0 else end]
    return bool(before.strip() or after.strip()) or not choice.always and any(_has_text(text, b) for b in choice.branches)


def _prints_within(text: str, choice: Choice) -> bool:
    """Whether a choice of several lines continues the line in which it begins: `name: {{ if … -}}`, with one line in each branch
    and `{{- end }}`."""
    begin = text.rfind("\n", 0, choice.start) + 1
    before = text[begin : choice.start].rstrip(" ")
    if choice.always or not before.strip() or before.endswith("}}"):
        return False
    at = choice.start
    for branch in choice.branches:
        opens = text[at : branch.start]
        at = branch.end
        trims = opens.endswith("-}}") and text.startswith("{{-", branch.end)
        if not trims or "\n" in text[branch.start : branch.end].strip():
            return False
    return True


def _has_text(text: str, branch: Branch) -> bool:
    """Whether a branch contains text in addition to actions."""
    at = branch.start
    for item in branch.inside:
        if text[at : item.start].strip():
            return True
        at = item.end
    return bool(text[at : branch.end].strip())


class _Lines:
    """The lines of a text in which actions are encoded, and what is done with those that contain nothing else."""

    def __init__(self, lines: list[str], prints: Prints) -> None:
        import re

        self.lines = lines
        self.prints = prints
        self.opened: list[int] = []
        self.values: set[int] = set()  # the lines that became a key's value
        from joblint.source.unrendered.encoded import PATTERN

        self.alone: re.Pattern[str] = re.compile(rf"[ \t]*(?:{PATTERN}[ \t]*)+(?:#.*)?")
        self.at_end: re.Pattern[str] = re.compile(rf"([ \t]*+(?:- +)*+)[^\s#][^#]*?:[ \t]+({PATTERN})[ \t]*")
        self.scalar: re.Pattern[str] = re.compile(r"([ ]*+)((?:- +)*+)(?:[^#]*?:[ \t]+)?[|>][-+0-9]*[ \t]*(?:#.*)?")
        indent = "indent".translate({n: 0xE000 + n for n in range(128)})
        self.depth: re.Pattern[str] = re.compile(indent + r"\ue020+([\ue030-\ue039]+)")

    def laid(self) -> Laid:
        lines = self.lines
        inside = -1  # the column that a block scalar's lines are indented more than; -1 outside of one
        content = 0
        for n, line in enumerate(lines):
            if not line:
                continue
            is_hole = self.alone.fullmatch(line) is not None
            if inside >= 0:
                if (self._column(line) if is_hole else _indent(line)) > inside:
                    if is_hole:
                        content = content or self._content(n, inside, self._column(line))
                        lines[n] = " " * content + line.strip()
                    else:
                        content = content or _indent(line)
                    continue
                inside = -1
            if is_hole:
                self._place(n, line)
                continue
            found = self.scalar.fullmatch(line)
            if found is not None and not line.lstrip().startswith("#"):
                # `- |` may be followed by anything deeper than its dash.
                has_key = ":" in line.rpartition("|")[0] or ":" in line.rpartition(">")[0]
                inside = len(found[1]) + (len(found[2]) if has_key else max(found[2].rfind("-"), 0))
                content = 0
                continue
            self._open(n, line)
        return Laid(tuple(lines), tuple(self.opened))

    def _column(self, line: str) -> int:
        """The column at which an action on a line of its own prints: by its `nindent`, otherwise its own column."""
        found = self.depth.search(line)
        if found is None:
            return _indent(line)
        number = int("".join([chr(ord(digit) - 0xE000) for digit in found[1]]))
        is_new_line = line[found.start() - 1] == "\ue06e"
        # `{{-` takes away the spaces in front of it, and the line break: what `indent` indents brings its own.
        is_trimmed = line.lstrip(" ")[2:3] == "\ue02d"
        return min(number if is_new_line or is_trimmed else number + _indent(line), 200)

    def _content(self, n: int, inside: int, column: int) -> int:
        """The indentation of a block scalar's lines, the first of which is an action's."""
        following = self._next(n)
        found = _indent(self.lines[following]) if following >= 0 else 0
        return found if found > inside else max(column, inside + 1)

    def _next(self, n: int) -> int:
        """The next line that is text; -1 if there is none."""
        for m in range(n + 1, len(self.lines)):
            line = self.lines[m]
            if line and not line.lstrip().startswith("#") and self.alone.fullmatch(line) is None:
                return -1 if line.startswith("---") else m
        return -1

    def _before(self, n: int) -> int:
        for m in range(n - 1, -1, -1):
            line = self.lines[m]
            if line and not line.lstrip().startswith("#"):
                return -1 if line.startswith("---") else m
        return -1

    def _place(self, n: int, line: str) -> None:
        """What an action becomes that is in a line alone."""
        column, mark = self._column(line), BLOCK + line.partition("#")[0].strip().replace(" ", "")
        before, following = self._before(n), self._next(n)
        if before >= 0 and column > _key_column(self.lines[before]) and before not in self.values:
            # `  {{ x | indent 8 }}`: only its first line is that deep, where no entry can be.
            column -= 0 if self._ends_in_key(before) or column < 2 * _indent(line) else _indent(line)
        if before in self.values:  # one more item of the key above
            self.lines[n] = ""
            return
        if before >= 0 and self.at_end.fullmatch(self.lines[before]) and column > _key_column(self.lines[before]):
            self.lines[n] = ""
            return
        if before >= 0 and self._ends_in_key(before):
            key = _key_column(self.lines[before])
            dash = following >= 0 and self.lines[following].lstrip().startswith("-")
            deeper = following >= 0 and (_indent(self.lines[following]) > key or dash and _indent(self.lines[following]) == key)
            if deeper and not dash and _indent(self.lines[following]) > column >= key:
                self._continued(n, column, mark)
                return
            if key <= column and not deeper:
                self.lines[n] = " " * (key + 1) + mark
                self.values.add(n)
                return
            if deeper and (column > key or dash and column >= key):
                self.lines[n] = " " * _indent(self.lines[following]) + ("- " + mark if dash else mark + ":")
                return
            if deeper:  # what follows belongs to the key: nothing else can be printed between them
                self.lines[n] = ""
                return
        kind = self._among(n, column)
        is_item = kind == "list"
        if is_item and following >= 0 and _indent(self.lines[following]) > column:
            mark += ":"  # more of its last item is written below it
        self.lines[n] = " " * column + ("- " + mark if is_item else mark + ":")

    def _continued(self, n: int, column: int, mark: str) -> None:
        """An action that prints the beginning of what the lines below it, which are deeper, belong to: its last item or entry. If
        it is not known which, nothing is known of the key."""
        kind = self.prints(mark)
        if kind:
            self.lines[n] = " " * column + ("- " if kind == ITEMS else "") + mark + ":"
            return
        self.lines[n] = " " * (column + 1) + mark
        self.values.add(n)
        for m in range(n + 1, len(self.lines)):
            line = self.lines[m]
            if line.strip() and _indent(line) <= column:
                break
            self.lines[m] = ""

    def _among(self, n: int, column: int) -> str:
        """Whether what is at a column there is a list's item or a mapping's entry."""
        m = self._before(n)
        while m >= 0:
            line = self.lines[m]
            if _indent(line) == column:
                return "list" if line.lstrip().startswith("- ") else "map"
            if _indent(line) < column:
                if _key_column(line) == column:
                    return "map"
                break
            m = self._before(m)
        following = self._next(n)
        if following >= 0 and _indent(self.lines[following]) == column and self.lines[following].lstrip().startswith("- "):
            return "list"
        return "map"

    def _ends_in_key(self, n: int) -> bool:
        line = self.lines[n].partition(" #")[0].rstrip()
        return line.endswith(":") and BLOCK not in line

    def _open(self, n: int, line: str) -> None:
        """`labels: {{ … }}` with more entries below it."""
        found = self.at_end.fullmatch(line)
        following = self._next(n) if found is not None else -1
        if found is None or following < 0:
            return
        key, below = _key_column(line), self.lines[following]
        if _indent(below) > key or _indent(below) == key and below.lstrip().startswith("- "):
            self.lines[n] = line[: found.start(2)].rstrip()
            self.opened.append(n)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _key_column(line: str) -> int:
    """The column of a line's key: after the dashes."""
    rest = line.lstrip(" ")
    while rest.startswith("- "):
        rest = rest[1:].lstrip(" ")
    return len(line) - len(rest)
