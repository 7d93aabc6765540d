"""Applying the ignores of manifests and the overrides of configurations to findings; knows findings, no documents.

What the API server rejects is not ignored: no comment makes it run. An ignore that has no effect, or has expired, is a finding.
"""

from __future__ import annotations

from joblint.base.record import Record, replace
from joblint.rules.finding import Edit, Finding, Fix, Whose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from joblint.configuration.settings import Override
    from joblint.rules.catalogue.rule import Rule
    from joblint.rules.engine import Engine
    from joblint.rules.ignores.written import Ignore

UNUSED, EXPIRED = "unused-ignore", "ignore-expired"


class Ignored(Record):
    """A finding that is ignored, and by what: `by` is "comment", "annotation" or "configuration"."""

    finding: Finding
    by: str
    reason: str


class Settled(Record):
    """The remaining findings (with those on ignores themselves), and the ignored ones."""

    findings: list[Finding]
    ignored: list[Ignored]


class Settler:
    """Applies ignores to the findings of one run, once for each part of it. `today` is a date such as 2026-11-29, "" for
    today's in UTC."""

    def __init__(self, engine: Engine, today: str = "") -> None:
        self._engine = engine
        self._today = today or _today()
        self._overrides = _Overrides(engine, self._today)
        self._over_folders: dict[str, bool] = {}

    def waits(self, ignores: Iterable[Ignore]) -> bool:
        """Return whether an ignore may apply to what a rule over a whole directory finds, which is known last."""
        return any(self._over_folder(word) for ignore in ignores for word in ignore.words.rules)

    def _over_folder(self, word: str) -> bool:
        found = self._over_folders.get(word)
        if found is None:
            from joblint.rules.catalogue.select import matches

            found = word.lower() == "all" or any(r.scope == "folder" and matches(r, word) for r in self._engine.rules)
            self._over_folders[word] = found
        return found

    def settle(self, findings: list[Finding], ignores: Iterable[Ignore]) -> Settled:
        """Return the findings after ignores and overrides; needs all findings in the ignores' documents."""
        return _settle(self._engine, findings, ignores, self._today, self._overrides)

    def over_overrides(self) -> list[Finding]:
        """Return the findings on a configuration's overrides themselves. Once for each run."""
        return over_overrides(self._engine, self._today)


def settle(engine: Engine, findings: list[Finding], ignores: Iterable[Ignore], today: str = "") -> Settled:
    """Return the findings after ignores and overrides, all at once; see `Settler`."""
    return Settler(engine, today).settle(findings, ignores)


def _settle(engine: Engine, findings: list[Finding], ignores: Iterable[Ignore], today: str, overrides: _Overrides) -> Settled:
    left: list[Finding] = []
    out: list[Ignored] = []
    of_document: dict[tuple[str, int], list[Ignore]] = {}
    for ignore in ignores:
        of_document.setdefault((ignore.file, ignore.document), []).append(ignore)
    used: dict[int, set[str]] = {}
    for finding in findings:
        finding, by = overrides.over(finding)
        if by is not None:
            out.append(Ignored(finding, "configuration", by.reason))
            continue
        said = _said(of_document.get((finding.file, finding.document), ()), finding, used, today)
        if said is None:
            left.append(finding)
        else:
            out.append(Ignored(finding, "comment" if said.object is None else "annotation", said.words.reason))
    for members in of_document.values():
        for ignore in members:
            left.extend(_on(engine, ignore, used.get(id(ignore), set()), today))
    return Settled(left, out)


def over_overrides(engine: Engine, today: str = "") -> list[Finding]:
    """Return the findings on a configuration's overrides themselves: those that have expired. Once for each run."""
    today = today or _today()
    rule = engine.rule(EXPIRED)
    gone = [o for o in engine.overrides if o.until and o.until < today]
    if rule is None or not gone:
        return []
    from joblint.configuration.written import read
    from joblint.rules.finding import of_rule
    from joblint.source.places.spans import Span

    found = []
    for override in gone:
        line, column = read(override.file).place(f"overrides[{override.index}].until")
        reason = f' Its reason: "{override.reason}".' if override.reason else ""
        named = [*override.ignore, *[word for word, _ in override.severities]]
        values = {"until": override.until, "reason": reason, "rules": ", ".join(named)}
        span = Span(line, column, line, column + len(override.until))
        found.append(of_rule(rule, _severity(engine, rule), values, file=override.file, document=0, span=span))
    return found


def _severity(engine: Engine, rule: Rule) -> str:
    return engine.severities.get(rule.id) or rule.severity


def _today() -> str:
    from time import gmtime

    now = gmtime()
    return f"{now.tm_year:04}-{now.tm_mon:02}-{now.tm_mday:02}"


def _said(ignores: Iterable[Ignore], finding: Finding, used: dict[int, set[str]], today: str) -> Ignore | None:
    """The ignore that applies to a finding; `used` records which rules of which ignores have matched."""
    found = None
    for ignore in ignores:
        words = ignore.words
        if words.mistake or not ignore.means(finding):
            continue
        named = [w for w in words.rules if _means(w, finding)]
        if named:
            used.setdefault(id(ignore), set()).update([f"!{w}" if finding.refused else w for w in named])
            if not finding.refused and found is None and not (words.until and words.until < today):
                found = ignore
    return found


def _means(word: str, finding: Finding) -> bool:
    if word in (finding.rule, finding.name) or word.lower() == "all":
        return True
    if word.isalnum():
        return finding.rule.startswith(word.upper())
    from joblint.rules.catalogue.select import RENAMED

    return RENAMED.get(word) == finding.rule


class _Overrides:
    """The overrides of a configuration that apply to a file, computed once for each file."""

    def __init__(self, engine: Engine, today: str) -> None:
        self._heeds = engine.heeds_ignores
        self._all = [o for o in engine.overrides if not (o.until and o.until < today)]
        self._patterns: list[Any] = []
        self._of_file: dict[str, list[Override]] = {}

    def over(self, finding: Finding) -> tuple[Finding, Override | None]:
        """Return the finding with its new severity, and the override that ignores it, if one does."""
        if not self._all:
            return finding, None
        for override in self._for(finding.file):
            if not _fits(override, finding.object):
                continue
            if self._heeds and not finding.refused and any(_means(w, finding) for w in override.ignore):
                return finding, override
            for word, severity in override.severities:
                if not _means(word, finding):
                    continue
                if severity != "off":
                    finding = replace(finding, severity=severity)
                elif self._heeds and not finding.refused:
                    return finding, override
        return finding, None

    def _for(self, file: str) -> list[Override]:
        found = self._of_file.get(file)
        if found is None:
            from os.path import abspath

            from joblint.configuration.settings import patterns

            if not self._patterns:
                self._patterns = [patterns((o.paths,)) if o.paths is not None else None for o in self._all]
            path = abspath(file)
            both = zip(self._all, self._patterns, strict=True)
            found = self._of_file[file] = [o for o, p in both if p is None or p.cover(path, False)]
        return found


def _fits(override: Override, owner: Whose) -> bool:
    for globs, value in (
        (override.kinds, owner.kind),
        (override.namespaces, owner.namespace),
        (override.names, owner.name),
        (override.containers, owner.container),
    ):
        if globs and not any(glob(pattern, value or "") for pattern in globs):
            return False
    return True


def glob(pattern: str, text: str) -> bool:
    """Return whether a text matches a pattern, in which `*` matches anything and `?` one character."""
    at = back = 0
    star = -1
    i = 0
    while i < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, back = at, i
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", text[i]):
            at += 1
            i += 1
        elif star >= 0:
            at = star + 1
            back += 1
            i = back
        else:
            return False
    return pattern[at:].strip("*") == ""


def _on(engine: Engine, ignore: Ignore, used: set[str], today: str) -> list[Finding]:
    """The findings on an ignore itself."""
    from joblint.rules.catalogue.select import matches

    words = ignore.words
    unused, expired = engine.rule(UNUSED), engine.rule(EXPIRED)
    if words.mistake:
        return [_finding(engine, unused, ignore, why=words.mistake, label="")] if unused is not None else []
    if words.until and words.until < today:
        if expired is None:
            return []
        reason = f' Its reason: "{words.reason}".' if words.reason else ""
        values = {"until": words.until, "reason": reason, "rules": ", ".join(words.rules)}
        return [_finding(engine, expired, ignore, **values, fix=_without(ignore, words.rules))]
    if unused is None:
        return []
    idle = []
    for word in words.rules:
        if word in used:
            continue
        if f"!{word}" in used:
            why = f"{word} reports what the API server rejects, which cannot be ignored"
            return [_finding(engine, unused, ignore, why=why, label="the API server rejects it anyway")]
        members = [r for r in engine.rules if matches(r, word)]
        if not members and not _known(word):
            return [_finding(engine, unused, ignore, why=f"no rule is called {word}", label="")]
        # A rule that is not selected finds nothing, and a rule over a directory may find something with other files.
        if members and not any(r.scope == "folder" for r in members):
            idle.append(word)
    if not idle:
        return []
    which = " and ".join(idle)
    place = "here" if ignore.first or ignore.object is not None else "here: no text follows"
    return [_finding(engine, unused, ignore, why=f"{which} finds nothing {place}", label="", fix=_without(ignore, tuple(idle)))]


def _known(word: str) -> bool:
    from joblint.rules.catalogue.rule import builtin
    from joblint.rules.catalogue.select import matches

    return any(matches(r, word) for r in builtin())


def _without(ignore: Ignore, idle: tuple[str, ...]) -> Fix | None:
    """The edit that removes an ignore, or those of its rules that have no effect."""
    if ignore.removal is None:
        return None
    if set(idle) >= set(ignore.words.rules):
        r = ignore.removal
        return Fix("Remove the ignore", (Edit(r.line, r.column, r.end_line, r.end_column, ""),))
    span = ignore.span
    line = dict(ignore.excerpt).get(span.line, "")
    begin, end = line.find("[", span.column - 1), line.find("]", span.column - 1)
    if begin < 0 or end < begin:
        return None
    kept = ", ".join([w for w in ignore.words.rules if w not in idle])
    return Fix(f"Remove {', '.join(idle)} from the ignore", (Edit(span.line, begin + 2, span.line, end + 1, kept),))


def _finding(
    engine: Engine, rule: Rule, ignore: Ignore, *, label: str | None = None, fix: Fix | None = None, **values: Any
) -> Finding:
    from joblint.rules.finding import of_rule

    return of_rule(
        rule,
        _severity(engine, rule),
        values,
        file=ignore.file,
        document=ignore.document,
        span=ignore.span,
        label=label,
        fix=fix,
        excerpt=ignore.excerpt,
        object=ignore.object or Whose(),
    )
