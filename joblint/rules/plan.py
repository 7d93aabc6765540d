"""Which checks can find anything in an object, by what their rules look for; knows rules, no check.

A rule file says what its check looks for (`looks_for`): fields of which one is set, prefixes of labels or annotations, texts of
which one is in the file, a sign (see signs.py); if there are several of these, all must match. A rule without them always runs.
A check that does not run is not imported.

Manifests of one kind have few combinations of these, so the checks of each combination are listed once.
"""

from __future__ import annotations

from joblint.rules.seen import Seen
from joblint.rules.signs import OF_SUBJECT, OF_TEXT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.catalogue.rule import Rule
    from joblint.rules.checks import Check
    from joblint.rules.seen import Question
    from joblint.rules.subject import Subject
    from joblint.source.documents import Document

    Step = tuple[Rule, Check]
    """A rule and its check."""

_MOST_PLANS = 1000
_MOST_WITH_SIGNS = 100
_MOST_MARKS = 5000
_ODD_YAML = ("leading-zero", "odd-number", "odd-boolean", "comment-mark")


class Text:
    """A document's text as rules look for something in it."""

    __slots__ = ("_bits", "_data", "_document", "_filled", "_json", "_plain", "least")

    def __init__(self, document: Document, least: int = 0, filled: bool = False) -> None:
        """`least` is the index of the lowest severity of findings to create (see `joblint.rules.finding.SEVERITIES`); `filled`
        says that placeholders were filled in: what rules look for may then be in the object and not in the text."""
        self.least = least
        self._document = document
        self._filled: Text | None = None
        part = document.source.part
        self._data = part.data
        # The bytes do not show what an escape or UTF-16 represents: then every text may be in it.
        self._plain = not filled and part.data.find(b"\\") < 0 and part.data[:2] not in (b"\xff\xfe", b"\xfe\xff")
        self._json = part.json
        self._bits = -1

    def filled(self) -> Text:
        """Return the same text with placeholders filled in, for all objects of the document."""
        if self._filled is None:
            self._filled = Text(self._document, self.least, filled=True)
        return self._filled

    def bits(self, asked: Asked) -> int:
        """Return which of the texts that rules look for are in it, computed once for all objects of the document."""
        if self._bits < 0:
            bits = asked.seen.of(self._data)
            if not self._plain:
                bits |= asked.texts
            # JSON has one spelling for numbers and booleans, and no comments.
            self._bits = bits & ~asked.odd_yaml if self._json else bits
        return self._bits


class Asked:
    """Everything that rules look for in texts and labels, each with its bit."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        texts = dict.fromkeys([_bytes(rule.text) for rule in rules if rule.text])
        signs = dict.fromkeys([rule.sign for rule in rules if rule.sign in OF_TEXT])
        questions: tuple[Question, ...] = (*texts, *signs)
        self.seen = Seen(questions)
        self.texts = sum([self.seen.bit(text) for text in texts])
        self.odd_yaml = sum([self.seen.bit(sign) for sign in signs if sign in _ODD_YAML])
        labels = dict.fromkeys([rule.labels for rule in rules if rule.labels])
        self._labels = {beginnings: 1 << n for n, beginnings in enumerate(labels, len(questions))}
        self._marks: dict[str, int] = {}

    def of_marks(self, marks: tuple[str, ...]) -> int:
        """Return the bits of the labels that are looked for and set."""
        known = self._marks
        found = 0
        for mark in marks:
            bits = known.get(mark)
            if bits is None:
                if len(known) >= _MOST_MARKS:
                    known.clear()
                bits = known[mark] = sum([bit for labels, bit in self._labels.items() if mark.startswith(labels)])
            found |= bits
        return found

    def needed(self, rule: Rule) -> int:
        """Return the bits of what must be there for a rule to find anything."""
        bits = self._labels[rule.labels] if rule.labels else 0
        if rule.text:
            bits |= self.seen.bit(_bytes(rule.text))
        return bits | self.seen.bit(rule.sign) if rule.sign in OF_TEXT else bits


def _bytes(texts: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple([text.encode() for text in texts])


class _Plan:
    """The checks of objects of one kind with the same fields, labels and texts; the signs of an object decide on some."""

    __slots__ = ("_made", "_rows", "_signs")

    def __init__(self, rows: tuple[tuple[Rule, Check, str], ...]) -> None:
        """`rows` are rules, their checks, and the sign that the object must have, see OF_SUBJECT; "" for none."""
        self._rows = rows
        self._signs = tuple(dict.fromkeys([sign for _, _, sign in rows if sign]))
        self._made: dict[tuple[bool, ...], tuple[Step, ...]] = {}

    def steps(self, subject: Subject) -> tuple[Step, ...]:
        signs = tuple([_has(subject, sign) for sign in self._signs])
        steps = self._made.get(signs)
        if steps is None:
            if len(self._made) >= _MOST_WITH_SIGNS:
                self._made.clear()
            lacking = {sign for sign, has in zip(self._signs, signs, strict=True) if not has}
            # What runs is imported directly: a call through `Late` takes twice as long.
            found = [(rule, getattr(check, "function", check)) for rule, check, sign in self._rows if sign not in lacking]
            steps = self._made[signs] = tuple(found)
        return steps


def _has(subject: Subject, sign: str) -> bool:
    """Whether an object has a sign; also if that cannot be told: the checks then look for themselves."""
    try:
        return OF_SUBJECT[sign](subject)
    except Exception:
        return True


class Plans:
    """The checks of the selected rules, and those that may find something in an object."""

    def __init__(self, rules: tuple[tuple[Rule, Check], ...]) -> None:
        self._rules = rules
        self._fields = frozenset([key for rule, _ in rules for key in rule.keys])
        self._asked = asked = Asked(tuple([rule for rule, _ in rules]))
        signs = ["" if rule.sign in OF_TEXT else rule.sign for rule, _ in rules]
        self._rows = [(asked.needed(rule), rule, check, sign) for (rule, check), sign in zip(rules, signs, strict=True)]
        self._made: dict[tuple[str, frozenset[str], int], _Plan] = {}

    def load(self) -> None:
        """Import all checks."""
        for _, check in self._rules:
            getattr(check, "function", None)

    def of(self, subject: Subject, text: Text) -> tuple[Step, ...]:
        """Return what may find something in an object in this text, in the order of the rules."""
        there = text.bits(self._asked) | self._asked.of_marks(subject.marks)
        key = (subject.kind, self._fields.intersection(subject.fields), there)
        plan = self._made.get(key)
        if plan is None:
            if len(self._made) >= _MOST_PLANS:
                self._made.clear()
            plan = self._made[key] = self._plan(*key)
        return plan.steps(subject)

    def _plan(self, kind: str, present: frozenset[str], there: int) -> _Plan:
        lacking = ~there
        return _Plan(
            tuple(
                [
                    (rule, check, sign)
                    for needed, rule, check, sign in self._rows
                    if not needed & lacking and kind in rule.kinds and not (rule.keys and present.isdisjoint(rule.keys))
                ]
            )
        )
