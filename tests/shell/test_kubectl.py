"""What kubectl commands ask of the API server."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joblint.shell.kubectl import call


@pytest.mark.parametrize(
    ("line", "needs"),
    [
        ("kubectl get pods", ["list pods"]),
        ("kubectl get pod web-0 -o json", ["get pods web-0"]),
        ("kubectl get deploy/web svc/web", ["get apps/deployments web", "get services web"]),
        ("kubectl -n shop get po -l app=web", ["list pods"]),
        ("kubectl delete job old", ["delete batch/jobs old"]),
        ("kubectl delete jobs --all", ["list batch/jobs", "delete batch/jobs"]),
        ("kubectl rollout restart deployment/web", ["get apps/deployments web", "patch apps/deployments web"]),
        (
            "kubectl rollout status sts/db",
            ["get apps/statefulsets db", "list apps/statefulsets db", "watch apps/statefulsets db"],
        ),
        ("kubectl scale --replicas=0 deployment web", ["get apps/deployments web", "patch apps/deployments/scale web"]),
        ("kubectl exec web-0 -- ls -l", ["get pods web-0", "create pods/exec web-0"]),
        ("kubectl exec deploy/web -- ls", ["get apps/deployments web", "list pods", "create pods/exec ?"]),
        ("kubectl logs web-0", ["get pods web-0", "get pods/log web-0"]),
        ("kubectl logs job/load", ["get batch/jobs load", "list pods", "get pods/log ?"]),
        ("kubectl logs -l app=web", ["list pods", "get pods/log ?"]),
        ("kubectl get widgets", ["list ?/widgets"]),
        ("kubectl get widgets.example.com x", ["get ?/widgets.example.com x"]),
        ("kubectl apply -f x.yaml", []),
        ("kubectl get -f x.yaml", []),
        ("kubectl create job now --from=cronjob/nightly", ["get batch/cronjobs nightly", "create batch/jobs"]),
        ("kubectl create configmap x --from-literal=a=b", ["create configmaps"]),
        ("kubectl annotate node n1 a=b", ["get nodes n1", "patch nodes n1"]),
        ("oc set image deployment/web web=web:2", ["get apps/deployments web", "patch apps/deployments web"]),
        (
            "kubectl wait --for=condition=complete job/x --timeout=60s",
            ["get batch/jobs x", "list batch/jobs x", "watch batch/jobs x"],
        ),
        ("kubectl get deployments.apps web", ["get apps/deployments web"]),
    ],
)
def test_what_a_command_needs(line: str, needs: list[str]) -> None:
    program, *rest = line.split()
    found = call(program, rest)
    assert found is not None
    assert [" ".join([v, f"{g}/{r}" if g else r, n]).rstrip() for v, g, r, n in found.needs] == needs


@pytest.mark.parametrize(
    "line",
    [
        "kubectl apply -f x.yaml --dry-run=client",
        "kubectl get",
        "kubectl version",
        "kubectl --kubeconfig=x get pods",
    ]
    + ["kubectl create secret generic x --dry-run=client", "helm list", "kubectl"],
)
def test_what_nobody_can_say_is_not_said(line: str) -> None:
    program, *rest = line.split()
    assert call(program, rest) is None


def test_a_name_that_only_the_run_knows_may_be_any() -> None:
    found = call("kubectl", ("delete", "pod", "", "-n", "shop"))
    assert found is not None and found.needs == (("delete", "", "pods", "?"),) and found.namespace == "shop"
    assert call("kubectl", ("get", "pods", "-n", "")) is None


@given(st.lists(st.sampled_from(["get", "delete", "pods", "deploy/web", "", "-n", "--all", "-l", "a=b", "--", "create", "/"])))
def test_any_words_are_read(words: list[str]) -> None:
    found = call("kubectl", words)
    assert found is None or found.told.startswith("kubectl ")


@pytest.mark.parametrize(
    ("line", "deletes", "waits"),
    [
        ("kubectl delete pod web-0", (("", "pods"),), False),
        ("kubectl delete pod web-0 --wait", (("", "pods"),), True),
        ("kubectl delete pod web-0 --wait=true", (("", "pods"),), True),
        ("kubectl delete pod web-0 --wait=false", (), False),
        ("kubectl delete pods,svc -l app=web", (("", "pods"), ("", "services")), False),
        ("kubectl get pods", (), False),
    ],
)
def test_a_deletion_is_waited_for(line: str, deletes: tuple[tuple[str, str], ...], waits: bool) -> None:
    program, *rest = line.split()
    found = call(program, rest)
    assert found is not None
    assert (found.deletes, found.waits) == (deletes, waits)
