"""Jobs inside other objects: where they are, the Job that their controller creates, and the findings on it.

Sources: KEDA 2.17 (pkg/scaling/executor/scale_jobs.go), JobSet 0.10 (pkg/webhooks/jobset_webhook.go, pkg/controllers/
jobset_controller.go), Argo Workflows 3.7 (`resource.manifest`), OpenShift 4 (`Template`).
"""

from __future__ import annotations

from joblint.base.record import record, replace
from joblint.rules.outcome import Outcome, joined
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.engine import Engine
    from joblint.rules.finding import Finding
    from joblint.source.documents import Document

SPEC, TEMPLATE, POD, OBJECT, TEXT = "job-spec", "job-template", "pod-template", "job", "text"
TYPES = (SPEC, TEMPLATE, POD, OBJECT, TEXT)
"""What may be at a path: a Job's spec, its metadata and spec, a Pod template that runs to completion, a whole Job, or a text
with YAML that contains one."""


@record
class Embedded:
    """Where objects of a kind contain Jobs. `path` is a field path in which `[*]` is each item; `group` is that of the kind, ""
    for any."""

    kind: str
    path: str
    type: str
    group: str = ""


_WORKFLOWS = ("Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate")
BUILTIN = (
    Embedded("ScaledJob", "spec.jobTargetRef", SPEC, "keda.sh"),
    Embedded("JobSet", "spec.replicatedJobs[*].template", TEMPLATE, "jobset.x-k8s.io"),
    *[Embedded(kind, "spec.templates[*].resource.manifest", TEXT, "argoproj.io") for kind in _WORKFLOWS],
    Embedded("CronWorkflow", "spec.workflowSpec.templates[*].resource.manifest", TEXT, "argoproj.io"),
    Embedded("Template", "objects[*]", OBJECT, "template.openshift.io"),
)

_OF_OWNER = ("JL309", "JL310")
"""Rules on how long finished Jobs are kept, which the owner decides. Rules on CronJobs and on applying a Job (JL5, JL6) are
omitted as well: nobody applies the Job."""


@record
class Inner:
    """A Job inside a document, as a document of its own with the positions of the outer text, and its field paths there (None
    if it is in a text)."""

    document: Document
    type: str
    places: Any


def inner_jobs(document: Document, prefix: str, value: dict[str, Any], table: tuple[Embedded, ...]) -> Iterator[Inner]:
    """Return the Jobs inside an object of a document."""
    group = str(value.get("apiVersion") or "").partition("/")[0]
    for entry in table:
        if value.get("kind") == entry.kind and (not entry.group or entry.group == group):
            for at, held in _at(value, entry.path, ""):
                found = _inner(document, prefix, value, entry, at, held)
                if found is not None:
                    yield found


def _at(value: Any, path: str, field: str) -> Iterator[tuple[str, Any]]:
    """The values at a path, each with its own path."""
    head, star, rest = path.partition("[*]")
    for name in [name for name in head.strip(".").split(".") if name]:
        value = as_dict(value).get(name)
        field = f"{field}.{name}" if field else name
    if not star:
        if value is not None:
            yield field, value
        return
    for i, item in enumerate(as_list(value)):
        yield from _at(item, rest, f"{field}[{i}]")


def _inner(document: Document, prefix: str, value: dict[str, Any], entry: Embedded, at: str, held: Any) -> Inner | None:
    from joblint.source.documents import Source
    from joblint.source.places.within import Within

    if entry.type == TEXT:
        return _in_text(document, prefix + at, held)
    if not isinstance(held, dict):
        return None
    real = prefix + at
    outer = as_dict(value.get("metadata"))
    name = outer.get("name") if isinstance(outer.get("name"), str) else "job"
    meta: dict[str, Any] = {"generateName": f"{name}-"}
    if isinstance(outer.get("namespace"), str):
        meta["namespace"] = outer["namespace"]
    parts: tuple[tuple[str, str], ...]
    if entry.type == OBJECT:
        made: dict[str, Any] = held
        parts = tuple([(key, f"{real}.{key}") for key in held])
    elif entry.type == POD:
        pod = as_dict(held.get("spec"))
        if "restartPolicy" not in pod and pod:
            held = {**held, "spec": {**pod, "restartPolicy": "Never"}}
        made = {"apiVersion": "batch/v1", "kind": "Job", "metadata": meta, "spec": {"template": held}}
        parts = (("spec.template", real),)
    elif entry.type == TEMPLATE:
        own = as_dict(held.get("metadata"))
        spec = _of_job_set(held.get("spec")) if entry.kind == "JobSet" else held.get("spec")
        made = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {**own, **meta}, "spec": spec}
        parts = (("metadata", f"{real}.metadata"), ("spec", f"{real}.spec"))
    else:
        spec = _on_failure(held) if entry.kind == "ScaledJob" else held
        made = {"apiVersion": "batch/v1", "kind": "Job", "metadata": meta, "spec": spec}
        parts = (("spec", real),)
    places = Within(document.source.places, parts, real)
    source = Source(document.source.part, document.source.reader)
    source._places = places
    return Inner(replace(document, value=made, source=source, problems=()), entry.type, places)


def _of_job_set(spec: Any) -> Any:
    """A Job's spec with JobSet's own defaults."""
    return _on_failure({"completionMode": "Indexed", **spec}) if isinstance(spec, dict) else spec


def _on_failure(spec: dict[str, Any]) -> dict[str, Any]:
    """A Job's spec whose Pods are restarted on failure unless it says otherwise (JobSet; KEDA 2.17,
    pkg/scaling/executor/scale_jobs.go, generateJobs)."""
    template = as_dict(spec.get("template"))
    pod = template.get("spec")
    if isinstance(pod, dict) and not pod.get("restartPolicy"):
        return {**spec, "template": {**template, "spec": {**pod, "restartPolicy": "OnFailure"}}}
    return spec


def _in_text(document: Document, field: str, held: Any) -> Inner | None:
    """The Job in a block of text, with its positions in the file."""
    from joblint.source.documents import document_of
    from joblint.source.reading.stream import Part

    if not isinstance(held, str) or "kind" not in held or document.style(field) != "literal":
        return None
    node = document.source.places.node(field)
    if node is None:
        return None
    text = document.text
    begin = text.find("\n", node.start) + 1
    data = text[begin : node.end].encode("utf-8", "surrogatepass") + b"\n"
    found = document_of(Part(data, document.source.places.lines.place(begin)[0] - 1), document.file, document.index)
    return Inner(found, TEXT, None) if isinstance(found.value, dict) else None


def judged_within(engine: Engine, document: Document, prefix: str, value: dict[str, Any]) -> Outcome | None:
    """Return the outcome for the Jobs inside an object; None if there are none."""
    from joblint.api.ours import is_ours

    found: list[Outcome] = []
    for inner in inner_jobs(document, prefix, value, engine.embedded):
        if not is_ours(inner.document.value):
            continue
        outcome = engine.read(inner.document)
        findings = [_told(f, inner, value) for f in outcome.findings if inner.type in (OBJECT, TEXT) or _concerns(f, inner)]
        found.append(replace(outcome, findings=tuple(findings), facts=(), skipped=()))
    return joined(found) if any(outcome.judged for outcome in found) else None


def _concerns(finding: Finding, inner: Inner) -> bool:
    """Whether a finding concerns the content of the object, and not what its owner decides."""
    if finding.rule.startswith(("JL5", "JL6")) or finding.rule in _OF_OWNER:
        return False
    return inner.type != POD or finding.field.startswith("spec.template")


def _told(finding: Finding, inner: Inner, value: dict[str, Any]) -> Finding:
    """The finding with the field's path in the document, for the object that contains the Job."""
    if inner.places is None:
        return finding
    if inner.type != OBJECT:
        name = as_dict(value.get("metadata")).get("name")
        owner = replace(finding.object, kind=str(value.get("kind")), name=name if isinstance(name, str) else None)
        finding = replace(finding, object=owner)
    return replace(finding, field=inner.places.outer(finding.field) if finding.field else finding.field)
