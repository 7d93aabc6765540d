"""`joblint check .` in a folder that holds other people's files: nothing is said about them, and nothing of ours is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .run import joblint
from .test_check import BAD, GOOD

TWICE = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {replicas: 1, replicas: 2}\n"
ROLE = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nrules: [{apiGroups: [batch], resources: [jobs], verbs: ['*']}]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def _report(folder: Path, *options: str, stdin: bytes | None = None) -> dict[str, object]:
    done = joblint("check", "--format", "json", "--severity", "info", *options, cwd=folder, stdin=stdin)
    assert not done.stderr, done.stderr
    report = json.loads(done.stdout)
    report["status"] = done.returncode
    report["rules"] = sorted({(f["file"], f["rule"]) for f in report["findings"] if f["severity"] != "info"})
    report["passed"] = {(s["file"], s["document"]): s["reason"] for s in report["summary"]["skipped"]}
    return report  # type: ignore[no-any-return]


def test_nothing_is_said_about_files_that_are_not_ours(folder: Path) -> None:
    files = {
        "tsconfig.json": '{\n  // a batch of Job options\n  "compilerOptions": {"strict": true,},\n}\n',
        "package.json": '{"name": "a", "name": "b", "scripts": {"jobs": "run"}}\n',
        "broken.yaml": "a: b: c\n\td: [\n",
        "deploy.yaml": TWICE,
        "role.yaml": ROLE,
        "values.yaml": "job:\n  backoffLimit: 3\n  backoffLimit: 4\n  containers: []\n",
        "templates/deploy.yaml": "{{- if .Values.on }}\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{ x }}\n{{- end }}\n",
        "conf.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: |\n    {{pod}}\n    kind: Job\n",
        "data.json": "[" + ",".join(['{"kind": "Job", "batch": 1}'] * 3) + "]\n",
        "list.yaml": "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Service, kind: Service}]\n",
        "ci.yml": "jobs:\n  Job: {needs: [], needs: [a]}\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    report = _report(folder, ".")
    assert (report["status"], report["findings"], report["documents"]) == (0, [], [])
    assert {file for file, _ in report["passed"]} == set(files)  # type: ignore[attr-defined]
    text = joblint("check", ".", cwd=folder).stdout.decode()
    assert text == (
        "No Job or CronJob to check in 11 files.  Not checked: 5 objects of other kinds, 6 files without a Kubernetes object.\n"
    )
    # As pre-commit calls it: every file by its name.
    named = _report(folder, *files)
    assert (named["status"], named["findings"], named["passed"]) == (0, [], report["passed"])


def test_ours_is_found_among_them(folder: Path) -> None:
    (folder / "all.yaml").write_text(f"{TWICE}---\n{BAD}---\n{ROLE}---\na: [\n---\n{GOOD}")
    report = _report(folder, "all.yaml")
    assert [d["document"] for d in report["documents"]] == [1, 4]  # type: ignore[attr-defined]
    assert report["rules"] == [("all.yaml", "JL101")]
    assert report["passed"] == {
        ("all.yaml", 0): "kind Deployment",
        ("all.yaml", 2): "kind Role",
        ("all.yaml", 3): "not a Kubernetes object: it has no kind",
    }


def test_a_key_that_stands_twice_is_told_of_ours_alone(folder: Path) -> None:
    items = "".join(
        f"- {{apiVersion: {v}, kind: {k}, metadata: {{name: a, name: b}}}}\n" for v, k in (("v1", "Secret"), ("batch/v1", "Job"))
    )
    (folder / "list.yaml").write_text("apiVersion: v1\nkind: List\nitems:\n" + items)
    report = _report(folder, "list.yaml", "--select", "JL002")
    assert [(f["field"], f["line"]) for f in report["findings"]] == [("items[1].metadata.name", 5)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: batch/v1\nkind: Job\nmetadata:\n\tname: a\n",
        "apiVersion: batch/v1beta1\nkind: CronJob\na: b: c\n",
        '{"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "a" "b"}}',
    ],
)
def test_what_cannot_be_read_is_ours_where_it_says_so(folder: Path, text: str) -> None:
    (folder / "job.yaml").write_text(text)
    report = _report(folder, ".")
    assert (report["status"], report["rules"]) == (1, [("job.yaml", "JL001")])


def test_a_job_of_another_group_is_counted_and_named(folder: Path) -> None:
    volcano = "apiVersion: batch.volcano.sh/v1alpha1\nkind: Job\nmetadata: {name: a}\nspec: {tasks: []}\n"
    kubebuilder = "apiVersion: batch.tutorial.kubebuilder.io/v1\nkind: CronJob\nmetadata: {name: b}\n"
    (folder / "theirs.yaml").write_text(f"{volcano}---\n{volcano}---\n{kubebuilder}")
    text = joblint("check", ".", cwd=folder).stdout.decode()
    assert text == (
        "No Job or CronJob to check in 1 file.  Not checked: 2 of kind Job of another group, batch.volcano.sh/v1alpha1,"
        " 1 of kind CronJob of another group, batch.tutorial.kubebuilder.io/v1.\n"
    )


BRACES = GOOD.replace(
    "image: perl:5.34.0", "image: docker:27.3.1\n        args: [ps, --format, '{{.Names}}']  # {{ no template }}"
)
BLOCK = """\
image: docker:27.3.1
        command: [sh, -ec]
        args:
        - |
          podman inspect --format '{{ range .Mounts }}{{ .Name }}{{ end }}' a
"""
VAULT = """\
  template:
    metadata:
      annotations:
        vault.hashicorp.com/agent-inject-template-a: |
          {{- with secret "a" -}}
          {{ .Data.data.password }}
          {{- end }}
"""


@pytest.mark.parametrize("options", [[], ["--kubernetes-version", "1.34..1.36"]])
def test_braces_do_not_make_a_template(folder: Path, options: list[str]) -> None:
    (folder / "braces.yaml").write_text(BRACES)
    (folder / "block.yaml").write_text(GOOD.replace("image: perl:5.34.0\n", BLOCK))
    (folder / "vault.yaml").write_text(GOOD.replace("  template:\n", VAULT))
    (folder / "broken.yaml").write_text(BRACES.replace("backoffLimit: 4", "backofLimit: 4"))
    report = _report(folder, ".", *options)
    assert report["passed"] == {}
    assert report["rules"] == [("broken.yaml", "JL105")], report["findings"]


@pytest.mark.parametrize(
    ("after", "status"), [("apiVersion: batch/v1\nkind: Job\n", 1), ("kind: Deployment\nmetadata: {name: Job}\n", 0)]
)
def test_directives_belong_to_the_document_after_them(tmp_path: Path, after: str, status: int) -> None:
    (tmp_path / "a.yaml").write_text(f"%YAML 1.1\n---\n{after}")
    done = joblint("check", "--select", "JL001", "a.yaml", cwd=tmp_path)
    assert done.returncode == status, done.stdout
    assert (b"JL001" in done.stdout) == bool(status)


def test_jinja_templates_of_manifests_are_read_in_directories(tmp_path: Path) -> None:
    text = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: load}\nspec:\n  parallelism: -1\n  completions: {{ number }}\n"
    text += "  template: {spec: {restartPolicy: Never, containers: [{name: a, image: 'a:1.2'}]}}\n"
    read = ("a.yaml.j2", "b.yml.jinja2", "c.YAML.J2", "d.yaml.jinja", "e.json.j2")
    for name in (*read, "f.j2", "g.yaml.tmpl", "h.j2.yaml.bak", "i.html.j2"):
        (tmp_path / name).write_text(text)
    done = joblint("check", "--format", "concise", "--severity", "error", ".", cwd=tmp_path)
    found = [line.partition(":")[0] for line in done.stdout.decode().splitlines() if "JL118" in line]
    assert found == sorted(read) and done.returncode == 1
    assert b"JL118" in joblint("check", "f.j2", "--format", "concise", cwd=tmp_path).stdout


def test_defaults_of_a_jinja_template_without_statements(tmp_path: Path) -> None:
    text = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: load}\nspec:\n  template:\n    spec:\n"
    text += "      restartPolicy: {{ policy | default('Always') }}\n      containers: [{name: a, image: 'a:1.2'}]\n"
    (tmp_path / "a.yaml.j2").write_text(text)
    done = joblint("check", "--format", "concise", ".", cwd=tmp_path)
    assert b"a.yaml.j2:7:22: error:" in done.stdout and b"Applies if `policy` is not set. [JL102" in done.stdout
