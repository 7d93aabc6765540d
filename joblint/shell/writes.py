"""Which files and directories a command writes to, as far as its words show; knows programs, nothing of Kubernetes."""

from __future__ import annotations

from joblint.base.names import names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence as Words

_OWNERSHIP = names("chmod chown chgrp")
_EACH = names("touch rm rmdir truncate tee unlink shred")
_TAKES = {
    "touch": ("-r", "-t", "-d", "--reference", "--date"),
    "truncate": ("-s", "-r", "--size", "--reference"),
    "install": ("-m", "-o", "-g", "-t"),
    "cp": ("-t", "-S"),
    "mv": ("-t", "-S"),
    "ln": ("-t", "-S"),
    "mkdir": ("-m", "--mode"),
    "sed": ("-e", "-f"),
    "curl": (),
}


def written(name: str, rest: Words[str]) -> tuple[str, ...]:
    """Return the paths that a program with these words writes to, or whose mode or owner it changes, absolute or not. A word is
    "" if its value is known only at run time."""
    return tuple([path for path in _paths(name, rest) if path and not path.startswith(("/dev/", "/proc/", "-"))])


def _paths(name: str, rest: Words[str]) -> list[str]:
    plain = _operands(name, rest)
    if name in _OWNERSHIP:
        reference = any(w.startswith("--reference") for w in rest)
        return plain if reference else plain[1:]
    if name in _EACH:
        return plain
    if name == "mkdir":
        return _operands("mkdir", rest)
    if name in ("cp", "install", "ln"):
        return plain[-1:] if len(plain) > 1 else []
    if name == "mv":
        return plain if len(plain) > 1 else []
    if name in ("sed", "perl"):
        in_place = any(w.startswith(("-i", "-pi")) or w == "--in-place" for w in rest)
        script = any(w in ("-e", "-f") or w.startswith(("-pe", "-ne", "-pie")) for w in rest)
        return (plain if script else plain[1:]) if in_place else []
    if name == "curl":
        return _value(rest, "-o", "--output")
    if name == "wget":
        return [p for p in _value(rest, "-O", "--output-document") if p != "-"] + _value(rest, "-P", "--directory-prefix")
    if name in ("pg_dump", "pg_dumpall", "mysqldump", "mariadb-dump", "mongodump"):
        return _value(rest, "-f", "--file", "--result-file", "-r", "--out", "-o", "--archive")
    if name == "etcdctl":
        return plain[2:3] if tuple(plain[:2]) == ("snapshot", "save") else []
    if name == "redis-cli":
        return _value(rest, "--rdb")
    if name == "pg_basebackup":
        return _value(rest, "-D", "--pgdata")
    if name == "tar":
        return _archive(rest)
    if name == "mktemp":
        return [_temporary(rest)]
    if name == "git":
        return plain[2:] if plain[:1] == ["clone"] and len(plain) == 3 else []
    if name == "apk" and "add" in plain:
        return ["/lib/apk/db"]
    if name in ("apt-get", "apt") and not {"install", "update"}.isdisjoint(plain):
        return ["/var/lib/apt/lists"]
    if name in ("python", "python3") and tuple(rest[1:2]) == ("dumpdata",) and rest[0].endswith("manage.py"):
        return _value(rest, "-o", "--output")
    if name == "mongoexport":
        return _value(rest, "-o", "--out")
    if name in ("consul", "vault") and "snapshot" in plain and "save" in plain:
        return plain[-1:]
    if name == "elasticdump":
        return _value(rest, "--output")
    if name == "influxd" or name == "influx":
        return plain[-1:] if "backup" in plain and len(plain) > 1 else []
    if name in ("pip", "pip3") and plain[:1] == ["install"]:
        elsewhere = ("-t", "--target", "--prefix", "--root", "--user", "--dry-run", "--download")
        return [] if any(w.split("=")[0] in elsewhere for w in rest) else ["/usr/local/lib/python3/site-packages"]
    if name == "dd":
        return [w[3:] for w in rest if w.startswith("of=")]
    return []


def _temporary(rest: Words[str]) -> str:
    """The directory in which mktemp creates its file: "" if only the run knows it."""
    given = _value(rest, "-p", "--tmpdir")
    plain = [w for w in rest if not w.startswith("-")]
    if given:
        return given[0]
    if plain:
        return plain[-1].rpartition("/")[0] if plain[-1].startswith("/") else ""
    return "/tmp"


def _archive(rest: Words[str]) -> list[str]:
    """The archive that `tar czf FILE …` or `tar -c -f FILE …` creates."""
    letters = "".join([w.lstrip("-") for i, w in enumerate(rest) if w.startswith("-") and not w.startswith("--") or not i])
    if "c" not in letters and "--create" not in rest:
        return []
    for i, word in enumerate(rest[:-1]):
        if word == "--file" or (word.startswith("-") and not word.startswith("--") or not i) and word.endswith("f"):
            return [rest[i + 1]]
    return []


def _operands(name: str, rest: Words[str]) -> list[str]:
    takes = _TAKES.get(name, ())
    found: list[str] = []
    skip = only = False
    for word in rest:
        if skip:
            skip = False
        elif only or not word.startswith("-") or word == "-":
            found.append(word)
        elif word == "--":
            only = True
        elif word in takes:
            skip = True
    return found


def _value(rest: Words[str], *options: str) -> list[str]:
    found = []
    for i, word in enumerate(rest):
        for option in options:
            if word == option and i + 1 < len(rest):
                found.append(rest[i + 1])
            elif word.startswith(option + "=") and option.startswith("--"):
                found.append(word[len(option) + 1 :])
    return found
