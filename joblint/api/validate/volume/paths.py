"""Paths inside volumes and containers: the API server's errors on those with `..` or that are absolute; knows strings and
errors.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.api.errors import Errors

CONFLICT = "conflicting duplicate paths"


def has_backsteps(value: str) -> bool:
    """Whether an element of the path is `..`."""
    return ".." in value and ".." in value.split("/")


def validate_path_no_backsteps(value: str, path: str, errors: Errors) -> None:
    """No element of the path may be `..`."""
    if has_backsteps(value):
        errors.invalid(path, value, "must not contain '..'")


def validate_local_descending_path(value: str, path: str, errors: Errors) -> None:
    """A relative path without `..` elements."""
    if value.startswith("/"):
        errors.invalid(path, value, "must be a relative path")
    if has_backsteps(value):
        errors.invalid(path, value, "must not contain '..'")


def validate_local_non_reserved_path(value: str, path: str, errors: Errors) -> None:
    """A relative path without `..` elements whose name does not begin with `..` either (the kubelet keeps those names)."""
    validate_local_descending_path(value, path, errors)
    if value.startswith("..") and not value.startswith("../"):
        errors.invalid(path, value, "must not start with '..'")


def take(target: str, shown: str, volume_path: str, errors: Errors, taken: set[str]) -> None:
    """Note a path inside the volume; two sources may not write the same one."""
    if target:
        if target in taken:
            errors.invalid(volume_path, shown, CONFLICT)
        taken.add(target)
