"""The API server's validation of a prepared Job or CronJob on create: the kind's own, then the common one.

Knows the order of the validators, none of their rules. Source: Kubernetes 1.36.3 pkg/registry/batch/{job,cronjob}/strategy.go
Validate, k8s.io/apiserver v0.36.3, v0.37.2 pkg/registry/rest/create.go BeforeCreate, v0.37.2 pkg/registry/rest/validate.go.
"""

from __future__ import annotations

from joblint.api.errors import Errors
from joblint.api.validate.job.job import validate_job
from joblint.api.validate.meta.object import validate_object_meta
from joblint.api.verdict import ApiError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.version.versions import Gates

NO_COMPLETIONS = "a successPolicy needs completions (the API server itself fails on this without an answer)"
VERSION_SET = "resourceVersion should not be set on objects to be created"


def validate_create(obj: dict[str, Any], gates: Gates) -> Errors:
    """Return the errors of a create request, in the server's order.

    `obj` is decoded, defaulted and prepared (joblint.api.create.prepare), and is not changed. The common checks of metadata run
    only if the kind's own found nothing, and the storage is checked last.
    """
    errors = Errors(gates.has("ValuesAsJSON"))
    if obj["kind"] == "Job":
        if panics(obj["spec"]):
            errors.required("spec.completions", NO_COMPLETIONS)
            return errors
        validate_job(obj, errors, gates)
    else:
        from joblint.api.validate.job.cronjob import validate_cronjob  # with the grammar of schedules: few files need it

        validate_cronjob(obj, errors, gates)
    metadata = obj["metadata"]
    if not errors.found:
        validate_object_meta(metadata, True, path_segment_problems, "metadata", errors, gates)
    if errors.found and gates.has("ErrorsToldOnce"):
        from joblint.api.create.declared import merge_declared

        merge_declared(errors, gates)
    version = metadata.get("resourceVersion", "").lstrip("0")
    if version and not errors.found and version.isascii() and version.isdigit() and len(version) <= 20 and int(version) < 1 << 64:
        # Said by the storage, without a field.
        errors.found.append(ApiError("FieldValueForbidden", "metadata.resourceVersion", VERSION_SET, detail=VERSION_SET))
    return errors


def panics(spec: dict[str, Any]) -> bool:
    """Return whether the server's validation dereferences nil: it compares the rules of a successPolicy with completions."""
    if spec.get("completionMode") != "Indexed" or "completions" in spec:
        return False
    rules = spec.get("successPolicy", {}).get("rules", ())
    return any("succeededCount" in rule or "succeededIndexes" in rule for rule in rules)


def path_segment_problems(name: str, prefix: bool) -> tuple[str, ...]:
    """What keeps a name from being one segment of a URL (apimachinery pkg/api/validate/content/path.go)."""
    if not prefix and name in (".", ".."):
        return (f"may not be '{name}'",)
    return tuple(f"may not contain '{char}'" for char in "/%" if char in name)
