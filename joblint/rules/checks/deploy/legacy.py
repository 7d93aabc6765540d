"""Annotations that configured early versions of Kubernetes and are fields today; no supported version reads them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

# The annotation, the field that replaced it, and the first version that ignores the annotation.
_FIELDS = {
    "pod.alpha.kubernetes.io/init-containers": ("initContainers", "1.8"),
    "pod.beta.kubernetes.io/init-containers": ("initContainers", "1.8"),
    "scheduler.alpha.kubernetes.io/affinity": ("affinity", "1.8"),
    "scheduler.alpha.kubernetes.io/tolerations": ("tolerations", "1.8"),
    "pod.beta.kubernetes.io/hostname": ("hostname", "1.8"),
    "pod.beta.kubernetes.io/subdomain": ("subdomain", "1.8"),
}


def legacy_annotation_ignored(s: Subject) -> Iterator[Hit]:
    """An annotation of the Pod template that has become a field."""
    for key in s.template_annotations:
        field, since = _FIELDS.get(key, ("", ""))
        if field:
            at = f"{s.spec_at}.template.metadata.annotations[{key}]"
            yield s.hit(at, part="key", key=key, place=f"{s.pod_at}.{field}", since=since)
