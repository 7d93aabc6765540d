"""From paths to explanations: reads files, judges, explains; knows no output format."""

from __future__ import annotations

from joblint.base.record import record
from joblint.rules.finding import RuleCrash

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from joblint.controller.scenario.scenario import Scenario
    from joblint.explain.explanation import Explanation
    from joblint.rules.engine import Engine
    from joblint.rules.finding import Finding
    from joblint.rules.skips import Skip, Skipped
    from joblint.run.projects import Project
    from joblint.source.documents import Document


@record
class Explained:
    """The explanations in the order of the files; `skipped` are documents that were not explained,
    `sources` the text of each file that has one, by name; `findings` are those of its files, where they were asked for;
    `crashes` are documents that joblint itself failed on."""

    explanations: tuple[Explanation, ...]
    skipped: tuple[Skipped, ...]
    sources: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...] = ()
    crashes: tuple[RuleCrash, ...] = ()


def explain_files(
    files: Iterable[tuple[str, bytes]],
    version: str,
    *,
    scenario: Scenario | str | None = None,
    run: float = 1.0,
    until: float | None = None,
    now: float = 0.0,
    engine: Engine | None = None,
) -> Explained:
    """Explain every Job and CronJob of files given as names and contents; see `joblint.explain.build.explain`.

    With an `engine` its findings come along, and what happens with other run times: all that the page shows.
    """
    from joblint.rules.finding import failed
    from joblint.rules.manifests import read_manifests
    from joblint.rules.skips import NAMED, UNREADABLE, Skip, Skipped, in_file, skip, unreadable
    from joblint.source.documents import DEEP

    explanations: list[Explanation] = []
    skipped: list[Skipped] = []
    sources: list[tuple[str, str]] = []
    findings: list[Finding] = []
    crashes: list[RuleCrash] = []
    for name, data in files:
        before = len(explanations)
        for document in read_manifests(data, name):
            if document.bug:
                crashes.append(RuleCrash("", "", name, document.index, document.bug))
            passed = skip(document)
            if passed is not None:
                skipped.append(in_file(name, passed))
                continue
            problem = unreadable(document)
            if problem is not None:
                why = f"not readable as YAML at {problem.span.line}:{problem.span.column}: {problem.message}"
                skipped.append(Skipped(name, document.index, UNREADABLE, why))
                continue
            for prefix, value in document.objects() if document.value is not None else ():
                try:
                    found = _explained(document, prefix, value, version, scenario, run, until, now, engine is not None)
                except RecursionError:
                    found = Skip(document.index, NAMED, DEEP.format(line=document.line))
                except MemoryError:
                    raise
                except Exception as error:  # one bad object must not take the others with it
                    crashes.append(failed(name, document.index, error))
                    continue
                if isinstance(found, Skip):
                    skipped.append(in_file(name, found))
                else:
                    explanations.append(found)
        if len(explanations) > before:
            sources.append((name, data.decode("utf-8", "replace")))
            if engine is not None:
                from joblint.run.check import check_text

                findings.extend(check_text(engine, data, name).findings)
    return Explained(tuple(explanations), tuple(skipped), tuple(sources), tuple(findings), tuple(crashes))


def _explained(
    document: Document,
    prefix: str,
    value: Any,
    version: str,
    scenario: Scenario | str | None,
    run: float,
    until: float | None,
    now: float,
    ladder: bool,
) -> Explanation | Skip:
    """The explanation of one object, or why it has none."""
    from joblint.api.judge import judge
    from joblint.explain.build import explain
    from joblint.rules.skips import of_object

    verdict = judge(value, version) if isinstance(value, dict) else None
    if verdict is None:
        return of_object(document, value)
    return explain(document, prefix, value, verdict, version, scenario=scenario, run=run, until=until, now=now, ladder=ladder)


def explain_projects(
    projects: tuple[Project, ...],
    files: list[tuple[str, bytes]],
    *,
    scenario: Scenario | str | None = None,
    run: float = 1.0,
    until: float | None = None,
    now: float = 0.0,
    findings: bool = False,
    stdin: str = "",
) -> Explained:
    """Explain files by the (last) version of their project, in the order of the files; `stdin` is what `-` is called."""
    engine_of = {(stdin or "<stdin>") if file == "-" else file: p.engines[-1] for p in projects for file in p.files}
    parts: list[Explained] = []
    begin = 0
    for i in range(1, len(files) + 1):
        engine = engine_of[files[begin][0]]
        if i == len(files) or engine_of[files[i][0]] is not engine:
            part = explain_files(
                files[begin:i],
                engine.version,
                scenario=scenario,
                run=run,
                until=until,
                now=now,
                engine=engine if findings else None,
            )
            parts.append(part)
            begin = i
    if len(parts) == 1:
        return parts[0]
    return Explained(
        tuple([e for p in parts for e in p.explanations]),
        tuple([s for p in parts for s in p.skipped]),
        tuple([s for p in parts for s in p.sources]),
        tuple([f for p in parts for f in p.findings]),
        tuple([c for p in parts for c in p.crashes]),
    )
