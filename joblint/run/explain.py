"""From paths to explanations: reads files, judges, explains; knows no output format."""

from __future__ import annotations

from joblint.base.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from joblint.controller.scenario.scenario import Scenario
    from joblint.explain.explanation import Explanation
    from joblint.rules.engine import Engine
    from joblint.rules.finding import Finding
    from joblint.source.documents import Document


@record
class Explained:
    """The explanations in the order of the files; `skipped` are documents that were not explained (file, number, why),
    `sources` the text of each file that has one, by name; `findings` are those of its files, where they were asked for."""

    explanations: tuple[Explanation, ...]
    skipped: tuple[tuple[str, int, str], ...]
    sources: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...] = ()


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
    from joblint.api.judge import judge
    from joblint.explain.build import explain
    from joblint.source.documents import read

    explanations: list[Explanation] = []
    skipped: list[tuple[str, int, str]] = []
    sources: list[tuple[str, str]] = []
    findings: list[Finding] = []
    for name, data in files:
        before = len(explanations)
        for document in read(data, name):
            why = _not_readable(document)
            if why:
                skipped.append((name, document.index, why))
                continue
            for prefix, value in document.objects() if document.value is not None else ():
                verdict = judge(value, version) if isinstance(value, dict) else None
                if verdict is None or not isinstance(value, dict) or value.get("kind") not in ("Job", "CronJob"):
                    kind = value.get("kind") if isinstance(value, dict) else None
                    skipped.append((name, document.index, f"kind {kind}" if kind else "no Kubernetes object: it has no kind"))
                    continue
                explanations.append(
                    explain(
                        document,
                        prefix,
                        value,
                        verdict,
                        version,
                        scenario=scenario,
                        run=run,
                        until=until,
                        now=now,
                        ladder=engine is not None,
                    )
                )
        if len(explanations) > before:
            sources.append((name, data.decode("utf-8", "replace")))
            if engine is not None:
                from joblint.run.check import check_text

                findings.extend(check_text(engine, data, name).findings)
    return Explained(tuple(explanations), tuple(skipped), tuple(sources), tuple(findings))


def _not_readable(document: Document) -> str:
    for problem in document.problems:
        if problem.kind == "yaml":
            return f"not readable as YAML at {problem.span.line}:{problem.span.column}: {problem.message}"
    return document.skipped or ""
