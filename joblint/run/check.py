"""From paths, or from a text, to a report: who reads, who works, who gathers; does not know any output format."""

from __future__ import annotations

from joblint.base.record import replace
from joblint.run.contents import Once, Stdin, read_pipes
from joblint.run.gathered import Gathered
from joblint.run.namespaces import all_namespaces, under_namespaces, with_namespaces
from joblint.run.parts import bug, parts_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from joblint.api.verdict import Verdict
    from joblint.rules.engine import Engine
    from joblint.rules.outcome import Outcome
    from joblint.run.cache import Cache
    from joblint.run.elsewhere import Elsewhere
    from joblint.run.gathered import Watch
    from joblint.run.parts import Part
    from joblint.run.result import Report
    from joblint.source.documents import Document


def check_files(
    engine: Engine,
    files: tuple[str, ...],
    jobs: int = 0,
    stdin: Stdin | None = None,
    least: str = "info",
    cache: Cache | None = None,
    pipes: dict[str, bytes] | None = None,
    watch: Watch | None = None,
    elsewhere: Elsewhere | None = None,
) -> Report:
    """Check files; `-` is standard input, which is given where it is among them.

    `jobs` is the number of processes, 0 for as many as pay for themselves. Findings below the severity `least` are only
    counted. Results are taken from the cache and put there, where one is given. `pipes` is what `read_pipes` gave for the
    files, where they are checked more than once. `elsewhere` is who works over single files, if it is not done here.

    `watch` is called after each file, in order, with what is found in it and whether it holds several objects. What only the
    other files of the run can tell is in the report alone: findings of rules over a whole folder, and those of files in which
    an ignore is meant for such a rule.
    """
    engine = engine.showing(least)
    if elsewhere is None:
        once = Once(stdin, read_pipes(files) if pipes is None else pipes)
    else:
        once = Once(None, {}, far=elsewhere.read)

    def parts() -> Iterator[Part]:
        return parts_of(engine, files, jobs, once, cache) if elsewhere is None else elsewhere.parts(engine, files)

    whole = elsewhere is None or elsewhere.whole
    if watch is not None:  # what has been shown cannot be taken back: the Namespaces are looked for first
        there, kept = all_namespaces(files, once)
        engine = under_namespaces(engine, there)
        once = replace(once, pipes={**kept, **once.pipes})
    found = Gathered(engine, once, watch, whole)
    namespaces = found.take(parts())
    under = under_namespaces(engine, namespaces) if watch is None else engine
    if under is not engine:  # what their Namespaces allow the objects to be is known only now
        engine = under
        found = Gathered(engine, once, None, whole)
        found.take(parts())
    return found.report()


def check_text(engine: Engine, data: bytes, name: str) -> Report:
    """Check one file's content, named `name` in the report."""
    from joblint.rules.manifests import read_manifests

    return check_documents(engine, data, name, ((d, {}) for d in read_manifests(data, name, holders=engine.holders)))


def check_outcomes(
    engine: Engine, data: bytes, name: str, outcomes: Iterable[Outcome], documents: Mapping[bytes, Document]
) -> Report:
    """The report on a file whose documents are read and judged already, each by itself."""
    found = Gathered(engine, Once(Stdin(name, data), {}, documents), None)
    found.take([(name, "", tuple(outcomes), ())])
    return found.report()


def check_documents(
    engine: Engine, data: bytes, name: str, documents: Iterable[tuple[Document, dict[str, Verdict | None]]]
) -> Report:
    """Check the documents of a file that is read already, each with the verdicts that are known (see `Engine.run`)."""
    engine = with_namespaces(engine, data, name)
    try:
        outcomes = tuple([engine.run(document, verdicts) for document, verdicts in documents])
    except MemoryError:
        raise
    except Exception as error:
        outcomes = (bug(name, error),)
    found = Gathered(engine, Once(Stdin(name, data), {}), None)
    found.take([(name, "", outcomes, ())])
    return found.report()
