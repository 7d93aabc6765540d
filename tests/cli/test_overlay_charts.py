"""`joblint check OVERLAY` where the kustomization lists charts (`helmCharts`): those on this disk are rendered with its values,
with and without kustomize and helm, and nothing is ever fetched."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from .run import joblint

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins for programs are scripts of sh")

CHART = "charts/worker"
TEMPLATE = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-load
  namespace: {{ .Release.Namespace }}
spec:
  backoffLimit: {{ required "a limit" .Values.limit }}
  ttlSecondsAfterFinished: 3600
  {{- with .Values.parallelism }}
  parallelism: {{ . }}
  {{- end }}
  template:
    spec:
      restartPolicy: {{ .Values.policy | default "Never" }}
      containers:
      - name: main
        image: registry.example/load:1.2
"""
FILES = {
    f"{CHART}/Chart.yaml": "apiVersion: v2\nname: worker\nversion: 0.1.0\n",
    f"{CHART}/values.yaml": "policy: Never\n",
    f"{CHART}/templates/job.yaml": TEMPLATE,
    "low.yaml": "limit: -1\n",
    "high.yaml": "limit: 3\nparallelism: -2\n",
}
HEAD = "helmCharts:\n- name: worker\n  releaseName: night\n"
AT_LIMIT, AT_PARALLELISM, AT_POLICY = [(f"{CHART}/templates/job.yaml", line) for line in (7, 10, 14)]
# A kustomization, and where something is found: file, line, what is said of the value.
KUSTOMIZATIONS = {
    "values in the kustomization": (
        f"{HEAD}  valuesInline:\n    limit: -4\n",
        [(*AT_LIMIT, "limit: -4 in kustomization.yaml:5")],
    ),
    "a file": (f"{HEAD}  valuesFile: low.yaml\n", [(*AT_LIMIT, "limit: -1 in low.yaml:1")]),
    "override": (f"{HEAD}  valuesFile: low.yaml\n  valuesInline: {{limit: 1}}\n", []),
    "merge": (
        f"{HEAD}  valuesFile: low.yaml\n  valuesInline: {{limit: 1}}\n  valuesMerge: merge\n",
        [(*AT_LIMIT, "limit: -1 in low.yaml:1")],
    ),
    "replace": (f"{HEAD}  valuesFile: high.yaml\n  valuesInline: {{limit: 1}}\n  valuesMerge: replace\n", []),
    "more files": (
        f"{HEAD}  valuesInline: {{limit: -4}}\n  additionalValuesFiles: [low.yaml, high.yaml]\n",
        [(*AT_PARALLELISM, "parallelism: -2 in high.yaml:2")],
    ),
    "null keeps the chart's value": (f"{HEAD}  valuesInline:\n    limit: 1\n    policy: null\n", []),
    "a patch of what the chart prints": (
        (
            f"{HEAD}  valuesInline: {{limit: -4}}\npatches:\n- target: {{kind: Job}}\n"
            "  patch: |-\n    - {op: replace, path: /spec/backoffLimit, value: 1}\n"
            "    - {op: add, path: /spec/parallelism, value: -1}\n"
        ),
        [("kustomization.yaml", 9, "")],
    ),
    "names and namespaces": (
        f"{HEAD}  namespace: Ops\n  valuesInline: {{limit: 1}}\nnamePrefix: a-\n",
        [(f"{CHART}/templates/job.yaml", 5, "")],
    ),
    "no values": (HEAD, [(*AT_LIMIT, "Add limit to valuesInline in kustomization.yaml.")]),
}


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "empty").mkdir()
    return tmp_path


def _program(folder: Path, name: str, text: str) -> None:
    (folder / "bin").mkdir(exist_ok=True)
    (folder / "bin" / name).write_text(f'#!/bin/sh\necho "{name} $*" >>"{folder}/log.txt"\n{text}')
    (folder / "bin" / name).chmod(0o755)


def _found(folder: Path, path: str, *more: str) -> tuple[list[tuple[str, int, str]], str]:
    """The file, line and text of each error and warning, and what is printed to standard error."""
    done = joblint("check", ".", "--format", "json", "--no-cache", *more, cwd=folder, PATH=path)
    assert b"Traceback" not in done.stderr
    found = [f for f in json.loads(done.stdout)["findings"] if f["severity"] != "info"]
    return [(f["file"], f["line"], f"{f['message']} {f['fix_text']}") for f in found], done.stderr.decode()


def _check(folder: Path, path: str, wanted: list[tuple[str, int, str]]) -> None:
    found, _ = _found(folder, path)
    assert [f[:2] for f in found] == [w[:2] for w in wanted], found
    assert all(w[2] in f[2] for f, w in zip(found, wanted, strict=True)), found


@pytest.mark.parametrize("name", KUSTOMIZATIONS)
def test_without_any_program(overlay: Path, name: str) -> None:
    text, wanted = KUSTOMIZATIONS[name]
    (overlay / "kustomization.yaml").write_text(text)
    _check(overlay, str(overlay / "empty"), wanted)


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on the PATH")
@pytest.mark.skipif(shutil.which("helm") is None, reason="helm is not on the PATH: go install helm.sh/helm/v3/cmd/helm@latest")
@pytest.mark.parametrize("name", KUSTOMIZATIONS)
def test_with_kubectl_and_helm(overlay: Path, name: str) -> None:
    text, wanted = KUSTOMIZATIONS[name]
    (overlay / "kustomization.yaml").write_text(text)
    folders = {str(Path(str(shutil.which(program))).parent) for program in ("kubectl", "helm")}
    _check(overlay, ":".join([*folders, "/bin", "/usr/bin"]), wanted)


BUILT = """\
cat <<END
apiVersion: batch/v1
kind: Job
metadata:
  annotations:
    config.kubernetes.io/origin: |
      configuredIn: ../kustomization.yaml
      configuredBy:
        apiVersion: builtin
        kind: HelmChartInflationGenerator
  name: prod-night-load
spec:
  backoffLimit: -4
  template:
    spec:
      containers:
      - image: registry.example/load:1.2
        name: main
      restartPolicy: Never
END
"""
PRINTED = BUILT.replace("prod-night", "night").replace(
    "apiVersion: batch", "---\n# Source: worker/templates/job.yaml\napiVersion: batch"
)


def test_helm_is_enabled_for_a_chart_on_this_disk(overlay: Path) -> None:
    _program(overlay, "kustomize", BUILT)
    _program(overlay, "helm", PRINTED)
    (overlay / "kustomization.yaml").write_text(f"{HEAD}  valuesInline:\n    limit: -4\nnamePrefix: prod-\n")
    found, said = _found(overlay, f"{overlay / 'bin'}:/bin:/usr/bin")
    assert ([f[0] for f in found], said) == ([f"{CHART}/templates/job.yaml"], "")
    log = (overlay / "log.txt").read_text()
    assert f"kustomize build --enable-helm --helm-command {overlay / 'bin' / 'helm'} " in log
    assert "helm template night " in log


REMOTE = "- name: redis\n  repo: https://charts.example.com\n  version: 1.2.3\n  releaseName: cache\n"
# More of a kustomization with which helm could fetch a chart, and what is said.
FETCHED = {
    "a repository": (
        REMOTE,
        "helm pull --untar --untardir charts/redis-1.2.3 --repo https://charts.example.com redis --version 1.2.3",
    ),
    "a registry": ("- name: redis\n  repo: oci://r.example/c\n", "helm pull --untar --untardir charts oci://r.example/c/redis"),
    "nowhere": ("- name: redis\n", 'the chart "redis" is not in charts, and its entry in helmCharts has no repo'),
    "a generator": ("generators: [redis.yaml]\n", ""),
    "a generator in the kustomization": (
        "generators:\n- |-\n  apiVersion: builtin\n  kind: HelmChartInflationGenerator\n  metadata: {name: x}\n  name: redis\n",
        "",
    ),
    "the former field": ("helmChartInflationGenerator:\n- chartName: redis\n", ""),
}


@pytest.mark.parametrize("name", FETCHED)
def test_no_chart_is_fetched(overlay: Path, name: str) -> None:
    _program(overlay, "kustomize", BUILT)
    _program(overlay, "helm", PRINTED)
    (overlay / "redis.yaml").write_text(
        "apiVersion: builtin\nkind: HelmChartInflationGenerator\nmetadata: {name: x}\nname: redis\n"
    )
    more, wanted = FETCHED[name]
    (overlay / "kustomization.yaml").write_text(f"{HEAD}  valuesInline: {{limit: -4}}\n{more}")
    found, said = _found(overlay, f"{overlay / 'bin'}:/bin:/usr/bin")
    log = (overlay / "log.txt").read_text()
    assert "pull" not in log
    assert "--enable-helm" not in log
    assert wanted in said
    if "generator" not in name and "former" not in name:  # the chart on this disk is still checked
        assert [f[0] for f in found] == [f"{CHART}/templates/job.yaml"]


def test_a_chart_that_is_not_used_by_the_overlay_is_checked_with_its_own_values(overlay: Path) -> None:
    shutil.copytree(overlay / CHART, overlay / "charts/other")
    (overlay / "charts/other/values.yaml").write_text("limit: -7\n")
    (overlay / "kustomization.yaml").write_text(f"{HEAD}  valuesInline: {{limit: 1}}\n")
    _check(overlay, str(overlay / "empty"), [("charts/other/templates/job.yaml", 7, "limit: -7 in charts/other/values.yaml:1")])


def test_a_job_of_a_chart_is_explained(overlay: Path) -> None:
    (overlay / "kustomization.yaml").write_text(f"{HEAD}  valuesInline: {{limit: 3}}\nnamePrefix: prod-\n")
    done = joblint("jobs-explain", ".", cwd=overlay, PATH=str(overlay / "empty"))
    assert f"Job prod-night-load  ({CHART}/templates/job.yaml:1," in done.stdout.decode()
    assert done.stdout.count(b"Kubernetes 1.") == 1
    (overlay / "kustomization.yaml").write_text(HEAD)
    done = joblint("jobs-explain", ".", cwd=overlay, PATH=str(overlay / "empty"))
    assert f"{CHART}/templates/job.yaml (line 7: helm cannot render" in done.stdout.decode()
