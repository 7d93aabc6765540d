"""What a kubectl command requests from the API server: verbs, API groups, resources; knows kubectl's words alone.

Source: kubectl 1.36 (k8s.io/kubectl pkg/cmd). Requests that depend on a file that kubectl reads are not known.
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence as Words

_CORE = (
    "pods po pod|services svc service|configmaps cm configmap|secrets secret|nodes no node|namespaces ns namespace|"
    "persistentvolumeclaims pvc persistentvolumeclaim|serviceaccounts sa serviceaccount|endpoints ep|events ev event|"
    "persistentvolumes pv persistentvolume|replicationcontrollers rc replicationcontroller|resourcequotas quota resourcequota"
)
_GROUPS = {
    "": _CORE,
    "apps": "deployments deploy deployment|statefulsets sts statefulset|daemonsets ds daemonset|replicasets rs replicaset",
    "batch": "jobs job|cronjobs cj cronjob",
    "networking.k8s.io": "ingresses ing ingress|networkpolicies netpol networkpolicy",
    "autoscaling": "horizontalpodautoscalers hpa horizontalpodautoscaler",
    "policy": "poddisruptionbudgets pdb poddisruptionbudget",
    "rbac.authorization.k8s.io": "roles role|rolebindings rolebinding|clusterroles clusterrole",
}
_RESOURCES = {
    word: (group, line.split()[0]) for group, lines in _GROUPS.items() for line in lines.split("|") for word in line.split()
}
_CLUSTER_WIDE = frozenset(("nodes", "namespaces", "persistentvolumes", "clusterroles", "clusterrolebindings"))
# Options that use the next word.
_TAKES = names(
    "-n --namespace -l --selector -o --output -f --filename -c --container --context --kubeconfig -s --server --as --token -p "
    "--patch --type --replicas --timeout --for --field-selector --from --sort-by --since --tail --image --schedule -k --template "
    "--grace-period --cascade --request-timeout --from-literal --from-file --patch-file --user --cluster -v --chunk-size"
)
_SEVERAL = frozenset(("-l", "--selector", "--all", "--field-selector"))
_ELSEWHERE = ("--kubeconfig", "--token", "--as=", "--server", "-s=")
UNKNOWN = "?"
"""Represents a word that is known only at run time."""

_CALLS = names(
    "apply create replace get describe delete patch label annotate exec logs wait rollout scale set edit cp run top auth"
)
"""Commands that call the API server."""

_CHANGES = ("patch", "annotate", "label", "set", "autoscale", "expose", "edit")


class Call(Record):
    """A command as messages show it, and the permissions it needs, each as (verb, group, resource, name); the name is "" for
    any, UNKNOWN if it is known only at run time. The group is UNKNOWN for a resource that is not one of Kubernetes' own.
    `namespace` is that of -n ("" if it is not given).

    `deletes` are the objects, each as (group, resource), whose deletion the command waits for; `waits` says that the command
    line asks for it (`--wait`), which is the default as well. `selector` is that of -l, `container` that of -c, `source` the
    object of --from, each "" if it is not given or known only at run time; `verb` is the command.
    """

    told: str
    needs: tuple[tuple[str, str, str, str], ...]
    namespace: str
    deletes: tuple[tuple[str, str], ...] = ()
    waits: bool = False
    selector: str = ""
    container: str = ""
    source: str = ""
    verb: str = ""


def call(program: str, rest: Words[str]) -> Call | None:
    """Return what a command needs; None if it is not a kubectl command, or not one that calls the API server. The needs are
    empty if they are not known."""
    if program not in ("kubectl", "oc") or any(w.startswith(_ELSEWHERE) for w in rest):
        return None
    words, options = _parted(rest)
    if not words or "--as" in options or "-s" in options or "--context" in options:
        return None
    if UNKNOWN in words[: 1 if words[0] in ("exec", "logs") else 2]:
        return None
    namespace = options.get("-n") or options.get("--namespace") or ""
    if "-n" in options and not namespace or "--namespace" in options and not namespace:
        return None  # known only at run time
    flags = frozenset([w for w in rest if w.startswith("-")])
    if flags & {"-A", "--all-namespaces"}:
        namespace = "*"
    needs = _needs(words, options, flags)
    if not needs and not _asks_the_server(words, options):
        return None
    told = " ".join([program, *["…" if w == UNKNOWN else w for w in words]])
    waiting = (options["--wait"] or "true") if "--wait" in options else ""
    if words[0] != "delete" or not needs or waiting.lower() in ("false", "f", "0") or "--dry-run" in options:
        return Call(told, needs, namespace, (), False, *_named(options), words[0])
    deletes = tuple(dict.fromkeys([(g, r) for verb, g, r, _ in needs if verb == "delete"]))
    return Call(told, needs, namespace, deletes, bool(waiting) or "--timeout" in options, *_named(options), words[0])


def verb_of(rest: Words[str]) -> str:
    """Return the command of kubectl's arguments: their first word that is not an option or the value of one; "" if there is
    none."""
    return next(iter(_parted(rest)[0]), "")


def _named(options: dict[str, str]) -> tuple[str, str, str]:
    return (
        options.get("-l") or options.get("--selector") or "",
        options.get("-c") or options.get("--container") or "",
        options.get("--from") or "",
    )


def _asks_the_server(words: list[str], options: dict[str, str]) -> bool:
    """Whether a command whose needs are not known calls the API server."""
    if words[0] not in _CALLS or "--dry-run" in options or "--local" in options:
        return False
    return len(words) > 1 or not {"-f", "--filename", "-k", "-l", "--selector"}.isdisjoint(options)


def _parted(rest: Words[str]) -> tuple[list[str], dict[str, str]]:
    words: list[str] = []
    options: dict[str, str] = {}
    at = 0
    while at < len(rest):
        word = rest[at]
        if word == "--":
            break
        if word.startswith("-") and len(word) > 1:
            name, sign, value = word.partition("=")
            if not sign and name in _TAKES and at + 1 < len(rest):
                at += 1
                value = rest[at]
            elif not name.startswith("--") and len(name) > 2 and name[:2] in ("-n", "-l", "-o"):
                name, value = name[:2], name[2:]
            options[name] = value
        else:
            words.append(word or UNKNOWN)
        at += 1
    return words, options


def _needs(words: list[str], options: dict[str, str], flags: frozenset[str]) -> tuple[tuple[str, str, str, str], ...]:
    verb, rest = words[0], words[1:]
    if "-f" in options or "--filename" in options or "-k" in options:
        return ()
    if verb == "rollout" and len(rest) > 1:
        targets = _targets(rest[1:])
        step = rest[0]
        if step == "status":
            return _all(targets, ("get", "list", "watch"))
        return _all(targets, ("get", "patch") if step in ("restart", "undo", "pause", "resume") else ("get",))
    if verb == "create" and rest:
        return _created(rest, options)
    if verb == "exec" and rest:
        return (*_pod(rest[0]), ("create", "", "pods/exec", _pod_name(rest[0])))
    if verb == "logs" and (rest or "-l" in options or "--selector" in options):
        return (
            *(_pod(rest[0]) if rest else (("list", "", "pods", ""),)),
            ("get", "", "pods/log", _pod_name(rest[0]) if rest else UNKNOWN),
        )
    if verb == "scale":
        targets = _targets(rest)
        return (*_all(targets, ("get",)), *[("patch", g, r + "/scale", n) for g, r, n in targets])
    if verb == "wait":
        return _all(_targets(rest), ("get", "list", "watch"))
    if verb == "set" and len(rest) > 1:
        return _all(_targets(rest[1:2]), ("get", "patch"))
    if verb in _CHANGES:
        return _all(_targets(rest[:2]), ("get", "patch")) if verb in ("patch", "annotate", "label") else ()
    if verb in ("get", "describe", "delete"):
        targets = _targets(rest)
        first = "delete" if verb == "delete" else "get"
        given = {*options, *flags}
        many = not all(n for _, _, n in targets) or not _SEVERAL.isdisjoint(given)
        if verb == "delete":
            return _all(targets, ("list", "delete") if many else ("delete",))
        return _all([(g, r, "") for g, r, _ in targets] if many else targets, ("list",) if many else (first,))
    return ()


_POD = ("pod", "pods", "po")


def _pod(word: str) -> tuple[tuple[str, str, str, str], ...]:
    """What finds the Pod of `NAME`, `pod/NAME` or `deploy/NAME`: kubectl reads the object, and then lists its Pods
    (pkg/polymorphichelpers/attachablepodforobject.go, logsforobject.go)."""
    if word == UNKNOWN:
        return ()
    kind, slash, name = word.partition("/")
    if not slash or kind in _POD:
        return (("get", "", "pods", _pod_name(word)),)
    target = _targets([word])
    return (*_all(target, ("get",)), ("list", "", "pods", "")) if target and name else ()


def _pod_name(word: str) -> str:
    """The name of the Pod in `NAME` or `pod/NAME`; UNKNOWN for one that kubectl picks."""
    kind, slash, name = word.partition("/")
    return word if not slash else name if kind in _POD else UNKNOWN


def _created(rest: list[str], options: dict[str, str]) -> tuple[tuple[str, str, str, str], ...]:
    if any(o.startswith("--dry-run") for o in options):
        return ()
    if rest[0] == "job" and "--from" in options:
        kind, _, name = options["--from"].partition("/")
        group, resource = _RESOURCES.get(kind, ("", ""))
        source = (("get", group, resource, name),) if resource else ()
        return (*source, ("create", "batch", "jobs", ""))
    group, resource = _RESOURCES.get(rest[0], ("", ""))
    return (("create", group, resource, ""),) if resource else ()


def _targets(words: list[str]) -> list[tuple[str, str, str]]:
    """(group, resource, name) of `pods x y`, `pod/x`, `deploy,svc`; none if one is not known."""
    if not words:
        return []
    found: list[tuple[str, str, str]] = []
    if "/" in words[0]:
        for word in words:
            kind, _, name = word.partition("/")
            found.append((*_resource(kind), name))
        return found
    for kind in words[0].split(","):
        resource = _resource(kind)
        named = [w for w in words[1:] if "=" not in w and not w.endswith("-")]
        found.extend([(*resource, name) for name in named] or [(*resource, "")])
    return found


def _resource(kind: str) -> tuple[str, str]:
    """(group, resource) of `pods`, `deploy`, `deployments.apps`, `deployments.v1.apps`; (UNKNOWN, the word) for any other."""
    plain = kind.lower()
    if plain in _RESOURCES:
        return _RESOURCES[plain]
    name, _, group = plain.partition(".")
    known = _RESOURCES.get(name)
    if known is not None and group:
        parts = group.split(".")
        if group == known[0] or ".".join(parts[1:]) == known[0]:
            return known
    return UNKNOWN, plain


def resource_of(word: str) -> tuple[str, str] | None:
    """Return (group, resource) of a kind, such as configmap; None if it is not known."""
    return _RESOURCES.get(word)


def _all(targets: list[tuple[str, str, str]], verbs: tuple[str, ...]) -> tuple[tuple[str, str, str, str], ...]:
    return tuple([(verb, group, resource, name) for group, resource, name in targets for verb in verbs])


def is_cluster_wide(resource: str) -> bool:
    """Whether a resource is cluster-scoped, so that a RoleBinding gives no access to it."""
    return resource.partition("/")[0] in _CLUSTER_WIDE
