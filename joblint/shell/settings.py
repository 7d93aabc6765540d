"""The file in which a command stores settings or credentials: a kubeconfig, the configuration of mc, docker and others.

Source: client-go tools/clientcmd (a lock file is created next to the kubeconfig), the documentation of the programs. rclone is
not among them: it only reports that it cannot save its configuration, and goes on.
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence as Words


class _Stored(Record):
    """The words of a command, the options and the variables that name its file, a file below the directory that they name, and
    the file if none names one."""

    words: tuple[str, ...]
    verbs: frozenset[str]
    options: tuple[str, ...]
    variables: tuple[str, ...]
    below: str
    default: str


_KUBECONFIG = (("--kubeconfig",), ("KUBECONFIG",), "", "~/.kube/config")
_SETS = names("set set-context set-cluster set-credentials use-context unset delete-context delete-cluster rename-context")
_STORED: dict[str, tuple[_Stored, ...]] = {
    "kubectl": (_Stored(("config",), _SETS, *_KUBECONFIG),),
    "oc": (_Stored(("config",), _SETS, *_KUBECONFIG), _Stored(("login",), frozenset(), *_KUBECONFIG)),
    "aws": (
        _Stored(("eks", "update-kubeconfig"), frozenset(), *_KUBECONFIG),
        _Stored(("configure",), names("set"), (), ("AWS_CONFIG_FILE",), "", "~/.aws/config"),
    ),
    "gcloud": (
        _Stored(("container", "clusters", "get-credentials"), frozenset(), (), ("KUBECONFIG",), "", "~/.kube/config"),
        _Stored(("config",), names("set unset"), (), ("CLOUDSDK_CONFIG",), "configurations", "~/.config/gcloud/configurations"),
    ),
    "mc": (
        _Stored(
            ("alias",),
            names("set remove rm import"),
            ("--config-dir", "-C"),
            ("MC_CONFIG_DIR",),
            "config.json",
            "~/.mc/config.json",
        ),
    ),
    "docker": (_Stored(("login",), frozenset(), ("--config",), ("DOCKER_CONFIG",), "config.json", "~/.docker/config.json"),),
    "helm": (
        _Stored(
            ("repo",),
            names("add remove"),
            ("--repository-config",),
            ("HELM_REPOSITORY_CONFIG",),
            "",
            "~/.config/helm/repositories.yaml",
        ),
    ),
}


def stored(name: str, rest: Words[str], env: dict[str, str]) -> str:
    """Return the file in which a command stores settings, `~/…` in the home directory; "" for none, or if it is not known."""
    plain = [w for w in rest if not w.startswith("-")]
    for each in _STORED.get(name, ()):
        if tuple(plain[: len(each.words)]) != each.words:
            continue
        if each.verbs and each.verbs.isdisjoint(plain[len(each.words) : len(each.words) + 1]):
            continue
        for i, word in enumerate(rest):
            option, sign, own = word.partition("=")
            if option in each.options:
                found = own if sign else rest[i + 1] if i + 1 < len(rest) else ""
                return _below(found, each.below)
        for variable in each.variables:
            if variable in env:
                return _below(env[variable], each.below) if ":" not in env[variable] else ""
        return each.default
    return ""


def _below(folder: str, name: str) -> str:
    return f"{folder.rstrip('/')}/{name}" if folder and name else folder
