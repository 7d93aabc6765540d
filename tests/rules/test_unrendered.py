"""Templates that nobody rendered: what holds whatever their actions print is told at its place, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.engine import Engine
from joblint.rules.fixes.apply import fix_data
from joblint.rules.unrendered.supposed import supposed
from joblint.run.check import check_files, check_text
from joblint.source.documents import read
from joblint.source.unrendered.actions import Action, Choice, Unbalanced, tree
from joblint.source.unrendered.encoded import decode, encode, holds
from joblint.source.unrendered.expressions import UNKNOWN, value_of

ENGINE = Engine(chosen(builtin(), Selection(), "1.36"), "1.36")

JOB = """\
{{- if .Values.job.enabled }}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ include "app.fullname" . }}-load
  labels: {{- include "app.labels" . | nindent 4 }}
    app: load
  {{- with .Values.job.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  backoffLimit: {{ .Values.job.backoffLimit }}
  ttlSecondsAfterFinished: 600
  template:
    metadata:
      labels:
        {{- include "app.selectorLabels" . | nindent 8 }}
    spec:
      restartPolicy: {{ .Values.job.restartPolicy | default "Never" }}
      {{- if .Values.job.serviceAccount }}
      serviceAccountName: {{ .Values.job.serviceAccount | quote }}
      {{- end }}
      containers:
        - name: load
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          args:
            - |
              set -e
              {{- range .Values.job.steps }}
              run {{ . }}
              {{- end }}
          env:
            - name: MODE
              value: {{ if .Values.debug }}"debug"{{ else }}"plain"{{ end }}
            {{- if .Values.extraEnv }}
            {{- toYaml .Values.extraEnv | nindent 12 }}
            {{- end }}
          volumeMounts:
            - name: data
              mountPath: /data
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
      volumes:
        - name: data
          emptyDir: {}
{{- end }}
"""
VALUES = "job: {enabled: true, backoffLimit: 3}\nimage: {repository: app, tag: 1.2.3}\n"


def _chart(folder: Path, template: str, values: str = VALUES) -> str:
    (folder / "templates").mkdir(exist_ok=True)
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 1.0.0\n")
    (folder / "values.yaml").write_text(values)
    path = folder / "templates" / "job.yaml"
    path.write_text(template)
    return str(path)


def _found(folder: Path, template: str, values: str = VALUES, engine: Engine = ENGINE) -> list[tuple[int, str, str]]:
    report = check_files(engine, (_chart(folder, template, values),), 1)
    assert not report.crashes and [c.judged.template for c in report.documents] == [True]
    return [(f.span.line, f.severity, f.rule) for f in report.findings if f.severity != "info"]


def test_a_clean_template_has_no_finding(tmp_path: Path) -> None:
    assert _found(tmp_path, JOB) == []
    # Without its chart no value is known.
    report = check_text(ENGINE, JOB.encode(), "job.yaml")
    assert [f for f in report.findings if f.severity != "info"] == []
    assert [(c.judged.kind, c.judged.verdict.accepted) for c in report.documents] == [("Job", True)]


@pytest.mark.parametrize(
    ("old", "new", "line", "rule"),
    [
        ("ttlSecondsAfterFinished: 600", "ttlSecondAfterFinished: 600", 14, "JL105"),
        ('      restartPolicy: {{ .Values.job.restartPolicy | default "Never" }}', "      restartPolicy: Always", 20, "JL102"),
        ("- name: data\n              mountPath", "- name: cache\n              mountPath", 40, "JL115"),
        ("  ttlSecondsAfterFinished: 600", "  ttlSecondsAfterFinished: 600\n  parallelism: -1", 15, "JL1"),
        ("args:", "arg:", 27, "JL105"),
    ],
)
def test_what_is_wrong_in_the_text_is_told_at_its_line(tmp_path: Path, old: str, new: str, line: int, rule: str) -> None:
    assert old in JOB
    found = _found(tmp_path, JOB.replace(old, new))
    assert [(n, severity) for n, severity, r in found if r.startswith(rule)] == [(line, "error")]
    assert len(found) == 1 or rule == "JL115"


_CONTINUED = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: load
spec:
  activeDeadlineSeconds: 600
  template:
    spec:
      restartPolicy: Never
      containers:
      {{- include "app.main" . | nindent 6 }}
        {{- if .Values.job.enabled }}
        resources: {limits: {memory: 1Gi}}
        {{- end }}
"""


def test_lines_below_an_action_continue_its_last_item(tmp_path: Path) -> None:
    """An include prints the beginning of an item, and the template more of it: that is no mapping under `containers`."""
    deeper = _CONTINUED.replace("nindent 6", "nindent 8").replace("        {{- if", "          {{- if")
    deeper = deeper.replace("        resources", "          resources")
    after = _CONTINUED.replace("containers:\n", 'containers:\n      - {name: a, image: "busybox:1.36", command: [run]}\n')
    for text, line in ((_CONTINUED, 13), (deeper, 13), (after, 14)):
        assert _found(tmp_path, text) == []
        # What the include prints is not known: items, or entries of a mapping.
        assert (_found(tmp_path, text.replace("resources:", "resuorces:")) == []) == (text != after)
        (tmp_path / "templates" / "_main.tpl").write_text(
            '{{- define "app.main" -}}\n# the program\n- name: main\n  image: "busybox:1.36"\n{{- end }}\n'
        )
        assert _found(tmp_path, text) == []
        assert _found(tmp_path, text.replace("resources:", "resuorces:")) == [(line, "error", "JL105")]
        (tmp_path / "templates" / "_main.tpl").unlink()
    entries = _CONTINUED.replace("name: load\n", 'name: load\n  {{- include "app.meta" . | nindent 2 }}\n    a: b\n', 1)
    for helper in ("x: y\nlabels:", "# of them\nlabels:\n  c: d", '{{ include "more" . }}'):
        (tmp_path / "templates" / "_main.tpl").write_text(f'{{{{- define "app.meta" -}}}}\n{helper}\n{{{{- end }}}}\n')
        assert _found(tmp_path, entries) == []


def test_a_value_of_the_chart_is_known(tmp_path: Path) -> None:
    values = VALUES.replace("backoffLimit: 3", "backoffLimit: -3")
    report = check_files(ENGINE, (_chart(tmp_path, JOB, values),), 1)
    (finding,) = [f for f in report.findings if f.severity == "error"]
    assert (finding.span.line, finding.span.column, finding.field) == (13, 17, "spec.backoffLimit") and "-3" in finding.message
    # What is null there is for somebody else to give.
    assert _found(tmp_path, JOB, VALUES.replace("backoffLimit: 3", "backoffLimit: null")) == []


def test_what_may_stand_in_a_hole_is_not_missed(tmp_path: Path) -> None:
    more = "    spec:\n      {{- toYaml .Values.job.pod | nindent 6 }}\n"
    template = JOB.replace('      restartPolicy: {{ .Values.job.restartPolicy | default "Never" }}\n', "")
    assert [rule for _, _, rule in _found(tmp_path, template)] == ["JL101"]
    assert _found(tmp_path, template.replace("    spec:\n", more, 1)) == []
    # A volume that another template may define.
    template = JOB.replace("      volumes:\n        - name: data\n          emptyDir: {}\n", "")
    assert [rule for _, _, rule in _found(tmp_path, template)] == ["JL115"]
    for hole in ("      volumes: {{ .Values.volumes | toJson }}\n", '      volumes:\n        {{- include "v" . | nindent 8 }}\n'):
        assert _found(tmp_path, template.replace("      containers:\n", hole + "      containers:\n")) == []


def test_a_branch_that_the_values_do_not_take_says_so(tmp_path: Path) -> None:
    template = JOB.replace("      serviceAccountName:", "      serviceAcountName:")
    report = check_files(ENGINE, (_chart(tmp_path, template),), 1)
    (finding,) = [f for f in report.findings if f.severity == "error"]
    assert finding.span.line == 22
    assert "Applies in the branch `if .Values.job.serviceAccount` on line 21." in finding.message


def test_a_branch_that_breaks_the_text_hides_nothing_else(tmp_path: Path) -> None:
    # Where nothing is known, all branches are looked at together: here they give no YAML.
    broken = "{{- if .Values.more }}\n   wrong: {{ .Values.more }}\n  {{- end }}\n"
    template = JOB.replace("  ttlSecondsAfterFinished: 600\n", "  ttlSecondsAfterFinished: 600\n  " + broken)
    assert _found(tmp_path, template) == []
    unknown = template.replace("{{- if .Values.job.enabled }}", '{{- if include "app.enabled" . }}')
    assert _found(tmp_path, unknown.replace("backoffLimit:", "backofLimit:")) == [(13, "error", "JL105")]


def test_a_name_like_a_patch_s_hides_no_value(tmp_path: Path) -> None:
    template = JOB.replace('{{ .Values.job.restartPolicy | default "Never" }}', "Always")
    path = Path(_chart(tmp_path, template))
    report = check_files(ENGINE, (str(path.rename(path.with_name("job-patch.yaml"))),), 1)
    assert [(f.span.line, f.rule) for f in report.findings if f.severity == "error"] == [(20, "JL102")]


def test_conditions_may_depend_on_each_other(tmp_path: Path) -> None:
    template = JOB.replace(
        "            - name: data\n              mountPath",
        "            {{- if .Values.tls }}\n            - name: tls\n              mountPath: /tls\n            {{- end }}\n"
        "            - name: data\n              mountPath",
    ).replace(
        "      volumes:\n",
        "      volumes:\n        {{- if and .Values.tls (not .Values.other) }}\n"
        "        - name: tls\n          emptyDir: {}\n        {{- end }}\n",
    )
    assert _found(tmp_path, template) == []


def test_branches_for_other_clusters_are_left_alone(tmp_path: Path) -> None:
    template = JOB.replace(
        "apiVersion: batch/v1\n",
        '{{- if .Capabilities.APIVersions.Has "batch/v1" }}\napiVersion: batch/v1\n'
        "{{- else }}\napiVersion: batch/v1beta1\n{{- end }}\n",
    )
    assert _found(tmp_path, template) == []


def test_texts_show_the_template(tmp_path: Path) -> None:
    template = JOB.replace("ttlSecondsAfterFinished: 600", "ttlSecondAfterFinished: 600")
    report = check_files(ENGINE, (_chart(tmp_path, template),), 1)
    (finding,) = [f for f in report.findings if f.severity == "error"]
    assert finding.excerpt[0] == (13, "  backoffLimit: {{ .Values.job.backoffLimit }}")
    assert finding.fix is not None and not holds(repr(finding)) and "jlunknown" not in repr(report)
    assert [c.judged.name for c in report.documents] == ['{{ include "app.fullname" . }}-load']


def test_ignores_in_a_template_count(tmp_path: Path) -> None:
    wrong = JOB.replace("ttlSecondsAfterFinished: 600", "ttlSecondsAfterFinished: 0")
    assert [rule for _, _, rule in _found(tmp_path, wrong)] == ["JL307"]
    assert (
        _found(tmp_path, wrong.replace("Finished: 0", "Finished: 0  # joblint: ignore[JL307] -- the logs are kept elsewhere"))
        == []
    )


def test_jinja_is_read_the_same_way() -> None:
    text = JOB[JOB.index("apiVersion") : JOB.index("  labels")].replace('{{ include "app.fullname" . }}', "{{ name }}") + (
        "spec:\n{% if ttl %}\n  ttlSecondsAfterFinished: {{ ttl }}\n{% endif %}\n"
        "  template:\n    spec:\n      restartPolicy: Always\n"
        "      containers:\n{% for c in containers %}\n      - name: {{ c.name }}\n        image: {{ c.image }}\n{% endfor %}\n"
    )
    report = check_text(ENGINE, text.encode(), "job.yaml.j2")
    assert [(f.span.line, f.rule) for f in report.findings if f.severity == "error"] == [(11, "JL102")]


@pytest.mark.parametrize("text", ["{{ if .a }}\n", "{{ end }}\n", "{{ if .a }}{{ else }}\n", "{% if a %}\n"])
def test_what_does_not_nest_is_not_read(text: str) -> None:
    with pytest.raises(Unbalanced):
        tree(text)
    report = check_text(ENGINE, ("apiVersion: batch/v1\nkind: Job\n" + text + "spec: {{ x }}\n").encode(), "job.yaml")
    assert not report.documents and [s.what for s in report.skipped] == ["named"]


def test_encoded_actions_keep_their_length() -> None:
    for action in ("{{ x }}", '{{- include "a" . | nindent 4 -}}', "{{ if a }}b{{ else }}c{{ end }}", "{{/* é */}}"):
        assert len(encode(action)) == len(action) and decode(encode(action)) == action


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (".Values.a.b", 3),
        ("$.Values.a.b", 3),
        (".Values.a.b | int", 3),
        (".Values.none | default 5", 5),
        ('.Values.name | default "x" | quote', "app"),
        ("default 7 .Values.a.b", 3),
        ("and .Values.on (not .Values.off)", True),
        ("or .Values.off .Values.on", True),
        ('eq .Values.name "app"', True),
        ("ternary 1 2 .Values.on", 1),
        ('include "x" .', UNKNOWN),
        (".Values.a.c.d", UNKNOWN),
        (".Release.Name", UNKNOWN),
        (".Values.a.b | trunc 3", UNKNOWN),
        ("(", UNKNOWN),
    ],
)
def test_expressions(expression: str, value: object) -> None:
    values = {"a": {"b": 3}, "name": "app", "on": True, "off": False}
    assert value_of(expression, values) == value
    assert value_of(expression, None) is UNKNOWN


def test_an_object_that_the_values_switch_off_is_told_with_its_condition(tmp_path: Path) -> None:
    template = JOB.replace("{{- if .Values.job.enabled }}\n", '{{- if .Values.job.enabled }}\n{{- if (include "app.x" .) }}\n')
    template = template.replace("backoffLimit: {{ .Values.job.backoffLimit }}", "backoffLimit: -1") + "{{- end }}\n---\n"
    path = _chart(tmp_path, template, VALUES.replace("enabled: true", "enabled: false"))
    (finding,) = [f for f in check_files(ENGINE, (path,), 1).findings if f.severity == "error"]
    assert "Applies in the branch `if .Values.job.enabled` on line 1." in finding.message
    path = _chart(tmp_path, template)
    (finding,) = [f for f in check_files(ENGINE, (path,), 1).findings if f.severity == "error"]
    assert "branch" not in finding.message


def test_the_same_action_twice_is_no_key_defined_twice(tmp_path: Path) -> None:
    block = "  {{- with .Values.job.%s }}\n    {{- toYaml . | nindent 4 }}\n  {{- end }}\n"
    labels = '  labels: {{- include "app.labels" . | nindent 4 }}\n    app: load\n'
    assert labels in JOB
    assert _found(tmp_path, JOB.replace(labels, f"  labels:\n    app: load\n{block % 'labels'}{block % 'more'}")) == []


def test_a_key_of_a_later_alternative_is_not_missed(tmp_path: Path) -> None:
    begin, end = JOB.index("      containers:\n"), JOB.index("      volumes:\n")
    more = """\
  {{- range $i, $step := .Values.job.steps }}
    {{- if lt $i 2 }}
      initContainers:
    {{- else if eq $i 2 }}
      containers:
    {{- end }}
        - name: step-{{ $i }}
          image: app:1.2.3
          volumeMounts: {{- include "mounts" . | nindent 10 }}
  {{- end }}
"""
    assert _found(tmp_path, JOB[:begin] + more + JOB[end:], VALUES.replace("job: {", "job: {steps: [a], ")) == []


def test_a_comment_ends_at_its_own_end(tmp_path: Path) -> None:
    more = "spec:\n  {{- /* one */ -}}\n  {{- if .Values.job.enabled }}\n  backofLimit: 1\n  {{- end }}\n  {{- /* two */}}\n"
    template = JOB.replace("spec:\n  backoffLimit", f"{more}  backoffLimit", 1)
    assert _found(tmp_path, template) == [(15, "error", "JL105")]


def test_an_action_may_print_the_rest_of_an_item(tmp_path: Path) -> None:
    items = "          secret:\n            secretName: x\n            items:\n            - key: a\n"
    for old, new in (
        ("              mountPath: /data\n", "              {{- toYaml .Values.mount | nindent 14 }}\n"),
        ("          emptyDir: {}\n", items + '              {{- include "app.item" . | nindent 14 }}\n'),
    ):
        assert JOB.count(old) == 1
        assert _found(tmp_path, JOB.replace(old, new)) == []


def test_mounts_that_an_action_prints_may_be_of_any_volume(tmp_path: Path) -> None:
    mounts = "          volumeMounts:\n            - name: data\n              mountPath: /data\n"
    assert mounts in JOB
    hole = '          volumeMounts:\n            {{- include "app.mounts" . | trim | nindent 12 }}\n'
    assert _found(tmp_path, JOB.replace(mounts, hole)) == []
    unmounted = JOB.replace(mounts, "").replace("emptyDir: {}", "configMap: {name: data}")
    assert unmounted.count("configMap: {name: data}") == 1
    assert [rule for _, _, rule in _found(tmp_path, unmounted)] == ["JL809"]


def test_what_is_defined_in_a_job_s_file_is_not_of_the_job(tmp_path: Path) -> None:
    part = '{{- define "app.part" }}\nname: part\nimage: registry.example.com/part:1.0.0\n{{- end }}\n'
    assert _found(tmp_path, part + JOB) == []


def test_a_container_that_an_action_prints_may_mount_any_volume(tmp_path: Path) -> None:
    before, _, rest = JOB.partition("      containers:\n")
    volumes = rest[rest.index("      volumes:\n") :]
    hole = "      containers:\n      - {{- toYaml $main | nindent 8 }}\n"
    assert _found(tmp_path, before + hole + volumes) == []


def test_an_item_that_an_action_prints_may_be_any_volume(tmp_path: Path) -> None:
    mounts = "          volumeMounts:\n            - name: data\n              mountPath: /data\n"
    before, _, after = JOB.partition(mounts)
    assert "      volumes:\n" in after
    volumes = after[after.index("      volumes:\n") :]
    hole = '      volumes:\n      - {{- include "app.token" . | indent 8 | trimPrefix (repeat 7 " ") }}\n'
    rest = after.replace(volumes, hole + "{{- end }}\n" if "{{- end }}" in volumes else hole)
    assert _found(tmp_path, before + mounts + rest) == []


def test_a_chart_within_another_has_its_values_and_may_be_left_out_by_it(tmp_path: Path) -> None:
    inner = tmp_path / "charts" / "load"
    inner.mkdir(parents=True)
    path = _chart(inner, JOB.replace("600", "{{ .Values.global.ttl }}"), VALUES)
    (tmp_path / "Chart.yaml").write_text("name: all\ndependencies:\n- {name: load, condition: 'load.on,global.load'}\n")
    (tmp_path / "values.yaml").write_text("load: {job: {backoffLimit: -4}}\nglobal: {ttl: -6}\n")
    found = [(f.span.line, "(where" in f.message) for f in check_files(ENGINE, (path,), 1).findings if f.severity == "error"]
    assert found == [(13, False), (14, False)]
    (tmp_path / "values.yaml").write_text("load: {job: {backoffLimit: -4}}\nglobal: {ttl: 6, load: false}\n")
    assert {f.severity for f in check_files(ENGINE, (path,), 1).findings} == {"info"}  # the chart as it is prints nothing
    (finding,) = [f for f in check_files(ENGINE, (path,), 1).findings if f.refused]
    assert finding.message.endswith(" Applies if `global.load` is true.")


def test_a_helper_may_print_the_whole_pod(tmp_path: Path) -> None:
    begin, end = JOB.index("      restartPolicy:"), JOB.rindex("{{- end }}")
    hole = '      {{- include "app.pod" . | nindent 6 }}\n'
    assert _found(tmp_path, JOB[:begin] + hole + JOB[end:]) == []
    more = "  {{- tpl .Values.extra . | nindent 2 }}\n  template:\n"
    assert _found(tmp_path, (JOB[:begin] + hole + JOB[end:]).replace("  template:\n", more)) == []


def test_what_is_supposed_of_a_template_is_said() -> None:
    begin, end = JOB.index("      restartPolicy:"), JOB.rindex("{{- end }}")
    text = JOB[:begin] + '      {{- include "app.pod" . | nindent 6 }}\n' + JOB[end:]
    (document,) = read(text.encode(), "job.yaml")
    found = supposed(document, "1.36")
    assert found is not None
    pod = found.document.value["spec"]["template"]["spec"]
    assert pod == {"restartPolicy": "Never", "containers": [{"name": "main", "image": "unknown"}]}
    assert "one container assumed, because an action prints the content of spec.template.spec" in found.words
    assert found.document.value["metadata"]["name"] == '{{ include "app.fullname" . }}-load'
    (document,) = read(b"kind: List\nitems:\n{{- range .x }}\n- {{ . }}\n{{- end }}\n", "job.yaml")
    assert supposed(document, "1.36") is None


def test_a_template_that_patches_something_is_no_patch(tmp_path: Path) -> None:
    wrong = JOB.replace('      restartPolicy: {{ .Values.job.restartPolicy | default "Never" }}\n', "")
    path = Path(_chart(tmp_path, wrong))
    patch = path.parent / "job-patch" / "job-patch.yaml"
    patch.parent.mkdir()
    path.rename(patch)
    assert [(f.rule, f.severity) for f in check_files(ENGINE, (str(patch),), 1).findings if f.refused] == [("JL101", "error")]


def test_what_a_helper_prints_is_seen_in_its_text(tmp_path: Path) -> None:
    helpers = """\
{{- define "app.secrets" -}}
{{- with .Values.secrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- end }}
{{- define "app.both" }}
{{ include "app.secrets" . }}
{{ if .x }}restartPolicy: {{ .x }}{{ end }}
{{- end }}
{{- define "app.any" }}
a: b
{{ toYaml .x }}
{{- end }}
"""
    wrong = JOB.replace('      restartPolicy: {{ .Values.job.restartPolicy | default "Never" }}\n', "")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "_helpers.tpl").write_text(helpers)
    for name, found in (("secrets", ["JL101"]), ("both", []), ("any", []), ("elsewhere", [])):
        hole = f'      {{{{- include "app.{name}" . | nindent 6 }}}}\n      containers:'
        assert [rule for _, _, rule in _found(tmp_path, wrong.replace("      containers:", hole))] == found, name


@pytest.mark.parametrize(
    ("old", "new", "unsafe"),
    [
        ("ttlSecondsAfterFinished:", "ttlSecondAfterFinished:", False),
        ("  backoffLimit: {{", "  backofLimit: {{", False),  # the action behind a key stays behind it
        ("      serviceAccountName:", "      serviceAcountName:", False),  # in a branch, as the finding is
        ("          image:", "          imagee:", False),
        ("          args:", "          arg:", False),
    ],
)
def test_what_is_text_alone_is_fixed(tmp_path: Path, old: str, new: str, unsafe: bool) -> None:
    template = JOB.replace(old, new, 1)
    assert template != JOB
    path = _chart(tmp_path, template)
    assert fix_data(ENGINE, template.encode(), path, unsafe).data.decode() == JOB


def test_a_fix_moves_no_action(tmp_path: Path) -> None:
    # Of two containers in the wrong place, one is text alone.
    moved = "spec:\n  restartPolicy: {{ .Values.x }}\n  backoffLimit"
    template = JOB.replace('      restartPolicy: {{ .Values.job.restartPolicy | default "Never" }}\n', "")
    template = template.replace("spec:\n  backoffLimit", moved, 1)
    assert fix_data(ENGINE, template.encode(), _chart(tmp_path, template), True).data.decode() == template
    template = template.replace("{{ .Values.x }}", "Never")
    fixed = fix_data(ENGINE, template.encode(), _chart(tmp_path, template), True).data.decode()
    assert "      {{- end }}\n      restartPolicy: Never\n      containers:" in fixed and "spec:\n  backoffLimit" in fixed
    assert [a.body for a in _actions(fixed)] == [a.body for a in _actions(template)]


def test_a_fix_stays_in_its_branch(tmp_path: Path) -> None:
    # restartPolicy goes before the first field of the Pod: where that is in a branch, a person has to say where.
    template = JOB.replace('      restartPolicy: {{ .Values.job.restartPolicy | default "Never" }}\n', "")
    path = _chart(tmp_path, template, VALUES.replace("enabled: true", "enabled: true, serviceAccount: x"))
    assert fix_data(ENGINE, template.encode(), path, True).data.decode() == template
    fixed = fix_data(ENGINE, template.encode(), _chart(tmp_path, template), True).data.decode()
    assert "      {{- end }}\n      restartPolicy: Never\n      containers:" in fixed


def _actions(text: str) -> list[Action]:
    found: list[Action] = []
    left: list[Action | Choice] = list(tree(text))
    while left:
        item = left.pop(0)
        if isinstance(item, Action):
            found.append(item)
        else:
            left = [part for b in item.branches for part in (b.action, *b.inside)] + left
    return found


def test_a_branch_of_which_nothing_is_known_is_looked_at() -> None:
    text = JOB.replace(
        "          env:",
        "          {{- if .Values.x }}\n          imagePullPolicy: Allways\n          {{- end }}\n          env:",
    )
    (finding,) = [f for f in check_text(ENGINE, text.encode(), "job.yaml").findings if f.severity == "error"]
    assert "Applies in the branch `if .Values.x` on line" in finding.message


def test_variables_that_are_set_once_are_known(tmp_path: Path) -> None:
    text = JOB.replace("apiVersion:", "{{- $limit := .Values.job.backoffLimit | default 6 -}}\napiVersion:", 1)
    text = text.replace("{{ .Values.job.backoffLimit }}", "{{ $limit }}")
    wrong = VALUES.replace("backoffLimit: 3", "backoffLimit: -3")
    assert [(line, rule) for line, _, rule in _found(tmp_path, text, wrong)] == [(14, "JL118")]
    assert _found(tmp_path, text.replace("spec:\n", "spec:\n  {{- $limit = 5 }}\n", 1), wrong) == []
    ranged = "{{- range $limit := .Values.x }}\n{{- end }}\n"
    assert _found(tmp_path, text.replace("spec:\n", f"spec:\n  {ranged}", 1), wrong) == []


def test_an_action_to_the_left_of_a_key_prints_nothing_below_it(tmp_path: Path) -> None:
    left = '    spec:\n{{ include "app.priority" . | indent 2 }}\n{{ include "app.class" . | indent 4 }}\n'
    assert _found(tmp_path, JOB.replace("    spec:\n", left, 1)) == []


@pytest.mark.parametrize(
    "action", ['          {{- include "app.security" . | indent 10 }}', '          {{ include "app.security" . | indent 10 }}']
)
def test_an_indented_action_that_indents_again_hides_nothing(tmp_path: Path, action: str) -> None:
    template = JOB.replace("        - name: load\n", f"        - name: load\n{action}\n", 1)
    assert _found(tmp_path, template) == []
    assert _found(tmp_path, template.replace("backoffLimit:", "backofLimit:")) == [(13, "error", "JL105")]


def test_what_cannot_be_read_beside_a_branch_hides_no_value_of_it(tmp_path: Path) -> None:
    broken = "{{- if .Values.more }}\n   wrong: {{ .Values.more }}\n  {{- end }}\n"
    template = JOB.replace("  ttlSecondsAfterFinished: 600\n", "  ttlSecondsAfterFinished: 600\n  " + broken)
    template = template.replace("      serviceAccountName:", "      serviceAcountName:")
    (line, severity, rule), *_ = _found(tmp_path, template)
    assert (line, severity, rule) == (25, "error", "JL105")


def test_what_an_action_may_give_does_not_hide_the_rest(tmp_path: Path) -> None:
    # Without what the action prints there is no image, and the server would reject the Job before anything else is seen.
    image = '          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"\n'
    template = JOB.replace(image, '          {{- include "app.image" . | nindent 10 }}\n')
    assert template != JOB and _found(tmp_path, template) == []
    hook = "  annotations:\n    helm.sh/hook: pre-instal\nspec:\n  backoffLimit: {{"
    template = template.replace(
        "  {{- with .Values.job.annotations }}\n  annotations:\n    {{- toYaml . | nindent 4 }}\n  {{- end }}\n", ""
    )
    assert "JL605" in [rule for _, _, rule in _found(tmp_path, template.replace("spec:\n  backoffLimit: {{", hook))]


@pytest.mark.parametrize("level", ["jobTemplate", "jobTemplate.spec", "template", "template.spec"])
@pytest.mark.parametrize("action", ['{{- include "a.b" . | nindent N }}', '{{ .Files.Get "b.yaml" | nindent N }}'])
def test_an_action_may_print_what_is_required_at_any_level(tmp_path: Path, level: str, action: str) -> None:
    path = {"template": "jobTemplate.spec.template", "template.spec": "jobTemplate.spec.template.spec"}.get(level, level)
    names = ["spec", *path.split(".")]
    lines = ["apiVersion: batch/v1", "kind: CronJob", "metadata:", "  name: x"]
    for n, name in enumerate(names):
        lines.append("  " * n + name + ":")
        if n == 0:
            lines.append('  schedule: "0 3 * * *"')
    action = action.replace("N", str(2 * len(names)))
    for text in ("\n".join([*lines, "  " * len(names) + action]), "\n".join([*lines[:-1], lines[-1] + " " + action])):
        assert not [f for f in _found(tmp_path, text + "\n") if f[1] == "error"], text


def test_a_branch_that_a_value_does_not_select_has_another_value(tmp_path: Path) -> None:
    """With 0, the first branch prints nothing: where it prints a deadline, it is another one. The second has what is written."""
    text = JOB.replace(
        "  ttlSecondsAfterFinished: 600\n",
        "  {{- if .Values.job.deadline }}\n  activeDeadlineSeconds: {{ .Values.job.deadline }}\n  {{- end }}\n"
        "  {{- if .Values.job.fast }}\n  parallelism: {{ .Values.job.parallelism }}\n  {{- end }}\n",
    )
    values = VALUES.replace("job: {", "job: {deadline: 0, fast: false, parallelism: -1, ")
    found = _found(tmp_path, text, values)
    assert (18, "error", "JL118") in found and not any(rule == "JL304" for _, _, rule in found)


_SECRET = """\
            - name: TOKEN
              valueFrom:
                secretKeyRef:
                  {{ if .Values.tokenSecret -}}
                name: {{ .Values.tokenSecret }}
                  {{ else -}}
                name: {{ include "app.fullname" . }}-token
                  {{ end -}}
                key: token
"""


def test_what_follows_a_trimmed_action_stands_where_the_action_does(tmp_path: Path) -> None:
    """`-}}` takes away the line break and the spaces behind it."""
    at = "            - name: MODE\n"
    assert _found(tmp_path, JOB.replace(at, _SECRET + at)) == []
    told = _found(tmp_path, JOB.replace(at, _SECRET.replace(" -}}", " }}") + at))
    assert ("JL105", "error") in {(rule, severity) for _, severity, rule in told}


def test_a_choice_of_several_lines_may_be_one_value(tmp_path: Path) -> None:
    chosen_name = """\
        - name: ca
          secret:
            secretName: {{ if .Values.ca -}}
            {{ .Values.ca }}
            {{- else -}}
            {{ include "app.fullname" . }}-ca
            {{- end }}
"""
    mounted = JOB.replace("volumeMounts:\n", "volumeMounts:\n            - {name: ca, mountPath: /ca}\n")
    assert _found(tmp_path, mounted.replace("      volumes:\n", f"      volumes:\n{chosen_name}")) == []


def test_a_helper_at_the_first_level_may_name_the_object(tmp_path: Path) -> None:
    helper = '{{ define "app.cron" }}\napiVersion: {{ .Values.v }}\nkind: CronJob\nmetadata:\n  name: a\n{{ end }}'
    text = (
        '{{- if .Values.nova -}}\n{{- include "app.cron" . }}\nspec:\n  schedule: "0 1 * * *"\n  jobTemplate:\n    spec:\n'
        "      template:\n        spec:\n          restartPolicy: Never\n          containers:\n            - name: a\n"
        "              image: app:1.2.3\n{{- end -}}\n"
    )
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "_specs.yaml").write_text(helper)
    path = _chart(tmp_path, text, "v: batch/v1\nnova: false\n")
    report = check_files(ENGINE, (path,), 1)
    assert not report.crashes and [f.rule for f in report.findings if f.severity == "error"] == []
