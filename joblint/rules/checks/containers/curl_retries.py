"""curl --retry for something that may not be there yet: a refused connection is not among the errors that it retries.

Source: curl 8.10, docs/cmdline-opts/retry.md and retry-connrefused.md.
"""

from __future__ import annotations

from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.place import short
from joblint.shell.services import host_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.checks.containers.clients import Called
    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_ALL = ("--retry-connrefused", "--retry-all-errors")


def retry_stops_at_refused(s: Subject) -> Iterator[Hit]:
    """The first such call of each container, to a host of the cluster or of the Pod; not if a loop repeats it."""
    from joblint.rules.checks.containers.errexit import asked

    for i, container in enumerate(s.containers):
        for called in calls_of(s, i):
            host = _host(called)
            if (
                not host
                or called.script is not None
                and called.command is not None
                and called.command.start in asked(called.script)
            ):
                continue
            here = host in ("localhost", "127.0.0.1")
            waits = here or container.role == "init"
            yield call_hit(
                s,
                called,
                command=short(called.text),
                host=host,
                times=_times(called.rest),
                severity="" if waits else "info",
                confidence="" if waits else "hint",
            )
            break


def _host(called: Called) -> str:
    """The host, if curl is to retry and a refused connection ends it; "" otherwise."""
    words = called.texts or called.rest
    if called.name != "curl" or not _times(called.rest) or any(w.startswith(_ALL) for w in called.rest):
        return ""
    if any(w in ("-K", "--config") for w in words) or "CURL_OPT" in called.text:
        return ""
    host = host_of("curl", [w.strip("\"'") for w in words])
    inside = "." not in host or host.endswith((".svc", ".svc.cluster.local")) or host == "127.0.0.1"
    return host if inside and not host.startswith(("$", "[")) else ""


def _times(rest: tuple[str, ...]) -> str:
    for i, word in enumerate(rest):
        name, sign, value = word.partition("=")
        if name == "--retry":
            number = value if sign else (rest[i + 1] if i + 1 < len(rest) else "")
            return number if number.isdecimal() and number != "0" else ""
    return ""
