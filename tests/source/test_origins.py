"""Which values an action of a chart's templates prints: through variables, `with`, `range`, `include` and `dict`."""

from __future__ import annotations

import pytest

from joblint.source.unrendered.actions import Choice, tree
from joblint.source.unrendered.origins import ROOT, definition, given_to, printed_by, scope_at

HELPERS = """\
{{- define "image" -}}
{{ .image.repository }}:{{ .image.tag | default .app.Version }}
{{- end }}
{{- define "both" }}{{ include "image" (dict "image" .Values.job.image "app" .Chart) }}{{ end }}
{{- define "loop" }}{{ include "loop" . }}{{ .Values.x }}{{ end }}
"""
DEFINED = {definition(c): c.branches[0].inside for c in tree(HELPERS) if isinstance(c, Choice)}


def _defined(name: str) -> tuple[object, ...]:
    return DEFINED.get(name, ())


def _printed(text: str) -> list[str]:
    """The paths that the action with `@` in it prints."""
    at = text.index("@")
    begin = text.rindex("{{", 0, at)
    text = text.replace("@", "")
    scope, _ = scope_at(tree(text), begin, ROOT, _defined)  # type: ignore[arg-type]
    body = text[begin + 2 : text.index("}}", begin)].strip("- ")
    return [".".join(["*" if s is None else s for s in path]) for path in printed_by(body, scope, _defined)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("{{ @.Values.a.b }}", ["Values.a.b"]),
        ("{{ @default 6 .Values.a | int }}", ["Values.a"]),
        ("{{ with .Values.job }}{{ @.limit }}{{ end }}", ["Values.job.limit"]),
        ("{{ with .Values.job }}{{ @$.Values.x }}{{ else }}{{ .Values.y }}{{ end }}", ["Values.x"]),
        ("{{ with .Values.job }}{{ .x }}{{ else }}{{ @.Values.y }}{{ end }}", ["Values.y"]),
        ("{{ range .Values.jobs }}{{ @.limit }}{{ end }}", ["Values.jobs.*.limit"]),
        ("{{ range $i, $job := .Values.jobs }}{{ @$job.limit }}{{ end }}", ["Values.jobs.*.limit"]),
        ("{{ $job := .Values.job -}}{{ if $job.on }}{{ @$job.limit }}{{ end }}", ["Values.job.limit"]),
        ("{{ with $x := .Values.job }}{{ @$x.limit }}{{ end }}", ["Values.job.limit"]),
        ('{{ @include "both" . | quote }}', ["Values.job.image.repository", "Values.job.image.tag", "Chart.Version"]),
        ('{{ @include "image" (dict "image" .Values.i) }}', ["Values.i.repository", "Values.i.tag"]),
        ("{{ @tpl .Values.text . }}", ["Values.text"]),
        ('{{ @index .Values.a "b" 0 }}', ["Values.a.b.0"]),
        ("{{ @(index .Values.list 1).name }}", ["Values.list.1", "Values.list.1.name"]),
        ("{{ @toYaml .Values.r | nindent 4 }}", ["Values.r"]),
        ("{{ range list .Values.a .Values.b }}{{ @.x }}{{ end }}", ["Values.a.x", "Values.b.x"]),
        ('{{ @include "loop" . }}', ["Values.x"]),
        ('{{ @printf "%s" "text" }}', []),
        ("{{ @.Release.Name }}", ["Release.Name"]),
    ],
)
def test_an_action_prints_the_values_of_its_place(text: str, paths: list[str]) -> None:
    assert _printed(text) == paths


def test_what_a_definition_is_given_is_told_by_those_that_include_it() -> None:
    text = '{{ with .Values.job }}{{ include "pod" (dict "job" .) }}{{ end }}{{ define "pod" }}{{ .job.limit }}{{ end }}'
    actions = tree(text)
    dot = given_to("pod", actions, _defined, lambda _: ROOT)  # type: ignore[arg-type]
    scope, inside = scope_at(actions, text.index("{{ .job"), dot, _defined)  # type: ignore[arg-type]
    assert inside == "pod"
    assert printed_by(".job.limit", scope, _defined) == (("Values", "job", "limit"),)  # type: ignore[arg-type]
