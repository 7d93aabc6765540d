"""A Namespace of the files in which a mesh injects a sidecar into every Pod, also into those of Jobs."""

from __future__ import annotations

from joblint.rules.facts.folder import by_name
from joblint.rules.workload.injection import NATIVE, SWITCHES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.origin import Origin
    from joblint.rules.finding import Hit

_ON = ("enabled", "ingress", "true")
_WHO = {
    "istio-injection": ("Istio", 'sidecar.istio.io/inject: "false"'),
    "istio.io/rev": ("Istio", 'sidecar.istio.io/inject: "false"'),
    "linkerd.io/inject": ("Linkerd", "linkerd.io/inject: disabled"),
    "kuma.io/sidecar-injection": ("Kuma", "kuma.io/sidecar-injection: disabled"),
}


def mesh_of_namespace_never_ends(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """The Job's Namespace turns on injection, and its Pods neither turn it off nor stop the sidecar; one for each object."""
    from joblint.rules.finding import Hit

    spaces = by_name(folder.spaces)
    for workload in folder.workloads if spaces else ():
        for space in spaces.get(workload.origin.namespace, ()) if workload.origin.namespace else ():
            found = next((m for m in space.meshes if _injects(*m) and {m[0], m[0] + "?"} & set(workload.needs.injection)), None)
            if found is None:
                continue
            key, value = found
            mesh, off = _WHO[key]
            native = f"{key}?" in workload.needs.injection
            values = {
                "namespace": space.origin.name,
                "key": key,
                "value": value,
                "who": NATIVE[SWITCHES[key][0]][1] if native else mesh,
                "off": off,
                "what": "an annotation" if mesh == "Linkerd" else "a label",
            }
            at = "spec" if workload.origin.kind == "Job" else "spec.jobTemplate.spec"
            yield (
                workload.origin,
                Hit(f"{at}.template", values, part="key", severity="info" if native else "", confidence="hint" if native else ""),
            )
            break


def _injects(key: str, value: str) -> bool:
    return key == "istio.io/rev" or value.lower() in _ON
