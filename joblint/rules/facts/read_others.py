"""Reading the facts about objects that Jobs refer to or that restrict them, by their kind; knows nothing about Jobs."""

from __future__ import annotations

from joblint.base.record import Record
from joblint.rules.facts.hook import hook_of
from joblint.rules.facts.made import keys_made
from joblint.rules.facts.origin import origin_of
from joblint.rules.facts.others import (
    AccountFacts,
    Allows,
    BindingFacts,
    ClaimFacts,
    ClassFacts,
    PodFacts,
    PolicyFacts,
    QuotaFacts,
    RangeFacts,
    RoleFacts,
    ServiceFacts,
    SourceFacts,
    WorkloadFacts,
)
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from joblint.rules.facts.around import AroundFacts
    from joblint.rules.facts.hook import Hook
    from joblint.rules.facts.origin import Origin
    from joblint.rules.facts.others import ConfigFacts, OtherFacts
    from joblint.source.documents import Document


class Written(Record):
    """An object as written, with where it comes from and the hook that it is (None if it is none)."""

    origin: Origin
    value: dict[str, Any]
    meta: dict[str, Any]
    spec: dict[str, Any]
    hook: Hook | None


def facts_of_other(document: Document, prefix: str, value: dict[str, Any]) -> OtherFacts:
    """Return the facts about an object of one of the kinds in `joblint.rules.manifests.OTHERS`."""
    kind, meta = str(value.get("kind")), as_dict(value.get("metadata"))
    annotations = as_dict(meta.get("annotations"))
    origin = origin_of(kind, document, prefix, meta, str(meta.get("name") or ""))
    return _READ[kind](Written(origin, value, meta, as_dict(value.get("spec")), hook_of(annotations) if annotations else None))


def _around(o: Written) -> AroundFacts:
    from joblint.rules.facts.around import facts_around

    return facts_around(o.origin, o.value)


def _service(o: Written) -> ServiceFacts:
    ports = [as_dict(p).get("targetPort") for p in as_list(o.spec.get("ports"))]
    by_name = bool(ports) and all(isinstance(p, str) for p in ports)
    headless = o.spec.get("clusterIP") == "None"
    own = () if headless or o.spec.get("type") == "ExternalName" else _ports(o.spec)
    annotations = as_dict(o.meta.get("annotations"))
    publishes = o.spec.get("publishNotReadyAddresses") is True or any("tolerate-unready" in str(key) for key in annotations)
    return ServiceFacts(o.origin, headless, as_dict(o.spec.get("selector")), o.hook, by_name, own, publishes)


def _ports(spec: dict[str, Any]) -> tuple[tuple[int, str], ...]:
    """The ports of a Service; none if one of them is filled in later."""
    found = []
    for entry in as_list(spec.get("ports")):
        port = as_dict(entry).get("port")
        if not isinstance(port, int) or isinstance(port, bool):
            return ()
        found.append((port, str(as_dict(entry).get("targetPort") or port)))
    return tuple(found)


def _workload(o: Written) -> WorkloadFacts:
    from joblint.rules.workload.claims import claims_of
    from joblint.rules.workload.pulls import pulls_of
    from joblint.rules.workload.waiting import waits_of

    template = as_dict(o.spec.get("template"))
    pod = as_dict(template.get("spec"))
    labels = as_dict(as_dict(template.get("metadata")).get("labels"))
    images = tuple([str(as_dict(c).get("image") or "") for c in as_list(pod.get("containers"))])
    claims = claims_of(pod, str(o.meta.get("name")), o.spec)
    every = [*as_list(pod.get("containers")), *as_list(pod.get("initContainers"))]
    inside = tuple([str(as_dict(c).get("name") or "") for c in every])
    return WorkloadFacts(o.origin, waits_of(pod), claims, pulls_of(pod), labels, images, inside, _templated(o))


def _templated(o: Written) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = []
    for template in as_list(o.spec.get("volumeClaimTemplates")):
        name = as_dict(as_dict(template).get("metadata")).get("name")
        modes = as_list(as_dict(as_dict(template).get("spec")).get("accessModes"))
        found.append((f"{name}-{o.origin.name}-0", tuple([str(m) for m in modes])))
    return tuple(found)


def _source(o: Written) -> SourceFacts:
    """The name is that of the Secret that a controller creates for the object; of a SecretProviderClass, its own."""
    named = {
        "ExternalSecret": as_dict(o.spec.get("target")).get("name"),
        "SealedSecret": as_dict(as_dict(o.spec.get("template")).get("metadata")).get("name"),
        "Certificate": o.spec.get("secretName"),
    }.get(o.origin.kind)
    keys = keys_made(o.origin.kind, o.spec)
    return SourceFacts(o.origin, named if isinstance(named, str) and named else o.origin.name, o.hook, keys)


def _policy(o: Written) -> PolicyFacts:
    group = str(o.value.get("apiVersion") or "").partition("/")[0]
    if group == "kyverno.io":
        generates = [as_dict(as_dict(rule).get("generate")).get("kind") for rule in as_list(o.spec.get("rules"))]
        return PolicyFacts(o.origin, (), {}, None, None, any("NetworkPolicy" in str(kind) for kind in generates))
    if group not in ("networking.k8s.io", "extensions"):
        return PolicyFacts(o.origin, (), {}, None, None, o.origin.kind.endswith("NetworkPolicy"))
    types = _texts(o.spec, "policyTypes") or ("Ingress", *(("Egress",) if o.spec.get("egress") else ()))
    ways = [
        tuple([as_dict(r) for r in as_list(o.spec.get(way.lower()))]) if way in types else None for way in ("Ingress", "Egress")
    ]
    return PolicyFacts(o.origin, tuple(_selects(o.spec)), as_dict(o.spec.get("podSelector")), ways[0], ways[1])


def _selects(spec: dict[str, Any]) -> list[dict[str, Any]]:
    selectors = []
    for rule in as_list(spec.get("ingress")):
        selectors += [as_dict(p).get("podSelector") for p in as_list(as_dict(rule).get("from"))]
    return [labels for s in selectors if (labels := as_dict(as_dict(s).get("matchLabels")))]


def _claim(o: Written) -> ClaimFacts:
    modes = tuple([str(m) for m in as_list(o.spec.get("accessModes"))])
    return ClaimFacts(o.origin, modes, o.hook, str(o.spec.get("storageClassName") or ""))


def _config(o: Written) -> ConfigFacts:
    from joblint.rules.facts.configs import config_facts

    return config_facts(o.origin, o.value, o.hook)


def _account(o: Written) -> AccountFacts:
    pulls = bool(o.value.get("imagePullSecrets"))
    return AccountFacts(o.origin, o.hook, o.value.get("automountServiceAccountToken") is False, pulls)


def _role(o: Written) -> RoleFacts:
    allows = [_allows(as_dict(rule)) for rule in as_list(o.value.get("rules"))]
    return RoleFacts(o.origin, tuple(allows), "aggregationRule" in o.value, o.hook)


def _allows(rule: dict[str, Any]) -> Allows:
    return Allows(_texts(rule, "apiGroups"), _texts(rule, "resources"), _texts(rule, "verbs"), _texts(rule, "resourceNames"))


def _binding(o: Written) -> BindingFacts:
    role = as_dict(o.value.get("roleRef"))
    accounts, others, incomplete = [], False, -1
    for n, entry in enumerate(as_list(o.value.get("subjects"))):
        subject = as_dict(entry)
        if subject.get("kind") == "ServiceAccount":
            accounts.append((str(subject.get("namespace") or ""), str(subject.get("name") or "")))
            incomplete = n if incomplete < 0 and not subject.get("namespace") else incomplete
        else:
            others = True
    kind, name = str(role.get("kind") or ""), str(role.get("name") or "")
    return BindingFacts(o.origin, kind, name, tuple(accounts), others, o.hook, incomplete)


def _quota(o: Written) -> QuotaFacts:
    hard = {k: str(v) for k, v in as_dict(o.spec.get("hard")).items() if isinstance(k, str) and isinstance(v, (str, int))}
    return QuotaFacts(o.origin, hard, tuple(_scopes(o.spec)))


def _scopes(spec: dict[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for scope in as_list(spec.get("scopes")):
        yield str(scope), "Exists", ()
    for entry in as_list(as_dict(spec.get("scopeSelector")).get("matchExpressions")):
        wanted = as_dict(entry)
        yield str(wanted.get("scopeName")), str(wanted.get("operator")), _texts(wanted, "values")


def _class(o: Written) -> ClassFacts:
    number, policy = o.value.get("value"), o.value.get("preemptionPolicy")
    given = number if isinstance(number, int) and o.origin.kind == "PriorityClass" else None
    preempts = policy if isinstance(policy, str) else "PreemptLowerPriority"
    return ClassFacts(o.origin, o.hook, given, preempts, o.value.get("globalDefault") is True)


def _range(o: Written) -> RangeFacts:
    return RangeFacts(o.origin, tuple(_limits(o.spec)))


def _limits(spec: dict[str, Any]) -> list[tuple[str, str, dict[str, str]]]:
    found = []
    for entry in as_list(spec.get("limits")):
        limit = as_dict(entry)
        for word in ("min", "max", "default", "defaultRequest", "maxLimitRequestRatio"):
            amounts = {k: str(v) for k, v in as_dict(limit.get(word)).items() if isinstance(v, (str, int))}
            if amounts:
                found.append((str(limit.get("type") or ""), word, amounts))
    return found


def _pod(o: Written) -> PodFacts:
    # Helm creates a hook again in each run (helm test accepts Pods as well as Jobs).
    owned = bool(as_list(o.meta.get("ownerReferences"))) or "helm.sh/hook" in as_dict(o.meta.get("annotations"))
    return PodFacts(o.origin, str(o.spec.get("restartPolicy") or ""), owned)


def _texts(rule: dict[str, Any], field: str) -> tuple[str, ...]:
    return tuple([v for v in as_list(rule.get(field)) if isinstance(v, str)])


_READ: dict[str, Callable[[Written], OtherFacts]] = {
    **dict.fromkeys(("Namespace", "PodDisruptionBudget", "ClusterQueue", "LocalQueue", "Kustomization"), _around),
    **dict.fromkeys(("ConfigMap", "Secret"), _config),
    **dict.fromkeys(("Deployment", "StatefulSet"), _workload),
    **dict.fromkeys(("PriorityClass", "RuntimeClass"), _class),
    **dict.fromkeys(("Role", "ClusterRole"), _role),
    **dict.fromkeys(("RoleBinding", "ClusterRoleBinding"), _binding),
    # Controllers fill Secrets or volumes from these.
    **dict.fromkeys(("SecretProviderClass", "ExternalSecret", "SealedSecret", "Certificate"), _source),
    "LimitRange": _range,
    **dict.fromkeys(("NetworkPolicy", "CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"), _policy),
    **dict.fromkeys(("GlobalNetworkPolicy", "AdminNetworkPolicy", "ClusterPolicy", "Policy"), _policy),
    "PersistentVolumeClaim": _claim,
    "Pod": _pod,
    "ResourceQuota": _quota,
    "Service": _service,
    "ServiceAccount": _account,
}
