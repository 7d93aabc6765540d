"""What a command creates, if it fails once that exists; knows programs alone, nothing of Kubernetes' rules.

Sources: each program's documentation: PostgreSQL 17 createdb, MySQL 8.4, kubectl 1.36, git 2.45, POSIX mkdir and ln.
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence as Words


class Creation(Record):
    """What a command creates: in words, where (its path, "" if it is not a file), and the form that may be repeated. `more` says
    that the same command does further work after it."""

    what: str
    path: str
    instead: str
    more: bool = False


_SQL = names("psql mysql mariadb clickhouse-client clickhouse cockroach sqlcmd cqlsh sqlite3")
_SQL_OPTIONS = ("-c", "--command", "-e", "--execute", "-q", "--query", "-Q", "-tc", "-Atc", "-qtc", "-tAc")
_NOUNS = names(
    "secret configmap cm namespace ns serviceaccount sa role rolebinding clusterrole clusterrolebinding deployment deploy "
    "job cronjob service svc ingress quota priorityclass pdb poddisruptionbudget route"
)
_SUBTYPES = names("generic tls docker-registry clusterip nodeport loadbalancer externalname edge passthrough reencrypt")


def creation(name: str, rest: Words[str]) -> Creation | None:
    """Return what a command with these words creates; None if it may be repeated, or if that is not known. A word is "" if its
    value is known only at run time."""
    maker = _MAKERS.get(name)
    return maker(rest) if maker is not None else None


def may_create(name: str) -> bool:
    """Return whether a program of that name may create something that `creation` knows."""
    return name in _MAKERS


def _plain(rest: Words[str], takes: tuple[str, ...] = ()) -> list[str]:
    """The words that are not options; `takes` are the options that use the next word."""
    found: list[str] = []
    skip = False
    for word in rest:
        if skip:
            skip = False
        elif word in takes:
            skip = True
        elif not word.startswith("-"):
            found.append(word)
    return found


def _has(rest: Words[str], *options: str) -> bool:
    return any(w.split("=", 1)[0] in options for w in rest)


_KUBECTL_TAKES = tuple(
    names(
        "-n --namespace --from-literal --from-file --from --image -o --output --context --kubeconfig --cert --key "
        "--from-env-file --schedule --type --role --clusterrole --serviceaccount --verb --resource --docker-server "
        "--docker-username --docker-password --docker-email --port --service --hostname -s --server --token --user --group"
    )
)


def _kubectl(rest: Words[str]) -> Creation | None:
    words = _plain(rest, _KUBECTL_TAKES)
    if _has(rest, "--dry-run", "-f", "--filename", "-k") or len(words) < 2:
        return None
    if words[0] in ("new-project",):
        return (
            Creation(f'the project "{words[1]}"', "", f"oc get project {words[1]} || oc new-project {words[1]}")
            if words[1]
            else None
        )
    if words[0] != "create" or words[1] not in _NOUNS:
        return None
    named = words[3:] if words[2:3] and words[2] in _SUBTYPES and len(words) > 3 else words[2:]
    if not named or not named[0]:
        return None
    return Creation(
        f'the {_NICE.get(words[1], words[1])} "{named[0]}"', "", "kubectl create … --dry-run=client -o yaml | kubectl apply -f -"
    )


_NICE = {
    "secret": "Secret",
    "configmap": "ConfigMap",
    "cm": "ConfigMap",
    "namespace": "Namespace",
    "ns": "Namespace",
    "serviceaccount": "ServiceAccount",
    "sa": "ServiceAccount",
    "rolebinding": "RoleBinding",
    "clusterrolebinding": "ClusterRoleBinding",
    "role": "Role",
    "clusterrole": "ClusterRole",
    "deployment": "Deployment",
    "job": "Job",
    "cronjob": "CronJob",
    "service": "Service",
}


def _helm(rest: Words[str]) -> Creation | None:
    words = _plain(rest, ("-n", "--namespace", "-f", "--values", "--set", "--version", "--set-string", "--timeout"))
    if (
        words[:1] != ["install"]
        or len(words) < 3
        or not words[1]
        or _has(rest, "--dry-run", "-g", "--generate-name", "--replace")
    ):
        return None
    return Creation(f'the release "{words[1]}"', "", f"helm upgrade --install {words[1]} …")


def _createdb(rest: Words[str]) -> Creation | None:
    takes = ("-h", "--host", "-p", "--port", "-U", "--username", "-O", "--owner", "-T", "--template", "-E", "--encoding", "-l")
    words = _plain(rest, takes)
    if words[:1] == [""] or _has(rest, "--help", "--version"):
        return None
    told = f'the database "{words[0]}"' if words else "the database"
    if not all(rest):  # a word that only the run knows
        return Creation(told, "", f"psql -lqt | cut -d '|' -f 1 | grep -qw {words[0] if words else '<name>'} || createdb …")
    whole = " ".join(rest)
    host = " ".join([f"{a} {b}" for a, b in zip(rest, rest[1:], strict=False) if a in ("-h", "-p", "-U") and b])
    check = " ".join([*(["psql", host] if host else ["psql"]), "-lqt"])
    return Creation(told, "", f"{check} | cut -d '|' -f 1 | grep -qw {words[0] if words else '<name>'} || createdb {whole}")


def _createuser(rest: Words[str]) -> Creation | None:
    words = _plain(rest, ("-h", "--host", "-p", "--port", "-U", "--username", "-g", "--role", "-c"))
    return (
        Creation(f'the role "{words[-1]}"', "", 'psql -tc "SELECT 1 FROM pg_roles …" | grep -q 1 || createuser …')
        if words and words[-1]
        else None
    )


_OBJECTS = names("table database schema user role index type sequence view trigger function procedure publication subscription")


def _sql(rest: Words[str], client: str = "") -> Creation | None:
    for i, word in enumerate(rest):
        option, sign, text = word.partition("=")
        if option in _SQL_OPTIONS and not sign and i + 1 < len(rest):
            text = rest[i + 1]
        elif not (option in _SQL_OPTIONS and sign):
            continue
        found = sql_creation(text, client)
        if found is not None:
            return found
    return None


_PSQL_ACTIONS = (*_SQL_OPTIONS, "-f", "--file")


def _psql(rest: Words[str]) -> Creation | None:
    """Of several actions the last one alone gives psql's exit code, without ON_ERROR_STOP (psql 17, startup.c)."""
    at = [i for i, word in enumerate(rest) if word.partition("=")[0] in _PSQL_ACTIONS]
    if len(at) > 1 and not any("ON_ERROR_STOP" in word for word in rest):
        rest = rest[at[-1] :]
    found = _sql(rest, "psql")
    # All statements of one -c are one transaction.
    return Creation(found.what, found.path, found.instead) if found is not None else None


_IF_NOT_EXISTS = {
    "psql": names("table schema index sequence"),
    "mysql": names("table database schema user role view trigger function procedure"),
    "mariadb": names("table database schema user role view index trigger function procedure sequence"),
    "": names("table"),
}
"""What CREATE … IF NOT EXISTS creates, by client: PostgreSQL 17, MySQL 8.4, MariaDB 11; all of them have it for tables."""


def sql_creation(text: str, client: str = "") -> Creation | None:
    """Return what SQL statements create without IF NOT EXISTS, unless one of them drops or checks first. `client` is the
    program that sends them."""
    upper = text.upper()
    if (
        "DROP " in upper
        or "SELECT " in upper
        and "NOT EXISTS" in upper
        or "DO $" in upper
        or "BEGIN" in upper
        or "EXCEPTION" in upper
    ):
        return None
    statements = text.split(";")
    for number, statement in enumerate(statements):
        words = statement.split()
        plain = [w.lower() for w in words]
        if len(words) < 3 or plain[0] != "create":
            continue
        at = 1
        while at < len(words) - 1 and plain[at] in ("unique", "temporary", "temp", "unlogged", "materialized", "global", "local"):
            at += 1
        concurrently = plain[at : at + 2] == ["index", "concurrently"] and at + 2 < len(words)
        if concurrently:
            del words[at + 1], plain[at + 1]
        if plain[at : at + 2] == ["index", "on"]:
            continue  # PostgreSQL chooses a name that is free
        if plain[at] not in _OBJECTS or {"temporary", "temp"} & set(plain[:at]) or plain[at + 1 : at + 2] == ["if"]:
            continue
        what = words[at + 1].strip("\"'`(").split("(")[0].split("@")[0].strip("\"'`")
        kind = plain[at].upper() + " CONCURRENTLY" * concurrently
        instead = f"Check first with a query whether the {plain[at]} exists."
        if plain[at] in _IF_NOT_EXISTS.get(client, _IF_NOT_EXISTS[""]):
            instead = f"CREATE {kind} IF NOT EXISTS {words[at + 1].strip('(')} …"
        return Creation(f'the {plain[at]} "{what}"', "", instead, any(after.strip() for after in statements[number + 1 :]))
    return None


def _aws(rest: Words[str]) -> Creation | None:
    words = _plain(rest, ("--region", "--endpoint-url", "--profile", "--output", "--query", "--bucket", "--table-name"))
    if words[:2] == ["s3", "mb"] and len(words) > 2 and words[2]:
        bucket = words[2].removeprefix("s3://")
        return Creation(f'the bucket "{bucket}"', "", f"aws s3 ls {words[2]} || aws s3 mb {words[2]}")
    for group, verb, option, noun in (
        ("s3api", "create-bucket", "--bucket", "bucket"),
        ("ecr", "create-repository", "--repository-name", "repository"),
        ("dynamodb", "create-table", "--table-name", "table"),
        ("secretsmanager", "create-secret", "--name", "secret"),
    ):
        if words[:2] == [group, verb] and option in rest[:-1] and rest[rest.index(option) + 1]:
            name = rest[rest.index(option) + 1]
            return Creation(f'the {noun} "{name}"', "", f"a check for the {noun} first: <check> || aws {group} {verb} …")
    return None


def _minio(rest: Words[str]) -> Creation | None:
    words = _plain(rest, ("--region",))
    if words[:1] != ["mb"] or len(words) < 2 or not words[-1] or _has(rest, "--ignore-existing", "-p"):
        return None
    return Creation(f'the bucket "{words[-1]}"', "", f"mc mb --ignore-existing {words[-1]}")


def _gsutil(rest: Words[str]) -> Creation | None:
    return _bucket("gsutil", rest)


def _s3cmd(rest: Words[str]) -> Creation | None:
    return _bucket("s3cmd", rest)


def _bucket(tool: str, rest: Words[str]) -> Creation | None:
    words = _plain(rest, ("-l", "-p", "-c", "--location", "--project"))
    if words[:1] != ["mb"] or len(words) < 2 or not words[-1]:
        return None
    return Creation(f'the bucket "{words[-1]}"', "", f"{tool} ls {words[-1]} || {tool} mb {words[-1]}")


def _kafka(rest: Words[str]) -> Creation | None:
    if "--create" not in rest or "--if-not-exists" in rest or "--topic" not in rest[:-1]:
        return None
    topic = rest[rest.index("--topic") + 1]
    return Creation(f'the topic "{topic}"', "", "kafka-topics.sh --create --if-not-exists …") if topic else None


def _vault(rest: Words[str]) -> Creation | None:
    words = _plain(rest)
    if words[:2] in (["secrets", "enable"], ["auth", "enable"]) and len(words) > 2 and words[-1]:
        path = next((w.partition("=")[2] for w in rest if w.startswith(("-path=", "--path="))), words[-1])
        kind = "secrets engine" if words[0] == "secrets" else "auth method"
        return Creation(f"the {kind} at {path}/", "", f"vault {words[0]} list | grep -q '^{path}/' || vault {words[0]} enable …")
    return None


def _restic(rest: Words[str]) -> Creation | None:
    takes = ("-r", "--repo", "-p", "--password-file", "-o", "--option")
    return Creation("the repository", "", "restic cat config || restic init") if _plain(rest, takes) == ["init"] else None


def _borg(rest: Words[str]) -> Creation | None:
    words = _plain(rest, ("-e", "--encryption"))
    if words[:1] != ["init"] or len(words) > 1 and not words[1]:
        return None
    return Creation("the repository", "", "borg info || borg init …")


def _python(rest: Words[str]) -> Creation | None:
    words = _plain(rest)
    if len(words) > 1 and words[0].endswith("manage.py") and words[1] == "createsuperuser":
        return Creation("the superuser", "", "a data migration, or python manage.py shell -c with get_or_create")
    return None


def _manage(rest: Words[str]) -> Creation | None:
    return _python(("manage.py", *rest))


def _mkdir(rest: Words[str]) -> Creation | None:
    words = _plain(rest, ("-m", "--mode"))
    if len(words) != 1 or not words[0] or any(w.startswith("-") and not w.startswith("--") and "p" in w for w in rest):
        return None
    return None if _has(rest, "--parents") else Creation(f"the directory {words[0]}", words[0], f"mkdir -p {words[0]}")


def _ln(rest: Words[str]) -> Creation | None:
    words = _plain(rest, ("-t", "-S"))
    if len(words) != 2 or not words[1] or any(w.startswith("-") and not w.startswith("--") and "f" in w for w in rest):
        return None
    if _has(rest, "--force", "--backup", "-t"):
        return None
    return Creation(f"the link {words[1]}", words[1], f"ln -sfn {words[0] or '…'} {words[1]}")


_GIT_TAKES = ("-b", "--branch", "--depth", "-c", "--config", "-o", "--origin", "--reference", "-j", "--jobs", "--filter", "-u")


def _git(rest: Words[str]) -> Creation | None:
    words = _plain(rest, ("-C", "-c", *_GIT_TAKES))
    if words[:1] != ["clone"] or len(words) < 2 or "-C" in rest:
        return None
    url = words[1]
    target = words[2] if len(words) > 2 else url.rstrip("/").rpartition("/")[2].removesuffix(".git")
    if not target:
        return None
    return Creation(
        f"the directory {target}",
        target,
        f"rm -rf {target} && git clone … {target}    deletes the old copy first"
        if target != "."
        else "git -C <directory> pull || git clone …",
    )


_MAKERS: dict[str, Callable[[Words[str]], Creation | None]] = {
    "kubectl": _kubectl,
    "oc": _kubectl,
    "helm": _helm,
    "createdb": _createdb,
    "createuser": _createuser,
    **dict.fromkeys(sorted(_SQL), _sql),
    "psql": _psql,
    "mysql": lambda rest: _sql(rest, "mysql"),
    "mariadb": lambda rest: _sql(rest, "mariadb"),
    "aws": _aws,
    "mc": _minio,
    "gsutil": _gsutil,
    "s3cmd": _s3cmd,
    "kafka-topics.sh": _kafka,
    "kafka-topics": _kafka,
    "vault": _vault,
    "bao": _vault,
    "restic": _restic,
    "borg": _borg,
    "python": _python,
    "python3": _python,
    "manage.py": _manage,
    "django-admin": _manage,
    "mkdir": _mkdir,
    "ln": _ln,
    "git": _git,
}
