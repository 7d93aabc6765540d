"""The results for a file as plain text and back: for the cache, and between processes; knows records, no files.

The text is JSON, so that reading it cannot execute anything. A record is a list that begins with the number of its type, a
tuple one that begins with 0, a mapping one that begins with -1. Texts that a finding has from its rule are not written: `True`
stands for them.
"""

from __future__ import annotations

from joblint.rules.outcome import Outcome
from joblint.run.kept import Kept

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from joblint.rules.catalogue.rule import Rule

TYPES = (
    ("joblint.rules.outcome", "Outcome"),
    ("joblint.rules.outcome", "Judged"),
    ("joblint.api.verdict", "Verdict"),
    ("joblint.api.verdict", "ApiError"),
    ("joblint.rules.finding", "Finding"),
    ("joblint.rules.finding", "Whose"),
    ("joblint.rules.finding", "Fix"),
    ("joblint.rules.finding", "Edit"),
    ("joblint.rules.finding", "RuleCrash"),
    ("joblint.source.places.spans", "Span"),
    ("joblint.rules.skips", "Skip"),
    ("joblint.rules.facts.origin", "Origin"),
    ("joblint.rules.facts.jobs", "JobFacts"),
    ("joblint.rules.facts.jobs", "CronJobFacts"),
    ("joblint.rules.facts.others", "ServiceFacts"),
    ("joblint.rules.facts.others", "ClaimFacts"),
    ("joblint.rules.facts.others", "PodFacts"),
    ("joblint.rules.facts.others", "ConfigFacts"),
    ("joblint.rules.facts.others", "AccountFacts"),
    ("joblint.rules.facts.others", "Allows"),
    ("joblint.rules.facts.others", "RoleFacts"),
    ("joblint.rules.facts.others", "BindingFacts"),
    ("joblint.rules.facts.others", "QuotaFacts"),
    ("joblint.rules.facts.others", "RangeFacts"),
    ("joblint.rules.facts.others", "ClassFacts"),
    ("joblint.rules.facts.others", "WorkloadFacts"),
    ("joblint.rules.facts.others", "PolicyFacts"),
    ("joblint.rules.facts.others", "SourceFacts"),
    ("joblint.rules.facts.around", "SpaceFacts"),
    ("joblint.rules.facts.around", "BudgetFacts"),
    ("joblint.rules.facts.around", "ClusterQueueFacts"),
    ("joblint.rules.facts.around", "LocalQueueFacts"),
    ("joblint.rules.facts.around", "FluxFacts"),
    ("joblint.rules.facts.needs", "Needs"),
    ("joblint.rules.facts.references", "Reference"),
    ("joblint.rules.facts.needs", "Amounts"),
    ("joblint.rules.workload.mounted_scripts", "MountedScript"),
    ("joblint.rules.workload.mounted_files", "MountedFile"),
    ("joblint.rules.workload.selecting", "Placing"),
    ("joblint.rules.facts.hook", "Hook"),
    ("joblint.shell.kubectl", "Call"),
    ("joblint.rules.workload.claims", "SharedClaim"),
    ("joblint.rules.ignores.written", "Ignore"),
    ("joblint.rules.ignores.words", "Words"),
    ("joblint.api.admission.pod_security", "PodSecurity"),
    ("joblint.api.admission.pod_security", "Forbidden"),
    ("joblint.api.admission.checks", "Violation"),
    ("joblint.api.admission.levels", "Policy"),
    ("joblint.api.admission.levels", "NamespacePolicies"),
    ("joblint.run.result", "Report"),
    ("joblint.run.result", "Checked"),
    ("joblint.rules.finding", "Origin"),
    ("joblint.rules.skips", "Skipped"),
    ("joblint.rules.ignores.settle", "Ignored"),
)
"""Every record that an outcome or a report may contain, by its number from 1: module and name."""

_FROM_RULE = (("message", "message"), ("label", "label"), ("why", "why"), ("fix_text", "fix"))
_MOST_TEXTS = 50_000
_PLAIN = (str, int, float, bool, type(None))


class Damaged(Exception):
    """A text that does not contain outcomes."""


class Packer:
    """Writes outcomes as text and reads them; one serves a run, and keeps values that many outcomes share only once."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        from json import JSONDecoder, JSONEncoder

        self._rules = {rule.id: rule for rule in rules}
        self._encode = JSONEncoder(separators=(",", ":"), check_circular=False).encode
        self._decode = JSONDecoder().decode
        self._numbers: dict[type, int] = {}
        self._known = {names: i for i, names in enumerate(TYPES, 1)}
        self._types: list[Any] = [None] * (len(TYPES) + 1)
        self._texts: dict[str, str] = {}

    def pack(self, outcomes: tuple[Outcome, ...]) -> str:
        """Return outcomes as one line of text. Raises TypeError if they contain a type without a number in TYPES."""
        return self._encode([self._plain(o) for o in outcomes])

    def pack_any(self, value: Any) -> str:
        """Return records, tuples and plain values as one line of text. Raises TypeError for anything else."""
        return self._encode(self._plain(value))

    def unpack_any(self, text: str) -> Any:
        """Return what `pack_any` has written. Raises Damaged."""
        try:
            return self._made(self._decode(text))
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            raise Damaged(str(error)) from None

    def unpack(self, text: str) -> tuple[Outcome, ...]:
        """Return the outcomes that were written as a text. Raises Damaged."""
        try:
            found = tuple([self._made(item) for item in self._decode(text)])
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            raise Damaged(str(error)) from None
        if not found or any(o.__class__ is not Outcome for o in found):
            raise Damaged("no outcomes")
        return found

    def _plain(self, value: Any) -> Any:
        kind = value.__class__
        if kind in _PLAIN:
            return value
        if kind is tuple or kind is Kept:
            return [0, *[v if v.__class__ is str else self._plain(v) for v in value]]
        if kind is dict:
            return [-1, *[self._plain(v) for item in value.items() for v in item]]
        if kind is list:
            return [-2, *[self._plain(v) for v in value]]
        number = self._numbers.get(kind) or self._number(kind)
        names = kind.__slots__
        if number == _FINDING:
            rule = self._rules.get(value.rule)
            if rule is not None:
                same = {field for field, of_rule in _FROM_RULE if getattr(value, field) == getattr(rule, of_rule)}
                return [number, *[True if n in same else self._plain(getattr(value, n)) for n in names]]
        return [number, *[v if (v := getattr(value, n)).__class__ is str else self._plain(v) for n in names]]

    def _made(self, value: Any) -> Any:
        kind = value.__class__
        if kind is str:
            if len(value) >= 200:
                return value
            if len(self._texts) >= _MOST_TEXTS:
                self._texts.clear()
            return self._texts.setdefault(value, value)
        if kind is not list:
            return value
        number = value[0]
        if number == 0:
            return tuple([self._made(v) for v in value[1:]])
        if number == -1:
            made = [self._made(v) for v in value[1:]]
            return dict(zip(made[::2], made[1::2], strict=True))
        if number == -2:
            return [self._made(v) for v in value[1:]]
        record = self._types[number] or self._type(number)
        made = [self._made(v) for v in value[1:]]
        if number == _FINDING and True in made:
            self._fill(record, made)
        return record(*made)

    def _fill(self, record: Any, made: list[Any]) -> None:
        """Put the rule's texts where they were left out."""
        names = record.__slots__
        for field, of_rule in _FROM_RULE:
            at = names.index(field)
            if made[at] is True:
                made[at] = getattr(self._rules[made[0]], of_rule)

    def _number(self, kind: type) -> int:
        number = self._known.get((kind.__module__, kind.__name__), 0)
        if not number:
            raise TypeError(f"{kind.__module__}.{kind.__name__} has no number in joblint.run.packed")
        self._numbers[kind] = number
        return number

    def _type(self, number: int) -> Any:
        module, name = TYPES[number - 1]
        found = self._types[number] = getattr(__import__(module, fromlist=["_"]), name)
        return found


_FINDING = TYPES.index(("joblint.rules.finding", "Finding")) + 1
