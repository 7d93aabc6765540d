"""What a Helm command requests from the API server before anything else: the Secrets in which Helm keeps its releases.

Source: Helm 3.19 pkg/storage/driver/secrets.go (Query and List use a label selector), pkg/action/history.go, upgrade.go, list.go.
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.shell.kubectl import Call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence as Words

_CHANGES = names("install upgrade uninstall delete rollback")
_READS = names("list ls status history get")
_ELSEWHERE = ("--kubeconfig", "--kube-", "--dry-run", "-A", "--all-namespaces", "--help", "-h")


def helm_call(rest: Words[str]) -> Call | None:
    """Return what a Helm command needs; None if it is not one that reads or changes releases in a known namespace."""
    plain = [word for word in rest if not word.startswith("-")]
    if not plain or plain[0] not in _CHANGES and plain[0] not in _READS or any(word.startswith(_ELSEWHERE) for word in rest):
        return None
    namespace = ""
    for i, word in enumerate(rest):
        if word in ("-n", "--namespace"):
            namespace = rest[i + 1] if i + 1 < len(rest) else ""
        elif word.startswith("--namespace="):
            namespace = word.partition("=")[2]
        else:
            continue
        if not namespace:
            return None  # known only at run time
    needs = [("list", "", "secrets", "")]
    if plain[0] in ("install", "upgrade"):
        needs.append(("create", "", "secrets", ""))
    return Call(f"helm {plain[0]}", tuple(needs), namespace, verb=f"helm {plain[0]}")
