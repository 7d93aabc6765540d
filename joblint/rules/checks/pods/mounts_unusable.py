"""Mounts that a container cannot use as written: a variable in subPath, a home directory of another user, a single file that a
program wants to replace, the hidden directories of a ConfigMap.

Sources: Kubernetes 1.36.3 pkg/kubelet/kubelet_pods.go makeMounts (only subPathExpr is expanded), pkg/volume/util/atomic_writer.go
(the files are links into a directory whose name begins with ..), rename(2) (EBUSY for a mount point).
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.place import short
from joblint.rules.checks.pods.commands import command_hit
from joblint.rules.checks.pods.ownership import user_of
from joblint.rules.checks.pods.writes import writes_of
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.mounts import clean, mount_of, mounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject

_HOMES = {
    ".kube": (("kubectl", "oc", "helm"), "KUBECONFIG"),
    ".aws": (("aws",), "AWS_SHARED_CREDENTIALS_FILE"),
    ".ssh": (("ssh", "scp", "sftp", "rsync", "git"), "GIT_SSH_COMMAND"),
    ".config/gcloud": (("gcloud", "gsutil"), "CLOUDSDK_CONFIG"),
    ".config/rclone": (("rclone",), "RCLONE_CONFIG"),
    ".mc": (("mc",), "MC_CONFIG_DIR"),
    ".docker": (("docker", "skopeo", "crane", "cosign"), "DOCKER_CONFIG"),
}
_ALSO = names("AWS_CONFIG_FILE AWS_ACCESS_KEY_ID AWS_PROFILE HOME GOOGLE_APPLICATION_CREDENTIALS")


def sub_path_not_expanded(s: Subject) -> Iterator[Hit]:
    """`subPath: $(POD_NAME)`: only subPathExpr is expanded."""
    for container in s.containers:
        for i, entry in enumerate(as_list(container.data.get("volumeMounts"))):
            path = as_dict(entry).get("subPath")
            if isinstance(path, str) and "$(" in path:
                yield s.hit(f"{container.at}.volumeMounts[{i}].subPath", path=path)


def mount_in_another_home(s: Subject) -> Iterator[Hit]:
    """The settings of a client below /root, for a container that runs as another user; one finding for each container."""
    for i, container in enumerate(s.containers):
        user = user_of(s, container)
        if not user or user in ("0", "root") or container.data.get("envFrom"):
            continue
        env = {str(as_dict(e).get("name")) for e in as_list(container.data.get("env"))}
        whole = " ".join([w for w in s.runs[i].words if isinstance(w, str)])
        for mount in mounts(s, container):
            inside = mount.path.removeprefix("/root/") if mount.path.startswith("/root/") else ""
            found = next((_HOMES[home] for home in _HOMES if inside == home or inside.startswith(home + "/")), None)
            if found is None or found[1] in env or not _ALSO.isdisjoint(env) or "/root" in whole or "HOME=" in whole:
                continue
            called = next((c for c in calls_of(s, i, inner=True) if c.name in found[0]), None)
            if called is not None:
                advice = _elsewhere(mount.path, found[1])
                yield s.hit(mount.at + ".mountPath", path=mount.path, user=user, program=called.name, advice=advice)
                break
        else:
            hit = _below_root(s, i, container, user)
            if hit is not None:
                yield hit


def _below_root(s: Subject, index: int, container: ContainerRef, user: str) -> Hit | None:
    """A directory of settings below /root, which only root can enter in images (mode 0700)."""
    text = str(container.data.get("env")) + " ".join([w for w in s.runs[index].words if isinstance(w, str)])
    if not user.isdecimal() or "HOME" in text or "/root" in text:
        return None
    for mount in mounts(s, container):
        if mount.path.startswith("/root/.") and mount.kind in ("secret", "configMap") and not mount.sub_path:
            return s.hit(
                mount.at + ".mountPath", path=mount.path, user=user, program="The program", advice=_elsewhere(mount.path, "")
            )
    return None


def _elsewhere(path: str, variable: str) -> str:
    """A home directory that the user can enter; ssh ignores $HOME and needs the path of the key."""
    if variable == "GIT_SSH_COMMAND" or path.startswith("/root/.ssh"):
        key = "ssh -i /etc/ssh-key/<key>"
        env = f'env:\n- {{name: GIT_SSH_COMMAND, value: "{key}"}}'
        return f"mountPath: /etc/ssh-key    and the path of the key: {key}, or for git:\n{env}"
    inside = path.removeprefix("/root/")
    return f"mountPath: /home/app/{inside}    and:\nenv:\n- {{name: HOME, value: /home/app}}"


def mounted_file_replaced(s: Subject) -> Iterator[Hit]:
    """`sed -i` or `mv` onto a file that is a mount by itself; one finding for each container."""
    for i, container in enumerate(s.containers):
        single = {m.path: m for m in mounts(s, container) if m.sub_path and not m.read_only and "." in m.path.rpartition("/")[2]}
        if not single:
            continue
        for write in writes_of(s, container, i):
            mount = single.get(clean(write.path))
            if mount is None or write.redirect or not _renames(write.program, write.text, write.path):
                continue
            yield command_hit(s, write.at, path=mount.path, command=write.text, noun=mount.noun)
            break


def _renames(program: str, text: str, path: str) -> bool:
    return program in ("sed", "perl") or program == "mv" and text.rstrip().strip("\"'").endswith(path.rpartition("/")[2])


def config_map_searched(s: Subject) -> Iterator[Hit]:
    """find in a ConfigMap or Secret volume: `-type f` at the first level finds nothing, a name without -type or -maxdepth finds
    each file twice; one finding for each container."""
    for i, container in enumerate(s.containers):
        found = mounts(s, container)
        if not any(m.from_api and not m.sub_path for m in found):
            continue
        for called in calls_of(s, i, inner=True):
            hit = _searched(s, container, called.name, called.rest) if called.name == "find" else None
            if hit is not None:
                effect, better = hit
                yield call_hit(s, called, command=short(called.text), effect=effect, better=better)
                break


def _searched(s: Subject, container: ContainerRef, name: str, rest: tuple[str, ...]) -> tuple[str, str] | None:
    if not rest or not rest[0].startswith("/") or "-L" in rest or "-follow" in rest or "-exec" in rest and "-name" not in rest:
        return None
    path = clean(rest[0])
    mount = mount_of(mounts(s, container), path)
    if mount is None or not mount.from_api or mount.sub_path or path != mount.path:
        return None
    depth = rest[rest.index("-maxdepth") + 1] if "-maxdepth" in rest[:-1] else ""
    kind = rest[rest.index("-type") + 1] if "-type" in rest[:-1] else ""
    if kind == "f" and depth == "1":
        return "finds nothing, because the files of a volume like this are links", f"find -L {path} -maxdepth 1 -type f …"
    excluded = any(".." in w for w in rest[1:])
    if not kind and not depth and "-name" in rest and not excluded and "-prune" not in rest and "-quit" not in rest:
        return "finds each file twice: as a link, and in the directory that the link leads to", f"find {path} -maxdepth 1 …"
    return None
