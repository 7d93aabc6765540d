"""Sidecars that a webhook puts into the Pod because of an annotation or label: most never end, and so neither does the Job."""

from __future__ import annotations

from joblint.rules.subject import as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_ON = ("true", "enabled", "enable", "yes", "1", "ingress")

# The key, who puts what in, the keys that say it ends by itself (with the value that says so), and what to type.
_INJECTORS: tuple[tuple[str, str, tuple[tuple[str, str], ...], str], ...] = (
    (
        "sidecar.istio.io/inject",
        "Istio puts its proxy",
        (("sidecar.istio.io/nativeSidecar", "true"),),
        """sidecar.istio.io/inject: "false"            as a label of the Pod template: no proxy
sidecar.istio.io/nativeSidecar: "true"      as an annotation: a proxy that ends with the Pod (Istio 1.24)""",
    ),
    (
        "linkerd.io/inject",
        "Linkerd puts its proxy",
        (
            ("config.alpha.linkerd.io/proxy-enable-native-sidecar", "true"),
            ("config.beta.linkerd.io/proxy-enable-native-sidecar", "true"),
            ("config.linkerd.io/proxy-enable-native-sidecar", "true"),
        ),
        """config.alpha.linkerd.io/proxy-enable-native-sidecar: "true"    as an annotation: a proxy that ends with the Pod
linkerd.io/inject: disabled                                    no proxy""",
    ),
    (
        "vault.hashicorp.com/agent-inject",
        "Vault puts its agent",
        (("vault.hashicorp.com/agent-pre-populate-only", "true"),),
        'vault.hashicorp.com/agent-pre-populate-only: "true"    fetches the secrets first, and no agent stays',
    ),
    (
        "consul.hashicorp.com/connect-inject",
        "Consul puts its proxy",
        (("consul.hashicorp.com/enable-sidecar-proxy-lifecycle", "true"),),
        'consul.hashicorp.com/connect-inject: "false"    no proxy; or call its /graceful_shutdown at the end of the work',
    ),
    (
        "dapr.io/enabled",
        "Dapr puts its daemon",
        (),
        'dapr.io/enabled: "false"    no daemon; or call http://localhost:3500/v1.0/shutdown at the end of the work',
    ),
    (
        "sidecar.opentelemetry.io/inject",
        "The OpenTelemetry operator puts a collector",
        (),
        'sidecar.opentelemetry.io/inject: "false"    and send to a collector of the node or the cluster',
    ),
    (
        "sidecar.jaegertracing.io/inject",
        "Jaeger puts its agent",
        (),
        'sidecar.jaegertracing.io/inject: "false"    and send to a collector of the node or the cluster',
    ),
    (
        "appmesh.k8s.aws/sidecarInjectorWebhook",
        "App Mesh puts its proxy",
        (),
        "appmesh.k8s.aws/sidecarInjectorWebhook: disabled",
    ),
    (
        "kuma.io/sidecar-injection",
        "Kuma puts its proxy",
        (),
        "kuma.io/sidecar-injection: disabled    no proxy",
    ),
    (
        "openservicemesh.io/sidecar-injection",
        "Open Service Mesh puts its proxy",
        (),
        "openservicemesh.io/sidecar-injection: disabled",
    ),
)
# Words in a script or command that stop such a sidecar, or wait with it.
_STOPS = ("quitquitquit", "linkerd-await", "scuttle", "graceful_shutdown", "v1.0/shutdown", "pkill", "/shutdown")


def injected_sidecar_never_ends(s: Subject) -> Iterator[Hit]:
    meta = as_dict(as_dict(s.sent_spec.get("template")).get("metadata"))
    for where in ("annotations", "labels"):
        given = as_dict(meta.get(where))
        for key, who, mended, mend in _INJECTORS:
            value = given.get(key)
            if value is None or str(value).lower() not in _ON:
                continue
            if any(_says(meta, k, v) for k, v in mended) or _overruled(meta, key) or _stopped(s):
                continue
            deadline = s.spec.get("activeDeadlineSeconds")
            outcome = "the Job fails with DeadlineExceeded although the work is done" if deadline else "the Job never ends"
            yield s.hit(f"{s.at}.template.metadata.{where}[{key}]", key=key, value=value, who=who, outcome=outcome, mend=mend)


def _says(meta: dict[str, Any], key: str, value: str) -> bool:
    return any(str(as_dict(meta.get(where)).get(key)).lower() == value for where in ("annotations", "labels"))


def _overruled(meta: dict[str, Any], key: str) -> bool:
    """Istio's label comes before its annotation."""
    return key == "sidecar.istio.io/inject" and str(as_dict(meta.get("labels")).get(key)).lower() == "false"


def _stopped(s: Subject) -> bool:
    words = " ".join([w for run in s.runs for w in run.words])
    return any(stop in words for stop in _STOPS)
