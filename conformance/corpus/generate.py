"""Draws manifests and pairs of manifests: the same seed and number give the same text, everywhere."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

from conformance.corpus.accidents import accident
from conformance.corpus.bases import BASES
from conformance.corpus.combos import apply_combo
from conformance.corpus.fancy import write_fancy
from conformance.corpus.mutate import Mutator, Shapes
from conformance.corpus.pools import Raw
from conformance.corpus.text import write

HOW = ("field", "combo", "wild", "text", "fancy")


class Corpus:
    """An endless supply of manifests for one shape of the API (what `oracle -shape` prints)."""

    def __init__(self, shapes: Shapes, seed: str, how: str | None = None) -> None:
        self._mutator = Mutator(shapes)
        self._seed = seed
        self._how = how  # one of HOW for manifests of one kind only

    def manifest(self, number: int) -> tuple[str, str]:
        """An id that tells how the manifest was made, and its text."""
        rng = Random(f"{self._seed}/{number}")
        base = rng.choice(sorted(BASES))
        tree = deepcopy(BASES[base])
        how = self._how or rng.choices(HOW, (52, 16, 14, 9, 9))[0]
        self._change(tree, how, rng)
        text = write_fancy(tree, rng) if how == "fancy" else write(tree, rng)
        if how == "fancy" and rng.random() < 0.3:
            text = accident(text, rng)
        for _ in range(rng.choice((1, 1, 1, 2, 3)) if how == "text" else 0):
            text = accident(text, rng)
        return f"{base}-{how}-{number}", text

    def _change(self, tree: dict[str, Any], how: str, rng: Random) -> None:
        times = rng.choices((1, 2, 3, 5), (60, 25, 10, 5))[0]
        if how == "field":
            for _ in range(times):
                self._mutator.field(tree, rng)
        elif how == "combo":
            for _ in range(rng.choice((1, 1, 2))):
                apply_combo(tree, rng)
            if rng.random() < 0.2:
                self._mutator.field(tree, rng)
        elif how == "wild":
            for _ in range(times):
                self._mutator.wild(tree, rng)
        elif rng.random() < 0.3:
            self._mutator.field(tree, rng)

    def pair(self, number: int) -> tuple[str, str, str]:
        """An id, a manifest that is mostly acceptable, and a changed one of the same name."""
        rng = Random(f"{self._seed}/pair/{number}")
        base = rng.choice(sorted(BASES))
        old = deepcopy(BASES[base])
        old["metadata"].pop("generateName", None)
        old["metadata"]["name"] = "same"
        if rng.random() < 0.35:
            old["spec"]["suspend"] = True
        if rng.random() < 0.2:
            self._change(old, "combo" if rng.random() < 0.5 else "field", rng)
        new = deepcopy(old)
        how = rng.choices(("edit", "field", "combo", "wild", "same"), (40, 35, 10, 10, 5))[0]
        if how == "edit":
            for _ in range(rng.choice((1, 1, 2, 3))):
                _edit(new, rng)
        elif how != "same":
            self._change(new, how, rng)
        for key in ("apiVersion", "kind"):
            new[key] = old[key] = BASES[base][key]
        for tree in (old, new):
            if not isinstance(tree.get("metadata"), dict):
                tree["metadata"] = {}
            tree["metadata"]["name"] = "same"
            tree["metadata"]["namespace"] = BASES[base]["metadata"].get("namespace", "default")
        return f"pair-{base}-{how}-{number}", write(_plain(old), rng), write(_plain(new), rng)


def _plain(value: Any) -> Any:
    """Without raw YAML text: pairs are about fields, not about spelling."""
    if isinstance(value, Raw):
        return "raw"
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, list) else value


def _edit(tree: dict[str, Any], rng: Random) -> None:
    """What people change in a manifest between two applies."""
    try:
        spec = tree["spec"]
        cron = "jobTemplate" in spec
        job = spec["jobTemplate"]["spec"] if cron else spec
        pod = job["template"]["spec"]
        container = dict.copy(pod["containers"][0])
        pod["containers"] = [container, *pod["containers"][1:]]
        template = job["template"].setdefault("metadata", {})
        dict.keys(template), dict.keys(tree["metadata"])
    except (KeyError, IndexError, TypeError, AttributeError):
        return  # an earlier change left no Job to edit
    resources = {"requests": {"cpu": rng.choice(["1", "2", "100m"])}}
    edits: list[tuple[dict[str, Any], str, list[Any]]] = [
        (container, "image", ["new:2", "i", ""]),
        (container, "env", [[{"name": "NEW", "value": "1"}], [], None]),
        (container, "resources", [resources, {}, {"limits": {"memory": "1Gi"}}]),
        (container, "command", [["x"], None]),
        (container, "args", [["y", "z"]]),
        (container, "name", ["renamed"]),
        (container, "volumeMounts", [[{"name": "v", "mountPath": "/new"}], []]),
        (
            container,
            "ports",
            [[{"containerPort": 99}], [{"containerPort": 80, "protocol": "UDP"}, {"containerPort": 80, "protocol": "TCP"}]],
        ),
        (container, "livenessProbe", [{"exec": {"command": ["true"]}}, None]),
        (tree["metadata"], "labels", [{"v": "2"}, {}, None, {"a": "c"}, {"a b": "c"}]),
        (tree["metadata"], "annotations", [{"v": "2"}, None, {"a.b/c": "e"}]),
        (tree["metadata"], "finalizers", [["example.com/g"], [], ["x"]]),
        (tree["metadata"], "ownerReferences", [[], [{"apiVersion": "v1", "kind": "Pod", "name": "n", "uid": "w"}]]),
        (template, "labels", [{"x": "y"}, {"job-name": "z"}, None, {"app": "x", "more": "y"}]),
        (template, "annotations", [{"x": "y"}, None]),
        (pod, "nodeSelector", [{"a": "b"}, {}, None, {"disk": "hdd"}]),
        (pod, "tolerations", [[{"key": "z", "operator": "Exists"}], []]),
        (pod, "schedulingGates", [[{"name": "g"}], [], None]),
        (
            pod,
            "affinity",
            [
                {
                    "nodeAffinity": {
                        "requiredDuringSchedulingIgnoredDuringExecution": {
                            "nodeSelectorTerms": [{"matchExpressions": [{"key": "z", "operator": "Exists"}]}]
                        }
                    }
                },
                {"podAffinity": {}},
                None,
            ],
        ),
        (pod, "priorityClassName", ["high"]),
        (pod, "restartPolicy", ["Never", "OnFailure", "Always"]),
        (pod, "serviceAccountName", ["other"]),
        (pod, "terminationGracePeriodSeconds", [5, 30]),
        (pod, "volumes", [[{"name": "v", "emptyDir": {}}], [{"name": "v", "configMap": {"name": "c"}}], []]),
        (pod, "initContainers", [[], [{"name": "setup", "image": "j"}]]),
        (pod, "imagePullSecrets", [[{"name": "two"}], []]),
        (pod, "hostAliases", [[{"ip": "1.2.3.4", "hostnames": ["x"]}]]),
        (job, "parallelism", [0, 1, 2, 6, None]),
        (job, "completions", [1, 2, 6, None]),
        (job, "backoffLimit", [0, 6, 9, None, -1]),
        (job, "activeDeadlineSeconds", [5, 3600, None, 0]),
        (job, "ttlSecondsAfterFinished", [0, 5, None]),
        (job, "suspend", [True, False, None]),
        (job, "completionMode", ["Indexed", "NonIndexed", None]),
        (job, "manualSelector", [True, False, None]),
        (job, "selector", [{"matchLabels": {"a": "b"}}, None]),
        (job, "backoffLimitPerIndex", [1, 2, None]),
        (job, "maxFailedIndexes", [1, 3, None]),
        (job, "podReplacementPolicy", ["Failed", "TerminatingOrFailed", None]),
        (job, "podFailurePolicy", [{"rules": [{"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]}]}, None]),
        (job, "successPolicy", [{"rules": [{"succeededCount": 1}]}, None]),
        (job, "managedBy", ["example.com/y", "kubernetes.io/job-controller", None]),
    ]
    if cron:
        edits += [
            (spec, "schedule", ["0 1 * * *", "bad", "TZ=UTC 0 0 * * *", "@daily"]),
            (spec, "timeZone", ["Europe/Paris", "Mars/Base", None]),
            (spec, "suspend", [True, False]),
            (spec, "concurrencyPolicy", ["Allow", "Forbid", "Replace", "x"]),
            (spec, "startingDeadlineSeconds", [5, None, -1]),
            (spec, "successfulJobsHistoryLimit", [0, 5]),
        ] * 3
    else:
        edits += [(spec, "parallelism", [2, 6])]
    node, name, values = rng.choice(edits)
    value = deepcopy(rng.choice(values))
    if value is None and rng.random() < 0.7:
        node.pop(name, None)
    else:
        node[name] = value
    if not cron and rng.random() < 0.06:
        spec["completions"] = spec["parallelism"] = rng.choice((2, 4, 7))
