"""Values that fields are tried with: what is right, what is nearly right, and what is out of bounds; data only."""

from __future__ import annotations

from typing import Any, NamedTuple


class Raw(NamedTuple):
    """YAML text that stands in the manifest as it is: a scalar's form is what is tried."""

    text: str


# fmt: off

LONG = {n: "a" * n for n in (52, 53, 58, 63, 64, 253, 254, 316, 317)}

RAW_SCALARS = [
    Raw(t)
    for t in ["yes", "no", "on", "off", "y", "n", "Y", "N", "Yes", "No", "On", "Off", "YES", "NO", "ON", "OFF", "true",
        "True", "TRUE", "tRUE", "false", "False", "FALSE", "~", "null", "Null", "NULL", "nULL", "0644", "0o17", "0O17", "017",
        "08", "09", "00", "0_1", "1_000", "1__0", "_1", "1_", "0x1F", "0X1f", "0xG", "0b11", "0b2", "0b", "-0x1F", "+0x1F",
        "-0b1", "+5", "-0", "+0", "++5", "5.", ".5", "-.5", "+.5", ".", "..", "1e3", "1E3", "1e+3", "1e-3", "1e", "12e03",
        "1.5e3", "9.0e+18", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
        "18446744073709551615", "18446744073709551616", "1e400", "-1e400", "123456789012345678901234567890", "0.1", "3.0",
        "3.5", "1.0", "0.0", "-0.0", "1e20", "1e21", "1e-7", ".inf", "-.inf", "+.inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN",
        "1:30", "190:20:30", "2001-01-01", "2001-12-14t21:59:43.10-05:00", "=", "<<", "@x", "`x", "*nope", "&a", "&a3", "'5'",
        '"5"', "''", '""', "'true'", '"0644"', '"\\u00e9"', '"\\x41"', '"\\n"', '"\\q"', "'it''s'", "[]", "{}", "[1]",
        "{a:b}", "[~]", "{}", "%", "%x", "!x", "!!x", "!!str", "!!str3", "-", "?", ":", "|", ">", ">-", "|+", "|2", "é", "日本",
        "😀", "\u2028", "\ufeff", "a\tb", "\ta"]
] + [
    Raw(t)
    for t in (
        "&a 3", "!!str 3", "!!str", "!!int \"3\"", "!!int 3", "!!float 3", "!!float \"1.5\"", "!!bool yes", "!!bool \"true\"",
            "!!null ''",
        "!!binary aGk=", "!!binary \"!\"", "!!timestamp 2001-01-01", "!!set {a}", "!local x", "!<tag:yaml.org,2002:str> 5",
            "# c", "5 # c",
        "5#c", "a b", "a: b", "a :b", "{a: b}", "{a: 1, a: 2}", "[a, b", "{a: b", "'x", '"x', "'x' y", "|\n", ">\n",
            "[1, 2,]", "{a: b,}",
        "? a", "a,b", "[a: b]", "{? a : b}", "{a}", '{"a":1}', '{"a"}', "-1 ", "- a", "2001-01-01 10:00:00", "!!map {}",
            "!!seq []", "!!str []",
        "!!str {a: b}", "!!int []", "!!int abc", "!!bool 5", "!!merge x", "&x", "&x ~", "\"a\\\n  b\"", "\"tab\\t\"",
            "\"\\U0001F600\"", "\"\\ud83d\"",
    )
]

STRINGS = [
    "", " ", "a", "x", "x/", "/x", "a/b", "a/b/c", "a.b", "A", "A_b", "a_b", "a-b", "-a", "a-", ".a", "a.", "a..b", "a b",
        " a", "a ", "a\n", "\n",
    "0", "1", "5", "-1", "0644", "yes", "true", "null", "1.5", "1e3", "latest", "example.com", "example.com/x",
        "Example.com/x", "kubernetes.io/x",
    "a.b/c", "a.b/", "a.b/c_d", "-/a", "%x", "a%b", "é", "日本", "\U0001f600", "\x00", "\x1b[31m", "\u2028", "<&>", "\"q\"",
        "a\\b", "$(X)", "${X}", "$X",
    "../x", "..", ".", "..data", "a/../b", "a:b", "a=b", "C:\\x", "/", "//", "/a", "/a/", "https://a.b/c", "Never", "Always",
        "Job", "Indexed", "None", "In",
    *LONG.values(), LONG[63] + "." + LONG[63], LONG[63] + "/" + LONG[63], "a" * 253 + "/" + "b" * 63,
        "a" * 254 + "/" + "b" * 64, "1" * 63, "1a", "a1",
]

INTS = [
    0, 1, -1, 2, 3, 5, 10, 20, 60, 64, 80, 99, 100, 101, 255, 256, 300, 420, 511, 512, 777, 1000, 1023, 1024, 8080, 10000,
        10001, 65535, 65536, 100000, 100001,
    1000000, 2147483646, 2147483647, 2147483648, -2147483648, -2147483649, 4294967295, 4294967296, 9223372036854775807,
        9223372036854775808, -9223372036854775808, -9223372036854775809,
    18446744073709551615, 18446744073709551616, 10**30,
]

ANY: list[Any] = [None, True, False, 0, 1, -1, 5, 3.5, 1000.0, 0.5, 1e20, 1e21, 1e-7, -0.0, "", "5", "true", "abc", [], {},
    [1], ["a"], [None], {"a": "b"}, {"name": "a"}, [{"name": "a"}],
                  {"labels": {"a": "b"}}, [[]], [{}], {"": ""}, {"a": None}, {"spec": {}}, "a b", "Never", "0 0 * * *",
                      2147483648, 9223372036854775808]

QUANTITIES: list[Any] = [
    "0", "1", "100m", "1500m", "0.5", ".5", "5.", "1.5", "64Mi", "128Mi", "1Gi", "1.5Gi", "1G", "1GB", "1g", "1k", "1K",
        "1Ki", "1M", "1m", "1u", "1n", "0.1n", "1p", "1P", "1Pi", "1E", "1Ei", "1e3",
    "1E3", "1e-3", "1e100", "1e", "-1", "-1Gi", "+1", "- 1", " 1", "1 ", "1 Gi", "", "a", "*", "1Mib", "1MiB", "0x1", "1_000",
        "1,5", "1.5.5", "8Ei", "9Ei", "16Ei", "9223372036854775807", "9223372036854775808", "12345678901234567890123",
        "0.001",
    "0.0001", "1.23456789m", "0m", "-0", "00100", "1e18", "1e19", "999999999999999999999999999999999999E", "1Gi1", "Gi", "m",
        "1000m", "2000m", "1024Ki", "2Mi", "4Mi", "1.5Mi", "3k", "NaN", "inf",
    0, 1, 2, 5, -1, 0.5, 1.5, 0.1, 100, 1000000, 1e3, 1e20, 10**20, 9223372036854775807, True, None, [], {},
]

RESOURCES = ["cpu", "memory", "ephemeral-storage", "storage", "pods", "hugepages-2Mi", "hugepages-1Gi", "hugepages-",
    "hugepages-x", "nvidia.com/gpu", "example.com/a_b", "kubernetes.io/x", "requests.cpu",
             "limits.cpu", "requests.nvidia.com/gpu", "requests.example.com/x", "gpu", "CPU", "Memory", "", "a/b/c", "a b",
                 "attachable-volumes-x", "requests.storage", "count/pods", "example.com/" + "a" * 63,
                 "example.com/" + "a" * 64]

SCHEDULES = [
    "* * * * *", "*/5 * * * *", "0 0 * * *", "0 3 * * 1-5", "0 0 1 1 *", "@hourly", "@daily", "@midnight", "@weekly",
        "@monthly", "@yearly", "@annually", "@every 1h", "@every 1h30m", "@every 0s", "@every -1h", "@every 1", "@every",
        "@every 5 m",
    "@every 1d", "@every 1.5h", "@every 1us", "@every 1ns", "@every 9999999h", "@reboot", "@nope", "@Daily", "@daily ",
        " @daily", "", " ", "*", "* * * *", "* * * * * *", "60 * * * *", "0 24 * * *", "0 0 0 * *", "0 0 32 * *", "0 0 * 0 *",
        "0 0 * 13 *",
    "0 0 * * 7", "0 0 * * 8", "0 0 * * SUN", "0 0 * * sun", "0 0 * * Sunday", "0 0 * * MON-FRI", "0 0 * * FRI-MON",
        "0 0 * jan *", "0 0 * JAN-DEC *", "0 0 * foo *", "0 0 31 2 *", "0 0 L * *", "0 0 * * 5L", "0 0 15W * *",
        "0 0 * * 1#2", "H * * * *",
    "? * * * *", "0 0 ? * ?", "5/15 * * * *", "*/0 * * * *", "*/90 * * * *", "*/61 * * * *", "1-5/2 * * * MON", "5-1 * * * *",
        "1,2,3 * * * *", "1,,2 * * * *", ",1 * * * *", "1, * * * *", ", * * * *", "1-2-3 * * * *", "*/5/2 * * * *",
        "-1 * * * *", "+1 * * * *",
    "1- * * * *", "-5 * * * *", "a * * * *", "1.5 * * * *", "*-5 * * * *", "*/ * * * *", "/5 * * * *", "0 0 * * *\n",
        "0\t0\t*\t*\t*", "0  0 * * *", " 0 0 * * * ", "TZ=UTC 0 0 * * *", "CRON_TZ=UTC 0 0 * * *", "TZ=Mars/Base 0 0 * * *",
        "TZ=UTC", "TZ= 0 0 * * *",
    "0 0 * * * TZ=UTC", "cron_tz=UTC 0 0 * * *", "TZ=UTC @daily", "99999999999999999999 * * * *", "00 00 * * *",
        "0x1 * * * *", "59/5 * * * *", "0-59/60 * * * *", "*/1000000000 * * * *", "é * * * *", "*/5 * * * * ",
        "0 0 1-31/2 * *", "0 0 1 */3 1",
]

ZONES = ["", "UTC", "utc", "Etc/UTC", "Europe/Paris", "europe/paris", "Europe/Berlin", "America/New_York",
    "America/Argentina/Buenos_Aires", "US/Eastern", "EST", "EST5EDT", "GMT", "GMT+1", "Etc/GMT+5", "Mars/Base", "Local",
    "local", "LOCAL", "UTC+1",
         "+01:00", "Asia/Kolkata", "Asia/Calcutta", "Europe/Kyiv", "Europe/Kiev", "../etc/passwd", "/etc/localtime",
             "Factory", "zone.tab", "tzdata.zi", "Europe", "Europe/", " UTC", "UTC ", "Asia\\Tokyo", "Pacific/Kanton", "CET",
             "Zulu", "PST8PDT", "Etc/Unknown"]

INDEX_TEXTS = ["", "0", "1", "0-4", "0,2-3", "0-9", "1,2-3", "0-", "-1", "3-2", "0,0", "0-2,2", "0-2,1", "5,1", "0-99", "9",
    "10", "0,10", "a", "0,a", " 0", "0, 1", "0,,1", ",", "0-1-2", "00", "0-00", "01", "+1", "0.5", "2147483647", "2147483648",
               "99999999999999999999", "0,1,2,3,4,5,6,7,8,9", ",".join(str(n) for n in range(0, 60, 2)), "a" * 65537, "0-0",
                   "0-1,3-4,6-7", "0–3"]

PATHS = ["", "/", "/a", "a", "a/b", "/a/b", "../a", "a/../b", "/a/..", "..", ".", "./a", "a/", "/a/", "//", "/v", "/s", "/p",
    "/cfg", "/v/x", "C:\\a", "C:", "c:/a", "a:b", "/a:b", "..data", "..data/x", "..2020", "a..b", "a/..b", "$(POD)/x", "$(X",
    "/tmp", "/var/run/docker.sock",
         "/dev/x", "dev", "/" + "a" * 253, "/a b", "/é", "a\x00b", "/a\n", "~", "a" * 4097]

IPS = ["", "127.0.0.1", "1.2.3.4", "256.1.1.1", "1.2.3", "01.2.3.4", "1.2.3.04", "::1", "::", "fe80::1", "fe80::1%eth0",
    "::ffff:1.2.3.4", "2001:DB8::1", "2001:db8:0:0::1", "1.2.3.4/24", "localhost", " 1.2.3.4", "1.2.3.4:80", "[::1]",
    "0.0.0.0", "224.0.0.1", "8.8.8.8", "1.1.1.1", "::1.2.3.4", "abc"]

LABEL_KEYS = ["a", "app", "A", "a.b/c", "job-name", "controller-uid", "batch.kubernetes.io/job-name",
    "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-completion-index", "job-group", "kubernetes.io/x", "", "/",
    "a/", "/a", "a/b/c", "-a", "a-", "a b", "A/b", "a.b/" + LONG[63], "a.b/" + LONG[64],
              LONG[63], LONG[64], LONG[253] + "/a", LONG[254] + "/a", "é", "a_b", "_a", "5", "kueue.x-k8s.io/queue-name",
                  "UPPER.example.com/x", "a..b/c", "beta.kubernetes.io/os", "beta.kubernetes.io/arch",
                  "failure-domain.beta.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region"]

LABEL_VALUES: list[Any] = ["", "a", "b", "x", "z", "A", "a b", "a/b", "-a", "a-", "_a", "a_b", "a.b", "..", LONG[63],
    LONG[64], "é", "5", 5, True, None, 1.5, [], {}, "yes", "@daily", "1-5/2"]

ANNOTATION_KEYS = ["a", "a.b/c", "A.B/C", "A", "", "a/", "a/b/c", "seccomp.security.alpha.kubernetes.io/pod",
    "container.seccomp.security.alpha.kubernetes.io/m", "container.apparmor.security.beta.kubernetes.io/m",
    "container.apparmor.security.beta.kubernetes.io/none", "scheduler.alpha.kubernetes.io/critical-pod",
                   "security.alpha.kubernetes.io/sysctls", "security.alpha.kubernetes.io/unsafe-sysctls",
                       "controller.kubernetes.io/pod-deletion-cost", "kubernetes.io/config.mirror",
                       "pod.alpha.kubernetes.io/initialized", "batch.kubernetes.io/job-index-failure-count",
                       "batch.kubernetes.io/cronjob-scheduled-timestamp",
                   "kubectl.kubernetes.io/last-applied-configuration", "scheduler.alpha.kubernetes.io/node-selector",
                       "scheduler.alpha.kubernetes.io/preferAvoidPods", "scheduler.alpha.kubernetes.io/tolerations",
                       "scheduler.alpha.kubernetes.io/affinity", "net.beta.kubernetes.io/network-policy",
                       "alpha.images.k8s.io/a", LONG[64], "é"]

ANNOTATION_VALUES: list[Any] = ["", "a", "b c", "runtime/default", "unconfined", "localhost/x", "localhost/",
    "docker/default", "x", "[]", "{}", "5", "-5", "0", "00", "+5", "abc", "2147483648", 5, True, None, "é\n", "a" * 262145,
    "a" * 300000]

ENUMS: dict[str, list[str]] = {
    "PullPolicy": ["Always", "IfNotPresent", "Never"], "RestartPolicy": ["Always", "OnFailure", "Never"],
        "ContainerRestartPolicy": ["Always", "OnFailure", "Never"], "TerminationMessagePolicy": ["File",
        "FallbackToLogsOnError"],
    "Protocol": ["TCP", "UDP", "SCTP"], "URIScheme": ["HTTP", "HTTPS"], "DNSPolicy": ["ClusterFirstWithHostNet",
        "ClusterFirst", "Default", "None"], "PreemptionPolicy": ["PreemptLowerPriority", "Never"], "OSName": ["linux",
        "windows"],
    "CompletionMode": ["NonIndexed", "Indexed"], "PodReplacementPolicy": ["TerminatingOrFailed", "Failed"],
        "PodFailurePolicyAction": ["FailJob", "FailIndex", "Ignore", "Count"], "PodFailurePolicyOnExitCodesOperator": ["In",
        "NotIn"],
    "ConditionStatus": ["True", "False", "Unknown"], "PodConditionType": ["DisruptionTarget", "Ready", "PodScheduled",
        "ContainersReady", "Initialized", "example.com/x", "a b", ""], "ConcurrencyPolicy": ["Allow", "Forbid", "Replace"],
    "TaintEffect": ["NoSchedule", "PreferNoSchedule", "NoExecute"], "TolerationOperator": ["Exists", "Equal", "Lt", "Gt"],
        "NodeSelectorOperator": ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"], "LabelSelectorOperator": ["In",
        "NotIn", "Exists", "DoesNotExist"],
    "UnsatisfiableConstraintAction": ["DoNotSchedule", "ScheduleAnyway"], "NodeInclusionPolicy": ["Honor", "Ignore"],
        "SeccompProfileType": ["RuntimeDefault", "Unconfined", "Localhost"], "AppArmorProfileType": ["RuntimeDefault",
        "Unconfined", "Localhost"],
    "PodFSGroupChangePolicy": ["OnRootMismatch", "Always"], "SupplementalGroupsPolicy": ["Merge", "Strict"],
        "PodSELinuxChangePolicy": ["Recursive", "MountOption"], "ProcMountType": ["Default", "Unmasked"],
        "Capability": ["ALL", "NET_ADMIN", "SYS_ADMIN", "all", "CAP_SYS_ADMIN", ""],
    "StorageMedium": ["", "Memory", "HugePages", "HugePages-2Mi", "HugePages-1Gi", "HugePages-x"], "HostPathType": ["",
        "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"],
    "MountPropagationMode": ["None", "HostToContainer", "Bidirectional"], "RecursiveReadOnlyMode": ["Disabled", "IfPossible",
        "Enabled"], "AzureDataDiskCachingMode": ["None", "ReadOnly", "ReadWrite"], "AzureDataDiskKind": ["Shared",
        "Dedicated", "Managed"],
    "PersistentVolumeAccessMode": ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"],
        "PersistentVolumeMode": ["Filesystem", "Block"], "ResourceResizeRestartPolicy": ["NotRequired", "RestartContainer"],
        "ResourceName": ["cpu", "memory", "ephemeral-storage"],
    "ContainerRestartRuleAction": ["Restart", "RestartAllContainers"], "ContainerRestartRuleOnExitCodesOperator": ["In",
        "NotIn"], "Signal": ["SIGTERM", "SIGKILL", "SIGUSR1", "SIGINT", "SIGRTMIN+1", "TERM", "15"],
    "JobConditionType": ["Complete", "Failed"], "ManagedFieldsOperationType": ["Apply", "Update"], "UID": ["u", "1111", "",
        "11111111-2222-3333-4444-555555555555"],
}

MANAGERS = ["kubernetes.io/job-controller", "example.com/x", "kueue.x-k8s.io/multikueue", "x", "", "a/b", "Example.com/X",
    "a.b/c/d", "a.b/", "/a", "example.com/" + "a" * 63, "example.com/" + "a" * 64, LONG[63] + ".com/x", "a_b.com/x"]

FIELD_PATHS = ["metadata.name", "metadata.namespace", "metadata.uid", "metadata.labels", "metadata.annotations",
    "metadata.labels['a']", "metadata.annotations['a.b/c']", "metadata.labels['']", "metadata.labels['a b']",
    "metadata.labels[a]", "metadata.labels['A/B/C']", "metadata.annotations['A']", "metadata.name['a']",
               "spec.nodeName", "spec.serviceAccountName", "spec.nodeName['x']", "status.podIP", "status.podIPs",
                   "status.hostIP", "status.hostIPs", "status.phase", "spec.restartPolicy", "metadata", "", "Metadata.name",
                   "metadata.labels['a", "metadata.labels['batch.kubernetes.io/job-completion-index']", "spec.priority"]

RESOURCE_REFS = ["limits.cpu", "limits.memory", "requests.cpu", "requests.memory", "limits.ephemeral-storage",
    "requests.ephemeral-storage", "limits.hugepages-2Mi", "requests.hugepages-1Gi", "cpu", "limits", "",
    "requests.nvidia.com/gpu", "limits.CPU"]

SYSCTLS = ["kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net/ipv4/ip_local_port_range", "kernel.msgmax",
    "net.core.somaxconn", "kernel.sem", "fs.mqueue.queues_max", "a", "", "A.b", "a..b", "a b", "net.ipv4.tcp_syncookies",
    "kernel/shm_rmid_forced", "a/b.c", "net.ipv4.conf.eth0/1.forwarding"]

DNS_OPTIONS = ["ndots", "timeout", "edns0", "", "a b"]

INDEX_CODES: list[Any] = [[], [0], [1], [1, 42], [42, 1], [1, 1], [0, 1], [255], [256], [-1], [1, None], ["1"], [True],
    [2147483648], list(range(1, 256)), list(range(1, 257)), list(range(255, 0, -1)), [3.0], [3.5], None]

TIMES: list[Any] = [None, "2020-01-01T00:00:00Z", "2020-01-01T00:00:00.5Z", "2020-01-01T00:00:00+02:00", "2020-01-01", "x",
    "", 5, Raw("2020-01-01T00:00:00Z"), "2020-13-01T00:00:00Z", "2020-01-01t00:00:00z", True, {}]

UNKNOWN = ["foo", "backofLimit", "Completions", "completion", "restartpolicy", "restartPolicy", "template", "spec",
    "jobTemplate", "containers", "initContainers", "timeZone", "timezone", "schedule", "successPolicy", "backoffLimit",
    "ttlSecondsAfterFinished", "activeDeadlineSeconds", "hostname", "image", "name", "env",
           "labels", "annotations", "metadata", "status", "replicas", "selector", "nodeName", "volumes", "volumeMounts",
               "imagePullSecrets", "command", "args", "resources", "limits", "serviceAccount", "hostPath", "x y", "x.y", "",
               "é", "a/b", "Name", "NAME", "kind", "apiVersion", "a" * 100, "'q'", '"', "$patch", "$retainKeys"]
