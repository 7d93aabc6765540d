"""`predict`: what a Job will do, as numbers for rules and explanations; each is computed when first needed.

Knows a defaulted Job and the simulation; no positions, no rules, no texts of a report. Importing it is cheap: the simulation is
imported only when it is needed.
"""

from __future__ import annotations

from joblint.api.version.versions import DEFAULT
from joblint.base.record import Record, replace
from joblint.controller.job.backoff import SECOND, batch_delays_sum, delays_sum, restart_delays_sum
from joblint.controller.job.spec import JobSpec
from joblint.controller.prediction.patterns import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from joblint.controller.job.trace import Event, Run
    from joblint.controller.prediction.attempts import Tries
    from joblint.controller.prediction.endings import End
    from joblint.controller.scenario.recorded import Recorded
    from joblint.controller.scenario.scenario import Habits, Scenario

MANY = 1_000
"""Of a Job with more Pods than this, the built-in scenarios keep only the first events: of what follows batches of identical Pods
need not be looked at one by one."""

BATCHES = 100
"""Where all goes well, all events of up to LARGER Pods are kept if they come in no more batches than this."""

LARGE, LARGER, LOOKED_AT, FEWEST, ROUNDS = 4_000, 10_000, 2_500, 500, 25
"""Of a Job with more than LARGE Pods (LARGER where all goes well) the built-in scenarios look at about LOOKED_AT: all of its Pods
do the same. Where they do not fail, ROUNDS of those that run at once are enough, FEWEST Pods in any case."""

RUN = 1.0
"""Seconds that an attempt is assumed to run by default."""


class Cut(Record):
    """The deadline fails a Job before its retries are used up, however short each attempt is.

    `deadline` is activeDeadlineSeconds. Retry `retry` of `retries` is the first that never begins (attempt `retry + 1` of
    `retries + 1`): the back-off before it alone takes `needed` s, that before the last retry `needed_for_all` s. If several
    Pods run at once (`at_once`), a retry is a whole batch.
    """

    deadline: int
    retry: int
    retries: int
    needed: int
    needed_for_all: int
    at_once: int = 1


class Prediction:
    """What a defaulted Job will do. Numbers are plain; times are seconds since the Job's creation.

    It is immutable for its users: it only caches earlier results.
    """

    __slots__ = ("job", "spec", "version", "recorded", "_habits", "_runs", "_tries")

    def __init__(
        self, job: dict[str, Any], version: str, habits: Callable[[], Habits] | None, recorded: Recorded | None = None
    ) -> None:
        self.job = job
        self.recorded = recorded  # where a live Job is already: seconds then count from now
        self._habits = habits
        self.version = version
        self.spec = JobSpec(job)
        self._runs: dict[tuple[str, float], Run] = {}
        self._tries: dict[float, Tries] = {}

    @property
    def pattern(self) -> str:
        """single, fixed-completions, work-queue, indexed, paused or empty."""
        return pattern(self.job)

    @property
    def on_failure(self) -> bool:
        """Whether the Pods' restartPolicy is OnFailure: retried inside the Pod."""
        return self.spec.on_failure

    @property
    def at_once(self) -> int:
        """How many Pods run at the same time: parallelism, but never more than the remaining completions."""
        spec = self.spec
        return spec.parallelism if spec.completions is None else min(spec.parallelism, spec.completions)

    @property
    def deadline(self) -> int | None:
        """activeDeadlineSeconds of the Job."""
        return None if self.spec.deadline is None else self.spec.deadline // SECOND

    @property
    def pod_deadline(self) -> int | None:
        """activeDeadlineSeconds of each Pod."""
        value = self.spec.pod.get("activeDeadlineSeconds")
        return value if isinstance(value, int) else None

    @property
    def ttl(self) -> int | None:
        """ttlSecondsAfterFinished: the Job, its Pods and logs are kept for this time after the end; None: until somebody
        deletes them."""
        return None if self.spec.ttl is None else self.spec.ttl // SECOND

    @property
    def retry_limit(self) -> int:
        """Return backoffLimit, or backoffLimitPerIndex if it is set and lower: how many failures are retried."""
        spec = self.spec
        return spec.backoff_limit if spec.per_index is None else min(spec.backoff_limit, spec.per_index)

    @property
    def tries_allowed(self) -> int | None:
        """Return how many attempts a Job with one Pod (or one index) at a time has in all; None if they never end.

        With restartPolicy OnFailure the last of these restarts is killed as it starts, and 0 and 1 have the same effect.
        """
        spec = self.spec
        if spec.on_failure:
            return None if spec.per_index is not None else max(1, spec.backoff_limit)
        return self.retry_limit + 1

    @property
    def backoff_needed(self) -> int:
        """Return the seconds of back-off before all retries together, one attempt at a time, each without a run time."""
        return self.backoff_before(self.retry_limit)

    def backoff_before(self, retry: int) -> int:
        """Return the seconds of back-off before retry 1, 2, … `retry` together."""
        return (restart_delays_sum(retry) if self.spec.on_failure else delays_sum(retry)) // SECOND

    @property
    def least_backoff(self) -> int:
        """Return the seconds of back-off before all retries together if as many Pods as run at once fail together, each without
        a run time. With a limit per index: those of one index."""
        return self._waited(self._batches)

    @property
    def deadline_cut(self) -> Cut | None:
        """Return where the deadline comes before the retries are used up even if each attempt has no run time; otherwise
        None."""
        deadline, batches = self.deadline, self._batches
        if deadline is None or (self.spec.on_failure and self.spec.per_index is not None) or self._waited(batches) < deadline:
            return None
        from bisect import bisect_left

        first = bisect_left(range(batches), deadline, key=self._waited)
        return Cut(deadline, first, batches, self._waited(first), self._waited(batches), self._together)

    @property
    def _together(self) -> int:
        """How many Pods share a back-off, and fail together."""
        return max(1, self.at_once) if self.spec.per_index is None else 1

    @property
    def _batches(self) -> int:
        """How often all Pods that run at once are retried: with Never, the Job fails with the first failure above the limit, with
        OnFailure as the restarts reach it, and a limit of 0 has the effect of 1."""
        if self.spec.on_failure:
            return -(-max(1, self.retry_limit) // self._together)
        return self.retry_limit // self._together

    def _waited(self, batches: int) -> int:
        """The seconds of back-off before that many retries of all Pods that run at once."""
        found = restart_delays_sum(batches) if self.spec.on_failure else batch_delays_sum(batches, self._together)
        return found // SECOND

    def tries(self, run: float = RUN) -> Tries:
        """When each batch of attempts begins, and when and why it ends, if every attempt runs `run` seconds and then fails."""
        found = self._tries.get(run)
        if found is None:
            from joblint.controller.prediction.attempts import tries_of

            found = self._tries[run] = tries_of(self.run("fail", run), run, self.spec.on_failure)
        return found

    def failure(self, run: float = RUN) -> tuple[str | None, float | None]:
        """The reason and the typical time (seconds) of `tries`, without its ranges: a third of the work. (None, None): it does
        not fail."""
        found = self.run("fail", run, ranges=False)
        conditions = found.final.conditions
        return (conditions[-1].reason, found.ends_at) if found.outcome == "failed" and conditions else (None, None)

    def limit(self, run: float = RUN) -> str | None:
        """The field of the spec that fails the Job if every attempt fails after `run` seconds; None: nothing does."""
        from joblint.controller.prediction.endings import BY_REASON

        reason = self.tries(run).reason
        return None if reason is None else BY_REASON.get(reason, "")

    def run(self, scenario: str, run: float = RUN, *, ranges: bool = True) -> Run:
        """Return the simulation of a built-in scenario; without `ranges` only its typical end. Raises KeyError for an unknown
        name."""
        key = (scenario, run)
        found = self._runs.get(key)
        if found is None:
            from joblint.controller.job.simulate import MOST_PODS
            from joblint.controller.job.sync import MOST_PODS_A_SYNC

            planned = max(self.spec.completions or 0, self.at_once)
            few = min(LOOKED_AT, max(FEWEST, ROUNDS * self.at_once))
            most = MOST_PODS
            if planned > (LARGER if scenario == "succeed" else LARGE):
                most = LOOKED_AT if scenario == "fail" else few
            full = scenario == "succeed" and planned <= min(LARGER, BATCHES * self.at_once)
            events = 2 * few if planned > MANY and not full and scenario != "fail" and self.at_once <= MOST_PODS_A_SYNC else None
            if not ranges:
                from joblint.controller.job.simulate import simulate

                return simulate(self.job, self.scenario(scenario, run), version=self.version, sink=_unseen, most_pods=most)
            found = self.simulate(self.scenario(scenario, run), None, most, events)
            if scenario == "node" and found.events_until is not None and not any(e.event == "pod-deleting" for e in found.events):
                found = self.simulate(self.scenario(scenario, run), None, most)  # when the Pod is evicted is of interest
            self._runs[key] = found
        return found

    def scenario(self, name: str, run: float = RUN) -> Scenario:
        """Return a built-in scenario, with what is known about the containers. Raises KeyError for an unknown name.

        Actions on a Pod happen in the middle of its run, which a deadline may end before `run` seconds are over.
        """
        from joblint.controller.scenario.scenario import NO_HABITS, built_in

        if self.spec.pod.get("schedulingGates"):
            return replace(built_in("pending"), name=built_in(name).name)
        lasts = min([run, *[t for t in (self.pod_deadline, self.deadline) if t is not None]])
        found = built_in(name, run, NO_HABITS if self._habits is None else self._habits(), lasts / 2)
        return found if self.recorded is None else replace(found, recorded=self.recorded)

    @property
    def slowest_stop(self) -> tuple[float, float] | None:
        """Return when a Job has ended whose containers hang and use up their grace periods: earliest and latest likely time;
        None if nothing ends it."""
        from joblint.controller.scenario.scenario import PodScript, Scenario, Script

        named = tuple([c["name"] for c in self.spec.pod.get("containers") or () if isinstance(c, dict) and "name" in c])
        deaf = Scenario("slowest stop", (PodScript(script=Script(run=(None,)), deaf=named),))
        return self.simulate(deaf, most_pods=LOOKED_AT, most_events=1).ends_between  # no event is of interest

    def without_gates(self) -> Prediction:
        """The same Job as if its Pods had no schedulingGates."""
        spec = self.job["spec"]
        pod = {k: v for k, v in self.spec.pod.items() if k != "schedulingGates"}
        return Prediction(
            {**self.job, "spec": {**spec, "template": {**spec["template"], "spec": pod}}}, self.version, self._habits
        )

    def without_deadline(self) -> Prediction:
        """The same Job as if it had no activeDeadlineSeconds."""
        spec = {k: v for k, v in self.job["spec"].items() if k != "activeDeadlineSeconds"}
        return Prediction({**self.job, "spec": spec}, self.version, self._habits)

    def simulate(
        self, scenario: Scenario, until: float | None = None, most_pods: int | None = None, most_events: int | None = None
    ) -> Run:
        """The simulation of any scenario, with ranges; see `joblint.controller.prediction.outlook.outlook`."""
        from joblint.controller.prediction.outlook import outlook

        given = (("most_pods", most_pods), ("most_events", most_events))
        return outlook(self.job, scenario, until, version=self.version, **{k: v for k, v in given if v is not None})

    def end(self, scenario: str, run: float = RUN) -> End:
        """Return how a built-in scenario ends. Raises KeyError for an unknown name."""
        from joblint.controller.prediction.endings import end_of

        return end_of(scenario, self.spec, self.run(scenario, run))


def predict(
    job: dict[str, Any],
    version: str = DEFAULT,
    habits: Callable[[], Habits] | None = None,
    recorded: Recorded | None = None,
) -> Prediction:
    """What a defaulted Job (plain data, as `api.judge` gives it) will do under a Kubernetes version.

    `habits` returns what is known of its containers; it is called once a scenario needs it. `recorded` is where a live Job is
    already: the built-in scenarios then begin there. Never raises; nothing is worked out
    yet."""
    return Prediction(job, version, habits, recorded)


def _unseen(event: Event) -> bool:
    """Only the end is of interest."""
    return True
