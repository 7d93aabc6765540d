"""Every field of every type with every value that is known for it, one by one: what drawing may miss."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from copy import deepcopy
from random import Random
from typing import Any

from conformance.corpus.bases import BASES
from conformance.corpus.examples import EXAMPLES, example
from conformance.corpus.fields import FIELDS, KEYS
from conformance.corpus.mutate import Shapes, element
from conformance.corpus.pools import ANY, ENUMS, INTS, QUANTITIES, STRINGS, TIMES
from conformance.corpus.text import write


def sweep(shapes: Shapes) -> Iterator[tuple[str, str]]:
    """An id and a manifest for each value of each field; always the same ones."""
    for root, base in (("Job", "minimal"), ("CronJob", "cron")):
        places = _places(shapes, root)
        for kind in places if root == "Job" else ("CronJob", "CronJobSpec", "JobTemplateSpec"):
            for field, target in sorted(shapes[kind].items()):
                for number, value in enumerate(values(kind, field, target)):
                    rng = Random(f"{kind}.{field}.{number}")
                    tree = deepcopy(BASES[base])
                    node = _reach(tree, places[kind], shapes, root, rng)
                    node[field] = deepcopy(value)
                    yield f"sweep-{root}.{kind}.{field}.{number}", write(tree, rng)


def _places(shapes: Shapes, root: str) -> dict[str, tuple[str, ...]]:
    """A way of fields to each type, the shortest one."""
    found: dict[str, tuple[str, ...]] = {root: ()}
    waiting = deque([root])
    while waiting:
        kind = waiting.popleft()
        for field, target in shapes[kind].items():
            inner = element(target)
            if inner in shapes and inner not in found and field != "ephemeralContainers":
                found[inner] = (*found[kind], field)
                waiting.append(inner)
    return found


def _reach(tree: dict[str, Any], way: tuple[str, ...], shapes: Shapes, kind: str, rng: Random) -> dict[str, Any]:
    node = tree
    for field in way:
        target = shapes[kind][field]
        if kind == "Volume":  # one source only
            for other in [k for k in node if k != "name"]:
                del node[other]
        if not isinstance(node.get(field), (dict, list)) or not node[field]:
            node[field] = example(target, rng)
        child = node[field]
        kind = element(target)
        if isinstance(child, list):
            if kind in ("Volume", "VolumeProjection"):
                child.append(example(kind, rng))
            child = child[-1]
        elif isinstance(child, dict) and target.startswith("map[]"):
            child = child.setdefault("a", {})
        node = child
    return node


def values(kind: str, field: str, target: str) -> list[Any]:
    """All that a field is tried with."""
    special = FIELDS.get(f"{kind}.{field}", FIELDS.get(field, []))
    inner = element(target)
    found: list[Any] = [None, True, 5, 3.5, "a", "", [], {}, ["a"], [None], {"a": "b"}, [[]], [{}], 1e21]
    if target.startswith("map[]"):
        keys, of_keys = KEYS.get(field, KEYS["labels"])
        return [*found, *({k: of_keys[1]} for k in keys), *({keys[0]: v} for v in of_keys)]
    singles = list(special) or _of_type(inner)
    if target.startswith("[]") and not (special and isinstance(special[0], list)):
        return [*found, *([s] for s in singles), *([s, s] for s in singles[:6]), [singles[0], *singles[1:3]], singles[:1] * 70]
    return [*found, *singles, *(STRINGS if inner.startswith("string") and special else [])]


def _of_type(inner: str) -> list[Any]:
    if inner.startswith("string:") and inner[7:] in ENUMS:
        known = ENUMS[inner[7:]]
        return [*known, *(k.lower() for k in known), known[0] + " ", "Unknown"]
    if inner.startswith("string"):
        return STRINGS
    if inner.startswith("int"):
        return INTS
    pools: dict[str, list[Any]] = {"bool": [True, False], "Quantity": QUANTITIES, "Time": TIMES, "IntOrString": FIELDS["port"]}
    return pools.get(inner) or EXAMPLES.get(inner) or ANY
