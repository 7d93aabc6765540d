"""Fields and labels left over after copying a manifest from a live object or from an object of another kind.

Sources: Kubernetes 1.36.3, apiserver registry/rest (BeforeCreate, FillObjectMetaSystemFields),
pkg/registry/batch/job/strategy.go, pkg/controller/garbagecollector.
"""

from __future__ import annotations

from joblint.api.shared_names import GENERATED_LABELS, INDEX_LABEL, UID_LABELS
from joblint.base.words import listed
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_SERVER_SET = ("uid", "resourceVersion", "creationTimestamp", "selfLink", "generation", "managedFields", "deletionTimestamp")
_LIVE_ANNOTATIONS = (
    "kubectl.kubernetes.io/last-applied-configuration",
    "batch.kubernetes.io/job-tracking",
    "batch.kubernetes.io/cronjob-scheduled-timestamp",
    "cronjob.kubernetes.io/instantiate",
    "deployment.kubernetes.io/revision",
    "meta.helm.sh/release-name",
)
_GENERATED = (*GENERATED_LABELS, INDEX_LABEL, "pod-template-hash", "controller-revision-hash")
_POD_ONLY = (
    *("sidecar.istio.io/", "traffic.sidecar.istio.io/", "proxy.istio.io/", "linkerd.io/inject", "config.linkerd.io/"),
    *("cluster-autoscaler.kubernetes.io/safe-to-evict", "karpenter.sh/do-not-disrupt", "karpenter.sh/do-not-evict"),
    *("vault.hashicorp.com/", "k8s.v1.cni.cncf.io/networks", "container.apparmor.security.beta.kubernetes.io/"),
    *("iam.amazonaws.com/role", "gke-gcsfuse/volumes", "kubectl.kubernetes.io/default-container", "consul.hashicorp.com/"),
    *("ad.datadoghq.com/", "co.elastic.logs/", "fluentbit.io/", "prometheus.io/", "instrumentation.opentelemetry.io/"),
    *("controller.kubernetes.io/pod-deletion-cost", "cni.projectcalico.org/", "kubernetes.io/ingress-bandwidth"),
    *("kubernetes.io/egress-bandwidth", "openservicemesh.io/", "dapr.io/", "azure.workload.identity/"),
)
_ACCOUNT_ONLY = (
    *("eks.amazonaws.com/role-arn", "eks.amazonaws.com/audience", "iam.gke.io/gcp-service-account"),
    *("azure.workload.identity/client-id", "azure.workload.identity/tenant-id"),
)
_DEPLOYMENT_ONLY = (
    *("deployment.kubernetes.io/", "kubectl.kubernetes.io/restartedAt", "kubernetes.io/change-cause", "rollout.argoproj.io/"),
    *("rollouts.argoproj.io/", "autoscaling.alpha.kubernetes.io/", "keel.sh/", "flagger.app/"),
)


_HARMLESS = frozenset(("status", "creationTimestamp", "selfLink", "generation", "managedFields"))


def exported_live_object(s: Subject) -> Iterator[Hit]:
    """Fields that only the server sets: the manifest was saved with kubectl get -o yaml."""
    raw = _as_written(s)
    meta, status = as_dict(raw.get("metadata")), raw.get("status")
    fields = [f"metadata.{name}" for name in _SERVER_SET if name in meta and meta[name]]
    if fields == ["metadata.generation"]:
        fields = []
    if isinstance(status, dict) and status:
        fields.append("status")
    annotations = as_dict(meta.get("annotations"))
    live = [key for key in _LIVE_ANNOTATIONS[:4] if key in annotations]
    if not fields and not live:
        return
    names = [f.rpartition(".")[2] for f in fields]
    effects = []
    if "resourceVersion" in names:
        effects.append("resourceVersion makes kubectl create fail, and later also apply")
    own = [n for n in names if n not in ("status", "resourceVersion")]
    if own:
        those = ("it" if len(own) == 1 else "them") if own == names and not live else listed(own)
        effects.append(f"the server overwrites {those}")
    if "uid" in names:
        effects.append("apply fails if the object exists with another uid")
    if "status" in names:
        effects.append("the server ignores it" if names == ["status"] and not live else "the server ignores status")
    if live:
        which = listed(live) if names else "it" if len(live) == 1 else "they"
        effects.append(f"{which} describe{'s' if len(live) == 1 else ''} the old object")
    from joblint.rules.fixes.compose import take_out

    gone = _written_by_the_server(raw)
    also = ["generated selector and labels"] if "spec.selector" in gone else []
    also += ["ownerReferences"] if "metadata.ownerReferences" in gone else []
    yield s.hit(
        fields[0] if fields else f"metadata.annotations[{live[0]}]",
        part="key",
        fix=take_out(s, gone, f"remove {listed([*names, *live, *also])} of the live object"),
        what=listed([*names, *live]),
        effect=effects[0],
        others=_sentence("; ".join(effects[1:])),
        # Fields that the server discards do no harm.
        severity="" if not _HARMLESS.issuperset(names) else "info",
    )


def _sentence(effect: str) -> str:
    return f"{effect.replace('the', 'The', 1) if effect.startswith('the ') else effect}. " if effect else ""


def _as_written(s: Subject) -> dict[str, Any]:
    """The object as written in the file: the subject does not contain what the server rejects."""
    from joblint.source.places.paths import steps, value_at

    value = s.document.value
    raw = value_at(value, steps(s.prefix.rstrip("."))) if s.prefix else value
    return raw if isinstance(raw, dict) else s.object


def _written_by_the_server(raw: dict[str, Any]) -> list[str]:
    """The fields that nobody writes by hand, as paths; a map that would become empty is one of them as a whole."""
    from joblint.api.exported import from_cluster, server_fields

    gone = list(server_fields(raw))
    meta = as_dict(raw.get("metadata"))
    template = as_dict(as_dict(as_dict(raw.get("spec")).get("template")).get("metadata"))
    for at, held in (("metadata.labels", meta.get("labels")), ("spec.template.metadata.labels", template.get("labels"))):
        labels = as_dict(held)
        if meta.get("uid") and any(labels.get(name) == meta["uid"] for name in UID_LABELS):
            gone += [field for name in GENERATED_LABELS if name in labels and (field := f"{at}[{name}]") not in gone]
    owners = as_list(meta.get("ownerReferences") or [])
    if from_cluster(raw) and owners and all(as_dict(owner).get("controller") is True for owner in owners):
        gone.append("metadata.ownerReferences")
    maps = (
        ("metadata.annotations", meta.get("annotations")),
        ("metadata.labels", meta.get("labels")),
        ("spec.template.metadata.labels", template.get("labels")),
    )
    for at, held in maps:
        inside = [field for field in gone if field.startswith(f"{at}[")]
        if inside and len(inside) == len(as_dict(held)):
            gone = [*[field for field in gone if field not in inside], at]
    if "spec.template.metadata.labels" in gone and all(k == "labels" or v is None for k, v in template.items()):
        gone = [*[field for field in gone if field != "spec.template.metadata.labels"], "spec.template.metadata"]
    return gone


def owner_reference_copied(s: Subject) -> Iterator[Hit]:
    """An owner with a uid: if that object does not exist, the garbage collector deletes this one."""
    owners = s.metadata.get("ownerReferences")
    if not owners:
        return
    for i, owner in enumerate(as_list(owners)):
        owner = as_dict(owner)
        if owner.get("uid"):
            yield s.hit(f"metadata.ownerReferences[{i}].uid", owner=f"{owner.get('kind')} {owner.get('name')}", uid=owner["uid"])
            return


def finalizer_set(s: Subject) -> Iterator[Hit]:
    """A finalizer keeps the object, even a deleted one, until its controller removes it."""
    meta = s.metadata
    for at, finalizers, what in (
        ("metadata", meta.get("finalizers"), f"this {s.kind}"),
        (
            s.spec_at + ".template.metadata",
            as_dict(as_dict(s.sent_spec.get("template")).get("metadata")).get("finalizers"),
            f"each Pod of this {s.kind}",
        ),
    ):
        if not finalizers:
            continue
        for i, finalizer in enumerate(as_list(finalizers)):
            if not isinstance(finalizer, str) or finalizer == "foregroundDeletion":
                continue
            grave = finalizer.startswith("resources-finalizer.argocd") or finalizer == "batch.kubernetes.io/job-tracking"
            yield s.hit(
                f"{at}.finalizers[{i}]",
                finalizer=finalizer,
                what=what,
                severity="warning" if grave else "",
                confidence="likely" if grave else "",
            )
            return


# Labels that webhooks and schedulers read only on Pods.
_POD_LABELS = frozenset(
    ("sidecar.istio.io/inject", "istio.io/rev", "azure.workload.identity/use", "linkerd.io/inject", "istio.io/dataplane-mode")
    + ("admission.datadoghq.com/enabled", "sidecar.opentelemetry.io/inject", "aadpodidbinding", "ambient.istio.io/redirection")
    + ("karpenter.sh/do-not-disrupt", "topology.istio.io/network", "traffic.sidecar.istio.io/inject")
)


def pod_annotation_on_the_job(s: Subject) -> Iterator[Hit]:
    """Annotations and labels that are read on Pods, or on Deployments, set on the Job itself or on a CronJob's jobTemplate."""
    inner = s.template_annotations
    labels = as_dict(as_dict(as_dict(s.sent_spec.get("template")).get("metadata")).get("labels"))
    places = [("metadata", s.metadata, s.kind)]
    if s.kind == "CronJob":
        template = as_dict(as_dict(s.object.get("spec")).get("jobTemplate"))
        places.append(("spec.jobTemplate.metadata", as_dict(template.get("metadata")), "Job"))
    told = set(_ACCOUNT_ONLY)
    yield from _of_the_account(s, places)
    for at, meta, kind in places:
        for name in ("annotations", "labels"):
            entries = as_dict(meta.get(name))
            for key in entries:
                if not isinstance(key, str) or key in told:
                    continue
                pods = key.startswith(_POD_ONLY) if name == "annotations" else key in _POD_LABELS
                if pods and key not in inner and key not in labels:
                    told.add(key)
                    yield s.hit(
                        f"{at}.{name}[{key}]",
                        part="key",
                        problem=f"{key} is read on Pods only: on the {kind} itself it has no effect",
                        advice=_moved(f"{s.spec_at}.template.metadata.{name}", key, entries[key]),
                    )
                elif name == "annotations" and at == "metadata" and key.startswith(_DEPLOYMENT_ONLY):
                    yield s.hit(
                        f"{at}.{name}[{key}]",
                        part="key",
                        problem=f"{key} is for Deployments: on a {kind} it has no effect",
                        advice="Remove it.",
                        severity="info",
                    )
    yield from _in_the_wrong_map(s)


def _of_the_account(s: Subject, places: list[tuple[str, dict[str, Any], str]]) -> Iterator[Hit]:
    """Annotations that the webhooks of cloud providers read on the Pods' ServiceAccount, in one of the maps of the object."""
    account = s.pod.get("serviceAccountName")
    named = f'ServiceAccount "{account}"' if isinstance(account, str) and account else "a ServiceAccount"
    for at, meta, kind in [*places, (f"{s.spec_at}.template.metadata", {"annotations": s.template_annotations}, "Pod")]:
        entries = as_dict(meta.get("annotations"))
        for key in _ACCOUNT_ONLY:
            if key in entries:
                yield s.hit(
                    f"{at}.annotations[{key}]",
                    part="key",
                    problem=f"{key} is read on ServiceAccounts only: on the {kind} it has no effect",
                    advice=f"annotations:    of {named}\n  {key}: {entries[key]}",
                    label="read on ServiceAccounts only",
                )


_OF_NAMESPACES = ("istio-injection", "pod-security.kubernetes.io/")
_ANNOTATIONS_ONLY = (
    *("linkerd.io/inject", "config.linkerd.io/", "vault.hashicorp.com/", "cluster-autoscaler.kubernetes.io/safe-to-evict"),
    *("karpenter.sh/do-not-disrupt", "iam.amazonaws.com/role", "traffic.sidecar.istio.io/", "proxy.istio.io/config"),
)
_LABELS_ONLY = ("azure.workload.identity/use",)


def _in_the_wrong_map(s: Subject) -> Iterator[Hit]:
    """Keys of the Pod template that are read on Namespaces, or only as the other of label and annotation."""
    meta = as_dict(as_dict(s.sent_spec.get("template")).get("metadata"))
    at = f"{s.spec_at}.template.metadata"
    for name, other, wrong in (("labels", "annotations", _ANNOTATIONS_ONLY), ("annotations", "labels", _LABELS_ONLY)):
        for key, value in as_dict(meta.get(name)).items():
            if not isinstance(key, str):
                continue
            problem = ""
            if key.startswith(_OF_NAMESPACES):
                problem, advice = f"Only Namespaces can have {key}: on a Pod it has no effect", "Remove it."
                if key == "istio-injection":
                    inject = "false" if str(value).lower() == "disabled" else "true"
                    advice = _moved(f"{at}.labels", "sidecar.istio.io/inject", inject)
            elif key.startswith(wrong) and key not in as_dict(meta.get(other)):
                problem = f"{key} must be {_ONE[other]}: as {_ONE[name]} it has no effect"
                advice = _moved(f"{at}.{other}", key, value)
            if problem:
                yield s.hit(f"{at}.{name}[{key}]", part="key", problem=problem, advice=advice, label="no effect here")


_ONE = {"labels": "a label", "annotations": "an annotation"}


def _moved(to: str, key: str, value: object) -> str:
    if isinstance(value, str) and "\n" in value:
        return f"Move it to {to}."
    metadata, _, name = to.rpartition(".")
    return f"{name}:    in {metadata}\n  {key}: {_quoted(value)}"


def _quoted(value: object) -> str:
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def generated_labels_by_hand(s: Subject) -> Iterator[Hit]:
    """Labels that the controller sets itself."""
    template = as_dict(as_dict(s.sent_spec.get("template")).get("metadata")).get("labels")
    own = s.metadata.get("labels")
    if s.sent_spec.get("manualSelector") is True:
        return
    for at, labels in ((f"{s.spec_at}.template.metadata.labels", template), ("metadata.labels", own)):
        if not labels:
            continue
        for key in as_dict(labels):
            if key in _GENERATED:
                yield s.hit(f"{at}[{key}]", part="key", key=key, value=labels[key])
                return
