"""Running the rules over one document: what the reader noticed, its placeholders, and each object that it contains.

Takes a document, gives an outcome; what goes wrong over one object becomes a RuleCrash and the others still run.
"""

from __future__ import annotations

from joblint.api.judge import judge
from joblint.api.ours import said
from joblint.base.record import replace
from joblint.rules.finding import SEVERITIES, Hit, failed
from joblint.rules.manifests import OTHERS
from joblint.rules.one_object import judged_as, of_workload
from joblint.rules.outcome import Outcome, joined, skipped_only
from joblint.rules.plan import Text
from joblint.rules.skips import ASSERTION, NAMED, NO_OBJECT, SETTINGS, Skip, is_assertion, is_settings, of_object, skip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping
    from typing import Any

    from joblint.api.verdict import Verdict
    from joblint.rules.engine import Engine
    from joblint.rules.facts.folder import Facts
    from joblint.source.documents import Document

    Item = tuple[str, Any]
    Over = Callable[[Callable[[Item], Outcome], tuple[Item, ...]], Iterable[Outcome]]
    """Calls a function for each of some objects, and gives what came of them in their order."""


ARRAY = "array-of-objects"
"""The rule that reports an array that contains Jobs."""

LEVELS, REPEATED = "wrong-indentation", "duplicate-key"


def of_document(engine: Engine, document: Document, verdicts: Mapping[str, Verdict | None], over: Over = map) -> Outcome:
    """Everything that the rules report about a document, without the ignores in it. `verdicts` are those on its objects
    that are known already, by the prefixes of their paths; `over` is who works over its objects.
    Raises whatever goes wrong over the document as a whole."""
    begun = _begun(engine, document)
    if isinstance(begun, Outcome):
        return begun
    noticed, document, text = begun
    work = over(lambda item: _guarded(engine, document, item[0], item[1], text, verdicts), document.objects())
    return _together(document, noticed, list(work))


def in_steps(engine: Engine, document: Document) -> Generator[None, None, Outcome]:
    """The same in steps, one for each object, with no verdicts known."""
    begun = _begun(engine, document)
    if isinstance(begun, Outcome):
        return begun
    noticed, document, text = begun
    found = []
    for prefix, value in document.objects():
        found.append(_guarded(engine, document, prefix, value, text, {}))
        yield
    return _together(document, noticed, found)


def _begun(engine: Engine, document: Document) -> Outcome | tuple[Outcome, Document, Text]:
    """What comes of a document whose objects are not checked one by one; otherwise what the reader noticed, the document with its
    placeholders filled in, and what its text says of the rules to run."""
    passed = skip(document) if document.skipped or document.problems else None
    if passed is not None and document.source.whole is not None and passed.what == NAMED:
        from joblint.rules.unrendered.judged import judged

        return judged(engine, document) or skipped_only(passed)
    if passed is not None:
        return skipped_only(passed)
    noticed = Outcome((), (), (), (), ())
    if document.problems:
        from joblint.rules import reader_findings as reading

        unreadable = reading.unreadable(document)
        noticed = Outcome((unreadable,) if unreadable else (), tuple(reading.findings(engine, document)), (), (), ())
        if unreadable:
            return noticed
    if document.value is None:
        return noticed
    if isinstance(document.value, dict) and "items" in document.value:
        from joblint.rules.live.look import is_look
        from joblint.rules.live.look import of_document as of_dump

        if is_look(document.value):
            from time import time

            return of_dump(engine, document, time())
    data = document.source.part.data
    if data.find(b"${") >= 0 or engine.variables and data.find(b"$") >= 0:
        from joblint.rules.refusals.placeholders import defaults_told, with_known

        known = with_known(document, engine.variables)
        document = known.document
        if known.defaults:
            noticed = replace(noticed, findings=noticed.findings + defaults_told(engine, known))
    text = Text(document, SEVERITIES.index(_least_made(engine, document)))
    return noticed, document, text


def _together(document: Document, noticed: Outcome, found: list[Outcome]) -> Outcome:
    """What comes of a document, by what the reader noticed and what came of its objects."""
    if not found:
        found.append(skipped_only(Skip(document.index, NO_OBJECT, "an empty List")))
    if noticed.findings and any(f.name == LEVELS for o in found for f in o.findings):
        # Two keys on one level, since their indentation is lost, are not the same key twice.
        noticed = replace(noticed, findings=tuple([f for f in noticed.findings if f.name != REPEATED]))
    return joined([noticed, *found]) if noticed.findings or len(found) > 1 else found[0]


def _guarded(
    engine: Engine, document: Document, prefix: str, value: Any, text: Text, verdicts: Mapping[str, Verdict | None]
) -> Outcome:
    """One object; what goes wrong over it must not hide the other items of a List."""
    try:
        if prefix in verdicts:
            verdict = verdicts[prefix]
        else:
            verdict = judge(value, engine.version)
        return _of_object(engine, document, prefix, value, verdict, text)
    except (RecursionError, MemoryError):
        raise
    except Exception as error:
        return Outcome((), (), (failed(document.file, document.index, error),), (), ())


def _of_object(engine: Engine, document: Document, prefix: str, value: Any, verdict: Verdict | None, text: Text) -> Outcome:
    """What comes of one object of a document, whatever it is."""
    if verdict is not None and isinstance(value, dict):
        if verdict.errors and is_assertion(value, document.file):
            return skipped_only(Skip(document.index, NAMED, f"kind {said(value, 'kind') or 'Job'}, {ASSERTION}"))
        if "spec" not in value and "apiVersion" not in value and is_settings(value, engine.version):
            return skipped_only(Skip(document.index, NO_OBJECT, SETTINGS))
        return of_workload(engine, document, prefix, value, verdict, text)
    if verdict is not None:
        return _of_array(engine, document, prefix, value, verdict, text)
    if isinstance(value, dict) and value.get("kind") in engine.holders:
        from joblint.rules.owners.embedded import judged_within

        found = judged_within(engine, document, prefix, value)
        if found is not None:
            return found
    facts: tuple[Facts, ...] = ()
    if isinstance(value, dict) and value.get("kind") in OTHERS:
        from joblint.rules.facts.read_others import facts_of_other

        facts = (facts_of_other(document, prefix, value),)
    return Outcome((), (), (), facts, (of_object(document, value),))


def _of_array(engine: Engine, document: Document, prefix: str, value: list[Any], verdict: Verdict, text: Text) -> Outcome:
    """What comes of an array that contains Jobs: kubectl rejects it as a whole; its items are reported, none is validated."""
    rule = engine.rule(ARRAY)
    says = verdict.errors[0].message
    in_braces = document.source.part.data.lstrip()[:1] == b"["
    whole = '{"apiVersion": "v1", "kind": "List", "items": [ … ]}    around the array'
    above = "apiVersion: v1\nkind: List\nitems:    above the array"
    hit = Hit("", {"says": says, "advice": whole if in_braces else above})
    found = [engine.finding(rule, document, prefix, hit, refused=True)] if rule is not None else []
    items = [_guarded(engine, document, f"{prefix.rstrip('.')}[{i}].", item, text, {}) for i, item in enumerate(value)]
    judged = judged_as(document, prefix, {}, verdict, None, None)
    outcome = Outcome((judged,), tuple(found), (), (), ())
    return joined([outcome, *[replace(item, judged=()) for item in items]])


def _least_made(engine: Engine, document: Document) -> str:
    """The least severity of which findings are made: ignores are held against all that there are."""
    if engine.overrides or engine.heeds_ignores and document.mentions(b"joblint"):
        return "info"
    return engine.least
