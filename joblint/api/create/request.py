"""What kubectl does before the API server sees an object: reject it for its kind or version, or fill in its namespace.

Knows apiVersion, kind and metadata.namespace, nothing else of an object. Source: Kubernetes 1.36.3, kubectl's
validation.getObjectKind, k8s.io/cli-runtime pkg/resource, k8s.io/apimachinery v0.36.3 pkg/runtime and pkg/api/meta/errors.go.
"""

from __future__ import annotations

from joblint.api.errors import go_json, go_quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

KINDS = ("Job", "CronJob")
API_VERSION = "batch/v1"
GROUP = "batch"


def refusal(value: object) -> str:
    """kubectl's words for something that was meant as a Job or CronJob and is not sent as one."""
    if not isinstance(value, dict):
        return "error validating data: invalid object to validate"
    kind, api_version = value.get("kind"), value.get("apiVersion")
    wrong = []
    if api_version is None:
        wrong.append("apiVersion not set")
    elif not isinstance(api_version, str):
        wrong.append("apiVersion isn't string type")
    elif api_version.count("/") > 1:
        wrong.append(f"unexpected GroupVersion string: {api_version}")
    if kind is None:
        wrong.append("kind not set")
    elif not isinstance(kind, str):
        wrong.append("kind isn't string type")
    if wrong:
        return f"error validating data: {wrong[0] if len(wrong) == 1 else '[' + ', '.join(wrong) + ']'}"
    if not kind:
        try:
            return f"Object 'Kind' is missing in '{go_json(_sorted(value))}'"
        except RecursionError:  # nested deeper than Python goes
            return "Object 'Kind' is missing"
    return f"no matches for kind {go_quote(str(kind))} in version {go_quote(str(api_version))}"


def own_group(api_version: str) -> bool:
    """Return whether this may be a custom resource: a group with a domain, and a valid version."""
    group, slash, version = api_version.partition("/")
    number = version[1:].replace("alpha", ".").replace("beta", ".")
    proper = version[:1] == "v" and number.count(".") <= 1 and all(p.isascii() and p.isdigit() for p in number.split("."))
    return bool(slash) and "." in group and not group.endswith(".k8s.io") and proper


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _sorted(value[k]) for k in sorted(value, key=str)}
    return [_sorted(v) for v in value] if isinstance(value, list) else value


def by_kubectl(message: str) -> bool:
    """Return whether a rejection with this text (`refusal`) is kubectl's own: no request was sent."""
    return message.startswith(("error validating data: ", "no matches for kind ", "Object 'Kind' is missing"))


def sent(value: dict[str, Any]) -> dict[str, Any]:
    """The object as kubectl sends it: a namespace that is not text, or empty, is replaced by the one in use.

    The given object is not changed.
    """
    metadata = value.get("metadata")
    if isinstance(metadata, dict) and "namespace" in metadata:
        namespace = metadata["namespace"]
        if not isinstance(namespace, str) or not namespace:
            return {**value, "metadata": {k: v for k, v in metadata.items() if k != "namespace"}}
    return value
