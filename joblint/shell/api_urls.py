"""What a request to the API server by its URL needs: `curl https://kubernetes.default/apis/apps/v1/namespaces/a/deployments/b`.

Source: Kubernetes 1.36.3 staging/src/k8s.io/apiserver pkg/endpoints/request/requestinfo.go.
"""

from __future__ import annotations

from joblint.shell.kubectl import UNKNOWN, Call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence as Words

_VARIABLES = ("$APISERVER", "${APISERVER}", "$API_SERVER", "${API_SERVER}", "$KUBERNETES_", "${KUBERNETES_")
_HOSTS = ("kubernetes.default", "kubernetes/", *_VARIABLES)
_VERBS = {"PATCH": "patch", "POST": "create", "PUT": "update"}


def api_call(texts: Words[str]) -> Call | None:
    """Return what a call of curl with these words needs; None if it is not a request to the API server for a resource."""
    method, url = "GET", ""
    before = ""
    for text in texts:
        word = text.strip("\"'")
        if before in ("-X", "--request"):
            method = word.upper()
        elif word.startswith("-X") and len(word) > 2:
            method = word[2:].upper()
        elif word.startswith("--request="):
            method = word.partition("=")[2].upper()
        bare = word.partition("://")[2] or word
        if bare.startswith(_HOSTS) and ("/api/v1/" in bare or "/apis/" in bare):
            url = bare
        before = word
    if not url:
        return None
    path = url.partition("?")[0]
    group = ""
    if "/apis/" in path:
        group, _, rest = path.partition("/apis/")[2].partition("/")
        rest = rest.partition("/")[2]
    else:
        rest = path.partition("/api/v1/")[2]
    parts = [part for part in rest.split("/") if part]
    namespace = ""
    if parts[:1] == ["namespaces"] and len(parts) > 2:
        namespace, parts = parts[1], parts[2:]
    if not parts or not parts[0].isalpha() or "$" in group or "$" in namespace:
        return None
    resource = "/".join([parts[0], *parts[2:3]])
    name = parts[1] if len(parts) > 1 else ""
    name = UNKNOWN if "$" in name or "{" in name else name
    if method == "GET":
        verb = "get" if name else "list"
    elif method == "DELETE":
        verb = "delete" if name else "deletecollection"
    else:
        verb = _VERBS.get(method, "")
    if not verb:
        return None
    told = f"curl -X {method} …/{'/'.join(parts[:2])}" if method != "GET" else f"curl …/{'/'.join(parts[:2])}"
    return Call(told, ((verb, group, resource, name),), namespace)
