"""Shell syntax without a shell: `&&`, `|`, `>`, `$(…)`, `*`, `~` as plain arguments, builtins as programs."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import short
from joblint.rules.signs import BUILTINS
from joblint.shell.wrappers import SHELLS, basename

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.shell.invocation import Invocation

_SIGNS = {
    "&&": "does not join commands",
    "||": "does not join commands",
    "|": "is not a pipe",
    ";": "does not end a command",
    "&": "does not start a background process",
    ">": "does not write to a file",
    ">>": "does not write to a file",
    "<": "does not read a file",
    "2>": "does not write to a file",
    "&>": "does not write to a file",
    "2>&1": "does not redirect output",
    "1>&2": "does not redirect output",
    ">&2": "does not redirect output",
}
_REDIRECTS = (">/", "> ", ">>/", "2>/", "&>/", "1>/", "2>>/", "2>&1")
# Programs to which these characters are ordinary words.
_TAKES_SIGNS = names("expr test [ find awk gawk jq yq sed grep egrep rg cut sort column parallel bc dc perl ruby")
_FILES = names(
    "ls cp mv rm cat gzip gunzip bzip2 xz tar zip unzip chmod chown head tail wc sha256sum md5sum du touch rsync sort ln mkdir"
)
_LANGUAGES = names("awk gawk mawk jq yq sed psql mysql mongosh mongo sqlite3 clickhouse-client")
_INTERPRETERS = names("python python3 perl ruby node php")
COMMANDS = names(
    "date hostname cat whoami pwd ls nproc uname id git kubectl curl openssl uuidgen basename dirname mktemp seq jq aws"
)


def shell_syntax_without_shell(s: Subject) -> Iterator[Hit]:
    """One finding for each container: the first argument that only a shell would interpret."""
    for run in s.runs:
        if run.words and not run.shell:
            found = _first(run)
            if found is not None:
                n, effect = found
                line = " ".join(run.words)
                # Without a command, the image's entrypoint comes first, which may be a shell.
                yield s.hit(
                    run.fields[n],
                    word=short(run.words[n]),
                    effect=effect,
                    line=short(line),
                    severity="" if run.sure else "info",
                    confidence="" if run.sure else "likely",
                )


def _is_code(name: str, before: str) -> bool:
    """Whether a word is source code in the language of its program."""
    return name in _LANGUAGES or name in _INTERPRETERS and before.startswith("-")


_PIPED = _TAKES_SIGNS | names("gzip zstd xz tee xargs head tail wc tr uniq cat base64 openssl gpg curl aws psql mysql mail")


def _continues(sign: str, after: tuple[str, ...]) -> bool:
    """Whether a sign after an option is surely not the option's value: `--all-databases > /backup/all.sql`, `-q && b`."""
    following = after[0] if after else ""
    if sign in ("&&", "||"):
        return bool(following)
    if sign == "|":
        return basename(following) in _PIPED
    return sign in (">", ">>", "<", "2>", "&>") and not following.startswith("-") and ("/" in following or "." in following[1:-1])


def _first(run: Invocation) -> tuple[int, str] | None:
    words = run.words
    name = run.name
    if run.sure and name in BUILTINS and words[run.program] == name:  # /export is a program; an entrypoint may accept it
        return run.program, "is a shell builtin, not a program, so the container does not start"
    if (
        run.sure
        and "=" in words[0]
        and words[0].partition("=")[0].replace("_", "").isalnum()
        and "/" not in words[0].partition("=")[0]
    ):
        return 0, "does not set a variable. Kubernetes looks for a program with that name (use env)"
    for n in range(run.program + 1 if run.sure else 0, len(words)):
        word = words[n]
        if basename(word) in SHELLS and words[n + 1 : n + 2] and words[n + 1].startswith("-") and words[n + 1].endswith("c"):
            return None  # the program is a wrapper that starts a shell: /bin/check bash -c SCRIPT
        if not word or word.isalnum():
            continue
        before = words[n - 1] if n else ""
        after_option = before.startswith("-") and "=" not in before
        if word in _SIGNS:
            if (
                name in _TAKES_SIGNS
                and word not in ("&&", "2>&1", ">>")
                or after_option
                and not _continues(word, words[n + 1 : n + 2])
                or n == len(words) - 1
                and word not in ("&", ";", "2>&1")
            ):
                continue
            return n, f"{_SIGNS[word]}. The program gets it and everything after it as arguments"
        if word.startswith(_REDIRECTS) and name not in _TAKES_SIGNS and not after_option:
            return n, "does not write to a file. The program gets it as an argument"
        if "$(" in word or "`" in word:
            inside = word.partition("$(")[2].partition(")")[0] if "$(" in word else word.partition("`")[2].partition("`")[0]
            command = inside.split()[0] if inside.split() else ""
            if command in COMMANDS and not _is_code(name, before) and "$$(" not in word:
                return n, "does not run a command. The program gets this text unchanged"
            continue
        if name in _FILES and ("*" in word or "?" in word) and not before.startswith("--") and not word.startswith("--"):
            return n, "is not expanded to file names. The program looks for a file with exactly this name"
        if word.startswith("~/") or word == "~":
            return n, "is not expanded to the home directory. The program gets this text unchanged"
        if (
            word.endswith(";")
            and len(word) > 1
            and not _is_code(name, before)
            and name not in _TAKES_SIGNS
            and n < len(words) - 1
            and not after_option
        ):
            if word[:-1].isalnum():
                return n, "does not end a command. The program gets it and everything after it as arguments"
    return None
