"""The Job that a CronJob creates: its jobTemplate with the defaults that the server adds then; does not know any time.

Source: Kubernetes 1.36.3, pkg/controller/cronjob/utils.go (getJobFromTemplate2), pkg/apis/batch/v1/defaults.go.
"""

from __future__ import annotations

from joblint.api.create.defaults import job_defaults
from joblint.api.version.versions import DEFAULT, gates

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def job_from_template(cronjob: dict[str, Any], version: str = DEFAULT) -> dict[str, Any]:
    """The defaulted Job of a defaulted CronJob. Its name is the CronJob's: the minutes of a start are not known here."""
    spec = cronjob.get("spec")
    template = spec.get("jobTemplate") if isinstance(spec, dict) else None
    template = template if isinstance(template, dict) else {}
    meta = cronjob.get("metadata")
    own = meta if isinstance(meta, dict) else {}
    job_spec = template.get("spec")
    metadata = {k: own[k] for k in ("name", "namespace") if k in own}
    given = template.get("metadata")
    if isinstance(given, dict):
        metadata.update({k: given[k] for k in ("labels", "annotations") if k in given})
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata,
        "spec": dict(job_spec) if isinstance(job_spec, dict) else {},
    }
    job_defaults(job, gates(version))
    return job
