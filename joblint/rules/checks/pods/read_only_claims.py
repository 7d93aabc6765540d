"""Claims that a Pod mounts read-only: the kubelet then does not give their files to the group fsGroup.

Source: Kubernetes 1.36.3 pkg/volume/csi/csi_mounter.go supportsFSGroup.
"""

from __future__ import annotations

from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject


def fs_group_on_read_only_claim(s: Subject) -> Iterator[Hit]:
    """`readOnly: true` of a claim's volume, and fsGroup for a user that is not root; one finding a Job."""
    pod = as_dict(s.pod.get("securityContext"))
    group = pod.get("fsGroup")
    if not isinstance(group, int) or pod.get("runAsUser") == 0:
        return
    for n, volume in enumerate(as_list(s.pod.get("volumes"))):
        claim = as_dict(as_dict(volume).get("persistentVolumeClaim"))
        if claim.get("readOnly") is True:
            field = f"{s.pod_at}.volumes[{n}].persistentVolumeClaim.readOnly"
            yield s.hit(field, part="key", claim=claim.get("claimName"), group=group, label="fsGroup has no effect")
            return
