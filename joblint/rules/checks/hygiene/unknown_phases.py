"""Field selectors with a phase that no Pod has: what kubectl shows as STATUS is often a reason, not a phase.

Source: Kubernetes 1.36.3 staging/src/k8s.io/api/core/v1/types.go (PodPhase), pkg/printers/internalversion/printers.go (printPod).
"""

from __future__ import annotations

from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.place import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_PHASES = ("Pending", "Running", "Succeeded", "Failed", "Unknown")
_MEANT = {"Completed": "Succeeded", "Complete": "Succeeded", "Error": "Failed", "Evicted": "Failed", "OOMKilled": "Failed"}


def phase_matches_nothing(s: Subject) -> Iterator[Hit]:
    """`kubectl delete pods --field-selector=status.phase==Evicted`; one finding for each container."""
    for i in range(len(s.containers)):
        for called in calls_of(s, i, inner=True):
            if called.name not in ("kubectl", "oc"):
                continue
            phase = next((p for word in (*called.rest, *called.texts) for p in _phases(word)), "")
            if phase:
                meant = _MEANT.get(phase) or next((p for p in _PHASES if p.lower() == phase.lower()), "")
                better = f"status.phase={meant}" if meant else f"One of the phases {', '.join(_PHASES)}; {phase} is not one."
                yield call_hit(s, called, command=short(called.text), phase=phase, better=better)
                break


def _phases(word: str) -> Iterator[str]:
    """The values of `status.phase=` in a selector that are not phases."""
    text = word.strip("\"'").removeprefix("--field-selector=")
    if not text.startswith("status.phase=") and ",status.phase=" not in text:
        return
    for part in text.split(","):
        field, _, value = part.partition("=")
        value = value.removeprefix("=")
        if field == "status.phase" and value and value not in _PHASES and value.isalpha():
            yield value
