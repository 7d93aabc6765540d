"""What the clients of databases reject in their arguments: the reason and what to type instead, or None.

Sources: xact.c (PreventInTransactionBlock), pg_dump.c, pg_backup_directory.c, pg_restore.c, vacuumdb.c and startup.c of
PostgreSQL 17; mysqldump.cc of MySQL 8; mongo-tools 100 (options.go, mongodump.go).
"""

from __future__ import annotations

from joblint.base.names import names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.workload.arguments import Arguments

_DUMP = "FfjZhpUdnNtTES"
_RESTORE = "FfjhpUdnNtTIPLS"
_PSQL = "cdfhpUvFPRTLo"
_VACUUM = names(
    "-h -p -U -d -j -t -n -N -P --host --port --username --dbname --jobs --table --schema --exclude-schema "
    "--parallel --min-xid-age --min-mxid-age --buffer-usage-limit --maintenance-db -i --index -S --system "
    "--tablespace"
)


def pg_dump(given: Arguments) -> tuple[str, str] | None:
    """The formats and what they can do; options that exclude each other."""
    named = given.value("-F", "--format", takes=_DUMP)
    directory = named is not None and named[:1] == "d"
    jobs = given.value("-j", "--jobs", takes=_DUMP) or ""
    if jobs.isdecimal() and int(jobs) > 1 and not directory and "$" not in (named or "") and given.complete:
        better = f"pg_dump … --format=directory --jobs={jobs} --file=<directory>"
        return "only the directory format can be dumped by several jobs", better
    if directory and given.complete and not given.has("-f", "--file", takes=_DUMP):
        return "the directory format needs --file", "pg_dump … --format=directory --file=<directory>"
    if given.has("-a", "--data-only", takes=_DUMP):
        if given.has("-s", "--schema-only", takes=_DUMP):
            return "--schema-only and --data-only exclude each other", "Remove both options to dump the schema and the data."
        if given.has("-c", "--clean", takes=_DUMP):
            return "--clean and --data-only exclude each other", "Remove --clean: a dump without the schema deletes no tables."
    return _if_exists(given, "pg_dump", _DUMP)


def pg_restore(given: Arguments) -> tuple[str, str] | None:
    """One target, and one process for one transaction."""
    base, file = given.has("-d", "--dbname", takes=_RESTORE), given.has("-f", "--file", takes=_RESTORE)
    if base and file:
        return "--dbname and --file exclude each other", "pg_restore --dbname=<database> … <file>    the dump is the last word"
    if given.complete and not base and not file and not given.has("-l", "--list", takes=_RESTORE) and not _is_old(given):
        return "it needs --dbname or --file", "pg_restore --dbname=<database> …"
    if given.has("-1", "--single-transaction", takes=_RESTORE) and given.has("-j", "--jobs", takes=_RESTORE):
        return "several jobs cannot share a transaction", "Remove --single-transaction or --jobs."
    return _if_exists(given, "pg_restore", _RESTORE)


def _is_old(given: Arguments) -> bool:
    """Whether the release is older than 12, whose pg_restore writes to standard output by default."""
    major = given.image[1].partition(".")[0].partition("-")[0]
    return major.isdecimal() and int(major) < 12


def _if_exists(given: Arguments, program: str, takes: str) -> tuple[str, str] | None:
    if given.has("--if-exists") and given.complete and not given.has("-c", "--clean", takes=takes):
        return "--if-exists needs --clean", f"{program} --clean --if-exists …"
    return None


def psql(given: Arguments) -> tuple[str, str] | None:
    """A single transaction of commands from standard input."""
    if given.has("-1", "--single-transaction", takes=_PSQL) and given.complete:
        if not given.has("-c", "--command", "-f", "--file", takes=_PSQL):
            return "--single-transaction needs --command or --file", "psql --single-transaction --file=<file> …"
    for command in given.values("-c", "--command", takes=_PSQL):
        statements = [" ".join(part.upper().split()) for part in command.split(";") if part.strip()]
        alone = next((name for part in statements for name in _ALONE if _is_alone(part, name)), "")
        if not alone or any(part.split()[0] in ("BEGIN", "START", "COMMIT", "END") or "'" in part for part in statements):
            continue
        if len(statements) > 1:
            several = f"{alone} cannot run together with other statements in one --command"
            return several, " ".join([f'-c "{part.strip()}"' for part in command.split(";") if part.strip()])
        if given.has("-1", "--single-transaction", takes=_PSQL):
            return f"{alone} cannot run in a transaction", "Remove --single-transaction."
    return None


_ALONE: tuple[str, ...] = ("VACUUM", "CREATE DATABASE", "DROP DATABASE", "ALTER SYSTEM", "CREATE TABLESPACE", "DROP TABLESPACE")
_ALONE += ("REINDEX DATABASE", "REINDEX SYSTEM", "CREATE INDEX CONCURRENTLY", "CREATE UNIQUE INDEX CONCURRENTLY")
_ALONE += ("DROP INDEX CONCURRENTLY", "REINDEX TABLE CONCURRENTLY", "REINDEX INDEX CONCURRENTLY")
"""Statements that PostgreSQL rejects in a transaction; several statements in one string are one."""


def _is_alone(statement: str, name: str) -> bool:
    return statement == name or statement.startswith((name + " ", name + "("))


def vacuumdb(given: Arguments) -> tuple[str, str] | None:
    """All databases and one; also of reindexdb."""
    if given.has("-a", "--all", takes="hpUdjtnNPiS") and given.complete:
        if given.has("-d", "--dbname", takes="hpUdjtnNPiS") or given.operands(_VACUUM):
            return "--all and the name of a database exclude each other", "Remove the name, or --all."
    return None


def mysqldump(given: Arguments) -> tuple[str, str] | None:
    """All databases and one, which is the last word."""
    words = given.words
    if not given.complete or "-A" not in words and "--all-databases" not in words or len(words) < 2:
        return None
    before, last = words[-2:]
    named = last[:1] not in ("-", "") and "$" not in last
    if named and (before[:1] != "-" or "=" in before or before in ("-A", "--all-databases")):
        return "--all-databases and the name of a database exclude each other", "Remove the name, or --all-databases."
    return None


_MONGO = "hudpcoqj"


def mongo(given: Arguments) -> tuple[str, str] | None:
    """Another database, or other hosts, than those in the URI."""
    uri = given.value("--uri") or ""
    scheme, _, rest = uri.partition("://")
    address, _, query = rest.partition("?")
    hosts, _, database = address.partition("/")
    account, _, hosts = hosts.rpartition("@")
    named = given.value("-d", "--db", takes=_MONGO)
    if database and named and "$" not in database + named and database != named:
        signs_in = account or given.has("-u", "--username", takes=_MONGO)  # in the database of the URI, unless authSource is set
        if signs_in and "authSource" not in query and not given.has("--authenticationDatabase"):
            query = "&".join([part for part in (f"authSource={database}", query) if part])
        better = f"--uri={scheme}://{'…@' if account else ''}{hosts}/{'?' if query else ''}{query} --db={named}"
        return f"--db is {named}, but the URI names the database {database}", better
    host = given.value("-h", "--host", takes=_MONGO)
    if host and hosts and "$" not in hosts + host and "/" not in host and host.partition(":")[0] not in hosts:
        return f"--host is {host}, but the URI names {hosts}", "Remove --host."
    return None


def mongodump(given: Arguments) -> tuple[str, str] | None:
    """One kind of output; the oplog only of all databases."""
    base = given.has("-d", "--db", takes=_MONGO)
    if given.has("--archive") and given.has("-o", "--out", takes=_MONGO):
        return "--archive and --out exclude each other", "mongodump --archive=<file>"
    if given.has("--oplog") and base:
        return "--oplog only works for all databases, without --db", "Remove --oplog, or --db."
    if given.has("-c", "--collection", takes=_MONGO) and not base and given.complete and not given.has("--uri", "--config"):
        return "--collection needs --db", "Add --db=<database>."
    return mongo(given)
