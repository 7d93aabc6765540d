"""Draws Jobs and scenarios in which much happens at once; the same seed draws the same."""

from __future__ import annotations

from random import Random
from typing import Any

from joblint.api.judge import judge

UNTIL = 400
"""Seconds that a case is played."""


def draw(seed: str, number: int, large: float = 0.0) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Defaulted Jobs that the server takes, each with a scenario as the data of a file; `large` is the share of Jobs with
    more Pods than the controller handles in one sync."""
    random = Random(seed)
    found: list[tuple[dict[str, Any], dict[str, Any]]] = []
    while len(found) < number:
        manifest, scenario = _large(random) if random.random() < large else _case(random)
        verdict = judge(manifest)
        if verdict is not None and verdict.accepted and verdict.defaulted is not None:
            found.append((verdict.defaulted, scenario))
    return found


def _case(r: Random) -> tuple[dict[str, Any], dict[str, Any]]:
    restart = r.choice(["Never", "Never", "Never", "OnFailure"])
    spec: dict[str, Any] = {}
    if r.random() < 0.8:
        spec["parallelism"] = r.choice([1, 2, 3, 4, 6])
    if r.random() < 0.75:
        spec["completions"] = r.choice([1, 2, 3, 5, 8])
    if "completions" in spec and r.random() < 0.55:
        _indexed(r, spec)
    if r.random() < 0.6:
        spec["backoffLimit"] = r.choice([0, 1, 2, 3, 4, 6, 9])
    if r.random() < 0.3:
        spec["activeDeadlineSeconds"] = r.choice([0, 1, 2, 3, 5, 8, 12, 20, 30, 45, 60, 100, 200])
    if restart == "Never" and r.random() < 0.4:
        spec["podFailurePolicy"] = {"rules": [_rule(r, spec) for _ in range(r.randint(1, 3))]}
    elif r.random() < 0.3:
        spec["podReplacementPolicy"] = "Failed"
    if r.random() < 0.1:
        spec["suspend"] = True
    template = {"spec": {"restartPolicy": restart, "containers": [{"name": "main", "image": "x"}]}}
    manifest = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}, "spec": {**spec, "template": template}}
    pods = [_pod(r, spec, restart) for _ in range(r.randint(0, 5))]
    actions = [_action(r, spec) for _ in range(r.choice([0, 0, 1, 1, 2, 3, 4]))]
    actions.sort(key=lambda a: a["at"])
    return manifest, {"pods": pods, "actions": actions}


def _large(r: Random) -> tuple[dict[str, Any], dict[str, Any]]:
    manifest, scenario = _case(r)
    spec = manifest["spec"]
    spec["parallelism"], spec["completions"] = r.choice([450, 600, 1300]), r.choice([700, 1100, 1600])
    spec.pop("successPolicy", None)
    if "maxFailedIndexes" in spec:
        spec["maxFailedIndexes"] = r.choice([0, 5, 600])
    if "backoffLimit" in spec:
        spec["backoffLimit"] = r.choice([0, 300, 2000])
    for pod in scenario["pods"]:
        if r.random() < 0.5:
            pod.pop("when", None)
    scenario["actions"] = [a for a in scenario["actions"] if "parallelism" not in a.get("patch", {}).get("spec", {})]
    return manifest, scenario


def _indexed(r: Random, spec: dict[str, Any]) -> None:
    completions = spec["completions"]
    spec["completionMode"] = "Indexed"
    if r.random() < 0.6:
        spec["backoffLimitPerIndex"] = r.choice([0, 1, 2, 3])
        if r.random() < 0.4:
            spec["maxFailedIndexes"] = r.randint(0, completions)
    if r.random() < 0.35:
        first = r.randrange(completions)
        several = first < completions - 1 and r.random() < 0.5
        rule: dict[str, Any] = {}
        if r.random() < 0.6:
            rule["succeededIndexes"] = f"{first}-{completions - 1}" if several else str(first)
        if r.random() < 0.6 or not rule:
            most = completions if not rule else completions - first if several else 1
            rule["succeededCount"] = r.randint(1, most)
        spec["successPolicy"] = {"rules": [rule]}


def _rule(r: Random, spec: dict[str, Any]) -> dict[str, Any]:
    actions = ["Ignore", "Count", "FailJob", *(["FailIndex"] if "backoffLimitPerIndex" in spec else [])]
    if r.random() < 0.7:
        codes = {"operator": r.choice(["In", "In", "NotIn"]), "values": sorted(r.sample([1, 2, 3, 42], r.randint(1, 2)))}
        return {"action": r.choice(actions), "onExitCodes": codes}
    return {"action": r.choice(actions), "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]}


def _pod(r: Random, spec: dict[str, Any], restart: str) -> dict[str, Any]:
    pod: dict[str, Any] = {
        "run": r.choice([0.2, 0.5, 1, 1, 1.7, 2, 2.7, 3, 5, 9, 15, 30, None]),
        "exit": r.choice([0, 0, 0, 1, 1, 2, 3, 42]),
    }
    if restart == "OnFailure" and r.random() < 0.7:
        pod["run"] = [r.choice([0.5, 1, 2.7, 8]) for _ in range(r.randint(1, 3))]
        pod["exit"] = [r.choice([0, 1, 1]) for _ in range(r.randint(1, 3))]
    which = r.random()
    if "completionMode" in spec and which < 0.6:
        pod["when"] = {"index": r.randrange(spec["completions"])}
        if r.random() < 0.6:
            pod["when"]["attempt"] = r.randrange(3)
    elif which < 0.8:
        pod["when"] = {"n": r.randrange(7)}
    if r.random() < 0.5:
        pod["terminate"] = r.choice([0.1, 0.3, 1.5, 4, 11])
    if r.random() < 0.4:
        pod["terminate_exit"] = r.choice([0, 1, 42])
    if r.random() < 0.2:
        pod["condition"] = "DisruptionTarget"
    if r.random() < 0.06:
        pod["pending"] = True
    return pod


def _action(r: Random, spec: dict[str, Any]) -> dict[str, Any]:
    at = r.choice([0, 0.5, 1, 1.5, 2, 2.2, 3, 4, 5.5, 7, 10, 10.97, 12, 20, 33, 50])
    indexed = "completionMode" in spec
    if r.random() < 0.5:
        which: list[Any] = ["all", 0, 1, 2, 3]
        if indexed:
            which.append({"index": r.randrange(spec["completions"])})
        return {"at": at, "delete_pod": r.choice(which)}
    changes: list[dict[str, Any]] = [
        {"suspend": True},
        {"suspend": False},
        {"backoffLimit": r.randint(0, 5)},
        {"activeDeadlineSeconds": r.choice([5, 20, 60, None])},
        {"parallelism": 6},  # fewer only where the controller does not pick at random: by index
    ]
    if indexed:
        changes += [{"parallelism": r.randint(0, 4)}, {"completions": 5, "parallelism": 5}, {"completions": 2, "parallelism": 2}]
    if "backoffLimitPerIndex" in spec:
        changes.append({"maxFailedIndexes": 1})
    if "podFailurePolicy" not in spec:
        changes.append({"podReplacementPolicy": r.choice(["Failed", "TerminatingOrFailed"])})
    return {"at": at, "patch": {"spec": r.choice(changes)}}
