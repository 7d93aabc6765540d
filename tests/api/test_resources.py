"""Requests, limits and claims of containers, and the resources of a Pod as a whole."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joblint.api.validate.pod.level import aggregate
from tests.api.pod_helper import errors, fields


def said(requests: dict[str, Any] | None = None, limits: dict[str, Any] | None = None) -> list[str]:
    resources = {"requests": requests or {}, "limits": limits or {}}
    return [error.removeprefix("containers[0].resources") for error in errors({"resources": resources})]


def test_a_request_may_not_pass_its_limit() -> None:
    assert said({"cpu": "1"}, {"cpu": "1000m"}) == []
    assert said({"cpu": "1001m"}, {"cpu": 1}) == [
        '.requests: Invalid value: "1001m": must be less than or equal to cpu limit of 1'
    ]
    assert said({"memory": "1Gi"}, {"cpu": "1"}) == []


def test_a_thousandth_of_a_byte_is_taken() -> None:
    # 128m of memory is 0.128 bytes; the server only warns.
    assert said({"memory": "128m"}) == []


def test_amounts_are_not_negative() -> None:
    assert said({"cpu": "-1"}, {"memory": "-1Gi"}) == [
        '.limits[memory]: Invalid value: "-1Gi": must be greater than or equal to 0',
        '.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0',
    ]


@pytest.mark.parametrize(
    ("name", "messages"),
    [
        ("gpu", ["must be a standard resource type or fully qualified", "must be a standard resource for containers"]),
        ("storage", ["must be a standard resource for containers"]),
        ("requests.cpu", ["must be a standard resource for containers"]),
        ("requests.example.com/gpu", ["doesn't follow extended resource name standard"]),
        ("kubernetes.io/anything", []),
        ("example.com/gpu", []),
        ("ephemeral-storage", []),
    ],
)
def test_names_of_resources(name: str, messages: list[str]) -> None:
    assert said(limits={name: "1"}) == [f'.limits[{name}]: Invalid value: "{name}": {message}' for message in messages]


def test_extended_resources_are_whole_and_not_overcommitted() -> None:
    gpu = "example.com/gpu"
    assert said(limits={gpu: "1500m"}) == [f'.limits[{gpu}]: Invalid value: "1500m": must be an integer']
    assert said({gpu: 1}, {gpu: 2}) == [f'.requests: Invalid value: "1": must be equal to {gpu} limit of 2']
    assert said({gpu: 1}) == [".limits: Required value: Limit must be set for non overcommitable resources"]
    assert said(limits={gpu: 2}) == []


class TestHugePages:
    def test_whole_pages(self) -> None:
        assert said(limits={"hugepages-2Mi": "4Mi", "memory": "1Gi"}) == []
        assert said(limits={"hugepages-2Mi": "3Mi", "memory": "1Gi"}) == [
            '.limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi'
        ]

    @pytest.mark.parametrize("size", ["", "0", "x", "500m"])
    def test_pages_of_no_size(self, size: str) -> None:
        assert f".limits[hugepages-{size}]" in {e.split(": ")[0] for e in said(limits={f"hugepages-{size}": "1", "cpu": "1"})}

    def test_a_page_of_more_bytes_than_can_be_counted(self) -> None:
        assert said(limits={"hugepages-100E": "1", "cpu": "1"}) == [
            '.limits[hugepages-100E]: Invalid value: "1": 1 is not positive integer multiple of hugepages-100E'
        ]

    def test_they_need_cpu_or_memory(self) -> None:
        assert said(limits={"hugepages-2Mi": "2Mi"}) == [": Forbidden: HugePages require cpu or memory"]
        assert said({"cpu": "1"}, {"hugepages-2Mi": "2Mi"}) == []


class TestClaims:
    POD = {"resourceClaims": [{"name": "gpu", "resourceClaimName": "x"}, {"name": "nic", "resourceClaimName": "y"}]}

    def said(self, *claims: dict[str, str], pod: dict[str, Any] | None = None) -> list[str]:
        found = errors({"resources": {"claims": list(claims)}}, pod=self.POD if pod is None else pod)
        return [error.removeprefix("containers[0].resources.claims") for error in found]

    def test_they_name_a_claim_of_the_pod(self) -> None:
        assert self.said({"name": "gpu"}, {"name": "nic", "request": "r"}) == []
        assert self.said({"name": ""}) == ["[0]: Required value"]
        unknown = '[0]: Not found: "tpu": must be one of the names in pod.spec.resourceClaims'
        assert self.said({"name": "tpu"}) == [f"{unknown}: gpu, nic"]
        assert self.said({"name": "tpu"}, pod={}) == [f"{unknown} which is empty"]

    def test_no_part_of_a_claim_twice(self) -> None:
        whole, part = {"name": "gpu"}, {"name": "gpu", "request": "r"}
        assert self.said(whole, whole) == ['[1]: Duplicate value: "gpu"']
        assert self.said(whole, part) == ['[1]: Duplicate value: "gpu"']
        assert self.said(part, whole) == ['[1]: Duplicate value: "gpu"']
        assert self.said(part, part) == ['[1]: Duplicate value: "gpu/r"']
        assert self.said(part, {"name": "gpu", "request": "s"}) == []


class TestPodLevel:
    def test_cpu_memory_and_huge_pages_alone(self) -> None:
        assert errors(pod={"resources": {"limits": {"ephemeral-storage": "1"}}}) == [
            (
                'resources.limits[ephemeral-storage]: Unsupported value: "ephemeral-storage": '
                'supported values: "cpu", "hugepages-", "memory"'
            )
        ]

    def test_no_claims_and_nothing_on_windows(self) -> None:
        assert errors(pod={"resources": {"claims": []}}) == [
            "resources.claims: Forbidden: claims may not be set for Resources at pod-level"
        ]
        found = errors(pod={"resources": {"limits": {"x": "-1"}}, "os": {"name": "windows"}})
        assert found == ["resources: Forbidden: may not be set for a windows pod"]

    def test_the_pod_has_room_for_its_containers(self) -> None:
        container = {"resources": {"requests": {"cpu": "2"}, "limits": {"cpu": "3"}}}
        assert errors(container, pod={"resources": {"requests": {"cpu": "1"}, "limits": {"cpu": "2"}}}) == [
            'resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 2',
            'resources.containers[0][cpu].limits: Invalid value: "3": must be less than or equal to pod limits of 2',
        ]
        huge = {"resources": {"limits": {"hugepages-2Mi": "4Mi", "cpu": "1"}}}
        found = fields(huge, init=huge, pod={"resources": {"limits": {"hugepages-2Mi": "2Mi", "memory": "1Gi"}}})
        assert found == ["resources.limits[hugepages-2Mi]", "resources.containers[0][hugepages-2Mi].limits"]

    def test_before_1_34_the_field_was_dropped(self) -> None:
        assert errors(pod={"resources": {"claims": []}}, version="1.33") == []

    @given(
        st.lists(st.integers(0, 50), max_size=3),
        st.lists(st.tuples(st.integers(0, 50), st.booleans()), max_size=5),
    )
    def test_what_runs_at_the_same_time(self, ordinary: list[int], init: list[tuple[int, bool]]) -> None:
        def container(amount: int, sidecar: bool = False) -> dict[str, Any]:
            found: dict[str, Any] = {"resources": {"requests": {"cpu": f"{amount}m"}}}
            return {**found, "restartPolicy": "Always"} if sidecar else found

        spec = {"containers": [container(a) for a in ordinary], "initContainers": [container(*i) for i in init]}
        moments = []
        sidecars = 0
        for amount, sidecar in init:
            moments.append(sidecars + amount)
            sidecars += amount if sidecar else 0
        highest = max([*moments, sidecars + sum(ordinary)])
        found = aggregate(spec, "requests")
        assert (found["cpu"].milli_value() if found else 0) == highest


def test_overhead_is_checked_like_limits() -> None:
    assert errors(pod={"overhead": {"gpu": "1"}, "runtimeClassName": "kata"}) == [
        'overhead.limits[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified',
        'overhead.limits[gpu]: Invalid value: "gpu": must be a standard resource for containers',
    ]
