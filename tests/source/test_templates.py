"""Texts that something else makes YAML of first, placeholders, and kustomize's patches."""

from __future__ import annotations

from pathlib import Path

import pytest

from joblint.base.above import upwards
from joblint.source.documents import read
from joblint.source.unrendered.kustomize_patches import Patches
from joblint.source.unrendered.templates import ERB, GO, HELM, JINJA, MARKED, PATCH, PIPELINE, YTT, is_placeholder


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("name: {{ .Release.Name }}\n", HELM),
        ("{{- if .Values.job.enabled }}\nkind: Job\n{{- end }}\n", HELM),
        ('name: "{{ include "chart.fullname" . }}-job"\n', HELM),
        ("labels:\n  {{- toYaml .labels | nindent 4 }}\n", HELM),
        ("name: {{.Name}}\n", GO),
        ('{{ if eq .A "b" }}\nkind: Job\n{{ end }}\n', GO),
        ("args: [${{ values.name }}]\n", PIPELINE),
        ("name: {{ job_name }}\n", JINJA),
        ("{% if a %}\nkind: Job\n{% endif %}\n", JINJA),
        ("{% for x in y %}\nname: {{ x }}\n{% endfor %}\n", JINJA),
        ("<% if a %>\nname: <%= name %>\n<% end %>\n", ERB),
        ('{"name": {{ name }}, "a": 1}\n', JINJA),
        ("#@ load('@ytt:data', 'data')\nname: #@ data.values.name\n", YTT),
    ],
)
def test_templates_are_named(text: str, kind: str) -> None:
    (document,) = read(text.encode(), "x")
    assert document.skipped == kind
    assert (document.value, document.problems) == (None, ())
    assert "joblint check -" in kind


@pytest.mark.parametrize(
    "text",
    [
        "{a: {b: {c: d}}}\n",
        '{"a":{"b":{}}}',
        "a: echo ${B%%x} }}\n",
        "a: date +%s # {%\n",
        "a: b #@c\n",
        "a: printf '<%s> %d %>'\n",
        "name: ${NAME}\n",
        "name: <name>\n",
        # Braces in strings and comments.
        'args: ["--format", "{{.Names}}"]\n',
        "name: '{{ .Release.Name }}-job'\n",
        '# {{ if eq .A "b" }}\nkind: Job\n# {{ end }}\n',
        "args:\n- |\n  docker ps --format '{{.Names}}' {% raw %}\n",
        'annotations:\n  vault.hashicorp.com/agent-inject-template-a: |\n    {{- with secret "a" -}}{{ .Data }}{{- end }}\n',
        "value: '{{workflow.parameters.a}}' # {{ }}\n",
        "name: ${{ values.name }}\n",
        "name: <%= name %>\n",
        '{"a": "{{pod}}"}\n',
        "data:\n  a.conf: |\n    host {{pod}}\n",
    ],
)
def test_what_is_no_template(text: str) -> None:
    assert read(text.encode(), "x")[0].skipped is None
    assert read(text.encode(), "x")[0].value is not None


def test_other_documents_of_the_file_are_read() -> None:
    documents = read(b"a: {{ .B }}\n---\nc: d\n", "x")
    assert [(d.skipped, d.value) for d in documents] == [(GO, None), (None, {"c": "d"})]


def test_templates_can_be_read_as_they_stand() -> None:
    (document,) = read(b"a: '{{ .B }}'\n", "x", templates=False)
    assert (document.skipped, document.value) == (None, {"a": "{{ .B }}"})


@pytest.mark.parametrize(
    "text",
    ["${NAME}", "a-${NAME}-b", "$NAME", "$(NAME)", "<name>", "<your image here>", "{{ name }}", "@NAME@", "__NAME__", "%NAME%"]
    + ["#{NAME}#", "((name))", "[[name]]", "${{ name }}", "${NAME:-default}", "__KubernetesApi__", "*/__cronInterval__ * * * *"],
)
def test_placeholders(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    ["", "plain", "100%", "a < b", "$", "$$", "a$1", "{}", "{a}", "user@example.com", "__init__", "[a]", "5$", "<", "1 > 0"],
)
def test_no_placeholders(text: str) -> None:
    assert not is_placeholder(text)


def test_patch_directives() -> None:
    (document,) = read(
        b"kind: Job\nspec:\n  template:\n    spec:\n      containers:\n      - $patch: delete\n        name: a\n", "x"
    )
    assert document.skipped == PATCH
    assert read(b"a: $patch\n", "x")[0].skipped is None


def test_patches_named_by_a_kustomization(tmp_path: Path) -> None:
    overlay = tmp_path / "overlays/prod"
    overlay.mkdir(parents=True)
    (tmp_path / "kustomization.yml").write_text("patchesStrategicMerge: [overlays/prod/cpu.yaml, './top.yaml']\n")
    (overlay / "kustomization.yaml").write_text(
        "resources: [job.yaml]\npatches:\n- path: patch.yaml\n  target: {kind: Job}\n- patch: |\n    a: b\n"
        "patchesJson6902: [{path: six.yaml}]\n---\n"
    )
    patches = Patches()
    named = {
        name: patches.why_skipped(str(overlay / name))
        for name in ("patch.yaml", "six.yaml", "cpu.yaml", "job.yaml", "other.yaml")
    }
    assert named == {"patch.yaml": PATCH, "six.yaml": PATCH, "cpu.yaml": PATCH, "job.yaml": None, "other.yaml": None}
    assert patches.why_skipped(str(tmp_path / "top.yaml")) == PATCH
    assert patches.why_skipped(str(tmp_path / "patch.yaml")) is None


def test_each_folder_is_looked_at_once(tmp_path: Path) -> None:
    asked: list[str] = []

    def look(path: str) -> bytes | None:
        asked.append(path)
        return None

    patches = Patches(look)
    for name in ("a.yaml", "b.yaml", "c/d.yaml"):
        assert patches.why_skipped(str(tmp_path / name)) is None
    assert len(asked) == len(set(asked)) == 3 * (len(upwards(str(tmp_path))) + 1)


@pytest.mark.parametrize(
    "text", ["", "patches: 3\n", "patches: [3, {path: 4}, '', null]\n", "- a\n", "a: [\n", "patches: ['a\\nb']\n"]
)
def test_odd_kustomizations(tmp_path: Path, text: str) -> None:
    (tmp_path / "kustomization.yaml").write_text(text)
    assert Patches().why_skipped(str(tmp_path / "job.yaml")) is None


@pytest.mark.parametrize(
    ("value", "kind"),
    [("@@NAME@@", MARKED), ("@IMAGE@:1", MARKED), ("%NAME%", MARKED), ("@name", None), ("'@NAME@'", None), ("a@B@c", None)],
)
def test_placeholders_that_no_value_begins_with(value: str, kind: str | None) -> None:
    (document,) = read(f"kind: Job\nmetadata:\n  name: {value}\n".encode(), "job.yaml")
    assert document.skipped == kind
