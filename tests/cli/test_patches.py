"""What kustomize's patches set wrongly, where no program builds the overlay: at the line of the patch, as in the build."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from joblint.run.again import Again
from joblint.run.render.kustomize_merge import Unsure, merged, patched
from joblint.run.render.kustomize_own import Own
from tests.rules.helper import engine_of

from .run import joblint

JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: load
spec:
  backoffLimit: 3
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: app
      - name: other
        image: c:1.2
"""
HEAD = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: load}\n"


def _told(folder: Path, *options: str, path: str = "prod") -> list[tuple[str, int, int, str]]:
    done = joblint("check", "--format", "json", *options, path, cwd=folder, PATH=str(folder))
    return [(f["file"], f["line"], f["column"], f["rule"]) for f in json.loads(done.stdout)["findings"]]


def _overlay(folder: Path, kustomization: str, patch: str = "", job: str = JOB) -> None:
    (folder / "base").mkdir()
    (folder / "prod").mkdir()
    (folder / "base/kustomization.yaml").write_text("resources: [job.yaml]\n")
    (folder / "base/job.yaml").write_text(job)
    (folder / "prod/kustomization.yaml").write_text(f"resources: [../base]\n{kustomization}")
    if patch:
        (folder / "prod/patch.yaml").write_text(patch)


INLINE = "patches:\n- target: {kind: Job, name: lo.*}\n  patch: |-\n"


@pytest.mark.parametrize("options", [(), ("--no-render",)])
@pytest.mark.parametrize(
    ("kustomization", "patch", "place"),
    [
        ("patches:\n- path: patch.yaml\n", f"{HEAD}spec:\n  completions: '3'\n", ("prod/patch.yaml", 5, 16, "JL106")),
        ("patchesStrategicMerge: [patch.yaml]\n", f"{HEAD}spec:\n  paralelism: 3\n", ("prod/patch.yaml", 5, 3, "JL105")),
        (
            f"{INLINE}    - {{op: add, path: /spec/parallelism, value: -1}}\n",
            "",
            ("prod/kustomization.yaml", 5, 49, "JL118"),
        ),
        (
            "patchesJson6902:\n- target: {version: v1, group: batch, kind: Job, name: load}\n  path: patch.yaml\n",
            "- op: replace\n  path: /spec/template/spec/restartPolicy\n  value: Always\n",
            ("prod/patch.yaml", 3, 10, "JL102"),
        ),
        (
            "patches:\n- path: patch.yaml\n",
            f"{HEAD}spec:\n  template:\n    spec:\n      containers:\n      - {{name: main, image: app:1, tty: 1}}\n",
            ("prod/patch.yaml", 8, 41, "JL106"),
        ),
        (
            "patches:\n- path: patch.yaml\n  target: {kind: Job}\n",
            "- op: add\n  path: /spec/paralelism\n  value: 3\n",
            ("prod/patch.yaml", 2, 9, "JL105"),
        ),
        # A name with a prefix is still the one that patches use.
        (
            "namePrefix: a-\npatches:\n- path: patch.yaml\n",
            f"{HEAD}spec: {{completionMode: indexed}}\n",
            ("prod/patch.yaml", 4, 24, "JL117"),
        ),
        # The object is not on this disk, and the value is wrong in any object.
        (
            "resources: ['https://example.com/x.yaml']\npatches:\n- path: patch.yaml\n".replace("resources", "components"),
            f"{HEAD}spec:\n  completions: '3'\n",
            ("prod/patch.yaml", 5, 16, "JL106"),
        ),
    ],
)
def test_what_a_patch_sets_wrongly(
    tmp_path: Path, options: tuple[str, ...], kustomization: str, patch: str, place: tuple[str, int, int, str]
) -> None:
    _overlay(tmp_path, kustomization, patch)
    found = _told(tmp_path, *options, "--severity", "error")
    assert place in found and len([f for f in found if f[0].startswith("prod")]) == 1
    name, line, column, rule = place
    again = Again(engine_of(), str(tmp_path / name))
    report = again.check((tmp_path / name).read_bytes())
    assert (line, column, rule) in [(f.span.line, f.span.column, f.rule) for f in report.findings]
    assert not [f for f in again.check(b"spec: {}\n").findings if f.severity == "error"]


@pytest.mark.parametrize(
    ("kustomization", "patch"),
    [
        # Another entry of the kustomization corrects it.
        ("images: [{name: app, newTag: 1.2.3}]\npatches:\n- path: patch.yaml\n", "- {name: main, image: app}\n"),
        ("patches:\n- path: patch.yaml\n", "- {name: other, $patch: delete}\n      - {name: main, image: app:1.2.3}\n"),
        ("patches:\n- path: patch.yaml\n", "- $patch: replace\n      - {name: new, image: app:1.2.3}\n"),
        # What cannot be known is not reported.
        ("transformers: [x.yaml]\npatches:\n- path: patch.yaml\n", "- {name: main, image: app}\n"),
        ("patches:\n- path: patch.yaml\n  target: {kind: Deployment}\n", "- {name: main, image: app}\n"),
        ("patches:\n- path: patch.yaml\n  options: {allowNameChange: true}\n", "- {name: main, image: app}\n"),
    ],
)
def test_nothing_is_said_of_what_is_right_once_it_is_built(tmp_path: Path, kustomization: str, patch: str) -> None:
    _overlay(tmp_path, kustomization, f"{HEAD}spec:\n  template:\n    spec:\n      containers:\n      {patch}")
    assert [f for f in _told(tmp_path, "--no-render", path=".") if f[0].startswith("prod")] == []
    assert [f for f in _told(tmp_path) if f[0].startswith("prod")] == []


def test_an_overlay_of_an_overlay_may_correct_a_patch(tmp_path: Path) -> None:
    _overlay(tmp_path, "patches:\n- path: patch.yaml\n", f"{HEAD}spec:\n  backoffLimit: -1\n")
    assert [f[:2] for f in _told(tmp_path, path=".") if f[0].startswith("prod")] == [("prod/patch.yaml", 5)]
    (tmp_path / "more").mkdir()
    text = "resources: [../prod]\npatches:\n- target: {kind: Job}\n  patch: |-\n    - {op: remove, path: /spec/backoffLimit}\n"
    (tmp_path / "more/kustomization.yaml").write_text(text)
    assert [f for f in _told(tmp_path, path=".") if not f[0].startswith("base")] == []


def test_patches_of_a_component_elsewhere(tmp_path: Path) -> None:
    _overlay(tmp_path, "components: [../part]\n")
    (tmp_path / "part").mkdir()
    text = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{path: patch.yaml}]\n"
    (tmp_path / "part/kustomization.yaml").write_text(text)
    mount = "      containers: [{name: main, image: 'a:1', volumeMounts: [{name: data, mountPath: /data}]}]\n"
    (tmp_path / "part/patch.yaml").write_text(f"{HEAD}spec:\n  template:\n    spec:\n{mount}")
    assert [f[:2] for f in _told(tmp_path) if f[3] == "JL115"] == [("part/patch.yaml", 7)]


def test_the_summary_counts_what_is_found_in_patches(tmp_path: Path) -> None:
    _overlay(tmp_path, "patches:\n- path: patch.yaml\n", f"{HEAD}spec:\n  backoffLimit: -1\n")
    done = joblint("check", "prod", cwd=tmp_path, PATH=os.devnull)
    assert done.returncode == 1 and b"0 Jobs checked in 2 files: 1 error." in done.stdout


def test_merges() -> None:
    assert merged({"a": {"b": 1, "c": 2}, "l": [1]}, {"a": {"b": None, "d": 3}, "l": [2]}, None) == {
        "a": {"c": 2, "d": 3},
        "l": [2],
    }
    assert merged({"a": {"b": 1}}, {"a": {"$patch": "replace", "c": 2}}, None) == {"a": {"c": 2}}
    assert merged({"a": {"b": 1}, "x": 1}, {"a": {"$patch": "delete"}}, None) == {"x": 1}
    assert merged({"a": 1}, {"$patch": "delete"}, None) is None
    for patch in ({"$setElementOrder/a": []}, {"$retainKeys": ["a"]}, {"$patch": "nonsense"}):
        with pytest.raises(Unsure):
            merged({"a": []}, patch, None)


def test_json_patches() -> None:
    value = {"a": [1, 2], "b": {"c/d": 1}}
    operations = [
        {"op": "test", "path": "/b/c~1d", "value": 1},
        {"op": "add", "path": "/a/-", "value": 3},
        {"op": "add", "path": "/a/0", "value": 0},
        {"op": "remove", "path": "/b/c~1d"},
        {"op": "copy", "from": "/a/1", "path": "/b/x"},
        {"op": "move", "from": "/a/3", "path": "/y"},
        {"op": "replace", "path": "/a/2", "value": 9},
    ]
    assert patched(value, operations) == {"a": [0, 1, 9], "b": {"x": 1}, "y": 3}
    assert value == {"a": [1, 2], "b": {"c/d": 1}}
    for wrong in (
        {"op": "replace", "path": "/z", "value": 1},
        {"op": "add", "path": "/a/7", "value": 1},
        {"op": "test", "path": "/a/0", "value": 2},
        {"op": "add", "path": "/a/0/b", "value": 2},
        {"op": "nothing", "path": "/a"},
        {"op": "add"},
        {"op": "move", "path": "/a"},
        1,
    ):
        with pytest.raises(Unsure):
            patched(value, [wrong])


@pytest.mark.parametrize(
    ("pattern", "set_to"), [("lo.*", -1), ("(a*)*b", "left out"), ("load|other", -1), ("x", None), ("a*a*a*b", "left out")]
)
def test_a_target_s_pattern(tmp_path: Path, pattern: str, set_to: object) -> None:
    """A pattern over which Python may take years is not matched: the Job is left out."""
    target = INLINE.replace("lo.*", f"'{pattern}'")
    patch = f"{target}    - {{op: add, path: /spec/completions, value: -1}}\n"
    _overlay(tmp_path, patch, job=JOB.replace("load", "a" * 60 if "a*" in pattern else "load"))
    built = Own(lambda file: Path(file).read_bytes(), "1.36").build(str(tmp_path / "prod"))
    assert built is not None
    assert (json.loads(built.text)["spec"].get("completions") if built.text else "left out") == set_to
