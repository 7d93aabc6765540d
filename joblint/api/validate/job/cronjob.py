"""The API server's validation of a CronJob; knows CronJobSpec, other modules validate the jobTemplate, the schedule and the
zone.

Source: Kubernetes 1.36.3 pkg/apis/batch/validation/validation.go (ValidateCronJobCreate, ValidateCronJobUpdate).
"""

from __future__ import annotations

from joblint.api.errors import Typed
from joblint.api.go.schedule import ScheduleError, parse_standard
from joblint.api.validate.job.job import shown_selector, validate_delegation_annotations, validate_template_job_spec
from joblint.api.validate.meta.names import byte_len, name_is_dns_subdomain
from joblint.api.validate.meta.object import validate_object_meta, validate_standard_finalizers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.version.versions import Gates

_MAX_NAME = 52  # bytes: a Job's 63, less the eleven that the controller adds
_POLICIES = ("Allow", "Forbid", "Replace")
_ZONE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-_0123456789+"


def validate_cronjob(cronjob: dict[str, Any], errors: Errors, gates: Gates) -> None:
    """A whole new CronJob, decoded, defaulted and prepared."""
    metadata = cronjob["metadata"]
    validate_object_meta(metadata, True, name_is_dns_subdomain, "metadata", errors, gates)
    validate_standard_finalizers(metadata, "metadata", errors)
    validate_cronjob_spec(cronjob["spec"], None, "spec", errors, gates)
    name = metadata.get("name", "")
    if byte_len(name) > _MAX_NAME:
        errors.invalid("metadata.name", name, f"must be no more than {_MAX_NAME} characters")


def validate_cronjob_spec(spec: dict[str, Any], old: dict[str, Any] | None, path: str, errors: Errors, gates: Gates) -> None:
    """The spec of a CronJob; `old` is the one it replaces, None on create."""
    schedule = spec.get("schedule", "")
    zone = spec.get("timeZone")
    if schedule == "":
        errors.required(f"{path}.schedule", "")
    else:
        allow_zone = old is not None and "TZ" in old.get("schedule", "")
        _validate_schedule(schedule, zone, allow_zone, f"{path}.schedule", errors)
    _not_negative(spec, "startingDeadlineSeconds", path, errors)
    if zone is not None and (old is None or old.get("timeZone") != zone):
        _validate_zone(zone, f"{path}.timeZone", errors)
    policy = spec.get("concurrencyPolicy", "")
    if policy == "":
        errors.required(f"{path}.concurrencyPolicy", "")
    elif policy not in _POLICIES:
        errors.not_supported(f"{path}.concurrencyPolicy", Typed(policy), _POLICIES)
    job = spec["jobTemplate"]["spec"]
    here = f"{path}.jobTemplate.spec"
    validate_template_job_spec(job, here, errors, gates)
    if gates.has("DelegationAnnotationsChecked"):
        metadata, before = (s["jobTemplate"].get("metadata", {}) if s is not None else {} for s in (spec, old))
        validate_delegation_annotations(metadata, before, f"{path}.jobTemplate.metadata", errors)
    if "selector" in job:
        errors.invalid(f"{here}.selector", shown_selector(job["selector"]), "`selector` will be auto-generated")
    if job.get("manualSelector"):
        errors.not_supported(f"{here}.manualSelector", True, ("nil", "false"))
    _not_negative(spec, "successfulJobsHistoryLimit", path, errors)
    _not_negative(spec, "failedJobsHistoryLimit", path, errors)


def _not_negative(spec: dict[str, Any], field: str, path: str, errors: Errors) -> None:
    if field in spec and spec[field] < 0:
        errors.invalid(f"{path}.{field}", spec[field], "must be greater than or equal to 0")


def _validate_schedule(schedule: str, zone: str | None, allow_zone: bool, path: str, errors: Errors) -> None:
    try:
        parse_standard(schedule)
    except ScheduleError as error:
        errors.invalid(path, schedule, str(error))
    if "TZ" in schedule:
        if not allow_zone:
            errors.invalid(path, schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")
        elif zone is not None:
            errors.invalid(path, schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule")


def _validate_zone(zone: str, path: str, errors: Errors) -> None:
    if zone == "":
        errors.invalid(path, Typed(zone), "timeZone must be nil or non-empty string")
        return
    for part in zone.split("/"):
        if part in ("", ".", "..") or part[0] == "-" or part.strip(_ZONE) or len(part) > 14:
            errors.invalid(path, Typed(zone), f"unknown time zone {zone}")
            return
    if zone.lower() == "local":
        detail = "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"
        errors.invalid(path, Typed(zone), detail)
    from joblint.api.go.zone import location_error

    problem = location_error(zone)
    if problem is not None:
        errors.invalid(path, Typed(zone), problem)
