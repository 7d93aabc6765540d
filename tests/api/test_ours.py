"""Which objects and texts are joblint's business."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joblint.api.ours import is_ours, kind_seen, may_hold, meant, of_another_group, seen
from joblint.source.documents import read

TEMPLATE = {"template": {"spec": {"containers": [{"name": "a"}]}}}

OURS: list[Any] = [
    {"apiVersion": "batch/v1", "kind": "Job"},
    {"apiVersion": "batch/v1beta1", "kind": "CronJob"},
    {"apiVersion": "batch/v2alpha1", "kind": "ScheduledJob"},
    {"apiVersion": "batch/v2", "kind": "Job"},
    {"apiVersion": "batch", "kind": "Job"},
    {"apiVersion": "Batch/v1", "kind": "CronJob"},
    {"apiVersion": "v1", "kind": "Job"},
    {"apiVersion": "extensions/v1beta1", "kind": "Job"},
    {"apiVersion": "batch/v1", "kind": "Cronjob"},
    {"apiVersion": "batch/v1", "kind": "job"},
    {"apiVersion": "batch/v1", "kind": "Jobs"},
    {"apiVersion": "batch/v1", "kind": "CronJobb"},
    {"apiVersion": "batch/v1", "kind": "Deployment"},
    {"apiVersion": "batch/v1", "Kind": "Job"},
    {"apiVersion": "batch/v1", "metadata": {}},
    {"apiversion": "batch/v1", "kind": "Job"},
    {"kind": "Job", "spec": TEMPLATE},
    {"kind": "job", "spec": {"backoffLimit": 1, **TEMPLATE}, "apiVersion": "v1"},
    {"spec": {"backoffLimit": 1, **TEMPLATE}},
    {"spec": {"schedule": "* * * * *", "jobTemplate": {"spec": TEMPLATE}}},
    [{"apiVersion": "batch/v1", "kind": "Job"}],
    [{"apiVersion": "v1", "kind": "Service"}, {"apiVersion": "batch/v1", "kind": "Job"}],
]
THEIRS: list[Any] = [
    None,
    [],
    "Job",
    {},
    {"kind": "Deployment", "apiVersion": "apps/v1", "spec": TEMPLATE},
    {"kind": "Job", "apiVersion": "batch.volcano.sh/v1alpha1"},
    {"kind": "CronJob", "apiVersion": "batch.tutorial.kubebuilder.io/v1"},
    {"kind": "job", "name": "a pipeline of somebody's"},
    {"kind": "Workflow", "spec": {"parallelism": 2, "templates": []}},
    {"spec": {"completions": 3}},
    {"spec": TEMPLATE},
    {"job": {"backoffLimit": 3, "template": {}}},
    {"kind": "RayJob", "apiVersion": "ray.io/v1"},
    {"kind": "ScaledJob", "apiVersion": "keda.sh/v1alpha1", "spec": {"jobTargetRef": {"backoffLimit": 1, **TEMPLATE}}},
    [{"kind": "Service"}],
    [{"kind": "Job", "title": "a row of data"}],
]


@pytest.mark.parametrize("value", OURS)
def test_ours(value: Any) -> None:
    from json import dumps

    assert is_ours(value)
    for text in (dumps(value), dumps(value, indent=2), _yaml(value)):
        assert may_hold(text.encode()), text


@pytest.mark.parametrize("value", THEIRS)
def test_theirs(value: Any) -> None:
    assert not is_ours(value)


def test_another_group_is_told_apart() -> None:
    assert [of_another_group(v) for v in THEIRS] == [isinstance(v, dict) and v.get("kind") in ("Job", "CronJob") for v in THEIRS]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"apiVersion": "batch/v1beta1", "kind": "CronJob"}, "CronJob"),
        ({"apiVersion": "batch/v1", "kind": "Cronjob"}, "CronJob"),
        ({"apiVersion": "batch/v1", "kind": "cron-job"}, "CronJob"),
        ({"apiVersion": "batch/v1", "kind": "Jobs"}, "Job"),
        ({"apiVersion": "batch/v1", "Kind": "Job"}, "Job"),
        ({"apiVersion": "batch/v1", "spec": {"jobTemplate": {}}}, "CronJob"),
        ({"apiVersion": "batch/v1"}, "Job"),
        ({"apiVersion": "batch/v1", "kind": "Deployment"}, None),
    ],
)
def test_what_was_meant(value: dict[str, Any], kind: str | None) -> None:
    found = meant(value)
    assert (found and (found["apiVersion"], found["kind"])) == (kind and ("batch/v1", kind))
    assert found is None or "Kind" not in found


@pytest.mark.parametrize(
    "text",
    [
        "kind: Job\nmetadata:\n\tname: a\n",
        "apiVersion: batch/v1\n kind: Job\nmetadata: [\n",
        " kind: CronJob\napiVersion: batch/v1\na: b: c\n",
        "apiVersion: batch/v1beta1\nkind: {{ .Values.kind }}\n",
        '{{- if .Values.a }}\napiVersion: {{ include "cronjob.apiVersion" . }}\nkind: CronJob\n{{- end }}\n',
        "kind: {{ if .Values.cron }}CronJob{{ else }}Job{{ end }}\n",
        '{"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "a",}}',
        '{"kind": "Job",\n "metadata": {{ metadata }}\n}',
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: batch/v1\n  kind: Job\n metadata: [\n",
        "'kind': 'Job'\n'metadata: {}\n",
        "# A Job\nkind: Job # the kind\na: [\n",
    ],
)
def test_an_unreadable_text_is_ours_where_it_says_so(text: str) -> None:
    assert seen(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "a: [\n",
        "kind: Deployment\nmetadata: [ # not a Job\n",
        "apiVersion: apps/v1\nkind: Deployment\nspec: {{ toYaml .Values.spec }}\n# see kind: Job\n",
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  job.yaml: |\n    apiVersion: batch/v1\n    kind: Job\n  b: [\n",
        "apiVersion: batch.volcano.sh/v1alpha1\nkind: Job\na: [\n",
        '{"compilerOptions": {}, // batch Job\n}',
        "jobs:\n  build: {{ x }}\n",
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches:\n- patch: [\n    kind: Job\n",
    ],
)
def test_an_unreadable_text_of_somebody_else_is_not(text: str) -> None:
    assert not seen(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"name": "a-package", "scripts": {"build": "tsc"}}',
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {annotations: {note: made by a Job}}\n",
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nrules:\n- apiGroups: [batch]\n  resources: [jobs]\n",
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  job.yaml: |\n    apiVersion: batch/v1\n    kind: Job\n",
        "on: push\njobs:\n  Job: {}\n",
        '{"title": "Job title", "batch": 3}',
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {a: {containers: {}, parallelism: {}}}\n",
        '{"definitions": [' + '{"kind": "Job", "group": "batch"},' * 4000 + "1]}",
    ],
)
def test_what_holds_none_of_ours_is_not_read(text: str) -> None:
    assert not may_hold(text.encode())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("kind: Service\n", "Service"),
        ("a: b\nkind: 'Service' # yes\r\n", "Service"),
        ("a:\n  kind: Service\n", ""),
        ("kind: {{ x }}\n", ""),
        ("kind:\n", ""),
        ('{"apiVersion": "v1", "kind": "Service"}', "Service"),
        ('{"kind": "Service"}', ""),
        ("", ""),
    ],
)
def test_the_kind_that_is_to_be_seen(text: str, kind: str) -> None:
    assert kind_seen(text.encode()) == kind


_SCALAR = st.sampled_from(["Job", "CronJob", "batch/v1", "v1", "job", "a", "List", "kind", "apiVersion", "Deployment"])
_KEY = st.sampled_from(["kind", "apiVersion", "Kind", "metadata", "spec", "items", "template", "backoffLimit", "containers"])
_DATA = st.recursive(_SCALAR, lambda inner: st.dictionaries(_KEY, inner, max_size=4) | st.lists(inner, max_size=2), max_leaves=12)


@given(_DATA)
def test_nothing_of_ours_is_left_unread(value: Any) -> None:
    """Whatever is ours once it is read is wanted before: in either way of writing it."""
    from json import dumps

    for text in (dumps(value), _yaml(value), "---\n" + _yaml(value) + "---\na: b\n"):
        data = text.encode()
        for before, after in zip(read(data, ""), read(data, "", wanted=may_hold), strict=True):
            if any(is_ours(v) and ("containers" in text or _says(v)) for _, v in before.objects()):
                assert after.value == before.value, text


def _says(value: Any) -> bool:
    """Whether an object says itself that it is ours, and is not known by its fields alone."""
    kind, version = (value.get("kind"), value.get("apiVersion")) if isinstance(value, dict) else (None, None)
    return isinstance(kind, str) and kind != "" or isinstance(version, str) and version.startswith("batch")


def _yaml(value: Any) -> str:
    from io import StringIO

    from ruamel.yaml import YAML

    out = StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.dump(value, out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        (b"{apiVersion: *nope\n", True),
        (b"{apiVersion: v1\n", False),
        (b"apiVersion: Indexed\nkind: `x\nspec:\n  jobTemplate: {\n", True),
        (b"apiVersion: v1\nkind: `x\nspec:\n  jobTemplate: {\n", False),
        (b"apiVersion: 5\nkind: Deployment\nmetadata: {name: job\n", False),
        (b"x-d: &d {a: b}\n{apiVersion: batch/v1, kind: Job}\n", True),
        (b"x-d: &d {a: b}\n{apiVersion: apps/v1, kind: Deployment, job: 1}\n", False),
    ],
)
def test_what_hides_its_kind_and_its_group_when_it_cannot_be_read(text: bytes, ours: bool) -> None:
    assert seen(text) is ours
