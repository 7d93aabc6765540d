"""From the data of a scenario file to a Scenario, or to what is wrong with it in plain words; reads no files itself.

The format is described by schemas/scenario.json.
"""

from __future__ import annotations

from joblint.base.nearest import nearest
from joblint.controller.job.spec import number
from joblint.controller.scenario.scenario import (
    ACTIONS,
    DEFAULT_RUN,
    MISSING,
    TERMINATE,
    TERMINATE_EXIT,
    Action,
    PodScript,
    Scenario,
    Script,
    Standing,
    Surroundings,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SCRIPT_KEYS = ("run", "exit", "terminate", "terminate_exit", "probe_fails_after")
POD_KEYS = ("when", *SCRIPT_KEYS, "pending", "condition", "reason", "containers", "node")
BEFORE = ("pod", "age", "resource_quota", "missing", "namespace_labels", "pod_disruption_budget")
LONGEST = 1e10
"""Seconds; more than three hundred years."""


class ScenarioError(ValueError):
    """A scenario that cannot be used. `problems` are (path in the file, problem) in the order of the file."""

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        super().__init__("; ".join(f"{path}: {text}" if path else text for path, text in problems))
        self.problems = problems


def read_scenario(data: object, name: str) -> Scenario:
    """The scenario that a file's data (mappings, lists, numbers, strings) describes. Raises ScenarioError with all that is
    wrong at once. A file with nothing in it is the scenario in which every Pod runs 1 s and succeeds."""
    reader = _Reader()
    if data is None:
        data = {}
    if not isinstance(data, dict):
        raise ScenarioError((("", f"a scenario must be a mapping with `pods` and `actions`, not {_kind(data)}"),))
    reader.known("", data, ("pods", "actions", "kubelet", "before"))
    pods = tuple([reader.pod(f"pods[{i}]", item) for i, item in enumerate(reader.listed("pods", data.get("pods")))])
    done = reader.listed("actions", data.get("actions"))
    actions = tuple([reader.action(f"actions[{i}]", item) for i, item in enumerate(done)])
    instant = reader.kubelet(data.get("kubelet"))
    there = reader.listed("before", data.get("before"))
    around = reader.around(there) if there else None
    if reader.problems:
        raise ScenarioError(tuple(reader.problems))
    return Scenario(name, pods or (PodScript(),), actions, instant, around)


class _Reader:
    """Collects problems; invalid values are replaced by harmless ones so that the rest can be read as well."""

    def __init__(self) -> None:
        self.problems: list[tuple[str, str]] = []

    def wrong(self, path: str, text: str) -> None:
        self.problems.append((path, text))

    def known(self, path: str, data: dict[Any, Any], keys: tuple[str, ...]) -> None:
        for key in data:
            if key not in keys:
                where = f"{path}.{key}" if path else str(key)
                near = nearest(str(key), keys)
                hint = f"did you mean {near}?" if near else f"valid keys here: {', '.join(keys)}"
                self.wrong(where, f"unknown key; {hint}")

    def listed(self, path: str, value: Any) -> list[Any]:
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(path, f"must be a list, not {_kind(value)}")
            return []
        return value

    def pod(self, path: str, data: Any) -> PodScript:
        if not isinstance(data, dict):
            self.wrong(path, f"must be a mapping such as {{run: 1, exit: 0}}, not {_kind(data)}")
            return PodScript()
        self.known(path, data, POD_KEYS)
        when = data.get("when")
        picked: dict[str, int | None] = {}
        if when is not None and not isinstance(when, dict):
            self.wrong(f"{path}.when", f"must be a mapping with n, index or attempt, not {_kind(when)}")
        elif when:
            # To YAML 1.1 a plain n is a way to write false, and this is what becomes of it as a key.
            when = {"n" if k == "false" else k: v for k, v in when.items()}
            self.known(f"{path}.when", when, ("n", "index", "attempt"))
            picked = {k: self.count(f"{path}.when.{k}", when[k]) for k in ("n", "index", "attempt") if when.get(k) is not None}
        script = self.script(path, data, Script())
        containers = []
        own = data.get("containers")
        if own is not None and not isinstance(own, dict):
            self.wrong(f"{path}.containers", f"must be a mapping with container names as keys, not {_kind(own)}")
        elif own:
            for name, item in own.items():
                at = f"{path}.containers.{name}"
                if isinstance(item, dict):
                    self.known(at, item, SCRIPT_KEYS)
                    containers.append((str(name), self.script(at, item, script)))
                else:
                    self.wrong(at, f"must be a mapping such as {{run: 1, exit: 0}}, not {_kind(item)}")
        return PodScript(
            picked.get("n"),
            picked.get("index"),
            picked.get("attempt"),
            script,
            tuple(containers),
            self.flag(f"{path}.pending", data.get("pending")),
            self.text(f"{path}.condition", data.get("condition")),
            self.text(f"{path}.reason", data.get("reason")),
            self.text(f"{path}.node", data.get("node")),
        )

    def script(self, path: str, data: dict[str, Any], base: Script) -> Script:
        run: tuple[float | None, ...] = (DEFAULT_RUN,)
        if "run" in data:
            given = data["run"]
            if isinstance(given, list):
                run = tuple([self.run(f"{path}.run[{i}]", item) for i, item in enumerate(given)])
            else:
                run = (self.run(f"{path}.run", given),)
        exits: tuple[int, ...] = (0,)
        if data.get("exit") is not None:
            given = data["exit"]
            if isinstance(given, list):
                exits = tuple([self.code(f"{path}.exit[{i}]", item) for i, item in enumerate(given)])
            else:
                exits = (self.code(f"{path}.exit", given),)
        for key, values in (("run", run), ("exit", exits)):
            if not values:
                self.wrong(f"{path}.{key}", "must not be an empty list; remove it or add a value")
        stop = data.get("terminate")
        stop_code = data.get("terminate_exit")
        probe = data.get("probe_fails_after")
        return Script(
            run or (DEFAULT_RUN,),
            exits or (0,),
            base.terminate if stop is None else self.seconds(f"{path}.terminate", stop, TERMINATE),
            base.terminate_exit if stop_code is None else self.code(f"{path}.terminate_exit", stop_code, TERMINATE_EXIT),
            base.probe_fails_after if probe is None else self.seconds(f"{path}.probe_fails_after", probe, 0.0),
        )

    def action(self, path: str, data: Any) -> Action:
        if not isinstance(data, dict):
            self.wrong(path, f"must be a mapping such as {{at: 10, patch: {{spec: {{suspend: true}}}}}}, not {_kind(data)}")
            return Action(0.0, "controller_restart")
        self.known(path, data, ("at", *ACTIONS))
        if data.get("at") is None:
            self.wrong(f"{path}.at", "is missing: the time of the action, in seconds after the Job's creation")
            at = 0.0
        else:
            at = self.seconds(f"{path}.at", data["at"], 0.0)
        done = [key for key in ACTIONS if key in data]
        if len(done) != 1:
            actions = "".join([f"\n  {name}: {what}" for name, what in ACTIONS.items()])
            self.wrong(path, f"needs exactly one of these actions:{actions}")
            return Action(at, "controller_restart")
        do = done[0]
        return Action(at, do, self.object_of(f"{path}.{do}", do, data[do]))

    def object_of(self, path: str, do: str, value: Any) -> Any:
        """What an action is about."""
        if do == "patch":
            if not isinstance(value, dict):
                self.wrong(path, f"must be a mapping such as {{spec: {{suspend: true}}}}, not {_kind(value)}")
                return {}
            return value
        if do in ("delete_pod", "evict"):
            if value == "all":
                return "all"
            if isinstance(value, dict):
                self.known(path, value, ("index",))
                return {"index": self.count(f"{path}.index", value.get("index"))}
            return self.count(path, value)
        if do in ("node_lost", "node_deleted"):
            if value is None:
                self.wrong(path, "must be the name of a node; it is empty")
            return self.text(path, value)
        if do == "create":
            named = self.objects(path, value)
            return named[0] if named else ("image", "")
        if do == "delete_job":
            if value not in ("foreground", "background", "orphan"):
                self.wrong(path, f"must be foreground, background or orphan, not {_shown(value)}")
            return value
        if value is not True:
            self.wrong(path, f"must be true, not {_shown(value)}")
        return True

    def objects(self, path: str, data: Any) -> list[tuple[str, str]]:
        """Named objects such as {serviceAccount: later}."""
        if not isinstance(data, dict) or not data:
            self.wrong(path, f"must be a mapping such as {{serviceAccount: later}}, not {_kind(data)}")
            return []
        self.known(path, data, tuple(MISSING))
        return [(MISSING[key], str(value)) for key, value in data.items() if key in MISSING]

    def texts(self, path: str, data: Any) -> tuple[tuple[str, str], ...]:
        """A mapping of words to words, such as labels."""
        if not isinstance(data, dict):
            self.wrong(path, f"must be a mapping, not {_kind(data)}")
            return ()
        return tuple([(str(key), str(value)) for key, value in data.items()])

    def around(self, data: list[Any]) -> Surroundings:
        """What exists before the Job."""
        pods: list[Standing] = []
        quota: tuple[tuple[str, str], ...] = ()
        missing: list[tuple[str, str]] = []
        labels: tuple[tuple[str, str], ...] = ()
        budget: dict[str, Any] | None = None
        for i, item in enumerate(data):
            path = f"before[{i}]"
            if not isinstance(item, dict):
                self.wrong(path, f"must be a mapping such as {{resource_quota: {{pods: 2}}}}, not {_kind(item)}")
                continue
            self.known(path, item, BEFORE)
            if "pod" in item:
                pods.append(self.standing(path, item))
            if "resource_quota" in item:
                quota += self.texts(f"{path}.resource_quota", item["resource_quota"])
            if "missing" in item:
                missing += self.objects(f"{path}.missing", item["missing"])
            if "namespace_labels" in item:
                labels += self.texts(f"{path}.namespace_labels", item["namespace_labels"])
            if "pod_disruption_budget" in item:
                budget = item["pod_disruption_budget"]
                if not isinstance(budget, dict):
                    self.wrong(
                        f"{path}.pod_disruption_budget", f"must be a mapping such as {{minAvailable: 1}}, not {_kind(budget)}"
                    )
                    budget = None
        return Surroundings(tuple(pods), quota, tuple(missing), labels, budget)

    def standing(self, path: str, item: dict[Any, Any]) -> Standing:
        """A Pod that exists before the Job."""
        data = item["pod"]
        age = self.seconds(f"{path}.age", item["age"], 0.0) if item.get("age") is not None else 0.0
        if not isinstance(data, dict):
            self.wrong(f"{path}.pod", f"must be a mapping such as {{labels: {{app: a}}, run: 1, exit: 0}}, not {_kind(data)}")
            return Standing((), PodScript(), age)
        labels = self.texts(f"{path}.pod.labels", data["labels"]) if data.get("labels") is not None else ()
        script = self.pod(f"{path}.pod", {key: value for key, value in data.items() if key not in ("labels", "when")})
        return Standing(labels, script, age)

    def kubelet(self, value: Any) -> bool:
        """Whether it is the instant kubelet."""
        if value not in (None, "real", "instant"):
            self.wrong("kubelet", f"must be real or instant, not {_shown(value)}")
        return bool(value == "instant")

    def run(self, path: str, value: Any) -> float | None:
        return None if value is None else self.seconds(path, value, DEFAULT_RUN)

    def seconds(self, path: str, value: Any, otherwise: float) -> float:
        if isinstance(value, str):
            from joblint.base.durations import read_duration

            found = read_duration(value)
            if found is not None and found <= LONGEST:
                return found
        elif isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= LONGEST:
            return float(value)
        self.wrong(path, f"must be a number of seconds such as 1.5, or a duration such as 90s or 1h30m, not {_shown(value)}")
        return otherwise

    def count(self, path: str, value: Any) -> int | None:
        found = number(value)
        if found is None or not 0 <= found < 1 << 31:
            self.wrong(path, f"must be a whole number of at least 0, not {_shown(value)}")
            return None
        return found

    def code(self, path: str, value: Any, otherwise: int = 0) -> int:
        found = number(value)
        if found is None or not 0 <= found <= 255:
            self.wrong(path, f"must be an exit code from 0 to 255, not {_shown(value)}")
            return otherwise
        return found

    def flag(self, path: str, value: Any) -> bool:
        if value is not None and not isinstance(value, bool):
            self.wrong(path, f"must be true or false, not {_shown(value)}")
        return value is True

    def text(self, path: str, value: Any) -> str | None:
        if value is not None and not isinstance(value, str):
            self.wrong(path, f"must be a string, not {_shown(value)}")
            return None
        return value


def _kind(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list) else _shown(value)


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return _kind(value)
    text = str(value) if not isinstance(value, int) or abs(value) < 10**18 else "such a large number"
    return repr(text[:40]) if isinstance(value, str) else text
