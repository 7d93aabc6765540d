"""Pods of host processes on Windows: all their containers or none; knows security contexts and errors.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go validateWindowsHostProcessPod.
"""

from __future__ import annotations

from joblint.api.validate.container.container import visit_containers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors


def _host_process(holder: dict[str, Any]) -> bool | None:
    options = (holder.get("securityContext") or {}).get("windowsOptions") or {}
    value: bool | None = options.get("hostProcess")
    return value


def validate_windows_host_process_pod(spec: dict[str, Any], path: str, errors: Errors) -> None:
    """All containers of a Pod are host processes or none is, and a Pod of them uses the host's network."""
    pod = _host_process(spec)
    count = of_host = 0
    for container, where in visit_containers(spec, path):
        count += 1
        own = _host_process(container)
        if pod is not None and own is not None and pod is not own:
            detail = f"pod hostProcess value must be identical if both are specified, was {'true' if pod else 'false'}"
            errors.invalid(f"{where}.securityContext.windowsOptions.hostProcess", own, detail)
        of_host += bool(pod if own is None else own)
    if of_host:
        if of_host != count:
            detail = "If pod contains any hostProcess containers then all containers must be HostProcess containers"
            errors.invalid(path, "", detail)
        if not spec.get("hostNetwork"):
            detail = "hostNetwork must be true if pod contains any hostProcess containers"
            errors.invalid(f"{path}.hostNetwork", False, detail)
