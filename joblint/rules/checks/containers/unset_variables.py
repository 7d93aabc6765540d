"""Variables that a script reads and that nothing sets: not env, not the script, not the image, as far as that is known."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import script_hit, short
from joblint.rules.checks.containers.quoting import dollars
from joblint.rules.checks.containers.references import is_name, is_port_number, is_service, name_end
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.mounts import mounts
from joblint.shell.syntax import Case, Command, Loop, children, commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node

# Images of which it is known what their Dockerfiles set: the beginnings of the names.
_IMAGES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("busybox", "alpine", "debian", "ubuntu", "bash", "amazon/aws-cli", "alpine/git", "fedora"), ()),
    "curlimages/curl": ("CURL",),
    "postgres": ("PG", "LANG", "GOSU"),
    "redis": ("REDIS",),
    "mysql": ("MYSQL", "GOSU"),
    "python": ("PYTHON", "GPG_KEY", "LANG"),
    "node": ("NODE", "YARN"),
    "alpine/k8s": (),
    "alpine/helm": ("HELM",),
}
_ALWAYS = names(
    "HOME PATH HOSTNAME USER PWD OLDPWD SHELL SHLVL TMPDIR LANG LANGUAGE TERM IFS RANDOM SECONDS UID EUID PPID LINENO OPTARG "
    "OPTIND REPLY COLUMNS LINES JOB_COMPLETION_INDEX HOSTTYPE MACHTYPE OSTYPE LC_ALL LOGNAME DISPLAY EDITOR TZ ENV PS1 PS4 "
    "GROUPS FUNCNAME PIPESTATUS EPOCHSECONDS MAPFILE COMP_WORDS DIRSTACK HISTFILE CDPATH FIGNORE MAIL"
)
_SETS = names("read export local readonly declare typeset mapfile readarray getopts printf let unset for select")
_BASES = frozenset(("base", "bases", "components"))
_LOADS = names("source . eval envsubst")


def variable_never_set(s: Subject) -> Iterator[Hit]:
    """The first such variable of each script, where no envFrom may set it and either the image is known or another container of
    the Pod sets the variable."""
    if s.document.mentions(b"kind: Template") or filled_in_later(s) or _is_base(s.document.file):
        return
    for script in s.scripts:
        container = script.container
        own = _of_image(str(container.data.get("image")))
        if container.data.get("envFrom") or script.limit or injected(s):
            continue
        others = _of_others(s, container) if own is None else {}
        if own is None and not others:
            continue
        known = {str(as_dict(e).get("name")) for e in as_list(container.data.get("env"))}
        found = _first(script, known, own or (), others)
        if found is not None and not may_load(s, container, script):
            name, node = found
            service = name.removesuffix("_PORT").lower().replace("_", "-") if is_service(name) else ""
            effect = f'is empty, or a URL if there is a Service "{service}"' if service else "is empty"
            reason = f"{effect}: neither env, nor the script, nor the image sets it"
            if own is None:
                reason = f'is not in the env of this container: only container "{others[name]}" has it'
            command = short(script.text[node.start : node.end])
            yield script_hit(s, script, node.start, node.end, name=name, command=command, reason=reason)


_CONFIGURED = names(
    "HOST HOSTNAME PORT URL URI USER USERNAME PASSWORD PASS TOKEN SECRET DB DATABASE BUCKET DSN ENDPOINT ADDR ADDRESS REGION"
)
"""Words in the names of variables that a deployment sets, and rarely an image."""


def _of_others(s: Subject, container: ContainerRef) -> dict[str, str]:
    """The variables for connections that other containers of the Pod set, each with the container's name."""
    found: dict[str, str] = {}
    for other in s.containers:
        for entry in as_list(other.data.get("env")) if other.data is not container.data else ():
            name = as_dict(entry).get("name")
            if isinstance(name, str) and not _CONFIGURED.isdisjoint(name.split("_")):
                found.setdefault(name, other.name)
    return found


def filled_in_later(s: Subject) -> bool:
    """Whether the manifest is a pattern for envsubst or an OpenShift Template, which fill in `${NAME}` in scripts as well."""
    metas = [s.metadata, *[c.data for c in s.containers]]
    texts = [meta.get(key) for meta in metas for key in ("name", "namespace", "image")]
    texts += [as_dict(e).get(key) for c in s.containers for e in as_list(c.data.get("env")) for key in ("name", "value")]
    texts += [as_dict(e).get("mountPath") for c in s.containers for e in as_list(c.data.get("volumeMounts"))]
    texts += [as_dict(as_dict(e).get("hostPath")).get("path") for e in as_list(s.pod.get("volumes"))]
    if ".tpl." in s.document.file or ".tmpl." in s.document.file or ".template." in s.document.file:
        return True
    return any(isinstance(text, str) and "$" in text.replace("$(", "") for text in texts)


def _is_base(file: str) -> bool:
    """Whether overlays of kustomize may add variables to the file."""
    return not _BASES.isdisjoint(file.replace("\\", "/").split("/")[:-1])


def injected(s: Subject) -> bool:
    """Whether an admission webhook may add variables."""
    return any("inject" in key or key.startswith(("iam.", "azure.workload")) for key in s.marks)


def _of_image(image: str) -> tuple[str, ...] | None:
    path = image.partition("@")[0]
    for prefix in ("docker.io/", "library/", "public.ecr.aws/docker/library/"):
        path = path.removeprefix(prefix)
    name, colon, tag = path.rpartition(":")
    return _IMAGES.get(name if colon and "/" not in tag else path)


def may_load(s: Subject, container: ContainerRef, script: Script) -> bool:
    """Whether the script loads files with variables, or another script is also read."""
    if any(other is not script and other.index == script.index for other in s.scripts):
        return True
    loads = any(c.words[:1] and c.words[0] in _LOADS for c in commands(script.statements, functions=True, inner=True))
    return loads or any(m.path == "/etc/profile.d" for m in mounts(s, container))


def read_names(script: Script) -> list[tuple[str, Node]]:
    """Return the variables that a script reads, each with the statement, in order; functions are left out."""
    reads: list[tuple[str, Node]] = []
    left: list[Node] = [script.statements]
    while left:
        each = left.pop()
        if isinstance(each, Command):
            reads += [(name, each) for name in _read(each.text)]
        elif isinstance(each, Case):
            reads += [(name, each) for name in _read(each.word)]
        elif isinstance(each, Loop):
            reads += [(name, each) for name in _read(each.head)]
        left.extend(reversed(children(each)))
    return reads


def _first(script: Script, known: set[str], own: tuple[str, ...], others: dict[str, str]) -> tuple[str, Node] | None:
    """The first variable that nothing sets; if other containers are asked, the first that only they set."""
    for name, node in read_names(script):
        if others and name not in others:
            continue
        if name in known or name in _ALWAYS or name.startswith(("KUBERNETES_", "BASH", "ZSH", *own)):
            continue
        if is_service(name) and not is_port_number(name, script.text[node.start : node.end]):
            continue
        if not set_anywhere(script.text, name):
            return name, node
    return None


def set_anywhere(text: str, name: str) -> bool:
    """Whether the script may set a variable anywhere, or gives it a default: `NAME=`, `read NAME`, `${NAME:-x}`."""
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        before, after = text[at - 1 : at] if at else "\n", text[end : end + 1]
        whole = not (before.isalnum() or before == "_") and not (after.isalnum() or after == "_")
        if whole:
            if before == "{":
                if after in ":-=+?":
                    return True
            elif before != "$" and not (after == "}" and before == "{"):
                return True  # a word of its own: an assignment, an operand of read, for or export, a text
        at = text.find(name, end)
    return False


def _read(text: str) -> Iterator[str]:
    """The names that a command reads as `$NAME` or `${NAME}`, in capitals, outside of single quotes."""
    for at in dollars(text):
        begin = at + 2 if text[at + 1 : at + 2] == "{" else at + 1
        end = name_end(text, begin)
        name = text[begin:end]
        plain = begin == at + 1 or text[end : end + 1] == "}"
        if plain and len(name) > 2 and is_name(name) and name.isupper():
            yield name
