"""Sidecars that a webhook injects because of an annotation or label: most never end, so the Job never finishes."""

from __future__ import annotations

from joblint.rules.subject import as_dict
from joblint.rules.workload.injection import NATIVE, STOPS, WRAPPERS
from joblint.rules.workload.stops import stop_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_ON = ("true", "enabled", "enable", "yes", "1", "ingress")

# The key, what is injected by whom, the keys that make it end by itself (with the value for that), and what to type.
_INJECTORS: tuple[tuple[str, str, tuple[tuple[str, str], ...], str], ...] = (
    (
        "sidecar.istio.io/inject",
        "Istio injects its proxy",
        (("sidecar.istio.io/nativeSidecar", "true"),),
        """sidecar.istio.io/inject: "false"          label: injects no proxy
sidecar.istio.io/nativeSidecar: "true"    or as annotation (Istio 1.24 or later)""",
    ),
    (
        "linkerd.io/inject",
        "Linkerd injects its proxy",
        (
            ("config.alpha.linkerd.io/proxy-enable-native-sidecar", "true"),
            ("config.beta.linkerd.io/proxy-enable-native-sidecar", "true"),
            ("config.linkerd.io/proxy-enable-native-sidecar", "true"),
        ),
        """config.alpha.linkerd.io/proxy-enable-native-sidecar: "true"    annotation
linkerd.io/inject: disabled    or: injects no proxy""",
    ),
    (
        "vault.hashicorp.com/agent-inject",
        "Vault injects its agent",
        (("vault.hashicorp.com/agent-pre-populate-only", "true"),),
        'vault.hashicorp.com/agent-pre-populate-only: "true"    fetches the secrets first; no agent keeps running',
    ),
    (
        "consul.hashicorp.com/connect-inject",
        "Consul injects its proxy",
        (("consul.hashicorp.com/enable-sidecar-proxy-lifecycle", "true"),),
        'consul.hashicorp.com/connect-inject: "false"    no proxy; or call its /graceful_shutdown at the end of the work',
    ),
    (
        "dapr.io/enabled",
        "Dapr injects its daemon",
        (),
        'dapr.io/enabled: "false"    no daemon; or call http://localhost:3500/v1.0/shutdown at the end of the work',
    ),
    (
        "sidecar.opentelemetry.io/inject",
        "The OpenTelemetry operator injects a collector",
        (),
        'sidecar.opentelemetry.io/inject: "false"    and send to a collector of the node or the cluster',
    ),
    (
        "sidecar.jaegertracing.io/inject",
        "Jaeger injects its agent",
        (),
        'sidecar.jaegertracing.io/inject: "false"    and send to a collector of the node or the cluster',
    ),
    (
        "appmesh.k8s.aws/sidecarInjectorWebhook",
        "App Mesh injects its proxy",
        (),
        "appmesh.k8s.aws/sidecarInjectorWebhook: disabled",
    ),
    (
        "kuma.io/sidecar-injection",
        "Kuma injects its proxy",
        (),
        "kuma.io/sidecar-injection: disabled    no proxy",
    ),
    (
        "openservicemesh.io/sidecar-injection",
        "Open Service Mesh injects its proxy",
        (),
        "openservicemesh.io/sidecar-injection: disabled",
    ),
)


def injected_sidecar_never_ends(s: Subject) -> Iterator[Hit]:
    """A warning unless the mesh may be new enough for native sidecars. If a script stops the sidecar only after success, the
    finding explains the case of a failure."""
    meta = as_dict(as_dict(s.sent_spec.get("template")).get("metadata"))
    for where in ("annotations", "labels"):
        given = as_dict(meta.get(where))
        for key, who, fixed, instead in _INJECTORS:
            value = given.get(key)
            if value is None or str(value).lower() not in _ON:
                continue
            if any(_says(meta, k, v) for k, v in fixed) or _overruled(meta, key):
                continue
            stopped = stop_of(s, STOPS)
            if stopped == "always" or any(w in WRAPPERS or w.endswith(tuple(["/" + x for x in WRAPPERS])) for w in _words(s)):
                continue
            deadline = s.spec.get("activeDeadlineSeconds")
            outcome = "the Job fails with DeadlineExceeded although the work is done" if deadline else "the Job never finishes"
            if stopped:
                outcome = "a failed attempt hangs, because the script stops the sidecar only after success"
            since, before = NATIVE.get(key, ((9, 0), ""))
            native = s.version_number >= since
            yield s.hit(
                f"{s.spec_at}.template.metadata.{where}[{key}]",
                key=key,
                value=value,
                who=f"{before} injects its proxy" if native else who,
                outcome=outcome,
                instead=instead,
                severity="info" if native and not stopped else "",
                confidence="hint" if native and not stopped else "likely" if native else "",
            )


def _words(s: Subject) -> list[str]:
    return [w for run in s.runs for w in run.words]


def _says(meta: dict[str, Any], key: str, value: str) -> bool:
    return any(str(as_dict(meta.get(where)).get(key)).lower() == value for where in ("annotations", "labels"))


def _overruled(meta: dict[str, Any], key: str) -> bool:
    """Istio's label takes precedence over its annotation."""
    return key == "sidecar.istio.io/inject" and str(as_dict(meta.get("labels")).get(key)).lower() == "false"
