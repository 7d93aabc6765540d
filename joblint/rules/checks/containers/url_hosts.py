"""A URL, or host:port in one word, for programs that accept only a host: nc, pg_isready, ping and others."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.place import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.checks.containers.clients import Called
    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_FIRST = names("nc ncat netcat ping nslookup dig telnet host traceroute")
_OPTION = names("pg_isready psql pg_dump pg_restore mysql mysqladmin mysqldump mariadb mariadb-dump redis-cli createdb")
_NC = names("nc ncat netcat")


def url_instead_of_host(s: Subject) -> Iterator[Hit]:
    """The first such call of each container."""
    for i, _ in enumerate(s.containers):
        for called in calls_of(s, i):
            word = _given(called)
            if not word:
                continue
            host = word.partition("://")[2].rpartition("@")[2] if "://" in word else word
            host, _, port = host.partition("/")[0].partition(":")
            better = f"{called.name} {host} {port or '<port>'}" if called.name in _NC else f"{called.name} … {host}"
            if called.name in _NC and called.text.count(word) == 1 and len(called.text) < 80:
                digits = called.text.partition(word)[2].split()[:1]
                better = called.text.replace(word, host if digits and digits[0].isdecimal() else f"{host} {port or '<port>'}")
            what = "a URL" if "://" in word else "host and port in one word"
            yield call_hit(
                s,
                called,
                command=short(called.text),
                word=short(word),
                program=called.name,
                what=what,
                better=better.replace("… ", "-h ") if called.name in _OPTION else better.replace("… ", ""),
            )
            break


def _given(called: Called) -> str:
    """The word that is not a host name; "" if there is none."""
    words = [w.strip("\"'") for w in called.texts or called.rest]
    if called.name in _OPTION:
        for i, word in enumerate(words):
            given = (
                word.removeprefix("--host=")
                if word.startswith("--host=")
                else words[i + 1]
                if word in ("-h", "--host") and i + 1 < len(words)
                else ""
            )
            if "://" in given and not given.startswith("$"):
                return given
        return ""
    plain = [w for w in words if w and not w.startswith("-")]
    if called.name in _FIRST:
        found = next(
            (w for w in plain if w.startswith(("http://", "https://", "tcp://", "postgres://", "redis://", "mysql://"))), ""
        )
        if found:
            return found
    if called.name in _NC and any(w.startswith("-") and "z" in w for w in words):
        rest = [
            w
            for i, w in enumerate(words)
            if w and not w.startswith("-") and words[i - 1 : i] not in (["-w"], ["-i"], ["-q"], ["-p"], ["-s"])
        ]
        if len(rest) == 1 and rest[0].count(":") == 1 and rest[0].rpartition(":")[2].isdecimal():
            return rest[0]
    return ""
