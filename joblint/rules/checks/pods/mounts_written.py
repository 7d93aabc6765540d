"""Commands that write to places that are read-only: ConfigMaps, Secrets, read-only mounts, a read-only root filesystem."""

from __future__ import annotations

from joblint.rules.checks.pods.commands import command_hit
from joblint.rules.checks.pods.ownership import user_of
from joblint.rules.checks.pods.writes import writes_of
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.env import known_env
from joblint.rules.workload.mounts import clean, mount_of, mounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.checks.pods.writes import Write
    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject
    from joblint.rules.workload.mounts import Mount


_OF_THE_IMAGE = ("/lib/", "/lib64/", "/usr/", "/etc/", "/bin/", "/sbin/", "/opt/", "/var/lib/")
"""Directories in which images have files."""


def write_to_a_read_only_mount(s: Subject) -> Iterator[Hit]:
    """A command writes to a ConfigMap, a Secret or another read-only mount, or changes modes there: EROFS; one finding for each
    container.

    Source: Kubernetes 1.36.3 pkg/volume/configmap/configmap.go GetAttributes (ReadOnly: true).
    """
    for i, container in enumerate(s.containers):
        found = mounts(s, container)
        if not any(m.read_only for m in found):
            continue
        for write in (*writes_of(s, container, i), *settings_of(s, container, i, found)):
            mount = mount_of(found, clean(write.path))
            if mount is None or not mount.read_only or write.program == "mkdir" and mount.path == clean(write.path):
                continue
            writable = "an emptyDir" if mount.from_api else "a mount without readOnly"
            harmless = write.program == "chmod" and _is_executable(mount) and not _stops(s, i)
            harmless = harmless or write.text.startswith(_UNCHANGED)
            yield command_hit(
                s,
                write.at,
                severity="info" if harmless else "",
                confidence="hint" if harmless else "",
                path=write.path,
                command=write.text,
                mount=mount.path,
                noun=mount.noun,
                advice=_advice(mount, write.text, writable),
            )
            break


def settings_of(s: Subject, container: ContainerRef, index: int, found: tuple[Mount, ...]) -> Iterator[Write]:
    """The files in which commands store settings: `kubectl config use-context`, `mc alias set`."""
    from joblint.rules.checks.containers.clients import calls_of
    from joblint.rules.checks.containers.place import short
    from joblint.rules.checks.pods.commands import At
    from joblint.rules.checks.pods.writes import Write
    from joblint.shell.settings import stored

    env = known_env(container)
    home = env.get("HOME") or ("/root" if any(m.path.startswith("/root") for m in found) else "")
    for called in calls_of(s, index, inner=True):
        path = stored(called.name, called.rest, env)
        if path.startswith("~") and home.startswith("/"):
            path = home.rstrip("/") + path[1:]
        text = called.script.text if called.script is not None else ""
        if path.startswith("/") and not any(f"{variable}=" in text for variable in _MOVED):
            yield Write(path, called.name, short(called.text), At(called.field, called.script, called.command))


_UNCHANGED = ("kubectl config ", "oc config ")
"""Commands that write nothing if the setting is already as wanted."""
_MOVED = ("HOME", "KUBECONFIG", "MC_CONFIG_DIR", "DOCKER_CONFIG", "AWS_CONFIG_FILE", "CLOUDSDK_CONFIG")
"""Variables with which a script names another file."""


def _is_executable(mount: Mount) -> bool:
    """Whether everybody may already execute the files of a mount: chmod fails, but nothing is missing."""
    mode = mount.source.get("defaultMode")
    return mount.from_api and isinstance(mode, int) and mode & 0o111 == 0o111


def _stops(s: Subject, index: int) -> bool:
    """Whether a script of a container ends at the first failure."""
    from joblint.rules.checks.containers.errexit import errexit

    return any(errexit(script) for script in s.scripts if script.index == index)


def _advice(mount: Mount, text: str, writable: str) -> str:
    if mount.from_api and text.startswith("chmod"):
        kind = mount.kind
        return f'{kind}:\n  defaultMode: 0755    in volume "{mount.volume}", instead of chmod'
    return f"Write to {writable} instead; to change files of {mount.path}, copy them there first."


def root_filesystem_written(s: Subject) -> Iterator[Hit]:
    """readOnlyRootFilesystem, and a command writes to a path that is not a volume: EROFS; one finding for each container."""
    for i, container in enumerate(s.containers):
        if as_dict(container.data.get("securityContext")).get("readOnlyRootFilesystem") is not True:
            continue
        found = mounts(s, container)
        for write in writes_of(s, container, i):
            path = clean(write.path)
            if (
                write.program == "mktemp"
                and _sets(container.data, ("TMPDIR",))
                or write.program in _PIP
                and _elsewhere(container, write)
            ):
                continue
            if mount_of(found, path) is None:
                yield command_hit(s, write.at, path=write.path, command=write.text, advice=_instead(path))
                break
        else:
            yield from _home_written(s, container, i, found)


def _instead(path: str) -> str:
    """What to type so that a path can be written. A volume hides the files of the image in its directory."""
    folder = path.rpartition("/")[0] or path
    if f"{folder}/".startswith(_OF_THE_IMAGE):
        return "Do this when the image is built: a volume there hides the files that the image has in this directory."
    return _mount(folder)


def _mount(folder: str) -> str:
    return f"volumeMounts:\n  - {{name: work, mountPath: {folder}}}    and a volume work with emptyDir: {{}}"


def _home_written(s: Subject, container: ContainerRef, index: int, found: tuple[Mount, ...]) -> Iterator[Hit]:
    """The first program that stores its settings or its cache in the home directory, if no volume can be there."""
    if user_of(s, container).isdigit():
        return  # home-not-writable reports it
    home = known_env(container).get("HOME", "")
    if not home and (_sets(container.data, ("HOME",)) or any(m.path.startswith(("/root", "/home")) for m in found)):
        return
    from joblint.rules.checks.containers.clients import call_hit, calls_of
    from joblint.rules.checks.containers.errexit import asked
    from joblint.rules.checks.containers.place import short
    from joblint.rules.checks.pods.homes import set_elsewhere, written_by

    whole = " ".join([w for w in s.runs[index].words if isinstance(w, str)])
    if "HOME=" in whole or "venv" in whole:
        return
    for called in calls_of(s, index):
        path = written_by(called)
        if not path or called.name in _PIP or set_elsewhere(called, container, whole):
            continue
        if called.script is not None and called.command is not None and called.command.start in asked(called.script):
            continue
        if mount_of(found, clean(f"{home or '/root'}/{path}")) is None:
            folder = home or "/root"
            yield call_hit(s, called, command=short(called.text), path=f"~/{path}", advice=_mount(folder))
            return


_PIP = ("pip", "pip3")


def _sets(data: dict[str, Any], variables: tuple[str, ...]) -> bool:
    """Whether env sets one of some variables: TMPDIR, for instance, specifies another directory than /tmp. A ConfigMap may set
    them all; a Secret contains credentials."""
    if any("configMapRef" in as_dict(e) for e in as_list(data.get("envFrom"))):
        return True
    return any(as_dict(e).get("name") in variables for e in as_list(data.get("env")))


def _elsewhere(container: ContainerRef, write: Write) -> bool:
    """Whether pip may install into a virtual environment, or into the user's directory."""
    script = write.at.script
    known = script is not None and ("venv" in script.text or "activate" in script.text or "HOME=" in script.text)
    return known or "/" in write.text.split()[0] or _sets(container.data, ("HOME", "PYTHONUSERBASE", "PIP_TARGET", "PIP_PREFIX"))
