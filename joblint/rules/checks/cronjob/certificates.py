"""Certificates that a CronJob requests anew in each run, because nothing keeps the state of the client.

Source: Let's Encrypt, Rate Limits: 5 certificates for the same names in 7 days.
"""

from __future__ import annotations

from joblint.base.today import today
from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.place import short
from joblint.rules.workload.mounts import mounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_CLIENTS = {"certbot": ("certonly", "run"), "acme.sh": ("--issue",), "lego": ("run",), "dehydrated": ("-c", "--cron")}
_TESTS = ("--staging", "--test", "--dry-run", "--test-cert", "--server", "-s", "--ca")
_CHECKS = ("checkend", "enddate", "kubectl get secret", "aws s3", "rclone", "gsutil", "restore", "tar x", "cp /")
_MOST = 5


def certificate_requested_each_run(s: Subject) -> Iterator[Hit]:
    """`certbot certonly` without a volume; one finding for each CronJob that starts more than five times a week."""
    if s.kind != "CronJob" or s.rhythm is None or s.rhythm.per_year(today()) <= _MOST * 52:
        return
    for i, container in enumerate(s.containers):
        kept = [m for m in mounts(s, container) if m.kind not in ("emptyDir", "ephemeral", "configMap", "secret", "projected")]
        if kept or any(c.role == "init" for c in s.containers):
            continue
        for called in calls_of(s, i):
            verbs = _CLIENTS.get(called.name, ())
            if not any(v in called.rest for v in verbs) or any(w.partition("=")[0] in _TESTS for w in called.rest):
                continue
            if called.script is not None and any(mark in called.script.text for mark in _CHECKS):
                continue
            state = {"certbot": "/etc/letsencrypt", "acme.sh": "/acme.sh", "lego": "/.lego"}.get(called.name, "its directory")
            yield call_hit(s, called, command=short(called.text), state=state, most=_MOST)
            return
