"""The explanation of one Job or CronJob as plain records; imports nothing but the record type."""

from __future__ import annotations

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.api.verdict import Verdict
    from joblint.controller.job.trace import Run
    from joblint.controller.live.states import Live
    from joblint.controller.prediction.endings import End


class Limit(Record):
    """One line of the table of limits. `field` is its path, `name` its last part, `value` its text; `set` says whether the
    manifest sets it, `wins` whether it fails a Job whose every attempt fails; `here` is its effect in this Job.

    `at`: seconds after the start at which it would fail such a Job if it were the only limit (for the TTL: seconds from the end
    of the Job to its deletion); None if it never does, or if that was not computed.
    """

    field: str
    name: str
    value: str
    set: bool
    wins: bool
    here: str
    at: float | None = None


class Told(Record):
    """One scenario: `name` is its key, `title` what happens in it, `text` how it ends, in one sentence, without kubectl's
    columns for a finished Job."""

    name: str
    title: str
    text: str
    end: End
    run: Run


class Rung(Record):
    """The Job's results if each attempt runs `run` seconds: its limits, and those scenarios that depend on it."""

    run: float
    limits: tuple[Limit, ...]
    told: tuple[Told, ...]


class Start(Record):
    """One of a CronJob's next starts: the time in its zone and in UTC (ISO 8601), and the name of the Job."""

    local: str
    utc: str
    job: str


class Overlap(Record):
    """What a CronJob does if each run takes `run` seconds (-1: never ends): `when` and `what`, in words (`text` is both), with
    the numbers behind them.

    `jobs` are the Jobs of the simulated period, each as (start, end or None, result: complete, failed, replaced or running),
    `missed` the skipped starts, `until` its length; all in seconds from the first start.
    """

    run: float
    text: str
    started: int
    skipped: int
    most_at_once: int
    jobs: tuple[tuple[float, float | None, str], ...] = ()
    missed: tuple[float, ...] = ()
    until: float = 0.0
    when: str = ""
    what: str = ""


class Schedule(Record):
    """A CronJob's starts: the schedule in words, the zone, the next starts, and what happens if runs overlap."""

    schedule: str
    zone: str
    words: str
    starts: tuple[Start, ...]
    overlaps: tuple[Overlap, ...]
    notes: tuple[tuple[str, str], ...]


class Explanation(Record):
    """Everything that is reported for one object.

    `verdict` is the server's response; if it rejects, everything else describes the object after the fix, or is empty if that
    is unknown (`is_told` is False). `headline` says in one or two sentences what kind of Job it is, `documented` which pattern
    of the documentation. `asked` is the requested scenario, `scenarios` the built-in ones. `notes` are further lines as (title,
    text): which limit is reached first, what is kept, what a second apply and a deletion do. `ordinary` are the titles of those
    that are the same for nearly every Job. `rungs` are the results for other run times, shortest first, computed on
    request. `live` is the state of an object in a cluster, `owner` the CronJob that it belongs to, if that is also explained.
    """

    file: str
    document: int
    line: int
    kind: str
    name: str
    kubernetes: str
    verdict: Verdict
    is_told: bool
    pattern: str | None
    documented: tuple[str, str]
    headline: str
    limits: tuple[Limit, ...]
    asked: Told | None
    scenarios: tuple[Told, ...]
    schedule: Schedule | None
    notes: tuple[tuple[str, str], ...]
    rungs: tuple[Rung, ...] = ()
    ordinary: tuple[str, ...] = ()
    live: Live | None = None
    owner: str = ""
