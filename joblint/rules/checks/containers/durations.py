"""Durations without a unit, which programs written in Go reject before they do anything."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.place import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.checks.containers.clients import Called
    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

# Source: the flags of type time.Duration of kubectl 1.36, helm 3.22, flux 2, etcdctl 3.5. kubectl's --request-timeout accepts
# numbers, as seconds, and so do --timeout of helm 2 and argocd.
_KUBECTL = names("--timeout --since --pod-running-timeout --duration")
_OPTIONS = {
    "kubectl": _KUBECTL,
    "oc": _KUBECTL,
    "helm": names("--timeout"),
    "flux": names("--timeout --interval --retry-interval"),
    "etcdctl": names("--dial-timeout --command-timeout --keepalive-time --keepalive-timeout"),
}


def duration_without_unit(s: Subject) -> Iterator[Hit]:
    """`kubectl wait --timeout=300`: Go's time.ParseDuration rejects a number without a unit; one finding for each container."""
    for i, container in enumerate(s.containers):
        helm2 = "helm:2" in str(container.data.get("image")) or "helm:v2" in str(container.data.get("image"))
        for called in calls_of(s, i, inner=True):
            option, value = _bare(called)
            if option and not (called.name == "helm" and (helm2 or called.script and "tiller" in called.script.text)):
                yield call_hit(s, called, command=short(called.text), program=called.name, option=option, value=value)
                break


def _bare(called: Called) -> tuple[str, str]:
    """The option of a command whose duration has no unit, and its value; both "" if there is none."""
    options = _OPTIONS.get(called.name, frozenset())
    for n, word in enumerate(called.rest if options else ()):
        if word == "--":
            break
        name, equals, value = word.partition("=")
        if name in options:
            value = value if equals else called.rest[n + 1] if n + 1 < len(called.rest) else ""
            if value.removeprefix("-").isdecimal() and value.strip("-0"):
                return name, value
    return "", ""
