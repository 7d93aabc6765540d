"""The API server's response to an update of a Job or CronJob: what may change, and everything that a new object must follow.

Knows the stored and the new object, both decoded, defaulted and in the form that the server stores. Source: Kubernetes 1.36.3,
1.37.2 pkg/apis/batch/validation/validation.go (ValidateJobUpdate, ValidateCronJobUpdate),
pkg/registry/batch/{job,cronjob}/strategy.go, k8s.io/apiserver pkg/registry/rest/update.go.
"""

from __future__ import annotations

from joblint.api.apply.equality import equal
from joblint.api.create.declared import merge_declared
from joblint.api.create.validation import NO_COMPLETIONS, panics, path_segment_problems
from joblint.api.errors import Errors, Typed
from joblint.api.shared_names import CONTAINER_LISTS
from joblint.api.validate.job.cronjob import validate_cronjob_spec
from joblint.api.validate.job.job import (
    JOB_NAME_PREFIXED,
    UID_PREFIXED,
    shown_selector,
    validate_delegation_annotations,
    validate_host_names,
    validate_job,
    validate_job_spec,
)
from joblint.api.validate.meta.labels import has_invalid_values
from joblint.api.validate.meta.object import (
    IMMUTABLE,
    validate_object_meta,
    validate_object_meta_update,
    validate_standard_finalizers,
)
from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.version.versions import Gates

FIXED_FIELDS = ("selector", "completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy")
"""The fields of a Job's spec that no update changes, in the order in which the server looks at them."""

SCHEDULING_FIELDS = ("nodeSelector", "tolerations", "schedulingGates")
"""What of a Pod's spec, in addition to its node affinity, an update of a suspended Job may change."""

IN_TANDEM = "can only be modified in tandem with spec.parallelism"


def validate_update(new: dict[str, Any], old: dict[str, Any], gates: Gates) -> Errors:
    """Return the errors of an update, in the server's order; it finds some twice. `old` is not changed, `new` gets its status.

    `old` is the live object: with uid, resourceVersion and what the server generated; its status counts if it has one.
    """
    errors = Errors(gates.has("ValuesAsJSON"))
    if new["kind"] == "Job" and panics(new["spec"]):
        errors.required("spec.completions", NO_COMPLETIONS)
        return errors
    new["status"] = old.get("status", {})
    metadata, before = new["metadata"], old["metadata"]
    for field in ("generation", "creationTimestamp"):
        if field in before:
            metadata[field] = before[field]
    for field in ("deletionTimestamp", "deletionGracePeriodSeconds"):
        if field in before:
            metadata.setdefault(field, before[field])
    if not metadata.get("uid"):
        metadata["uid"] = before.get("uid", "")
    validate_object_meta(metadata, True, path_segment_problems, "metadata", errors, gates)
    validate_object_meta_update(metadata, before, "metadata", errors, gates)
    if new["kind"] == "Job":
        _validate_job_update(new, old, errors, gates)
    else:
        validate_object_meta_update(metadata, before, "metadata", errors, gates)
        validate_standard_finalizers(metadata, "metadata", errors)
        validate_cronjob_spec(new["spec"], old["spec"], "spec", errors, gates)
    if errors.found and gates.has("ErrorsToldOnce"):
        merge_declared(errors, gates)
    return errors


class _Allowed(Record):
    """What an update of this Job may change in the template, and what is ignored in old ones."""

    scheduling: bool
    resources: bool
    invalid_selector: bool
    prefixed_labels: bool


def _allowed(old: dict[str, Any], gates: Gates) -> _Allowed:
    spec, status = old["spec"], old.get("status") or {}
    suspended = bool(spec.get("suspend"))
    not_started = "startTime" not in status
    was_suspended = any(c.get("type") == "Suspended" and c.get("status") == "True" for c in status.get("conditions") or ())
    idle = suspended and (not_started or was_suspended) and not status.get("active")
    labels = spec["template"]["metadata"].get("labels") or {}
    return _Allowed(
        scheduling=idle if gates.on("MutableSchedulingDirectivesForSuspendedJobs") else suspended and not_started,
        resources=idle and gates.on("MutablePodResourcesForSuspendedJobs"),
        invalid_selector=has_invalid_values(spec.get("selector")),
        prefixed_labels=JOB_NAME_PREFIXED in labels and UID_PREFIXED in labels,
    )


def _validate_job_update(new: dict[str, Any], old: dict[str, Any], errors: Errors, gates: Gates) -> None:
    allowed = _allowed(old, gates)
    once = gates.has("JobUpdatesValidatedOnce")
    if not once:
        validate_job(new, errors, gates, allowed.invalid_selector, allowed.prefixed_labels)
    validate_object_meta_update(new["metadata"], old["metadata"], "metadata", errors, gates)
    validate_standard_finalizers(new["metadata"], "metadata", errors)
    spec, before = new["spec"], old["spec"]
    validate_job_spec(spec, "spec", errors, gates, allowed.invalid_selector)
    _validate_completions(spec, before, errors)
    for field in FIXED_FIELDS:
        _immutable(field, spec, before, errors, gates)
        if field == "selector":
            _validate_template(spec, before, errors, gates, allowed)
    if gates.has("DelegationAnnotationsChecked"):
        validate_delegation_annotations(new["metadata"], old["metadata"], "metadata", errors)
    if once:
        validate_host_names(new, errors)


def _validate_completions(spec: dict[str, Any], before: dict[str, Any], errors: Errors) -> None:
    """Completions of an Indexed Job may change, but only to what parallelism is."""
    completions = spec.get("completions")
    if completions == before.get("completions"):
        return
    if spec.get("completionMode") != "Indexed":
        errors.invalid("spec.completions", completions, IMMUTABLE)
    elif completions is not None and completions != spec.get("parallelism"):
        errors.invalid("spec.completions", completions, IN_TANDEM)


_PRINTED = {"podFailurePolicy": "PodFailurePolicy", "successPolicy": "SuccessPolicy"}


def _immutable(field: str, spec: dict[str, Any], before: dict[str, Any], errors: Errors, gates: Gates) -> None:
    value, old = spec.get(field), before.get(field)
    if value == old or equal({field: value}, {field: old}, "JobSpec", gates.version):
        return
    if value is None:
        shown: Any = None
    elif field == "selector":
        shown = shown_selector(value)
    elif field in _PRINTED:
        from joblint.api.go.internal import go_value

        shown = go_value(value, _PRINTED[field])
    else:
        shown = Typed(value)
    errors.invalid(f"spec.{field}", shown, IMMUTABLE)


def _validate_template(spec: dict[str, Any], before: dict[str, Any], errors: Errors, gates: Gates, allowed: _Allowed) -> None:
    new, old = spec["template"], before["template"]
    if new == old:
        return
    if allowed.scheduling:
        old = _with_new_scheduling(new, old)
    if before.get("suspend") and allowed.resources:
        # The template's metadata is not validated here.
        pod = _with_new_resources(new["spec"], old["spec"])
        if not equal(new["spec"], pod, "PodSpec", gates.version):
            errors.invalid("spec.template.spec", _shown(new["spec"], "PodSpec", gates), IMMUTABLE)
    elif not equal(new, old, "PodTemplateSpec", gates.version):
        errors.invalid("spec.template", _shown(new, "PodTemplateSpec", gates), IMMUTABLE)


def _shown(value: dict[str, Any], name: str, gates: Gates) -> dict[str, Any]:
    """A Pod template or a Pod's spec as that version prints it."""
    from joblint.api.go.internal import go_value

    return go_value(value, name, gates.minor)


def _taking(old: dict[str, Any], new: dict[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    """The old object with some fields as the new one has them."""
    kept = {key: value for key, value in old.items() if key not in fields}
    return kept | {key: new[key] for key in fields if key in new}


def _with_new_scheduling(new: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
    """The old template with the new one's labels, annotations, node affinity and so on, if these may change."""
    spec = _taking(old["spec"], new["spec"], SCHEDULING_FIELDS)
    affinity, before = new["spec"].get("affinity"), old["spec"].get("affinity")
    if affinity is not None:
        spec["affinity"] = _taking(before or {}, affinity, ("nodeAffinity",))
    elif before is not None:
        rest = {key: value for key, value in before.items() if key != "nodeAffinity"}
        if rest:
            spec["affinity"] = rest
        else:
            del spec["affinity"]
    metadata = _taking(old["metadata"], new["metadata"], ("labels", "annotations"))
    return {**old, "metadata": metadata, "spec": spec}


def _with_new_resources(new: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
    """The old Pod spec with the resources that the new one's containers of the same name and place have."""
    made = dict(old)
    for field in CONTAINER_LISTS:
        containers, before = new.get(field) or (), old.get(field) or ()
        if len(containers) == len(before):
            made[field] = [
                _taking(b, c, ("resources",)) if b.get("name") == c.get("name") else b
                for c, b in zip(containers, before, strict=True)
            ]
    return made
