"""The claims that several Pods of a Job use at once, and those that a Deployment or StatefulSet mounts; no texts."""

from __future__ import annotations

from joblint.base.record import Record
from joblint.rules.subject import Subject, as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class SharedClaim(Record):
    """A claim that several Pods of a Job use at once: the path of its name, the name, and the number of Pods."""

    field: str
    name: str
    at_once: int


def shared_claims(subject: Subject) -> tuple[SharedClaim, ...]:
    """Return the shared claims of a Job or CronJob that are not mounted read-only; none if one Pod runs at a time."""
    if subject.prediction.at_once < 2:
        return ()
    found = []
    for i, volume in enumerate(as_list(subject.pod.get("volumes"))):
        claim = as_dict(as_dict(volume).get("persistentVolumeClaim"))
        if claim.get("claimName") and claim.get("readOnly") is not True:
            field = f"{subject.pod_at}.volumes[{i}].persistentVolumeClaim.claimName"
            found.append(SharedClaim(field, str(claim["claimName"]), subject.prediction.at_once))
    return tuple(found)


def claims_of(pod: dict[str, Any], name: str, spec: dict[str, Any]) -> tuple[str, ...]:
    """Return the claims that the Pods of a Deployment or StatefulSet mount, unless it has no Pods; of a template of claims, that
    of the first Pod."""
    if spec.get("replicas") == 0:
        return ()
    found = []
    for volume in as_list(pod.get("volumes")):
        claim = as_dict(as_dict(volume).get("persistentVolumeClaim"))
        if isinstance(claim.get("claimName"), str) and claim.get("readOnly") is not True:
            found.append(claim["claimName"])
    for template in as_list(spec.get("volumeClaimTemplates")):
        found.append(f"{as_dict(as_dict(template).get('metadata')).get('name')}-{name}-0")
    return tuple(found)
