"""The facts about objects that Jobs refer to or that restrict them; records alone.

For a ConfigMap or Secret only the names of its keys are kept, never a value.
"""

from __future__ import annotations

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from joblint.rules.facts.around import AroundFacts
    from joblint.rules.facts.hook import Hook
    from joblint.rules.facts.origin import Origin

    Bound: TypeAlias = "RoleFacts | BindingFacts | QuotaFacts | RangeFacts | ClassFacts"
    Around: TypeAlias = "ServiceFacts | PolicyFacts | WorkloadFacts | SourceFacts | Bound"
    OtherFacts: TypeAlias = "ClaimFacts | PodFacts | ConfigFacts | AccountFacts | Around | AroundFacts"


_NONE: dict[str, Any] = {}


class ServiceFacts(Record):
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


class ClaimFacts(Record):
    """Facts about a PersistentVolumeClaim; `storage` is its storageClassName."""

    origin: Origin
    access_modes: tuple[str, ...]
    hook: Hook | None
    storage: str = ""


class PodFacts(Record):
    """Facts about a standalone Pod; `owned` if it has an owner nevertheless, or is a hook."""

    origin: Origin
    restart_policy: str
    owned: bool


class ConfigFacts(Record):
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


class AccountFacts(Record):
    """Facts about a ServiceAccount; `no_token` if automountServiceAccountToken is false, `pulls` if it has imagePullSecrets."""

    origin: Origin
    hook: Hook | None
    no_token: bool = False
    pulls: bool = False


class Allows(Record):
    """A rule of a Role: API groups, resources, verbs, and the names of the objects (none: all)."""

    groups: tuple[str, ...]
    resources: tuple[str, ...]
    verbs: tuple[str, ...]
    names: tuple[str, ...]


class RoleFacts(Record):
    """Facts about a Role or ClusterRole; `aggregated` if others add to its rules."""

    origin: Origin
    allows: tuple[Allows, ...]
    aggregated: bool
    hook: Hook | None = None


class BindingFacts(Record):
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


class QuotaFacts(Record):
    """Facts about a ResourceQuota: its hard limits as written, and its scopes as (name, operator, values): it applies only to
    Pods that match all of them."""

    origin: Origin
    hard: dict[str, str]
    scopes: tuple[tuple[str, str, tuple[str, ...]], ...]


class RangeFacts(Record):
    """Facts about a LimitRange: for a type (`Container`, `Pod`) and a key (`min`, `max`, `default`, `defaultRequest`,
    `maxLimitRequestRatio`) the quantities as written, by resource."""

    origin: Origin
    limits: tuple[tuple[str, str, dict[str, str]], ...]


class ClassFacts(Record):
    """Facts about a PriorityClass or RuntimeClass, which have no namespace. `value`, `policy` and `default` are those of a
    PriorityClass: its number (None if it is not one), what it says on preemption, and whether it is the global default."""

    origin: Origin
    hook: Hook | None
    value: int | None = None
    policy: str = ""
    default: bool = False


class WorkloadFacts(Record):
    """Facts about a Deployment or StatefulSet: the Jobs that its Pods wait for, each with the container that does, the claims
    that its Pods mount for writing, and `pulls` as in Needs; `labels` are those of its Pods, `images` the images of their
    containers, `containers` the names of all their containers,
    `templated` the access modes of the claims of a StatefulSet's templates, by the name of the first Pod's claim."""

    origin: Origin
    waits: tuple[tuple[str, str], ...]
    claims: tuple[str, ...]
    pulls: tuple[tuple[str, str], ...] = ()
    labels: dict[str, Any] = _NONE
    images: tuple[str, ...] = ()
    containers: tuple[str, ...] = ()
    templated: tuple[tuple[str, tuple[str, ...]], ...] = ()


class SourceFacts(Record):
    """Facts about an object from which a controller fills a Secret or a volume: the name of what it fills, and the keys or files
    in it (none if they are not known)."""

    origin: Origin
    makes: str
    hook: Hook | None
    keys: tuple[str, ...] = ()


class PolicyFacts(Record):
    """Facts about a NetworkPolicy: the labels of the Pods that it lets in. A Pod that it does not select is not isolated.
    `pods` is its selector, `ingress` and `egress` are its rules (None: it does not restrict that direction). `foreign` is set
    for what adds to NetworkPolicies in ways that joblint does not read: policies of Cilium or Calico, and those of Kyverno that
    generate NetworkPolicies."""

    origin: Origin
    selects: tuple[dict[str, Any], ...]
    pods: dict[str, Any]
    ingress: tuple[dict[str, Any], ...] | None
    egress: tuple[dict[str, Any], ...] | None
    foreign: bool = False
