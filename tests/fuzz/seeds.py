# ruff: noqa: E501 - inputs, one beside another
"""What fuzzing starts from: manifests and words that are there anyway, by target; the corpus is what was found besides."""

from __future__ import annotations

from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CORPUS = HERE / "corpus"

SCHEDULES = (
    "0 3 * * *", "*/10 * * * *", "0 0 29 2 *", "TZ=Europe/Berlin 30 2 * * 0", "CRON_TZ=UTC @daily", "@every 1h30m", "@yearly",
    "1-5/2,7 0-23/3 1,15 JAN-MAR mon-fri", "0 0 31 2 *", "* * * * *\nAmerica/Sao_Paulo", "59 23 31 12 7", "? ? ? ? ?",
)  # fmt: skip
QUANTITIES = (
    "1", "500m", "1.5Gi", "-1e-9", "1E", "0.000000001", "9223372036854775807", "9223372036854775808Ki", "1e308", "+.5n", "100u",
    "1_000", "0x10", "1e", "Ei", "00012.3400k", "1Ki5", ".", "1e-400", "12e+5",
)  # fmt: skip
WORDS = (
    "registry.example.com:5000/a/b:1.4@sha256:" + "a" * 64, "a:latest", "[::1]", "10.0.0.01", "1h30m", "90s", "-1.5us", "1.31..1.37",
    "joblint: ignore[JL301] until=2027-01-01 because", "job-*-[ab]\njob-x-a", "*a*b*c\naaaaaaaaaaaa", "JL301, JL302: why",
)  # fmt: skip
SCRIPTS = (
    "set -euo pipefail\nwork | tee log", "a && b || c; d &\nwait", "for i in 1 2 3; do x $i; done > out", "trap 'exit 0' TERM\nexec a",
    "if ! grep x y; then exit 1; fi", "cat <<EOF | sh\nx $(y)\nEOF\n", "case $1 in a) x;; *) y;; esac", "while :; do sleep 5; done",
    "x=$(false) y && { a; } 2>&1 | b", "function f() { return 3; }; f || true", "timeout 30 work; sleep 10", "echo \"${A:-${B}}\" 'c'",
)  # fmt: skip
CONFIGURATIONS = (
    "select: [JL3]\nignore: [latest-image]\nseverities: {JL301: error}\n", "extends: other.yaml\nexclude: ['a/**', '!b']\n",
    "overrides:\n- paths: [a/]\n  ignore: [JL3]\n  reason: x\n  until: 2027-01-01\n", "kubernetes-version: '1.31..1.37'\nrules: [r/]\n",
    "[tool.joblint]\nselect = ['JL3', \"JL4\"]\n[tool.joblint.severities]\nJL301 = 'error'\n", "[tool]\njoblint = {fail-on = 'info'}\n",
    "[[tool.joblint.overrides]]\npaths = ['a']\nignore = [\n 'JL3', # c\n]\n", '{"version": 1, "findings": {"a": 2}}', "A=1\nexport B='x y'\n# c\n",
)  # fmt: skip
SCENARIOS = (
    "pods:\n- {when: {n: 0}, run: 1, exit: 1}\n- {run: 2, exit: [1, 1, 0]}\n", "pods: [{run: null}]\nactions: [{at: 10, delete_pod: 0}]\n",
    "pods: [{when: {index: 1, attempt: 1}, run: 2, exit: 1, condition: DisruptionTarget}]\nkubelet: instant\n",
    "actions:\n- {at: 3, patch: {spec: {suspend: true, parallelism: 3}}}\n- {at: 10, patch: {spec: {suspend: false}}}\n",
    "before: [{resource_quota: {pods: '2'}}, {missing: {serviceAccount: later}}]\nactions: [{at: 5, create: {serviceAccount: later}}]\n",
    "actions: [{at: 1, evict: 0}, {at: 2, node_lost: a}, {at: 3, controller_restart: true}, {at: 4, delete_job: foreground}]\n",
    "pods: [{pending: true, terminate: 3, terminate_exit: 0, node: a, probe_fails_after: 5}]\n",
)  # fmt: skip
TEMPLATES = (
    "{{- if .Values.on }}\napiVersion: batch/v1\nkind: Job\nmetadata:\n  name: {{ .Release.Name }}-a\nspec:\n  backofLimit: 3\n  template:\n    spec:\n      restartPolicy: Always\n      containers:\n      - name: a\n        image: {{ .Values.image | quote }}\n        resources: {{- toYaml .Values.r | nindent 10 }}\n{{- end }}\n",
    "{{ range $i, $v := .Values.jobs }}\n---\napiVersion: batch/v1\nkind: CronJob\nmetadata: {name: \"{{ $v }}\"}\nspec:\n  schedule: {{ $v.at | default \"61 * * * *\" }}\n  {{- with .x }}\n  suspend: {{ . }}\n  {{- else }}\n  suspend: yes please\n  {{- end }}\n  jobTemplate: {spec: {template: {spec: {containers: [{name: a, image: a}]}}}}\n{{ end }}\n",
    "{{- define \"a\" }}\nkind: Job\n{{- end }}\n{{ include \"a\" . }}\nspec: {template: {spec: {restartPolicy: {{ .r }}, containers: [{name: a, image: 'a:{{ .t }}', command: [sh, -c, \"{{ .c }} | tee x\"]}]}}}\n",
    "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: a\n  annotations:\n    {{- /* c */}}\n    helm.sh/hook: pre-instal\nspec:\n  parallelism: {{ .p }}\n  activeDeadlineSeconds: {{ mul 60 .m }}\n  template:\n    spec:\n{{ toYaml .spec | indent 6 }}\n",
    "kind: Job\napiVersion: batch/v1\nmetadata: {name: '{% if a %}b{% endif %}'}\nspec: {backoffLimit: '{{ n }}', template: {spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}}\n",
)  # fmt: skip
_JOB = 'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: {{ include "n" . | trunc 63 | trimSuffix "-" }}\nspec:\n  backoffLimit: {{ .Values.limit | int64 }}\n  template:\n    spec:\n      restartPolicy: Never\n      containers:\n      - name: a\n        image: "{{ .Values.image.repo }}:{{ .Values.image.tag | default .Chart.AppVersion }}"\n'
CHARTS = (
    "{{- define \"n\" }}{{ printf \"%s-%d\" .Release.Name (add 1 2) | lower }}{{ end -}}\n" + _JOB + "        {{- with .Values.env }}\n        env:\n        {{- range $k, $v := . }}\n        - {name: {{ $k }}, value: {{ $v | quote }}}\n        {{- end }}\n        {{- end }}\n=====\nimage: {repo: a/b, tag: '1'}\nlimit: 3\nenv: {A: x, B: 1.5, C: true}\n",
    "{{- define \"n\" }}a{{ end -}}\n{{- range $i, $e := until 3 }}\n---\n{{ template \"j\" (dict \"Values\" $.Values \"i\" $i) }}\n{{- end }}\n{{- define \"j\" }}\nkind: Job\napiVersion: batch/v1\nmetadata: {name: a-{{ .i }}}\nspec: {{ toYaml .Values.spec | nindent 2 }}\n{{- end }}\n=====\nspec:\n  parallelism: -1\n  template: {spec: {restartPolicy: Always, containers: []}}\n",
    "{{- $x := tpl .Values.t . | fromYaml }}{{- if and (hasKey $x \"a\") (not (empty $x.a)) }}\n" + _JOB.replace('include "n" .', "$x.a") + "{{- else if semverCompare \">=1.21-0\" .Capabilities.KubeVersion.Version }}\n{{ fail \"no\" }}\n{{- end }}\n=====\nt: \"a: a{{ .Values.limit }}\"\nlimit: 1e3\nimage: {}\n",
    "{{ $l := list 1 2 3 | first }}{{ $m := merge (dict \"a\" 1) .Values.m }}{{ $_ := set $m \"b\" (get $m \"c\") }}{{ range splitList \",\" .Values.s }}{{ if ne . \"x\" }}{{ continue }}{{ end }}{{ break }}{{ end }}\n" + _JOB.replace('include "n" .', '.Release.Name') + "        args: {{ list (ternary 1 2 true) (coalesce nil 3) (regexReplaceAll \"a+\" .Values.s \"b\") | toJson }}\n        command: [{{ required \"r\" .Values.s | b64enc | b64dec | squote }}, {{ (index .Values.m \"c\") | toString | sha256sum | upper | nospace }}]\n=====\nm: {c: 5, d: [1, {e: f}]}\ns: a,b,x\nlimit: \nimage: {repo: r}\n",
    "{{ abbrev add1 append atoi b32enc base biggest camelcase cat ceil chunk clean compact concat contains date dateInModify deepCopy deepEqual dig dir div duration ext float64 floor fromJson genCA has hasPrefix html htpasswd indent initial initials int isAbs join js keys kindIs kindOf last len lookup lt max min mod mul mustToDate mustRegexFind now omit pick plural pluck prepend print println quote randAlpha rest reverse round seq shuffle slice snakecase sortAlpha split sub substr swapcase title toDecimal toToml toPrettyJson trimAll trimPrefix trunc tuple typeOf uniq unset until untilStep urlParse urlquery uuidv4 values without wrap wrapWith }}{{ and or not eq ge gt le call printf nindent replace untitle }}\n=====\n",
)  # fmt: skip
_SEEN = (
    '"metadata": {"name": "a", "namespace": "n", "uid": "u", "resourceVersion": "1", "creationTimestamp": "2026-11-01T00:00:00Z"'
)
_POD = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "n", "uid": "v", "resourceVersion": "2", "creationTimestamp": "2026-11-01T00:00:00Z", "ownerReferences": [{"apiVersion": "batch/v1", "kind": "Job", "name": "a", "uid": "u", "controller": true}]}, "spec": {"restartPolicy": "Never", "containers": [{"name": "a", "image": "a"}]}, "status": {"phase": "Failed", "containerStatuses": [{"name": "a", "restartCount": 2, "state": {"terminated": {"exitCode": 137, "reason": "OOMKilled", "finishedAt": "2026-11-01T00:01:00Z"}}}]}}'
_EVENT = '{"apiVersion": "v1", "kind": "Event", "metadata": {"name": "e", "namespace": "n", "uid": "w", "resourceVersion": "3"}, "involvedObject": {"kind": "Job", "name": "a", "namespace": "n", "uid": "u"}, "reason": "FailedCreate", "message": "pods \\"a-x\\" is forbidden: exceeded quota", "count": 3, "lastTimestamp": "2026-11-01T00:02:00Z"}'
LOOKS = tuple(
    ['{"apiVersion": "v1", "items": [' + ", ".join(items) + '], "kind": "List", "metadata": {"resourceVersion": ""}}' for items in (
        (f'{{"apiVersion": "batch/v1", "kind": "Job", {_SEEN}}}, "spec": {{"backoffLimit": 6, "template": {{"spec": {{"restartPolicy": "Never", "containers": [{{"name": "a", "image": "a"}}]}}}}}}, "status": {{"active": 1, "failed": 1, "startTime": "2026-11-01T00:00:00Z"}}}}', _POD, _EVENT),
        (f'{{"apiVersion": "batch/v1", "kind": "CronJob", {_SEEN}}}, "spec": {{"schedule": "0 3 * * *", "jobTemplate": {{"spec": {{"template": {{"spec": {{"restartPolicy": "OnFailure", "containers": []}}}}}}}}}}, "status": {{"lastScheduleTime": "2026-10-01T03:00:00Z"}}}}',),
        (f'{{"apiVersion": "batch/v1", "kind": "Job", {_SEEN}}}, "spec": {{"suspend": true, "ttlSecondsAfterFinished": 9}}, "status": {{"conditions": [{{"type": "Failed", "status": "True", "reason": "DeadlineExceeded", "lastTransitionTime": "2026-11-01T00:03:00Z"}}]}}}}',),
    )]
)  # fmt: skip


@cache
def manifests() -> tuple[bytes, ...]:
    """The manifests of the examples, of the clean Jobs, and of the examples in joblint's own rules."""
    from joblint.rules.catalogue.rule_files import builtin_rule_files, read_rule_file

    found = [path.read_bytes() for folder in ("examples", "tests/data/clean") for path in sorted((ROOT / folder).glob("*.*"))]
    for name, data in builtin_rule_files():
        examples = read_rule_file(name, data)["examples"]
        texts = [e.get("manifest") for kind in ("bad", "good") for e in examples.get(kind, ())]
        found += [text.encode() for text in texts if isinstance(text, str)]
    return tuple([data for data in dict.fromkeys(found) if len(data) < 4000])


def recorded(name: str) -> tuple[bytes, ...]:
    """The inputs of the corpus for a target, in the order of their names."""
    return tuple([path.read_bytes() for path in sorted((CORPUS / name).glob("*")) if path.is_file()])


def seeds(name: str) -> tuple[bytes, ...]:
    """What a target starts from."""
    own = {
        "schedule": SCHEDULES,
        "quantity": QUANTITIES,
        "words": WORDS,
        "script": SCRIPTS,
        "configuration": CONFIGURATIONS,
        "scenario": SCENARIOS,
        "templates": TEMPLATES,
        "charts": CHARTS,
        "looks": LOOKS,
    }
    if name in own:
        return tuple([text.encode() for text in own[name]]) + recorded(name)
    if name == "mounted":
        return seeds("script") + recorded(name)
    if name == "rule":
        return tuple([p.read_bytes() for p in sorted((ROOT / "examples/rules").glob("*.yaml"))]) + recorded(name)
    if name == "diff":
        given = manifests()
        return tuple([a + b"\n=====\n" + b for a, b in zip(given, (*given[1:], given[0]), strict=True)][::3]) + recorded(name)
    return manifests() + recorded(name)
