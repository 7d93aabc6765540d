"""Annotations that mean something to Pods: mirror Pods, tolerations, deletion cost, seccomp, AppArmor; knows paths.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go ValidatePodSpecificAnnotations,
validateSeccompAnnotationsAndFields and validateAppArmorAnnotationsAndFieldsMatchOnCreate.
"""

from __future__ import annotations

from joblint.api.shared_names import ALL_CONTAINER_LISTS
from joblint.api.validate.volume.paths import validate_local_descending_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.version.versions import Gates

MIRROR = "kubernetes.io/config.mirror"
TOLERATIONS = "scheduler.alpha.kubernetes.io/tolerations"
DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"
SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod"
SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"
APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/"

RUNTIME_DEFAULT = "runtime/default"
_DOCKER_DEFAULT = "docker/default"
UNCONFINED = "unconfined"
LOCALHOST = "localhost/"


def validate_pod_specific_annotations(
    annotations: dict[str, str], path: str, errors: Errors, opts: Gates, spec: dict[str, Any]
) -> None:
    """The annotations of a Pod template; `path` is theirs."""
    if MIRROR in annotations and not spec.get("nodeName"):
        detail = "must set spec.nodeName if mirror pod annotation is set"
        errors.invalid(f"{path}[{MIRROR}]", annotations[MIRROR], detail)
    if annotations.get(TOLERATIONS):
        from joblint.api.validate.pod.old_tolerations import validate_tolerations_in_pod_annotations

        validate_tolerations_in_pod_annotations(annotations[TOLERATIONS], path, errors, opts)
    if DELETION_COST in annotations and opts.on("PodDeletionCost") and not _is_int32(annotations[DELETION_COST]):
        errors.invalid(f"{path}[{DELETION_COST}]", annotations[DELETION_COST], "must be a 32bit integer")
    if SECCOMP_POD in annotations:
        _seccomp_profile(annotations[SECCOMP_POD], f"{path}.{SECCOMP_POD}", errors)
    for key in sorted(annotations):
        if key.startswith(SECCOMP_CONTAINER):
            _seccomp_profile(annotations[key], f"{path}.{key}", errors)
    for key in sorted(annotations):
        if key.startswith(APP_ARMOR):
            _app_armor_annotation(key, annotations[key], path, errors, spec)


def _is_int32(text: str) -> bool:
    """Whether the text is a number of 32 bits without a plus sign or zeros in front."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or (text[0] == "0" and text != "0"):
        return False
    return len(digits.lstrip("0")) <= 10 and -(1 << 31) <= int(text) < 1 << 31


def _seccomp_profile(profile: str, path: str, errors: Errors) -> None:
    if profile in (RUNTIME_DEFAULT, _DOCKER_DEFAULT, UNCONFINED):
        return
    if profile.startswith(LOCALHOST):
        validate_local_descending_path(profile.removeprefix(LOCALHOST), path, errors)
    else:
        errors.invalid(path, profile, "must be a valid seccomp profile")


def _app_armor_annotation(key: str, profile: str, path: str, errors: Errors, spec: dict[str, Any]) -> None:
    name = key.removeprefix(APP_ARMOR)
    if all((container.get("name") or "") != name for container, _ in _containers(spec, "")):
        errors.invalid(f"{path}[{key}]", name, "container not found")
    if profile not in ("", RUNTIME_DEFAULT, UNCONFINED) and not profile.startswith(LOCALHOST):
        from joblint.api.errors import go_quote

        errors.invalid(f"{path}[{key}]", profile, f"invalid AppArmor profile name: {go_quote(profile)}")


def _containers(spec: dict[str, Any], path: str) -> Iterator[tuple[dict[str, Any], str]]:
    for field in ALL_CONTAINER_LISTS:
        for i, container in enumerate(spec.get(field) or ()):
            yield container, f"{path}.{field}[{i}]"


def validate_seccomp_annotations_match(annotations: dict[str, str], spec: dict[str, Any], path: str, errors: Errors) -> None:
    """Where both a seccomp annotation and the field are set they must agree; `path` is the Pod spec's."""
    profile = (spec.get("securityContext") or {}).get("seccompProfile")
    if profile is not None and SECCOMP_POD in annotations:
        defaults = (RUNTIME_DEFAULT, _DOCKER_DEFAULT)
        _match(annotations[SECCOMP_POD], profile, defaults, f"{path}.securityContext.seccompProfile", errors, "seccomp")
    for container, here in _containers(spec, path):
        profile = (container.get("securityContext") or {}).get("seccompProfile")
        key = SECCOMP_CONTAINER + (container.get("name") or "")
        if profile is not None and key in annotations:
            defaults = (RUNTIME_DEFAULT, _DOCKER_DEFAULT)
            _match(annotations[key], profile, defaults, f"{here}.securityContext.seccompProfile", errors, "seccomp")


def validate_app_armor_annotations_match(annotations: dict[str, str], spec: dict[str, Any], path: str, errors: Errors) -> None:
    """Where both an AppArmor annotation and the field (the container's or the Pod's) are set they must agree."""
    if (spec.get("os") or {}).get("name") == "windows":
        return
    pod_profile = (spec.get("securityContext") or {}).get("appArmorProfile")
    for container, here in _containers(spec, path):
        profile = (container.get("securityContext") or {}).get("appArmorProfile")
        if profile is None:
            profile = pod_profile
        key = APP_ARMOR + (container.get("name") or "")
        if profile is not None and key in annotations:
            where = f"{here}.securityContext.appArmorProfile"
            _match(annotations[key], profile, (RUNTIME_DEFAULT,), where, errors, "apparmor")


def _match(annotation: str, profile: dict[str, Any], defaults: tuple[str, ...], path: str, errors: Errors, word: str) -> None:
    kind = profile.get("type")
    if kind == "Unconfined":
        same = annotation == UNCONFINED
    elif kind == "RuntimeDefault":
        same = annotation in defaults
    elif kind == "Localhost":
        same = annotation.startswith(LOCALHOST)
        if same and annotation.removeprefix(LOCALHOST) != profile.get("localhostProfile"):
            errors.forbidden(f"{path}.localhostProfile", f"{word} profile in annotation and field must match")
    else:
        return
    if not same:
        errors.forbidden(f"{path}.type", f"{word} type in annotation and field must match")
