"""GPUs that a container uses without requesting one: the device plugin gives devices only to containers with a limit."""

from __future__ import annotations

from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.place import short
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.checks.containers.clients import Called
    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject


def gpu_not_requested(s: Subject) -> Iterator[Hit]:
    """nvidia-smi, or `--device cuda`, without a GPU in the limits of any container; one finding for each Pod."""
    if s.pod.get("resourceClaims") or "nvidia" in str(s.pod.get("runtimeClassName") or "") or s.pod.get("hostPID") is True:
        return
    for container in s.containers:
        resources = as_dict(container.data.get("resources"))
        if any(word in str(resources) for word in ("gpu", "nvidia.com", "amd.com", "claims")):
            return
        env = {as_dict(e).get("name") for e in as_list(container.data.get("env"))}
        if "NVIDIA_VISIBLE_DEVICES" in env or as_dict(container.data.get("securityContext")).get("privileged") is True:
            return
    for i, container in enumerate(s.containers):
        for called in calls_of(s, i):
            words = called.rest
            pairs = zip(words, words[1:], strict=False)
            cuda = "--device=cuda" in words or any(a == "--device" and b.startswith("cuda") for a, b in pairs)
            if (called.name == "nvidia-smi" or cuda) and not _is_asked(called):
                yield call_hit(s, called, command=short(called.text), container=container.name, at=container.at)
                return


def _is_asked(called: Called) -> bool:
    """Whether a script only checks whether there is a GPU: `if nvidia-smi`, `nvidia-smi || echo none`."""
    if called.script is None or called.command is None:
        return False
    text = called.script.text
    before = text[: called.command.start].rpartition("\n")[2]
    after = text[called.command.end :].lstrip(" \t")
    return after.startswith(("||", "&>", "|")) or any(word in before.split() for word in ("if", "elif", "while", "until", "!"))
