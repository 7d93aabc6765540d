"""The rules for a template that was not rendered: only what is true whatever its actions print is reported, at its place."""

from __future__ import annotations

from joblint.base.record import fields, replace
from joblint.rules.finding import Finding, at_least, noted
from joblint.rules.outcome import Outcome
from joblint.rules.refusals.one_cause import MISPLACED
from joblint.rules.refusals.placeholders import is_field, is_script
from joblint.rules.refusals.stand_ins import put_back_in
from joblint.rules.refusals.token import is_stand_in
from joblint.rules.refusals.unknown import roughly
from joblint.source.unrendered import encoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.rules.engine import Engine
    from joblint.rules.finding import RuleCrash
    from joblint.rules.ignores.written import Ignore
    from joblint.rules.outcome import Judged
    from joblint.source.documents import Document
    from joblint.source.unrendered.readings import Reading, Template
    from joblint.source.unrendered.ways import Way

    Key = tuple[str, str, str, int, int, str]


_OF_THEMSELVES = (
    *("restart-policy-always", "restart-policy-unknown", "unknown-field", "number-out-of-range", "wrong-type"),
    *("value-not-supported", "schedule-malformed", "quantity-malformed", "time-zone-unknown"),
)
"""Rules about a value or a field itself, whatever is next to it."""
_OF_ABSENCE = ("variable-never-set", "client-without-credentials")
"""Rules about what is nowhere: an action may print it."""
_NAMELESS = "api-version-or-kind-missing"
"""A helper that is included at the first level may print both."""
_WARNS = "server-warns"
"""A name that two loops print is different each time."""

_TWO_CONTROLLERS = "Only one reference can have Controller set to true"

_LEFT_BEHIND = "hook-left-behind"
"""A name that contains a random word is different each time as well."""
_OTHERS = ("rand", "uuidv4", "now", "unixEpoch", ".Revision")
"""What actions print that is not the same the next time."""


_IN_BRANCH, _IF = " Applies in the branch `", " Applies if `"
"""The notes on when a finding is true; a condition may also follow a branch."""


def depends(finding: Finding) -> bool:
    """Return whether a finding on a template says that it is true only for other values than the chart's own."""
    return _IN_BRANCH in finding.message or _IF in finding.message


def if_enabled(condition: str) -> str:
    """Return the note for what a chart prints only if it is enabled."""
    return f"applies if `{condition}` is true"


def judged(engine: Engine, document: Document) -> Outcome | None:
    """Return the outcome for a template's document; None if it cannot be read as one, or contains no Job or CronJob."""
    from joblint.source.unrendered.chart import left_out_by
    from joblint.source.unrendered.readings import readings, template_in

    template = template_in(document)
    if template is None:
        return None
    found: dict[Key, Finding] = {}
    whole = engine.showing("info")  # what is found in one way only is neither shown nor counted
    seen: Judged | None = None
    crashes: dict[RuleCrash, None] = {}
    known: dict[tuple[bytes, frozenset[str]], _Filled] = {}
    ignored: dict[tuple[int, int], Ignore] = {}
    for way, each in readings(template, document):
        agreed: dict[Key, Finding] | None = None
        is_read = True
        for n, reading in enumerate(each):
            if reading is None:
                is_read = False
                continue
            data = reading.document.source.part.data
            same = (data, reading.unknown)
            if same not in known:
                known[same] = _Filled(whole, reading, crashes)
                if engine.heeds_ignores and b"joblint" in data:
                    ignored |= _ignores(reading.document)
            judged = known[same].judged()
            if judged is None:
                if n == 0 and way.branch is None:
                    break  # nor is there under the chart's values
                continue  # there is no such object then
            seen = seen or judged
            agreed = known[same].told(template, way, agreed)
            if not agreed:
                break
        if not is_read:
            # Beside what cannot be read, only what says nothing of the rest.
            agreed = {k: f for k, f in (agreed or {}).items() if f.name in _OF_THEMSELVES}
        for key, finding in (agreed or {}).items():
            if way.branch is None:
                found[key] = finding
            elif key not in found:
                found[key] = replace(finding, message=noted(finding.message, f"applies{_condition(template, way)}"))
    if seen is None:
        return None if not crashes else Outcome((), (), tuple(crashes), (), ())
    for key, finding in _of_defaults(whole, template, document, crashes).items() if template.defaults else ():
        found.setdefault(key, finding)
    for key, finding in _of_items(whole, template, document, crashes).items() if template.items else ():
        found.setdefault(key, finding)
    condition = left_out_by(template.chart) if found and template.chart else ""
    said = if_enabled(condition) if condition else ""
    if condition:  # the chart as it is prints nothing of this
        found = {key: replace(finding, severity="info") for key, finding in found.items()}
    hidden = [f for f in found.values() if not (ignored or engine.overrides or at_least(f.severity, engine.least))]
    shown = [f for f in found.values() if f not in hidden]
    findings = tuple([_as_written(replace(f, message=noted(f.message, said)), document, template) for f in shown])
    ignores = tuple([ignored[place] for place in sorted(ignored)])
    counted = tuple([(f.rule, f.name, f.severity) for f in hidden])
    return Outcome((_verdict(seen, findings),), findings, tuple(crashes), (), (), ignores, counted)


def _of_defaults(engine: Engine, template: Template, document: Document, crashes: dict[RuleCrash, None]) -> dict[Key, Finding]:
    """What the API server rejects if variables are not set and their defaults take effect."""
    from joblint.source.unrendered.readings import readings, with_defaults

    filled = with_defaults(template)
    lines = template.text.split("\n")
    found: dict[Key, Finding] = {}
    for way, each in readings(filled, document):
        agreed: dict[Key, Finding] | None = None
        for reading in each:
            agreed = _Filled(engine, reading, crashes).told(filled, way, agreed) if reading is not None else {}
        for key, finding in (agreed or {}).items():
            line = lines[finding.span.line - 1] if finding.span.line <= len(lines) else ""
            names = dict.fromkeys([name for text, (_, name) in template.defaults.items() if text in line])
            if finding.refused and names and key not in found:
                branch = _condition(template, way) if way.branch is not None else ""
                found[key] = replace(
                    finding, message=noted(finding.message, f"applies{branch} if `{' and '.join(names)}` is not set")
                )
    return found


def _of_items(engine: Engine, template: Template, document: Document, crashes: dict[RuleCrash, None]) -> dict[Key, Finding]:
    """What is found in the body of a loop for one of its items."""
    from joblint.source.unrendered.readings import readings, with_item

    lines = template.text.split("\n")
    found: dict[Key, Finding] = {}
    places: set[tuple[str, str, int, int]] = set()
    for item in template.items:
        filled = with_item(template, item)
        for way, each in readings(filled, document):
            agreed: dict[Key, Finding] | None = None
            for reading in each:
                agreed = _Filled(engine, reading, crashes).told(filled, way, agreed) if reading is not None else {}
            for key, finding in (agreed or {}).items():
                place = (finding.rule, finding.severity, finding.span.line, finding.span.column)
                if place in places or not _within(template, item.body, finding):
                    continue
                places.add(place)
                line = lines[finding.span.line - 1] if finding.span.line <= len(lines) else ""
                used = [name for name in item.values if name in line] or list(item.values)
                branch = _condition(template, way) if way.branch not in (None, item.body) else ""
                shown = " and ".join([f"{name}` is `{item.values[name]}" for name in used[:1]])
                found[key] = replace(finding, message=noted(finding.message, f"applies{branch} if `{shown}`"))
    return found


def _ignores(document: Document) -> dict[tuple[int, int], Ignore]:
    """The ignores in one way through a template, by their positions; each way has those of its branches."""
    from joblint.rules.ignores.written import ignores, mentioned

    if not mentioned(document.source.part.data):
        return {}
    return {(i.span.line, i.span.column): i for i in ignores(document)}


class _Filled:
    """One way through a template, with something in its open places; computed only when needed. Errors in joblint meanwhile are
    added to `crashes`."""

    def __init__(self, engine: Engine, reading: Reading, crashes: dict[RuleCrash, None]) -> None:
        from joblint.rules.unrendered.fillings import fillings

        self.engine = engine
        self.document = reading.document
        self.crashes = crashes
        self.outcomes: list[Outcome] = []
        self.values = fillings(reading, engine.version)
        self.named = () in reading.open or ("kind",) in reading.bounded

    def outcome(self, number: int) -> Outcome | None:
        """Return the outcome of one filling; None if there is none of that number."""
        while len(self.outcomes) <= number:
            value = next(self.values, None)
            if value is None:
                return None
            outcome = _filled(self.engine, self.document, value, len(self.outcomes))
            self.crashes.update(dict.fromkeys(outcome.crashes))
            self.outcomes.append(outcome)
        return self.outcomes[number]

    def judged(self) -> Judged | None:
        """Return the object; None if it is not a Job or CronJob."""
        if any(prefix for prefix, _ in self.document.objects()):
            return None  # a List: its open places do not belong to an object
        if isinstance(self.document.value, dict) and not isinstance(self.document.value.get("spec"), dict):
            return None  # a part of an object, or one whose spec is printed by an action
        outcome = self.outcome(0)
        return outcome.judged[0] if outcome is not None and outcome.judged else None

    def told(self, template: Template, way: Way, among: dict[Key, Finding] | None) -> dict[Key, Finding]:
        """Return the findings in the way's branch, among `among`, that are true whatever is in its open places."""
        found: dict[Key, Finding] | None = None
        number = 0
        while found != {} and (outcome := self.outcome(number)) is not None:
            here = {
                _key(f): f
                for f in outcome.findings
                if f.name not in _OF_ABSENCE
                and not (f.name == _NAMELESS and self.named)
                and (way.branch is None or _within(template, way.branch, f))
            }
            known = among if found is None else found
            found = here if known is None else {key: finding for key, finding in known.items() if key in here}
            number += 1
        return found or {}


def _filled(engine: Engine, document: Document, value: Any, variant: int) -> Outcome:
    """The outcome for an object with valid values in its unknown places."""
    from joblint.source.places.located import scalars

    held = {f: t for f, t in scalars(value) if isinstance(t, str) and encoded.holds(t)}
    unknown = {f: t for f, t in held.items() if not is_script(f) and is_field(value, f, engine.version)}
    if not held or not isinstance(value, dict):
        return engine.read(replace(document, value=value))
    fields_held = {*held, *[_dotted(field) for field in held]}
    filled, tokens = roughly(value, unknown, engine.version, variant)
    outcome = engine.read(replace(document, value=filled))
    findings = []
    for finding in outcome.findings:
        # A finding about a filled-in value need not be true for the final value.
        told = finding.refused or finding.name == _WARNS
        if told and _TWO_CONTROLLERS in finding.message and not any(field.endswith(".controller") for field in held):
            told = False  # only these fields decide
        if finding.field in fields_held and finding.name != MISPLACED or told and is_stand_in(finding.message):
            continue
        if finding.name == _LEFT_BEHIND and any(word in encoded.decode(held.get("metadata.name", "")) for word in _OTHERS):
            continue
        findings.append(put_back_in(finding, tokens))
    judged = tuple([put_back_in(j, tokens) for j in outcome.judged])
    return replace(outcome, findings=tuple(findings), judged=judged)


def _dotted(field: str) -> str:
    """A field as rules may write it: `limits.memory` for `limits[memory]`."""
    before, bracket, last = field.rpartition("[")
    return f"{before}.{last[:-1]}" if bracket and last.endswith("]") and last[:-1].isidentifier() else field


def _key(finding: Finding) -> Key:
    """What makes two findings the same. The numbers of items depend on what loops before them print."""
    field, message = _without_numbers(finding.field), _without_numbers(finding.message)
    return finding.rule, finding.severity, field, finding.span.line, finding.span.column, message


def _without_numbers(text: str) -> str:
    if "[" not in text:
        return text
    parts = text.split("[")
    return "[".join([parts[0], *[part.lstrip("0123456789") if "]" in part else part for part in parts[1:]]])


def _within(template: Template, branch: tuple[int, int], finding: Finding) -> bool:
    """Whether a finding is in a branch."""
    first = template.text.count("\n", 0, branch[0]) + 1
    last = template.text.count("\n", 0, branch[1]) + 1
    return first <= finding.span.line <= last


def _condition(template: Template, way: Way) -> str:
    line = template.text.count("\n", 0, way.at) + 1
    return f" in the branch `{' '.join(way.condition.split())}` on line {line}"


def _as_written(finding: Finding, document: Document, template: Template) -> Finding:
    """The finding with the template's own text wherever it quotes it, and its fix if that concerns text alone."""
    from joblint.rules.unrendered.literal_fixes import literal_fix

    fix = literal_fix(finding, template)
    found: Finding = _decoded(finding)
    numbers = [n for n, _ in finding.excerpt]
    lines = tuple([(n, text) for n in numbers if (text := document.source_line(n)) is not None])
    return replace(found, excerpt=lines, fix=_decoded(fix))


def _decoded(item: Any) -> Any:
    if isinstance(item, str):
        return encoded.decode(item)
    if isinstance(item, tuple):
        return tuple([_decoded(part) for part in item])
    if type(item).__module__.startswith("joblint.") and hasattr(type(item), "__match_args__"):
        return type(item)(*[_decoded(getattr(item, name)) for name in fields(type(item))])
    return item


def _verdict(seen: Judged, findings: tuple[Finding, ...]) -> Judged:
    """The object with what the server certainly reports for it."""
    from joblint.api.verdict import Verdict

    refused = {f.field for f in findings if f.refused}
    errors = tuple([e for e in seen.verdict.errors if e.field in refused])
    verdict = Verdict(False, seen.verdict.stage, errors, ()) if refused else Verdict(True, None, (), ())
    found: Judged = _decoded(replace(seen, verdict=verdict, template=True))
    return found
