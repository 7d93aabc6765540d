"""Combinations of fields that the server looks at together; each sets several at once, right ones and wrong ones alike."""

from __future__ import annotations

from random import Random

from conformance.corpus import combos_container, combos_job, combos_pod  # noqa: F401  # they register themselves
from conformance.corpus.pieces import COMBOS, Tree


def apply_combo(tree: Tree, rng: Random) -> None:
    """Set one combination in a manifest, if it is still of a Job's shape."""
    spec = tree.get("spec")
    if isinstance(spec, dict) and isinstance(spec.get("jobTemplate"), dict):
        spec = spec["jobTemplate"].get("spec")
    if not isinstance(spec, dict) or not isinstance(spec.get("template"), dict):
        return
    pod = spec["template"].get("spec")
    if not isinstance(pod, dict) or not isinstance(pod.get("containers"), list) or not pod["containers"]:
        return
    container = pod["containers"][0]
    if isinstance(container, dict):
        rng.choice(COMBOS)(spec, pod, container, rng)
