"""The scripts of ConfigMaps that the containers of a Pod template run: `sh /scripts/run.sh`; does not know the text of a
ConfigMap.
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.mounts import clean, mount_of, mounts
from joblint.shell.syntax import commands
from joblint.shell.weight import program
from joblint.shell.wrappers import SHELLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.subject import Subject
    from joblint.rules.workload.mounts import Mount


class MountedScript(Record):
    """A script of a ConfigMap that a container runs: the container's index, the ConfigMap's name and key, the shell ("" if the
    script's first line decides), the shell's options, and the arguments of the script ("" for one known only at run time),
    and whether the container starts it without a shell."""

    container: int
    config: str
    key: str
    shell: str
    flags: tuple[str, ...]
    args: tuple[str, ...] = ()
    direct: bool = False


def mounted_scripts(s: Subject) -> tuple[MountedScript, ...]:
    """Return the scripts of ConfigMaps that an object's containers run, each once."""
    volumes = [as_dict(v) for v in as_list(s.pod.get("volumes"))]
    if not any("configMap" in v or "projected" in v for v in volumes):
        return ()
    found = [
        MountedScript(i, config, key, shell, tuple(sorted(flags)), args, not shell and s.runs[i].script < 0)
        for i in range(len(s.containers))
        for shell, flags, path, args in _started(s, i)
        for config, key in _keys(s, i, path)
    ]
    return tuple(dict.fromkeys(found))


def _started(s: Subject, index: int) -> Iterator[tuple[str, frozenset[str], str, tuple[str, ...]]]:
    """The files that a container starts: the shell with its options, the path, and the arguments."""
    run = s.runs[index]
    if not run.words or not run.sure:
        return
    if run.script < 0:
        yield from _of_words(run.words[run.program], run.rest, run.name, run.flags, "")
        return
    folder = ""
    for script in s.scripts:
        if script.index != index:
            continue
        for command in commands(script.statements, functions=True):
            name, rest = program(command)
            if name == "cd":
                folder = rest[0] if rest and rest[0].startswith("/") else ""
            elif name in SHELLS or command.words and "/" in command.words[-1 - len(rest)]:
                yield from _of_words(command.words[-1 - len(rest)], rest, name, frozenset(), folder)


def _of_words(
    first: str, rest: tuple[str, ...], name: str, flags: frozenset[str], folder: str
) -> Iterator[tuple[str, frozenset[str], str, tuple[str, ...]]]:
    if name not in SHELLS:
        yield "", frozenset(), _at(first, folder), rest
        return
    for i, word in enumerate(rest):
        if word.startswith("-") and len(word) > 1 and not word.startswith("--") and "c" not in word and "o" not in word[:-1]:
            flags |= frozenset(word[1:].rstrip("o"))
        elif word in ("pipefail", "errexit", "nounset", "xtrace") and i and rest[i - 1].endswith("o"):
            flags |= {word}
        elif word and not word.startswith("-"):
            yield name, flags, _at(word, folder), rest[i + 1 :]
            return
        elif word != "--":
            return


def _at(path: str, folder: str) -> str:
    if path.startswith("/") or not folder:
        return path
    return f"{folder.rstrip('/')}/{path.removeprefix('./')}"


def _keys(s: Subject, index: int, path: str) -> Iterator[tuple[str, str]]:
    """The ConfigMaps and keys that may be the file of a path."""
    container = s.containers[index]
    folder = container.data.get("workingDir")
    if not path.startswith("/") and isinstance(folder, str):
        path = _at(path, folder)
    if not path.startswith("/") or "$" in path or ".." in path:
        return
    path = clean(path)
    mount = mount_of(mounts(s, container), path)
    if mount is None or mount.kind not in ("configMap", "projected"):
        return
    below = path[len(mount.path) :].strip("/")
    file = "/".join([part for part in (mount.sub_path, below) if part])
    for source in _sources(mount):
        name, items = source.get("name"), as_list(source.get("items"))
        if isinstance(name, str) and name and file:
            if not items:
                yield name, file
            yield from [(name, str(as_dict(i).get("key"))) for i in items if as_dict(i).get("path") == file]


def _sources(mount: Mount) -> list[dict[str, Any]]:
    if mount.kind == "configMap":
        return [mount.source]
    return [as_dict(as_dict(part).get("configMap")) for part in as_list(mount.source.get("sources"))]
