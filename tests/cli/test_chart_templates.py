"""A template that is named, or open, without the chart around it: found is what is found in the chart, at the same places."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.engine import Engine
from joblint.run.again import Again

from .run import joblint

ENGINE = Engine(chosen(builtin(), Selection(), "1.36"), "1.36")
FILES = {
    "Chart.yaml": "apiVersion: v2\nname: app\nversion: 0.1.0\n",
    "values.yaml": "job:\n  parallelism: -1\n  env: [{name: A, value: 5}]\n  slow: false\n",
    "templates/_helpers.tpl": '{{- define "name" -}}{{ .Release.Name }}-{{ .Chart.Name }}{{- end -}}\n',
    "templates/service.yaml": 'apiVersion: v1\nkind: Service\nmetadata: {name: {{ include "name" . }}}\n',
    "templates/job.yaml": """\
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ include "name" . }}
spec:
  parallelism: {{ .Values.job.parallelism }}
  template:
    spec:
      restartPolicy: Never
{{- if .Values.job.slow }}
      priority: high
{{- end }}
      containers:
        - name: main
          image: app:1
          env:
            {{- toYaml .Values.job.env | nindent 12 }}
""",
}
PLACES = [("JL118", 6, 16), ("JL106", 11, 17), ("JL106", 17, 13)]


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "app" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "app"


def _checked(*arguments: str, cwd: Path) -> list[tuple[str, str, int, int, str]]:
    done = joblint("check", "--format", "json", *arguments, cwd=cwd)
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)["findings"]
    return [(f["file"], f["rule"], f["line"], f["column"], f["message"]) for f in found if f["severity"] == "error"]


def test_a_template_is_checked_as_in_its_chart(chart: Path) -> None:
    whole = _checked("--no-render", "app", cwd=chart.parent)
    assert [found[1:4] for found in whole] == PLACES
    assert _checked("app/templates/job.yaml", cwd=chart.parent) == whole
    assert "Rendered from parallelism: -1 in app/values.yaml:2." in whole[0][4]
    inside = _checked("job.yaml", "service.yaml", cwd=chart / "templates")
    assert [found[1:4] for found in inside] == PLACES and {found[0] for found in inside} == {"job.yaml"}


def test_values_are_those_that_are_given(chart: Path) -> None:
    found = _checked("app/templates/job.yaml", "--set", "job.parallelism=2", cwd=chart.parent)
    assert [f[1:4] for f in found] == PLACES[1:]


def test_a_template_is_explained_as_in_its_chart(chart: Path) -> None:
    (chart / "values.yaml").write_text("job: {parallelism: 2, env: []}\n")
    done = joblint("jobs-explain", "app/templates/job.yaml", "--format", "json", cwd=chart.parent)
    (job,) = json.loads(done.stdout)["jobs"]
    assert (job["file"], job["name"], job["pattern"]) == ("app/templates/job.yaml", "release-name-app", "work-queue")


def test_a_template_that_is_open_in_an_editor(chart: Path) -> None:
    path = chart / "templates" / "job.yaml"
    text = path.read_text()
    again = Again(ENGINE, str(path))

    def places(text: str) -> list[tuple[str, int, int]]:
        report = again.check(text.encode())
        return [(f.rule, f.span.line, f.span.column) for f in report.findings if f.severity == "error"]

    assert places(text) == PLACES
    # The text in the editor counts, not that of the file.
    assert places(text.replace("Never", "Always")) == [PLACES[0], ("JL102", 9, 22), *PLACES[1:]]
    # While somebody types, the chart cannot be rendered, and nothing is said that the text alone does not show.
    assert places(text + "{{ if") == []
    assert path.read_text() == FILES["templates/job.yaml"]


def test_a_template_of_a_chart_without_jobs(chart: Path) -> None:
    (chart / "templates" / "job.yaml").unlink()
    done = joblint("check", "app/templates/service.yaml", cwd=chart.parent)
    assert done.returncode == 0 and b"Not checked: 1" in done.stdout


def test_lines_in_messages_are_those_of_the_template(chart: Path) -> None:
    path = chart / "templates" / "job.yaml"
    text = "{{- if .Values.job }}\n{{- end }}\n" + FILES["templates/job.yaml"].replace(
        "spec:\n", "  labels:\n    a: b\n    a: c\nspec:\n", 1
    )
    path.write_text(text)
    done = joblint("check", "--format", "json", "--select", "JL002", "--no-render", "app", cwd=chart.parent)
    (found,) = json.loads(done.stdout)["findings"]
    assert (found["line"], found["column"]) == (9, 5)
    assert found["message"] == "`a` is defined twice: line 9 overrides line 8."


def test_values_that_are_left_empty_are_optional(chart: Path) -> None:
    path = chart / "templates" / "job.yaml"
    text = FILES["templates/job.yaml"].replace(
        "spec:\n", "spec:\n  completions: {{ .Values.none }}\n  activeDeadlineSeconds:\n", 1
    )
    path.write_text(text.replace("parallelism }}", "none }}"))
    done = joblint("check", "--format", "json", "--select", "JL009", "--no-render", "app", cwd=chart.parent)
    assert [f["line"] for f in json.loads(done.stdout)["findings"]] == [7]


def _places(chart: Path) -> list[tuple[str, int, int]]:
    return [found[1:4] for found in _checked("--no-render", "app", cwd=chart.parent)]


def test_an_assignment_to_the_blank_variable_prints_nothing(chart: Path) -> None:
    # `{{- $_ := set … }}` is the usual way to change values; a line of it has no mark of its own.
    path = chart / "templates" / "job.yaml"
    path.write_text(
        '{{- $_ := set .Values.job "slow" "Always" }}\n' + path.read_text().replace("Never", "{{ .Values.job.slow }}")
    )
    assert ("JL102", 10, 22) in _places(chart)


def test_lines_that_end_with_what_an_action_prints(chart: Path) -> None:
    # The text ends with a line break: the mark of the action's line comes after it.
    path = chart / "templates" / "job.yaml"
    text = path.read_text().partition("          env:")[0]
    path.write_text(text + "          {{- tpl .Values.job.more . | nindent 10 }}\n")
    (chart / "values.yaml").write_text(
        "job:\n  parallelism: 1\n  slow: false\n  more: |\n    env:\n      - name: A\n        value: 5\n"
    )
    assert _places(chart) == [("JL106", 11, 17), ("JL106", 16, 11)]


def test_templates_that_a_helmignore_leaves_out(chart: Path) -> None:
    (chart / "templates" / "old.yaml").write_text(FILES["templates/job.yaml"].replace("parallelism", "paralelism"))
    (chart / ".helmignore").write_text("# none\n*.bak\ntemplates/old.yaml\n")
    assert _places(chart) == PLACES


@pytest.mark.parametrize(
    ("rules", "path", "ignored"),
    [
        ("", "templates/job.yaml", False),
        ("", "templates/.hidden.yaml", True),
        ("*.yaml", "templates/job.yaml", True),
        ("/job.yaml", "templates/job.yaml", False),
        ("templates/*.yaml", "templates/a/job.yaml", False),
        ("old/", "templates/old/job.yaml", True),
        ("old/", "templates/old", False),
        ("j[ao]b.yaml", "templates/job.yaml", True),
        ("job.?aml", "templates/job.yaml", True),
        ("j[a-z]b.y*l", "templates/job.yaml", True),
        ("[^j]ob.yaml", "templates/job.yaml", False),
        ("j\\ob.yaml", "templates/job.yaml", True),
        ("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", "templates/" + "a" * 200, False),
        ("**/job.yaml", "templates/job.yaml", False),
        ("!templates", "templates/job.yaml", True),
    ],
)
def test_rules_of_a_helmignore(tmp_path: Path, rules: str, path: str, ignored: bool) -> None:
    from joblint.source.helm.ignored import ignored_in

    (tmp_path / ".helmignore").write_text(rules + "\n")
    assert ignored_in(str(tmp_path))(path) is ignored


def test_charts_whose_jobs_are_inside_other_objects(chart: Path) -> None:
    (chart / "templates" / "job.yaml").unlink()
    (chart / "templates" / "set.yaml").write_text(
        "apiVersion: jobset.x-k8s.io/v1alpha2\nkind: JobSet\nmetadata: {name: {{ .Release.Name }}}\nspec:\n  replicatedJobs:\n"
        "    - name: worker\n      template:\n        spec:\n          parallelism: {{ .Values.job.parallelism }}\n"
        "          template: {spec: {containers: [{name: main, image: 'app:1'}]}}\n"
    )
    # JobSet makes the Job Indexed, which needs completions.
    assert _places(chart) == [("JL119", 8, 9), ("JL118", 9, 24)]
