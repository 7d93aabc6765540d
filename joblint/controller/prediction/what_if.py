"""Natural scenarios beyond the built-in ones: some indexes always fail, an init container fails, one exit code repeats.

Knows a defaulted Job and the simulation; the other Pods of such a scenario are still running, so that a few Pods show what
ends the Job.
"""

from __future__ import annotations

from joblint.controller.scenario.scenario import PodScript, Scenario, Script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.controller.job.trace import Run
    from joblint.controller.prediction.predict import Prediction

MOST = 1_000
"""The most failing indexes in a scenario."""

_RUNNING = Script(run=(None,))


def indexes_fail(p: Prediction, count: int, exit_code: int = 1) -> Run:
    """The first `count` indexes fail on every attempt with the exit code, all others are still running."""
    failing = [PodScript(index=i, script=Script(exit=(exit_code,))) for i in range(count)]
    return _run(p, Scenario("indexes fail", (*failing, PodScript(script=_RUNNING)), instant=True), 4 * MOST)


def attempts_fail(p: Prediction, exit_code: int) -> Run:
    """Every attempt of every Pod fails with the exit code."""
    return _run(p, Scenario("attempts fail", (PodScript(script=Script(exit=(exit_code,))),), instant=True), MOST)


def container_fails(p: Prediction, container: str, exit_code: int) -> Run:
    """An init container fails on every attempt with the exit code, at once; its siblings would run on."""
    failing = PodScript(script=_RUNNING, containers=((container, Script(run=(0.0,), exit=(exit_code,))),))
    return _run(p, Scenario("container fails", (failing,), instant=True), MOST)


def _run(p: Prediction, scenario: Scenario, most_pods: int) -> Run:
    from joblint.controller.job.simulate import simulate

    return simulate(p.job, scenario, version=p.version, most_pods=most_pods)


def ended_by(run: Run) -> str:
    """Return the field of the spec that failed a Job; "" if it did not fail."""
    from joblint.controller.prediction.endings import BY_REASON

    conditions = run.final.conditions
    return BY_REASON.get(conditions[-1].reason, "") if run.outcome == "failed" and conditions else ""


def replaced(p: Prediction) -> tuple[float | None, float | None]:
    """When the Pod is created that replaces one that is evicted after a second, and when the old one no longer exists, where its
    containers use up their grace period; None for what does not happen."""
    from joblint.controller.scenario.scenario import Action

    named = tuple([c["name"] for c in p.spec.pod.get("containers") or () if isinstance(c, dict) and "name" in c])
    old = PodScript(n=0, script=_RUNNING, deaf=named)
    run = _run(p, Scenario("replaced", (old, PodScript(script=_RUNNING)), (Action(1.0, "evict", 0),), instant=True), MOST)
    created = next((e.t for e in run.events if e.event == "pod-created" and e.n == 1), None)
    gone = next((e.t for e in run.events if e.event in ("pod-failed", "pod-gone") and e.n == 0), None)
    return created, gone
