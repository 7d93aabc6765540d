"""Overlays that kustomize cannot build: what it rejects is found at its line, and nothing in overlays that it builds."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from joblint.rules.finding import Finding
from joblint.run.render.not_built import findings, is_of_the_files, reason, unmatched

from ..rules.helper import engine_of

JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: pi
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: "perl:5.34"}]
"""
PATCH = "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: NAME\nspec:\n  backoffLimit: 1\n"
INLINE = PATCH.replace("NAME", "p").replace("\n", "\n    ")
BASE = "resources:\n- job.yaml\n"
IN_SHOP = JOB.replace("name: pi\n", "name: pi\n  namespace: shop\n", 1)

# The other files of an overlay whose Job is in job.yaml, and what is said: file, line, severity, problem, advice.
BAD: dict[str, tuple[dict[str, str], tuple[str, int, str, str, str]]] = {
    "unknown field": (
        {"kustomization.yaml": f"{BASE}namePrefx: prod-\n"},
        ("kustomization.yaml", 3, "error", 'a kustomization has no field "namePrefx"', "namePrefix:"),
    ),
    "a field of a later version": (
        {"kustomization.yaml": f"{BASE}somethingNew: 1\n"},
        ("kustomization.yaml", 3, "warning", 'no field "somethingNew"', "Remove somethingNew"),
    ),
    "unknown field of an entry": (
        {"kustomization.yaml": f"{BASE}images:\n- name: perl\n  tag: '5'\n"},
        ("kustomization.yaml", 5, "error", 'an entry of images has no field "tag"', "newTag:"),
    ),
    "a number for a text": (
        {"kustomization.yaml": f"{BASE}images:\n- name: perl\n  newTag: 5.40\n"},
        ("kustomization.yaml", 5, "error", "images[0].newTag must be a string, not 5.40", 'newTag: "5.40"'),
    ),
    "a label that is no text": (
        {"kustomization.yaml": f"{BASE}commonLabels:\n  on: true\n"},
        ("kustomization.yaml", 4, "error", "must be a string, not true", '"true"'),
    ),
    "a text for a list": (
        {"kustomization.yaml": "resources: job.yaml\n"},
        ("kustomization.yaml", 1, "error", "resources must be a list, not job.yaml", "resources:\n- job.yaml"),
    ),
    "missing file": (
        {"kustomization.yaml": "resources:\n- jobs.yaml\n"},
        ("kustomization.yaml", 2, "error", '"jobs.yaml" does not exist', "- job.yaml"),
    ),
    "missing directory": (
        {"kustomization.yaml": f"{BASE}- ../../base\n"},
        ("kustomization.yaml", 3, "error", '"../../base" does not exist', "Add ../../base"),
    ),
    "missing patch": (
        {"kustomization.yaml": f"{BASE}patches:\n- path: limits.yaml\n"},
        ("kustomization.yaml", 4, "error", '"limits.yaml" does not exist', "Add limits.yaml"),
    ),
    "missing old patch": (
        {"kustomization.yaml": f"{BASE}patchesStrategicMerge:\n- limits.yaml\n"},
        ("kustomization.yaml", 4, "error", '"limits.yaml" does not exist', "Add limits.yaml"),
    ),
    "missing file of a generator": (
        {"kustomization.yaml": f"{BASE}secretGenerator:\n- name: keys\n  files:\n  - key=secret.pem\n"},
        ("kustomization.yaml", 6, "info", '"secret.pem" does not exist', "Add secret.pem"),
    ),
    "missing env file of a generator": (
        {"kustomization.yaml": f"{BASE}configMapGenerator:\n- name: settings\n  envs: [.env]\n"},
        ("kustomization.yaml", 5, "info", '".env" does not exist', "Add .env"),
    ),
    "a directory without a kustomization": (
        {"kustomization.yaml": "resources:\n- jobs\n", "jobs/one.yaml": JOB},
        ("kustomization.yaml", 2, "error", '"jobs" has no kustomization.yaml', "- jobs/one.yaml"),
    ),
    "a component as a resource": (
        {
            "kustomization.yaml": f"{BASE}- extra\n",
            "extra/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n",
        },
        ("kustomization.yaml", 3, "error", '"extra" is a component', "components:\n- extra"),
    ),
    "the same resource twice": (
        {"kustomization.yaml": f"{BASE}- more.yaml\n", "more.yaml": JOB},
        ("kustomization.yaml", 3, "error", 'Job "pi" is a resource twice', "Remove one of the two"),
    ),
    "twice by way of a base": (
        {"kustomization.yaml": f"{BASE}- b\n", "b/kustomization.yaml": BASE, "b/job.yaml": JOB},
        ("kustomization.yaml", 3, "error", 'Job "pi" is a resource twice', "Remove one of the two"),
    ),
    "a patch of a misspelled name": (
        {"kustomization.yaml": f"{BASE}patches:\n- path: p.yaml\n", "p.yaml": PATCH.replace("NAME", "pie")},
        ("p.yaml", 4, "error", 'there is no Job "pie" for this patch', "name: pi"),
    ),
    "a patch with the name after the prefix of the same file": (
        {"kustomization.yaml": f"{BASE}namePrefix: x-\npatches:\n- path: p.yaml\n", "p.yaml": PATCH.replace("NAME", "x-pi")},
        ("p.yaml", 4, "error", 'there is no Job "x-pi"', "name: pi"),
    ),
    "a patch without the namespace": (
        {"kustomization.yaml": f"{BASE}patches:\n- path: p.yaml\n", "p.yaml": PATCH.replace("NAME", "pi"), "job.yaml": IN_SHOP},
        ("p.yaml", 4, "error", 'Job "pi" is in the namespace "shop", and its patch has no namespace', "namespace: shop"),
    ),
    "a patch of another version": (
        {
            "kustomization.yaml": f"{BASE}patches:\n- path: p.yaml\n",
            "p.yaml": PATCH.replace("NAME", "pi").replace("batch/v1", "batch/v1beta1"),
        },
        ("p.yaml", 1, "error", "has the apiVersion batch/v1, and its patch has batch/v1beta1", "apiVersion: batch/v1"),
    ),
    "an inline patch": (
        {"kustomization.yaml": f"{BASE}patches:\n- patch: |\n    {INLINE}\n"},
        ("kustomization.yaml", 8, "error", 'there is no Job "p" for this patch', "name: pi"),
    ),
    "a JSON patch without a target": (
        {"kustomization.yaml": f"{BASE}patches:\n- path: p.yaml\n", "p.yaml": "- {op: remove, path: /spec/suspend}\n"},
        ("p.yaml", 1, "error", "a JSON patch needs a target", "target:\n  kind: Job\n  name: pi"),
    ),
    "path and patch": (
        {"kustomization.yaml": f"{BASE}patches:\n- path: p.yaml\n  patch: 'x: 1'\n", "p.yaml": PATCH.replace("NAME", "pi")},
        ("kustomization.yaml", 4, "error", "a patch has both path and patch", "Remove path or patch"),
    ),
    "no YAML": (
        {"kustomization.yaml": "resources: [job.yaml\n"},
        ("kustomization.yaml", 1, "error", "its kustomization is not valid YAML", "never closed"),
    ),
    "two kustomizations": (
        {"kustomization.yaml": BASE, "kustomization.yml": BASE},
        ("kustomization.yaml", 1, "error", 'the directory also contains "kustomization.yml"', "Remove kustomization.yml"),
    ),
    "in a base": (
        {"kustomization.yaml": "resources: [b]\n", "b/kustomization.yaml": "resources: [gone.yaml]\n"},
        ("b/kustomization.yaml", 1, "error", '"gone.yaml" does not exist', "Add gone.yaml"),
    ),
}
# Overlays that kustomize builds.
GOOD: dict[str, dict[str, str]] = {
    "plain": {"kustomization.yaml": BASE},
    "fields in other letters": {"kustomization.yaml": "Resources: [job.yaml]\nnameprefix: x-\n"},
    "a patch with a name of before": {
        "kustomization.yaml": "resources: [b]\nnamePrefix: y-\npatches:\n- path: p.yaml\n- path: q.yaml\n",
        "b/kustomization.yaml": f"{BASE}namePrefix: x-\nnamespace: shop\n",
        "b/job.yaml": JOB,
        "p.yaml": PATCH.replace("NAME", "pi"),
        "q.yaml": PATCH.replace("NAME", "x-pi\n  namespace: shop"),
    },
    "the same base twice, with prefixes": {
        "kustomization.yaml": "resources: [a, b]\n",
        "base/kustomization.yaml": BASE,
        "base/job.yaml": JOB,
        "a/kustomization.yaml": "resources: [../base]\nnamePrefix: a-\n",
        "b/kustomization.yaml": "resources: [../base]\nnameSuffix: -b\n",
    },
    "the same name in two namespaces": {"kustomization.yaml": f"{BASE}- b.yaml\n", "b.yaml": IN_SHOP},
    "a component that patches": {
        "kustomization.yaml": f"{BASE}components: [c]\n",
        "c/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{path: p.yaml}]\n",
        "c/p.yaml": PATCH.replace("NAME", "pi"),
    },
    "a patch of a generated ConfigMap": {
        "kustomization.yaml": f"{BASE}configMapGenerator:\n- name: s\n  literals: [a=b]\npatches:\n- path: p.yaml\n",
        "p.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: s\ndata:\n  c: d\n",
    },
    "a patch that deletes, and the name again": {
        "kustomization.yaml": f"{BASE}patches:\n- path: p.yaml\n",
        "p.yaml": "$patch: delete\n" + PATCH.replace("NAME", "pi"),
    },
    "a target that selects nothing": {
        "kustomization.yaml": f"{BASE}patches:\n- path: p.yaml\n  target: {{kind: Job, name: other}}\n",
        "p.yaml": PATCH.replace("NAME", "nothing"),
    },
    "labels and replicas": {
        "kustomization.yaml": f"{BASE}labels: [{{pairs: {{a: b}}, includeSelectors: false}}]\n"
        "generatorOptions: {immutable: true}\n",
    },
}


def _written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in {"job.yaml": JOB, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def _told(folder: Path, said: str = "") -> tuple[Finding, ...]:
    return findings(engine_of(), str(folder), said)


@pytest.mark.parametrize("case", BAD)
def test_what_kustomize_rejects(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files, (file, line, severity, problem, advice) = BAD[case]
    monkeypatch.chdir(_written(tmp_path, files))
    found = _told(tmp_path)
    assert [(f.rule, f.file, f.span.line, f.severity) for f in found] == [("JL018", file, line, severity)]
    assert problem in found[0].message and advice in found[0].fix_text


@pytest.mark.parametrize("case", GOOD)
def test_what_kustomize_builds(case: str, tmp_path: Path) -> None:
    assert _told(_written(tmp_path, GOOD[case])) == ()


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on the PATH")
@pytest.mark.parametrize("case", [*BAD, *GOOD])
def test_as_the_real_one(case: str, tmp_path: Path) -> None:
    files = BAD[case][0] if case in BAD else GOOD[case]
    done = subprocess.run(["kubectl", "kustomize", str(_written(tmp_path, files))], capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == (case in GOOD), done.stderr


def test_files_outside_of_the_directory(tmp_path: Path) -> None:
    _written(tmp_path, {"prod/kustomization.yaml": "resources: [../job.yaml]\n"})
    (found,) = _told(tmp_path / "prod")
    assert (found.severity, found.span.line) == ("warning", 1)
    assert '"../job.yaml" is outside' in found.message and "LoadRestrictionsNone" in found.fix_text
    (tmp_path / "prod/kustomization.yaml").write_text("configurations:\n- ../names.yaml\n")
    said = f"security; file '{tmp_path}/names.yaml' is not in or below '{tmp_path}/prod'"
    (found,) = _told(tmp_path / "prod", said)
    assert (found.severity, found.span.line) == ("warning", 2)


def test_what_cannot_be_known_is_not_said(tmp_path: Path) -> None:
    # A chart, a remote base or a generator may contain the object of the patch.
    patch = PATCH.replace("NAME", "other")
    for more in ("- https://example.com/base?ref=v1\n", "generators: [g.yaml]\n", "helmCharts: [{name: a}]\n"):
        files = {"kustomization.yaml": f"{BASE}{more}patches:\n- path: p.yaml\n", "p.yaml": patch, "g.yaml": patch}
        assert _told(_written(tmp_path, files)) == ()


KLOG = 'E1130 13:35:31.480830   19964 run.go:72] "command failed" err='
STEPS = "accumulating resources: accumulation err='accumulating resources from '../a': '/a' must resolve to a file': "
# What kubectl 1.32 and kustomize 5.5 print.
SAID = {
    KLOG + '"invalid Kustomization: json: unknown field \\"resource\\""': (
        "",
        'invalid Kustomization: json: unknown field "resource"',
    ),
    KLOG + f"\"{STEPS}recursed accumulation of path '/a': replace operation does not apply: doc is missing path: /spec/foo\"": (
        "/a",
        "replace operation does not apply: doc is missing path: /spec/foo",
    ),
    f"Error: {STEPS}couldn't make target for path '/a': kustomization.yaml is empty": ("/a", "kustomization.yaml is empty"),
}


@pytest.mark.parametrize("said", SAID)
def test_the_innermost_reason(said: str) -> None:
    why = reason(said)
    assert (why.folder, why.said) == SAID[said]


def test_reasons_that_are_no_mistake_of_the_files() -> None:
    assert not is_of_the_files("https://example.com is remote, and joblint opens no connections")
    assert not is_of_the_files("trouble configuring builtin HelmChartInflationGenerator: must specify --enable-helm")
    assert is_of_the_files("kustomization.yaml is empty")


def test_a_step_that_does_not_apply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    patch = "    - {op: add, path: /spec/suspend, value: true}\n    - op: replace\n      path: /spec/foo/bar\n      value: 1\n"
    files = {"kustomization.yaml": f"{BASE}patches:\n- target: {{kind: Job}}\n  patch: |\n{patch}"}
    monkeypatch.chdir(_written(tmp_path, files))
    (found,) = _told(tmp_path, "replace operation does not apply: doc is missing path: /spec/foo/bar: missing value")
    assert (found.file, found.span.line) == ("kustomization.yaml", 8)
    assert 'replace of a JSON patch finds no "/spec/foo/bar"' in found.message and found.fix_text.strip() == "op: add"


def test_a_reason_that_is_not_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(_written(tmp_path, {"kustomization.yaml": BASE}))
    (found,) = _told(tmp_path, "Error: namespace transformation produces ID conflict: []")
    assert (found.file, found.span.line) == ("kustomization.yaml", 1)
    assert "namespace transformation produces ID conflict" in found.message
    assert found.fix_text.strip().startswith(f"kustomize build {os.curdir}")


TARGETS = {
    "{kind: Job, name: pie}": ("name", 'Job "pie"', "name: pi"),
    "{kind: CronJob, name: pi}": ("kind", 'CronJob "pi"', "kind: Job"),
    "{kind: Job, name: pi, namespace: shop}": ("namespace", 'Job "pi" with the namespace shop', "Remove namespace."),
    "{kind: Job, name: pi, version: v1beta1}": ("version", 'Job "pi" with the version v1beta1', "version: v1"),
    "{kind: Job, name: pi, group: apps}": ("group", 'Job "pi" with the group apps', "group: batch"),
    "{kind: Job, name: entirely-different}": ("name", 'Job "entirely-different"', "name: pi"),
}


def _with_target(folder: Path, target: str, more: str = "") -> Path:
    patch = f"patches:\n- target: {target}\n  patch: '[{{op: add, path: /spec/suspend, value: true}}]'\n"
    return _written(folder, {"kustomization.yaml": f"{BASE}{more}{patch}"})


@pytest.mark.parametrize("target", TARGETS)
def test_targets_that_match_nothing(target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(_with_target(tmp_path, target))
    key, said, advice = TARGETS[target]
    (found,) = unmatched(engine_of(), ".")
    assert (found.rule, found.severity, found.file, found.span.line) == ("JL019", "warning", "kustomization.yaml", 4)
    assert found.span.column == len("- target: ") + target.index(f"{key}: ") + len(f"{key}: ") + 1
    assert f"its target, {said}, is not among" in found.message and found.fix_text.strip() == advice


@pytest.mark.parametrize(
    ("target", "more"),
    [
        ("{kind: Job, name: pi}", ""),
        ("{kind: Job, name: 'p.*'}", ""),
        ("{kind: Job, name: pi}", "namePrefix: x-\n"),
        ("{kind: Job}", ""),
        ("{kind: CronJob}", ""),  # all that there will be
        ("{kind: Deployment, name: other}", ""),
        ("{kind: Job, labelSelector: a=b}", ""),
        ("{kind: Job, name: other}", "helmCharts: [{name: a}]\n"),
        ("{kind: Job, name: '${NAME}'}", ""),
    ],
)
def test_targets_that_match_or_may(target: str, more: str, tmp_path: Path) -> None:
    assert unmatched(engine_of(), str(_with_target(tmp_path, target, more))) == ()
