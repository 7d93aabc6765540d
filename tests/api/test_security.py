"""Security contexts of Pods and containers, profiles, Windows options, and what goes with an operating system."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from joblint.api.validate.container import windows
from joblint.api.validate.pod import security as podsecurity
from tests.api.pod_helper import errors, fields


def said(**context: Any) -> list[str]:
    return [e.removeprefix("containers[0].securityContext") for e in errors({"securityContext": context})]


def pod_said(context: dict[str, Any], **pod: Any) -> list[str]:
    return [e.removeprefix("securityContext") for e in errors(pod={"securityContext": context, **pod})]


def test_ids_fit_into_31_bits() -> None:
    text = "must be between 0 and 2147483647, inclusive"
    assert said(runAsUser=-1, runAsGroup=2**31) == [
        f".runAsUser: Invalid value: -1: {text}",
        f".runAsGroup: Invalid value: 2147483648: {text}",
    ]
    assert said(runAsUser=0, runAsGroup=2**31 - 1) == []
    assert pod_said({"fsGroup": -1, "supplementalGroups": [0, 2**31]}) == [
        f".fsGroup: Invalid value: -1: {text}",
        f".supplementalGroups[1]: Invalid value: 2147483648: {text}",
    ]


def test_privileged_containers_are_the_clusters_business() -> None:
    assert said(privileged=True) == []


def test_no_escalation_and_yet_all_power() -> None:
    context = {"allowPrivilegeEscalation": False, "privileged": True, "capabilities": {"add": ["CAP_SYS_ADMIN"]}}
    shown = (
        '{"Capabilities":{"Add":["CAP_SYS_ADMIN"],"Drop":null},"Privileged":true,"SELinuxOptions":null,"WindowsOptions":null,'
        '"RunAsUser":null,"RunAsGroup":null,"RunAsNonRoot":null,"ReadOnlyRootFilesystem":null,'
        '"AllowPrivilegeEscalation":false,"ProcMount":null,"SeccompProfile":null,"AppArmorProfile":null}'
    )
    assert said(**context) == [
        f": Invalid value: {shown}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true",
        f": Invalid value: {shown}: cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN",
    ]
    assert said(**{**context, "privileged": False, "capabilities": {"add": ["SYS_ADMIN"]}}) == []


def test_unmasked_proc_needs_a_user_namespace() -> None:
    assert said(procMount="Unmasked") == [
        '.procMount: Invalid value: "Unmasked": `hostUsers` must be false to use `Unmasked`',
    ]
    assert errors({"securityContext": {"procMount": "Unmasked"}}, pod={"hostUsers": False}) == []
    assert said(procMount="None") == ['.procMount: Unsupported value: "None": supported values: "Default", "Unmasked"']


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ({"type": "RuntimeDefault"}, []),
        ({"type": "Localhost", "localhostProfile": "a/b"}, []),
        ({}, [".type: Required value: type is required when seccompProfile is set"]),
        (
            {"type": "Default"},
            ['.type: Unsupported value: "Default": supported values: "Localhost", "RuntimeDefault", "Unconfined"'],
        ),
        ({"type": "Localhost"}, [".localhostProfile: Required value: must be set when seccomp type is Localhost"]),
        (
            {"type": "Localhost", "localhostProfile": "/../a"},
            [
                '.localhostProfile: Invalid value: "/../a": must be a relative path',
                ".localhostProfile: Invalid value: \"/../a\": must not contain '..'",
            ],
        ),
        (
            {"type": "Unconfined", "localhostProfile": "a&b"},
            [
                (
                    r'.localhostProfile: Invalid value: {"Type":"Unconfined","LocalhostProfile":"a\u0026b"}: '
                    "can only be set when seccomp type is Localhost"
                )
            ],
        ),
    ],
)
def test_seccomp(profile: dict[str, Any], expected: list[str]) -> None:
    assert said(seccompProfile=profile) == [f".seccompProfile{error}" for error in expected]
    assert pod_said({"seccompProfile": profile}) == [f".seccompProfile{error}" for error in expected]


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ({"type": "Localhost", "localhostProfile": "k8s-nginx"}, []),
        ({}, [".type: Required value: type is required when appArmorProfile is set"]),
        ({"type": "x"}, ['.type: Unsupported value: "x": supported values: "Localhost", "RuntimeDefault", "Unconfined"']),
        ({"type": "Localhost"}, [".localhostProfile: Required value: must be set when AppArmor type is Localhost"]),
        (
            {"type": "Localhost", "localhostProfile": ""},
            [".localhostProfile: Required value: must be set when AppArmor type is Localhost"],
        ),
        (
            {"type": "Localhost", "localhostProfile": " a"},
            ['.localhostProfile: Invalid value: " a": must not be padded with whitespace'],
        ),
        # A unit separator is white space to Python, not to Go.
        ({"type": "Localhost", "localhostProfile": "a\x1f"}, []),
        ({"type": "Localhost", "localhostProfile": "é" * 2048}, [".localhostProfile: Too long: may not be more than 4095 bytes"]),
        (
            {"type": "RuntimeDefault", "localhostProfile": "<"},
            [r'.localhostProfile: Invalid value: "\u003c": can only be set when AppArmor type is Localhost'],
        ),
    ],
)
def test_app_armor(profile: dict[str, Any], expected: list[str]) -> None:
    assert said(appArmorProfile=profile) == [f".appArmorProfile{error}" for error in expected]
    assert pod_said({"appArmorProfile": profile}) == [f".appArmorProfile{error}" for error in expected]


def test_policies_of_a_pod() -> None:
    assert pod_said({"fsGroupChangePolicy": "x", "supplementalGroupsPolicy": "x", "seLinuxChangePolicy": "MountOption"}) == [
        '.fsGroupChangePolicy: Unsupported value: "x": supported values: "Always", "OnRootMismatch"',
        '.supplementalGroupsPolicy: Unsupported value: "x": supported values: "Merge", "Strict"',
        '.seLinuxChangePolicy: Unsupported value: "MountOption": supported values: "Recursive"',
    ]


class TestSysctls:
    @staticmethod
    def said(*names: str, **pod: Any) -> list[str]:
        found = pod_said({"sysctls": [{"name": name, "value": "1"} for name in names]}, **pod)
        return [error.removeprefix(".sysctls") for error in found]

    def test_names(self) -> None:
        assert self.said("net.core.somaxconn", "net/ipv4/conf/eth0.1/forwarding", "kernel.shm_rmid_forced") == []
        regex = r"^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$"
        assert self.said("", "Net.x", "a", "a") == [
            "[0].name: Required value",
            f'[1].name: Invalid value: "Net.x": must have at most 253 characters and match regex {regex}',
            '[3].name: Duplicate value: "a"',
        ]

    @pytest.mark.parametrize("name", ["net.ipv4.ip_forward", "net/ipv4/ip_forward"])
    def test_of_a_network_that_is_the_hosts(self, name: str) -> None:
        expected = [f"[0].name: Invalid value: \"{name}\": may not be specified when 'hostNetwork' is true"]
        assert self.said(name, hostNetwork=True) == expected
        assert self.said(name, hostIPC=True) == []

    @pytest.mark.parametrize("name", ["kernel.shmmax", "kernel/sem", "fs.mqueue.msg_max"])
    def test_of_memory_that_is_the_hosts(self, name: str) -> None:
        assert self.said(name, hostIPC=True) == [
            f"[0].name: Invalid value: \"{name}\": may not be specified when 'hostIPC' is true"
        ]
        assert self.said(name, hostNetwork=True) == []

    def test_of_the_whole_machine(self) -> None:
        assert self.said("kernel.panic", "vm.swappiness", "network.x", hostNetwork=True, hostIPC=True) == []

    @given(st.text("ab0-_./A", max_size=12) | st.text(max_size=4))
    @example("a.")
    def test_the_servers_expression_takes_the_same_names(self, name: str) -> None:
        pattern = r"([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
        assert podsecurity._is_sysctl(name) == bool(re.fullmatch(pattern, name))


class TestWindowsOptions:
    @pytest.mark.parametrize("user", ["ContainerUser", r"NT AUTHORITY\SYSTEM", r"corp.example.com\svc", r"a\b", "x" * 104])
    def test_users(self, user: str) -> None:
        assert said(windowsOptions={"runAsUserName": user}) == []

    @pytest.mark.parametrize(
        ("user", "complaint"),
        [
            ("", " cannot be an empty string"),
            ("a\tb", " cannot contain control characters"),
            (r"a\b\c", " cannot contain more than one backslash"),
            ("x" * 256 + r"\u", "'s Domain length must be under 256 characters"),
            (r".net\u", "'s Domain doesn't match the NetBios nor the DNS format"),
            ("domain\\", "'s User cannot be empty"),
            ("x" * 105, "'s User length must not be longer than 104 characters"),
            (". .", "'s User cannot contain only periods or spaces"),
            ("a@b", "'s User cannot contain the following characters: \"/\\:;|=,+*?<>@[]"),
        ],
    )
    def test_no_users(self, user: str, complaint: str) -> None:
        found = said(windowsOptions={"runAsUserName": user})
        assert found and found[0].startswith(".windowsOptions.runAsUserName: Invalid value: ")
        assert f": runAsUserName{complaint}" in [error[error.rindex(": runAs") :] for error in found]

    def test_credential_specs(self) -> None:
        found = said(windowsOptions={"gmsaCredentialSpecName": "", "gmsaCredentialSpec": ""})
        assert found[0].startswith('.windowsOptions.gmsaCredentialSpecName: Invalid value: "": a lowercase RFC 1123 subdomain')
        assert found[1:] == [
            '.windowsOptions.gmsaCredentialSpec: Invalid value: "": gmsaCredentialSpec cannot be an empty string'
        ]
        (found_long,) = said(windowsOptions={"gmsaCredentialSpec": "x" * 65537})
        assert found_long.endswith("gmsaCredentialSpec size must be under 64 KiB")

    @given(st.text('ab.-\\/:*?"<>|', max_size=20))
    @example("exactly15chars1")
    @example("x" * 64 + ".a")
    def test_the_servers_expressions_take_the_same_domains(self, domain: str) -> None:
        label = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
        assert windows._is_dns_domain(domain) == bool(re.fullmatch(rf"{label}(?:\.{label})*", domain))
        netbios = r'[^\\/:\*\?"<>|\.][^\\/:\*\?"<>|]{0,14}'
        assert windows._is_netbios_domain(domain) == bool(re.fullmatch(netbios, domain))

    def test_host_processes_are_all_or_none_and_on_the_hosts_network(self) -> None:
        process = {"securityContext": {"windowsOptions": {"hostProcess": True}}}
        assert errors(process, init={}) == [
            (
                'spec.template.spec: Invalid value: "": '
                "If pod contains any hostProcess containers then all containers must be HostProcess containers"
            ),
            "hostNetwork: Invalid value: false: hostNetwork must be true if pod contains any hostProcess containers",
        ]
        assert errors(process, init=process, pod={"hostNetwork": True}) == []
        assert errors(pod={**process, "hostNetwork": True}) == []

    def test_a_container_may_not_contradict_its_pod(self) -> None:
        no = {"securityContext": {"windowsOptions": {"hostProcess": False}}}
        yes = {"securityContext": {"windowsOptions": {"hostProcess": True}}}
        assert errors(no, pod={**yes, "hostNetwork": True}) == [
            (
                "containers[0].securityContext.windowsOptions.hostProcess: Invalid value: false: "
                "pod hostProcess value must be identical if both are specified, was true"
            )
        ]


class TestOperatingSystem:
    def test_names(self) -> None:
        assert errors(pod={"os": {"name": "Linux"}}) == ['os: Unsupported value: "Linux": supported values: "linux", "windows"']
        assert errors(pod={"os": {"name": ""}}) == ["os.name: Required value"]

    def test_linux_has_no_windows_options(self) -> None:
        options = {"securityContext": {"windowsOptions": {}}}
        assert errors(options, init=options, pod={**options, "os": {"name": "linux"}}) == [
            f"{where}securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod"
            for where in ("", "initContainers[0].", "containers[0].")
        ]

    def test_what_windows_has_not(self) -> None:
        context = {"runAsUser": 0, "capabilities": {}, "privileged": False, "windowsOptions": {}, "runAsNonRoot": True}
        pod = {
            "os": {"name": "windows"},
            "hostUsers": True,
            "hostPID": True,
            "hostIPC": False,
            "shareProcessNamespace": False,
            "securityContext": {"fsGroup": 1, "sysctls": [], "supplementalGroups": [], "windowsOptions": {}},
        }
        text = "Forbidden: cannot be set for a windows pod"
        assert errors({"securityContext": context}, pod=pod) == [
            f"hostUsers: {text}",
            f"hostPID: {text}",
            f"securityContext.fsGroup: {text}",
            f"shareProcessNamespace: {text}",
            # An empty list counts here, where the empty list of sysctls does not.
            f"securityContext.supplementalGroups: {text}",
            f"containers[0].securityContext.capabilities: {text}",
            f"containers[0].securityContext.privileged: {text}",
            f"containers[0].securityContext.runAsUser: {text}",
        ]


def test_without_host_users_no_other_namespace_is_the_hosts() -> None:
    pod = {"hostUsers": False, "hostNetwork": True, "hostPID": True, "hostIPC": True}
    device = {"volumeDevices": [{"name": "d", "devicePath": "/dev/x"}]}
    volumes = [{"name": "d", "persistentVolumeClaim": {"claimName": "c"}}]
    assert errors(init=device, pod={**pod, "volumes": volumes}) == [
        "hostNetwork: Forbidden: when `hostUsers` is false",
        "HostPID: Forbidden: when `hostUsers` is false",
        "HostIPC: Forbidden: when `hostUsers` is false",
        "initContainers[0].volumeDevices: Forbidden: when `hostUsers` is false",
    ]
    assert fields(pod={**pod, "hostUsers": True}) == []


def test_one_process_namespace_for_the_pod_or_the_hosts() -> None:
    assert errors(pod={"shareProcessNamespace": True, "hostPID": True}) == [
        "securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled"
    ]
