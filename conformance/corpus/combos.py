"""Combinations of fields that the server looks at together; each sets several at once, right ones and wrong ones alike."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from conformance.corpus.pools import INDEX_CODES, INDEX_TEXTS

Tree = dict[str, Any]
Combo = Callable[[Tree, Tree, Tree, Random], None]  # Job spec, Pod spec, first container, randomness

COMBOS: list[Combo] = []


def _combo(function: Combo) -> Combo:
    COMBOS.append(function)
    return function


def apply_combo(tree: Tree, rng: Random) -> None:
    """Set one combination in a manifest, if it is still of a Job's shape."""
    spec = tree.get("spec")
    if isinstance(spec, dict) and isinstance(spec.get("jobTemplate"), dict):
        spec = spec["jobTemplate"].get("spec")
    if not isinstance(spec, dict) or not isinstance(spec.get("template"), dict):
        return
    pod = spec["template"].get("spec")
    if not isinstance(pod, dict) or not isinstance(pod.get("containers"), list) or not pod["containers"]:
        return
    container = pod["containers"][0]
    if isinstance(container, dict):
        rng.choice(COMBOS)(spec, pod, container, rng)


def _set(node: Tree, rng: Random, **choices: list[Any]) -> None:
    for name, values in choices.items():
        value = rng.choice(values)
        if value is ...:
            node.pop(name, None)
        else:
            node[name] = value


def _list(node: Tree, name: str) -> list[Any]:
    items = node.get(name)
    if not isinstance(items, list):
        items = node[name] = []
    return items


@_combo
def counts(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    big = [..., 0, 1, 5, 10, 10000, 10001, 100000, 100001, 1000000]
    _set(spec, rng, completions=big, parallelism=big, completionMode=["Indexed", "Indexed", "NonIndexed", ...], backoffLimitPerIndex=[..., 0, 1, -1], maxFailedIndexes=[..., ..., 0, 1, 5, 10, 10001, 100000], backoffLimit=[..., 0, 6])


@_combo
def failure_policy(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    def rule() -> Tree:
        made: Tree = {"action": rng.choice(["FailJob", "FailIndex", "Ignore", "Count", "x"])}
        if rng.random() < 0.6:
            made["onExitCodes"] = {"operator": rng.choice(["In", "NotIn", "x"]), "values": rng.choice(INDEX_CODES)}
            if rng.random() < 0.5:
                made["onExitCodes"]["containerName"] = rng.choice([container.get("name", "m"), "none", "", "side", "setup", "proxy"])
        if rng.random() < 0.5:
            made["onPodConditions"] = [{"type": rng.choice(["DisruptionTarget", "Ready", "a b", ""]), "status": rng.choice(["True", "False", "x", ""])} for _ in range(rng.choice((0, 1, 1, 2, 21)))]
        return made

    spec["podFailurePolicy"] = {"rules": [rule() for _ in range(rng.choice((0, 1, 1, 2, 3, 20, 21)))]}
    _set(spec, rng, podReplacementPolicy=[..., ..., "Failed", "TerminatingOrFailed"], backoffLimitPerIndex=[..., 1], completionMode=[..., "Indexed"], completions=[..., 3])
    _set(pod, rng, restartPolicy=["Never", "Never", "OnFailure", "Always", ...])


@_combo
def success_policy(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    def rule() -> Tree:
        made: Tree = {}
        _set(made, rng, succeededIndexes=[..., *INDEX_TEXTS], succeededCount=[..., ..., 0, 1, 2, 5, 10, 11, -1])
        return made

    spec["successPolicy"] = {"rules": [rule() for _ in range(rng.choice((0, 1, 1, 1, 2, 3, 20, 21)))]}
    _set(spec, rng, completionMode=["Indexed", "Indexed", "Indexed", "NonIndexed", ...], completions=[0, 1, 3, 5, 10, 100], parallelism=[..., 1, 10])


@_combo
def selector(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    labels = [{"a": "b"}, {"app": "x"}, {"job-name": "pi"}, {"controller-uid": "u"}, {"batch.kubernetes.io/job-name": "x"}, {"batch.kubernetes.io/controller-uid": "11111111-2222-3333-4444-555555555555"}, {}]
    _set(spec, rng, manualSelector=[True, True, False, ...], selector=[..., {"matchLabels": rng.choice(labels)}, {}, {"matchExpressions": [{"key": "a", "operator": rng.choice(["In", "Exists", "DoesNotExist", "NotIn", "x"]), **rng.choice([{}, {"values": ["b"]}, {"values": []}])}]}])
    template = spec["template"]
    if isinstance(template.get("metadata", {}), dict):
        template.setdefault("metadata", {})["labels"] = rng.choice(labels)


@_combo
def sidecars(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    probe = {"exec": {"command": ["true"]}}
    for n in range(rng.choice((1, 1, 2))):
        made: Tree = {"name": rng.choice([f"init{n}", container.get("name", "m"), "", "A"]), "image": "i"}
        _set(made, rng, restartPolicy=["Always", "Always", "Never", "OnFailure", ..., "x", ""], livenessProbe=[..., ..., probe], readinessProbe=[..., ..., probe], startupProbe=[..., probe], lifecycle=[..., ..., {"preStop": {"exec": {"command": ["x"]}}}, {"postStart": {"sleep": {"seconds": 1}}}, {}],
             restartPolicyRules=[..., ..., [{"action": "Restart", "exitCodes": {"operator": "In", "values": [1]}}]], ports=[..., [{"containerPort": 80}]])  # fmt: skip
        _list(pod, "initContainers").append(made)
    _set(container, rng, restartPolicy=[..., ..., "Never", "OnFailure", "Always", "x"], restartPolicyRules=[..., ..., [], [{"action": "Restart", "exitCodes": {"operator": "In", "values": [1, 2]}}], [{"action": "RestartAllContainers", "exitCodes": {"operator": "NotIn", "values": [0]}}], [{"action": "Restart"}]] )


@_combo
def ports(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    def port() -> Tree:
        made: Tree = {"containerPort": rng.choice([80, 8080, 81])}
        _set(made, rng, hostPort=[..., ..., 80, 8080], name=[..., ..., "http", "a", "b"], protocol=[..., ..., "TCP", "UDP", "SCTP"], hostIP=[..., ..., "1.2.3.4", "0.0.0.0", "x"])
        return made

    container["ports"] = [port() for _ in range(rng.choice((1, 2, 2, 3)))]
    other = {"name": "other", "image": "i", "ports": [port()]}
    if rng.random() < 0.5:
        pod["containers"].append(other)
    elif rng.random() < 0.5:
        _list(pod, "initContainers").append({**other, **rng.choice([{}, {"restartPolicy": "Always"}])})
    _set(pod, rng, hostNetwork=[..., True, False], hostPID=[..., ..., True], hostIPC=[..., ..., True], hostUsers=[..., ..., True, False], shareProcessNamespace=[..., ..., True], hostnameOverride=[..., ..., "h", "A"], setHostnameAsFQDN=[..., ..., True])


@_combo
def quantities(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    names = ["cpu", "memory", "ephemeral-storage", "hugepages-2Mi", "nvidia.com/gpu", "pods", "x"]
    values: list[Any] = ["0", "1", "2", "100m", "1500m", "1Gi", "64Mi", "3Mi", "4Mi", "0.5", "1.5", "-1", 1, 2, 0.5]

    def some() -> Tree:
        return {rng.choice(names): rng.choice(values) for _ in range(rng.choice((0, 1, 2, 2, 3)))}

    _set(container, rng, resources=[{"requests": some(), "limits": some()}, {"limits": some()}, {"requests": some()}, {"claims": [{"name": rng.choice(["rc", "none", ""])}], "limits": some()}])
    _set(pod, rng, resources=[..., ..., ..., {"requests": some(), "limits": some()}, {"limits": some()}, {"claims": [{"name": "rc"}]}], resourceClaims=[..., ..., [{"name": "rc", "resourceClaimName": "x"}], [{"name": "rc"}, {"name": "rc"}], [{"name": "rc", "resourceClaimName": "x", "resourceClaimTemplateName": "y"}]],
         overhead=[..., ..., ..., some()], os=[..., ..., ..., {"name": "windows"}])  # fmt: skip


@_combo
def mounts(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    sources: list[Tree] = [{"emptyDir": {}}, {"secret": {"secretName": "s"}}, {"configMap": {"name": "c"}}, {"hostPath": {"path": "/x"}}, {"persistentVolumeClaim": {"claimName": "p"}}, {"ephemeral": {"volumeClaimTemplate": {"spec": {"accessModes": ["ReadWriteOnce"], "volumeMode": rng.choice(["Block", "Filesystem"]), "resources": {"requests": {"storage": "1Gi"}}}}}},
                           {"image": {"reference": "i"}}, {"emptyDir": {}, "hostPath": {"path": "/x"}}, {}]  # fmt: skip
    names = ["v1", "v2", "v3"]
    pod["volumes"] = [{"name": rng.choice(names), **rng.choice(sources)} for _ in range(rng.choice((1, 2, 3)))]

    def mount() -> Tree:
        made: Tree = {"name": rng.choice(names), "mountPath": rng.choice(["/a", "/a", "/a/", "/b", "a", "/a:b", ""])}
        _set(made, rng, subPath=[..., ..., "x", "../x", "/x"], subPathExpr=[..., ..., ..., "$(X)", "../x"], readOnly=[..., True, False], recursiveReadOnly=[..., ..., "Enabled", "IfPossible", "Disabled", "x"], mountPropagation=[..., ..., "None", "HostToContainer", "Bidirectional", "x"])
        return made

    container["volumeMounts"] = [mount() for _ in range(rng.choice((1, 2, 3)))]
    if rng.random() < 0.3:
        container["volumeDevices"] = [{"name": rng.choice(names), "devicePath": rng.choice(["/dev/a", "/a", "dev", "/dev/../a", ""])} for _ in range(rng.choice((1, 2)))]
    _set(container, rng, securityContext=[..., ..., {"privileged": True}, {"privileged": False}])


@_combo
def security(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    profile = [..., ..., {"type": "RuntimeDefault"}, {"type": "Localhost"}, {"type": "Localhost", "localhostProfile": rng.choice(["p", "/p", "../p", ""])}, {"type": "Unconfined", "localhostProfile": "p"}, {"type": "x"}, {}]
    windows = [..., ..., ..., {"hostProcess": True}, {"hostProcess": False}, {"runAsUserName": "a"}, {"gmsaCredentialSpecName": "A"}]
    inner: Tree = {}
    _set(inner, rng, seccompProfile=profile, appArmorProfile=profile, windowsOptions=windows, privileged=[..., True, False], allowPrivilegeEscalation=[..., True, False], procMount=[..., ..., "Default", "Unmasked", "x"], runAsUser=[..., 0, -1], runAsNonRoot=[..., True, False], capabilities=[..., {"add": ["SYS_ADMIN"]}, {"add": ["CAP_SYS_ADMIN"]}, {"drop": ["ALL"]}])
    container["securityContext"] = inner
    outer: Tree = {}
    _set(outer, rng, seccompProfile=profile, appArmorProfile=profile, windowsOptions=windows, supplementalGroupsPolicy=[..., ..., "Merge", "Strict", "x"], seLinuxChangePolicy=[..., ..., "MountOption", "Recursive", "x"], fsGroupChangePolicy=[..., ..., "Always", "x"], seLinuxOptions=[..., ..., {"level": "s0"}], sysctls=[..., ..., [{"name": "kernel.sem", "value": "1"}, {"name": "kernel/sem", "value": "1"}], [{"name": "net.core.somaxconn", "value": ""}]])
    pod["securityContext"] = outer
    _set(pod, rng, os=[..., ..., {"name": "linux"}, {"name": "windows"}], hostUsers=[..., ..., False, True], hostNetwork=[..., ..., True], hostPID=[..., ..., True], hostIPC=[..., ..., True])
    template = spec["template"]
    if rng.random() < 0.3 and isinstance(template.get("metadata", {}), dict):
        name = container.get("name", "m")
        template.setdefault("metadata", {})["annotations"] = {
            rng.choice([f"container.apparmor.security.beta.kubernetes.io/{name}", "container.apparmor.security.beta.kubernetes.io/none", "seccomp.security.alpha.kubernetes.io/pod", f"container.seccomp.security.alpha.kubernetes.io/{name}"]): rng.choice(["runtime/default", "localhost/p", "unconfined", "x", "", "docker/default", "localhost/../p"])
        }  # fmt: skip


@_combo
def dns(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    _set(pod, rng, dnsPolicy=["None", "None", "Default", "ClusterFirst", "ClusterFirstWithHostNet", ..., "x", ""], dnsConfig=[..., {}, {"nameservers": ["1.1.1.1"]}, {"nameservers": ["x"]}, {"nameservers": ["1.1.1.1", "::1", "2.2.2.2", "3.3.3.3"]}, {"searches": ["a.b."]}, {"options": [{"name": ""}, {"value": "x"}]}],
         hostAliases=[..., [{"ip": "1.2.3.4"}], [{"ip": "x", "hostnames": ["a_b"]}], [{"hostnames": ["a"]}]], hostNetwork=[..., ..., True])  # fmt: skip


@_combo
def tolerations(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    def one() -> Tree:
        made: Tree = {}
        _set(made, rng, key=[..., "a", "a b", "a.b/c", ""], operator=[..., "Exists", "Equal", "Lt", "Gt", "x"], value=[..., "b", "5", "-5", "05", "a b", ""], effect=[..., "NoExecute", "NoSchedule", "x"], tolerationSeconds=[..., ..., 5, -1])
        return made

    pod["tolerations"] = [one() for _ in range(rng.choice((1, 1, 2)))]


@_combo
def spread(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    def one() -> Tree:
        made: Tree = {}
        _set(made, rng, maxSkew=[1, 1, 2, 0, ...], minDomains=[..., ..., 1, 0], topologyKey=["zone", "zone", "host", "", ...], whenUnsatisfiable=["DoNotSchedule", "DoNotSchedule", "ScheduleAnyway", "x", ...], labelSelector=[..., {"matchLabels": {"app": "x"}}, {"matchLabels": {"a b": "x"}}, {"matchExpressions": [{"key": "a", "operator": "x"}]}],
             matchLabelKeys=[..., ..., ["app"], ["a"], ["a", "a"], ["a b"]], nodeAffinityPolicy=[..., ..., "Honor", "x"], nodeTaintsPolicy=[..., ..., "Ignore", "x"])  # fmt: skip
        return made

    pod["topologySpreadConstraints"] = [one() for _ in range(rng.choice((1, 1, 2, 3)))]


@_combo
def environment(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    def one() -> Tree:
        made: Tree = {"name": rng.choice(["A", "A", "B", "a.b", "", "A=B"])}
        _set(made, rng, value=[..., "x", "$(A)", ""], valueFrom=[..., ..., {}, {"fieldRef": {"fieldPath": "metadata.name"}}, {"fieldRef": {"fieldPath": "status.podIPs"}}, {"resourceFieldRef": {"resource": "limits.cpu", "divisor": rng.choice(["1", "1m", "0", "1Mi", "1.5"])}}, {"secretKeyRef": {"name": "s", "key": "k"}, "configMapKeyRef": {"name": "c", "key": "k"}}, {"configMapKeyRef": {"key": ".."}}, {"fileKeyRef": {"volumeName": "v1", "path": "p", "key": "K"}}])
        return made

    container["env"] = [one() for _ in range(rng.choice((1, 2, 2, 3)))]
    _set(container, rng, envFrom=[..., ..., [{"prefix": "P_"}], [{"prefix": "1", "secretRef": {"name": "s"}}], [{"secretRef": {"name": "s"}, "configMapRef": {"name": "c"}}]])


@_combo
def names(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    copy = {**container}
    pod["containers"].append(copy)
    _set(copy, rng, name=[container.get("name"), "b", "", "A"])
    _set(pod, rng, imagePullSecrets=[..., ..., [{"name": "a"}, {"name": "a"}], [{"name": ""}], [{}]], terminationGracePeriodSeconds=[..., ..., -1, 0], activeDeadlineSeconds=[..., ..., 0, 1, -1, 2147483648], serviceAccount=[..., ..., "b"], serviceAccountName=[..., ..., "a"], hostname=[..., ..., "a.b"], preemptionPolicy=[..., ..., "Never", "x"], priority=[..., ..., 5])


@_combo
def projected(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    def source() -> Tree:
        return rng.choice([
            {"secret": {"name": "s", "items": [{"key": rng.choice(["a", "b", "..", ""]), "path": rng.choice(["a", "b", "../x", "/x", ""])}]}}, {"configMap": {"name": rng.choice(["c", ""]), "items": [{"key": "a", "path": "a"}]}}, {"downwardAPI": {"items": [{"path": rng.choice(["a", "n"]), "fieldRef": {"fieldPath": rng.choice(["metadata.name", "status.podIP"])}}]}},
            {"serviceAccountToken": {"path": rng.choice(["a", "t", ""]), "expirationSeconds": rng.choice([599, 600])}}, {"clusterTrustBundle": {"path": rng.choice(["a", "p"]), **rng.choice([{"name": "x"}, {"signerName": "a.b/c"}, {"name": "x", "signerName": "a.b/c"}, {"signerName": "a.b/c", "labelSelector": {}}, {}])}},
            {"podCertificate": {"signerName": "a.b/c", "keyType": rng.choice(["ED25519", "x"]), **rng.choice([{"credentialBundlePath": "p"}, {"keyPath": "k"}, {"keyPath": "k", "certificateChainPath": "c"}, {}, {"keyPath": "a", "certificateChainPath": "a"}])}}, {}, {"secret": {"name": "s"}, "configMap": {"name": "c"}},
        ])  # fmt: skip

    _list(pod, "volumes").append({"name": "proj", "projected": {"sources": [source() for _ in range(rng.choice((0, 1, 2, 2, 3)))], **rng.choice([{}, {"defaultMode": rng.choice([0, 511, 512])}])}})


@_combo
def affinity(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    def term() -> Tree:
        made: Tree = {}
        _set(made, rng, topologyKey=["zone", "zone", "", ...], labelSelector=[{"matchLabels": {"app": "x"}}, ..., {}, {"matchExpressions": [{"key": "app", "operator": "In", "values": ["x"]}]}], namespaceSelector=[..., ..., {}, {"matchLabels": {"a b": "c"}}], namespaces=[..., ..., ["a"], ["A"]], matchLabelKeys=[..., ..., ["app"], ["b"], ["b", "b"]], mismatchLabelKeys=[..., ..., ["app"], ["b"], ["c"]])
        return made

    def node() -> Tree:
        made: Tree = {}
        requirement = {"key": rng.choice(["a", "metadata.name", "a b", ""]), "operator": rng.choice(["In", "Exists", "Gt", "DoesNotExist", "x"]), **rng.choice([{}, {"values": ["5"]}, {"values": ["a", "b"]}, {"values": ["x"]}])}
        _set(made, rng, matchExpressions=[..., [requirement], []], matchFields=[..., ..., [requirement]])
        return made

    made = pod["affinity"] = {}
    required, preferred = "requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution"
    for side in ("podAffinity", "podAntiAffinity"):
        if rng.random() < 0.5:
            made[side] = rng.choice([{required: [term()]}, {preferred: [{"weight": rng.choice([0, 1, 100, 101]), "podAffinityTerm": term()}]}, {}])
    if rng.random() < 0.5:
        made["nodeAffinity"] = rng.choice([{required: {"nodeSelectorTerms": [node() for _ in range(rng.choice((0, 1, 2)))]}}, {preferred: [{"weight": rng.choice([0, 1, 100, 101]), "preference": node()}]}, {}])
    if isinstance(spec["template"].get("metadata", {}), dict):
        spec["template"].setdefault("metadata", {})["labels"] = {"app": "x"}
