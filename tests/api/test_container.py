"""Containers: names, images, policies, ports, and what init containers and native sidecars may have."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.pod_helper import errors, fields


def test_a_pod_without_containers() -> None:
    assert errors(pod={"containers": []}) == ["containers: Required value"]


def test_name_and_image_are_required() -> None:
    assert errors({"name": "", "image": ""}) == ["containers[0].name: Required value", "containers[0].image: Required value"]


def test_a_name_is_a_dns_label() -> None:
    assert errors({"name": "a.b"}) == ['containers[0].name: Invalid value: "a.b": must not contain dots']
    assert fields({"name": "A" * 64}) == ["containers[0].name"] * 2


def test_names_are_unique_among_ordinary_and_init_containers() -> None:
    twice = [{"name": "w", "image": "i"}, {"name": "w", "image": "i"}]
    assert errors(pod={"containers": twice}) == ['containers[1].name: Duplicate value: "w"']
    assert errors(init={"name": "w"}) == ['initContainers[0].name: Duplicate value: "w"']


def test_an_image_may_be_padded_in_a_template_but_not_in_an_ephemeral_container() -> None:
    assert errors({"image": " i "}) == []
    found = errors(pod={"ephemeralContainers": [{"name": "e", "image": " i "}]})
    assert found == [
        'ephemeralContainers[0].image: Invalid value: " i ": must not have leading or trailing whitespace',
        "ephemeralContainers: Forbidden: ephemeral containers not allowed in pod template",
    ]


def test_policies_of_pulling_and_of_the_termination_message() -> None:
    assert errors({"imagePullPolicy": "always", "terminationMessagePolicy": "<log>"}) == [
        (
            r'containers[0].terminationMessagePolicy: Unsupported value: "\u003clog\u003e": '
            'supported values: "File", "FallbackToLogsOnError"'
        ),
        'containers[0].imagePullPolicy: Unsupported value: "always": supported values: "Always", "IfNotPresent", "Never"',
    ]


@pytest.mark.parametrize(
    ("port", "expected"),
    [
        ({"containerPort": 80}, []),
        ({"containerPort": 0}, ["containerPort: Required value"]),
        ({"containerPort": 65536}, ["containerPort: Invalid value: 65536: must be between 1 and 65535, inclusive"]),
        ({"containerPort": 1, "hostPort": -1}, ["hostPort: Invalid value: -1: must be between 1 and 65535, inclusive"]),
        ({"containerPort": 1, "hostPort": 0}, []),
        ({"containerPort": 1, "protocol": "tcp"}, ['protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"']),
        ({"containerPort": 1, "name": "80"}, ['name: Invalid value: "80": must contain at least one letter (a-z)']),
        ({"containerPort": 1, "name": "sixteen-letters-"}, ["name", "name"]),
    ],
)
def test_ports(port: dict[str, Any], expected: list[str]) -> None:
    found = [error.removeprefix("containers[0].ports[0].") for error in errors({"ports": [port]})]
    assert len(found) == len(expected)
    assert all(error.startswith(start) for error, start in zip(found, expected, strict=True))


def test_host_ports_collide_across_containers_but_not_across_init_containers() -> None:
    port = {"containerPort": 80, "hostPort": 8080}
    both = [{"name": name, "image": "i", "ports": [port]} for name in "ab"]
    assert errors(pod={"containers": both}) == ['containers[1].ports[0].hostPort: Duplicate value: "TCP//8080"']
    assert errors(pod={"initContainers": both}) == []
    other = {**port, "hostIP": "10.0.0.1"}
    assert errors({"ports": [port, other, {**port, "protocol": "UDP"}]}) == []


def test_a_collision_inside_an_init_container_is_told_at_index_0() -> None:
    setup = [{"name": "a", "image": "i"}, {"name": "b", "image": "i", "ports": [{"containerPort": 1, "hostPort": 2}] * 2}]
    assert errors(pod={"initContainers": setup}) == ['initContainers[0].ports[1].hostPort: Duplicate value: "TCP//2"']


def test_host_network_needs_equal_ports_of_ordinary_containers() -> None:
    ports = [{"containerPort": 80}, {"containerPort": 81, "hostPort": 82}]
    expected = ["containers[0].ports[1].hostPort: Invalid value: 82: must match `containerPort` when `hostNetwork` is true"]
    assert errors({"ports": ports}, pod={"hostNetwork": True}) == expected
    assert errors(init={"ports": ports}, pod={"hostNetwork": True}) == []


def test_only_a_native_sidecar_has_probes_and_hooks_among_init_containers() -> None:
    probe = {"exec": {"command": ["true"]}}
    extras = {"lifecycle": {"preStop": probe}, "livenessProbe": probe, "readinessProbe": probe, "startupProbe": probe}
    names = ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"]
    assert errors(init=extras) == [
        f"initContainers[0].{name}: Forbidden: may not be set for init containers without restartPolicy=Always" for name in names
    ]
    assert errors(init={**extras, "restartPolicy": "Always"}) == []


class TestRestartRules:
    IN = {"operator": "In", "values": [42]}

    def test_rules_need_a_policy(self) -> None:
        rule = {"action": "Restart", "exitCodes": self.IN}
        expected = "restartPolicy: Required value: must specify restartPolicy when restart rules are used"
        assert errors({"restartPolicyRules": [rule]}) == [f"containers[0].{expected}"]
        assert errors(init={"restartPolicyRules": [rule]}) == [f"initContainers[0].{expected}"]
        assert errors({"restartPolicyRules": [rule], "restartPolicy": "Never"}) == []

    def test_what_a_rule_must_say(self) -> None:
        rules = [{"action": "Stop"}, {"action": "Restart", "exitCodes": {"operator": "Is", "values": list(range(256))}}]
        assert errors({"restartPolicy": "Sometimes", "restartPolicyRules": rules}) == [
            'containers[0].restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "Never", "OnFailure"',
            (
                'containers[0].restartPolicyRules[0].action: Unsupported value: "Stop": '
                'supported values: "Restart", "RestartAllContainers"'
            ),
            "containers[0].restartPolicyRules[0].exitCodes: Required value: must be specified",
            ('containers[0].restartPolicyRules[1].exitCodes.operator: Unsupported value: "Is": supported values: "In", "NotIn"'),
            "containers[0].restartPolicyRules[1].exitCodes.values: Too many: 256: must have at most 255 items",
        ]

    def test_at_most_twenty(self) -> None:
        rules = [{"action": "Restart", "exitCodes": self.IN}] * 21
        expected = ["containers[0].restartPolicyRules: Too many: 21: must have at most 20 items"]
        assert errors({"restartPolicy": "Never", "restartPolicyRules": rules}) == expected

    def test_until_1_33_only_a_sidecar_had_a_policy(self) -> None:
        assert errors({"restartPolicy": "Always"}, version="1.33") == [
            "containers[0].restartPolicy: Forbidden: may not be set for non-init containers"
        ]
        assert errors(init={"restartPolicy": "Never"}, version="1.33") == [
            'initContainers[0].restartPolicy: Unsupported value: "Never": supported values: "Always"'
        ]

    def test_1_34_dropped_them_without_a_word(self) -> None:
        rules = {"restartPolicyRules": [{"action": "Stop"}], "restartPolicy": "Sometimes"}
        assert len(fields(rules)) == 3
        assert fields(rules, init=rules, version="1.34") == []

    def test_rules_of_a_sidecar_came_with_restarting_all_containers(self) -> None:
        sidecar = {"restartPolicy": "Always", "restartPolicyRules": [{"action": "RestartAllContainers", "exitCodes": self.IN}]}
        assert errors(init=sidecar) == []
        assert errors(init=sidecar, version="1.35") == [
            (
                "initContainers[0].restartPolicyRules: Forbidden: "
                "restartPolicyRules are not allowed for init containers with restart policy Always"
            )
        ]


class TestResizePolicy:
    RESTART = {"resourceName": "cpu", "restartPolicy": "RestartContainer"}

    def test_items(self) -> None:
        items = [self.RESTART, {**self.RESTART, "restartPolicy": "NotRequired"}, {"resourceName": "gpu", "restartPolicy": ""}]
        assert errors({"resizePolicy": items}) == [
            'containers[0].resizePolicy[1]: Duplicate value: "cpu"',
            'containers[0].resizePolicy: Unsupported value: "gpu": supported values: "cpu", "memory"',
            "containers[0].resizePolicy: Required value",
        ]

    def test_nothing_restarts_in_a_pod_that_never_does(self) -> None:
        expected = "must be 'NotRequired' when pod `restartPolicy` is 'Never'"
        found = errors({"resizePolicy": [self.RESTART]}, pod={"restartPolicy": "Never"})
        assert found == [f'containers[0].resizePolicy: Invalid value: "RestartContainer": {expected}']

    def test_an_ordinary_init_container_may_not_ask_for_it_since_1_36(self) -> None:
        policy = {"resizePolicy": [self.RESTART]}
        where = "initContainers[0].resizePolicy[0].restartPolicy"
        assert fields(init=policy) == [where]
        assert fields(init=policy, version="1.35") == []
        assert fields(init={**policy, "restartPolicy": "Always"}) == []


def test_an_ephemeral_container_is_looked_at_before_it_is_forbidden() -> None:
    extra = {"name": "w", "image": "i", "ports": [{"containerPort": 1}], "lifecycle": {}, "targetContainerName": "none"}
    mounts = [{"name": "v", "mountPath": "/v", "subPath": "a"}]
    pod = {"ephemeralContainers": [{**extra, "volumeMounts": mounts}], "volumes": [{"name": "v", "emptyDir": {}}]}
    assert errors(pod=pod) == [
        'ephemeralContainers[0].name: Duplicate value: "w"',
        'ephemeralContainers[0].targetContainerName: Not found: "none"',
        "ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container",
        "ephemeralContainers[0].lifecycle: Forbidden: cannot be set for an Ephemeral Container",
        "ephemeralContainers[0].volumeMounts[0].subPath: Forbidden: cannot be set for an Ephemeral Container",
        "ephemeralContainers: Forbidden: ephemeral containers not allowed in pod template",
    ]
