"""Private keys in Secret volumes that ssh rejects because of their mode.

Source: OpenSSH 9.9 authfile.c sshkey_perm_ok (only for the owner of the file), Kubernetes 1.36.3 pkg/volume/volume_linux.go
(fsGroup adds r for the group).
"""

from __future__ import annotations

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

_CLIENTS = ("ssh", "scp", "sftp", "autossh")
_VARIABLES = ("GIT_SSH_COMMAND", "GIT_SSH", "RSYNC_RSH", "BORG_RSH", "ANSIBLE_PRIVATE_KEY_FILE")


def ssh_key_too_open(s: Subject) -> Iterator[Hit]:
    """ssh as root with a key of a Secret volume that group or others can read; one finding for each container."""
    context = as_dict(s.pod.get("securityContext"))
    for i, container in enumerate(s.containers):
        own = as_dict(container.data.get("securityContext"))
        user = own.get("runAsUser", context.get("runAsUser"))
        if user not in (None, 0) or user is None and own.get("runAsNonRoot", context.get("runAsNonRoot")) is True:
            continue  # the files belong to root, and ssh checks only the mode of files of its own user
        found = mounts(s, container)
        if not any(m.kind in ("secret", "projected") for m in found):
            continue
        for word, at in (*_keys(s, container, i), *_defaults(s, i, found)):
            path = clean(word)
            mount = mount_of(found, path)
            if mount is None or mount.kind not in ("secret", "projected") or path == mount.path and not mount.sub_path:
                continue
            mode = mode_of(mount, mount.sub_path or path[len(mount.path) :].lstrip("/"))
            grouped = "fsGroup" in context
            if grouped:
                mode |= 0o440
            if not mode & 0o077:
                continue
            advice = (
                f"install -m 0600 {path} /tmp/key    and use this copy: fsGroup makes the files readable for a group"
                if grouped
                else f'{mount.kind}:\n  defaultMode: 0400    in volume "{mount.volume}"'
            )
            yield command_hit(s, at, path=path, mode=f"{mode:04o}", noun=mount.noun, advice=advice)
            break


def _defaults(s: Subject, index: int, found: tuple[Mount, ...]) -> Iterator[tuple[str, At]]:
    """The key in a Secret that is mounted at ~/.ssh, where ssh looks for id_rsa and others if it gets no -i."""
    mount = next((m for m in found if m.kind == "secret" and m.path == "/root/.ssh" and not m.sub_path), None)
    name = str(mount.source.get("secretName") or "") if mount is not None else ""
    items = [str(as_dict(item).get("path")) for item in as_list(mount.source.get("items"))] if mount is not None else []
    key = next((item for item in items if item.startswith("id_") and not item.endswith(".pub")), "")
    if mount is None or not key and (items or not any(word in name for word in ("ssh", "key", "deploy"))):
        return
    for script in s.scripts:
        if script.index == index and "-i" not in script.text.split() and "chmod" not in script.text:
            for command in commands(script.statements, inner=True):
                if command.words and command.words[0] in _CLIENTS:
                    yield f"{mount.path}/{key or 'id_rsa'}", At(script.field, script, command)
                    return


def _keys(s: Subject, container: ContainerRef, index: int) -> Iterator[tuple[str, At]]:
    """The files that ssh gets as private keys, absolute, with the place that says it."""
    for n, entry in enumerate(as_list(container.data.get("env"))):
        name, value = as_dict(entry).get("name"), as_dict(entry).get("value")
        if name in _VARIABLES and isinstance(value, str):
            words = tuple(value.split())
            for path in words if name == "ANSIBLE_PRIVATE_KEY_FILE" else _of_words(words):
                yield path, At(f"{container.at}.env[{n}].value")
    run = s.runs[index]
    if run.words and run.script < 0 and run.sure:
        for path in _of_command(run.name, tuple(run.rest)):
            yield path, At(run.fields[run.program])
    for script in s.scripts:
        if script.index == index and ("ssh" in script.text or "scp" in script.text or "sftp" in script.text):
            for command in commands(script.statements, inner=True):
                assigned = [a.partition("=")[2].strip("\"'") for a in command.assigns if a.startswith(_VARIABLES)]
                texts = [w for w in (*command.words, *command.texts) if w.startswith(_VARIABLES) and "=" in w]
                assigned += [w.partition("=")[2].strip("\"'") for w in texts]
                found = [path for value in assigned for path in _of_words(tuple(value.split()))]
                if command.words:
                    found += _of_command(command.words[0], command.words[1:])
                for path in found:
                    if path.startswith("/"):
                        yield path, At(script.field, script, command)


def _of_command(name: str, rest: tuple[str, ...]) -> list[str]:
    name = name.rpartition("/")[2]
    if name in _CLIENTS:
        return _of_words((name, *rest))
    if name == "ssh-add":
        return [w for w in rest if w.startswith("/")]
    if name in ("ansible", "ansible-playbook"):
        given = [w.partition("=")[2] for w in rest if w.startswith(("--private-key=", "--key-file="))]
        return given + [b for a, b in zip(rest, rest[1:], strict=False) if a in ("--private-key", "--key-file")]
    if name in ("rsync", "git"):
        return [path for w in rest if "ssh " in w for path in _of_words(tuple(w.partition("=")[2].split() or w.split()))] + [
            path for w in rest if w.startswith("ssh ") for path in _of_words(tuple(w.split()))
        ]
    return []


def _of_words(words: tuple[str, ...]) -> list[str]:
    """The values of -i and -o IdentityFile among the words of a call of ssh."""
    if not words or words[0].rpartition("/")[2] not in _CLIENTS:
        return []
    found = [b for a, b in zip(words, words[1:], strict=False) if a == "-i"]
    found += [w[2:] for w in words if w.startswith("-i/")]
    found += [w.partition("IdentityFile=")[2] for w in words if "IdentityFile=" in w]
    return [path for path in found if path.startswith("/") and "$" not in path]
