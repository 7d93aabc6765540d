"""What the API server says of a Job's spec, where the recorded answers are hard to read: one rule a test."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joblint.api.judge import judge
from joblint.api.validate.job.indexes import IndexesError, count_indexes


def _errors(pod: dict[str, Any] | None = None, metadata: dict[str, Any] | None = None, **spec: Any) -> list[str]:
    template = {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}], **(pod or {})}}
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata or {"name": "j"}, "spec": {"template": template, **spec}}
    verdict = judge(job)
    assert verdict is not None
    return [f"{e.field.removeprefix('spec.')}: {e.message}" for e in verdict.errors]


def test_restart_policy_is_required_and_never_always() -> None:
    required = 'template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'
    assert _errors({"restartPolicy": None}) == _errors({"restartPolicy": "Always"}) == [required]
    assert len(_errors({"restartPolicy": "never"})) == 2


def test_a_pod_failure_policy_needs_pods_that_do_not_restart() -> None:
    policy = {"rules": [{"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]}]}
    assert _errors(podFailurePolicy=policy) == []
    assert _errors({"restartPolicy": "OnFailure"}, podFailurePolicy=policy) == [
        'template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified'
    ]
    assert _errors(podFailurePolicy=policy, podReplacementPolicy="TerminatingOrFailed") == [
        'podReplacementPolicy: Unsupported value: "TerminatingOrFailed": supported values: "Failed"'
    ]


def test_limits_per_index_need_an_indexed_job() -> None:
    assert _errors(backoffLimitPerIndex=1) == ["backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode"]
    assert _errors(maxFailedIndexes=1)[0] == "backoffLimitPerIndex: Required value: when maxFailedIndexes is specified"
    assert _errors(completionMode="Indexed", completions=2, backoffLimitPerIndex=1, maxFailedIndexes=2) == []


def test_a_large_indexed_job_with_limits_per_index_is_bounded() -> None:
    large: dict[str, Any] = {"completionMode": "Indexed", "completions": 100_001, "parallelism": 10_001}
    assert _errors(**large) == []
    assert [text.partition(":")[0] for text in _errors(**large, backoffLimitPerIndex=1)] == ["maxFailedIndexes", "parallelism"]


def test_the_longest_name_of_an_indexed_job_leaves_room_for_its_indexes() -> None:
    indexed: dict[str, Any] = {"completionMode": "Indexed", "completions": 100}
    assert _errors(metadata={"name": "a" * 60}, **indexed) == []
    (error,) = _errors(metadata={"name": "a" * 61}, **indexed)
    assert (
        error == f'metadata.name: Invalid value: "{"a" * 61}": will not able to create pod with invalid DNS label: {"a" * 61}-99'
    )


def test_a_long_name_fails_by_the_generated_label() -> None:
    fields = {text.partition(":")[0] for text in _errors(metadata={"name": "a" * 64})}
    assert fields == {"template.labels"}


def test_a_selector_is_generated_unless_it_is_manual() -> None:
    assert _errors(selector={"matchLabels": {"a": "b"}})[0].startswith("selector: Invalid value: ")
    assert _errors(manualSelector=True) == [
        "selector: Required value",
        "template.metadata.labels: Invalid value: null: `selector` does not match template `labels`",
    ]


@pytest.mark.parametrize(("text", "count"), [("", 0), ("0", 1), ("0-2,4", 4), ("003", 1), ("+1", 1), ("0,1,2,3,4", 5)])
def test_lists_of_indexes(text: str, count: int) -> None:
    assert count_indexes(text, 5) == count


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("5", 'too large index: "5"'),
        ("0-5", 'too large index: "5"'),
        ("2-1", "non-increasing order, previous: 2, current: 1"),
        ("1,1", "non-increasing order, previous: 1, current: 1"),
        ("0-2,1", "non-increasing order, previous: 2, current: 1"),
        ("x", 'cannot convert string to integer for index: "x"'),
        ("1,", 'cannot convert string to integer for index: ""'),
        ("1_0", 'cannot convert string to integer for index: "1_0"'),
        ("9" * 30, f'cannot convert string to integer for index: "{"9" * 30}"'),
        (
            "1-2-3",
            "the fragment \"1-2-3\" violates the requirement that an index interval can have at most two parts separated by '-'",
        ),
    ],
)
def test_bad_lists_of_indexes(text: str, message: str) -> None:
    with pytest.raises(IndexesError) as caught:
        count_indexes(text, 5)
    assert str(caught.value) == message


@given(st.sets(st.integers(0, 99)))
def test_every_rising_list_is_counted(indexes: set[int]) -> None:
    assert count_indexes(",".join(map(str, sorted(indexes))), 100) == len(indexes)
