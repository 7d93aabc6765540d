"""Programs that well-known images do not contain; knows names of images and programs, nothing of Kubernetes.

Source: the images' own Dockerfiles as of 2026 (Docker's official images, distroless).
"""

from __future__ import annotations

from joblint.base.names import names

_TOOLS = names(
    "bash curl jq git python python3 node psql mysql mysqldump pg_dump kubectl helm aws gcloud az ssh rsync gpg make gcc"
)
_MORE = names("zip rclone restic s3cmd terraform mongodump mongosh redis-cli envsubst gsutil ansible-playbook mc")
_DEBIAN = _TOOLS - names("bash")
_DEBIAN_SLIM = names("curl wget jq git psql mysql kubectl helm aws gcloud az nc ping ssh rsync make gcc nslookup dig")
# Built from nothing or from distroless: there is no shell in them.
_FROM_SCRATCH = names(
    "registry.k8s.io/descheduler/descheduler k8s.gcr.io/descheduler/descheduler openfga/openfga "
    "registry.k8s.io/ingress-nginx/kube-webhook-certgen registry.k8s.io/external-dns/external-dns "
    "gcr.io/projectsigstore/cosign ghcr.io/sigstore/cosign/cosign cgr.dev/chainguard/static cgr.dev/chainguard/kubectl"
)
# Without a shell from this version on, if the tag is only a version: variants such as -debug and -alpine have a shell.
_WITHOUT_SHELL: dict[str, tuple[int, ...]] = {
    "ghcr.io/jqlang/jq": (),
    "ghcr.io/astral-sh/uv": (),
    "surrealdb/surrealdb": (2,),
    "velero/velero": (1, 7),
    "quay.io/coreos/etcd": (3, 5, 7),
    "gcr.io/etcd-development/etcd": (3, 5, 7),
    "grafana/mimirtool": (2, 17, 2),
    "gcr.io/cloud-sql-connectors/cloud-sql-proxy": (),
    "quay.io/argoproj/argocli": (),
    **dict.fromkeys(names("anchore/syft anchore/grype openpolicyagent/opa nats fluent/fluent-bit cloudflare/cloudflared"), ()),
    **dict.fromkeys(names("otel/opentelemetry-collector otel/opentelemetry-collector-contrib ghcr.io/zitadel/zitadel"), ()),
}
_WITH_DEBUG = names("gcr.io/kaniko-project/executor gcr.io/go-containerregistry/crane chainguard/kaniko")
_LACKS = {
    "busybox": _TOOLS | _MORE | names("apk apt-get openssl pip npm java perl"),
    "alpine": _TOOLS | _MORE | names("apt-get apt yum pip npm java openssl perl"),
    "alpine/k8s": names("openssl psql mysql node gcloud az"),
    "debian": _DEBIAN | _MORE | names("wget nc ping apk nslookup dig pip npm java openssl unzip"),
    "ubuntu": _DEBIAN | _MORE | names("wget nc ping apk nslookup dig pip npm java openssl unzip"),
    # Built from distroless or from nothing: kubectl is their only program.
    "registry.k8s.io/kubectl": _TOOLS - names("kubectl") | names("sh ash dash"),
    "rancher/kubectl": _TOOLS - names("kubectl") | names("sh ash dash"),
    **dict.fromkeys(_FROM_SCRATCH, _TOOLS | names("sh ash dash")),
    "amazon/aws-cli": names(
        "jq git psql mysql mysqldump pg_dump kubectl helm gcloud az node mongodump redis-cli tar zip unzip wget ssh rsync"
    ),
    "mcr.microsoft.com/azure-cli": names("kubectl helm psql mysql mysqldump pg_dump aws gcloud gsutil node mongodump redis-cli"),
    "curlimages/curl": _TOOLS - names("curl"),
    "alpine/git": _TOOLS - names("git ssh gpg"),
    "hashicorp/terraform": _TOOLS - names("git ssh"),
    "rclone/rclone": _TOOLS,
    "restic/restic": _TOOLS - names("ssh python python3 jq"),
    "postgres": names("curl jq git python python3 node mysql mysqldump kubectl helm aws gcloud az ssh make gcc mc rclone"),
    "redis": names("curl jq git python python3 node psql mysql mysqldump pg_dump kubectl helm aws gcloud az ssh make gcc"),
    "mysql": names("jq git node psql pg_dump kubectl helm aws gcloud az make gcc wget nc"),
    "mariadb": names("curl wget jq git python python3 node psql pg_dump kubectl helm aws gcloud az make gcc nc"),
    "mongo": names("curl wget git python python3 node psql pg_dump mysql mysqldump kubectl helm aws gcloud az make gcc nc"),
    "bitnami/kubectl": names("curl helm aws gcloud az psql mysql node"),
}
# Programs that an image does not have from a version on.
_UNTIL = {"mongo": (6, ("mongo",)), "mariadb": (11, ("mysql", "mysqldump", "mysqladmin", "mysqlcheck", "mysqld"))}
# Official images whose `alpine` tags have no bash, and whose `slim` tags have little else.
_OFFICIAL = names("python node golang ruby rust redis perl php nginx openjdk")
_LIBRARIES = (
    *("docker.io/library/", "docker.io/", "library/", "index.docker.io/library/"),
    *("public.ecr.aws/docker/library/", "mirror.gcr.io/library/"),
)
_SHELLS = names("sh bash ash dash")
# Clients that no official image of a language or a database contains.
_CLIENTS = names("aws gcloud gsutil az kubectl helm rclone restic s3cmd terraform")
_WITHOUT_CLIENTS = names(
    "postgres redis mysql mariadb mongo python node golang ruby rust php perl nginx httpd openjdk eclipse-temurin maven gradle "
    "memcached rabbitmq wordpress nextcloud valkey/valkey"
)

_ENTRYPOINTS = {
    "curlimages/curl": "curl",
    "curl/curl": "curl",
    "alpine/git": "git",
    "bitnami/git": "git",
    "minio/mc": "mc",
    "hashicorp/terraform": "terraform",
    "restic/restic": "restic",
    "rclone/rclone": "rclone",
    "grafana/k6": "k6",
    "loadimpact/k6": "k6",
    "amazon/aws-cli": "aws",
    "aws-cli/aws-cli": "aws",
    "alpine/helm": "helm",
    "bitnami/kubectl": "kubectl",
    "kubectl": "kubectl",
    "rancher/kubectl": "kubectl",
    "locustio/locust": "locust",
    "peterevans/vegeta": "vegeta",
}


# Registries whose names are their own, unlike those of a mirror or a proxy.
_PUBLIC = names(
    "docker.io index.docker.io quay.io ghcr.io gcr.io registry.k8s.io k8s.gcr.io mcr.microsoft.com cgr.dev nvcr.io "
    "registry.gitlab.com registry.access.redhat.com registry.redhat.io icr.io"
)
_COPIED = frozenset(
    [
        name
        for table in (_LACKS, _WITHOUT_SHELL, _ENTRYPOINTS, _FROM_SCRATCH, _WITH_DEBUG)
        for name in table
        if name.count("/") == 1
    ]
)
_UPSTREAM = ("registry.k8s.io/", "k8s.gcr.io/", "quay.io/", "ghcr.io/", "gcr.io/", "mcr.microsoft.com/")


def name_and_tag(image: str) -> tuple[str, str]:
    """Return an image's name without the prefixes of Docker Hub or of a mirror, and its tag ("" if it has none); the digest is
    left out."""
    path = image.partition("@")[0]
    name, colon, tag = path.rpartition(":")
    if not colon or "/" in tag:
        name, tag = path, ""
    for prefix in _LIBRARIES:
        if name.startswith(prefix):
            return name[len(prefix) :], tag
    return (original(name) if _number(tag) else "") or name, tag


def original(name: str) -> str:
    """Return the well-known image that a mirror serves by this name: harbor.example.com/proxy/rancher/kubectl; "" for none."""
    host, slash, path = name.partition("/")
    if not slash or host in _PUBLIC or "." not in host and ":" not in host:
        return ""
    for upstream in _UPSTREAM:
        before, found, rest = path.partition(upstream)
        if found and (not before or before.endswith("/")):
            return found + rest
    head, _, last = path.rpartition("/")
    project, _, owner = head.rpartition("/")
    if owner == "library" and project:
        return last
    return f"{owner}/{last}" if f"{owner}/{last}" in _COPIED else ""


def is_private(image: str) -> bool:
    """Return whether an image comes from a registry of its own, and is not a mirror's copy of a well-known one."""
    host, slash, _ = image.partition("/")
    return bool(slash) and ("." in host or ":" in host) and host not in _PUBLIC and not is_copy(image)


def is_copy(image: str) -> bool:
    """Return whether an image is known only because a mirror serves a well-known one by its name."""
    path = image.partition("@")[0]
    name, _, tag = path.rpartition(":")
    return bool(original(path if not name or "/" in tag else name))


def _number(tag: str) -> bool:
    """Whether a tag begins like a version: a mirror's own builds often have other tags."""
    return tag.removeprefix("v")[:1].isdecimal()


def entrypoint(image: str) -> str:
    """The program that a well-known image starts where only arguments are given; "" if that is not known."""
    name, _ = name_and_tag(image)
    for host in ("docker.io/", "registry.k8s.io/", "quay.io/", "public.ecr.aws/", "index.docker.io/"):
        name = name.removeprefix(host)
    return _ENTRYPOINTS.get(name, "")


_PLAIN = names(
    "python node alpine busybox debian ubuntu golang ruby rust perl php openjdk eclipse-temurin amazoncorretto amazonlinux "
    "fedora rockylinux almalinux postgres mysql mariadb redis mongo"
)


def starts_args(image: str) -> bool:
    """Whether an image has no ENTRYPOINT, or one that starts a program that args name (docker-entrypoint.sh)."""
    return name_and_tag(image)[0] in _PLAIN


def has_busybox(image: str) -> bool:
    """Whether the tools of an image are certainly those of BusyBox: Alpine, BusyBox, an image of the organization alpine, or an
    official image with a tag of Alpine."""
    name, tag = name_and_tag(image)
    if name in ("alpine", "busybox", "docker", "curlimages/curl") or name.startswith("alpine/"):
        return True
    return "alpine" in tag and (name in _OFFICIAL or name in ("postgres", "eclipse-temurin", "haproxy"))


def _version(tag: str) -> tuple[int, ...]:
    """The numbers of a tag that is only a version: v3.5.7; () for any other."""
    parts = tag.removeprefix("v").split(".")
    return tuple([int(p) for p in parts]) if all(p.isdecimal() and len(p) < 9 for p in parts) else ()


def lacks(image: str, program: str) -> str:
    """Return the short name of an image that does not contain a program; "" if it does or if that is not known."""
    name, tag = name_and_tag(image)
    if name.startswith("gcr.io/distroless/"):
        return name if program in _SHELLS and "debug" not in tag else ""
    if name in _WITH_DEBUG:
        return name if program in _SHELLS and "debug" not in tag and tag else ""
    if name in _FROM_SCRATCH and ("dev" in tag or "debug" in tag):
        return ""
    if name in _WITHOUT_SHELL and (program in _SHELLS or program in _TOOLS) and program != name.rpartition("/")[2]:
        version = _version(tag)
        since = _WITHOUT_SHELL[name]
        return (f"{name}:{tag}" if since else name) if version and version >= since else ""
    if program in _LACKS.get(name, ()):
        return name
    if program in _CLIENTS and name in _WITHOUT_CLIENTS:
        return name
    first, programs = _UNTIL.get(name, (0, ()))
    major = tag.partition(".")[0].partition("-")[0]
    if program in programs and (tag == "latest" or major.isdecimal() and int(major) >= first):
        return f"{name} with the tag {tag}"
    if name in _OFFICIAL and "alpine" in tag:
        return f"{name} with the tag {tag}" if program == "bash" or program in ("apt-get", "apt") else ""
    if name in ("python", "node") and "slim" in tag and "alpine" not in tag:
        return f"{name} with the tag {tag}" if program in _DEBIAN_SLIM or program in ("apk",) else ""
    return ""
