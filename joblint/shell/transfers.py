"""Which local paths programs that copy files, unpack archives or keep repositories of backups write to; nothing of Kubernetes."""

from __future__ import annotations

from joblint.base.names import names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence as Words

_RESTIC = names("init backup forget prune tag")
_BORG = names("init create prune delete compact")
_REPOSITORY = {"restic": ("RESTIC_REPOSITORY", _RESTIC), "borg": ("BORG_REPO", _BORG)}
_GIT = names("pull fetch checkout reset clean gc commit merge rebase am stash submodule")
_DELETES = names("rm gzip mv chmod chown shred")


def repository(name: str, rest: Words[str], env: dict[str, str]) -> str:
    """Return the local directory of a repository that a command changes and that a variable names; "" if there is none."""
    variable, verbs = _REPOSITORY.get(name, ("", names("")))
    if not variable or verbs.isdisjoint(rest) or any(w in ("-r", "--repo") or w.startswith(("--repo=", "::/")) for w in rest):
        return ""
    found = env.get(variable, "").removeprefix("local:")
    return (
        found
        if found.startswith("/") and not (name == "borg" and any("::" in w and not w.startswith("::") for w in rest))
        else ""
    )


def _restic(rest: Words[str], _: list[str]) -> list[str]:
    if _RESTIC.isdisjoint(rest):
        return []
    for i, word in enumerate(rest):
        given = rest[i + 1] if word in ("-r", "--repo") and i + 1 < len(rest) else ""
        given = given or (word[7:] if word.startswith("--repo=") else "")
        if given:
            given = given.removeprefix("local:")
            return [given] if given.startswith("/") else []
    return []


def _borg(rest: Words[str], plain: list[str]) -> list[str]:
    """`borg create /repo::archive /data`, `borg prune /repo`."""
    verbs = [i for i, w in enumerate(plain) if w in _BORG]
    if not verbs:
        return []
    at = next((w.partition("::")[0] for w in plain[verbs[0] + 1 :] if "::" in w or plain[verbs[0]] != "create"), "")
    return [at] if at.startswith("/") else []


def _copied(_: Words[str], plain: list[str]) -> list[str]:
    """The destination of rsync and scp, if it is not on another machine."""
    return plain[-1:] if len(plain) > 1 and ":" not in plain[-1] else []


def _rclone(rest: Words[str], plain: list[str]) -> list[str]:
    if plain[:1] and plain[0] in ("copy", "sync", "move", "copyto", "moveto") and len(plain) == 3:
        return plain[2:] if plain[2].startswith("/") else []
    return []


def _aws(rest: Words[str], _: list[str]) -> list[str]:
    """`aws s3 cp s3://bucket/key /data/file`."""
    for i, word in enumerate(rest[:-3]):
        if word == "s3" and rest[i + 1] in ("cp", "sync", "mv") and rest[i + 2].startswith("s3://"):
            return [rest[i + 3]] if rest[i + 3].startswith(("/", "./")) else []
    return []


def _remote(_: Words[str], plain: list[str]) -> list[str]:
    """`mc cp s3/bucket/key /data`, `gsutil cp gs://bucket/key /data`."""
    return plain[-1:] if plain[:1] and plain[0] in ("cp", "mirror", "rsync", "mv") and plain[-1].startswith("/") else []


def _folder(*options: str) -> Callable[[Words[str], list[str]], list[str]]:
    def of(rest: Words[str], _: list[str]) -> list[str]:
        return [rest[i + 1] for i, word in enumerate(rest[:-1]) if word in options]

    return of


def _compressed(rest: Words[str], plain: list[str]) -> list[str]:
    """gzip and others replace a file by its compressed form, unless they write to standard output or only test or list."""
    letters = "".join([w.lstrip("-") for w in rest if w.startswith("-") and not w.startswith("--")])
    elsewhere = not set("ctl").isdisjoint(letters) or any(w in ("--stdout", "--test", "--list", "--to-stdout") for w in rest)
    return [] if elsewhere else [p for p in plain if p.startswith("/")]


def _find(rest: Words[str], _: list[str]) -> list[str]:
    """The directories in which find deletes or changes files."""
    changes = "-delete" in rest or any(
        w in ("-exec", "-execdir") and rest[i + 1 : i + 2] and rest[i + 1] in _DELETES for i, w in enumerate(rest)
    )
    places = []
    for word in rest if changes else ():
        if word.startswith("-") or word in ("(", "!"):
            break
        places.append(word)
    return [p for p in places if p.startswith("/")]


def _git(rest: Words[str], plain: list[str]) -> list[str]:
    if plain[:1] == ["clone"]:
        return plain[2:] if len(plain) == 3 else []
    if plain[:1] == ["init"]:
        return plain[1:2]
    return _folder("-C")(rest, plain)[:1] if plain[:1] and plain[0] in _GIT else []


BY_PROGRAM: dict[str, Callable[[Words[str], list[str]], list[str]]] = {
    **dict.fromkeys(("rsync", "scp"), _copied),
    **dict.fromkeys(("mc", "gsutil"), _remote),
    **dict.fromkeys(("gzip", "gunzip", "bzip2", "bunzip2", "xz", "unxz"), _compressed),
    "aws": _aws,
    "borg": _borg,
    "find": _find,
    "git": _git,
    "openssl": _folder("-out", "-keyout"),
    "rclone": _rclone,
    "restic": _restic,
    "unzip": _folder("-d"),
}
"""The paths that a program writes to, by its words and its operands."""
