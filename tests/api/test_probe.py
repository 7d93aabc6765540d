"""Probes, lifecycle hooks and their handlers."""

from __future__ import annotations

from typing import Any

import pytest

from joblint.api.errors import Errors
from joblint.api.validate.container.lifecycle import validate_lifecycle
from joblint.api.version import versions
from tests.api.pod_helper import errors, fields

EXEC = {"exec": {"command": ["true"]}}


def probe_errors(kind: str = "livenessProbe", **probe: Any) -> list[str]:
    return [error.removeprefix(f"containers[0].{kind}") for error in errors({kind: probe})]


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        ({}, [": Required value: must specify a handler type"]),
        ({"exec": {}}, [".exec.command: Required value"]),
        ({"exec": {"command": []}}, [".exec.command: Required value"]),
        ({"httpGet": {"port": 80}}, []),
        ({"httpGet": {"port": "http"}}, []),
        ({"httpGet": {"port": 0}}, [".httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive"]),
        ({"httpGet": {"port": "80"}}, ['.httpGet.port: Invalid value: "80": must contain at least one letter (a-z)']),
        (
            {"httpGet": {"port": 1, "scheme": "http"}},
            ['.httpGet.scheme: Unsupported value: "http": supported values: "HTTP", "HTTPS"'],
        ),
        ({"tcpSocket": {"port": -1}}, [".tcpSocket.port: Invalid value: -1: must be between 1 and 65535, inclusive"]),
        ({"grpc": {"port": 65536}}, [".grpc.port: Invalid value: 65536: must be between 1 and 65535, inclusive"]),
        (
            {**EXEC, "httpGet": {"port": 0}, "grpc": {"port": 0}},
            [
                ".httpGet: Forbidden: may not specify more than 1 handler type",
                ".grpc: Forbidden: may not specify more than 1 handler type",
            ],
        ),
    ],
)
def test_a_probe_has_one_handler(handler: dict[str, Any], expected: list[str]) -> None:
    assert probe_errors(**handler) == expected


def test_a_header_is_named_at_the_list() -> None:
    headers = [{"name": "X-Good", "value": "a b"}, {"name": "X Bad", "value": ""}]
    (found,) = probe_errors(httpGet={"port": 80, "httpHeaders": headers})
    assert found.startswith('.httpGet.httpHeaders: Invalid value: "X Bad": a valid HTTP header must consist of')


def test_numbers_are_not_negative() -> None:
    numbers = {"initialDelaySeconds": -1, "timeoutSeconds": -2, "periodSeconds": -3, "failureThreshold": -5}
    assert probe_errors("readinessProbe", **EXEC, **numbers, successThreshold=-4) == [
        ".initialDelaySeconds: Invalid value: -1: must be greater than or equal to 0",
        ".timeoutSeconds: Invalid value: -2: must be greater than or equal to 0",
        ".periodSeconds: Invalid value: -3: must be greater than or equal to 0",
        ".successThreshold: Invalid value: -4: must be greater than or equal to 0",
        ".failureThreshold: Invalid value: -5: must be greater than or equal to 0",
    ]


def test_zeros_get_the_defaults() -> None:
    assert probe_errors(**EXEC, timeoutSeconds=0, periodSeconds=0, successThreshold=0, failureThreshold=0) == []


@pytest.mark.parametrize("kind", ["livenessProbe", "startupProbe"])
def test_one_success_is_enough_but_for_readiness(kind: str) -> None:
    assert probe_errors(kind, **EXEC, successThreshold=2) == [".successThreshold: Invalid value: 2: must be 1"]
    assert probe_errors("readinessProbe", **EXEC, successThreshold=2) == []


def test_a_grace_period_of_its_own() -> None:
    assert probe_errors(**EXEC, terminationGracePeriodSeconds=1) == []
    expected = [".terminationGracePeriodSeconds: Invalid value: 0: must be greater than 0"]
    assert probe_errors(**EXEC, terminationGracePeriodSeconds=0) == expected
    assert probe_errors("readinessProbe", **EXEC, terminationGracePeriodSeconds=1) == [
        ".terminationGracePeriodSeconds: Invalid value: 1: must not be set for readinessProbes"
    ]


@pytest.mark.parametrize(
    ("seconds", "grace", "good"),
    [(0, 30, True), (30, 30, True), (31, 30, False), (-1, 30, False), (5, 0, False), (0, 0, True), (0, -1, False)],
)
def test_a_sleep_fits_into_the_grace_period(seconds: int, grace: int, good: bool) -> None:
    found = errors({"lifecycle": {"preStop": {"sleep": {"seconds": seconds}}}}, pod={"terminationGracePeriodSeconds": grace})
    text = f"must be non-negative and less than terminationGracePeriodSeconds ({grace})"
    assert found == ([] if good else [f"containers[0].lifecycle.preStop.sleep: Invalid value: {seconds}: {text}"])


def test_a_sleep_of_nothing_was_refused_until_1_32() -> None:
    (found,) = errors({"lifecycle": {"preStop": {"sleep": {"seconds": 0}}}}, version="1.32")
    assert found.startswith(
        "containers[0].lifecycle.preStop.sleep: Invalid value: 0: "
        "must be greater than 0 and less than terminationGracePeriodSeconds (30). "
    )


def test_hooks_have_handlers_like_probes() -> None:
    hooks = {"postStart": {}, "preStop": {**EXEC, "sleep": {"seconds": 99}}}
    assert errors({"lifecycle": hooks}) == [
        "containers[0].lifecycle.postStart: Required value: must specify a handler type",
        "containers[0].lifecycle.preStop.sleep: Forbidden: may not specify more than 1 handler type",
    ]


class TestStopSignal:
    """The feature is off everywhere by default, so that a whole Job never gets as far."""

    @staticmethod
    def said(signal: str, **spec: Any) -> list[str]:
        errors = Errors()
        validate_lifecycle({"stopSignal": signal}, "lifecycle", errors, versions.gates("1.36"), spec)
        return [error.message for error in errors.found]

    def test_it_needs_an_operating_system(self) -> None:
        assert self.said("SIGTERM") == ["Forbidden: may not be set for containers with empty `spec.os.name`"]
        assert self.said("SIGTERM", os={"name": "linux"}) == []
        assert self.said("anything", os={"name": "beos"}) == []

    def test_signals_of_linux(self) -> None:
        assert self.said("SIGRTMIN+15", os={"name": "linux"}) == []
        (found,) = self.said("SIGRTMAX-15", os={"name": "linux"})
        assert found.startswith('Unsupported value: "SIGRTMAX-15": supported values: "SIGABRT", "SIGALRM", "SIGBUS"')
        assert found.count("SIG") == 1 + 65

    def test_signals_of_windows(self) -> None:
        expected = ['Unsupported value: "SIGHUP": supported values: "SIGKILL", "SIGTERM"']
        assert self.said("SIGHUP", os={"name": "windows"}) == expected

    def test_a_job_that_has_one_loses_it(self) -> None:
        assert fields({"lifecycle": {"stopSignal": "SIGNOTHING"}}) == []
