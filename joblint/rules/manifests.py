"""Reading a file for what the rules check: Jobs and CronJobs, and the other kinds that some rules need.

Documents without any of these are not parsed: a directory may contain a thousand unrelated files.
"""

from __future__ import annotations

from joblint.api.ours import kind_seen, may_hold
from joblint.source.documents import each

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from joblint.source.documents import Document

ADDING = (
    *("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy", "GlobalNetworkPolicy", "AdminNetworkPolicy"),
    *("ClusterPolicy", "Policy"),
)
"""The kinds that add to NetworkPolicies, or generate them (Kyverno): all of them contain that word."""

OTHERS = (
    *("Service", "Pod", "PersistentVolumeClaim", "ConfigMap", "Secret", "ServiceAccount", "Role", "ClusterRole"),
    *("RoleBinding", "ClusterRoleBinding", "ResourceQuota", "LimitRange", "PriorityClass", "RuntimeClass"),
    *("Deployment", "StatefulSet", "NetworkPolicy", "SecretProviderClass", "ExternalSecret", "SealedSecret", "Certificate"),
    *("Namespace", "PodDisruptionBudget", "ClusterQueue", "LocalQueue", "Kustomization"),
    *ADDING,
)
"""The other kinds whose facts are kept, for the rules over a whole directory."""

HOLDERS = ("ScaledJob", "JobSet", "Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow", "Template")
"""The kinds that contain Jobs, see joblint.rules.owners.embedded."""

HOLDING = (b"ScaledJob", b"JobSet", b"Workflow", b"kind: Template")
"""What a text with an object of such a kind contains."""

_SEEN = (*OTHERS, *HOLDERS)
_FLUX = b"kustomize.toolkit.fluxcd.io"  # the Kustomizations of kustomize itself say nothing about Jobs
_WORDS = (*[kind.encode() for kind in OTHERS if kind not in (*ADDING, "Kustomization")], _FLUX, *HOLDING)


def read_manifests(
    data: bytes,
    name: str,
    known: Mapping[bytes, Document] | None = None,
    holders: tuple[str, ...] = (),
    share: tuple[int, int, int] | None = None,
) -> Iterator[Document]:
    """Return the documents of a file, named `name`, one after the other; irrelevant ones are not parsed.

    Never raises on bad input. `known` are documents that were read before, `share` is which of them to read; see
    joblint.source.documents.each; `holders` are further kinds that contain Jobs.
    """
    if len(holders) > len(HOLDERS):
        words = [kind.encode() for kind in holders]
        return each(
            data, name, wanted=lambda part: _wanted(part) or any(word in part for word in words), known=known, share=share
        )
    if may_hold(data) and any(word in data for word in _COMPARED):
        # selectors, host names and targets are compared with the Pods of the same file
        return each(data, name, wanted=lambda part: _wanted(part) or _serves(part), known=known, share=share)
    return each(data, name, wanted=_wanted, known=known, share=share)


_COMPARED = (b"podAffinity", b"podAntiAffinity", b"subdomain", b"kubectl", b"NetworkPolicy", b"kind: Service\n")


def _serves(data: bytes) -> bool:
    return kind_seen(data) in ("Deployment", "StatefulSet")


def _wanted(data: bytes) -> bool:
    find = data.find  # `in` raises and catches an error for each word
    if may_hold(data) or find(b"joblint") >= 0:  # an ignore of joblint may be in a part of its own
        return True
    for word in _WORDS:
        if find(word) >= 0:
            break
    else:
        return False
    if find(b"\n---") >= 0:
        return True
    kind = kind_seen(data)
    return kind in _SEEN and (kind not in ("Deployment", "StatefulSet") or _concerns_jobs(data))


def _concerns_jobs(data: bytes) -> bool:
    """Whether a Deployment may wait for a Job, shares a claim, has a pull secret, or is a PostgreSQL server that a Job may dump:
    others are not parsed."""
    waits = b"wait" in data and b"job" in data or b"initContainers" in data and b"migrat" in data
    claims = b"persistentVolumeClaim" in data or b"volumeClaimTemplates" in data
    return waits or claims or b"imagePullSecrets" in data or b"postgres" in data or b"pgvector" in data
