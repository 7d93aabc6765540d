"""Statements that PostgreSQL does not have, although other databases do: IF NOT EXISTS for databases and roles."""

from __future__ import annotations

from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.place import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.checks.containers.clients import Called
    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_KINDS = {"DATABASE": ("pg_database", "datname"), "USER": ("pg_roles", "rolname"), "ROLE": ("pg_roles", "rolname")}
_NOT_POSTGRES = ("cockroach", "26257", "crdb", "crate", "questdb")
"""What speaks PostgreSQL's protocol and has the statement."""


def sql_not_of_postgresql(s: Subject) -> Iterator[Hit]:
    """`psql -c 'CREATE DATABASE IF NOT EXISTS x'` is a syntax error; one finding for each container."""
    for i, container in enumerate(s.containers):
        whole = f"{container.data.get('image')} {container.data.get('env')}".lower()
        for called in calls_of(s, i):
            text = _statements(called) if called.name == "psql" else ""
            found = _found(text)
            if found is None or any(word in f"{whole} {called.text}".lower() for word in _NOT_POSTGRES):
                continue
            kind, name = found
            table, column = _KINDS[kind]
            known = name.strip("\"'`") if name else ""
            known = known if known and "$" not in known and len(known) <= 24 else "<name>"
            more = "" if kind == "DATABASE" else " …"  # LOGIN, PASSWORD
            asks = f"psql … -tAc \"SELECT 1 FROM {table} WHERE {column} = '{known}'\""
            better = f"{asks} | grep -q 1 || psql … -c 'CREATE {kind} {known}{more}'"
            yield call_hit(s, called, command=short(called.text), kind=kind, better=better)
            break


def _statements(called: Called) -> str:
    """What psql gets to run: its options, its here-documents, and what is printed into it."""
    text = called.text
    if called.script is None or called.command is None:
        return text
    script, command = called.script.text, called.command
    for redirect in command.redirects:
        if redirect.startswith("<<") and not redirect.startswith("<<<"):
            begin = command.end
            end = script.find("\n" + redirect.lstrip("<- ").strip("'\""), begin)
            text += "\n" + script[begin : end if end >= 0 else len(script)]
        elif redirect.startswith("<<<"):
            text += redirect
    before = script[: command.start].rpartition("\n")[2].rstrip()
    return f"{before}\n{text}" if before.endswith("|") and not before.endswith("||") else text


def _found(text: str) -> tuple[str, str] | None:
    """The kind and name in the first such statement."""
    words = text.replace("'", " ").replace('"', " ").replace(";", " ").split()
    upper = [word.upper() for word in words]
    for n, word in enumerate(upper):
        if (
            word == "CREATE"
            and upper[n + 1 : n + 2]
            and upper[n + 1] in _KINDS
            and upper[n + 2 : n + 5] == ["IF", "NOT", "EXISTS"]
        ):
            return upper[n + 1], words[n + 5] if n + 5 < len(words) else ""
    return None
