"""git commit in a new clone without a name and an address: git ends with 128, Author identity unknown.

Source: git 2.47 ident.c (add_domainname, fmt_ident): an address is only made up if the host name has a dot.
A Pod's has none.
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import script_hit, short
from joblint.rules.checks.containers.unset_variables import may_load
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.mounts import mounts
from joblint.shell.images import name_and_tag
from joblint.shell.syntax import commands
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject
    from joblint.shell.syntax import Command

_MARKS = ("user.email", "user.name", "GIT_COMMITTER", "GIT_AUTHOR", "GIT_CONFIG", "EMAIL=", "gitconfig", ".git/config")
_TAKES = names("-C -c --git-dir --work-tree --namespace --exec-path")
_KNOWN = names(
    "alpine/git bitnami/git alpine debian ubuntu fedora python node golang alpine/k8s alpine/helm amazon/aws-cli "
    "hashicorp/terraform dtzar/helm-kubectl bitnami/kubectl registry.k8s.io/git-sync/git-sync"
)
"""Images that have no identity for git of their own."""


def git_identity_missing(s: Subject) -> Iterator[Hit]:
    """git commit after a clone in the same script, which nothing tells who commits; one finding for each script."""
    if s.pod.get("hostNetwork") is True or s.pod.get("subdomain") or s.pod.get("setHostnameAsFQDN"):
        return
    for script in s.scripts:
        if "commit" not in script.text or any(mark in script.text for mark in _MARKS) or script.limit:
            continue
        if _told(s, script.container) or may_load(s, script.container, script):
            continue
        called = [(c, _verb(c)) for c in commands(script.statements, functions=True)]
        if not any(verb in ("clone", "init") for _, verb in called):
            continue
        commit = next((c for c, verb in called if verb == "commit"), None)
        if commit is not None:
            known = name_and_tag(str(script.container.data.get("image") or ""))[0] in _KNOWN
            yield script_hit(
                s,
                script,
                commit.start,
                commit.end,
                command=short(commit.text),
                severity="" if known else "info",
                confidence="" if known else "hint",
            )


def _verb(command: Command) -> str:
    """The subcommand of git; "" for other programs."""
    name, rest = program(command)
    skip = False
    for word in rest if name == "git" else ():
        if skip:
            skip = False
        elif word in _TAKES:
            skip = True
        elif not word.startswith("-"):
            return word
    return ""


def _told(s: Subject, container: ContainerRef) -> bool:
    """Whether variables or a mounted file may contain the identity."""
    if container.data.get("envFrom"):
        return True
    env = [str(as_dict(e).get("name")) for e in as_list(container.data.get("env"))]
    if any(name == "EMAIL" or name.startswith(("GIT_COMMITTER", "GIT_AUTHOR", "GIT_CONFIG", "XDG_CONFIG")) for name in env):
        return True
    homes = ("/root", "/home", "/etc")
    return any(m.path in homes or "gitconfig" in m.path or m.path.startswith("/home/") for m in mounts(s, container))
