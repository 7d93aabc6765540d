"""Well-known images whose ENTRYPOINT is a program itself, and not a script that starts what it gets; knows words alone.

Source: the images' own Dockerfiles as of 2026.
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.shell.images import name_and_tag

_AWS = names(
    "s3 s3api ec2 ecr ecs eks rds sts lambda dynamodb sns sqs cloudwatch logs ssm secretsmanager iam route53 autoscaling"
)
_KUBECTL = names("get apply delete create exec rollout scale patch logs describe wait cp annotate cordon drain replace set")
_HELM = names("upgrade template lint repo pull push rollback uninstall")
_RESTIC = names("backup forget prune check init snapshots unlock restore")
_RCLONE = names("sync copy copyto move moveto bisync lsf lsd delete purge serve")
_GIT = names("clone pull push fetch commit checkout add")
_TERRAFORM = names("init plan apply destroy validate")
_MC = names("mirror mb alias admin cp ls rm")
_STRICT: dict[str, tuple[str, frozenset[str]]] = {
    "amazon/aws-cli": ("aws", _AWS),
    "public.ecr.aws/aws-cli/aws-cli": ("aws", _AWS),
    "bitnami/kubectl": ("kubectl", _KUBECTL),
    "bitnamilegacy/kubectl": ("kubectl", _KUBECTL),
    "registry.k8s.io/kubectl": ("kubectl", _KUBECTL),
    "rancher/kubectl": ("kubectl", _KUBECTL),
    "lachlanevenson/k8s-kubectl": ("kubectl", _KUBECTL),
    "alpine/helm": ("helm", _HELM),
    "restic/restic": ("restic", _RESTIC),
    "rclone/rclone": ("rclone", _RCLONE),
    "alpine/git": ("git", _GIT),
    "hashicorp/terraform": ("terraform", _TERRAFORM),
    "minio/mc": ("mc", _MC),
    "quay.io/minio/mc": ("mc", _MC),
    "flyway/flyway": ("flyway", names("migrate info validate repair baseline clean")),
    "redgate/flyway": ("flyway", names("migrate info validate repair baseline clean")),
    "migrate/migrate": ("migrate", names("up down goto force")),
    "grafana/k6": ("k6", names("run cloud archive inspect")),
    "aquasec/trivy": ("trivy", names("image fs filesystem k8s kubernetes config repo")),
    "velero/velero": ("velero", names("backup restore schedule")),
    "mikefarah/yq": ("yq", names("eval")),
    "quay.io/skopeo/stable": ("skopeo", names("copy sync inspect delete")),
    "postman/newman": ("newman", names("run")),
    "alpine/psql": ("psql", frozenset()),
    "alpine/openssl": ("openssl", names("req x509 genrsa")),
    "arigaio/atlas": ("atlas", names("migrate schema")),
    "ghcr.io/openfaas/faas-cli": ("faas-cli", frozenset()),
    "openfaas/faas-cli": ("faas-cli", frozenset()),
    "ghcr.io/fluxcd/flux-cli": ("flux", frozenset()),
    "anchore/syft": ("syft", frozenset()),
    "anchore/grype": ("grype", frozenset()),
    "gcr.io/go-containerregistry/crane": ("crane", frozenset()),
    "ghcr.io/jqlang/jq": ("jq", frozenset()),
    "zricethezav/gitleaks": ("gitleaks", frozenset()),
    "ghcr.io/gitleaks/gitleaks": ("gitleaks", frozenset()),
    "ghcr.io/aquasecurity/trivy": ("trivy", names("image fs filesystem k8s kubernetes config repo")),
    "amacneil/dbmate": ("dbmate", names("up migrate rollback")),
    "ghcr.io/amacneil/dbmate": ("dbmate", names("up migrate rollback")),
}
_IN_IMAGE = names("ls cp rm mkdir cat install commit logs mv")
"""Words of these tables that are programs of an image as well."""


def strict_entrypoint(image: str) -> str:
    """Return the program that an image always starts, whatever args are; "" where it is not known."""
    return _STRICT.get(_name(image), ("", None))[0]


def is_subcommand(image: str, word: str) -> str:
    """Return the program of an image whose subcommand a word is, if no program of the image has that name; "" if not."""
    program, words = _STRICT.get(_name(image), ("", frozenset()))
    return program if word in words and word not in _IN_IMAGE else ""


def _name(image: str) -> str:
    name, _ = name_and_tag(image)
    return name
