"""The run time of an attempt, as far as the commands of its containers show it; no texts."""

from __future__ import annotations

from joblint.base.memo import memo
from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.subject import Subject
    from joblint.rules.workload.lengths import Length

_LONGEST = 30 * 86400.0
# What may say how long a command takes, and the programs that measure for a given time.
_MARKS = (
    *("sleep", "timeout", "TIMEOUT", "wait", "max-time", "--retry", "_isready", "nc", "curl", "SECONDS"),
    *("k6", "hey", "wrk", "vegeta", "pgbench", "sysbench", "locust", "iperf3", "stress"),
)
_IMAGES = ("/k6", "curl", "locust", "vegeta")


class Attempt(Record):
    """A successful attempt takes from `least` to `most` seconds (infinite if that is not known), including init containers; a
    failing one takes at least `fails`. `patience` is how long it may take by the limits that its commands set themselves.
    `shown` is the container that shows most of it."""

    least: float
    most: float
    fails: float
    patience: float
    shown: Length


def shows_time(s: Subject) -> bool:
    """Return whether a word of the commands may show how long they take. Most commands show nothing: the code that reads them
    is not imported then."""
    for container, run in zip(s.containers, s.runs, strict=True):
        if any(map(_is_mark, run.words)):
            return True
        if run.words and not run.sure:
            image = str(container.data.get("image"))
            if any(mark in image for mark in _IMAGES):
                return True
    return False


@memo(1 << 12)
def _is_mark(word: str) -> bool:
    find = word.find  # `in` raises and catches an exception for each mark
    return max(map(find, _MARKS)) >= 0


def attempt_of(s: Subject) -> Attempt | None:
    """Return what the commands show about an attempt; None if they do not show that it may take a second."""
    return s.asked(_attempt_of) if s.asked(shows_time) else None


def _attempt_of(s: Subject) -> Attempt | None:
    from joblint.rules.workload.lengths import lengths
    from joblint.shell.duration.span import INFINITE, INSTANT

    before, mains, fails = INSTANT, INSTANT, INFINITE
    shown: Length | None = None
    for each in lengths(s):
        if shown is None or (each.span.least, each.span.patience) > (shown.span.least, shown.span.patience):
            shown = each
        if each.container.role == "init":
            before = before.then(each.span)
        else:
            mains = mains.beside(each.span)
            fails = min(fails, _before_failure(s, each))
    whole = before.then(mains)
    if shown is None or whole.least > _LONGEST or max(whole.least, whole.patience) < 1:
        return None
    patience = whole.patience if whole.patience <= _LONGEST else whole.least
    return Attempt(whole.least, whole.most, before.least + min(fails, mains.least), patience, shown)


def _before_failure(s: Subject, each: Length) -> float:
    """The seconds before a container's own commands can fail; its whole run time if none of them can."""
    run = s.runs[each.index]
    if run.name == "sleep":
        return each.span.least
    script = next((x for x in s.scripts if x.index == each.index), None)
    if script is None or run.bounded:
        return 0.0
    from joblint.rules.workload.env import known_env
    from joblint.shell.duration.failing import before_failure

    return before_failure(script.statements, known_env(each.container))
