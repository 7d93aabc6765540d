"""Combinations of fields of a Job itself; each sets several at once, right ones and wrong ones alike."""

from __future__ import annotations

from random import Random

from conformance.corpus.pieces import Tree, combo, put
from conformance.corpus.pools import INDEX_CODES, INDEX_TEXTS


@combo
def counts(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    big = [..., 0, 1, 5, 10, 10000, 10001, 100000, 100001, 1000000]
    put(
        spec,
        rng,
        completions=big,
        parallelism=big,
        completionMode=["Indexed", "Indexed", "NonIndexed", ...],
        backoffLimitPerIndex=[..., 0, 1, -1],
        maxFailedIndexes=[..., ..., 0, 1, 5, 10, 10001, 100000],
        backoffLimit=[..., 0, 6],
    )


@combo
def failure_policy(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    def rule() -> Tree:
        made: Tree = {"action": rng.choice(["FailJob", "FailIndex", "Ignore", "Count", "x"])}
        if rng.random() < 0.6:
            made["onExitCodes"] = {"operator": rng.choice(["In", "NotIn", "x"]), "values": rng.choice(INDEX_CODES)}
            if rng.random() < 0.5:
                made["onExitCodes"]["containerName"] = rng.choice(
                    [container.get("name", "m"), "none", "", "side", "setup", "proxy"]
                )
        if rng.random() < 0.5:
            made["onPodConditions"] = [
                {"type": rng.choice(["DisruptionTarget", "Ready", "a b", ""]), "status": rng.choice(["True", "False", "x", ""])}
                for _ in range(rng.choice((0, 1, 1, 2, 21)))
            ]
        return made

    spec["podFailurePolicy"] = {"rules": [rule() for _ in range(rng.choice((0, 1, 1, 2, 3, 20, 21)))]}
    put(
        spec,
        rng,
        podReplacementPolicy=[..., ..., "Failed", "TerminatingOrFailed"],
        backoffLimitPerIndex=[..., 1],
        completionMode=[..., "Indexed"],
        completions=[..., 3],
    )
    put(pod, rng, restartPolicy=["Never", "Never", "OnFailure", "Always", ...])


@combo
def success_policy(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    def rule() -> Tree:
        made: Tree = {}
        put(made, rng, succeededIndexes=[..., *INDEX_TEXTS], succeededCount=[..., ..., 0, 1, 2, 5, 10, 11, -1])
        return made

    spec["successPolicy"] = {"rules": [rule() for _ in range(rng.choice((0, 1, 1, 1, 2, 3, 20, 21)))]}
    put(
        spec,
        rng,
        completionMode=["Indexed", "Indexed", "Indexed", "NonIndexed", ...],
        completions=[0, 1, 3, 5, 10, 100],
        parallelism=[..., 1, 10],
    )


@combo
def selector(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    labels = [
        {"a": "b"},
        {"app": "x"},
        {"job-name": "pi"},
        {"controller-uid": "u"},
        {"batch.kubernetes.io/job-name": "x"},
        {"batch.kubernetes.io/controller-uid": "11111111-2222-3333-4444-555555555555"},
        {},
    ]
    put(
        spec,
        rng,
        manualSelector=[True, True, False, ...],
        selector=[
            ...,
            {"matchLabels": rng.choice(labels)},
            {},
            {
                "matchExpressions": [
                    {
                        "key": "a",
                        "operator": rng.choice(["In", "Exists", "DoesNotExist", "NotIn", "x"]),
                        **rng.choice([{}, {"values": ["b"]}, {"values": []}]),
                    }
                ]
            },
        ],
    )
    template = spec["template"]
    if isinstance(template.get("metadata", {}), dict):
        template.setdefault("metadata", {})["labels"] = rng.choice(labels)
