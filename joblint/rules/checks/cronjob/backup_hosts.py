"""Backup programs that tell hosts apart by name, in a CronJob whose Pods each have another name.

Sources: restic internal/data/snapshot.go, cmd/restic/cmd_forget.go (--group-by is host,paths; --host or RESTIC_HOST of the
backup); borg docs/usage/prune (-a, --glob-archives, {hostname}); duplicity/dup_main.py (check_last_manifest: the hostname of
the last backup has to be the same, without --allow-source-mismatch).
"""

from __future__ import annotations

from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.place import short
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.checks.containers.clients import Called
    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_RESTIC = "removes nothing: each Pod counts as another host, and has one snapshot"
_BORG = "removes nothing: {hostname} is the name of the Pod, and no other archive has it"
_DUPLICITY = "fails in each run after the first: its host name is not that of the last backup"


def pod_name_in_backups(s: Subject) -> Iterator[Hit]:
    """`restic forget --keep-daily 7` after `restic backup` without --host; one finding for each CronJob."""
    if s.kind != "CronJob" or s.pod.get("hostname") or s.pod.get("hostNetwork") is True:
        return
    calls: list[Called] = []
    for i, container in enumerate(s.containers):
        if any(str(as_dict(e).get("name")) == "RESTIC_HOST" for e in as_list(container.data.get("env"))):
            return
        calls.extend(c for c in calls_of(s, i) if c.name in ("restic", "borg", "duplicity"))
    if any("RESTIC_HOST" in c.script.text or "hostname " in c.script.text for c in calls if c.script):
        return
    named = any(_has_host(c) for c in calls if "backup" in c.rest[:6])
    backups = [c for c in calls if c.name == "restic" and "backup" in c.rest]
    creates = [c for c in calls if c.name == "borg" and "create" in c.rest and "{hostname}" in c.text]
    for called in calls:
        if called.name == "restic" and "forget" in called.rest and backups and not named:
            if not any(w.startswith("--keep") for w in called.rest) or _groups_by_path(called) or _has_host(called):
                continue
            text = " ".join([w for w in backups[0].text.split() if w != "\\"])
            better = text.replace("backup", f"backup --host {s.name or '<name>'}", 1)
            yield call_hit(s, called, command=short(called.text), effect=_RESTIC, better=better)
            return
        if called.name == "borg" and "prune" in called.rest and creates and "{hostname}" in called.text:
            better = f"Write {s.name or '<name>'} instead of {{hostname}} in borg create and borg prune."
            yield call_hit(s, called, command=short(called.text), effect=_BORG, better=better)
            return
        if called.name == "duplicity" and "--allow-source-mismatch" not in called.rest and _is_duplicity_backup(called):
            yield call_hit(s, called, command=short(called.text), effect=_DUPLICITY, better="duplicity --allow-source-mismatch …")
            return


def _has_host(called: Called) -> bool:
    return any(w in ("--host", "-H", "--hostname") or w.startswith(("--host=", "--hostname=", "-H")) for w in called.rest)


def _groups_by_path(called: Called) -> bool:
    """Whether restic forget is told to group in another way than by host, or what to forget."""
    for i, word in enumerate(called.rest):
        name, sign, value = word.partition("=")
        if name in ("--group-by", "-g"):
            return "host" not in (value if sign else "".join(called.rest[i + 1 : i + 2]))
    return False


def _is_duplicity_backup(called: Called) -> bool:
    """Whether a call of duplicity makes a backup: of a directory, to a URL."""
    operands = [w for w in called.rest if not w.startswith("-")]
    verbs = {"full", "incr", "incremental", "inc", "backup"}
    urls = [w for w in operands if "://" in w]
    words = [w for w in operands if w.startswith("/")]
    return (
        bool(urls and words)
        and operands.index(words[0]) < operands.index(urls[-1])
        and (operands[0] in verbs or operands[0] == words[0] or called.rest[0].startswith("-"))
    )
