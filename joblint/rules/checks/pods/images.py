"""Image names that no node can pull: the kubelet cannot parse them, or the API server rejects the Pod."""

from __future__ import annotations

from joblint.api.go.image import parse, waiting_message
from joblint.rules.checks.pods.words import ending

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject


# Placeholders of other programs: shells and envsubst, templates, Windows, Ant and autoconf, ko.
_FILLED_IN = ("$", "{{", "{%", "<", "%", "@@", "__", "ko://")


def image_name_invalid(s: Subject) -> Iterator[Hit]:
    """A name that the kubelet's parser rejects: the container waits in InvalidImageName, and the Pod stays Pending.

    Source: Kubernetes 1.37.2 pkg/kubelet/images/image_manager.go EnsureImageExists, pkg/kubelet/kubelet_pods.go getPhase.
    """
    for container in s.containers:
        image = container.data.get("image")
        if not isinstance(image, str) or not image or image != image.strip():
            continue
        error = parse(image).error
        if error and any(mark in image for mark in _FILLED_IN):
            error = _error_anyway(image)
        if error:
            yield s.hit(
                container.at + ".image",
                container=container.name,
                image=image,
                error=error,
                advice=_advice(image),
                ending=ending(s),
                also=(waiting_message(image),),
                # A word in capitals is a placeholder that something replaces before the manifest is applied.
                severity="info" if _is_variable(image) else "",
                confidence="hint" if _is_variable(image) else "",
            )


def image_name_has_whitespace(s: Subject) -> Iterator[Hit]:
    """White space around a name: allowed in a Job's template but not in a Pod, so the controller cannot create Pods.

    Source: Kubernetes 1.37.2 pkg/apis/core/validation/validation.go validateContainerOnlyForPod.
    """
    for container in s.containers:
        image = container.data.get("image")
        if isinstance(image, str) and image and image != image.strip():
            yield s.hit(container.at + ".image", image=image.strip() or "<image>", container=container.name, ending=ending(s))


def _error_anyway(image: str) -> str:
    """Why a name is invalid whatever is in the places of its variables (`${REGISTRY}/App:1`); "" if that depends on them."""
    if "$" not in image:
        return ""
    import re

    filled = [re.sub(_VARIABLE, value, image) for value in _VALUES]
    if any(mark in filled[0] for mark in _FILLED_IN):
        return ""
    errors = [parse(name).error for name in filled]
    return errors[0].replace(_VALUES[0], re.findall(_VARIABLE, image)[0]) if all(errors) else ""


_VARIABLE = r"\$\{[A-Za-z_]\w*\}|\$\([A-Za-z_]\w*\)"
_VALUES = ("filled0in", "reg.io", "reg.io:5000/x", "reg.io/x/", "name:", "a-", "1", "name@sha256:" + "0" * 64)
"""A registry, a path, the beginning of a tag, a digest: what a variable in the name of an image may be."""


def _is_variable(image: str) -> bool:
    """Whether the name is a word in capitals, such as IMAGE_PLACEHOLDER or IMAGE:TAG, or one between two @."""
    name = image.partition(":")[0]
    if len(image) > 2 and image[0] == image[-1] == "@":
        return True
    # gcr.io/PROJECT_ID/app: one part of the path is enough.
    return any(len(part) > 2 and not part.replace("_", "").replace("-", "").strip(_CAPITALS) for part in name.split("/"))


_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def _advice(image: str) -> str:
    """What to type."""
    if _is_variable(image):
        return f"Replace {image} with the image: [<registry>/]<name>[:<tag>] or <name>@sha256:<digest>"
    better = _better(image)
    case = "in lower case: " if image != image.lower() else ""
    return f"image: {better}    {case}[<registry>/]<name>[:<tag>] or <name>@sha256:<digest>"


def _better(image: str) -> str:
    """The name that was probably intended, or a pattern of a valid one."""
    name = image.strip().strip("\"'").rstrip("/")
    for scheme in ("https://", "http://", "docker://", "oci://", "docker-pullable://"):
        name = name.removeprefix(scheme)
    if name.startswith("/"):
        name = name.lstrip("/")
    name = name.rstrip(":")
    path, colon, tag = name.rpartition(":")
    if not colon or "/" in tag:
        path, colon, tag = name, "", ""
    first, slash, rest = path.partition("/")
    registry = slash and ("." in first or ":" in first)
    lower = f"{first}/{rest.lower()}{colon}{tag}" if registry else f"{path.lower()}{colon}{tag}"
    for candidate in (name, lower, lower.replace(": ", ":").replace(" :", ":")):
        if candidate and not parse(candidate).error:
            return candidate
    return "registry.example.com/name:1.2.3"
