"""Which checks can find anything in an object: by what their rules look for and what is there; knows rules, no check.

A rule file says what its check looks for (`looks_for`): fields of which one is set, labels or annotations of which one
begins so, texts of which one stands in the file, a sign (see signs.py); where it names several of these, all must hold.
A rule that says nothing is always asked. A check whose turn does not come is not imported.
"""

from __future__ import annotations

from joblint.rules.signs import OF_SUBJECT, OF_TEXT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.catalogue.rule import Rule
    from joblint.rules.checks import Check
    from joblint.rules.subject import Subject
    from joblint.source.documents import Document

    Step = tuple[Rule, Check, int]
    """A rule, its check, and the number of what must be there besides the fields that are set; -1 for nothing."""

    Needs = tuple[tuple[str, ...], tuple[bytes, ...], str]
    """The labels, texts and sign that a rule looks for."""

_MOST_PLANS = 500
_ODD_YAML = ("leading-zero", "odd-number", "odd-boolean", "comment-mark")


class Text:
    """A document's text as rules look for something in it: each question is answered once."""

    __slots__ = ("_answers", "_data", "_document", "_filled", "_plain", "least")

    def __init__(self, document: Document, least: int = 0, filled: bool = False) -> None:
        """`least` is the index of the least severity of which findings are made (see `joblint.rules.finding.SEVERITIES`);
        `filled` says that placeholders were filled in: what rules look for may be there without standing in the text."""
        self.least = least
        self._document = document
        self._filled: Text | None = None
        part = document.source.part
        self._data = part.data
        # What an escape or UTF-16 stands for is not seen in the bytes: then every text may be there.
        self._plain = not filled and b"\\" not in part.data and part.data[:2] not in (b"\xff\xfe", b"\xfe\xff")
        # JSON has one spelling for numbers and booleans, and no comments.
        self._answers: dict[object, bool] = dict.fromkeys(_ODD_YAML, False) if part.json else {}

    def filled(self) -> Text:
        """The same text with placeholders filled in, for all objects of the document."""
        if self._filled is None:
            self._filled = Text(self._document, self.least, filled=True)
        return self._filled

    def holds(self, texts: tuple[bytes, ...]) -> bool:
        """Whether one of the texts, in UTF-8, may stand there."""
        found = self._answers.get(texts)
        if found is None:
            found = not self._plain
            if not found:
                data = self._data
                for text in texts:
                    if text in data:
                        found = True
                        break
            self._answers[texts] = found
        return found

    def shows(self, sign: str) -> bool:
        """Whether the text has one of the signs of OF_TEXT."""
        found = self._answers.get(sign)
        if found is None:
            found = self._answers[sign] = OF_TEXT[sign](self._data)
        return found


class Plans:
    """The checks of the chosen rules, and for each set of fields those that may find something where these are set."""

    def __init__(self, rules: tuple[tuple[Rule, Check], ...]) -> None:
        self._rules = rules
        self._fields = frozenset([key for rule, _ in rules for key in rule.keys])
        self._needs: dict[Needs, int] = {}
        self.needs: list[Needs] = []
        self._made: dict[tuple[str, frozenset[str]], tuple[Step, ...]] = {}

    def load(self) -> None:
        """Import all checks."""
        for _, check in self._rules:
            getattr(check, "function", None)

    def of(self, subject: Subject) -> tuple[Step, ...]:
        """The plan for an object, in the order of the rules."""
        key = (subject.kind, self._fields.intersection(subject.fields))
        plan = self._made.get(key)
        if plan is None:
            if len(self._made) >= _MOST_PLANS:
                self._made.clear()
            plan = self._made[key] = tuple(self._steps(*key))
        return plan

    def _steps(self, kind: str, present: frozenset[str]) -> Iterator[Step]:
        for rule, check in self._rules:
            if kind in rule.kinds and (not rule.keys or not present.isdisjoint(rule.keys)):
                if rule.labels or rule.text or rule.sign:
                    yield rule, check, self._number((rule.labels, tuple([t.encode() for t in rule.text]), rule.sign))
                else:  # what is asked in any case is taken from behind its stand-in
                    yield rule, getattr(check, "function", check), -1

    def _number(self, needs: Needs) -> int:
        number = self._needs.get(needs)
        if number is None:
            number = self._needs[needs] = len(self.needs)
            self.needs.append(needs)
        return number


def are_met(needs: Needs, subject: Subject, text: Text) -> bool:
    """Whether what a rule looks for besides fields is there."""
    labels, texts, sign = needs
    if labels and not any(mark.startswith(labels) for mark in subject.marks):
        return False
    if texts and not text.holds(texts):
        return False
    return not sign or (OF_SUBJECT[sign](subject) if sign in OF_SUBJECT else text.shows(sign))
