"""Arguments that a program rejects: options that exclude each other, and options that it needs and does not have."""

from __future__ import annotations

from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.place import short
from joblint.rules.checks.pods import rejected_by_databases as databases
from joblint.rules.checks.pods import rejected_by_tools as tools
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.arguments import Arguments
from joblint.shell.images import name_and_tag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_CHECKS: dict[str, Callable[[Arguments], tuple[str, str] | None]] = {
    "pg_dump": databases.pg_dump,
    "pg_restore": databases.pg_restore,
    "psql": databases.psql,
    **dict.fromkeys(("vacuumdb", "reindexdb"), databases.vacuumdb),
    **dict.fromkeys(("mysqldump", "mariadb-dump"), databases.mysqldump),
    "mongodump": databases.mongodump,
    **dict.fromkeys(("mongorestore", "mongoexport", "mongoimport"), databases.mongo),
    **dict.fromkeys(("kubectl", "oc"), tools.kubectl),
    "aws": tools.aws,
    "etcdctl": tools.etcdctl,
    "tar": tools.tar,
    "curl": tools.curl,
    "rsync": tools.rsync,
}
_ASKS = frozenset(("--help", "-?", "--version", "-V", "help"))


def arguments_rejected(s: Subject) -> Iterator[Hit]:
    """A program ends with an error before it does anything, because of its arguments; one finding for each container."""
    for i, container in enumerate(s.containers):
        env = {str(as_dict(e).get("name")): as_dict(e).get("value") for e in as_list(container.data.get("env"))}
        image = name_and_tag(str(container.data.get("image") or ""))
        for called in calls_of(s, i, inner=True):
            check = _CHECKS.get(called.name)
            if check is None or not _ASKS.isdisjoint(called.rest):
                continue
            texts = called.texts or called.rest
            if any("{{" in text or "}}" in text for text in texts):
                continue  # something fills in further words
            found = check(Arguments(texts, env, image))
            if found is not None:
                reason, better = found
                yield call_hit(s, called, command=short(called.text), reason=reason, better=better)
                break
