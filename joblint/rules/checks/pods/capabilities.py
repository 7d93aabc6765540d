"""Linux capabilities: commands that need one that the container does not have, and names that no runtime knows.

Sources: capabilities(7); the default set is that of containerd (pkg/oci defaultUnixCaps).
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.errexit import asked
from joblint.rules.checks.containers.place import short
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.mounts import clean, mounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.checks.containers.clients import Called
    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject

_DEFAULT = names(
    "CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE"
)
_ALL = _DEFAULT | names(
    "DAC_READ_SEARCH LINUX_IMMUTABLE NET_BROADCAST NET_ADMIN IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_PTRACE SYS_PACCT "
    "SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG LEASE AUDIT_CONTROL MAC_OVERRIDE MAC_ADMIN SYSLOG "
    "WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE ALL"
)
_NEEDS = {
    "chown": "CHOWN",
    "iptables": "NET_ADMIN",
    "ip6tables": "NET_ADMIN",
    "nft": "NET_ADMIN",
    "mount": "SYS_ADMIN",
    "umount": "SYS_ADMIN",
    "modprobe": "SYS_MODULE",
    "insmod": "SYS_MODULE",
    "nsenter": "SYS_ADMIN",
    "hwclock": "SYS_TIME",
    "swapoff": "SYS_ADMIN",
    "gosu": "SETUID",
    "su-exec": "SETUID",
    "runuser": "SETUID",
    "chroot": "SYS_CHROOT",
    "tcpdump": "NET_RAW",
}
_WRAPPERS = ("gosu", "su-exec", "chroot")


def capability_missing(s: Subject) -> Iterator[Hit]:
    """A command that needs a capability that is dropped, or not in the default set; one finding for each container."""
    pod = as_dict(s.pod.get("securityContext"))
    for i, container in enumerate(s.containers):
        own = as_dict(container.data.get("securityContext"))
        if own.get("privileged") is True or s.pod.get("hostUsers") is False and own.get("procMount"):
            continue
        has, why = _capabilities(own, own.get("runAsUser", pod.get("runAsUser")))
        for called in _calls(s, i):
            need = _NEEDS.get(called.name, "")
            if not need or need in has or _harmless(called):
                continue
            if called.name == "chown" and _own(called, own, pod) and not _of_root(s, container, called):
                continue
            if called.script is not None and called.command is not None and called.command.start in asked(called.script):
                continue
            reason = why or f"{need} is not in the default set"
            user = "runAsUser: 0, " if "has no capabilities" in reason else ""
            # The wrappers also set the groups of the process.
            add = [need, "SETGID"] if need == "SETUID" and "SETGID" not in has else [need]
            drop = [str(v) for v in as_list(as_dict(own.get("capabilities")).get("drop")) if _bare(v) not in add]
            values = {"add": ", ".join(add), "kept": f"drop: [{', '.join(drop)}], " if drop else ""}
            yield call_hit(s, called, command=short(called.text), need=need, why=reason, user=user, **values)
            break


def _calls(s: Subject, index: int) -> Iterator[Called]:
    from joblint.base.record import replace
    from joblint.shell.wrappers import basename

    for called in calls_of(s, index):
        yield called
        words = called.command.words if called.command is not None else s.runs[index].words
        if words and basename(words[0]) in _WRAPPERS and called.name != basename(words[0]):
            yield replace(called, name=basename(words[0]), rest=words[1:])


def _harmless(called: Called) -> bool:
    rest = called.rest
    if called.name in ("mount", "umount"):
        return not rest or rest[0] in ("-l", "--version", "-V") or called.name == "umount"
    return (
        "--help" in rest or "--version" in rest or called.name in ("iptables", "nft") and any(w in ("-L", "list") for w in rest)
    )


def _own(called: Called, own: dict[str, Any], pod: dict[str, Any]) -> bool:
    """Whether chown sets the owner that new files have anyway, or an owner that is not known."""
    owner = next((w for w in called.rest if not w.startswith("-")), "")
    user = str(own.get("runAsUser", pod.get("runAsUser", "")))
    return not owner or "--reference" in " ".join(called.rest) or owner.partition(":")[0] in ("", user) and user not in ("", "0")


def _of_root(s: Subject, container: ContainerRef, called: Called) -> bool:
    """Whether chown changes the directory of a volume itself, which belongs to root."""
    own = as_dict(container.data.get("securityContext"))
    user = own.get("runAsUser", as_dict(s.pod.get("securityContext")).get("runAsUser"))
    if not isinstance(user, int) or not user:
        return False
    fresh = [m.path for m in mounts(s, container) if m.kind in ("emptyDir", "ephemeral")]
    return any(clean(word) in fresh for word in called.rest[1:] if word.startswith("/"))


def _capabilities(own: dict[str, Any], user: Any) -> tuple[frozenset[str], str]:
    """What a container's processes may do, and why less than by default."""
    given = as_dict(own.get("capabilities"))
    drop = {_bare(v) for v in as_list(given.get("drop"))}
    add = {_bare(v) for v in as_list(given.get("add"))}
    if "ALL" in add:
        return _ALL, ""
    has = frozenset(_DEFAULT) if "ALL" not in drop else frozenset()
    why = "capabilities.drop removes it" if drop else ""
    if isinstance(user, int) and not isinstance(user, bool) and user:
        return frozenset(), f"a process of user {user} has no capabilities"
    return (has - drop) | add, why


def _bare(value: Any) -> str:
    return str(value).upper().removeprefix("CAP_")


def capability_unknown(s: Subject) -> Iterator[Hit]:
    """A capability that Linux does not have, or with the prefix CAP_, which the runtime adds itself."""
    for container in s.containers:
        given = as_dict(as_dict(container.data.get("securityContext")).get("capabilities"))
        for word in ("add", "drop"):
            for n, value in enumerate(as_list(given.get(word))):
                if not isinstance(value, str) or value.upper() in _ALL:
                    continue
                bare = _bare(value)
                why = "names have no prefix CAP_" if bare in _ALL else "no such capability exists"
                near = bare if bare in _ALL else _near(bare)
                yield s.hit(
                    f"{container.at}.securityContext.capabilities.{word}[{n}]",
                    name=value,
                    why=why,
                    better=near or "Use a name from capabilities(7), without the prefix CAP_.",
                    severity="info" if word == "drop" else "",
                    effect="nothing is dropped"
                    if word == "drop"
                    else "the container does not start or lacks the capability, depending on the runtime",
                )


def _near(name: str) -> str:
    plain = name.replace("-", "_")
    if plain in _ALL:
        return plain
    joined = {known.replace("_", ""): known for known in _ALL}
    return joined.get(plain.replace("_", ""), "")
