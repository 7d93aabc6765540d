"""Programs that end with an exit code other than 0 although nothing failed: `git commit` without changes, and others.

Sources: git-commit(1) (builtin/commit.c: exit code 1 if there is nothing to commit); acme.sh (RENEW_SKIP=2, returned by issue and
renew before the date of the renewal); kubectl diff --help; the reference of terraform plan (-detailed-exitcode); yum(8), dnf(8)
(check-update); timeout(1).
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.deciding import deciding
from joblint.rules.checks.containers.place import short
from joblint.rules.workload.mounts import mounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.checks.containers.clients import Called
    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_TAKES = ("-C", "-c", "--git-dir", "--work-tree", "--namespace", "--exec-path")
_ALWAYS = ("--allow-empty", "--amend", "--dry-run", "--help")
_ASKED = (
    "git diff",
    "diff-index",
    "diff-files",
    "--porcelain",
    "status -s",
    "status --short",
    "ls-files",
    "git stash",
)
"""What a script uses to find out whether there are changes."""

_CHANGE = ("mysqldump", "mariadb-dump", "pg_dump", "tar ", "zip", "openssl", "kubeseal", "sops", "ansible-vault", "age ", "gpg ")
"""What writes other bytes in each run, even of the same data."""


class _Code(Record):
    """An exit code, when it comes, and what to type instead."""

    code: int
    state: str
    better: str


def exit_code_without_failure(s: Subject) -> Iterator[Hit]:
    """A command whose exit code fails the script or is the container's, in a case that is not a failure; one for a container."""
    again = _again(s)
    for i, container in enumerate(s.containers):
        if container.role == "sidecar":
            continue
        decide: dict[str, set[int]] = {}
        for called in calls_of(s, i):
            found = _code(s, i, called)
            if found is None or not _decides(called, decide):
                continue
            certain = again or found.code != 1
            yield call_hit(
                s,
                called,
                severity="" if certain else "info",
                confidence="" if certain else "hint",
                command=short(called.text),
                code=found.code,
                state=found.state,
                effect="the Pod fails" if s.backoff_limit else "the Job fails",
                better=found.better,
            )
            break


def _again(s: Subject) -> bool:
    """Whether the same work is done more than once: there may be nothing to do."""
    if s.kind == "CronJob":
        return True
    return "argocd.argoproj.io/hook" in s.annotations or "upgrade" in str(s.annotations.get("helm.sh/hook"))


def _decides(called: Called, decide: dict[str, set[int]]) -> bool:
    """Whether the exit code of a call ends the script, or is that of the container."""
    if called.script is None or called.command is None:
        return True
    if "trap " in called.script.text and "ERR" in called.script.text:
        return False
    if called.script.text not in decide:
        decide[called.script.text] = deciding(called.script)
    return called.command.start in decide[called.script.text]


def _code(s: Subject, index: int, called: Called) -> _Code | None:
    """The exit code of a program that is not a failure; None for other programs and options."""
    name, rest = called.name, called.rest
    if name == "git":
        return _of_git(called)
    if name == "acme.sh":
        return _of_acme(s, index, called)
    if name in ("kubectl", "oc") and rest[:1] == ("diff",) and _later(called, name, "apply"):
        return _Code(1, "the objects differ", f"{_one_line(called)} || [ $? -eq 1 ]")
    if name in ("terraform", "tofu") and "plan" in rest[:3] and "-detailed-exitcode" in rest and _later(called, name, "apply"):
        return _Code(2, "there are changes to apply", _one_line(called, "-detailed-exitcode"))
    if name in ("yum", "dnf") and "check-update" in rest and "--setopt" not in rest:
        return _Code(100, "there are updates", f"{_one_line(called)} || [ $? -eq 100 ]")
    return None


def _of_git(called: Called) -> _Code | None:
    at, rest = 0, called.rest
    while at < len(rest) and (rest[at][:1] == "-" or at and rest[at - 1] in _TAKES):
        at += 1
    options = rest[at + 1 :]
    if rest[at : at + 1] != ("commit",) or any(w.startswith(_ALWAYS) for w in options):
        return None
    script, command = called.script, called.command
    if script is None or command is None or _changes_always(script.text[: command.start], called.text):
        return None
    if any(mark in script.text for mark in _ASKED):
        return None
    all_files = any(w in ("-a", "--all") or w[:1] == "-" and w[:2] != "--" and "a" in w[1:] for w in options)
    git = " ".join(["git", *called.texts[:at]])
    return _Code(1, "nothing has changed", f"{git} diff {'' if all_files else '--cached '}--quiet || {_one_line(called)}")


def _changes_always(before: str, commit: str) -> bool:
    """Whether a script writes something that is different in each run: a date, an archive, a dump with its time."""
    for line in before.split("\n"):
        code = line.partition(" #")[0]
        if any(mark in code for mark in _CHANGE):
            return True
        if "date" not in code or code.lstrip().startswith(("#", "git ")):
            continue
        name = code.strip().partition("=")[0].removeprefix("export ")
        if name.isidentifier() and f"${name}" not in before.replace(commit, "") and f"${{{name}" not in before:
            continue  # a date that only the message contains
        if any(word in code for word in ("$(date", "`date", "date ", "date>")):
            if not code.lstrip().startswith(("echo", "printf")) or ">" in code:
                return True
    return False


def _of_acme(s: Subject, index: int, called: Called) -> _Code | None:
    """acme.sh --issue or --renew, whose state a volume keeps."""
    words = called.rest
    if "--force" in words or "-f" in words or not {"--issue", "--renew", "-r"} & set(words):
        return None
    kinds = ("persistentVolumeClaim", "hostPath", "nfs", "csi")
    if not any(m.kind in kinds for m in mounts(s, s.containers[index])):
        return None
    guarded = f"{_one_line(called)} || [ $? -eq 2 ]"
    return _Code(2, "the certificate is not due for renewal", guarded if called.script else f'sh -c "{guarded}"')


def _later(called: Called, program: str, verb: str) -> bool:
    """Whether a script calls a program with a verb after a call."""
    if called.script is None or called.command is None:
        return False
    rest = called.script.text[called.command.end :]
    parts = rest.replace("&&", "\n").replace(";", "\n").split("\n")
    return any(part.strip().startswith(program) and f" {verb}" in part for part in parts)


def _one_line(called: Called, without: str = "") -> str:
    words = [w for w in called.text.split() if w not in ("\\", without)]
    return " ".join(words)
