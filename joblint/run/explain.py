"""From paths to explanations: reads files, validates, explains; knows nothing about output formats."""

from __future__ import annotations

from joblint.base.record import Record, replace
from joblint.run.explaining import Explaining, How

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from joblint.controller.scenario.scenario import Scenario
    from joblint.explain.explanation import Explanation
    from joblint.rules.engine import Engine
    from joblint.rules.finding import Finding, RuleCrash
    from joblint.rules.owners.embedded import Embedded
    from joblint.rules.skips import Skipped
    from joblint.run.projects import Project


class Explained(Record):
    """The explanations in the order of the files; `skipped` are documents that were not explained, `sources` the text of each
    file that has one, by name; `findings` are those of its files, on request; `crashes` are documents with an error in joblint
    itself."""

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
    run: float | None = None,
    until: float | None = None,
    now: float = 0.0,
    engine: Engine | None = None,
    ladder: bool = False,
    namespace: str = "",
    variables: Mapping[str, str] | None = None,
    embedded: tuple[Embedded, ...] | None = None,
) -> Explained:
    """Explain every Job and CronJob of files given as names and contents; see `joblint.explain.build.explain`.

    `namespace` is that of objects without one. With an `engine` its findings are included, with `ladder` the results for other
    run times. `variables` are values for placeholders such as `${NAME}`, `embedded` is where other objects contain Jobs, in
    addition to the known kinds.
    """
    return _explained(files, How(version, scenario, run, until, now, ladder, namespace, variables, embedded), engine)


def explain_in_steps(
    name: str, data: bytes, version: str, *, now: float = 0.0, variables: Mapping[str, str] | None = None
) -> Generator[None, None, tuple[Explanation, ...]]:
    """The explanations of one file as `explain_files` returns them, in steps, one for each object; what joblint itself fails on
    is logged."""
    so_far = Explaining(How(version, now=now, variables=variables), None)
    yield from so_far.steps(name, data)
    logged(so_far.crashes)
    return tuple(so_far.explanations)


def logged(crashes: Iterable[RuleCrash]) -> None:
    """Log what joblint itself failed on: an editor shows its log, and has no exit status."""
    for crash in crashes:
        import logging

        logging.getLogger("joblint").warning("%s while explaining document %d: %s", crash.where, crash.document, crash.error)


def _explained(files: Iterable[tuple[str, bytes]], how: How, engine: Engine | None) -> Explained:
    so_far = Explaining(how, engine)
    for name, data in files:
        so_far.file(name, data)
    return Explained(
        tuple(so_far.explanations),
        tuple(so_far.skipped),
        tuple(so_far.sources),
        tuple(so_far.findings),
        tuple(so_far.crashes),
    )


def explain_projects(
    projects: tuple[Project, ...], files: list[tuple[str, bytes]], how: How, *, findings: bool = False, stdin: str = ""
) -> Explained:
    """Explain files by the (last) version of their project and its settings, in the order of the files; `stdin` is the name of
    `-`."""
    engine_of = {(stdin or "<stdin>") if file == "-" else file: p.engines[-1] for p in projects for file in p.files}
    parts: list[Explained] = []
    begin = 0
    for i in range(1, len(files) + 1):
        engine = engine_of[files[begin][0]]
        if i == len(files) or engine_of[files[i][0]] is not engine:
            of_project = replace(how, version=engine.version, variables=engine.variables, embedded=engine.embedded)
            parts.append(_explained(files[begin:i], of_project, engine if findings else None))
            begin = i
    return joined_parts(parts)


def joined_parts(parts: list[Explained]) -> Explained:
    """Return explanations of several groups of files as one."""
    if len(parts) == 1:
        return parts[0]
    return Explained(
        tuple([e for p in parts for e in p.explanations]),
        tuple([s for p in parts for s in p.skipped]),
        tuple([s for p in parts for s in p.sources]),
        tuple([f for p in parts for f in p.findings]),
        tuple([c for p in parts for c in p.crashes]),
    )
