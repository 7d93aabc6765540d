"""The requests of the Kubernetes client for Python, by the names of its methods; knows the client (version 31) alone."""

from __future__ import annotations

import re

from joblint.shell.kubectl import Call, resource_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST = 20_000  # characters: a longer text is not a script on a command line
_METHOD = re.compile(r"\.((create|delete_collection|delete|patch|replace|list|read)_(?:namespaced_)?([a-z_]{2,40}))\(")
_VERBS = {"replace": "update", "read": "get", "delete_collection": "deletecollection"}
_PARTS = ("scale", "status", "log", "eviction", "exec")


def client_calls(text: str) -> Iterator[Call]:
    """Yield what `v1.delete_namespaced_pod(…)` and similar calls need; resources that are not known are left out."""
    if "kubernetes" not in text or len(text) > _MOST or "load_kube_config" in text:
        return
    seen: set[str] = set()
    for method, verb, noun in _METHOD.findall(text):
        if method in seen:
            continue
        seen.add(method)
        stem, _, part = noun.rpartition("_")
        if part not in _PARTS or not stem:
            stem, part = noun, ""
        known = resource_of(stem.removesuffix("_for_all_namespaces").replace("_", ""))
        if known is None:
            continue
        group, resource = known
        every = noun.endswith("_for_all_namespaces")
        needs = ((_VERBS.get(verb, verb), group, f"{resource}/{part}" if part else resource, ""),)
        yield Call(method, needs, "*" if every else "", verb=verb)
