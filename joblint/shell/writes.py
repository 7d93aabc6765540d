"""Which files and directories a command writes to, as far as its words show; knows programs, nothing of Kubernetes."""

from __future__ import annotations

from joblint.shell import transfers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence as Words

_TAKES = {
    "touch": ("-r", "-t", "-d", "--reference", "--date"),
    "truncate": ("-s", "-r", "--size", "--reference"),
    "install": ("-m", "-o", "-g", "-t"),
    "cp": ("-t", "-S"),
    "mv": ("-t", "-S"),
    "ln": ("-t", "-S"),
    "mkdir": ("-m", "--mode"),
    "sed": ("-e", "-f"),
    "perl": ("-e", "-pe", "-ne"),
    "aws": ("--profile", "--region", "--endpoint-url"),
    "borg": ("--keep-daily", "--keep-weekly", "--keep-monthly", "--compression", "-C", "-e", "--encryption", "--exclude"),
    "rclone": ("--config", "--transfers", "--checkers", "--bwlimit", "--exclude", "--include", "--log-level", "--s3-region"),
    "rsync": ("-e", "--rsh", "--exclude", "--include", "--exclude-from", "--files-from", "--timeout", "--bwlimit", "--link-dest"),
    "scp": ("-i", "-P", "-o", "-F", "-S", "-l"),
    "mc": ("--config-dir", "-C", "--older-than", "--newer-than", "--exclude"),
    "gsutil": ("-o", "-h", "-x"),
    "git": ("--depth", "-b", "--branch", "-o", "--origin", "-c", "--config", "-j", "--jobs", "--reference", "--filter", "-C"),
}
"""The options of a program that take the next word."""

_DUMPS = ("-f", "--file", "--result-file", "-r", "--out", "-o", "--archive")
_BY_OPTION = {
    **dict.fromkeys(("pg_dump", "pg_dumpall", "mysqldump", "mariadb-dump", "mongodump"), _DUMPS),
    "curl": ("-o", "--output"),
    "elasticdump": ("--output",),
    "mongoexport": ("-o", "--out"),
    "pg_basebackup": ("-D", "--pgdata"),
    "redis-cli": ("--rdb",),
}
"""The options of a program that name what it writes to."""


def written(name: str, rest: Words[str]) -> tuple[str, ...]:
    """Return the paths that a program with these words writes to, or whose mode or owner it changes, absolute or not. A word is
    "" if its value is known only at run time."""
    return tuple([path for path in _paths(name, rest) if path and not path.startswith(("/dev/", "/proc/", "-"))])


def _paths(name: str, rest: Words[str]) -> list[str]:
    found = _BY_PROGRAM.get(name) or transfers.BY_PROGRAM.get(name)
    if found is not None:
        return found(rest, _operands(name, rest))
    return _value(rest, *_BY_OPTION[name]) if name in _BY_OPTION else outputs(rest)


_OUTPUTS = ("--output", "--out", "--output-file", "--out-file", "--outfile", "--output-path", "--report-file")


def outputs(rest: Words[str]) -> list[str]:
    """Return the absolute paths that options of any program name as its output: `--out=/data/report.json`."""
    return [path for path in _value(rest, *_OUTPUTS) if path.startswith("/")] if any(w.startswith("--") for w in rest) else []


def is_known(name: str) -> bool:
    """Return whether what a program writes is known by its name, and not only by the usual names of options."""
    return name in _BY_PROGRAM or name in _BY_OPTION or name in transfers.BY_PROGRAM


def _changed(rest: Words[str], plain: list[str]) -> list[str]:
    """The paths of chmod and chown, whose first operand is a mode or an owner."""
    return plain if any(w.startswith("--reference") for w in rest) else plain[1:]


def _all(_: Words[str], plain: list[str]) -> list[str]:
    return plain


def _last(_: Words[str], plain: list[str]) -> list[str]:
    return plain[-1:] if len(plain) > 1 else []


def _moved(_: Words[str], plain: list[str]) -> list[str]:
    return plain if len(plain) > 1 else []


def _edited(rest: Words[str], plain: list[str]) -> list[str]:
    """The files that sed and perl edit in place."""
    in_place = any(w.startswith(("-i", "-pi")) or w == "--in-place" for w in rest)
    script = any(w in ("-e", "-f") or w.startswith(("-pe", "-ne", "-pie")) for w in rest)
    return (plain if script else plain[1:]) if in_place else []


def _wget(rest: Words[str], _: list[str]) -> list[str]:
    return [p for p in _value(rest, "-O", "--output-document") if p != "-"] + _value(rest, "-P", "--directory-prefix")


def _etcdctl(_: Words[str], plain: list[str]) -> list[str]:
    return plain[2:3] if plain[:2] == ["snapshot", "save"] else []


def _apk(_: Words[str], plain: list[str]) -> list[str]:
    return ["/lib/apk/db"] if "add" in plain else []


def _apt(_: Words[str], plain: list[str]) -> list[str]:
    return [] if {"install", "update"}.isdisjoint(plain) else ["/var/lib/apt/lists"]


def _python(rest: Words[str], _: list[str]) -> list[str]:
    dumps = tuple(rest[1:2]) == ("dumpdata",) and rest[0].endswith("manage.py")
    if "-c" in rest[:4]:
        from joblint.shell.inline import files_of_python

        return [file for text in _value(rest, "-c") for file in files_of_python(text)]
    return _value(rest, "-o", "--output") if dumps else []


def _node(rest: Words[str], _: list[str]) -> list[str]:
    code = _value(rest, "-e", "--eval")
    if not code:
        return []
    from joblint.shell.inline import files_of_node

    return list(files_of_node(code[0]))


def _modules(rest: Words[str], plain: list[str]) -> list[str]:
    """npm, yarn and pnpm install into the current directory."""
    here = plain[:1] in (["ci"], ["install"], ["i"]) and not any(
        w in ("-g", "--global") or w.startswith("--prefix") for w in rest
    )
    return ["node_modules"] if here else []


def _composer(_: Words[str], plain: list[str]) -> list[str]:
    return ["vendor"] if plain[:1] in (["install"], ["update"]) else []


def _terraform(rest: Words[str], plain: list[str]) -> list[str]:
    return [".terraform"] if plain[:1] == ["init"] and not any(w.startswith("-chdir") for w in rest) else []


def _snapshot(_: Words[str], plain: list[str]) -> list[str]:
    return plain[-1:] if "snapshot" in plain and "save" in plain else []


def _influx(_: Words[str], plain: list[str]) -> list[str]:
    return plain[-1:] if "backup" in plain and len(plain) > 1 else []


def _pip(rest: Words[str], plain: list[str]) -> list[str]:
    elsewhere = ("-t", "--target", "--prefix", "--root", "--user", "--dry-run", "--download")
    here = plain[:1] == ["install"] and not any(w.split("=")[0] in elsewhere for w in rest)
    return ["/usr/local/lib/python3/site-packages"] if here else []


def _dd(rest: Words[str], _: list[str]) -> list[str]:
    return [w[3:] for w in rest if w.startswith("of=")]


def _mktemp(rest: Words[str], _: list[str]) -> list[str]:
    """The directory in which mktemp creates its file: "" if only the run knows it."""
    given = _value(rest, "-p", "--tmpdir")
    plain = [w for w in rest if not w.startswith("-")]
    if given:
        return given[:1]
    if plain:
        return [plain[-1].rpartition("/")[0] if plain[-1].startswith("/") else ""]
    return ["/tmp"]


def _archive(rest: Words[str], _: list[str]) -> list[str]:
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


_BY_PROGRAM: dict[str, Callable[[Words[str], list[str]], list[str]]] = {
    **dict.fromkeys(("chmod", "chown", "chgrp"), _changed),
    **dict.fromkeys(("touch", "rm", "rmdir", "truncate", "tee", "unlink", "shred", "mkdir"), _all),
    **dict.fromkeys(("cp", "install", "ln"), _last),
    **dict.fromkeys(("sed", "perl"), _edited),
    **dict.fromkeys(("apt-get", "apt"), _apt),
    **dict.fromkeys(("python", "python3"), _python),
    **dict.fromkeys(("node", "bun"), _node),
    **dict.fromkeys(("npm", "yarn", "pnpm"), _modules),
    **dict.fromkeys(("terraform", "tofu"), _terraform),
    **dict.fromkeys(("consul", "vault"), _snapshot),
    **dict.fromkeys(("influxd", "influx"), _influx),
    **dict.fromkeys(("pip", "pip3"), _pip),
    "apk": _apk,
    "composer": _composer,
    "dd": _dd,
    "etcdctl": _etcdctl,
    "mktemp": _mktemp,
    "mv": _moved,
    "tar": _archive,
    "wget": _wget,
}
"""The paths that a program writes to, by its words and its operands."""
