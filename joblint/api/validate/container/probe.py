"""Probes of a container, and the handlers that probes and lifecycle hooks share; knows ports, names and errors.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go validateProbe and validateHandler.
"""

from __future__ import annotations

from joblint.api.errors import Typed
from joblint.api.validate.container.ports import validate_port_num_or_name
from joblint.api.validate.meta.names import is_http_header_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.version.versions import Gates

_SCHEMES = ("HTTP", "HTTPS")
_NOT_NEGATIVE = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")
_PROBE_HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc")
_HOOK_HANDLERS = ("exec", "httpGet", "tcpSocket", "sleep")


def validate_probes(container: dict[str, Any], path: str, errors: Errors) -> None:
    """The three probes of a container whose field path is `path`."""
    for kind in ("livenessProbe", "readinessProbe", "startupProbe"):
        probe = container.get(kind)
        if probe is None:
            continue
        where = f"{path}.{kind}"
        _validate_probe(probe, where, errors)
        if kind == "readinessProbe":
            if "terminationGracePeriodSeconds" in probe:
                value = probe["terminationGracePeriodSeconds"]
                errors.invalid(f"{where}.terminationGracePeriodSeconds", value, "must not be set for readinessProbes")
        elif probe.get("successThreshold", 0) != 1:
            errors.invalid(f"{where}.successThreshold", probe.get("successThreshold", 0), "must be 1")


def _validate_probe(probe: dict[str, Any], path: str, errors: Errors) -> None:
    _validate_handler(probe, _PROBE_HANDLERS, path, errors)
    for field in _NOT_NEGATIVE:
        if probe.get(field, 0) < 0:
            errors.invalid(f"{path}.{field}", probe[field], "must be greater than or equal to 0")
    grace = probe.get("terminationGracePeriodSeconds")
    if grace is not None and grace <= 0:
        errors.invalid(f"{path}.terminationGracePeriodSeconds", grace, "must be greater than 0")


def validate_hook(hook: dict[str, Any], path: str, errors: Errors, opts: Gates, grace: int | None) -> None:
    """A postStart or preStop hook; `grace` is the Pod's terminationGracePeriodSeconds."""
    if _validate_handler(hook, _HOOK_HANDLERS, path, errors) == "sleep" and grace is not None:
        _validate_sleep(hook["sleep"].get("seconds", 0), f"{path}.sleep", errors, opts, grace)


def _validate_handler(handler: dict[str, Any], kinds: tuple[str, ...], path: str, errors: Errors) -> str | None:
    """Exactly one handler, and that one well-formed. Returns its kind."""
    chosen = None
    for kind in kinds:
        action = handler.get(kind)
        if action is None:
            continue
        if chosen:
            errors.forbidden(f"{path}.{kind}", "may not specify more than 1 handler type")
            continue
        chosen = kind
        if kind == "exec":
            if not action.get("command"):
                errors.required(f"{path}.exec.command")
        elif kind == "httpGet":
            _validate_http_get(action, f"{path}.httpGet", errors)
        elif kind != "sleep":
            validate_port_num_or_name(action.get("port", 0), f"{path}.{kind}.port", errors)
    if not chosen:
        errors.required(path, "must specify a handler type")
    return chosen


def _validate_http_get(action: dict[str, Any], path: str, errors: Errors) -> None:
    if not action.get("path"):
        errors.required(f"{path}.path")
    validate_port_num_or_name(action.get("port", 0), f"{path}.port", errors)
    scheme = action.get("scheme", "")
    if scheme not in _SCHEMES:
        errors.not_supported(f"{path}.scheme", Typed(scheme), _SCHEMES)
    for header in action.get("httpHeaders") or ():
        name = header.get("name", "")
        for message in is_http_header_name(name):
            errors.invalid(f"{path}.httpHeaders", name, message)


def _validate_sleep(seconds: int, path: str, errors: Errors, opts: Gates, grace: int) -> None:
    if opts.on("PodLifecycleSleepActionAllowZero"):
        if seconds < 0 or seconds > grace:
            errors.invalid(path, seconds, f"must be non-negative and less than terminationGracePeriodSeconds ({grace})")
    elif seconds <= 0 or seconds > grace:
        detail = (
            f"must be greater than 0 and less than terminationGracePeriodSeconds ({grace}). "
            "Enable AllowPodLifecycleSleepActionZeroValue feature gate for zero sleep."
        )
        errors.invalid(path, seconds, detail)
