"""Positions that an editor may send although the text that the server knows does not reach so far."""

from __future__ import annotations

import pytest

from joblint.api.version.versions import DEFAULT
from joblint.rules.catalogue.rule import builtin
from joblint.rules.engine import Engine
from joblint.run.again import Again

lsp = pytest.importorskip("lsprotocol.types")


@pytest.mark.parametrize("text", ["", "kind: Job\nspec:\n  ", "{}"])
@pytest.mark.parametrize("position", [(0, 99), (3, 0), (99, 99)])
def test_a_position_behind_the_text_is_no_failure(text: str, position: tuple[int, int]) -> None:
    from joblint.lsp.analysis import Analysis
    from joblint.lsp.completion import completion
    from joblint.lsp.hover import hover
    from joblint.lsp.navigation import definition

    found, at = Analysis(text, Again(Engine(builtin(), DEFAULT), "x.yaml")), lsp.Position(*position)
    completion(found, at), hover(found, at), definition(found, "file:///x.yaml", at)
    if position[0] > 2:
        assert completion(found, at) == []


TEMPLATE = """{{- if .Values.on }}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}
spec:
  backoffLimit: {{ .Values.limit }}
  template:
    spec:
      containers:
        - name: main
          {{- with .Values.resources }}
          resources: {{- toYaml . | nindent 12 }}
          {{- end }}
{{- end }}
"""


@pytest.mark.parametrize(
    ("text", "needle", "wanted"),
    [
        (TEMPLATE, "backoffLimit", "BackoffLimitExceeded"),
        (TEMPLATE, "resources: {{- toYaml", "OOMKilled"),
        (TEMPLATE, "{{- with", ""),
        ('kind: Job\nspec:\n  backoffLimit: "\n  suspend: true\n', "suspend", "no Pods are created"),
        ("kind: Pod\nspec:\n  hostname: {{ x }}\n", "hostname", ""),
    ],
)
def test_a_field_of_a_text_that_cannot_be_read_has_a_hover(text: str, needle: str, wanted: str) -> None:
    from joblint.lsp.analysis import Analysis
    from joblint.lsp.hover import hover

    line = text[: text.index(needle)].count("\n")
    at = lsp.Position(line, text.split("\n")[line].index(needle) + 1)
    told = hover(Analysis(text, Again(Engine(builtin(), DEFAULT), "x.yaml")), at)
    assert (told is None) if not wanted else (told is not None and wanted in told.contents.value)  # type: ignore[union-attr]
