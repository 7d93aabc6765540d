"""A dump of PostgreSQL that is restored by the wrong program: psql reads SQL, pg_restore the other formats.

Source: PostgreSQL 17 pg_dump.c (the default format is plain SQL), pg_backup_archiver.c ("input file appears to be a text format
dump. Please use psql."), psql/common.c ("The input is a PostgreSQL custom-format dump.").
"""

from __future__ import annotations

from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.place import short
from joblint.rules.workload.arguments import Arguments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.checks.containers.clients import Called
    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_DUMP = "FfjZhpUdnNtTES"
_PSQL = "cdfhpUvFPRTLo"
_NO_IMAGE = ("", "")


def dump_of_another_format(s: Subject) -> Iterator[Hit]:
    """`pg_dump -Fc … > x; psql -f x`: one finding for each Job."""
    dumped: dict[str, tuple[str, str]] = {}
    for i in range(len(s.containers)):
        for called in calls_of(s, i):
            if called.name == "pg_dump":
                given = Arguments(called.texts or called.rest, {}, _NO_IMAGE)
                named = given.value("-F", "--format", takes=_DUMP)
                path = _clean(given.value("-f", "--file", takes=_DUMP) or _redirected(called, ">"))
                if path and given.complete and "$" not in (named or ""):
                    dumped[path] = (_FORMATS.get((named or "p")[:1], ""), short(called.text))
            elif called.name in ("psql", "pg_restore") and dumped:
                path = _read(called)
                kind, dump = dumped.get(path, ("", ""))
                plain = kind == "the plain format"
                if kind and plain == (called.name == "pg_restore"):
                    other = "psql -v ON_ERROR_STOP=1 … -f" if plain else "pg_restore … -d <database>"
                    yield call_hit(
                        s,
                        called,
                        command=short(called.text),
                        path=path,
                        kind=kind,
                        dump=dump,
                        needs="SQL" if not plain else "the formats custom, directory and tar",
                        better=f"{other} {path}",
                    )
                    return


_FORMATS = {"p": "the plain format", "c": "the custom format", "d": "the directory format", "t": "the tar format"}


def _clean(path: str) -> str:
    return path.strip("\"'")


def _redirected(called: Called, sign: str) -> str:
    for redirect in called.command.redirects if called.command is not None else ():
        target = redirect.removeprefix("1" if sign == ">" else "0")
        if target.startswith(sign) and target[1:2] not in ("&", "<", "("):
            return target.lstrip("<>| ")
    return ""


def _read(called: Called) -> str:
    """The file that psql or pg_restore reads; "" if it is not known."""
    given = Arguments(called.texts or called.rest, {}, _NO_IMAGE)
    if called.name == "psql":
        return _clean(given.value("-f", "--file", takes=_PSQL) or _redirected(called, "<"))
    last = given.words[-1] if given.words else ""
    before = given.words[-2] if len(given.words) > 1 else ""
    if last.startswith("-") or before in ("-d", "--dbname", "-h", "-U", "-p", "-j", "-n", "-t", "--host", "--username", "--port"):
        return _clean(_redirected(called, "<"))
    return last
