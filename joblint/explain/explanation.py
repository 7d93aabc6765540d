"""The explanation of one Job or CronJob as plain records; imports nothing but the record type."""

from __future__ import annotations

from joblint.base.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.api.verdict import Verdict
    from joblint.controller.job.trace import Run
    from joblint.controller.live.states import Live
    from joblint.controller.prediction.endings import End


@record
class Limit:
    """One line of the table of limits. `field` is its path, `name` its last part, `value` as text; `set` says whether the
    manifest sets it, `wins` whether it is the one that ends a Job whose every attempt fails; `here` what it does here.

    `at`: seconds after the start at which it would end such a Job if it were the only limit (of the TTL: seconds from the
    end of the Job to its deletion); None where it never does, or where that was not worked out."""

    field: str
    name: str
    value: str
    set: bool
    wins: bool
    here: str
    at: float | None = None


@record
class Told:
    """One scenario: `name` is its key, `title` says what happens in it, `text` how it ends, in one sentence, without what kubectl
    shows of a Job that has ended."""

    name: str
    title: str
    text: str
    end: End
    run: Run


@record
class Rung:
    """What becomes of the Job if each attempt runs `run` seconds: its limits, and those scenarios that depend on it."""

    run: float
    limits: tuple[Limit, ...]
    told: tuple[Told, ...]


@record
class Start:
    """One of a CronJob's next starts: the time in its zone and in UTC (ISO 8601), and the name of the Job made then."""

    local: str
    utc: str
    job: str


@record
class Overlap:
    """What a CronJob does when each run takes `run` seconds (-1: never ends): `when` it does and `what`, in words (`text` is
    both), with the numbers behind it.

    `jobs` are the Jobs of the stretch that was looked at, each as (start, end or None, how it ended: complete, failed,
    replaced or running), `missed` the starts that were skipped, `until` its length; all in seconds from the first start."""

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


@record
class Schedule:
    """A CronJob's starts: the schedule in words, the zone, what is next, and what happens when runs overlap."""

    schedule: str
    zone: str
    words: str
    starts: tuple[Start, ...]
    overlaps: tuple[Overlap, ...]
    notes: tuple[tuple[str, str], ...]


@record
class Explanation:
    """Everything there is to report for one object.

    `verdict` is the server's answer; where it rejects, all else tells what would happen once that is fixed, or is empty
    where that is unknown (`is_told` is False). `headline` says in a sentence or two what kind of Job it is, `documented`
    which of the documentation's patterns. `asked` is the scenario that was asked for, `scenarios` the built-in ones. `notes`
    are further lines as (title, text): which limit wins, what is left, what a second apply does, what deleting takes along.
    `ordinary` are the titles of those that say the same of nearly every Job. `rungs` tell the same for other run times of an
    attempt, shortest first; worked out only where somebody looks at them. `live` is where an object of a cluster is,
    `owner` the CronJob that it belongs to, if that is explained, too.
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
