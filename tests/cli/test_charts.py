"""`joblint check CHART`: rendered by helm where it is there, told at the lines of the templates, read as it is elsewhere."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tarfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.engine import Engine
from joblint.rules.finding import Hit
from joblint.run.render.helm import Rendered, _aligned
from joblint.run.render.placing import Placer
from joblint.source.documents import read
from joblint.source.unrendered.marked import marked, unmarked

from .run import joblint

ENGINE = Engine(chosen(builtin(), Selection(), "1.36"), "1.36")
ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for helm is a script of sh")

TEMPLATE = """\
{{- if .Values.enabled }}
apiVersion: batch/v1
kind: Job
metadata:
  name: load
spec:
  parallelism: {{ .Values.parallelism }}
  backoffLimit: 3
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: app:1.2.3
        resources: {{- toYaml .Values.resources | nindent 10 }}
{{- end }}
"""
# What helm does with that template, and nothing else: enough to see what joblint makes of it.
HELM = """\
#!/bin/sh
echo "$@" >>"$LOG_FILE"
env | grep -c '^SECRET_TOKEN=' >>"$LOG_FILE"
value=1
for word in "$@"; do
  case "$word" in
    *values-prod.yaml) value=-1 ;;
    parallelism=*) value=${word#parallelism=} ;;
    parallel=2) echo "Error: execution error at (app/templates/job.yaml:1:4): no" >&2; exit 1 ;;
  esac
done
echo 'warning: a word of helm' >&2
echo '---'
echo '# Source: app/templates/job.yaml'
sed -e '/if .Values/d' -e '/{{- end/d' -e "s/{{ .Values.parallelism }}/$value/" \
  -e 's/{{- toYaml .Values.resources | nindent 10 }}/\\n          limitz: {}/' "$3/templates/job.yaml"
"""


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 1.0.0\n")
    (folder / "values.yaml").write_text("enabled: true\n# how many at once\nparallelism: 1\nresources: {}\n")
    (folder / "values-prod.yaml").write_text("parallelism: -1\n")
    (folder / "templates" / "job.yaml").write_text(TEMPLATE)
    return tmp_path


@pytest.fixture
def helm(tmp_path: Path) -> dict[str, str]:
    programs = tmp_path / "bin"
    programs.mkdir()
    log = tmp_path / "log.txt"
    (programs / "helm").write_text(HELM.replace("$LOG_FILE", str(log)))
    (programs / "helm").chmod(0o755)
    return {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "SECRET_TOKEN": "x", "HELM_PLUGINS": "/theirs"}


def _json(cwd: Path, env: dict[str, str], *options: str) -> tuple[dict[str, Any], str]:
    done = joblint("check", "--format", "json", *options, cwd=cwd, **env)
    report = json.loads(done.stdout)
    jsonschema.validate(report, json.loads((ROOT / "schemas/output/check.json").read_bytes()))
    return report, done.stderr.decode()


def _told(report: dict[str, Any]) -> list[tuple[str, int, int, str, str | None]]:
    return [
        (f["file"], f["line"], f["column"], f["field"], f["source"]["values"])
        for f in report["findings"]
        if f["severity"] == "error"
    ]


def test_findings_stand_in_the_template_with_the_value_that_made_them(chart: Path, helm: dict[str, str]) -> None:
    report, said = _json(chart, helm, "app", "--values", "app/values-prod.yaml")
    resources = "spec.template.spec.containers[0].resources.limitz"
    assert _told(report) == [
        ("app/templates/job.yaml", 7, 16, "spec.parallelism", "app/values-prod.yaml:1"),
        ("app/templates/job.yaml", 15, 20, resources, "app/values.yaml:4"),
    ]
    first = report["findings"][0]
    assert first["message"].endswith(" Rendered from parallelism: -1 in app/values-prod.yaml:1.")
    assert first["source"] | {"values": None} == {"file": "app/templates/job.yaml", "line": 7, "column": 16, "values": None}
    assert [(d["file"], d["line"], d["name"]) for d in report["documents"]] == [("app/templates/job.yaml", 2, "load")]
    assert "helm: app: warning: a word of helm" in said


def test_helm_gets_its_arguments_as_a_list_and_nothing_else(chart: Path, helm: dict[str, str], tmp_path: Path) -> None:
    _json(chart, helm, "app", "--set", "parallelism=$(touch x); -3", "--release", "shop", "--kubernetes-version", "1.35")
    calls = (tmp_path / "log.txt").read_text().splitlines()
    assert calls[0].startswith(f"template shop {chart / 'app'} --kube-version v1.35.0 --set parallelism=$(touch x); -3")
    assert calls[1] == "0"  # variables that joblint has are not helm's
    assert not (chart / "x").exists()


def test_each_file_of_values_in_turn(chart: Path, helm: dict[str, str]) -> None:
    report, _ = _json(chart, helm, "app", "--each-values")
    assert [t[4] for t in _told(report) if t[3] == "spec.parallelism"] == ["app/values-prod.yaml:1"]
    assert [t for t in _told(_json(chart, helm, "app")[0]) if t[3] == "spec.parallelism"] == []


def test_a_job_in_another_file_of_the_chart_is_rendered(chart: Path, tmp_path: Path) -> None:
    app = chart / "app"
    (app / "files").mkdir()
    (app / "files" / "job.txt").write_text(TEMPLATE.replace("{{- if .Values.enabled }}\n", "").replace("{{- end }}\n", ""))
    (app / "templates" / "job.yaml").write_text('{{ tpl (.Files.Get "files/job.txt") . }}\n')
    report, _ = _json(chart, {}, "app", "--no-render", "--set", "parallelism=-3")
    (found,) = [f for f in report["findings"] if f["field"] == "spec.parallelism"]
    assert (found["file"], found["line"], found["rule"]) == ("app/templates/job.yaml", 1, "JL118")
    (app / "files" / "job.txt").write_text("Jobs: none\n")
    (app / "values.yaml").write_text("jobs: [a]\n")
    assert _json(chart, {}, "app", "--set", "parallelism=-3")[1] == ""  # not rendered: there is no Job


def test_a_job_that_is_in_another_file_is_reported_once_there(chart: Path) -> None:
    app = chart / "app"
    (app / "files").mkdir()
    job = TEMPLATE[TEMPLATE.index("apiVersion") : TEMPLATE.index("        resources")].replace("{{ .Values.parallelism }}", "-3")
    (app / "files" / "job.yaml").write_text(f"# As in the other chart.\n---\n{job}")
    (app / "templates" / "job.yaml").write_text('{{ .Files.Get "files/job.yaml" }}\n')
    line = 3 + job[: job.index("parallelism")].count("\n")
    for render in ((), ("--no-render",)):
        report, _ = _json(chart, {}, "app", *render)
        places = [(f["file"], f["line"], f["rule"]) for f in report["findings"] if f["field"] == "spec.parallelism"]
        assert places == [("app/files/job.yaml", line, "JL118")]
        assert [d["file"] for d in report["documents"]] == ["app/files/job.yaml"]
    done = joblint("jobs-explain", "app", "--no-render", cwd=chart)
    assert done.stdout.count(b"\nspec.parallelism") <= 1
    assert [line for line in done.stdout.decode().split("\n") if "(app/files/job.yaml:" in line] != []
    assert done.stdout.count(b"Kubernetes 1.") == 1
    (app / "files" / "job.yaml").rename(app / "files" / "job.txt")  # read for the chart only
    (app / "templates" / "job.yaml").write_text('{{ .Files.Get "files/job.txt" }}\n')
    report, _ = _json(chart, {}, "app", "--no-render")
    assert [(f["file"], f["line"]) for f in report["findings"] if f["field"] == "spec.parallelism"] == [
        ("app/files/job.txt", line)
    ]


def test_a_line_that_prints_nothing_hides_no_other() -> None:
    head = "---\n# Source: app/templates/a.yaml\n"
    text, told = f"{head}kind: Job\na: b\n", f"{head}  \n\nkind: Job\na: b\n"
    assert _aligned(text, told, [-1, -1, 0, -1, 2, 3, -1]) == [-1, -1, 2, 3, -1]
    assert _aligned(text, f"{head}a: b\n", [-1, -1, 2, -1]) == [-1, -1, -1, -1, -1]


@pytest.mark.parametrize(
    ("before", "action"),
    [
        ("", "{{ .Release.Name }}-{{ randAlpha 4 | lower }}"),
        ('# {{ $end := printf "x-%s" (randAlpha 4) }}{{ $name := lower $end }}\n', "{{ .Release.Name }}-{{ $name }}"),
        ('# {{ $name := "x" }}{{ if .Values.x }}{{ $name = randAlpha 4 }}{{ end }}\n', "{{ .Release.Name }}-{{ $name }}"),
        ('# {{ define "a.name" }}{{ $end := randAlpha 4 }}{{ $end }}{{ end }}\n', '{{ include "a.name" . }}'),
    ],
)
def test_a_random_name_is_not_fixed(tmp_path: Path, before: str, action: str) -> None:
    name = f"  name: {action}\n"
    text = name + "spec:\n  template:\n    metadata:\n      labels: {helm.sh/chart: a-0.1.0}\n"
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "job.yaml").write_text(before + "kind: Job\nmetadata:\n" + text)
    printed = "---\n# Source: a/templates/job.yaml\nkind: Job\nmetadata:\n" + text.replace(name, "  name: r-esnm\n")
    places: tuple[tuple[str, int] | None, ...] = (
        None,
        None,
        *[("templates/job.yaml", n + before.count("\n")) for n in range(1, 8)],
        None,
    )
    rendered = Rendered(printed, places, "", (), ())
    document = read(printed.encode(), "a")[0]
    rule = ENGINE.rule("template-changes-under-fixed-name")
    assert rule is not None
    found = ENGINE.finding(
        rule, document, "", Hit("spec.template.metadata.labels", dict.fromkeys(("part_of", "name", "advice"), "x"))
    )
    placer = Placer("a", str(tmp_path), rendered)
    assert placer.findings((found,)) == ()
    fixed = (before + "kind: Job\nmetadata:\n" + text).replace("randAlpha 4", "print 4")
    (tmp_path / "templates" / "job.yaml").write_text(fixed)
    assert [f.span.line for f in Placer("a", str(tmp_path), rendered).findings((found,))] == [7 + before.count("\n")]


def test_a_number_is_not_part_of_another_one(chart: Path) -> None:
    app = chart / "app"
    (app / "values.yaml").write_text("limit: 2\ndeadline: 600\nenabled: true\n")
    (app / "templates" / "_helpers.tpl").write_text(
        '{{- define "spec" }}\nbackoffLimit: {{ .Values.limit }}\nactiveDeadlineSeconds: {{ .Values.deadline }}\n{{- end }}\n'
    )
    spec = '  {{- merge (include "spec" . | fromYaml) (dict "parallelism" -3600) | toYaml | nindent 2 }}\n'
    text = TEMPLATE.replace("  parallelism: {{ .Values.parallelism }}\n  backoffLimit: 3\n", spec)
    (app / "templates" / "job.yaml").write_text(text)
    report, _ = _json(chart, {}, "app", "--no-render")
    (found,) = [f for f in report["findings"] if f["field"] == "spec.parallelism"]
    assert found["source"]["values"] is None and (found["line"], "Rendered" in found["message"]) == (7, False)


def test_objects_of_each_rendering_are_counted_once(chart: Path, helm: dict[str, str]) -> None:
    more = TEMPLATE.replace("enabled", "more").replace("name: load", "name: more")
    (chart / "app" / "templates" / "more.yaml").write_text(more)
    (chart / "app" / "values-more.yaml").write_text("more: true\n")
    (chart / "app" / "templates" / "names.yaml").write_text(
        "{{- range .Values.names }}\n---\n"
        + TEMPLATE.replace("{{- if .Values.enabled }}\n", "").replace("load", "{{ . }}").replace(".Values", "$.Values")
    )
    (chart / "app" / "values-names.yaml").write_text("names: [a, b]\n")
    (chart / "app" / "ci").mkdir()
    (chart / "app" / "ci" / "x-values.yaml").write_text("names: [b, c]\nmore: true\n")
    report, _ = _json(chart, {}, "app", "--no-render", "--each-values")
    assert [d["name"] for d in report["documents"]] == ["load", "more", "a", "b", "c"]


def test_a_chart_in_a_folder_that_is_checked(chart: Path, helm: dict[str, str]) -> None:
    (chart / "job.yaml").write_text("apiVersion: batch/v1\nkind: Job\nmetadata: {name: other}\nspec: {}\n")
    report, _ = _json(chart, helm, ".", "--set", "parallelism=-5")
    errors = [f for f in report["findings"] if f["severity"] == "error"]
    assert [(f["file"], f["line"]) for f in errors if f["source"]] == [("app/templates/job.yaml", n) for n in (7, 15)]
    assert {f["file"] for f in errors if not f["source"]} == {"job.yaml"}
    report["findings"] = [f for f in errors if f["source"]]
    assert [t[4] for t in _told(report) if t[3] == "spec.parallelism"] == ["--set parallelism=-5"]


def test_branches_that_no_values_take_are_read_too(chart: Path, helm: dict[str, str]) -> None:
    other = TEMPLATE.replace("if .Values.enabled", "if .Values.other").replace("backoffLimit: 3", "backoffLimit: -1")
    (chart / "app" / "templates" / "other.yaml").write_text(other)
    report, _ = _json(chart, helm, "app")
    (told,) = [f for f in report["findings"] if f["file"] == "app/templates/other.yaml" and f["severity"] == "error"]
    assert (told["line"], told["column"]) == (8, 17)
    assert told["message"].endswith(" Applies in the branch `if .Values.other` on line 1.")
    assert [d["file"] for d in report["documents"]] == ["app/templates/job.yaml", "app/templates/other.yaml"]


def test_an_archive(chart: Path, helm: dict[str, str]) -> None:
    with tarfile.open(chart / "app-1.0.0.tgz", "w:gz") as tar:
        tar.add(chart / "app", "app")
    report, _ = _json(chart, helm, "app-1.0.0.tgz")
    assert [t[:3] for t in _told(report)] == [("app-1.0.0.tgz/templates/job.yaml", 15, 20)]
    report, _ = _json(chart, {}, "app-1.0.0.tgz", "--no-render", "--each-values")
    (found,) = [f for f in report["findings"] if f["field"] == "spec.parallelism"]
    assert found["message"].endswith(" Rendered from parallelism: -1 in app-1.0.0.tgz/values-prod.yaml:1.")
    assert found["source"]["values"] == "app-1.0.0.tgz/values-prod.yaml:1"
    (chart / "broken.tgz").write_bytes(b"no archive")
    _, said = _json(chart, helm, "broken.tgz")
    assert "broken.tgz: rendering with helm failed" in said


def test_an_archive_inside_of_a_chart_is_told_of_by_line(chart: Path, helm: dict[str, str], tmp_path: Path) -> None:
    (chart / "app" / "charts").mkdir()
    inner = tmp_path / "foo"
    (inner / "templates").mkdir(parents=True)
    (inner / "Chart.yaml").write_text("apiVersion: v2\nname: foo\nversion: 1.2.0\n")
    (inner / "values.yaml").write_text("# none\nparallelism: -1\n")
    (inner / "templates" / "job.yaml").write_text(
        TEMPLATE.replace("resources: {{- toYaml .Values.resources | nindent 10 }}", "tty: true")
    )
    with tarfile.open(chart / "app" / "charts" / "foo-1.2.0.tgz", "w:gz") as tar:
        tar.add(inner, "foo")
    program = tmp_path / "bin" / "helm"
    script = (
        program.read_text().replace("app/templates/job.yaml", "app/charts/foo/templates/job.yaml").replace("value=1", "value=-1")
    )
    program.write_text(script.replace("$3/templates", "$3/charts/foo/templates"))
    report, _ = _json(chart, helm, "app")
    archive = "app/charts/foo-1.2.0.tgz"
    (told,) = _told(report)
    assert told == (f"{archive}/templates/job.yaml", 7, 16, "spec.parallelism", f"{archive}/values.yaml:2")
    # What the played helm does not print is read as it is written.
    assert [d["file"] for d in report["documents"]] == [f"{archive}/templates/job.yaml", "app/templates/job.yaml"]


def test_without_helm_the_templates_are_read(chart: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    report, said = _json(chart, {"PATH": str(empty)}, "app")
    assert "helm is not on the PATH" in said
    assert [d["file"] for d in report["documents"]] == ["app/templates/job.yaml"] and not report["findings"]
    report, said = _json(chart, {"PATH": str(empty)}, "app", "--no-render")
    assert said == "" and len(report["documents"]) == 1


_HELPER = """\
{{- define "app.job" -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .job.name }}
spec:
  backoffLimit: {{ .job.limit }}
  template:
    spec:
      restartPolicy: Sometimes
      containers:
      - name: main
        image: {{ .root.Values.image.repository }}:{{ .root.Values.image.tag }}
{{- end }}
"""
_JOBS = """\
{{- range .Values.jobs }}
---
{{ include "app.job" (dict "job" . "root" $) }}
{{- end }}
"""


def test_without_helm_joblint_renders_by_itself(chart: Path) -> None:
    """A helper that prints whole Jobs, for each item of a list: told at the helper's lines, with the item's value."""
    templates = chart / "app" / "templates"
    (templates / "_helpers.tpl").write_text(_HELPER)
    (templates / "job.yaml").write_text(_JOBS)
    jobs = "jobs:\n- name: one\n  limit: 3\n- name: two\n  limit: -4\n"
    (chart / "app" / "values.yaml").write_text(f"{jobs}image: {{repository: app, tag: 1.2.3}}\n")
    (chart / "app" / "values-prod.yaml").write_text("image: {tag: a b}\n")
    report, said = _json(chart, {}, "app", "--no-render", "--each-values")
    helpers, job = "app/templates/_helpers.tpl", "spec.template.spec"
    assert _told(report) == [
        (helpers, 7, 17, "spec.backoffLimit", "app/values.yaml:5"),
        (helpers, 10, 22, f"{job}.restartPolicy", None),
        (helpers, 13, 16, f"{job}.containers[0].image", "app/values-prod.yaml:1"),
    ]
    assert [d["name"] for d in report["documents"]] == ["one", "two"] and said == ""
    report, _ = _json(chart, {}, "app", "--no-render", "--set", "jobs=null")
    assert report["documents"] == report["findings"] == []


def test_an_assignment_of_several_is_named_alone(chart: Path) -> None:
    report, _ = _json(chart, {}, "app", "--no-render", "--set", "x=1,parallelism=-7")
    assert ("app/templates/job.yaml", 7, 16, "spec.parallelism", "--set parallelism=-7") in _told(report)


def test_without_helm_lists_can_be_set(chart: Path) -> None:
    job = chart / "app" / "templates" / "job.yaml"
    job.write_text(
        TEMPLATE.replace(".Values.parallelism", "index .Values.counts 1 | default (.Values.all).c").replace("limitz", "x")
    )
    for given, told in (
        ("counts={1,-2},x[0].y=3", "-2"),
        ("counts[1]=-4", "-4"),
        ("counts={-1\\,5,-3}", "-3"),
        ("counts={a,},all.c=-6", "-6"),
    ):
        report, _ = _json(chart, {}, "app", "--no-render", "--set", given)
        errors = [f["message"] for f in report["findings"] if f["field"] == "spec.parallelism"]
        assert errors and all(f"spec.parallelism is {told}:" in message for message in errors), given


@pytest.mark.parametrize("command", ["check", "jobs-explain"])
def test_options_that_helm_never_accepts(chart: Path, command: str) -> None:
    for options, said in (
        (("--values", "nope.yaml"), b"--values nope.yaml: No such file or directory"),
        (("--values", "app"), b"--values app: not a file"),
        (("--release", "Shop"), b"--release Shop: helm accepts only lowercase letters"),
        (("--release", 54 * "a"), b"at most 53 characters"),
        (("--set", "counts"), b'--set counts: key "counts" has no value'),
        (("--set", "a[x]=1"), b'--set a[x]=1: error parsing index: strconv.Atoi: parsing "x": invalid syntax'),
        (("--set", "a[70000]=1"), b"index of 70000 is greater than maximum supported index of 65536"),
        (("--set", "a={b"), b"list must terminate with '}'"),
        (("--set", "a=1", "--set", "a.b=2"), b'--set a.b=2: "a" is set to something else than a mapping'),
        (("--values", "app/templates/job.yaml"), b"--values app/templates/job.yaml: not a mapping of YAML"),
    ):
        done = joblint(command, "app", "--no-render", *options, cwd=chart)
        assert done.returncode == 2 and said in done.stderr and not done.stdout


def test_a_chart_that_cannot_be_loaded_is_not_said_to_fail_in_helm(chart: Path) -> None:
    (chart / "app" / "values.yaml").write_text("a: [\n")
    report, said = _json(chart, {}, "app", "--no-render")
    assert "app: it cannot be rendered, so its files are checked as written: " in said and "helm" not in said
    assert "JL017" in [f["rule"] for f in report["findings"]]


def test_an_explanation_says_what_helm_cannot_render(chart: Path, helm: dict[str, str]) -> None:
    other = chart / "app" / "templates" / "other.yaml"
    for line, status, said in (
        ('a: {{ include "nope" . }}', 1, 'line 1: helm cannot render this chart: no template "nope"'),
        ('a: {{ required "name it" .Values.x }}', 0, "line 1: helm cannot render this chart with these values: name it"),
    ):
        other.write_text(f"{line}\n")
        done = joblint("jobs-explain", "app", "--format", "json", cwd=chart, PATH=str(chart))
        report = json.loads(done.stdout)
        assert ("app/templates/other.yaml", True) in [(s["file"], said in s["reason"]) for s in report["skipped"]]
        assert done.returncode == status and [job["name"] for job in report["jobs"]] == ["load"]
    other.unlink()
    done = joblint("jobs-explain", "app", "--brief", "--set", "parallel=2", cwd=chart, **helm)
    assert done.returncode == 0 and b"Not explained: app/templates/job.yaml (line 1: helm cannot render" in done.stdout


def test_without_helm_branches_that_no_values_take_are_read_too(chart: Path) -> None:
    job = chart / "app" / "templates" / "job.yaml"
    job.write_text(TEMPLATE.replace("  backoffLimit: 3\n", "  {{- if .Values.fast }}\n  backoffLimit: -1\n  {{- end }}\n"))
    report, _ = _json(chart, {}, "app", "--no-render")
    (told,) = [f for f in report["findings"] if f["severity"] == "error"]
    assert (told["line"], told["column"]) == (9, 17)
    assert told["message"].endswith(" Applies in the branch `if .Values.fast` on line 8.")


def test_without_helm_a_template_that_cannot_be_evaluated_is_read_as_it_is(chart: Path) -> None:
    job = chart / "app" / "templates" / "job.yaml"
    job.write_text('{{- $x := getHostByName "a" }}\n' + TEMPLATE.replace("backoffLimit: 3", "backoffLimit: -1"))
    report, _ = _json(chart, {}, "app", "--no-render")
    assert [(f["file"], f["line"]) for f in report["findings"] if f["severity"] == "error"] == [("app/templates/job.yaml", 9)]
    assert [d["name"] for d in report["documents"]] == ["load"]


@pytest.mark.parametrize(
    ("line", "severity", "place", "says", "advice"),
    [
        ('{{- $x := env "HOME" }}', "error", (1, 1), 'function "env" not defined', "a function of helm"),
        ("{{- if .Values.enabled }}", "error", (1, 1), "{{if}} has no {{end}}", "{{- end }}"),
        ('a: {{ include "nope" . }}', "error", (1, 4), 'no template "nope"', "define"),
        ('a: {{ required "name it" .Values.x }}', "info", (1, 4), "with these values: name it", "--set x=<value>"),
        ("a: {{ .Values.x.y }}", "warning", (1, 4), "nil pointer evaluating interface {}.y", "--set x.y=<value>"),
        ('a: {{ fail (printf "%s%s" "\\n" "no more") }}', "info", (1, 4), "with these values: no more.", "--values <file>"),
        ("a: {{ fail `` }}", "info", (1, 4), "its template fails without a message", "--values <file>"),
        ("a: {{ .Values.enabled", "error", (1, 4), "unclosed action", "Correct"),
    ],
)
def test_without_helm_what_helm_cannot_render_is_a_finding(
    chart: Path, line: str, severity: str, place: tuple[int, int], says: str, advice: str
) -> None:
    (chart / "app" / "templates" / "other.yaml").write_text(f"{line}\n")
    (chart / "app" / "values.yaml").write_text("enabled: true\nparallelism: 1\nresources: {}\nx:\n")
    report, _ = _json(chart, {"PATH": str(chart)}, "app", "--severity", "info")
    (found,) = [f for f in report["findings"] if f["rule"] == "JL017"]
    assert (found["file"], found["line"], found["column"]) == ("app/templates/other.yaml", *place)
    assert found["severity"] == severity and says in found["message"]
    assert [d["file"] for d in report["documents"]] == ["app/templates/job.yaml"]
    text = joblint("check", "app", "--severity", "info", cwd=chart, PATH=str(chart))
    assert advice in text.stdout.decode() and text.returncode == (severity == "error")


def test_a_chart_that_another_one_includes_needs_not_be_rendered_by_itself(chart: Path) -> None:
    """Its helpers and global values are those of the chart that has it as a dependency."""
    (chart / "app" / "templates" / "other.yaml").write_text('a: {{ include "whole.name" . }}\nb: {{ .Values.global.x.y }}\n')
    (chart / "whole").mkdir()
    for folder, severity in (("../app", "info"), ("../other", "error")):
        text = f"apiVersion: v2\nname: whole\nversion: 1.0.0\ndependencies:\n- name: app\n  repository: file://{folder}\n"
        (chart / "whole" / "Chart.yaml").write_text(text)
        report, _ = _json(chart, {"PATH": str(chart)}, "app", "--severity", "info", "--no-cache")
        assert {f["severity"] for f in report["findings"] if f["rule"] == "JL017"} == {severity}


def test_a_chart_below_another_one_needs_not_be_rendered_by_itself(chart: Path) -> None:
    (chart / "app" / "templates" / "other.yaml").write_text("b: {{ .Values.global.x.y }}\n")
    (chart / "charts").mkdir()
    (chart / "app").rename(chart / "charts" / "app")
    report, _ = _json(chart, {"PATH": str(chart)}, "charts/app", "--severity", "info")
    assert [f["severity"] for f in report["findings"] if f["rule"] == "JL017"] == ["warning"]
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: whole\nversion: 1.0.0\n")
    report, _ = _json(chart, {"PATH": str(chart)}, "charts/app", "--severity", "info")
    assert [f["severity"] for f in report["findings"] if f["rule"] == "JL017"] == ["info"]


def test_dependencies_that_are_not_there(chart: Path, helm: dict[str, str]) -> None:
    text = "apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n- name: redis\n  version: 1.0.0\n"
    text += "- name: common\n  version: 1\n"
    (chart / "app" / "Chart.yaml").write_text(text)
    (chart / "app" / "charts" / "redis").mkdir(parents=True)
    (chart / "app" / "charts" / "redis" / "Chart.yaml").write_text("apiVersion: v2\nname: redis\nversion: 1.0.0\n")
    for options in ((), ("--no-render",)):
        program = chart / "bin" / "helm"
        said = "Error: An error occurred while checking for chart dependencies. You may need to run `helm dependency build` to"
        said += " fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: common"
        program.write_text(f"#!/bin/sh\necho '{said}' >&2; exit 1\n".replace("`", "\\`") if not options else program.read_text())
        report, _ = _json(chart, helm, "app", "--severity", "info", *options)
        (found,) = [f for f in report["findings"] if f["rule"] == "JL017"]
        assert (found["file"], found["line"], found["severity"]) == ("app/Chart.yaml", 7, "info")
        assert found["message"] == "helm cannot render this chart: charts/ does not contain common."
    (chart / "app" / "charts" / "common-1.2.0.tgz").write_bytes(b"")
    report, _ = _json(chart, helm, "app", "--no-render")
    assert not [f for f in report["findings"] if f["rule"] == "JL017"]


def test_helm_that_stops_is_a_finding_where_it_says(chart: Path, helm: dict[str, str]) -> None:
    report, _ = _json(chart, helm, "app", "--set", "parallel=2")
    (found,) = [f for f in report["findings"] if f["rule"] == "JL017"]
    assert (found["file"], found["line"], found["column"]) == ("app/templates/job.yaml", 1, 1)
    assert found["message"] == "helm cannot render this chart with these values: no." and found["severity"] == "warning"


def test_the_messages_of_helm() -> None:
    from joblint.run.render.broken import from_helm

    traced = 'template: app/templates/a.yaml:1:6: executing "app/templates/a.yaml" at <include "x" .>: error calling include: '
    traced += 'template: app/templates/_h.tpl:9:13: executing "x" at <.Values.a.b>: nil pointer evaluating interface {}.b'
    newer = 'Error: app/templates/a.yaml:3:4\n  executing "app/templates/a.yaml" at <.Values.a.b>:\n    nil pointer'
    schema = "Error: values don't meet the specifications of the schema(s) in the following chart(s):\napp:\n- a: no"
    for said, file, line, what in (
        ('Error: parse error at (app/templates/job.yaml:11): function "quot" not defined', "templates/job.yaml", 11, "Syntax"),
        ("Error: execution error at (app/charts/b/templates/j.yaml:2:4): no", "charts/b/templates/j.yaml", 2, "Asked"),
        (f"Error: {traced}", "templates/_h.tpl", 9, "Nil"),
        (newer, "templates/a.yaml", 3, "Nil"),
        (schema, "values.yaml", 0, "Values"),
        ("Error: chart requires kubeVersion: >=1.40 which is incompatible with Kubernetes v1.36.0", "Chart.yaml", 0, "Version"),
        ("Error: cannot load values.yaml: error converting YAML to JSON: yaml: line 3: did not find", "values.yaml", 3, "Chart"),
        ("helm did not finish within 60s", "Chart.yaml", 0, "Other"),
    ):
        found = from_helm(said)
        assert (found.file, found.line, found.what) == (file, line, what), said


def test_without_helm_a_template_that_prints_no_yaml_is_told_at_its_line(chart: Path) -> None:
    job = chart / "app" / "templates" / "job.yaml"
    job.write_text(TEMPLATE.replace("nindent 10", "nindent 3"))
    (chart / "app" / "values.yaml").write_text("enabled: true\nparallelism: 1\nresources:\n  limits: {memory: 1Gi}\n")
    report, said = _json(chart, {}, "app", "--no-render")
    assert [(f["rule"], f["file"], f["line"]) for f in report["findings"]] == [("JL001", "app/templates/job.yaml", 15)]
    assert said == ""


def test_without_helm_archives_inside_of_a_chart_are_read(chart: Path, tmp_path: Path) -> None:
    (chart / "app" / "charts").mkdir()
    inner = tmp_path / "foo"
    (inner / "templates").mkdir(parents=True)
    (inner / "Chart.yaml").write_text("apiVersion: v2\nname: foo\nversion: 1.2.0\n")
    (inner / "values.yaml").write_text("enabled: false\nparallelism: -1\n")
    (inner / "templates" / "job.yaml").write_text(TEMPLATE)
    with tarfile.open(chart / "app" / "charts" / "foo-1.2.0.tgz", "w:gz") as tar:
        tar.add(inner, "foo")
    archive = "app/charts/foo-1.2.0.tgz"
    report, _ = _json(chart, {}, "app", "--no-render", "--set", "foo.enabled=true")
    assert _told(report) == [(f"{archive}/templates/job.yaml", 7, 16, "spec.parallelism", f"{archive}/values.yaml:2")]
    report, _ = _json(chart, {}, "app", "--no-render")
    (told,) = [f for f in report["findings"] if f["severity"] == "error"]
    assert (told["file"], told["line"]) == (f"{archive}/templates/job.yaml", 7) and "Applies in the branch `if" in told["message"]
    with tarfile.open(chart / "app-1.0.0.tgz", "w:gz") as tar:
        tar.add(chart / "app", "app")
    report, _ = _json(chart, {}, "app-1.0.0.tgz", "--no-render", "--set", "foo.enabled=true")
    where = "app-1.0.0.tgz/charts/foo-1.2.0.tgz"
    assert _told(report) == [(f"{where}/templates/job.yaml", 7, 16, "spec.parallelism", f"{where}/values.yaml:2")]


def test_what_helm_refuses_is_said_and_the_templates_are_read(chart: Path, helm: dict[str, str]) -> None:
    report, said = _json(chart, helm, "app", "--set", "parallel=2")
    assert "app: rendering with helm failed" in said and "execution error" in said
    assert [d["file"] for d in report["documents"]] == ["app/templates/job.yaml"]


def test_a_template_that_prints_no_yaml_is_told_at_its_line(chart: Path, helm: dict[str, str], tmp_path: Path) -> None:
    template = chart / "app" / "templates" / "job.yaml"
    template.write_text(TEMPLATE.replace("  backoffLimit: 3\n", "    backoffLimit: 3\n"))
    program = tmp_path / "bin" / "helm"
    error = "Error: YAML parse error on app/templates/job.yaml: error converting YAML to JSON: yaml: line 8: mapping values"
    # helm prints what it made only where it is asked to, and fails all the same.
    program.write_text(
        program.read_text().replace(
            "echo '---'", f"""case "$*" in *--debug*) ;; *) echo '{error}' >&2; exit 1 ;; esac\necho '---'"""
        )
        + f"echo '{error}' >&2; exit 1\n"
    )
    report, said = _json(chart, helm, "app")
    assert [(f["rule"], f["file"], f["line"]) for f in report["findings"]] == [("JL001", "app/templates/job.yaml", 8)]
    assert "YAML parse error" in said and "rendering failed" not in said


def test_an_object_that_helm_leaves_out_is_told(chart: Path, helm: dict[str, str], tmp_path: Path) -> None:
    template = chart / "app" / "templates" / "job.yaml"
    template.write_text(TEMPLATE.replace("  name: load\n", "  name: load\n  annotations:\n    helm.sh/hook: pre-instal\n"))
    script = "#!/bin/sh\necho 'manifest_sorter.go:199: info: skipping unknown hook: \"pre-instal\"' >&2\n"
    (tmp_path / "bin" / "helm").write_text(script)
    report, said = _json(chart, helm, "app")
    assert [(f["rule"], f["file"], f["line"]) for f in report["findings"]] == [("JL605", "app/templates/job.yaml", 7)]
    assert "skipping unknown hook" in said


def test_a_template_that_is_named_itself_is_not_rendered(chart: Path, helm: dict[str, str], tmp_path: Path) -> None:
    report, said = _json(chart, helm, "app/templates/job.yaml")
    assert len(report["documents"]) == 1 and said == "" and not (tmp_path / "log.txt").exists()


def test_a_chart_is_explained_as_it_is_rendered(chart: Path, helm: dict[str, str], tmp_path: Path) -> None:
    values = (chart / "app" / "values-prod.yaml").write_text("parallelism: 3\n") and "app/values-prod.yaml"
    for options, pods in ((("--set", "parallelism=2"), "2 Pods"), (("--each-values",), "1 Pod at the same time")):
        done = joblint("jobs-explain", "app", *options, cwd=chart, **helm)
        assert b"Job load  (app/templates/job.yaml:2, " in done.stdout and pods.encode() in done.stdout
    assert f"values            {values}".encode() in done.stdout  # the second rendering, with the same name
    done = joblint("jobs-explain", "app", "--format", "html", cwd=chart, **helm)
    assert b"{{ .Values.parallelism }}" in done.stdout  # the page shows the template
    empty = tmp_path / "empty"
    empty.mkdir()
    for options, env in ((("--no-render",), helm), ((), {"PATH": str(empty)})):
        done = joblint("jobs-explain", "app", *options, cwd=chart, **env)
        assert b"Job load  (app/templates/job.yaml:2, " in done.stdout and b"not rendered" not in done.stdout
    for options, env in ((("--no-render",), helm), ((), {"PATH": str(empty)})):
        done = joblint("jobs-explain", "app/templates/job.yaml", *options, "--set", "enabled=false", cwd=chart, **env)
        assert b"Job load  (app/templates/job.yaml:2, " in done.stdout and b"not rendered      " in done.stdout
        assert b"lines that actions print are ignored, in spec.template.spec.containers.resources" in b" ".join(
            done.stdout.split()
        )
    for options, env in ((("--no-render",), helm), ((), {"PATH": str(empty)})):
        done = joblint("jobs-explain", "app", *options, "--set", "enabled=false", cwd=chart, **env)
        assert (b"helm is not on the PATH" in done.stderr) == (not options)


def test_jobs_that_the_values_do_not_select_are_not_explained(chart: Path, helm: dict[str, str], tmp_path: Path) -> None:
    (chart / "app" / "templates" / "other.yaml").write_text(TEMPLATE.replace(".Values.enabled", ".Values.other"))
    (chart / "app" / "templates" / "third.yaml").write_text(TEMPLATE.replace(".Values.enabled", "getHostByName .Values.x"))
    (tmp_path / "empty").mkdir()
    for options, env in ((("--no-render",), helm), ((), {"PATH": str(tmp_path / "empty")}), ((), helm)):
        done = joblint("jobs-explain", "app", "--format", "json", *options, cwd=chart, **env)
        report = json.loads(done.stdout)
        files = [job["file"] for job in report["jobs"]]
        assert files[0] == "app/templates/job.yaml" and "app/templates/other.yaml" not in files
        why = "the values do not select its Job or CronJob"
        assert ("app/templates/other.yaml", why) in [(s["file"], s["reason"]) for s in report["skipped"]]


def test_marks_change_nothing_but_themselves() -> None:
    text = TEMPLATE + '\n{{- define "x" }}\na: b\n{{- end }}\na: |\n  b\n{{ .x -}}\n\nc: d\n'
    told, numbers = unmarked(marked(text, 100))
    assert told == text
    found = {n - 100: line for n, line in zip(numbers, told.split("\n"), strict=True) if n >= 0}
    assert all(text.split("\n")[n] == line for n, line in found.items())
    assert 0 not in found and 6 in found and 18 in found  # control alone, a value, a key in a definition
    carefully = [n - 100 for n in unmarked(marked(text, 100, careful=True))[1]]
    assert 6 in carefully and 18 not in carefully
    assert marked('{{- define "x" }}\nword\n{{- end }}\n', 0) == '{{- define "x" }}\nword\n{{- end }}\n'


@pytest.mark.skipif(shutil.which("helm") is None, reason="helm is not on the PATH")
def test_the_real_helm(chart: Path) -> None:
    (chart / "app" / "values.yaml").write_text("enabled: true\nparallelism: -1\nresources:\n  limitz: {}\n")
    report, _ = _json(chart, dict(os.environ), "app")
    assert [t[:3] + t[4:] for t in _told(report)] == [
        ("app/templates/job.yaml", 7, 16, "app/values.yaml:2"),
        ("app/templates/job.yaml", 15, 20, "app/values.yaml:4"),
    ]


@pytest.mark.parametrize("name", ["load", "{{ .Release.Name }}"], ids=["without actions", "with an action"])
def test_what_the_values_disable_is_no_error(tmp_path: Path, name: str) -> None:
    """The output of the chart is clean: its subchart is not part of it."""
    inner = tmp_path / "charts" / "load"
    (inner / "templates").mkdir(parents=True)
    (tmp_path / "Chart.yaml").write_text(
        "apiVersion: v2\nname: all\nversion: 0.1.0\ndependencies:\n- {name: load, version: 0.1.0, condition: load.enabled}\n"
    )
    (tmp_path / "values.yaml").write_text("load: {enabled: false}\n")
    (inner / "Chart.yaml").write_text("apiVersion: v2\nname: load\nversion: 0.1.0\n")
    (inner / "templates" / "job.yaml").write_text(
        f"apiVersion: batch/v1\nkind: Job\nmetadata: {{name: {name}}}\nspec:\n  parallelism: -1\n  ttlSecondsAfterFinished: 600\n"
        "  template: {spec: {restartPolicy: Never, containers: [{name: a, image: 'a:1'}]}}\n"
    )
    report, _ = _json(tmp_path, {"PATH": ""}, "--no-render", "--severity", "info", ".")
    (finding,) = [f for f in report["findings"] if f["rule"] == "JL118"]
    assert finding["severity"] == "info" and finding["message"].endswith(" Applies if `load.enabled` is true.")
    (tmp_path / "values.yaml").write_text("load: {enabled: true}\n")
    report, _ = _json(tmp_path, {"PATH": ""}, "--no-render", ".")
    assert [f["severity"] for f in report["findings"] if f["rule"] == "JL118"] == ["error"]
