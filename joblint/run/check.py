"""From paths, or from a text, to a report: distributes the reading and checking, and gathers; knows nothing about output
format.
"""

from __future__ import annotations

from joblint.base.record import replace
from joblint.run.contents import Once, Stdin, read_pipes
from joblint.run.gathered import Gathered
from joblint.run.namespaces import all_namespaces, under_namespaces, with_namespaces
from joblint.run.parts import bug, parts_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
    """Check files; `-` is standard input, which must be given if it is among them.

    `jobs` is the number of processes, 0 to choose it by the number of files. Findings below the severity `least` are only
    counted. Results are read from and written to the cache, if one is given. `pipes` is the result of `read_pipes` for the
    files, if they are checked more than once. `elsewhere` processes single files, if that is not done here.

    `watch` is called after each file, in order, with its findings and whether it contains several objects. Findings that depend
    on the other files of the run are only in the report: those of rules over a whole directory, and those of files with an
    ignore for such a rule.
    """
    engine = engine.showing(least)
    if elsewhere is None:
        once = Once(stdin, read_pipes(files) if pipes is None else pipes)
    else:
        once = Once(None, {}, far=elsewhere.read)

    def parts() -> Iterator[Part]:
        return parts_of(engine, files, jobs, once, cache) if elsewhere is None else elsewhere.parts(engine, files)

    whole = elsewhere is None or elsewhere.whole
    if watch is not None:  # what has been printed cannot be taken back: the Namespaces are read first
        there, kept = all_namespaces(files, once)
        engine = under_namespaces(engine, there)
        once = replace(once, pipes={**kept, **once.pipes})
    found = Gathered(engine, once, watch, whole)
    namespaces = found.take(parts())
    under = under_namespaces(engine, namespaces) if watch is None else engine
    if under is not engine:  # the Pod Security levels of the Namespaces are known only now
        engine = under
        found = Gathered(engine, once, None, whole)
        found.take(parts())
    return found.report()


def check_text(engine: Engine, data: bytes, name: str) -> Report:
    """Check one file's content, named `name` in the report."""
    from joblint.rules.manifests import read_manifests

    return check_documents(engine, data, name, ((d, {}) for d in read_manifests(data, name, holders=engine.holders)))


def check_outcomes(
    engine: Engine, data: bytes, name: str, outcomes: Iterable[Outcome], documents: tuple[Document, ...]
) -> Report:
    """Return the report on a file whose documents (all of them) are read and checked already, each by itself."""
    found = Gathered(engine, Once(Stdin(name, data), {}, documents), None)
    found.take([(name, "", tuple(outcomes), ())])
    return found.report()


def check_documents(
    engine: Engine, data: bytes, name: str, documents: Iterable[tuple[Document, dict[str, Verdict | None]]]
) -> Report:
    """Check the documents of a file that is read already, each with its known verdicts (see `Engine.run`)."""
    wrong: tuple[Outcome, ...] = ()
    try:
        engine = with_namespaces(engine, data, name)
    except MemoryError:
        raise
    except Exception as error:
        wrong = (bug(name, error),)
    try:
        outcomes = tuple([engine.run(document, verdicts) for document, verdicts in documents])
    except MemoryError:
        raise
    except Exception as error:
        outcomes = (bug(name, error),)
    found = Gathered(engine, Once(Stdin(name, data), {}), None)
    found.take([(name, "", wrong + outcomes, ())])
    return found.report()
