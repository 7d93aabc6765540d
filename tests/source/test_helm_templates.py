"""Templates are evaluated as helm does: the outputs are those of helm 3.22 for the same chart."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from joblint.source.helm.render import Printed, print_chart

VALUES = """\
i: 3
big: 1000000
bigger: 12345678901
f: 1.5
f2: 1.0
f3: 0.000001
e: 1e3
n: null
b: true
s: "x"
q: 'it''s "x"'
l: [1, a, null, true]
m: {b: 1, a: {z: [], y: {}}}
date: 2020-01-01
oct: 0644
ml: |
  a
  b
neg: -1
"""
CASES: list[tuple[str, str]] = [
    ("{{ 0x1p4 }} {{ mulf 2.0 0x1.8p1 }} {{ 0x10 }} {{ 0X_1P-1 }}", "16 6 16 0.5"),
    (
        "{{ .Values.i }} {{ .Values.big }} {{ .Values.bigger }} {{ .Values.big | int }} {{ .Values.f }} {{ .Values.f2 }} {{ .Values.f3 }}",
        "3 1e+06 1.2345678901e+10 1000000 1.5 1 1e-06",
    ),
    (
        "{{ quote .Values.big }} {{ toString .Values.big }} {{ toYaml .Values.big }} {{ toJson .Values.bigger }} {{ .Values.oct }} {{ .Values.date }}",
        '"1e+06" 1e+06 1000000 12345678901 420 2020-01-01',
    ),
    (
        "[{{ .Values.n }}][{{ .Values.nope }}][{{ (.Values.nope).a }}]{{ $x := .Values.nope }}[{{ $x.a.b }}]",
        "[][][][]",
    ),
    (
        "{{ .Values.l }} {{ .Values.m }} {{ kindOf .Values.i }} {{ kindOf .Values.m }} {{ typeOf .Values.l }} {{ kindOf .Values.n }}",
        "[1 a <nil> true] map[a:map[true:map[] z:[]] b:1] float64 map []interface {} invalid",
    ),
    (
        "{{ add .Values.i 1 }} {{ mul 2 .Values.f }} {{ div 7 2 }} {{ div -7 2 }} {{ mod -7 2 }} {{ sub 1 2 }} {{ addf 1.5 2 }} {{ round 1.256 2 }} {{ max 1 2 3 }} {{ ceil 1.2 }}",
        "4 2 3 -3 -1 -1 3.5 1.26 3 2",
    ),
    (
        "{{ .Chart.Name }} {{ .Chart.AppVersion }} {{ .Release.Name }} {{ .Release.Namespace }} {{ .Release.IsInstall }} {{ .Template.Name }} {{ .Template.BasePath }}",
        "c 1.1 r default true c/templates/a.yaml c/templates",
    ),
    (
        '{{ .Capabilities.KubeVersion.Version }} {{ .Capabilities.KubeVersion.Minor }} {{ .Capabilities.APIVersions.Has "batch/v1" }} {{ .Capabilities.APIVersions.Has "batch/v2" }}',
        "v1.36.0 36 true false",
    ),
    (
        '{{ lookup "v1" "Secret" "a" "b" }} {{ if lookup "v1" "Secret" "a" "b" }}x{{ else }}y{{ end }}',
        "map[] y",
    ),
    (
        '{{ quote .Values.q }} {{ squote .Values.q }} {{ .Values.ml | quote }} {{ quote 1 "a" nil true }} [{{ quote nil }}]',
        '"it\'s \\"x\\"" \'it\'s "x"\' "a\\nb\\n" "1" "a" "true" []',
    ),
    (
        '{{ printf "%s|%v|%d|%q|%5d|%-5s|%05d|%t|%.2f|%%" "a" .Values.m 3 "q" 3 "l" 7 true 1.5 }} {{ printf "%d" .Values.i }} {{ printf "%s" .Values.i }} {{ printf "%s" nil }}',
        'a|map[a:map[true:map[] z:[]] b:1]|3|"q"|    3|l    |00007|true|1.50|% %!d(float64=3) %!s(float64=3) %!s(<nil>)',
    ),
    (
        '{{ ternary "a" "b" true }} {{ false | ternary "a" "b" }} {{ default "x" .Values.s }} {{ default 5 0 }} {{ .Values.n | default "d" }} {{ coalesce nil "" "z" }} {{ empty .Values.n }}',
        "a b x 5 d z true",
    ),
    (
        "{{ range $i, $e := .Values.l }}{{ $i }}={{ $e }};{{ end }}{{ range $k, $v := .Values.m }}{{ $k }}={{ $v }};{{ end }}{{ range until 3 }}{{ . }}{{ end }}{{ range $n := 2 }}{{ $n }}{{ end }}",
        "0=1;1=a;2=;3=true;a=map[true:map[] z:[]];b=1;01201",
    ),
    (
        "{{ range .Values.n }}x{{ else }}none{{ end }} {{ range list 1 2 3 }}{{ if eq . 2 }}{{ continue }}{{ end }}{{ . }}{{ if eq . 3 }}{{ break }}{{ end }}{{ end }}",
        "none 13",
    ),
    (
        "{{ with .Values.m }}{{ .b }} {{ $.Values.i }}{{ else }}no{{ end }} {{ with .Values.n }}x{{ else with .Values.s }}{{ . }}{{ end }} {{ with $y := 1 }}{{ $y }}{{ end }}",
        "1 3 x 1",
    ),
    (
        "{{ $v := 1 }}{{ if true }}{{ $v = 2 }}{{ end }}{{ if true }}{{ $v := 3 }}{{ end }}{{ $v }}",
        "2",
    ),
    (
        'a  {{- " b " -}}  c {{- /* comment */ -}} d {{/* x */}} e',
        "a b cd  e",
    ),
    (
        '{{ "a" | upper | repeat 3 }} {{ list 1 2 3 | join "," }} {{ splitList "." "a.b.c" }} {{ (split "." "a.b.c")._1 }} {{ trunc 3 "abcdef" }} {{ trunc -2 "abcdef" }} {{ substr 1 3 "abcdef" }}',
        "AAA 1,2,3 [a b c] b abc ef bc",
    ),
    (
        '{{ eq 1 1 }} {{ eq .Values.i 3.0 }} {{ eq "a" "b" "a" }} {{ gt (int .Values.i) 2 }} {{ and 1 0 "x" }} {{ or "" "b" }} {{ not nil }} {{ ne "a" "b" }}',
        "true true true true 0 b true true",
    ),
    (
        '{{ len .Values.l }} {{ index .Values.l 1 }} {{ index .Values.m "a" "z" }} {{ first .Values.l }} {{ last .Values.l }} {{ rest .Values.l }} {{ has "a" .Values.l }} {{ keys .Values.m | sortAlpha }} {{ hasKey .Values.m "b" }}',
        "4 a [] 1 true [a <nil> true] true [a b] true",
    ),
    (
        '{{ fromYaml "a: 1\\nb: x" }} {{ (fromYaml "a: 1").a | kindOf }} {{ fromJson "{\\"a\\": [1]}" }} {{ fromYamlArray "[1, a]" }}',
        "map[a:1 b:x] float64 map[a:[1]] [1 a]",
    ),
    (
        '{{ trimSuffix "-" "a-" }} {{ replace "+" "_" "a+b" }} {{ contains "a" "abc" }} {{ nospace "a b" }} {{ title "abc d" }} {{ snakecase "FooBar" }} {{ kebabcase "FooBar" }} {{ camelcase "foo_bar" }}',
        "a a_b true ab Abc D foo_bar foo-bar FooBar",
    ),
    (
        '{{ indent 2 "a\\nb" }}|{{ nindent 2 "a" }}|{{ b64enc "a" }} {{ b64dec "YQ==" }} {{ sha256sum "a" }} {{ regexReplaceAll "a(b+)" "xabbx" "<${1}>" }} {{ regexMatch "^a.c$" "abc" }} {{ regexFind "[0-9]+" "a12b" }}',
        "  a\n  b|\n  a|YQ== a ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb x<bb>x true 12",
    ),
    (
        '{{ int "12" }} {{ int "010" }} {{ int "08" }} {{ int "x" }} {{ int 1.7 }} {{ atoi "08" }} {{ float64 "1.5" }} {{ int64 .Values.big }}',
        "12 8 0 0 1 8 1.5 1000000",
    ),
    (
        '{{ merge (dict "a" false "b" (dict "x" 0) "e" "") (dict "a" true "b" (dict "x" 1 "y" 2) "e" "s" "n" nil) | toJson }} {{ mergeOverwrite (dict "a" true "l" (list 1)) (dict "a" false "l" (list)) | toJson }}',
        '{"a":true,"b":{"x":1,"y":2},"e":"s"} {"a":false,"l":[]}',
    ),
    (
        '{{ dig "a" "y" "def" .Values.m }} {{ dig "q" "def" .Values.m }} {{ omit .Values.m "a" }} {{ pick .Values.m "b" }} {{ set (dict) "a" 1 }} [{{ get (dict "a" 1) "b" }}] {{ $d := dict "a" 1 }}{{ $_ := unset $d "a" }}{{ $d }}',
        "def def map[b:1] map[b:1] map[a:1] [] map[]",
    ),
    (
        '{{ concat (list 1) (list 2) }} {{ append (list 1) 2 }} {{ prepend (list 1) 2 }} {{ uniq (list 1 1 2) }} {{ without (list 1 2) 1 }} {{ compact (list "" 1) }} {{ reverse (list 1 2) }} {{ seq 1 3 }} {{ untilStep 0 6 2 }}',
        "[1 2] [1 2] [2 1] [1 2] [2] [1] [2 1] 1 2 3 [0 2 4]",
    ),
    (
        '{{ kindIs "map" .Values.m }} {{ typeIs "string" .Values.s }} {{ cat "a" "b" }} {{ print "a" 1 2 "b" }} {{ tpl "{{ .Values.i }}-{{ include \\"h\\" . }}" . }} {{ include "h" . | upper }} {{ template "h" . }}',
        "true true a b a1 2b 3-h-c H-C h-c",
    ),
    (
        '{{ semverCompare ">=1.19-0" "v1.36.0" }} {{ semverCompare "<1.14" "1.14.3" }} {{ semverCompare "1.x" "1.2.0" }} {{ semverCompare "~1.2" "1.3.0" }} {{ semverCompare "^0.2" "0.3.0" }} {{ semverCompare "<=1.24" "1.24.5" }} {{ semverCompare ">=1.25.0-0 <1.30" "1.26.0" }} {{ semverCompare ">1.14" "1.14.3" }}',
        "true false true false false true true false",
    ),
    (
        '{{ toYaml "x: y" }} {{ toYaml "true" }} {{ toYaml "a b" }} {{ toYaml "{{ x }}" }} {{ toYaml nil }} {{ toYaml (list) }} {{ toYaml (dict) }} {{ toYaml "" }} {{ toYaml "it\'s" }} {{ toYaml "- a" }}',
        "'x: y' \"true\" a b '{{ x }}' null [] {} \"\" it's '- a'",
    ),
    (
        '{{ toYaml .Values.m }}|{{ toYaml .Values.l }}|{{ toYaml (dict "a" "x\\n  y\\n" "b" (list (dict "c" 1 "d" 2))) }}|{{ toYaml "x\\n  y\\n" }}',
        'a:\n  "true": {}\n  z: []\nb: 1|- 1\n- a\n- null\n- true|a: |\n  x\n    y\nb:\n- c: 1\n  d: 2||\n  x\n    y',
    ),
    (
        '{{ .Files.Get "note.txt" }}{{ .Files.Get "values.yaml" | len }} {{ (.Files.Glob "*.txt").AsConfig }} {{ range $path, $_ := .Files.Glob "*.txt" }}{{ $path }}{{ end }}',
        "a\nb\n0 note.txt: |\n  a\n  b note.txt",
    ),
    (
        '{{ block "own" . }}{{ .Chart.Name }}{{ end }} {{ "x" | printf "%s-%s" "y" }} {{ ("abc") | trunc 2 }} {{ `raw "x"` }} {{ \'a\' }} {{ 0x10 }} {{ 1_000 }} {{ 1e3 }}',
        'c y-x ab raw "x" 97 16 1000 1000',
    ),
    (
        '{{ dir "a/b/c" }} {{ base "a/b/c" }} {{ ext "a.b" }} {{ hasPrefix "a" "ab" }} {{ trimAll "/" "/a/" }} {{ list "b" "a" | sortAlpha | first }} {{ tuple 1 2 | len }} {{ values (dict "a" 1) }} {{ deepCopy (dict "a" (list 1)) }}',
        "a/b c .b true a a 2 [1] map[a:[1]]",
    ),
    (
        '{{ toPrettyJson (dict "b" 1 "a" "<") }} {{ html "<a>" }} {{ urlquery "a b" }} {{ plural "one" "many" 2 }} {{ all 1 "" }} {{ any 0 "x" }} {{ .Values.l | toStrings }}',
        '{\n  "a": "\\u003c",\n  "b": 1\n} &lt;a&gt; a+b many false true [1 a true]',
    ),
]


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 0.1.0\nappVersion: 1.10\n")
    (tmp_path / "values.yaml").write_text(VALUES)
    (tmp_path / "note.txt").write_text("a\nb\n")
    (tmp_path / "templates" / "_h.tpl").write_text('{{ define "h" }}h-{{ .Chart.Name }}{{ end }}')
    return tmp_path


def _printed(chart: Path, text: str, given: dict[str, object] | None = None) -> Printed:
    (chart / "templates" / "a.yaml").write_text(text + "\n")
    return print_chart(str(chart), given or {}, "r", "1.36")


@pytest.mark.parametrize(("text", "output"), CASES)
def test_outputs_are_those_of_helm(chart: Path, text: str, output: str) -> None:
    printed = _printed(chart, text)
    assert printed.failed == ()
    assert dict(printed.texts)["c/templates/a.yaml"].strip("\n") == output


@pytest.mark.skipif(shutil.which("helm") is None, reason="helm is not on the PATH")
@pytest.mark.parametrize(("text", "output"), CASES)
def test_the_recorded_outputs_are_those_of_the_real_helm(chart: Path, text: str, output: str) -> None:
    (chart / "templates" / "a.yaml").write_text(text + "\n")
    command = ["helm", "template", "r", str(chart), "--kube-version", "v1.36.0", "--debug"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # most of the texts are not YAML
    assert done.stdout.partition("# Source: c/templates/a.yaml\n")[2].strip("\n") == output


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{{ .Values.n.a }}", "nil pointer evaluating interface {}.a"),
        ("{{ .Values.s.a }}", "can't evaluate field a"),
        ("{{ .Chart.Nope }}", "can't evaluate field Nope"),
        ("{{ eq .Values.i 3 }}", "incompatible types for comparison"),
        ('{{ required "say x" .Values.nope }}', "say x"),
        ('{{ fail "no" }}', "no"),
        ("{{ index .Values.l 9 }}", "index out of range"),
        ('{{ include "nope" . }}', 'no template "nope"'),
        ('{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}', "rendering template has a nested reference name"),
        ("{{ if }}x{{ end }}", "missing value for command"),
        ("{{ if true }}x", "unexpected EOF in if"),
        ("{{ .Values.i }", "unexpected '}\\n' in action"),
        ("{{ $nope }}", "undefined variable $nope"),
        ('{{ ternary .Values.s "b" "c" }}', "wrong type for value; expected bool"),
        ('{{ env "HOME" }}', 'function "env" not defined'),
        ('{{ getHostByName "a" }}', "function getHostByName"),
        ("{{ range untilStep 0 1000000000 1 }}{{ end }}", "too long"),
        ("{{ range $i := 10000000 }}{{ end }}", "too much to evaluate"),
    ],
)
def test_what_fails_says_why_and_stops_no_other_template(chart: Path, text: str, why: str) -> None:
    (chart / "templates" / "b.yaml").write_text("b: {{ .Values.s }}\n")
    printed = _printed(chart, text)
    assert dict(printed.failed)["c/templates/a.yaml"] == why
    if "range $i" not in text:
        assert dict(printed.texts)["c/templates/b.yaml"] == "b: x\n"


def test_values_of_charts_in_charts(chart: Path) -> None:
    """Source: helm 3.22 pkg/chartutil (coalesce.go, dependencies.go)."""
    entries = [
        "{name: one, version: 1.x, alias: first}",
        "{name: two, version: 0.1.0, condition: two.enabled}",
        "{name: three, version: 0.1.0, import-values: [{child: data, parent: given}]}",
        "{name: four, version: 0.1.0, tags: [extra]}",
    ]
    with open(chart / "Chart.yaml", "a") as file:
        file.write("dependencies:\n" + "".join([f"- {entry}\n" for entry in entries]))
    for name, version in (("one", "1.2.0"), ("two", "0.1.0"), ("three", "0.1.0"), ("four", "0.1.0")):
        inner = chart / "charts" / name
        (inner / "templates").mkdir(parents=True)
        (inner / "Chart.yaml").write_text(f"apiVersion: v2\nname: {name}\nversion: {version}\n")
        (inner / "values.yaml").write_text("a: 1\nb: 2\ngone: 3\ndata: {x: own}\nglobal: {g: inner, h: 1}\n")
        (inner / "templates" / "x.yaml").write_text(
            "{{ .Values.a }} {{ .Values.b }} {{ .Values.gone }} {{ toJson .Values.global }}\n"
        )
    (chart / "values.yaml").write_text(
        "first: {a: 5, gone: null}\ntwo: {enabled: false}\nglobal: {g: outer}\ntags: {extra: false}\n"
    )
    printed = dict(_printed(chart, "{{ .Values.given.x }} {{ .Values.first.b }}", {"first": {"b": 7.0}}).texts)
    assert printed == {
        "c/charts/first/templates/x.yaml": '5 7  {"g":"outer","h":1}\n',
        "c/charts/three/templates/x.yaml": '1 2 3 {"g":"outer","h":1}\n',
        "c/templates/a.yaml": "own 7\n",
    }


def test_a_cluster_has_the_kinds_that_charts_ask_for(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 1.0.0\n")
    asked = ("batch/v1/CronJob", "batch/v1beta1/CronJob")
    text = "".join([f'{{{{ .Capabilities.APIVersions.Has "{name}" }}}} ' for name in asked])
    (tmp_path / "templates" / "a.yaml").write_text(text)
    ((_, printed),) = print_chart(str(tmp_path), {}, "r", "1.36").texts
    assert printed.split() == ["true", "false"]
