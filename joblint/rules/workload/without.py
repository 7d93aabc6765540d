"""What happens to a Pod whose ConfigMap, Secret, claim or account is missing, by how it is used; words alone.

Source: Kubernetes 1.36.3, pkg/kubelet/kubelet_pods.go, pkg/volume/util, plugin/pkg/admission/serviceaccount.
"""

from __future__ import annotations

WITHOUT = {
    "env": "the container is not created (CreateContainerConfigError)",
    "envFrom": "the container is not created (CreateContainerConfigError)",
    "volume": "the Pod stays in ContainerCreating (FailedMount)",
    "subPath": "the Pod stays in ContainerCreating (FailedMount)",
    "claim": "the Pod stays Pending",
    "account": "no Pod is created (FailedCreate)",
    "class": "no Pod is created (FailedCreate)",
}
