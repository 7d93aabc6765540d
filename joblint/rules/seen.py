"""Which of the texts that rules look for are in a text, as the bits of one number; knows signs and texts, no rule.

Every question is about a single line, and most lines of one manifest are in the next one as well: the results for a line are
kept, and only new lines are searched, all at once. Lines that differ only in digits from 1 to 9 count as one, because names,
tags and quantities do. So a text with digits may be reported where another number is.
"""

from __future__ import annotations

from joblint.rules.signs import OF_TEXT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import TypeAlias

    Question: TypeAlias = "tuple[bytes, ...] | str"
    """Texts of which one is looked for, or a sign of OF_TEXT."""

_MOST_LINES = 20_000
_LONG_LINE = 200  # bytes; longer lines are rarely repeated
_DIGITS = bytes.maketrans(b"23456789", b"1" * 8)
_BLOCK = 1 << 16  # bytes; a longer text is split into lines block by block, which needs less memory
_MANY = 1 << 13  # bytes of new lines in a block of a long text from which on they are too different to be worth keeping


class Seen:
    """The results of some questions, each of which has a bit."""

    def __init__(self, questions: tuple[Question, ...]) -> None:
        self._bits = {question: 1 << n for n, question in enumerate(questions)}
        self._questions = tuple([(bit, _without_digits(question)) for question, bit in self._bits.items()])
        self._lines: dict[bytes, int] = {}

    def bit(self, question: Question) -> int:
        """Return the bit of a question."""
        return self._bits[question]

    def of(self, data: bytes) -> int:
        """Return the bits of the questions to which the answer for a text is yes."""
        data = data.translate(_DIGITS)
        if len(data) <= _BLOCK:
            return self._of_lines(data.split(b"\n"), len(data))
        found = begin = 0
        while begin < len(data):
            end = data.find(b"\n", begin + _BLOCK)
            end = len(data) if end < 0 else end
            found |= self._of_lines(dict.fromkeys(data[begin:end].split(b"\n")), _MANY, found)
            begin = end + 1
        return found

    def _of_lines(self, lines: Collection[bytes], most: int, found: int = 0) -> int:
        """The bits of lines, besides those that were `found` before; new lines are kept if they have at most `most` bytes."""
        answers = set(map(self._lines.get, lines))
        if None in answers:
            answers.discard(None)
            new = [line for line in lines if line not in self._lines]
            if sum(map(len, new)) <= most:
                found |= self._learned(new)
            else:
                found |= self._ask(b"\n".join(new) + b"\n", found)
        for bits in answers:
            found |= bits  # type: ignore[operator]
        return found

    def _learned(self, new: list[bytes]) -> int:
        """The bits of new lines, which are kept from now on."""
        data = b"\n".join(new) + b"\n"
        find, count = data.find, data.count
        bits = [0] * len(new)
        for bit, question in self._questions:
            if isinstance(question, str):
                holds = OF_TEXT[question]
                if holds(data):
                    for i, line in enumerate(new):
                        if holds(line + b"\n"):
                            bits[i] |= bit
                continue
            for text in question:
                at = find(text)
                while at >= 0:  # the next one is looked for on the lines below
                    bits[count(b"\n", 0, at)] |= bit
                    at = find(text, find(b"\n", at))
        if len(self._lines) > _MOST_LINES:
            self._lines.clear()
        found = 0
        for line, of_line in zip(new, bits):  # noqa: B905 - they are as many
            found |= of_line
            if len(line) < _LONG_LINE:
                self._lines[line] = of_line
        return found

    def _ask(self, data: bytes, known: int) -> int:
        """The bits of a text besides those that are known already."""
        found = 0
        find = data.find  # `in` raises and catches an exception for each text, which takes three times as long
        for bit, question in self._questions:
            if bit & known:
                continue
            if isinstance(question, str):
                if OF_TEXT[question](data):
                    found |= bit
                continue
            for text in question:
                if find(text) >= 0:
                    found |= bit
                    break
        return found


def _without_digits(question: Question) -> Question:
    return question if isinstance(question, str) else tuple([text.translate(_DIGITS) for text in question])
