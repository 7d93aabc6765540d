"""Clients that continue after an error in their script and end with 0: psql without ON_ERROR_STOP, sqlcmd without -b."""

from __future__ import annotations

from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.place import short
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.checks.containers.clients import Called
    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject


def sql_errors_ignored(s: Subject) -> Iterator[Hit]:
    """A script of statements whose errors do not count; one finding for each container."""
    for i, container in enumerate(s.containers):
        env = {str(as_dict(e).get("name")) for e in as_list(container.data.get("env"))}
        if "PSQLRC" in env or "ON_ERROR_STOP" in " ".join(w for w in s.runs[i].words if isinstance(w, str)):
            continue
        for called in calls_of(s, i):
            better = _lenient(called)
            if better:
                yield call_hit(s, called, command=short(called.text), program=called.name, better=better)
                break


def _lenient(called: Called) -> str:
    """What to type for a client that ignores the errors of its statements; "" for others."""
    name, rest = called.name, called.rest
    script = called.script.text if called.script else ""
    if name == "psql":
        if "ON_ERROR_STOP" in script or "ON_ERROR_STOP" in called.text or "PSQLRC" in script:
            return ""
        short_options = [w for w in rest if w[:1] == "-" and w[:2] != "--"]
        commands = any(w == "--command" or w.startswith("--command=") for w in rest) or any("c" in w[1:3] for w in short_options)
        file = any(w.partition("=")[0] == "--file" for w in rest) or any(w[1:2] == "f" or w.endswith("f") for w in short_options)
        if file or not commands and _several(called):
            whole = called.text.strip().removeprefix("psql").split("<")[0].rstrip()
            return f"psql -v ON_ERROR_STOP=1{whole if len(whole) <= 60 else ' …'}"
    if name == "sqlcmd" and "-b" not in rest and any(w in ("-i", "-Q", "-q") for w in rest):
        return "sqlcmd -b …"
    if name == "sqlplus" and "WHENEVER" not in script.upper() and (any(w.startswith("@") for w in rest) or _several(called)):
        return "Write WHENEVER SQLERROR EXIT FAILURE as the first line of the SQL script."
    return ""


def _several(called: Called) -> bool:
    """Whether standard input is a file, a pipe or a here-document with more than one statement."""
    if called.command is None or called.script is None:
        return False
    for redirect in called.command.redirects:
        if redirect.startswith("<<<"):
            return redirect.count(";") > 1
        if redirect.startswith("<<"):
            begin = called.command.end
            mark = redirect.lstrip("<- ").strip("'\"")
            end = called.script.text.find("\n" + mark, begin)
            held = called.script.text[begin : end if end >= 0 else len(called.script.text)]
            return held.rstrip().removesuffix(";").count(";") > 0
        if redirect.startswith("<"):
            return True
    line = called.script.text[: called.command.start].rpartition("\n")[2]
    before = line.rstrip()
    return before.endswith("|") and not before.endswith("||") and ("cat " in before or "gunzip" in before or "zcat" in before)
