"""The databases that pg_dump reads, with the version of the program; and the version of an image of PostgreSQL; no texts."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.workload.env import known_env
from joblint.shell.images import name_and_tag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.subject import Subject

_PROGRAMS = ("pg_dump", "pg_dumpall")
_IMAGES = names("postgres postgresql postgis pgvector postgresql-repmgr")


def postgres_major(image: str) -> int:
    """Return the major version of PostgreSQL in a well-known image; 0 if it is not one, or its tag does not say."""
    name, tag = name_and_tag(image)
    if name.rpartition("/")[2] not in _IMAGES:
        return 0
    digits = tag.removeprefix("pg").partition(".")[0].partition("-")[0]
    return int(digits) if digits.isdecimal() and 8 < int(digits) < 100 else 0


def dumps_of(s: Subject) -> Iterator[tuple[str, int, str, str]]:
    """Yield (host, major version of the client, field, program) for each call of pg_dump whose host is known."""
    if not s.document.mentions(b"pg_dump"):
        return
    from joblint.shell.syntax import commands
    from joblint.shell.weight import program

    for i, container in enumerate(s.containers):
        major = postgres_major(str(container.data.get("image") or ""))
        if not major:
            continue
        env = known_env(container)
        run = s.runs[i]
        calls = [(run.name, run.rest, run.fields[run.program])] if run.words and run.sure and not run.shell else []
        for script in s.scripts:
            if script.index == i:
                calls += [(*program(c), script.field) for c in commands(script.statements, functions=True, inner=True)]
        for name, rest, field in calls:
            if name in _PROGRAMS:
                host = _host(rest) or env.get("PGHOST", "")
                if host:
                    yield host, major, field, name


def _host(rest: tuple[str, ...]) -> str:
    for i, word in enumerate(rest):
        if "://" in word:
            return word.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
        if word in ("-h", "--host") and i + 1 < len(rest):
            return rest[i + 1]
        if word.startswith("--host="):
            return word.removeprefix("--host=")
    return ""
