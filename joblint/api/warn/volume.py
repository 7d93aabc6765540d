"""The API server's warnings about volumes: removed drivers, fractions of bytes, files that overwrite each other.

Knows decoded, defaulted volumes and feature gates.

Source: Kubernetes 1.36.3 pkg/api/pod/warnings.go warningsForOverlappingVirtualPaths, pkg/api/persistentvolumeclaim/util.go.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from joblint.api.version.versions import Gates

    Target: TypeAlias = tuple[str, str]  # a path inside the volume, and what writes it ("" where that is clear)

_DEPRECATED = {
    "photonPersistentDisk": ("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
    "scaleIO": ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
    "flocker": ("flocker", "deprecated in v1.22, non-functional in v1.25+"),
    "storageos": ("storageOS", "deprecated in v1.22, non-functional in v1.25+"),
    "quobyte": ("quobyte", "deprecated in v1.22, non-functional in v1.25+"),
    "glusterfs": ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
    "cephfs": ("cephfs", "deprecated in v1.28, non-functional in v1.31+"),
    "rbd": ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
}


def warnings_for_volumes(path: str, volumes: list[dict[str, Any]], gates: Gates) -> list[str]:
    """Warnings about all volumes of a Pod; `path` is that of the list."""
    found: list[str] = []
    for i, volume in enumerate(volumes):
        for source in volume:
            if source in _DEPRECATED:
                shown, text = _DEPRECATED[source]
                found.append(f"{path}[{i}].{shown}: {text}")
        if "gitRepo" in volume:
            off = "" if gates.on("GitRepoVolumeDriver") else ", and disabled by default in v1.33+"
            found.append(f"{path}[{i}].gitRepo: deprecated in v1.11{off}")
        if template := (volume.get("ephemeral") or {}).get("volumeClaimTemplate"):
            found += _claim(template.get("spec") or {}, f"{path}[{i}].ephemeral.volumeClaimTemplate.spec")
    if not gates.has("OverlappingPathWarnings"):
        return found
    for volume in volumes:
        for source in ("configMap", "secret", "downwardAPI", "projected"):
            if source in volume:
                found += _overlaps(volume.get("name") or "", source, volume[source], gates)
    return found


def _claim(spec: dict[str, Any], path: str) -> list[str]:
    found = []
    for field in ("requests", "limits"):
        raw = ((spec.get("resources") or {}).get(field) or {}).get("storage")
        if raw is None:
            continue
        from joblint.api.go.quantity import from_json

        amount = from_json(raw)
        if amount.milli_value() % 1000:
            where = f"{path}.resources.{field}[storage]"
            found.append(f'{where}: fractional byte value "{amount}" is invalid, must be an integer')
    return found


def _overlaps(name: str, kind: str, source: dict[str, Any], gates: Gates) -> list[str]:
    if kind == "projected":
        return _projected_overlaps(name, source, gates)
    items = source.get("items") or ()
    if len(items) < 2:
        return []
    from joblint.api.errors import go_quote

    words = {
        "configMap": f"ConfigMap {go_quote(source.get('name') or '')}",
        "secret": f"Secret {go_quote(source.get('secretName') or '')}",
        "downwardAPI": "DownwardAPI",
    }
    return _collisions(name, words[kind], [(item.get("path") or "", "") for item in items])


def _projected_overlaps(name: str, volume: dict[str, Any], gates: Gates) -> list[str]:
    from joblint.api.errors import go_quote

    found: list[str] = []
    targets: list[Target] = []
    last: list[Target] = []
    for source in volume.get("sources") or ():
        if not source:
            # The server warns of these in between; the order of warnings says nothing.
            found.append(f"volume {go_quote(name)} (Projected) has no sources provided")
            continue
        written = _targets(source)
        if written is None:
            written = [] if gates.has("OverlapsForgetEarlierSource") else last
        targets += written
        last = written
    return found + _collisions(name, "Projected", targets)


def _targets(source: dict[str, Any]) -> list[Target] | None:
    """The paths that one source of a projected volume writes, None if it lists none but writes all its keys."""
    from joblint.api.errors import go_quote

    for kind, word in (("configMap", "ConfigMap"), ("secret", "Secret"), ("downwardAPI", "")):
        keys = source.get(kind)
        if keys is not None and keys.get("items") is not None:
            text = f"{word} {go_quote(keys.get('name') or '')}" if word else "DownwardAPI"
            return [(item.get("path") or "", text) for item in keys["items"]]
    if (token := source.get("serviceAccountToken")) is not None:
        return [(token.get("path") or "", "ServiceAccountToken")]
    if (bundle := source.get("clusterTrustBundle")) is not None:
        bundle_name = bundle.get("name")
        if bundle_name is None:
            bundle_name = bundle.get("signerName") or ""
        return [(bundle.get("path") or "", f"ClusterTrustBundle {go_quote(bundle_name)}")]
    if (certificate := source.get("podCertificate")) is not None:
        words = (("certificateChainPath", "chain"), ("keyPath", "key"), ("credentialBundlePath", "credential bundle"))
        return [(certificate[field], f"PodCertificate {word}") for field, word in words if certificate.get(field)]
    return None


def _collisions(name: str, volume: str, targets: list[Target]) -> list[str]:
    """Pairs of paths that are equal or of which one is inside of the other."""
    ordered = sorted([(raw.rstrip("/") + "/", i) for i, (raw, _) in enumerate(targets) if raw.rstrip("/")])
    pairs: list[tuple[int, int]] = []
    for n, (outer, i) in enumerate(ordered):
        n += 1
        while n < len(ordered) and ordered[n][0].startswith(outer):  # what lies inside a path follows it in this order
            j = ordered[n][1]
            pairs.append((i, j) if i > j else (j, i))
            n += 1
    found = []
    for later, earlier in sorted(pairs):
        from joblint.api.errors import go_quote

        shown = [_show(targets[i][0].rstrip("/"), targets[i][1]) for i in (later, earlier)]
        found.append(f"volume {go_quote(name)} ({volume}): overlapping paths: {shown[0]} with {shown[1]}")
    return found


def _show(path: str, source: str) -> str:
    from joblint.api.errors import go_quote

    return f"{go_quote(path)} ({source})" if source else go_quote(path)
