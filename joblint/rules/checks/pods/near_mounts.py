"""Paths that differ from a mount by a letter, and the shared memory that workers of PyTorch need."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.place import at_word, short
from joblint.rules.workload.mounts import clean, mount_of, mounts
from joblint.rules.workload.options import options_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_READ = names(
    "aws gsutil rclone rsync restic tar mc s3cmd cp cat ls find borg kopia psql mysql python python3 node gzip zip "
    "gcloud kubectl helm openssl bash sh chmod"
)
_STANDARD = names("/bin /dev /etc /home /lib /lib64 /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr /var /app")


def path_near_a_mount(s: Subject) -> Iterator[Hit]:
    """`aws s3 sync /data/file …` with a mount at /data/files; one finding for each container."""
    for i, container in enumerate(s.containers):
        held = mounts(s, container)
        whole = " ".join([w for run in s.runs for w in run.words if isinstance(w, str)]) + str(container.data.get("env"))
        for called in calls_of(s, i):
            if called.name not in _READ:
                continue
            for word in called.rest:
                given = word.partition("=")[2] if word.startswith("-") else word
                path = clean(given) if given.startswith("/") and given.count("/") > 1 else ""
                if (
                    not path
                    or "$" in path
                    or mount_of(held, path) is not None
                    or any(m.path.startswith(path + "/") for m in held)
                ):
                    continue
                place, near = _near(path, [m.path for m in held])
                if near and near not in whole.replace(place, "") and whole.count(place) == 1:
                    hit = call_hit(s, called, command=short(called.text), path=path, near=near)
                    yield at_word(s, hit, i, path) if called.script is None else hit
                    return


def _near(path: str, mounted: list[str]) -> tuple[str, str]:
    """A path or a directory above it that differs from a mount by a letter, and that mount; "" if there is none."""
    while path.count("/") > 0 and path != "/" and path not in _STANDARD:
        near = next((m for m in mounted if m not in _STANDARD and _differs_by_one(path, m)), "")
        if near:
            return path, near
        path = path.rpartition("/")[0]
    return "", ""


def _differs_by_one(path: str, other: str) -> bool:
    """Whether two paths in one directory differ by one letter more, less or another."""
    folder, _, name = path.rpartition("/")
    there, _, wanted = other.rpartition("/")
    if folder != there or name == wanted or len(name) < 3 or abs(len(name) - len(wanted)) > 1:
        return False
    if any(c.isdigit() for c in name + wanted):
        return False
    start = next((n for n, (a, b) in enumerate(zip(name, wanted, strict=False)) if a != b), min(len(name), len(wanted)))
    return name[start + (len(name) >= len(wanted)) :] == wanted[start + (len(wanted) >= len(name)) :]


def shared_memory_too_small(s: Subject) -> Iterator[Hit]:
    """Workers of a DataLoader in PyTorch without a volume at /dev/shm; one finding for each container."""
    if s.pod.get("hostIPC") is True:
        return
    for i, container in enumerate(s.containers):
        image = str(container.data.get("image"))
        text = " ".join([w for w in s.runs[i].words if isinstance(w, str)])
        if "pytorch" not in image and "torchrun" not in text or any(m.path in ("/dev/shm", "/dev") for m in mounts(s, container)):
            continue
        for option in options_of(s, container, i).options:
            if option.name in ("numworkers", "dataloaderworkers", "dataloadernumworkers") and option.value.isdecimal():
                if int(option.value[:4]) > 0:
                    yield s.hit(option.field, told=option.told, at=container.at, pod=s.pod_at)
                    break
