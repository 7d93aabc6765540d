"""Combinations of fields that the server looks at together; each sets several at once, right ones and wrong ones alike."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

Tree = dict[str, Any]
Combo = Callable[[Tree, Tree, Tree, Random], None]  # Job spec, Pod spec, first container, randomness

COMBOS: list[Combo] = []


def combo(function: Combo) -> Combo:
    """Register a combination."""
    COMBOS.append(function)
    return function


def apply_combo(tree: Tree, rng: Random) -> None:
    """Set one combination in a manifest, if it is still of a Job's shape."""
    from conformance.corpus import combos_container, combos_job, combos_pod  # noqa: F401  # they register themselves

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


def put(node: Tree, rng: Random, **choices: list[Any]) -> None:
    """Set each field to one of its choices; `...` takes it out."""
    for name, values in choices.items():
        value = rng.choice(values)
        if value is ...:
            node.pop(name, None)
        else:
            node[name] = value


def items(node: Tree, name: str) -> list[Any]:
    """The list under a name, made where there is none."""
    found = node.get(name)
    if not isinstance(found, list):
        found = node[name] = []
    return found
