"""What a rule reports about a manifest: hits, edits, findings; imports nothing but records."""

from __future__ import annotations

from joblint.base.bugs import told
from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, Literal

    from joblint.rules.catalogue.rule import Rule
    from joblint.source.documents import Document
    from joblint.source.places.spans import Span

    Severity = Literal["error", "warning", "info"]
    Confidence = Literal["certain", "likely", "hint"]

SEVERITIES = ("info", "warning", "error")  # lowest first


def at_least(severity: str, least: str) -> bool:
    """Return whether a severity is `least` or higher."""
    return SEVERITIES.index(severity) >= SEVERITIES.index(least)


class Edit(Record):
    """One change of a manifest's text: `text` replaces the content of the span (an empty span inserts).

    Lines and columns count from 1, in characters; the end is exclusive.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


class Fix(Record):
    """A fix: its description, its edits, and whether it is safe (the meaning that was clearly intended)."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool = True


class Hit(Record):
    """What a check found: the field, the values for the rule's texts, and more.

    `field` is a path as the API server writes it, relative to the object. `label` is the short text under the span, in its
    final form; if it is empty, the rule's own is used. `part` says whether the key or the value is meant. `severity` and
    `confidence` replace the rule's if this case is more severe or less certain than usual. `within` begins the message, if the
    finding is in another object than the one that the rule is about. `later` returns the whole hit, with the same severity, if a
    finding is created from it: most findings of low severity are only counted.
    """

    field: str
    values: dict[str, Any]
    label: str = ""
    part: str = "value"
    fix: Fix | None = None
    also: tuple[str, ...] = ()
    severity: str = ""
    confidence: str = ""
    span: Span | None = None
    within: str = ""
    later: Callable[[], Hit] | None = None


class Whose(Record):
    """What a finding is about: the object and, if it is in one, the container; None for what is not known.

    `source` is the chart's file that helm rendered the document from.
    """

    kind: str | None = None
    namespace: str | None = None
    name: str | None = None
    container: str | None = None
    source: str | None = None

    @property
    def title(self) -> str:
        """Return `Job shop/pi`, `CronJob nightly, container main`; "" if there is no name."""
        if not self.name and not self.kind:
            return ""
        name = f"{self.namespace}/{self.name}" if self.namespace and self.name else self.name or "without a name"
        container = f", container {self.container}" if self.container else ""
        return f"{self.kind or 'object'} {name}{container}"


class Origin(Record):
    """Where rendered text was written: a file, line and column in it (None if they are not known), and the file and line of the
    value that it came from."""

    file: str
    line: int | None
    column: int | None
    values: str | None


class Finding(Record):
    """A hit with everything that a person needs to act on it.

    `also` contains further errors of the server with the same cause, `excerpt` the lines of the manifest around the span with
    their numbers, `object` the object. `refused` is set if the API server, or kubectl before it, rejects the object. `source`
    is set for rendered manifests: file and span are then those of the source.
    """

    rule: str
    name: str
    severity: Severity
    confidence: Confidence
    message: str
    file: str
    document: int
    field: str
    span: Span
    label: str
    why: str
    fix_text: str
    fix: Fix | None
    url: str
    also: tuple[str, ...] = ()
    excerpt: tuple[tuple[int, str], ...] = ()
    object: Whose = Whose()
    refused: bool = False
    source: Origin | None = None


class NoAnswer(Exception):
    """A rule of the user's own that fails on a manifest, for example because its expression reads a field that is not set. The
    text is for a person."""


class RuleCrash(Record):
    """A check that raised an exception: a bug in joblint, reported for the rule; the other rules still ran.

    `rule` and `name` are empty if not a rule failed but the code that reads, validates or explains the document. If the rule is
    the user's `own`, its expression fails on this document: that is not a bug in joblint.
    """

    rule: str
    name: str
    file: str
    document: int
    error: str
    own: bool = False

    @property
    def where(self) -> str:
        """What failed: `a bug in joblint`, or in which rule."""
        if self.own:
            return f"rule {self.rule} {self.name} failed"
        return f"a bug in {f'rule {self.rule} {self.name}' if self.rule else 'joblint'}"


def crashes_of(document: Document) -> tuple[RuleCrash, ...]:
    """Return the errors in joblint itself while a document was read, as far as it has been by now."""
    bugs = [document.bug] if document.bug else document.source.bugs
    return tuple([RuleCrash("", "", document.file, document.index, bug) for bug in bugs])


def noting(documents: Iterable[Document], crashes: list[RuleCrash]) -> Iterator[Document]:
    """Yield documents; what went wrong while one was read is added to `crashes` once it is processed."""
    for document in documents:
        yield document
        crashes.extend(crashes_of(document))


def failed(file: str, document: int, error: Exception, rule: str = "", name: str = "") -> RuleCrash:
    """Return the record of an error in joblint itself while it processed a document (or ran a rule on it)."""
    return RuleCrash(rule, name, file, document, told(error))


def crash(rule: Rule, document: Document, error: Exception) -> RuleCrash:
    """Return the record of a check that raised, with the place in joblint's code."""
    if isinstance(error, NoAnswer):
        return RuleCrash(rule.id, rule.name, document.file, document.index, str(error), own=True)
    return failed(document.file, document.index, error, rule.id, rule.name)


def fill(template: str, values: dict[str, Any]) -> str:
    """Return a rule's text with its values; `{name}` is a value, doubled braces are braces.

    Only texts of rule files are templates; text of a manifest is a value, whatever braces it contains.
    """
    return template.format_map(values) if "{" in template or "}" in template else template


_LONGEST = 4000
"""Characters of a value in a text for people; the errors of the API server in JSON are complete."""


def bounded(value: Any) -> Any:
    """Return a value, or its beginning and end if it is a very long text."""
    if not isinstance(value, str) or len(value) <= _LONGEST:
        return value
    return f"{value[:2000]} … {value[-1000:]}"


def noted(message: str, note: str) -> str:
    """Return a message with a note as a sentence of its own, if there is one: `… fails. Applies to Kubernetes 1.31.`"""
    if not note:
        return message
    end = "" if message.endswith((".", "?", "!")) else "."
    return f"{message}{end} {note[0].upper()}{note[1:]}."


def of_rule(
    rule: Rule,
    severity: str,
    values: dict[str, Any],
    *,
    file: str,
    document: int,
    span: Span,
    field: str = "",
    label: str | None = None,
    fix: Fix | None = None,
    **more: Any,
) -> Finding:
    """Return the finding of a rule, with the values filled into its texts; `label` replaces the rule's own. `more` are further
    fields of the finding."""
    more.setdefault("confidence", rule.confidence)
    if any(len(value) > _LONGEST for value in values.values() if isinstance(value, str)):
        values = {name: bounded(value) for name, value in values.items()}
    if more.get("also"):
        more["also"] = tuple([bounded(line) for line in more["also"]])
    return Finding(
        rule=rule.id,
        name=rule.name,
        severity=severity,  # type: ignore[arg-type]
        message=fill(rule.message, values),
        file=file,
        document=document,
        field=field,
        span=span,
        label=fill(rule.label, values) if label is None else label,
        why=fill(rule.why, values),
        fix_text=fill(rule.fix, values),
        fix=fix,
        url=rule.url,
        **more,
    )
