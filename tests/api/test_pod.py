"""The Pod template as a whole: the order of errors, names, deadlines, and the internal structs that texts show."""

from __future__ import annotations

import json
from typing import Any

import pytest

from joblint.api.errors import Errors, go_json
from joblint.api.go.internal import go_value
from joblint.api.judge import judge
from joblint.api.validate.pod.pod import validate_pod_template_spec_for_job
from joblint.api.version import versions
from joblint.base import compiled
from tests.api.pod_helper import errors, fields


def test_errors_come_in_the_order_of_the_servers_code() -> None:
    pod: dict[str, Any] = {
        "activeDeadlineSeconds": 0,
        "containers": [{"name": "w"}],
        "dnsPolicy": "x",
        "hostname": "A",
        "initContainers": [{"name": "w", "image": "i"}],
        "nodeName": "A",
        "nodeSelector": {"a b": "x"},
        "os": {"name": "x"},
        "overhead": {"x": "1"},
        "preemptionPolicy": "x",
        "priorityClassName": "A",
        "resourceClaims": [{"name": "A", "resourceClaimName": "x"}],
        "restartPolicy": "x",
        "runtimeClassName": "A",
        "securityContext": {"fsGroup": -1},
        "serviceAccountName": "A",
        "subdomain": "A",
        "tolerations": [{"operator": "x"}],
        "volumes": [{"name": "A", "emptyDir": {}}],
    }
    found = list(dict.fromkeys(fields(pod=pod)))
    assert found == [
        "volumes[0].name",
        "resourceClaims[0].name",
        "containers[0].image",
        "initContainers[0].name",
        "restartPolicy",
        "dnsPolicy",
        "nodeSelector",
        "securityContext.fsGroup",
        "serviceAccountName",
        "nodeName",
        "activeDeadlineSeconds",
        "hostname",
        "subdomain",
        "tolerations[0].operator",
        "priorityClassName",
        "runtimeClassName",
        "preemptionPolicy",
        "overhead.limits[x]",
        "os",
    ]


def test_an_unknown_restart_policy_is_told_by_the_pod_and_by_the_job() -> None:
    assert errors(pod={"restartPolicy": "never"}) == [
        'restartPolicy: Unsupported value: "never": supported values: "Always", "OnFailure", "Never"',
        'restartPolicy: Unsupported value: "never": supported values: "OnFailure", "Never"',
    ]


def test_a_restart_policy_is_required_by_the_job_alone() -> None:
    for policy in ("", "Always"):
        assert errors(pod={"restartPolicy": policy}) == ['restartPolicy: Required value: valid values: "OnFailure", "Never"']


@pytest.mark.parametrize("field", ["nodeName", "priorityClassName", "serviceAccountName"])
def test_names_of_other_objects(field: str) -> None:
    assert errors(pod={field: "a.b-c"}) == []
    assert errors(pod={field: ""}) == []
    (found,) = errors(pod={field: "a_b"})
    assert found.startswith(f'{field}: Invalid value: "a_b": a lowercase RFC 1123 subdomain must consist of')


def test_the_old_name_of_the_service_account_counts_where_the_new_one_is_empty() -> None:
    (found,) = fields(pod={"serviceAccount": "a_b"})
    assert found == "serviceAccountName"
    assert errors(pod={"serviceAccount": "a_b", "serviceAccountName": "good"}) == []


@pytest.mark.parametrize("field", ["hostname", "subdomain"])
def test_names_of_the_pod_on_the_network(field: str) -> None:
    assert errors(pod={field: "a.b"}) == [f'{field}: Invalid value: "a.b": must not contain dots']


@pytest.mark.parametrize(("seconds", "good"), [(-1, False), (0, False), (1, True), (2**31 - 1, True), (2**31, False)])
def test_the_deadline_of_the_pod(seconds: int, good: bool) -> None:
    text = f"activeDeadlineSeconds: Invalid value: {seconds}: must be between 1 and 2147483647, inclusive"
    assert errors(pod={"activeDeadlineSeconds": seconds}) == ([] if good else [text])


@pytest.mark.parametrize("seconds", [-1, 0, 10**10])
def test_any_grace_period_will_do(seconds: int) -> None:
    assert errors(pod={"terminationGracePeriodSeconds": seconds}) == []


def test_image_pull_secrets_may_have_any_name() -> None:
    assert errors(pod={"imagePullSecrets": [{}, {"name": "A_B"}]}) == []


def test_in_a_cron_job_the_template_stands_deeper() -> None:
    template = {"spec": {"restartPolicy": "Never", "containers": [{"name": "w"}]}}
    job = {"spec": {"template": template}}
    cron = {"schedule": "* * * * *", "jobTemplate": job}
    verdict = judge({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "c"}, "spec": cron})
    assert verdict is not None
    assert [error.field for error in verdict.errors] == ["spec.jobTemplate.spec.template.spec.containers[0].image"]


def test_a_template_without_its_defaults() -> None:
    template = {"spec": {"containers": [{"name": "w", "image": "i", "ports": [{"containerPort": 1}]}]}}
    found = Errors()
    validate_pod_template_spec_for_job(template, "spec.template", found, versions.gates("1.36"))
    assert {error.message for error in found.found} == {"Required value"}
    assert [error.field.removeprefix("spec.template.spec.") for error in found.found] == [
        "terminationGracePeriodSeconds",
        "containers[0].terminationMessagePolicy",
        "containers[0].ports[0].protocol",
        "containers[0].imagePullPolicy",
        "restartPolicy",
        "dnsPolicy",
    ]


class TestInternalStructs:
    def test_names_zeros_and_nulls(self) -> None:
        profile = go_value({"type": "Localhost"}, "SeccompProfile", 37)
        assert go_json(profile) == '{"Type":"Localhost","LocalhostProfile":null}'
        assert go_value({"resourceName": "cpu"}, "ContainerResizePolicy") == {"ResourceName": "cpu", "RestartPolicy": ""}

    def test_embedded_structs_quantities_and_maps(self) -> None:
        volume = {"name": "v", "emptyDir": {"sizeLimit": "1024Mi"}}
        shown = go_value(volume, "Volume", 36)
        assert list(shown)[:3] == ["Name", "HostPath", "EmptyDir"]
        assert shown["EmptyDir"] == {"Medium": "", "SizeLimit": "1Gi"}
        requirements = go_value({"limits": {"memory": "1Gi", "cpu": "1000m"}}, "ResourceRequirements")
        assert go_json(requirements) == '{"Limits":{"cpu":"1","memory":"1Gi"},"Requests":null,"Claims":null}'

    def test_what_the_server_keeps_elsewhere_in_some_versions(self) -> None:
        spec = {"hostNetwork": True, "serviceAccount": "sa", "containers": []}
        shown = go_value(spec, "PodSpec", 36)
        assert shown["SecurityContext"]["HostNetwork"] is True
        assert shown["ServiceAccountName"] == "sa"
        assert shown["Containers"] == []
        assert "HostNetwork" not in shown
        assert "SchedulingGroup" in shown
        assert "WorkloadRef" in go_value(spec, "PodSpec", 35)
        shown = go_value(spec, "PodSpec", 37)
        assert shown["HostNetwork"] is True
        assert "HostNetwork" not in shown["SecurityContext"]
        assert shown["DeprecatedServiceAccount"] == shown["ServiceAccountName"] == "sa"

    def test_types_printed_without_a_version_have_one_form(self) -> None:
        table = json.loads(compiled.read("schemas/internal-types.json"))
        for name in ("PodFailurePolicy", "SuccessPolicy"):
            assert len(table[name]) == 1

    def test_metadata_prints_among_the_fields_of_its_object(self) -> None:
        shown = go_value({"metadata": {"labels": {"b": "1", "a": "2"}}, "spec": {}}, "PodTemplateSpec")
        assert list(shown) == ["labels", "Spec"]
        assert list(shown["labels"]) == ["a", "b"]

    def test_types_of_the_apis_machinery_keep_their_json_names(self) -> None:
        term = {"labelSelector": {"matchLabels": {"a": "b"}}, "topologyKey": "zone"}
        shown = go_json(go_value(term, "PodAffinityTerm"))
        assert shown.startswith('{"LabelSelector":{"matchLabels":{"a":"b"}},"Namespaces":null,"TopologyKey":"zone"')

    def test_a_type_that_no_job_holds(self) -> None:
        with pytest.raises(KeyError):
            go_value({}, "Service")
