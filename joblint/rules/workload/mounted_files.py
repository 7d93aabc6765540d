"""The files of ConfigMaps and Secrets that a Pod's containers name, or that a program looks for in a directory; no texts."""

from __future__ import annotations

from joblint.base.names import names
from joblint.base.record import Record
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.mounts import clean, mount_of, mounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.subject import ContainerRef, Subject
    from joblint.rules.workload.mounts import Mount
    from joblint.rules.workload.scripts import Script


class MountedFile(Record):
    """A file of a ConfigMap or Secret volume: the object's kind and name, the file's path below the volume and in the container,
    the field that names it, the program that looks for it ("" if a path is written), the completion index that is part of the
    path (-1: none), and the paths of the volume's items (none: one file for each key)."""

    kind: str
    name: str
    key: str
    path: str
    field: str
    program: str = ""
    index: int = -1
    items: tuple[str, ...] = ()


_KINDS = {"configMap": ("ConfigMap", "name"), "secret": ("Secret", "secretName"), "csi": ("SecretProviderClass", "")}
_IN_PATHS = str.maketrans("", "", "._/-")
_INDEX = ("${JOB_COMPLETION_INDEX}", "$JOB_COMPLETION_INDEX", "$(JOB_COMPLETION_INDEX)")
# Programs that do not open the file, or that are there to find out whether it exists.
_NOT_OPENED = names("echo printf ls find test [ [[ rm mkdir stat ln chmod chown export local declare unset cd inotifywait tar")
_OPENED = names("sh bash ash dash source . cat exec python python3 node")
_WRITTEN = ("out", "log", "pid", "socket", "cache", "report", "dest", "target", "dir", "folder")
_OUTPUTS = names("log logs logfile out output pid pidfile socket sock cache report reports dest target")
_EXPECTED = {
    "/.docker": (
        ("config.json",),
        ("executor", "docker", "buildah", "skopeo", "crane", "cosign", "podman", "buildctl", "kaniko"),
    ),
    "/.aws": (("credentials", "config"), ("aws",)),
    "/config/rclone": (("rclone.conf",), ("rclone",)),
}
"""Directories in which programs look for a file with a fixed name."""


def mounted_files(s: Subject) -> tuple[MountedFile, ...]:
    """Return the files of ConfigMaps and Secrets that the containers of an object need, each once."""
    found: list[MountedFile] = []
    for i, container in enumerate(s.containers):
        held = mounts(s, container)
        if any(m.kind in _KINDS and not m.sub_path for m in held):
            found += _looked_for(s, i, container, held)
            for path, field, index in _named(s, i, container, held):
                file = _file(held, path, field, "", index)
                if file is not None:
                    found.append(file)
    return tuple(dict.fromkeys(found))


def _file(held: tuple[Mount, ...], path: str, field: str, program: str, index: int = -1) -> MountedFile | None:
    if ".." in path or path.endswith("/"):
        return None
    path = clean(path)
    mount = mount_of(held, path)
    if mount is None or mount.kind not in _KINDS or mount.sub_path or path == mount.path:
        return None
    kind, word = _KINDS[mount.kind]
    name = mount.source.get(word) if word else as_dict(mount.source.get("volumeAttributes")).get("secretProviderClass")
    if not isinstance(name, str) or not name or mount.source.get("optional") is True:
        return None
    items = tuple([str(as_dict(item).get("path")) for item in as_list(mount.source.get("items"))])
    return MountedFile(kind, name, path[len(mount.path) :].strip("/"), path, field, program, index, items)


def _looked_for(s: Subject, index: int, container: ContainerRef, held: tuple[Mount, ...]) -> Iterator[MountedFile]:
    """The files with a fixed name, of the programs that a container runs."""
    run = s.runs[index]
    text = " ".join([*run.words, str(container.data.get("image") or "")])
    for mount in held:
        for end, (files, programs) in _EXPECTED.items():
            if mount.path.endswith(end) and any(p in text for p in programs) and end.strip("/") + "/" not in text:
                file = _file(held, f"{mount.path}/{files[0]}", mount.at + ".mountPath", " or ".join(files))
                if file is not None and not set(files) & set(file.items):
                    yield file


def _named(s: Subject, index: int, container: ContainerRef, held: tuple[Mount, ...]) -> Iterator[tuple[str, str, int]]:
    """The paths below a mount that variables, options and commands name: (path, field, completion index or -1)."""
    below = tuple([m.path.rstrip("/") + "/" for m in held if m.kind in _KINDS and not m.sub_path])
    for n, entry in enumerate(as_list(container.data.get("env"))):
        name, value = str(as_dict(entry).get("name")), as_dict(entry).get("value")
        if isinstance(value, str) and value.startswith(below) and not _is_output(name.lower()):
            yield from _paths(s, value, f"{container.at}.env[{n}].value", False)
    run = s.runs[index]
    if run.script < 0 and run.sure and run.words:
        words = zip(run.words, run.fields, strict=False)
        for n, (word, field) in enumerate(words):
            option, equals, value = word.rpartition("=") if word.startswith("-") else ("", "", word)
            if value.startswith(below) and not _is_written(option) and (equals or not n or not _is_written(run.words[n - 1])):
                yield from _paths(s, value, field, run.name in _OPENED and n == run.program + 1 or n == run.program)
    for script in s.scripts:
        if script.index == index and any(mark in script.text for mark in below):
            yield from _of_script(s, script, below)


def _of_script(s: Subject, script: Script, below: tuple[str, ...]) -> Iterator[tuple[str, str, int]]:
    from joblint.rules.workload.script_values import script_values
    from joblint.shell.syntax import commands
    from joblint.shell.weight import program
    from joblint.shell.writes import written

    known = script_values(script)
    expected = {x.command.start for x in script.flow.losses if x.fate.reason in ("or", "if", "pipe", "background")}
    expected |= _conditions(script)
    every = list(commands(script.statements, inner=True))
    tested = " ".join([c.text for c in every if program(c)[0] in ("[", "[[", "test")])
    for command in every:
        name, rest = program(command)
        if name in _NOT_OPENED or command.start in expected or any("/dev/null" in r for r in (command.text, *command.redirects)):
            continue
        targets = set(written(name, rest))
        texts = [
            *command.texts[len(command.words) - len(rest) - 1 :],
            *[r.lstrip("<") for r in command.redirects if r[:1] == "<"],
        ]
        for n, text in enumerate(texts):
            word = text.strip().strip("\"'")
            option, equals, value = word.rpartition("=") if word.startswith("-") else ("", "", word)
            if n and not equals and _is_written(texts[n - 1]) or _is_written(option) or value in targets:
                continue
            if not value.startswith(below):
                value = known.of(value) if value.startswith("$") and "COMPLETION" not in value else ""
            if value.startswith(below) and value not in tested and value.rpartition("/")[0] + "/" not in tested.split():
                yield from _paths(s, value, script.field, name in _OPENED or not n)


def _conditions(script: Script) -> set[int]:
    """Where the commands in conditions begin: `if grep -q x FILE`."""
    from joblint.shell.syntax import If, Loop, commands, every

    found: set[int] = set()
    for node in every(script.statements):
        conditions = [c for c, _ in node.clauses] if isinstance(node, If) else [node.condition] if isinstance(node, Loop) else []
        found.update([command.start for c in conditions if c is not None for command in commands(c)])
    return found


def _is_output(variable: str) -> bool:
    return _is_written(variable) or not _OUTPUTS.isdisjoint(variable.split("_"))


def _is_written(option: str) -> bool:
    return (
        option.startswith(("-o", "--"))
        and any(word in option for word in _WRITTEN)
        or any(option.endswith(word) for word in ("_out", "_output", "_dir", "_folder", "_path", "_home"))
    )


def _paths(s: Subject, value: str, field: str, opened: bool) -> Iterator[tuple[str, str, int]]:
    """The file that a value names; for a part of the path that is the completion index, those of the first and the last."""
    total = s.spec.get("completions")
    marks = [mark for mark in _INDEX if mark in value]
    if marks and s.spec.get("completionMode") == "Indexed" and isinstance(total, int) and total > 0:
        for index in dict.fromkeys((0, total - 1)):
            path = value.replace(marks[0], str(index))
            if _is_path(path):
                yield path, field, index
    elif _is_path(value) and (opened or "." in value.rpartition("/")[2]):
        yield value, field, -1


def _is_path(text: str) -> bool:
    """Whether a text is an absolute path of usual characters only."""
    words = text.translate(_IN_PATHS)
    return len(text) > 1 and text[0] == "/" and text.isascii() and (not words or words.isalnum())
