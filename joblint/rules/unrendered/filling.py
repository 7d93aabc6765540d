"""One object of a template, filled in at its open places with what the server accepts; knows the schema, no rule."""

from __future__ import annotations

from joblint.api.version.fields import field_at
from joblint.api.version.schema import (
    BOOL,
    INT,
    INT_OR_STRING,
    QUANTITY,
    QUANTITY_MAP,
    STRING,
    STRING_MAP,
    STRINGS,
    STRUCT,
    STRUCTS,
    load,
)
from joblint.rules.unrendered.valid_values import AMOUNTS, INTS, LISTS, MAPS, OBJECTS, OFF, PATHS, TEXT_LISTS, TEXTS, WORD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.verdict import Verdict

    Path = tuple[str | int, ...]

_DEEPEST = 4
_FRAMES = ("jobTemplate", "spec", "template")
"""What only contains the rest does not count as a level."""
_ROUNDS = 60


class Filling:
    """An object that is filled with everything that may be in its open places.

    `variant` (0 or 1) chooses between the valid values; `object` is changed in place, `added` are the paths of what is new.
    """

    def __init__(self, value: dict[str, Any], kind: str, version: str, variant: int) -> None:
        self.object: Any = value
        self.kind = kind
        self.version = version
        self.variant = variant
        self.structs = load(version)["structs"]
        self.root = load(version)["roots"][kind]
        self.added: list[Path] = []

    def open(self, path: Path) -> None:
        """Fill the mapping or list at a path."""
        held = self._at(path)
        field = self.field(path)
        last = next((s for s in reversed(path) if isinstance(s, str)), "")
        if isinstance(held, dict):
            if not path or field is not None and field[0] in (STRUCT, STRUCTS):
                self._fill(held, self.root if field is None else field[1], path, 0)
            else:
                for key, text in MAPS.get(last, {}).items():
                    self._add(held, key, text, (*path, key))
                if field is not None and field[0] == QUANTITY_MAP:
                    for key, text in AMOUNTS[self.variant].items():
                        self._add(held, key, text, (*path, key))
        elif isinstance(held, list):
            self._extend(held, last, path)
        elif held is None and path:
            self.hole(path)

    def hole(self, path: Path) -> None:
        """Fill in an unknown value."""
        above, last = self._at(path[:-1]), path[-1]
        field = self.field(path)
        if isinstance(above, dict) and last in above:
            self.open(path)
            return
        if not isinstance(above, dict) or not isinstance(last, str):
            return
        if field is None:
            if len(path) > 1 and path[-2] in MAPS:  # an annotation or label, as a helper of the chart prints it
                self._add(above, last, MAPS[str(path[-2])].get(last, WORD), path)
            return
        made = self._made(last, field, path, 0)
        if made is not None:
            self._add(above, last, made, path)
            if isinstance(made, list):
                self._extend(made, last, path)

    def text(self, path: Path) -> None:
        """Put a text where a field that contains one is still missing."""
        above, field = self._at(path[:-1]), self.field(path)
        if isinstance(above, dict) and path[-1] not in above and field is not None and field[0] == STRING:
            self._add(above, str(path[-1]), f"/{WORD}" if path[-1] in PATHS else WORD, path)

    def _fill(self, held: dict[str, Any], struct: int, path: Path, depth: int) -> None:
        for key, field in self.structs[struct][1].items():
            if key not in held and depth < _DEEPEST:
                made = self._made(key, field, (*path, key), depth)
                if made is not None:
                    self._add(held, key, made, (*path, key))
                    if isinstance(made, list):
                        self._extend(made, key, (*path, key))

    def _made(self, key: str, field: Any, path: Path, depth: int) -> Any:
        from copy import deepcopy

        operation = field[0]
        if operation == BOOL:
            return self.variant == 0 and key not in OFF
        if operation == INT:
            return INTS.get(key, (1, 1000))[self.variant]
        if operation == STRING:
            return TEXTS.get(key, (None, None))[self.variant]
        if operation == STRING_MAP:
            return dict(MAPS.get(key, {}))
        if operation == QUANTITY_MAP:
            return dict(AMOUNTS[self.variant])
        if operation == QUANTITY:
            return "1Gi"
        if operation == INT_OR_STRING:
            return 8080
        if operation == STRINGS:
            return list(TEXT_LISTS.get(key, ())) or None
        if operation == STRUCTS:
            return deepcopy(LISTS.get(key))
        if operation == STRUCT:
            if key in OBJECTS:
                return deepcopy(OBJECTS[key])
            made: dict[str, Any] = {}
            self._fill(made, field[1], path, depth if key in _FRAMES else depth + 1)
            return made
        return None

    def _extend(self, held: list[Any], name: str, path: Path) -> None:
        """Add what an open list may contain, and what other fields refer to in it."""
        from copy import deepcopy

        more = list(TEXT_LISTS.get(name, ())) if name in TEXT_LISTS else deepcopy(LISTS.get(name, []))
        if name == "volumes":
            more += [{"name": n, "emptyDir": {}} for n in sorted(self._said("volumeMounts"))]
        if name == "volumeMounts":
            more += [{"name": n, "mountPath": f"/{WORD}/{n}"} for n in sorted(self._said("volumes"))]
        if name in ("containers", "initContainers"):
            more += [{"name": n, "image": "registry.example/jlunknown:1.2.3"} for n in sorted(self._policies())]
        names = {item.get("name") for item in held if isinstance(item, dict)}
        for item in more:
            if not isinstance(item, dict) or "name" not in item or item["name"] not in names:
                self.added.append((*path, len(held)))
                held.append(item)
                names.add(item.get("name") if isinstance(item, dict) else None)

    def _said(self, key: str) -> set[str]:
        """The names in all lists under a key, anywhere."""
        found: set[str] = set()
        left: list[Any] = [self.object]
        while left:
            value = left.pop()
            if isinstance(value, dict):
                items = value.get(key)
                if isinstance(items, list):
                    found |= {i["name"] for i in items if isinstance(i, dict) and isinstance(i.get("name"), str)}
                left.extend(value.values())
            elif isinstance(value, list):
                left.extend(value)
        return found

    def _policies(self) -> set[str]:
        found: set[str] = set()
        left: list[Any] = [self.object]
        while left:
            value = left.pop()
            if isinstance(value, dict):
                if isinstance(value.get("containerName"), str):
                    found.add(value["containerName"])
                left.extend(value.values())
            elif isinstance(value, list):
                left.extend(value)
        return found

    def _add(self, held: dict[str, Any], key: str, value: Any, path: Path) -> None:
        if key not in held:
            held[key] = value
            self.added.append(path)

    def _at(self, path: Path) -> Any:
        from joblint.source.places.paths import value_at

        return value_at(self.object, list(path))

    def field(self, path: Path) -> Any:
        """Return the field of the schema at a path; None if there is none."""
        return field_at(self.version, self.kind, path)

    def repair(self, before: Verdict) -> None:
        """Remove again what the server does not accept with the rest."""
        from joblint.api.judge import judge

        known = {(e.type, e.field) for e in before.errors}
        for _ in range(_ROUNDS):
            verdict = judge(self.object, self.version)
            if verdict is None:
                return
            new = [e for e in verdict.errors if (e.type, e.field) not in known]
            if not new:
                return
            fields = {path: self._name(path) for path in self.added}
            blamed = [p for p, f in fields.items() if any(e.field == f or e.field.startswith((f + ".", f + "[")) for e in new)]
            # The innermost first: the missing value may be in what is around it.
            blamed.sort(key=len, reverse=True)
            every = [*blamed, *[path for path in reversed(self.added) if path not in blamed]]
            path = next((p for p in every if self._helps(p, known, len(new), len(verdict.errors))), ())
            if not path:
                return
            self._remove(path)

    def _helps(self, path: Path, known: set[tuple[str, str]], count: int, all: int) -> bool:
        """Whether there are fewer new errors without the value at a path, and fewer in total."""
        from joblint.api.judge import judge
        from joblint.source.places.paths import without

        errors = verdict.errors if (verdict := judge(without(self.object, list(path)), self.version)) is not None else ()
        return len(errors) < all and sum((e.type, e.field) not in known for e in errors) < count

    @staticmethod
    def _name(path: Path) -> str:
        from joblint.source.places.paths import child

        field = ""
        for step in path:
            field = f"{field}[{step}]" if isinstance(step, int) else child(field, step)
        return field

    def _remove(self, path: Path) -> None:
        from joblint.source.places.paths import without

        self.object = without(self.object, list(path))
        self.added = [p for p in self.added if p[: len(path)] != path]
