"""The requests to the API server that the containers of an object make with kubectl, helm or curl; no texts."""

from __future__ import annotations

from joblint.rules.subject import as_dict, as_list
from joblint.shell.api_urls import api_call
from joblint.shell.helm import helm_call
from joblint.shell.images import entrypoint
from joblint.shell.kubectl import UNKNOWN, Call, call
from joblint.shell.syntax import Command, Pipe, children, commands
from joblint.shell.weight import behind_xargs, program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.subject import ContainerRef, Subject
    from joblint.shell.syntax import Node


def calls_of(s: Subject) -> Iterator[tuple[Call, str]]:
    """Yield the requests, each with its field; containers that have a kubeconfig of their own are left out."""
    others = {container.at for container in s.containers if _has_kubeconfig(container)}
    for container, run in zip(s.containers, s.runs, strict=True):
        if run.words and run.script < 0 and container.at not in others:
            words = (run.name, *run.rest)
            if not run.sure and run.words[0] not in ("kubectl", "oc"):
                words = ("kubectl", *run.words) if _is_kubectl(s, run.fields[0]) else ()
            if (
                not words
                and run.words[0] != "helm"
                and not run.sure
                and entrypoint(str(container.data.get("image") or "")) == "helm"
            ):
                words = ("helm", *run.words)
            found = (helm_call(words[1:]) if words[0] == "helm" else call(words[0], words[1:])) if words else None
            if found is not None:
                yield found, run.fields[run.program]
            for each in _of_python(run.name, run.rest):
                yield each, run.fields[run.program]
    for script in s.scripts:
        if (
            script.container.at in others
            or "KUBECONFIG" in script.text
            or "HELM_DRIVER" in script.text
            or "config set-c" in script.text
        ):
            continue
        for found in _applied(script.statements, s.kind == "CronJob"):
            yield found, script.field
        left = list(commands(script.statements, functions=True))
        while left:
            command = left.pop(0)
            name, rest = program(command)
            if name == "xargs":
                words = behind_xargs(command.words)
                # What xargs appends is known only to the run.
                name, rest = (words[0], (*words[1:], UNKNOWN)) if words[0] != "xargs" else (name, rest)
            found = api_call(command.texts) if name == "curl" else helm_call(rest) if name == "helm" else call(name, rest)
            if found is not None:
                yield found, script.field
            for each in _of_python(name, rest):
                yield each, script.field
            for inner in command.inner:
                left.extend(commands(inner, functions=True))


def _of_python(name: str, rest: tuple[str, ...]) -> Iterator[Call]:
    """The calls of the client for Python in `python -c`."""
    if name.startswith("python") and "-c" in rest[:4] and rest.index("-c") + 1 < len(rest):
        from joblint.shell.python_client import client_calls

        yield from client_calls(rest[rest.index("-c") + 1])


def _applied(node: Node, again: bool) -> Iterator[Call]:
    """`kubectl create KIND … --dry-run=client -o yaml | kubectl apply -f -`; `again` if the object exists in later runs."""
    left = [node]
    while left:
        each = left.pop()
        if not isinstance(each, Pipe):
            left.extend(reversed(children(each)))
            continue
        ends = (each.parts[0], each.parts[-1])
        first, last = [program(p) if isinstance(p, Command) else ("", ()) for p in ends]
        piped = first[0] == last[0] == "kubectl" and any(w.startswith("--dry-run") for w in first[1]) and "apply" in last[1][:4]
        if piped:
            plain = tuple([w for w in first[1] if not w.startswith("--dry-run")])
            made = call("kubectl", plain)
            needs = [n for n in made.needs if n[0] == "create"] if made is not None else []
            if made is not None and needs:
                _, group, resource, _ = needs[0]
                name = _created_name(plain)
                verbs = ("get", "create", "patch") if again else ("get", "create")
                known = tuple([(verb, group, resource, "" if verb == "create" else name) for verb in verbs])
                yield Call("kubectl apply", known, made.namespace, verb="apply")


def _created_name(words: tuple[str, ...]) -> str:
    """The name of the object in `create configmap NAME`, `create secret generic NAME`; UNKNOWN for any other order of words. A
    rule with resourceNames never allows `create`, so that roles list the names only with the other verbs."""
    left = list(words[words.index("create") + 1 :]) if "create" in words else []
    if left[:1] == ["secret"] or left and left[0].startswith("-"):
        left = left[1:] if left[1:2] and left[1] in ("generic", "tls", "docker-registry") else []
    name = left[1] if len(left) > 1 else UNKNOWN
    return name if name and not name.startswith("-") and UNKNOWN not in name else UNKNOWN


def _has_kubeconfig(container: ContainerRef) -> bool:
    """Whether kubectl in a container has credentials of its own, for this cluster or another, instead of the account's."""
    return any(as_dict(e).get("name") in ("KUBECONFIG", "HELM_DRIVER") for e in as_list(container.data.get("env")))


def _is_kubectl(s: Subject, field: str) -> bool:
    """Whether the container of a field has an image whose entrypoint is kubectl."""
    for container in s.containers:
        if field.startswith(container.at + "."):
            name = str(container.data.get("image") or "").partition("@")[0].rpartition("/")[2].partition(":")[0]
            return name in ("kubectl", "kubectl-shell", "k8s-kubectl")
    return False
