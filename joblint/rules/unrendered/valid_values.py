"""Valid values for fields, by name, in two variants as different as the server accepts; data, no code.

A template's actions print such values: what is found with both variants does not depend on what they print.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

WORD = "jlunknown"
COMMAND = [WORD]
_EXEC = {"exec": {"command": COMMAND}}

INTS: dict[str, tuple[int, int]] = {
    "backoffLimit": (0, 50),
    "activeDeadlineSeconds": (100_000_000, 10),
    "ttlSecondsAfterFinished": (60, 1_000_000),
    "startingDeadlineSeconds": (200, 100_000),
    "terminationGracePeriodSeconds": (1, 3600),
    "successfulJobsHistoryLimit": (0, 20),
    "failedJobsHistoryLimit": (0, 20),
    "runAsUser": (1000, 0),
    "runAsGroup": (1000, 0),
    "fsGroup": (1000, 0),
    "parallelism": (1, 5),
    "completions": (1, 5),
}
TEXTS: dict[str, tuple[str | None, str | None]] = {
    "restartPolicy": ("Never", "OnFailure"),
    "completionMode": ("Indexed", "NonIndexed"),
    "podReplacementPolicy": ("Failed", "TerminatingOrFailed"),
    "concurrencyPolicy": ("Forbid", "Replace"),
    "schedule": ("0 3 * * *", "*/5 * * * *"),
    "timeZone": ("Etc/UTC", "Europe/Berlin"),
    "imagePullPolicy": ("Always", "IfNotPresent"),
    "image": ("registry.example/jlunknown:1.2.3", "jlunknown@sha256:" + "0" * 64),
    "terminationMessagePolicy": ("FallbackToLogsOnError", "File"),
    "name": (WORD, WORD),
    "namespace": (WORD, None),
    "serviceAccountName": (WORD, None),
    "priorityClassName": (WORD, None),
    "runtimeClassName": (WORD, None),
    "schedulerName": (WORD, None),
    "hostname": (WORD, None),
    "subdomain": (WORD, None),
    "nodeName": (None, WORD),
    "dnsPolicy": ("ClusterFirst", "Default"),
    "preemptionPolicy": (None, None),
    "workingDir": ("/jlunknown", None),
    "managedBy": (None, "example.com/jlunknown"),
}
PATHS = ("mountPath", "devicePath")
"""Texts that are paths in a container."""
OFF = ("manualSelector", "hostPID", "hostIPC", "hostNetwork")
"""Fields that are valid only with another one, or that exclude another one."""
_ANNOTATIONS = {
    "helm.sh/hook": "pre-install,pre-upgrade",
    "helm.sh/hook-weight": "1",
    "helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded,hook-failed",
    "helm.sh/resource-policy": "keep",
    "argocd.argoproj.io/hook": "PreSync",
    "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation,HookSucceeded",
    "argocd.argoproj.io/sync-options": "Replace=true,Force=true",
    "sidecar.istio.io/inject": "false",
    "linkerd.io/inject": "disabled",
    "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
    "karpenter.sh/do-not-disrupt": "true",
    "kueue.x-k8s.io/queue-name": WORD,
    "fluxcd.io/ignore": "sync_only",
    "kustomize.toolkit.fluxcd.io/force": "enabled",
}
_LABELS = {
    "app.kubernetes.io/name": WORD,
    "app.kubernetes.io/instance": WORD,
    "app": WORD,
    "sidecar.istio.io/inject": "false",
    "kueue.x-k8s.io/queue-name": WORD,
    "app.kubernetes.io/managed-by": "Helm",
    "app.kubernetes.io/version": "1",
    "app.kubernetes.io/component": WORD,
    "app.kubernetes.io/part-of": WORD,
    "helm.sh/chart": WORD,
}
MAPS: dict[str, dict[str, str]] = {"annotations": _ANNOTATIONS, "labels": _LABELS, "nodeSelector": {"kubernetes.io/os": "linux"}}
AMOUNTS = ({"cpu": "1", "memory": "256Mi", "ephemeral-storage": "1Gi"}, {"cpu": "100m", "memory": "16Gi"})
OBJECTS: dict[str, Any] = {
    "livenessProbe": _EXEC,
    "readinessProbe": None,
    "startupProbe": None,
    "lifecycle": {"preStop": _EXEC},
    "affinity": {"podAntiAffinity": {}},
    "selector": None,
    "status": None,
    "os": None,
    "dnsConfig": None,
    "podFailurePolicy": {"rules": [{"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]}]},
    "successPolicy": {"rules": [{"succeededCount": 1}]},
    "seccompProfile": {"type": "RuntimeDefault"},
    "capabilities": {"drop": ["ALL"]},
    "seLinuxOptions": None,
    "windowsOptions": None,
    "appArmorProfile": None,
}
LISTS: dict[str, list[Any]] = {
    "containers": [{"name": WORD, "image": "registry.example/jlunknown:1.2.3"}],
    "initContainers": [{"name": WORD + "-init", "image": "registry.example/jlunknown:1.2.3"}],
    "env": [{"name": "JLUNKNOWN", "value": WORD}],
    "envFrom": [{"configMapRef": {"name": WORD}}, {"secretRef": {"name": WORD}}],
    "volumes": [{"name": WORD, "emptyDir": {}}],
    "volumeMounts": [],
    "tolerations": [{"operator": "Exists"}],
    "imagePullSecrets": [{"name": WORD}],
    "ports": [{"containerPort": 8080}],
}
TEXT_LISTS = {"command": COMMAND, "args": COMMAND}
