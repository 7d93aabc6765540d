"""Programs that a mount hides, or that are in a mount and cannot be executed."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.pods.commands import At, command_hit
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.mounts import clean, mode_of, mount_of, mounts
from joblint.shell.syntax import commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject
    from joblint.rules.workload.mounts import Mount


_SYSTEM = ("/", "/bin", "/sbin", "/usr", "/usr/bin", "/usr/sbin", "/lib", "/lib64", "/usr/lib", "/usr/local")
_BY_SUFFIX = {"py": "python3", "js": "node", "pl": "perl", "rb": "ruby", "php": "php", "bash": "bash"}
"""What runs a script, by the end of its name; sh runs others."""

_SETTINGS = ("/etc", "/usr/share", "/var")
_INTERPRETERS = names("python python3 python2 node ruby perl php sh bash ash dash bun deno tsx ts-node Rscript")


def mount_hides_program(s: Subject) -> Iterator[Hit]:
    """An empty volume mounted over the directory of the program that the container starts, or over the system's own."""
    for i, container in enumerate(s.containers):
        found = mounts(s, container)
        if not found:
            continue
        told = False
        for path, field in _programs(s, i):
            mount = mount_of(found, path)
            if mount is None or mount.sub_path or mount.path == path or _filled(s, i, mount):
                continue
            if mount.kind == "emptyDir" or mount.from_api and _lacks(mount, path):
                yield s.hit(field, program=path, mount=mount.path, noun=mount.noun, effect="cannot be started")
                told = True
                break
        if told:
            continue
        if any(mount_of(found, path) is not None for path, _ in _programs(s, i)):
            continue  # what it starts is in a mount, which is on purpose then
        for mount in found:
            system = mount.path in (*_SYSTEM, *_SETTINGS) and mount.kind in (
                "emptyDir",
                "configMap",
                "secret",
                "persistentVolumeClaim",
            )
            if system and not mount.sub_path and not _filled(s, i, mount):
                program = f"The image's {mount.path}"
                needs = "users, certificates and settings" if mount.path == "/etc" else "files"
                needs = needs if mount.path in _SETTINGS else "programs"
                yield s.hit(
                    mount.at + ".mountPath",
                    program=program,
                    mount=mount.path,
                    noun=mount.noun,
                    effect=f"is hidden, including {needs} that the container needs",
                )
                break


def _programs(s: Subject, index: int) -> Iterator[tuple[str, str]]:
    """The files that a container starts, absolute: its program, and the script that an interpreter runs."""
    run, container = s.runs[index], s.containers[index]
    if not run.words or not run.sure or run.script >= 0:
        return
    folder = container.data.get("workingDir")
    at = [run.program]
    if run.name in _INTERPRETERS:
        rest = range(run.program + 1, len(run.words))
        first = next((n for n in rest if not run.words[n].startswith("-")), -1)
        if first == run.program + 1:
            at.append(first)
    for n in at:
        word = run.words[n]
        if "$" in word or "{" in word:
            continue
        if not word.startswith("/"):
            if "/" not in word and n == run.program or not isinstance(folder, str) or not folder.startswith("/"):
                continue
            word = f"{folder}/{word}"
        if ".." not in word:
            yield clean(word), run.fields[n]


def _filled(s: Subject, index: int, mount: Mount) -> bool:
    """Whether another container may put files into a volume before this one runs."""
    if mount.from_api:
        return False
    for j, other in enumerate(s.containers):
        if j != index and any(as_dict(m).get("name") == mount.volume for m in as_list(other.data.get("volumeMounts"))):
            return True
    return mount.kind not in ("emptyDir",) and mount.path not in _SYSTEM


def _lacks(mount: Mount, path: str) -> bool:
    """Whether a volume with API data has no such file, as far as its items show."""
    items = as_list(mount.source.get("items"))
    name = path[len(mount.path) :].lstrip("/")
    if mount.kind in ("configMap", "secret") and items:
        return all(as_dict(item).get("path") != name for item in items)
    return mount.kind in ("configMap", "secret") and "/" in name


def mounted_script_not_executable(s: Subject) -> Iterator[Hit]:
    """A file of a ConfigMap or Secret is started as a program without an x bit: exit code 126, or StartError."""
    for i, container in enumerate(s.containers):
        found = mounts(s, container)
        if not any(m.from_api for m in found):
            continue
        run = s.runs[i]
        tries = [(run.words[run.program], At(run.fields[run.program]))] if run.words and run.sure else []
        if run.words and run.words[0].rpartition("/")[2] == "uv" and run.words[run.program].endswith(".py"):
            tries = []  # `uv run FILE.py` starts Python, which reads the file
        for script in s.scripts:
            if script.index == i:
                tries.extend([(c.words[0], At(script.field, script, c)) for c in commands(script.statements) if c.words])
        folder = container.data.get("workingDir")
        for word, at in tries:
            if word.startswith("./") and isinstance(folder, str) and folder.startswith("/"):
                word = f"{folder.rstrip('/')}/{word[2:]}"
            if not word.startswith("/") or "$" in word:
                continue
            path = clean(word)
            mount = mount_of(found, path)
            if mount is None or not mount.from_api or path == mount.path and not mount.sub_path:
                continue
            key = mount.sub_path or path[len(mount.path) :].lstrip("/")
            mode = mode_of(mount, key)
            user = _user(s, container)
            if mode & (0o001 | (0o010 if "fsGroup" in as_dict(s.pod.get("securityContext")) else 0) if user else 0o111):
                continue
            who = f"user {user} cannot execute its files" if mode & 0o111 else "nobody can execute its files"
            values = {"path": path, "noun": mount.noun, "mode": f"{mode:04o}", "who": who}
            values["shell"] = _BY_SUFFIX.get(path.rpartition(".")[2], "sh")
            yield command_hit(s, at, volume=mount.volume, kind=mount.kind, **values)
            break


def _user(s: Subject, container: ContainerRef) -> int:
    """The user that a container runs as, if the manifest sets one other than root; else 0."""
    for context in (as_dict(container.data.get("securityContext")), as_dict(s.pod.get("securityContext"))):
        user = context.get("runAsUser")
        if isinstance(user, int):
            return user
    return 0
