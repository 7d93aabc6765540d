"""Combinations of fields of a whole Pod; each sets several at once, right ones and wrong ones alike."""

from __future__ import annotations

from random import Random

from conformance.corpus.pieces import Tree, combo, items, put


@combo
def security(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    profile = [
        ...,
        ...,
        {"type": "RuntimeDefault"},
        {"type": "Localhost"},
        {"type": "Localhost", "localhostProfile": rng.choice(["p", "/p", "../p", ""])},
        {"type": "Unconfined", "localhostProfile": "p"},
        {"type": "x"},
        {},
    ]
    windows = [
        ...,
        ...,
        ...,
        {"hostProcess": True},
        {"hostProcess": False},
        {"runAsUserName": "a"},
        {"gmsaCredentialSpecName": "A"},
    ]
    inner: Tree = {}
    put(
        inner,
        rng,
        seccompProfile=profile,
        appArmorProfile=profile,
        windowsOptions=windows,
        privileged=[..., True, False],
        allowPrivilegeEscalation=[..., True, False],
        procMount=[..., ..., "Default", "Unmasked", "x"],
        runAsUser=[..., 0, -1],
        runAsNonRoot=[..., True, False],
        capabilities=[..., {"add": ["SYS_ADMIN"]}, {"add": ["CAP_SYS_ADMIN"]}, {"drop": ["ALL"]}],
    )
    container["securityContext"] = inner
    outer: Tree = {}
    put(
        outer,
        rng,
        seccompProfile=profile,
        appArmorProfile=profile,
        windowsOptions=windows,
        supplementalGroupsPolicy=[..., ..., "Merge", "Strict", "x"],
        seLinuxChangePolicy=[..., ..., "MountOption", "Recursive", "x"],
        fsGroupChangePolicy=[..., ..., "Always", "x"],
        seLinuxOptions=[..., ..., {"level": "s0"}],
        sysctls=[
            ...,
            ...,
            [{"name": "kernel.sem", "value": "1"}, {"name": "kernel/sem", "value": "1"}],
            [{"name": "net.core.somaxconn", "value": ""}],
        ],
    )
    pod["securityContext"] = outer
    put(
        pod,
        rng,
        os=[..., ..., {"name": "linux"}, {"name": "windows"}],
        hostUsers=[..., ..., False, True],
        hostNetwork=[..., ..., True],
        hostPID=[..., ..., True],
        hostIPC=[..., ..., True],
    )
    template = spec["template"]
    if rng.random() < 0.3 and isinstance(template.get("metadata", {}), dict):
        name = container.get("name", "m")
        template.setdefault("metadata", {})["annotations"] = {
            rng.choice(
                [
                    f"container.apparmor.security.beta.kubernetes.io/{name}",
                    "container.apparmor.security.beta.kubernetes.io/none",
                    "seccomp.security.alpha.kubernetes.io/pod",
                    f"container.seccomp.security.alpha.kubernetes.io/{name}",
                ]
            ): rng.choice(["runtime/default", "localhost/p", "unconfined", "x", "", "docker/default", "localhost/../p"])
        }


@combo
def dns(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    put(
        pod,
        rng,
        dnsPolicy=["None", "None", "Default", "ClusterFirst", "ClusterFirstWithHostNet", ..., "x", ""],
        dnsConfig=[
            ...,
            {},
            {"nameservers": ["1.1.1.1"]},
            {"nameservers": ["x"]},
            {"nameservers": ["1.1.1.1", "::1", "2.2.2.2", "3.3.3.3"]},
            {"searches": ["a.b."]},
            {"options": [{"name": ""}, {"value": "x"}]},
        ],
        hostAliases=[..., [{"ip": "1.2.3.4"}], [{"ip": "x", "hostnames": ["a_b"]}], [{"hostnames": ["a"]}]],
        hostNetwork=[..., ..., True],
    )


@combo
def tolerations(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    def one() -> Tree:
        made: Tree = {}
        put(
            made,
            rng,
            key=[..., "a", "a b", "a.b/c", ""],
            operator=[..., "Exists", "Equal", "Lt", "Gt", "x"],
            value=[..., "b", "5", "-5", "05", "a b", ""],
            effect=[..., "NoExecute", "NoSchedule", "x"],
            tolerationSeconds=[..., ..., 5, -1],
        )
        return made

    pod["tolerations"] = [one() for _ in range(rng.choice((1, 1, 2)))]


@combo
def spread(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    def one() -> Tree:
        made: Tree = {}
        put(
            made,
            rng,
            maxSkew=[1, 1, 2, 0, ...],
            minDomains=[..., ..., 1, 0],
            topologyKey=["zone", "zone", "host", "", ...],
            whenUnsatisfiable=["DoNotSchedule", "DoNotSchedule", "ScheduleAnyway", "x", ...],
            labelSelector=[
                ...,
                {"matchLabels": {"app": "x"}},
                {"matchLabels": {"a b": "x"}},
                {"matchExpressions": [{"key": "a", "operator": "x"}]},
            ],
            matchLabelKeys=[..., ..., ["app"], ["a"], ["a", "a"], ["a b"]],
            nodeAffinityPolicy=[..., ..., "Honor", "x"],
            nodeTaintsPolicy=[..., ..., "Ignore", "x"],
        )
        return made

    pod["topologySpreadConstraints"] = [one() for _ in range(rng.choice((1, 1, 2, 3)))]


@combo
def environment(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    def one() -> Tree:
        made: Tree = {"name": rng.choice(["A", "A", "B", "a.b", "", "A=B"])}
        put(
            made,
            rng,
            value=[..., "x", "$(A)", ""],
            valueFrom=[
                ...,
                ...,
                {},
                {"fieldRef": {"fieldPath": "metadata.name"}},
                {"fieldRef": {"fieldPath": "status.podIPs"}},
                {"resourceFieldRef": {"resource": "limits.cpu", "divisor": rng.choice(["1", "1m", "0", "1Mi", "1.5"])}},
                {"secretKeyRef": {"name": "s", "key": "k"}, "configMapKeyRef": {"name": "c", "key": "k"}},
                {"configMapKeyRef": {"key": ".."}},
                {"fileKeyRef": {"volumeName": "v1", "path": "p", "key": "K"}},
            ],
        )
        return made

    container["env"] = [one() for _ in range(rng.choice((1, 2, 2, 3)))]
    put(
        container,
        rng,
        envFrom=[
            ...,
            ...,
            [{"prefix": "P_"}],
            [{"prefix": "1", "secretRef": {"name": "s"}}],
            [{"secretRef": {"name": "s"}, "configMapRef": {"name": "c"}}],
        ],
    )


@combo
def names(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    copy = {**container}
    pod["containers"].append(copy)
    put(copy, rng, name=[container.get("name"), "b", "", "A"])
    put(
        pod,
        rng,
        imagePullSecrets=[..., ..., [{"name": "a"}, {"name": "a"}], [{"name": ""}], [{}]],
        terminationGracePeriodSeconds=[..., ..., -1, 0],
        activeDeadlineSeconds=[..., ..., 0, 1, -1, 2147483648],
        serviceAccount=[..., ..., "b"],
        serviceAccountName=[..., ..., "a"],
        hostname=[..., ..., "a.b"],
        preemptionPolicy=[..., ..., "Never", "x"],
        priority=[..., ..., 5],
    )


@combo
def projected(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    def source() -> Tree:
        return rng.choice(
            [
                {
                    "secret": {
                        "name": "s",
                        "items": [{"key": rng.choice(["a", "b", "..", ""]), "path": rng.choice(["a", "b", "../x", "/x", ""])}],
                    }
                },
                {"configMap": {"name": rng.choice(["c", ""]), "items": [{"key": "a", "path": "a"}]}},
                {
                    "downwardAPI": {
                        "items": [
                            {
                                "path": rng.choice(["a", "n"]),
                                "fieldRef": {"fieldPath": rng.choice(["metadata.name", "status.podIP"])},
                            }
                        ]
                    }
                },
                {"serviceAccountToken": {"path": rng.choice(["a", "t", ""]), "expirationSeconds": rng.choice([599, 600])}},
                {
                    "clusterTrustBundle": {
                        "path": rng.choice(["a", "p"]),
                        **rng.choice(
                            [
                                {"name": "x"},
                                {"signerName": "a.b/c"},
                                {"name": "x", "signerName": "a.b/c"},
                                {"signerName": "a.b/c", "labelSelector": {}},
                                {},
                            ]
                        ),
                    }
                },
                {
                    "podCertificate": {
                        "signerName": "a.b/c",
                        "keyType": rng.choice(["ED25519", "x"]),
                        **rng.choice(
                            [
                                {"credentialBundlePath": "p"},
                                {"keyPath": "k"},
                                {"keyPath": "k", "certificateChainPath": "c"},
                                {},
                                {"keyPath": "a", "certificateChainPath": "a"},
                            ]
                        ),
                    }
                },
                {},
                {"secret": {"name": "s"}, "configMap": {"name": "c"}},
            ]
        )

    items(pod, "volumes").append(
        {
            "name": "proj",
            "projected": {
                "sources": [source() for _ in range(rng.choice((0, 1, 2, 2, 3)))],
                **rng.choice([{}, {"defaultMode": rng.choice([0, 511, 512])}]),
            },
        }
    )


@combo
def affinity(spec: Tree, pod: Tree, container: Tree, rng: Random) -> None:
    def term() -> Tree:
        made: Tree = {}
        put(
            made,
            rng,
            topologyKey=["zone", "zone", "", ...],
            labelSelector=[
                {"matchLabels": {"app": "x"}},
                ...,
                {},
                {"matchExpressions": [{"key": "app", "operator": "In", "values": ["x"]}]},
            ],
            namespaceSelector=[..., ..., {}, {"matchLabels": {"a b": "c"}}],
            namespaces=[..., ..., ["a"], ["A"]],
            matchLabelKeys=[..., ..., ["app"], ["b"], ["b", "b"]],
            mismatchLabelKeys=[..., ..., ["app"], ["b"], ["c"]],
        )
        return made

    def node() -> Tree:
        made: Tree = {}
        requirement = {
            "key": rng.choice(["a", "metadata.name", "a b", ""]),
            "operator": rng.choice(["In", "Exists", "Gt", "DoesNotExist", "x"]),
            **rng.choice([{}, {"values": ["5"]}, {"values": ["a", "b"]}, {"values": ["x"]}]),
        }
        put(made, rng, matchExpressions=[..., [requirement], []], matchFields=[..., ..., [requirement]])
        return made

    made = pod["affinity"] = {}
    required, preferred = "requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution"
    for side in ("podAffinity", "podAntiAffinity"):
        if rng.random() < 0.5:
            made[side] = rng.choice(
                [{required: [term()]}, {preferred: [{"weight": rng.choice([0, 1, 100, 101]), "podAffinityTerm": term()}]}, {}]
            )
    if rng.random() < 0.5:
        made["nodeAffinity"] = rng.choice(
            [
                {required: {"nodeSelectorTerms": [node() for _ in range(rng.choice((0, 1, 2)))]}},
                {preferred: [{"weight": rng.choice([0, 1, 100, 101]), "preference": node()}]},
                {},
            ]
        )
    if isinstance(spec["template"].get("metadata", {}), dict):
        spec["template"].setdefault("metadata", {})["labels"] = {"app": "x"}
