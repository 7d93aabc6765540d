"""Apply, Helm, GitOps, Kueue and copied objects: traps as people write them, and manifests that are all right."""

from __future__ import annotations

from pathlib import Path

import pytest

from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.engine import Engine
from joblint.rules.finding import Finding
from joblint.run.check import check_files

from .helper import report_of


def job(meta: str = "", spec: str = "", template: str = "", name: str = "name: load", image: str = "perl:5.34.0") -> str:
    def block(text: str, by: int) -> str:
        return "".join(" " * by + line + "\n" for line in text.split("\n") if line)

    inner = "    metadata:\n" + block(template, 6) if template else ""
    return (
        f"apiVersion: batch/v1\nkind: Job\nmetadata:\n{block(name, 2)}{block(meta, 2)}spec:\n{block(spec, 2)}  template:\n{inner}"
        f"    spec:\n      restartPolicy: Never\n      containers:\n        - name: main\n          image: {image}\n"
    )


def annotated(**annotations: str) -> str:
    keys = {
        "hook": "helm.sh/hook",
        "policy": "helm.sh/hook-delete-policy",
        "weight": "helm.sh/hook-weight",
        "argo": "argocd.argoproj.io/hook",
        "argo_policy": "argocd.argoproj.io/hook-delete-policy",
        "options": "argocd.argoproj.io/sync-options",
        "wave": "argocd.argoproj.io/sync-wave",
    }
    return "annotations:\n" + "\n".join(f'  {keys[k]}: "{v}"' for k, v in annotations.items())


def found(manifest: str, rule: str) -> list[Finding]:
    report = report_of(manifest)
    assert not report.crashes
    return [f for f in report.findings if f.rule == rule]


def one(manifest: str, rule: str) -> Finding:
    (finding,) = found(manifest, rule)
    return finding


@pytest.mark.parametrize(
    ("annotations", "right"),
    [
        ({"hook": "postinstall"}, "post-install"),
        ({"hook": "pre_upgrade"}, "pre-upgrade"),
        ({"hook": "pre-install,post-instal"}, "post-install"),
        ({"hook": "PreSync"}, "pre-upgrade"),
        ({"hook": "pre-upgrade", "policy": "before-hook-created"}, "before-hook-creation"),
        ({"hook": "pre-upgrade", "policy": "HookSucceeded"}, "hook-succeeded"),
        ({"hook": "pre-upgrade", "policy": "hook-suceeded,before-hook-creation"}, "hook-succeeded"),
        ({"argo": "preSync"}, "PreSync"),
        ({"argo": "Pre-Sync"}, "PreSync"),
        ({"argo": "SyncFailed"}, "SyncFail"),
        ({"argo": "PreSync", "argo_policy": "HookSuceeded"}, "HookSucceeded"),
        ({"argo": "PreSync", "argo_policy": "before-hook-creation"}, "BeforeHookCreation"),
        ({"options": "replace=true"}, "Replace=true"),
        ({"options": "Replace=yes"}, "Replace=true"),
        ({"options": "Prune=false,SkipDryRunOnMissingResources=true"}, "SkipDryRunOnMissingResource=true"),
    ],
)
def test_slips_in_hooks(annotations: dict[str, str], right: str) -> None:
    finding = one(job(annotated(**annotations)), "JL605")
    assert right in finding.fix_text
    assert finding.fix is not None
    assert finding.fix.safe
    (edit,) = finding.fix.edits
    assert edit.text == right


@pytest.mark.parametrize(
    "annotations",
    [
        {"hook": "Pre-Install , POST-UPGRADE", "policy": "Hook-Succeeded, Before-Hook-Creation"},
        {"hook": "test", "weight": "-10"},
        {"argo": "PreSync,PostSync", "wave": "-5"},
        {"argo": "Skip"},
        {"options": "Prune=confirm,Delete=false,ServerSideApply=true,SomethingNew=true"},
    ],
)
def test_words_that_are_known(annotations: dict[str, str]) -> None:
    assert not found(job(annotated(**annotations)), "JL605")


def test_an_unknown_helm_hook_is_never_created() -> None:
    assert "never created" in one(job(annotated(hook="install")), "JL605").message
    assert "never runs" in one(job(annotated(argo="Before")), "JL605").message
    assert "only PreSync counts" in one(job(annotated(argo="PreSync,Later")), "JL605").message


@pytest.mark.parametrize(
    ("key", "right"),
    [
        ("helm.sh/hooks", "helm.sh/hook"),
        ("helm.sh/hook-weigth", "helm.sh/hook-weight"),
        ("helm.sh/delete-policy", "helm.sh/hook-delete-policy"),
        ("helm.sh/hook-delete-policies", "helm.sh/hook-delete-policy"),
        ("helm/hook", "helm.sh/hook"),
        ("helm.io/hook", "helm.sh/hook"),
        ("argocd.argoproj.io/hooks", "argocd.argoproj.io/hook"),
        ("argoproj.io/sync-wave", "argocd.argoproj.io/sync-wave"),
        ("argo-cd.argoproj.io/hook", "argocd.argoproj.io/hook"),
        ("argocd.argoproj.io/sync-option", "argocd.argoproj.io/sync-options"),
    ],
)
def test_slips_in_keys(key: str, right: str) -> None:
    finding = one(job(f'annotations:\n  {key}: "x"'), "JL606")
    assert finding.fix is not None
    assert finding.fix.edits[0].text == right


@pytest.mark.parametrize(
    "key", ["helm.sh/resource-policy", "example.com/hook", "git.example.com/hook-policy", "meta.helm.sh/release-name"]
)
def test_keys_of_others(key: str) -> None:
    assert not found(job(f'annotations:\n  {key}: "x"'), "JL606")


def test_a_hook_on_the_template_is_none() -> None:
    assert "not as a hook" in one(job(template="annotations:\n  helm.sh/hook: pre-upgrade"), "JL607").message
    both = job(annotated(hook="pre-upgrade"), template="annotations:\n  helm.sh/hook: pre-upgrade")
    assert one(both, "JL607").severity == "info"


def test_policies_that_leave_a_job_behind() -> None:
    finding = one(job(annotated(hook="pre-upgrade", policy="hook-succeeded")), "JL608")
    assert 'jobs.batch "load" already exists' in finding.message
    assert finding.severity == "warning"
    assert not found(job(annotated(hook="pre-upgrade", policy="hook-succeeded,hook-failed")), "JL608")
    assert not found(job(annotated(policy="hook-succeeded")), "JL608")


def test_printed_logs_are_not_lost() -> None:
    manifest = job(annotated(hook="pre-upgrade", policy="hook-failed") + "\n  helm.sh/hook-output-log-policy: hook-failed")
    assert not found(manifest, "JL609")


@pytest.mark.parametrize(
    ("image", "part"),
    [
        ("app:${GIT_SHA}", "differs per release"),
        ('"<registry>/app:<tag>"', "differs per release"),
        ("registry.example.com:5000/app:sha-1f3c9ab", "a commit"),
        ("app:0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6a7b8c9d", "a commit"),
    ],
)
def test_images_of_each_release(image: str, part: str) -> None:
    finding = one(job(image=image), "JL602")
    assert part in finding.message
    # What is filled in may be filled in once, unless something speaks of releases.
    assert finding.severity == ("info" if "filled" in part else "warning")


@pytest.mark.parametrize("image", ["app:1.4.2", "app:20260101", "perl", "registry.example.com:5000/app", "app:deadbeef"])
def test_images_that_say_nothing(image: str) -> None:
    assert not found(job(image=image), "JL602")


@pytest.mark.parametrize(
    "manifest",
    [
        job(spec="ttlSecondsAfterFinished: 3600", image="app:${TAG}"),
        job(name="generateName: load-", image="app:${TAG}"),
        job(name="name: load-${TAG}", image="app:${TAG}"),
        job(annotated(options="Force=true"), image="app:${TAG}"),
        job("annotations:\n  kustomize.toolkit.fluxcd.io/force: enabled", image="app:${TAG}"),
    ],
)
def test_releases_that_get_by(manifest: str) -> None:
    assert not found(manifest, "JL602")


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("# kubectl apply -f job.yaml\n" + job(name="generateName: load-"), "warning"),
        (job("labels:\n  helm.sh/chart: a-1", name="generateName: load-"), "warning"),
        (job(annotated(hook="pre-upgrade"), name="generateName: load-"), "warning"),
        (job("labels:\n  kustomize.toolkit.fluxcd.io/name: apps", name="generateName: load-"), "warning"),
        (job(name="generateName: load-"), "info"),
    ],
)
def test_generate_name_and_what_speaks_for_apply(text: str, severity: str) -> None:
    assert one(text, "JL603").severity == severity


@pytest.mark.parametrize(
    ("kustomization", "place", "severity"),
    [
        ("resources: [job.yaml]", ".", "warning"),
        ("resources:\n  - ./sub/job.yaml", "..", "warning"),
        ("resources: [other.yaml]", ".", "info"),
        ("resources: {}", ".", "info"),
        ("- [", ".", "info"),
    ],
)
def test_a_kustomization_lists_the_file(tmp_path: Path, kustomization: str, place: str, severity: str) -> None:
    (tmp_path / "sub").mkdir()
    path = tmp_path / "sub" / "job.yaml"
    path.write_text(job(name="generateName: load-"))
    (path.parent / place / "kustomization.yaml").write_text(kustomization)
    engine = Engine(chosen(builtin(), Selection(profile="strict"), "1.36"), "1.36")
    report = check_files(engine, (str(path),))
    (finding,) = [f for f in report.findings if f.rule == "JL603"]
    assert finding.severity == severity


def test_ttl_under_gitops() -> None:
    assert (
        "Flux"
        in one(job("annotations:\n  kustomize.toolkit.fluxcd.io/ssa: Merge", "ttlSecondsAfterFinished: 600"), "JL611").message
    )
    assert one(job("labels:\n  helm.sh/chart: a-1", "ttlSecondsAfterFinished: 600"), "JL611").severity == "info"
    disabled = "annotations:\n  kustomize.toolkit.fluxcd.io/reconcile: disabled"
    assert not found(job(disabled, "ttlSecondsAfterFinished: 600"), "JL611")
    assert not found(job("labels:\n  app.kubernetes.io/instance: shop", "ttlSecondsAfterFinished: 600"), "JL611")


@pytest.mark.parametrize("label", ["queue", "local-queue", "queuename"])
def test_labels_that_kueue_does_not_know(label: str) -> None:
    assert one(job(f"labels:\n  kueue.x-k8s.io/{label}: team"), "JL614").field == f"metadata.labels[kueue.x-k8s.io/{label}]"


@pytest.mark.parametrize(("least", "wrong"), [("2", False), ("4", True), ("0", True), ("half", True)])
def test_partial_admission(least: str, wrong: bool) -> None:
    meta = f'labels:\n  kueue.x-k8s.io/queue-name: team\nannotations:\n  kueue.x-k8s.io/job-min-parallelism: "{least}"'
    findings = found(job(meta, "parallelism: 4\ncompletions: 4\nsuspend: true"), "JL615")
    assert any("job-min-parallelism" in f.message for f in findings) is wrong


def test_what_kubectl_create_dry_run_leaves_is_no_live_object() -> None:
    text = job("creationTimestamp: null", template="creationTimestamp: null") + "status: {}\n"
    assert not found(text, "JL616")


def test_a_live_object_names_each_field_once() -> None:
    message = one(job("uid: 4e309601-01af-11ea-b38c-42010aa80083\ngeneration: 1") + "status:\n  failed: 1\n", "JL616").message
    assert "with uid, generation and status:" in message
    assert "the server overwrites uid and generation" in message


@pytest.mark.parametrize(
    "manifest",
    [
        job(
            annotated(hook="pre-upgrade", policy="before-hook-creation,hook-succeeded", weight="-5"), "activeDeadlineSeconds: 600"
        ),
        job(annotated(argo="PreSync", argo_policy="BeforeHookCreation", wave="1"), "activeDeadlineSeconds: 600"),
        job("labels:\n  kueue.x-k8s.io/queue-name: team", "suspend: true"),
        job("labels:\n  app.kubernetes.io/name: load\n  app.kubernetes.io/version: '1'", "ttlSecondsAfterFinished: 3600"),
        job(annotated(wave="1"), image="app:latest"),
        job(template='annotations:\n  sidecar.istio.io/inject: "false"\nlabels: {app: load}'),
    ],
)
def test_carefully_written_ones_are_left_in_peace(manifest: str) -> None:
    report = report_of(manifest, profile="default")
    assert [f for f in report.findings if f.rule.startswith("JL6") and f.severity != "info"] == []


@pytest.mark.parametrize(
    "manifest",
    [
        job("annotations: []"),
        job("annotations:\n  helm.sh/hook: 5\n  helm.sh/hook-delete-policy: [a]\n  argocd.argoproj.io/sync-options: {}"),
        job("labels: x\nownerReferences: {}\nfinalizers: 3"),
        job("ownerReferences: [null, 4, {uid: a}]\nfinalizers: [null, {}]"),
        job("annotations:\n  1: 2\n  null: x"),
        job(name="generateName: 5"),
        job(image="5"),
    ],
)
def test_nothing_makes_a_check_raise(manifest: str) -> None:
    assert not report_of(manifest).crashes


def test_a_chart_s_image_changes_with_its_version() -> None:
    labels = "labels:\n  helm.sh/chart: shop-1.2.0\n  app.kubernetes.io/version: '2.4'"
    assert one(job(labels, image="shop:v2.4"), "JL602").severity == "warning"
    assert one(job(labels, image="shop:1.2.0"), "JL602").severity == "warning"
    assert one(job(labels, image="busybox:1.36"), "JL602").severity == "info"
    assert not found(job(labels, image="shop:v2.4", name="name: load-2"), "JL602")


def test_a_suspended_job_is_not_deleted_by_its_ttl() -> None:
    from joblint import check

    job = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: work
  annotations: {kustomize.toolkit.fluxcd.io/force: enabled}
spec:
  suspend: SUSPEND
  ttlSecondsAfterFinished: 86400
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: "registry.example.com/x:1.0.0"}]
"""
    found = [{f.rule for f in check(job.replace("SUSPEND", value)).findings} for value in ("false", "true")]
    assert ["JL611" in rules for rules in found] == [True, False]
