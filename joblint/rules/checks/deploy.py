"""Apply, Helm and GitOps: Jobs that do not run again, names that clash, and what was copied from a live object."""

from __future__ import annotations

from joblint.rules.checks import check
from joblint.rules.checks.deploy_copied import (
    exported_live_object,
    finalizer_set,
    generated_labels_by_hand,
    namespace_default,
    owner_reference_copied,
    pod_annotation_on_the_job,
)
from joblint.rules.checks.deploy_gitops import (
    gitops_runs_again_after_ttl,
    kueue_admission,
    queue_label_unseen,
    suspended_under_gitops,
    sync_replaces_job,
    tool_of,
)
from joblint.rules.checks.deploy_hook_words import hook_key_misspelt, hook_value_unknown
from joblint.rules.checks.deploy_hooks import (
    ARGO_HOOK,
    ARGO_OPTIONS,
    HELM_HOOK,
    hook_annotation_misplaced,
    hook_kept_until_next,
    hook_left_behind,
    hook_logs_deleted,
    hook_on_cronjob,
    is_hook,
)
from joblint.rules.subject import as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

__all__ = (
    "apply_runs_nothing",
    "exported_live_object",
    "finalizer_set",
    "generate_name_with_apply",
    "generated_labels_by_hand",
    "gitops_runs_again_after_ttl",
    "hook_annotation_misplaced",
    "hook_kept_until_next",
    "hook_key_misspelt",
    "hook_left_behind",
    "hook_logs_deleted",
    "hook_on_cronjob",
    "hook_value_unknown",
    "kueue_admission",
    "name_and_generate_name",
    "namespace_default",
    "owner_reference_copied",
    "pod_annotation_on_the_job",
    "queue_label_unseen",
    "suspended_under_gitops",
    "sync_replaces_job",
    "template_changes_under_fixed_name",
)

_FLOATING = frozenset(
    ("latest", "main", "master", "dev", "develop", "devel", "edge", "nightly", "stable", "staging", "prod", "production", "head")
)
_EACH_RELEASE = frozenset(
    (
        *("migrate", "migrator", "migration", "migrations", "schema", "flyway", "liquibase", "alembic", "upgrade", "upgrader"),
        *("deploy", "release", "seed", "smoke", "e2e", "collectstatic", "predeploy", "postdeploy", "dbmigrate", "update"),
    )
)
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def _stays(s: Subject) -> bool:
    """Whether this is a Job of a fixed name that stays when it has ended, and that no tool runs again by itself."""
    if s.kind != "Job" or not s.metadata.get("name") or s.spec.get("ttlSecondsAfterFinished") is not None:
        return False
    annotations = s.annotations
    if not annotations:
        return True
    options = str(annotations.get(ARGO_OPTIONS, ""))
    force = annotations.get("kustomize.toolkit.fluxcd.io/force")
    return not is_hook(annotations) and "Force=true" not in options and force not in ("enabled", "Enabled", "true")


def _tag(image: str) -> str:
    """The tag of an image, "" where it has none; a digest counts as one."""
    last = image.rsplit("/", 1)[-1]
    return last.partition("@")[2] if "@" in last else last.partition(":")[2]


@check
def apply_runs_nothing(s: Subject) -> Iterator[Hit]:
    """kubectl apply of a finished Job says "unchanged": where something suggests that it is to run again."""
    if not _stays(s):
        return
    for container in s.mains:
        image = container.data.get("image")
        if isinstance(image, str) and image and "://" not in image and (not (tag := _tag(image)) or tag.lower() in _FLOATING):
            what = f"a new image behind {image} does not run"
            yield s.hit("metadata.name", what=what, name=s.name, label="applied again: unchanged")
            return
    tool, _ = tool_of(s)
    if tool or _LAST_APPLIED in s.annotations or "kubectl apply" in s.document.text:
        who = f"{tool} and kubectl" if tool else "kubectl"
        yield s.hit("metadata.name", what=f"to {who} it is done for good", name=s.name, label="applied again: unchanged")


@check
def template_changes_under_fixed_name(s: Subject) -> Iterator[Hit]:
    """Something in the template that changes with each release, under a name that does not."""
    if not _stays(s):
        return
    name = s.name
    if "$" in name or "{" in name or "<" in name:
        return
    for container in s.containers:
        image = container.data.get("image")
        if not isinstance(image, str) or not image:
            continue
        found = _changing(image)
        if found:
            yield s.hit(f"{container.at}.image", part_of=found, name=name, label="changes with each release")
            return
    template = as_dict(as_dict(s.sent_spec.get("template")).get("metadata"))
    at = f"{s.at}.template.metadata"
    for key in as_dict(template.get("annotations")):
        if isinstance(key, str) and key.startswith("checksum/"):
            what = f"the annotation {key} (it is there to change with the configuration)"
            yield s.hit(f"{at}.annotations[{key}]", part_of=what, name=name, label="changes with the configuration")
            return
    labels = as_dict(s.metadata.get("labels"))
    if "helm.sh/chart" in labels or labels.get("app.kubernetes.io/managed-by") == "Helm":
        for key in ("helm.sh/chart", "app.kubernetes.io/version"):
            value = as_dict(template.get("labels")).get(key)
            if isinstance(value, str) and value not in name and not name[-1:].isdigit():
                what = f"the template's label {key}: {value} (new with each version of the chart)"
                yield s.hit(f"{at}.labels[{key}]", part_of=what, name=name, label="changes with each release")
                return
    words = name.lower().replace(".", "-").split("-")
    tool, _ = tool_of(s)
    if (tool or not _EACH_RELEASE.isdisjoint(words)) and not any(w[:1].isdigit() or w[1:2].isdigit() for w in words):
        for container in s.mains:
            image = container.data.get("image")
            tag = _tag(image) if isinstance(image, str) else ""
            if tag and tag.lower() not in _FLOATING:
                yield s.hit(
                    f"{container.at}.image",
                    part_of=f"the image's {'digest' if ':' in tag else 'tag ' + tag}",
                    name=name,
                    severity="" if tool else "info",
                    confidence="likely" if tool else "hint",
                    label="changes with each release",
                )
                return


def _changing(image: str) -> str:
    """What in an image surely is another one with each release; "" where nothing is."""
    tag = _tag(image)
    if "$" in image or "{{" in image or "<" in image:
        from joblint.source.templates import is_placeholder

        if is_placeholder(image):
            return f"the image ({image} is filled in anew each time)"
    text = tag.removeprefix("sha-").removeprefix("git-")
    if len(text) in (7, 8, 10, 12, 40) and not text.isdigit() and not text.isalpha():
        if all(c in "0123456789abcdef" for c in text):
            return f"the image's tag {tag} (a commit)"
    return ""


@check
def generate_name_with_apply(s: Subject) -> Iterator[Hit]:
    """generateName alone: kubectl create makes a Job each time, everything that applies refuses it."""
    meta = s.metadata
    if not meta.get("generateName") or meta.get("name"):
        return
    annotations, labels = s.annotations, as_dict(meta.get("labels"))
    if ARGO_HOOK in annotations:
        return  # Argo CD makes a new one of such a hook at every sync
    base = meta["generateName"]
    problem = f'kubectl apply refuses it: "from {base}: cannot use generate name with apply"'
    tool, _ = tool_of(s)
    if HELM_HOOK in annotations or labels.get("app.kubernetes.io/managed-by") == "Helm" or "helm.sh/chart" in labels:
        evidence = "Helm looks every object of a release up by its name and fails without one"
    elif tool:
        evidence = f"{tool} applies what Git holds and needs a name"
    else:
        from joblint.source.kustomized import listed_in

        text = s.document.text
        listing = listed_in(s.document.file)
        if listing:
            evidence = f"{listing} lists this file, so kubectl apply -k, Argo CD and Flux fail"
        elif "kubectl apply" in text:
            evidence = "this file speaks of kubectl apply"
        elif "kubectl create" in text:
            return
        else:
            takes = "kubectl create -f takes it, each time anew"
            yield s.hit("metadata.generateName", part="key", problem=problem, evidence=takes, severity="info", confidence="hint")
            return
    yield s.hit("metadata.generateName", part="key", problem=problem, evidence=evidence)


@check
def name_and_generate_name(s: Subject) -> Iterator[Hit]:
    """Both are set: the server uses the name and does not look at generateName."""
    meta = s.metadata
    if meta.get("generateName") and meta.get("name"):
        yield s.hit("metadata.generateName", part="key", name=meta["name"], base=meta["generateName"])
