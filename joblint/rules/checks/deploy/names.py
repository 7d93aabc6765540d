"""Names with apply, Helm and GitOps: Jobs that do not run again with the same name, and generated names that apply rejects."""

from __future__ import annotations

from joblint.base.words import for_shell
from joblint.rules.checks.deploy.random_names import is_random
from joblint.rules.refusals.token import is_stand_in
from joblint.rules.subject import as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

HELM_HOOK, ARGO_HOOK, ARGO_OPTIONS = "helm.sh/hook", "argocd.argoproj.io/hook", "argocd.argoproj.io/sync-options"
_FLOATING = frozenset(
    ("latest", "main", "master", "dev", "develop", "devel", "edge", "nightly", "stable", "staging", "prod", "production", "head")
)
_EACH_RELEASE = frozenset(
    (
        *("migrate", "migrator", "migration", "migrations", "schema", "flyway", "liquibase", "alembic", "upgrade", "upgrader"),
        *("deploy", "release", "seed", "smoke", "e2e", "collectstatic", "predeploy", "postdeploy", "dbmigrate", "update"),
    )
)
_FLUX = "kustomize.toolkit.fluxcd.io/"
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def _stays(s: Subject) -> bool:
    """Whether this is a Job with a fixed name that remains after it has finished, and that no tool runs again by itself."""
    if s.kind != "Job" or not s.metadata.get("name") or s.spec.get("ttlSecondsAfterFinished") is not None or is_random(s.name):
        return False
    annotations = s.annotations
    if not annotations:
        return True
    options = str(annotations.get(ARGO_OPTIONS, ""))
    force = annotations.get(_FLUX + "force")
    if HELM_HOOK in annotations or annotations.get(ARGO_HOOK, "Skip") != "Skip":
        return False
    if str(annotations.get(_FLUX + "reconcile")).lower() == "disabled" or annotations.get(_FLUX + "ssa") in (
        "IfNotPresent",
        "Ignore",
    ):
        return False
    return "Force=true" not in options and force not in ("enabled", "Enabled", "true")


def _tool(s: Subject) -> str:
    """The GitOps tool that the manifest refers to, "" for none."""
    if "annotations" not in s.metadata and "labels" not in s.metadata:
        return ""
    from joblint.rules.checks.deploy.gitops import tool_of

    return tool_of(s)[0]


def _tag(image: str) -> str:
    """The tag of an image, "" if it has none; a digest counts as one."""
    last = image.rsplit("/", 1)[-1]
    return last.partition("@")[2] if "@" in last else last.partition(":")[2]


def finished_job_not_rerun(s: Subject) -> Iterator[Hit]:
    """kubectl apply of a finished Job reports "unchanged"; a finding if something suggests that it should run again."""
    if not _stays(s):
        return
    for container in s.mains:
        image = container.data.get("image")
        if isinstance(image, str) and image and "://" not in image and (not (tag := _tag(image)) or tag.lower() in _FLOATING):
            what = f", not even a newer image {image}"
            yield s.hit("metadata.name", what=what, name=s.name, in_namespace=_in_namespace(s), label="applied again: unchanged")
            return
    tool = _tool(s)
    if tool or _LAST_APPLIED in s.annotations or s.document.asked(_names_apply):
        who = f"{tool} and kubectl" if tool else "kubectl"
        yield s.hit(
            "metadata.name",
            what=f": {who} only {'compare' if tool else 'compares'} manifest and Job",
            name=s.name,
            in_namespace=_in_namespace(s),
            label="applied again: unchanged",
        )


def _in_namespace(s: Subject) -> str:
    """The option of kubectl for the namespace that the manifest sets."""
    namespace = s.metadata.get("namespace")
    return f" -n {namespace}" if isinstance(namespace, str) and namespace else ""


def _names_apply(text: str) -> bool:
    return "kubectl apply" in text


def _names_create(text: str) -> bool:
    return "kubectl create" in text


def template_changes_under_fixed_name(s: Subject) -> Iterator[Hit]:
    """Something in the template changes with each release, but the name does not."""
    if not _stays(s):
        return
    name = s.name
    if "$" in name or "{" in name or "<" in name or is_stand_in(name):
        return
    advice = _to_release(s)
    for container in s.containers:
        image = container.data.get("image")
        if not isinstance(image, str) or not image:
            continue
        found = _changing(image)
        if found:
            # A placeholder may be replaced only once, as in a tutorial.
            once = "filled in" in found and not _released(s)
            yield s.hit(
                f"{container.at}.image",
                part_of=found,
                name=name,
                advice=advice,
                severity="info" if once else "",
                confidence="hint" if once else "",
                label="changes with each release",
            )
            return
    template = as_dict(as_dict(s.sent_spec.get("template")).get("metadata"))
    at = f"{s.spec_at}.template.metadata"
    for key in as_dict(template.get("annotations")):
        if isinstance(key, str) and key.startswith("checksum/"):
            what = f"the annotation {key} (a checksum of the configuration)"
            yield s.hit(
                f"{at}.annotations[{key}]", part_of=what, name=name, advice=advice, label="changes with the configuration"
            )
            return
    labels = as_dict(s.metadata.get("labels"))
    if "helm.sh/chart" in labels or labels.get("app.kubernetes.io/managed-by") == "Helm":
        for key in ("helm.sh/chart", "app.kubernetes.io/version"):
            value = as_dict(template.get("labels")).get(key)
            if isinstance(value, str) and _has_version(key, value) and value not in name and not name[-1:].isdigit():
                what = f"the template's label {key}: {value} (the chart's version)"
                yield s.hit(f"{at}.labels[{key}]", part_of=what, name=name, advice=advice, label="changes with each release")
                return
    words = name.lower().replace(".", "-").split("-")
    tool = _tool(s)
    charted = "helm.sh/chart" in labels or labels.get("app.kubernetes.io/managed-by") == "Helm"
    if (tool or charted or not _EACH_RELEASE.isdisjoint(words)) and not any(w[:1].isdigit() or w[1:2].isdigit() for w in words):
        for container in s.mains:
            image = container.data.get("image")
            tag = _tag(image) if isinstance(image, str) else ""
            if tag and tag.lower() not in _FLOATING:
                sure = bool(tool) or _released_with(labels, tag)
                yield s.hit(
                    f"{container.at}.image",
                    part_of=f"the image's {'digest' if ':' in tag else 'tag ' + tag}",
                    name=name,
                    advice=advice,
                    severity="" if sure else "info",
                    confidence="likely" if sure else "hint",
                    label="changes with each release",
                )
                return


def _to_release(s: Subject) -> str:
    """What makes the next release possible: a TTL if nobody creates the Job again at once, otherwise a hook or another name."""
    if _tool(s):
        return f"name: {s.name}-<version>    a new name for each release, or make it a hook, which is deleted and created again"
    return (
        "ttlSecondsAfterFinished: 3600    deletes the Job an hour after it finishes\n"
        f"name: {s.name}-<version>    or use a new name for each release; with Helm, make it a hook"
    )


def _released(s: Subject) -> bool:
    """Whether something says that the Job is part of each release: a tool, a chart's labels, its name."""
    labels = as_dict(s.metadata.get("labels"))
    words = s.name.lower().replace(".", "-").split("-")
    charted = "helm.sh/chart" in labels or labels.get("app.kubernetes.io/managed-by") == "Helm"
    return charted or bool(_tool(s)) or not _EACH_RELEASE.isdisjoint(words)


def _has_version(key: str, value: str) -> bool:
    """Whether a label's value is (or ends with) a version: `mychart` alone is the same in each release."""
    version = value.rpartition("-")[2] if key == "helm.sh/chart" else value
    return any(c.isdigit() for c in version) and (key != "helm.sh/chart" or "." in version)


def _released_with(labels: dict[str, object], tag: str) -> bool:
    """Whether an image's tag is the version in a chart's labels: both change together."""
    version = labels.get("app.kubernetes.io/version")
    chart = labels.get("helm.sh/chart")
    if chart is None and labels.get("app.kubernetes.io/managed-by") != "Helm":
        return False
    plain = tag.lstrip("v")
    return plain == str(version).lstrip("v") or (isinstance(chart, str) and chart.endswith("-" + plain))


def _changing(image: str) -> str:
    """The part of an image that certainly changes with each release; "" if there is none."""
    tag = _tag(image)
    if "$" in image or "{{" in image or "<" in image:
        from joblint.source.unrendered.templates import is_placeholder

        fixed = tag and tag != "latest" or image.endswith(":latest")  # then only the registry or the project is filled in
        if is_placeholder(image) and not (fixed and not is_placeholder(f"image:{tag}")):
            return f"the image ({image} differs per release)"
    text = tag.removeprefix("sha-").removeprefix("git-")
    if len(text) in (7, 8, 10, 12, 40) and not text.isdigit() and not text.isalpha():
        if all(c in "0123456789abcdef" for c in text):
            return f"the image's tag {tag} (a commit)"
    return ""


def generate_name_with_apply(s: Subject) -> Iterator[Hit]:
    """generateName alone: kubectl create creates a new Job each time; every kind of apply rejects it."""
    meta = s.metadata
    if not meta.get("generateName") or meta.get("name"):
        return
    annotations, labels = s.annotations, as_dict(meta.get("labels"))
    if ARGO_HOOK in annotations:
        return  # Argo CD creates such a hook again at every sync
    base = meta["generateName"]
    file = "-" if s.document.file.startswith("<") else for_shell(s.document.file)
    problem = f'kubectl apply rejects generateName: "from {base}: cannot use generate name with apply"'
    tool = _tool(s)
    if HELM_HOOK in annotations or labels.get("app.kubernetes.io/managed-by") == "Helm" or "helm.sh/chart" in labels:
        evidence = "Helm looks up each object by name and fails without a name"
    elif tool:
        evidence = f"{tool} applies the manifest and needs a name"
    else:
        from joblint.source.unrendered.kustomize_resources import listed_in

        listing = listed_in(s.document.file)
        if listing:
            evidence = f"{listing} lists this file, so kubectl apply -k, Argo CD and Flux fail"
        elif s.document.asked(_names_apply):
            evidence = "this file mentions kubectl apply"
        elif s.document.asked(_names_create):
            return
        else:
            takes = "kubectl create -f accepts it and creates a new Job each time"
            yield s.hit(
                "metadata.generateName",
                part="key",
                problem=problem,
                evidence=takes,
                file=file,
                severity="info",
                confidence="hint",
            )
            return
    yield s.hit("metadata.generateName", part="key", problem=problem, evidence=evidence, file=file)


def name_and_generate_name(s: Subject) -> Iterator[Hit]:
    """Both are set: the server uses the name and ignores generateName."""
    meta = s.metadata
    if meta.get("generateName") and meta.get("name"):
        yield s.hit("metadata.generateName", part="key", name=meta["name"], base=meta["generateName"])


def namespace_in_template(s: Subject) -> Iterator[Hit]:
    """A namespace in the metadata of a template: objects are created in their owner's namespace.

    Source: Kubernetes 1.36.3, pkg/controller/controller_utils.go (GetPodFromTemplate), pkg/controller/cronjob/utils.go
    (getJobFromTemplate2).
    """
    own = s.metadata.get("namespace")
    templates = [(f"{s.spec_at}.template", s.sent_spec.get("template"), "Pods", "Job")]
    if s.kind == "CronJob":
        templates.append(("spec.jobTemplate", as_dict(s.object.get("spec")).get("jobTemplate"), "Jobs", "CronJob"))
    for at, template, what, owner in templates:
        namespace = as_dict(as_dict(template).get("metadata")).get("namespace")
        if not isinstance(namespace, str) or not namespace:
            continue
        from joblint.rules.fixes.compose import take_out

        same = namespace == own
        yield s.hit(
            f"{at}.metadata.namespace",
            part="key",
            fix=take_out(s, [f"{at}.metadata.namespace"], f"remove {at}.metadata.namespace") if same else None,
            namespace=namespace,
            what=what,
            where=f"the {owner}'s namespace" + (f", {own}" if isinstance(own, str) and own else ", the one that kubectl uses"),
            advice=_instead(s.kind, own, namespace),
            severity="info" if same else "",
        )


def _instead(kind: str, own: object, namespace: str) -> str:
    if namespace == own:
        return "Remove it."
    to = f"metadata.namespace of the {kind} itself"
    return f"Remove it, or change {to}." if isinstance(own, str) and own else f"Move it to {to}."


def namespace_default(s: Subject) -> Iterator[Hit]:
    """metadata.namespace: default, set explicitly."""
    if s.metadata.get("namespace") == "default":
        yield s.hit("metadata.namespace")
