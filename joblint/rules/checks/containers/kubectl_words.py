"""kubectl commands that cannot work as written: an operand without its kind, a wait for objects that are not created yet."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.errexit import asked
from joblint.rules.checks.containers.place import command_hit, short
from joblint.rules.subject import as_dict, as_list
from joblint.shell.syntax import commands
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.checks.containers.clients import Called
    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.shell.syntax import Command

_VALUES = names(
    "-n --namespace --context --timeout --for -l --selector --field-selector -o --output -f --filename -k --kustomize --cluster "
    "--user --grace-period --cascade --replicas --server -s --token --kubeconfig --request-timeout --type -p --patch --container "
    "--patch-file --current-replicas --resource-version --as --as-group --subresource --dry-run --sort-by --template -c "
    "--field-manager"
)
_SELECTS = ("-l", "--selector", "--all", "--field-selector", "-f", "--filename", "-k", "--kustomize", "--all-namespaces", "-A")
_NEED_NAME = names("wait delete scale")
_KINDS = names(
    "pod pods po job jobs deploy deployment deployments sts statefulset statefulsets ds daemonset daemonsets svc service "
    "services secret secrets cm configmap configmaps ns namespace namespaces pvc cronjob cronjobs cj node nodes no crd crds sa "
    "ingress rs replicaset replicasets pv all events event endpoints ep hpa role roles rolebinding clusterrole netpol"
)


_OWN_KINDS = names("job jobs job.batch jobs.batch pod pods po cronjob cronjobs cj all")
_SWITCHES = ("config set", "config use", "KUBECONFIG", "kubeconfig", "get-credentials", "kubens", "oc project", "oc login")
"""What makes kubectl work in another namespace or cluster than the Pod's."""
_NARROW = ("-l", "--selector", "--field-selector", "--dry-run")


def deletes_itself(s: Subject) -> Iterator[Hit]:
    """`kubectl delete jobs --all` in the Job's own namespace; one finding for each container."""
    own = str(s.metadata.get("namespace") or "")
    for i, container in enumerate(s.containers):
        if any(as_dict(e).get("name") == "KUBECONFIG" for e in as_list(container.data.get("env"))):
            continue
        for called in calls_of(s, i):
            kind = _all_of(called, own)
            text = called.script.text if kind and called.script else ""
            if kind and not any(word in text for word in _SWITCHES):
                pods = kind.startswith("po") or kind == "all"
                effect = "this Pod, whose failure is retried," if pods and kind != "all" else "this Job"
                yield call_hit(s, called, command=short(called.text), effect=effect)
                break


def _all_of(called: Called, own: str) -> str:
    """The kind of which a command deletes all objects of the namespace in which it runs; "" if it does not."""
    rest = called.rest
    if called.name not in ("kubectl", "oc") or "delete" not in rest[:3] or "--all" not in rest:
        return ""
    if any(w.partition("=")[0] in _NARROW for w in rest) or any(w.startswith(("--context", "--kubeconfig", "-s=")) for w in rest):
        return ""
    given = [b for a, b in zip(rest, rest[1:], strict=False) if a in ("-n", "--namespace")]
    given += [w.partition("=")[2] for w in rest if w.startswith("--namespace=")]
    if given and (not given[0] or given[0] != own) or "-A" in rest or "--all-namespaces" in rest:
        return ""
    operands = [w for w, _ in _operands(rest, called.texts)]
    kinds = operands[1].split(",") if len(operands) > 1 and operands[0] == "delete" else []
    return next((kind for kind in kinds if kind in _OWN_KINDS - {"cronjob", "cronjobs", "cj"}), "")


def kubectl_kind_missing(s: Subject) -> Iterator[Hit]:
    """`kubectl wait --for=… NAME`, `kubectl rollout status NAME`: the only argument is read as a kind; one finding for each
    container."""
    for i in range(len(s.containers)):
        for called in calls_of(s, i):
            found = _only_operand(s, called)
            if found:
                verb, operand = found
                kind = "job" if "complete" in called.text else "deployment" if verb.startswith("rollout") else "pod"
                yield call_hit(s, called, command=short(called.text), operand=operand, better=f"{kind}/{operand}")
                break


def _operands(rest: tuple[str, ...], texts: tuple[str, ...]) -> list[tuple[str, str]]:
    """The operands of a kubectl command: each as a word ("" if only the run knows it) and as written."""
    found, skip = [], False
    for n, word in enumerate(rest):
        written = texts[n] if n < len(texts) else word
        if word == "--":
            break
        if skip:
            skip = False
        elif written.startswith("-"):
            skip = written in _VALUES
        else:
            found.append((word, written))
    return found


def _only_operand(s: Subject, called: Called) -> tuple[str, str] | None:
    if called.name not in ("kubectl", "oc"):
        return None
    rest, texts = called.rest, called.texts or called.rest
    if any(w.partition("=")[0] in _SELECTS or w.startswith("-l") for w in texts):
        return None
    operands = _operands(rest, texts)
    verb = operands[0][0] if operands else ""
    after = operands[1:]
    if verb == "rollout" and after:
        verb, after = f"rollout {after[0][0]}", after[1:]
        if verb not in ("rollout status", "rollout restart", "rollout undo", "rollout pause", "rollout resume"):
            return None
    elif verb not in _NEED_NAME:
        return None
    if len(after) != 1 or called.script is not None and ("<" in "".join(called.command.redirects if called.command else ())):
        return None
    word, written = after[0]
    if word:
        if "/" in word or "," in word or "." in word:
            return None
        return (verb, word) if word not in _KINDS or verb != "delete" else None
    name = written.strip('"').removeprefix("${").removeprefix("$").removesuffix("}")
    if not name.replace("_", "").isalnum() or called.script is None:
        return None
    given = [a for c in commands(called.script.statements, functions=True) for a in c.assigns if a.startswith(name + "=")]
    if len(given) != 1:
        return None
    value = given[0].partition("=")[2].strip("\"'")
    bare = "jsonpath" in value and "metadata.name" in value and "/" not in value.split("jsonpath")[1]
    # What a parameter or another variable contains may name its kind: `delete_it jobs/load`.
    plain = bool(value) and not value.startswith(("$", "`")) and "/" not in value and "$(kubectl" not in value
    return (verb, f"${name}") if bare or plain else None


def wait_before_created(s: Subject) -> Iterator[Hit]:
    """`kubectl apply` and right after it `kubectl wait pod -l …`: the controller has not created the Pods yet; one finding for
    each script."""
    for script in s.scripts:
        checked: set[int] | None = None
        created: Command | None = None
        for command in commands(script.statements):
            name, rest = program(command)
            if name not in ("kubectl", "oc"):
                if name in ("sleep", "until", "helm") or command.text.startswith("["):
                    created = None
                continue
            operands = [w for w, _ in _operands(rest, command.texts[-len(rest) :] if rest else ())]
            verb = operands[0] if operands else ""
            if verb in ("apply", "create", "scale") and "--dry-run=client" not in rest:
                created = command
            elif verb == "rollout" or verb == "get" or verb == "exec":
                created = None
            elif verb == "wait" and created is not None:
                selects = any(w == "-l" or w.startswith(("-l", "--selector", "--field-selector")) for w in rest)
                pods = operands[1:2] and operands[1] in ("pod", "pods", "po")
                if selects and pods and not any("delete" in w for w in rest):
                    if checked is None:
                        checked = asked(script)
                    if command.start not in checked and not _in_loop(script.text, command.start):
                        yield command_hit(s, script, command, before=short(created.text), target=_target(created))
                        break
                created = None


def _target(created: Command) -> str:
    """The controller whose rollout to wait for, if the command names it: `deployment/web` in `kubectl scale deployment/web`."""
    name = next((t for t in created.texts[2:] if t.startswith(_WITH_ROLLOUT) and not set("$`\"'(") & set(t)), "")
    return name or "deployment/<name>"


_WITH_ROLLOUT = ("deployment/", "deploy/", "statefulset/", "sts/", "daemonset/", "ds/")


def _in_loop(text: str, start: int) -> bool:
    line = text[:start].rpartition("\n")[2]
    return "until" in line or "while" in line
