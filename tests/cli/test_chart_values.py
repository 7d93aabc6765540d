"""Where the values of a rendered chart come from: the file and line that gave them, through helpers, lists and other charts."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from joblint.run.render.given import Given
from joblint.run.render.helm import Rendered, _aligned

from .run import joblint

HELPERS = """\
{{- define "image" -}}
{{ .image.repository }}:{{ .image.tag }}
{{- end }}
{{- define "pod" }}
{{- with .Values.pod }}
restartPolicy: {{ .restartPolicy }}
{{- end }}
resources: {{- toYaml .Values.resources | nindent 2 }}
{{- end }}
"""
JOB = """\
spec:
  image: {{ include "image" .Values }}
  {{- include "pod" . | nindent 2 }}
{{- range .Values.jobs }}
  backoffLimit: {{ .limit }}
{{- end }}
  {{- tpl .Values.extra . | nindent 2 }}
  ttl: {{ .Values.global.ttl }}
"""
VALUES = """\
pod: {restartPolicy: Never}
image: {repository: app, tag: 1.2.3}
jobs:
- limit: 1
- limit: -2
resources:
  limits:
    memory: 1Gx
extra: |
  a: b
  c: d
inner:
  image:
    tag: none
global:
  ttl: 5
"""


@pytest.fixture
def given(tmp_path: Path) -> Given:
    inner = tmp_path / "charts" / "inner" / "templates"
    inner.mkdir(parents=True)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "_helpers.tpl").write_text(HELPERS)
    (tmp_path / "templates" / "job.yaml").write_text(JOB)
    (tmp_path / "values.yaml").write_text(VALUES)
    (tmp_path / "prod.yaml").write_text("pod: {restartPolicy: Always}\n")
    (inner / "job.yaml").write_text(JOB)
    (inner.parent / "values.yaml").write_text("image: {repository: inner}\n")
    rendered = Rendered("", (), "", (("prod.yaml", str(tmp_path / "prod.yaml")),), ("jobs[1].x=1", "resources.limits.cpu=2"))
    return Given("app", str(tmp_path), rendered)


def _of(given: Given, name: str, line: int, source: str, rendered: str, field: str = "spec.x") -> tuple[str, str]:
    text = given.texts(name)[line - 1]
    actions = tuple([(m.start(), m.end()) for m in re.finditer(r"\{\{.*?\}\}", text)])
    return given.of(name, line, actions, source, rendered, field)


def test_values_through_helpers_and_lists(given: Given) -> None:
    job, helpers = "templates/job.yaml", "templates/_helpers.tpl"
    assert _of(given, job, 5, job, "  backoffLimit: -2") == ("app/values.yaml:5", "limit: -2 in app/values.yaml:5")
    assert _of(given, job, 5, job, "  backoffLimit: 7") == ("app/values.yaml:4", "app/values.yaml:4")  # of both, neither as it is
    assert _of(given, job, 2, job, "  image: app:9") == ("app/values.yaml:2", "repository: app in app/values.yaml:2")
    both = "repository: app in app/values.yaml:2, tag: 1.2.3 in app/values.yaml:2"
    assert _of(given, job, 2, job, "  image: app:1.2.3") == ("app/values.yaml:2", both)
    assert _of(given, helpers, 6, job, "  restartPolicy: Always") == ("prod.yaml:1", "restartPolicy: Always in prod.yaml:1")
    assert _of(given, job, 7, job, "  c: d") == ("app/values.yaml:11", "app/values.yaml:11")
    assert _of(given, job, 8, job, "  ttl: 5") == ("app/values.yaml:16", "ttl: 5 in app/values.yaml:16")


def test_a_part_of_what_is_printed_as_lines(given: Given) -> None:
    given.rendered = Rendered("", (), "", (), ())
    found = _of(given, "templates/_helpers.tpl", 8, "templates/job.yaml", "      memory: 1Gx", "spec.resources.limits.memory")
    assert found == ("app/values.yaml:8", "memory: 1Gx in app/values.yaml:8")


def test_a_chart_within_another(given: Given) -> None:
    job = "charts/inner/templates/job.yaml"
    assert _of(given, job, 2, job, "  image: inner:1")[0] == "app/charts/inner/values.yaml:1"
    assert _of(given, job, 2, job, "  image: x:none")[0] == "app/values.yaml:14"
    assert _of(given, job, 8, job, "  ttl: 5")[0] == "app/values.yaml:16"


def test_a_document_that_only_a_mark_keeps_is_none() -> None:
    text = "---\n# Source: app/templates/job.yaml\nkind: Job\n---\n# Source: app/templates/job.yaml\nkind: CronJob\n"
    told = "---\n# Source: app/templates/job.yaml\n\n" + text
    assert _aligned(text, told, list(range(told.count("\n") + 1))) == [3, 4, 5, 6, 7, 8, -1]


def test_of_several_values_the_one_that_somebody_gave(given: Given) -> None:
    helpers = "templates/_helpers.tpl"
    Path(given.root, "prod.yaml").write_text("image: {repository: x y}\n")
    found = _of(given, helpers, 2, "templates/job.yaml", "  image: x y:1.2.3")
    assert found == ("prod.yaml:1", "tag: 1.2.3 in app/values.yaml:2, repository: x y in prod.yaml:1")


_JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Values.name }}
spec:
  backoffLimit: {{ .Values.job.limit
    | default 3 }}
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: {{ .Values.image }}
        env:
        {{- range $name, $value := .Values.env }}
        - name: {{ $name }}
          value: {{ $value | quote }}
        {{- end }}
"""


def _check(chart: Path) -> list[tuple[int, int, str | None, str]]:
    done = joblint("check", "--format", "json", "--no-render", "app", cwd=chart)
    found = [f for f in json.loads(done.stdout)["findings"] if f["severity"] == "error"]
    return [(f["line"], f["column"], f["source"]["values"], f["field"]) for f in found]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        # An action over several lines: where it begins.
        ("name: a\nimage: b\njob: {limit: -1}\n", [(6, 17, "app/values.yaml:3", "spec.backoffLimit")]),
        # A value that is missing because the values have an empty one.
        ("name: ''\nimage: b\njob: {}\n", [(4, 3, "app/values.yaml:1", "metadata.name")]),
        # A key of a mapping.
        (
            "name: a\nimage: b\njob: {}\nenv:\n  A: b\n  B=C: d\n",
            [(16, 17, "app/values.yaml:6", "spec.template.spec.containers[0].env[1].name")],
        ),
    ],
)
def test_values_of_findings(tmp_path: Path, values: str, told: list[tuple[int, int, str | None, str]]) -> None:
    (tmp_path / "app" / "templates").mkdir(parents=True)
    (tmp_path / "app" / "Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 1.0.0\n")
    (tmp_path / "app" / "templates" / "job.yaml").write_text(_JOB)
    (tmp_path / "app" / "values.yaml").write_text(values)
    assert _check(tmp_path) == told


def test_values_that_a_chart_imports(tmp_path: Path) -> None:
    inner = tmp_path / "app" / "charts" / "limits"
    (inner / "templates").mkdir(parents=True)
    (tmp_path / "app" / "templates").mkdir()
    entry = "{name: limits, version: 1.0.0, import-values: [{child: data, parent: job}]}"
    (tmp_path / "app" / "Chart.yaml").write_text(f"apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n- {entry}\n")
    (inner / "Chart.yaml").write_text("apiVersion: v2\nname: limits\nversion: 1.0.0\n")
    (inner / "values.yaml").write_text("data:\n  limit: -1\n")
    (tmp_path / "app" / "values.yaml").write_text("name: a\nimage: b\n")
    (tmp_path / "app" / "templates" / "job.yaml").write_text(_JOB)
    assert _check(tmp_path) == [(6, 17, "app/charts/limits/values.yaml:2", "spec.backoffLimit")]


@pytest.mark.parametrize(("broken", "told"), [("", ["JL957"]), ("{{ .Values.nowhere.x }}\n", [])])
def test_a_template_that_fails_may_print_what_is_missing(tmp_path: Path, broken: str, told: list[str]) -> None:
    templates = tmp_path / "app" / "templates"
    templates.mkdir(parents=True)
    (tmp_path / "app" / "Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 1.0.0\n")
    (tmp_path / "app" / "values.yaml").write_text("name: a\nimage: b:1\njob: {limit: 1}\nenv: {DB_HOST: store-svc}\n")
    (templates / "job.yaml").write_text(_JOB)
    port = "spec: {selector: {app: store}, ports: [{port: 80}]}\n"
    (templates / "service.yaml").write_text("apiVersion: v1\nkind: Service\nmetadata: {name: store}\n" + port)
    (templates / "more.yaml").write_text(broken)
    done = joblint("check", "--format", "json", "--no-render", "--select", "JL957", "app", cwd=tmp_path)
    assert [f["rule"] for f in json.loads(done.stdout)["findings"]] == told


_LABELS = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: load
  labels:
    app: load
    {{- include "app.labels" . | nindent 4 }}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: "app:1.2"
"""


@pytest.mark.parametrize(("label", "severity"), [('app: "load"', "info"), ("app: other", "warning")])
def test_a_label_that_a_helper_and_the_template_print(tmp_path: Path, label: str, severity: str) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 1.0.0\n")
    (tmp_path / "templates" / "_labels.tpl").write_text(f'{{{{- define "app.labels" -}}}}\n{label}\n{{{{- end }}}}\n')
    (tmp_path / "templates" / "job.yaml").write_text(_LABELS)
    assert [f["severity"] for f in _findings(tmp_path, "duplicate-key")] == [severity]


@pytest.mark.parametrize(
    ("values", "options", "severity"),
    [
        ('image: {name: "", tag: "1"}', (), "info"),  # for each user to set
        ("image: {names: app, tag: 1}", (), "warning"),  # a name that the template misspells
        ('image: {name: "", tag: "1"}', ("--set", "a=b"), "error"),
    ],
)
def test_an_image_whose_name_the_chart_leaves_empty(tmp_path: Path, values: str, options: tuple[str, ...], severity: str) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 1.0.0\n")
    (tmp_path / "values.yaml").write_text(f"{values}\n")
    image = "{{ .Values.image.name }}:{{ .Values.image.tag }}"
    text = _LABELS.replace('{{- include "app.labels" . | nindent 4 }}', "b: c").replace("app:1.2", image)
    (tmp_path / "templates" / "job.yaml").write_text(text)
    assert [f["severity"] for f in _findings(tmp_path, "image-name-invalid", *options)] == [severity]


def _findings(folder: Path, name: str, *options: str) -> list[dict[str, Any]]:
    done = joblint("check", ".", "--no-render", "--format", "json", "--severity", "info", *options, cwd=folder)
    return [f for f in json.loads(done.stdout)["findings"] if f["name"] == name]


def test_a_helper_that_includes_itself_in_an_assignment(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 1.0.0\n")
    (tmp_path / "values.yaml").write_text("names: [a, b]\nlimit: -3\n")
    again = '{{- $more := include "app.limit" (dict "names" (rest .names) "limit" .limit) -}}{{ $more }}'
    helper = '{{- define "app.limit" -}}{{- if .names -}}AGAIN{{- else -}}{{ .limit }}{{- end -}}{{- end -}}'
    (tmp_path / "templates" / "_names.tpl").write_text(helper.replace("AGAIN", again))
    limit = '{{ include "app.limit" (dict "names" .Values.names "limit" .Values.limit) }}'
    text = _LABELS.replace('{{- include "app.labels" . | nindent 4 }}', "b: c")
    (tmp_path / "templates" / "job.yaml").write_text(text.replace("spec:\n", f"spec:\n  backoffLimit: {limit}\n", 1))
    (found,) = _findings(tmp_path, "number-out-of-range")
    assert (found["file"], found["line"], found["column"]) == ("templates/job.yaml", 9, 17)
