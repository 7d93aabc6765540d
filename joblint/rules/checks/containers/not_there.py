"""What a container does not have: a Docker daemon, systemd, a server on localhost, a configured remote."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.place import short
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.mounts import mounts
from joblint.shell.images import name_and_tag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.checks.containers.clients import Called
    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject
    from joblint.rules.workload.mounts import Mount

_DAEMON = names("build push pull run ps exec images tag rmi rm stop start logs compose inspect save load network volume system")


def daemon_missing(s: Subject) -> Iterator[Hit]:
    """docker without a daemon's socket, systemctl without systemd; one finding for each container."""
    alone = len(s.mains) == 1 and not any(c.role == "sidecar" for c in s.containers)
    for i, container in enumerate(s.containers):
        env = {str(as_dict(e).get("name")) for e in as_list(container.data.get("env"))}
        whole = " ".join([w for w in s.runs[i].words if isinstance(w, str)])
        for called in calls_of(s, i):
            first = next((w for w in called.rest if w and not w.startswith("-")), "")
            if called.name == "docker" and first in _DAEMON and alone and not container.data.get("envFrom"):
                if "DOCKER_HOST" in env or "DOCKER_HOST" in whole or "dockerd" in whole or "-H" in called.rest:
                    continue
                if any(m.kind in ("hostPath", "persistentVolumeClaim") or "docker" in m.path for m in mounts(s, container)):
                    continue
                why = "no Docker daemon runs in the Pod, and no socket is mounted"
                yield call_hit(
                    s,
                    called,
                    command=short(called.text),
                    why=why,
                    better="Use a tool without a daemon: rootless BuildKit or kaniko to build an image, crane to copy one.",
                )
                break
            if called.name == "systemctl" and first and not _on_node(s, called, whole) and not container.data.get("envFrom"):
                why = "systemd does not run in a container"
                yield call_hit(s, called, command=short(called.text), why=why, better="Start the program itself.")
                break


def _on_node(s: Subject, called: Called, whole: str) -> bool:
    """Whether a command may run on the node: through nsenter, chroot, ssh, or the node's D-Bus."""
    if any(word in whole for word in ("nsenter", "chroot", "ssh ")) or s.pod.get("hostPID") is True:
        return True
    return any(m.kind == "hostPath" for c in s.containers for m in mounts(s, c))


_MESH = ("15000", "15020", "15021", "4191", "3500", "8200", "9901", "19000", "8500", "9876")
_VARIABLES = (
    *("DB_HOST", "DATABASE_HOST", "DATABASE_URL", "DB_URL", "REDIS_HOST", "REDIS_URL", "POSTGRES_HOST", "PGHOST", "MYSQL_HOST"),
    *("MONGO_URL", "MONGODB_URI", "MONGO_HOST", "RABBITMQ_HOST", "KAFKA_BROKERS", "ELASTICSEARCH_URL", "AMQP_URL", "BROKER_URL"),
)
_BACKGROUND = ("&\n", "& \n", " & ", "nohup", "ssh ", "proxy", "port-forward", "pg_ctl", "mysqld", "redis-server", "supervisord")
_LOCAL = ("http://localhost", "https://localhost", "http://127.0.0.1", "https://127.0.0.1", "localhost:", "127.0.0.1:")


def server_not_on_localhost(s: Subject) -> Iterator[Hit]:
    """localhost in a Pod in which no server runs: a database in env, a URL for curl; one finding for each container."""
    if len(s.mains) != 1 or any(c.role == "sidecar" for c in s.containers) or s.pod.get("hostNetwork") is True:
        return
    if any("inject" in key or "dapr.io" in key or "sidecar" in key for key in s.marks) or s.pod.get("hostAliases"):
        return
    for i, container in enumerate(s.containers):
        whole = "\n".join([w for w in s.runs[i].words if isinstance(w, str)])
        if any(word in whole for word in _BACKGROUND) or whole.rstrip().endswith("&"):
            continue
        hit = _in_env(s, container)
        if hit is not None:
            yield hit
            continue
        for called in calls_of(s, i):
            url = next((w for w in (*called.rest, *called.texts) if _is_local(w)), "")
            if called.name in ("curl", "wget") and url and not any(f":{port}" in url for port in _MESH):
                yield call_hit(s, called, what=f"`{short(called.text)}`", where=_host(url))
                break


def _is_local(word: str) -> bool:
    return word.strip("\"'").startswith(_LOCAL)


def _host(url: str) -> str:
    bare = url.strip("\"'").partition("://")
    return (bare[2] or bare[0]).partition("/")[0]


def _in_env(s: Subject, container: ContainerRef) -> Hit | None:
    for n, entry in enumerate(as_list(container.data.get("env"))):
        name, value = as_dict(entry).get("name"), as_dict(entry).get("value")
        if not isinstance(name, str) or not isinstance(value, str) or not name.upper().endswith(_VARIABLES):
            continue
        host = value.rpartition("@")[2] if "@" in value else value.partition("://")[2] or value
        host = host.partition("/")[0]
        if host.partition(":")[0] in ("localhost", "127.0.0.1"):
            return s.hit(f"{container.at}.env[{n}].value", what=name, where=host)
    return None


def remote_not_configured(s: Subject) -> Iterator[Hit]:
    """mc, rclone and helm with a name that nothing defines; one finding for each container."""
    for i, container in enumerate(s.containers):
        if (
            not _is_plain(container)
            or _has_configuration(s)
            or container.data.get("envFrom")
            or any(_may_configure(m) for m in mounts(s, container))
        ):
            continue
        if any("$" in str(as_dict(m).get("mountPath")) for m in as_list(container.data.get("volumeMounts"))):
            continue  # the path is filled in later
        env = {str(as_dict(e).get("name")) for e in as_list(container.data.get("env"))}
        whole = "\n".join([w for w in s.runs[i].words if isinstance(w, str)])
        for called in calls_of(s, i):
            found = _remote(called, env, whole)
            if found is not None:
                remote, effect, better = found
                yield call_hit(s, called, command=short(called.text), remote=remote, effect=effect, better=better)
                break


_PLAIN = names("minio/mc quay.io/minio/mc rclone/rclone alpine/helm alpine/k8s dtzar/helm-kubectl alpine debian ubuntu")


def _is_plain(container: ContainerRef) -> bool:
    """Whether an image is known to contain no configuration of these clients."""
    return name_and_tag(str(container.data.get("image") or ""))[0] in _PLAIN


def _has_configuration(s: Subject) -> bool:
    """Whether the Pod has a volume from which a client may be configured."""
    volumes = [as_dict(v) for v in as_list(s.pod.get("volumes"))]
    return any(not v.keys().isdisjoint(("secret", "configMap", "projected", "csi")) for v in volumes)


def _may_configure(mount: Mount) -> bool:
    """Whether a mount may bring the configuration of a client."""
    places = (".mc", "rclone", "helm")
    path = mount.path
    return mount.kind != "emptyDir" and (any(p in path for p in places) or path.startswith(("/root", "/home", "/config")))


_SYNCS = names("copy sync copyto move ls lsf delete cat rcat")
_COPIES = names("cp mirror ls rm rb mb cat pipe find stat diff mv du")


def _remote(called: Called, env: set[str], whole: str) -> tuple[str, str, str] | None:
    rest = called.rest
    plain = [w for w in rest if w and not w.startswith("-")]
    if called.name == "mc" and plain[:1] and plain[0] in _COPIES:
        if "alias set" in whole or "config host" in whole or "alias import" in whole or "--config-dir" in whole or "-C" in rest:
            return None
        for word in plain[1:]:
            first, slash, _ = word.partition("/")
            known = f"MC_HOST_{first}" in env or f"MC_HOST_{first}" in whole
            if slash and first.isalnum() and not known and first not in ("play", "tmp", "data", "backup", "backups", "home"):
                return first, "mc treats it as a directory", f"mc alias set {first} <url> $ACCESS_KEY $SECRET_KEY"
    if called.name == "rclone" and plain[:1] and plain[0] in _SYNCS:
        if "rclone config" in whole or "--config" in whole or "RCLONE_CONFIG" in env or "rclone.conf" in whole:
            return None
        for word in plain[1:]:
            first, colon, _ = word.partition(":")
            if colon and len(first) > 1 and first.replace("-", "").replace("_", "").isalnum():
                variable = f"RCLONE_CONFIG_{first.upper().replace('-', '_')}_"
                if not any(e.startswith(variable) for e in env) and variable not in whole:
                    return (
                        first,
                        "rclone fails with `didn't find section in config file`",
                        f"env:\n- {{name: {variable}TYPE, value: <type>}}    and the other options of the remote",
                    )
    if called.name == "helm" and plain[:1] and plain[0] in ("install", "upgrade", "template", "pull"):
        if "repo add" in whole or "--repo" in whole or "repository-config" in whole or "oci://" in whole:
            return None
        chart = plain[1:2] if plain[0] == "pull" else plain[2:3]
        first, slash, last = (chart[0] if chart else "").partition("/")
        named = slash and first.isalnum() and last and "/" not in last and not last.endswith(".tgz")
        if named and first not in ("charts", "chart"):
            return first, "helm fails with `repo not found`", f"helm repo add {first} <url>"
    return None
