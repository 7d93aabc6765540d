"""What was not checked, in few words: Jobs and CronJobs one by one, other objects and files counted; knows nothing about
formats.
"""

from __future__ import annotations

from joblint.base.words import count
from joblint.report.safe import safe
from joblint.rules.skips import NO_OBJECT, OTHER_GROUP, OTHER_KIND

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from joblint.rules.skips import Skipped

_MOST_NAMED = 10


def others_of(n: int) -> str:
    """Return the number of objects of other kinds in words."""
    return "1 object of another kind" if n == 1 else f"{n} objects of other kinds"


def not_judged(skipped: Iterable[Skipped], files: int) -> list[str]:
    """Return the parts of a sentence that begins with `Not checked:`. `files` is the number of files read: a single one is
    named."""
    others = sum(1 for s in skipped if s.what == OTHER_KIND)
    groups: dict[str, int] = {}
    named: dict[tuple[str, str], None] = {}
    nothing: dict[str, str] = {}
    for s in skipped:
        if s.what == OTHER_GROUP:
            groups[s.reason] = groups.get(s.reason, 0) + 1
        elif s.what == NO_OBJECT:
            nothing.setdefault(s.file, s.reason)
        elif s.what != OTHER_KIND:
            named[(s.file, s.reason)] = None
    if files == 1 and not others:
        named.update(dict.fromkeys(nothing.items()))
        nothing = {}
    parts = [others_of(others)] if others else []
    parts += [f"{n} of {safe(reason)}" for reason, n in groups.items()]
    parts += [f"{count(len(nothing), 'file')} without a Kubernetes object"] if nothing else []
    parts += [f"{safe(file)} ({safe(reason)})" for file, reason in list(named)[:_MOST_NAMED]]
    if len(named) > _MOST_NAMED:
        parts.append(f"{len(named) - _MOST_NAMED} more (--format json lists them)")
    return parts
