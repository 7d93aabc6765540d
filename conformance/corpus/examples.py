"""Right examples of every struct in a Pod template, so that a field deep inside is tried in an otherwise right place."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

# fmt: off

_META = {"labels": {"app": "x"}}
_ITEM = {"key": "a", "path": "a"}
_FIELD_FILE = {"path": "n", "fieldRef": {"fieldPath": "metadata.name"}}
_RESOURCE_FILE = {"path": "c", "resourceFieldRef": {"containerName": "m", "resource": "limits.cpu"}}
_SELECTOR = {"matchLabels": {"app": "x"}}
_SELECTOR2 = {"matchExpressions": [{"key": "app", "operator": "In", "values": ["x"]}]}
_AFFINITY_TERM = {"topologyKey": "zone", "labelSelector": _SELECTOR}
_NODE_TERM = {"matchExpressions": [{"key": "zone", "operator": "In", "values": ["a"]}]}
_NODE_FIELDS = {"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["n"]}]}
_CONTAINER = {"name": "m", "image": "i"}

EXAMPLES: dict[str, list[Any]] = {
    "ObjectMeta": [{}, _META, {"annotations": {"a.b/c": "d"}}],
    "Container": [{"name": "extra", "image": "i:1"}, {"name": "c2", "image": "i", "command": ["sh", "-c", "x"]}],
    "EphemeralContainer": [{"name": "e", "image": "i"}],
    "EnvVar": [{"name": "X", "value": "y"}, {"name": "P", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
        {"name": "E"}],
    "EnvVarSource": [
        {"fieldRef": {"fieldPath": "metadata.namespace"}}, {"configMapKeyRef": {"name": "c", "key": "k"}},
            {"secretKeyRef": {"name": "s", "key": "k", "optional": True}},
        {"resourceFieldRef": {"resource": "limits.cpu"}}, {"fileKeyRef": {"volumeName": "v", "path": "p", "key": "K"}},
    ],
    "EnvFromSource": [{"configMapRef": {"name": "c"}}, {"secretRef": {"name": "s"}, "prefix": "P_"}],
    "ConfigMapKeySelector": [{"name": "c", "key": "k"}], "SecretKeySelector": [{"name": "s", "key": "k"}],
        "FileKeySelector": [{"volumeName": "v", "path": "p", "key": "K"}],
    "ConfigMapEnvSource": [{"name": "c"}], "SecretEnvSource": [{"name": "s"}],
        "ObjectFieldSelector": [{"fieldPath": "metadata.name"}, {"apiVersion": "v1", "fieldPath": "spec.nodeName"}],
        "ResourceFieldSelector": [{"containerName": "m", "resource": "limits.memory"}, {"resource": "requests.cpu",
        "divisor": "1m"}],
    "ContainerPort": [{"containerPort": 80}, {"containerPort": 81, "name": "http", "protocol": "TCP"}, {"containerPort": 82,
        "hostPort": 82}],
    "ResourceRequirements": [{"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}},
        {"limits": {"cpu": "1", "nvidia.com/gpu": "1"}}, {"claims": [{"name": "rc"}]}],
    "VolumeResourceRequirements": [{"requests": {"storage": "1Gi"}}], "ResourceClaim": [{"name": "rc"}, {"name": "rc",
        "request": "a"}], "ContainerResizePolicy": [{"resourceName": "cpu", "restartPolicy": "NotRequired"},
        {"resourceName": "memory", "restartPolicy": "RestartContainer"}],
    "ContainerRestartRule": [{"action": "Restart", "exitCodes": {"operator": "In", "values": [42]}}],
        "ContainerRestartRuleOnExitCodes": [{"operator": "In", "values": [1]}],
    "VolumeMount": [{"name": "v", "mountPath": "/extra"}, {"name": "v", "mountPath": "/x", "subPath": "a", "readOnly": True}],
        "VolumeDevice": [{"name": "b", "devicePath": "/dev/x"}],
    "Probe": [{"exec": {"command": ["true"]}}, {"httpGet": {"port": 80}}, {"tcpSocket": {"port": "http"}},
        {"grpc": {"port": 80}}],
    "ExecAction": [{"command": ["true"]}], "HTTPGetAction": [{"port": 80, "path": "/x"}, {"port": "http", "scheme": "HTTPS"}],
        "TCPSocketAction": [{"port": 80}], "GRPCAction": [{"port": 80}], "SleepAction": [{"seconds": 5}],
        "HTTPHeader": [{"name": "X-A", "value": "b"}],
    "Lifecycle": [{"preStop": {"exec": {"command": ["true"]}}}, {"postStart": {"httpGet": {"port": 80}}},
        {"preStop": {"sleep": {"seconds": 5}}}], "LifecycleHandler": [{"exec": {"command": ["true"]}},
        {"sleep": {"seconds": 1}}, {"tcpSocket": {"port": 80}}],
    "SecurityContext": [{"runAsNonRoot": True, "runAsUser": 1000}, {"privileged": True}, {"capabilities": {"drop": ["ALL"]}}],
        "PodSecurityContext": [{"fsGroup": 2000}, {"runAsUser": 1000}, {"seccompProfile": {"type": "RuntimeDefault"}}],
        "Capabilities": [{"add": ["NET_ADMIN"], "drop": ["ALL"]}],
    "SELinuxOptions": [{"level": "s0:c1,c2"}], "SeccompProfile": [{"type": "RuntimeDefault"}, {"type": "Localhost",
        "localhostProfile": "p.json"}], "AppArmorProfile": [{"type": "RuntimeDefault"}, {"type": "Localhost",
        "localhostProfile": "p"}], "WindowsSecurityContextOptions": [{"runAsUserName": "ContainerUser"},
        {"hostProcess": True}], "Sysctl": [{"name": "net.core.somaxconn", "value": "1024"}],
    "Volume": [
        {"name": "w1", "emptyDir": {}}, {"name": "w2", "configMap": {"name": "c"}}, {"name": "w3",
            "secret": {"secretName": "s"}}, {"name": "w4", "hostPath": {"path": "/x"}}, {"name": "w5",
            "persistentVolumeClaim": {"claimName": "d"}}, {"name": "w6",
            "projected": {"sources": [{"configMap": {"name": "c"}}]}}, {"name": "w7",
            "downwardAPI": {"items": [_FIELD_FILE]}}, {"name": "w8"},
    ],
    "EmptyDirVolumeSource": [{}, {"medium": "Memory", "sizeLimit": "1Gi"}], "ConfigMapVolumeSource": [{"name": "c"},
        {"name": "c", "items": [_ITEM]}], "SecretVolumeSource": [{"secretName": "s"}, {"secretName": "s", "items": [_ITEM]}],
        "KeyToPath": [_ITEM], "HostPathVolumeSource": [{"path": "/x"}, {"path": "/x", "type": "File"}],
        "PersistentVolumeClaimVolumeSource": [{"claimName": "d"}],
    "DownwardAPIVolumeSource": [{"items": [_FIELD_FILE]}], "DownwardAPIProjection": [{"items": [_FIELD_FILE]}],
        "DownwardAPIVolumeFile": [_FIELD_FILE, _RESOURCE_FILE],
        "ProjectedVolumeSource": [{"sources": [{"secret": {"name": "s"}}]}],
        "VolumeProjection": [{"configMap": {"name": "c"}}, {"secret": {"name": "s"}}, {"serviceAccountToken": {"path": "t"}},
        {"downwardAPI": {"items": [_FIELD_FILE]}}, {"clusterTrustBundle": {"name": "b", "path": "p"}},
        {"podCertificate": {"signerName": "a.b/c", "keyType": "ED25519", "credentialBundlePath": "p"}}],
    "ConfigMapProjection": [{"name": "c", "items": [_ITEM]}], "SecretProjection": [{"name": "s"}],
        "ServiceAccountTokenProjection": [{"path": "t"}, {"path": "t", "audience": "a", "expirationSeconds": 3600}],
        "ClusterTrustBundleProjection": [{"name": "b", "path": "p"}, {"signerName": "a.b/c", "labelSelector": _SELECTOR,
        "path": "p"}], "PodCertificateProjection": [{"signerName": "a.b/c", "keyType": "ED25519", "keyPath": "k",
        "certificateChainPath": "c"}],
    "EphemeralVolumeSource": [{"volumeClaimTemplate": {"spec": {"accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "1Gi"}}}}}],
        "PersistentVolumeClaimTemplate": [{"spec": {"accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "1Gi"}}}}], "PersistentVolumeClaimSpec": [{"accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "1Gi"}}}], "TypedLocalObjectReference": [{"apiGroup": "snapshot.storage.k8s.io",
        "kind": "VolumeSnapshot", "name": "s"}, {"kind": "PersistentVolumeClaim", "name": "p"}],
        "TypedObjectReference": [{"apiGroup": "snapshot.storage.k8s.io", "kind": "VolumeSnapshot", "name": "s"}],
    "CSIVolumeSource": [{"driver": "csi.example.com"}], "NFSVolumeSource": [{"server": "s", "path": "/p"}],
        "ISCSIVolumeSource": [{"targetPortal": "1.2.3.4", "iqn": "iqn.2001-04.com.example:storage.x", "lun": 0}],
        "GitRepoVolumeSource": [{"repository": "https://a.b/c"}], "GlusterfsVolumeSource": [{"endpoints": "e", "path": "p"}],
        "RBDVolumeSource": [{"monitors": ["m"], "image": "i"}], "FlexVolumeSource": [{"driver": "a.b/c"}],
        "CinderVolumeSource": [{"volumeID": "v"}], "CephFSVolumeSource": [{"monitors": ["m"]}],
        "FlockerVolumeSource": [{"datasetName": "d"}, {"datasetUUID": "u"}], "FCVolumeSource": [{"targetWWNs": ["w"],
        "lun": 1}, {"wwids": ["w"]}],
    "AzureFileVolumeSource": [{"secretName": "s", "shareName": "n"}], "AzureDiskVolumeSource": [{"diskName": "d",
        "diskURI": "https://a.blob.core.windows.net/x"}, {"diskName": "d", "diskURI": "/subscriptions/x", "kind": "Managed"}],
        "VsphereVirtualDiskVolumeSource": [{"volumePath": "v"}], "QuobyteVolumeSource": [{"registry": "a:1", "volume": "v"}],
        "PhotonPersistentDiskVolumeSource": [{"pdID": "p"}], "PortworxVolumeSource": [{"volumeID": "v"}],
        "ScaleIOVolumeSource": [{"gateway": "g", "system": "s", "volumeName": "v", "secretRef": {"name": "s"}}],
        "StorageOSVolumeSource": [{"volumeName": "v"}], "AWSElasticBlockStoreVolumeSource": [{"volumeID": "v"}],
        "GCEPersistentDiskVolumeSource": [{"pdName": "p"}], "ImageVolumeSource": [{"reference": "i:1"}, {"reference": "i",
        "pullPolicy": "Always"}],
    "LocalObjectReference": [{"name": "s"}],
        "Affinity": [{"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [_AFFINITY_TERM]}},
        {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [_NODE_TERM]}}}],
        "NodeAffinity": [{"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [_NODE_TERM]}},
        {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1, "preference": _NODE_TERM}]}],
    "NodeSelector": [{"nodeSelectorTerms": [_NODE_TERM]}], "NodeSelectorTerm": [_NODE_TERM, _NODE_FIELDS],
        "NodeSelectorRequirement": [{"key": "zone", "operator": "In", "values": ["a"]}, {"key": "zone", "operator": "Exists"},
        {"key": "n", "operator": "Gt", "values": ["5"]}], "PreferredSchedulingTerm": [{"weight": 1,
        "preference": _NODE_TERM}], "PodAffinity": [{"requiredDuringSchedulingIgnoredDuringExecution": [_AFFINITY_TERM]}],
        "PodAntiAffinity": [{"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 5,
        "podAffinityTerm": _AFFINITY_TERM}]}], "PodAffinityTerm": [_AFFINITY_TERM, {"topologyKey": "zone",
        "labelSelector": _SELECTOR2, "namespaces": ["a"]}, {"topologyKey": "zone", "labelSelector": _SELECTOR,
        "matchLabelKeys": ["tier"]}], "WeightedPodAffinityTerm": [{"weight": 5, "podAffinityTerm": _AFFINITY_TERM}],
    "LabelSelector": [_SELECTOR, _SELECTOR2, {}], "LabelSelectorRequirement": [{"key": "a", "operator": "In",
        "values": ["b"]}, {"key": "a", "operator": "Exists"}], "TopologySpreadConstraint": [{"maxSkew": 1,
        "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule", "labelSelector": _SELECTOR}, {"maxSkew": 2,
        "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "ScheduleAnyway"}], "Toleration": [{"key": "gpu",
        "operator": "Exists"}, {"key": "a", "value": "b", "effect": "NoSchedule"}, {"operator": "Exists"}, {"key": "a",
        "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 5}],
    "PodDNSConfig": [{"nameservers": ["1.1.1.1"]}, {"searches": ["a.b"], "options": [{"name": "ndots", "value": "2"}]}],
        "PodDNSConfigOption": [{"name": "ndots", "value": "2"}, {"name": "edns0"}], "HostAlias": [{"ip": "1.2.3.4",
        "hostnames": ["a.b"]}], "PodOS": [{"name": "linux"}, {"name": "windows"}],
        "PodReadinessGate": [{"conditionType": "example.com/x"}], "PodSchedulingGate": [{"name": "example.com/g"}],
        "PodResourceClaim": [{"name": "rc", "resourceClaimName": "x"}, {"name": "rc2", "resourceClaimTemplateName": "t"}],
        "PodSchedulingGroup": [{"podGroupName": "g"}],
    "PodFailurePolicy": [{"rules": [{"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]}]}],
        "PodFailurePolicyRule": [{"action": "FailJob", "onExitCodes": {"operator": "In", "values": [1]}}, {"action": "Count",
        "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]}],
        "PodFailurePolicyOnExitCodesRequirement": [{"operator": "In", "values": [1, 42]}],
        "PodFailurePolicyOnPodConditionsPattern": [{"type": "DisruptionTarget"}],
        "SuccessPolicy": [{"rules": [{"succeededCount": 1}]}, {"rules": [{"succeededIndexes": "0-1"}]}],
        "SuccessPolicyRule": [{"succeededCount": 1}, {"succeededIndexes": "0"}], "OwnerReference": [{"apiVersion": "batch/v1",
        "kind": "CronJob", "name": "a", "uid": "u"}, {"apiVersion": "v1", "kind": "Pod", "name": "b", "uid": "w",
        "controller": True}],
    "JobStatus": [{"active": 1}], "CronJobStatus": [{}], "JobCondition": [{"type": "Complete", "status": "True"}],
        "ObjectReference": [{"name": "a"}], "ManagedFieldsEntry": [{"manager": "k", "operation": "Update",
        "apiVersion": "batch/v1", "time": "2020-01-01T00:00:00Z", "fieldsType": "FieldsV1", "fieldsV1": {"f:spec": {}}}],
        "UncountedTerminatedPods": [{"failed": ["a"]}],
    "JobTemplateSpec": [{"spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [_CONTAINER]}}}}],
        "JobSpec": [{"template": {"spec": {"restartPolicy": "Never", "containers": [_CONTAINER]}}}],
        "PodTemplateSpec": [{"spec": {"restartPolicy": "Never", "containers": [_CONTAINER]}}],
        "PodSpec": [{"restartPolicy": "Never", "containers": [_CONTAINER]}],
    "CronJobSpec": [{"schedule": "0 0 * * *", "jobTemplate": {"spec": {"template": {"spec": {"restartPolicy": "Never",
        "containers": [_CONTAINER]}}}}}],
}

# fmt: on


def example(kind: str, rng: Random) -> Any:
    """A right value of a type as `oracle -shape` names it; a struct without an example gives an empty one."""
    if kind.startswith("[]"):
        return [example(kind[2:], rng)]
    if kind.startswith("map[]"):
        return {"a": example(kind[5:], rng)}
    if kind in EXAMPLES:
        return deepcopy(rng.choice(EXAMPLES[kind]))
    if kind.startswith("string"):
        return "a"
    if kind.startswith("int"):
        return 1
    return {"bool": True, "Quantity": "1", "IntOrString": 80, "Time": "2020-01-01T00:00:00Z"}.get(kind, {})
