"""Combinations of fields of containers, volumes and resources; each sets several at once, right and wrong ones alike."""

from __future__ import annotations

from random import Random
from typing import Any

from conformance.corpus.pieces import Tree, combo, items, put


@combo
def sidecars(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    probe = {"exec": {"command": ["true"]}}
    for n in range(rng.choice((1, 1, 2))):
        made: Tree = {"name": rng.choice([f"init{n}", container.get("name", "m"), "", "A"]), "image": "i"}
        put(
            made,
            rng,
            restartPolicy=["Always", "Always", "Never", "OnFailure", ..., "x", ""],
            livenessProbe=[..., ..., probe],
            readinessProbe=[..., ..., probe],
            startupProbe=[..., probe],
            lifecycle=[..., ..., {"preStop": {"exec": {"command": ["x"]}}}, {"postStart": {"sleep": {"seconds": 1}}}, {}],
            restartPolicyRules=[..., ..., [{"action": "Restart", "exitCodes": {"operator": "In", "values": [1]}}]],
            ports=[..., [{"containerPort": 80}]],
        )
        items(pod, "initContainers").append(made)
    put(
        container,
        rng,
        restartPolicy=[..., ..., "Never", "OnFailure", "Always", "x"],
        restartPolicyRules=[
            ...,
            ...,
            [],
            [{"action": "Restart", "exitCodes": {"operator": "In", "values": [1, 2]}}],
            [{"action": "RestartAllContainers", "exitCodes": {"operator": "NotIn", "values": [0]}}],
            [{"action": "Restart"}],
        ],
    )


@combo
def ports(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    def port() -> Tree:
        made: Tree = {"containerPort": rng.choice([80, 8080, 81])}
        put(
            made,
            rng,
            hostPort=[..., ..., 80, 8080],
            name=[..., ..., "http", "a", "b"],
            protocol=[..., ..., "TCP", "UDP", "SCTP"],
            hostIP=[..., ..., "1.2.3.4", "0.0.0.0", "x"],
        )
        return made

    container["ports"] = [port() for _ in range(rng.choice((1, 2, 2, 3)))]
    other = {"name": "other", "image": "i", "ports": [port()]}
    if rng.random() < 0.5:
        pod["containers"].append(other)
    elif rng.random() < 0.5:
        items(pod, "initContainers").append({**other, **rng.choice([{}, {"restartPolicy": "Always"}])})
    put(
        pod,
        rng,
        hostNetwork=[..., True, False],
        hostPID=[..., ..., True],
        hostIPC=[..., ..., True],
        hostUsers=[..., ..., True, False],
        shareProcessNamespace=[..., ..., True],
        hostnameOverride=[..., ..., "h", "A"],
        setHostnameAsFQDN=[..., ..., True],
    )


@combo
def quantities(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    names = ["cpu", "memory", "ephemeral-storage", "hugepages-2Mi", "nvidia.com/gpu", "pods", "x"]
    values: list[Any] = ["0", "1", "2", "100m", "1500m", "1Gi", "64Mi", "3Mi", "4Mi", "0.5", "1.5", "-1", 1, 2, 0.5]

    def some() -> Tree:
        return {rng.choice(names): rng.choice(values) for _ in range(rng.choice((0, 1, 2, 2, 3)))}

    put(
        container,
        rng,
        resources=[
            {"requests": some(), "limits": some()},
            {"limits": some()},
            {"requests": some()},
            {"claims": [{"name": rng.choice(["rc", "none", ""])}], "limits": some()},
        ],
    )
    put(
        pod,
        rng,
        resources=[..., ..., ..., {"requests": some(), "limits": some()}, {"limits": some()}, {"claims": [{"name": "rc"}]}],
        resourceClaims=[
            ...,
            ...,
            [{"name": "rc", "resourceClaimName": "x"}],
            [{"name": "rc"}, {"name": "rc"}],
            [{"name": "rc", "resourceClaimName": "x", "resourceClaimTemplateName": "y"}],
        ],
        overhead=[..., ..., ..., some()],
        os=[..., ..., ..., {"name": "windows"}],
    )


@combo
def mounts(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    sources: list[Tree] = [
        {"emptyDir": {}},
        {"secret": {"secretName": "s"}},
        {"configMap": {"name": "c"}},
        {"hostPath": {"path": "/x"}},
        {"persistentVolumeClaim": {"claimName": "p"}},
        {
            "ephemeral": {
                "volumeClaimTemplate": {
                    "spec": {
                        "accessModes": ["ReadWriteOnce"],
                        "volumeMode": rng.choice(["Block", "Filesystem"]),
                        "resources": {"requests": {"storage": "1Gi"}},
                    }
                }
            }
        },
        {"image": {"reference": "i"}},
        {"emptyDir": {}, "hostPath": {"path": "/x"}},
        {},
    ]
    names = ["v1", "v2", "v3"]
    pod["volumes"] = [{"name": rng.choice(names), **rng.choice(sources)} for _ in range(rng.choice((1, 2, 3)))]

    def mount() -> Tree:
        made: Tree = {"name": rng.choice(names), "mountPath": rng.choice(["/a", "/a", "/a/", "/b", "a", "/a:b", ""])}
        put(
            made,
            rng,
            subPath=[..., ..., "x", "../x", "/x"],
            subPathExpr=[..., ..., ..., "$(X)", "../x"],
            readOnly=[..., True, False],
            recursiveReadOnly=[..., ..., "Enabled", "IfPossible", "Disabled", "x"],
            mountPropagation=[..., ..., "None", "HostToContainer", "Bidirectional", "x"],
        )
        return made

    container["volumeMounts"] = [mount() for _ in range(rng.choice((1, 2, 3)))]
    if rng.random() < 0.3:
        container["volumeDevices"] = [
            {"name": rng.choice(names), "devicePath": rng.choice(["/dev/a", "/a", "dev", "/dev/../a", ""])}
            for _ in range(rng.choice((1, 2)))
        ]
    put(container, rng, securityContext=[..., ..., {"privileged": True}, {"privileged": False}])
