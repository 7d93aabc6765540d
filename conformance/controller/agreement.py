"""Compares what the Job controller did with what joblint's model says; needs no Go."""

from __future__ import annotations

from typing import Any

from joblint.api.version import versions
from joblint.controller.job.patch import patched, stored
from joblint.controller.job.simulate import simulate
from joblint.controller.scenario.file import read_scenario

NEAR = 1.01
"""Seconds: one sync more or less, as the deletion of a Pod long over may cause."""


def question(job: dict[str, Any], scenario: dict[str, Any], until: float, version: str) -> dict[str, Any]:
    """The case as the player reads it. What the API server would refuse is left out; a patch becomes the whole new spec."""
    actions: list[dict[str, Any]] = []
    gates = versions.gates(version)
    now = stored(job, gates)
    assert now is not None, "only Jobs that the API server accepts are drawn"
    for action in scenario["actions"]:
        if "patch" in action:
            new = patched(now, {}, action["patch"], gates)
            if new is not None and new != now:
                actions.append({"at": action["at"], "spec": new["spec"]})
                now = new
            continue
        which = action["delete_pod"]
        name = "delete_all" if which == "all" else "delete_index" if isinstance(which, dict) else "delete_n"
        actions.append(
            {"at": action["at"], name: True if which == "all" else which["index"] if isinstance(which, dict) else which}
        )
    pods = []
    for pod in scenario["pods"]:
        run, code = pod.get("run", 1), pod.get("exit", 0)
        pods.append(
            {
                "when": pod.get("when") or {},
                "run": run if isinstance(run, list) else [run],
                "exit": code if isinstance(code, list) else [code],
                "pending": pod.get("pending", False),
                "condition": pod.get("condition", ""),
                "terminate": pod.get("terminate", 0.3),
                "terminate_exit": pod.get("terminate_exit", 143),
            }
        )
    return {"job": job, "pods": pods, "actions": actions, "until": until}


def disagreements(
    job: dict[str, Any], scenario: dict[str, Any], until: float, real: dict[str, Any], version: str = "1.36"
) -> list[str]:
    """Where the model says otherwise than the controller did, in a line each."""
    if real.get("error"):
        return [f"the player: {real['error']}"]
    run = simulate(job, read_scenario({**scenario, "kubelet": "instant"}, "drawn"), until, version=version)
    final = run.final
    said = {
        "conditions": [f"{c.type}={c.status}={c.reason}" for c in final.conditions],
        "succeeded": final.succeeded,
        "failed": final.failed,
        "completed": final.completed_indexes,
        "failedIx": final.failed_indexes,
    }
    if version >= "1.36":  # older controllers forget the running Pods in the status while they wait
        said["active"] = final.active
    found = [f"{k}: model {v!r}, controller {real[k]!r}" for k, v in said.items() if v != (real[k] or type(v)())]
    made = sorted((e.t, -1 if e.index is None else e.index) for e in run.events if e.event == "pod-created")
    pods = sorted((p["t"], p["index"]) for p in real["pods"] or [])
    if len(made) != len(pods) or any(abs(a - b) > NEAR or i != j for (a, i), (b, j) in zip(made, pods, strict=True)):
        found.append(f"pods: model {made}, controller {pods}")
    if not found and run.ends_at is not None and abs(run.ends_at - real["ends_at"]) > NEAR:
        found.append(f"ends at: model {run.ends_at}, controller {real['ends_at']}")
    return found
