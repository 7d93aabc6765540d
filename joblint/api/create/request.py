"""What kubectl does before the API server sees an object: refuse it for its kind or version, or fill in its namespace.

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
_GROUP = "batch"


def refusal(value: dict[str, Any]) -> str | None:
    """kubectl's words for an object that it does not send as a Job or CronJob, or None where that is not joblint's business.

    Its business are the kinds Job and CronJob in a version that no server has, every kind in the group batch, and an
    object that names only one of kind and group. A Job of somebody's own group (`batch.volcano.sh/v1alpha1`) is theirs.
    """
    kind, api_version = value.get("kind"), value.get("apiVersion")
    ours = kind in KINDS or (isinstance(api_version, str) and api_version.partition("/")[0] == _GROUP)
    if not ours or (isinstance(api_version, str) and _custom(api_version)):
        return None
    for name, text in (("apiVersion", api_version), ("kind", kind)):
        if text is None:
            return f"error validating data: {name} not set"
        if not isinstance(text, str):
            return f"error validating data: {name} isn't string type"
        if name == "apiVersion" and text.count("/") > 1:
            return f"error validating data: unexpected GroupVersion string: {text}"
    if not kind:
        try:
            return f"Object 'Kind' is missing in '{go_json(_sorted(value))}'"
        except RecursionError:  # nested deeper than Python goes
            return "Object 'Kind' is missing"
    return f"no matches for kind {go_quote(str(kind))} in version {go_quote(str(api_version))}"


def _custom(api_version: str) -> bool:
    """Whether this may well be a resource that somebody defined: a group of their own domain, and a proper version."""
    group, slash, version = api_version.partition("/")
    number = version[1:].replace("alpha", ".").replace("beta", ".")
    proper = version[:1] == "v" and number.count(".") <= 1 and all(p.isascii() and p.isdigit() for p in number.split("."))
    return bool(slash) and "." in group and not group.endswith(".k8s.io") and proper


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _sorted(value[k]) for k in sorted(value, key=str)}
    return [_sorted(v) for v in value] if isinstance(value, list) else value


def sent(value: dict[str, Any]) -> dict[str, Any]:
    """The object as kubectl sends it: a namespace that is no text, or empty, is replaced by the one in use.

    The given object is not changed.
    """
    metadata = value.get("metadata")
    if isinstance(metadata, dict) and "namespace" in metadata:
        namespace = metadata["namespace"]
        if not isinstance(namespace, str) or not namespace:
            return {**value, "metadata": {k: v for k, v in metadata.items() if k != "namespace"}}
    return value
