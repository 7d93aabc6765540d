"""Images for one processor architecture on nodes of another one.

Source: docs.docker.com, Official Images, "Architectures other than amd64": the repositories amd64/…, arm64v8/… and others contain
images for one architecture alone.
"""

from __future__ import annotations

from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_OWNERS = {"amd64": "amd64", "arm64v8": "arm64", "arm32v7": "arm", "arm32v6": "arm", "s390x": "s390x", "ppc64le": "ppc64le"}
_ENDS = {"amd64": "amd64", "x86_64": "amd64", "arm64": "arm64", "aarch64": "arm64", "s390x": "s390x", "ppc64le": "ppc64le"}
_LABELS = ("kubernetes.io/arch", "beta.kubernetes.io/arch")
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def image_of_another_architecture(s: Subject) -> Iterator[Hit]:
    """One finding for each Job: `amd64/postgres` or `tool:1.2-amd64`, where the Pod asks for arm64 nodes."""
    nodes = _asked(s)
    if not nodes:
        return
    for container in s.containers:
        image = str(container.data.get("image") or "")
        built = _built_for(image)
        if built and built not in nodes:
            yield s.hit(container.at + ".image", image=image, built=built, nodes=" or ".join(nodes))
            return


def _asked(s: Subject) -> tuple[str, ...]:
    """The architectures of the nodes that the Pod asks for; () for any."""
    selector = as_dict(s.pod.get("nodeSelector"))
    for label in _LABELS:
        if isinstance(selector.get(label), str):
            return (str(selector[label]),)
    required = as_dict(as_dict(as_dict(s.pod.get("affinity")).get("nodeAffinity")).get(_REQUIRED))
    terms = as_list(required.get("nodeSelectorTerms"))
    for expression in as_list(as_dict(terms[0]).get("matchExpressions")) if len(terms) == 1 else ():
        if as_dict(expression).get("key") in _LABELS and as_dict(expression).get("operator") == "In":
            return tuple([v for v in as_list(as_dict(expression).get("values")) if isinstance(v, str)])
    return ()


def _built_for(image: str) -> str:
    """The one architecture that an image's name says it is for; "" if it says nothing."""
    path = image.partition("@")[0].removeprefix("docker.io/")
    owner, slash, rest = path.partition("/")
    if slash and owner in _OWNERS and "/" not in rest:
        return _OWNERS[owner]
    tag = path.rpartition(":")[2] if ":" in path.rpartition("/")[2] else ""
    last = tag.replace("_", "-").rpartition("-")[2] if "x86_64" not in tag else "x86_64"
    return _ENDS.get(last, "")
