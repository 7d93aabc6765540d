"""How much the failure of a command matters: nothing, a little (setup, reading, cleanup), or all: it is the work.

Knows programs by name; an unknown program counts as work.
"""

from __future__ import annotations

from joblint.base.memo import memo
from joblint.base.names import names
from joblint.shell.wrappers import basename, unwrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.shell.syntax import Command

NOTHING, LITTLE, WORK = 0, 1, 2

_NOTHING = names(
    "echo printf true : false date sleep pwd whoami hostname id env printenv uname set trap export local readonly "
    "declare typeset unset shift umask ulimit wait exit return break continue test [ [[ ls cat head tail wc sort uniq "
    "nproc free df du ps top uptime tty alias shopt let read clear seq yes which type hash command basename dirname "
    "realpath readlink logger tput stat tree figlet exec getopts times lscpu lsblk mount numactl nvidia-smi arch "
    "banner readarray mapfile"
)
# Words of the names of functions that print: log_info, gen3_log_err, print_usage.
_TELLS = names("log info warn warning err error debug msg message print say notice")
_LITTLE = names(
    "mkdir rmdir rm cp mv ln touch chmod chown chgrp install cd pushd popd source . apt apt-get apk yum dnf microdnf "
    "pip pip3 gem grep egrep fgrep rg find xargs sed awk gawk tr cut tee jq yq base64 md5sum sha256sum sha1sum diff "
    "comm join paste column nl tac rev kill pkill killall sync truncate mktemp eval getent nslookup dig host nc ping "
    "traceroute openssl ssh-keyscan ssh-keygen git update-ca-certificates ldconfig addgroup adduser useradd groupadd "
    "passwd sysctl modprobe ip iptables less more strings iconv envsubst xxd od bc expr fold fmt timeout gpg"
)
_CLEANING = names("delete rm remove uninstall rmi prune down destroy stop logout label annotate")
_CLEANERS = names("kubectl oc helm docker podman aws gsutil gcloud az mc s3cmd rclone crictl terraform skopeo git redis-cli")
_READING = names("version --version -V help --help status info whoami describe current-context config")
_LISTING = names("ls lsf lsl lsd lsjson list stat head-object head-bucket size tree du")
"""What these clients only show: `mc ls`, `aws s3 ls`, `rclone lsf`."""
_LISTERS = names("mc aws gsutil gcloud az s3cmd rclone helm docker podman crictl restic velero")
_NOTIFIERS = names("curl wget mail mailx sendmail http slack ntfy")


def program(command: Command) -> tuple[str, tuple[str, ...]]:
    """Return a command's real program (after `timeout 60`, `exec` and others), and its arguments; "" if it is not known."""
    return _program(command.words)


@memo(1 << 13)  # more than the commands of nearly all scripts: the rules go through them one after the other
def _program(words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The same for its words: many rules look at each command."""
    if not words:
        return "", ()
    at, _ = unwrap(words)
    name = basename(words[at])
    # A program that has the name of a builtin or of a tool: /app/export, /app/sync.
    folder = words[at][: -len(name)] if name else ""
    own = folder and (name in _BUILTINS or name in _TOOLS and folder[:1] == "/" and not folder.endswith("bin/"))
    return words[at] if own else name, words[at + 1 :]


_BUILTINS = names("export local readonly declare typeset set unset shift trap source eval exec return exit cd read wait let")
_TOOLS = names("sync test watch install split sort join link find host time service script top w who cut paste")


def weight(command: Command) -> int:
    """Return NOTHING, LITTLE or WORK for a command."""
    if not command.words:
        # A plain assignment counts as what it substitutes; a plain redirection empties a file.
        return max([_of_inner(command)], default=NOTHING)
    return _weight(*program(command))


def weight_of(words: tuple[str, ...]) -> int:
    """Return the same for a list of words; unknown programs count as work."""
    if not words:
        return NOTHING
    at, _ = unwrap(words)
    return _weight(basename(words[at]), words[at + 1 :])


def _weight(name: str, rest: tuple[str, ...]) -> int:
    if name in _NOTHING or name.replace("_", "").isalpha() and not _TELLS.isdisjoint(name.lower().split("_")):
        return NOTHING
    if name == "xargs":
        words = _of_xargs(rest)
        while words and words[0] == "xargs":
            words = _of_xargs(words[1:])
        return max(LITTLE, weight_of(words))
    if name in _LITTLE:
        return WORK if name == "git" and rest[:1] in (("push",), ("clone",)) else LITTLE
    first = next((w for w in rest if w and not w.startswith("-")), "")
    if name == "pg_ctl" and "stop" in rest or name in ("mysqladmin", "mariadb-admin") and "shutdown" in rest:
        return LITTLE
    if name in _CLEANERS and not _CLEANING.isdisjoint(rest[:4]):
        return LITTLE
    if name in _LISTERS and not _LISTING.isdisjoint(rest[:5]) or name == "psql" and _only_shows(rest):
        return LITTLE
    if first in _READING or len(rest) == 1 and rest[0] in _READING:
        return LITTLE
    return WORK


def _only_shows(rest: tuple[str, ...]) -> bool:
    """Whether psql runs a single command that lists something: `psql -c '\\l'`, `psql -l`."""
    from_options = [rest[i + 1] for i, word in enumerate(rest[:-1]) if word.startswith("-") and word.endswith("c")]
    shows = [text.strip().startswith(("\\l", "\\d")) for text in from_options]
    return bool(shows) and all(shows) or not shows and not {"-l", "--list"}.isdisjoint(rest)


def _of_xargs(rest: tuple[str, ...]) -> tuple[str, ...]:
    """The words that xargs runs; none if that is echo."""
    skip = False
    for i, word in enumerate(rest):
        if skip:
            skip = False
        elif word in ("-I", "-n", "-P", "-L", "-d", "-a", "-E", "-s"):
            skip = True
        elif word and not word.startswith("-"):
            return rest[i:]
    return ()


def behind_xargs(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words that xargs runs, where it is xargs; else the words themselves."""
    at, _ = unwrap(words)
    return _of_xargs(words[at + 1 :]) or words if basename(words[at]) == "xargs" else words


def _of_inner(command: Command) -> int:
    for sequence in command.inner:
        for part in sequence.parts:
            if part.__class__.__name__ in ("Command", "Pipe"):
                return LITTLE
    return NOTHING


def is_notice(command: Command) -> bool:
    """Whether a command looks like a notification, such as curl to a webhook; not one that uploads or downloads a file."""
    name, rest = program(command)
    if name == "curl" and not _FILES.isdisjoint(rest):
        return False
    return name in _NOTIFIERS


_FILES = frozenset(("-F", "--form", "-T", "--upload-file"))


def is_test(command: Command) -> bool:
    """Whether a command is a test, so that its failure is a result."""
    name, rest = program(command)
    if name in (
        "test",
        "[",
        "[[",
        "grep",
        "egrep",
        "fgrep",
        "command",
        "which",
        "type",
        "nc",
        "ping",
        "pg_isready",
        "diff",
        "cmp",
        "curl",
    ):
        return True
    if name in ("flock", "lockfile", "dotlockfile") or "lock" in rest[:3]:  # another run has locked it
        return True
    if name in ("mysqladmin", "redis-cli") and "ping" in [w.lower() for w in rest]:
        return True
    if name in ("kubectl", "oc") and not {"get", "auth", "wait", "cluster-info", "version"}.isdisjoint(rest[:5]):
        return True
    return name in ("aws", "gsutil", "helm", "docker", "gcloud", "psql", "mysql", "wget") and any(
        w in ("ls", "stat", "head-object", "head-bucket", "status", "inspect", "describe", "list", "-q", "--spider")
        for w in rest[:3]
    )
