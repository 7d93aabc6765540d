"""Defaults of Job, CronJob and Pod template; the recorded objects are in test_judge.py, here is what they do not hold."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from joblint.api.create.decode import decode
from joblint.api.create.defaults import job_defaults, set_defaults
from joblint.api.go.image import default_pull_policy
from joblint.api.version import versions

_GATES = versions.gates("1.36")


def _defaulted(spec: dict[str, Any], kind: str = "Job", version: str = "1.36", **metadata: Any) -> dict[str, Any]:
    gates = versions.gates(version)
    decoded = decode({"apiVersion": "batch/v1", "kind": kind, "metadata": metadata, "spec": spec}, gates)
    assert decoded.failure is None
    set_defaults(decoded.obj, gates)
    return decoded.obj


def _pod(version: str = "1.36", **spec: Any) -> dict[str, Any]:
    pod: dict[str, Any] = _defaulted({"template": {"spec": spec}}, version=version)["spec"]["template"]["spec"]
    return pod


@pytest.mark.parametrize(
    ("given", "completions", "parallelism"),
    [
        ({}, 1, 1),
        ({"parallelism": 1}, None, 1),
        ({"parallelism": 4}, None, 4),
        ({"completions": 5}, 5, 1),
        ({"completions": 0}, 0, 1),
        ({"completions": 5, "parallelism": 0}, 5, 0),
    ],
)
def test_completions_become_one_only_where_both_are_unset(
    given: dict[str, Any], completions: int | None, parallelism: int
) -> None:
    spec = _defaulted(given)["spec"]
    assert (spec.get("completions"), spec["parallelism"]) == (completions, parallelism)


@pytest.mark.parametrize(
    ("given", "limit"),
    [
        ({}, 6),
        ({"backoffLimitPerIndex": 1}, 2147483647),
        ({"backoffLimitPerIndex": 1, "backoffLimit": 2}, 2),
        ({"backoffLimit": 0}, 0),
    ],
)
def test_backoff_limit(given: dict[str, Any], limit: int) -> None:
    assert _defaulted(given)["spec"]["backoffLimit"] == limit


def test_replacement_policy_follows_the_failure_policy() -> None:
    assert _defaulted({})["spec"]["podReplacementPolicy"] == "TerminatingOrFailed"
    assert _defaulted({"podFailurePolicy": {"rules": []}})["spec"]["podReplacementPolicy"] == "Failed"


def test_labels_come_from_the_template_and_are_the_very_same() -> None:
    template = {"metadata": {"labels": {"app": "x"}}}
    job = _defaulted({"template": template})
    assert job["metadata"]["labels"] is job["spec"]["template"]["metadata"]["labels"]
    assert _defaulted({"template": template}, labels={"own": "y"})["metadata"]["labels"] == {"own": "y"}
    assert "labels" not in _defaulted({})["metadata"]


def test_a_cronjobs_template_gets_no_defaults_of_a_job_until_one_is_made() -> None:
    cron = _defaulted({"jobTemplate": {"spec": {"template": {"spec": {"containers": [{"name": "c"}]}}}}}, "CronJob")["spec"]
    assert (cron["concurrencyPolicy"], cron["suspend"]) == ("Allow", False)
    assert (cron["successfulJobsHistoryLimit"], cron["failedJobsHistoryLimit"]) == (3, 1)
    spec = cron["jobTemplate"]["spec"]
    assert set(spec) == {"template"}
    assert spec["template"]["spec"]["dnsPolicy"] == "ClusterFirst"
    assert spec["template"]["spec"]["containers"][0]["terminationMessagePolicy"] == "File"
    job_defaults({"metadata": {}, "spec": spec}, _GATES)
    assert (spec["completions"], spec["parallelism"], spec["backoffLimit"]) == (1, 1, 6)


def test_the_status_of_a_condition_is_true_in_a_cronjob_only_from_134_on() -> None:
    spec = {"podFailurePolicy": {"rules": [{"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]}]}}

    def status(job_spec: dict[str, Any]) -> str:
        pattern: dict[str, str] = job_spec["podFailurePolicy"]["rules"][0]["onPodConditions"][0]
        return pattern["status"]

    assert [status(_defaulted(spec, version=v)["spec"]) for v in ("1.33", "1.34")] == ["True", "True"]
    cron = {"jobTemplate": {"spec": spec}}
    found = [status(_defaulted(cron, "CronJob", v)["spec"]["jobTemplate"]["spec"]) for v in ("1.33", "1.34")]
    assert found == ["", "True"]


def test_a_template_gets_neither_requests_from_limits_nor_host_ports() -> None:
    container = {"name": "c", "ports": [{"containerPort": 80}], "resources": {"limits": {"cpu": "1"}}}
    pod = _pod(hostNetwork=True, containers=[container])
    assert pod["containers"][0]["resources"] == {"limits": {"cpu": "1"}}
    assert pod["containers"][0]["ports"] == [{"containerPort": 80, "protocol": "TCP"}]


@pytest.mark.parametrize(
    ("given", "amount"),
    [
        ("0.5", "500m"),
        ("1024Mi", "1Gi"),
        ("100u", "1m"),
        ("1500u", "2m"),
        ("0.0001", "1m"),
        ("1e-4", "1e-3"),
        (1, "1"),
        ("0", "0"),
    ],
)
def test_amounts_are_canonical_and_rounded_up_to_thousandths(given: object, amount: str) -> None:
    pod = _pod(containers=[{"resources": {"requests": {"cpu": given}}}])
    assert pod["containers"][0]["resources"]["requests"]["cpu"] == amount


def test_probes_and_handlers() -> None:
    probe = {"httpGet": {"port": 80}, "periodSeconds": 0}
    container = {
        "livenessProbe": probe,
        "startupProbe": {"grpc": {"port": 1}},
        "lifecycle": {"preStop": {"httpGet": {"port": "p"}}},
    }
    made = _pod(containers=[container])["containers"][0]
    http = {"path": "/", "port": 80, "scheme": "HTTP"}
    timing = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
    assert made["livenessProbe"] == {"httpGet": http, **timing}
    assert made["startupProbe"] == {"grpc": {"port": 1, "service": ""}, **timing}
    assert made["lifecycle"] == {"preStop": {"httpGet": {"path": "/", "port": "p", "scheme": "HTTP"}}}


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ({}, {"emptyDir": {}}),
        ({"secret": {}}, {"secret": {"defaultMode": 420}}),
        ({"configMap": {"defaultMode": 0}}, {"configMap": {"defaultMode": 0}}),
        ({"hostPath": {"path": "/x"}}, {"hostPath": {"path": "/x", "type": ""}}),
        ({"image": {"reference": "r/i"}}, {"image": {"reference": "r/i", "pullPolicy": "Always"}}),
        (
            {"projected": {"sources": [{"serviceAccountToken": {"path": "t"}}]}},
            {"projected": {"defaultMode": 420, "sources": [{"serviceAccountToken": {"path": "t", "expirationSeconds": 3600}}]}},
        ),
        (
            {"ephemeral": {"volumeClaimTemplate": {"spec": {"resources": {"requests": {"storage": "1n"}}}}}},
            {
                "ephemeral": {
                    "volumeClaimTemplate": {
                        "metadata": {},
                        "spec": {"volumeMode": "Filesystem", "resources": {"requests": {"storage": "1m"}}},
                    }
                }
            },
        ),
    ],
)
def test_volumes(given: dict[str, Any], made: dict[str, Any]) -> None:
    assert _pod(volumes=[{"name": "v", **given}])["volumes"] == [{"name": "v", **made}]


def test_an_image_volume_gets_no_policy_where_there_are_none() -> None:
    volume = {"name": "v", "image": {"reference": "r/i"}}
    assert _pod("1.34", volumes=[volume])["volumes"] == [volume]


def test_defaulting_again_changes_nothing() -> None:
    pod = {"containers": [{"name": "c", "image": "i", "livenessProbe": {}}], "volumes": [{"name": "v"}]}
    obj = _defaulted({"template": {"metadata": {"labels": {"a": "b"}}, "spec": pod}})
    before = copy.deepcopy(obj)
    set_defaults(obj, _GATES)
    assert obj == before


# Each as the API server's own defaulting (1.36.3) answered.
_ALWAYS = [
    "busybox",
    "busybox:latest",
    "r/i",
    "r/i:latest",
    "gcr.io/p/i",
    "localhost/i",
    "localhost:5000/i",
    "localhost:5000/i:latest",
    "a_b/c",
    "a__b/c",
    "a-b",
    "a--b",
    "a.b",
    "A/b",
    "REG.io/a",
    "REG/a",
    "a_b.c/x",
    "[::1]:5000/x",
    "[::1]/x",
    "a/b/c/d/e",
    "index.docker.io/x",
    "docker.io/library/x:latest",
    "host:80/x",
    "my.reg:5000/team/app:latest",
    "my.reg:5000/team/app",
    "1.2.3.4/x",
    "1.2.3.4:80/x:latest",
    "x.y",
    "x.y:latest",
]
_ALWAYS += [f"x:latest@sha256:{'a' * 64}", f"x:latest@sha512:{'b' * 128}", "f" * 63, "a/" + "b" * 253, "host.com/" + "b" * 255]
_IF_NOT_PRESENT = [
    "busybox:1",
    "gcr.io/p/i:v1",
    "a___b/c",
    "a..b",
    "-a",
    "a-",
    "A",
    "a/B",
    "REG/A",
    "a_b.c:80/x",
    "[zz]/x",
    "x:",
    "x:LATEST",
    "é",
    "x/é",
    "x//y",
    "/x",
    "x/",
    "host:port/x",
    "h.:80/x",
    "h-.a/x",
    "x:latest:latest",
    "a:b/c",
    "$IMAGE",
    "{{x}}",
    "x:latest@",
    "@x",
    "x@sha256:zz",
]
_IF_NOT_PRESENT += ["", " x", "x y", "x:latest ", f"x@sha256:{'a' * 64}", f"x:latest@sha256:{'a' * 63}", "a" * 64]
_IF_NOT_PRESENT += [
    f"x:latest@sha256:{'A' * 64}",
    f"x:latest@md5:{'a' * 32}",
    "a" * 256,
    "a/" + "b" * 254,
    "host.com/" + "b" * 256,
]


@pytest.mark.parametrize("image", _ALWAYS)
def test_pulled_always(image: str) -> None:
    assert default_pull_policy(image) == "Always"


@pytest.mark.parametrize("image", _IF_NOT_PRESENT)
def test_pulled_if_not_present(image: str) -> None:
    assert default_pull_policy(image) == "IfNotPresent"
