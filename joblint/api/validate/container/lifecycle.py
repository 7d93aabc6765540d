"""Lifecycle hooks and the stop signal of a container; knows handlers and errors.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go validateLifecycle and validateStopSignal.
"""

from __future__ import annotations

from joblint.api.errors import Typed
from joblint.api.validate.container.probe import validate_hook

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.version.versions import Gates

_NAMES = """
    ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU
    URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX
"""
_REAL_TIME = (*(f"RTMIN+{n}" for n in range(1, 16)), *(f"RTMAX-{n}" for n in range(1, 15)))
# In the order in which the server lists them.
_SIGNALS = {"linux": tuple(sorted(f"SIG{name}" for name in (*_NAMES.split(), *_REAL_TIME))), "windows": ("SIGKILL", "SIGTERM")}


def validate_lifecycle(lifecycle: dict[str, Any], path: str, errors: Errors, opts: Gates, spec: dict[str, Any]) -> None:
    """Validate the lifecycle of a container in a Pod of that spec, whose grace period and os restrict it."""
    grace = spec.get("terminationGracePeriodSeconds")
    for kind in ("postStart", "preStop"):
        if kind in lifecycle:
            validate_hook(lifecycle[kind], f"{path}.{kind}", errors, opts, grace)
    if "stopSignal" in lifecycle:
        os = spec.get("os")
        if os is None:
            errors.forbidden(f"{path}.stopSignal", "may not be set for containers with empty `spec.os.name`")
        else:
            signal, known = lifecycle["stopSignal"], _SIGNALS.get(os.get("name", ""))
            if known and signal not in known:
                errors.not_supported(f"{path}.stopSignal", Typed(signal), known)
