"""Probes in a Job: a readiness probe has no Service to serve, a liveness probe kills long work."""

from __future__ import annotations

from joblint.api.create.defaults import PROBE_FAILURES, PROBE_PERIOD
from joblint.base.durations import show_duration as duration
from joblint.base.durations import show_span
from joblint.base.names import names
from joblint.rules.checks.containers.probe_ports import missing_ports
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject
    from joblint.shell.invocation import Invocation

_BATCH = names(
    "python python3 perl ruby node Rscript java php sleep echo psql pg_dump mysqldump aws rsync tar restic alembic rake flyway"
)


def liveness_probe_kills_work(s: Subject) -> Iterator[Hit]:
    """A warning if nothing seems to respond to the probe: a script or an interpreter, and no such port is declared."""
    for container, run in zip(s.containers, s.runs, strict=True):
        if container.role == "sidecar":
            continue
        for kind in ("livenessProbe", "startupProbe"):
            probe = as_dict(container.data.get(kind))
            if not probe or missing_ports(container, probe):  # the kubelet discards what such a probe finds
                continue
            period, times = _number(probe, "periodSeconds", PROBE_PERIOD), _number(probe, "failureThreshold", PROBE_FAILURES)
            first = _number(probe, "initialDelaySeconds", 0)
            # The probe's periods count from the Pod's arrival on its node: the first probe that counts comes within a period
            # after the delay, the last (times - 1) periods later (pkg/kubelet/prober/worker.go).
            killed = (float(first + period * (times - 1)), float(first + period * times))
            if run.shell and run.script >= 0 and _is_short(s, first):
                continue
            deadline = s.spec.get("activeDeadlineSeconds")
            if isinstance(deadline, int) and deadline <= killed[0]:
                continue  # the Job ends before
            grace = _number(probe, "terminationGracePeriodSeconds", s.grace_period)
            deaf = not _listens(container, run, probe)
            yield s.hit(
                f"{container.at}.{kind}",
                part="key",
                severity="warning" if deaf else "",
                confidence="likely" if deaf else "",
                kind_of=kind,
                container=container.name,
                asked=_asked(probe),
                period=duration(period),
                times=times,
                after=show_span(killed),
                grace=duration(grace),
                effect=_effect(s),
                deaf="; no server seems to listen" if deaf else "",
            )


def _is_short(s: Subject, first: int) -> bool:
    """Whether the script certainly ends before the first probe, or within seconds."""
    from joblint.rules.checks.cronjob.length import harmless, least_run

    return harmless(s) and least_run(s) <= max(first, 5)


def _number(data: dict[str, Any], key: str, default: int) -> int:
    value = data.get(key)
    return value if isinstance(value, int) else default


def _effect(s: Subject) -> str:
    if s.pod.get("restartPolicy") == "OnFailure":
        return "The container is restarted in the same Pod, which counts towards backoffLimit"
    half_done = "if its program exits with 0 on SIGTERM, the Pod succeeds with incomplete work"
    return f"The failed Pod counts towards backoffLimit; {half_done}"


def _asked(probe: dict[str, Any]) -> str:
    for kind, name in (
        ("httpGet", "a request to port"),
        ("tcpSocket", "a connection to port"),
        ("grpc", "a gRPC call to port"),
    ):
        if kind in probe:
            return f"{name} {as_dict(probe[kind]).get('port')}"
    command = as_list(as_dict(probe.get("exec")).get("command"))
    return f"the command `{' '.join([str(w) for w in command[:3]])}`" if command else "a check"


def _listens(container: ContainerRef, run: Invocation, probe: dict[str, Any]) -> bool:
    """Whether something may respond to the probe; for a command, always."""
    port = next((as_dict(probe[k]).get("port") for k in ("httpGet", "tcpSocket", "grpc") if k in probe), None)
    if port is None:
        return True
    for declared in as_list(container.data.get("ports")):
        if port in (
            as_dict(declared).get("containerPort"),
            as_dict(declared).get("name"),
            str(as_dict(declared).get("containerPort")),
        ):
            return True
    if not run.words or not run.sure:
        return True
    words = " ".join(
        [part for part in " ".join(run.words).replace('"', " ").replace("'", " ").split() if not _is_elsewhere(part)]
    )
    if str(port) in words or any(
        w in words for w in ("server", "serve", "listen", "uvicorn", "gunicorn", "flask", "http", "metrics", "health")
    ):
        return True
    return not (run.shell or run.name in _BATCH)


_HERE = ("localhost", "127.", "0.0.0.0", "[::")


def _is_elsewhere(word: str) -> bool:
    """Whether a word is a URL of another host, which says nothing about servers in this container."""
    _, found, rest = word.partition("://")
    return bool(found) and not rest.startswith(_HERE) and "$" not in rest.partition("/")[0]


def readiness_probe_useless(s: Subject) -> Iterator[Hit]:
    """Native sidecars are exempt: there, the probe can delay the next containers."""
    for container in s.containers:
        if container.role != "sidecar" and as_dict(container.data.get("readinessProbe")):
            yield s.hit(container.at + ".readinessProbe", part="key", container=container.name)
