"""What a kubectl command requests from the API server: verbs, API groups, resources; knows kubectl's words alone.

Source: kubectl 1.36 (k8s.io/kubectl pkg/cmd). Requests that depend on a file that kubectl reads are not known.
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.base.record import record

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

_CHANGES = ("patch", "annotate", "label", "set", "autoscale", "expose", "edit")


@record
class Call:
    """A command as messages show it, and the permissions it needs, each as (verb, group, resource, name); the name is "" for
    any, UNKNOWN if it is known only at run time. `namespace` is that of -n ("" if it is not given)."""

    told: str
    needs: tuple[tuple[str, str, str, str], ...]
    namespace: str


def call(program: str, rest: Words[str]) -> Call | None:
    """Return what a command needs; None if it is not a kubectl command, or if its needs are not known."""
    if program not in ("kubectl", "oc") or any(w.startswith(_ELSEWHERE) for w in rest):
        return None
    words, options = _parted(rest)
    if not words or UNKNOWN in words[:2] or "--as" in options or "-s" in options or "--context" in options:
        return None
    namespace = options.get("-n") or options.get("--namespace") or ""
    if "-n" in options and not namespace or "--namespace" in options and not namespace:
        return None  # known only at run time
    flags = frozenset([w for w in rest if w.startswith("-")])
    if flags & {"-A", "--all-namespaces"}:
        namespace = "*"
    needs = _needs(words, options, flags)
    told = " ".join([program, *["…" if w == UNKNOWN else w for w in words]])
    return Call(told, needs, namespace) if needs else None


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
        return (("get", "", "pods", ""), ("create", "", "pods/exec", "")) if "/" not in rest[0] or _is_pod(rest[0]) else ()
    if verb == "logs" and rest:
        return (("get", "", "pods/log", ""),) if "/" not in rest[0] or _is_pod(rest[0]) else ()
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


def _is_pod(word: str) -> bool:
    return word.partition("/")[0] in ("pod", "pods", "po")


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
            resource = _resource(kind)
            if resource is None:
                return found
            found.append((*resource, name))
        return found
    for kind in words[0].split(","):
        resource = _resource(kind)
        if resource is None:
            return []
        named = [w for w in words[1:] if "=" not in w and not w.endswith("-")]
        found.extend([(*resource, name) for name in named] or [(*resource, "")])
    return found


def _resource(kind: str) -> tuple[str, str] | None:
    plain = kind.lower()
    if plain in _RESOURCES:
        return _RESOURCES[plain]
    name, _, group = plain.partition(".")
    known = _RESOURCES.get(name)
    if known is not None and group:
        parts = group.split(".")
        return known if group == known[0] or ".".join(parts[1:]) == known[0] else None
    return None


def _all(targets: list[tuple[str, str, str]], verbs: tuple[str, ...]) -> tuple[tuple[str, str, str, str], ...]:
    return tuple([(verb, group, resource, name) for group, resource, name in targets for verb in verbs])


def is_cluster_wide(resource: str) -> bool:
    """Whether a resource is cluster-scoped, so that a RoleBinding gives no access to it."""
    return resource.partition("/")[0] in _CLUSTER_WIDE
