"""What waits for a Job: Deployments for a hook that comes last, kubectl for one of two ends; a TTL that never counts."""

from __future__ import annotations

import pytest

from joblint.rules.workload.waiting import waits_of

from .helper import job_of, report_of, script_of

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      initContainers:
      - {name: wait, image: "registry.example.com/tools:1.0.0", command: [sh, -c, "%s"]}
      containers:
      - {name: shop, image: "registry.example.com/shop:1.0.0"}
"""
LOOP = "until ./app migrate --check; do sleep 1; done"


def severity(rule: str, manifest: str) -> str | None:
    report = report_of(manifest, "1.37", profile="default")
    assert not report.crashes
    return {f.rule: f.severity for f in report.findings}.get(rule)


@pytest.mark.parametrize(
    ("wait", "hook", "command", "found"),
    [
        (LOOP, "helm.sh/hook: 'post-install,post-upgrade'", "migrate", True),
        (LOOP, "argocd.argoproj.io/hook: PostSync", "migrate", True),
        (LOOP, "helm.sh/hook: 'pre-install,pre-upgrade'", "migrate", False),
        (LOOP, "helm.sh/hook: post-install", "seed", False),
        (LOOP, "helm.sh/weight: '1'", "migrate", False),
        ("./app migrate --check", "helm.sh/hook: post-install", "migrate", False),  # it does not wait
        ("until nc -z db 5432; do sleep 1; done", "helm.sh/hook: post-install", "migrate", False),
    ],
)
def test_who_waits_for_a_migration_that_comes_last(wait: str, hook: str, command: str, found: bool) -> None:
    manifest = job_of(f"command: [./app, {command}]\n", meta=f"annotations: {{{hook}}}\n")
    assert severity("JL632", f"{DEPLOYMENT % wait}---\n{manifest}") == ("warning" if found else None)


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("kubectl wait --for=condition=complete --timeout=600s job/x", True),
        ("kubectl wait --for condition=Complete jobs/x -n shop", True),
        ("kubectl wait --for=condition=complete job/x &\nkubectl wait --for=condition=failed job/x &\nwait -n", False),
        ("kubectl wait --for=condition=ready pod/x", False),
        ("kubectl wait --for=delete job/x", False),
    ],
)
def test_a_wait_for_one_of_two_ends(script: str, found: bool) -> None:
    assert severity("JL749", job_of(script_of(f"set -e\n{script}"))) == ("info" if found else None)


@pytest.mark.parametrize(
    ("annotations", "ttl", "found"),
    [
        ("helm.sh/hook: post-install, helm.sh/hook-delete-policy: 'before-hook-creation,hook-succeeded'", True, True),
        ("argocd.argoproj.io/hook: Sync, argocd.argoproj.io/hook-delete-policy: HookSucceeded", True, True),
        ("helm.sh/hook: post-install, helm.sh/hook-delete-policy: before-hook-creation", True, False),
        ("helm.sh/hook-delete-policy: hook-succeeded", True, False),
        ("helm.sh/hook: post-install, helm.sh/hook-delete-policy: hook-succeeded", False, False),
    ],
)
def test_a_ttl_next_to_a_policy_that_deletes(annotations: str, ttl: bool, found: bool) -> None:
    spec = "ttlSecondsAfterFinished: 3600\n" if ttl else ""
    assert severity("JL635", job_of(spec=spec, meta=f"annotations: {{{annotations}}}\n")) == ("info" if found else None)


@pytest.mark.parametrize(
    ("command", "jobs"),
    [
        (["kubectl", "wait", "--for=condition=complete", "job/a"], ["a"]),
        (["kubectl", "wait", "--for=condition=complete", "job/a", "jobs/b"], ["a", "b"]),
        (["kubectl", "wait", "job", "a", "--for=condition=complete"], ["a"]),
        (["kubectl", "get", "jobs.batch", "a"], ["a"]),
        (["kubectl", "wait", "--for=condition=complete", "job", "--all"], []),
        (["kubectl", "get", "job"], []),
        (["kubectl", "get", "job", ""], []),
        (["kubectl", "wait", "job/"], []),
        (["kubectl", "delete", "job", "a"], []),
        (["kubectl", "wait", "pod/a", "job.batch/b"], ["b"]),
        (["sh", "-c", "until kubectl get job a; do sleep 1; done; oc wait job/b"], ["a", "b"]),
        (["echo", "wait", "job/a"], []),
    ],
)
def test_which_jobs_kubectl_waits_for(command: list[str], jobs: list[str]) -> None:
    pod = {"initContainers": [{"name": "wait", "image": "example.com/tools:1.0.0", "command": command}]}
    assert [job for job, _ in waits_of(pod)] == jobs
