"""Files that an init container writes and another container reads, although no volume connects them."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.pods.commands import command_hit
from joblint.rules.checks.pods.filled_elsewhere import paths_in, texts_of
from joblint.rules.checks.pods.writes import writes_of
from joblint.rules.subject import as_list
from joblint.rules.workload.mounts import clean, mount_of, mounts
from joblint.rules.workload.script_values import working_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.checks.pods.writes import Write
    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject
    from joblint.rules.workload.mounts import Mount

# Programs that bring contents, unlike mkdir, touch or chmod.
_BRING = names("cp mv git curl wget tee install dd pg_dump mysqldump mongodump tar echo printf cat jq yq envsubst sed openssl")
_OWN = names("/tmp /var /usr /etc /opt /root /home /run /srv /mnt /lib /bin /var/lib /var/run /usr/local /usr/bin /usr/local/bin")
# The kubelet creates these for each container, or to all containers of the Pod.
_MANAGED = ("/etc/hosts", "/etc/resolv.conf", "/dev/", "/proc/", "/sys/", "/etc/passwd", "/etc/group", "/root/.", "/var/lib/apk")
_ELSEWHERE = ("nsenter", "chroot", "kubectl exec", "kubectl cp", "ssh ")


def file_in_another_container(s: Subject) -> Iterator[Hit]:
    """An init container writes a path in its own filesystem, or in a volume that the reader does not mount, and a later
    container names it; one finding for each Pod."""
    for i, container in enumerate(s.containers):
        if container.role != "init":
            continue
        own = mounts(s, container)
        whole = " ".join([w for w in s.runs[i].words if isinstance(w, str)])
        if any(word in whole for word in _ELSEWHERE) or any(m.kind == "hostPath" for m in own):
            continue
        beside = _beside_the_volume(s, i, own)
        if beside is not None:
            written, volume, other = beside
            yield command_hit(
                s,
                written.at,
                path=clean(written.path),
                command=written.text,
                where=f'the filesystem of "{container.name}"',
                reader=other,
                verb="does not share",
                advice=f'Write to {volume.path}, where both containers mount the emptyDir "{volume.volume}".',
            )
            return
        for write in writes_of(s, container, i):
            path = clean(write.path)
            if not write.exact or path in _OWN or path.startswith(_MANAGED) or write.program not in _BRING:
                continue
            mount = mount_of(own, path)
            if mount is not None and (mount.kind != "emptyDir" or mount.sub_path):
                continue
            if mount is None and _used_here(whole, path):
                continue
            reader = _reader(s, i, path, mount)
            if reader is None:
                continue
            name, held = reader
            missing = mount or held
            where = f'the emptyDir "{mount.volume}"' if mount is not None else f'the filesystem of "{container.name}"'
            folder = mount.path if mount is not None else path if "." not in path.rpartition("/")[2] else path.rpartition("/")[0]
            yield command_hit(
                s,
                write.at,
                path=path,
                command=write.text,
                where=where,
                reader=name,
                verb="does not mount" if mount is not None else "does not share",
                advice=_advice(missing, container.name if mount is None else name)
                if missing is not None
                else f"Mount an emptyDir at {folder or '/work'} in both containers.",
            )
            return


def _advice(mount: Mount, container: str) -> str:
    return f'- {{name: {mount.volume}, mountPath: {mount.path}}}    in volumeMounts of "{container}"'


def _used_here(whole: str, path: str) -> bool:
    """Whether the init container itself names the path again, so that the file may be for its own use."""
    return whole.count(path) > 2


def _reader(s: Subject, index: int, path: str, mount: Mount | None) -> tuple[str, Mount | None] | None:
    """The first later container that names the path and does not write it, where nothing is mounted, or an emptyDir that no other
    container mounts; with that mount."""
    for j in range(index + 1, len(s.containers)):
        container = s.containers[j]
        own = mounts(s, container)
        held = mount_of(own, path)
        if held is not None and (mount is not None or not _alone(s, j, held)) or any(m.path.startswith(path + "/") for m in own):
            continue
        if mount is not None and any(m.volume == mount.volume for m in own):
            continue  # volume-at-another-path
        if any("$" in str(m.get("mountPath")) for m in as_list(container.data.get("volumeMounts")) if isinstance(m, dict)):
            continue
        if _writes(s, container, j, path) or _same_command(s, index, j):
            continue
        # An option may name the directory: --plugins=/plugins.
        named = [path, mount.path] if mount is not None and mount.path not in _OWN else [path]
        for text, _ in texts_of(container, s.runs[j]):
            if any(True for each in named for _ in paths_in(text, each)) and not _checks(text, path):
                return container.name, held
    return None


def _alone(s: Subject, index: int, mount: Mount) -> bool:
    """Whether a mount is of an emptyDir that only this container of the Pod mounts."""
    if mount.kind != "emptyDir" or mount.sub_path:
        return False
    return not any(m.volume == mount.volume for j, other in enumerate(s.containers) if j != index for m in mounts(s, other))


def _beside_the_volume(s: Subject, index: int, own: tuple[Mount, ...]) -> tuple[Write, Mount, str] | None:
    """What an init container writes into its own filesystem, while it mounts an emptyDir that it does not use and that a later
    container reads; with that container's name."""
    container, run = s.containers[index], s.runs[index]
    shared = [m for m in own if m.kind == "emptyDir" and not m.read_only and not m.sub_path]
    if len(shared) != 1 or working_folder(container).startswith(shared[0].path):
        return None
    mount = shared[0]
    if any(mount.path in text for text, _ in texts_of(container, run)) or len(s.scripts) and "cd " in run.text:
        return None
    writes = [w for w in writes_of(s, container, index) if w.program in _BRING]
    if not writes or not all(w.exact and mount_of(own, clean(w.path)) is None for w in writes):
        return None
    last = writes[-1]
    if clean(last.path) in _OWN or clean(last.path).startswith((*_MANAGED, "/tmp/", "/etc/")):
        return None
    for j, other in enumerate(s.containers):
        held = [m for m in mounts(s, other) if m.volume == mount.volume]
        if j == index or not held:
            continue
        if j < index or _writes(s, other, j, held[0].path):
            return None
        if any(True for text, _ in texts_of(other, s.runs[j]) for _ in paths_in(text, held[0].path)):
            return last, mount, other.name
    return None


def _same_command(s: Subject, i: int, j: int) -> bool:
    return s.runs[i].words == s.runs[j].words


def _writes(s: Subject, container: ContainerRef, index: int, path: str) -> bool:
    """Whether a container creates the path, or a directory above or below it, itself."""
    for write in writes_of(s, container, index):
        own = clean(write.path).rstrip("…").rstrip("/")
        if own == path or own.startswith(path + "/") or path.startswith(own + "/") or not write.exact:
            return True
    return False


def _checks(text: str, path: str) -> bool:
    """Whether the script first checks whether the file exists, or receives it from elsewhere."""
    return any(
        mark in text for mark in ("git clone", "mkdir -p " + path, "-o " + path, "-O " + path, "> " + path, ">" + path)
    ) or (f"-f {path}" in text and "[ " in text)
