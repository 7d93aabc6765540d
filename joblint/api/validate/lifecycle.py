"""Lifecycle hooks and the stop signal of a container; knows handlers and errors.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go validateLifecycle and validateStopSignal.
"""

from __future__ import annotations

from joblint.api.errors import Typed
from joblint.api.validate.probe import validate_hook

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.versions import Gates

_REAL_TIME = (*(f"SIGRTMIN+{n}" for n in range(1, 16)), *(f"SIGRTMAX-{n}" for n in range(1, 15)))
_LINUX = (
    "SIGABRT SIGALRM SIGBUS SIGCHLD SIGCLD SIGCONT SIGFPE SIGHUP SIGILL SIGINT SIGIO SIGIOT SIGKILL SIGPIPE SIGPOLL SIGPROF "
    "SIGPWR SIGQUIT SIGSEGV SIGSTKFLT SIGSTOP SIGSYS SIGTERM SIGTRAP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGUSR1 SIGUSR2 "
    "SIGVTALRM SIGWINCH SIGXCPU SIGXFSZ SIGRTMIN SIGRTMAX"
).split()
# In the order in which the server lists them.
_SIGNALS = {"linux": tuple(sorted((*_LINUX, *_REAL_TIME))), "windows": ("SIGKILL", "SIGTERM")}


def validate_lifecycle(lifecycle: dict[str, Any], path: str, errors: Errors, opts: Gates, spec: dict[str, Any]) -> None:
    """The lifecycle of a container in a Pod of that spec, whose grace period and os bound what it may say."""
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
