"""Jobs inside other objects: where they are, the Job that their controller creates, and the findings on it.

Sources: Argo Workflows 4.1 (`resource.manifest`), OpenShift 4 (`Template`); KEDA and JobSet: see `joblint.rules.owners.created`.
"""

from __future__ import annotations

from joblint.base.record import Record, replace
from joblint.rules.finding import Hit
from joblint.rules.outcome import Outcome, joined
from joblint.rules.owners.created import of_job_set, of_scaled_job
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


class Embedded(Record):
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

REJECTED = "owner-rejected"
"""The rule on what is wrong with the object that contains a Job."""

_OF_SERVICE = "headless-service-missing"
_ENDLESS = ("container-never-ends", "server-never-ends", "sidecar-never-ends")
_OF_RETRIES = ("too-many-retries",)
_OF_NAMES = ("name-invalid", "name-too-long")
_JOB = {"apiVersion": "batch/v1", "kind": "Job"}

_OF_OWNER = ("JL309", "JL310")
"""Rules on how long finished Jobs are kept, which the owner decides. Rules on CronJobs and on applying a Job (JL5, JL6) are
omitted as well: nobody applies the Job."""


_OF_APPLY = ("JL601", "JL602", "JL603")
"""Rules on what kubectl apply does: a step of a workflow that creates its Job runs kubectl create."""


class Inner(Record):
    """A Job inside a document, as a document of its own with the positions of the outer text, and its field paths there (None
    if these are its own). `action` is what is done with the Job in a text ("create", "apply", …), "" elsewhere; `at` is
    its path in the object, `owner` whether that is of a kind that joblint knows."""

    document: Document
    type: str
    places: Any
    action: str = ""
    at: str = ""
    owner: bool = True

    @property
    def number(self) -> int:
        """The number of its item in the first list of its path, 0 if there is none."""
        number = self.at.partition("[")[2].partition("]")[0]
        return int(number) if number.isdigit() else 0


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
        from joblint.rules.owners.created_by_text import job_in_text

        found = job_in_text(document, prefix, at, held, value)
        return None if found is None else Inner(found[0], TEXT, found[1], found[2], at, entry in BUILTIN)
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
        made = {**_JOB, "metadata": meta, "spec": {"template": held}}
        parts = (("spec.template", real),)
    elif entry.type == TEMPLATE:
        made = {**_JOB, "metadata": {**as_dict(held.get("metadata")), **meta}, "spec": held.get("spec")}
        parts = (("metadata", f"{real}.metadata"), ("spec", f"{real}.spec"))
    else:
        made = {**_JOB, "metadata": meta, "spec": held}
        parts = (("spec", real),)
    if entry.kind == "JobSet" and entry.type == TEMPLATE:
        made = of_job_set(value, made, at)
        group = real.rpartition(".")[0]
        parts = (("metadata.name", f"{group}.name"), *parts)  # a part of the Job's name
    elif entry.kind == "ScaledJob" and entry.type == SPEC:
        made = of_scaled_job(value, made)
    places = Within(document.source.places, parts, real, entry.type == OBJECT, ("metadata.name",))
    source = Source(document.source.part, document.source.reader)
    source._places = places
    return Inner(replace(document, value=made, source=source, problems=()), entry.type, places, at=at, owner=entry in BUILTIN)


def judged_within(engine: Engine, document: Document, prefix: str, value: dict[str, Any]) -> Outcome | None:
    """Return the outcome for the Jobs inside an object; None if there are none."""
    from joblint.api.ours import is_ours

    found: list[Outcome] = []
    of_owner: list[Finding] = []
    whole = engine.showing("info")  # what the owner decides is neither shown nor counted
    for inner in inner_jobs(document, prefix, value, engine.embedded):
        if inner.document.value is not None and not is_ours(inner.document.value):
            continue
        outcome = whole.read(inner.document)
        quiet = _decided(value, inner.number)
        findings = [_told(f, inner, value) for f in outcome.findings if _concerns(f, inner) and f.name not in quiet]
        if outcome.judged and (not found or inner.type == TEXT):
            of_owner += _of_owner(engine, document, prefix, value, inner)
        found.append(replace(outcome, findings=tuple(findings), facts=(), skipped=()))
    if not any(outcome.judged for outcome in found):
        return None
    named = any(f.field.endswith("name") for f in of_owner)
    if named and value["kind"] == "JobSet":  # which says why each of its Jobs has no valid name
        found = [replace(o, findings=tuple([f for f in o.findings if f.name not in _OF_NAMES])) for o in found]
    return joined([replace(found[0], findings=(*of_owner, *found[0].findings)), *found[1:]])


def _decided(value: dict[str, Any], number: int) -> tuple[str, ...]:
    """The names of rules on what a JobSet decides for its Jobs: it creates the Service of their subdomain, may require an endless
    backoffLimit, and may complete while other Jobs than those of its successPolicy run."""
    if value.get("kind") != "JobSet":
        return ()
    spec = as_dict(value.get("spec"))
    groups, success = as_list(spec.get("replicatedJobs")), as_dict(spec.get("successPolicy"))
    targets = as_list(success.get("targetReplicatedJobs"))
    group = as_dict(groups[number]) if number < len(groups) else {}
    ends = bool(targets) and group.get("name") not in targets or success.get("operator") == "Any" and len(groups) > 1
    in_place = as_dict(spec.get("failurePolicy")).get("restartStrategy") == "InPlaceRestart"
    return (_OF_SERVICE, *(_ENDLESS if ends else ()), *(_OF_RETRIES if in_place else ()))


def _of_owner(engine: Engine, document: Document, prefix: str, value: dict[str, Any], inner: Inner) -> list[Finding]:
    """What is wrong with the object that contains the Job; with a workflow, what is wrong with the step."""
    from joblint.rules.owners.refusals import refusals

    rule = engine.rule(REJECTED)
    if rule is None or not inner.owner:
        return []
    found = []
    for refusal in refusals(value, inner.at):
        values = {"result": refusal.result.format(kind=value["kind"]), "says": refusal.says, "advice": refusal.advice}
        found.append(
            engine.finding(
                rule, document, prefix, Hit(refusal.field, values, severity=refusal.severity), refused=not refusal.severity
            )
        )
    return found


def _concerns(finding: Finding, inner: Inner) -> bool:
    """Whether a finding concerns the content of the object, and not what its owner decides."""
    if inner.type in (OBJECT, TEXT):
        return inner.action != "create" or finding.rule not in _OF_APPLY
    if finding.rule.startswith(("JL5", "JL6")) or finding.rule in _OF_OWNER:
        return False
    return inner.type != POD or finding.field.startswith("spec.template")


def _told(finding: Finding, inner: Inner, value: dict[str, Any]) -> Finding:
    """The finding with the field's path in the document, for the object that contains the Job."""
    if inner.places is None:
        return finding
    if inner.type == TEXT:
        finding = replace(finding, fix=None)  # it would replace the whole text
    elif inner.type != OBJECT:
        name = as_dict(value.get("metadata")).get("name")
        owner = replace(finding.object, kind=str(value.get("kind")), name=name if isinstance(name, str) else None)
        finding = replace(finding, object=owner)
    return replace(finding, field=inner.places.outer(finding.field) if finding.field else finding.field)
