"""Unintended effects of retries: they wait too briefly for a service, overlap with the old Pod, repeat one-time work."""

from __future__ import annotations

from joblint.base.durations import show_duration as duration
from joblint.base.names import names
from joblint.base.words import count
from joblint.rules.checks.containers.place import short
from joblint.rules.subject import as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_PATIENCE = 120  # seconds that a database or a queue typically takes to start
_LONG_GRACE = 120  # a grace period of this many seconds was set because the program uses it
_OVERLAP = 60
_ONCE = names(
    "mail mails email emails mailer newsletter newsletters invoice invoices invoicing payment payments payout payouts "
    "billing charge charges refund refunds sms migrate migration migrations"
)


def init_container_uses_up_retries(s: Subject) -> Iterator[Hit]:
    """An init container checks once whether a service is reachable and exits: each time it is not, the Job has one more
    failure."""
    for i, container in enumerate(s.containers):
        if container.role != "init":
            continue
        asked, field = _asks_once(s, i)
        if not asked:
            continue
        from joblint.controller.prediction.what_if import container_fails, ended_by

        run = container_fails(s.prediction, container.name, 1)
        limit = ended_by(run)
        if not limit.startswith("backoffLimit") or run.ends_at is None or run.ends_at > _PATIENCE:
            continue
        yield s.hit(
            field,
            container=container.name,
            asked=short(asked),
            patience=duration(int(run.ends_at)),
            limit=f"{limit}: {s.spec.get(limit)}",
            loop=f"until {asked}; do sleep 2; done",
        )
        return


def _asks_once(s: Subject, index: int) -> tuple[str, str]:
    """The command with which a container checks for a service once, and its field; ("", "") for none.

    The container must do nothing else: no loop, no other work.
    """
    from joblint.shell.services import only_asks, service_of, waits_itself
    from joblint.shell.syntax import Loop, commands
    from joblint.shell.weight import NOTHING, program, weight

    run = s.runs[index]
    if run.words and not run.shell:
        command = run.name, run.rest
        if run.bounded or not run.sure or not only_asks(command) or waits_itself(command):
            return "", ""
        return service_of(command), run.fields[run.program]
    script = next((x for x in s.scripts if x.index == index), None)
    if script is None or run.bounded or any(isinstance(n, Loop) for n in _nodes(script.statements)):
        return "", ""
    lost = {loss.command.start for loss in script.flow.losses}
    found = ""
    for each in commands(script.statements):
        command = program(each)
        if only_asks(command):
            if waits_itself(command) or each.start in lost:
                return "", ""
            found = found or each.text
        elif weight(each) != NOTHING or command[0] == "sleep":
            return "", ""
    return (found, script.field) if found else ("", "")


def _nodes(node: object) -> Iterator[object]:
    from joblint.shell.syntax import children

    left = [node]
    while left:
        each = left.pop()
        yield each
        left.extend(children(each))  # type: ignore[arg-type]


def replaced_pod_still_writes(s: Subject) -> Iterator[Hit]:
    """An evicted Pod may run until the end of its grace period, but is replaced 10 s after it got SIGTERM: two Pods write
    to one claim. Source: Kubernetes 1.36.3, pkg/controller/job/job_controller.go (podReplacementPolicy)."""
    grace = s.sent_pod.get("terminationGracePeriodSeconds")
    p = s.prediction
    if not isinstance(grace, int) or grace < _LONG_GRACE or p.at_once != 1 or p.spec.only_failed or not p.retry_limit:
        return
    from joblint.rules.workload.mounts import mounts

    for container in s.mains:
        for mount in mounts(s, container):
            if mount.kind != "persistentVolumeClaim" or mount.read_only or mount.sub_path:
                continue
            from joblint.controller.prediction.what_if import replaced

            created, gone = replaced(p)
            if created is not None and gone is not None and gone - created >= _OVERLAP:
                yield s.hit(
                    s.pod_at + ".terminationGracePeriodSeconds",
                    grace=duration(grace),
                    claim=mount.source.get("claimName"),
                    path=mount.path,
                    overlap=duration(int(gone - created)),
                    at=s.spec_at,
                )
            return


def one_time_work_retried(s: Subject) -> Iterator[Hit]:
    """The default backoffLimit for work whose name, image or command refers to mail, payment or migration; only info."""
    if "backoffLimit" in s.sent_spec or "podFailurePolicy" in s.sent_spec or "backoffLimitPerIndex" in s.sent_spec:
        return
    for text, told in _named(s):
        text = " ".join([w for w in text.split() if not w.startswith("-")])  # createuser --email sends none
        words = "".join([c if c.isalnum() else " " for c in text]).split()
        word = next((w for w in words if w in _ONCE), "")
        if word:
            limit = s.prediction.retry_limit
            yield s.hit(s.spec_at, part="key", told=told, word=word, limit=limit, times=count(limit + 1, "time"))
            return


def _named(s: Subject) -> Iterator[tuple[str, str]]:
    yield s.name, "the name"
    for container in s.mains:
        image = str(container.data.get("image") or "")
        yield image.partition("@")[0].rpartition("/")[2].partition(":")[0], "the image"
        for word in (*as_list(container.data.get("command")), *as_list(container.data.get("args"))):
            if isinstance(word, str) and len(word) < 60:
                yield word, "the command"
