"""Pod Security Admission, as pod-security-admission 0.37.2 judged 700 Jobs and CronJobs at each level and version."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from joblint.api.admission.levels import Policy, is_version, parse, policies_of
from joblint.api.admission.pod_security import checks_of, evaluate
from joblint.api.judge import judge
from joblint.source.documents import read

with gzip.open(Path(__file__).parent.parent / "data" / "podsecurity.jsonl.gz", "rt", encoding="utf-8") as _lines:
    CASES: list[dict[str, Any]] = [json.loads(line) for line in _lines]
VERSIONS = ("latest", *[f"v1.{minor}" for minor in range(31, 38)])


@pytest.mark.parametrize("part", range(7))
@pytest.mark.parametrize("level", ["baseline", "restricted"])
def test_the_plugin_s_words(level: str, part: int) -> None:
    for case in CASES[part::7]:
        verdict = judge(read(case["yaml"].encode(), "job.yaml")[0].value, "1.37")
        assert verdict is not None and verdict.accepted and verdict.defaulted is not None, case["id"]
        for version in VERSIONS:
            found = evaluate(verdict.defaulted, Policy(level, version), "1.37")
            wanted = _of(case["results"], level, version)
            pod = _of(case["pod"], level, version) if case.get("pod") else wanted
            assert (found.allowed, found.message) == (not wanted, wanted), case["id"]
            assert (found.pod_message or found.message) == pod, case["id"]


def _of(results: dict[str, Any], level: str, version: str) -> str:
    """The recorded message, "" where the template is allowed; versions that answer as the latest does are not recorded."""
    found = results.get(f"{level}:{version}") or results[f"{level}:latest"]
    return (found["message"] or "").replace(f"{level}:latest", f"{level}:{version}")


def test_a_later_version_means_the_server_s_own_and_keeps_its_name() -> None:
    job = {"kind": "Job", "spec": {"template": {"spec": {"securityContext": {"sysctls": [{"name": "net.ipv4.tcp_rmem"}]}}}}}
    assert evaluate(job, Policy("baseline", "v1.99"), "1.36").allowed
    found = evaluate({"kind": "Job", "spec": {"template": {"spec": {"hostPID": True}}}}, Policy("baseline", "v1.99"), "1.36")
    assert found.message == 'violates PodSecurity "baseline:v1.99": host namespaces (hostPID=true)'
    assert not evaluate(job, Policy("baseline", "v1.31"), "1.36").allowed


def test_restricted_replaces_the_weaker_check_of_the_same_field() -> None:
    names = [name for name, _ in checks_of("restricted", 35)]
    assert names == sorted(names[: names.index("allowPrivilegeEscalation")]) + sorted(
        names[names.index("allowPrivilegeEscalation") :]
    )
    assert not {"capabilities_baseline", "hostPathVolumes", "seccompProfile_baseline", "procMount"} & set(names)
    assert "procMount" in [name for name, _ in checks_of("restricted", 34)]
    assert checks_of("privileged", 37) == ()


def test_before_1_19_seccomp_profiles_are_annotations() -> None:
    template = {"metadata": {"annotations": {"container.seccomp.security.alpha.kubernetes.io/a": "unconfined"}}}
    job = {"kind": "Job", "spec": {"template": {**template, "spec": {"containers": [{"name": "a"}]}}}}
    found = evaluate(job, Policy("baseline", "v1.18"), "1.36")
    text = 'seccompProfile (forbidden annotation container.seccomp.security.alpha.kubernetes.io/a="unconfined")'
    assert found.message == f'violates PodSecurity "baseline:v1.18": {text}'
    assert evaluate(job, Policy("baseline", "v1.19"), "1.36").allowed


@pytest.mark.parametrize(
    ("text", "good"),
    [("latest", True), ("v1.0", True), ("v1.36", True), ("1.36", False), ("v1.036", False), ("v2.1", False), ("", False)],
)
def test_versions(text: str, good: bool) -> None:
    assert is_version(text) == good


def test_what_an_option_may_say() -> None:
    assert parse("restricted") == Policy("restricted", "latest")
    assert str(parse("baseline:v1.31")) == "baseline:v1.31"
    with pytest.raises(ValueError, match="did you mean restricted"):
        parse("restrictd")
    with pytest.raises(ValueError, match="use latest or v1.N"):
        parse("baseline:1.31")


def test_labels_of_a_namespace() -> None:
    label = "pod-security.kubernetes.io/"
    found = policies_of({label + "enforce": "restricted", label + "enforce-version": "v1.30"})
    assert (found.enforce, found.warn, found.audit) == (
        Policy("restricted", "v1.30"),
        Policy("restricted", "v1.30"),
        Policy("privileged", "latest"),
    )
    wrong = policies_of({label + "enforce": "strict", label + "warn": "none", label + "audit-version": "1.3"})
    assert (wrong.enforce.level, wrong.warn.level, wrong.audit.version) == ("restricted", "privileged", "latest")
    assert [key for key, _ in wrong.invalid] == [label + "enforce", label + "audit-version", label + "warn"]
    kept = policies_of({label + "enforce": "baseline", label + "warn": "privileged"})
    assert kept.warn.level == "privileged"
