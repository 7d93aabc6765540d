"""Commands that write where nothing can be written: ConfigMaps, Secrets, read-only mounts, a read-only root filesystem."""

from __future__ import annotations

from joblint.rules.checks.pods.commands import At, command_hit
from joblint.rules.subject import as_dict
from joblint.rules.workload.mounts import clean, mount_of, mounts
from joblint.shell.flow import commands
from joblint.shell.weight import program
from joblint.shell.writes import written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject
    from joblint.rules.workload.mounts import Mount


# What hides a failure in such a way that nobody counts on success.
_EXPECTED = ("or", "if", "pipe", "background")


def write_to_a_read_only_mount(s: Subject) -> Iterator[Hit]:
    """A command writes to a ConfigMap, a Secret or another read-only mount, or changes modes there: EROFS; one a container.

    Source: Kubernetes 1.36.3 pkg/volume/configmap/configmap.go GetAttributes (ReadOnly: true).
    """
    for i, container in enumerate(s.containers):
        found = mounts(s, container)
        if not any(m.read_only for m in found):
            continue
        for path, text, at in _writes(s, container, i):
            mount = mount_of(found, clean(path))
            if mount is None or not mount.read_only:
                continue
            writable = "an emptyDir" if mount.from_api else "a mount without readOnly"
            yield command_hit(
                s,
                at,
                path=path,
                command=text,
                mount=mount.path,
                noun=mount.noun,
                advice=_advice(mount, text, writable),
            )
            break


def _advice(mount: Mount, text: str, writable: str) -> str:
    if mount.from_api and text.startswith("chmod"):
        kind = mount.kind
        return f"{kind}:\n  defaultMode: 0755    # of the volume {mount.volume}, in place of chmod"
    return f"Copy what is in {mount.path} to {writable} and change it there."


def root_filesystem_written(s: Subject) -> Iterator[Hit]:
    """readOnlyRootFilesystem, and a command writes to a path that is no volume: EROFS; one a container."""
    for i, container in enumerate(s.containers):
        if as_dict(container.data.get("securityContext")).get("readOnlyRootFilesystem") is not True:
            continue
        found = mounts(s, container)
        for path, text, at in _writes(s, container, i):
            if mount_of(found, clean(path)) is None:
                folder = clean(path).rpartition("/")[0] or clean(path)
                yield command_hit(s, at, path=path, command=text, folder=folder)
                break


def _writes(s: Subject, container: ContainerRef, index: int) -> Iterator[tuple[str, str, At]]:
    """The paths that a container's commands write to, each with the command, and what makes its hit."""
    from joblint.rules.checks.containers.place import short

    run = s.runs[index]
    if run.words and run.sure and not run.shell:
        for path in written(run.name, run.rest):
            text = short(" ".join(run.words[run.program :]))
            yield path, text, At(run.fields[run.program])
    for script in s.scripts:
        if script.index != index:
            continue
        ignored = {loss.command.start for loss in script.flow.losses if loss.fate.reason in _EXPECTED}
        for command in commands(script.statements):
            if command.start in ignored:
                continue
            name, rest = program(command)
            paths = list(written(name, rest))
            for redirect in command.redirects:
                target = redirect.lstrip("0123456789&")
                if target.startswith(">") and not target.startswith((">&", ">(")):
                    paths.append(target.lstrip(">|").strip().strip("\"'"))
            for path in paths:
                if path.startswith("/") and not path.startswith(("/dev/", "/proc/")) and "$" not in path:
                    yield path, short(command.text), At(script.field, script, command)
