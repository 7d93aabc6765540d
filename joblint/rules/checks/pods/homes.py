"""Users without a home directory: a uid that the image does not know gets HOME=/, where only root can write.

Source: containerd pkg/cri/server (HOME is taken from /etc/passwd of the image, and / without an entry).
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.errexit import asked
from joblint.rules.checks.containers.place import short
from joblint.rules.checks.pods.ownership import user_of
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.mounts import mount_of, mounts
from joblint.shell.images import name_and_tag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.checks.containers.clients import Called
    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject

# Images whose /etc/passwd is known, with the users that have a home of their own there.
_HOMES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("python", "alpine", "debian", "golang", "ruby", "php", "busybox", "rust", "maven", "docker"), ()),
    **dict.fromkeys(("minio/mc", "quay.io/minio/mc", "alpine/git", "alpine/k8s", "alpine/helm", "amazon/aws-cli"), ()),
    **dict.fromkeys(("hashicorp/terraform", "google/cloud-sdk", "gcr.io/google.com/cloudsdktool/cloud-sdk"), ()),
    "node": ("1000",),
}
_NOBODY = ("65534", "99")
# Images of Debian, in which 65534 (nobody) is at home in a directory that does not exist.
_DEBIAN = names("python debian golang ruby php rust node google/cloud-sdk gcr.io/google.com/cloudsdktool/cloud-sdk maven ubuntu")
_WRITES = {
    ("git", "config"): ".gitconfig",
    ("kubectl", "config"): ".kube/config",
    ("npm", "install"): ".npm",
    ("npm", "ci"): ".npm",
    ("npm", "i"): ".npm",
    ("npm", "exec"): ".npm",
    ("pip", "install"): ".local",
    ("pip3", "install"): ".local",
    ("mc", "alias"): ".mc",
    ("mc", "config"): ".mc",
    ("helm", "repo"): ".config/helm",
    ("helm", "plugin"): ".local/share/helm",
    ("go", "build"): ".cache/go-build",
    ("go", "run"): ".cache/go-build",
    ("go", "test"): ".cache/go-build",
    ("cargo", "build"): ".cargo",
    ("aws", "configure"): ".aws",
    ("docker", "login"): ".docker",
    ("yarn", "install"): ".yarn",
    ("vault", "login"): ".vault-token",
    ("terraform", "login"): ".terraform.d",
    ("gcloud", "auth"): ".config/gcloud",
    ("gcloud", "config"): ".config/gcloud",
    ("az", "login"): ".azure",
    ("oc", "login"): ".kube/config",
    ("gh", "auth"): ".config/gh",
    ("argocd", "login"): ".config/argocd",
    ("huggingface-cli", "download"): ".cache/huggingface",
    ("huggingface-cli", "login"): ".cache/huggingface",
    ("hf", "download"): ".cache/huggingface",
}
_DOWNLOADS = ("-y", "--yes", "-p", "--package")
_OWN = {
    "npm": ("npm_config_cache", "NPM_CONFIG_CACHE"),
    "npx": ("npm_config_cache", "NPM_CONFIG_CACHE"),
    "pip": ("PYTHONUSERBASE", "PIP_TARGET", "PIP_PREFIX", "VIRTUAL_ENV"),
    "pip3": ("PYTHONUSERBASE", "PIP_TARGET", "PIP_PREFIX", "VIRTUAL_ENV"),
    "git": ("GIT_CONFIG_GLOBAL", "XDG_CONFIG_HOME"),
    "mc": ("MC_CONFIG_DIR",),
    "helm": ("HELM_CONFIG_HOME", "XDG_CONFIG_HOME", "HELM_REPOSITORY_CONFIG", "HELM_DATA_HOME"),
    "go": ("GOCACHE", "XDG_CACHE_HOME"),
    "cargo": ("CARGO_HOME",),
    "aws": ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"),
    "docker": ("DOCKER_CONFIG",),
    "kubectl": ("KUBECONFIG",),
    "yarn": ("YARN_CACHE_FOLDER",),
    "gcloud": ("CLOUDSDK_CONFIG",),
    "az": ("AZURE_CONFIG_DIR",),
    "oc": ("KUBECONFIG",),
    "gh": ("GH_CONFIG_DIR", "XDG_CONFIG_HOME"),
    "argocd": ("ARGOCD_CONFIG_DIR", "XDG_CONFIG_HOME"),
    **dict.fromkeys(("huggingface-cli", "hf"), ("HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "XDG_CACHE_HOME")),
}
_READS = names(
    "view get-contexts current-context get-clusters get-users list ls help status show dump file "
    "get-value get describe print-access-token print-identity-token token"
)
_READING = names("kubectl mc helm aws gcloud gh")
_OPTIONS = (
    "--kubeconfig",
    "--config-dir",
    "-C",
    "--target",
    "-t",
    "--prefix",
    "--root",
    "--cache",
    "--dry-run",
    "--config",
    "--local-dir",
)
_FILES = names("mkdir touch cp install ssh-keyscan tee mv echo printf cat")


def home_not_writable(s: Subject) -> Iterator[Hit]:
    """A user without a home runs a program that writes to its home; one finding for each container."""
    for i, container in enumerate(s.containers):
        user = user_of(s, container)
        if not user.isdigit() or any("configMapRef" in as_dict(e) for e in as_list(container.data.get("envFrom"))):
            continue
        env = {str(as_dict(e).get("name")) for e in as_list(container.data.get("env"))}
        whole = " ".join([w for w in s.runs[i].words if isinstance(w, str)])
        if "HOME" in env or "HOME=" in whole or "venv" in whole:
            continue
        known = _image(str(container.data.get("image") or ""))
        if known is not None and user in known:
            continue
        sure = known is not None or user in _NOBODY
        home = _home(str(container.data.get("image") or ""), user)
        if not home:
            continue
        for called in calls_of(s, i):
            path = _path(called)
            if not path or set_elsewhere(called, container, whole) or _mounted(s, container, path):
                continue
            if called.script is not None and called.command is not None and called.command.start in asked(called.script):
                continue
            writes = sure and (called.name != "npx" or _downloads(called.rest))
            yield call_hit(
                s,
                called,
                command=short(called.text),
                path=path if home == "/" else home + path,
                user=user,
                home="/, which belongs to root" if home == "/" else f"{home}, which does not exist",
                severity="" if writes else "info",
                confidence="" if writes else "hint",
            )
            break


def _downloads(rest: tuple[str, ...]) -> bool:
    """Whether npx surely downloads a package: one of the project itself is run without that."""
    named = next((w for w in rest if w and not w.startswith("-")), "")
    return any(w.partition("=")[0] in _DOWNLOADS for w in rest) or "@" in named[1:]


def _home(image: str, user: str) -> str:
    """The home directory of a user; "" for one that the user can write to."""
    if user != "65534":
        return "/"
    name, tag = name_and_tag(image)
    if name == "busybox":
        return ""
    return "/nonexistent" if name in _DEBIAN and "alpine" not in tag else "/"


def _image(image: str) -> tuple[str, ...] | None:
    return _HOMES.get(name_and_tag(image)[0])


def set_elsewhere(called: Called, container: ContainerRef, whole: str) -> bool:
    """Return whether a variable gives a program another directory than HOME; `whole` is the text of the container's command."""
    env = {str(as_dict(e).get("name")) for e in as_list(container.data.get("env"))}
    return any(v in env or v in whole for v in _OWN.get(called.name, ()))


def written_by(called: Called) -> str:
    """Return what a program writes in the home directory, as a path below it: `.kube/config`; "" for nothing."""
    first = next((w for w in called.rest if w and not w.startswith("-")), "")
    downloads = called.name == "npx" and _downloads(called.rest)
    return _path(called).lstrip("/") if downloads or (called.name, first) in _WRITES else ""


def _path(called: Called) -> str:
    """The path below / that a command writes to for a user without a home; "" for none."""
    rest = called.rest
    first = next((w for w in rest if w and not w.startswith("-")), "")
    if called.name == "git" and first == "config" and "--global" not in rest:
        return ""
    if called.name in _READING and any(w in _READS for w in rest[1:3]):
        return ""
    if called.name == "npx" and first:
        return "/.npm"
    if (called.name, first) in _WRITES:
        return "" if any(w.partition("=")[0] in _OPTIONS for w in rest) else "/" + _WRITES[called.name, first]
    if (
        called.name in ("mkdir", "touch", "cp", "install", "ssh-keyscan", "tee", "mv", "echo", "printf", "cat")
        and called.command is not None
    ):
        targets = [t for t in called.texts if called.name not in ("echo", "printf", "cat", "ssh-keyscan")]
        targets = targets[-1:] if called.name in ("cp", "install", "mv") else targets
        targets += [r.lstrip("0123456789>& ") for r in called.command.redirects if ">" in r and "<" not in r]
        for target in targets:
            for home in ("~/", "$HOME/", "${HOME}/", '"$HOME/', '"${HOME}/'):
                if target.startswith(home):
                    return "/" + target.removeprefix(home).strip('"')
    return ""


def _mounted(s: Subject, container: ContainerRef, path: str) -> bool:
    return mount_of(mounts(s, container), path) is not None
