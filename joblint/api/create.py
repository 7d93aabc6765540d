"""What the API server does with a decoded, defaulted object on create: prepare it, then validate it.

Knows the order of the server's steps and calls the validators; changes the given object where the server does.
Source: Kubernetes 1.36.3 pkg/registry/batch/job/strategy.go, pkg/registry/batch/cronjob/strategy.go and
k8s.io/apiserver v0.36.3 pkg/registry/rest/create.go.
"""

from __future__ import annotations

from joblint.api import prepare
from joblint.api.errors import Errors
from joblint.api.validate.cronjob import validate_cronjob
from joblint.api.validate.job import validate_job
from joblint.api.validate.meta import validate_object_meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.versions import Gates


def validate_create(obj: dict[str, Any], gates: Gates) -> Errors:
    """The errors of a create request, in the server's order; `obj` is changed as the server changes it before.

    `obj` is decoded and defaulted; it gets a namespace, a uid and, where the server generates them, a name, a
    selector and labels. The generic checks of metadata run only where the kind's own found nothing.
    """
    errors = Errors()
    if obj["kind"] == "Job":
        if _panics(obj["spec"]):
            errors.required("spec.completions", NO_COMPLETIONS)
            return errors
        validate_job(obj, errors, gates)
    else:
        validate_cronjob(obj, errors, gates)
    if not errors.found:
        validate_object_meta(obj["metadata"], True, path_segment_problems, "metadata", errors)
    return errors


NO_COMPLETIONS = "successPolicy of an Indexed Job needs completions (the API server itself fails on it without an answer)"


def _panics(spec: dict[str, Any]) -> bool:
    """Whether the server's own validation dereferences nil: it counts a successPolicy's indexes against completions."""
    return spec.get("completionMode") == "Indexed" and "successPolicy" in spec and "completions" not in spec


def path_segment_problems(name: str, prefix: bool) -> list[str]:
    """What keeps a name from being one segment of a URL (apimachinery pkg/api/validation/path/name.go)."""
    if not prefix and name in (".", ".."):
        return [f"may not be '{name}'"]
    return [f"may not contain '{c}'" for c in "/%" if c in name]
