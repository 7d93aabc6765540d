"""The API server's warnings about a Job or CronJob that it accepts; knows JobSpec, another module handles the template.

Source: Kubernetes 1.36.3 pkg/registry/batch/{job,cronjob}/strategy.go (WarningsOnCreate), pkg/api/job/warnings.go.
"""

from __future__ import annotations

from joblint.api.validate.meta.names import is_dns1123_label
from joblint.api.warn.pod import warnings_for_pod_template

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.version.versions import Gates

_MANY_COMPLETIONS = 100_000
_MANY_PARALLEL = 10_000


def warnings_for_create(obj: dict[str, Any], gates: Gates) -> tuple[str, ...]:
    """The warnings on creating an object that is decoded, defaulted, prepared and found good."""
    found: list[str] = []
    messages = is_dns1123_label(obj["metadata"].get("name", ""))
    if messages:
        found.append(
            "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; "
            f"a DNS label is recommended: [{' '.join(messages)}]"
        )
    if obj["kind"] == "Job":
        found += _job_spec(obj["spec"], "spec", gates)
    else:
        found += _job_spec(obj["spec"]["jobTemplate"]["spec"], "spec.jobTemplate.spec", gates)
    return tuple(found)


def _job_spec(spec: dict[str, Any], path: str, gates: Gates) -> list[str]:
    found = []
    if spec.get("completionMode") == "Indexed":
        if spec.get("completions", 0) > _MANY_COMPLETIONS and spec.get("parallelism", 0) > _MANY_PARALLEL:
            found.append(
                f"{path}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, "
                "Kubernetes might not be able to track completedIndexes when a big number of indexes fail"
            )
    found += warnings_for_pod_template(f"{path}.template", spec["template"], gates)
    return found
