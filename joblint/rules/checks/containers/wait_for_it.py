"""wait-for-it.sh, which runs its command after the timeout as well, unless it is told to be strict.

Source: github.com/vishnubob/wait-for-it wait-for-it.sh (WAITFORIT_STRICT, WAITFORIT_TIMEOUT).
"""

from __future__ import annotations

from joblint.base.durations import show_duration
from joblint.base.record import Record
from joblint.rules.checks.containers.clients import calls_of
from joblint.rules.checks.containers.place import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.checks.containers.clients import Called
    from joblint.rules.subject import Subject

_NAMES = ("wait-for-it", "wait-for-it.sh")


class Runs(Record):
    """A call of wait-for-it, its wait as written, the program that it runs, how long it waits; `given` if the call says so."""

    called: Called
    wait: str
    program: str
    time: str
    given: bool


def runs_anyway(s: Subject, index: int) -> Runs | None:
    """Return the first call in a container that starts its command although the wait has timed out; None if there is none."""
    for called in calls_of(s, index):
        name, words = called.name, list(called.rest)
        if name in ("sh", "bash") and words and words[0].rpartition("/")[2] in _NAMES:
            name, words = words[0].rpartition("/")[2], words[1:]
        if name not in _NAMES or "--" not in words[:-1]:
            continue
        own, program = words[: words.index("--")], words[words.index("--") + 1].rpartition("/")[2] or "the command"
        if "" in own or any(w in ("-s", "--strict") for w in own):
            continue
        seconds = _timeout(own)
        if seconds == "0" or not seconds.isdecimal():
            continue
        wait = short(" ".join([name, *own]))
        return Runs(called, wait, program, show_duration(int(seconds)), seconds != "15")
    return None


def _timeout(words: list[str]) -> str:
    for i, word in enumerate(words):
        if word in ("-t", "--timeout"):
            return words[i + 1] if i + 1 < len(words) else ""
        if word.startswith("--timeout="):
            return word.partition("=")[2]
        if word.startswith("-t") and len(word) > 2:
            return word[2:]
    return "15"
