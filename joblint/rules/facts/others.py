"""Facts about objects that Jobs refer to or that restrict them, for the rules over a whole directory; knows nothing about Jobs.

For a ConfigMap or Secret only the names of its keys are kept, never a value.
"""

from __future__ import annotations

from joblint.base.record import record
from joblint.rules.facts.hook import hook_of
from joblint.rules.facts.jobs import Origin, origin_of
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeAlias

    from joblint.rules.facts.around import AroundFacts
    from joblint.rules.facts.hook import Hook
    from joblint.source.documents import Document

    Bound: TypeAlias = "RoleFacts | BindingFacts | QuotaFacts | RangeFacts | ClassFacts"
    Around: TypeAlias = "ServiceFacts | PolicyFacts | WorkloadFacts | SourceFacts | Bound"
    OtherFacts: TypeAlias = "ClaimFacts | PodFacts | ConfigFacts | AccountFacts | Around | AroundFacts"


SOURCES = ("SecretProviderClass", "ExternalSecret", "SealedSecret", "Certificate")
"""The kinds from which controllers fill Secrets or volumes."""

AROUND = ("Namespace", "PodDisruptionBudget", "ClusterQueue", "LocalQueue")
"""The kinds of joblint.rules.facts.around, which is imported only for them."""

WORKLOADS = ("Deployment", "StatefulSet")
"""The kinds of which nothing is kept but what their Pods wait for and mount."""


_NONE: dict[str, Any] = {}


@record
class ServiceFacts:
    """Facts about a Service; `by_name` says that all its target ports are names: a Pod without such a port gets no requests.
    `publishes` says that it also publishes Pods that are not ready. `ports` are its ports, each with its target port as
    written, if it has an address of its own: a name that stands for the Pods themselves (headless) or for another host has
    none."""

    origin: Origin
    headless: bool
    selector: dict[str, Any]
    hook: Hook | None = None
    by_name: bool = False
    ports: tuple[tuple[int, str], ...] = ()
    publishes: bool = False


@record
class ClaimFacts:
    """Facts about a PersistentVolumeClaim; `storage` is its storageClassName."""

    origin: Origin
    access_modes: tuple[str, ...]
    hook: Hook | None
    storage: str = ""


@record
class PodFacts:
    """Facts about a standalone Pod; `owned` if it has an owner nevertheless, or is a hook."""

    origin: Origin
    restart_policy: str
    owned: bool


@record
class ConfigFacts:
    """Facts about a ConfigMap or Secret: the names of its keys, whether it is a hook, and whether it is only an example of the
    one in the cluster: an empty Secret, one with nothing but placeholders, or a file with a telling name (secrets.example.yaml).
    `copied` says that annotations make a controller copy it into other namespaces; `unquoted` are the values that are not
    strings, as (field, value of a ConfigMap as written, type in Go). `scripts` are the
    keys whose values begin with #!, `returns` those with carriage returns before line ends, `ends` those whose values are one
    word and a line end. `type` is that of a Secret ("" for Opaque), `broken` its first key whose value is not base64, with the
    byte that Go reports ("" for none)."""

    origin: Origin
    keys: tuple[str, ...]
    hook: Hook | None
    pattern: bool = False
    copied: bool = False
    unquoted: tuple[tuple[str, str, str], ...] = ()
    scripts: tuple[str, ...] = ()
    returns: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    type: str = ""
    broken: tuple[str, int] = ("", -1)


@record
class AccountFacts:
    """Facts about a ServiceAccount; `no_token` if automountServiceAccountToken is false, `pulls` if it has imagePullSecrets."""

    origin: Origin
    hook: Hook | None
    no_token: bool = False
    pulls: bool = False


@record
class Allows:
    """A rule of a Role: API groups, resources, verbs, and the names of the objects (none: all)."""

    groups: tuple[str, ...]
    resources: tuple[str, ...]
    verbs: tuple[str, ...]
    names: tuple[str, ...]


@record
class RoleFacts:
    """Facts about a Role or ClusterRole; `aggregated` if others add to its rules."""

    origin: Origin
    allows: tuple[Allows, ...]
    aggregated: bool
    hook: Hook | None = None


@record
class BindingFacts:
    """Facts about a RoleBinding or ClusterRoleBinding: the role's kind and name, and its ServiceAccounts as (namespace,
    name); `others` if it has other subjects as well; `incomplete` is the number of the first ServiceAccount without a namespace
    (-1: none)."""

    origin: Origin
    role_kind: str
    role: str
    accounts: tuple[tuple[str, str], ...]
    others: bool
    hook: Hook | None = None
    incomplete: int = -1


@record
class QuotaFacts:
    """Facts about a ResourceQuota: its hard limits as written, and its scopes as (name, operator, values): it applies only to
    Pods that match all of them."""

    origin: Origin
    hard: dict[str, str]
    scopes: tuple[tuple[str, str, tuple[str, ...]], ...]


@record
class RangeFacts:
    """Facts about a LimitRange: for a type (`Container`, `Pod`) and a key (`min`, `max`, `default`, `defaultRequest`,
    `maxLimitRequestRatio`) the quantities as written, by resource."""

    origin: Origin
    limits: tuple[tuple[str, str, dict[str, str]], ...]


@record
class ClassFacts:
    """Facts about a PriorityClass or RuntimeClass, which have no namespace. `value`, `policy` and `default` are those of a
    PriorityClass: its number (None if it is not one), what it says on preemption, and whether it is the global default."""

    origin: Origin
    hook: Hook | None
    value: int | None = None
    policy: str = ""
    default: bool = False


@record
class WorkloadFacts:
    """Facts about a Deployment or StatefulSet: the Jobs that its Pods wait for, each with the container that does, the claims
    that its Pods mount for writing, and `pulls` as in Needs; `labels` are those of its Pods, `images` the images of their
    containers."""

    origin: Origin
    waits: tuple[tuple[str, str], ...]
    claims: tuple[str, ...]
    pulls: tuple[tuple[str, str], ...] = ()
    labels: dict[str, Any] = _NONE
    images: tuple[str, ...] = ()


@record
class SourceFacts:
    """Facts about an object from which a controller fills a Secret or a volume: the name of what it fills."""

    origin: Origin
    makes: str
    hook: Hook | None


@record
class PolicyFacts:
    """Facts about a NetworkPolicy: the labels of the Pods that it lets in. A Pod that it does not select is not isolated.
    `pods` is its selector, `ingress` and `egress` are its rules (None: it does not restrict that direction)."""

    origin: Origin
    selects: tuple[dict[str, Any], ...]
    pods: dict[str, Any]
    ingress: tuple[dict[str, Any], ...] | None
    egress: tuple[dict[str, Any], ...] | None


def facts_of_other(document: Document, prefix: str, value: dict[str, Any]) -> OtherFacts:
    """Return the facts about an object of one of the kinds in `joblint.rules.manifests.OTHERS`."""
    kind = str(value.get("kind"))
    meta, spec = as_dict(value.get("metadata")), as_dict(value.get("spec"))
    origin = origin_of(kind, document, prefix, meta, str(meta.get("name") or ""))
    annotations = as_dict(meta.get("annotations"))
    hook = hook_of(annotations) if annotations else None
    if kind in AROUND:
        from joblint.rules.facts.around import facts_around

        return facts_around(document, prefix, value)
    if kind == "Service":
        ports = [as_dict(p).get("targetPort") for p in as_list(spec.get("ports"))]
        by_name = bool(ports) and all(isinstance(p, str) for p in ports)
        headless = spec.get("clusterIP") == "None"
        own = () if headless or spec.get("type") == "ExternalName" else _ports(spec)
        publishes = spec.get("publishNotReadyAddresses") is True or any("tolerate-unready" in str(key) for key in annotations)
        return ServiceFacts(origin, headless, as_dict(spec.get("selector")), hook, by_name, own, publishes)
    if kind in WORKLOADS:
        from joblint.rules.workload.claims import claims_of
        from joblint.rules.workload.pulls import pulls_of
        from joblint.rules.workload.waiting import waits_of

        template = as_dict(spec.get("template"))
        pod = as_dict(template.get("spec"))
        labels = as_dict(as_dict(template.get("metadata")).get("labels"))
        images = tuple([str(as_dict(c).get("image") or "") for c in as_list(pod.get("containers"))])
        claims = claims_of(pod, str(meta.get("name")), spec)
        return WorkloadFacts(origin, waits_of(pod), claims, pulls_of(pod), labels, images)
    if kind in SOURCES:
        return SourceFacts(origin, _filled(kind, origin.name, spec), hook)
    if kind == "NetworkPolicy":
        types = _texts(spec, "policyTypes") or ("Ingress", *(("Egress",) if spec.get("egress") else ()))
        ways = [tuple([as_dict(r) for r in as_list(spec.get(way.lower()))]) if way in types else None for way in _WAYS]
        return PolicyFacts(origin, tuple(_selects(spec)), as_dict(spec.get("podSelector")), *ways)
    if kind == "PersistentVolumeClaim":
        modes = tuple([str(m) for m in as_list(spec.get("accessModes"))])
        return ClaimFacts(origin, modes, hook, str(spec.get("storageClassName") or ""))
    if kind in ("ConfigMap", "Secret"):
        keys = [k for field in ("data", "binaryData", "stringData") for k in as_dict(value.get(field)) if isinstance(k, str)]
        copied = any(isinstance(k, str) and k.partition("/")[0].endswith(_COPIERS) for k in annotations)
        pattern, unquoted = _is_pattern(kind, origin.file, value), tuple(_unquoted(kind, value))
        texts = {k: v for k, v in as_dict(value.get("data")).items() if isinstance(v, str)} if kind == "ConfigMap" else {}
        scripts = tuple([k for k, v in texts.items() if v.startswith("#!")])
        returns = tuple([k for k, v in texts.items() if "\r\n" in v])
        ends, named = tuple(_line_ends(kind, value)), value.get("type")
        sort = named if isinstance(named, str) and named != "Opaque" else ""
        broken = _broken(value) if kind == "Secret" and not pattern else ("", -1)
        return ConfigFacts(
            origin, tuple(dict.fromkeys(keys)), hook, pattern, copied, unquoted, scripts, returns, ends, sort, broken
        )
    if kind == "ServiceAccount":
        pulls = bool(value.get("imagePullSecrets"))
        return AccountFacts(origin, hook, value.get("automountServiceAccountToken") is False, pulls)
    if kind in ("Role", "ClusterRole"):
        rules = [as_dict(r) for r in as_list(value.get("rules"))]
        allows = [
            Allows(_texts(r, "apiGroups"), _texts(r, "resources"), _texts(r, "verbs"), _texts(r, "resourceNames")) for r in rules
        ]
        return RoleFacts(origin, tuple(allows), "aggregationRule" in value, hook)
    if kind in ("RoleBinding", "ClusterRoleBinding"):
        return _binding(origin, value, hook)
    if kind == "ResourceQuota":
        hard = {k: str(v) for k, v in as_dict(spec.get("hard")).items() if isinstance(k, str) and isinstance(v, (str, int))}
        return QuotaFacts(origin, hard, tuple(_scopes(spec)))
    if kind in ("PriorityClass", "RuntimeClass"):
        number, policy = value.get("value"), value.get("preemptionPolicy")
        given = number if isinstance(number, int) and kind == "PriorityClass" else None
        return ClassFacts(
            origin, hook, given, policy if isinstance(policy, str) else "PreemptLowerPriority", value.get("globalDefault") is True
        )
    if kind == "LimitRange":
        return RangeFacts(origin, tuple(_limits(spec)))
    # Helm creates a hook again in each run (helm test accepts Pods as well as Jobs).
    owned = bool(as_list(meta.get("ownerReferences"))) or "helm.sh/hook" in annotations
    return PodFacts(origin, str(spec.get("restartPolicy") or ""), owned)


_WAYS = ("Ingress", "Egress")
_COPIERS = ("reflector.v1.k8s.emberstack.com", "replicator.v1.mittwald.de", "appscode.com", "kubernetes-replicator", "clone")
_PATTERNS = ("template", "example", "sample", "tmpl", "placeholder", "skeleton", ".dist")
_FILLERS = ("inject", "replicate-from", "reflects")
"""How the names of labels and annotations begin that make an operator add keys: config.openshift.io/inject-trusted-cabundle."""
_STAND_INS = ("change", "replace", "your", "example", "dummy", "placeholder", "todo", "xxx", "redacted", "insert", "<", "...")


def _unquoted(kind: str, value: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for field in ("data", "stringData") if kind == "Secret" else ("data",):
        for key, held in as_dict(value.get(field)).items():
            if isinstance(held, (bool, int, float)):
                shown = str(held).lower() if isinstance(held, bool) else str(held)
                yield f"{field}.{key}", shown if kind == "ConfigMap" else "…", "bool" if isinstance(held, bool) else "number"
                return


def _broken(value: dict[str, Any]) -> tuple[str, int]:
    """The first key of a Secret's data whose value the API server cannot decode; not one that something fills in later."""
    from joblint.api.go.base64_text import corrupt_at

    for key, held in as_dict(value.get("data")).items():
        if isinstance(key, str) and isinstance(held, str) and len(held) < 10_000:
            at = corrupt_at(held)
            if at >= 0 and not any(mark in held for mark in "<>{}$[]()%*_"):
                return key, at
    return "", -1


def _line_ends(kind: str, value: dict[str, Any]) -> Iterator[str]:
    """The keys whose values are one word and a line end: a password from `echo PASSWORD | base64`, a name after `|`."""
    for field in ("data", "stringData") if kind == "Secret" else ("data",):
        for key, held in as_dict(value.get(field)).items():
            if not isinstance(key, str) or not isinstance(held, str) or len(held) > 2000:
                continue
            text = held
            if kind == "Secret" and field == "data":
                from binascii import Error, a2b_base64

                try:
                    text = a2b_base64("".join(held.split()).encode(), strict_mode=True).decode()
                except (Error, ValueError):
                    continue
            word = text.removesuffix("\n").removesuffix("\r")
            if word != text and len(word.split()) == 1 and word == word.strip() and word[0] not in "{[<":
                yield key


def _ports(spec: dict[str, Any]) -> tuple[tuple[int, str], ...]:
    """The ports of a Service; none if one of them is filled in later."""
    found = []
    for entry in as_list(spec.get("ports")):
        port = as_dict(entry).get("port")
        if not isinstance(port, int) or isinstance(port, bool):
            return ()
        found.append((port, str(as_dict(entry).get("targetPort") or port)))
    return tuple(found)


def is_example(file: str) -> bool:
    """Return whether a file's name says that it is not applied as it is: secret.example.yaml, secrets.template.yaml."""
    name = file.replace("\\", "/").rpartition("/")[2].lower()
    return any(word in name for word in _PATTERNS)


def _is_pattern(kind: str, file: str, value: dict[str, Any]) -> bool:
    """Whether the object is filled in elsewhere, so that its keys say little about those in the cluster."""
    meta = as_dict(value.get("metadata"))
    keys = [*as_dict(meta.get("annotations")), *as_dict(meta.get("labels"))]
    if is_example(file) or any(isinstance(key, str) and key.partition("/")[2].startswith(_FILLERS) for key in keys):
        return True
    if kind != "Secret":
        return False
    held = {**as_dict(value.get("data")), **as_dict(value.get("stringData"))}
    return all(isinstance(v, str) and v.strip().lower().startswith(_STAND_INS) for v in held.values())


def _allows(rule: dict[str, Any]) -> Allows:
    return Allows(_texts(rule, "apiGroups"), _texts(rule, "resources"), _texts(rule, "verbs"), _texts(rule, "resourceNames"))


def _texts(rule: dict[str, Any], field: str) -> tuple[str, ...]:
    return tuple([v for v in as_list(rule.get(field)) if isinstance(v, str)])


def _binding(origin: Origin, value: dict[str, Any], hook: Hook | None) -> BindingFacts:
    role = as_dict(value.get("roleRef"))
    accounts, others, incomplete = [], False, -1
    for n, entry in enumerate(as_list(value.get("subjects"))):
        subject = as_dict(entry)
        if subject.get("kind") == "ServiceAccount":
            accounts.append((str(subject.get("namespace") or ""), str(subject.get("name") or "")))
            incomplete = n if incomplete < 0 and not subject.get("namespace") else incomplete
        else:
            others = True
    kind, name = str(role.get("kind") or ""), str(role.get("name") or "")
    return BindingFacts(origin, kind, name, tuple(accounts), others, hook, incomplete)


def _filled(kind: str, name: str, spec: dict[str, Any]) -> str:
    """The name of the Secret that a controller creates for an object; of a SecretProviderClass, its own."""
    named = {
        "ExternalSecret": as_dict(spec.get("target")).get("name"),
        "SealedSecret": as_dict(as_dict(spec.get("template")).get("metadata")).get("name"),
        "Certificate": spec.get("secretName"),
    }.get(kind)
    return named if isinstance(named, str) and named else name


def _selects(spec: dict[str, Any]) -> list[dict[str, Any]]:
    selectors = []
    for rule in as_list(spec.get("ingress")):
        selectors += [as_dict(p).get("podSelector") for p in as_list(as_dict(rule).get("from"))]
    return [labels for s in selectors if (labels := as_dict(as_dict(s).get("matchLabels")))]


def _scopes(spec: dict[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for scope in as_list(spec.get("scopes")):
        yield str(scope), "Exists", ()
    for entry in as_list(as_dict(spec.get("scopeSelector")).get("matchExpressions")):
        wanted = as_dict(entry)
        yield str(wanted.get("scopeName")), str(wanted.get("operator")), _texts(wanted, "values")


def _limits(spec: dict[str, Any]) -> list[tuple[str, str, dict[str, str]]]:
    found = []
    for entry in as_list(spec.get("limits")):
        limit = as_dict(entry)
        for word in ("min", "max", "default", "defaultRequest", "maxLimitRequestRatio"):
            amounts = {k: str(v) for k, v in as_dict(limit.get(word)).items() if isinstance(v, (str, int))}
            if amounts:
                found.append((str(limit.get("type") or ""), word, amounts))
    return found
