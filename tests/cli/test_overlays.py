"""`joblint check OVERLAY`: built by kustomize where it is there, told at the resource or patch that sets the field."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from joblint.run.render.overlays import _json_patch, _removes
from joblint.source.documents import read

from .run import joblint

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for kustomize is a script of sh")

FILES = {
    "base/kustomization.yaml": "resources: [job.yaml]\n",
    "base/job.yaml": """\
apiVersion: batch/v1
kind: Job
metadata:
  name: load
spec:
  backoffLimit: 6
  template:
    spec:
      restartPolicy: Always
      containers:
      - name: main
        image: b
""",
    "prod/kustomization.yaml": """\
resources: [../base]
namePrefix: prod-
images:
- {name: b, newTag: latest}
patches:
- path: limits.yaml
- target: {kind: Job}
  patch: |-
    - op: add
      path: /spec/parallelism
      value: -1
""",
    "prod/limits.yaml": """\
apiVersion: batch/v1
kind: Job
metadata:
  name: load
spec:
  activeDeadlineSeconds: -5
""",
}
# What kustomize makes of these files.
KUSTOMIZE = """\
#!/bin/sh
echo "$@" >>"LOG"
folder=$(sed -n "s/^resources: .'\\\\(.*\\\\)'.$/\\\\1/p" "$2/kustomization.yaml")
cat <<END
apiVersion: batch/v1
kind: Job
metadata:
  annotations:
    config.kubernetes.io/origin: |
      path: $folder/../base/job.yaml
  name: prod-load
spec:
  activeDeadlineSeconds: -5
  backoffLimit: 6
  parallelism: -1
  template:
    spec:
      containers:
      - image: b:latest
        name: main
      restartPolicy: Always
END
"""


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def _path(folder: Path, name: str, text: str) -> dict[str, str]:
    programs = folder / "bin"
    programs.mkdir()
    (programs / name).write_text(text.replace("LOG", str(folder / "log.txt")))
    (programs / name).chmod(0o755)
    return {"PATH": f"{programs}:/bin:/usr/bin"}


def _told(cwd: Path, env: dict[str, str], *arguments: str) -> tuple[list[tuple[str, int, int, str]], dict[str, Any], str]:
    done = joblint("check", "--format", "json", *arguments, cwd=cwd, **env)
    report = json.loads(done.stdout)
    found = [(f["file"], f["line"], f["column"], f["rule"]) for f in report["findings"] if f["severity"] != "info"]
    return sorted(found), report, done.stderr.decode()


WANTED = [
    ("base/job.yaml", 9, 22, "JL102"),
    ("prod/kustomization.yaml", 4, 21, "JL801"),
    ("prod/kustomization.yaml", 11, 14, "JL118"),
    ("prod/limits.yaml", 6, 26, "JL118"),
]


def test_findings_stand_where_the_field_is_set(overlay: Path) -> None:
    found, report, said = _told(overlay, _path(overlay, "kustomize", KUSTOMIZE), "prod")
    assert (found, said) == (WANTED, "")
    assert [(d["file"], d["line"], d["name"]) for d in report["documents"]] == [("base/job.yaml", 1, "prod-load")]
    assert all(f["source"]["file"] == f["file"] for f in report["findings"])
    assert (overlay / "log.txt").read_text().startswith("build ")


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on the PATH")
def test_the_real_kubectl(overlay: Path) -> None:
    folder = os.path.dirname(str(shutil.which("kubectl")))
    assert _told(overlay, {"PATH": f"{folder}:/bin:/usr/bin"}, "prod")[0] == WANTED


def test_without_a_program_the_files_are_read_as_they_are(overlay: Path) -> None:
    empty = overlay / "empty"
    empty.mkdir()
    found, _, said = _told(overlay, {"PATH": str(empty)}, "base")
    assert [(f[0], f[3]) for f in found if f[3] == "JL102"] == [("base/job.yaml", "JL102")]
    assert "neither kustomize nor kubectl is on the PATH" in said
    assert _told(overlay, {"PATH": str(empty)}, "base", "--no-render")[2] == ""


def test_a_base_that_lies_elsewhere_is_not_fetched(overlay: Path) -> None:
    env = _path(overlay, "kustomize", KUSTOMIZE)
    for entry in ("https://example.com/a.yaml", "github.com/a/b//c?ref=v1", "git@example.com:a/b.git"):
        (overlay / "base/kustomization.yaml").write_text(f"resources: [job.yaml, '{entry}']\n")
        _, _, said = _told(overlay, env, "prod")
        assert f"{entry} is remote" in said
    assert not (overlay / "log.txt").exists()


def test_what_kustomize_refuses_is_said(overlay: Path) -> None:
    env = _path(overlay, "kustomize", "#!/bin/sh\necho 'Error: no such thing' >&2\nexit 1\n")
    found, _, said = _told(overlay, env, "base")
    assert said == "" and {("base/job.yaml", 9, 22, "JL102"), ("base/kustomization.yaml", 1, 1, "JL018")} <= set(found)
    env = _path(overlay / "prod", "kustomize", "#!/bin/sh\necho 'Error: git fetch failed' >&2\nexit 1\n")
    found, _, said = _told(overlay, env, "base")
    assert "base: the build failed" in said and "git fetch failed" in said
    assert [f[3] for f in found] == ["JL102"]


def test_what_kustomize_rejects_without_a_program(overlay: Path) -> None:
    (overlay / "prod/limits.yaml").unlink()
    empty = overlay / "empty"
    empty.mkdir()
    found, _, _ = _told(overlay, {"PATH": str(empty)}, "prod")
    assert ("prod/kustomization.yaml", 6, 9, "JL018") in found
    done = joblint("jobs-explain", "-f", "prod", cwd=overlay, PATH=str(empty))
    assert b"prod/kustomization.yaml:6: kustomize cannot build this overlay" in done.stderr


def test_patches_without_effect(overlay: Path) -> None:
    text = (overlay / "prod/kustomization.yaml").read_text()
    (overlay / "prod/kustomization.yaml").write_text(text.replace("{kind: Job}", "{kind: Job, name: other}"))
    at = ("prod/kustomization.yaml", 7, 29, "JL019")
    assert at in _told(overlay, _path(overlay, "kustomize", KUSTOMIZE), "prod")[0]
    assert at in _told(overlay, {}, ".")[0]


def test_json_patches_of_other_lists_and_of_parts() -> None:
    patch = """\
- {op: add, path: /spec/template/spec/containers/1/imagePullPolicy, value: Nope}
- op: add
  path: /spec/template/spec/volumes
  value: [{name: x, emptyDri: {}}]
- op: add
  path: /spec/template/spec/containers/-
  value: {name: more, image: b, tty: 1}
- {op: remove, path: /spec/template/spec/restartPolicy}
"""
    (document,) = read(patch.encode(), "patch.yaml", templates=False)
    pod = "spec.template.spec"
    # The container that stands second in the resource stands first in what was built.
    fields = (f"{pod}.containers[0].imagePullPolicy", f"{pod}.containers[1].imagePullPolicy")
    assert _json_patch(document, fields, "Nope") == "[0].value"
    assert _json_patch(document, fields[:1], "Nope") is None
    assert _json_patch(document, (f"{pod}.volumes[0].emptyDri",), {}) == "[1].value[0].emptyDri"
    assert _json_patch(document, (f"{pod}.containers[2].tty",), 1) == "[2].value.tty"
    assert _removes(document, (f"{pod}.restartPolicy",)) == "[3].path"
    assert _removes(document, (f"{pod}.containers",)) is None


OUTPUT = """\
#!/bin/sh
folder=$(sed -n "s/^resources: .'\\\\(.*\\\\)'.$/\\\\1/p" "$2/kustomization.yaml")
cat <<END
apiVersion: batch/v1
kind: Job
metadata:
  annotations:
    config.kubernetes.io/origin: |
      path: $folder/../base/job.yaml
METADATA
spec:
  template:
    spec:
      containers:
      - image: IMAGE
        name: main
RESTART
---
apiVersion: v1
kind: ConfigMap
metadata:
  annotations:
    config.kubernetes.io/origin: |
      path: $folder/policy.yaml
  name: policy
data:
  policy: Always
END
"""


@pytest.mark.parametrize(
    ("kustomization", "output", "place"),
    [
        ("namePrefix: Big-\n", {"METADATA": "  name: Big-load"}, ("prod/kustomization.yaml", 2, 13)),
        ("nameSuffix: _x\n", {"METADATA": "  name: load_x"}, ("prod/kustomization.yaml", 2, 13)),
        ("namespace: My_NS\n", {"METADATA": "  name: load\n  namespace: My_NS"}, ("prod/kustomization.yaml", 2, 12)),
        (
            "labels:\n- pairs:\n    team: a b\n",
            {"METADATA": "  name: load\n  labels:\n    team: a b"},
            ("prod/kustomization.yaml", 4, 11),
        ),
        (
            "commonLabels: {team: a b}\n",
            {"METADATA": "  name: load\n  labels:\n    team: a b"},
            ("prod/kustomization.yaml", 2, 22),
        ),
        ("images:\n- {name: b, newName: B}\n", {"IMAGE": "B:1.0"}, ("prod/kustomization.yaml", 3, 22)),
        (
            (
                "replacements:\n- source: {kind: ConfigMap, name: policy, fieldPath: data.policy}\n  targets:\n"
                "  - select: {kind: Job}\n    fieldPaths: [spec.template.spec.restartPolicy]\n"
            ),
            {"RESTART": "      restartPolicy: Always"},
            ("prod/policy.yaml", 4, 16),
        ),
        ("patches:\n- path: null.yaml\n", {"RESTART": "      serviceAccountName: x"}, ("prod/null.yaml", 7, 22)),
        ("patches:\n- path: typo.yaml\n", {"RESTART": "      restartPolicy: Never\n      tty: x"}, ("prod/typo.yaml", 7, 7)),
    ],
)
def test_entries_of_a_kustomization(
    tmp_path: Path, kustomization: str, output: dict[str, str], place: tuple[str, int, int]
) -> None:
    patch = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: load}\nspec:\n  template:\n    spec:\n      "
    files = {
        "base/kustomization.yaml": "resources: [job.yaml]\n",
        "base/job.yaml": FILES["base/job.yaml"].replace("Always", "Never"),
        "prod/kustomization.yaml": f"resources: [../base, policy.yaml]\n{kustomization}",
        "prod/policy.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: policy}\ndata: {policy: Always}\n",
        "prod/null.yaml": f"{patch}restartPolicy: null\n",
        "prod/typo.yaml": f"{patch}tty: x\n",
    }
    for name, text in files.items():
        if "spec:" not in text or name.startswith("base") or name.rpartition("/")[2] in kustomization:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text)
    script = OUTPUT
    for name, text in ({"METADATA": "  name: load", "IMAGE": "b", "RESTART": "      restartPolicy: Never"} | output).items():
        script = script.replace(name, text)
    told, _, _ = _told(tmp_path, _path(tmp_path, "kustomize", script), "prod")
    assert place in [each[:3] for each in told]
