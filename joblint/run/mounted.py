"""Scripts of ConfigMaps that Jobs in the same set of files run: the files of both are read again, and the rules run on them."""

from __future__ import annotations

from joblint.rules import mounted
from joblint.rules.facts.folder import folder_of
from joblint.rules.finding import failed
from joblint.run.reread import again

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.catalogue.rule import Rule
    from joblint.rules.engine import Engine
    from joblint.rules.facts.folder import Facts
    from joblint.rules.facts.origin import Origin
    from joblint.rules.finding import Hit, RuleCrash
    from joblint.run.contents import Once
    from joblint.source.documents import Document

    _Hits = list[tuple[Rule, Origin, Hit]]


def mounted_hits(engine: Engine, facts: tuple[Facts, ...], once: Once) -> tuple[_Hits, list[RuleCrash]]:
    """Return what the rules find in the scripts of ConfigMaps, each finding once, and the rules that raised an exception."""
    found = list(mounted.matches(folder_of(facts)))
    documents = _read({(o.file, o.document) for workload, _, config in found for o in (workload.origin, config)}, once)
    hits: dict[tuple[str, Origin, object], tuple[Rule, Origin, Hit]] = {}
    crashes: list[RuleCrash] = []
    for workload, script, config in found:
        origin = workload.origin
        mine, its = documents[origin.file, origin.document], documents[config.file, config.document]
        try:
            for rule, where, hit in mounted.check(engine, mine, origin, script, its, config):
                hits.setdefault((rule.id, where, (hit.field, hit.span)), (rule, where, hit))
        except Exception as error:  # a bug in one rule must not hide the findings on other scripts
            crashes.append(failed(origin.file, origin.document, error))
    return list(hits.values()), crashes


def _read(wanted: set[tuple[str, int]], once: Once) -> dict[tuple[str, int], Document]:
    of_file: dict[str, set[int]] = {}
    for file, index in wanted:
        of_file.setdefault(file, set()).add(index)
    return {(file, document.index): document for file, indexes in of_file.items() for document in again(file, indexes, once)}
