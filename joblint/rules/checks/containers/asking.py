"""Programs that prompt, which nobody responds to in a Pod: they abort, wait, or skip the work."""

from __future__ import annotations

from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.errexit import asked
from joblint.rules.checks.containers.place import short
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.checks.containers.clients import Called
    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

# The program, words that it is called with, words of which one answers, what it does, and what to type.
_ASKS: tuple[tuple[str, tuple[str, ...], tuple[str, ...], str, str], ...] = (
    ("terraform", ("apply",), ("-auto-approve", "-input=false"), "it prompts for approval and fails", "-auto-approve"),
    ("terraform", ("destroy",), ("-auto-approve", "-force"), "it prompts for approval and fails", "-auto-approve"),
    ("tofu", ("apply",), ("-auto-approve",), "it prompts for approval and fails", "-auto-approve"),
    ("tofu", ("destroy",), ("-auto-approve",), "it prompts for approval and fails", "-auto-approve"),
    ("pulumi", ("up",), ("--yes", "-y", "--skip-preview"), "it fails if there is no terminal", "--yes"),
    ("pulumi", ("destroy",), ("--yes", "-y"), "it fails if there is no terminal", "--yes"),
    ("prisma", ("migrate", "dev"), (), "it does not run without a terminal", "prisma migrate deploy"),
    ("prisma", ("migrate", "reset"), ("--force", "-f"), "it prompts for confirmation", "--force"),
    ("az", ("group", "delete"), ("--yes", "-y"), "it prompts for confirmation and fails", "--yes"),
    ("az", ("delete-batch",), ("--yes", "-y", "--source", "-s"), "it prompts for confirmation and fails", "--yes"),
    ("velero", ("backup", "delete"), ("--confirm",), "it prompts for confirmation and deletes nothing", "--confirm"),
    ("velero", ("delete", "backup"), ("--confirm",), "it prompts for confirmation and deletes nothing", "--confirm"),
    ("velero", ("schedule", "delete"), ("--confirm",), "it prompts for confirmation and deletes nothing", "--confirm"),
    ("velero", ("restore", "delete"), ("--confirm",), "it prompts for confirmation and deletes nothing", "--confirm"),
    ("flux", ("uninstall",), ("--silent", "-s"), "it prompts for confirmation and fails", "--silent"),
    ("flux", ("delete",), ("--silent", "-s"), "it prompts for confirmation and fails", "--silent"),
    ("argocd", ("app", "delete"), ("-y", "--yes", "--wait=false"), "it prompts for confirmation", "--yes"),
    (
        "rclone",
        ("config",),
        ("create", "show", "file", "dump", "update", "touch", "delete"),
        "it prompts for input",
        "RCLONE_CONFIG_<remote>_<option>",
    ),
    ("conda", ("install",), ("-y", "--yes", "-q -y"), "it prompts for confirmation and aborts", "--yes"),
    ("conda", ("create",), ("-y", "--yes"), "it prompts for confirmation and aborts", "--yes"),
    ("mamba", ("install",), ("-y", "--yes"), "it prompts for confirmation and aborts", "--yes"),
    ("pip", ("uninstall",), ("-y", "--yes"), "it prompts for confirmation and fails", "--yes"),
    ("pip3", ("uninstall",), ("-y", "--yes"), "it prompts for confirmation and fails", "--yes"),
    ("pacman", ("-S",), ("--noconfirm",), "it prompts for confirmation", "--noconfirm"),
    ("zypper", ("install",), ("-n", "--non-interactive", "-y"), "it prompts for confirmation", "--non-interactive"),
    ("drush", ("updb",), ("-y", "--yes", "--no-interaction"), "it prompts for confirmation and cancels", "--yes"),
    ("drush", ("updatedb",), ("-y", "--yes", "--no-interaction"), "it prompts for confirmation and cancels", "--yes"),
    ("certbot", ("certonly",), ("-n", "--non-interactive"), "it prompts for input", "--non-interactive --agree-tos"),
    ("gpg", ("--gen-key",), ("--batch",), "it prompts for input", "--batch"),
    ("gpg", ("--delete-secret-keys",), ("--batch", "--yes"), "it prompts for confirmation", "--batch --yes"),
    (
        "openssl",
        ("req", "-new"),
        ("-subj", "-config", "-batch", "-in", "-x509toreq"),
        "it prompts for the subject",
        "-subj /CN=<name>",
    ),
    (
        "openssl",
        ("req", "-x509"),
        ("-subj", "-config", "-batch", "-in", "-key -in"),
        "it prompts for the subject",
        "-subj /CN=<name>",
    ),
    ("read", ("-p",), (), "it reads nothing and returns 1", "a variable in env"),
    ("read", ("-rp",), (), "it reads nothing and returns 1", "a variable in env"),
    ("ssh-copy-id", (), (), "it prompts for a password", "a key from a Secret"),
    ("mc", ("rb",), ("--force",), "it rejects a bucket that is not empty", "--force"),
    ("mc", ("rm", "--recursive"), ("--force", "--dangerous"), "it requires --force", "--force"),
    ("mc", ("rm", "-r"), ("--force", "--dangerous"), "it requires --force", "--force"),
)
_MANAGE = {
    "flush": ("--noinput", "--no-input", "it prompts for confirmation and fails with EOFError"),
    "reset_db": ("--noinput", "--no-input", "it prompts for confirmation and fails with EOFError"),
    "createsuperuser": ("--noinput", "--no-input", "without a terminal, it creates no user and still succeeds"),
    "changepassword": ("\n", "\n", "it prompts for the password and fails"),
}
_DJANGO = {
    "createsuperuser": "createsuperuser --noinput    with DJANGO_SUPERUSER_USERNAME, _EMAIL and _PASSWORD in env",
    "changepassword": "Set the password in Python: user.set_password(…), then user.save()",
}
_POSTGRES = ("psql", "pg_dump", "pg_dumpall", "pg_restore", "pg_basebackup", "createdb", "createuser", "dropdb", "vacuumdb")
_PASSWORD = ("mysql", "mysqldump", "mysqladmin", "mysqlcheck", "mysqlimport", "mariadb", "mariadb-dump", "mariadb-admin")


def program_prompts(s: Subject) -> Iterator[Hit]:
    """A command that prompts for input and gets none; one finding for each container."""
    for i, container in enumerate(s.containers):
        if container.data.get("stdin") is True:
            continue
        for called in calls_of(s, i):
            found = _question(s, i, called)
            if not found or _answered(called):
                continue
            effect, better = found
            shown = f"{called.name} … {better}" if better.startswith("-") else better
            yield call_hit(s, called, command=short(called.text), program=called.name, effect=effect, better=shown)
            break


def _question(s: Subject, index: int, called: Called) -> tuple[str, str] | None:
    name, rest = called.name, called.rest
    if name in ("npx", "yarn", "pnpm", "bunx") and rest:
        words = rest[1:] if rest[0] in ("exec", "run", "dlx", "-y", "--yes") else rest
        name, rest = (words[0], words[1:]) if words else (name, rest)
    if name in _PASSWORD:
        return _password(name, rest, called)
    if name in _POSTGRES:
        return _of_postgres(name, called.texts or rest)
    if name == "terraform" and "apply" in rest and any(w and w[:1] != "-" or w == "" for w in rest[rest.index("apply") + 1 :]):
        return None  # a saved plan needs no approval
    if name in ("python", "python3", "./manage.py", "manage.py", "django-admin"):
        return _of_django(s, index, name, rest)
    if name == "php" and rest[:1] in (("artisan",), ("./artisan",), ("/app/artisan",), ("/var/www/html/artisan",)):
        return _of_laravel(s, index, rest)
    for program, words, answers, effect, better in _ASKS:
        if name == program and effect and all(w in rest[:5] for w in words):
            given = any(w in answers or w.partition("=")[0] in answers or w.startswith("-y") and "-y" in answers for w in rest)
            if not given:
                return f"without {better}, {effect}" if better.startswith("-") else effect, better
    return None


def _password(name: str, rest: tuple[str, ...], called: Called) -> tuple[str, str] | None:
    """`-p PASSWORD` with a space: the password is treated as the name of a database."""
    if "-p" in rest or "--password" in rest:
        word = "-p" if "-p" in rest else "--password"
        at = rest.index(word)
        following = called.texts[at + 1] if called.texts and at + 1 < len(called.texts) else (rest[at + 1 : at + 2] or ("",))[0]
        if following and not following.startswith("-"):
            taken = short(following)
            why = f"{word} followed by a space prompts for a password, and {taken} becomes the name of a database"
            return why, f"{name} {word}{'=' if len(word) > 2 else ''}{taken}"
        return "it prompts for the password and fails", _variable("MYSQL_PWD", word)
    return None


def _variable(name: str, option: str) -> str:
    """The entry of env that a client reads the password from, instead of an option."""
    return f"env:    and remove {option}\n- name: {name}\n  valueFrom: {{secretKeyRef: {{name: <secret-name>, key: <key>}}}}"


def _of_postgres(name: str, rest: tuple[str, ...]) -> tuple[str, str] | None:
    """`--password=…`: the option has no value (psql 17, startup.c: no_argument); `-W` prompts even if PGPASSWORD is set."""
    if any(w.startswith("--password=") for w in rest):
        return f"--password prompts and accepts no value, so {name} fails", _variable("PGPASSWORD", "--password=…")
    if "--password" in rest or "-W" in rest:
        option = "-W" if "-W" in rest else "--password"
        return "it prompts for the password, even if PGPASSWORD is set", _variable("PGPASSWORD", option)
    return None


def _of_django(s: Subject, index: int, name: str, rest: tuple[str, ...]) -> tuple[str, str] | None:
    words = rest if name in ("manage.py", "django-admin") else rest[1:] if rest and rest[0].endswith("manage.py") else ()
    asks = _MANAGE.get(words[0]) if words else None
    if asks is None or asks[0] in words or asks[1] in words:
        return None
    return asks[2], _DJANGO.get(words[0]) or f"{words[0]} {asks[0]}"


def _of_laravel(s: Subject, index: int, rest: tuple[str, ...]) -> tuple[str, str] | None:
    """`php artisan migrate` in production prompts for confirmation; without a response it runs nothing."""
    asks = rest[1:2] in (
        ("migrate",),
        ("db:seed",),
        ("migrate:rollback",),
        ("migrate:fresh",),
        ("migrate:refresh",),
        ("db:wipe",),
    )
    env = {str(as_dict(e).get("name")): as_dict(e).get("value") for e in as_list(s.containers[index].data.get("env"))}
    production = str(env.get("APP_ENV", "")).lower() in ("production", "prod")
    if asks and production and "--force" not in rest and "-n" not in rest:
        return "in production, it prompts for confirmation and migrates nothing without --force", "--force"
    return None


def _answered(called: Called) -> bool:
    """Whether the script feeds an answer, or checks the result."""
    if called.script is None or called.command is None:
        return False
    if called.command.start in asked(called.script):
        return True
    if any(r.lstrip("0").startswith("<") for r in called.command.redirects) and called.name not in _PASSWORD:
        return True
    line = called.script.text[: called.command.start].rpartition("\n")[2]
    return line.rstrip().endswith("|") or "TF_CLI_ARGS" in called.script.text or "expect" in line
