"""The objects that a Pod template refers to by name: ConfigMaps, Secrets, claims, accounts and classes; no texts."""

from __future__ import annotations

from joblint.base import shared
from joblint.base.record import Record
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.subject import Subject


_NAMED = (
    ("serviceAccountName", "ServiceAccount", "account"),
    ("priorityClassName", "PriorityClass", "class"),
    ("runtimeClassName", "RuntimeClass", "class"),
)

_REFERRING = frozenset(("persistentVolumeClaim", "configMap", "secret", "csi", "projected"))
"""The kinds of volumes that come from another object."""


class Reference(Record):
    """An object that a Pod template refers to: its kind, its name, the key in it ("" for all), the field, and how it is used:
    env, envFrom, volume, subPath, account, claim, pull or class."""

    kind: str
    name: str
    key: str
    field: str
    use: str


def references_of(s: Subject) -> Iterator[Reference]:
    """Yield the references of an object's Pod template that are not optional; volumes only if a container mounts them."""
    for container in s.containers:
        for i, entry in enumerate(as_list(container.data.get("env"))):
            source = as_dict(as_dict(entry).get("valueFrom"))
            for word, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")) if source else ():
                found = as_dict(source.get(word))
                if found and found.get("optional") is not True:
                    at = f"{container.at}.env[{i}].valueFrom.{word}"
                    yield from _reference(kind, found.get("name"), found.get("key"), at, "env")
        for i, entry in enumerate(as_list(container.data.get("envFrom"))):
            for word, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
                found = as_dict(as_dict(entry).get(word))
                if found and found.get("optional") is not True:
                    yield from _reference(kind, found.get("name"), "", f"{container.at}.envFrom[{i}].{word}", "envFrom")
    if s.pod.get("volumes"):
        yield from _of_volumes(s)
    for field, kind, use in _NAMED:
        name = s.sent_pod.get(field)
        if isinstance(name, str) and name:
            yield Reference(kind, shared.text(name), "", shared.text(f"{s.pod_at}.{field}"), use)
    for i, entry in enumerate(as_list(s.pod.get("imagePullSecrets"))):
        yield from _reference("Secret", as_dict(entry).get("name"), "", f"{s.pod_at}.imagePullSecrets[{i}]", "pull")


def _reference(kind: str, name: Any, key: Any, at: str, use: str) -> Iterator[Reference]:
    if isinstance(name, str) and name:
        named = shared.text(key) if isinstance(key, str) else ""
        yield Reference(kind, shared.text(name), named, shared.text(at + (".key" if key else ".name")), use)


def _of_volumes(s: Subject) -> Iterator[Reference]:
    volumes = as_list(s.pod.get("volumes"))
    if all(_REFERRING.isdisjoint(as_dict(volume)) for volume in volumes):
        return
    mounted: dict[str, list[tuple[str, str]]] = {}
    for container in s.containers:
        for i, entry in enumerate(as_list(container.data.get("volumeMounts"))):
            mount = as_dict(entry)
            if isinstance(mount.get("name"), str):
                at = f"{container.at}.volumeMounts[{i}].subPath"
                mounted.setdefault(mount["name"], []).append((at, str(mount.get("subPath") or "")))
    for v, entry in enumerate(volumes):
        volume = as_dict(entry)
        uses = mounted.get(str(volume.get("name")))
        if not uses:
            continue  # a volume that no container mounts is never set up
        at = f"{s.pod_at}.volumes[{v}]"
        claim = as_dict(volume.get("persistentVolumeClaim")).get("claimName")
        if isinstance(claim, str) and claim:
            yield Reference("PersistentVolumeClaim", claim, "", at + ".persistentVolumeClaim.claimName", "claim")
        provider = as_dict(as_dict(volume.get("csi")).get("volumeAttributes")).get("secretProviderClass")
        if isinstance(provider, str) and provider:
            yield Reference("SecretProviderClass", provider, "", at + ".csi.volumeAttributes[secretProviderClass]", "volume")
        for word, kind, field in (("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName")):
            source = as_dict(volume.get(word))
            if source and source.get("optional") is not True:
                yield from _of_source(kind, source, field, f"{at}.{word}", uses)
        for n, part in enumerate(as_list(as_dict(volume.get("projected")).get("sources"))):
            for word, kind in (("configMap", "ConfigMap"), ("secret", "Secret")):
                source = as_dict(as_dict(part).get(word))
                if source and source.get("optional") is not True:
                    yield from _of_source(kind, source, "name", f"{at}.projected.sources[{n}].{word}", [])


def _of_source(kind: str, source: dict[str, Any], field: str, at: str, uses: list[tuple[str, str]]) -> Iterator[Reference]:
    name = source.get(field)
    if not isinstance(name, str) or not name:
        return
    yield Reference(kind, name, "", f"{at}.{field}", "volume")
    items = as_list(source.get("items"))
    for i, item in enumerate(items):
        key = as_dict(item).get("key")
        if isinstance(key, str) and key:
            yield Reference(kind, name, key, f"{at}.items[{i}].key", "volume")
    if not items:
        for place, sub in uses:
            if sub and "$" not in sub:
                yield Reference(kind, name, sub.strip("/").partition("/")[0], place, "subPath")
