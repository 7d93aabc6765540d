"""Changes to a manifest as a tree: to a field that the schema knows, or to whatever is there."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

from conformance.corpus.examples import EXAMPLES, example
from conformance.corpus.fields import FIELDS, KEYS
from conformance.corpus.pools import ANY, ENUMS, INTS, QUANTITIES, RAW_SCALARS, STRINGS, TIMES, UNKNOWN

Shapes = dict[str, dict[str, str]]
Path = tuple[str | int, ...]

_SKIP = {
    "status": 0.15,
    "managedFields": 0.1,
    "ephemeralContainers": 0.15,
    "apiVersion": 0.3,
    "kind": 0.3,
}  # how often these are entered when drawn


class Mutator:
    """Draws changes; `shapes` is what `oracle -shape` prints: the fields of every type and their types."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes
        self._sizes: dict[str, int] = {}

    def _size(self, kind: str) -> int:
        kind = element(kind)
        if kind not in self.shapes:
            return 1
        if kind not in self._sizes:
            self._sizes[kind] = sum(self._size(k) for k in self.shapes[kind].values())
        return self._sizes[kind]

    def field(self, tree: dict[str, Any], rng: Random) -> None:
        """Set, drop or spoil one field drawn from the schema, growing right surroundings for it on the way."""
        node: Any = tree
        kind = str(tree.get("kind"))
        if kind not in ("Job", "CronJob"):
            kind = "CronJob" if "schedule" in str(tree.get("spec")) else "Job"
        while True:
            fields = self.shapes[kind]
            names = sorted(fields)
            name = rng.choices(names, [self._size(fields[n]) ** 0.55 * _SKIP.get(n, 1.0) for n in names])[0]
            target = fields[name]
            inner = element(target)
            descend = inner in self.shapes and rng.random() < 0.9
            if not descend:
                self._set(node, kind, name, target, rng)
                return
            child = node.get(name)
            if (
                child is None
                or (target == inner and not isinstance(child, dict))
                or (target != inner and not isinstance(child, list))
            ):
                child = node[name] = example(target, rng)
            if isinstance(child, list):
                if not child or rng.random() < 0.25:
                    child.append(example(inner, rng))
                child = rng.choice(child)
            if not isinstance(child, dict):
                return
            if inner == "Volume" and rng.random() < 0.7:
                # Mostly one source: a second one is refused before its own fields are looked at.
                source = rng.choice(sorted(set(self.shapes["Volume"]) - {"name"}))
                for other in [k for k in child if k != "name"]:
                    del child[other]
                child[source] = example(self.shapes["Volume"][source], rng)
                node, kind, child = child, self.shapes["Volume"][source], child[source]
                node = child
                continue
            node, kind = child, inner

    def _set(self, node: dict[str, Any], kind: str, name: str, target: str, rng: Random) -> None:
        roll = rng.random()
        if roll < 0.1:
            node.pop(name, None)
        elif roll < 0.14:
            node[name] = None
        elif roll < 0.2:
            node[name] = deepcopy(rng.choice(ANY))
        elif roll < 0.24:
            node[name] = rng.choice(RAW_SCALARS)
        elif target.startswith("[]") and roll < 0.3:
            node[name] = []
        elif target.startswith("[]") and roll < 0.4:
            there = node.get(name)
            longer = [*there] if isinstance(there, list) else []
            node[name] = [*longer, *example(target, rng), self.value(kind, name, target[2:], rng)]
        else:
            node[name] = self.value(kind, name, target, rng)

    def value(self, kind: str, name: str, target: str, rng: Random) -> Any:
        """A value worth trying for a field: of its own table, of its type's bounds, or a right example."""
        special = FIELDS.get(f"{kind}.{name}", FIELDS.get(name))
        if target.startswith("map[]"):
            return self._map(name, rng)
        if target.startswith("[]") and special and isinstance(special[0], list):
            return deepcopy(rng.choice(special))
        if target.startswith("[]"):
            return [self.value(kind, name, target[2:], rng) for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 3)))]
        if special and rng.random() < 0.85:
            return deepcopy(rng.choice(special))
        if target.startswith("string:") and target[7:] in ENUMS and rng.random() < 0.9:
            known = rng.choice(ENUMS[target[7:]])
            return (
                known
                if rng.random() < 0.7
                else rng.choice((known.lower(), known.upper(), known + " ", "", "Unknown", known + "s"))
            )
        if target.startswith("string"):
            return rng.choice(STRINGS)
        if target in ("int32", "int64"):
            return rng.choice(INTS)
        if target == "bool":
            return rng.choice((True, False, True, False, "true", 0, None))
        if target == "Quantity":
            return deepcopy(rng.choice(QUANTITIES))
        if target == "IntOrString":
            return rng.choice([*FIELDS["port"]])
        if target == "Time":
            return deepcopy(rng.choice(TIMES))
        if target in EXAMPLES:
            return example(target, rng)
        return deepcopy(rng.choice(ANY))

    def _map(self, name: str, rng: Random) -> dict[str, Any]:
        keys, values = KEYS.get(name, KEYS["labels"])
        return {
            rng.choice(keys): deepcopy(rng.choice(values)) if rng.random() < 0.5 else values[1]
            for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 3)))
        }

    def wild(self, tree: dict[str, Any], rng: Random) -> None:
        """One change that knows nothing of the schema, to whatever is in the tree."""
        nodes = list(_nodes(tree))
        node = rng.choice(nodes)
        roll = rng.random()
        if isinstance(node, dict):
            keys = list(node)
            key = rng.choice(keys) if keys else "a"
            if roll < 0.18:
                node.pop(key, None)
            elif roll < 0.36:
                node[key] = _any(rng)
            elif roll < 0.56:
                node[rng.choice(UNKNOWN)] = _any(rng)
            elif roll < 0.66:
                node[rng.choice(_all_names(self.shapes))] = _any(rng)
            elif roll < 0.72 and keys:
                value = node.pop(key)
                node[rng.choice((key.lower(), key.upper(), key[:1].upper() + key[1:], key + "s", key[:-1], key + " "))] = value
            elif roll < 0.8 and keys:
                other = rng.choice(nodes)
                value = node.pop(key)
                if isinstance(other, dict) and not _within(value, other):
                    other[key] = value
                else:
                    node[key] = value
            elif roll < 0.9 and len(keys) > 1:
                first, second = rng.sample(keys, 2)
                node[first], node[second] = node[second], node[first]
            elif keys:
                other = rng.choice(nodes)
                node[key] = deepcopy(rng.choice(list(other.values()) if isinstance(other, dict) and other else [_any(rng)]))
        elif node:
            at = rng.randrange(len(node))
            if roll < 0.3:
                node.append(deepcopy(node[at]))
            elif roll < 0.5:
                del node[at]
            elif roll < 0.75:
                node[at] = _any(rng)
            elif roll < 0.85:
                node.insert(at, None)
            else:
                rng.shuffle(node)
        else:
            node.append(_any(rng))


def _any(rng: Random) -> Any:
    roll = rng.random()
    if roll < 0.35:
        return deepcopy(rng.choice(ANY))
    if roll < 0.55:
        return rng.choice(STRINGS)
    if roll < 0.7:
        return rng.choice(RAW_SCALARS)
    if roll < 0.8:
        return rng.choice(INTS)
    pool = rng.choice(list(FIELDS.values()) + list(ENUMS.values()))
    return deepcopy(rng.choice(pool))


def element(kind: str) -> str:
    """What a list or map of something holds."""
    while kind.startswith(("[]", "map[]")):
        kind = kind.split("]", 1)[1]
    return kind


def _all_names(shapes: Shapes) -> list[str]:
    return sorted({name for fields in shapes.values() for name in fields})


def _nodes(value: Any) -> Any:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _nodes(item)
    elif isinstance(value, list):
        yield value
        for item in value:
            yield from _nodes(item)


def _within(outer: Any, wanted: Any) -> bool:
    return any(n is wanted for n in _nodes(outer))
