"""Hygiene and security, kept to what matters for Jobs."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.origin import Origin
    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject

_NOT_A_NAME = ("@", "$", "<", "{", "://")  # a digest, a placeholder, or what ko and similar tools fill in
_PAYLOAD = "image-registry.openshift-image-registry.svc:5000/openshift/"
_SOCKETS = ("docker.sock", "containerd.sock", "crio.sock", "cri-dockerd.sock", "podman.sock", "dockershim.sock")
_SOCKET_FOLDERS = ("/", "/run", "/var/run", "/run/containerd", "/run/crio", "/var/run/docker", "/var/run/crio")
_HOST = {"hostNetwork": "network", "hostPID": "processes", "hostIPC": "shared memory"}
_POWERS = {
    "ALL": "which gives almost root access to the node",
    "SYS_ADMIN": "which gives almost root access to the node",
    "SYS_MODULE": "which can load kernel modules on the node",
    "SYS_PTRACE": "which can read the memory of other processes",
    "SYS_RAWIO": "which gives access to the node's devices",
    "SYS_BOOT": "which can restart the node",
    "BPF": "which can load programs into the node's kernel",
    "NET_ADMIN": "which can change the network",
    "DAC_READ_SEARCH": "which can read any accessible file",
    "MAC_ADMIN": "which can change the node's security policy",
}
_SECRET_WORDS = (
    *("PASSWORD", "PASSWD", "SECRET", "TOKEN", "APIKEY", "API_KEY", "PRIVATE_KEY", "ACCESS_KEY", "SECRET_KEY", "ENCRYPTION_KEY"),
    *("SIGNING_KEY", "SECRET_KEY_BASE", "CREDENTIALS", "PASSPHRASE", "TOKEN_VALUE", "SECRET_VALUE"),
)
"""How the name of a secret ends: TOKENIZER and TOKEN_URLS do not match."""
_BASES = frozenset(("base", "bases", "components"))
_PUBLIC = names(
    "alpine busybox debian ubuntu fedora centos postgres mysql mariadb redis mongo nginx httpd python node golang perl ruby php "
    "bash docker elasticsearch openjdk eclipse-temurin influxdb rabbitmq memcached vault consul buildpack-deps"
)
"""Docker Hub's images that a name alone means."""
_NAMES_OF_SECRETS = ("CERT_SECRET", "TLS_SECRET", "PULL_SECRET", "CA_SECRET", "CERTIFICATE_SECRET", "CREDENTIALS_SECRET")
"""How a variable ends that contains the name of a Secret, if its value can be one."""
# Prefixes of values that only say where the secret is, or that it is still to be set.
_ELSEWHERE = (
    *("/", "./", "$", "<", "{", "file:", "vault:", "ref+", "op://", "arn:", "projects/", "secret:", "secrets/", "sm://", "ssm:"),
    *("gcpsm:", "awssm:", "azurekv:", "http://", "https://", "ENC["),
)
_STAND_INS = (
    *("change", "replace", "your", "example", "dummy", "fake", "placeholder", "todo", "xxx", "***", "...", "redacted", "insert"),
    *("unused", "not-used", "not_used", "ignored"),
    *("not-a", "not_a", "none", "null", "disabled", "enabled", "true", "false", "put-"),
)
_STAND_IN_IMAGES = (
    *("overrideme", "override-me", "changeme", "change-me", "replaceme", "replace-me", "replaced-by", "placeholder", "setme"),
    *("set-me", "todo", "your-image", "image-to-be", "to-be-replaced"),
)
"""How names begin that each user, or a script, replaces."""
_FILE_ENDS = (".json", ".yaml", ".yml", ".pem", ".key", ".crt", ".txt", ".p12", ".jks", ".pfx", ".env", ".cfg", ".ini", ".toml")

# Decimal numbers that look octal but are usual modes: 0640, 0644, 0700, 0770, 0777.
_DECIMAL_MODES = frozenset((416, 420, 448, 504, 511))


def image_not_pinned(s: Subject) -> Iterator[Hit]:
    """A tag that is missing or latest, without a digest; placeholders of templates are unknown."""
    for container in s.containers:
        image = container.data.get("image")
        if not isinstance(image, str) or not image or any(mark in image for mark in _NOT_A_NAME):
            continue
        if image.startswith(_PAYLOAD):
            continue  # part of the cluster's own release, without other tags
        repository, colon, tag = image.rpartition(":")
        if not colon or "/" in tag:
            repository, tag = image, ""
        if repository.rpartition("/")[2].isupper() or not repository or repository.lower().startswith(_STAND_IN_IMAGES):
            continue  # IMAGE_PLACEHOLDER is filled in later; other rules report capitals in a name, and names that are empty
        if tag in ("", "latest"):
            # In a base of kustomize a name alone is what `images:` of an overlay replaces.
            later = not tag and "/" not in image and image not in _PUBLIC and _is_base(s.document.file)
            yield s.hit(container.at + ".image", image=image, repository=repository, severity="info" if later else "")


def _is_base(file: str) -> bool:
    """Whether a file is in a base of kustomize, by the names of its directories."""
    return not _BASES.isdisjoint(file.replace("\\", "/").lower().split("/")[:-1])


def memory_limit_missing(s: Subject) -> Iterator[Hit]:
    """Only main containers; the Pod may have a limit as a whole."""
    if "memory" in as_dict(as_dict(s.pod.get("resources")).get("limits")):
        return
    for container in s.mains:
        if "memory" not in as_dict(as_dict(container.data.get("resources")).get("limits")):
            from joblint.base.words import as_quantity
            from joblint.rules.workload.memory_volumes import memory_volumes

            in_memory = sum([-(-volume.size >> 20) for volume in memory_volumes(s) if container in volume.users])
            enough = as_quantity((512 + max(0, in_memory)) << 20)
            yield s.hit(container.at + ".resources.limits", part="key", container=container.name, enough=enough)


def privileged_container(s: Subject) -> Iterator[Hit]:
    """A container with all privileges on the node."""
    for container in s.containers:
        if as_dict(container.data.get("securityContext")).get("privileged") is True:
            meant = _works_on_node(s, container)
            yield s.hit(
                container.at + ".securityContext.privileged",
                container=container.name,
                severity="info" if meant else "",
                confidence="hint" if meant else "",
            )


def _works_on_node(s: Subject, container: ContainerRef) -> bool:
    """Whether a container works on its node, so that the privileges are meant: it has the node's files, namespaces or devices."""
    if any(s.pod.get(name) is True for name in _HOST):
        return True
    own = {as_dict(v).get("name") for v in as_list(s.pod.get("volumes")) if as_dict(as_dict(v).get("hostPath"))}
    if any(as_dict(m).get("name") in own for m in as_list(container.data.get("volumeMounts"))):
        return True
    limits = as_dict(as_dict(container.data.get("resources")).get("limits"))
    builds = any(word in str(container.data.get("image")) for word in ("dind", "buildkit", "buildah", "podman"))
    return builds or any("/" in str(name) for name in limits)


def container_runtime_socket(s: Subject) -> Iterator[Hit]:
    """The socket itself, or a directory above it that is mounted as a whole."""
    for i, volume in enumerate(as_list(s.pod.get("volumes"))):
        path = as_dict(volume.get("hostPath")).get("path")
        if not isinstance(path, str):
            continue
        plain = path.rstrip("/") or "/"
        if plain.endswith(_SOCKETS) or plain in _SOCKET_FOLDERS[1:]:
            yield s.hit(f"{s.pod_at}.volumes[{i}].hostPath.path", path=path)


def host_namespace(s: Subject) -> Iterator[Hit]:
    """The node's own network, processes or memory, shared with the Pod."""
    for name, what in _HOST.items():
        if s.pod.get(name) is True:
            yield s.hit(f"{s.pod_at}.{name}", name=name, what=what)


def capabilities_added(s: Subject) -> Iterator[Hit]:
    """Capabilities that let a container leave its Pod, or see the traffic of others."""
    for container in s.containers:
        context = as_dict(container.data.get("securityContext"))
        added = as_list(as_dict(context.get("capabilities")).get("add"))
        for i, name in enumerate(added):
            plain = str(name).upper().removeprefix("CAP_")
            if plain in _POWERS:
                at = f"{container.at}.securityContext.capabilities.add[{i}]"
                # One of many, after all others were dropped, is chosen; so is one for work on the node.
                dropped = as_list(as_dict(context.get("capabilities")).get("drop"))
                chosen = plain not in ("ALL", "SYS_ADMIN") and ("ALL" in dropped or _works_on_node(s, container))
                yield s.hit(
                    at,
                    container=container.name,
                    capabilities=name,
                    meaning=_POWERS[plain],
                    severity="info" if chosen else "",
                    confidence="hint" if chosen else "",
                )


def user_not_set(s: Subject) -> Iterator[Hit]:
    """A container that runs as root unless its image sets another user."""
    context = as_dict(s.pod.get("securityContext"))
    if context.get("runAsNonRoot") or "runAsUser" in context or s.pod.get("hostUsers") is False:
        return
    for container, run in zip(s.containers, s.runs, strict=True):
        own = as_dict(container.data.get("securityContext"))
        if own.get("runAsNonRoot") or "runAsUser" in own or any(_installs(word) for word in run.words):
            continue
        yield s.hit(container.at + ".securityContext", part="key", container=container.name)


def _installs(word: str) -> bool:
    """Whether a script installs packages, which only root can do."""
    return any(tool in word for tool in ("apk add", "apt-get ", "apt install", "yum install", "dnf install", "microdnf "))


def secret_in_plain_env(s: Subject) -> Iterator[Hit]:
    """A name that suggests a secret, with a value that may be one: not a path, reference, placeholder or boolean."""
    for container in s.containers:
        for i, entry in enumerate(as_list(container.data.get("env"))):
            name, value = str(entry.get("name") or ""), entry.get("value")
            upper = name.upper().replace("-", "_").replace(".", "_").rstrip("_0123456789")
            if not isinstance(value, str) or len(value) < 4 or not upper.endswith(_SECRET_WORDS):
                continue
            plain = value.strip().lower()
            if value.startswith(_ELSEWHERE) or "$(" in value or "${" in value or plain.endswith(_FILE_ENDS):
                continue
            if plain.startswith(_STAND_INS) or value.isdigit() and len(value) < 6:
                continue
            if sum(word.strip(".,'!?").isalpha() for word in plain.split()) > 3:
                continue  # a sentence: "doesn't matter, the client has a certificate"
            if upper.endswith(_NAMES_OF_SECRETS) and value == plain and value.replace("-", "").replace(".", "").isalnum():
                continue
            if upper.endswith(("_SECRET", "_SECRET_KEY")) and _is_name_of_secret(container, name, value):
                continue
            key = name.lower().replace("_", "-")
            yield s.hit(f"{container.at}.env[{i}].value", name=name, key=key)


def _is_name_of_secret(container: ContainerRef, name: str, value: str) -> bool:
    """Whether a value is the name of a Secret (`TOKEN_SECRET: ci-token`), or of a key in one (next to `…_SECRET_NAME`)."""
    if value != value.lower() or not value.replace("-", "").replace(".", "").isalnum():
        return False
    others = {str(as_dict(entry).get("name")) for entry in as_list(container.data.get("env"))}
    if name.endswith("_KEY"):
        return name.removesuffix("_KEY") + "_NAME" in others
    return "-" in value and value.endswith(("-token", "-secret", "-secrets", "-credentials", "-creds", "-tls", "-auth"))


def unused_volume(s: Subject) -> Iterator[Hit]:
    """A volume that no container mounts: the kubelet never sets it up. Either a mount is missing, or the volume is left
    over."""
    volumes = as_list(s.pod.get("volumes"))
    if not volumes:
        return
    used: set[object] = set()
    for container in s.containers:
        for field in ("volumeMounts", "volumeDevices"):
            used.update([as_dict(m).get("name") for m in as_list(container.data.get(field))])
        for entry in as_list(container.data.get("env")):
            used.add(as_dict(as_dict(as_dict(entry).get("valueFrom")).get("fileKeyRef")).get("volumeName"))
    for i, volume in enumerate(volumes):
        if volume.get("name") not in used:
            empty = "emptyDir" in volume or "hostPath" in volume or len(volume) == 1
            severity, confidence = ("info", "hint") if empty else ("", "")
            yield s.hit(f"{s.pod_at}.volumes[{i}].name", name=volume.get("name"), severity=severity, confidence=confidence)


def token_mounted(s: Subject) -> Iterator[Hit]:
    """No finding if anything suggests the Kubernetes API: a ServiceAccount, kubectl or helm, or the name."""
    if (
        s.pod.get("automountServiceAccountToken") is False
        or s.sent_pod.get("serviceAccountName")
        or s.sent_pod.get("serviceAccount")
    ):
        return
    for container in s.containers:
        words = " ".join(
            [
                str(w)
                for w in (
                    container.data.get("image"),
                    *as_list(container.data.get("command")),
                    *as_list(container.data.get("args")),
                )
            ]
        )
        if any(w in words for w in ("kube", "helm", "k8s", "oc ", "argo", "vault", "serviceaccount")):
            return
    yield s.hit(s.pod_at + ".automountServiceAccountToken", part="key")


def mode_not_octal(s: Subject) -> Iterator[Hit]:
    """Decimal numbers that look like the usual modes: 400 … 777 of the digits 0 to 7, without a leading zero in the text."""
    for i, volume in enumerate(as_list(s.pod.get("volumes"))):
        for at, name, value in _modes(volume, f"{s.pod_at}.volumes[{i}]"):
            text = str(value)
            if (
                len(text) != 3
                or text[0] not in "4567"
                or text[1] not in "04567"
                or text[2] not in "04567"
                or value in _DECIMAL_MODES
            ):
                continue
            raw = s.document.raw(s.prefix + at)
            if raw is not None and raw.isdigit() and not raw.startswith("0"):
                from joblint.rules.fixes.compose import octal

                yield s.hit(at, name=name, value=value, octal=f"0{value:o}", fix=octal(s, at, f"0{value}"))


def _modes(volume: dict[str, object], at: str) -> Iterator[tuple[str, str, int]]:
    for kind in ("secret", "configMap", "downwardAPI", "projected"):
        source = as_dict(volume.get(kind))
        if not source:
            continue
        parts = [(f"{at}.{kind}", source)]
        for n, projected in enumerate(as_list(source.get("sources"))):
            parts += [(f"{at}.projected.sources[{n}].{k}", as_dict(v)) for k, v in as_dict(projected).items()]
        for path, part in parts:
            if isinstance(part.get("defaultMode"), int):
                yield path + ".defaultMode", "defaultMode", part["defaultMode"]
            for n, item in enumerate(as_list(part.get("items"))):
                if isinstance(as_dict(item).get("mode"), int):
                    yield f"{path}.items[{n}].mode", "mode", item["mode"]


def bare_pod(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """Pods that run once, in files that also contain Jobs."""
    from joblint.rules.finding import Hit

    if not folder.workloads:
        return
    for pod in folder.pods:
        if pod.restart_policy in ("Never", "OnFailure") and not pod.owned:
            yield pod.origin, Hit("kind", {"name": pod.origin.name})


def _versioned(name: str) -> bool:
    """Whether the digits of a name are a version or a date (`migrate-v12`, `load-1.4.2`, `import-2026-03-01`): then the similar
    objects are earlier runs, not parts of one task."""
    parts = name.replace(".", "-").split("-")
    digits = [p for p in parts if p.isdigit()]
    if any(p[:1] == "v" and p[1:].isdigit() for p in parts):
        return True
    return any(len(p) in (6, 8) or len(p) == 4 and p.startswith(("19", "20")) for p in digits) or len(digits) > 1


def many_similar_jobs(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """Five or more Jobs whose images, commands and names differ only in digits."""
    from joblint.rules.finding import Hit

    alike: dict[tuple[str, str, str], list[Origin]] = {}
    for job in folder.jobs:
        if not job.indexed and not _versioned(job.origin.name):
            name = "".join(["#" if c.isdigit() else c for c in job.origin.name]).replace("##", "#")
            alike.setdefault((job.origin.namespace, name, job.shape), []).append(job.origin)
    for group in alike.values():
        names = sorted({origin.name for origin in group}, key=lambda n: (len(n), n))
        if len(names) >= 5:
            values = {"count": len(names), "first": names[0], "last": names[-1], "parallel": min(len(names), 5)}
            yield group[0], Hit("metadata.name", values)
