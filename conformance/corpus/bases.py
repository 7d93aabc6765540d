"""The manifests that everything else is made of: one for each way to use a Job or CronJob; all are accepted by 1.36."""

from __future__ import annotations

from typing import Any


def _job(
    name: str, spec: dict[str, Any], pod: dict[str, Any], meta: dict[str, Any] | None = None, labels: dict[str, str] | None = None
) -> dict[str, Any]:
    template: dict[str, Any] = {"metadata": {"labels": labels}} if labels else {}
    template["spec"] = {"restartPolicy": "Never", "containers": [{"name": "m", "image": "i"}], **pod}
    metadata = {"generateName": name} if name.endswith("-") else {"name": name}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {**metadata, **(meta or {})},
        "spec": {**spec, "template": template},
    }


def _cron(name: str, spec: dict[str, Any], job: dict[str, Any], meta: dict[str, Any] | None = None) -> dict[str, Any]:
    template = {**({"metadata": meta} if meta else {}), "spec": job["spec"]}
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": name},
        "spec": {"schedule": "*/5 * * * *", **spec, "jobTemplate": template},
    }


def _probe(action: dict[str, Any], **more: int) -> dict[str, Any]:
    return {**action, **more}


# fmt: off

_INDEXED = {"completions": 5, "parallelism": 3, "completionMode": "Indexed"}
_RULES = [
    {"action": "FailJob", "onExitCodes": {"containerName": "main", "operator": "In", "values": [1, 42]}},
    {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]},
    {"action": "Count", "onExitCodes": {"operator": "NotIn", "values": [3]}},
]
_MAIN = [{"name": "main", "image": "docker.io/library/bash:5", "command": ["bash"], "args": ["-c", "exit 42"]}]
_TERM = {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"a": "b"}}}

BASES: dict[str, dict[str, Any]] = {
    "minimal": _job("pi", {"backoffLimit": 4}, {"containers": [{"name": "pi", "image": "perl:5.34.0", "command": ["perl",
        "-wle", "print 3"]}]}),
    "fixed": _job(
        "fixed-count", {"completions": 8, "parallelism": 2, "activeDeadlineSeconds": 3600, "ttlSecondsAfterFinished": 600},
        {"restartPolicy": "OnFailure", "containers": [{"name": "w", "image": "busybox", "args": ["sleep", "10"],
            "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}}}]},
        {"namespace": "batch-a", "labels": {"app": "x"}}, {"app": "x"}),
    "queue": _job("queue-", {"parallelism": 4}, {"restartPolicy": "OnFailure", "containers": [{"name": "c",
        "image": "gcr.io/p/job-wq", "env": [
        {"name": "BROKER_URL", "value": "amqp://guest:guest@rabbitmq:5672"}, {"name": "QUEUE",
            "valueFrom": {"configMapKeyRef": {"name": "q", "key": "name"}}},
        {"name": "POD", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}, {"name": "CPU",
            "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu"}}}]}]}),
    "indexed": _job("indexed-job", {**_INDEXED, "backoffLimitPerIndex": 1, "maxFailedIndexes": 2},
        {"containers": [{"name": "worker", "image": "python", "command": ["python3", "-c", "print(1)"]}]}),
    "perindex": _job("per-index", {**_INDEXED, "backoffLimitPerIndex": 1,
        "podFailurePolicy": {"rules": [{"action": "FailIndex", "onExitCodes": {"operator": "In", "values": [42]}}]}}, {}),
    "pfp": _job("pfp", {"completions": 8, "parallelism": 2, "backoffLimit": 6, "podFailurePolicy": {"rules": _RULES}},
        {"containers": _MAIN}),
    "success": _job("sp", {"parallelism": 10, "completions": 10, "completionMode": "Indexed",
        "successPolicy": {"rules": [{"succeededIndexes": "0,2-3", "succeededCount": 1}, {"succeededCount": 5}]}}, {}),
    "manual": _job("old-new", {"manualSelector": True, "selector": {"matchLabels": {"job-group": "a"},
        "matchExpressions": [{"key": "tier", "operator": "In", "values": ["x", "z"]}]}}, {}, None, {"job-group": "a",
        "tier": "x"}),
    "sidecar": _job("side", {"suspend": True, "podReplacementPolicy": "Failed"}, {
        "terminationGracePeriodSeconds": 60, "serviceAccountName": "sa", "nodeSelector": {"disk": "ssd"},
            "tolerations": [{"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}],
            "securityContext": {"fsGroup": 2000},
        "initContainers": [{"name": "proxy", "image": "envoy", "restartPolicy": "Always",
            "startupProbe": {"httpGet": {"path": "/ready", "port": 8080}, "periodSeconds": 2}}, {"name": "setup",
            "image": "i", "volumeMounts": [{"name": "v", "mountPath": "/v"}]}],
        "containers": [{"name": "m", "image": "i", "volumeMounts": [{"name": "v", "mountPath": "/v", "readOnly": True},
            {"name": "cfg", "mountPath": "/cfg", "subPath": "a"}], "ports": [{"containerPort": 80, "name": "http",
            "protocol": "TCP"}],
                        "securityContext": {"runAsNonRoot": True, "runAsUser": 1000, "allowPrivilegeEscalation": False,
                            "capabilities": {"drop": ["ALL"]}}}],
        "volumes": [{"name": "v", "emptyDir": {"sizeLimit": "1Gi"}}, {"name": "cfg", "configMap": {"name": "c",
            "defaultMode": 420, "items": [{"key": "a", "path": "a"}]}}]}),
    "affin": _job("aff", {"completions": 3, "managedBy": "example.com/x"}, {
        "restartPolicy": "OnFailure", "priorityClassName": "low", "imagePullSecrets": [{"name": "reg"}],
        "affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [_TERM]},
            "podAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 3, "podAffinityTerm": _TERM}]},
                     "nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
                         {"matchExpressions": [{"key": "n", "operator": "Gt", "values": ["5"]}],
                             "matchFields": [{"key": "metadata.name", "operator": "In",
                         "values": ["n1"]}]}]},
                                      "preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 10,
                                          "preference": {"matchExpressions": [{"key": "zone", "operator": "In",
                                          "values": ["a"]}]}}]}},
        "topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule",
            "labelSelector": {"matchLabels": {"a": "b"}}}],
        "containers": [{"name": "m", "image": "i", "envFrom": [{"secretRef": {"name": "s"}}, {"prefix": "P_",
            "configMapRef": {"name": "c"}}], "lifecycle": {"preStop": {"exec": {"command": ["sleep", "5"]}}},
            "livenessProbe": {"exec": {"command": ["cat", "/x"]}, "periodSeconds": 5}}]}, {"annotations": {"a.b/c": "d"}}),
    "probes": _job("probes", {}, {"containers": [{"name": "m", "image": "i", "ports": [{"name": "http", "containerPort": 80},
        {"name": "dns", "containerPort": 53, "protocol": "UDP"}], "startupProbe": _probe({"tcpSocket": {"port": "http"}},
        failureThreshold=30),
        "readinessProbe": _probe({"httpGet": {"port": 80, "scheme": "HTTPS", "httpHeaders": [{"name": "X-A", "value": "b"}]}},
            successThreshold=2), "livenessProbe": _probe({"grpc": {"port": 80, "service": "s"}},
            terminationGracePeriodSeconds=5),
        "lifecycle": {"postStart": {"httpGet": {"port": "http"}}, "preStop": {"sleep": {"seconds": 3}}}}]}),
    "volumes": _job("vols", {}, {
        "volumes": [{"name": "v", "emptyDir": {"medium": "Memory"}}, {"name": "h", "hostPath": {"path": "/var/log",
            "type": "Directory"}}, {"name": "s", "secret": {"secretName": "k", "optional": True}}, {"name": "n",
            "nfs": {"server": "s", "path": "/p", "readOnly": True}}, {"name": "d", "downwardAPI": {"items": [{"path": "l",
            "fieldRef": {"fieldPath": "metadata.labels"}}]}},
                    {"name": "pr", "projected": {"sources": [{"secret": {"name": "s"}},
                        {"serviceAccountToken": {"path": "token", "expirationSeconds": 3600}},
                        {"downwardAPI": {"items": [{"path": "cpu", "resourceFieldRef": {"containerName": "m",
                        "resource": "limits.cpu"}}]}}]}},
                    {"name": "e", "ephemeral": {"volumeClaimTemplate": {"metadata": {"labels": {"a": "b"}},
                        "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "fast",
                        "resources": {"requests": {"storage": "1Gi"}}}}}}, {"name": "c", "csi": {"driver": "csi.example.com",
                        "volumeAttributes": {"a": "b"}}}, {"name": "b", "persistentVolumeClaim": {"claimName": "block"}}],
        "containers": [{"name": "m", "image": "i", "volumeMounts": [{"name": "v", "mountPath": "/v"}, {"name": "h",
            "mountPath": "/h", "mountPropagation": "HostToContainer"}, {"name": "s", "mountPath": "/s", "readOnly": True,
            "recursiveReadOnly": "IfPossible"}, {"name": "pr", "mountPath": "/pr"}, {"name": "e", "mountPath": "/e",
            "subPathExpr": "$(POD)"}],
                        "volumeDevices": [{"name": "b", "devicePath": "/dev/xvda"}], "env": [{"name": "POD",
                            "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]}]}),
    "security": _job("sec", {}, {
        "securityContext": {"runAsUser": 1000, "runAsGroup": 1000, "fsGroup": 1000, "fsGroupChangePolicy": "OnRootMismatch",
            "supplementalGroups": [1, 2], "seccompProfile": {"type": "RuntimeDefault"},
            "sysctls": [{"name": "net.core.somaxconn", "value": "1024"}], "seLinuxOptions": {"level": "s0:c1"}},
        "containers": [{"name": "m", "image": "i", "securityContext": {"privileged": True, "procMount": "Default",
            "readOnlyRootFilesystem": True, "seccompProfile": {"type": "Localhost", "localhostProfile": "p.json"},
            "appArmorProfile": {"type": "RuntimeDefault"}, "capabilities": {"add": ["NET_ADMIN"]}}}], "hostNetwork": True,
            "hostPID": True, "automountServiceAccountToken": False}),
    "windows": _job("win", {}, {"os": {"name": "windows"},
        "securityContext": {"windowsOptions": {"runAsUserName": "NT AUTHORITY\\SYSTEM", "gmsaCredentialSpecName": "g"}},
        "containers": [{"name": "m", "image": "i",
        "securityContext": {"windowsOptions": {"runAsUserName": "ContainerUser"}}}]}),
    "resources": _job("res", {}, {
        "resourceClaims": [{"name": "rc", "resourceClaimTemplateName": "t"}], "overhead": {"cpu": "10m"},
            "runtimeClassName": "kata", "resources": {"requests": {"cpu": "2"}, "limits": {"cpu": "4"}},
        "containers": [{"name": "m", "image": "i", "resources": {"claims": [{"name": "rc"}], "limits": {"nvidia.com/gpu": "1",
            "hugepages-2Mi": "4Mi", "memory": "1Gi", "cpu": "1"}, "requests": {"memory": "1Gi", "cpu": "500m"}},
            "resizePolicy": [{"resourceName": "cpu", "restartPolicy": "NotRequired"}]}]}),
    "dns": _job("dns", {}, {"dnsPolicy": "None", "dnsConfig": {"nameservers": ["1.1.1.1"], "searches": ["a.b"],
        "options": [{"name": "ndots", "value": "2"}]}, "hostAliases": [{"ip": "1.2.3.4", "hostnames": ["a.b", "c"]}],
        "hostname": "h", "subdomain": "s", "setHostnameAsFQDN": True, "enableServiceLinks": False,
                            "readinessGates": [{"conditionType": "example.com/x"}],
                                "schedulingGates": [{"name": "example.com/g"}], "preemptionPolicy": "Never",
                                "schedulerName": "mine", "shareProcessNamespace": True, "activeDeadlineSeconds": 60}),
    "restart": _job("restart", {}, {"containers": [{"name": "m", "image": "i", "restartPolicy": "Never",
        "restartPolicyRules": [{"action": "Restart", "exitCodes": {"operator": "In", "values": [42]}}]}]}),
    "terms": _job("terms", {"suspend": True}, {"tolerations": [{"operator": "Exists"}, {"key": "a", "operator": "Equal",
        "value": "b", "effect": "NoExecute", "tolerationSeconds": 60}], "topologySpreadConstraints": [
        {"maxSkew": 1, "minDomains": 2, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule",
            "labelSelector": {"matchLabels": {"app": "x"}}, "matchLabelKeys": ["tier"], "nodeAffinityPolicy": "Honor"},
            {"maxSkew": 2, "topologyKey": "zone", "whenUnsatisfiable": "ScheduleAnyway"}]}, None, {"app": "x", "tier": "y"}),
    "owned": _job("owned", {}, {}, {"ownerReferences": [{"apiVersion": "batch/v1", "kind": "CronJob", "name": "c", "uid": "u",
        "controller": True}], "finalizers": ["example.com/f"], "labels": {"a": "b"}}),
}

BASES["cron"] = _cron(
    "hello", {"concurrencyPolicy": "Forbid", "startingDeadlineSeconds": 100, "successfulJobsHistoryLimit": 3,
        "failedJobsHistoryLimit": 1, "timeZone": "Etc/UTC", "suspend": False},
    _job("x", {"backoffLimit": 2, "activeDeadlineSeconds": 200}, {"restartPolicy": "OnFailure",
        "containers": [{"name": "hello", "image": "busybox:1.28", "imagePullPolicy": "IfNotPresent", "command": ["/bin/sh",
        "-c", "date; echo Hello"]}]}), {"labels": {"a": "b"}})
BASES["cronN"] = _cron(
    "nightly-report", {"schedule": "0 3 * * 1-5"},
    _job("x", {"completions": 2, "completionMode": "Indexed"}, {"volumes": [{"name": "s", "secret": {"secretName": "k",
        "defaultMode": 256}}, {"name": "p", "persistentVolumeClaim": {"claimName": "data"}}],
                                                                   "containers": [{"name": "r", "image": "r:1",
                                                                       "volumeMounts": [{"name": "s", "mountPath": "/s"},
                                                                       {"name": "p", "mountPath": "/p"}]}]}))
BASES["cronpfp"] = _cron("pfp", {"schedule": "@hourly"}, BASES["pfp"])
BASES["cronaff"] = _cron("aff", {"schedule": "0 0 1 * *"}, BASES["affin"])
