"""Files that an init container puts into a volume, and that the work looks for at the init container's path."""

from __future__ import annotations

from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.mounts import holds, mount_of, mounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject
    from joblint.rules.workload.mounts import Mount
    from joblint.shell.invocation import Invocation

_COMMON = ("/", "/tmp", "/var", "/usr", "/etc", "/opt", "/root", "/home", "/run", "/srv", "/mnt", "/lib", "/bin")
_ENDS = frozenset(" \t\n\"'`:;,=&|<>(){}[]?$@*")


def volume_at_another_path(s: Subject) -> Iterator[Hit]:
    """A container names a path at which only an init container mounts a volume; here it is mounted at another one."""
    from joblint.rules.finding import Hit

    for i, container in enumerate(s.containers):
        if container.role == "init":
            continue
        own = mounts(s, container)
        for mount in own:
            if mount.kind != "emptyDir" or mount.sub_path:
                continue
            there = _filled_at(s, mount)
            if not there or there in _COMMON or any(holds(m, there) or m.path.startswith(there + "/") for m in own):
                continue
            texts = list(texts_of(container, s.runs[i]))
            if any(True for text, _ in texts for _ in paths_in(text, mount.path)):
                continue
            found = next(((path, at) for text, at in texts for path in paths_in(text, there)), None)
            if found is not None and mount_of(own, found[0]) is None:
                values: dict[str, str] = {"path": found[0], "there": there, "here": mount.path, "volume": mount.volume}
                yield Hit(found[1], values, also=(mount.at + ".mountPath",))
                break


def _filled_at(s: Subject, mount: Mount) -> str:
    """Where the init containers mount a volume for writing, if all of them do at one path and no other container does there."""
    found = set()
    for container in s.containers:
        if container.role == "init":
            found |= {m.path for m in mounts(s, container) if m.volume == mount.volume and not m.read_only and not m.sub_path}
    return found.pop() if len(found) == 1 else ""


def texts_of(container: ContainerRef, run: Invocation) -> Iterator[tuple[str, str]]:
    """Yield the values of variables and the words that a container gets, each with its field."""
    for n, entry in enumerate(as_list(container.data.get("env"))):
        value = as_dict(entry).get("value")
        if isinstance(value, str):
            yield value, f"{container.at}.env[{n}].value"
    yield from zip(run.words, run.fields, strict=False)


def paths_in(text: str, there: str) -> Iterator[str]:
    """Yield the path `there`, and those below it, in a text."""
    at = text.find(there)
    while at >= 0:
        end = next((i for i in range(at, len(text)) if text[i] in _ENDS), len(text))
        found = text[at:end].rstrip("/")
        if (at == 0 or text[at - 1] in _ENDS) and (found == there or found.startswith(there + "/")):
            yield found
        at = text.find(there, end)
