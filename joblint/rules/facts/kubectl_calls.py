"""The requests to the API server that the containers of an object make with kubectl or curl; no texts."""

from __future__ import annotations

from joblint.rules.subject import as_dict, as_list
from joblint.shell.api_urls import api_call
from joblint.shell.kubectl import UNKNOWN, call
from joblint.shell.syntax import commands
from joblint.shell.weight import behind_xargs, program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.subject import ContainerRef, Subject
    from joblint.shell.kubectl import Call


def calls_of(s: Subject) -> Iterator[tuple[Call, str]]:
    """Yield the requests, each with its field; containers that have a kubeconfig of their own are left out."""
    others = {container.at for container in s.containers if _has_kubeconfig(container)}
    for container, run in zip(s.containers, s.runs, strict=True):
        if run.words and run.script < 0 and container.at not in others:
            words = (run.name, *run.rest)
            if not run.sure and run.words[0] not in ("kubectl", "oc"):
                words = ("kubectl", *run.words) if _is_kubectl(s, run.fields[0]) else ()
            found = call(words[0], words[1:]) if words else None
            if found is not None:
                yield found, run.fields[run.program]
    for script in s.scripts:
        if script.container.at in others or "KUBECONFIG" in script.text or "config set-c" in script.text:
            continue
        left = list(commands(script.statements, functions=True))
        while left:
            command = left.pop(0)
            name, rest = program(command)
            if name == "xargs":
                words = behind_xargs(command.words)
                # What xargs appends is known only to the run.
                name, rest = (words[0], (*words[1:], UNKNOWN)) if words[0] != "xargs" else (name, rest)
            found = api_call(command.texts) if name == "curl" else call(name, rest)
            if found is not None:
                yield found, script.field
            for inner in command.inner:
                left.extend(commands(inner, functions=True))


def _has_kubeconfig(container: ContainerRef) -> bool:
    """Whether kubectl in a container has credentials of its own, for this cluster or another, instead of the account's."""
    return any(as_dict(e).get("name") == "KUBECONFIG" for e in as_list(container.data.get("env")))


def _is_kubectl(s: Subject, field: str) -> bool:
    """Whether the container of a field has an image whose entrypoint is kubectl."""
    for container in s.containers:
        if field.startswith(container.at + "."):
            name = str(container.data.get("image") or "").partition("@")[0].rpartition("/")[2].partition(":")[0]
            return name in ("kubectl", "kubectl-shell", "k8s-kubectl")
    return False
