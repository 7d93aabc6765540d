"""What a Pod template says about the sidecars of a mesh that its Namespace injects: not at all, native ones, who stops them."""

from __future__ import annotations

from joblint.base.memo import memo
from joblint.rules.subject import as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.subject import Subject

MESHES = ("istio-injection", "istio.io/rev", "linkerd.io/inject", "kuma.io/sidecar-injection")
"""The labels and annotations of a Namespace with which a mesh injects sidecars into its Pods."""

SWITCHES = {
    "istio-injection": ("sidecar.istio.io/inject", "sidecar.istio.io/nativeSidecar"),
    "istio.io/rev": ("sidecar.istio.io/inject", "sidecar.istio.io/nativeSidecar"),
    "linkerd.io/inject": ("linkerd.io/inject", "proxy-enable-native-sidecar"),
    "kuma.io/sidecar-injection": ("kuma.io/sidecar-injection", ""),
}
"""For each of them, the label or annotation of a Pod template that turns it off, and the one that requests a native sidecar."""

NATIVE = {
    "sidecar.istio.io/inject": ((1, 33), "Istio before 1.27"),
    "linkerd.io/inject": ((1, 29), "Linkerd before 2.20"),
}
"""By the labels of Pod templates: the Kubernetes version from which the newest releases inject a native sidecar, and the releases
that do not."""

STOPS = ("quitquitquit", "graceful_shutdown", "/shutdown")
"""What a script calls to stop an injected sidecar."""

WRAPPERS = ("linkerd-await", "scuttle", "envoy-preflight")
"""Programs that run another one and then stop the sidecar."""

_SWITCH_WORDS = tuple(dict.fromkeys([word for words in SWITCHES.values() for word in words if word]))
_STOP_WORDS = (*STOPS, *WRAPPERS, "pilot-agent")


def injection_of(s: Subject) -> tuple[str, ...]:
    """Return the meshes that may keep the Pods running, of `MESHES`: those that the template does not turn off, and whose sidecar
    nothing stops; `MESH?` if the newest releases of the mesh inject a native sidecar."""
    meta = as_dict(as_dict(s.sent_spec.get("template")).get("metadata"))
    given = {**as_dict(meta.get("annotations")), **as_dict(meta.get("labels"))}
    if _has("\0".join([word for run in s.runs for word in run.words]), _STOP_WORDS):
        return ()
    if not _has("\0".join(map(str, given)), _SWITCH_WORDS):
        return _unless_turned_off(s.version_number)
    found = []
    for mesh in MESHES:
        switch, native = SWITCHES[mesh]
        if str(given.get(switch, "enabled")).lower() in ("false", "disabled"):
            continue
        if switch in given or native and any(native in str(key) and str(v).lower() == "true" for key, v in given.items()):
            continue
        found.append(_named(mesh, s.version_number))
    return tuple(found)


@memo(32)
def _unless_turned_off(version: tuple[int, int]) -> tuple[str, ...]:
    """All meshes: most templates say nothing of them."""
    return tuple([_named(mesh, version) for mesh in MESHES])


def _named(mesh: str, version: tuple[int, int]) -> str:
    switch = SWITCHES[mesh][0]
    since = NATIVE[switch][0] if switch in NATIVE else None
    return f"{mesh}?" if since is not None and version >= since else mesh


def _has(text: str, words: tuple[str, ...]) -> bool:
    return max(map(text.find, words)) >= 0  # `in` raises and catches an exception for each word
