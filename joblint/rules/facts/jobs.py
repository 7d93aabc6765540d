"""The facts about a Job or CronJob that are kept after its file, for the rules over a directory; knows subjects, no other
objects.

They are few and plain, so that several processes can read a thousand files. Positions are not kept: the file is read again if a
finding needs one.
"""

from __future__ import annotations

from marshal import dumps

from joblint.base import shared
from joblint.base.checksum import checksum
from joblint.base.durations import show_duration
from joblint.base.record import Record
from joblint.rules.facts.needs import needs_of
from joblint.rules.facts.origin import origin_of
from joblint.rules.subject import Subject, as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.rules.facts.folder import Facts
    from joblint.rules.facts.needs import Needs
    from joblint.rules.facts.origin import Origin
    from joblint.rules.workload.claims import SharedClaim


_NONE: dict[str, Any] = {}


class JobFacts(Record):
    """Facts about a Job. `shape` is equal for Jobs whose images and commands differ only in digits, `labels` are those of its
    Pods. `content` distinguishes two Jobs with one name: a number for the part that may change, and one for the
    immutable part; None if its name is not known. `total` is the number of indexes (0 if it is not Indexed)."""

    origin: Origin
    subdomain: str
    claims: tuple[SharedClaim, ...]
    indexed: bool
    labels: dict[str, Any]
    shape: str
    content: tuple[int, int] | None
    needs: Needs
    deleted: tuple[str, str] | None = None
    total: int = 0


class CronJobFacts(Record):
    """Facts about a CronJob; `schedule` is "" if it is not a string, `content` is as in a Job, of which no part is
    immutable."""

    origin: Origin
    subdomain: str
    claims: tuple[SharedClaim, ...]
    schedule: str
    time_zone: str
    suspended: bool
    content: tuple[int, int] | None
    needs: Needs
    labels: dict[str, Any] = _NONE
    total: int = 0


def facts_of(subject: Subject) -> JobFacts | CronJobFacts:
    """Return the facts about a Job or CronJob."""
    origin = origin_of(subject.kind, subject.document, subject.prefix, subject.metadata, subject.name)
    subdomain: str = _text(subject.pod.get("subdomain"))
    claims: tuple[SharedClaim, ...] = ()
    if subject.pod.get("volumes") and subject.prediction.at_once > 1:
        from joblint.rules.workload.claims import shared_claims

        claims = shared_claims(subject)
    needs = needs_of(subject)
    completions = subject.spec.get("completions")
    total = completions if subject.spec.get("completionMode") == "Indexed" and isinstance(completions, int) else 0
    if subject.kind == "CronJob":
        cron = subject.cron
        zone, suspended = _text(cron.get("timeZone")), cron.get("suspend") is True
        schedule, labels = _text(cron.get("schedule")), shared.mapping(_labels(subject))
        return CronJobFacts(origin, subdomain, claims, schedule, zone, suspended, _content(subject), needs, labels, total)
    labels = _labels(subject)
    indexed = subject.spec.get("completionMode") == "Indexed"
    shape = shared.text(_shape(subject))
    deleted = _deleted(subject)
    return JobFacts(origin, subdomain, claims, indexed, shared.mapping(labels), shape, _content(subject), needs, deleted, total)


def _labels(subject: Subject) -> dict[str, Any]:
    return as_dict(as_dict(as_dict(subject.spec.get("template")).get("metadata")).get("labels"))


def _deleted(subject: Subject) -> tuple[str, str] | None:
    """What deletes a Job soon after it has succeeded: the field, and that in words; None for nothing."""
    ttl = subject.spec.get("ttlSecondsAfterFinished")
    if isinstance(ttl, int):
        when = "as soon as it has finished" if ttl == 0 else f"{show_duration(ttl)} after it has finished"
        return subject.spec_at + ".ttlSecondsAfterFinished", f"ttlSecondsAfterFinished deletes it {when}"
    for tool, word in (("helm.sh", "hook-succeeded"), ("argocd.argoproj.io", "HookSucceeded")):
        key = tool + "/hook-delete-policy"
        if word in str(subject.annotations.get(key) or ""):
            return f"metadata.annotations[{key}]", f"{word} deletes it as soon as it has succeeded"
    return None


# The fields that ValidateJobUpdate does not allow to change; completions may change only in an Indexed Job.
_FIXED = ("template", "selector", "completionMode", "podFailurePolicy", "successPolicy", "backoffLimitPerIndex", "managedBy")


def _content(subject: Subject) -> tuple[int, int] | None:
    name = as_dict(as_dict(subject.document.object(subject.prefix)).get("metadata")).get("name")
    if not isinstance(name, str) or not name or not name.replace("-", "").replace(".", "").isalnum():
        return None  # set by the server, or filled in later
    if subject.kind == "CronJob":
        return _number(subject.nearest.defaulted), 0
    spec = subject.spec
    fixed = [spec.get(field) for field in _FIXED]
    if spec.get("completionMode") != "Indexed":
        fixed.append(spec.get("completions"))
    # Fields in another order were written otherwise: kubectl's annotation then differs, if nothing else does.
    rest = {**subject.job, "spec": {field: None if field in _FIXED else value for field, value in spec.items()}}
    return _number(rest), _number(fixed)


def _number(value: Any) -> int:
    """A number for JSON data, the same in every process."""
    try:
        data = dumps(value, 2)  # the oldest format of today's strings: equal data is written the same way, shared or not
    except ValueError:  # for data nested too deeply for it
        data = repr(value).encode("utf-8", "surrogatepass")
    return int.from_bytes(checksum(data), "little")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


_DIGITS = str.maketrans("0123456789", "#" * 10)


def _shape(subject: Subject) -> str:
    """A key that is equal for Jobs whose images and commands differ only in digits: parts of one task, written out by hand."""
    parts: list[str] = []
    for container in subject.mains:
        data = container.data
        parts += map(str, (data.get("image"), *as_list(data.get("command")), *as_list(data.get("args")), "|"))
    written = "\x00".join(parts)
    return written.translate(_DIGITS) if written.isascii() else "".join(["#" if c.isdigit() else c for c in written])


def alone(facts: list[Facts]) -> bool:
    """Return whether there is only one object, without any object it needs: rules over a directory have nothing to compare."""
    if len(facts) != 1 or not isinstance(facts[0], (JobFacts, CronJobFacts)):
        return False
    needs = facts[0].needs
    if needs.placings or any(file.items for file in needs.files):
        return False
    return not facts[0].claims and not facts[0].subdomain and not needs.node_dns
