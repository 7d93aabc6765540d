"""Variables whose name a client does not read: POSTGRES_PASSWORD for psql, AWS_ACCESS_KEY for aws, a misspelled name."""

from __future__ import annotations

from joblint.base.names import names
from joblint.base.record import Record
from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.place import script_hit, short
from joblint.rules.checks.containers.unset_variables import may_load, read_names, set_anywhere
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.mounts import mounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.checks.containers.clients import Called
    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject


class Reads(Record):
    """What a client reads: the variable, others that serve as well, options that do (their beginnings), and names that people
    give the variable."""

    variable: str
    others: tuple[str, ...]
    options: tuple[str, ...]
    wrong: tuple[str, ...]


_POSTGRES = Reads(
    "PGPASSWORD",
    ("PGPASSFILE", "PGSERVICE", "PGSERVICEFILE", "PGSSLKEY"),
    ("postgres://", "postgresql://", "password=", "pgpass"),
    (
        "POSTGRES_PASSWORD",
        "POSTGRESQL_PASSWORD",
        "PG_PASSWORD",
        "PG_PASS",
        "DB_PASSWORD",
        "DATABASE_PASSWORD",
        "PGPASS",
        "DB_PASS",
    ),
)
_MYSQL = Reads(
    "MYSQL_PWD",
    ("MYSQL_TEST_LOGIN_FILE",),
    ("-p", "--password", "--defaults", "--login-path"),
    ("MYSQL_PASSWORD", "MYSQL_ROOT_PASSWORD", "MARIADB_PASSWORD", "MARIADB_ROOT_PASSWORD", "DB_PASSWORD", "DB_PASS"),
)
_REDIS = Reads("REDISCLI_AUTH", (), ("-a", "--pass", "-u", "--askpass"), ("REDIS_PASSWORD", "REDIS_PASS", "REDIS_AUTH"))
_RESTIC = Reads(
    "RESTIC_PASSWORD",
    ("RESTIC_PASSWORD_FILE", "RESTIC_PASSWORD_COMMAND"),
    ("-p", "--password-file", "--password-command", "--insecure-no-password"),
    ("RESTIC_PASS", "RESTIC_PASSWD", "RESTIC_PWD", "RESTIC_KEY", "RESTIC_REPO_PASSWORD"),
)
_REPOSITORY = Reads(
    "RESTIC_REPOSITORY", ("RESTIC_REPOSITORY_FILE",), ("-r", "--repo", "--repository-file"), ("RESTIC_REPO", "RESTIC_URL")
)
_AWS = (
    Reads(
        "AWS_ACCESS_KEY_ID",
        ("AWS_PROFILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONFIG_FILE"),
        ("--profile", "--no-sign-request"),
        ("AWS_ACCESS_KEY", "AWS_KEY_ID", "AWS_ACCESSKEY_ID", "AWS_ACCESS_ID", "S3_ACCESS_KEY", "AWS_KEY", "AWS_ACCESSKEY"),
    ),
    Reads(
        "AWS_SECRET_ACCESS_KEY",
        ("AWS_PROFILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONFIG_FILE"),
        ("--profile", "--no-sign-request"),
        ("AWS_SECRET_KEY", "AWS_SECRET", "AWS_ACCESS_SECRET_KEY", "AWS_SECRET_ACCESS_KEY_ID", "AWS_SECRETKEY", "S3_SECRET_KEY"),
    ),
)
_GOOGLE = Reads(
    "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE",
    ("CLOUDSDK_AUTH_ACCESS_TOKEN_FILE", "CLOUDSDK_CONFIG", "BOTO_CONFIG"),
    ("--account", "--access-token-file", "--impersonate-service-account", "--credential-file-override"),
    ("GOOGLE_APPLICATION_CREDENTIALS",),
)
_VAULT = Reads("VAULT_ADDR", (), ("-address",), ("VAULT_URL", "VAULT_ADDRESS", "VAULT_HOST", "VAULT_SERVER"))
_CLIENTS: dict[str, tuple[Reads, ...]] = {
    **dict.fromkeys(("psql", "pg_dump", "pg_dumpall", "pg_restore", "vacuumdb", "createdb", "dropdb"), (_POSTGRES,)),
    **dict.fromkeys(("mysql", "mysqldump", "mysqladmin", "mysqlcheck", "mariadb", "mariadb-dump", "mariadb-admin"), (_MYSQL,)),
    "redis-cli": (_REDIS,),
    "restic": (_RESTIC, _REPOSITORY),
    "aws": _AWS,
    "gcloud": (_GOOGLE,),
    "gsutil": (_GOOGLE,),
    "bq": (_GOOGLE,),
    "vault": (_VAULT,),
}
_OWN_SERVER = ("pg_ctl", "initdb", "docker-entrypoint.sh postgres", "postgres -D", "postgres -c")
_LOGINS = ("activate-service-account", "auth login", "gcloud auth", "configure set", ".pgpass", ".my.cnf", ".aws/", ".boto")


def variable_not_read(s: Subject) -> Iterator[Hit]:
    """env sets a name that the client does not read, nothing else uses it, and what the client reads is missing; one finding
    for each container."""
    for i, container in enumerate(s.containers):
        env = [str(as_dict(e).get("name")) for e in as_list(container.data.get("env"))]
        if not env or container.data.get("envFrom") or len(set(env)) > 200:
            continue
        whole = "\n".join([*[w for w in s.runs[i].words if isinstance(w, str)], *[x.text for x in s.scripts if x.index == i]])
        values = " ".join(str(as_dict(e).get("value") or "") for e in as_list(container.data.get("env")))
        for called in calls_of(s, i):
            found = _wrong(called, env, whole, values)
            if found is not None and not _credentials_mounted(s, container, called):
                wrong, variable = found
                yield call_hit(s, called, program=called.name, command=short(called.text), wrong=wrong, variable=variable)
                break


def _wrong(called: Called, env: list[str], whole: str, values: str) -> tuple[str, str] | None:
    if "ping" in called.rest:
        return None  # succeeds without a password
    for reads in _CLIENTS.get(called.name, ()):
        if reads.variable in env or reads.variable in whole or any(o in env or o in whole for o in reads.others):
            continue
        if any(mark in whole for mark in _LOGINS):
            continue
        words = (*called.rest, *called.texts)
        hosts = [two for one, two in zip(called.rest, called.rest[1:], strict=False) if one in ("-h", "--host")]
        local = any(host.startswith("/") for host in hosts) or any(w.startswith(("--host=/", "-h/")) for w in called.rest)
        if reads is _POSTGRES and (local or any(program in whole for program in _OWN_SERVER)):
            continue  # by the socket of a server that the script starts: no password
        if any(w.startswith(reads.options) or "password=" in w or "://" in w and _is_url(reads) for w in words):
            continue
        if reads is _POSTGRES and any("$" in t and ("URL" in t or "URI" in t or "DSN" in t) for t in words):
            continue
        wrong = next((w for w in reads.wrong if w in env and w not in whole and f"$({w})" not in values), "")
        if wrong:
            return wrong, reads.variable
    return None


def _is_url(reads: Reads) -> bool:
    """Whether a URL among a client's words is that of the server, with a password."""
    return reads in (_POSTGRES, _MYSQL, _REDIS)


def _credentials_mounted(s: Subject, container: ContainerRef, called: Called) -> bool:
    """Whether a file of a volume may contain what the client needs."""
    if called.name in ("gcloud", "gsutil", "bq"):
        return any("gcloud" in m.path for m in mounts(s, container))
    return any(m.kind in ("secret", "projected", "csi") for m in mounts(s, container))


_SAME = (
    names("PASSWORD PASS PWD PASSWD"),
    names("DATABASE DB"),
    names("USERNAME USER LOGIN"),
    names("URL URI ENDPOINT ADDR ADDRESS"),
    names("DIR DIRECTORY PATH FOLDER"),
    names("HOST HOSTNAME SERVER"),
    names("POSTGRES POSTGRESQL PG"),
    names("NAMESPACE NS"),
)
_STANDARD = ("PG", "AWS_", "KUBE", "GIT_", "HTTP", "NO_PROXY", "SSL_", "JAVA_", "NODE_", "PYTHON", "NPM_", "PIP_", "CI", "DEBUG")


def variable_misspelled(s: Subject) -> Iterator[Hit]:
    """A script reads a variable that nothing sets, and env sets one of nearly the same name that nothing reads; one finding for
    each script."""
    for script in s.scripts:
        container = script.container
        if container.data.get("envFrom") or script.limit:
            continue
        env = {n for e in as_list(container.data.get("env")) if isinstance(n := as_dict(e).get("name"), str)}
        unused = [n for n in env if n.isupper() and not _mentions(script.text, n) and len(n) > 4]
        values = " ".join(str(as_dict(e).get("value") or "") for e in as_list(container.data.get("env")))
        unused = [n for n in unused if f"$({n})" not in values]
        if not unused:
            continue
        for name, node in read_names(script):
            if name in env or name.startswith(_STANDARD) or set_anywhere(script.text, name):
                continue
            near = next((n for n in sorted(unused) if _is_near(name, n)), "")
            if near and not may_load(s, container, script):
                text = short(script.text[node.start : node.end])
                yield script_hit(s, script, node.start, node.end, name=name, near=near, command=text)
                break


def _mentions(text: str, name: str) -> bool:
    """Whether a text contains a name as a word."""
    at = text.find(name)
    while at >= 0:
        before, after = text[at - 1 : at] if at else "", text[at + len(name) : at + len(name) + 1]
        if not (before.isalnum() or before == "_" or after.isalnum() or after == "_"):
            return True
        at = text.find(name, at + 1)
    return False


def _is_near(one: str, other: str) -> bool:
    from joblint.rules.checks.pods.references import is_slip

    if is_slip(one.replace("_", "-"), other.replace("_", "-")):
        return min(len(one), len(other)) > 4
    first, second = [_plain(w) for w in one.split("_")], [_plain(w) for w in other.split("_")]
    return len(first) > 1 and sorted(first) == sorted(second)


def _plain(word: str) -> str:
    return next((min(group) for group in _SAME if word in group), word)
