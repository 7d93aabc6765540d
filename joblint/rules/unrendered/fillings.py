"""What may be in the places where a template's actions print something: nothing, or everything that the server accepts.

What is found with nothing and with everything in those places does not depend on them. Knows the schema, no rule.
"""

from __future__ import annotations

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
from joblint.source.unrendered import encoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.api.verdict import Verdict
    from joblint.source.unrendered.readings import Reading

    Path = tuple[str | int, ...]

_DEEPEST = 4
_FRAMES = ("jobTemplate", "spec", "template")
"""What only contains the rest does not count as a level."""
_ROUNDS = 60
_WORD = "jlunknown"
_COMMAND = [_WORD]
_EXEC = {"exec": {"command": _COMMAND}}

_INTS: dict[str, tuple[int, int]] = {
    "backoffLimit": (0, 50),
    "activeDeadlineSeconds": (100_000_000, 10),
    "ttlSecondsAfterFinished": (60, 1_000_000),
    "startingDeadlineSeconds": (200, 100_000),
    "terminationGracePeriodSeconds": (1, 3600),
    "successfulJobsHistoryLimit": (0, 20),
    "failedJobsHistoryLimit": (0, 20),
    "runAsUser": (1000, 0),
    "runAsGroup": (1000, 0),
    "fsGroup": (1000, 0),
    "parallelism": (1, 5),
    "completions": (1, 5),
}
_STRINGS: dict[str, tuple[str | None, str | None]] = {
    "restartPolicy": ("Never", "OnFailure"),
    "completionMode": ("Indexed", "NonIndexed"),
    "podReplacementPolicy": ("Failed", "TerminatingOrFailed"),
    "concurrencyPolicy": ("Forbid", "Replace"),
    "schedule": ("0 3 * * *", "*/5 * * * *"),
    "timeZone": ("Etc/UTC", "Europe/Berlin"),
    "imagePullPolicy": ("Always", "IfNotPresent"),
    "image": ("registry.example/jlunknown:1.2.3", "jlunknown@sha256:" + "0" * 64),
    "terminationMessagePolicy": ("FallbackToLogsOnError", "File"),
    "name": (_WORD, _WORD),
    "namespace": (_WORD, None),
    "serviceAccountName": (_WORD, None),
    "priorityClassName": (_WORD, None),
    "runtimeClassName": (_WORD, None),
    "schedulerName": (_WORD, None),
    "hostname": (_WORD, None),
    "subdomain": (_WORD, None),
    "nodeName": (None, _WORD),
    "dnsPolicy": ("ClusterFirst", "Default"),
    "preemptionPolicy": (None, None),
    "workingDir": ("/jlunknown", None),
    "managedBy": (None, "example.com/jlunknown"),
}
_PATHS = ("mountPath", "devicePath")
"""Texts that are paths in a container."""
_OFF = ("manualSelector", "hostPID", "hostIPC", "hostNetwork")
"""Fields that are valid only with another one, or that exclude another one."""
_ANNOTATIONS = {
    "helm.sh/hook": "pre-install,pre-upgrade",
    "helm.sh/hook-weight": "1",
    "helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded,hook-failed",
    "helm.sh/resource-policy": "keep",
    "argocd.argoproj.io/hook": "PreSync",
    "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation,HookSucceeded",
    "argocd.argoproj.io/sync-options": "Replace=true,Force=true",
    "sidecar.istio.io/inject": "false",
    "linkerd.io/inject": "disabled",
    "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
    "karpenter.sh/do-not-disrupt": "true",
    "kueue.x-k8s.io/queue-name": _WORD,
    "fluxcd.io/ignore": "sync_only",
    "kustomize.toolkit.fluxcd.io/force": "enabled",
}
_LABELS = {
    "app.kubernetes.io/name": _WORD,
    "app.kubernetes.io/instance": _WORD,
    "app": _WORD,
    "sidecar.istio.io/inject": "false",
    "kueue.x-k8s.io/queue-name": _WORD,
    "app.kubernetes.io/managed-by": "Helm",
    "app.kubernetes.io/version": "1",
    "app.kubernetes.io/component": _WORD,
    "app.kubernetes.io/part-of": _WORD,
    "helm.sh/chart": _WORD,
}
_MAPS: dict[str, dict[str, str]] = {"annotations": _ANNOTATIONS, "labels": _LABELS, "nodeSelector": {"kubernetes.io/os": "linux"}}
_AMOUNTS = ({"cpu": "1", "memory": "256Mi", "ephemeral-storage": "1Gi"}, {"cpu": "100m", "memory": "16Gi"})
_OBJECTS: dict[str, Any] = {
    "livenessProbe": _EXEC,
    "readinessProbe": None,
    "startupProbe": None,
    "lifecycle": {"preStop": _EXEC},
    "affinity": {"podAntiAffinity": {}},
    "selector": None,
    "status": None,
    "os": None,
    "dnsConfig": None,
    "podFailurePolicy": {"rules": [{"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]}]},
    "successPolicy": {"rules": [{"succeededCount": 1}]},
    "seccompProfile": {"type": "RuntimeDefault"},
    "capabilities": {"drop": ["ALL"]},
    "seLinuxOptions": None,
    "windowsOptions": None,
    "appArmorProfile": None,
}
_LISTS: dict[str, list[Any]] = {
    "containers": [{"name": _WORD, "image": "registry.example/jlunknown:1.2.3"}],
    "initContainers": [{"name": _WORD + "-init", "image": "registry.example/jlunknown:1.2.3"}],
    "env": [{"name": "JLUNKNOWN", "value": _WORD}],
    "envFrom": [{"configMapRef": {"name": _WORD}}, {"secretRef": {"name": _WORD}}],
    "volumes": [{"name": _WORD, "emptyDir": {}}],
    "volumeMounts": [],
    "tolerations": [{"operator": "Exists"}],
    "imagePullSecrets": [{"name": _WORD}],
    "ports": [{"containerPort": 8080}],
}
_STRING_LISTS = {"command": _COMMAND, "args": _COMMAND}


def fillings(reading: Reading, version: str) -> Iterator[Any]:
    """Return the objects that a reading represents: with nothing where it is open, and with as much as the server accepts,
    twice."""
    from copy import deepcopy

    from joblint.api.judge import judge
    from joblint.api.ours import meant_kind
    from joblint.source.places.paths import changed

    value = reading.document.value
    if not isinstance(value, dict):
        yield value
        return
    kind = meant_kind(value) or "Job"
    holes = [*reading.holes, *wide(value, kind, version)]
    printed = [path for path in holes if isinstance(path[-1], int)]
    opened = [*reading.open, *dict.fromkeys([path[:-1] for path in printed])]
    holes = [path for path in holes if not isinstance(path[-1], int)]
    for path in printed:
        value = changed(value, list(path), deepcopy((_LISTS.get(str(path[-2])) or [{"name": _WORD}])[0]))
    if not (opened or reading.bounded or holes or _turned(value, 0) is not value):
        yield value
        return
    value = _without(value, holes)
    verdict = judge(value, version)
    yield _with_required(value, verdict, [*opened, *holes, *reading.bounded], kind, version)
    for variant in (0, 1):
        filling = _Filling(deepcopy(_turned(value, variant)), kind, version, variant)
        for path in opened:
            filling.open(path)
        for path in [*holes, *reading.bounded]:
            filling.hole(path)
        for path in printed:
            if path[-2] in ("containers", "initContainers"):
                filling.hole((*path, "volumeMounts"))
        if verdict is not None:
            filling.repair(verdict)
        yield filling.object


def _with_required(value: Any, verdict: Verdict | None, places: list[Path], kind: str, version: str) -> Any:
    """The value with what the server requires and one of the places may give: what is wrong elsewhere is then seen as well."""
    from copy import deepcopy

    from joblint.source.places.paths import steps

    errors = [] if verdict is None else [e for e in verdict.errors if e.type == "FieldValueRequired"]
    paths = [tuple(steps(e.field)) for e in errors]
    wanted = [path for path in paths if path and (path in places or path[:-1] in places)]
    if not wanted:
        return value
    filling = _Filling(deepcopy(value), kind, version, 0)
    for path in wanted:
        filling.hole(path)
        filling.text(path)
    return filling.object


def wide(value: dict[str, Any], kind: str, version: str) -> list[Path]:
    """Return the paths of mappings and lists that an action prints as a whole, and of such items of lists."""
    import re

    filling = _Filling(value, kind, version, 0)
    whole = re.compile(encoded.PATTERN)
    found: list[Path] = []
    left: list[tuple[Path, Any]] = [((), value)]
    while left:
        path, held = left.pop()
        if isinstance(held, dict):
            left.extend([((*path, k), v) for k, v in held.items()])
        elif isinstance(held, list):
            left.extend([((*path, i), v) for i, v in enumerate(held)])
        elif isinstance(held, str) and path and whole.fullmatch(held):
            field = filling.field(path)
            items = (STRUCTS,) if isinstance(path[-1], int) else (STRUCT, STRUCTS, STRINGS, STRING_MAP, QUANTITY_MAP)
            if field is not None and field[0] in items:
                found.append(path)
    return found


def _without(value: Any, holes: list[Path]) -> Any:
    from joblint.source.places.paths import without

    for path in holes:
        value = without(value, list(path))
    return value


def _turned(value: Any, variant: int, key: str = "") -> Any:
    """The value with other texts where a script or an annotation contains unknown parts."""
    if isinstance(value, dict):
        held = {k: _turned(v, variant, k) for k, v in value.items()}
        if any(_is_unknown(value.get(name)) for name in ("command", "args")) and "name" in value:
            for name in ("command", "args"):
                held.pop(name, None)
            if variant:
                held["command"] = list(_COMMAND)
        for name in ("image", "workingDir", "serviceAccountName", "priorityClassName", "schedulerName"):
            if isinstance(held.get(name), str) and _is_unknown(held[name]):
                held[name] = _STRINGS[name][variant] or held[name]
        if key == "annotations":
            held = {k: v for k, v in held.items() if not _is_unknown(v)} if variant else held
            held = {k: _WORD if _is_unknown(v) else v for k, v in held.items()}
        return held if held != value else value
    if isinstance(value, list):
        items = [_turned(v, variant, "") for v in value]
        return items if items != value else value
    return value


def _is_unknown(value: Any) -> bool:
    if isinstance(value, str):
        return encoded.holds(value)
    if isinstance(value, list):
        return any(map(_is_unknown, value))
    return isinstance(value, dict) and any(map(_is_unknown, value.values()))


class _Filling:
    """An object that is filled with everything that may be in its open places."""

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
                for key, text in _MAPS.get(last, {}).items():
                    self._add(held, key, text, (*path, key))
                if field is not None and field[0] == QUANTITY_MAP:
                    for key, text in _AMOUNTS[self.variant].items():
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
            if len(path) > 1 and path[-2] in _MAPS:  # an annotation or label, as a helper of the chart prints it
                self._add(above, last, _MAPS[str(path[-2])].get(last, _WORD), path)
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
            self._add(above, str(path[-1]), f"/{_WORD}" if path[-1] in _PATHS else _WORD, path)

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
            return self.variant == 0 and key not in _OFF
        if operation == INT:
            return _INTS.get(key, (1, 1000))[self.variant]
        if operation == STRING:
            return _STRINGS.get(key, (None, None))[self.variant]
        if operation == STRING_MAP:
            return dict(_MAPS.get(key, {}))
        if operation == QUANTITY_MAP:
            return dict(_AMOUNTS[self.variant])
        if operation == QUANTITY:
            return "1Gi"
        if operation == INT_OR_STRING:
            return 8080
        if operation == STRINGS:
            return list(_STRING_LISTS.get(key, ())) or None
        if operation == STRUCTS:
            return deepcopy(_LISTS.get(key))
        if operation == STRUCT:
            if key in _OBJECTS:
                return deepcopy(_OBJECTS[key])
            made: dict[str, Any] = {}
            self._fill(made, field[1], path, depth if key in _FRAMES else depth + 1)
            return made
        return None

    def _extend(self, held: list[Any], name: str, path: Path) -> None:
        """Add what an open list may contain, and what other fields refer to in it."""
        from copy import deepcopy

        more = list(_STRING_LISTS.get(name, ())) if name in _STRING_LISTS else deepcopy(_LISTS.get(name, []))
        if name == "volumes":
            more += [{"name": n, "emptyDir": {}} for n in sorted(self._said("volumeMounts"))]
        if name == "volumeMounts":
            more += [{"name": n, "mountPath": f"/{_WORD}/{n}"} for n in sorted(self._said("volumes"))]
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
        struct = self.structs[self.root]
        field: Any = None
        for step in path:
            if isinstance(step, int):
                continue
            field = struct[1].get(step) if struct is not None else None
            if field is None:
                return None
            struct = self.structs[field[1]] if field[0] in (STRUCT, STRUCTS) else None
        return field

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
