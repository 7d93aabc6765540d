"""Services and claims next to a Job: what stays silent."""

from __future__ import annotations

import pytest

from .helper import job_of, warnings_of

SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: shop}\nspec: {selector: {app: shop}, ports: [{port: 80%s}]}\n---\n"
LABELS = "  template:\n    metadata: {labels: {app: shop}}\n"


@pytest.mark.parametrize(
    ("port", "container", "found"),
    [
        ("", "command: [./load]\n", True),
        (", targetPort: 8080", "command: [./load]\n", True),
        (", targetPort: web", "command: [./load]\n", False),
        ("", "command: [./load]\nreadinessProbe: {exec: {command: ['false']}}\n", False),
        ("", "command: [./load]\nports: [{containerPort: 80}]\n", False),
    ],
)
def test_a_pod_of_a_job_behind_a_service(port: str, container: str, found: bool) -> None:
    manifest = SERVICE % port + job_of(container).replace("  template:\n", LABELS)
    assert ("JL952" in warnings_of(manifest)) is found


CLAIM = """
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce]%s}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  template:
    spec:
      containers: [{name: shop, image: "registry.example.com/shop:1.0.0"}]
      volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
---
"""


@pytest.mark.parametrize(
    ("storage", "hook", "found"),
    [
        ("", "", True),
        (", storageClassName: ssd", "", True),
        (", storageClassName: local-path", "", False),
        ("", "helm.sh/hook: pre-install", False),
        ("", "helm.sh/hook: 'pre-install,pre-upgrade'", True),
    ],
)
def test_a_claim_next_to_a_deployment(storage: str, hook: str, found: bool) -> None:
    mount = "command: [./load]\nvolumeMounts: [{name: data, mountPath: /data}]\n"
    volumes = "volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]\n"
    manifest = CLAIM % storage + job_of(mount, meta=f"annotations: {{{hook}}}\n", pod=volumes)
    assert ("JL951" in warnings_of(manifest)) is found
