"""kubectl calls against the Roles beside them: what a command really asks for, in which namespace, and what stays unsaid."""

from __future__ import annotations

import pytest

from .helper import report_of

SET = """
apiVersion: v1
kind: ServiceAccount
metadata: {name: worker, namespace: a}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: worker, namespace: %s}
rules: [%s]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: worker, namespace: %s}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: worker}
subjects: [{kind: ServiceAccount, name: worker, namespace: a}]
---
apiVersion: batch/v1
kind: Job
metadata: {name: work, namespace: a}
spec:
  template:
    spec:
      restartPolicy: Never
      serviceAccountName: worker
      containers:
      - name: main
        image: registry.example.com/tools:1.0.0
        command: [sh, -c]
        args: ['set -e; %s']
"""
PODS = "{apiGroups: [''], resources: [pods], verbs: [%s]}"
EXEC = "{apiGroups: [''], resources: [pods/exec], verbs: [create]}"
DEPLOYMENTS = "{apiGroups: [apps], resources: [deployments], verbs: [get]}"
WIDGETS = "{apiGroups: [example.com], resources: [widgets], verbs: [%s]}"


def found(rules: str, command: str, namespace: str = "a") -> dict[str, str]:
    report = report_of(SET % (namespace, rules, namespace, command), profile="default")
    assert not report.crashes
    return {f.rule: f.severity for f in report.findings if f.rule in ("JL934", "JL937")}


@pytest.mark.parametrize(
    ("rules", "command", "namespace", "forbidden"),
    [
        (f"{PODS % 'get, list'}, {EXEC}", "kubectl exec deploy/web -- ls", "a", True),
        (f"{PODS % 'get, list'}, {EXEC}, {DEPLOYMENTS}", "kubectl exec deploy/web -- ls", "a", False),
        (f"{PODS % 'get'}, {EXEC}", 'kubectl exec "$POD" -- ls', "a", False),
        (PODS % "get, list", 'kubectl exec "$POD" -- ls', "a", True),
        # The command in a substitution is one as well, and -n decides about the namespace.
        (PODS % "get, list", "p=$(kubectl -n b get pods -o name)", "a", True),
        (PODS % "get, list", "p=$(kubectl -n b get pods -o name)", "b", False),
        (PODS % "get", "p=$(kubectl get pods -o name)", "a", True),
        # A custom resource that a Role names; another word may be a short name.
        (WIDGETS % "get", "kubectl get widgets.example.com", "a", True),
        (WIDGETS % "get, list", "kubectl get widgets.example.com", "a", False),
        (WIDGETS % "get", "kubectl get widgets", "a", True),
        (WIDGETS % "get", "kubectl get wdg", "a", False),
        (PODS % "get", "kubectl apply -f x.yaml", "a", False),
    ],
)
def test_what_is_forbidden(rules: str, command: str, namespace: str, forbidden: bool) -> None:
    assert ("JL934" in found(rules, command, namespace)) is forbidden


@pytest.mark.parametrize(
    ("rules", "command", "severity"),
    [
        (WIDGETS % "list, delete", "kubectl delete widgets --all --wait", "warning"),
        (WIDGETS % "list, delete", "kubectl delete widgets --all", None),
        (WIDGETS % "get, list, watch, delete", "kubectl delete widgets --all --wait", None),
        (PODS % "get, delete", "kubectl delete pod web-0", "warning"),
        (PODS % "delete", "kubectl delete pod web-0", "info"),
        (PODS % "delete", "kubectl delete pod web-0 --wait=false", None),
        (PODS % "get", "kubectl delete pod web-0", None),  # forbidden as a whole
    ],
)
def test_a_deletion_that_cannot_be_waited_for(rules: str, command: str, severity: str | None) -> None:
    assert found(rules, command).get("JL937") == severity


@pytest.mark.parametrize(
    ("namespace", "because"),
    [
        ("a", 'its RoleBinding is not in namespace "b"'),
        ("b", 'its Role "worker" allows only "web"'),
    ],
)
def test_the_reason_says_whether_the_namespace_or_the_name_is_missing(namespace: str, because: str) -> None:
    rules = "{apiGroups: [apps], resources: [deployments], resourceNames: [web], verbs: [get]}"
    report = report_of(SET % (namespace, rules, namespace, "kubectl -n b get deployment api"), profile="default")
    (finding,) = [f for f in report.findings if f.rule == "JL934"]
    assert because in finding.message
