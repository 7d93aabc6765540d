"""Files of Secret and ConfigMap volumes that a program rejects or ignores because of their mode.

Sources: PostgreSQL 17 fe-connect.c passwordFromFile and fe-secure-openssl.c (a key that belongs to root may be readable for its
group), CockroachDB 24.1 certificate_loader.go, MongoDB 7 security_file.cpp, MySQL 8.4 my_default.cc (files that everybody can
write to), logrotate 3.22 config.c; Kubernetes 1.36.3 pkg/volume/volume_linux.go (fsGroup adds r for the group).
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.base.record import Record
from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.pods.ownership import user_of
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.mounts import clean, mode_of, mount_of, mounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.checks.containers.clients import Called
    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject

_POSTGRES = names("psql pg_dump pg_dumpall pg_restore pg_basebackup vacuumdb createdb dropdb reindexdb createuser pg_isready")
_MYSQL = names("mysql mysqldump mysqladmin mysqlcheck mysqlimport mariadb mariadb-dump mariadb-admin")
_FORBIDDEN = {0o077: "group or others", 0o037: "others", 0o007: "others", 0o002: "everybody", 0o022: "group or others"}


class Private(Record):
    """A file that a program reads: its path, the bits that its mode must not have, what the program does otherwise, and the
    mode that it accepts."""

    path: str
    forbidden: int
    effect: str
    accepted: str


def file_mode_rejected(s: Subject) -> Iterator[Hit]:
    """A password file, key or configuration with a mode that its program does not accept; one finding for each container."""
    grouped = "fsGroup" in as_dict(s.pod.get("securityContext"))
    for i, container in enumerate(s.containers):
        found = mounts(s, container)
        if not any(m.from_api for m in found):
            continue
        env = {str(as_dict(e).get("name")): as_dict(e).get("value") for e in as_list(container.data.get("env"))}
        for called in calls_of(s, i):
            hit = None
            for file in _files(called, env, container, user_of(s, container)):
                path = clean(file.path)
                mount = mount_of(found, path)
                if mount is None or not mount.from_api or path == mount.path and not mount.sub_path and "." in file.path[1:]:
                    continue
                key = mount.sub_path or path[len(mount.path) :].lstrip("/")
                mode = mode_of(mount, key) | (0o440 if grouped else 0)
                if not mode & file.forbidden:
                    continue
                copied = grouped and file.forbidden & 0o040
                kept = f'{mount.kind}:\n  defaultMode: {file.accepted}    in volume "{mount.volume}"'
                copy = f"install -m 0600 {path} /tmp/private    and use this copy: fsGroup makes the files readable for a group"
                hit = call_hit(
                    s,
                    called,
                    path=path,
                    mode=f"{mode:04o}",
                    program=called.name,
                    verb="write to" if file.forbidden in (0o002, 0o022) else "read",
                    who=_FORBIDDEN[file.forbidden],
                    effect=file.effect,
                    noun=mount.noun,
                    advice=copy if copied else kept,
                )
                break
            if hit is not None:
                yield hit
                break


def _files(called: Called, env: dict[str, object], container: ContainerRef, user: str) -> Iterator[Private]:
    text = called.script.text if called.script else ""
    words = [w.strip("\"'") for w in (called.texts or called.rest)]
    if called.name in _POSTGRES:
        home = "/root" if user in ("", "0") else str(env.get("HOME") or "")
        file = _given(env, text, "PGPASSFILE") or (f"{home}/.pgpass" if home else "")
        if file and "PGPASSWORD" not in env and "PGPASSWORD" not in text:
            yield Private(file, 0o077, "ignores it and connects without a password", "0600")
        yield from _keys(words, _given(env, text, "PGSSLKEY"))
    elif called.name in _MYSQL:
        for option in ("--defaults-file", "--defaults-extra-file"):
            if file := _value(words, option):
                yield Private(file, 0o002, "ignores it", "0644")
    elif called.name == "cockroach":
        folder = _value(words, "--certs-dir") or str(env.get("COCKROACH_CERTS_DIR") or "")
        if folder.startswith("/") and "COCKROACH_SKIP_KEY_PERMISSION_CHECK" not in env:
            yield Private(folder, 0o007, "rejects the key in it", "0400")
    elif called.name in ("mongod", "mongos"):
        if file := _value(words, "--keyFile"):
            yield Private(file, 0o037, "exits with `permissions are too open`", "0400")
    elif called.name == "logrotate" and words and words[-1].startswith("/"):
        yield Private(words[-1], 0o022, "ignores it", "0644")


def _keys(words: list[str], given: str) -> Iterator[Private]:
    """The private keys of connections with TLS: `sslkey=/certs/tls.key` in a connection string, or PGSSLKEY."""
    found = [given] if given else []
    for word in words:
        _, equals, rest = word.partition("sslkey=")
        if equals and rest.startswith("/"):
            found.append(rest.split()[0].partition("&")[0])
    for file in found:
        yield Private(file, 0o037, "fails with `private key file has group or world access`", "0400")


def _given(env: dict[str, object], text: str, name: str) -> str:
    """The path that a variable contains, by env or by the script; "" if it is not set."""
    value = env.get(name)
    if isinstance(value, str) and value.startswith("/"):
        return value
    _, equals, rest = text.partition(f"{name}=")
    first = rest.split()[0].strip("\"';&") if equals and rest.split() else ""
    return first if first.startswith("/") and "$" not in first else ""


def _value(words: list[str], option: str) -> str:
    for i, word in enumerate(words):
        if word.startswith(option + "="):
            return word[len(option) + 1 :].strip("\"'")
        if word == option and i + 1 < len(words):
            return words[i + 1]
    return ""
