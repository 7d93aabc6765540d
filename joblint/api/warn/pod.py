"""The API server's warnings about a Pod template that it accepts; knows the decoded, defaulted template and feature gates.

Source: Kubernetes 1.36.3 pkg/api/pod/warnings.go warningsForPodSpecAndMeta, pkg/api/node/util.go.
"""

from __future__ import annotations

from joblint.api.shared_names import ALL_CONTAINER_LISTS
from joblint.base.memo import memo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from joblint.api.version.versions import Gates

_DEPRECATED_NODE_LABELS = {
    "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
    "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
    "failure-domain.beta.kubernetes.io/region": 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
    "failure-domain.beta.kubernetes.io/zone": 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
    "beta.kubernetes.io/instance-type": 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
    "app.kubernetes.io/created-by": "deprecated since v1.9",
    "scheduler.alpha.kubernetes.io/preferAvoidPods": "deprecated since v1.22; use Taints and Tolerations instead",
    "node-role.kubernetes.io/master": 'use "node-role.kubernetes.io/control-plane" instead',
}
_DEPRECATED_ANNOTATIONS = {
    "scheduler.alpha.kubernetes.io/critical-pod": 'non-functional in v1.16+; use the "priorityClassName" field instead',
    "security.alpha.kubernetes.io/sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
    "security.alpha.kubernetes.io/unsafe-sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
}
_NO_SECCOMP = 'non-functional in v1.27+; use the "seccompProfile" field instead'
_SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod"
_SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"
_APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/"
_NULL_SELECTOR = "a null labelSelector results in matching no pod"
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
_BYTES = ("memory", "ephemeral-storage")


def warnings_for_pod_template(path: str, template: dict[str, Any], gates: Gates) -> list[str]:
    """Every warning about the template at `path` ("spec.template"), in the server's order but for the order of maps."""
    spec, found = template.get("spec") or {}, []
    annotations = (template.get("metadata") or {}).get("annotations") or {}
    get, here = spec.get, f"{path}.spec"
    for key in get("nodeSelector") or ():
        if key in _DEPRECATED_NODE_LABELS:
            found.append(f"{here}.nodeSelector[{key}]: {_DEPRECATED_NODE_LABELS[key]}")
    affinity = get("affinity")
    if affinity:
        found += _node_affinity(affinity.get("nodeAffinity") or {}, f"{here}.affinity.nodeAffinity", gates)
    for i, constraint in enumerate(get("topologySpreadConstraints") or ()):
        key = constraint.get("topologyKey") or ""
        if key in _DEPRECATED_NODE_LABELS:
            found.append(f"{here}.topologySpreadConstraints[{i}].topologyKey: {key} is {_DEPRECATED_NODE_LABELS[key]}")
        if constraint.get("labelSelector") is None:
            found.append(f"{here}.topologySpreadConstraints[{i}].labelSelector: {_NULL_SELECTOR}")
    for key in annotations:
        if key in _DEPRECATED_ANNOTATIONS:
            found.append(f"{path}.metadata.annotations[{key}]: {_DEPRECATED_ANNOTATIONS[key]}")
    if volumes := get("volumes"):
        from joblint.api.warn.volume import warnings_for_volumes

        found += warnings_for_volumes(f"{here}.volumes", volumes, gates)
    found += _duplicates(spec, here)
    if overhead := get("overhead"):
        found += _fractions(overhead, f"{here}.overhead")
    if annotations:
        found += _security_annotations(annotations, spec, path)
    ports = False
    for container, where in _containers(spec, here):
        found += _container(container, where)
        ports = ports or "ports" in container
    if ports:
        found += _ports(spec, here, gates)
    grace = get("terminationGracePeriodSeconds")
    if grace is not None and grace < 0:
        where = f"{here}.terminationGracePeriodSeconds"
        found.append(f"{where}: must be >= 0; negative values are invalid and will be treated as 1")
    if affinity:
        found += _pod_affinity(affinity, f"{here}.affinity")
    servers, aliases = (get("dnsConfig") or {}).get("nameservers"), get("hostAliases")
    if servers or aliases:
        found += _addresses(servers or (), aliases or (), here, gates)
    return found


def _addresses(servers: Sequence[str], aliases: Sequence[dict[str, Any]], path: str, gates: Gates) -> list[str]:
    """Addresses that are accepted although they are not in their standard form."""
    if not gates.has("AddressWarnings"):
        return []
    from joblint.api.go.ip import warning_for_ip

    found: list[str] = []
    for i, server in enumerate(servers):
        found += warning_for_ip(f"{path}.dnsConfig.nameservers[{i}]", server)
    for i, alias in enumerate(aliases):
        found += warning_for_ip(f"{path}.hostAliases[{i}].ip", alias.get("ip") or "")
    if gates.has("AddressWarningSaysInvalid"):
        return found
    return [text.replace(" is invalid: use", " will be considered invalid in a future Kubernetes release: use") for text in found]


def _containers(spec: dict[str, Any], path: str) -> Iterator[tuple[dict[str, Any], str]]:
    for field in ALL_CONTAINER_LISTS:
        for i, container in enumerate(spec.get(field) or ()):
            yield container, f"{path}.{field}[{i}]"


def _node_affinity(node: dict[str, Any], path: str, gates: Gates) -> list[str]:
    found: list[str] = []
    values = gates.has("NodeAffinityValuesChecked")
    for i, term in enumerate((node.get(_REQUIRED) or {}).get("nodeSelectorTerms") or ()):
        found += _node_term(term, f"{path}.{_REQUIRED}.nodeSelectorTerms[{i}]", values=False)
    for i, term in enumerate(node.get(_PREFERRED) or ()):
        found += _node_term(term.get("preference") or {}, f"{path}.{_PREFERRED}[{i}].preference", values)
    return found


def _node_term(term: dict[str, Any], path: str, values: bool) -> list[str]:
    from joblint.api.validate.meta.names import is_valid_label_value

    found = []
    for i, requirement in enumerate(term.get("matchExpressions") or ()):
        key = requirement.get("key") or ""
        if key in _DEPRECATED_NODE_LABELS:
            found.append(f"{path}.matchExpressions[{i}].key: {key} is {_DEPRECATED_NODE_LABELS[key]}")
        for j, value in enumerate(requirement.get("values") or () if values else ()):
            for message in is_valid_label_value(value):
                found.append(f"{path}.matchExpressions[{i}].values[{j}]: {value} is invalid, {message}")
    return found


def _pod_affinity(affinity: dict[str, Any], path: str) -> list[str]:
    found = []
    for part in ("podAffinity", "podAntiAffinity"):
        pods = affinity.get(part) or {}
        for i, term in enumerate(pods.get(_REQUIRED) or ()):
            if term.get("labelSelector") is None:
                found.append(f"{path}.{part}.{_REQUIRED}[{i}].labelSelector: {_NULL_SELECTOR}")
        for i, weighted in enumerate(pods.get(_PREFERRED) or ()):
            if (weighted.get("podAffinityTerm") or {}).get("labelSelector") is None:
                found.append(f"{path}.{part}.{_PREFERRED}[{i}].podAffinityTerm.labelSelector: {_NULL_SELECTOR}")
    return found


def _duplicates(spec: dict[str, Any], path: str) -> list[str]:
    """hostAliases by address and imagePullSecrets by name; of the latter also the empty ones."""
    found: list[str] = []
    for field, key in (("hostAliases", "ip"), ("imagePullSecrets", "name")):
        items = spec.get(field)
        if not items:
            continue
        from joblint.api.errors import go_quote

        seen: set[str] = set()
        for i, item in enumerate(items):
            value = item.get(key) or ""
            if value in seen:
                found.append(f"{path}.{field}[{i}].{key}: duplicate {key} {go_quote(value)}")
            seen.add(value)
        if field == "imagePullSecrets":
            found += [f'{path}.{field}[{i}].name: invalid empty name ""' for i, item in enumerate(items) if not item.get("name")]
    return found


def _fractions(amounts: dict[str, Any], path: str) -> list[str]:
    """Quantities of bytes that are not whole numbers."""
    found = []
    for name in _BYTES:
        if name not in amounts or _is_whole(amounts[name]):
            continue
        from joblint.api.go.quantity import from_json

        amount = from_json(amounts[name])
        if amount.milli_value() % 1000:
            found.append(f'{path}[{name}]: fractional byte value "{amount}" is invalid, must be an integer')
    return found


@memo(1 << 10)
def _is_whole(amount: str) -> bool:
    """Whether it is plain that this is a number of whole bytes, as nearly all are: digits, perhaps with Ki to Gi or k to G."""
    digits = amount.removesuffix("i").rstrip("kKMG")
    return len(digits) < 7 and digits.isdigit()


def _security_annotations(annotations: dict[str, str], spec: dict[str, Any], path: str) -> list[str]:
    """Old annotations without the field that replaced them."""
    found = []
    where, pod_context = f"{path}.metadata.annotations", spec.get("securityContext") or {}
    if _SECCOMP_POD in annotations and pod_context.get("seccompProfile") is None:
        found.append(f"{where}[{_SECCOMP_POD}]: {_NO_SECCOMP}")
    pod_profile = pod_context.get("appArmorProfile")
    for container, _ in _containers(spec, ""):
        name, context = container.get("name") or "", container.get("securityContext") or {}
        key = _SECCOMP_CONTAINER + name
        if key in annotations and context.get("seccompProfile") is None:
            found.append(f"{where}[{key}]: {_NO_SECCOMP}")
        key = _APP_ARMOR + name
        if key in annotations and pod_profile is None and context.get("appArmorProfile") is None:
            # A Pod profile that differs from the annotation has been rejected before.
            found.append(f'{where}[{key}]: deprecated since v1.30; use the "appArmorProfile" field instead')
    return found


def _container(container: dict[str, Any], path: str) -> list[str]:
    found: list[str] = []
    resources = container.get("resources")
    if resources:
        limits = _fractions(resources.get("limits") or {}, f"{path}.resources.limits")
        found += limits + _fractions(resources.get("requests") or {}, f"{path}.resources.requests")
    env = container.get("env") or []
    if len(env) > 1 and len({item.get("name") for item in env}) < len(env):
        found += _hidden_env(env, path)
    return found


def _hidden_env(env: list[dict[str, Any]], path: str) -> list[str]:
    """Variables that are set again without building on their earlier value."""
    from joblint.api.errors import go_quote

    found, seen = [], set()
    for i, item in enumerate(env):
        name, value = item.get("name") or "", item.get("value") or ""
        if name in seen:
            ref = f"$({name})"
            if item.get("valueFrom") is not None or value == ref or ref not in value:
                text = f"hides previous definition of {go_quote(name)}, which may be dropped when using apply"
                found.append(f"{path}.env[{i}]: {text}")
        seen.add(name)
    return found


def _ports(spec: dict[str, Any], path: str, gates: Gates) -> list[str]:
    from joblint.api.warn.ports import warnings_for_ports

    return warnings_for_ports(_containers(spec, path), gates)
